"""Settings of the people behind the projection: births, survival, moves, and where children study."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, field_validator, model_validator

from simulator.language import translate as _
from simulator.scenario.base import NotNegative, Positive, Settings, Share, Year, refusal
from simulator.scenario.horizon import Variant
from simulator.terms import AreaKind, Stage

StudyFlow = Literal["to_town", "chosen", "private", "outside", "returning"]

FERTILITY: dict[Variant, float] = {"low": 0.9, "medium": 1.0, "high": 1.2}
FERTILITY_RATES: dict[int, float] = {
    15: 0.00607,
    20: 0.05522,
    25: 0.09898,
    30: 0.06505,
    35: 0.02691,
    40: 0.00634,
    45: 0.00161,
    50: 0.0,
}
FIRST_ADULT_AGE = 15
LAST_FERTILE_AGE = 49


class PopulationSettings(Settings):
    """人口: how births, survival and moves are projected."""

    survival_by_age: dict[int, Share] = Field(default={})
    """各岁到下一岁的存活比例，键为岁数；没有写的年龄取 projection.survival。
    Share surviving from an age to the next, by age; ages not named take projection.survival."""
    moving_by_age: dict[int, NotNegative] = Field(default={})
    """迁移的年龄强度，键为起始岁数，到下一个键为止；第一个键以下和不写时为 1。
    How much children of an age move compared with the district's rates, from each age named to the next; else 1."""
    moves: dict[AreaKind, dict[AreaKind, Share]] = Field(default={})
    """县域内每年从一类地区迁往另一类地区的儿童比例，如 { village = { town = 0.01 } }，人数不增不减；migration 只计县外净迁移。
    Share of children who move a year from one kind of area to another inside the district; nobody is lost on
    the way. projection.migration then counts moves across the district's border only."""
    moves_to_housing: Share = 0.5
    """县域内迁移中迁入当年新交付住宅的比例；其余按各单元现有儿童分到。没有新住宅时全部按现有儿童。
    Share of the movers inside the district who go where dwellings are newly occupied; the others go where
    children live already."""
    births_factor: dict[Year, NotNegative] = Field(default={})
    """个别年份的出生乘数，键为年份，只用于出生未知的年份，例如 { 2028 = 1.05 }。
    Factor on the births of single years, used where births are not known."""
    fertility_rates: dict[int, NotNegative] = FERTILITY_RATES
    """育龄妇女分年龄生育率（2020 年人口普查），键为起始岁数；只在 residents 表有女性人口时用其年龄分布，水平由已知出生校准。
    Births a woman a year from each age named to the next, of the census of 2020; used as a pattern where the
    table residents has women by age, its level set by the births known."""
    fertility: dict[Variant, Positive] = FERTILITY
    """规划目标年的总和生育率，分方案；从校准的现值直线变化到目标年，以后不变（2023 年全国约 1.0）。
    Total fertility rate in the target year, by variant; linear from the calibrated rate of today, then constant."""
    girls_share: Share = 0.466
    """女孩占儿童的比例，用于 residents 表没有列出的年龄（2020 年人口普查 0—14 岁）。
    Share of girls among children, for ages that the table residents does not list (census of 2020, ages 0–14)."""
    migrant_trend: float = Field(default=0.0, gt=-1)
    """随迁子女人数的年变化率，在其他儿童的变化之外。
    Yearly relative change of children of migrant workers beyond that of other children."""
    migrant_attendance: NotNegative = 1.0
    """随迁子女在本县区就读的比例，与其他儿童之比。
    Attendance of children of migrant workers relative to that of other children."""
    migrant_public_share: Share = 0.7967
    """随迁子女在公办学校就读的比例（2017 年全国义务教育阶段）。
    Share of the children of migrant workers who attend public schools (national, compulsory stages, 2017)."""
    entry: Literal["residents", "births"] = "residents"
    """小学新生的推算：residents 按适龄常住儿童和就读率，births 按出生人口和到学率（逐年在校生表有历史时）。
    How entrants to primary school are found: from resident children and attendance, or from births and the
    arrival ratio (where the table enrolment has a history)."""
    arrival_credibility: Positive = 60.0
    """单元自己的到学率与全县区到学率各占一半时的出生人数。
    Births at which the arrival ratio of a unit itself weighs as much as the district's."""
    total_trend: float = Field(default=0.0, gt=-1)
    """常住总人口的年变化率，用于千人指标法。
    Yearly relative change of all residents, for the method of seats per 1,000 residents."""

    @field_validator("fertility")
    @classmethod
    def every_variant(cls, given: dict[Variant, float]) -> dict[Variant, float]:
        """Keep the default of the variants that are not named."""
        return FERTILITY | given

    @model_validator(mode="after")
    def movers_are_whole(self) -> PopulationSettings:
        """Refuse more movers than children."""
        for kind, targets in self.moves.items():
            total = sum(targets.values()) * max(1.0, *self.moving_by_age.values(), 1.0)
            if total > 1:
                fault = _("{kind}迁出比例合计 {total:g}，大于 1").format(kind=kind.value, total=total)
                raise refusal("moves", fault)
        return self


class StudySettings(Settings):
    """就读去向: how the places where children study change from what the base year shows."""

    trend: dict[StudyFlow, dict[Stage, float]] = Field(default={})
    """进城 to_town、择校 chosen、民办 private、县外 outside、回流 returning 占就读儿童比例的年变化，如 { to_town = { primary = 0.01 } }。
    Yearly change of the share of children who study in town, choose another school, attend private schools
    outside the network, leave the district, or return to it, by stage; 0.01 is one point a year."""
    band: dict[StudyFlow, NotNegative] = Field(default={})
    """各种去向年变化的半宽（95%），用于 study_flows 表的上下限和不确定性抽样。
    Half width (95 %) of those changes, for the ends in the table study_flows and for the draws."""
