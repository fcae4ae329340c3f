"""Checkers of the zoning rules on a drawn plan: written from the rules' words, apart from the model."""

from __future__ import annotations

import math

from simulator.model.problem import Problem
from tests.model_brute_force import Drawn, pupils, seats_of
from tests.model_replay import Shares, pairs, today_of

EPS = 1e-6


def units_together(p: Problem, d: Drawn, phase: int, goes: Shares) -> bool:
    """The blocks of a group's units that hold a band go to the same section."""
    for group in p.zoning.together:
        blocks = [code for code, block in enumerate(p.blocks) if block.whole and block.unit in group]
        for one in blocks:
            for other in blocks:
                if set(p.blocks[one].bands) & set(p.blocks[other].bands) and goes[one] != goes[other]:
                    return False
    return True


def nearest_share(p: Problem, d: Drawn, phase: int, goes: Shares) -> bool:
    """Entrants of town units at the nearest school that runs and may take them ≥ the share asked for."""
    asked, number = p.zoning.nearest_share, pairs(p)
    if asked is None:
        return True
    counted: dict[object, list[tuple[float, float]]] = {}
    for code, block in enumerate(p.blocks):
        own = {s: n for (b, s), n in number.items() if b == code}
        if not block.whole or block.unit not in p.zoning.town or not own:
            continue
        entrants = sum(float(p.zoning.entrants[next(iter(own.values())), year]) for year in p.phases[phase].years)
        running = [
            (p.zoning.straight_km[n], s)
            for s, n in own.items()
            if d.open[phase][s] and p.lawful[n] and (p.sections[s].ours or p.today[n])
        ]
        there = goes[code].get(min(running)[1], 0.0) if running else 1.0
        counted.setdefault(block.stage, []).append((entrants, there))
    return all(
        sum(entrants * there for entrants, there in rows) >= asked * sum(entrants for entrants, _ in rows) - EPS
        for rows in counted.values()
    )


def feeder_whole(p: Problem, d: Drawn, phase: int, goes: Shares) -> bool:
    """Of a primary school's units, all or none go to a feeder, and those of a nine-year school to its own."""
    reached: dict[int, set[int]] = {}
    for code, block in enumerate(p.blocks):
        for other, above in enumerate(p.blocks):
            below = block.stage.value == "primary" and above.stage.value == "junior" and above.unit == block.unit
            for s in goes[code] if below else ():
                reached.setdefault(s, set()).update(goes[other])
    for s, schools in reached.items():
        if schools & p.zoning.feeders and len(schools) > 1:
            return False
        own = [r for r in p.sites[p.sections[s].site].sections if r in p.zoning.feeders and d.open[phase][r]]
        if own and schools - set(own):
            return False
    return True


def planner_zones(p: Problem, d: Drawn, phase: int, goes: Shares) -> bool:
    """Units are where they were assigned, and not where they must not be."""
    for e in p.requirements:
        held = e.phase <= phase <= (phase if e.last is None else e.last)
        for code, block in enumerate(p.blocks) if e.kind in ("assigned", "apart") and held else ():
            grades = [grade for band in block.bands for grade in band.grades]
            meant = block.unit == e.unit and (code, e.section) in pairs(p) and (e.grade is None or e.grade in grades)
            if meant and (goes[code].get(e.section, 0.0) > 0.5) != (e.kind == "assigned"):
                return False
    return True


def school_count(p: Problem, d: Drawn) -> bool:
    """Public sections that run, between the two numbers in every phase."""
    return all(
        least <= sum(d.open[phase][s] for s, one in enumerate(p.sections) if one.stage is stage and one.public) <= most
        for stage, (least, most) in p.school_count.items()
        for phase in range(len(p.phases))
    )


def children_moved_limit(p: Problem, d: Drawn) -> bool:
    """Children of units that leave their section at a start, of all in that year."""
    before = today_of(p)
    for phase, goes in enumerate(d.goes):
        year = p.phases[phase].years[0]
        moved = sum(
            float(p.children[code, year])
            * max((share - goes[code].get(s, 0.0) for s, share in before[code].items()), default=0.0)
            for code in range(len(p.blocks))
        )
        if p.zoning.moved_share is not None and moved > p.zoning.moved_share * float(p.children[:, year].sum()) + EPS:
            return False
        before = goes
    return True


def zone_seats(p: Problem, zone: tuple[int, ...], d: Drawn, phase: int) -> tuple[float, float, float]:
    """Usable seats of the schools of a zone together, room above the standard, and seats for the district."""
    seats = room = held = 0.0
    for s in zone:
        data, n = p.sections[s], d.classes[phase][s]
        fixed = not math.isnan(data.seats_fixed)
        seats += seats_of(p, s, n, d.open[phase][s], 0)
        room += 0.0 if fixed else n * (data.class_size_max - data.class_size)
        largest = data.seats_fixed * d.open[phase][s] if fixed else n * data.class_size_max
        held += largest if math.isnan(data.seats_for_district) else data.seats_for_district * d.open[phase][s]
    return seats, room, held


def zone_keeps_its_parts(p: Problem, zone: tuple[int, ...], classes: dict[int, int], d: Drawn, phase: int) -> bool:
    """Every school that runs has its part of the zone's classes, rooms added apart, to within a class."""
    counting = [s for s in zone if math.isnan(p.sections[s].seats_fixed)]
    today = sum(p.sections[s].classes for s in counting)
    added = sum(d.added[phase][site] for site in {p.sections[s].site for s in counting})
    grown = sum(classes[s] for s in counting) - added
    return all(
        classes[s] >= p.sections[s].classes / today * grown - 1 - EPS
        for s in counting
        if p.sections[s].counts_classes and d.open[phase][s] and p.sections[s].classes
    )


def shared_zone(p: Problem, d: Drawn) -> bool:
    """Pupils of a zone within its seats, what stands above the standard and what is short; classes in their parts."""
    for zone in p.zoning.zones:
        for phase in range(len(p.phases)):
            if not zone_keeps_its_parts(p, zone, dict(enumerate(d.classes[phase])), d, phase):
                return False
    for zone in p.zoning.zones:
        for phase, data in enumerate(p.phases):
            seats, room, held = zone_seats(p, zone, d, phase)
            for year in data.years:
                sitting, over, short = (
                    pupils(p, d.goes[phase], zone[0], year),
                    d.over[year][zone[0]],
                    d.short[year][zone[0]],
                )
                if sitting > seats + over + short + EPS or over > room + EPS or sitting - short > held + EPS:
                    return False
    return True


def intake_fits_plan(p: Problem, d: Drawn) -> bool:
    """Entrants of a section in a year with a plan ≤ the plan and those short."""
    number = pairs(p)
    for (s, year), most in p.zoning.intake.items():
        phase = next(code for code, data in enumerate(p.phases) if year in data.years)
        entrants = sum(
            shares.get(s, 0.0) * float(p.zoning.entrants[number[block, s], year])
            for block, shares in d.goes[phase].items()
            if (block, s) in number
        )
        if entrants > most + d.short[year][s] + EPS:
            return False
    return True


def _means(p: Problem, d: Drawn, phase: int, year: int) -> list[tuple[object, float, float]]:
    """(stage, classes, seated pupils) of the sections whose classes the plan sets, a zone as one."""
    rows = []
    for s, data in enumerate(p.sections):
        members = p.zoning.members(s)
        if (
            data.counts_classes
            and not data.pool
            and p.zoning.stands_for(s) == s
            and data.stage.value in ("primary", "junior")
        ):
            classes = sum(d.classes[phase][member] for member in members)
            rows.append((data.stage, classes, pupils(p, d.goes[phase], s, year) - d.short[year][s]))
    return rows


def oversized_share(p: Problem, d: Drawn) -> bool:
    """Classes of sections with more than 55 seated pupils a class ≤ the share of all of the stage."""
    for phase, data in enumerate(p.phases):
        for year in data.years:
            rows = _means(p, d, phase, year)
            for stage in {stage for stage, _, _ in rows}:
                own = [(n, seated) for one, n, seated in rows if one is stage]
                large = sum(n for n, seated in own if seated > (p.zoning.oversized_line - 1) * n + EPS)
                if large > p.zoning.oversized_share * sum(n for n, _ in own) + EPS:
                    return False
    return True


def no_extreme_class(p: Problem, d: Drawn) -> bool:
    """At most 65 seated pupils a class of every section."""
    return math.isinf(p.zoning.extreme_line) or all(
        seated <= (p.zoning.extreme_line - 1) * n + EPS
        for phase, data in enumerate(p.phases)
        for year in data.years
        for _, n, seated in _means(p, d, phase, year)
    )


STRUCTURE = {"school_count": school_count}
PHASE = {
    "units_together": units_together,
    "nearest_share": nearest_share,
    "feeder_whole": feeder_whole,
    "planner_decides": planner_zones,
}
WHOLE = {"children_moved_limit": children_moved_limit}
SEATED = {
    "shared_zone": shared_zone,
    "intake_fits_plan": intake_fits_plan,
    "oversized_share": oversized_share,
    "no_extreme_class": no_extreme_class,
}
