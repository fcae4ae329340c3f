"""Fields of single places: works, closures, schools, alerts, findings."""

from __future__ import annotations

from simulator.outputs.figures import People
from simulator.outputs.word.field import Fields


class Shortage(Fields):
    """一处学位缺口: a shortage."""

    year: int
    """最紧的一年。
    The worst year."""
    township: str
    """乡镇街道。
    Township."""
    stage: str
    """学段。
    Stage."""
    count: People
    """缺多少学位。
    Seats short."""


class Work(Fields):
    """一项举措: a work: one section."""

    year: int
    """启用或完成年份（9月）。
    Year, September."""
    school: str
    """学校。
    School."""
    township: str
    """乡镇街道。
    Township."""
    stage: str
    """学段。
    Stage."""
    action: str
    """举措，如新建。
    Action, such as new build."""
    is_building: bool
    """是否建设项目（新建、改扩建、迁建、转换、增设）。
    Whether something is built or converted."""
    classes: int
    """班数。
    Classes."""
    seats: int
    """学位。
    Seats."""
    capital: float
    """投资，万元。
    Capital, 万元."""
    reason: str
    """理由。
    Reason."""
    robustness: str
    """稳健、待定、既定；没有判断的为空。
    Whether plans as good do it too; empty where nobody asked."""


class Project(Fields):
    """一个校区同一年的建设项目: building works of a campus in a year."""

    year: int
    """启用年份（9月）。
    Year of use."""
    name: str
    """项目名称。
    Name."""
    township: str
    """乡镇街道。
    Township."""
    action: str
    """类型。
    Action."""
    scale: str
    """规模，如“小学10班、初中6班”。
    Stages and classes."""
    stages: tuple[str, ...]
    """学段。
    Stages."""
    classes: int
    """班数。
    Classes."""
    seats: int
    """学位。
    Seats."""
    capital: float
    """投资，万元。
    Capital, 万元."""
    committed: bool
    """是否已立项。
    Whether it is committed."""
    by_others: str
    """不由本级投资时的交付方式，如代建移交；否则为空。
    How it is delivered where others pay; else empty."""
    robustness: str
    """稳健、待定、既定。
    Robustness."""
    responsible: str
    """责任单位：建设项目表里填的，没有填的为教育局。
    Who is responsible: as the table of projects names it, else the education bureau."""


class Closure(Fields):
    """一个学部的撤并或停办: a section that ends."""

    year: int
    """完成年份（9月）。
    Year."""
    school: str
    """学校。
    School."""
    township: str
    """乡镇街道。
    Township."""
    stage: str
    """学段。
    Stage."""
    action: str
    """举措。
    Action."""
    receivers: tuple[str, ...]
    """接收学校。
    Receiving schools."""
    children: People
    """安置学生。
    Children resettled."""
    unplaced: People = 0
    """没有学校可上的学生。
    Children without a school."""
    bus_seats: People
    """其中乘校车。
    Of them by school bus."""
    boarders: People
    """其中寄宿。
    Of them boarding."""
    minutes_before: float | None
    """原通学时间，单程分钟。
    Journey before, minutes."""
    minutes_after: float | None
    """新通学时间，单程分钟。
    Journey after, minutes."""


class Move(Fields):
    """一个学段一类原因的换校学生（各期相加）: children of a stage who move for a cause, summed over phases."""

    stage: str
    """学段。
    Stage."""
    enrolled: bool
    """true 在校生因学校停办，false 新生招生范围不同。
    True: enrolled children whose school closes; false: new entrants."""
    children: People
    """人次。
    Children."""
    longer: People
    """其中路程变长。
    Of them with a longer journey."""
    change: float | None
    """平均每程增减分钟。
    Mean change, minutes one way."""


class Finding(Fields):
    """一条校核问题: a finding."""

    rule: str
    """规则。
    Rule."""
    effect: str
    """效力。
    Effect."""
    place: str
    """对象。
    Place."""
    sentence: str
    """一句话。
    As a sentence."""


class Alert(Fields):
    """一校一年的学位预警: the seat alert of a school in a year."""

    year: int
    """年份。
    Year."""
    school: str
    """学校。
    School."""
    township: str
    """乡镇街道。
    Township."""
    stage: str
    """学段。
    Stage."""
    level: str
    """red 红、yellow 黄、surplus 富余、deep_surplus 严重富余、green 绿。
    Level."""
    level_name: str
    """等级名称。
    Its name."""
    pupils: int
    """学生。
    Pupils."""
    seats: int
    """标准学位。
    Standard seats."""
    use: float
    """学生 ÷ 标准学位。
    Pupils by standard seats."""


class SchoolYear(Fields):
    """一个学部的一年: a year of a section."""

    year: int
    """年份。
    Year."""
    pupils: int
    """学生。
    Pupils."""
    classes: int
    """班数。
    Classes."""
    seats: int
    """标准学位。
    Standard seats."""
    largest_class: int
    """最大班额。
    Largest class."""
    use: float | None
    """学位利用率。
    Utilization."""


class School(Fields):
    """一所学校的一个学部: a section of a school."""

    section_id: str
    """学部编号。
    Section id."""
    name: str
    """学校。
    School."""
    township: str
    """乡镇街道。
    Township."""
    stage: str
    """学段。
    Stage."""
    kind: str
    """办学类型。
    Kind."""
    nature: str
    """办别。
    Who runs it."""
    land_m2: int | None
    """占地，平方米。
    Land, m²."""
    rooms: int
    """教室。
    Rooms."""
    years: tuple[SchoolYear, ...]
    """基准年、近期末年、规划目标年。
    Base year, end of the near term, target year."""
    works: tuple[str, ...]
    """举措，各一句。
    Works, a sentence each."""
    findings: tuple[str, ...]
    """校核问题，各一句。
    Findings, a sentence each."""
    serves: str
    """规划目标年的招生范围。
    Units served in the target year."""
