"""Why this and not that: a stored result asked about one place, without another long search."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from simulator import model, operation
from simulator.capacity import Supply
from simulator.model.explain import Explanation, explain
from simulator.model.otherwise import find_place
from simulator.outputs.stored import StoredResult
from simulator.planning import lower_fill
from simulator.prepared import Watcher
from simulator.scenario import SolverSettings


def explain_stored(
    stored: StoredResult, place: str, watcher: Watcher, settings: SolverSettings | None = None
) -> tuple[Explanation, ...]:
    """Force each decision of a stored plan at a place the other way and tell what changes.

    Parameters
    ----------
    stored
        A result read back; its plan may have been edited by hand.
    place
        A school_id, parcel_id or unit_id, or the name of one.
    watcher
        Told of progress; asked whether to stop.
    settings
        Limits; those of the stored scenario by default.

    Raises
    ------
    InputError
        There is no such place; those with a like name are told.
    InfeasibleError
        The stored plan keeps the rules of the model no longer.
    """
    found = find_place(names_of(stored.supply, stored.units), place)
    problem = model.assemble(_sources(stored))
    drafted = model.draft(problem, stored.no_action)
    if drafted is not None:
        run = operation.operate(drafted.plan, stored.demand, stored.supply, stored.access, stored.classes)
        problem = problem.with_fill(lower_fill(stored.supply, stored.scenario, problem, run))
    return explain(
        problem,
        stored.plan,
        found,
        settings or stored.scenario.solver,
        listener=watcher.progress,
        stopped=watcher.stopped,
    )


def names_of(supply: Supply, units: pd.DataFrame) -> dict[str, str]:
    """Id → name of every school, parcel and unit."""
    sites = {str(site): str(name) for site, name in supply.sites["name"].items()}
    return sites | {str(unit): str(name) for unit, name in zip(units["unit_id"], units["name"], strict=True)}


def _sources(stored: StoredResult) -> model.Evidence:
    return model.Evidence(
        scenario=stored.scenario,
        standards=stored.standards,
        supply=stored.supply,
        access=stored.access,
        catchments=stored.catchments,
        territory=stored.territory,
        costs=stored.costs,
        demand=stored.demand,
        area_kinds=_column(stored, "area_kind"),
        groups=_column(stored, "group"),
        admission_plan=stored.admission_plan,
    )


def _column(stored: StoredResult, name: str) -> Mapping[str, str]:
    """Unit → what a column says, where the stored units have it."""
    units = stored.units
    return dict(zip(units["unit_id"], units[name], strict=True)) if name in units else {}
