"""A plan's tables → the decisions that they state, so that a search can start from a plan that is already there."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from simulator.model.compile import Compiled
from simulator.model.connection import Connection
from simulator.model.declare import Model
from simulator.model.neighbourhoods import assigned_columns
from simulator.model.parts import Arrays, Mask
from simulator.model.problem import FloatArray, Problem
from simulator.model.solve import Limits, solve
from simulator.model.variables import Term
from simulator.plan import Plan
from simulator.terms import Action

# A unit belongs to the school that serves more than this share of it.
_MOSTLY = 0.5
# Rounds of rows for stray units.
_ROUNDS = 12


def stated_values(model: Model, compiled: Compiled, plan: Plan) -> FloatArray:
    """What a plan's tables decide: what runs, sizes, rooms, catchments of whole units; classes are left to follow.

    Parameters
    ----------
    model, compiled
        The model and its arrays.
    plan
        The plan, which may have been edited by hand.

    Returns
    -------
    FloatArray
        Value of each column, NaN where the tables decide nothing, shape (columns,).
    """
    values = np.full(len(compiled.names), np.nan)
    for name, value in stated_columns(model, plan).items():
        values[compiled.position[name]] = value
    return values


def stated_columns(model: Model, plan: Plan) -> dict[str, float]:
    """The same by the name of the column, without those that the tables leave open."""
    return {
        term.name: value
        for found in (_networks(model, plan), _works(model, plan), _zones(model, plan))
        for term, value in found
        if not isinstance(term, int | float)
    }


def completed(
    model: Model, compiled: Compiled, stated: FloatArray, limits: Limits, free: Mask | None = None
) -> FloatArray | None:
    """The best plan that keeps what is stated; None where there is none, or none was found within the limits.

    Parameters
    ----------
    stated
        Value of each column, NaN where it is free, shape (columns,).
    free
        Columns that are free though they are stated, shape (columns,).
    """
    held = np.isfinite(stated) if free is None else np.isfinite(stated) & ~free
    arrays = Arrays(compiled)
    connection = Connection(model.problem, assigned_columns(model, compiled))
    base = np.where(held, np.clip(np.nan_to_num(stated), compiled.lower, compiled.upper), 0.0)
    for _round in range(_ROUNDS):
        part = arrays.part(base, ~held)
        solved = solve(part.compiled, limits)
        if not len(solved.values):
            return None
        full = part.whole(part.compiled.rounded(solved.values))
        rows = connection.violated(full)
        if not rows:
            return full if arrays.keeps(full) else None
        if not arrays.add(rows):
            return None
    return None


def _networks(model: Model, plan: Plan) -> Iterator[tuple[Term, float]]:
    """What runs, and rooms added and converted so far."""
    problem, v = model.problem, model.variables
    code_of = {section.section_id: code for code, section in enumerate(problem.sections)}
    rows = plan.sections[plan.sections["section_id"].isin(code_of) & (plan.sections["phase"] > 0)]
    added: dict[tuple[int, int], float] = {}
    gained: dict[tuple[int, int], float] = {}
    for row in rows.to_dict("records"):
        code, phase = code_of[row["section_id"]], int(row["phase"]) - 1
        yield v.open[code, phase], float(row["open"])
        site = problem.sections[code].site
        added[site, phase] = added.get((site, phase), 0.0) + float(row["added_rooms"])
        gained[code, phase] = float(row["converted_in"])
    for (site, phase), term in v.added_rooms.items():
        yield term, sum(added.get((site, p), 0.0) for p in range(phase + 1))
    for (_one, other, phase), variable in v.converted.items():
        # With more than two stages the tables do not tell from which the rooms came.
        if len(problem.sites[problem.sections[other].site].sections) == 2:
            yield variable, sum(gained.get((other, p), 0.0) for p in range(phase + 1))


def _works(model: Model, plan: Plan) -> Iterator[tuple[Term, float]]:
    """The size that each new school takes."""
    problem, v = model.problem, model.variables
    built = plan.actions[plan.actions["action"] == Action.NEW_BUILD.value]
    since = {(str(row["site_id"]), str(row["module"])): int(row["phase"]) - 1 for row in built.to_dict("records")}
    for (site, number, phase), variable in v.size.items():
        data = problem.sites[site]
        opens = since.get((data.site_id, data.modules[number].label))
        yield variable, float(opens is not None and opens <= phase)


def _zones(model: Model, plan: Plan) -> Iterator[tuple[Term, float]]:
    """The catchment of every whole unit; a shared one by the section that stands for it."""
    problem, v = model.problem, model.variables
    most = _mostly(problem, plan.catchments)
    for (pair, phase), variable in v.assigned.items():
        block = problem.blocks[int(problem.pair_block[pair])]
        chosen = most.get((phase + 1, problem.units[block.unit], block.bands[0].band_id))
        if block.whole and chosen is not None:
            yield variable, float(chosen == int(problem.pair_section[pair]))
    for (code, phase), variable in v.unserved.items():
        block = problem.blocks[code]
        chosen = most.get((phase + 1, problem.units[block.unit], block.bands[0].band_id))
        if block.whole and chosen is not None:
            yield variable, float(chosen < 0)


def _mostly(problem: Problem, table: pd.DataFrame) -> dict[tuple[int, str, str], int]:
    """(phase, unit, band) → the section that serves most of those who go by catchment, −1 for none."""
    aside = {(band, section) for band, sections in problem.aside.items() for section in sections}
    code_of = {section.section_id: problem.zoning.stands_for(c) for c, section in enumerate(problem.sections)}
    shares: dict[tuple[int, str, str], dict[int, float]] = {}
    columns = table[["phase", "unit_id", "band", "section_id", "share"]]
    for phase, unit, band, section, share in columns.itertuples(index=False):
        if (band, section) not in aside:
            own = shares.setdefault((int(phase), unit, band), {})
            code = code_of.get(section, -1)
            own[code] = own.get(code, 0.0) + float(share)
    return {key: code for key, own in shares.items() for code in own if own[code] > _MOSTLY * sum(own.values())}
