"""Settings of what is studied: the district, its norms, the years, and how children are projected."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from simulator.language import translate as _
from simulator.scenario.base import NotNegative, Settings, Share, Year, refusal
from simulator.terms import AreaKind, Stage, System

Variant = Literal["low", "medium", "high"]
HousingStatus = Literal["completed", "under_construction", "approved", "planned"]

BIRTHS_TREND: dict[Variant, float] = {"low": -0.05, "medium": -0.025, "high": 0.0}
MIGRATION: dict[AreaKind, float] = {AreaKind.CITY: 0.005, AreaKind.TOWN: 0.0, AreaKind.VILLAGE: -0.015}
HOUSING_CERTAINTY: dict[HousingStatus, float] = {
    "completed": 1.0,
    "under_construction": 0.95,
    "approved": 0.75,
    "planned": 0.4,
}
OCCUPANCY = (1 / 3, 1 / 3, 1 / 3)
HOUSING_YIELD: dict[Stage, float] = {
    Stage.KINDERGARTEN: 6.6,
    Stage.PRIMARY: 19.6,
    Stage.JUNIOR: 9.7,
    Stage.SENIOR: 5.2,
}


class DistrictSettings(Settings):
    """区域: which district the scenario is about."""

    folder: Path
    """区域数据文件夹（各表和图层），或一个 .xlsx 工作簿；相对于本情景文件。
    Folder of tables and layers, or one .xlsx workbook; relative to the scenario file."""
    system: System = System.SIX_THREE
    """学制：6-3 为小学六年、初中三年，5-4 为小学五年、初中四年。
    Years of primary and of junior school."""


class StandardsSettings(Settings):
    """规范: which norm files apply."""

    files: tuple[str, ...] = ("national.toml",)
    """规范数据文件，后写的覆盖先写的：scenarios/standards 中的文件名，或相对于本情景文件的路径。
    Norm files, later ones override earlier ones: a name under scenarios/standards or a path
    relative to the scenario file."""
    figures: dict[str, float] = Field(default={})
    """本情景自定的单项数据，按数据编号；输出中列为本地目标。
    The planner's own value of single figures, by figure id; reported as 本地目标."""


class HorizonSettings(Settings):
    """规划期限: the years of the plan."""

    base_year: Year = 2025
    """基准年：2025 指 2025—2026 学年，以 9 月 1 日计。
    Base year: 2025 is the school year 2025–26, counted on 1 September."""
    target_year: Year = 2035
    """规划目标年：方案决策的最后一年。
    Last year that the plan decides."""
    projection_to: Year = 2040
    """预测截止年：建成的学位展示到这一年的使用情况。
    Last year of the projection; seats built in the plan are shown in use until then."""

    @model_validator(mode="after")
    def years_in_order(self) -> Self:
        """Refuse a horizon that runs backwards."""
        if self.target_year <= self.base_year:
            raise refusal("target_year", _("不晚于基准年 base_year = {year}").format(year=self.base_year))
        if self.projection_to < self.target_year:
            fault = _("早于规划目标年 target_year = {year}").format(year=self.target_year)
            raise refusal("projection_to", fault)
        return self


class PhaseSettings(Settings):
    """规划分期: one phase of the plan; its changes take effect on 1 September of its first year."""

    first_year: Year
    """起始年。
    First year."""
    last_year: Year
    """结束年（含）。
    Last year, included."""

    @model_validator(mode="after")
    def years_in_order(self) -> Self:
        """Refuse a phase that runs backwards."""
        if self.last_year < self.first_year:
            raise refusal("last_year", _("早于本期起始年 first_year = {year}").format(year=self.first_year))
        return self


class ProjectionSettings(Settings):
    """学龄人口预测: how children are projected."""

    variant: Variant = "medium"
    """优化所依据的预测方案；高、中、低三个方案都会预测并展示。
    The variant that the optimizer plans for; all three are always projected and shown."""
    plan_for: Literal["variant", "median", "quantile"] = "variant"
    """优化所依据的需求：variant 取上面的预测方案，median 取抽样的中位数，quantile 取抽样的分位数。
    What the optimizer plans for: the variant above, the median of the draws, or a quantile of them."""
    quantile: float = Field(default=0.8, gt=0, lt=1)
    """plan_for 取 quantile 时的分位数：各乡镇街道各学段需求以此概率不超过所规划的数。
    The quantile of plan_for = "quantile": with this probability a township's children of a stage are no more than planned."""
    births_trend: dict[Variant, float] = BIRTHS_TREND
    """最后一个已知出生年之后，出生人口的年变化率，分方案。
    Yearly relative change of births after the last year with births known, by variant."""
    migration: dict[AreaKind, float] = MIGRATION
    """年净迁移率（占单元内儿童），按城区、镇区、乡村。
    Net migration a year as a share of the children of a unit, by kind of area."""
    infant_survival: Share = 0.995
    """出生后存活并计入 0 岁的比例。
    Share of births alive and counted at age 0."""
    survival: Share = 0.9997
    """1 岁以后每长一岁的存活比例。
    Share of children surviving a year of age from 1 on."""
    late_entry_share: Share = 0.22
    """8 月 31 日已满入学年龄、推迟一年入一年级的比例。默认取全国数：2018—2024 年拟合为 0.23（80% 区间 0.08—0.38）。
    Share of the children of entry age at 31 August who enter grade 1 a year later. The default is the country's:
    entrants of 2018–2024 and revised births give 0.23 (80 % band 0.08–0.38)."""
    kindergarten_enrolment: Share = 0.91
    """基准年 3—5 岁入园率（没有在园登记时使用）。
    Share of children aged 3–5 in kindergarten at the base year, where no register tells it."""
    kindergarten_enrolment_target: Share = 0.95
    """目标年 3—5 岁入园率；其间直线变化，不下降。
    The same in the target year; linear between, never falling."""
    retention: Share = 0.999
    """义务教育年级升级率：次年升入下一年级的比例，不计迁移。
    Pupils of a compulsory grade who are in the next grade a year later, before migration."""
    primary_to_junior: Share = 0.995
    """小学毕业生升入初中的比例。
    Primary graduates who enter a junior school."""
    junior_to_senior: Share = 0.62
    """初中毕业生升入普通高中的比例。
    Junior graduates who enter a general senior school."""
    junior_to_vocational: Share = 0.33
    """初中毕业生升入中职的比例。
    Junior graduates who enter a vocational school."""
    junior_to_senior_target: Share | None = None
    """目标年初中毕业生升入普通高中的比例；不写则保持现状。从基准年的实际比例直线变化，以后不变。
    The same share in the target year, linear from what the base year shows; not set: as today."""
    junior_to_vocational_target: Share | None = None
    """目标年初中毕业生升入中职的比例；不写则保持现状。
    The same of vocational schools."""
    participation_year: Year | None = None
    """以上两项和入园率达到目标的年份；不写则为规划目标年。
    Year in which these shares and the kindergarten share reach their targets; not set: the target year."""
    senior_retention: Share = 0.985
    """普通高中、中职年级升级率。
    Pupils of a senior or vocational grade who are in the next grade a year later."""
    special_share: Share = 0.0004
    """6—14 岁需要特教学校学位的比例（没有在校登记时使用）。
    Children aged 6–14 who need a place in a special school, where no register tells it."""
    housing_certainty: dict[HousingStatus, Share] = HOUSING_CERTAINTY
    """住房项目按状态计入的套数比例（项目自己没有写明时使用）。
    Share of the dwellings of a housing project to count, by its status, where its row states none."""
    housing_occupancy: tuple[Share, ...] = OCCUPANCY
    """交付当年起各年新入住的户数比例，合计不大于 1；默认三年内均匀入住。
    Share of the dwellings first occupied in the year of completion and in each year after it."""
    housing_yield: dict[Stage, NotNegative] = HOUSING_YIELD
    """百户学位数，分学段（项目自己没有写明时使用）：2023—2024 年全国千人在校生 × 户均 2.62 人。
    Pupils of 100 dwellings by stage where a housing project states none: national pupils per
    1,000 residents of 2023–24 × 2.62 residents a household."""

    @field_validator("births_trend")
    @classmethod
    def every_variant(cls, given: dict[Variant, float]) -> dict[Variant, float]:
        """Keep the default of the variants that are not named."""
        return BIRTHS_TREND | given

    @field_validator("migration")
    @classmethod
    def every_area(cls, given: dict[AreaKind, float]) -> dict[AreaKind, float]:
        """Keep the default of the kinds of area that are not named."""
        return MIGRATION | given

    @field_validator("housing_certainty")
    @classmethod
    def every_status(cls, given: dict[HousingStatus, float]) -> dict[HousingStatus, float]:
        """Keep the default of the statuses that are not named."""
        return HOUSING_CERTAINTY | given

    @field_validator("housing_yield")
    @classmethod
    def every_stage(cls, given: dict[Stage, float]) -> dict[Stage, float]:
        """Keep the default of the stages that are not named."""
        return HOUSING_YIELD | given

    @model_validator(mode="after")
    def graduates_are_whole(self) -> Self:
        """Refuse more places after junior school than graduates, and more dwellings occupied than built."""
        total = self.junior_to_senior + self.junior_to_vocational
        if total > 1:
            fault = _("与 junior_to_senior 之和为 {total:g}，大于 1").format(total=total)
            raise refusal("junior_to_vocational", fault)
        total = (self.junior_to_senior_target or 0.0) + (self.junior_to_vocational_target or 0.0)
        if total > 1:
            fault = _("与 junior_to_senior_target 之和为 {total:g}，大于 1").format(total=total)
            raise refusal("junior_to_vocational_target", fault)
        total = sum(self.housing_occupancy)
        if total > 1 + 1e-9 or not self.housing_occupancy:
            raise refusal(
                "housing_occupancy", _("各年入住比例合计应大于 0、不大于 1，现为 {total:g}").format(total=total)
            )
        return self
