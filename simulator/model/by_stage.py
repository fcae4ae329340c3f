"""A bound stage by stage: what stages share is priced, and each is solved by itself with whole units.

The rows in which several stages stand (rooms of a campus, capital) go into the objective at their prices in the
relaxation; any prices give a bound (Geoffrion 1974). With those of the relaxation the sum of the stages' relaxations is
the relaxation, and every stage that is solved further raises it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp

from simulator.model.compile import Compiled
from simulator.model.declare import Model
from simulator.model.problem import IntArray
from simulator.model.solve import Relaxed
from simulator.terms import Stage


@dataclass(frozen=True)
class Apart:
    """A model parted by stage.

    Parameters
    ----------
    stages
        Arrays of each stage; those of decisions of no stage come last.
    columns
        Their positions in the whole.
    constant
        What the prices of shared rows, and the offset, add to the sum of the stages.
    """

    stages: tuple[Compiled, ...]
    columns: tuple[IntArray, ...]
    constant: float


def stages_of(model: Model, compiled: Compiled) -> IntArray:
    """Number of the stage of each column, −1 where it has none, shape (columns,)."""
    problem, v, number = model.problem, model.variables, {stage: code for code, stage in enumerate(Stage)}
    found = np.full(len(compiled.names), -1, dtype=np.int64)
    by_pair = [problem.sections[section].stage for section in problem.pair_section.tolist()]
    by_block = [block.stage for block in problem.blocks]
    by_section = [section.stage for section in problem.sections]
    by_site = [problem.sections[site.sections[0]].stage if site.sections else None for site in problem.sites]
    tables = [(table, by_pair) for table in (v.assigned, v.attends)]
    tables += [(table, by_block) for table in (v.unserved, v.moved, v.uprooted, v.waiting, v.leaving)]
    sections = (v.open, v.classes, v.free_rooms, v.seats, v.over_standard, v.short, v.converted)
    tables += [(table, by_section) for table in sections]
    tables += [(table, by_site) for table in (v.size, v.added_rooms)]
    for table, stages in tables:
        for key, term in table.items():
            stage = stages[key[0]]
            if not isinstance(term, int | float) and stage is not None:
                found[compiled.position[term.name]] = number[stage]
    for pool in (v.pool_over, v.pool_short):
        for (name, _year), variable in pool.items():
            found[compiled.position[variable.name]] = number[Stage(name)]
    return found


def apart(compiled: Compiled, stages: IntArray, relaxed: Relaxed) -> Apart:
    """Part the arrays by stage, shared rows priced as in the relaxation.

    Parameters
    ----------
    stages
        Number of the stage of each column.
    relaxed
        The relaxation of the arrays.
    """
    matrix = compiled.matrix.tocsr()
    least, most = _ends(matrix, stages)
    shared = np.flatnonzero(least != most)
    prices = relaxed.prices[shared]
    low, high = compiled.row_lower[shared], compiled.row_upper[shared]
    prices = np.where(np.isfinite(low), prices, np.minimum(prices, 0.0))
    prices = np.where(np.isfinite(high), prices, np.maximum(prices, 0.0))
    sides = np.where(prices > 0, low, high)
    constant = compiled.offset + float((prices * np.where(prices == 0, 0.0, sides)).sum())
    cost = compiled.cost - matrix[shared].T @ prices
    parts, columns = [], []
    for stage in sorted(set(stages.tolist()), reverse=True):
        codes = np.flatnonzero(stages == stage)
        rows = np.flatnonzero((least == stage) & (most == stage))
        columns.append(codes)
        parts.append(
            replace(
                compiled,
                names=tuple(compiled.names[code] for code in codes.tolist()),
                row_names=tuple(compiled.row_names[row] for row in rows.tolist()),
                cost=cost[codes],
                lower=compiled.lower[codes],
                upper=compiled.upper[codes],
                whole=compiled.whole[codes],
                matrix=matrix[rows][:, codes].tocsr(),
                row_lower=compiled.row_lower[rows],
                row_upper=compiled.row_upper[rows],
                offset=0.0,
            )
        )
    return Apart(tuple(parts), tuple(columns), constant)


def _ends(matrix: sp.csr_matrix, stages: IntArray) -> tuple[IntArray, IntArray]:
    """Least and greatest number of a stage in each row."""
    row = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    least, most = np.full(matrix.shape[0], len(Stage)), np.full(matrix.shape[0], -2)
    np.minimum.at(least, row, stages[matrix.indices])
    np.maximum.at(most, row, stages[matrix.indices])
    return least, most
