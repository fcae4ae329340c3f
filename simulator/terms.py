"""The vocabulary: every word that tables, settings, the model and the reports share.

A member's value is the English word of the files; :func:`label` gives the word a planner reads.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from simulator.language import translate


class Stage(StrEnum):
    """学段: a stage of schooling."""

    KINDERGARTEN = "kindergarten"
    PRIMARY = "primary"
    JUNIOR = "junior"
    SENIOR = "senior"
    VOCATIONAL = "vocational"
    SPECIAL = "special"


class Regime(StrEnum):
    """招生方式: how children come to a section of a stage."""

    CATCHMENT = "catchment"
    SHARED_CATCHMENT = "shared_catchment"
    FEEDER = "feeder"
    CHOICE = "choice"
    POOL = "pool"


class AreaKind(StrEnum):
    """城乡分类 of a unit, from the 城乡分类代码 of the statistics bureau."""

    CITY = "city"
    TOWN = "town"
    VILLAGE = "village"


class Terrain(StrEnum):
    """地形, which sets the detour factor where there is no road layer."""

    PLAIN = "plain"
    HILL = "hill"
    MOUNTAIN = "mountain"
    ISLAND = "island"


class Affiliation(StrEnum):
    """隶属: who runs the school."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWNSHIP = "township"
    ENTERPRISE = "enterprise"
    PRIVATE = "private"


class Nature(StrEnum):
    """办别: the owner of the school."""

    EDUCATION_BUREAU = "education_bureau"
    OTHER_BUREAU = "other_bureau"
    COLLECTIVE = "collective"
    INCLUSIVE_PRIVATE = "inclusive_private"
    PRIVATE = "private"


class Status(StrEnum):
    """现状 of a campus."""

    OPERATING = "operating"
    UNDER_CONSTRUCTION = "under_construction"
    COMMITTED = "committed"
    RESERVED = "reserved"
    DISUSED = "disused"


class SectionKind(StrEnum):
    """办学类型 of the campus a section belongs to."""

    KINDERGARTEN = "kindergarten"
    ATTACHED_KINDERGARTEN = "attached_kindergarten"
    VISITING_POINT = "visiting_point"
    COMPLETE_PRIMARY = "complete_primary"
    TEACHING_POINT = "teaching_point"
    NINE_YEAR = "nine_year"
    JUNIOR_SCHOOL = "junior_school"
    COMPLETE_SECONDARY = "complete_secondary"
    SENIOR_SCHOOL = "senior_school"
    VOCATIONAL_SCHOOL = "vocational_school"
    SPECIAL_SCHOOL = "special_school"


class Lodging(StrEnum):
    """走读或寄宿."""

    DAY = "day"
    BOARDING = "boarding"


class Serves(StrEnum):
    """招生对象."""

    ALL = "all"
    MIGRANT = "migrant"


class Delivery(StrEnum):
    """交付方式 of a planned education plot."""

    GOVERNMENT = "government"
    HANDOVER = "handover"
    LINKED = "linked"


class Conflict(StrEnum):
    """用地冲突 of a plot."""

    NONE = "none"
    FARMLAND = "farmland"
    RED_LINE = "red_line"


class Action(StrEnum):
    """规划举措: what the plan does at a site."""

    KEEP = "keep"
    NEW_BUILD = "new_build"
    EXTENSION = "extension"
    RELOCATION = "relocation"
    CONSOLIDATION = "consolidation"
    ADD_SECTION = "add_section"
    STOP_SECTION = "stop_section"
    SUSPENSION = "suspension"
    CONVERSION = "conversion"


class Effect(StrEnum):
    """效力 of a rule: what it means to break it."""

    RIGID = "rigid"
    EVALUATION = "evaluation"
    ADVISORY = "advisory"
    OWN = "own"


class Basis(StrEnum):
    """依据类型 of a rule."""

    LAW = "law"
    POLICY = "policy"
    EVALUATION = "evaluation"
    TECHNICAL = "technical"
    LOCAL = "local"


class Network(StrEnum):
    """方案口径: the two networks that every output shows side by side."""

    PLAN = "plan"
    NO_ACTION = "no_action"


class FindingStatus(StrEnum):
    """性质 of an audit finding."""

    NEW = "new"
    INHERITED = "inherited"
    DECLARED = "declared"


_LABELS: dict[type[StrEnum], dict[str, str]] = {
    Stage: {
        "kindergarten": "幼儿园",
        "primary": "小学",
        "junior": "初中",
        "senior": "普通高中",
        "vocational": "中职",
        "special": "特教",
    },
    Regime: {
        "catchment": "单校划片",
        "shared_catchment": "多校划片",
        "feeder": "对口",
        "choice": "择园就近",
        "pool": "全区统筹",
    },
    AreaKind: {"city": "城区", "town": "镇区", "village": "乡村"},
    Terrain: {"plain": "平原", "hill": "丘陵", "mountain": "山地", "island": "海岛"},
    Affiliation: {
        "province": "省",
        "city": "市",
        "county": "县区",
        "township": "乡镇",
        "enterprise": "部门企业",
        "private": "民办",
    },
    Nature: {
        "education_bureau": "教育部门",
        "other_bureau": "其他部门",
        "collective": "集体",
        "inclusive_private": "普惠民办",
        "private": "非普惠民办",
    },
    Status: {
        "operating": "现状",
        "under_construction": "在建",
        "committed": "已立项",
        "reserved": "规划储备",
        "disused": "停用",
    },
    SectionKind: {
        "kindergarten": "幼儿园",
        "attached_kindergarten": "附设幼儿班",
        "visiting_point": "走教点",
        "complete_primary": "完小",
        "teaching_point": "教学点",
        "nine_year": "九年一贯",
        "junior_school": "初级中学",
        "complete_secondary": "完中",
        "senior_school": "高级中学",
        "vocational_school": "中等职业学校",
        "special_school": "特殊教育学校",
    },
    Lodging: {"day": "走读", "boarding": "寄宿"},
    Serves: {"all": "全部", "migrant": "随迁"},
    Delivery: {"government": "政府建", "handover": "代建移交", "linked": "配建"},
    Conflict: {"none": "无", "farmland": "永久基本农田", "red_line": "生态保护红线"},
    Action: {
        "keep": "保留",
        "new_build": "新建",
        "extension": "改扩建",
        "relocation": "迁建",
        "consolidation": "撤并",
        "add_section": "增设学部",
        "stop_section": "停办学部",
        "suspension": "暂停办学",
        "conversion": "学段转换",
    },
    Effect: {"rigid": "刚性", "evaluation": "评估", "advisory": "提示", "own": "自定"},
    Basis: {
        "law": "法律法规",
        "policy": "规范性文件",
        "evaluation": "督导评估",
        "technical": "技术标准",
        "local": "本地目标",
    },
    Network: {"plan": "规划方案", "no_action": "不采取措施"},
    FindingStatus: {"new": "方案产生", "inherited": "现状延续", "declared": "方案已列明"},
}


def source_label(term: StrEnum) -> str:
    """The Chinese word of a term, as it stands in tables, whatever the output language.

    >>> source_label(Stage.PRIMARY)
    '小学'
    """
    return _LABELS[type(term)][term.value]


def label(term: StrEnum) -> str:
    """The word of a term in the output language."""
    return translate(source_label(term))


def spellings(kind: type[StrEnum]) -> dict[str, str]:
    """Every accepted spelling of a vocabulary → its file value.

    >>> spellings(AreaKind)["城区"], spellings(AreaKind)["city"]
    ('city', 'city')
    """
    words = {chinese: value for value, chinese in _LABELS[kind].items()}
    return words | {value: value for value in _LABELS[kind]}


# A grade is the age at 31 August less five, so kindergarten is −2, −1, 0 and senior school 10–12.
AGE_OF_GRADE = 5
_KINDERGARTEN_GRADES = {-2: "小班", -1: "中班", 0: "大班"}


def grade_label(grade: int) -> str:
    """The word of a grade in the output language.

    >>> grade_label(-2), grade_label(7)
    ('小班', '7年级')
    """
    if grade in _KINDERGARTEN_GRADES:
        return translate(_KINDERGARTEN_GRADES[grade])
    return translate("{grade}年级").format(grade=grade)


def grade_spellings() -> dict[str, int]:
    """Every accepted spelling of a grade → its number (托班 is not planned for)."""
    return {word: grade for grade, word in _KINDERGARTEN_GRADES.items()} | {
        str(grade): grade for grade in range(-2, 13)
    }


STAGE_GRADES: dict[Stage, tuple[int, int]] = {
    Stage.KINDERGARTEN: (-2, 0),
    Stage.PRIMARY: (1, 6),
    Stage.JUNIOR: (7, 9),
    Stage.SENIOR: (10, 12),
    Stage.VOCATIONAL: (10, 12),
    Stage.SPECIAL: (1, 9),
}
"""First and last grade of a stage in the 6·3 system, both included."""

COMPULSORY = (Stage.PRIMARY, Stage.JUNIOR)
WHOLE_UNIT_REGIMES = (Regime.CATCHMENT, Regime.SHARED_CATCHMENT, Regime.FEEDER)


@dataclass(frozen=True, order=True)
class Band:
    """年级段: grades of one stage that every section either runs entirely or not at all."""

    stage: Stage
    grade_from: int
    grade_to: int

    @property
    def band_id(self) -> str:
        """`primary` for a whole stage, `primary_1_3` for a part of it."""
        if (self.grade_from, self.grade_to) == STAGE_GRADES[self.stage]:
            return self.stage.value
        return f"{self.stage.value}_{self.grade_from}_{self.grade_to}"

    @property
    def grades(self) -> range:
        """The grades of the band."""
        return range(self.grade_from, self.grade_to + 1)

    @property
    def title(self) -> str:
        """The word of the band in the output language."""
        if self.band_id == self.stage.value:
            return label(self.stage)
        return translate("{stage}{first}—{last}年级").format(
            stage=label(self.stage), first=self.grade_from, last=self.grade_to
        )


def band_of(band_id: str) -> Band:
    """The band that an id names.

    >>> band_of("primary_1_3")
    Band(stage=<Stage.PRIMARY: 'primary'>, grade_from=1, grade_to=3)
    >>> band_of("junior").grades
    range(7, 10)
    """
    if band_id in set(Stage):
        stage = Stage(band_id)
        return Band(stage, *STAGE_GRADES[stage])
    stage_word, first, last = band_id.rsplit("_", 2)
    return Band(Stage(stage_word), int(first), int(last))
