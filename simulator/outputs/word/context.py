"""What a document may say: one object of figures, tables, lists and sentences.

The built-in documents and a planner's own template are filled from it; `docs/reference/template-fields.md` and
`template check` are made from these classes. Children and seats are whole numbers, money is 万元, shares are fractions;
a figure that does not exist is None.
"""

from __future__ import annotations

from pathlib import Path

from simulator.outputs.word.context_places import Alert, Closure, Finding, Move, Project, School, Shortage, Work
from simulator.outputs.word.context_plan import (
    Counts,
    Money,
    MoneyYear,
    Offices,
    Phase,
    RuleCheck,
    Sentences,
    Sheet,
    Target,
    Task,
)
from simulator.outputs.word.context_stages import Stage, Township
from simulator.outputs.word.field import Fields


class Context(Fields):
    """全部字段: every field."""

    title: str
    """情景标题，虚构区域带〔演示〕。
    Title of the scenario; invented districts bear 〔演示〕."""
    district: str
    """区域名称。
    Name of the district."""
    demo: str
    """虚构区域为“〔演示〕”，其他为空；文件标题前用。
    The stamp of invented districts, else empty; stands before titles."""
    edition: str
    """版次说明：内部版“内部资料，未经审核不得公开”，公开版写审图号。
    Words of the edition; of the public one with the number of the map's approval."""
    map_number: str
    """审图号；没有填写的为空。
    Number of the map's approval; empty where not set."""
    author: str
    """编制单位。
    Planning body."""
    date: str
    """成文日期。
    Date."""
    qualifications: tuple[str, ...]
    """口径说明。
    What qualifies every figure."""
    rezoning: str
    """招生范围调整对谁适用，如老生老办法。
    Whom new catchments hold for."""
    base_year: int
    """基准年。
    Base year."""
    first_year: int
    """规划首年。
    First year of the plan."""
    near_year: int
    """近期末年。
    End of the near term."""
    target_year: int
    """规划目标年。
    Target year."""
    work_year: int
    """年度文件所属年份（outputs.work_year，默认规划首年）。
    Year of the yearly documents: `outputs.work_year`, by default the first year of the plan."""
    offices: Offices
    """责任单位。
    Responsible bodies."""
    units: int
    """划片单元数。
    Units."""
    townships: tuple[Township, ...]
    """各乡镇街道。
    Townships."""
    phases: tuple[Phase, ...]
    """规划分期。
    Phases."""
    stages: tuple[Stage, ...]
    """各学段。
    Stages."""
    shortages: tuple[Shortage, ...]
    """规划方案缺学位的地方，各取最紧的一年，最缺的在前。
    Where seats are short under the plan, the worst year of each, worst first."""
    shortages_idle: tuple[Shortage, ...]
    """不采取措施时缺学位的地方。
    The same without action."""
    works: tuple[Work, ...]
    """方案的举措（新建、改扩建、转换、撤并等），按年份。
    Works of the plan by year."""
    projects: tuple[Project, ...]
    """建设项目，同一校区同年的合为一项。
    Building works; those of a campus in a year are one."""
    closures: tuple[Closure, ...]
    """撤并、停办及学生去向。
    Closures and where their pupils go."""
    moves: tuple[Move, ...]
    """换学校、换招生范围的学生。
    Children whose school or catchment changes."""
    rezoned_units: int
    """招生范围有调整的划片单元数。
    Units whose catchment changes."""
    money: Money
    """资金。
    Money."""
    money_years: tuple[MoneyYear, ...]
    """逐年资金。
    Money by year."""
    counts: Counts
    """校核问题条数。
    Numbers of findings."""
    findings: tuple[Finding, ...]
    """方案新出现的校核问题，每处一条，最重的在前；公开版为空。
    New findings of the plan, one a place, gravest first; none in the public edition."""
    rules: tuple[RuleCheck, ...]
    """逐条规则的校核。
    Every rule's check."""
    alerts: tuple[Alert, ...]
    """学位预警：年度文件所属年份起三年，逐校；公开版为空。
    Seat alerts of three years from the work year by school; none in the public edition."""
    schools: tuple[School, ...]
    """有举措或有问题的学校，每校一项；公开版为空。
    Schools with works or findings; none in the public edition."""
    targets: tuple[Target, ...]
    """指标目标。
    Targets."""
    sources: tuple[str, ...]
    """编制依据：所用规范文件，去重。
    Documents that norms stand in, each once."""
    oversized_line: int | None
    """大班额的起点，人。
    Pupils from which a class is oversized."""
    unchecked: int
    """尚待核对的默认参数个数。
    Figures that are working defaults to be checked."""
    tasks: tuple[Task, ...]
    """任务分工。
    Tasks and who is responsible."""
    sentences: Sentences
    """现成的句子。
    Finished sentences."""
    assumptions: tuple[str, ...]
    """依据的假设。
    Assumptions."""
    tables: dict[str, Sheet]
    """plan.xlsx 的编号表，如 tables.T10。
    Numbered tables of plan.xlsx, such as tables.T10."""
    pictures: dict[str, Path]
    """已画的图，键为文件名（不带扩展名），如 pictures.layout；在模板中写 {{ pictures.layout }} 插入。
    Maps and charts that were drawn, by file stem; `{{ pictures.layout }}` puts one into a template."""
