"""The words that a planner reads and writes for the vocabulary."""

from __future__ import annotations

from enum import StrEnum

from simulator.language import translate
from simulator.terms.vocabulary import (
    Action,
    Affiliation,
    AlertLevel,
    AlertScope,
    AreaKind,
    Basis,
    Conflict,
    Delivery,
    Effect,
    FindingStatus,
    GroupKind,
    IndexHead,
    Lever,
    Lodging,
    Nature,
    Network,
    Preparation,
    Regime,
    Robustness,
    SectionKind,
    Serves,
    Stage,
    Status,
    Subject,
    TargetItem,
    Terrain,
    TransferReason,
    Way,
)

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
    Robustness: {"fixed": "既定", "robust": "稳健", "likely": "稳健（未证）", "undecided": "待定"},
    Lodging: {"day": "走读", "boarding": "寄宿"},
    Way: {"own": "自行往返", "school_bus": "乘校车", "boards": "寄宿", "settled": "随家进镇"},
    Serves: {"all": "全部", "migrant": "随迁"},
    Delivery: {"government": "政府建", "handover": "代建移交", "linked": "配建"},
    Preparation: {
        "none": "未开展",
        "site": "选址",
        "approved": "立项",
        "study": "可研批复",
        "design": "初步设计",
        "tender": "招标",
        "started": "已开工",
    },
    TargetItem: {
        "migrant_enrolled": "随迁子女入学率",
        "migrant_public": "随迁子女公办就读占比",
        "migrant_places": "随迁子女在公办和政府购买学位就读占比",
        "kindergarten_gross": "学前三年毛入园率",
        "kindergarten_public": "公办园在园幼儿占比",
        "kindergarten_inclusive": "普惠性幼儿园覆盖率",
        "private_compulsory": "民办义务教育在校生占比",
        "compulsory_enrolled": "义务教育入学率",
        "compulsory_retention": "九年义务教育巩固率",
        "senior_gross": "高中阶段毛入学率",
        "vocational_share": "中职占高中阶段在校生比例",
        "new_seats": "新增学位合计",
        "new_seats_kindergarten": "新增幼儿园学位",
        "new_seats_schools": "新增中小学学位",
        "nursery_seats": "新增托位",
    },
    IndexHead: {
        "resources": "资源达标",
        "balance": "校际均衡",
        "seats": "学位保障",
        "journeys": "就近入学",
        "class_sizes": "班额达标",
    },
    Lever: {
        "expand": "扩班增容",
        "divert": "区域分流",
        "adjust": "动态调整",
        "private": "民办学位",
        "nursery": "托幼一体",
    },
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
    AlertLevel: {
        "red": "红色预警",
        "yellow": "黄色预警",
        "none": "平衡",
        "surplus": "富余",
        "deep_surplus": "严重富余",
    },
    AlertScope: {"district": "全区", "area": "片区", "township": "乡镇街道", "school": "学校"},
    Subject: {
        "chinese": "语文",
        "maths": "数学",
        "english": "外语",
        "morals": "道德与法治",
        "history": "历史",
        "geography": "地理",
        "science": "科学",
        "physics": "物理",
        "chemistry": "化学",
        "biology": "生物",
        "pe": "体育",
        "music": "音乐",
        "art": "美术",
        "computing": "信息科技",
        "other": "其他学科",
    },
    GroupKind: {"group": "教育集团", "community": "教联体", "alliance": "校际联盟", "consortium": "联合体"},
    TransferReason: {
        "closing": "随学校撤并",
        "surplus": "余缺调剂",
        "stage": "跨学段转岗",
        "rotation": "交流轮岗",
    },
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


KINDERGARTEN_GRADES = {-2: "小班", -1: "中班", 0: "大班"}


def source_words() -> tuple[str, ...]:
    """Every Chinese word of the vocabulary, for the catalogues of other languages.

    >>> "教学点" in source_words()
    True
    """
    labels = [word for words in _LABELS.values() for word in words.values()]
    return (*labels, *KINDERGARTEN_GRADES.values())
