"""Checks of the ground that a catchment covers: in one piece, and with its school in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import networkx as nx

from simulator.audit.case import Case
from simulator.audit.children import SOMEBODY
from simulator.audit.register import Breach, check
from simulator.audit.rows import records
from simulator.language import translate as _
from simulator.plan import Plan
from simulator.terms import WHOLE_UNIT_REGIMES, Way

# Stray units that are named in a finding; further ones are counted.
_NAMED = 8


@dataclass(frozen=True)
class Ground:
    """The territory as this module looks things up in it.

    Parameters
    ----------
    graph
        Neighbouring units.
    parts
        Unit → number of the connected part of the district that it belongs to.
    homes
        Section with a catchment → the unit that it stands in, where that is known.
    detached
        (band, section) → units that today's catchments leave apart, or whose children board.
    away
        (band, section) whose own unit goes elsewhere today.
    """

    graph: nx.Graph
    parts: dict[str, int]
    homes: dict[str, str]
    detached: dict[tuple[str, str], set[str]]
    away: frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Catchment:
    """A section's catchment for one band in one phase."""

    phase: int
    band: str
    section: str
    units: frozenset[str]


@check()
def catchment_connected(case: Case) -> Iterator[Breach]:
    """Units of a catchment hang together with the school's own unit over shared boundaries, ferries and bridges.

    Exempt are units that today's catchments already leave apart, those whose children board and those which no chain of
    neighbours joins with the school. The detail names the stray units; those that are stray in the present network have a finding of their own.
    """
    ground = _ground(case)
    today = {
        (one.band, one.section): set(_stray(one, ground)) for one in _catchments(case.evidence.no_action, ground, {0})
    }
    for one in _catchments(case.plan, ground, {phase.number for phase in case.phases}):
        stray, before = _stray(one, ground), today.get((one.band, one.section), set())
        new, old = ([unit for unit in stray if (unit in before) is known] for known in (False, True))
        for units, scope in ((new, one.band), (old, f"{one.band} today")):
            if units:
                place = (one.section, case.name(one.section), case.first_year(one.phase))
                yield Breach(*place, len(units), 0, _("个单元"), detail=_detail(one.band, units), scope=scope)


@check()
def catchment_holds_school(case: Case) -> Iterator[Breach]:
    """The unit of a school belongs to its catchment; where several schools of the band stand in a unit, to one of theirs.

    Units that belong together count as one.

    Exempt are schools whose own unit goes elsewhere today. The detail names the unit and where it goes.
    """
    ground, beside = _ground(case), _groups(case)
    for phase in case.phases:
        serving: dict[tuple[str, str], list[str]] = {}
        for one in _catchments(case.plan, ground, {phase.number}):
            for unit in one.units:
                serving.setdefault((one.band, unit), []).append(one.section)
        standing = _standing(case, ground, phase.number)
        for (band, home), sections in standing.items():
            there = {one for unit in beside.get(home, (home,)) for one in standing.get((band, unit), [])}
            bound = [section for section in sections if (band, section) not in ground.away]
            takers = serving.get((band, home), [])
            if bound and not set(takers) & there:
                place = (bound[0], case.name(bound[0]), case.first_year(phase.number))
                yield Breach(*place, 0, 1, _("个单元"), detail=" ".join([band, home, *takers]), scope=band)


def _groups(case: Case) -> dict[str, tuple[str, ...]]:
    """Unit → all units that belong together with it, itself included."""
    if "group" not in case.units.columns:
        return {}
    groups = case.units["group"].astype(str)
    return {
        str(unit): tuple(members.index.astype(str))
        for name, members in groups.groupby(groups)
        if name
        for unit in members.index
    }


def _ground(case: Case) -> Ground:
    territory, sections = case.evidence.territory, case.evidence.supply.sections
    whole = sections[sections["regime"].isin(WHOLE_UNIT_REGIMES)]
    parts = dict(zip(territory.parts.index.astype(str), territory.parts.astype(int), strict=True))
    standing = whole["site_id"].map(territory.homes)
    detached: dict[tuple[str, str], set[str]] = {}
    boarding = case.journeys[case.journeys["way"] == Way.BOARDS]
    for rows in (territory.detached, boarding):
        for band, section, unit in rows[["band", "section_id", "unit_id"]].drop_duplicates().itertuples(index=False):
            detached.setdefault((band, section), set()).add(unit)
    graph = nx.Graph()
    graph.add_nodes_from(parts)
    graph.add_edges_from(zip(territory.edges["unit_a"], territory.edges["unit_b"], strict=True))
    return Ground(
        graph=graph,
        parts=parts,
        homes={str(section): (str(home) if home in parts else "") for section, home in standing.items()},
        detached=detached,
        away=frozenset(zip(territory.away["band"], territory.away["section_id"], strict=True)),
    )


def _catchments(plan: Plan, ground: Ground, phases: set[int]) -> Iterator[Catchment]:
    """Catchments of the sections to which units go whole, in some phases of a network."""
    rows = plan.catchments
    rows = rows[rows["phase"].isin(phases) & rows["section_id"].isin(list(ground.homes))]
    rows = rows[(rows["share"] > SOMEBODY) & rows["unit_id"].isin(list(ground.parts))]
    served = rows.groupby(["phase", "band", "section_id"], sort=True)["unit_id"].agg(frozenset)
    for row in records(served):
        yield Catchment(row["phase"], row["band"], row["section_id"], row["value"])


def _stray(one: Catchment, ground: Ground) -> list[str]:
    """Units of a catchment that are parted from the piece with its school, without those that are exempt.

    A school that is away needs no piece of its own: then the one with most units is the main one.
    """
    home = ground.homes[one.section]
    exempt = ground.detached.get((one.band, one.section), set())
    apart = {unit for unit in one.units if home and ground.parts[unit] != ground.parts[home]}
    bound = one.units - exempt - apart
    root = "" if (one.band, one.section) in ground.away else home
    pieces = list(nx.connected_components(ground.graph.subgraph(one.units | ({root} if root else set()))))
    largest = max(pieces, key=lambda piece: len(piece & bound))
    main = next((piece for piece in pieces if root in piece), largest)
    return sorted(bound - main)


def _standing(case: Case, ground: Ground, phase: int) -> dict[tuple[str, str], list[str]]:
    """(band, unit) → sections with catchments that run the band in a phase and stand in the unit."""
    found: dict[tuple[str, str], list[str]] = {}
    for band in case.evidence.supply.bands:
        for section, home in ground.homes.items():
            if home and case.is_open(phase, section) and case.evidence.supply.covers(section, band):
                found.setdefault((band.band_id, home), []).append(section)
    return found


def _detail(band: str, units: list[str]) -> str:
    """Codes of the band and of the units."""
    more = [f"(+{len(units) - _NAMED})"] if len(units) > _NAMED else []
    return " ".join([band, *units[:_NAMED], *more])
