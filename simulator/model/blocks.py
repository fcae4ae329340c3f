"""Blocks of children and the schools each may go to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from simulator.capacity.access import Access, minutes_column
from simulator.capacity.supply import Catchments, Supply
from simulator.model.problem import Block, FloatArray, Section
from simulator.scenario import AccessSettings
from simulator.terms import WHOLE_UNIT_REGIMES, Band, Stage


@dataclass(frozen=True)
class Choice:
    """A school that a unit may go to in a band: its position, the journey in minutes, its share today."""

    section: int
    minutes: float
    today: float
    lawful: bool


@dataclass(frozen=True)
class Reach:
    """Journeys and catchments of today, ready to be asked by unit and section.

    Parameters
    ----------
    limits
        (band, kind of area) → hard limit in minutes, inf where there is none.
    minutes
        `minutes_young` and `minutes_older` → array (units, sites), inf where there is no way.
    site_column
        site_id → column.
    today
        (unit_id, band id, section_id) → share of the children who go by catchment.
    """

    settings: AccessSettings
    units: tuple[str, ...]
    area_kinds: Mapping[str, str]
    limits: dict[tuple[Band, str], float]
    minutes: dict[str, FloatArray]
    site_column: dict[str, int]
    today: dict[tuple[str, str, str], float]

    def choices(self, unit: int, band: Band, running: list[tuple[int, Section]]) -> list[Choice]:
        """The schools of a unit in a band, nearest first.

        Those within the hard limit (or, without one, `choices_within_min`), the k nearest and today's;
        at most `most_choices`, today's always kept.
        """
        unit_id, settings = self.units[unit], self.settings
        limit = self.limits[band, self.area_kinds[unit_id]]
        reach = limit if np.isfinite(limit) else settings.choices_within_min
        journeys = self.minutes[minutes_column(band)][unit]
        near = sorted(
            (
                float(journeys[self.site_column[section.section_id.rsplit(":", 1)[0]]]),
                self.today.get((unit_id, band.band_id, section.section_id), 0.0),
                code,
            )
            for code, section in running
        )
        farthest = max((journey for journey, _, _ in near if np.isfinite(journey)), default=60.0)
        return [
            Choice(code, journey if np.isfinite(journey) else 2 * farthest, share, journey <= limit or share > 0)
            for rank, (journey, share, code) in enumerate(near)
            if share > 0
            or (np.isfinite(journey) and rank < settings.most_choices and (journey <= reach or rank < settings.nearest))
        ]


def reach_of(
    access: Access,
    settings: AccessSettings,
    catchments: Catchments,
    aside: Mapping[str, Mapping[str, float]],
    units: tuple[str, ...],
    area_kinds: Mapping[str, str],
    bands: tuple[Band, ...],
) -> Reach:
    """Prepare journeys and catchments for asking."""
    columns = {column: _pivot(access.pairs, units, column) for column in ("minutes_young", "minutes_older")}
    sites = list(columns["minutes_young"].columns)
    table = catchments.table
    today = zip(table["unit_id"], table["band"], table["section_id"], table["share"], strict=True)
    return Reach(
        settings=settings,
        units=units,
        area_kinds=area_kinds,
        limits={
            (band, kind): access.limit_of(band, kind, "hard") for band in bands for kind in set(area_kinds.values())
        },
        minutes={column: frame.to_numpy(float) for column, frame in columns.items()},
        site_column={site: code for code, site in enumerate(sites)},
        today={
            (unit, band, section): float(share) / (1 - sum(aside.get(band, {}).values()))
            for unit, band, section, share in today
            if section not in aside.get(band, {})
        },
    )


def aside_of(supply: Supply, catchments: Catchments) -> dict[str, dict[str, float]]:
    """Band → section without a catchment (private, for migrant children) → the share of every unit that it takes."""
    table = catchments.table
    regimes = supply.sections["regime"].reindex(table["section_id"]).to_numpy()
    aside = table[~pd.Series(regimes, index=table.index).isin(WHOLE_UNIT_REGIMES)]
    found: dict[str, dict[str, float]] = {}
    for band, section, share in zip(aside["band"], aside["section_id"], aside["share"], strict=True):
        found.setdefault(str(band), {})[str(section)] = float(share)
    return found


def _pivot(pairs: pd.DataFrame, units: tuple[str, ...], column: str) -> pd.DataFrame:
    # pivot refuses a pair listed twice, which pivot_table would average.
    return pairs.pivot(index="unit_id", columns="site_id", values=column).reindex(list(units))  # noqa: PD010  see above


def blocks_and_pairs(
    reach: Reach, supply: Supply, sections: tuple[Section, ...], stages: set[Stage]
) -> tuple[tuple[Block, ...], pd.DataFrame]:
    """Blocks, and block, section, minutes, today, lawful of every pair.

    The bands of a stage are joined in one block for a unit that no section running only some of them can serve.
    """
    blocks: list[Block] = []
    rows: list[tuple[int, int, float, float, bool]] = []
    for stage in dict.fromkeys(section.stage for section in sections if not section.pool):
        if stage not in stages:
            continue
        bands, whole = supply.bands_of(stage), _is_whole(supply, stage)
        running = {band: _running(supply, sections, band, whole=whole) for band in bands}
        for unit in range(len(reach.units)):
            chosen = {band: reach.choices(unit, band, running[band]) for band in bands}
            for group in _groups(chosen, running):
                rows.extend((len(blocks), c.section, c.minutes, c.today, c.lawful) for c in chosen[group[0]])
                blocks.append(Block(unit, stage, group, whole))
    return tuple(blocks), pd.DataFrame(rows, columns=["block", "section", "minutes", "today", "lawful"])


def _groups(
    chosen: Mapping[Band, list[Choice]], running: Mapping[Band, list[tuple[int, Section]]]
) -> list[tuple[Band, ...]]:
    complete = set.intersection(*({code for code, _ in listed} for listed in running.values()))
    partial = any(choice.section not in complete for choices in chosen.values() for choice in choices)
    same = len({tuple(choices) for choices in chosen.values()}) == 1
    bands = tuple(chosen)
    return [bands] if same and not partial else [(band,) for band in bands]


def _is_whole(supply: Supply, stage: Stage) -> bool:
    regimes = supply.sections.loc[supply.sections["stage"] == stage, "regime"]
    return bool(regimes.isin(WHOLE_UNIT_REGIMES).any())


def _running(supply: Supply, sections: tuple[Section, ...], band: Band, *, whole: bool) -> list[tuple[int, Section]]:
    regimes = supply.sections["regime"]
    return [
        (code, section)
        for code, section in enumerate(sections)
        if section.stage is band.stage
        and not section.pool
        and supply.covers(section.section_id, band)
        and (not whole or regimes[section.section_id] in WHOLE_UNIT_REGIMES)
    ]
