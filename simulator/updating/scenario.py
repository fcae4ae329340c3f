"""The scenario a year on: base year, phases, money, and decisions that are facts now."""

from __future__ import annotations

from pathlib import Path

from simulator.errors import InputError, Problem
from simulator.language import translate as _
from simulator.scenario import Decision, PhaseSettings, Scenario
from simulator.updating.works import OPENING, Facts, effective_year

_CLOSES, _BUILDS = "close", "build"


def next_scenario(scenario: Scenario, facts: Facts, folder: Path) -> Scenario:
    """The scenario from the next base year on, for the district in a folder.

    Phases that have passed go, one that has begun starts in the year after the new base year; the target year stays.
    The capital of what has passed is the years' before phase 1. Decisions carried out go, those overdue are due by the
    new phase 1, and catchments decided by now hold from it on.

    Raises
    ------
    InputError
        The target year has come: there is nothing left to plan.
    """
    year = scenario.horizon.base_year + 1
    if scenario.horizon.target_year <= year:
        what = _("规划目标年 target_year = {target}，新基准年 {year} 之后没有可规划的年份")
        fault = Problem("horizon.target_year", what.format(target=scenario.horizon.target_year, year=year))
        raise InputError(_("无法滚动更新"), [fault])
    phases = tuple(
        PhaseSettings(first_year=max(phase.first_year, year + 1), last_year=phase.last_year)
        for phase in scenario.plan_phases
        if phase.last_year > year
    )
    changes = {
        "district": scenario.district.model_copy(update={"folder": folder}),
        "horizon": scenario.horizon.model_copy(update={"base_year": year}),
        "phases": phases,
        "budget": scenario.budget.model_copy(update={"capital_wan": _capital(scenario, year)}),
        "decisions": tuple(_decisions(scenario, facts, year)),
    }
    values = {name: getattr(scenario, name) for name in type(scenario).model_fields}
    return Scenario.model_validate(values | changes)


def _capital(scenario: Scenario, year: int) -> tuple[float, ...] | None:
    """Capital before the new phase 1 and by phase: a phase that has begun gives its years' part."""
    given = scenario.budget.capital_wan
    if given is None:
        return None
    before, later = 0.0, []
    for phase, amount in zip(scenario.plan_phases, given[1:], strict=True):
        years = phase.last_year - phase.first_year + 1
        passed = min(max(year - phase.first_year + 1, 0), years)
        # Of what has passed only the new base year's own part can still be spent before phase 1.
        before += amount / years if passed else 0.0
        if passed < years:
            later.append(amount * (1 - passed / years))
    return (before, *later)


def _decisions(scenario: Scenario, facts: Facts, year: int) -> list[Decision]:
    done = {(work.section[0], work.action) for work in facts.happened}
    opened = {site for site, action in done if action in OPENING}
    kept = []
    for decision in scenario.decisions:
        overdue = effective_year(decision, scenario) <= year
        if decision.about_unit:
            kept.append(decision.model_copy(update={"year": None}) if overdue else decision)
        elif not _carried_out(decision, facts, opened):
            late = overdue and decision.year is not None
            kept.append(decision.model_copy(update={"year": year + 1}) if late else decision)
    return kept


def _carried_out(decision: Decision, facts: Facts, opened: set[str]) -> bool:
    """Whether the register shows a decision to be done."""
    if decision.decision == _BUILDS:
        return decision.place in opened
    stages = {work.stage for work in facts.happened if work.site_id == decision.place}
    wanted = {decision.stage.value} if decision.stage is not None else stages
    return any(
        work.site_id == decision.place and work.stage in wanted and _meant(decision, work.action.value)
        for work in facts.happened
    )


def _meant(decision: Decision, action: str) -> bool:
    if decision.decision == _CLOSES:
        return action in {"consolidation", "stop_section"}
    return decision.decision == "extend" and action == "extension"
