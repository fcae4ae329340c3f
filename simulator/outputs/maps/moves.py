"""撤并与安置流向图: from each closing school to the schools that receive its children."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from simulator.language import translate as _
from simulator.outputs.maps.arrows import ARROW, draw_arrows, write_flows
from simulator.outputs.maps.labels import label_townships, outline_townships
from simulator.outputs.maps.layout import sites_of
from simulator.outputs.maps.legend import Block, add_legend, add_list, patch, wrapped
from simulator.outputs.maps.page import Page, draw_ferries, draw_units, ferry_handles, overview
from simulator.outputs.maps.symbols import KINDS, action_handles, draw_actions, draw_sites, handle
from simulator.outputs.maps.titles import map_title
from simulator.outputs.maps.view import MapView
from simulator.terms import COMPULSORY, Action, Network, SectionKind

_REZONED = "#CFE3F2"
# Flows below this many children, and below this share of their school, are summed instead of drawn.
_LEAST_CHILDREN, _LEAST_SHARE = 3.0, 0.1
_LIST_COLUMNS = 47


def draw_moves(view: MapView) -> Figure:
    """撤并与安置流向图: arrows with numbers of children, re-zoned units shaded, every closure listed."""
    base, target = view.years["base"], view.years["target"]
    subtitle = _("各学段　{base}—{target}年").format(base=base + 1, target=target)
    page = overview(view, map_title("moves"), subtitle)
    moved, moves = rezoned_units(view), site_moves(view)
    drawn = _worth_drawing(moves)
    open_sites = sites_of(view, view.open_sections(Network.PLAN, target))
    closing = view.actions[view.actions["section_id"].isin(set(view.moves["section_id"]))]
    closing = closing[closing["action"].isin([action.value for action in _ENDING])]
    flows = drawn.rename(columns={"children": "count"})
    acted: list[str] = []
    for panel in page.panels:
        leave = page.leaves_core(view, panel)
        draw_units(panel, view, [_REZONED if changed else "#faf9f5" for changed in moved])
        draw_ferries(panel, view)
        outline_townships(panel, view, width=0.9)
        taken = label_townships(panel, view, size=10.5 * page.scale, leave_core=leave)
        draw_sites(panel, view, open_sites, faded=True, scale=0.9)
        acted = draw_actions(panel, view, closing, scale=0.9)
        draw_arrows(panel, view, flows, page.scale)
        ends = pd.Index([*closing["site_id"], *drawn["to_site"]]).drop_duplicates()
        write_flows(
            panel, view, flows, ends, open_sites, taken, _("{count}人"), size=6.4 * page.scale, leave_core=leave
        )
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


def _legend(
    page: Page,
    view: MapView,
    moves: pd.DataFrame,
    drawn: pd.DataFrame,
    acted: list[str],
    units: int,
) -> None:
    arrow = Line2D([], [], color=ARROW, linewidth=2, marker=">", markersize=6, label=_("安置流向（人数）"))
    total, left_out = float(moves["children"].sum()), float(moves["children"].sum() - drawn["children"].sum())
    lines = [_("安置学生：{count}人").format(count=f"{total:.0f}")] if len(moves) else []
    if not len(moves) and not acted:
        lines.append(_("本方案没有撤并"))
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
