"""规划招生范围图: today's catchments and the last phase's side by side, one page a stage."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from simulator.language import translate as _
from simulator.outputs.maps.labels import place_words, shown_sites
from simulator.outputs.maps.legend import Block, add_legend, patch
from simulator.outputs.maps.page import INK, draw_ferries, draw_outlines, draw_units, ferry_handles, new_page
from simulator.outputs.maps.shapes import dissolve, neighbour_colours
from simulator.outputs.maps.symbols import action_handles, draw_actions, draw_sites, kind_handles
from simulator.outputs.maps.view import Bounds, MapView
from simulator.outputs.titles import built_name
from simulator.terms import Action, Network, Stage, label

# A school stands on the edge of its unit as often as in it.
_NEAR_M = 50.0
_PART = "#7A3E00"
_UNSERVED = "#ffffff"


def draw_catchments(view: MapView, stage: str) -> Figure:
    """规划招生范围图: neighbouring catchments in different colours, a school the same colour today and planned."""
    base, target = view.years["base"], view.years["target"]
    today = view.catchments_in(Network.PLAN, stage, base)
    planned = view.catchments_in(Network.PLAN, stage, target)
    shapes = [dissolve(view.units.geometry, series) for series in (today, planned)]
    colours = neighbour_colours(*shapes)
    cases = [(series, areas, year, words) for series, areas, year, words in zip(
        (today, planned), shapes, (base, target), (_("现状　{year}年"), _("规划　{year}年")), strict=True
    )]  # fmt: skip
    zooms = (False,) if view.core is None else (False, True)
    cells = [(*case, zoom) for zoom in zooms for case in cases]
    titles = tuple(words.format(year=year) + (_("　中心放大") if zoom else "") for _s, _a, year, words, zoom in cells)
    page = new_page(
        view,
        _("规划招生范围图"),
        _("{stage}　{base}年（现状）与{target}年（规划）").format(stage=label(Stage(stage)), base=base, target=target),
        panels=titles,
        rows=len(zooms),
        paper="A3",
        core=tuple(zoom for *_rest, zoom in cells),
    )
    actions = view.actions[(view.actions["stage"] == stage) & (view.actions["action"] != Action.KEEP)]
    kinds: list[str] = []
    acted: list[str] = []
    for panel, (series, areas, year, _words, zoom) in zip(page.panels, cells, strict=True):
        _fill(panel, view, series, areas, colours)
        leave = len(zooms) > 1 and not zoom
        parts = _detached(view, areas, panel, view.core if leave else None)
        kinds += _schools(panel, view, stage, year, page.scale, parts, leave_core=leave)
        if year == target:
            acted = draw_actions(panel, view, actions, scale=page.scale * 0.8)
    unserved = any((series.reindex(view.units.index).fillna("") == "").any() for series in (today, planned))
    moved = int((today != planned.reindex(today.index)).sum())
    blocks: list[Block] = [
        (_("学校"), kind_handles(list(dict.fromkeys(kinds)), page.scale)),
        (_("规划举措"), action_handles(acted, page.scale)),
        (
            _("招生范围"),
            [
                patch("#c8ddec", _("一块为一校招生范围\n（颜色只区分相邻各校）")),
                Line2D([], [], color=INK, linewidth=1.4, label=_("招生范围界线")),
                *([patch(_UNSERVED, _("未划入任何学校"), hatch="////")] if unserved else []),
                patch("none", _("调整的单元：{count}个").format(count=moved), edge="none"),
            ],
        ),
        (_("交通"), ferry_handles(view)),
    ]
    add_legend(page, blocks)
    return page.figure


def _detached(view: MapView, areas: dict[str, object], panel: Axes, core: Bounds | None) -> pd.DataFrame:
    """Parts of catchments that lie apart from their school, e.g. on islands: x, y, words (whose they are)."""
    found = []
    for section, area in areas.items():
        if section not in view.sections.index:
            continue
        site = str(view.sections.loc[section, "site_id"])
        school = shapely.Point(*view.sites.loc[site, ["x", "y"]].astype(float))
        for part in shapely.get_parts(area):
            x, y = shapely.get_coordinates(shapely.point_on_surface(part))[0]
            seen = _holds((*panel.get_xlim(), *panel.get_ylim()), x, y)
            named_elsewhere = core is not None and _holds((core[0], core[2], core[1], core[3]), x, y)
            if seen and not named_elsewhere and shapely.distance(part, school) >= _NEAR_M:
                name = str(view.sites["name"].loc[site]).removesuffix(built_name(""))
                found.append((x, y, _("属{name}").format(name=name)))
    return pd.DataFrame(found, columns=["x", "y", "words"])


def _holds(limits: tuple[float, float, float, float], x: float, y: float) -> bool:
    west, east, south, north = limits
    return west < x < east and south < y < north


def _fill(panel: Axes, view: MapView, series: pd.Series, areas: dict[str, object], colours: dict[str, str]) -> None:
    own = series.reindex(view.units.index).fillna("")
    unserved = own.to_numpy() == ""
    draw_ferries(panel, view)
    draw_units(panel, view, [colours.get(section, _UNSERVED) for section in own], edge="#ffffff", width=0.35)
    if unserved.any():
        bare = view.units.geometry[unserved]
        draw_outlines(panel, list(bare), colour="#888888", width=0.4, hatch="////")
    draw_outlines(panel, list(areas.values()), width=1.4)


def _schools(
    panel: Axes, view: MapView, stage: str, year: int, scale: float, parts: pd.DataFrame, *, leave_core: bool
) -> list[str]:
    running = view.open_sections(Network.PLAN, year)
    sections = view.sections.loc[running.intersection(view.sections.index)]
    sites = pd.Index(sections.loc[sections["stage"] == stage, "site_id"]).drop_duplicates()
    kinds = draw_sites(panel, view, sites, scale=scale * 0.8)
    named = shown_sites(panel, view, sites, leave_core=leave_core)
    marks = shown_sites(panel, view, sites)[["x", "y"]].to_numpy(dtype=float)
    points = np.vstack([named[["x", "y"]].to_numpy(dtype=float), parts[["x", "y"]].to_numpy(dtype=float)])
    colours = [INK] * len(named) + [_PART] * len(parts)
    place_words(panel, points, [*named["name"].astype(str), *parts["words"]], colours, marks, size=6.4 * scale)
    return kinds
