"""What a problem has to know of closures: the quota, journeys that must not get too long, children who do not follow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from simulator.capacity.access import Access
from simulator.capacity.supply import Supply
from simulator.model.network import Block, Phase, Section, Site
from simulator.projection.demand import Demand
from simulator.scenario import Scenario
from simulator.terms import band_of


@dataclass(frozen=True)
class Settlers:
    """Children who go to a school in a town once another school is closed.

    Parameters
    ----------
    closing, town
        Positions of the two sections.
    children
        By year of the plan.
    """

    closing: int
    town: int
    children: tuple[float, ...]


@dataclass(frozen=True)
class Consolidation:
    """Closures, as the rules need them.

    Parameters
    ----------
    quota
        Most closures at the start of each phase; empty: closures a year × the years since the last start.
    least, most
        Closures over the whole plan.
    too_far
        Pairs to which no unit of a school that may close is sent: beyond the limit and farther than today.
    too_far_then
        Pairs to which a unit goes only while a section runs to the end (pair, section): its school of today, where another
        school of today is that section, nearer, and may close.
    settlers
        Children who do not follow to the receiving school.
    """

    quota: tuple[float, ...] = ()
    least: float = 0.0
    most: float = np.inf
    too_far: frozenset[int] = frozenset()
    too_far_then: tuple[tuple[int, int], ...] = ()
    settlers: tuple[Settlers, ...] = field(default=())


def consolidation_of(
    scenario: Scenario,
    supply: Supply,
    access: Access,
    demand: Demand,
    area_kinds: Mapping[str, str],
    closing: frozenset[str],
    *,
    phases: tuple[Phase, ...],
    sections: tuple[Section, ...],
    sites: tuple[Site, ...],
    blocks: tuple[Block, ...],
    pairs: pd.DataFrame,
    youngest_boarder: float,
) -> Consolidation:
    """Quota, journeys and followers of a problem.

    Parameters
    ----------
    closing
        Sections whose closing is already decided: nobody asks whether their children's way gets too long.
    pairs
        block, section, minutes, today, mode.
    youngest_boarder
        First grade that may board.
    """
    settings = scenario.consolidation
    too_far, too_far_then = _too_far(
        access, demand.units, area_kinds, closing, sections, sites, blocks, pairs, youngest_boarder
    )
    return Consolidation(
        quota=quota_by_phase(scenario),
        least=float(settings.closures_least or 0),
        most=np.inf if settings.closures_total is None else float(settings.closures_total),
        too_far=too_far,
        too_far_then=too_far_then,
        settlers=_settlers(supply, demand, scenario, phases, sections),
    )


def quota_by_phase(scenario: Scenario) -> tuple[float, ...]:
    """Most closures at the start of each phase: the sum of the yearly quotas since the last start."""
    settings, before = scenario.consolidation, scenario.horizon.base_year
    found = []
    for phase in scenario.plan_phases:
        years = range(before + 1, phase.first_year + 1)
        found.append(sum(settings.closures_by_year.get(year, scenario.timing.closures_per_year) for year in years))
        before = phase.first_year
    return tuple(found)


def _too_far(
    access: Access,
    units: tuple[str, ...],
    area_kinds: Mapping[str, str],
    closing: frozenset[str],
    sections: tuple[Section, ...],
    sites: tuple[Site, ...],
    blocks: tuple[Block, ...],
    pairs: pd.DataFrame,
    youngest_boarder: float,
) -> tuple[frozenset[int], tuple[tuple[int, int], ...]]:
    """Pairs beyond the stricter limit and farther than a school of today that may close; those of one of two schools apart.

    A unit keeps a school of today however far it is, but the children of its other, nearer one are not sent there. Who can board on the campus (grades from the youngest boarder on, and beds) goes home once a week: no limit holds.
    """
    may_close = np.array([s.existing and s.can_close and s.section_id not in closing for s in sections], dtype=bool)
    block, section = pairs["block"].to_numpy(np.int64), pairs["section"].to_numpy(np.int64)
    minutes, today = pairs["minutes"].to_numpy(float), pairs["today"].to_numpy(float)
    whole = np.array([data.whole for data in blocks], dtype=bool)
    now = np.full(len(blocks), np.inf)
    nearer = (today > 0) & may_close[section]
    np.minimum.at(now, block[nearer], minutes[nearer])
    limits = np.array([_limit(access, data, area_kinds[units[data.unit]]) for data in blocks])
    boards = np.array([data.bands[0].grade_from >= youngest_boarder for data in blocks], dtype=bool)
    beds = np.array([sites[data.site].beds > 0 for data in sections], dtype=bool)
    far = whole[block] & (minutes > np.maximum(limits, now)[block]) & ~(boards[block] & beds[section])
    leaves = {
        int(pair): np.flatnonzero(nearer & (block == block[pair]) & (minutes < minutes[pair])).tolist()
        for pair in np.flatnonzero(far & (today > 0))
    }
    then = ((pair, int(section[other])) for pair, others in leaves.items() for other in others)
    return frozenset(np.flatnonzero(far & (today <= 0)).tolist()), tuple(sorted(then))


def _limit(access: Access, block: Block, area_kind: str) -> float:
    """The stricter limit of a block's bands."""
    return min(access.limit_of(band, area_kind, effect) for band in block.bands for effect in ("hard", "advisory"))


def _settlers(
    supply: Supply, demand: Demand, scenario: Scenario, phases: tuple[Phase, ...], sections: tuple[Section, ...]
) -> tuple[Settlers, ...]:
    """Children of every pair of closing school and town school, by year of the plan."""
    code_of = {section.section_id: code for code, section in enumerate(sections)}
    rows = supply.following[supply.following["section_id"].isin(code_of) & supply.following["to_section"].isin(code_of)]
    if rows.empty or not phases:
        return ()
    columns = [demand.years.index(year) for year in scenario.plan_years]
    unit_of = {unit: code for code, unit in enumerate(demand.units)}
    sums: dict[tuple[int, int], np.ndarray] = {}
    for band_id, own in rows.groupby("band"):
        band = band_of(str(band_id))
        children = demand.of(band.stage, band.grades)[:, columns]
        for unit, closing, town, share in own[["unit_id", "section_id", "to_section", "share"]].itertuples(index=False):
            if unit in unit_of and sections[code_of[closing]].can_close:
                key = (code_of[closing], code_of[town])
                sums[key] = sums.get(key, 0.0) + float(share) * children[unit_of[unit]]
    return tuple(Settlers(*key, tuple(count.tolist())) for key, count in sums.items())
