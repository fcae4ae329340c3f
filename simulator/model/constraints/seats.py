"""Rules about children, seats, rooms and classes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from simulator.model.constraints.register import Row, constraint
from simulator.model.problem import Problem, Section
from simulator.model.variables import Term, Variables, classes_run, pupils, seats, total
from simulator.terms import COMPULSORY, STAGE_GRADES


@constraint
def every_child_has_a_place(problem: Problem, v: Variables) -> Iterator[Row]:
    r"""The children of a unit have a section of their stage that runs, or are counted without a place.

    .. math:: \sum_{s} x_{ubsp} + w_{ubp} = 1 \quad \forall u, b, p, \qquad x_{ubsp} \le y_{sp} \quad \forall u, b, s, p
    """
    for phase in range(len(problem.phases)):
        for block in range(len(problem.blocks)):
            terms = [(v.assigned[pair, phase], 1.0) for pair in problem.pairs_of_block(block).tolist()]
            yield f"k{block}_p{phase + 1}", total([*terms, (v.unserved[block, phase], 1.0)]) == 1
        for pair, section in enumerate(problem.pair_section.tolist()):
            running = v.open[section, phase]
            if not isinstance(running, int):
                yield f"n{pair}_p{phase + 1}", total([(v.assigned[pair, phase], 1.0), (running, -1.0)]) <= 0


@constraint
def bands_together(problem: Problem, v: Variables) -> Iterator[Row]:
    r"""A unit's lower grades go where its upper grades go, unless to a section that runs only lower grades.

    .. math:: x_{u,\mathrm{low},sp} \le x_{u,\mathrm{high},sp} \quad \forall u, p, s \text{ complete}
    """
    pairs = {
        (block, section): pair
        for pair, (block, section) in enumerate(
            zip(problem.pair_block.tolist(), problem.pair_section.tolist(), strict=True)
        )
    }
    starting = {
        (block.unit, block.stage, block.bands[0].grade_from): code
        for code, block in enumerate(problem.blocks)
        if block.whole
    }
    runs = {(section, band) for block, section in pairs for band in problem.blocks[block].bands}
    for (code, section), pair in pairs.items():
        block = problem.blocks[code]
        above = starting.get((block.unit, block.stage, block.bands[-1].grade_to + 1))
        if above is None or not block.whole or (section, problem.blocks[above].bands[0]) not in runs:
            continue
        upper = pairs.get((above, section))
        for phase in range(len(problem.phases)):
            terms: list[tuple[Term, float]] = [(v.assigned[pair, phase], 1.0)]
            if upper is not None:  # else the section runs the upper grades, beyond the unit's reach
                terms.append((v.assigned[upper, phase], -1.0))
            yield f"u{block.unit}_s{section}_b{block.bands[0].grade_from + 2}_p{phase + 1}", total(terms) <= 0


@constraint
def pupils_within_seats(problem: Problem, v: Variables) -> Iterator[Row]:
    r"""Pupils of a section never exceed its seats, in any year; what exceeds is priced and named.

    .. math:: \sum_{u,b} D_{ubt} x_{ubsp} \le f_s K_{sp} + o_{st} + h_{st}, \qquad
              o_{st} \le n_{sp} (\bar k_s - k_s), \qquad
              \sum_{u,b} D_{ubt} x_{ubsp} \le E_s + h_{st} \quad \forall s, t \in p

    A pool counts the seats of its sections together, of each at most those open to the district:
    :math:`D_t \le \sum_s \min(f_s K_{sp}, E_s) + o_t + h_t`.
    """
    for phase, data in enumerate(problem.phases):
        for year in data.years:
            for code, section in enumerate(problem.sections):
                if section.pool or code in problem.zoning.shared:
                    continue
                over, short = v.over_standard[code, year], v.short[code, year]
                fill = fill_of(section)
                offered = [(term, -fill * size) for term, size in seats(problem, v, code, phase)]
                sitting = pupils(problem, v, code, year, phase)
                beyond: list[tuple[Term, float]] = [(over, -1.0), (short, -1.0)]
                yield f"s{code}_t{year}", total([*sitting, *offered, *beyond]) <= 0
                room = classes_run(problem, v, code, phase, -room_of(section))
                yield f"over_s{code}_t{year}", total([(over, 1.0), *room]) <= 0
                if not np.isnan(section.seats_for_district):
                    allowed = total([*sitting, (short, -1.0)]) <= section.seats_for_district
                    yield f"district_s{code}_t{year}", allowed
            yield from _pools(problem, v, phase, year)


def _pools(problem: Problem, v: Variables, phase: int, year: int) -> Iterator[Row]:
    for stage, children in problem.pools.items():
        offered: list[tuple[Term, float]] = []
        room: list[tuple[Term, float]] = []
        for code, section in enumerate(problem.sections):
            if section.pool and section.stage is stage:
                held = _pool_seats(problem, v, code, phase)
                offered += [(term, -size) for term, size in held[0]]
                room += [(term, -size) for term, size in held[1]]
        over, short = v.pool_over[stage.value, year], v.pool_short[stage.value, year]
        yield f"pool_{stage}_t{year}", total([*offered, (over, -1.0), (short, -1.0)]) <= -float(children[year])
        yield f"pool_over_{stage}_t{year}", total([(over, 1.0), *room]) <= 0


def _pool_seats(
    problem: Problem, v: Variables, code: int, phase: int
) -> tuple[list[tuple[Term, float]], list[tuple[Term, float]]]:
    """Seats of a section that its pool counts, and how far its classes may exceed them."""
    section = problem.sections[code]
    held = [(term, fill_of(section) * size) for term, size in seats(problem, v, code, phase)]
    room = classes_run(problem, v, code, phase, room_of(section))
    most = section.seats_for_district
    if np.isnan(most):
        return held, room
    if section.counts_classes:  # its largest classes stay out of the district's count
        return [(v.seats[code, phase], fill_of(section))], []
    planned = sum(size for _, size in held)
    largest = min(planned + sum(size for _, size in room), most)
    running = v.open[code, phase]
    return [(running, min(planned, most))], [(running, largest - min(planned, most))]


def fill_of(section: Section) -> float:
    """Share of the seats that whole grades can fill; fixed seats are filled."""
    return section.fill if np.isnan(section.seats_fixed) else 1.0


def room_of(section: Section) -> float:
    """Pupils that a class may take beyond the standard."""
    return section.class_size_max - section.class_size if np.isnan(section.seats_fixed) else 0.0


@constraint
def stages_share_rooms(problem: Problem, v: Variables) -> Iterator[Row]:
    r"""Classes of all stages of a campus fit its rooms, its area and what is added or converted; what runs has a class.

    .. math:: n_{sp} \le R_s y_{sp} + g_{sp} + \sum_{s'} (c_{s'sp} - c_{ss'p}), \quad
              n_{sp} \ge y_{sp}, \quad
              \sum_{s \in j} g_{sp} \le F_j + a_{jp} + \tau_{jp}, \quad
              \sum_{s \in j} m_s K_{sp} \le M_j

    with temporary rooms :math:`\tau_{jp}`. A new school has the rooms of the sizes that are built: :math:`n_{sp} \le \sum_k k_s z_{jkp}`,
    :math:`z_{jkp} \le y_{sp} \le \sum_k z_{jkp}`.
    """
    for phase in range(len(problem.phases)):
        for code, section in enumerate(problem.sections):
            if (code, phase) not in v.free_rooms:
                continue
            terms = [(v.classes[code, phase], 1.0), (v.free_rooms[code, phase], -1.0)]
            terms.append((v.open[code, phase], -float(section.rooms)))
            for other in problem.sites[section.site].sections:
                if (code, other, phase) in v.converted:
                    terms.append((v.converted[code, other, phase], 1.0))
                    terms.append((v.converted[other, code, phase], -1.0))
            yield f"s{code}_p{phase + 1}", total(terms) <= 0
            if section.rooms:
                runs = total([(v.open[code, phase], 1.0), (v.classes[code, phase], -1.0)]) <= 0
                yield f"runs_s{code}_p{phase + 1}", runs
            if section.can_close:
                rooms = problem.sites[section.site].max_rooms + problem.sites[section.site].temporary.get(phase, 0)
                closed = total([(v.classes[code, phase], 1.0), (v.open[code, phase], -float(rooms))]) <= 0
                yield f"open_s{code}_p{phase + 1}", closed
            if (code, phase) in v.seats:
                used = [(v.seats[code, phase], 1.0), (v.classes[code, phase], -section.class_size)]
                yield f"seats_s{code}_p{phase + 1}", total(used) <= 0
        yield from _built(problem, v, phase)
        yield from _shared(problem, v, phase)


def _built(problem: Problem, v: Variables, phase: int) -> Iterator[Row]:
    for code, site in enumerate(problem.sites):
        sizes = [(v.size[code, k, phase], module) for k, module in enumerate(site.modules)]
        for section in site.sections if sizes else ():
            if problem.sections[section].existing:
                continue
            running = v.open[section, phase]
            rooms = [(size, -float(module.classes.get(section, 0))) for size, module in sizes]
            yield f"new_s{section}_p{phase + 1}", total([(v.classes[section, phase], 1.0), *rooms]) <= 0
            if all(module.classes.get(section, 0) for module in site.modules):
                runs = total([(running, 1.0), (v.classes[section, phase], -1.0)]) <= 0
                yield f"runs_s{section}_p{phase + 1}", runs
            yield f"open_s{section}_p{phase + 1}", total([(running, 1.0), *((size, -1.0) for size, _ in sizes)]) <= 0
            for k, (size, _) in enumerate(sizes):
                yield f"size_s{section}_k{k}_p{phase + 1}", total([(size, 1.0), (running, -1.0)]) <= 0


def _shared(problem: Problem, v: Variables, phase: int) -> Iterator[Row]:
    for code, site in enumerate(problem.sites):
        counted = [s for s in site.sections if (s, phase) in v.free_rooms]
        if not counted:
            continue
        # A school of others grows only by what is committed there.
        ours = all(problem.sections[s].ours for s in counted)
        free = site.rooms - sum(problem.sections[s].rooms for s in site.sections) if ours else 0
        free = max(free, 0) + site.temporary.get(phase, 0)
        terms = [(v.free_rooms[s, phase], 1.0) for s in counted]
        yield f"rooms_j{code}_p{phase + 1}", total([*terms, (v.added_rooms[code, phase], -1.0)]) <= free
        for name, norms, area in (
            ("teaching", site.teaching_norm, site.teaching_area),
            ("sports", site.sports_norm, site.sports_area),
        ):
            used = [(v.seats[s, phase], norms[s]) for s in counted if s in norms]
            if used and not np.isnan(area):
                # A room added, or there for a time, brings its own teaching area; it brings no sports ground.
                a_room = min(norms[s] * problem.sections[s].class_size for s in counted if s in norms)
                brought = [(v.added_rooms[code, phase], -a_room)] if name == "teaching" else []
                held = area + (site.temporary.get(phase, 0) * a_room if name == "teaching" else 0.0)
                yield f"{name}_j{code}_p{phase + 1}", total([*used, *brought]) <= held


@constraint
def standard_class_counts(problem: Problem, v: Variables) -> Iterator[Row]:
    r"""A new school takes one of the standard sizes.

    .. math:: \sum_k z_{jkp} = y_{sp} \quad \forall s \in j, p
    """
    for phase in range(len(problem.phases)):
        for code, site in enumerate(problem.sites):
            for section in site.sections if site.modules else ():
                if problem.sections[section].existing:
                    continue
                size = [(v.size[code, k, phase], -1.0) for k in range(len(site.modules))]
                yield f"s{section}_p{phase + 1}", total([(v.open[section, phase], 1.0), *size]) == 0


@constraint
def smallest_section(problem: Problem, v: Variables) -> Iterator[Row]:
    r"""A new school uses a least share of its seats in the last year of every phase after the one it starts in.

    .. math:: \sum_{u,b} D_{ubt} x_{ubsp} \ge \rho\, k_s \sum_k k \sum_{p' < p} g_{p'p} (z_{jkp'} - z_{jk,p'-1}),
              \quad t = b(p)

    Where enrolled children keep their school it fills grade by grade: :math:`g_{p'p} = \min(1, (b(p) - a(p') + 1)
    \div \text{grades})`, else 1.
    """
    required = {entry.section for entry in problem.requirements if entry.kind == "open"}
    for phase in range(1, len(problem.phases)):
        year = problem.phases[phase].years[-1]
        for code, site in enumerate(problem.sites):
            for section in site.sections if site.modules else ():
                data = problem.sections[section]
                if data.pool or data.existing or section in required:
                    continue
                least = problem.least_use * data.class_size
                terms = list(pupils(problem, v, section, year, phase))
                for k, module in enumerate(site.modules):
                    seats_used = least * module.classes.get(section, 0)
                    for opened in range(phase):
                        share = seats_used * _grown(problem, v, section, opened, phase)
                        terms.append((v.size[code, k, opened], -share))
                        terms += [(v.size[code, k, opened - 1], share)] if opened else []
                yield f"s{section}_p{phase + 1}", total(terms) >= 0


def _grown(problem: Problem, v: Variables, section: int, opened: int, phase: int) -> float:
    """Share of the grades of a new section that have come in by the end of a phase."""
    pairs = problem.pairs_of_section(section)
    if not v.cohorts.any or not problem.whole_pairs[pairs].any():
        return 1.0
    first, last = STAGE_GRADES[problem.sections[section].stage]
    years = problem.phases[phase].last_year - problem.phases[opened].first_year + 1
    return min(1.0, years / (last - first + 1))


@constraint
def largest_campus(problem: Problem, v: Variables) -> Iterator[Row]:
    r"""A campus seats no more compulsory pupils than the evaluation allows, or than today if these are more; others count short.

    .. math:: \sum_{s \in j} \Big(\sum_{u,b} D_{ubt} x_{ubsp} - h_{st}\Big) \le \max(2000 \;(2500), h_{j0}) \quad \forall j, t \in p

    The schools of a shared catchment are held to the sum of what their campuses may seat.
    """
    shared = problem.zoning.shared
    for phase, data in enumerate(problem.phases):
        for year in data.years:
            for code, site in enumerate(problem.sites):
                held = [s for s in site.sections if problem.sections[s].stage in COMPULSORY and s not in shared]
                if not held or np.isinf(site.largest) or not problem.sections[held[0]].ours:
                    continue
                terms = [term for s in held for term in pupils(problem, v, s, year, phase)]
                terms += [(v.short[s, year], -1.0) for s in held]
                yield f"j{code}_t{year}", total(terms) <= site.largest
            for zone in problem.zoning.zones:
                limits = [(v.open[s, phase], -problem.sites[problem.sections[s].site].largest) for s in zone]
                if not np.isinf([limit for _, limit in limits]).any():
                    sitting = [*pupils(problem, v, zone[0], year, phase), (v.short[zone[0], year], -1.0)]
                    yield f"zone_s{zone[0]}_t{year}", total([*sitting, *limits]) <= 0
