"""班额与学位利用率图: how full each school of a stage is, today and in the target year."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from simulator.language import translate as _
from simulator.outputs.edition import shown_words
from simulator.outputs.maps.labels import named_sites, outline_townships, place_words, shown_sites
from simulator.outputs.maps.legend import Block, add_legend, patch
from simulator.outputs.maps.page import INK, Page, draw_ferries, draw_units, ferry_handles, new_page
from simulator.outputs.maps.titles import map_title
from simulator.outputs.maps.view import MapView
from simulator.result import Result
from simulator.terms import Network, Stage, label

# From empty (pale) to overfull (dark), so that a grey print keeps the order.
_FILLS = ("#FFFFFF", "#FEE391", "#FEC44F", "#EC7014", "#8C2D04")
_RING = "#B2182B"
_MARK = 8.5


@dataclass(frozen=True)
class Fullness:
    """Borders of the classes of utilization (norms `alert.*`), and the least class beyond the norm `class_size_max`."""

    edges: tuple[float, ...]
    oversized: float


def fullness(result: Result, stage: str) -> Fullness:
    """Borders of a stage from the norms."""
    value = result.standards.value
    edges = tuple(value(f"alert.{name}") for name in ("deep_surplus", "surplus", "yellow", "red"))
    return Fullness(edges, value(f"class_size_max.{stage}") + 1)


def draw_crowding(view: MapView, stage: str, limits: Fullness) -> Figure:
    """班额与学位利用率图: fill by children ÷ standard seats, a red ring where a class is oversized."""
    years = [view.years["base"], view.years["target"]]
    zooms = (False,) if view.core is None else (False, True)
    cells = [(year, zoom) for zoom in zooms for year in years]
    titles = tuple(_("{year}年").format(year=year) + (_("　中心放大") if zoom else "") for year, zoom in cells)
    subtitle = _("{stage}　{base}年（现状）与{target}年（规划）").format(
        stage=label(Stage(stage)), base=years[0], target=years[1]
    )
    page = new_page(
        view, map_title("crowding"), subtitle, panels=titles, rows=len(zooms), paper="A3",
        core=tuple(zoom for _year, zoom in cells),
    )  # fmt: skip
    tables = {year: school_fullness(view, stage, year) for year in years}
    for panel, (year, zoom) in zip(page.panels, cells, strict=True):
        leave = len(zooms) > 1 and not zoom
        draw_units(panel, view)
        draw_ferries(panel, view)
        outline_townships(panel, view, width=0.8)
        _draw_schools(panel, view, tables[year], limits, page.scale, leave_core=leave)
    _legend(page, view, tables, limits)
    return page.figure


def school_fullness(view: MapView, stage: str, year: int) -> pd.DataFrame:
    """site_id → pupils, seats, utilization (pupils ÷ standard seats; inf without seats), largest class, under the plan."""
    rows = view.schools
    rows = rows[(rows["network"] == Network.PLAN) & (rows["year"] == year) & (rows["pupils"] > 0)]
    rows = rows[view.sections["stage"].reindex(rows["section_id"]).to_numpy() == stage]
    sums: pd.DataFrame = rows.groupby(rows["section_id"].map(view.sections["site_id"])).agg(
        pupils=("pupils", "sum"), seats=("seats_standard", "sum"), largest=("largest_class", "max")
    )
    with np.errstate(divide="ignore"):
        used = sums["pupils"].to_numpy(dtype=float) / sums["seats"].to_numpy(dtype=float)
    return sums.assign(utilization=used)


def _draw_schools(
    panel: Axes, view: MapView, table: pd.DataFrame, limits: Fullness, scale: float, *, leave_core: bool
) -> None:
    classes = np.searchsorted(limits.edges, table["utilization"].to_numpy(dtype=float), side="right")
    rings = table["largest"].to_numpy(dtype=float) >= limits.oversized
    places = view.sites.reindex(table.index)
    panel.scatter(
        places["x"], places["y"], s=(_MARK * scale * 0.8) ** 2, c=[_FILLS[number] for number in classes],
        edgecolors=[_RING if ring else "#333333" for ring in rings],
        linewidths=[(2.0 if ring else 0.6) * scale for ring in rings], zorder=6,
    )  # fmt: skip
    words = {
        site: _("{name}\n{share}，最大班{largest}人").format(
            name=name,
            share=_percent(used),
            largest="—" if np.isnan(largest) else shown_words(largest, internal=view.internal),
        )
        for site, name, used, largest in zip(
            table.index, places["name"].astype(str), table["utilization"], table["largest"].astype(float), strict=True
        )
    }
    shown = named_sites(panel, view, table.index, leave_core=leave_core)
    points = shown[["x", "y"]].to_numpy(dtype=float)
    marks = shown_sites(panel, view, table.index)[["x", "y"]].to_numpy(dtype=float)
    place_words(panel, points, [words[site] for site in shown.index], [INK] * len(shown), marks, size=5.8 * scale)


def _percent(share: float) -> str:
    return f"{share:.0%}" if np.isfinite(share) else _("无学位")


def _legend(page: Page, view: MapView, tables: dict[int, pd.DataFrame], limits: Fullness) -> None:
    percents = [f"{edge:.0%}" for edge in limits.edges]
    words = [
        _("{high}以下").format(high=percents[0]),
        *(f"{low}—{high}" for low, high in pairwise(percents)),
        _("{low}以上").format(low=percents[-1]),
    ]
    fills: list[Artist] = [
        Line2D([], [], linestyle="none", marker="o", markersize=_MARK * page.scale * 0.8, markerfacecolor=fill,
               markeredgecolor="#333333", label=text)
        for fill, text in zip(_FILLS, words, strict=True)
    ]  # fmt: skip
    ring = Line2D([], [], linestyle="none", marker="o", markersize=_MARK * page.scale * 0.8, markerfacecolor="#FFFFFF",
                  markeredgecolor=_RING, markeredgewidth=2.0,
                  label=_("有{size}人及以上的班级").format(size=f"{limits.oversized:.0f}"))  # fmt: skip
    counts = [
        _("{year}年：利用率超过{edge}的 {over}所，\n　有{size}人以上班级的 {large}所").format(
            year=year, edge=percents[-1], over=int((table["utilization"] >= limits.edges[-1]).sum()),
            large=int((table["largest"] >= limits.oversized).sum()), size=f"{limits.oversized:.0f}",
        )
        for year, table in tables.items()
    ]  # fmt: skip
    blocks: list[Block] = [
        (_("学位利用率（在校生÷标准学位）"), fills),
        (_("班额"), [ring]),
        (_("合计"), [patch("none", text, edge="none") for text in counts]),
        (_("交通"), ferry_handles(view)),
    ]
    add_legend(page, blocks)
