"""教育用地规划图, and a sheet for each plot: 用地控制图则."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Circle

from simulator.language import translate as _
from simulator.outputs.land import (
    KINDERGARTEN_LAND,
    SCHOOL_LAND,
    SPECIAL_LAND,
    VOCATIONAL_LAND,
    land_class_words,
    parcel_rows,
)
from simulator.outputs.maps.labels import label_sites, shown_sites
from simulator.outputs.maps.legend import Block, add_legend, add_list, patch
from simulator.outputs.maps.location import Ways, barrier_handles, draw_lines, ways
from simulator.outputs.maps.missing import Missing
from simulator.outputs.maps.page import ferry_handles, new_page, overview
from simulator.outputs.maps.present import draw_ground, school_names
from simulator.outputs.maps.symbols import Mark, draw_mark, draw_sites, handle, kind_handles
from simulator.outputs.maps.titles import map_title
from simulator.outputs.maps.view import MapView
from simulator.outputs.titles import built_name
from simulator.result import Result
from simulator.terms import Conflict

_CLASSES = {
    SCHOOL_LAND: Mark("s", "#E88FA2", 9.0),
    KINDERGARTEN_LAND: Mark("^", "#F2C14E", 9.5),
    VOCATIONAL_LAND: Mark("h", "#9C8CC9", 10.0),
    SPECIAL_LAND: Mark("D", "#8FBF9F", 8.0),
}
_REACH_M, _PLOT = 1000.0, "#B2182B"
_RINGS = (300.0, 500.0)


@dataclass(frozen=True)
class Plots:
    """Plots with their figures (:func:`simulator.outputs.land.parcel_rows`), and what cuts through the district."""

    rows: pd.DataFrame
    ways: Ways


def plots(result: Result, view: MapView) -> Plots | Missing:
    """All plots; candidate plots are not for the public."""
    if not view.internal:
        return Missing(_("公开版不出候选用地"))
    rows = parcel_rows(result)
    if len(rows) == 0:
        return Missing(_("未提供“教育用地”表"))
    return Plots(rows, ways(result))


def plot_ids(result: Result, view: MapView) -> list[str]:
    """Plots that get a sheet: those that are built on, or all where nothing is built."""
    rows = parcel_rows(result)
    used = rows[rows["used"].notna()]
    chosen = used if len(used) else rows
    return [str(plot) for plot in chosen["parcel_id"] if plot in view.sites.index]


def draw_land(view: MapView, found: Plots) -> Figure:
    """教育用地规划图: every plot by its class of use, with area, and a list with what is built."""
    page = overview(view, map_title("land"), _("至{year}年").format(year=view.years["target"]))
    rows = found.rows[found.rows["parcel_id"].isin(view.sites.index)].set_index("parcel_id", drop=False)
    existing = view.sites.index[view.sites["existing"].astype(bool)]
    words = pd.Series({plot: _("{name}\n{area}公顷").format(name=name, area=_hectares(area))
                       for plot, name, area in zip(rows.index, rows["name"], rows["area_m2"], strict=True)}, dtype=str)  # fmt: skip
    shown = existing.union(rows.index, sort=False)
    kinds: list[str] = []
    for panel in page.panels:
        leave = page.leaves_core(view, panel)
        taken = draw_ground(panel, view, page.scale, leave_core=leave)
        draw_lines(panel, found.ways.barriers)
        kinds = draw_sites(panel, view, existing, faded=True, scale=0.8)
        for code, mark in _CLASSES.items():
            draw_mark(panel, view, rows.index[rows["land_code"] == code], mark)
        label_sites(panel, view, words, size=6.4 * page.scale, avoid=shown, taken=taken, leave_core=leave)
    classes: list[Artist] = [
        handle(mark, f"{land_class_words(code)} {code}", page.scale)
        for code, mark in _CLASSES.items()
        if (rows["land_code"] == code).any()
    ]
    blocks: list[Block] = [
        (_("用地分类（待核）"), classes),
        (_("现有学校"), kind_handles(kinds, page.scale, faded=True)),
        (_("交通与阻隔"), [*ferry_handles(view), *barrier_handles(found.ways.barriers)]),
    ]
    top = add_legend(page, blocks)
    add_list(page, _("地块"), [_plot_line(row) for row in rows.to_dict("records")], _more, top)
    return page.figure


def _hectares(area: object) -> str:
    value = float(str(area))
    return f"{value / 1e4:.2f}" if np.isfinite(value) else "—"


def _plot_line(row: Mapping[Hashable, Any]) -> str:
    head = _("{name} {code} {area}公顷").format(
        name=row["name"], code=row["plot_code"] or "", area=_hectares(row["area_m2"])
    )
    return f"{head}\n　{row['stage_names']}　{_use(row)}"


def _use(row: Mapping[Hashable, Any]) -> str:
    """What the plan does with a plot."""
    year, classes = float(str(row["used"])), float(str(row["classes"]))
    if np.isfinite(year):
        return _("{year}年建成，{classes}班").format(year=int(year), classes=int(classes))
    free = str(row["conflict"]) in {"", Conflict.NONE.value}
    return _("规划储备") if free else _("有冲突：{words}").format(words=row["conflict_name"])


def _more(count: int) -> str:
    return _("另有{count}处").format(count=count)


def draw_land_sheet(view: MapView, plot: str, found: Plots) -> Figure:
    """用地控制图则: one plot with its surroundings, rings of distance, and its figures."""
    row = next(row for row in found.rows.to_dict("records") if str(row["parcel_id"]) == plot)
    place = view.sites.loc[[plot]].iloc[0]
    x, y = float(str(place["x"])), float(str(place["y"]))
    near = view.around(x, y, _REACH_M)
    page = new_page(near, map_title("land_sheets"), str(row["name"]))
    (panel,) = page.panels
    taken = draw_ground(panel, near, page.scale, leave_core=False)
    draw_lines(panel, found.ways.barriers)
    _rings(panel, x, y, page.scale)
    existing = shown_sites(panel, near, view.sites.index[view.sites["existing"].astype(bool)]).index
    kinds = draw_sites(panel, near, existing)
    mark = _CLASSES[str(row["land_code"])]
    draw_mark(panel, near, pd.Index([plot]), Mark(mark.shape, _PLOT, mark.size * 1.5))
    names = pd.concat(
        [pd.Series({plot: str(place["name"]).removesuffix(built_name(""))}), school_names(view, existing)]
    )
    label_sites(panel, near, names, size=7 * page.scale, avoid=existing.append(pd.Index([plot])), taken=taken)
    blocks: list[Block] = [
        (_("图例"), [handle(Mark(mark.shape, _PLOT, mark.size), _("本地块（位置示意）"), page.scale),
                     Line2D([], [], color=_PLOT, linewidth=0.9, linestyle="--", label=_("距地块 300、500 米"))]),
        (_("学校"), kind_handles(kinds, page.scale)),
        (_("交通与阻隔"), [*ferry_handles(view), *barrier_handles(found.ways.barriers)]),
        (_("控制指标"), [patch("none", line, edge="none") for line in _figures(row)]),
    ]  # fmt: skip
    add_legend(page, blocks)
    return page.figure


def _rings(panel: Axes, x: float, y: float, scale: float) -> None:
    for radius in _RINGS:
        panel.add_patch(Circle((x, y), radius, fill=False, edgecolor=_PLOT, linestyle="--", linewidth=0.9, zorder=4))
        panel.annotate(_("{metres}米").format(metres=f"{radius:g}"), (x, y + radius), xytext=(0, 2), size=6.5 * scale,
                       textcoords="offset points", ha="center", va="bottom", color=_PLOT, zorder=4)  # fmt: skip


def _figures(row: Mapping[Hashable, Any]) -> list[str]:
    """Figures of a plot, line by line; what the table does not have is left out."""
    year = float(str(row["supply_year"]))
    lines = [
        _("地块编号：{value}").format(value=row["plot_code"] or row["parcel_id"]),
        _("用地分类：{value} {code}（待核）").format(value=row["land_class"], code=row["land_code"]),
        _("用地面积：{value}公顷").format(value=_hectares(row["area_m2"])),
        _("学段：{value}").format(value=row["stage_names"]),
        _("乡镇街道：{value}").format(value=row["township"]) if row.get("township") else "",
        _("可供地年份：{value}年").format(value=int(year)) if np.isfinite(year) else "",
        _("用地冲突：{value}").format(value=row["conflict_name"]),
        _("交付方式：{value}").format(value=row["delivery_name"]),
        _("规划用途：{value}").format(value=_use(row)),
    ]
    area, classes = float(str(row["area_m2"])), float(str(row["classes"]))
    if np.isfinite(area) and np.isfinite(classes) and classes > 0:
        lines.append(_("平均每班用地：{value}平方米").format(value=f"{area / classes:.0f}"))
    return [line for line in lines if line]
