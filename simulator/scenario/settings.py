"""Every setting of a scenario in one frozen object.

`scenarios/defaults.toml`, the JSON schema and the reference page are generated from these classes.
"""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from simulator.scenario.balance import BalanceSettings
from simulator.scenario.base import Settings, refusal
from simulator.scenario.checks import (
    budget_faults,
    decision_faults,
    default_phases,
    draw_faults,
    goal_faults,
    phase_faults,
)
from simulator.scenario.consolidation import ConsolidationSettings, consolidation_faults
from simulator.scenario.horizon import (
    DistrictSettings,
    HorizonSettings,
    PhaseSettings,
    ProjectionSettings,
    StandardsSettings,
)
from simulator.scenario.levers import LeverSettings
from simulator.scenario.network import (
    AccessSettings,
    BudgetSettings,
    CandidateSettings,
    Decision,
    LimitSettings,
    RuleSettings,
    SeatSettings,
    TimingSettings,
    ZoningSettings,
)
from simulator.scenario.population import PopulationSettings, StudySettings
from simulator.scenario.solution import ObjectiveSettings, OutputSettings, SolverSettings
from simulator.scenario.staff import GroupSettings, TeacherSettings
from simulator.scenario.targets import MoneySettings, TargetSettings
from simulator.scenario.uncertainty import UncertaintySettings
from simulator.standards.toml_file import key_name

__all__ = [
    "AccessSettings",
    "BalanceSettings",
    "BudgetSettings",
    "CandidateSettings",
    "ConsolidationSettings",
    "Decision",
    "DistrictSettings",
    "GroupSettings",
    "HorizonSettings",
    "LeverSettings",
    "LimitSettings",
    "MoneySettings",
    "ObjectiveSettings",
    "OutputSettings",
    "PhaseSettings",
    "PopulationSettings",
    "ProjectionSettings",
    "RuleSettings",
    "Scenario",
    "SeatSettings",
    "Settings",
    "SolverSettings",
    "StandardsSettings",
    "StudySettings",
    "TargetSettings",
    "TeacherSettings",
    "TimingSettings",
    "UncertaintySettings",
    "ZoningSettings",
]


class Scenario(Settings):
    """情景: one frozen object of everything that a run depends on besides the district's tables."""

    title: str = Field(min_length=1)
    """标题，印在所有成果上。
    Title, printed on every output."""
    district: DistrictSettings
    """区域。
    Which district."""
    standards: StandardsSettings = StandardsSettings()
    """规范数据文件和自定数据。
    Norm files and the planner's own figures."""
    horizon: HorizonSettings = HorizonSettings()
    """规划期限。
    Years."""
    phases: tuple[PhaseSettings, ...] = ()
    """规划分期；不写则前五年每年一期，再五年一期，其余到目标年一期。
    Phases; empty means five of one year, one of five, one to the target year."""
    projection: ProjectionSettings = ProjectionSettings()
    """学龄人口预测。
    Projection."""
    population: PopulationSettings = PopulationSettings()
    """人口：生育、存活、迁移、随迁。
    Births, survival, moves."""
    study: StudySettings = StudySettings()
    """就读去向的变化。
    Where children study."""
    uncertainty: UncertaintySettings = UncertaintySettings()
    """不确定性：抽样次数和各项波动的大小。
    How many futures are drawn, and how far they spread."""
    access: AccessSettings = AccessSettings()
    """通学。
    Journeys."""
    seats: SeatSettings = SeatSettings()
    """学位。
    Seats."""
    timing: TimingSettings = TimingSettings()
    """时序。
    Timing."""
    budget: BudgetSettings = BudgetSettings()
    """资金。
    Money."""
    money: MoneySettings = MoneySettings()
    """经费的测算口径。
    How running cost is worked out."""
    candidates: CandidateSettings = CandidateSettings()
    """可调整范围。
    What may change."""
    consolidation: ConsolidationSettings = ConsolidationSettings()
    """撤并。
    How closures are gone about."""
    zoning: ZoningSettings = ZoningSettings()
    """划片。
    Catchments."""
    teachers: TeacherSettings = TeacherSettings()
    """师资。
    Teachers."""
    groups: GroupSettings = GroupSettings()
    """集团化办学。
    Education groups."""
    levers: LeverSettings = LeverSettings()
    """过渡学位、购买学位、普惠认定、民办退出、托位、招生对象。
    Levers beside building and zoning."""
    targets: tuple[TargetSettings, ...] = ()
    """本地目标：占比和承诺的学位，到期年份。
    The plan's own targets and promises."""
    decisions: tuple[Decision, ...] = ()
    """已定事项。
    The planner's fixed decisions."""
    balance: BalanceSettings = BalanceSettings()
    """督导评估的口径。
    How the evaluations are worked out."""
    rules: RuleSettings = RuleSettings()
    """规则开关。
    Switches of the rules."""
    objective: ObjectiveSettings = ObjectiveSettings()
    """目标和单价。
    Goals and prices."""
    solver: SolverSettings = SolverSettings()
    """求解。
    Solver."""
    outputs: OutputSettings = OutputSettings()
    """成果。
    Outputs."""

    @model_validator(mode="after")
    def groups_agree(self) -> Self:
        """Refuse phases that leave gaps, a budget of another length, decisions outside the plan."""
        faults = (
            *phase_faults(self.horizon, self.phases),
            *budget_faults(self.horizon, self.phases, self.budget),
            *decision_faults(self.horizon, self.phases, self.decisions),
            *consolidation_faults(self.consolidation, self.horizon.base_year, self.horizon.target_year),
            *goal_faults(self.objective),
            *draw_faults(self.projection, self.uncertainty),
        )
        for path, fault in faults:
            raise refusal(key_name(path), fault)
        return self

    @property
    def plan_phases(self) -> tuple[PhaseSettings, ...]:
        """The phases as given, or the default: five of one year, one of five, one to the end."""
        return self.phases or default_phases(self.horizon)

    @property
    def plan_years(self) -> range:
        """The years that the plan decides, without the base year."""
        return range(self.plan_phases[0].first_year, self.horizon.target_year + 1)

    @property
    def projection_years(self) -> range:
        """Base year to the end of the projection."""
        return range(self.horizon.base_year, self.horizon.projection_to + 1)

    def phase_of(self, year: int) -> int:
        """Number of the phase of a year: 0 before phase 1, the last phase's after the target year."""
        return sum(1 for phase in self.plan_phases if phase.first_year <= year)
