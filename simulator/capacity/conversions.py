"""Rooms that may change stage on their own campus, and how many classes a room yields there."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd

from simulator.capacity.supply import Supply
from simulator.scenario import Scenario
from simulator.standards import Standards

COLUMNS = ("site_id", "from_section", "to_section", "ratio", "room_wan")
_AREAS = {"area.teaching": "teaching_area_m2", "area.sports": "sports_area_m2"}


def list_conversions(supply: Supply, scenario: Scenario, standards: Standards) -> pd.DataFrame:
    """Pairs of sections between which rooms may change stage.

    Both sections are public, decided here, running in the base year and on one campus; the scenario
    allows conversions; the first one has rooms.

    Returns
    -------
    DataFrame
        site_id, from_section, to_section, ratio (classes gained a room given up), room_wan (万元 a room).
    """
    sections = supply.sections
    free = sections[
        sections["existing"] & sections["public"] & sections["decided_here"] & sections["seats_fixed"].isna()
    ]
    with_rooms = set(free.index[free["rooms"] > 0])
    rows = [
        (
            site_id,
            giver,
            taker,
            conversion_ratio(supply, standards, str(giver), str(taker)),
            standards.value("cost.conversion_room_wan"),
        )
        for site_id, own in free.groupby("site_id", sort=False)
        for giver, taker in itertools.permutations(own.index, 2)
        if scenario.candidates.convert and giver in with_rooms
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def conversion_ratio(supply: Supply, standards: Standards, giver: str, taker: str) -> float:
    r"""Classes of the second section that a room of the first one yields on this campus.

    .. math:: \rho = \min\Bigl(1,\; \min_a \frac{A_a}{\sum_b n_b\, s_b\, \alpha_{ab}} \cdot
              \frac{s_b\, \alpha_{ab}}{s_{b'}\, \alpha_{ab'}}\Bigr)

    with A the teaching or sports area of the campus, n classes, s class size and α the area norm a
    pupil. A campus exactly at norm turns one primary room into min(4.5/5.8, 7.5/10.2) × 45/50 = 0.66
    junior classes; a roomier one into more. An area that is not stated, or for which a stage has no
    norm, does not limit.
    """
    site_id = supply.sections["site_id"][giver]
    sections = supply.sections[supply.sections["site_id"] == site_id]
    site = supply.sites.loc[str(site_id)]
    ratio = 1.0
    for norm, column in _AREAS.items():
        per_class = {
            section_id: row["class_size"] * _norm(standards, norm, row["stage"])
            for section_id, row in sections.iterrows()
        }
        used = sum(per_class[section_id] * row["classes"] for section_id, row in sections.iterrows())
        if np.isnan(site[column]) or 0 in (per_class[giver], per_class[taker], used):
            continue
        ratio = min(ratio, site[column] / used * per_class[giver] / per_class[taker])
    return float(ratio)


def _norm(standards: Standards, norm: str, stage: str) -> float:
    """Area norm a pupil in m²; 0 where the stage has none, so that it does not limit."""
    name = f"{norm}.{stage}"
    return standards.value(name) if name in standards.figures else 0.0
