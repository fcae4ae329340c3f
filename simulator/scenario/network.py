"""Settings of the network: journeys, seats, timing, money, and what may change."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from simulator.language import translate as _
from simulator.scenario.base import Grade, NotNegative, Positive, Settings, Share, Year, refusal
from simulator.terms import AreaKind, SectionKind, Stage

Ground = Literal["plain", "hill", "mountain", "island"]
DETOUR: dict[Ground, float] = {"plain": 1.3, "hill": 1.6, "mountain": 2.0, "island": 1.6}


class LimitSettings(Settings):
    """通学限制: a limit of the journey to school."""

    stage: Stage
    """学段。
    Stage."""
    grade_from: Grade = -2
    """适用的最低年级（小班 −2，中班 −1，大班 0）。
    First grade it holds for (kindergarten is −2, −1, 0)."""
    grade_to: Grade = 12
    """适用的最高年级。
    Last grade it holds for."""
    area_kinds: tuple[AreaKind, ...] = (AreaKind.CITY, AreaKind.TOWN, AreaKind.VILLAGE)
    """适用的城乡分类。
    Kinds of area it holds for."""
    minutes: Positive
    """单程通学时间上限，分钟，按合法的最快方式。
    Longest journey one way, in minutes, by the best lawful mode."""
    effect: Literal["hard", "advisory"] = "advisory"
    """hard 约束优化；advisory 只在校核中提示。
    `hard` limits bind the optimizer; `advisory` ones are reported by the audit."""

    @model_validator(mode="after")
    def grades_in_order(self) -> Self:
        """Refuse grades that run backwards."""
        if self.grade_to < self.grade_from:
            raise refusal("grade_to", _("低于最低年级 grade_from = {grade}").format(grade=self.grade_from))
        return self


class AccessSettings(Settings):
    """通学: how journeys are measured."""

    walking_kmh: Positive = 3.5
    """儿童步行速度，公里/小时。
    Walking speed of a child, km/h."""
    bus_kmh: Positive = 22.0
    """公交、校车速度（含停站），公里/小时。
    Speed of a bus including stops, km/h."""
    bus_wait_min: NotNegative = 5.0
    """候车时间，分钟。
    Wait for a bus, minutes."""
    bus_from_grade: Grade = 1
    """可以独自乘坐公交的最低年级。
    First grade that may travel by public bus without a guardian."""
    ferry_kmh: Positive = 18.0
    """渡船速度（航线没有写明时使用），公里/小时。
    Speed of a ferry where its line names none, km/h."""
    bad_season_factor: Positive = 1.0
    """按不利季节规划时，通学时间乘以的系数。
    Factor on all minutes for planning in the bad season."""
    detour: dict[Ground, Positive] = DETOUR
    """绕行系数：没有道路图层时，路程与直线距离之比，按地形。
    Road distance over straight distance by terrain, where there is no travel layer."""
    nearest: int = Field(6, ge=1)
    """超出通学限制时仍保留的最近学校数。
    Schools kept as choices of a unit even beyond the travel limit: the k nearest."""
    choices_within_min: Positive = 30.0
    """没有硬性限制时，多少分钟以内的学校可供选择。
    Schools within this many minutes are choices of a unit where no hard limit is set."""
    most_choices: int = Field(10, ge=1)
    """每个单元每个学段最多保留的可选学校数，由近到远（现状学校始终保留）。
    Most choices kept of a unit for one stage, nearest first (today's is always kept)."""
    limits: tuple[LimitSettings, ...] = (
        LimitSettings(
            stage=Stage.PRIMARY,
            grade_from=1,
            grade_to=3,
            area_kinds=(AreaKind.VILLAGE,),
            minutes=30,
            effect="hard",
        ),
        LimitSettings(stage=Stage.PRIMARY, grade_from=1, grade_to=6, minutes=30),
        LimitSettings(stage=Stage.JUNIOR, grade_from=7, grade_to=9, minutes=45),
    )
    """通学时间限制，按学段、年级、城乡。
    Limits of the journey by stage, grades and kind of area."""

    @field_validator("detour")
    @classmethod
    def every_terrain(cls, given: dict[Ground, float]) -> dict[Ground, float]:
        """Keep the default of the terrains that are not named."""
        return DETOUR | given


class SeatSettings(Settings):
    """学位: how classes become seats; class sizes themselves are norm figures."""

    fill: Share = 0.92
    """满班率：按年级整班编班后，班数 × 班额能用上的比例（五个 60 人的年级要 10 个班）。
    Share of classes × class size that whole grades can fill (five grades of 60 need ten classes)."""
    use_area: bool = True
    """校区写明教学用房、运动场馆、食堂面积时，是否据此限制学位。
    Limit seats by teaching area, sports area and canteen where a campus states them."""


class TimingSettings(Settings):
    """时序: when works can open and schools can close."""

    lead_years_new: int = Field(2, ge=0, le=10)
    """新建学校从决策到启用的年数。
    Years from decision to opening of a new school."""
    lead_years_extension: int = Field(1, ge=0, le=10)
    """改扩建、学段转换从决策到启用的年数。
    Years from decision to opening of an extension or a conversion."""
    overlap_years: int = Field(1, ge=0, le=5)
    """先建后撤：接收校至少已启用多少年，才可撤并。
    先建后撤: years a receiving school must have been open before a school closes into it."""
    closures_per_year: NotNegative = 3.0
    """每年撤并数上限（一期的上限 = 本值 × 与上期起始年相隔的年数）。
    Most closures a year (per phase: this × the years between starts)."""


class BudgetSettings(Settings):
    """资金: capital, in 万元."""

    capital_wan: tuple[NotNegative, ...] | None = None
    """基建资金，万元：先写第一期之前，再逐期写；不写表示不限（报告中注明）。
    Capital by phase in 万元, first the years before phase 1; empty means no limit (said in the report)."""


class CandidateSettings(Settings):
    """可调整范围: what the optimizer may change."""

    close: tuple[SectionKind, ...] = (SectionKind.TEACHING_POINT, SectionKind.VISITING_POINT)
    """可以提出撤并的办学类型。
    Kinds of sections that may be proposed for 撤并."""
    close_below_pupils: int = Field(100, ge=0)
    """基准年在校生少于此数的学部才可提出撤并。
    Only sections with fewer pupils than this at the base year may be proposed for 撤并."""
    build: bool = True
    """是否可在教育用地上新建学校。
    New schools on the parcels table."""
    extend: bool = True
    """是否可扩建到校区的最多教室数 max_rooms。
    Extensions up to `max_rooms` of a campus."""
    convert: bool = True
    """同一校区各学部之间的教室是否可转换学段。
    Rooms of a campus may change stage between its sections."""
    largest_extension: int = Field(24, ge=0)
    """整个规划期一个校区最多扩建的教室数。
    Most rooms added to one campus over the whole plan."""


class Decision(Settings):
    """已定事项: a decision that the planner has taken."""

    place: str = Field(min_length=1)
    """学校 school_id 或地块 parcel_id。
    school_id or parcel_id."""
    decision: Literal["keep", "close", "build", "extend", "forbid"]
    """keep 保留，close 撤并，build 新建，extend 扩建（在 year 之前生效），forbid 不得变动。
    `keep` open, `close` or `build` or `extend` by `year`; `forbid` any change."""
    stage: Stage | None = None
    """学段；不写指整个校区。
    Stage it is about; empty means the whole campus."""
    year: Year | None = None
    """撤并、新建、扩建最迟生效的年份。
    Year by which a closure, new school or extension is in effect."""
    classes: int | None = Field(None, ge=1)
    """新建的班数，或扩建的教室数；不写由优化决定。
    Classes of the new school, or classrooms added by the extension; empty leaves it open."""


class RuleSettings(Settings):
    """规则开关: switches of the rules; see the reference page of rules for what each says."""

    off: tuple[str, ...] = ()
    """关闭的规则（规则名）。
    Rules switched off by name."""
    on: tuple[str, ...] = ()
    """打开的、默认关闭的规则（规则名）。
    Rules switched on that are off by default."""
