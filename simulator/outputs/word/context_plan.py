"""Fields of the plan as a whole: bodies, money, rules, targets, phases, tasks, sentences, tables."""

from __future__ import annotations

from simulator.outputs.word.field import Fields


class Offices(Fields):
    """责任单位: bodies that tasks are given to: their names in `outputs.offices` of the scenario, else the usual word."""

    education: str
    """教育局。
    Education bureau."""
    planning: str
    """自然资源和规划局。
    Natural resources and planning."""
    finance: str
    """财政局。
    Finance."""
    development: str
    """发展和改革局。
    Development and reform."""
    housing: str
    """住房和城乡建设局。
    Housing and construction."""
    staffing: str
    """机构编制部门。
    Staffing commission."""
    transport: str
    """公安、交通运输部门。
    Police and transport."""
    townships: str
    """乡镇人民政府、街道办事处。
    Township governments and subdistrict offices."""


class Money(Fields):
    """资金，万元: money, 万元."""

    capital: float
    """规划期投资合计。
    Capital of the plan."""
    running_base: float | None
    """基准年运行费。
    Running cost of the base year."""
    running_target: float | None
    """规划目标年运行费。
    Running cost of the target year."""
    running_target_idle: float | None
    """不采取措施的规划目标年运行费。
    The same without action."""
    has_limit: bool
    """情景是否设了投资限额。
    Whether the scenario limits capital."""


class MoneyYear(Fields):
    """一年的资金，万元: money of a year, 万元."""

    year: int
    """年份。
    Year."""
    capital: float
    """投资。
    Capital."""
    running: float
    """运行费。
    Running cost."""


class Counts(Fields):
    """独立校核的条数: numbers of findings of the audit."""

    rigid: int
    """违反刚性规则。
    Rigid."""
    evaluation: int
    """评估问题。
    Evaluation."""
    advisory: int
    """提示。
    Advisory."""
    own: int
    """本地目标。
    The planner's own targets."""
    inherited: int
    """现状延续。
    Inherited."""
    declared: int
    """已在方案的学位缺口中列明。
    Declared."""


class RuleCheck(Fields):
    """一条规则的校核: the check of a rule."""

    title: str
    """规则。
    Title."""
    effect: str
    """效力。
    Effect."""
    source: str
    """依据。
    Source."""
    today: int
    """基准年不满足的处数。
    Places that fail in the base year."""
    target: int
    """规划目标年不满足的处数。
    Places that fail in the target year under the plan."""
    idle: int
    """不采取措施时规划目标年不满足的处数。
    The same without action."""


class Target(Fields):
    """一项指标的目标: a target."""

    title: str
    """指标。
    Indicator."""
    unit: str
    """单位。
    Unit."""
    today: float | None
    """基准年。
    Base year."""
    near: float | None
    """近期末年。
    End of the near term."""
    target: float | None
    """规划目标年。
    Target year."""
    idle: float | None
    """不采取措施的规划目标年。
    Target year without action."""
    norm: float | None
    """标准。
    Norm."""
    source: str
    """标准的依据。
    Where the norm stands."""


class Phase(Fields):
    """规划分期: a phase."""

    number: int
    """第几期。
    Number."""
    first_year: int
    """首年。
    First year."""
    last_year: int
    """末年。
    Last year."""
    projects: int
    """启用的建设项目数。
    Works taken into use."""
    seats: int
    """新增学位。
    Seats added."""
    capital: float
    """启用项目的投资，万元。
    Capital of these works, 万元."""


class Task(Fields):
    """一项任务: a task."""

    title: str
    """任务。
    Title."""
    measures: tuple[str, ...]
    """措施，各一句。
    Measures, a sentence each."""
    office: str
    """责任单位。
    Who is responsible."""
    deadline: str
    """时限。
    Until when."""


class Sentences(Fields):
    """现成的句子，与 summary.md 相同: finished sentences, those of summary.md."""

    shortage: tuple[str, ...]
    """哪里缺学位。
    Where seats are short."""
    works: tuple[str, ...]
    """方案做什么。
    What is proposed."""
    cost: tuple[str, ...]
    """花多少钱。
    What it costs."""
    journeys: tuple[str, ...]
    """谁走得更远。
    Who travels farther."""
    findings: tuple[str, ...]
    """哪些规则没有满足。
    Which rules fail."""
    quality: tuple[str, ...]
    """方案质量。
    How good the plan is."""


class Sheet(Fields):
    """一张附表，各格为文字，与 plan.xlsx 相同: a table of plan.xlsx, its cells as text."""

    name: str
    """编号，如 T10。
    Number, such as T10."""
    title: str
    """表名。
    Title."""
    unit: str
    """单位。
    Unit line."""
    note: str
    """表注。
    Note."""
    names: tuple[str, ...]
    """各列的代码。
    Codes of the columns."""
    columns: tuple[str, ...]
    """表头。
    Headers."""
    numeric: tuple[bool, ...]
    """各列是否数字。
    Which columns hold figures."""
    rows: tuple[tuple[str, ...], ...]
    """各行。
    Rows."""
