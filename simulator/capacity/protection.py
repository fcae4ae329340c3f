"""应留必留: schools without which young children would have no other within reach."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from simulator.capacity.access import Access
from simulator.capacity.supply import Supply
from simulator.language import plural
from simulator.standards import Standards
from simulator.terms import Serves, Stage

YOUNGEST = (1, 3)
"""Grades that walk to a school nearby and do not board."""


def protect_isolated(supply: Supply, access: Access, standards: Standards) -> Supply:
    """The same supply, where a school is protected if it is the only one near for grades 1–3.

    A public section that runs grades 1–3 is isolated if it is the nearest one of some unit and the
    unit's next one is farther than `travel.young_minutes` (国办发 2018 年 27 号: 路途一般不超过半小时).
    Sections that only migrant children may enter are no alternative, nor are private ones.

    Parameters
    ----------
    supply
        Sections and sites, as built.
    access
        Journeys of all units; `minutes_young` is used.
    standards
        `travel.young_minutes`.

    Returns
    -------
    Supply
        `protected` set on the isolated sections and their sites, `can_close` withdrawn from them.
    """
    isolated = isolated_sections(supply, access, standards.value("travel.young_minutes"))
    if not isolated:
        return supply
    sections, sites = supply.sections, supply.sites
    alone = pd.Series(sections.index.isin(isolated), index=sections.index)
    homes = set(sections.loc[alone, "site_id"])
    new = int((alone & ~sections["protected"]).sum())
    sentence = plural("{count} 个学部是周边一至三年级儿童半小时内唯一的学校，按应留必留处理", new).format(count=new)
    return replace(
        supply,
        sections=sections.assign(protected=sections["protected"] | alone, can_close=sections["can_close"] & ~alone),
        sites=sites.assign(protected=sites["protected"] | sites.index.isin(homes)),
        assumptions=(*supply.assumptions, *((sentence,) if new else ())),
    )


def isolated_sections(supply: Supply, access: Access, within_minutes: float) -> set[str]:
    """Ids of the sections that are some unit's only one for grades 1–3 within the given minutes."""
    sections = supply.sections
    first, last = YOUNGEST
    young = sections[
        (sections["stage"] == Stage.PRIMARY)
        & sections["existing"]
        & sections["public"]
        & (sections["serves"] == Serves.ALL)
        & (sections["grade_from"] <= first)
        & (sections["grade_to"] >= last)
    ]
    if young.empty:
        return set()
    minutes = access.pairs.pivot_table(
        index="unit_id", columns="site_id", values="minutes_young", sort=False, aggfunc="first", dropna=False
    )[young["site_id"]].to_numpy(np.float64)
    nearest = minutes.argmin(axis=1)
    units = np.arange(len(minutes))
    others = minutes.copy()
    others[units, nearest] = np.inf
    alone = np.isfinite(minutes[units, nearest]) & (others.min(axis=1) > within_minutes)
    return set(young.index[np.unique(nearest[alone])])
