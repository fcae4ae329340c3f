"""Schools and plans of one stage a sheet: 分学段现状布局图 and 分学段规划布局图."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
from matplotlib.figure import Figure

from simulator.language import translate as _
from simulator.outputs.edition import shown_words
from simulator.outputs.maps.labels import label_sites
from simulator.outputs.maps.layout import action_counts, action_labels, draw_proposed, sites_of
from simulator.outputs.maps.legend import Block, add_legend, patch
from simulator.outputs.maps.page import ferry_handles, overview
from simulator.outputs.maps.present import draw_ground, site_pupils
from simulator.outputs.maps.symbols import action_handles, draw_sites, kind_handles, size_handles
from simulator.outputs.maps.titles import map_title
from simulator.outputs.maps.view import MapView
from simulator.terms import Action, Network, Stage, label

_LETTER = 6.0


def stages_there(view: MapView) -> list[str]:
    """Stages of which the district has a school, from kindergarten up."""
    return [stage.value for stage in Stage if (view.sections["stage"] == stage).any()]


def draw_stage_schools(view: MapView, stage: str) -> Figure:
    """分学段现状布局图: every school of a stage today, larger for more children, with classes and children."""
    year = view.years["base"]
    own = of_stage(view, stage)
    subtitle = _("{stage}　{year}年").format(stage=label(Stage(stage)), year=year)
    page = overview(view, map_title("stage_schools"), subtitle)
    running = own.sections.index[own.sections["existing"].astype(bool)]
    sites = sites_of(own, running)
    pupils = site_pupils(own, year)
    kinds: list[str] = []
    for panel in page.panels:
        leave = page.leaves_core(view, panel)
        taken = draw_ground(panel, view, page.scale, leave_core=leave)
        kinds = draw_sites(panel, own, sites, pupils=pupils)
        words = _words(own, sites, pupils, year)
        label_sites(panel, view, words, size=_LETTER * page.scale, avoid=sites, taken=taken, leave_core=leave)
    totals = [
        _("学校：{count}所").format(count=len(sites)),
        _("在校生：{count}人").format(count=f"{pupils.reindex(sites).fillna(0).sum():.0f}"),
    ]
    blocks: list[Block] = [
        (_("学校类型"), kind_handles(kinds, page.scale)),
        (_("规模（在校生）"), size_handles(page.scale)),
        (_("合计"), [patch("none", text, edge="none") for text in totals]),
        (_("交通"), ferry_handles(view)),
    ]
    add_legend(page, blocks)
    return page.figure


def draw_stage_layout(view: MapView, stage: str) -> Figure:
    """分学段规划布局图: the schools of a stage in the target year with their classes, and what the plan does to each."""
    year = view.years["target"]
    own = of_stage(view, stage)
    subtitle = _("{stage}　规划至{year}年").format(stage=label(Stage(stage)), year=year)
    page = overview(view, map_title("stage_layout"), subtitle)
    works = own.actions[own.actions["action"] != Action.KEEP]
    open_sites = sites_of(own, own.open_sections(Network.PLAN, year))
    shown = open_sites.union(pd.Index(works["site_id"]).intersection(own.sites.index), sort=False)
    existing = shown[own.sites.loc[shown, "existing"].astype(bool)]
    words = pd.concat([action_labels(own, works), _words(own, existing, None, year)])
    words = words[~words.index.duplicated()]
    kinds, acted = draw_proposed(page, own, works, (existing, shown), words, _LETTER, ground=view)
    blocks: list[Block] = [
        (_("规划举措"), action_handles(acted, page.scale)),
        (_("现有学校（班级数为{year}年）").format(year=year), kind_handles(kinds, page.scale, faded=True)),
        (_("交通"), ferry_handles(view)),
        (_("举措数"), action_counts(works)),
    ]
    add_legend(page, blocks)
    return page.figure


def of_stage(view: MapView, stage: str) -> MapView:
    """The view with the sections, actions and figures of one stage only."""
    sections = view.sections[view.sections["stage"] == stage]
    return replace(
        view,
        sections=sections,
        actions=view.actions[view.actions["section_id"].isin(sections.index)],
        schools=view.schools[view.schools["section_id"].isin(sections.index)],
    )


def _words(own: MapView, sites: pd.Index, pupils: pd.Series | None, year: int) -> pd.Series:
    """site_id → name, and below it classes and, where they are given, children."""
    rows = own.schools[(own.schools["network"] == Network.PLAN) & (own.schools["year"] == year)]
    classes = rows.groupby(rows["section_id"].map(own.sections["site_id"]))["classes"].sum()
    words = {}
    for site in sites:
        number = int(classes.get(site, 0))
        figures = _("{count}班").format(count=number) if number else ""
        if pupils is not None and site in pupils.index:
            figures += _(" {count}人").format(count=shown_words(float(pupils[site]), internal=own.internal))
        words[site] = "\n".join(filter(None, [str(own.sites["name"].loc[site]), figures.strip()]))
    return pd.Series(words, dtype=str)
