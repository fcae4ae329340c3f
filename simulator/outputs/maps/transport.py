"""校车与寄宿组织图: from which villages children come by school bus or board, and where."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from simulator.language import translate as _
from simulator.outputs.edition import is_public, people_words, shown_counts, shown_words
from simulator.outputs.maps.labels import label_sites
from simulator.outputs.maps.legend import Block, add_legend, add_list, patch
from simulator.outputs.maps.missing import Missing
from simulator.outputs.maps.page import ferry_handles, overview
from simulator.outputs.maps.present import draw_ground
from simulator.outputs.maps.symbols import draw_sites, kind_handles
from simulator.outputs.maps.titles import map_title
from simulator.outputs.maps.view import MapView
from simulator.result import Result
from simulator.terms import Way

Dashes = tuple[float, tuple[float, float]]
_STROKES: dict[Way, tuple[str, Dashes]] = {
    Way.SCHOOL_BUS: ("#0057B8", (0, (12, 0.01))),
    Way.BOARDS: ("#B2182B", (0, (4, 2))),
}
_LEAST = 0.5


@dataclass(frozen=True)
class Riders:
    """Children who do not come on their own: year, unit_id, site_id, way, children, shown (NaN where the edition holds it back)."""

    year: int
    rows: pd.DataFrame


def riders(result: Result) -> Riders | Missing:
    """School bus and boarding under the plan, in the year of the plan in which most children need them."""
    horizon, pupils = result.scenario.horizon, result.operation.pupils
    rows = pupils[pupils["way"].isin([Way.SCHOOL_BUS, Way.BOARDS])]
    rows = rows[rows["year"].between(horizon.base_year + 1, horizon.target_year)]
    rows = rows.assign(site_id=rows["section_id"].map(result.supply.sections["site_id"])).dropna(subset=["site_id"])
    sums = rows.groupby(["year", "unit_id", "site_id", "way"], as_index=False)["children"].sum()
    sums = sums[sums["children"] >= _LEAST]
    if len(sums) == 0:
        return Missing(_("规划期内没有学生乘校车或寄宿"))
    year = int(sums.groupby("year")["children"].sum().idxmax())
    own = sums[sums["year"] == year].reset_index(drop=True)
    children = own["children"].to_numpy(np.float64)
    groups = own["site_id"].astype(str) + own["way"].astype(str)
    shown = shown_counts(children, groups.to_numpy()) if is_public(result) else children
    return Riders(year, own.assign(shown=shown))


def draw_transport(view: MapView, found: Riders) -> Figure:
    """校车与寄宿组织图: a line from each unit to the school, wider for more children."""
    subtitle = _("各学段　{year}年（人数最多的一年）").format(year=found.year)
    page = overview(view, map_title("transport"), subtitle)
    rows = found.rows[found.rows["unit_id"].isin(view.units.index) & found.rows["site_id"].isin(view.sites.index)]
    sites = pd.Index(rows["site_id"]).drop_duplicates()
    sums = rows.groupby(["site_id", "way"])["children"].sum()
    words = {site: "\n".join([str(view.sites["name"].loc[site]), *_counts(sums, str(site), view)]) for site in sites}
    kinds: list[str] = []
    for panel in page.panels:
        leave = page.leaves_core(view, panel)
        taken = draw_ground(panel, view, page.scale, leave_core=leave)
        _draw_lines(panel, view, rows, page.scale)
        kinds = draw_sites(panel, view, sites)
        label_sites(panel, view, pd.Series(words, dtype=str), size=6.2 * page.scale, avoid=sites, taken=taken,
                    leave_core=leave)  # fmt: skip
    handles: list[Artist] = [
        Line2D([], [], color=colour, linestyle=stroke, linewidth=1.8, label=_way_words(way))
        for way, (colour, stroke) in _STROKES.items()
        if (rows["way"] == way).any()
    ]
    totals = [
        _("{way}：{count}人，{units}个单元").format(
            way=_way_words(way),
            units=own["unit_id"].nunique(),
            count=shown_words(own["children"].sum(), internal=view.internal),
        )
        for way in _STROKES
        if len(own := rows[rows["way"] == way])
    ]
    blocks: list[Block] = [
        (_("到校方式"), handles),
        (_("合计"), [patch("none", text, edge="none") for text in totals]),
        (_("学校"), kind_handles(kinds, page.scale)),
        (_("交通"), ferry_handles(view)),
    ]
    top = add_legend(page, blocks)
    add_list(page, _("单元 → 学校"), _lines(view, rows), _more, top)
    return page.figure


def _more(count: int) -> str:
    return _("另有{count}个单元").format(count=count)


def _way_words(way: Way) -> str:
    return _("校车") if way == Way.SCHOOL_BUS else _("寄宿")


def _counts(sums: pd.Series, site: str, view: MapView) -> list[str]:
    return [
        _("{way}{count}人").format(
            way=_way_words(way), count=shown_words(float(sums[(site, way.value)]), internal=view.internal)
        )
        for way in _STROKES
        if (site, way.value) in sums.index
    ]


def _draw_lines(panel: Axes, view: MapView, rows: pd.DataFrame, scale: float) -> None:
    homes = shapely.get_coordinates(shapely.point_on_surface(view.units.geometry.loc[rows["unit_id"]].to_numpy()))
    ends = view.sites.loc[rows["site_id"], ["x", "y"]].to_numpy(dtype=float)
    lines = np.stack([homes, ends], axis=1)
    for way, (colour, stroke) in _STROKES.items():
        own = (rows["way"] == way).to_numpy()
        widths = 0.8 + np.minimum(rows["shown"].fillna(0.0).to_numpy(dtype=float)[own] / 20, 3.0)
        panel.add_collection(
            LineCollection(list(lines[own]), colors=colour, linestyles=stroke, linewidths=widths * scale, zorder=4.5),
            autolim=False,
        )
        panel.scatter(homes[own, 0], homes[own, 1], s=(3.2 * scale) ** 2, c=colour, edgecolors="none", zorder=4.6)


def _lines(view: MapView, rows: pd.DataFrame) -> list[str]:
    units, sites = view.units["name"].astype(str), view.sites["name"].astype(str)
    ordered = rows.sort_values("shown", ascending=False, kind="stable")
    return [
        _("{unit} → {school} {way}{count}人").format(
            unit=units.loc[row["unit_id"]], school=sites.loc[row["site_id"]], way=_way_words(Way(row["way"])),
            count=people_words(row["shown"]),
        )
        for row in ordered.to_dict("records")
    ]  # fmt: skip
