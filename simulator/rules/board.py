"""督导评估的各项: what a county is recognised by, item by item, and where each answer comes from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Programme(StrEnum):
    """督导评估: the two evaluations that a county applies for."""

    BALANCE = "balance"
    PRESCHOOL = "preschool"


class ItemGroup(StrEnum):
    """The parts of an evaluation."""

    RESOURCE = "resource"
    VARIATION = "variation"
    GUARANTEE = "guarantee"
    QUALITY = "quality"
    OTHER = "other"


class Answer(StrEnum):
    """Where an item's state comes from."""

    COMPUTED = "computed"
    DECLARED = "declared"
    EITHER = "either"


@dataclass(frozen=True)
class BoardItem:
    """One item of an evaluation.

    Parameters
    ----------
    item_id, title
        Code of the tables, and what a planner calls it, in Chinese.
    programme, group, number
        Which evaluation, which part of it, and its number there.
    answer
        Worked out from the tables, declared by the bureau (`declared_items`), or worked out where nothing is declared.
    norm
        Id of the norm figure; empty: the norm is that no place fails (0), or a plain yes.
    at_least
        Whether the figure must not be below the norm (else not above).
    unit
        Unit of the figure, in Chinese.
    """

    item_id: str
    title: str
    programme: Programme
    group: ItemGroup
    number: int
    answer: Answer
    norm: str = ""
    at_least: bool = True
    unit: str = ""


@dataclass(frozen=True)
class Resource:
    """One of the seven resource indicators.

    Parameters
    ----------
    code, item_id, short, title, unit
        L1–L7, code of the tables, Chinese word, title and unit.
    norm
        Id of the norm figure without its stage.
    carrier
        Column of what is counted; `per` pupils are its denominator.
    """

    code: str
    item_id: str
    short: str
    title: str
    unit: str
    norm: str
    carrier: str
    per: int


RESOURCES: tuple[Resource, ...] = (
    Resource(
        "L1",
        "above_degree",
        "高学历教师",
        "每百名学生高于规定学历教师数",
        "人/百生",
        "balance.teachers_above_degree",
        "above_degree",
        100,
    ),
    Resource(
        "L2", "backbone", "骨干教师", "每百名学生县级以上骨干教师数", "人/百生", "balance.key_teachers", "backbone", 100
    ),
    Resource(
        "L3",
        "pe_arts",
        "体艺教师",
        "每百名学生体育、艺术专任教师数",
        "人/百生",
        "balance.sports_arts_teachers",
        "pe_arts",
        100,
    ),
    Resource(
        "L4", "teaching_area", "教学用房", "生均教学及辅助用房面积", "平方米/生", "area.teaching", "teaching_m2", 1
    ),
    Resource("L5", "sports_area", "运动场馆", "生均体育运动场馆面积", "平方米/生", "area.sports", "sports_m2", 1),
    Resource("L6", "equipment", "设备值", "生均教学仪器设备值", "元/生", "balance.equipment_yuan", "equipment_yuan", 1),
    Resource(
        "L7",
        "networked_rooms",
        "网络教室",
        "每百名学生网络多媒体教室数",
        "间/百生",
        "balance.networked_rooms",
        "networked_rooms",
        100,
    ),
)
"""资源配置 of 教督〔2017〕6号, school by school."""

_G, _Q, _O = ItemGroup.GUARANTEE, ItemGroup.QUALITY, ItemGroup.OTHER
_B, _P = Programme.BALANCE, Programme.PRESCHOOL
_C, _D, _E = Answer.COMPUTED, Answer.DECLARED, Answer.EITHER

_ITEMS = (
    BoardItem("schools_reach", "七项资源指标六项达标、余项不低于85%", _B, ItemGroup.RESOURCE, 1, _C, unit="所"),
    BoardItem("variation_primary", "小学七项指标校际差异系数", _B, ItemGroup.VARIATION, 1, _C, unit="项"),
    BoardItem("variation_junior", "初中七项指标校际差异系数", _B, ItemGroup.VARIATION, 2, _C, unit="项"),
    BoardItem("layout", "学校规划布局合理", _B, _G, 1, _E, at_least=False, unit="人"),
    BoardItem("unified_standards", "城乡建设、编制、经费、装备标准统一", _B, _G, 2, _D),
    BoardItem("music_art_rooms", "每12个班有音乐、美术专用教室各1间以上且面积达标", _B, _G, 3, _E, at_least=False, unit="所"),
    BoardItem("school_size", "学校规模不超上限", _B, _G, 4, _C, at_least=False, unit="所"),
    BoardItem("class_size", "所有班级不超标准班额", _B, _G, 5, _C, at_least=False, unit="班"),
    BoardItem("small_school_funds", "不足100名学生的学校按100名核定公用经费", _B, _G, 6, _D),
    BoardItem("special_funds", "特殊教育学校生均公用经费", _B, _G, 7, _D, "balance.special_pupil_funds", unit="元/生"),
    BoardItem("teacher_pay", "教师平均工资不低于当地公务员", _B, _G, 8, _D),
    BoardItem("teacher_training", "教师5年360学时培训完成率", _B, _G, 9, _D, "balance.training_completion", unit="比例"),
    BoardItem("posts_pooled", "在核定总额内统筹分配各校编制和岗位", _B, _G, 10, _D),
    BoardItem("rotation", "交流轮岗教师占符合条件教师的比例", _B, _G, 11, _E, "balance.rotation_share", unit="比例"),
    BoardItem("rotation_backbone", "交流轮岗教师中骨干教师的比例", _B, _G, 11, _E, "balance.rotation_key_share", unit="比例"),
    BoardItem("certified", "专任教师持证上岗率", _B, _G, 12, _D, "balance.certified_share", unit="比例"),
    BoardItem("catchment_primary", "城镇公办小学就近划片入学比例", _B, _G, 13, _C, "travel.catchment_share.primary", unit="比例"),
    BoardItem("catchment_junior", "城镇公办初中就近划片入学比例", _B, _G, 13, _C, "travel.catchment_share.junior", unit="比例"),
    BoardItem("senior_quota", "优质高中招生名额分配比例", _B, _G, 14, _D, "balance.senior_quota", unit="比例"),
    BoardItem("migrant_places", "随迁子女在公办和政府购买学位就读比例", _B, _G, 15, _E, "balance.migrant_places", unit="比例"),
    BoardItem("left_behind_care", "留守儿童关爱体系健全", _B, _G, 15, _D),
    BoardItem("junior_retention", "初中三年巩固率", _B, _Q, 1, _E, "balance.junior_retention", unit="比例"),
    BoardItem("disabled_enrolment", "残疾儿童少年入学率", _B, _Q, 2, _D, "balance.disabled_enrolment", unit="比例"),
    BoardItem("charters", "所有学校制定章程，实现管理与教学信息化", _B, _Q, 3, _D),
    BoardItem("training_funds", "教师培训经费占公用经费预算的比例", _B, _Q, 4, _D, "balance.training_share", unit="比例"),
    BoardItem("equipment_used", "教师熟练运用信息化手段，设备利用率较高", _B, _Q, 5, _D),
    BoardItem("conduct", "德育和校园文化建设水平良好以上", _B, _Q, 6, _D),
    BoardItem("full_curriculum", "课程开齐开足，综合实践活动有效开展", _B, _Q, 7, _D),
    BoardItem("no_overload", "无过重课业负担", _B, _Q, 8, _D),
    BoardItem("quality_monitoring", "国家质量监测Ⅲ级以上且校际差异率低于0.15", _B, _Q, 9, _D),
    BoardItem("satisfaction", "社会认可度", _B, _O, 1, _D, "balance.satisfaction", unit="比例"),
    BoardItem("no_veto", "没有以考试方式招生、违规择校、重点学校重点班等一票否决情形", _B, _O, 2, _D),
    BoardItem("basic_balance", "通过基本均衡认定的年数", _B, _O, 3, _D, "balance.basic_years", unit="年"),
    BoardItem("preschool_gross", "学前三年毛入园率", _P, _O, 1, _E, "preschool.gross_enrolment", unit="比例"),
    BoardItem("preschool_inclusive", "普惠性幼儿园覆盖率", _P, _O, 2, _C, "preschool.inclusive_share", unit="比例"),
    BoardItem("preschool_public", "公办园在园幼儿占比", _P, _O, 3, _C, "preschool.public_share", unit="比例"),
    BoardItem("preschool_funds", "公办园拨款、普惠民办园补助达到省定标准", _P, _O, 4, _D),
    BoardItem("preschool_pay", "非在编与在编教师工资比", _P, _O, 5, _D, "preschool.wage_ratio", unit="比例"),
    BoardItem("preschool_building", "生均园舍建筑面积", _P, _O, 6, _E, "area.kindergarten_building", unit="平方米/生"),
    BoardItem("preschool_activity", "生均幼儿活动用房面积", _P, _O, 7, _E, "area.kindergarten_activity", unit="平方米/生"),
    BoardItem("preschool_outdoor", "生均室外游戏场地面积", _P, _O, 8, _E, "area.kindergarten_outdoor", unit="平方米/生"),
    BoardItem("preschool_classes", "班额达标的班级占比", _P, _O, 9, _C, "preschool.class_size_share", unit="比例"),
    BoardItem(
        "preschool_teachers", "每名专任教师对应的在园幼儿", _P, _O, 10, _E, "preschool.children_per_teacher",
        at_least=False, unit="人",
    ),
    BoardItem("preschool_certified", "园长、专任教师持证上岗率", _P, _O, 11, _D, "balance.certified_share", unit="比例"),
    BoardItem("preschool_satisfaction", "学前教育社会认可度", _P, _O, 12, _D, "balance.satisfaction", unit="比例"),
    BoardItem("preschool_centres", "没有公办中心园的乡镇街道", _P, _O, 13, _C, at_least=False, unit="个"),
    BoardItem("preschool_linked", "小区配套园同步建设移交，办成公办或普惠园", _P, _O, 14, _D),
)  # fmt: skip

BOARD: dict[str, BoardItem] = {item.item_id: item for item in _ITEMS}
"""Item id → item, in the order of the two documents."""

DECLARABLE: dict[str, str] = {
    "layout": "规划布局",
    "unified_standards": "四个统一",
    "music_art_rooms": "音美教室",
    "small_school_funds": "百人拨款",
    "special_funds": "特教经费",
    "teacher_pay": "教师工资",
    "teacher_training": "教师培训",
    "posts_pooled": "编制统筹",
    "rotation": "轮岗比例",
    "rotation_backbone": "轮岗骨干",
    "certified": "持证上岗",
    "senior_quota": "名额分配",
    "migrant_places": "随迁就读",
    "left_behind_care": "留守关爱",
    "junior_retention": "初中巩固",
    "disabled_enrolment": "残疾入学",
    "charters": "章程信息化",
    "training_funds": "培训经费",
    "equipment_used": "设备利用",
    "conduct": "德育文化",
    "full_curriculum": "课程开齐",
    "no_overload": "课业负担",
    "quality_monitoring": "质量监测",
    "satisfaction": "社会认可",
    "no_veto": "无一票否决",
    "basic_balance": "基本均衡",
    "preschool_gross": "毛入园率",
    "preschool_funds": "园拨款",
    "preschool_pay": "园工资比",
    "preschool_building": "园舍面积",
    "preschool_activity": "园活动室",
    "preschool_outdoor": "园场地",
    "preschool_teachers": "园师幼比",
    "preschool_certified": "园持证",
    "preschool_satisfaction": "园认可度",
    "preschool_linked": "配套园",
}
"""Items that the bureau may declare → the short word for them in its table."""
