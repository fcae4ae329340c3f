"""Shared catchments (多校划片): which schools admit one zone together."""

from __future__ import annotations

from simulator.capacity.supply import Catchments, Supply
from simulator.terms import Regime


def shared_zones(supply: Supply, catchments: Catchments) -> tuple[tuple[str, ...], ...]:
    """The schools of every shared catchment of today, in the order of the supply.

    Sections under 多校划片 to which one unit is zoned together form a zone, as far as they run the same grades;
    zones that share a school are one zone.

    Returns
    -------
    tuple[tuple[str, ...], ...]
        Section ids, at least two a zone.
    """
    frame = supply.sections
    shared = frame[(frame["regime"] == Regime.SHARED_CATCHMENT) & frame["existing"].astype(bool)]
    table = catchments.table
    rows = table[table["section_id"].isin(shared.index) & (table["share"] > 0)]
    grades = dict(
        zip(shared.index, zip(shared["stage"], shared["grade_from"], shared["grade_to"], strict=True), strict=True)
    )
    zone_of = {str(section): {str(section)} for section in shared.index}
    for _, listed in rows.groupby(["unit_id", "band"], sort=False)["section_id"]:
        by_grades: dict[tuple[str, int, int], list[str]] = {}
        for section in listed:
            by_grades.setdefault(grades[section], []).append(str(section))
        for first, *others in by_grades.values():
            for other in others:
                _join(zone_of, first, other)
    zones = {min(zone): zone for zone in zone_of.values() if len(zone) > 1}
    order = {str(section): place for place, section in enumerate(frame.index)}
    ordered = [tuple(sorted(zone, key=order.__getitem__)) for zone in zones.values()]
    return tuple(sorted(ordered, key=lambda zone: order[zone[0]]))


def _join(zone_of: dict[str, set[str]], one: str, other: str) -> None:
    """Make the zones of two sections one; every member then refers to the same set."""
    joined = zone_of[one] | zone_of[other]
    for section in joined:
        zone_of[section] = joined
