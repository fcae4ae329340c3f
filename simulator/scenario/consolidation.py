"""Settings of 撤并: the posture, the quota, who follows to the receiving school, what comes after."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from simulator.language import translate as _
from simulator.scenario.base import NotNegative, Settings, Share
from simulator.terms import AreaKind, Stage

Posture = Literal["own", "cautious", "concentrate"]
NO_QUOTA: dict[int, float] = {}
ANYWHERE: dict[Stage, tuple[AreaKind, ...]] = {}


class ConsolidationSettings(Settings):
    """撤并: how closures are gone about; the candidates themselves are named in [candidates]."""

    posture: Posture = "own"
    """取向：own 全部自定；cautious 稳慎优化；concentrate 两集中。后两种是 scenarios/postures 中的一组规则和权重，本情景写了的项以本情景为准。
    Posture: a set of rules and weights under scenarios/postures, laid under this scenario, which overrides it."""
    close_in: dict[Stage, tuple[AreaKind, ...]] = ANYWHERE
    """各学段只有位于这些地区（city、town、village）的学部才可提出撤并，空列表为都不撤；不写的学段不限。
    Kinds of area in which sections of a stage may be proposed for closing; a stage that is not named: anywhere."""
    closures_by_year: dict[Annotated[int, Field(ge=1990, le=2100)], NotNegative] = NO_QUOTA
    """个别年份的撤并数上限，如 { 2022 = 16, 2023 = 20 }；没有写的年份用 timing.closures_per_year；基准年以后、第一期以前各年的数并入第一期。
    Most closures of single years; the others have timing.closures_per_year."""
    closures_total: int | None = Field(None, ge=0)
    """整个规划期的撤并总数上限（计划数），不写不限；成果中与方案的撤并数对照。
    Most closures over the whole plan (the number that is planned); results show it beside what the plan closes."""
    closures_least: int | None = Field(None, ge=0)
    """整个规划期至少撤并的学部数；不写不要求。否决、应留必留和通学限制仍然有效，达不到即无解。
    Least closures over the whole plan; empty asks nothing. Vetoes and limits stay in force."""
    following_share: Share = 1.0
    """随并率：撤并学校片内学生到划入学校就读的比例；其余计入本乡镇或最近的镇区、城区同学段学校；“撤并安排”表可以逐校另定。
    Share of the children of a closed school who follow to the school that they are zoned to; the others load the nearest
    school of the stage in a town or city. Table `arrangements` may say otherwise of a school."""
    transition_years: int = Field(1, ge=0, le=5)
    """撤并后的过渡期年数：期内保留返回和补助的安排。
    Years of transition after a closure."""


def consolidation_faults(
    settings: ConsolidationSettings, base_year: int, target_year: int
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """A quota is of a year after the base year that the plan reaches; at least is not more than at most."""
    for year in settings.closures_by_year:
        if not base_year < year <= target_year:
            what = _("不在规划年份 {first}—{last} 之内").format(first=base_year + 1, last=target_year)
            yield ("consolidation", "closures_by_year", str(year)), what
    least, most = settings.closures_least, settings.closures_total
    if least is not None and most is not None and least > most:
        yield ("consolidation", "closures_least"), _("大于 closures_total = {most}").format(most=most)
