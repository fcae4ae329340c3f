"""Settings of the bands: how many futures are drawn, and how far each source of doubt carries them."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, field_validator, model_validator

from simulator.language import translate as _
from simulator.scenario.base import NotNegative, Settings, Share, refusal
from simulator.terms import AreaKind, Stage

# A tail heavier than this has no variance.
_LEAST_DF = 2.5
MIGRATION_SD: dict[AreaKind, float] = {AreaKind.CITY: 0.01, AreaKind.TOWN: 0.01, AreaKind.VILLAGE: 0.014}
SHARE_CV: dict[Stage, float] = {
    Stage.KINDERGARTEN: 0.04,
    Stage.PRIMARY: 0.03,
    Stage.JUNIOR: 0.015,
    Stage.SENIOR: 0.03,
    Stage.VOCATIONAL: 0.05,
    Stage.SPECIAL: 0.1,
}
HOUSING_DELAY = (0.45, 0.3, 0.15, 0.1)


class UncertaintySettings(Settings):
    """不确定性: futures that are drawn around the medium variant; relative widths are standard deviations."""

    draws: Annotated[int, Field(ge=0, le=20_000)] = 500
    """抽样次数；0 为不作不确定性分析。
    Futures to draw; 0 draws none and gives no bands."""
    seed: Annotated[int, Field(ge=0)] = 20250901
    """随机种子：同一种子结果相同，与并行数无关。
    Seed: the same seed gives the same bands, whatever the number of workers."""
    births_cv: NotNegative = 0.03
    """未知年份出生人口的年相对波动，逐年累积：2000—2024 年全国出生人口扣除趋势后的年变化约 3%—5%。
    Yearly relative shock of births not yet known, adding up year by year: national births of 2000–2024 less their
    trend moved by some 3–5 % a year."""
    births_trend_sd: NotNegative = 0.015
    """出生人口年变化率本身的误差：低、高方案（±2.5 个百分点）约合 90% 区间。
    Error of the yearly trend of births itself: the low and the high variant (± 2.5 points) are about its 90 % range."""
    births_unit_cv: NotNegative = 0.02
    """各单元出生人口相对全县区的年相对波动，逐年累积。
    Yearly relative shock of the births of one unit beside the district's, adding up year by year."""
    births_noise: NotNegative = 1.0
    """出生人数的计数波动：人数 × 相对方差，1 为泊松。
    Counting noise of births: births × relative variance; 1 is Poisson."""
    migration_sd: dict[AreaKind, NotNegative] = MIGRATION_SD
    """年净迁移率的波动，按城区、镇区、乡村：英格兰 151 个教育当局预测误差一年约 1.1%、三年约 2.3%，2512 个县十年约 8%。
    Shock of the yearly net migration by kind of area: 151 English authorities miss their primary pupils by about 1.1 %
    a year ahead and 2.3 % three years ahead; over 2,512 counties 2010–2020 the ten-year ratio of children aged 0–4 was
    missed by about 8 % when total growth was known."""
    migration_memory: Share = 0.85
    """迁移波动的年相关（一阶自回归）：好年景连着好年景。
    Correlation of the shock of migration from one year to the next (autoregressive, order one)."""
    migration_shared: Share = 0.5
    """迁移波动中全县区共有的部分（占方差），其余为各类地区自有。
    Part of the variance of migration that the whole district shares; the rest belongs to each kind of area."""
    cohort_noise: NotNegative = 0.45
    """升级比的波动：人数 × 方差。三套公开数据 1.2 万个年级队列实测 0.3—0.5。
    Noise of a grade-to-grade ratio: pupils × variance; measured 0.3–0.5 on 12,000 cohorts of three public data sets."""
    cohort_floor: NotNegative = 0.02
    """升级比的最小波动（全县区同一年级共有）：约 3000 人的大队列仍有约 2%。
    Least noise of a ratio, shared by a grade of the district: cohorts of about 3,000 still vary by 2 %."""
    resident_noise: NotNegative = 0.25
    """入学前常住儿童每长一岁的波动：人数 × 方差。与入学波动合计约 1.6，即学校一年级由出生推算的误差 12%—14%。
    Noise of resident children before school a year of age: children × variance; with entry it adds up to about 1.6, the
    error of 12–14 % of a school's first grade when told from births."""
    tail_df: Annotated[float, Field(ge=_LEAST_DF, le=1000)] = 6.0
    """波动的尾部（t 分布自由度）：实测标准差比稳健标准差大 10%—40%。
    Tails of the noise (degrees of freedom of Student's t): measured standard deviations exceed robust ones by 10–40 %."""
    share_cv: dict[Stage, NotNegative] = SHARE_CV
    """各学段就读份额（入园率、入学率、升学率）的相对波动：全县区一年级由出生推算的误差 3.6%—4.8%（含队列波动）。
    Relative shock of the share of each stage (enrolment, entry, transfer); a district's first grade told from births is
    missed by 3.6–4.8 %, cohort noise included."""
    share_memory: Share = 0.6
    """就读份额波动的年相关。
    Correlation of these shocks from one year to the next."""
    late_entry_sd: NotNegative = 0.06
    """推迟入学比例的年波动：2022、2023 年全国入学数对 8 月 31 日口径分别偏离 −5.8%、+4.1%。
    Yearly shock of the share of late entry: national entrants of 2022 and 2023 were 5.8 % below and 4.1 % above the pure
    cut-off of 31 August."""
    housing_delay: tuple[Share, ...] = HOUSING_DELAY
    """住房项目按期、推迟一年、两年……完工的概率，合计为 1；只用于基年以后完工的项目。
    Probabilities that a housing project completes in time, a year late, two years …; they sum to 1 and hold for
    projects completed after the base year."""

    @field_validator("migration_sd")
    @classmethod
    def every_area(cls, given: dict[AreaKind, float]) -> dict[AreaKind, float]:
        """Keep the default of the kinds of area that are not named."""
        return MIGRATION_SD | given

    @field_validator("share_cv")
    @classmethod
    def every_stage(cls, given: dict[Stage, float]) -> dict[Stage, float]:
        """Keep the default of the stages that are not named."""
        return SHARE_CV | given

    @model_validator(mode="after")
    def delays_are_whole(self) -> Self:
        """Refuse probabilities of delay that are not those of one project."""
        total = sum(self.housing_delay)
        if abs(total - 1) > 1e-9:
            raise refusal("housing_delay", _("各项之和为 {total:g}，应为 1").format(total=total))
        return self
