"""近期建设图, and 弹性预留与功能转换图."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.figure import Figure

from simulator.language import translate as _
from simulator.outputs.land import land_balance, parcel_rows
from simulator.outputs.maps.labels import label_sites
from simulator.outputs.maps.layout import action_counts, action_labels, draw_proposed, sites_of
from simulator.outputs.maps.legend import Block, add_legend, add_list, patch
from simulator.outputs.maps.missing import Missing
from simulator.outputs.maps.page import ferry_handles, overview
from simulator.outputs.maps.present import draw_ground
from simulator.outputs.maps.symbols import (
    ACTIONS,
    KEPT,
    RELEASED,
    action_handles,
    draw_actions,
    draw_mark,
    draw_sites,
    handle,
    kind_handles,
)
from simulator.outputs.maps.titles import map_title
from simulator.outputs.maps.view import MapView
from simulator.outputs.titles import built_name
from simulator.result import Result
from simulator.terms import Action, Conflict, Network, Stage, label

_LETTER = 6.4


def near_works(result: Result, view: MapView) -> pd.DataFrame | Missing:
    """Actions of the years up to the near one, the earliest first: columns of `plan.actions`."""
    actions = result.plan.actions
    near = actions[(actions["action"] != Action.KEEP) & (actions["year"] <= view.years["near"])]
    if len(near) == 0:
        words = _("{year}年以前没有建设与撤并举措")
        return Missing(words.format(year=view.years["near"]))
    return near.sort_values(["year", "site_id"], kind="stable").reset_index(drop=True)


def draw_near_term(view: MapView, works: pd.DataFrame) -> Figure:
    """近期建设图: what is done in the first five years, with a list of works, seats and money."""
    first, last = view.years["base"] + 1, view.years["near"]
    works = works[works["site_id"].isin(view.sites.index)]
    page = overview(view, map_title("near_term"), _("各学段　{first}—{last}年").format(first=first, last=last))
    open_sites = sites_of(view, view.open_sections(Network.PLAN, last))
    existing = open_sites[view.sites.loc[open_sites, "existing"].astype(bool)]
    words = action_labels(view, works)
    shown = existing.union(pd.Index(words.index), sort=False)
    kinds, acted = draw_proposed(page, view, works, (existing, shown), words, _LETTER)
    total = _("投资：{money}万元").format(money=f"{works['capital_wan'].astype(float).sum():.0f}")
    blocks: list[Block] = [
        (_("规划举措"), action_handles(acted, page.scale)),
        (_("举措数与投资"), [*action_counts(works), patch("none", total, edge="none")]),
        (_("现有学校"), kind_handles(kinds, page.scale, faded=True)),
        (_("交通"), ferry_handles(view)),
    ]
    top = add_legend(page, blocks)
    add_list(
        page, _("项目（年份、班级、投资）"), [_work_line(view, row) for row in works.to_dict("records")], _more, top
    )
    return page.figure


def _work_line(view: MapView, row: Mapping[Hashable, Any]) -> str:
    parts = [
        _("{year}年 {name} {stage}{action}").format(
            year=row["year"], name=str(view.sites["name"].loc[str(row["site_id"])]).removesuffix(built_name("")), stage=label(Stage(str(row["stage"]))),
            action=label(Action(str(row["action"]))),
        )
    ]  # fmt: skip
    money = float(str(row["capital_wan"]))
    if int(str(row["classes"])) > 0:
        parts.append(_("{count}班").format(count=row["classes"]))
    if money > 0:
        parts.append(_("{money}万元").format(money=f"{money:.0f}"))
    return " ".join(parts)


def _more(count: int) -> str:
    return _("另有{count}项，见 plan.xlsx").format(count=count)


@dataclass(frozen=True)
class Reserve:
    """What can change its purpose.

    Parameters
    ----------
    conversions
        Rows of `plan.actions` that convert or stop a section.
    kept
        site_id → words: plots that the plan keeps free.
    released
        site_id → words: campuses that no longer serve as schools.
    """

    conversions: pd.DataFrame
    kept: pd.Series
    released: pd.Series


def reserve(result: Result, view: MapView) -> Reserve | Missing:
    """Conversions of schools, plots kept free and campuses set free."""
    actions = result.plan.actions
    changing = (Action.CONVERSION, Action.ADD_SECTION, Action.STOP_SECTION, Action.SUSPENSION)
    conversions = actions[actions["action"].isin(changing)]
    kept = _kept(result) if view.internal else pd.Series(dtype=str)
    balance = land_balance(result).set_index("site_id")
    gone = balance[balance["released_m2"].fillna(0.0) > 0].index.union(_closed(result), sort=False)
    names = view.sites["name"].astype(str)
    released = pd.Series({site: _("{name}\n校舍可转用").format(name=names.loc[site]) for site in gone}, dtype=str)
    if len(conversions) + len(kept) + len(released) == 0:
        return Missing(_("没有学段转换、没有预留用地、没有停用的校舍"))
    return Reserve(conversions, kept, released)


def _closed(result: Result) -> pd.Index:
    """Campuses of which no section runs in the target year, but one does today."""
    rows = result.plan.sections[result.plan.sections["open"].astype(bool)]
    sites = rows["section_id"].map(result.supply.sections["site_id"])
    last = result.plan.phase_of(result.scenario.horizon.target_year)
    now, then = (set(sites[rows["phase"] == phase]) for phase in (0, last))
    closed: pd.Index = pd.Index([site for site in result.supply.sites.index if site in now - then])
    return closed


def _kept(result: Result) -> pd.Series:
    """Plots without conflict on which the plan builds nothing."""
    plots = parcel_rows(result)
    free = plots[plots["used"].isna() & plots["conflict"].isin(["", Conflict.NONE.value])]
    words = {
        str(row["parcel_id"]): _("{name}\n{stages} {area}公顷").format(
            name=row["name"], stages=row["stage_names"], area=f"{float(row['area_m2']) / 1e4:.1f}"
        )
        for row in free.to_dict("records")
    }
    return pd.Series(words, dtype=str)


def draw_reserve(view: MapView, found: Reserve) -> Figure:
    """弹性预留与功能转换图: schools that change their stage, plots kept free, buildings set free."""
    subtitle = _("各学段　至{year}年").format(year=view.years["target"])
    page = overview(view, map_title("reserve"), subtitle)
    works = found.conversions[found.conversions["site_id"].isin(view.sites.index)]
    kept, released = (words[words.index.isin(view.sites.index)] for words in (found.kept, found.released))
    existing = view.sites.index[view.sites["existing"].astype(bool)]
    words = pd.concat([action_labels(view, works), kept, released])
    words = words[~words.index.duplicated()]
    acted: list[str] = []
    for panel in page.panels:
        leave = page.leaves_core(view, panel)
        taken = draw_ground(panel, view, page.scale, leave_core=leave)
        draw_sites(panel, view, existing, faded=True, scale=0.8)
        draw_mark(panel, view, released.index, RELEASED)
        draw_mark(panel, view, kept.index, KEPT)
        acted = draw_actions(panel, view, works)
        shown = existing.union(pd.Index(words.index), sort=False)
        label_sites(panel, view, words, size=_LETTER * page.scale, avoid=shown, taken=taken, leave_core=leave)
    marks: list[Artist] = []
    if len(kept):
        marks.append(handle(KEPT, _("规划储备用地（{count}处）").format(count=len(kept)), page.scale))
    if len(released):
        marks.append(handle(RELEASED, _("停用校舍（{count}处）").format(count=len(released)), page.scale))
    blocks: list[Block] = [
        (_("功能转换"), action_handles([action for action in ACTIONS if action in acted], page.scale)),
        (_("弹性预留"), marks),
        (_("举措数"), action_counts(works) if len(works) else []),
        (_("交通"), ferry_handles(view)),
    ]
    add_legend(page, blocks)
    return page.figure
