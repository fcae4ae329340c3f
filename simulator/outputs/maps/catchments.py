"""Catchments: today's and the last phase's side by side or each on its own sheet, one page a stage."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from simulator.language import translate as _
from simulator.outputs.maps.labels import named_sites, place_words, shown_sites
from simulator.outputs.maps.legend import Block, add_legend, add_list, patch, wrapped
from simulator.outputs.maps.page import INK, Page, draw_ferries, draw_outlines, draw_units, ferry_handles, new_page
from simulator.outputs.maps.shapes import Bounds, dissolve, hatch_of, neighbour_numbers, tint
from simulator.outputs.maps.symbols import action_handles, draw_actions, draw_sites, kind_handles
from simulator.outputs.maps.titles import map_title
from simulator.outputs.maps.view import SHARED_JOINT, MapView
from simulator.outputs.titles import built_name
from simulator.terms import Action, Network, Stage, label

# A school stands on the edge of its unit as often as in it.
_NEAR_M = 50.0
_PART, _UNSERVED, _HATCH = "#7A3E00", "#ffffff", "#8d8877"
_LIST_COLUMNS = 47


@dataclass(frozen=True)
class Zoning:
    """Catchments of a stage in a year: unit_id → section(s), the union of the units of each, its title."""

    year: int
    title: str
    zoned: pd.Series
    areas: dict[str, object]


def draw_catchments(view: MapView, stage: str) -> Figure:
    """招生范围对比图: a school bears the same colour today and planned."""
    today = _zoning(view, stage, "base", _("现状　{year}年"))
    planned = _zoning(view, stage, "target", _("规划　{year}年"))
    subtitle = _("{stage}　{base}年（现状）与{target}年（规划）").format(
        stage=label(Stage(stage)), base=today.year, target=planned.year
    )
    return _draw(view, stage, "catchments", subtitle, [today, planned])


def draw_catchments_now(view: MapView, stage: str) -> Figure:
    """现状招生范围图."""
    zoning = _zoning(view, stage, "base", "")
    subtitle = _("{stage}　{year}年（现状）").format(stage=label(Stage(stage)), year=zoning.year)
    return _draw(view, stage, "catchments_now", subtitle, [zoning])


def draw_catchments_planned(view: MapView, stage: str) -> Figure:
    """规划招生范围图."""
    zoning = _zoning(view, stage, "target", "")
    subtitle = _("{stage}　{year}年（规划）").format(stage=label(Stage(stage)), year=zoning.year)
    return _draw(view, stage, "catchments_planned", subtitle, [zoning])


def _zoning(view: MapView, stage: str, name: str, title: str) -> Zoning:
    year = view.years[name]
    zoned = view.catchments_in(Network.PLAN, stage, year)
    return Zoning(year, title.format(year=year), zoned, dissolve(view.units.geometry, zoned))


def _draw(view: MapView, stage: str, name: str, subtitle: str, zonings: list[Zoning]) -> Figure:
    numbers = neighbour_numbers(*(zoning.areas for zoning in zonings))
    zooms = (False,) if view.core is None else (False, True)
    cells = [(zoning, zoom) for zoom in zooms for zoning in zonings]
    if len(zonings) > 1:
        titles = tuple(zoning.title + (_("　中心放大") if zoom else "") for zoning, zoom in cells)
    else:
        titles = (_("全域"), _("中心放大")) if len(cells) > 1 else ("",)
    page = new_page(
        view, map_title(name), subtitle, panels=titles, rows=len(zooms) if len(zonings) > 1 else 1, paper="A3",
        core=tuple(zoom for _zoning, zoom in cells),
    )  # fmt: skip
    actions = view.actions[(view.actions["stage"] == stage) & (view.actions["action"] != Action.KEEP)]
    kinds: list[str] = []
    acted: list[str] = []
    for panel, (zoning, zoom) in zip(page.panels, cells, strict=True):
        _fill(panel, view, zoning, numbers)
        leave = len(zooms) > 1 and not zoom
        parts = _detached(view, zoning.areas, panel, view.core if leave else None)
        kinds += _schools(panel, view, stage, zoning.year, page.scale, parts, leave_core=leave)
        if zoning.year == view.years["target"]:
            acted = draw_actions(panel, view, actions, scale=page.scale * 0.8)
    _legend(page, view, zonings, kinds, acted)
    return page.figure


def _legend(page: Page, view: MapView, zonings: list[Zoning], kinds: list[str], acted: list[str]) -> None:
    every = [zoning.zoned.reindex(view.units.index).fillna("") for zoning in zonings]
    ranges: list[Artist] = [
        patch(tint(1), _("一块为一校招生范围\n（颜色只区分相邻各校）")),
        Line2D([], [], color=INK, linewidth=1.4, label=_("招生范围界线")),
    ]
    if any((zoned == "").any() for zoned in every):
        ranges.append(patch(_UNSERVED, _("未划入任何学校"), hatch="////"))
    if len(every) > 1:
        moved = _("调整的单元：{count}个").format(count=int((every[0] != every[-1]).sum()))
        ranges.append(patch("none", moved, edge="none"))
    blocks: list[Block] = [
        (_("学校"), kind_handles(list(dict.fromkeys(kinds)), page.scale)),
        (_("规划举措"), action_handles(acted, page.scale)),
        (_("招生范围"), ranges),
        (_("交通"), ferry_handles(view)),
    ]
    top = add_legend(page, blocks)
    shared = sorted({group for zoning in zonings for group in zoning.areas if SHARED_JOINT in group})
    if shared:
        lines = [wrapped(_members(view, group), _("、"), _LIST_COLUMNS, "　") for group in shared]
        add_list(page, _("多校划片（同色一片，成员学校）"), lines, _more, top)


def _more(count: int) -> str:
    return _("另有{count}片").format(count=count)


def _members(view: MapView, group: str) -> list[str]:
    """Names of the schools of a catchment."""
    sites = [
        str(view.sections.loc[part, "site_id"]) for part in group.split(SHARED_JOINT) if part in view.sections.index
    ]
    return [str(view.sites["name"].loc[site]).removesuffix(built_name("")) for site in sites]


def _detached(view: MapView, areas: dict[str, object], panel: Axes, core: Bounds | None) -> pd.DataFrame:
    """Parts of catchments that need their schools' names: those apart from their school, and shared catchments."""
    found = []
    for group, area in areas.items():
        sections = [part for part in group.split(SHARED_JOINT) if part in view.sections.index]
        if not sections:
            continue
        sites = view.sites.loc[view.sections.loc[sections, "site_id"], ["x", "y"]].to_numpy(dtype=float)
        names = _("、").join(_members(view, group))
        shared = len(sections) > 1
        for part in shapely.get_parts(area):
            x, y = shapely.get_coordinates(shapely.point_on_surface(part))[0]
            seen = _holds((*panel.get_xlim(), *panel.get_ylim()), x, y)
            named_elsewhere = core is not None and _holds((core[0], core[2], core[1], core[3]), x, y)
            apart = shapely.distance(part, shapely.points(sites)).min() >= _NEAR_M
            if seen and not named_elsewhere and (shared or apart):
                found.append(
                    (
                        x,
                        y,
                        _("{names}\n（多校划片）").format(names=names) if shared else _("属{name}").format(name=names),
                    )
                )
    return pd.DataFrame(found, columns=["x", "y", "words"])


def _holds(limits: tuple[float, float, float, float], x: float, y: float) -> bool:
    west, east, south, north = limits
    return west < x < east and south < y < north


def _fill(panel: Axes, view: MapView, zoning: Zoning, numbers: dict[str, int]) -> None:
    own = zoning.zoned.reindex(view.units.index).fillna("")
    draw_ferries(panel, view)
    colours = [tint(numbers[group]) if group else _UNSERVED for group in own]
    draw_units(panel, view, colours, edge="#ffffff", width=0.35)
    for hatch in sorted({hatch_of(numbers[group]) for group in zoning.areas} - {""}):
        hatched = [area for group, area in zoning.areas.items() if hatch_of(numbers[group]) == hatch]
        draw_outlines(panel, hatched, colour=_HATCH, width=0.0, hatch=hatch)
    bare = view.units.geometry[own.to_numpy() == ""]
    if len(bare):
        draw_outlines(panel, list(bare), colour="#888888", width=0.4, hatch="////")
    draw_outlines(panel, list(zoning.areas.values()), width=1.4)


def _schools(
    panel: Axes, view: MapView, stage: str, year: int, scale: float, parts: pd.DataFrame, *, leave_core: bool
) -> list[str]:
    running = view.open_sections(Network.PLAN, year)
    sections = view.sections.loc[running.intersection(view.sections.index)]
    sites = pd.Index(sections.loc[sections["stage"] == stage, "site_id"]).drop_duplicates()
    kinds = draw_sites(panel, view, sites, scale=scale * 0.8)
    named = named_sites(panel, view, sites, leave_core=leave_core)
    parts = parts[:0] if view.several else parts
    marks = shown_sites(panel, view, sites)[["x", "y"]].to_numpy(dtype=float)
    points = np.vstack([named[["x", "y"]].to_numpy(dtype=float), parts[["x", "y"]].to_numpy(dtype=float)])
    colours = [INK] * len(named) + [_PART] * len(parts)
    place_words(panel, points, [*named["name"].astype(str), *parts["words"]], colours, marks, size=6.4 * scale)
    return kinds
