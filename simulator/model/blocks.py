"""Blocks of children and the schools each may go to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from simulator.capacity.access import Access, minutes_column
from simulator.capacity.supply import Catchments, Supply
from simulator.model.problem import BOARDS, OWN_WAY, SCHOOL_BUS, Block, FloatArray, Section
from simulator.scenario import AccessSettings
from simulator.terms import WHOLE_UNIT_REGIMES, Band, Stage, Way

# A boarder goes home once in a school week of five days.
_TRIPS_OF_BOARDER = 1 / 5


@dataclass(frozen=True)
class Choice:
    """A school that a unit may go to in a band: its position, the daily journey in minutes, its share today, and how."""

    section: int
    minutes: float
    today: float
    lawful: bool
    mode: int = OWN_WAY


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
    ways
        (unit_id, band id, site_id) → code and daily minutes of a way beyond the limit that the plan makes lawful.
    zones
        Section that stands for a shared catchment → its sections.
    together
        Positions of units that belong together: each may go wherever one of them may.
    assigned
        (unit_id, section_id) that the planner asks for.
    """

    settings: AccessSettings
    units: tuple[str, ...]
    area_kinds: Mapping[str, str]
    limits: dict[tuple[Band, str], float]
    minutes: dict[str, FloatArray]
    site_column: dict[str, int]
    today: dict[tuple[str, str, str], float]
    ways: dict[tuple[str, str, str], tuple[int, float]]
    zones: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    together: tuple[tuple[int, ...], ...] = ()
    assigned: frozenset[tuple[str, str]] = frozenset()

    def zoned(
        self,
        zones: tuple[tuple[str, ...], ...],
        together: tuple[tuple[int, ...], ...],
        assigned: frozenset[tuple[str, str]],
    ) -> Reach:
        """The same with shared catchments, groups of units, and (unit_id, section_id) that stay choices in any case."""
        return replace(self, zones={zone[0]: zone for zone in zones}, together=together, assigned=assigned)

    @property
    def behind(self) -> frozenset[str]:
        """Sections for which another section of their shared catchment stands."""
        return frozenset(section for zone in self.zones.values() for section in zone[1:])

    def choices(
        self, unit: int, band: Band, running: list[tuple[int, Section]], also: frozenset[int] = frozenset()
    ) -> list[Choice]:
        """The schools of a unit in a band, nearest first.

        Those within the hard limit (or, without one, `choices_within_min`), the k nearest and today's;
        at most `most_choices`, today's always kept, and so the k nearest where children could board, what the planner
        assigns, and what is in `also`. The journey to a shared catchment is the mean over its schools, lawful where
        the longest is.
        """
        unit_id, settings = self.units[unit], self.settings
        running_id = {code: section.section_id for code, section in running}
        limit = self.limits[band, self.area_kinds[unit_id]]
        reach = limit if np.isfinite(limit) else settings.choices_within_min
        journeys = self.minutes[minutes_column(band)][unit]
        near = sorted(
            (
                float(np.mean(self._journeys(journeys, section.section_id))),
                sum(self.today.get((unit_id, band.band_id, s), 0.0) for s in self._members(section.section_id)),
                code,
            )
            for code, section in running
        )
        farthest = max((journey for journey, _, _ in near if np.isfinite(journey)), default=60.0)
        found, beds = [], 0
        for rank, (journey, share, code) in enumerate(near):
            mode, minutes = self._way(unit_id, band, running_id[code], journey, share)
            daily = minutes if np.isfinite(minutes) else 2 * farthest
            beds += mode == BOARDS
            near_enough = rank < settings.most_choices and (journey <= reach or rank < settings.nearest)
            asked = share > 0 or code in also or (unit_id, running_id[code]) in self.assigned
            if asked or (np.isfinite(minutes) and (near_enough or (mode == BOARDS and beds <= settings.nearest))):
                within = max(self._journeys(journeys, running_id[code])) <= limit
                found.append(Choice(code, daily, share, within or share > 0 or mode != OWN_WAY, mode))
        return found

    def _members(self, section_id: str) -> tuple[str, ...]:
        return self.zones.get(section_id, (section_id,))

    def _journeys(self, journeys: FloatArray, section_id: str) -> list[float]:
        """Minutes to every school that admits with the section."""
        return [float(journeys[self.site_column[member.rsplit(":", 1)[0]]]) for member in self._members(section_id)]

    def _way(self, unit_id: str, band: Band, section_id: str, journey: float, share: float) -> tuple[int, float]:
        """Code and daily minutes of the way to a section; a catchment of today keeps its own."""
        site_id = section_id.rsplit(":", 1)[0]
        own = share > 0 or section_id in self.zones
        return (OWN_WAY, journey) if own else self.ways.get((unit_id, band.band_id, site_id), (OWN_WAY, journey))


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
        ways=_ways(access),
    )


def _ways(access: Access) -> dict[tuple[str, str, str], tuple[int, float]]:
    ways = access.ways
    boards = ways["way"] == Way.BOARDS
    modes = np.where(boards, BOARDS, SCHOOL_BUS).tolist()
    minutes = ways["minutes"].where(~boards, ways["minutes"] * _TRIPS_OF_BOARDER).tolist()
    keys = zip(ways["unit_id"], ways["band"], ways["site_id"], strict=True)
    return dict(zip(keys, zip(modes, minutes, strict=True), strict=True))


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
    """Blocks, and block, section, minutes, today, lawful, mode of every pair.

    The bands of a stage are joined in one block for a unit that no section running only some of them can serve.
    """
    blocks: list[Block] = []
    rows: list[tuple[int, int, float, float, bool, int]] = []
    for stage in dict.fromkeys(section.stage for section in sections if not section.pool):
        if stage not in stages:
            continue
        bands, whole = supply.bands_of(stage), _is_whole(supply, stage)
        running = {band: _running(supply, sections, band, reach.behind, whole=whole) for band in bands}
        chosen_by_unit = [
            {band: reach.choices(unit, band, running[band]) for band in bands} for unit in range(len(reach.units))
        ]
        for mates in reach.together if whole else ():
            for band in bands:
                any_of_them = frozenset(choice.section for unit in mates for choice in chosen_by_unit[unit][band])
                for unit in mates:
                    chosen_by_unit[unit][band] = reach.choices(unit, band, running[band], any_of_them)
        for unit, chosen in enumerate(chosen_by_unit):
            for group in _groups(chosen, running):
                rows.extend((len(blocks), c.section, c.minutes, c.today, c.lawful, c.mode) for c in chosen[group[0]])
                blocks.append(Block(unit, stage, group, whole))
    return tuple(blocks), pd.DataFrame(rows, columns=["block", "section", "minutes", "today", "lawful", "mode"])


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


def _running(
    supply: Supply, sections: tuple[Section, ...], band: Band, behind: frozenset[str], *, whole: bool
) -> list[tuple[int, Section]]:
    regimes = supply.sections["regime"]
    return [
        (code, section)
        for code, section in enumerate(sections)
        if section.stage is band.stage
        and not section.pool
        and section.section_id not in behind
        and supply.covers(section.section_id, band)
        and (not whole or regimes[section.section_id] in WHOLE_UNIT_REGIMES)
    ]
