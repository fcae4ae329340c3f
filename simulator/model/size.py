"""How large a problem is, told before it is solved."""

from __future__ import annotations

from dataclasses import dataclass

from simulator.model.problem import Problem


@dataclass(frozen=True)
class Size:
    """What a problem has to decide.

    Parameters
    ----------
    units, schools, parcels, phases, years
        Units, campuses that run today, parcels, phases, years.
    decisions
        Whole-number decisions: catchments of whole units, what runs, sizes, classes and rooms.
    """

    units: int
    schools: int
    parcels: int
    phases: int
    years: int
    decisions: int


def size_of(problem: Problem) -> Size:
    """Count the decisions of a problem without declaring it."""
    sections, sites = problem.sections, problem.sites
    a_phase = (
        int(problem.whole_pairs.sum())
        + sum(not section.existing or section.can_close for section in sections)
        + sum(section.counts_classes for section in sections)
        + sum(site.can_extend and site.max_rooms > site.rooms for site in sites)
        + sum(len(site.modules) for site in sites)
    )
    return Size(
        units=len(problem.units),
        schools=sum(any(sections[code].existing for code in site.sections) for site in sites),
        parcels=sum(bool(site.modules) for site in sites),
        phases=len(problem.phases),
        years=len(problem.years),
        decisions=a_phase * len(problem.phases),
    )
