"""A checker of every rule that the optimizer holds, on a drawn plan: written from the rule's words, apart from the model.

`STRUCTURE` looks at what runs and is built, `PHASE` at the catchments of one phase, `WHOLE` at a plan with the catchments
of all phases. `SEATED` needs classes, over_standard and short too, and checks plans of the solver.
"""

from __future__ import annotations

import math
from itertools import pairwise

from simulator.model.problem import Problem
from tests import model_rules_ground as ground
from tests import model_rules_zoning as zoning
from tests.model_brute_force import Drawn, capital_wan, class_choices, pupils, ran, receivers
from tests.model_replay import Enrolled, Shares, pairs, today_of

EPS = 1e-6


# ------------------------------------------------------------------------------------------- what runs and is built


def closed_stays_closed(p: Problem, d: Drawn) -> bool:
    """No section of today reopens."""
    return not any(
        d.open[phase][s] > ran(p, d, s, phase - 1)
        for phase in range(len(p.phases))
        for s, section in enumerate(p.sections)
        if section.existing
    )


def built_stays_built(p: Problem, d: Drawn) -> bool:
    """Sizes, added and converted rooms never shrink."""
    for phase in range(1, len(p.phases)):
        if any(not d.size[phase - 1][j] <= d.size[phase][j] for j in range(len(p.sites))):
            return False
        if any(d.added[phase - 1][j] > d.added[phase][j] for j in range(len(p.sites))):
            return False
        if any(d.converted[phase].get(way, 0) < n for way, n in d.converted[phase - 1].items()):
            return False
    return True


def protected_stays_open(p: Problem, d: Drawn) -> bool:
    """A protected school of today runs in every phase."""
    return all(
        d.open[phase][s]
        for phase in range(len(p.phases))
        for s, section in enumerate(p.sections)
        if section.existing and section.protected
    )


def closures_a_year(p: Problem, d: Drawn) -> bool:
    """Closures at a start ≤ the quota of the phase, or quota × years since the start before; in all ≤ most and ≥ least."""
    starts = [p.base_year, *(phase.first_year for phase in p.phases)]
    asked = p.consolidation
    closed = [
        sum(ran(p, d, s, phase - 1) - d.open[phase][s] for s, section in enumerate(p.sections) if section.existing)
        for phase in range(len(p.phases))
    ]
    usual = [p.closures_per_year * (after - before) for before, after in pairwise(starts)]
    most = asked.quota or usual
    return all(n <= q + EPS for n, q in zip(closed, most, strict=True)) and asked.least <= sum(closed) <= asked.most


def capital_within_budget(p: Problem, d: Drawn) -> bool:
    """万元 by the year they are spent, evenly over the lead years, summed by the phase of the year."""
    if p.budget_wan is None:
        return True
    spent = [0.0] * len(p.budget_wan)
    for phase, data in enumerate(p.phases):
        for lead, wan in zip((p.lead_new, p.lead_extension), capital_wan(p, d, phase), strict=True):
            for year in range(data.first_year - lead, data.first_year) if lead else [data.first_year]:
                spent[sum(year >= other.first_year for other in p.phases)] += wan / max(lead, 1)
    return all(wan <= budget + EPS for wan, budget in zip(spent, p.budget_wan, strict=True))


def site_ready(p: Problem, d: Drawn) -> bool:
    """Nothing new before land and lead years, no works before theirs, but for what is committed."""
    committed = {e.section: e.phase for e in p.requirements if e.kind == "open" and e.rule == "committed_happens"}
    growing = {e.site for e in p.requirements if e.kind in ("rooms", "converted") and e.rule == "committed_happens"}
    for phase, data in enumerate(p.phases):
        for j, site in enumerate(p.sites):
            early = data.first_year < max(site.ready_year, p.base_year) + p.lead_new
            for s in site.sections if site.modules else ():
                if early and d.open[phase][s] and phase < committed.get(s, len(p.phases)):
                    return False
            converted = sum(n for (one, _), n in d.converted[phase].items() if p.sections[one].site == j)
            works = d.added[phase][j] + converted
            if works and data.first_year < p.base_year + p.lead_extension and j not in growing:
                return False
    return True


def township_centre(p: Problem, d: Drawn) -> bool:
    """A kindergarten in every township: in every phase where there is one today, else in the last one if it can be."""
    for sections in p.centres.values():
        today = any(p.sections[s].existing for s in sections)
        ready = [
            max(p.sites[p.sections[s].site].ready_year, p.base_year) + p.lead_new <= p.phases[-1].first_year
            for s in sections
        ]
        asked = range(len(p.phases)) if today else range(len(p.phases) - 1, len(p.phases))
        if (today or any(ready)) and not all(any(d.open[phase][s] for s in sections) for phase in asked):
            return False
    return True


def standard_class_counts(p: Problem, d: Drawn) -> bool:
    """A new school that runs has one size, one that does not run has none."""
    return all(
        len(d.size[phase][j]) == d.open[phase][s]
        for phase in range(len(p.phases))
        for j, site in enumerate(p.sites)
        if site.modules
        for s in site.sections
    )


def new_schools_have_rooms(p: Problem, d: Drawn) -> bool:
    """A new school runs where it was built, and what is built runs (part of stages_share_rooms)."""
    return all(
        bool(d.size[phase][j]) == bool(d.open[phase][s])
        for phase in range(len(p.phases))
        for j, site in enumerate(p.sites)
        if site.modules
        for s in site.sections
    )


def _decided(rule: str):
    def check(p: Problem, d: Drawn) -> bool:
        for e in p.requirements:
            if e.rule != rule:
                continue
            for phase in range(e.phase, len(p.phases)):
                into = sum(n for (_, to), n in d.converted[phase].items() if to == e.section)
                if e.kind == "open" and not (d.open[phase][e.section] and _size_fits(p, d, e, phase)):
                    return False
                if e.kind == "closed" and d.open[phase][e.section]:
                    return False
                if e.kind == "rooms" and d.added[phase][e.site] < e.amount:
                    return False
                if e.kind == "converted" and into < e.amount:
                    return False
                if e.kind == "forbidden":
                    same = d.open[phase][e.section] == p.sections[e.section].existing
                    if not same or d.added[phase][e.site] or into:
                        return False
        return True

    return check


def _size_fits(p: Problem, d: Drawn, entry, phase: int) -> bool:
    modules = p.sites[entry.site].modules
    built = sum(modules[k].classes.get(entry.section, 0) for k in d.size[phase][entry.site])
    return not entry.amount or not modules or built == entry.amount


# ------------------------------------------------------------------------------------------- catchments of a phase


def every_child_has_a_place(p: Problem, d: Drawn, phase: int, goes: Shares) -> bool:
    """Children go only to sections that run, each once."""
    return all(
        sum(shares.values()) <= 1 + EPS and all(d.open[phase][s] for s, share in shares.items() if share > EPS)
        for shares in goes.values()
    )


def bands_together(p: Problem, d: Drawn, phase: int, goes: Shares) -> bool:
    """Lower grades sit where the unit's upper grades sit, unless the section runs no upper grades."""
    runs = {(s, band) for (block, s) in pairs(p) for band in p.blocks[block].bands}
    for block, shares in goes.items():
        low = p.blocks[block]
        for other, high in enumerate(p.blocks):
            same = low.whole and high.unit == low.unit and high.stage is low.stage
            if same and high.bands[0].grade_from == low.bands[-1].grade_to + 1:
                for s in shares:
                    if (s, high.bands[0]) in runs and not goes[other].get(s):
                        return False
    return True


def travel_within_limit(p: Problem, d: Drawn, phase: int, goes: Shares) -> bool:
    """No share of a unit beyond the hard limit."""
    number = pairs(p)
    return all(p.lawful[number[block, s]] for block, shares in goes.items() for s, x in shares.items() if x > EPS)


def closure_travel(p: Problem, d: Drawn, phase: int, goes: Shares) -> bool:
    """No unit goes where its way would be too long if its school closed, nor, of two schools of today, to the far one."""
    number = pairs(p)
    gone = {s for s in range(len(p.sections)) if not all(running[s] for running in d.open[phase:])}
    far = p.consolidation.too_far | {pair for pair, nearer in p.consolidation.too_far_then if nearer in gone}
    return not any(number[block, s] in far for block, shares in goes.items() for s in shares)


def boarding_within_beds(p: Problem, d: Drawn) -> bool:
    """Children who board at a campus are no more than its beds, in every year."""
    number = pairs(p)
    boards = {pair for pair, n in number.items() if len(p.mode) and p.mode[n] == 2}
    return all(
        sum(
            share * float(p.children[block, year])
            for block, shares in d.sits[year].items()
            for s, share in shares.items()
            if (block, s) in boards and s in site.sections
        )
        <= site.beds + EPS
        for site in p.sites
        for year in range(len(p.years))
    )


def not_ours(p: Problem, d: Drawn, phase: int, goes: Shares) -> bool:
    """Whole units come to a school of others only from its catchment of today."""
    number = pairs(p)
    return all(
        p.sections[s].ours or p.today[number[block, s]]
        for block, shares in goes.items()
        if p.blocks[block].whole
        for s in shares
    )


# ------------------------------------------------------------------------------------------- catchments of all phases


def build_before_close(p: Problem, d: Drawn) -> bool:
    """Who takes units of a closing school ran `overlap_years` before; that nobody is short there, `SEATED` checks."""
    for phase, data in enumerate(p.phases):
        for s in receivers(p, d, phase):
            since = [q for q, other in enumerate(p.phases) if other.first_year <= data.first_year - p.overlap_years]
            if p.overlap_years and not ran(p, d, s, since[-1] if since else -1):
                return False
    return True


def smallest_section(p: Problem, d: Drawn) -> bool:
    """A new school uses its least share in the last year of every phase after the one it starts in."""
    decided = {entry.section for entry in p.requirements if entry.kind == "open"}
    for phase in range(1, len(p.phases)):
        year = p.phases[phase].years[-1]
        for j, site in enumerate(p.sites):
            for s in site.sections if site.modules else ():
                classes = sum(site.modules[k].classes.get(s, 0) for k in d.size[phase - 1][j])
                least = p.least_use * p.sections[s].class_size * classes * _grades_filled(p, d, j, phase)
                zoned = not p.sections[s].pool and s not in decided
                if zoned and pupils(p, d.sits[year], s, year) < least - EPS:
                    return False
    return True


def _grades_filled(p: Problem, d: Drawn, site: int, phase: int) -> float:
    """Share of the six primary grades that have come in since a school opened, where enrolled children stay away."""
    opened = min((q for q in range(len(p.phases)) if d.size[q][site]), default=phase)
    years = p.phases[phase].last_year - p.phases[opened].first_year + 1
    return min(1.0, years / 6) if isinstance(p, Enrolled) else 1.0


# ------------------------------------------------------------------------------------------- classes and seats


def pupils_within_seats(p: Problem, d: Drawn) -> bool:
    """Pupils ≤ seats × fill + over_standard + short, over_standard within the largest class, district's seats kept."""
    for phase, data in enumerate(p.phases):
        for year in data.years:
            pool: dict[object, float] = {}
            for s, section in enumerate(p.sections):
                n, site = d.classes[phase][s], p.sites[section.site]
                fixed = not math.isnan(section.seats_fixed)
                seats = section.seats_fixed * d.open[phase][s] if fixed else section.fill * n * section.class_size
                for norms, area in ((site.teaching_norm, site.teaching_area), (site.sports_norm, site.sports_area)):
                    if s in norms and norms is site.teaching_norm:
                        area += d.added[phase][section.site] * norms[s] * section.class_size
                    if s in norms and len(norms) == 1:
                        seats = min(seats, section.fill * area / norms[s])
                room = 0.0 if fixed else n * (section.class_size_max - section.class_size)
                most = math.inf if math.isnan(section.seats_for_district) else section.seats_for_district
                if s in p.zoning.shared:
                    continue
                if section.pool:
                    pool[section.stage] = pool.get(section.stage, 0.0) + min(seats + room, most)
                    continue
                over, short = d.over[year][s], d.short[year][s]
                sitting = pupils(p, d.sits[year], s, year)
                if sitting > seats + over + short + EPS or over > room + EPS or sitting - short > most + EPS:
                    return False
            for stage, by_year in p.pools.items():
                short = d.short[year][len(p.sections) + list(p.pools).index(stage)]
                if by_year[year] - short > pool.get(stage, 0.0) + EPS:
                    return False
    return True


def largest_campus(p: Problem, d: Drawn) -> bool:
    """Compulsory pupils with a seat ≤ the largest campus."""
    return all(
        sum(
            pupils(p, d.sits[year], s, year) - d.short[year][s]
            for s in site.sections
            if p.sections[s].stage.value in ("primary", "junior")
        )
        <= site.largest + EPS
        for phase, data in enumerate(p.phases)
        for year in data.years
        for site in p.sites
    )


def stages_share_rooms(p: Problem, d: Drawn) -> bool:
    """The classes of every campus are among those that its rooms allow; a new school runs what was built."""
    return new_schools_have_rooms(p, d) and all(
        {s: d.classes[phase][s] for s in site.sections} in list(class_choices(p, j, d, phase))
        for phase in range(len(p.phases))
        for j, site in enumerate(p.sites)
    )


def seats_for_all_who_come(p: Problem, d: Drawn) -> bool:
    """Where units come from a closing school nobody is short (part of build_before_close)."""
    return all(
        d.short[year][s] <= EPS
        for phase, data in enumerate(p.phases)
        for s in receivers(p, d, phase)
        for year in data.years
    )


STRUCTURE = {
    "closed_stays_closed": closed_stays_closed,
    "built_stays_built": built_stays_built,
    "protected_stays_open": protected_stays_open,
    "closures_a_year": closures_a_year,
    "capital_within_budget": capital_within_budget,
    "site_ready": site_ready,
    "township_centre": township_centre,
    "standard_class_counts": standard_class_counts,
    "stages_share_rooms": new_schools_have_rooms,
    "committed_happens": _decided("committed_happens"),
    "planner_decides": _decided("planner_decides"),
}
PHASE = {
    "every_child_has_a_place": every_child_has_a_place,
    "bands_together": bands_together,
    "travel_within_limit": travel_within_limit,
    "closure_travel": closure_travel,
    "not_ours": not_ours,
}
WHOLE = {
    "boarding_within_beds": boarding_within_beds,
    "build_before_close": build_before_close,
    "smallest_section": smallest_section,
}
SEATED = {
    "pupils_within_seats": pupils_within_seats,
    "largest_campus": largest_campus,
    "stages_share_rooms": stages_share_rooms,
}
STRUCTURE |= zoning.STRUCTURE
PHASE |= zoning.PHASE | ground.PHASE
WHOLE |= zoning.WHOLE
SEATED |= zoning.SEATED
CHECKS = {"structure": STRUCTURE, "phase": PHASE, "whole": WHOLE}


def satisfies(rule: str, p: Problem, d: Drawn) -> bool:
    """Whether a plan of the solver keeps a rule."""
    if rule == "build_before_close":
        return build_before_close(p, d) and seats_for_all_who_come(p, d)
    if rule in PHASE and not all(PHASE[rule](p, d, phase, goes) for phase, goes in enumerate(d.goes)):
        return False
    whole = {**STRUCTURE, **WHOLE, **SEATED}
    return (rule in PHASE and rule not in whole) or whole[rule](p, d)


def breaks_nothing_else(p: Problem, d: Drawn, rule: str) -> list[str]:
    """Rules in force, other than one, that a plan breaks."""
    return [name for name in sorted(p.rules - {rule}) if not satisfies(name, p, d)]


__all__ = ["CHECKS", "breaks_nothing_else", "satisfies", "today_of"]
