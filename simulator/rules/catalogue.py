"""The trade's catalogue of checks: every one with the place in the program where it lives, or why it has none."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class HomeKind(StrEnum):
    """What carries out a check of the catalogue."""

    RULE = "rule"
    ITEM = "item"
    TABLE = "table"
    INPUT_CHECK = "input_check"
    SETTING = "setting"
    FIGURE = "figure"


@dataclass(frozen=True)
class Home:
    """Where a check lives.

    Parameters
    ----------
    kind, name
        A rule of the register (checked by the audit), an item of the evaluation board, a table of the result, a check of
        the inputs, a setting of the scenario, a norm figure.
    """

    kind: HomeKind
    name: str


@dataclass(frozen=True)
class Entry:
    """A check of the catalogue.

    Parameters
    ----------
    code, title
        Its number, and what it checks, in Chinese.
    homes
        Where it lives.
    note
        What a reader must know besides, or why it has no home.
    """

    code: str
    title: str
    homes: tuple[Home, ...]
    note: str = ""


def _homes(text: str) -> tuple[Home, ...]:
    """Homes from `kind:name` words; a bare word is a rule."""
    pairs = [word.partition(":") for word in text.split()]
    return tuple(Home(HomeKind(kind if colon else "rule"), name if colon else kind) for kind, colon, name in pairs)


_ENTRIES = (
    ("C01", "小学、初中班额上限", "class_size_standard item:class_size", ""),
    ("C02", "大班额、超大班额比例", "oversized_share no_extreme_class table:oversized_schedule", ""),
    ("C03", "起始年级班额", "entry_grade_classes table:class_tails", ""),
    ("C04", "幼儿园班额", "kindergarten_class_size item:preschool_classes", ""),
    ("C05", "学校规模上限", "largest_campus item:school_size", ""),
    ("C06", "新建学校班数上限", "new_build_classes standard_class_counts", ""),
    ("C07", "普通高中渡峰放宽", "oversized_share no_extreme_class", "普通高中的大班额各年只作提示，不判不合格"),
    ("S01", "小规模学校清单", "small_schools", ""),
    ("S02", "撤并否决情形", "closure_vetoed closure_travel closure_receivers boarding_within_beds largest_campus table:closures", "意见录入 opinions 表，否决即保留"),
    ("S03", "先建后撤", "build_before_close pupils_within_seats", ""),
    ("S04", "撤并程序记录", "closure_procedure table:closures setting:consolidation.transition_years", "意见录入 opinions 表，各步日期录入 procedure 表，缺的步骤列在表 T22"),
    ("S05", "应留必留", "protected_stays_open table:kept_schools", ""),
    ("S06", "稳慎优化的立场", "closures_a_year table:closure_programme setting:consolidation.posture", "每年撤并数设限，每所撤并学校逐一列出理由"),
    ("T01", "城镇服务半径", "coverage_radius", ""),
    ("T02", "农村低年级路途与寄宿", "travel_within_limit boarding_within_beds", ""),
    ("T03", "农村小学高年级走读为主", "upper_primary_boarding", ""),
    ("T04", "农村单程距离", "rural_distance", ""),
    ("T05", "不穿越阻隔", "barrier_crossed", "没有通道数据时只作提示"),
    ("T06", "校车需求", "bus_needed table:indicators_transport", "超出情景设定的时限才算，设定不是法律，故只提示"),
    ("T07", "就近划片入学比例", "catchment_share item:catchment_primary item:catchment_junior", ""),
    ("D01", "学位等人", "seats_before_children pupils_within_seats", ""),
    ("D02", "学位预警", "alert_level table:warnings", ""),
    ("D03", "学区生源与招生计划相适应", "intake_fits_plan", ""),
    ("M01", "随迁子女就读", "migrant_places own_targets item:migrant_places table:shares", ""),
    ("M02", "民办义务教育占比", "private_share table:shares", "全省占比须由省级汇总，这里只算本县"),
    ("E01", "七项资源指标", "resource_indicators item:schools_reach table:board_schools", ""),
    ("E02", "校际差异系数", "difference_coefficient item:variation_primary item:variation_junior table:board_variation", ""),
    ("E03", "音乐、美术专用教室", "music_art_rooms item:music_art_rooms", ""),
    ("E04", "学前教育普及普惠", "preschool_inclusion township_centre item:preschool_gross table:board", ""),
    ("N01", "教职工编制", "table:staff_stages table:staff_need", "岗位数与专任教师数分列，缺额列在师资需求表"),
    ("N02", "幼儿园教职工", "table:staff_need item:preschool_teachers figure:staff.posts_per_class.kindergarten", ""),
    ("N03", "教师交流轮岗", "item:rotation item:rotation_backbone table:staff_rotation", ""),
    ("N04", "校长任期", "table:staff_principals", ""),
    ("F01", "生均公用经费", "pupil_funds_standard table:running_cost item:small_school_funds figure:cost.pupil_year.primary", "经费是否拨足由本局自报"),
    ("F02", "教师培训经费", "training_funds item:training_funds", ""),
    ("F03", "两个只增不减", "spending_never_falls table:running_cost table:spending_falls", "已填 budgets（教育经费）表的按预算核对；测算的生均经费下降只作提示，列出须补足的数"),
    ("B01", "生均用地和建筑", "land_per_seat building_per_seat", ""),
    ("B02", "供地不晚于建设", "site_ready", ""),
    ("B03", "学段转换的学位", "stages_share_rooms", "按校区自身教室、教学用房和运动场地计算"),
    ("Q01", "数据核对", "input_check:classes_against_enrolment input_check:pupils_without_population", "check 命令一次列出"),
    ("H01", "展望年限", "horizon_reaches setting:horizon.projection_to", ""),
)  # fmt: skip

CATALOGUE: dict[str, Entry] = {
    code: Entry(code, title, _homes(homes), note) for code, title, homes, note in _ENTRIES
}  # fmt: skip
"""Code → entry, in the order of the catalogue."""

LAWS: tuple[str, ...] = (
    "《中华人民共和国义务教育法》（第十二条、第十五条）",
    "《中华人民共和国学前教育法》（2025年6月1日起施行）",
    "《重大行政决策程序暂行条例》",
    "《校车安全管理条例》",
)
"""Laws that a plan cites whatever it computes; their text is to be checked by who cites them."""
