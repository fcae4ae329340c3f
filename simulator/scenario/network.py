"""Settings of the network: journeys, seats, timing, money, and what may change."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from simulator.language import translate as _
from simulator.scenario.base import Grade, NotNegative, Positive, Settings, Share, Year, refusal
from simulator.terms import AreaKind, SectionKind, Stage

Ground = Literal["plain", "hill", "mountain", "island"]
DETOUR: dict[Ground, float] = {"plain": 1.3, "hill": 1.6, "mountain": 2.0, "island": 1.6}
ANY_NUMBER: dict[Stage, tuple[int, ...]] = {}


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
    """公交速度（含停站），公里/小时。
    Speed of a public bus including stops, km/h."""
    bus_wait_min: NotNegative = 5.0
    """候车时间，分钟。
    Wait for a bus, minutes."""
    bus_from_grade: Grade = 1
    """可以独自乘坐公交的最低年级。
    First grade that may travel by public bus without a guardian."""
    school_bus: bool = True
    """义务教育阶段自行往返超过硬性限制、乘校车可以达到的，规划是否可以提供校车。
    Whether the plan may provide school buses (primary, junior) where a child's own way is beyond the hard limit."""
    school_bus_kmh: Positive = 25.0
    """校车速度（含停站），公里/小时。
    Speed of a school bus including stops, km/h."""
    school_bus_wait_min: NotNegative = 5.0
    """等候校车的时间，分钟。
    Wait for a school bus, minutes."""
    school_bus_longest_min: Positive = 45.0
    """乘校车单程最长时间（含步行和候车），分钟；通学限制更严的从其规定。
    Longest journey by school bus one way with walk and wait, minutes; a stricter limit prevails."""
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
    rezoning: Literal["entrants", "everybody"] = "entrants"
    """招生范围调整对谁生效：entrants 老生老办法，只对新生，在校生就读到毕业（学校撤并除外）；everybody 全体重划，用于年度比较。
    Whom new catchments hold for: `entrants` only new entrants, enrolled children stay unless their school closes;
    `everybody` all children at once, for comparing single years."""
    within_county: bool = True
    """units 表分属几个县（市、区）时，是否各自求解：片区不跨县界，预算、撤并数和时间按学龄人口分到各县。
    Whether each county of a district of several is planned by itself: no catchment crosses a county line; budget,
    closures and time are shared out by children."""
    schools: dict[Stage, tuple[int, ...]] = ANY_NUMBER
    """各学段每期运行的公办学部数，最少和最多两个数，如 { primary = [10, 15] }；不写的学段不限。
    Public sections of a stage that run in every phase, least and most, e.g. { primary = [10, 15] }; else no limit."""

    @field_validator("schools")
    @classmethod
    def least_and_most(cls, given: dict[Stage, tuple[int, ...]]) -> dict[Stage, tuple[int, ...]]:
        """Refuse anything but two numbers in order."""
        for stage, numbers in given.items():
            if len(numbers) != 2 or not 0 <= numbers[0] <= numbers[1]:
                raise refusal(stage.value, _("应为最少、最多两个数，最少不大于最多"))
        return given


class ZoningSettings(Settings):
    """划片: what a planner asks of the catchments."""

    nearest_share: Share | None = None
    """城镇新生划入直线距离最近、当期运行的学校的最低比例，0 到 1；不写不要求。
    Least share of new entrants in city and town zoned to the nearest running school, straight line; empty asks nothing."""
    moved_share: Share | None = None
    """每期开始时换学校的学生占划片入学学生的最高比例，0 到 1；不写不限。
    Most children who change school at the start of a phase, as a share of those who go by catchment; empty: no limit."""


class Decision(Settings):
    """已定事项: a decision that the planner has taken."""

    place: str = Field(min_length=1)
    """学校 school_id 或地块 parcel_id；写了 school 时是划片单元 unit_id。
    school_id or parcel_id; with `school`, a unit_id."""
    decision: Literal["keep", "close", "build", "extend", "forbid", "assign"]
    """keep 保留，close 撤并，build 新建，extend 扩建（在 year 之前生效），forbid 不得变动；对划片单元：assign 划入 school，forbid 不划入 school。
    `keep` open, `close` or `build` or `extend` by `year`; `forbid` any change. Of a unit: `assign` it to `school`,
    `forbid` to zone it there."""
    school: str | None = Field(None, min_length=1)
    """单元划入（assign）或不得划入（forbid）的学校或地块，从 year 起的新生。
    School or parcel that the unit is assigned to, or must not be zoned to, from `year` on."""
    stage: Stage | None = None
    """学段；不写指整个校区。
    Stage it is about; empty means the whole campus."""
    year: Year | None = None
    """撤并、新建、扩建最迟生效的年份；划片从这一年起；不写从第一期起。
    Year by which a closure, new school or extension is in effect, or from which a unit is zoned; empty: phase 1."""
    until: Year | None = None
    """划片到这一年为止（含）；不写指到规划末年。
    Last year in which a unit is zoned so; empty: to the end of the plan."""
    grade: Grade | None = None
    """划片只对这个年级所在的年级段有效，如教学点的 1；不写指整个学段。
    A unit is zoned so only in the band of this grade; empty: in every band of the stage."""
    classes: int | None = Field(None, ge=1)
    """新建的班数，或扩建的教室数；不写由优化决定。
    Classes of the new school, or classrooms added by the extension; empty leaves it open."""

    @model_validator(mode="after")
    def school_where_a_unit_is_meant(self) -> Self:
        """Refuse an assignment without a school, and a school beside what is decided about a school."""
        if self.decision == "assign" and self.school is None:
            raise refusal("school", _("assign 要写划入哪所学校"))
        if self.school is not None and self.decision not in {"assign", "forbid"}:
            raise refusal("school", _("只有 assign 和 forbid 才写 school"))
        for name in ("until", "grade"):
            if getattr(self, name) is not None and self.school is None:
                raise refusal(name, _("只有划片（写了 school）才写 {name}").format(name=name))
        if self.until is not None and self.year is not None and self.until < self.year:
            raise refusal("until", _("早于开始的年份 year = {year}").format(year=self.year))
        return self

    @property
    def about_unit(self) -> bool:
        """Whether it zones a unit."""
        return self.school is not None


class RuleSettings(Settings):
    """规则开关: switches of the rules; see the reference page of rules for what each says."""

    off: tuple[str, ...] = ()
    """关闭的规则（规则名）。
    Rules switched off by name."""
    on: tuple[str, ...] = ()
    """打开的、默认关闭的规则（规则名）。
    Rules switched on that are off by default."""
