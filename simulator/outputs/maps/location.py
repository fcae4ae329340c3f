"""区位与规划范围图: where the district lies, what belongs to it, what cuts through it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from pyproj import Transformer

from simulator.language import translate as _
from simulator.outputs.maps.labels import label_townships, outline_townships
from simulator.outputs.maps.legend import Block, add_legend, patch
from simulator.outputs.maps.page import INK, draw_ferries, draw_outlines, draw_units, ferry_handles, new_page
from simulator.outputs.maps.titles import map_title
from simulator.outputs.maps.view import MAPPED_STAGES, MapView
from simulator.result import Result
from simulator.terms import AreaKind, label

_FILLS = {AreaKind.CITY: "#F6C9A8", AreaKind.TOWN: "#FBE7C6", AreaKind.VILLAGE: "#E6EFDA"}
_ROAD, _BARRIER, _GRID = "#b39b86", "#7B3294", "#9db4c0"
# Steps of the graticule in degrees; the largest that gives at least three lines across the longer side is drawn.
_STEPS = (1.0, 0.5, 0.25, 0.2, 0.1, 0.05, 0.02, 0.01)
_GEOGRAPHIC = "EPSG:4490"
Lines = tuple[np.ndarray, ...]


@dataclass(frozen=True)
class Ways:
    """Roads, and barriers (railways, rivers, motorways), as lines of points in metres."""

    roads: Lines
    barriers: Lines


def ways(result: Result) -> Ways:
    """Roads and barriers of the district; either may be empty."""
    travel, barriers = result.district.travel, result.district.barriers
    roads = travel.geometry[travel["kind"] == "road"] if len(travel) else ()
    return Ways(_lines(roads), _lines(barriers.geometry if len(barriers) else ()))


def _lines(shapes: object) -> Lines:
    parts = shapely.get_parts(np.asarray(shapes, dtype=object))
    outlines = [part if part.geom_type == "LineString" else part.boundary for part in parts]
    return tuple(shapely.get_coordinates(line) for outline in outlines for line in shapely.get_parts(outline))


def draw_location(view: MapView, found: Ways) -> Figure:
    """区位与规划范围图: townships and kinds of area on a graticule, with roads, barriers and ferries."""
    subtitle = _("规划期 {first}—{last}年").format(first=view.years["base"] + 1, last=view.years["target"])
    page = new_page(view, map_title("location"), subtitle, paper="A3")
    (panel,) = page.panels
    _draw_graticule(panel, view, page.scale)
    draw_units(panel, view, [_FILLS[AreaKind(kind)] for kind in view.units["area_kind"]], edge="#ffffff")
    panel.add_collection(LineCollection(list(found.roads), colors=_ROAD, linewidths=0.6, zorder=1.2), autolim=False)
    draw_ferries(panel, view)
    draw_lines(panel, found.barriers)
    outline_townships(panel, view, width=1.0)
    draw_outlines(panel, [shapely.union_all(view.units.geometry.to_numpy())], width=2.0)
    label_townships(panel, view, size=11 * page.scale)
    blocks: list[Block] = [
        (_("范围"), [Line2D([], [], color=INK, linewidth=2.0, label=_("规划范围")),
                     Line2D([], [], color="#8d8877", linewidth=1.0, label=_("乡镇街道界"))]),
        (_("地类"), _kinds(view)),
        (_("交通与阻隔"), [*_way_handles(found), *ferry_handles(view)]),
        (_("规模"), [patch("none", text, edge="none") for text in _facts(view)]),
    ]  # fmt: skip
    add_legend(page, blocks)
    return page.figure


def draw_lines(panel: Axes, barriers: Lines) -> None:
    """Draw barriers as dash-dotted lines."""
    panel.add_collection(
        LineCollection(list(barriers), colors=_BARRIER, linewidths=1.3, linestyles=(0, (6, 2, 1, 2)), zorder=4),
        autolim=False,
    )


def barrier_handles(barriers: Lines) -> list[Artist]:
    """Legend entry of barriers; none where there are none."""
    if not barriers:
        return []
    words = _("阻隔（河流、铁路、公路）")
    return [Line2D([], [], color=_BARRIER, linewidth=1.3, linestyle=(0, (6, 2, 1, 2)), label=words)]


def _way_handles(found: Ways) -> list[Artist]:
    roads = [Line2D([], [], color=_ROAD, linewidth=1.0, label=_("道路"))] if found.roads else []
    return [*roads, *barrier_handles(found.barriers)]


def _kinds(view: MapView) -> list[Artist]:
    there = set(view.units["area_kind"])
    return [patch(colour, label(kind)) for kind, colour in _FILLS.items() if kind in there]


def _facts(view: MapView) -> list[str]:
    residents = view.residents
    now = residents[residents["year"] == view.years["base"]].groupby("stage")["children"].sum()
    lines = [
        _("面积：{area} 平方千米").format(area=f"{view.units['area_km2'].sum():.1f}"),
        _("乡镇街道：{count}个").format(count=view.units["township"].nunique()),
        _("划片单元：{count}个").format(count=len(view.units)),
        _("现有学校：{count}所").format(count=int(view.sites["existing"].astype(bool).sum())),
    ]
    return lines + [
        _("{year}年{stage}学龄：{count}人").format(
            year=view.years["base"], stage=label(stage), count=f"{now.get(stage.value, 0.0):.0f}"
        )
        for stage in MAPPED_STAGES
    ]


def _draw_graticule(panel: Axes, view: MapView, scale: float) -> None:
    """Meridians and parallels with their degrees at the frame."""
    to_degrees = Transformer.from_crs(view.crs, _GEOGRAPHIC, always_xy=True)
    to_metres = Transformer.from_crs(_GEOGRAPHIC, view.crs, always_xy=True)
    (west, east), (south, north) = panel.get_xlim(), panel.get_ylim()
    low_x, low_y, high_x, high_y = to_degrees.transform_bounds(west, south, east, north)
    span = max(high_x - low_x, high_y - low_y)
    step = next((step for step in _STEPS if span / step >= 3), _STEPS[-1])
    for low, high, upright in ((low_x, high_x, True), (low_y, high_y, False)):
        for degree in np.arange(np.ceil(low / step), np.floor(high / step) + 1) * step:
            along = np.linspace(*((low_y, high_y) if upright else (low_x, high_x)), 40)
            fixed = np.full(40, degree)
            x, y = to_metres.transform(*((fixed, along) if upright else (along, fixed)))
            panel.plot(x, y, color=_GRID, linewidth=0.5, zorder=0.5, scalex=False, scaley=False)
            words = degree_words(float(degree), upright=upright)
            place = (float(np.interp(north, y, x)), north) if upright else (west, float(np.interp(west, x, y)))
            if west < place[0] < east or south < place[1] < north:
                panel.annotate(words, place, xytext=(2, -2), textcoords="offset points", size=6.5 * scale,
                               color="#5b7583", ha="left", va="top", zorder=3)  # fmt: skip


def degree_words(degree: float, *, upright: bool) -> str:
    """Degrees and minutes of a meridian (`upright`) or a parallel.

    >>> degree_words(102.25, upright=True), degree_words(30.0, upright=False)
    ("102°15'E", "30°00'N")
    """
    minutes = round(abs(degree) * 60)
    half = ("E" if degree >= 0 else "W") if upright else ("N" if degree >= 0 else "S")
    return f"{minutes // 60}°{minutes % 60:02d}'{half}"
