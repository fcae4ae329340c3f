"""Contracts of the tables about land, works, money and the ways that children travel."""

from __future__ import annotations

from dataclasses import replace

from simulator.inputs.contracts import (
    LINES,
    PLACES,
    POLYGONS,
    Column,
    Contract,
    Kind,
    amount,
    code,
    count,
    geometry_column,
    points,
    text,
    word,
    words_of,
    year,
)
from simulator.inputs.contracts_people import STAGE, UNIT
from simulator.terms import Action, Conflict, Delivery, Preparation, Stage, Status, source_label

_TRAVEL = {"road": "道路", "path": "步行道", "bus": "公交", "ferry": "轮渡"}
_ADJACENCY = {"touch": "相邻", "ferry": "轮渡", "bridge": "桥隧", "remove": "取消相邻"}
_WORKS = {
    action.value: source_label(action)
    for action in (Action.NEW_BUILD, Action.EXTENSION, Action.CONVERSION, Action.CONSOLIDATION)
}
_WORK_STATUS = {
    Status.UNDER_CONSTRUCTION.value: source_label(Status.UNDER_CONSTRUCTION),
    Status.COMMITTED.value: source_label(Status.COMMITTED),
    "planned": "规划",
}

WORKS = (
    Contract(
        "parcels",
        "教育用地",
        "一块规划教育用地",
        (
            code("parcel_id", "地块编号"),
            text("name", "地块名称", required=True),
            code("plot_code", "控规编号", required=False, empty="未知"),
            text("township", "乡镇街道", required=True),
            *points(),
            Column(
                "stages",
                "可建学段",
                Kind.WORDS,
                required=True,
                words=words_of(Stage),
                note="几个学段用逗号或顿号分开",
            ),
            amount("area_m2", "净用地面积", "平方米", required=True),
            year("supply_year", "供地年份"),
            word("conflict", "用地冲突", words_of(Conflict), default="none", empty="无"),
            word("delivery", "交付方式", words_of(Delivery), default="government", empty="政府建"),
            code("housing_id", "配建项目编号", "housing", required=False, empty="不随住宅项目配建"),
            geometry_column("用 x、y 坐标"),
        ),
        key=("parcel_id",),
        assumed="没有可新建学校的用地",
        geometry=PLACES,
        placed=True,
    ),
    Contract(
        "projects",
        "建设项目",
        "一项已定或规划的工程的一个学段",
        (
            code("project_id", "项目编号"),
            code("place_id", "学校或地块编号", "schools", "parcels"),
            text("name", "项目名称", required=True),
            STAGE,
            word("kind", "举措", _WORKS, required=True),
            count("rooms", "新增教室", "间", empty="按学位折算；撤并不填"),
            count("seats", "新增学位", "个", empty="教室数 × 标准班额；撤并不填"),
            year("year", "启用年份", note="当年9月1日启用；撤并为停办年份"),
            amount("cost_wan", "投资", "万元", empty="按规范的单位造价"),
            word("status", "进度", _WORK_STATUS, required=True, note="在建、已立项的必然实施；规划的只作备选参考"),
            text("source", "依据"),
            word("preparation", "前期工作", words_of(Preparation), empty="未填"),
            text("responsible", "责任单位", empty="教育局（情景 outputs.offices 所写的名称）"),
        ),
        key=("project_id", "stage"),
        assumed="没有在建或已立项的工程",
    ),
    Contract(
        "funds",
        "资金",
        "一个来源一年的资金",
        (
            year("year", "年份"),
            text("source", "来源", required=True),
            amount("amount_wan", "金额", "万元", required=True),
        ),
        key=("year", "source"),
        assumed="资金来源不分列，限额用情景中的预算",
    ),
    Contract(
        "travel",
        "交通",
        "一条道路、步行道、公交线或轮渡线",
        (
            text("name", "名称"),
            word("kind", "类型", _TRAVEL, required=True),
            amount("speed_kmh", "时速", "公里/小时", empty="按类型取情景中的设定值"),
            amount("minutes", "全程时间", "分钟", empty="长度 ÷ 时速"),
            amount("headway_min", "发车间隔", "分钟", empty="不计候车时间，或用设定值"),
            amount("suspended_days", "停航停运天数", "天/年", high=366, default="0", empty="0 天"),
            replace(geometry_column(), required=True),
        ),
        assumed="通学距离 = 直线距离 × 地形绕行系数，成果中注明",
        geometry=LINES,
    ),
    Contract(
        "barriers",
        "阻隔",
        "一条一至六年级学生只能在通道处穿越的线：铁路、快速路、河流",
        (
            text("name", "名称"),
            text("kind", "类型"),
            replace(geometry_column(), required=True),
        ),
        assumed="没有须避让的铁路、快速路和河流",
        geometry=(*LINES, *POLYGONS),
    ),
    Contract(
        "crossings",
        "通道",
        "一处可安全穿越阻隔的桥、地道、路口",
        (
            text("name", "名称"),
            *points(),
            geometry_column("用 x、y 坐标"),
        ),
        assumed="阻隔只作提示，不限制通学",
        geometry=("Point",),
        placed=True,
    ),
    Contract(
        "adjacency",
        "相邻",
        "对两个单元是否相邻的补充或更正",
        (
            replace(UNIT, name="unit_a", chinese="单元甲"),
            replace(UNIT, name="unit_b", chinese="单元乙"),
            word("kind", "关系", _ADJACENCY, required=True),
        ),
        key=("unit_a", "unit_b"),
        assumed="边界相接的单元为相邻",
    ),
)
"""Tables about land, works, money and travel."""
