"""Contracts of the tables about schools, their sections, classes, staff and catchments."""

from __future__ import annotations

from dataclasses import replace

from simulator.inputs.contracts import (
    PLACES,
    Contract,
    amount,
    code,
    count,
    flag,
    geometry_column,
    points,
    text,
    word,
    words_of,
    year,
)
from simulator.inputs.contracts_people import GRADE, SCHOOL, STAGE, UNIT
from simulator.terms import Affiliation, Lodging, Nature, Regime, SectionKind, Serves, Status

_OPINION = {"hearing": "听证", "survey": "问卷"}
_ROLE = {"lead": "核心校", "member": "成员校"}
_NOT_LIMITING = "未知，不限制学位"

SCHOOLS = (
    Contract(
        "schools",
        "学校",
        "一个校区",
        (
            code("school_id", "学校编号"),
            code("school_code", "标识码", required=False, empty="未知", note="机构的学校标识码"),
            text("name", "学校名称", required=True),
            code("parent", "上级学校", "schools", required=False, empty="独立设置", note="教学点、分校区的主校编号"),
            text("township", "乡镇街道", required=True),
            *points(),
            word("affiliation", "隶属", words_of(Affiliation), required=True),
            word("nature", "办别", words_of(Nature), required=True),
            flag(
                "decided_here",
                "本局决定",
                default=None,
                note="本教育局能否决定其撤并、扩建和划片；停用与规划储备学校也要填",
            ),
            word("status", "状态", words_of(Status), required=True),
            year("opening_year", "开办年份", required=False, empty="基准年以前"),
            count("rooms", "教室数", "间", empty="等于现有班数"),
            count("max_rooms", "最多教室数", "间", empty="没有扩建余地", note="校园内扩建后的教室总数上限"),
            amount("site_area_m2", "占地面积", "平方米", empty=_NOT_LIMITING),
            amount("teaching_area_m2", "教学及辅助用房面积", "平方米", empty=_NOT_LIMITING),
            amount("sports_area_m2", "体育运动场馆面积", "平方米", empty=_NOT_LIMITING),
            count("beds", "床位数", "张", empty="没有寄宿床位"),
            count("canteen_seats", "食堂餐位", "座", empty=_NOT_LIMITING),
            amount("equipment_yuan", "教学仪器设备值", "元", empty="未知"),
            count("networked_rooms", "网络多媒体教室", "间", empty="未知"),
            flag("protected", "应留必留"),
            geometry_column("用 x、y 坐标"),
        ),
        key=("school_id",),
        required=True,
        geometry=PLACES,
        placed=True,
    ),
    Contract(
        "sections",
        "学部",
        "一个校区的一个学段",
        (
            SCHOOL,
            STAGE,
            replace(GRADE, name="grade_from", chinese="起始年级"),
            replace(GRADE, name="grade_to", chinese="终止年级"),
            word("kind", "办学类型", words_of(SectionKind), required=True),
            word(
                "regime",
                "招生方式",
                words_of(Regime),
                empty="学段的通常方式：幼儿园择园就近，小学、初中单校划片，其余全区统筹",
            ),
            flag("combined", "复式班"),
            word("lodging", "走读或寄宿", words_of(Lodging), default="day", empty="走读"),
            word("serves", "招生对象", words_of(Serves), default="all", empty="全部"),
            count("seats", "核定学位", "个", empty="班数 × 标准班额"),
            count("seats_for_district", "面向本县区学位", "个", empty="全部学位"),
        ),
        key=("school_id", "stage"),
        required=True,
    ),
    Contract(
        "classes",
        "班级",
        "基准年的一个班",
        (
            SCHOOL,
            STAGE,
            GRADE,
            code("class_no", "班号"),
            count("pupils", "学生数", "人", required=True),
        ),
        key=("school_id", "stage", "grade", "class_no"),
        assumed="班数由在校生按标准班额折算，不反映大班额",
    ),
    Contract(
        "admission_plan",
        "招生计划",
        "一个学部一学年的招生计划",
        (
            SCHOOL,
            STAGE,
            year("year", "学年"),
            count("classes", "招生班数", "班", required=True),
            count("seats", "招生学位", "个", required=True),
        ),
        key=("school_id", "stage", "year"),
        assumed="不核对招生计划",
    ),
    Contract(
        "catchments",
        "招生范围",
        "一个单元一个学段现划入的学校；多校划片或教学点与完小衔接时写几行",
        (UNIT, STAGE, SCHOOL),
        key=("unit_id", "stage", "school_id"),
        assumed="现状招生范围按就近且不超学位推定，成果中注明推定",
    ),
    Contract(
        "teachers",
        "教师",
        "一所学校一个学段（一个学科）的教职工",
        (
            SCHOOL,
            STAGE,
            text("subject", "学科", empty="各学科合计"),
            count("staff", "教职工", "人", empty="未知"),
            count("full_time", "专任教师", "人", empty="未知"),
            count("posts", "编制数", "个", empty="未知"),
            count("posted", "在编", "人", empty="未知"),
            count("unposted", "编外", "人", empty="未知"),
            count("above_degree", "高于规定学历", "人", empty="未知"),
            count("backbone", "骨干教师", "人", empty="未知"),
            count("pe_arts", "体育艺术教师", "人", empty="未知"),
            count("rotation_eligible", "符合交流条件", "人", empty="未知"),
            count("retiring_5y", "五年内退休", "人", empty="未知"),
            count("retiring_10y", "十年内退休", "人", empty="未知", note="含五年内退休"),
        ),
        key=("school_id", "stage", "subject"),
        assumed="教师数按班数和规范推算，不评价师资均衡",
    ),
    Contract(
        "groups",
        "教育集团",
        "一个教育集团的一个成员",
        (
            code("group_id", "集团编号"),
            SCHOOL,
            word("role", "角色", _ROLE, default="member", empty="成员校"),
            text("name", "集团名称"),
        ),
        key=("group_id", "school_id"),
        assumed="没有集团化办学",
    ),
    Contract(
        "opinions",
        "意见",
        "一所学校一年的一次听证或问卷",
        (
            SCHOOL,
            year("year", "年份"),
            word("kind", "方式", _OPINION, required=True),
            flag("majority_against", "多数反对"),
            text("text", "意见摘要"),
        ),
        key=("school_id", "year", "kind"),
        assumed="没有已征求的意见",
    ),
)
"""Tables about schools."""
