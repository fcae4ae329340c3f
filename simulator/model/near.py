"""An earlier plan to stay close to: what it decided, and what a new plan decides otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
import pulp

from simulator.model.changes import children_counted, taken_places
from simulator.model.declare import Model
from simulator.model.from_plan import stated_columns
from simulator.model.problem import Problem
from simulator.model.variables import declare_variables
from simulator.model.works import Values
from simulator.plan import CHANGE_COLUMNS, Plan
from simulator.terms import Action

CATCHMENT = "catchment"
"""Kind of a change that is no action."""
_TAKEN = 0.5
_PLACE = ["action", "section_id", "stage", "turn"]


def close_to(problem: Problem, plan: Plan) -> Problem:
    """The same problem in which it has a price to decide otherwise than a plan of the same district and phases."""
    variables = declare_variables(problem)
    model = Model(pulp.LpProblem(), variables, problem)
    return replace(problem, earlier=stated_columns(model, plan))


def changes_table(values: Values, earlier: Plan, plan: Plan) -> pd.DataFrame:
    """`Plan.changes`: children of changed catchments by phase and stage, then actions not taken alike.

    Parameters
    ----------
    values
        The new plan, of a problem of :func:`close_to`.
    earlier, plan
        Both plans.
    """
    zones = pd.DataFrame(list(_moved(values)), columns=["phase", "stage", "children"])
    sums = zones.groupby(["phase", "stage"], as_index=False, sort=False)["children"].sum().assign(kind=CATCHMENT)
    works = _numbered(earlier).merge(_numbered(plan), on=_PLACE, how="outer", suffixes=("_before", "_now"))
    alike = (works["year_before"] == works["year_now"]) & (works["classes_before"] == works["classes_now"])
    works = works[~alike].rename(columns={"action": "kind"}).assign(phase=np.nan, children=np.nan)
    parts = [part.reindex(columns=CHANGE_COLUMNS) for part in (sums, works) if len(part)]
    if not parts:
        return pd.DataFrame(columns=CHANGE_COLUMNS)
    table: pd.DataFrame = pd.concat([part.astype(_TYPES) for part in parts], ignore_index=True)
    return table.assign(section_id=table["section_id"].fillna(""))


_TYPES = dict.fromkeys(["phase", "children", "year_before", "classes_before", "year_now", "classes_now"], float) | {
    "section_id": object
}


def _moved(values: Values) -> Iterator[tuple[int, str, float]]:
    """(phase, stage, children) of every block that goes elsewhere than in the earlier plan."""
    problem, v = values.model.problem, values.model.variables
    for block, phase, term in taken_places(problem, v):
        if values.of(term) < _TAKEN:
            children = children_counted(problem, v, block, phase, weighted=False)
            yield phase + 1, problem.blocks[block].stage.value, children


def _numbered(plan: Plan) -> pd.DataFrame:
    """Actions other than keeping, those of a section that are alike numbered in turn."""
    rows = plan.actions[plan.actions["action"] != Action.KEEP.value].sort_values(["section_id", "year"], kind="stable")
    turn = rows.groupby(["action", "section_id"]).cumcount()
    return rows.assign(turn=turn)[[*_PLACE, "year", "classes"]]
