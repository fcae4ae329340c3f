"""Paired maps: catchments and works of every plan in panels of one extent, under one legend."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from simulator.language import translate as _
from simulator.outputs.comparison.comparison import Comparison
from simulator.outputs.comparison.differences import unlike
from simulator.outputs.comparison.ground import zoned
from simulator.outputs.maps.labels import label_sites
from simulator.outputs.maps.legend import Block, add_legend, patch
from simulator.outputs.maps.page import GROUND, INK, Page, draw_outlines, draw_units, new_page
from simulator.outputs.maps.shapes import dissolve, hatch_of, neighbour_numbers, tint
from simulator.outputs.maps.symbols import action_handles, draw_actions, draw_sites, kind_handles
from simulator.outputs.maps.view import MapView
from simulator.terms import COMPULSORY, WHOLE_UNIT_REGIMES, Action, Network, Stage, label

_OTHER, _HATCH, _UNSERVED = "#D00000", "#8d8877", "#ffffff"
_SHEET = (12.8, 9.4)
"""Width and height, in inches, that panels share on a sheet."""
Zoning = tuple[str, MapView, pd.Series, dict[str, object], int]
"""Title of a panel, its view, unit_id → section(s), the union of the units of each, the year."""


def catchment_stages(comparison: Comparison) -> list[str]:
    """Stages whose units are zoned as a whole in one of the plans."""
    regimes = [regime.value for regime in WHOLE_UNIT_REGIMES]
    sections = [side.stored.supply.sections for side in comparison.plans]
    return [
        stage.value
        for stage in COMPULSORY
        if any(((rows["stage"] == stage) & rows["regime"].isin(regimes)).any() for rows in sections)
    ]


def draw_catchment_pairs(
    comparison: Comparison, views: Mapping[str, MapView], stage: str, year: int, *, zoomed: bool = False
) -> Figure:
    """招生范围比选图: today and each plan; a school has one colour throughout, units zoned differently a red border.

    Where schools crowd in a core, a page of its own shows it larger and names its schools.
    """
    zonings = _zonings(comparison, views, stage, year)
    numbers = neighbour_numbers(*(areas for *_rest, areas, _year in zonings))
    planned = pd.DataFrame({number: series for number, (_t, _v, series, _a, _y) in enumerate(zonings[1:])})
    differing = planned.index[unlike(planned)]
    view = next(iter(views.values()))
    words = _("{stage}　现状与各方案 {year}年").format(stage=label(Stage(stage)), year=year)
    words += _("　中心放大") if zoomed else ""
    leave = view.core is not None and not zoomed
    page = _page(
        view,
        _("：{title}").format(title=_("招生范围比选图")),
        words,
        tuple(title for title, *_rest in zonings),
        zoomed=zoomed,
    )
    kinds: list[str] = []
    acted: list[str] = []
    for number, (panel, zoning) in enumerate(zip(page.panels, zonings, strict=True)):
        _title, own, series, areas, when = zoning
        _fill(panel, own, series, areas, numbers)
        if number:
            draw_outlines(panel, list(own.units.geometry[differing]), colour=_OTHER, width=1.1)
        kinds += _schools(panel, own, stage, when, page.scale, leave_core=leave)
        if number:
            acted += draw_actions(panel, own, _works(own, stage), scale=page.scale * 0.75)
    ranges = [
        patch(tint(1), _("一块为一校招生范围\n（颜色只区分相邻各校）")),
        Line2D([], [], color=INK, linewidth=1.3, label=_("招生范围界线")),
    ]
    if len(comparison.plans) > 1:
        words = _("各方案划法不同的单元：{count}个").format(count=len(differing))
        ranges.append(Line2D([], [], color=_OTHER, linewidth=1.3, label=words))
    blocks: list[Block] = [
        (_("学校"), kind_handles(list(dict.fromkeys(kinds)), page.scale)),
        (_("规划举措"), action_handles(list(dict.fromkeys(acted)), page.scale)),
        (_("招生范围"), ranges),
    ]
    add_legend(page, blocks)
    return page.figure


def _zonings(comparison: Comparison, views: Mapping[str, MapView], stage: str, year: int) -> list[Zoning]:
    """Today, then every plan."""
    first = comparison.plans[0]
    base = first.stored.scenario.horizon.base_year
    cases = [(_("现状　{year}年").format(year=base), views[first.key], base)]
    cases += [
        (_("{name}　{year}年").format(name=side.name, year=year), views[side.key], year) for side in comparison.plans
    ]
    found = []
    for title, view, when in cases:
        series = zoned(view, stage, when)
        found.append((title, view, series, dissolve(view.units.geometry, series), when))
    return found


def _page(view: MapView, title: str, subtitle: str, panels: tuple[str, ...], *, zoomed: bool = False) -> Page:
    """A page of panels of one extent, in as many rows as draw them largest."""
    shown = replace(view, window=view.core if zoomed else None)
    west, south, east, north = shown.bounds

    def scale(rows: int) -> float:
        columns = -(-len(panels) // rows)
        return min(_SHEET[0] / columns / (east - west), _SHEET[1] / rows / (north - south))

    rows = max(range(1, len(panels) + 1), key=scale)
    return new_page(shown, title, subtitle, panels=panels, rows=rows, paper="A3")


def _fill(panel: Axes, view: MapView, series: pd.Series, areas: dict[str, object], numbers: dict[str, int]) -> None:
    draw_units(
        panel, view, [tint(numbers[group]) if group else _UNSERVED for group in series], edge="#ffffff", width=0.3
    )
    for hatch in sorted({hatch_of(numbers[group]) for group in areas} - {""}):
        hatched = [area for group, area in areas.items() if hatch_of(numbers[group]) == hatch]
        draw_outlines(panel, hatched, colour=_HATCH, width=0.0, hatch=hatch)
    bare = view.units.geometry[series.to_numpy() == ""]
    if len(bare):
        draw_outlines(panel, list(bare), colour="#888888", width=0.4, hatch="////")
    draw_outlines(panel, list(areas.values()), width=1.3)


def _schools(panel: Axes, view: MapView, stage: str, year: int, scale: float, *, leave_core: bool) -> list[str]:
    running = view.open_sections(Network.PLAN, year)
    sections = view.sections.loc[running.intersection(view.sections.index)]
    sites = pd.Index(sections.loc[sections["stage"] == stage, "site_id"]).drop_duplicates()
    kinds = draw_sites(panel, view, sites, scale=scale * 0.7)
    names = view.sites["name"].loc[sites].astype(str)
    label_sites(panel, view, names, size=5.2 * scale, leave_core=leave_core)
    return kinds


def _works(view: MapView, stage: str = "") -> pd.DataFrame:
    rows = view.actions[view.actions["action"] != Action.KEEP]
    return rows[rows["stage"] == stage] if stage else rows


def draw_work_pairs(comparison: Comparison, views: Mapping[str, MapView], year: int) -> Figure:
    """举措比选图: what each plan builds, extends, converts and closes; places where they differ are named."""
    view = next(iter(views.values()))
    differing = set(comparison.works.loc[comparison.works["differs"], "site_id"])
    one = len(comparison.plans) == 1
    words = _("各学段　至 {year}年").format(year=year)
    titles = tuple(
        _("{name}　举措 {count} 项").format(name=side.name, count=len(_works(views[side.key])))
        for side in comparison.plans
    )
    page = _page(view, _("：{title}").format(title=_("规划举措比选图")), words, titles)
    acted: list[str] = []
    for panel, side in zip(page.panels, comparison.plans, strict=True):
        own = views[side.key]
        draw_units(panel, own, GROUND)
        works = _works(own)
        still = pd.Index(own.sections.loc[own.sections["existing"].astype(bool), "site_id"]).drop_duplicates()
        draw_sites(panel, own, still, scale=0.75 * page.scale, faded=True)
        acted += draw_actions(panel, own, works, scale=page.scale * 0.85)
        named = [site for site in dict.fromkeys(works["site_id"]) if one or site in differing]
        names = own.sites["name"].loc[pd.Index(named).intersection(own.sites.index)].astype(str)
        label_sites(panel, own, names, size=5.4 * page.scale)
    said = _("有名称的：各方案做法不同之处") if not one else _("有名称的：有举措之处")
    blocks: list[Block] = [
        (_("规划举措（每校一个主要符号）"), action_handles(list(dict.fromkeys(acted)), page.scale)),
        (_("现有学校"), [patch("#b9b9b9", _("灰色符号"))]),
        (_("名称"), [patch("none", said, edge="none")]),
    ]
    add_legend(page, blocks)
    return page.figure
