"""集团化办学分布图 and 教师交流流向图."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from simulator.language import translate as _
from simulator.outputs.maps.arrows import draw_arrows, write_flows
from simulator.outputs.maps.labels import label_sites
from simulator.outputs.maps.legend import Block, add_legend, add_list, patch, wrapped
from simulator.outputs.maps.missing import Missing
from simulator.outputs.maps.page import INK, ferry_handles, overview
from simulator.outputs.maps.present import draw_ground
from simulator.outputs.maps.symbols import draw_sites, kind_handles
from simulator.outputs.maps.titles import map_title
from simulator.outputs.maps.view import MapView
from simulator.result import Result
from simulator.terms import GroupKind, TransferReason, label

# Dark enough for lines on a pale ground, told apart by colour-blind readers together with the strokes.
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#7B3294", "#8C510A", "#333333")
_STROKES = ("-", (0, (5, 2)), (0, (1.5, 1.5)))
_LIST_COLUMNS = 47
_ROTATION, _NEED = "#1F5FA8", "#B2182B"
_EACH_TEACHER = 15.0


def groups(result: Result) -> pd.DataFrame | Missing:
    """Schools of the education groups: as `Staff.groups`."""
    table = result.staff.groups
    if not (table["role"] == "lead").any():
        return Missing(_("没有办学集团：未提供“办学集团”表，师资测算也没有提出"))
    return table.drop_duplicates(["group_id", "school_id"]).reset_index(drop=True)


def draw_groups(view: MapView, table: pd.DataFrame) -> Figure:
    """集团化办学分布图: a line from each lead school to its members."""
    subtitle = _("{year}年起").format(year=view.years["base"] + 1)
    page = overview(view, map_title("groups"), subtitle)
    there = table[table["school_id"].isin(view.sites.index)]
    led = there.groupby("group_id")["role"].transform(lambda roles: (roles == "lead").any())
    known, single = there[led], there[~led]
    sites = pd.Index(known["school_id"]).drop_duplicates()
    leads = pd.Index(known.loc[known["role"] == "lead", "school_id"])
    styles = {group: (_COLOURS[n % len(_COLOURS)], _STROKES[n // len(_COLOURS) % len(_STROKES)])
              for n, group in enumerate(known["group_id"].drop_duplicates())}  # fmt: skip
    words = _group_words(view, known)
    kinds: list[str] = []
    for panel in page.panels:
        leave = page.leaves_core(view, panel)
        taken = draw_ground(panel, view, page.scale, leave_core=leave)
        for row in known[known["role"] != "lead"].to_dict("records"):
            colour, stroke = styles[row["group_id"]]
            panel.plot([row["lead_x"], row["x"]], [row["lead_y"], row["y"]], color=colour, linestyle=stroke,
                       linewidth=1.6 * page.scale, zorder=4.5, scalex=False, scaley=False)  # fmt: skip
        kinds = draw_sites(panel, view, sites)
        _ring(panel, view, leads, page.scale)
        label_sites(panel, view, words, size=6.2 * page.scale, avoid=sites, taken=taken, leave_core=leave)
    ring = Line2D([], [], linestyle="none", marker="o", markersize=11 * page.scale, markerfacecolor="none",
                  markeredgecolor="#111111", markeredgewidth=1.4, label=_("牵头学校"))  # fmt: skip
    tie = Line2D([], [], color=_COLOURS[0], linewidth=1.6, label=_("牵头学校—成员学校\n（颜色和线型区分各集团）"))
    blocks: list[Block] = [
        (_("集团化办学"), [ring, tie]),
        (_("学校"), kind_handles(kinds, page.scale)),
        (_("交通"), ferry_handles(view)),
    ]
    top = add_legend(page, blocks)
    lines = [_group_line(view, rows) for _group, rows in known.groupby("group_id", sort=False)]
    if len(single):
        lines.append(_("未入集团：{count}所").format(count=single["school_id"].nunique()))
    add_list(page, _("各集团"), lines, _more_groups, top)
    return page.figure


def _more_groups(count: int) -> str:
    return _("另有{count}个集团").format(count=count)


def _ring(panel: Axes, view: MapView, sites: pd.Index, scale: float) -> None:
    places = view.sites.loc[sites]
    panel.scatter(places["x"], places["y"], s=(13 * scale) ** 2, facecolors="none", edgecolors="#111111",
                  linewidths=1.4 * scale, zorder=6.5)  # fmt: skip


def _group_words(view: MapView, known: pd.DataFrame) -> pd.Series:
    """site_id → name of the school, and of its group where it leads one."""
    names = view.sites["name"].astype(str)
    words = {str(site): str(names.loc[site]) for site in known["school_id"]}
    for row in known[known["role"] == "lead"].to_dict("records"):
        site = str(row["school_id"])
        words[site] = (
            _("{name}\n（{group}）").format(name=names.loc[site], group=row["name"]) if row["name"] else words[site]
        )
    return pd.Series(words, dtype=str)


def _group_line(view: MapView, rows: pd.DataFrame) -> str:
    names = view.sites["name"].astype(str)
    first = rows.iloc[0]
    kind = str(first["kind"])
    head = f"{first['name']}（{label(GroupKind(kind))}）：" if kind in set(GroupKind) else f"{first['name']}："
    parts = [str(names.loc[site]) for site in rows["school_id"]]
    return wrapped([head + parts[0], *parts[1:]], _("、"), _LIST_COLUMNS, "　")


@dataclass(frozen=True)
class Transfers:
    """Teachers who move between schools over the plan years: from_site, to_site, count, rotation (bool)."""

    flows: pd.DataFrame
    total: int
    rotating: int


def transfers(result: Result) -> Transfers | Missing:
    """Transfers of teachers of `Staff.moves`, summed over years and subjects."""
    moves = result.staff.moves
    if len(moves) == 0:
        return Missing(_("没有教师交流：未提供“教师”表，或没有需要交流的教师"))
    sites = result.supply.sections["site_id"]
    rows = moves.assign(
        from_site=moves["from_section"].map(sites),
        to_site=moves["to_section"].map(sites),
        rotation=moves["reason"] == TransferReason.ROTATION,
    )
    keys = ["from_site", "to_site", "rotation"]
    flows = rows.groupby(keys)["teachers"].sum().rename("count").reset_index()
    flows = flows[flows["from_site"] != flows["to_site"]].sort_values("count", ascending=False, kind="stable")
    rotating = int(flows.loc[flows["rotation"], "count"].sum())
    return Transfers(flows.reset_index(drop=True), int(flows["count"].sum()), rotating)


def draw_teachers(view: MapView, found: Transfers) -> Figure:
    """教师交流流向图: teachers who rotate and teachers who go where they are short, over the plan years."""
    years = {"first": view.years["base"] + 1, "last": view.years["target"]}
    titles_there = ((False, _NEED, _("余缺调剂")), (True, _ROTATION, _("交流轮岗")))
    flows = found.flows[found.flows["from_site"].isin(view.sites.index) & found.flows["to_site"].isin(view.sites.index)]
    page = overview(view, map_title("teachers"), _("{first}—{last}年合计").format(**years))
    ends = pd.Index([*flows["from_site"], *flows["to_site"]]).drop_duplicates()
    kinds: list[str] = []
    for panel in page.panels:
        leave = page.leaves_core(view, panel)
        taken = draw_ground(panel, view, page.scale, leave_core=leave)
        kinds = draw_sites(panel, view, ends, faded=True, scale=0.9)
        for rotation, colour, _words in titles_there:
            draw_arrows(
                panel, view, flows[flows["rotation"] == rotation], page.scale, colour=colour, each=_EACH_TEACHER
            )
        write_flows(panel, view, flows, ends, ends, taken, "{count}",
                    size=6.2 * page.scale, leave_core=leave, colour=INK)  # fmt: skip
    arrows: list[Artist] = [
        Line2D([], [], color=colour, linewidth=2, marker=">", markersize=6, label=words)
        for rotation, colour, words in titles_there
        if (flows["rotation"] == rotation).any()
    ]
    facts = [
        _("交流教师：{count}人次").format(count=found.total),
        _("其中轮岗：{count}人次").format(count=found.rotating),
        _("箭头旁为人次，线越粗人越多"),
    ]
    blocks: list[Block] = [
        (_("流向"), arrows),
        (_("合计"), [patch("none", text, edge="none") for text in facts]),
        (_("学校"), kind_handles(kinds, page.scale, faded=True)),
        (_("交通"), ferry_handles(view)),
    ]
    top = add_legend(page, blocks)
    add_list(page, _("调出 → 调入（人次）"), _flow_lines(view, flows), _more_flows, top)
    return page.figure


def _flow_lines(view: MapView, flows: pd.DataFrame) -> list[str]:
    names = view.sites["name"].astype(str)
    lines = []
    for site, rows in flows.groupby("from_site", sort=False):
        sums = rows.groupby("to_site", sort=False)["count"].sum()
        parts = [f"{names.loc[str(to)]}{int(count)}" for to, count in sums.items()]
        lines.append(wrapped([f"{names.loc[str(site)]} → {parts[0]}", *parts[1:]], _("、"), _LIST_COLUMNS, "　"))
    return lines


def _more_flows(count: int) -> str:
    return _("另有{count}所学校，见 plan.xlsx").format(count=count)
