"""Seats against pupils: 学位供需缺口图 and 分期对比图."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from simulator.language import plural
from simulator.language import translate as _
from simulator.outputs.edition import shown_words
from simulator.outputs.maps.labels import named_sites, outline_townships, place_words, shown_sites
from simulator.outputs.maps.legend import Block, add_legend, patch
from simulator.outputs.maps.page import draw_ferries, draw_outlines, draw_units, ferry_handles, new_page
from simulator.outputs.maps.symbols import ACTIONS, Mark, action_handles, draw_actions, draw_sites, handle, kind_handles
from simulator.outputs.maps.titles import map_title
from simulator.outputs.maps.view import MAPPED_STAGES, MapView
from simulator.terms import COMPULSORY, Action, Network, Stage, label

# Classes of (seats − pupils) ÷ seats; the middle one is balance.
EDGES = (-0.20, -0.05, 0.05, 0.20)
# From short (orange, hatched, so that a grey print tells it from spare) over balance to spare (purple).
_FILLS = ("#E66101", "#FDB863", "#F7F7F7", "#CFCAE4", "#9E92C9")
_HATCHES = ("////", "//", "", "", "")
_NO_CATCHMENT = "#dddddd"
_SHORT, _SPARE = "#7F3B08", "#40206B"


def draw_balance(view: MapView, stage: str) -> Figure:
    """学位供需缺口图: each unit by the balance of the schools it goes to; each school's shortage or spare, never netted."""
    year = view.tightest.get(stage, view.years["target"])
    zooms = (False,) if view.core is None else (False, True)
    cells = [(network, zoom) for zoom in zooms for network in (Network.NO_ACTION, Network.PLAN)]
    titles = tuple(
        label(network) + (_("　中心放大") if zoom else "　" + balance_totals(view, network, stage, year))
        for network, zoom in cells
    )
    subtitle = _("{stage}　{year}年（不采取措施时最紧的一年）").format(stage=label(Stage(stage)), year=year)
    page = new_page(
        view, map_title("balance"), subtitle, panels=titles, rows=len(zooms), paper="A3",
        core=tuple(zoom for _network, zoom in cells),
    )  # fmt: skip
    kinds: list[str] = []
    for panel, (network, zoom) in zip(page.panels, cells, strict=True):
        shade_by_balance(panel, view, network, stage, year)
        kinds += _label_schools(panel, view, network, stage, year, page.scale, leave_core=len(zooms) > 1 and not zoom)
    words = [
        patch("none", _("缺 n：在校生超过标准学位 n 人"), edge="none"),
        patch("none", _("余 n：标准学位空余 n 个"), edge="none"),
        patch("none", _("余缺按校分别计算，\n不相互抵消"), edge="none"),
    ]
    blocks: list[Block] = [
        (_("就读学校学位余缺"), _balance_handles()),
        (_("校名旁的数字"), [] if view.several else words),
        (_("学校"), kind_handles(list(dict.fromkeys(kinds)), page.scale)),
        (_("交通"), ferry_handles(view)),
    ]
    add_legend(page, blocks)
    return page.figure


def balance_totals(view: MapView, network: str, stage: str, year: int) -> str:
    """Shortage and spare of a stage, each summed over the schools."""
    balance = section_balance(view, network, stage, year)
    over = balance["pupils"] - balance["seats"]
    return _("缺 {short}、余 {spare}").format(
        short=shown_words(over.clip(lower=0).sum(), internal=view.internal), spare=f"{(-over).clip(lower=0).sum():.0f}"
    )


def draw_phases(view: MapView) -> Figure:
    """分期对比图: the network and its balance in the base, near and target year, and what was done since the last one."""
    years = list(dict.fromkeys(view.years[name] for name in ("base", "near", "target")))
    stages = [stage for stage in COMPULSORY if stage in mapped_stages(view)] or mapped_stages(view)[:1]
    cells = [(stage, year) for stage in stages for year in years]
    before = dict(zip(years[1:], years[:-1], strict=True))
    titles = tuple(_phase_title(view, stage, year, before.get(year)) for stage, year in cells)
    subtitle = _("规划方案　{years}").format(years=_("、").join(_("{year}年").format(year=year) for year in years))
    page = new_page(view, map_title("phases"), subtitle, panels=titles, rows=len(stages), paper="A3")
    kinds: list[str] = []
    acted: list[str] = []
    for panel, (stage, year) in zip(page.panels, cells, strict=True):
        shade_by_balance(panel, view, Network.PLAN, stage, year)
        kinds += _draw_open(panel, view, stage, year, page.scale * 0.65)
        earlier, recent = _actions_between(view, stage, year, before.get(year))
        draw_actions(panel, view, earlier, scale=page.scale * 0.45, faded=True)
        acted += draw_actions(panel, view, recent, scale=page.scale * 0.6)
    done = handle(Mark("X", "#8f8f8f", 6.0), _("以前各期已实施（灰色）"), page.scale)
    blocks: list[Block] = [
        (_("就读学校学位余缺"), _balance_handles()),
        (_("学校"), kind_handles(list(dict.fromkeys(kinds)), page.scale)),
        (_("本期规划举措"), [*action_handles([a for a in ACTIONS if a in set(acted)], page.scale), done]),
        (_("交通"), ferry_handles(view)),
    ]
    add_legend(page, blocks)
    return page.figure


def _phase_title(view: MapView, stage: Stage, year: int, since: int | None) -> str:
    """Stage, year and balance; below, how many schools run and what was done since the last panel."""
    first = _("{stage}　{year}年　{totals}").format(
        stage=label(stage), year=year, totals=balance_totals(view, Network.PLAN, stage, year)
    )
    recent = _actions_between(view, stage, year, since)[1]["action"].value_counts()
    done = [f"{label(Action(action))}{int(recent[action])}" for action in ACTIONS if action in recent.index]
    running = len(section_balance(view, Network.PLAN, stage, year).query("seats > 0 or pupils > 0"))
    schools = plural("{count}个学部", running).format(count=running)
    return first + "\n" + _("；").join([schools, *([_("、").join(done)] if done else [])])


def mapped_stages(view: MapView) -> list[Stage]:
    """Stages with maps that the network has."""
    return [stage for stage in MAPPED_STAGES if (view.sections["stage"] == stage).any()]


def shade_by_balance(panel: Axes, view: MapView, network: str, stage: str, year: int) -> None:
    """Colour each unit by the balance of the schools it goes to; grey where the stage has no catchment there."""
    values = unit_balance(view, network, stage, year)
    known = values.notna().to_numpy()
    classes = np.searchsorted(EDGES, values.fillna(0.0).to_numpy(), side="right")
    fills = [_FILLS[number] if there else _NO_CATCHMENT for number, there in zip(classes, known, strict=True)]
    draw_ferries(panel, view)
    draw_units(panel, view, fills, edge="#ffffff", width=0.3)
    for number, hatch in enumerate(_HATCHES):
        shaded = view.units.geometry[known & (classes == number)]
        if hatch and len(shaded):
            draw_outlines(panel, list(shaded), colour="#ffffff", width=0.3, hatch=hatch)
    outline_townships(panel, view, width=0.7)


def section_balance(view: MapView, network: str, stage: str, year: int) -> pd.DataFrame:
    """section_id → pupils, seats, and (seats − pupils) ÷ seats; −1 where there are pupils but no seats."""
    rows = view.schools
    rows = rows[(rows["network"] == network) & (rows["year"] == year)].set_index("section_id")
    rows = rows[view.sections["stage"].reindex(rows.index) == stage]
    pupils, seats = rows["pupils"].astype(float), rows["seats_standard"].astype(float)
    share = ((seats - pupils) / seats.where(seats > 0)).clip(lower=-1.0).fillna(-1.0)
    return pd.DataFrame({"pupils": pupils, "seats": seats, "share": share})


def unit_balance(view: MapView, network: str, stage: str, year: int) -> pd.Series:
    """unit_id → mean balance of its schools, weighted by where its children go; unserved counts −1."""
    rows = view.catchments
    rows = rows[
        (rows["network"] == network) & (rows["phase"] == view.phase_of(year)) & rows["band"].isin(view.bands_of(stage))
    ]
    share = rows["section_id"].map(section_balance(view, network, stage, year)["share"])
    share = share.where(rows["section_id"] != "", -1.0)
    known = share.notna()
    weights = rows.loc[known, "share"].astype(float)
    sums = (share[known] * weights).groupby(rows.loc[known, "unit_id"]).sum()
    totals = weights.groupby(rows.loc[known, "unit_id"]).sum()
    return (sums / totals).reindex(view.units.index)


def _balance_handles() -> list[Artist]:
    words = (
        _("缺 20% 以上"),
        _("缺 5%—20%"),
        _("基本平衡（±5%）"),
        _("余 5%—20%"),
        _("余 20% 以上"),
    )
    return [
        patch(colour, text, hatch=hatch or None, edge="#ffffff" if hatch else "#999999")
        for colour, text, hatch in zip(_FILLS, words, _HATCHES, strict=True)
    ]


def _label_schools(
    panel: Axes, view: MapView, network: str, stage: str, year: int, scale: float, *, leave_core: bool
) -> list[str]:
    """Mark the schools of the stage, and write how many seats each lacks or has to spare."""
    balance = section_balance(view, network, stage, year)
    balance = balance[(balance["pupils"] > 0) | (balance["seats"] > 0)]
    sites = view.sections.loc[balance.index, "site_id"]
    kinds = draw_sites(panel, view, pd.Index(sites), scale=0.75 * scale)
    over = (balance["pupils"] - balance["seats"]).round().set_axis(pd.Index(sites.astype(str)))
    over = over[~over.index.duplicated()].sort_values(ascending=False, kind="stable")
    words = over.map(partial(_balance_words, internal=view.internal))
    if stage == Stage.KINDERGARTEN:
        # Too many to name, and too many to say of each that nothing is wrong with it.
        words = words[over != 0]
    else:
        words = view.sites["name"].reindex(words.index).astype(str).str.cat(words, sep="\n")
    shown = named_sites(panel, view, pd.Index(words.index), leave_core=leave_core)
    colours = [_SHORT if over[site] >= 1 else _SPARE for site in shown.index]
    marks = shown_sites(panel, view, pd.Index(sites))[["x", "y"]].to_numpy(dtype=float)
    points = shown[["x", "y"]].to_numpy(dtype=float)
    place_words(panel, points, list(words[shown.index]), colours, marks, size=6.0 * scale)
    return kinds


def _balance_words(over: float, *, internal: bool) -> str:
    if over >= 1:
        return _("缺 {count}").format(count=shown_words(over, internal=internal))
    return _("余 {count}").format(count=int(-over)) if over < 0 else _("平")


def _draw_open(panel: Axes, view: MapView, stage: str, year: int, scale: float) -> list[str]:
    running = view.open_sections(Network.PLAN, year)
    sections = view.sections.loc[running.intersection(view.sections.index)]
    sites = pd.Index(sections.loc[sections["stage"] == stage, "site_id"])
    return draw_sites(panel, view, sites, scale=scale)


def _actions_between(view: MapView, stage: str, year: int, since: int | None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The actions of a stage up to a year: those done by the year of the panel before, and those since."""
    rows = view.actions[(view.actions["stage"] == stage) & (view.actions["action"] != Action.KEEP)]
    last = year if since is None else since
    return rows[rows["year"] <= last], rows[(rows["year"] > last) & (rows["year"] <= year)]
