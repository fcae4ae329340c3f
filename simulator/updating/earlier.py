"""The plan of a year ago: seen from the new base year, and what the new plan keeps, changes and adds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from simulator.plan import Plan, phase_table
from simulator.scenario import Scenario
from simulator.terms import Action

KEPT, CHANGED, DROPPED, ADDED = "kept", "changed", "dropped", "added"
"""What becomes of a decision."""
DECISION_COLUMNS = [
    *("state", "action", "site_id", "section_id", "stage", "year_before", "classes_before", "year_now", "classes_now")
]
_CATCHMENT = "catchment"
_PHASE_WORKS = ["added_rooms", "converted_in", "converted_out"]


def seen_from(plan: Plan, scenario: Scenario) -> Plan:
    """An earlier plan in the phases of a later scenario: works of the years before are no works any more.

    Parameters
    ----------
    plan
        The plan of the earlier base year.
    scenario
        The later scenario; each of its phases lies within one of the plan's.
    """
    phases = phase_table(scenario)
    base = scenario.horizon.base_year
    began = dict(zip(plan.phases["phase"].astype(int), plan.phases["first_year"].astype(int), strict=True))
    sections, catchments = [], []
    for phase, first in phases[["phase", "first_year"]].astype(int).itertuples(index=False):
        before = plan.phase_of(first)
        rows = plan.sections[plan.sections["phase"] == before].assign(phase=phase)
        if phase == 0 or began[before] != first:
            rows = rows.assign(**dict.fromkeys(_PHASE_WORKS, 0))
        sections.append(rows)
        catchments.append(plan.catchments[plan.catchments["phase"] == before].assign(phase=phase))
    ahead = plan.actions[plan.actions["year"] > base]
    return replace(
        plan,
        sections=pd.concat(sections, ignore_index=True),
        catchments=pd.concat(catchments, ignore_index=True),
        shortage=plan.shortage[plan.shortage["year"] >= base],
        actions=ahead.assign(phase=[scenario.phase_of(int(year)) for year in ahead["year"]]),
        capital=plan.capital[plan.capital["year"] >= base],
        phases=phases,
    )


def decision_table(earlier: Plan, plan: Plan) -> pd.DataFrame:
    """Every work of both plans: kept, changed in year or size, dropped, or added.

    Parameters
    ----------
    earlier
        The earlier plan, seen from the new base year.
    plan
        The new plan, which was asked to stay close to it.

    Returns
    -------
    DataFrame
        state, action, site_id, section_id, stage, year_before, classes_before, year_now, classes_now (NaN where a plan
        does not take the work); those that differ first.
    """
    changes = plan.changes[plan.changes["kind"] != _CATCHMENT]
    differing = changes.rename(columns={"kind": "action"}).assign(state=_states(changes))
    before = earlier.actions[earlier.actions["action"] != Action.KEEP.value]
    gone = set(zip(differing["action"], differing["section_id"], differing["year_before"], strict=True))
    same = np.array(
        [
            (action, section, float(year)) not in gone
            for action, section, year in before[["action", "section_id", "year"]].itertuples(index=False)
        ],
        dtype=bool,
    )
    kept = before[same].assign(state=KEPT)
    for name in ("year", "classes"):
        kept = kept.assign(**{f"{name}_before": kept[name].astype(float), f"{name}_now": kept[name].astype(float)})
    parts = [part for part in (differing, kept) if len(part)]
    if not parts:
        return pd.DataFrame(columns=DECISION_COLUMNS)
    table = pd.concat([part.reindex(columns=DECISION_COLUMNS) for part in parts], ignore_index=True)
    return table.assign(site_id=table["section_id"].str.rsplit(":", n=1).str[0])


def zone_table(plan: Plan) -> pd.DataFrame:
    """Children whose catchment differs from the earlier plan's: phase, stage, children of the phase's first year."""
    rows = plan.changes[plan.changes["kind"] == _CATCHMENT]
    return rows[["phase", "stage", "children"]].reset_index(drop=True)


def _states(changes: pd.DataFrame) -> list[str]:
    was, now = changes["year_before"].notna(), changes["year_now"].notna()
    return [CHANGED if both else DROPPED if before else ADDED for both, before in zip(was & now, was, strict=True)]
