"""Fields of stages and townships, year by year."""

from __future__ import annotations

from simulator.outputs.figures import People
from simulator.outputs.word.field import Fields


class StageYear(Fields):
    """一个学段的一年: a year of a stage."""

    year: int
    """年份，指当年9月。
    Year, September."""
    demand: People
    """学位需求。
    Children to be seated."""
    low: People
    """低方案的学位需求。
    The same of the low variant."""
    high: People
    """高方案的学位需求。
    The same of the high variant."""
    seats: int
    """规划方案的标准学位。
    Standard seats of the plan."""
    seats_idle: int
    """不采取措施的标准学位。
    Standard seats without action."""
    shortage: People
    """规划方案的学位缺口（各学部相加，不与富余抵消）。
    Shortage of the plan, summed over sections, never netted."""
    shortage_idle: People
    """不采取措施的学位缺口。
    Shortage without action."""
    spare: int
    """规划方案的富余学位。
    Spare seats of the plan."""
    utilization: float | None
    """规划方案的学位利用率。
    Utilization of the plan."""
    classes: int
    """规划方案的班数。
    Classes of the plan."""
    mean_class: float | None
    """平均班额。
    Mean class size."""
    largest_class: int
    """最大班额。
    Largest class."""
    oversized_share: float | None
    """大班额占比。
    Share of oversized classes."""


class Stage(Fields):
    """一个学段: a stage."""

    code: str
    """代码，如 primary。
    Code, such as primary."""
    name: str
    """名称。
    Name."""
    is_compulsory: bool
    """是否义务教育。
    Whether it is compulsory."""
    schools: int
    """现有学部数（教学点计入）。
    Sections today, teaching points included."""
    classes: int
    """现有班数。
    Classes today."""
    pupils: int
    """现有在校生。
    Pupils today."""
    mean_class: float | None
    """现有平均班额。
    Mean class size today."""
    class_size: float | None
    """标准班额。
    Standard class size."""
    class_size_max: float | None
    """最大班额。
    Largest lawful class."""
    radius_m: float | None
    """服务半径，米。
    Service radius, metres."""
    coverage: float | None
    """现状服务半径覆盖率。
    Share of children within the radius today."""
    coverage_target: float | None
    """规划目标年的覆盖率。
    The same in the target year."""
    mean_minutes: float | None
    """规划目标年平均通学时间，单程分钟。
    Mean journey in the target year, minutes one way."""
    longest_minutes: float | None
    """规划目标年最长通学时间，单程分钟。
    Longest journey in the target year, minutes one way."""
    over_limit: People
    """规划目标年超时限人数。
    Children over the time limit in the target year."""
    over_limit_idle: People
    """不采取措施时的超时限人数。
    The same without action."""
    base: StageYear
    """基准年。
    Base year."""
    near: StageYear
    """近期末年。
    End of the near term."""
    target: StageYear
    """规划目标年。
    Target year."""
    peak: StageYear
    """规划期内学位需求最大的一年。
    Year of most children within the plan."""
    worst: StageYear
    """规划方案缺口最大的一年。
    Year of the largest shortage of the plan."""
    worst_idle: StageYear
    """不采取措施缺口最大的一年。
    Year of the largest shortage without action."""
    years: tuple[StageYear, ...]
    """基准年到规划目标年，逐年。
    Every year from base to target."""


class TownshipStage(Fields):
    """一个乡镇街道的一个学段: a stage of a township."""

    stage: str
    """学段。
    Stage."""
    demand_base: People
    """基准年学位需求。
    Children in the base year."""
    demand_target: People
    """规划目标年学位需求。
    Children in the target year."""
    seats_base: int
    """基准年标准学位。
    Standard seats in the base year."""
    seats_target: int
    """规划目标年标准学位。
    Standard seats in the target year."""
    shortage_peak: People
    """规划期内最大缺口。
    Largest shortage of the plan."""
    shortage_peak_idle: People
    """不采取措施的最大缺口。
    Largest shortage without action."""


class Township(Fields):
    """一个乡镇街道: a township."""

    name: str
    """名称。
    Name."""
    stages: tuple[TownshipStage, ...]
    """各学段。
    Stages."""
