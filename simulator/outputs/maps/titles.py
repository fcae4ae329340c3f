"""Titles of the maps by name, one source for the maps themselves and for what is said about them."""

from __future__ import annotations

from simulator.language import translate as _


def map_title(name: str) -> str:
    """Title of a map, without the district's name.

    >>> map_title("layout")
    '规划布局图'
    """
    return map_titles()[name]


def map_titles() -> dict[str, str]:
    """Name of a map → its title, in the order of the usual list."""
    return {
        "location": _("区位与规划范围图"),
        "schools": _("现状学校布局图"),
        "stage_schools": _("分学段现状布局图"),
        "children": _("学龄人口分布图"),
        "crowding": _("班额与学位利用率图"),
        "coverage": _("现状服务半径覆盖图"),
        "journeys": _("通学时间图"),
        "reach": _("学位可达性图"),
        "balance": _("学位供需缺口图"),
        "catchments_now": _("现状招生范围图"),
        "catchments_planned": _("规划招生范围图"),
        "catchments": _("招生范围对比图"),
        "layout": _("规划布局图"),
        "stage_layout": _("分学段规划布局图"),
        "coverage_planned": _("规划服务半径覆盖图"),
        "moves": _("撤并与安置流向图"),
        "groups": _("集团化办学分布图"),
        "teachers": _("教师交流流向图"),
        "near_term": _("近期建设图"),
        "land": _("教育用地规划图"),
        "land_sheets": _("用地控制图则"),
        "reserve": _("弹性预留与功能转换图"),
        "transport": _("校车与寄宿组织图"),
        "phases": _("分期对比图"),
        "legend": _("图例"),
    }
