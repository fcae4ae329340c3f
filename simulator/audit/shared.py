"""Shared catchments (多校划片) as the audit finds them in the tables."""

from __future__ import annotations

from simulator.audit.case import Case
from simulator.capacity.zones import shared_zones


def zones_in_force(case: Case) -> tuple[tuple[str, ...], ...]:
    """Sections of every shared catchment; none where their rule is off, since each school then stands alone."""
    if "shared_zone" in case.evidence.scenario.rules.off:
        return ()
    return shared_zones(case.evidence.supply, case.evidence.catchments)


def one_for_all(case: Case) -> dict[str, str]:
    """Section of a shared catchment → the first of its zone, under which all of them are counted as one school."""
    return {section: zone[0] for zone in zones_in_force(case) for section in zone}
