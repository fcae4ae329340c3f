"""规划布局图 with the symbols of actions."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from simulator.language import translate as _
from simulator.outputs.maps.labels import label_sites
from simulator.outputs.maps.legend import Block, add_legend, patch
from simulator.outputs.maps.page import Page, ferry_handles, overview
from simulator.outputs.maps.present import draw_ground, school_names
from simulator.outputs.maps.symbols import ACTIONS, action_handles, draw_actions, draw_sites, kind_handles
from simulator.outputs.maps.titles import map_title
from simulator.outputs.maps.view import MapView
from simulator.outputs.titles import built_name
from simulator.terms import Action, Network, label

_MOST_LINES, _MOST_YEARS = 2, 2


def draw_layout(view: MapView) -> Figure:
    """规划布局图: what stays in grey, what the plan does in colour with its year."""
    target = view.years["target"]
    subtitle = _("各学段　规划至{year}年").format(year=target)
    page = overview(view, map_title("layout"), subtitle)
    works = view.actions[view.actions["action"] != Action.KEEP]
    open_sites = sites_of(view, view.open_sections(Network.PLAN, target))
    shown = open_sites.union(pd.Index(works["site_id"]).intersection(view.sites.index), sort=False)
    existing = shown[view.sites.loc[shown, "existing"].astype(bool)]
    words = pd.concat([action_labels(view, works), school_names(view, existing)])
    words = words[~words.index.duplicated()]
    kinds, acted = draw_proposed(page, view, works, (existing, shown), words, 6.2)
    blocks: list[Block] = [
        (_("规划举措（每校一个主要符号）"), action_handles(acted, page.scale)),
        (_("现有学校"), kind_handles(kinds, page.scale, faded=True)),
        (_("交通"), ferry_handles(view)),
        (_("举措数"), action_counts(works)),
    ]
    add_legend(page, blocks)
    return page.figure


def draw_proposed(
    page: Page,
    view: MapView,
    works: pd.DataFrame,
    sites: tuple[pd.Index, pd.Index],
    words: pd.Series,
    letter: float,
    ground: MapView | None = None,
) -> tuple[list[str], list[str]]:
    """Draw on every panel what stays in grey and the works in colour, with their names.

    Parameters
    ----------
    page
        An overview.
    view
        The view whose sites and works are drawn.
    works
        Its actions.
    sites
        Those that stay, and all whose symbols no name may cover.
    words
        site_id → label.
    letter
        Size of the type, points on a page of scale 1.
    ground
        The view of the ground, where it is another.

    Returns
    -------
    tuple
        Kinds of school and of action that were drawn, for the legend.
    """
    land, (existing, shown) = ground or view, sites
    kinds: list[str] = []
    acted: list[str] = []
    for panel in page.panels:
        leave = page.leaves_core(land, panel)
        taken = draw_ground(panel, land, page.scale, leave_core=leave)
        kinds = draw_sites(panel, view, existing, faded=True)
        acted = draw_actions(panel, view, works)
        label_sites(panel, land, words, size=letter * page.scale, avoid=shown, taken=taken, leave_core=leave)
    return kinds, acted


def sites_of(view: MapView, sections: pd.Index) -> pd.Index:
    """Campuses of sections, each once."""
    known = sections.intersection(view.sections.index)
    sites: pd.Index = pd.Index(view.sections["site_id"].loc[known].drop_duplicates())
    return sites


def action_labels(view: MapView, works: pd.DataFrame) -> pd.Series:
    """site_id → name, and a line for each action with its years, the gravest first."""
    words = {}
    ranks = {action: number for number, action in enumerate(ACTIONS)}
    ordered = works.assign(rank=works["action"].map(ranks)).sort_values(["rank", "year"], kind="stable")
    for site_id, rows in ordered.groupby("site_id", sort=False):
        if site_id not in view.sites.index:
            continue
        done = rows.groupby("action", sort=False)["year"].agg(list)
        lines = [f"{label(Action(str(action)))} {years_words(years)}" for action, years in done.items()]
        name = str(view.sites["name"].loc[str(site_id)]).removesuffix(built_name(""))
        words[str(site_id)] = "\n".join([name, *lines[:_MOST_LINES]])
    return pd.Series(words, dtype=str)


def years_words(years: Iterable[int]) -> str:
    """Years of an action, each once: one, two, or the span of many.

    >>> years_words([2026, 2021, 2021]), years_words([2021, 2023, 2026])
    ('2021、2026年', '2021—2026年')
    """
    distinct = sorted({int(year) for year in years})
    if len(distinct) <= _MOST_YEARS:
        return _("{year}年").format(year=_("、").join(str(year) for year in distinct))
    return _("{year}年").format(year=f"{distinct[0]}—{distinct[-1]}")


def action_counts(works: pd.DataFrame) -> list[Patch]:
    """Legend entries that count the actions of each kind."""
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
