"""Seats against pupils: 学位供需缺口图 and 分期对比图."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from simulator.language import translate as _
from simulator.outputs.maps.labels import label_sites, outline_townships
from simulator.outputs.maps.legend import Block, add_legend, patch
from simulator.outputs.maps.page import draw_units, new_page
from simulator.outputs.maps.symbols import action_handles, draw_actions, draw_sites, kind_handles
from simulator.outputs.maps.view import MAPPED_STAGES, MapView
from simulator.terms import COMPULSORY, Action, Network, Stage, label

# Classes of (seats − pupils) ÷ seats; the middle one is balance.
EDGES = (-0.20, -0.05, 0.05, 0.20)
_MOST_LABELS = 14


def draw_balance(view: MapView) -> Figure:
    """学位供需缺口图: each unit by the shortage or spare of the schools it goes to, with and without the plan."""
    year = view.years["tightest"]
    networks = (Network.NO_ACTION, Network.PLAN)
    cells = [(network, stage) for network in networks for stage in _stages(view)]
    titles = tuple(
        _("{network}　{stage}").format(network=label(network), stage=label(stage)) for network, stage in cells
    )
    subtitle = _("幼儿园、小学、初中　{year}年（规划期内不采取措施时缺口最大的一年）").format(year=year)
    page = new_page(view, _("学位供需缺口图"), subtitle, panels=titles, rows=2, paper="A3")
    for panel, (network, stage) in zip(page.panels, cells, strict=True):
        shade_by_balance(panel, view, network, stage, year)
        _label_shortages(panel, view, network, stage, year)
    blocks: list[Block] = [
        (_("就读学校学位余缺"), _balance_handles()),
        (
            _("学校"),
            [
                patch("none", _("▲缺 n：在校生超过标准\n学位的人数；余缺按校\n计算，不相互抵消"), edge="none"),
            ],
        ),
    ]
    add_legend(page, blocks)
    return page.figure


def draw_phases(view: MapView) -> Figure:
    """分期对比图: the network and its balance in the base, near and target year, primary and junior."""
    years = list(dict.fromkeys(view.years[name] for name in ("base", "near", "target")))
    stages = [stage for stage in COMPULSORY if stage in _stages(view)] or _stages(view)[:1]
    cells = [(stage, year) for stage in stages for year in years]
    titles = tuple(_("{stage}　{year}年").format(stage=label(stage), year=year) for stage, year in cells)
    subtitle = _("规划方案　{years}").format(years=_("、").join(_("{year}年").format(year=year) for year in years))
    page = new_page(view, _("分期对比图"), subtitle, panels=titles, rows=len(stages), paper="A3")
    kinds: list[str] = []
    acted: list[str] = []
    for panel, (stage, year) in zip(page.panels, cells, strict=True):
        shade_by_balance(panel, view, Network.PLAN, stage, year)
        kinds += _draw_open(panel, view, stage, year, page.scale * 0.75)
        acted += draw_actions(panel, view, _actions_until(view, stage, year), scale=page.scale * 0.6)
    blocks: list[Block] = [
        (_("就读学校学位余缺"), _balance_handles()),
        (_("学校"), kind_handles(list(dict.fromkeys(kinds)), page.scale)),
        (_("至该年的规划举措"), action_handles([a for a in Action if a in set(acted)], page.scale)),
    ]
    add_legend(page, blocks)
    return page.figure


def _stages(view: MapView) -> list[Stage]:
    """Mapped stages that the network has."""
    return [stage for stage in MAPPED_STAGES if (view.sections["stage"] == stage).any()]


def shade_by_balance(panel: Axes, view: MapView, network: str, stage: str, year: int) -> None:
    """Colour each unit by the balance of the schools it goes to; grey where the stage has no catchment there."""
    values = unit_balance(view, network, stage, year)
    colours = balance_colours()
    fills = [
        "#dddddd" if np.isnan(value) else colours[int(np.searchsorted(EDGES, value, side="right"))] for value in values
    ]
    draw_units(panel, view, fills, edge="#ffffff", width=0.3)
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


def balance_colours() -> list[str]:
    """Five colours from orange (short) over white (balance) to purple (spare)."""
    ramp = colormaps["PuOr"]
    return [to_hex(ramp(place)) for place in (0.12, 0.32, 0.5, 0.70, 0.88)]


def _balance_handles() -> list[Artist]:
    words = (
        _("▲ 缺 20% 以上"),
        _("△ 缺 5%—20%"),
        _("○ 基本平衡（±5%）"),
        _("✚ 余 5%—20%"),
        _("✚✚ 余 20% 以上"),
    )
    return [patch(colour, text) for colour, text in zip(balance_colours(), words, strict=True)]


def _label_shortages(panel: Axes, view: MapView, network: str, stage: str, year: int) -> None:
    """Mark the schools of the stage, and write how many seats are short at the worst ones."""
    balance = section_balance(view, network, stage, year)
    sites = view.sections.loc[balance.index, "site_id"]
    draw_sites(panel, view, pd.Index(sites), scale=0.7)
    short = (balance["pupils"] - balance["seats"]).round()
    worst = short[short >= 1].sort_values(ascending=False, kind="stable")[:_MOST_LABELS]
    words = pd.Series(
        [_("▲缺 {count}").format(count=int(count)) for count in worst],
        index=[str(sites[section]) for section in worst.index],
        dtype=str,
    )
    label_sites(panel, view, words[~words.index.duplicated()], size=7.5, colour="#7f3b08")


def _draw_open(panel: Axes, view: MapView, stage: str, year: int, scale: float) -> list[str]:
    running = view.open_sections(Network.PLAN, year)
    sections = view.sections.loc[running.intersection(view.sections.index)]
    sites = pd.Index(sections.loc[sections["stage"] == stage, "site_id"])
    return draw_sites(panel, view, sites, scale=scale)


def _actions_until(view: MapView, stage: str, year: int) -> pd.DataFrame:
    rows = view.actions
    return rows[(rows["stage"] == stage) & (rows["year"] <= year) & (rows["action"] != Action.KEEP)]
