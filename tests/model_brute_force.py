"""Every plan of a toy problem, one by one: costs and rules worked out in plain Python, without the model's rows.

Only the data types of the problem are shared with the model. A plan is *drawn* by its decisions; classes, over_standard
and short follow from it by hand-written formulas.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import combinations, product

from simulator.model.problem import Problem
from tests.model_replay import Enrolled, Followed, Shares, follow, pairs, today_of


@dataclass(frozen=True)
class Drawn:
    """A plan by its decisions, phase by phase (lists run over the phases)."""

    open: list[list[int]]
    size: list[list[frozenset[int]]]
    added: list[list[int]]
    converted: list[dict[tuple[int, int], int]]
    goes: list[Shares] = field(default_factory=list)
    classes: list[list[int]] = field(default_factory=list)
    short: list[list[float]] = field(default_factory=list)
    over: list[list[float]] = field(default_factory=list)
    """Over_standard and short by year and section."""
    sits: list[Shares] = field(default_factory=list)
    """By year: block → section → share of its children who sit there; the catchment unless enrolled children stay."""
    leaves: list[dict[int, float]] = field(default_factory=list)
    """By phase: block → enrolled children whose school closes when it starts."""


def children(p: Problem, block: int, year: int) -> float:
    return float(p.children[block, year])


def pupils(p: Problem, goes: Shares, section: int, year: int) -> float:
    return sum(shares.get(section, 0.0) * children(p, block, year) for block, shares in goes.items())


def followed(p: Problem, d: Drawn) -> Drawn:
    """The plan with where the children sit: at the catchment of the year, or at the school that they entered."""
    if isinstance(p, Enrolled):
        found = follow(p, d.open, d.goes)
    else:
        phase_of = {year: phase for phase, data in enumerate(p.phases) for year in data.years}
        found = Followed([d.goes[phase_of[year]] for year in range(len(p.years))], [{} for _ in p.phases], [])
    return replace(d, sits=found.sits, leaves=found.leaves)


# ---------------------------------------------------------------------------------------------------- drawing


def structures(p: Problem) -> Iterator[Drawn]:
    """Every combination of what runs, its size, added rooms and converted rooms in every phase."""
    one_phase = list(
        product(
            product(*[[1] if s.existing and not s.can_close else [0, 1] for s in p.sections]),
            product(*[_module_sets(len(j.modules)) for j in p.sites]),
            product(*[range(j.max_rooms - j.rooms + 1) if j.can_extend else [0] for j in p.sites]),
            _conversions(p),
        )
    )
    for phases in product(one_phase, repeat=len(p.phases)):
        yield Drawn(
            open=[list(way[0]) for way in phases],
            size=[list(way[1]) for way in phases],
            added=[list(way[2]) for way in phases],
            converted=[way[3] for way in phases],
        )


def _module_sets(count: int) -> list[frozenset[int]]:
    return [frozenset(chosen) for size in range(count + 1) for chosen in combinations(range(count), size)]


def _conversions(p: Problem) -> list[dict[tuple[int, int], int]]:
    ways = [
        (one, other)
        for site in p.sites
        if site.can_convert
        for one in site.sections
        for other in site.sections
        if one != other and all(p.sections[s].counts_classes and p.sections[s].ours for s in (one, other))
    ]
    counts = [range(p.sites[p.sections[one].site].rooms + 1) for one, _ in ways]
    # Rooms that go to and fro cost twice and change nothing, so one direction at a time is enough.
    return [
        {way: n for way, n in zip(ways, chosen, strict=True) if n}
        for chosen in product(*counts)
        if not any(chosen[i] and chosen[ways.index((b, a))] for i, (a, b) in enumerate(ways))
    ]


def assignments(p: Problem) -> list[Shares]:
    """Every way to send the blocks of a phase: whole units to one section or none, others child by child."""
    reach = {block: [int(s) for s in p.pair_section[p.pair_block == block]] for block in range(len(p.blocks))}
    ways = [
        [{}, *({s: 1.0} for s in reach[block])] if data.whole else _splits(p, block, reach[block])
        for block, data in enumerate(p.blocks)
    ]
    return [dict(enumerate(chosen)) for chosen in product(*ways)]


def _splits(p: Problem, block: int, sections: list[int]) -> list[dict[int, float]]:
    """Every split of a block's children (their number is whole) over sections and no place."""
    count = round(float(p.children[block].max()))
    return [
        {s: n / count for s, n in zip(sections, chosen, strict=True) if n}
        for chosen in product(range(count + 1), repeat=len(sections))
        if sum(chosen) <= count
    ]


# ---------------------------------------------------------------------------------------------------- seats


def seats_of(p: Problem, section: int, classes: int, running: int, added: int) -> float:
    """Seats that whole grades can fill: fixed ones, or classes × class size within the campus's area, × fill."""
    data, site = p.sections[section], p.sites[p.sections[section].site]
    if not math.isnan(data.seats_fixed):
        return data.seats_fixed * running
    seats = classes * data.class_size
    if section in site.teaching_norm:
        norm = site.teaching_norm[section]
        seats = min(seats, site.teaching_area / norm + added * data.class_size)
    if section in site.sports_norm:
        seats = min(seats, site.sports_area / site.sports_norm[section])
    return data.fill * max(seats, 0.0)


def year_at_site(p: Problem, site: int, classes: dict[int, int], drawn: Drawn, phase: int, year: int):
    """(over, short) by section of a campus in a year: the least short, and over_standard before short.

    Pupils beyond the seats sit above the standard as far as the classes allow, the others are short; pupils beyond
    the seats open to the district are short; so are compulsory pupils beyond the largest campus.
    """
    over, short, seated = {}, {}, 0.0
    for s, n in classes.items():
        data = p.sections[s]
        sitting = pupils(p, drawn.sits[year], s, year)
        beyond = max(sitting - seats_of(p, s, n, drawn.open[phase][s], drawn.added[phase][site]), 0.0)
        room = n * (data.class_size_max - data.class_size) if math.isnan(data.seats_fixed) else 0.0
        closed_to = 0.0 if math.isnan(data.seats_for_district) else max(sitting - data.seats_for_district, 0.0)
        short[s] = max(beyond - room, closed_to, beyond_intake(p, s, year, drawn.goes[phase]), 0.0)
        over[s] = max(beyond - short[s], 0.0)
        if data.stage.value in ("primary", "junior"):
            seated += sitting - short[s]
    extra = max(seated - p.sites[site].largest, 0.0) if "largest_campus" in p.rules else 0.0
    for s in sorted(classes, key=lambda s: -over[s]):  # who counts short no longer sits above the standard
        more = extra if s == max(classes, key=lambda s: over[s]) else 0.0
        over[s], short[s] = max(over[s] - more, 0.0), short[s] + more
    return over, short


def beyond_intake(p: Problem, section: int, year: int, goes: Shares) -> float:
    """Entrants of a section beyond its admission plan."""
    if "intake_fits_plan" not in p.rules or (section, year) not in p.zoning.intake:
        return 0.0
    coming = sum(
        goes[block].get(section, 0.0) * float(p.zoning.entrants[n, year])
        for (block, s), n in pairs(p).items()
        if s == section
    )
    return max(coming - p.zoning.intake[section, year], 0.0)


def class_choices(p: Problem, site: int, drawn: Drawn, phase: int) -> Iterator[dict[int, int]]:
    """Every number of classes of the sections of a campus that its rooms allow, one at least of each that runs."""
    data = p.sites[site]
    own, ranges = {}, []
    for s in data.sections:
        section, running = p.sections[s], drawn.open[phase][s]
        if not section.counts_classes:
            ranges.append([section.classes * running])
        elif not running:
            ranges.append([0])
        elif data.modules:
            least = min(1, *(module.classes.get(s, 0) for module in data.modules))
            ranges.append(range(least, sum(data.modules[k].classes.get(s, 0) for k in drawn.size[phase][site]) + 1))
        else:
            ranges.append(range(min(1, section.rooms), max(data.max_rooms, section.rooms) + 1))
        gained = sum(n for (_, to), n in drawn.converted[phase].items() if to == s)
        lost = sum(n for (start, _), n in drawn.converted[phase].items() if start == s)
        own[s] = section.rooms * running + gained - lost
    free = max(data.rooms - sum(p.sections[s].rooms for s in data.sections), 0) + drawn.added[phase][site]
    counted = [s for s in data.sections if p.sections[s].counts_classes and not data.modules]
    for chosen in product(*ranges):
        classes = dict(zip(data.sections, chosen, strict=True))
        if sum(max(classes[s] - own[s], 0) for s in counted) <= free:
            yield classes


# ---------------------------------------------------------------------------------------------------- cost


def phase_weight(p: Problem, phase: int) -> float:
    return float(sum(p.weights[year] for year in p.phases[phase].years))


def structure_cost(p: Problem, drawn: Drawn) -> float:
    """Capital as an annuity from the opening year, and sections that run."""
    cost = 0.0
    for phase in range(len(p.phases)):
        later = float(sum(p.weights[p.phases[phase].years[0] :]))
        cost += 10_000 * p.prices.annuity * later * sum(capital_wan(p, drawn, phase))
        for s, section in enumerate(p.sections):
            fixed = 0 if section.counts_classes else section.classes * section.class_year
            cost += phase_weight(p, phase) * drawn.open[phase][s] * (section.section_year + fixed)
    return cost


def capital_wan(p: Problem, drawn: Drawn, phase: int) -> tuple[float, float]:
    """万元 of new schools and of works that open at the start of a phase."""
    new = works = 0.0
    for j, site in enumerate(p.sites):
        earlier = drawn.size[phase - 1][j] if phase else frozenset()
        new += sum(site.modules[k].capital_wan for k in drawn.size[phase][j] - earlier)
        works += (drawn.added[phase][j] - (drawn.added[phase - 1][j] if phase else 0)) * site.room_capital_wan
        works += site.extra_wan.get(phase, 0.0) if "committed_happens" in p.rules else 0.0
    before = sum(drawn.converted[phase - 1].values()) if phase else 0
    return new, works + (sum(drawn.converted[phase].values()) - before) * p.prices.conversion_room_wan


def journey_cost(p: Problem, goes: Shares, phase: int, minutes: dict[tuple[int, int], float]) -> float:
    """Journeys (an empty unit counts a hundredth of a child) and children without a place."""
    if isinstance(p, Enrolled):
        return 0.0  # known when the children have been followed
    cost = 0.0
    least = 0.01 * phase_weight(p, phase)
    for block, shares in goes.items():
        weighted = float(sum(p.weights[year] * children(p, block, year) for year in p.phases[phase].years))
        cost += sum(share * max(weighted, least) * minutes[block, s] * p.prices.minute for s, share in shares.items())
        cost += p.prices.shortage * max(1 - sum(shares.values()), 0.0) * max(weighted, least)
    return cost


def transport_cost(p: Problem, goes: Shares, phase: int) -> float:
    """School buses and beds of the children who come by them: mode 1 and 2 of a pair."""
    if isinstance(p, Enrolled):
        return 0.0
    prices = {1: p.prices.bus_seat, 2: p.prices.boarder}
    carried = {pair: prices[int(p.mode[n])] for pair, n in pairs(p).items() if len(p.mode) and p.mode[n]}
    return sum(
        float(p.weights[year]) * children(p, block, year) * share * carried.get((block, s), 0.0)
        for block, shares in goes.items()
        for s, share in shares.items()
        for year in p.phases[phase].years
    )


def enrolled_cost(p: Enrolled, drawn: Drawn) -> float:
    """Journeys, ways and children without a place, year by year, of enrolled children and new entrants."""
    ways, number, cost = {1: p.prices.bus_seat, 2: p.prices.boarder}, pairs(p), 0.0
    for year, shares_of in enumerate(drawn.sits):
        weight = float(p.weights[year])
        for block, shares in shares_of.items():
            weighted = weight * children(p, block, year)
            for s, share in shares.items():
                pair = number[block, s]
                way = ways.get(int(p.mode[pair]), 0.0) if len(p.mode) else 0.0
                cost += weighted * share * (float(p.minutes[pair]) * p.prices.minute + way)
            cost += weighted * (1 - sum(shares.values())) * p.prices.shortage
    for phase, data in enumerate(p.phases):  # a unit without new entrants counts a hundredth of a child
        least = 0.01 * phase_weight(p, phase)
        for block, shares in drawn.goes[phase].items():
            cost += least * (1 - sum(shares.values())) * p.prices.shortage
            if sum(float(p.weights[year]) * p.newly(block, phase, year) for year in data.years) <= least:
                cost += sum(least * float(p.minutes[number[block, s]]) * p.prices.minute for s in shares)
    return cost


def moved_cost(p: Problem, drawn: Drawn, phase: int) -> float:
    """Children whose catchment changes when the phase starts; enrolled ones only where their school closes."""
    year = p.phases[phase].years[0]
    goes, before, cost = drawn.goes[phase], drawn.goes[phase - 1] if phase else today_of(p), 0.0
    for block, data in enumerate(p.blocks):
        if data.whole:
            left = max((share - goes[block].get(s, 0.0) for s, share in before[block].items()), default=0.0)
            concerned = p.newly(block, phase, year) if isinstance(p, Enrolled) else children(p, block, year)
            moving = concerned * max(left, 0.0) + drawn.leaves[phase].get(block, 0.0)
            cost += p.prices.moved * float(p.weights[year]) * moving
    return cost


def pools_cost(p: Problem, classes: dict[int, int], drawn: Drawn, phase: int) -> float:
    """Short and over_standard of the stages under 全区统筹: district total against total."""
    cost = 0.0
    for stage, by_year in p.pools.items():
        planned = room = 0.0
        for s, section in enumerate(p.sections):
            if section.pool and section.stage is stage:
                held = seats_of(p, s, classes[s], drawn.open[phase][s], 0)
                most = math.inf if math.isnan(section.seats_for_district) else section.seats_for_district
                planned += min(held, most)
                limited = not math.isinf(most) and section.counts_classes
                fixed = not math.isnan(section.seats_fixed)
                space = 0.0 if fixed else classes[s] * (section.class_size_max - section.class_size)
                room += 0.0 if limited else min(held + space, most) - min(held, most)
        for year in p.phases[phase].years:
            beyond = max(float(by_year[year]) - planned, 0.0)
            over = min(beyond, room)
            cost += float(p.weights[year]) * (p.prices.over_standard * over + p.prices.shortage * (beyond - over))
    return cost


def zones_cost(p: Problem, classes: dict[int, int], drawn: Drawn, phase: int) -> float:
    """Short and over_standard of the shared catchments: the pupils of a zone against the seats of all its schools."""
    cost = 0.0
    for zone in p.zoning.zones if "shared_zone" in p.rules else ():
        seats = room = held = 0.0
        for s in zone:
            data, n = p.sections[s], classes[s]
            fixed = not math.isnan(data.seats_fixed)
            seats += seats_of(p, s, n, drawn.open[phase][s], 0)
            room += 0.0 if fixed else n * (data.class_size_max - data.class_size)
            largest = data.seats_fixed * drawn.open[phase][s] if fixed else n * data.class_size_max
            limited = not math.isnan(data.seats_for_district)
            held += data.seats_for_district * drawn.open[phase][s] if limited else largest
        limited = any(not math.isnan(p.sections[s].seats_for_district) for s in zone)
        for year in p.phases[phase].years:
            sitting = pupils(p, drawn.sits[year], zone[0], year)
            beyond = max(sitting - seats, 0.0)
            short = max(beyond - room, sitting - held if limited else 0.0, 0.0)
            over = max(beyond - short, 0.0)
            cost += float(p.weights[year]) * (p.prices.over_standard * over + p.prices.shortage * short)
    return cost


def zones_in_parts(p: Problem, classes: dict[int, int], drawn: Drawn, phase: int) -> bool:
    """Whether every school of a zone that runs has its part of today of the zone's classes, less one class."""
    for zone in p.zoning.zones if "shared_zone" in p.rules else ():
        own = {s: classes[s] for s in zone if math.isnan(p.sections[s].seats_fixed)}
        today = {s: p.sections[s].classes for s in own}
        added = sum(drawn.added[phase][site] for site in {p.sections[s].site for s in own})
        for s, n in own.items():
            runs = p.sections[s].counts_classes and drawn.open[phase][s] and today[s]
            if runs and n < today[s] / sum(today.values()) * (sum(own.values()) - added) - 1 - 1e-9:
                return False
    return True


def too_many_oversized(p: Problem, classes: dict[int, int], drawn: Drawn, phase: int) -> bool:
    """Whether more than the share of a stage's classes are in sections whose mean class is oversized."""
    if "oversized_share" not in p.rules or math.isinf(p.zoning.oversized_line):
        return False
    for year in p.phases[phase].years:
        counted: dict[object, list[tuple[int, bool]]] = {}
        for j, site in enumerate(p.sites):
            own = {s: classes[s] for s in site.sections}
            _, short = year_at_site(p, j, own, drawn, phase, year)
            for s, n in own.items():
                seated = pupils(p, drawn.sits[year], s, year) - short[s]
                large = seated > (p.zoning.oversized_line - 1) * n + 1e-9
                counted.setdefault(p.sections[s].stage, []).append((n, large))
        for rows in counted.values():
            if sum(n for n, large in rows if large) > p.zoning.oversized_share * sum(n for n, _ in rows) + 1e-9:
                return True
    return False


# ---------------------------------------------------------------------------------------------------- all plans


def receivers(p: Problem, drawn: Drawn, phase: int) -> set[int]:
    """Sections that take a whole unit from a section which closes when the phase starts."""
    if isinstance(p, Enrolled):
        return {to for block, left in drawn.leaves[phase].items() if left for to in drawn.goes[phase][block]}
    before = drawn.goes[phase - 1] if phase else today_of(p)
    return {
        to
        for block, shares in before.items()
        for s in shares
        if p.blocks[block].whole and ran(p, drawn, s, phase - 1) and not drawn.open[phase][s]
        for to in drawn.goes[phase][block]
        if to != s
    }


def ran(p: Problem, drawn: Drawn, section: int, phase: int) -> int:
    return drawn.open[phase][section] if phase >= 0 else int(p.sections[section].existing)


class Enumeration:
    """All plans of a toy problem that keep its rules, and the cheapest of them."""

    def __init__(self, p: Problem, rules: dict[str, dict[str, object]]) -> None:
        self.p = p
        self.minutes = {pair: float(p.minutes[n]) for pair, n in pairs(p).items()}
        self.checks = {
            kind: [check for name, check in checks.items() if name in p.rules] for kind, checks in rules.items()
        }
        self.known: dict[object, float] = {}

    def best(self) -> float:
        """The least cost of all plans, in yuan a year."""
        p, best = self.p, math.inf
        every = assignments(p)
        for drawn in structures(p):
            if not all(check(p, drawn) for check in self.checks["structure"]):
                continue
            base = structure_cost(p, drawn)
            if base >= best:
                continue
            ways = [
                [
                    (journey_cost(p, goes, phase, self.minutes) + transport_cost(p, goes, phase), goes)
                    for goes in every
                    if all(check(p, drawn, phase, goes) for check in self.checks["phase"])
                ]
                for phase in range(len(p.phases))
            ]
            for chosen in product(*ways):
                cost = base + sum(journeys for journeys, _ in chosen)
                if cost < best:
                    best = min(best, self._finished(replace(drawn, goes=[goes for _, goes in chosen]), cost, best))
        return best

    def _finished(self, drawn: Drawn, cost: float, best: float) -> float:
        p, whole = self.p, followed(self.p, drawn)
        if not all(check(p, whole) for check in self.checks["whole"]):
            return math.inf
        cost += enrolled_cost(p, whole) if isinstance(p, Enrolled) else 0.0
        for phase in range(len(p.phases)):
            cost += moved_cost(p, whole, phase)
            if cost < best:
                cost += self._seated(whole, phase)
        return cost

    def _seated(self, drawn: Drawn, phase: int) -> float:
        """Classes, over_standard and short of a phase at least cost; seats for all where a school closes into another."""
        p, years = self.p, self.p.phases[phase].years
        held = receivers(p, drawn, phase) if "build_before_close" in p.rules else set()
        if p.pools or p.zoning.zones or math.isfinite(p.zoning.oversized_line):
            choices = [list(class_choices(p, j, drawn, phase)) for j in range(len(p.sites))]
            return min(
                (
                    pools_cost(p, joined, drawn, phase)
                    + zones_cost(p, joined, drawn, phase)
                    + sum(self._site_cost(j, part, drawn, phase, held) for j, part in enumerate(parts))
                    for parts in product(*choices)
                    for joined in [{s: n for part in parts for s, n in part.items()}]
                    if not too_many_oversized(p, joined, drawn, phase) and zones_in_parts(p, joined, drawn, phase)
                ),
                default=math.inf,
            )
        cost = 0.0
        for j, site in enumerate(p.sites):
            sitting = tuple(pupils(p, drawn.sits[year], s, year) for s in site.sections for year in years)
            structure = (
                tuple(drawn.open[phase][s] for s in site.sections),
                drawn.size[phase][j],
                drawn.added[phase][j],
                tuple(sorted(drawn.converted[phase].items())),
            )
            intake = tuple(beyond_intake(p, s, year, drawn.goes[phase]) for s in site.sections for year in years)
            key = (j, phase, structure, sitting, frozenset(held & set(site.sections)), intake)
            if key not in self.known:
                self.known[key] = min(
                    (self._site_cost(j, c, drawn, phase, held) for c in class_choices(p, j, drawn, phase)),
                    default=math.inf,
                )
            cost += self.known[key]
        return cost

    def _site_cost(self, j: int, classes: dict[int, int], drawn: Drawn, phase: int, held: set[int]) -> float:
        p, cost = self.p, 0.0
        for s, n in classes.items():
            if p.sections[s].counts_classes:
                cost += phase_weight(p, phase) * n * p.sections[s].class_year
        zoned = {s: n for s, n in classes.items() if not p.sections[s].pool and s not in p.zoning.shared}
        for year in p.phases[phase].years:
            over, short = year_at_site(p, j, zoned, drawn, phase, year)
            if any(short[s] > 1e-9 for s in zoned if s in held):
                return math.inf
            if "no_extreme_class" in p.rules and any(
                pupils(p, drawn.sits[year], s, year) - short[s] > (p.zoning.extreme_line - 1) * n + 1e-9
                for s, n in zoned.items()
                if p.sections[s].counts_classes and math.isfinite(p.zoning.extreme_line)
            ):
                return math.inf
            weight = float(p.weights[year])
            cost += weight * (p.prices.over_standard * sum(over.values()) + p.prices.shortage * sum(short.values()))
        return cost
