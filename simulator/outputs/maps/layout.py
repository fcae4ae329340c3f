"""规划布局图 with the symbols of actions, and 撤并与安置流向图."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch, Patch

from simulator.language import translate as _
from simulator.outputs.maps.labels import label_sites, label_townships, outline_townships
from simulator.outputs.maps.legend import Block, add_legend, patch
from simulator.outputs.maps.page import Page, draw_units, new_page, overview
from simulator.outputs.maps.present import draw_ground, school_names
from simulator.outputs.maps.symbols import action_handles, draw_actions, draw_sites, kind_handles
from simulator.outputs.maps.view import MapView
from simulator.terms import COMPULSORY, Action, Network, label

_ARROW, _REZONED = "#B2182B", "#CFE3F2"


def draw_layout(view: MapView) -> Figure:
    """规划布局图: what stays in grey, what the plan does in colour with its year."""
    target = view.years["target"]
    titles, core, paper = overview(view)
    subtitle = _("各学段　规划至{year}年").format(year=target)
    page = new_page(view, _("规划布局图"), subtitle, panels=titles, paper=paper, core=core)
    works = view.actions[view.actions["action"] != Action.KEEP]
    open_sites = _sites_of(view, view.open_sections(Network.PLAN, target))
    shown = open_sites.union(pd.Index(works["site_id"]).intersection(view.sites.index), sort=False)
    existing = shown[view.sites.loc[shown, "existing"].astype(bool)]
    words = pd.concat([_action_words(view, works), school_names(view, existing)])
    words = words[~words.index.duplicated()]
    kinds: list[str] = []
    acted: list[str] = []
    for panel in page.panels:
        leave = len(page.panels) > 1 and not page.shows_core(view, panel)
        draw_ground(panel, view, page.scale, leave_core=leave)
        kinds = draw_sites(panel, view, existing, faded=True)
        acted = draw_actions(panel, view, works)
        label_sites(panel, view, words, size=6.2 * page.scale, avoid=shown, leave_core=leave)
    blocks: list[Block] = [
        (_("规划举措"), action_handles(acted, page.scale)),
        (_("保留学校"), kind_handles(kinds, page.scale, faded=True)),
        (_("举措数"), _counts(works)),
    ]
    add_legend(page, blocks)
    return page.figure


def _sites_of(view: MapView, sections: pd.Index) -> pd.Index:
    known = sections.intersection(view.sections.index)
    sites: pd.Index = pd.Index(view.sections["site_id"].loc[known].drop_duplicates())
    return sites


def _action_words(view: MapView, works: pd.DataFrame) -> pd.Series:
    """site_id → name, actions and years."""
    words = {}
    for site_id, rows in works.groupby("site_id", sort=False):
        if site_id not in view.sites.index:
            continue
        done = dict.fromkeys(
            _("{year}年{action}").format(year=row["year"], action=label(Action(row["action"])))
            for row in rows.to_dict("records")
        )
        words[str(site_id)] = f"{view.sites['name'].loc[str(site_id)]}\n{_('、').join(done)}"
    return pd.Series(words, dtype=str)


def _counts(works: pd.DataFrame) -> list[Patch]:
    numbers = works["action"].value_counts()
    if len(numbers) == 0:
        return [patch("none", _("本方案没有建设与撤并举措"), edge="none")]
    return [
        patch(
            "none", _("{action}：{count}个学部").format(action=label(action), count=int(numbers[action])), edge="none"
        )
        for action in Action
        if action in numbers.index
    ]


def draw_moves(view: MapView) -> Figure:
    """撤并与安置流向图: from each closing school to the schools that receive its children; re-zoned units shaded."""
    base, target = view.years["base"], view.years["target"]
    page = new_page(view, _("撤并与安置流向图"), _("各学段　{base}—{target}年").format(base=base + 1, target=target))
    (panel,) = page.panels
    moved = _rezoned_units(view)
    draw_units(panel, view, [_REZONED if changed else "#faf9f5" for changed in moved])
    outline_townships(panel, view, width=0.9)
    label_townships(panel, view, size=11)
    open_sites = _sites_of(view, view.open_sections(Network.PLAN, target))
    kinds = draw_sites(panel, view, open_sites, faded=True)
    moves = _site_moves(view)
    closing = view.actions[view.actions["section_id"].isin(set(view.moves["section_id"]))]
    acted = draw_actions(panel, view, closing[closing["action"] != Action.KEEP], scale=0.9)
    _draw_arrows(panel, view, moves)
    ends = pd.Index([*moves["from_site"], *moves["to_site"]]).drop_duplicates()
    label_sites(panel, view, view.sites.loc[ends, "name"].astype(str), size=6.8, avoid=open_sites)
    _moves_legend(page, view, moves, acted, kinds, int(moved.sum()))
    return page.figure


def _rezoned_units(view: MapView) -> pd.Series:
    """unit_id → whether its primary or junior school changes between today and the target year."""
    changed = pd.Series(False, index=view.units.index)
    for stage in COMPULSORY:
        today, planned = (
            view.catchments_in(Network.PLAN, stage, view.years[name]).reindex(view.units.index).fillna("")
            for name in ("base", "target")
        )
        changed |= today != planned
    return changed


def _site_moves(view: MapView) -> pd.DataFrame:
    """Children from closing to receiving campus: from_site, to_site, children (at least one)."""
    sites = view.sections["site_id"]
    moves = view.moves.assign(
        from_site=view.moves["section_id"].map(sites), to_site=view.moves["to_section"].map(sites)
    ).dropna(subset=["from_site", "to_site"])
    sums = moves.groupby(["from_site", "to_site"], as_index=False)["children"].sum()
    moving: pd.DataFrame = sums[(sums["children"] >= 0.5) & (sums["from_site"] != sums["to_site"])]
    return moving


def _draw_arrows(panel: Axes, view: MapView, moves: pd.DataFrame) -> None:
    for row in moves.to_dict("records"):
        start, end = view.sites.loc[row["from_site"]], view.sites.loc[row["to_site"]]
        children = float(row["children"])
        panel.add_patch(
            FancyArrowPatch(
                (start["x"], start["y"]),
                (end["x"], end["y"]),
                arrowstyle="-|>",
                mutation_scale=11,
                linewidth=arrow_width(children),
                color=_ARROW,
                shrinkA=5,
                shrinkB=6,
                connectionstyle="arc3,rad=0.12",
                zorder=7,
            )
        )
        panel.text(
            (start["x"] + end["x"]) / 2,
            (start["y"] + end["y"]) / 2,
            _("{count}人").format(count=f"{children:.0f}"),
            size=7,
            color=_ARROW,
            ha="center",
            va="center",
            zorder=10,
            bbox={"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none", "alpha": 0.8},
        )


def arrow_width(children: float) -> float:
    """Line width in points: rises with the children and stays readable.

    >>> arrow_width(0), arrow_width(10_000)
    (0.8, 4.0)
    """
    return min(0.8 + children / 60.0, 4.0)


def _moves_legend(
    page: Page, view: MapView, moves: pd.DataFrame, acted: list[str], kinds: list[str], units: int
) -> None:
    arrow = Line2D([], [], color=_ARROW, linewidth=2, marker=">", markersize=6, label=_("安置流向（人数）"))
    total = f"{moves['children'].sum():.0f}"
    summary = _("安置学生：{count}人").format(count=total) if len(moves) else _("本方案没有撤并")
    blocks: list[Block] = [
        (_("撤并与安置"), [*action_handles(acted, page.scale), *([arrow] if len(moves) else []),
                           patch("none", summary, edge="none")]),
        (_("招生范围"), [patch(_REZONED, _("调整招生范围的单元\n（小学或初中，{count}个）").format(count=units))]),
        (_("学校"), kind_handles(kinds, page.scale, faded=True)),
    ]  # fmt: skip
    add_legend(page, blocks)
