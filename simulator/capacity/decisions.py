"""Decisions and limits of a scenario that the district cannot carry out, found before anything is computed."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import pandas as pd

from simulator.capacity.supply import Supply
from simulator.errors import Problem
from simulator.language import translate as _
from simulator.scenario import Decision, Scenario
from simulator.terms import WHOLE_UNIT_REGIMES, Conflict, label


def impossible_decisions(scenario: Scenario, supply: Supply, units: Collection[str]) -> list[Problem]:
    """Every decision about a place that the district does not have, or where it cannot be; limits that no plan keeps.

    Parameters
    ----------
    units
        Ids of the district's units.
    """
    problems = [
        problem
        for number, decision in enumerate(scenario.decisions, start=1)
        for problem in (
            _of_unit(decision, f"decisions[{number}]", supply, units)
            if decision.about_unit
            else _of_place(decision, f"decisions[{number}].place", decision.place, supply)
        )
    ]
    return [*problems, *_too_few_schools(scenario, supply)]


def _of_place(decision: Decision, where: str, place: str, supply: Supply) -> Iterator[Problem]:
    if place not in supply.sites.index:
        what = _("{place} 不是本区的学校或教育用地").format(place=place)
        yield Problem(where, what, _("请写 schools 表的 school_id 或 parcels 表的 parcel_id"))
        return
    conflict = Conflict(str(supply.sites.loc[place, "conflict"]) or Conflict.NONE)
    if decision.decision in {"build", "assign"} and conflict is not Conflict.NONE:
        what = _("{place} 与{conflict}冲突，不能新建").format(place=place, conflict=label(conflict))
        yield Problem(where, what, _("换一块用地，或在冲突解决后更新 parcels 表的 conflict"))


def _of_unit(decision: Decision, where: str, supply: Supply, units: Collection[str]) -> Iterator[Problem]:
    if decision.place not in units:
        what = _("{place} 不是本区的划片单元").format(place=decision.place)
        yield Problem(f"{where}.place", what, _("请写 units 表的 unit_id"))
    school = decision.school or ""
    faults = list(_of_place(decision, f"{where}.school", school, supply))
    yield from faults
    if not faults and not zoned_sections(supply, decision):
        stage = label(decision.stage) if decision.stage else ""
        what = _("{school} 没有按招生范围招生的{stage}学部").format(school=school, stage=stage)
        yield Problem(f"{where}.school", what, _("换一所学校，或改 stage"))


def zoned_sections(supply: Supply, decision: Decision) -> tuple[str, ...]:
    """Sections with catchments that a decision about a unit means."""
    rows = supply.sections[supply.sections["site_id"] == decision.school]
    rows = rows[rows["regime"].isin(WHOLE_UNIT_REGIMES)]
    if decision.stage is not None:
        rows = rows[rows["stage"] == decision.stage]
    return tuple(str(section) for section in rows.index)


def _too_few_schools(scenario: Scenario, supply: Supply) -> Iterator[Problem]:
    """Numbers of schools that are below those which cannot close, or above all that there may be."""
    for stage, (least, most) in scenario.candidates.schools.items():
        own: pd.DataFrame = supply.sections[
            (supply.sections["stage"] == stage) & supply.sections["public"].astype(bool)
        ]
        asked = {decision.place for decision in scenario.decisions if decision.decision == "close"}
        stays = own["existing"].astype(bool) & ~own["can_close"].astype(bool) & ~own["site_id"].isin(asked)
        where = f"candidates.schools.{stage}"
        if int(stays.sum()) > most:
            what = _("{stage}最多 {most} 所，少于不能撤并的 {count} 所").format(
                stage=label(stage), most=most, count=int(stays.sum())
            )
            yield Problem(where, what, _("放宽上限，或用 candidates.close、close_below_pupils 扩大可撤并的范围"))
        if len(own) < least:
            what = _("{stage}最少 {least} 所，多于现有和可新建的 {count} 所").format(
                stage=label(stage), least=least, count=len(own)
            )
            yield Problem(where, what, _("降低下限，或增加可建设的用地"))
