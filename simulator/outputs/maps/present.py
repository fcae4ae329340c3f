"""The present: 现状学校布局图 and 学龄人口分布图."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from simulator.language import translate as _
from simulator.outputs.maps.labels import Points, label_sites, label_townships, outline_townships
from simulator.outputs.maps.legend import Block, add_legend, interval_words, patch
from simulator.outputs.maps.page import draw_ferries, draw_units, ferry_handles, new_page, overview
from simulator.outputs.maps.symbols import draw_sites, is_small, kind_handles, site_kinds, size_handles
from simulator.outputs.maps.titles import map_title
from simulator.outputs.maps.view import MAPPED_STAGES, MapView
from simulator.terms import Network, label

_CLASSES = 5


def draw_schools(view: MapView) -> Figure:
    """现状学校布局图: every campus that operates in the base year, by kind and size."""
    year = view.years["base"]
    subtitle = _("各学段　{year}年").format(year=year)
    page = overview(view, map_title("schools"), subtitle)
    existing = view.sites.index[view.sites["existing"].astype(bool)]
    pupils, names = site_pupils(view, year), school_names(view, existing)
    kinds: list[str] = []
    for panel in page.panels:
        leave = page.leaves_core(view, panel)
        taken = draw_ground(panel, view, page.scale, leave_core=leave)
        kinds = draw_sites(panel, view, existing, pupils=pupils)
        label_sites(panel, view, names, size=6.2 * page.scale, avoid=existing, taken=taken, leave_core=leave)
    counts = site_kinds(view).reindex(existing).value_counts()
    handles = kind_handles(kinds, page.scale)
    for handle, kind in zip(handles, kinds, strict=True):
        handle.set_label(_("{kind}（{count}所）").format(kind=handle.get_label(), count=int(counts[kind])))
    blocks: list[Block] = [
        (_("学校类型"), handles),
        (_("规模（在校生）"), size_handles(page.scale)),
        (_("交通"), ferry_handles(view)),
    ]
    add_legend(page, blocks)
    return page.figure


def draw_ground(panel: Axes, view: MapView, scale: float, *, leave_core: bool) -> Points:
    """Units, ferries, townships and their names, under everything else; returns points under the names."""
    draw_units(panel, view)
    draw_ferries(panel, view)
    outline_townships(panel, view, width=0.9)
    return label_townships(panel, view, size=10.5 * scale, leave_core=leave_core)


def school_names(view: MapView, site_ids: pd.Index) -> pd.Series:
    """site_id → name of the campuses above kindergarten, larger kinds first."""
    kinds = site_kinds(view).reindex(site_ids).dropna()
    named = kinds.index[[not is_small(kind) for kind in kinds]]
    return view.sites["name"].loc[named].astype(str)


def site_pupils(view: MapView, year: int) -> pd.Series:
    """site_id → pupils of a campus in a year under the plan."""
    rows = view.schools
    rows = rows[(rows["network"] == Network.PLAN) & (rows["year"] == year)]
    sites = rows["section_id"].map(view.sections["site_id"])
    return rows.groupby(sites)["pupils"].sum()


def draw_children(view: MapView) -> Figure:
    """学龄人口分布图: resident children of each stage's ages a square kilometre, base and target year."""
    base, target = view.years["base"], view.years["target"]
    cells = [(year, stage.value) for year in (base, target) for stage in MAPPED_STAGES]
    titles = tuple(
        _("{stage}学龄　{year}年").format(stage=label(stage), year=year)
        for year in (base, target)
        for stage in MAPPED_STAGES
    )
    subtitle = _("幼儿园、小学、初中学龄常住儿童密度　{first}年与{last}年").format(first=base, last=target)
    page = new_page(view, map_title("children"), subtitle, panels=titles, rows=2, paper="A3")
    density = {cell: _density(view, *cell) for cell in cells}
    edges = class_edges(np.concatenate([values.to_numpy() for values in density.values()]))
    colours = sequential(len(edges) + 1)
    for panel, cell in zip(page.panels, cells, strict=True):
        classes = np.searchsorted(edges, density[cell].to_numpy(), side="right")
        draw_units(panel, view, [colours[number] for number in classes], edge="#ffffff", width=0.3)
        outline_townships(panel, view, width=0.8)
    words = interval_words(edges, _("人/平方千米"))
    totals = view.residents.groupby(["year", "stage"], sort=False)["children"].sum()
    sums = [
        patch(
            "none",
            _("{year}年{stage}：{count}人").format(
                year=year, stage=label(stage), count=f"{totals[(year, stage.value)]:.0f}"
            ),
            edge="none",
        )
        for year in (base, target)
        for stage in MAPPED_STAGES
    ]
    blocks = [
        (_("学龄人口密度"), [patch(c, w) for c, w in zip(colours, words, strict=True)]),
        (_("学龄人口合计"), sums),
    ]
    add_legend(page, blocks)
    return page.figure


def _density(view: MapView, year: int, stage: str) -> pd.Series:
    rows = view.residents
    own = rows[(rows["year"] == year) & (rows["stage"] == stage)].set_index("unit_id")["children"]
    density: pd.Series = own.reindex(view.units.index).fillna(0.0) / view.units["area_km2"]
    return density


def class_edges(values: np.ndarray) -> list[float]:
    """Borders of at most five classes of about equal count, rounded to two figures, rising.

    >>> class_edges(np.arange(1000.0))
    [200.0, 400.0, 600.0, 800.0]
    """
    cuts = np.quantile(values, np.linspace(0, 1, _CLASSES + 1)[1:-1])
    rounded = [float(f"{cut:.2g}") for cut in cuts if cut > 0]
    return sorted(set(rounded)) or [1.0]


def sequential(count: int) -> list[str]:
    """Colours from light to dark."""
    ramp = colormaps["YlGnBu"]
    return [to_hex(ramp(0.08 + 0.84 * number / max(count - 1, 1))) for number in range(count)]
