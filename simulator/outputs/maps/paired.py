"""Shaded units in two years side by side: 通学时间图 and 学位可达性图."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.artist import Artist
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from simulator.language import translate as _
from simulator.outputs.edition import is_public, shown_words
from simulator.outputs.maps.labels import label_sites, outline_townships
from simulator.outputs.maps.layout import sites_of
from simulator.outputs.maps.legend import Block, add_legend, interval_words, patch
from simulator.outputs.maps.location import Ways, barrier_handles, draw_lines, ways
from simulator.outputs.maps.missing import Missing
from simulator.outputs.maps.page import draw_ferries, draw_outlines, draw_units, ferry_handles, new_page
from simulator.outputs.maps.stages import of_stage
from simulator.outputs.maps.symbols import draw_sites, kind_handles
from simulator.outputs.maps.titles import map_title
from simulator.outputs.maps.view import MapView
from simulator.result import Result
from simulator.terms import Network, Stage, band_of, label

_NOBODY, _HATCH = "#ffffff", "////"
_MINUTES = (5.0, 10.0, 15.0, 20.0, 30.0, 45.0)
_SEATS = (0.5, 0.8, 1.0, 1.2, 1.5)


@dataclass(frozen=True)
class Shading:
    """Values of the units in two years, and how they are worded.

    Parameters
    ----------
    by_year
        Year → unit_id → value; units without children are missing.
    edges, unit
        Borders of the classes, and their unit.
    heading, facts
        Title of the classes in the legend, and sentences below it.
    low_is_dark
        Whether small values are the grave ones.
    ways
        Barriers that stand on the map.
    """

    by_year: dict[int, pd.Series]
    edges: tuple[float, ...]
    unit: str
    heading: str
    facts: tuple[str, ...]
    low_is_dark: bool
    ways: Ways


def journeys(result: Result, stage: str) -> Shading | Missing:
    """Minutes one way from each unit to where its children of a stage go, mean over the children."""
    pupils = result.operation.pupils
    stages = {band: band_of(band).stage for band in pupils["band"].unique()}
    rows = pupils[(pupils["band"].map(stages) == stage) & (pupils["children"] > 0)]
    rows = rows[np.isfinite(rows["minutes"].to_numpy(dtype=float)) & (rows["section_id"] != "")]
    if len(rows) == 0:
        return Missing(_("没有到校路程"))
    values, facts = {}, []
    for year in _years(result):
        here = rows[rows["year"] == year]
        sums = here.assign(spent=here["minutes"] * here["children"]).groupby("unit_id")[["spent", "children"]].sum()
        values[year] = sums["spent"] / sums["children"]
        mean = sums["spent"].sum() / max(float(sums["children"].sum()), 1e-9)
        facts.append(_("{year}年平均 {minutes} 分钟").format(year=year, minutes=f"{mean:.1f}"))
    return Shading(
        values, _MINUTES, _("分钟"), _("平均通学时间（单程）"), tuple(facts), low_is_dark=False, ways=ways(result)
    )


def reach(result: Result, stage: str) -> Shading | Missing:
    """Seats for each child within reach, by two-step floating catchment areas.

    Each school's standard seats are shared out over the resident children within the time limit of their
    stage; a unit's value sums the shares of the schools within its limit (Luo and Wang 2003).
    """
    limits = result.access.limits
    own = limits[limits["stage"] == stage]
    if len(own) == 0:
        return Missing(_("方案没有规定这一学段的通学时间限值"))
    kinds = result.district.units.set_index("unit_id")["area_kind"]
    limit = kinds.map(own.groupby("area_kind")["minutes"].max())
    column = "minutes_older" if stage == Stage.JUNIOR else "minutes_young"
    minutes = result.access.pairs.pivot_table(index="unit_id", columns="site_id", values=column, dropna=False)
    within = minutes.le(limit.reindex(minutes.index), axis=0)
    values, facts = {}, []
    for year in _years(result):
        seats, children = _seats(result, stage, year), _children(result, stage, year).reindex(within.index).fillna(0.0)
        values[year] = two_step(within.reindex(columns=seats.index).fillna(False).astype(bool), seats, children)
        values[year] = values[year][children > 0]
        short = float(children[values[year].index][values[year] < 1].sum())
        facts.append(
            _("{year}年可达学位不足1个的儿童 {count}人").format(
                year=year, count=shown_words(short, internal=not is_public(result))
            )
        )
    words = _("限时内可达：{words}").format(words=_("、").join(f"{value:g}" for value in sorted(set(own["minutes"]))))
    facts.append(words + _("分钟"))
    return Shading(values, _SEATS, _("个"), _("每名儿童可达学位"), tuple(facts), low_is_dark=True, ways=ways(result))


def two_step(within: pd.DataFrame, seats: pd.Series, children: pd.Series) -> pd.Series:
    """Seats a child within reach: units × schools whether within the limit, seats of schools, children of units.

    Parameters
    ----------
    within
        Bool, units × schools.
    seats, children
        By school and by unit.

    Returns
    -------
    pandas.Series
        unit → seats for each child.
    """
    inside = within.to_numpy(dtype=float)
    asking = inside.T @ children.to_numpy(dtype=float)
    ratio = np.divide(seats.to_numpy(dtype=float), asking, out=np.zeros(len(seats)), where=asking > 0)
    return pd.Series(inside @ ratio, index=within.index)


def _years(result: Result) -> tuple[int, int]:
    return result.scenario.horizon.base_year, result.scenario.horizon.target_year


def _seats(result: Result, stage: str, year: int) -> pd.Series:
    rows = result.indicators.schools
    rows = rows[(rows["network"] == Network.PLAN) & (rows["year"] == year) & (rows["seats_standard"] > 0)]
    sections = result.supply.sections.reindex(rows["section_id"])
    rows = rows[(sections["stage"] == stage).to_numpy()]
    return rows.groupby(rows["section_id"].map(result.supply.sections["site_id"]))["seats_standard"].sum().astype(float)


def _children(result: Result, stage: str, year: int) -> pd.Series:
    demand = result.projection.plan_demand
    cells = [number for number, (there, _grade) in enumerate(demand.cells) if there == stage]
    sums = demand.children[:, cells, demand.years.index(year)].sum(axis=1)
    return pd.Series(sums, index=pd.Index(demand.units))


def draw_journeys(view: MapView, stage: str, shading: Shading) -> Figure:
    """通学时间图."""
    return _draw(view, "journeys", stage, shading)


def draw_reach(view: MapView, stage: str, shading: Shading) -> Figure:
    """学位可达性图."""
    return _draw(view, "reach", stage, shading)


def _draw(view: MapView, name: str, stage: str, shading: Shading) -> Figure:
    zooms = (False,) if view.core is None else (False, True)
    cells = [(year, zoom) for zoom in zooms for year in shading.by_year]
    titles = tuple(_("{year}年").format(year=year) + (_("　中心放大") if zoom else "") for year, zoom in cells)
    base, target = shading.by_year
    subtitle = _("{stage}　{base}年（现状）与{target}年（规划）").format(
        stage=label(Stage(stage)), base=base, target=target
    )
    page = new_page(
        view, map_title(name), subtitle, panels=titles, rows=len(zooms), paper="A3",
        core=tuple(zoom for _year, zoom in cells),
    )  # fmt: skip
    colours = _ramp(len(shading.edges) + 1, low_is_dark=shading.low_is_dark)
    own = of_stage(view, stage)
    kinds: list[str] = []
    empty = False
    for panel, (year, zoom) in zip(page.panels, cells, strict=True):
        values = shading.by_year[year].reindex(view.units.index)
        known = values.notna().to_numpy()
        classes = np.searchsorted(shading.edges, values.fillna(0.0).to_numpy(), side="right")
        draw_ferries(panel, view)
        draw_units(panel, view, [colours[number] if there else _NOBODY for number, there in zip(classes, known, strict=True)],
                   edge="#ffffff", width=0.3)  # fmt: skip
        if not known.all():
            empty = True
            draw_outlines(panel, list(view.units.geometry[~known]), colour="#bbbbbb", width=0.3, hatch=_HATCH)
        outline_townships(panel, view, width=0.8)
        draw_lines(panel, shading.ways.barriers)
        sites = _open_sites(view, stage, year)
        kinds += draw_sites(panel, own, sites, scale=0.75 * page.scale)
        if stage != Stage.KINDERGARTEN:
            names = view.sites["name"].loc[sites].astype(str)
            label_sites(panel, view, names, size=5.8 * page.scale, leave_core=len(zooms) > 1 and not zoom)
    legend: list[Artist] = [
        patch(colour, words) for colour, words in zip(colours, interval_words(shading.edges, shading.unit), strict=True)
    ]
    if empty:
        legend.append(patch(_NOBODY, _("没有这一学段的儿童"), hatch=_HATCH, edge="#bbbbbb"))
    blocks: list[Block] = [
        (shading.heading, legend),
        (_("学校"), kind_handles(list(dict.fromkeys(kinds)), page.scale)),
        (_("交通与阻隔"), [*ferry_handles(view), *barrier_handles(shading.ways.barriers)]),
        (_("合计"), [patch("none", text, edge="none") for text in shading.facts]),
    ]
    add_legend(page, blocks)
    return page.figure


def _open_sites(view: MapView, stage: str, year: int) -> pd.Index:
    running = view.open_sections(Network.PLAN, year)
    known = running.intersection(view.sections.index)
    return sites_of(view, known[view.sections.loc[known, "stage"] == stage])


def _ramp(count: int, *, low_is_dark: bool) -> list[str]:
    ramp = colormaps["YlOrBr"]
    colours = [to_hex(ramp(0.06 + 0.8 * number / max(count - 1, 1))) for number in range(count)]
    return colours[::-1] if low_is_dark else colours
