"""撤并与安置流向图: from each closing school to the schools that receive its children."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch

from simulator.language import translate as _
from simulator.outputs.maps.labels import label_townships, outline_townships, place_words, shown_sites
from simulator.outputs.maps.layout import sites_of
from simulator.outputs.maps.legend import Block, add_legend, add_list, patch, wrapped
from simulator.outputs.maps.page import Page, draw_ferries, draw_units, ferry_handles, new_page, overview
from simulator.outputs.maps.symbols import KINDS, action_handles, draw_actions, draw_sites, handle
from simulator.outputs.maps.view import MapView
from simulator.terms import COMPULSORY, Action, Network, SectionKind

_ARROW, _REZONED, _NAME = "#B2182B", "#CFE3F2", "#222222"
# Flows below this many children, and below this share of their school, are summed instead of drawn.
_LEAST_CHILDREN, _LEAST_SHARE = 3.0, 0.1
_BEND, _LIST_COLUMNS = 0.12, 47
# Numbers stand neither on the first and last sixth of an arrow nor on the edge of the panel.
_FIRST_PLACE, _EDGE, _ROOM = 5, 0.02, 0.022


def draw_moves(view: MapView) -> Figure:
    """撤并与安置流向图: arrows with numbers of children, re-zoned units shaded, every closure listed."""
    base, target = view.years["base"], view.years["target"]
    titles, core, paper = overview(view)
    subtitle = _("各学段　{base}—{target}年").format(base=base + 1, target=target)
    page = new_page(view, _("撤并与安置流向图"), subtitle, panels=titles, paper=paper, core=core)
    moved, moves = rezoned_units(view), site_moves(view)
    drawn = _worth_drawing(moves)
    open_sites = sites_of(view, view.open_sections(Network.PLAN, target))
    closing = view.actions[view.actions["section_id"].isin(set(view.moves["section_id"]))]
    closing = closing[closing["action"].isin([action.value for action in _ENDING])]
    acted: list[str] = []
    for panel in page.panels:
        leave = len(page.panels) > 1 and not page.shows_core(view, panel)
        draw_units(panel, view, [_REZONED if changed else "#faf9f5" for changed in moved])
        draw_ferries(panel, view)
        outline_townships(panel, view, width=0.9)
        taken = label_townships(panel, view, size=10.5 * page.scale, leave_core=leave)
        draw_sites(panel, view, open_sites, faded=True, scale=0.9)
        acted = draw_actions(panel, view, closing, scale=0.9)
        _draw_arrows(panel, view, drawn, page.scale)
        ends = pd.Index([*closing["site_id"], *drawn["to_site"]]).drop_duplicates()
        _write(panel, view, drawn, ends, open_sites, taken, size=6.4 * page.scale, leave_core=leave)
    _legend(page, view, moves, drawn, acted, int(moved.sum()))
    return page.figure


_ENDING = (Action.CONSOLIDATION, Action.STOP_SECTION, Action.SUSPENSION)


def rezoned_units(view: MapView) -> pd.Series:
    """unit_id → whether its primary or junior school changes between today and the target year."""
    changed = pd.Series(False, index=view.units.index)
    for stage in COMPULSORY:
        today, planned = (
            view.catchments_in(Network.PLAN, stage, view.years[name]).reindex(view.units.index).fillna("")
            for name in ("base", "target")
        )
        changed |= today != planned
    return changed


def site_moves(view: MapView) -> pd.DataFrame:
    """Children from closing to receiving campus: from_site, to_site, children, year."""
    sites = view.sections["site_id"]
    moves = view.moves.assign(
        from_site=view.moves["section_id"].map(sites), to_site=view.moves["to_section"].map(sites)
    ).dropna(subset=["from_site", "to_site"])
    sums = moves.groupby(["from_site", "to_site"], as_index=False).agg({"children": "sum", "year": "min"})
    moving: pd.DataFrame = sums[(sums["children"] >= 0.5) & (sums["from_site"] != sums["to_site"])]
    return moving.sort_values(["year", "from_site", "children"], ascending=[True, True, False], kind="stable")


def _worth_drawing(moves: pd.DataFrame) -> pd.DataFrame:
    whole = moves.groupby("from_site")["children"].transform("sum")
    return moves[(moves["children"] >= _LEAST_CHILDREN) | (moves["children"] >= _LEAST_SHARE * whole)]


def _draw_arrows(panel: Axes, view: MapView, moves: pd.DataFrame, scale: float) -> None:
    for row in moves.to_dict("records"):
        start, end = view.sites.loc[row["from_site"]], view.sites.loc[row["to_site"]]
        panel.add_patch(
            FancyArrowPatch(
                (start["x"], start["y"]),
                (end["x"], end["y"]),
                arrowstyle="-|>",
                mutation_scale=10 * scale,
                linewidth=arrow_width(float(row["children"])),
                color=_ARROW,
                shrinkA=5,
                shrinkB=5,
                connectionstyle=f"arc3,rad={_BEND}",
                zorder=7,
                clip_on=True,
            )
        )


def arrow_width(children: float) -> float:
    """Line width in points: rises with the children and stays readable.

    >>> arrow_width(0), arrow_width(10_000)
    (0.8, 4.0)
    """
    return min(0.8 + children / 60.0, 4.0)


def _write(
    panel: Axes,
    view: MapView,
    moves: pd.DataFrame,
    ends: pd.Index,
    open_sites: pd.Index,
    taken: np.ndarray,
    *,
    size: float,
    leave_core: bool,
) -> None:
    """Numbers of children on the arrows, then names of the schools at both ends, all off one another."""
    tails = shown_sites(panel, view, pd.Index(moves["from_site"]).drop_duplicates(), leave_core=leave_core)
    shown = moves[moves["from_site"].isin(tails.index)]
    curves = [_curve(view, row["from_site"], row["to_site"]) for row in shown.to_dict("records")]
    marks = shown_sites(panel, view, open_sites.union(ends, sort=False))[["x", "y"]].to_numpy(dtype=float)
    numbers = _number_places(panel, curves, marks)
    for place, children in zip(numbers, shown["children"], strict=True):
        if place is not None:
            words = _("{count}人").format(count=f"{children:.0f}")
            x, y = place.tolist()
            panel.text(x, y, words, size=size * 0.9, color=_ARROW, ha="center", va="center", zorder=10,
                       bbox={"boxstyle": "round,pad=0.12", "facecolor": "white", "edgecolor": "none", "alpha": 0.85})  # fmt: skip
    written = [place for place in numbers if place is not None]
    around = np.vstack([marks, taken, *(curve[3:-1:3] for curve in curves), *written])
    named = shown_sites(panel, view, ends, leave_core=leave_core)
    points = named[["x", "y"]].to_numpy(dtype=float)
    place_words(panel, points, list(named["name"].astype(str)), [_NAME] * len(named), around, size=size)


def _number_places(panel: Axes, curves: list[np.ndarray], marks: np.ndarray) -> list[np.ndarray | None]:
    """For each arrow the place on it farthest from the marks and the numbers placed before; None where there is no room."""
    (west, east), (south, north) = panel.get_xlim(), panel.get_ylim()
    edge = _EDGE * (east - west)
    found: list[np.ndarray | None] = []
    taken = marks
    for curve in curves:
        tries = curve[_FIRST_PLACE:-_FIRST_PLACE]
        inside = (
            (tries[:, 0] > west + edge)
            & (tries[:, 0] < east - edge)
            & (tries[:, 1] > south + edge)
            & (tries[:, 1] < north - edge)
        )
        tries = tries[inside]
        if len(tries) == 0:
            found.append(None)
            continue
        off = np.abs(tries[:, None, :] - taken[None, :, :]).max(axis=2).min(axis=1) if len(taken) else inside[inside]
        place = tries[int(np.argmax(off))]
        if off.max() < _ROOM * (east - west):
            # No room on a short arrow; the list beside the map has the number.
            found.append(None)
            continue
        found.append(place)
        taken = np.vstack([taken, place])
    return found


def _curve(view: MapView, start: str, end: str, steps: int = 31) -> np.ndarray:
    """Points along a drawn arrow: the quadratic curve of matplotlib's `arc3`."""
    first, last = (view.sites.loc[site, ["x", "y"]].to_numpy(dtype=float) for site in (start, end))
    along = last - first
    bent = (first + last) / 2 + _BEND * np.array([along[1], -along[0]])
    share = np.linspace(0, 1, steps)[:, None]
    curve: np.ndarray = (1 - share) ** 2 * first + 2 * share * (1 - share) * bent + share**2 * last
    return curve


def _legend(
    page: Page,
    view: MapView,
    moves: pd.DataFrame,
    drawn: pd.DataFrame,
    acted: list[str],
    units: int,
) -> None:
    arrow = Line2D([], [], color=_ARROW, linewidth=2, marker=">", markersize=6, label=_("安置流向（人数）"))
    total, left_out = float(moves["children"].sum()), float(moves["children"].sum() - drawn["children"].sum())
    lines = [_("安置学生：{count}人").format(count=f"{total:.0f}") if len(moves) else _("本方案没有撤并")]
    if left_out >= 0.5:
        lines.append(_("其中零散流向 {count}人未画").format(count=f"{left_out:.0f}"))
    rezoned = _("调整招生范围的单元\n（小学或初中，{count}个）").format(count=units)
    blocks: list[Block] = [
        (_("撤并与安置"), [*action_handles(acted, page.scale), *([arrow] if len(drawn) else []),
                           *(patch("none", line, edge="none") for line in lines)]),
        (_("招生范围"), [patch(_REZONED, rezoned)]),
        (_("学校"), [handle(KINDS[SectionKind.COMPLETE_PRIMARY], _("现有和规划学校（灰色，\n符号同现状图）"),
                           page.scale, colour="#b9b9b9")]),
        (_("交通"), ferry_handles(view)),
    ]  # fmt: skip
    top = add_legend(page, blocks)
    if len(drawn):
        add_list(page, _("撤并学校 → 接收学校"), _closures(view, drawn), _more, top)


def _more(count: int) -> str:
    return _("另有{count}所，见 plan.xlsx 的 T11").format(count=count)


def _closures(view: MapView, moves: pd.DataFrame) -> list[str]:
    """A line a closing school: name, year, receiving schools with children."""
    names = view.sites["name"]
    lines = []
    for site, rows in moves.groupby("from_site", sort=False):
        head = _("{name}（{year}年）→ ").format(name=names[str(site)], year=int(rows["year"].iloc[0]))
        received = [
            _("{name}{count}人").format(name=names[str(to)], count=f"{children:.0f}")
            for to, children in zip(rows["to_site"], rows["children"], strict=True)
        ]
        lines.append(wrapped([head + received[0], *received[1:]], _("、"), _LIST_COLUMNS, "　"))
    return lines
