"""What groups of settings must agree on with each other."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from simulator.language import translate as _
from simulator.scenario.horizon import HorizonSettings, PhaseSettings
from simulator.scenario.network import BudgetSettings, Decision
from simulator.standards.positions import KeyPath

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


def decision_faults(horizon: HorizonSettings, phases: Phases, decisions: tuple[Decision, ...]) -> Iterator[Fault]:
    """A decision takes effect in a year that the plan decides, and is taken once."""
    first, last = (phases or default_phases(horizon))[0].first_year, horizon.target_year
    taken: dict[tuple[str, object, str], int] = {}
    for number, decision in enumerate(decisions):
        if decision.year is not None and not first <= decision.year <= last:
            what = _("不在规划年份 {first}—{last} 之内").format(first=first, last=last)
            yield ("decisions", number, "year"), what
        earlier = taken.setdefault((decision.place, decision.stage, decision.decision), number)
        if earlier != number:
            what = _("与第 {earlier} 项已定事项重复").format(earlier=earlier + 1)
            yield ("decisions", number, "place"), what
