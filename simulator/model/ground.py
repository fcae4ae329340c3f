"""The ground of a problem: neighbours, units of the schools, what is exempt from connection, and its cohorts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from simulator.capacity.territory import Territory
from simulator.model.cohorts import cohort_codes
from simulator.model.problem import BOARDS, Block, FloatArray, Phase, Section, Site
from simulator.projection.demand import Demand
from simulator.terms import STAGE_GRADES


def entered_children(
    demand: Demand,
    blocks: tuple[Block, ...],
    phases: tuple[Phase, ...],
    years: tuple[int, ...],
    aside: Mapping[str, Mapping[str, float]],
) -> FloatArray:
    """Children of whole-unit blocks by cohort and year, shape (blocks, cohorts, years).

    A child in grade g in year t entered the stage in year t − (g − first grade of the stage), and came into the block
    in year t − (g − first grade of the block).
    """
    starts = np.array([phase.first_year for phase in phases])
    columns = [demand.years.index(year) for year in years]
    codes = {code: number for number, code in enumerate(cohort_codes(len(phases)))}
    found = np.zeros((len(blocks), len(codes), len(years)))
    for number, block in enumerate(blocks):
        for band in block.bands if block.whole else ():
            left = 1 - sum(aside.get(band.band_id, {}).values())
            for grade in band.grades:
                if (block.stage, grade) not in demand.cells:
                    continue
                children = demand.children[block.unit, demand.cells.index((block.stage, grade)), columns] * left
                since = [grade - STAGE_GRADES[block.stage][0], grade - block.bands[0].grade_from]
                phase = [np.searchsorted(starts, np.array(years) - ago, "right").tolist() for ago in since]
                cohort = [codes[entered, came] for entered, came in zip(*phase, strict=True)]
                found[number, cohort, np.arange(len(years))] += children
    return found


def ground_of(
    territory: Territory,
    units: tuple[str, ...],
    sections: tuple[Section, ...],
    sites: tuple[Site, ...],
    blocks: tuple[Block, ...],
    pairs: pd.DataFrame,
) -> dict[str, Any]:
    """Neighbours, units of the sections, and what is exempt from connection, as :class:`Problem` has them.

    A section of others keeps a catchment without its own unit where it has none today: nothing may be added to it.
    """
    unit_of = {unit: code for code, unit in enumerate(units)}
    home = np.array([unit_of.get(str(territory.homes[sites[s.site].site_id]), -1) for s in sections], dtype=np.int64)
    edges = [
        (unit_of[one], unit_of[other])
        for one, other in zip(territory.edges["unit_a"], territory.edges["unit_b"], strict=True)
    ]
    holders = {
        (blocks[block].unit, section)
        for block, section, today in zip(pairs["block"], pairs["section"], pairs["today"], strict=True)
        if today > 0
    }
    stated = set(territory.away["section_id"])
    away = [
        section.section_id in stated or (not section.ours and (int(home[code]), code) not in holders)
        for code, section in enumerate(sections)
    ]
    return {
        "edges": np.array(edges, dtype=np.int64).reshape(-1, 2),
        "home": home,
        "detached": _detached(territory, units, home, sections, blocks, pairs),
        "away": np.array(away, dtype=bool),
    }


def _detached(
    territory: Territory,
    units: tuple[str, ...],
    home: np.ndarray[tuple[int, ...], np.dtype[np.int64]],
    sections: tuple[Section, ...],
    blocks: tuple[Block, ...],
    pairs: pd.DataFrame,
) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Pairs of boarders, of a unit that no chain of neighbours joins to the school, and those detached today."""
    parts = territory.parts.reindex(list(units)).to_numpy()
    table = territory.detached
    apart = set(zip(table["band"], table["section_id"], table["unit_id"], strict=True))
    found = [
        mode == BOARDS
        or bool(home[section] >= 0 and parts[blocks[block].unit] != parts[home[section]])
        or any(
            (band.band_id, sections[section].section_id, units[blocks[block].unit]) in apart
            for band in blocks[block].bands
        )
        for block, section, mode in zip(pairs["block"], pairs["section"], pairs["mode"], strict=True)
    ]
    return np.array(found, dtype=bool)
