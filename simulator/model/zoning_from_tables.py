"""Tables and settings → what the zoning rules need to know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from simulator.capacity.zones import shared_zones
from simulator.model.problem import Problem, Section
from simulator.model.zoning import FloatArray, Zoning
from simulator.terms import WHOLE_UNIT_REGIMES, AreaKind, Regime

if TYPE_CHECKING:
    from simulator.model.assemble import Evidence


def zones_of(evidence: Evidence) -> tuple[tuple[str, ...], ...]:
    """Section ids of the shared catchments, first the school that stands for the zone: one that may not close, if any.

    None where the rule is off: their schools then take whole units one by one.
    """
    if "shared_zone" in evidence.scenario.rules.off:
        return ()
    closing = {decision.place for decision in evidence.scenario.decisions if decision.decision == "close"}
    sections = evidence.supply.sections
    stays = {
        str(section): not bool(can_close) and site not in closing
        for section, can_close, site in zip(sections.index, sections["can_close"], sections["site_id"], strict=True)
    }
    return tuple(
        tuple(sorted(zone, key=lambda section: not stays[section]))  # a stable sort keeps the order of the supply
        for zone in shared_zones(evidence.supply, evidence.catchments)
    )


def groups_of(groups: Mapping[str, str], units: tuple[str, ...]) -> tuple[tuple[int, ...], ...]:
    """Positions of the units that belong together, group by group."""
    found: dict[str, list[int]] = {}
    for code, unit in enumerate(units):
        if group := groups.get(unit, ""):
            found.setdefault(group, []).append(code)
    return tuple(tuple(codes) for codes in found.values() if len(codes) > 1)


def zone_codes(zones: tuple[tuple[str, ...], ...], sections: tuple[Section, ...]) -> tuple[tuple[int, ...], ...]:
    """The shared catchments by the positions of their sections."""
    code_of = {section.section_id: code for code, section in enumerate(sections)}
    return tuple(tuple(code_of[section] for section in zone) for zone in zones)


def zoning_of(evidence: Evidence, problem: Problem) -> Zoning:
    """The facts and limits of the zoning rules of a problem, whose shared catchments are known."""
    code_of = {section.section_id: code for code, section in enumerate(problem.sections)}
    regimes, settings = evidence.supply.sections["regime"], evidence.scenario.zoning
    norm = evidence.standards.value
    town = {AreaKind.CITY, AreaKind.TOWN}
    return replace(
        problem.zoning,
        together=groups_of(evidence.groups, problem.units),
        feeders=frozenset(code for section, code in code_of.items() if regimes[section] == Regime.FEEDER),
        town=frozenset(code for code, unit in enumerate(problem.units) if evidence.area_kinds[unit] in town),
        entrants=_entrants(evidence, problem),
        straight_km=_straight_km(evidence, problem),
        intake=_intake(evidence, problem, code_of),
        nearest_share=settings.nearest_share,
        moved_share=settings.moved_share,
        oversized_line=norm("oversized.line"),
        extreme_line=norm("oversized.extreme_line"),
        oversized_share=norm("oversized.share"),
    )


def _entrants(evidence: Evidence, problem: Problem) -> FloatArray:
    """Children in the entry grade of a section who live in a pair's unit and go by catchment, shape (pairs, years)."""
    demand, first = evidence.demand, evidence.supply.sections["grade_from"]
    cells = {cell: code for code, cell in enumerate(demand.cells)}
    years = [demand.years.index(year) for year in problem.years]
    found = np.zeros((len(problem.pair_block), len(years)))
    for pair, (code, section) in enumerate(
        zip(problem.pair_block.tolist(), problem.pair_section.tolist(), strict=True)
    ):
        block, grade = problem.blocks[code], int(first[problem.sections[section].section_id])
        if block.whole and block.bands[0].grade_from == grade and (block.stage, grade) in cells:
            left = 1 - sum(problem.aside.get(block.bands[0].band_id, {}).values())
            found[pair] = left * demand.children[block.unit, cells[block.stage, grade], years]
    return found


def _straight_km(evidence: Evidence, problem: Problem) -> FloatArray:
    """Straight distance of every pair; of a shared catchment, to the nearest of its schools."""
    table = evidence.access.pairs
    km = dict(zip(zip(table["unit_id"], table["site_id"], strict=True), table["straight_km"], strict=True))
    sites = [problem.sites[section.site].site_id for section in problem.sections]
    return np.array(
        [
            min(km[problem.units[problem.blocks[block].unit], sites[one]] for one in problem.zoning.members(section))
            for block, section in zip(problem.pair_block.tolist(), problem.pair_section.tolist(), strict=True)
        ]
    )


def _intake(evidence: Evidence, problem: Problem, code_of: Mapping[str, int]) -> dict[tuple[int, int], float]:
    """(section, year) → seats of the admission plan with the tolerance, of sections with catchments.

    The schools of a shared catchment admit together: it has a limit where all of them have a plan.
    """
    table, regimes = evidence.admission_plan, evidence.supply.sections["regime"]
    tolerance = evidence.standards.value("intake.tolerance")
    zoning = problem.zoning
    seats: dict[tuple[int, int], list[float]] = {}
    for school, stage, year, count in zip(
        table["school_id"], table["stage"], table["year"], table["seats"], strict=True
    ):
        section = f"{school}:{stage}"
        if section in code_of and int(year) in problem.years and regimes[section] in WHOLE_UNIT_REGIMES:
            key = zoning.stands_for(code_of[section]), problem.years.index(int(year))
            seats.setdefault(key, []).append(float(count))
    return {
        key: (1 + tolerance) * sum(counts)
        for key, counts in sorted(seats.items())
        if len(counts) == len(zoning.members(key[0]))
    }
