"""What groups of settings must agree on with each other."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise

from simulator.language import translate as _
from simulator.scenario.horizon import HorizonSettings, PhaseSettings, ProjectionSettings
from simulator.scenario.network import BudgetSettings, Decision
from simulator.scenario.solution import GOALS, ObjectiveSettings
from simulator.scenario.uncertainty import UncertaintySettings
from simulator.standards.positions import KeyPath
from simulator.standards.toml_file import did_you_mean

Fault = tuple[KeyPath, str]
"""The setting to mend, and what is wrong with it."""

Phases = tuple[PhaseSettings, ...]


def default_phases(horizon: HorizonSettings) -> Phases:
    """Five phases of one year, one of five, one to the target year, as far as the horizon reaches."""
    first, last = horizon.base_year + 1, horizon.target_year
    starts = [year for year in (*range(first, first + 6), first + 10) if year <= last]
    ends = [*(year - 1 for year in starts[1:]), last]
    return tuple(PhaseSettings(first_year=start, last_year=end) for start, end in zip(starts, ends, strict=True))


def phase_faults(horizon: HorizonSettings, phases: Phases) -> Iterator[Fault]:
    """Phases must follow one another without a gap, from after the base year to the target year."""
    if not phases:
        return
    if phases[0].first_year <= horizon.base_year:
        what = _("第 1 期不晚于基准年 base_year = {year}").format(year=horizon.base_year)
        yield ("phases", 0, "first_year"), what
    for number, (before, after) in enumerate(pairwise(phases), start=1):
        if after.first_year != before.last_year + 1:
            what = _("第 {phase} 期应接着上一期，从 {year} 年开始").format(phase=number + 1, year=before.last_year + 1)
            yield ("phases", number, "first_year"), what
    if phases[-1].last_year != horizon.target_year:
        what = _("最后一期应到规划目标年 target_year = {year}").format(year=horizon.target_year)
        yield ("phases", len(phases) - 1, "last_year"), what


def budget_faults(horizon: HorizonSettings, phases: Phases, budget: BudgetSettings) -> Iterator[Fault]:
    """Capital must name the years before phase 1 and then every phase."""
    if budget.capital_wan is None:
        return
    needed, given = len(phases or default_phases(horizon)) + 1, len(budget.capital_wan)
    if given != needed:
        what = _("写了 {given} 个数，应为 {needed} 个：第 1 期之前 1 个，再每期 1 个（共 {phases} 期）")
        yield ("budget", "capital_wan"), what.format(given=given, needed=needed, phases=needed - 1)


def goal_faults(objective: ObjectiveSettings) -> Iterator[Fault]:
    """Goals must be known and named once; a tolerance must be that of a goal."""
    for number, goal in enumerate(objective.goals):
        if goal not in GOALS:
            near = did_you_mean(goal, GOALS) or _("；可用：{names}").format(names=_("、").join(GOALS))
            yield ("objective", "goals", number), _("没有“{goal}”这个目标").format(goal=goal) + near
        elif goal in objective.goals[:number]:
            yield ("objective", "goals", number), _("目标 {goal} 写了两次，只能保留一个").format(goal=goal)
    for goal in objective.tolerances:
        if goal not in objective.goals:
            what = _("{goal} 不在 goals 中，容差没有用处").format(goal=goal)
            yield ("objective", "tolerances", goal), what


def draw_faults(projection: ProjectionSettings, uncertainty: UncertaintySettings) -> Iterator[Fault]:
    """A plan for the median or a quantile of the draws needs draws."""
    if projection.plan_for != "variant" and not uncertainty.draws:
        what = _("{choice} 要有抽样，但 uncertainty.draws = 0").format(choice=projection.plan_for)
        yield ("projection", "plan_for"), what


def decision_faults(horizon: HorizonSettings, phases: Phases, decisions: tuple[Decision, ...]) -> Iterator[Fault]:
    """A decision takes effect in a year that the plan decides, is taken once, and is not taken back by another."""
    first, last = (phases or default_phases(horizon))[0].first_year, horizon.target_year
    for number, decision in enumerate(decisions):
        for name in ("year", "until"):
            stated = getattr(decision, name)
            if stated is not None and not first <= stated <= last:
                what = _("不在规划年份 {first}—{last} 之内").format(first=first, last=last)
                yield ("decisions", number, name), what
        repeated = next((other for other in range(number) if _same(decisions[other], decision)), None)
        if repeated is not None:
            what = _("与第 {earlier} 项已定事项重复").format(earlier=repeated + 1)
            yield ("decisions", number, "place"), what
        for other in range(number):
            if _contradict(decisions[other], decision) or _contradict(decision, decisions[other]):
                what = _("与第 {earlier} 项已定事项（{place} {decision}）矛盾，只能保留一项").format(
                    earlier=other + 1, place=decisions[other].place, decision=decisions[other].decision
                )
                yield ("decisions", number, "decision"), what


_AGAINST = {
    "keep": {"close"},
    "build": {"close", "forbid"},
    "extend": {"close", "forbid"},
    "forbid": {"close"},
}
"""Decision about a school → what contradicts it; all hold until the end of the plan, whatever their years."""


def _span(decision: Decision) -> tuple[float, float]:
    """First and last year in which a unit is zoned as decided; all years where a decision about a school is meant."""
    if not decision.about_unit:
        return -math.inf, math.inf
    first = -math.inf if decision.year is None else decision.year
    return first, math.inf if decision.until is None else decision.until


def _overlap(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def _same(one: Decision, other: Decision) -> bool:
    """Whether two decisions say the same of a place, be it from other years on."""
    names = ("place", "school", "stage", "grade", "decision")
    alike = all(getattr(one, name) == getattr(other, name) for name in names)
    return alike and _overlap(_span(one), _span(other))


def _contradict(one: Decision, other: Decision) -> bool:
    """Whether two decisions cannot both be carried out."""
    if one.stage is not None and other.stage is not None and one.stage is not other.stage:
        return False
    if one.about_unit:
        if one.decision != "assign":
            return False
        if other.about_unit:
            if one.grade is not None and other.grade is not None and one.grade != other.grade:
                return False
            if not _overlap(_span(one), _span(other)):
                return False
            against = (other.school == one.school) == (other.decision == "forbid")
            return other.place == one.place and against
        gone_before = one.until is not None and other.year is not None and one.until < other.year
        return other.place == one.school and other.decision == "close" and not gone_before
    return not other.about_unit and other.place == one.place and other.decision in _AGAINST.get(one.decision, set())
