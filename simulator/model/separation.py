"""Separator rows that a relaxation breaks: catchments that hold together only by fractions of units.

For a unit `a` of a section and every set S of units that parts it from the section's own unit, x_a ≤ Σ_S x. The S of
least Σ_S x is a least vertex cut, found by a largest flow through units as wide as their share (Oehrlein & Haunert 2017).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import breadth_first_order, maximum_flow

from simulator.model.catchment import Catchment
from simulator.model.connection import Connection, Cut, Ground
from simulator.model.parts import Row
from simulator.model.problem import FloatArray

# Flows are whole numbers: a unit that is assigned wholly is so wide; between units there is no limit.
_WIDE, _NO_LIMIT = 10_000, 10**8
# A row is made where the relaxation breaks it by more than this share of a unit.
_BROKEN = 0.05


def torn_rows(connection: Connection, values: FloatArray) -> list[Row]:
    """Rows that fractions of units break, each in its phase.

    Parameters
    ----------
    connection
        The catchments in the columns of a model.
    values
        A relaxed plan, shape (columns,).
    """
    return [
        row
        for phase in range(connection.phases)
        for row in connection.rows_in(torn_cuts(connection.ground, connection.shares(values, phase)), phase)
    ]


def torn_cuts(ground: Ground, shares: FloatArray) -> Iterator[Cut]:
    """Rows that fractions of units break in one phase, of the catchments with a unit of their own.

    Parameters
    ----------
    ground
        The catchments.
    shares
        Share of its block that each pair has in the phase, shape (pairs,).
    """
    for catchment in ground.catchments:
        if catchment.root >= 0:
            yield from _torn(catchment, {unit: float(shares[pair]) for unit, pair in catchment.pairs.items()})


def _torn(catchment: Catchment, shares: dict[int, float]) -> Iterator[Cut]:
    near, root = catchment.neighbours, catchment.root
    asked = [
        unit
        for unit, share in shares.items()
        if share > _BROKEN and unit not in catchment.exempt and unit != root and root not in near[unit]
    ]
    if not asked:
        return
    units = list(near)
    graph, place = _graph(catchment, units, shares), {unit: code for code, unit in enumerate(units)}
    source, done = 2 * place[root] + 1, set[int]()
    for unit in sorted(asked, key=lambda one: (-shares[one], one)):
        if unit in done:
            continue
        flow = maximum_flow(graph, source, 2 * place[unit])
        if flow.flow_value >= _WIDE * (shares[unit] - _BROKEN):
            continue
        left = (graph - flow.flow).maximum(0)
        left.eliminate_zeros()
        reached = set(breadth_first_order(left, source, return_predecessors=False).tolist())
        cut = {other for other in units if 2 * place[other] in reached and 2 * place[other] + 1 not in reached}
        behind, border = _behind(catchment, unit, cut)
        if root in behind:
            continue
        width = sum(shares.get(other, 0.0) for other in border)
        for other in asked:
            if other in behind and other not in done and shares[other] > width + _BROKEN:
                done.add(other)
                walls = sorted(border & catchment.pairs.keys())
                pairs = (catchment.pairs[other], *(catchment.pairs[wall] for wall in walls))
                yield Cut(pairs, (1.0, *(-1.0 for _ in walls)), 0.0)


def _graph(catchment: Catchment, units: Sequence[int], shares: dict[int, float]) -> sp.csr_array:
    """Flows from unit to unit: 2 k is where flow comes into unit k, 2 k + 1 where it leaves."""
    place = {unit: code for code, unit in enumerate(units)}
    tails, heads, widths = [], [], []
    for unit in units:
        wide = _NO_LIMIT if unit == catchment.root else round(_WIDE * min(1.0, shares.get(unit, 0.0)))
        here = 2 * place[unit]
        to = [2 * place[other] for other in catchment.neighbours[unit] if other in place]
        tails += [here, *[here + 1] * len(to)]
        heads += [here + 1, *to]
        widths += [wide, *[_NO_LIMIT] * len(to)]
    size = 2 * len(units)
    return sp.csr_array((np.array(widths, dtype=np.int32), (tails, heads)), shape=(size, size))


def _behind(catchment: Catchment, unit: int, cut: set[int]) -> tuple[set[int], set[int]]:
    """Units that a cut parts from the school together with one, and the part of the cut that does so."""
    behind, queue, border = {unit}, [unit], set[int]()
    while queue:
        for other in catchment.neighbours[queue.pop()]:
            if other in cut:
                border.add(other)
            elif other not in behind:
                behind.add(other)
                queue.append(other)
    return behind, border
