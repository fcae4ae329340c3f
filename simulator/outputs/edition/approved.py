"""The part of a plan that is approved, as a network of its own: nothing in it tells of what is not."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from simulator.plan import Plan
from simulator.terms import Action

if TYPE_CHECKING:
    from simulator.result import Result

EVERYTHING = "all"
STATUS = "approved_part"
"""Status of a plan that is no solution of the model but the approved part of one."""
_DECIDED = frozenset({"build", "extend", "close"})
_APPROVAL = "approval"


def approved_sites(result: Result) -> frozenset[str]:
    """Campuses and plots whose works are approved.

    Works under construction or committed, the planner's decisions, closures whose procedure has reached approval, and
    what `outputs.approved` names; `all` approves every work of the plan.
    """
    actions, scenario = result.plan.actions, result.scenario
    acted = set(actions.loc[actions["action"] != Action.KEEP, "site_id"].astype(str))
    named = set(scenario.outputs.approved)
    if EVERYTHING in named:
        return frozenset(acted)
    named |= set(result.supply.committed["site_id"].astype(str))
    named |= {decision.place for decision in scenario.decisions if decision.decision in _DECIDED}
    steps = result.district.procedure
    if len(steps):
        named |= set(steps.loc[(steps["step"] == _APPROVAL) & steps["date"].notna(), "school_id"].astype(str))
    return frozenset(acted & named)


def approved_part(plan: Plan, present: Plan, sites: frozenset[str], sections: pd.DataFrame, zoned: set[str]) -> Plan:
    """The plan with the works of some campuses only; every other school stays as it is without action.

    Parameters
    ----------
    plan, present
        The plan and the network without any action.
    sites
        Campuses and plots whose works stay.
    sections
        `Supply.sections`.
    zoned
        Units that a decision zones: their catchments stay as planned.

    Returns
    -------
    Plan
        A unit changes its catchment only where its school of today ends, where it goes to a school that an approved work
        opens or enlarges, or where a decision zones it; a catchment whose new school is not approved stays unserved.
    """
    ours = set(sections.index[sections["site_id"].isin(sites)].astype(str))
    rows = _either(plan.sections, present.sections, ours)
    runs = rows[rows["open"].astype(bool)]
    catchments = _catchments(plan, present, ours, set(zip(runs["phase"], runs["section_id"], strict=True)), zoned)
    return replace(
        plan,
        sections=rows,
        catchments=catchments,
        actions=_either(plan.actions, present.actions, ours),
        capital=plan.capital[plan.capital["site_id"].isin(sites)].reset_index(drop=True),
        shortage=plan.shortage.iloc[:0],
        objective=plan.objective.iloc[:0],
        goals=plan.goals.iloc[:0],
        changes=plan.changes.iloc[:0],
        notes=(),
        solution=replace(plan.solution, status=STATUS),
    )


def _either(plan: pd.DataFrame, present: pd.DataFrame, ours: set[str]) -> pd.DataFrame:
    """Rows of the plan for some sections, of the present network for all others."""
    kept = plan[plan["section_id"].isin(ours)]
    rest = present.loc[~present["section_id"].isin(ours), [name for name in plan.columns if name in present]]
    parts = [part for part in (kept, rest) if len(part)]
    return pd.concat(parts, ignore_index=True) if parts else kept


def _catchments(plan: Plan, present: Plan, ours: set[str], runs: set[tuple[int, str]], zoned: set[str]) -> pd.DataFrame:
    """The catchments of today, and of the plan wherever a unit has to change or follows an approved work."""
    keys = ["phase", "unit_id", "band"]
    today, then = _running(present.catchments, runs), _running(plan.catchments, runs)
    stays = today.groupby(keys)["runs"].all()
    follows = (then["section_id"].isin(ours) & then["runs"]) | then["unit_id"].isin(zoned)
    asked = then.assign(follows=follows).groupby(keys)["follows"].any()
    changes = (asked | ~stays.reindex(asked.index, fill_value=False)).rename("changes")
    kept, moved = (table.join(changes, on=keys) for table in (today, then))
    kept = kept[~kept["changes"].fillna(value=False).astype(bool)]
    moved = moved[moved["changes"].astype(bool)]
    moved = moved.assign(section_id=moved["section_id"].where(moved["runs"], ""))
    both = pd.concat([part for part in (kept, moved) if len(part)], ignore_index=True)
    shares = both.groupby([*keys, "section_id"])["share"].sum().reset_index()
    return shares[list(plan.catchments.columns)]


def _running(catchments: pd.DataFrame, runs: set[tuple[int, str]]) -> pd.DataFrame:
    """The catchments and whether their school runs in their phase."""
    pairs = zip(catchments["phase"], catchments["section_id"], strict=True)
    return catchments.assign(runs=[pair in runs for pair in pairs])
