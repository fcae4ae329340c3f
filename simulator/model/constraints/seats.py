"""Rules about children, seats, rooms and classes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from simulator.model.constraints.register import Row, constraint
from simulator.model.problem import Problem
from simulator.model.variables import Variables, pupils, seats, total
from simulator.terms import COMPULSORY


@constraint
def every_child_has_a_place(problem: Problem, v: Variables) -> Iterator[Row]:
    r"""The children of a unit have a section of their stage, or are counted without a place.

    .. math:: \sum_{s} x_{ubsp} + w_{ubp} = 1 \quad \forall u, b, p
    """
    for phase in range(len(problem.phases)):
        for block in range(len(problem.blocks)):
            terms = [(v.assigned[pair, phase], 1.0) for pair in problem.pairs_of_block(block).tolist()]
            yield f"k{block}_p{phase + 1}", total([*terms, (v.unserved[block, phase], 1.0)]) == 1


@constraint
def bands_together(problem: Problem, v: Variables) -> Iterator[Row]:
    r"""A unit's lower grades go where its upper grades go, unless to a section that runs only lower grades.

    .. math:: x_{u,\mathrm{low},sp} \le x_{u,\mathrm{high},sp} \quad \forall u, p, s \text{ complete}
    """
    upper = {
        (block.unit, block.stage, int(problem.pair_section[pair])): pair
        for pair, block in enumerate(problem.blocks[k] for k in problem.pair_block.tolist())
        if block.bands[0].grade_from > 1 and block.stage in COMPULSORY and block.whole
    }
    for pair, code in enumerate(problem.pair_block.tolist()):
        block, section = problem.blocks[code], int(problem.pair_section[pair])
        other = upper.get((block.unit, block.stage, section))
        if other is None or other == pair or block.bands[0].grade_from > 1:
            continue
        for phase in range(len(problem.phases)):
            row = total([(v.assigned[pair, phase], 1.0), (v.assigned[other, phase], -1.0)]) <= 0
            yield f"u{block.unit}_s{section}_p{phase + 1}", row


@constraint
def pupils_within_seats(problem: Problem, v: Variables) -> Iterator[Row]:
    r"""Pupils of a section never exceed its seats, in any year; what exceeds is priced and named.

    .. math:: \sum_{u,b} D_{ubt} x_{ubsp} \le f_s K_{sp} + o_{st} + h_{st}, \qquad
              o_{st} \le n_{sp} (\bar k_s - k_s) \quad \forall s, t \in p
    """
    for phase, data in enumerate(problem.phases):
        for year in data.years:
            for code, section in enumerate(problem.sections):
                if section.pool:
                    continue
                over, short = v.over_standard[code, year], v.short[code, year]
                fill = section.fill if np.isnan(section.seats_fixed) else 1.0
                offered = [(term, -fill * size) for term, size in seats(problem, v, code, phase)]
                sitting = pupils(problem, v, code, year, phase)
                beyond: list[tuple[object, float]] = [(over, -1.0), (short, -1.0)]
                yield f"s{code}_t{year}", total([*sitting, *offered, *beyond]) <= 0  # type: ignore[list-item]
                room = section.class_size_max - section.class_size if np.isnan(section.seats_fixed) else 0.0
                yield f"over_s{code}_t{year}", total([(over, 1.0), (v.classes[code, phase], -room)]) <= 0
                if not np.isnan(section.seats_for_district):
                    allowed = total([*sitting, (short, -1.0)]) <= section.seats_for_district
                    yield f"district_s{code}_t{year}", allowed
            yield from _pools(problem, v, phase, year)


def _pools(problem: Problem, v: Variables, phase: int, year: int) -> Iterator[Row]:
    for stage, children in problem.pools.items():
        offered, room = [], []
        for code, section in enumerate(problem.sections):
            if section.pool and section.stage is stage:
                fill = section.fill if np.isnan(section.seats_fixed) else 1.0
                offered += [(term, -fill * size) for term, size in seats(problem, v, code, phase)]
                spare = section.class_size_max - section.class_size if np.isnan(section.seats_fixed) else 0.0
                room.append((v.classes[code, phase], -spare))
        over, short = v.pool_over[stage.value, year], v.pool_short[stage.value, year]
        yield f"pool_{stage}_t{year}", total([*offered, (over, -1.0), (short, -1.0)]) <= -float(children[year])
        yield f"pool_over_{stage}_t{year}", total([(over, 1.0), *room]) <= 0


@constraint
def stages_share_rooms(problem: Problem, v: Variables) -> Iterator[Row]:
    r"""Classes of all stages of a campus fit its rooms, its area and what is added or converted.

    .. math:: n_{sp} \le R_s y_{sp} + g_{sp} + \sum_{s'} (c_{s'sp} - c_{ss'p}), \quad
              \sum_{s \in j} g_{sp} \le F_j + a_{jp}, \quad
              \sum_{s \in j} m_s K_{sp} \le M_j
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
            if section.can_close:
                rooms = problem.sites[section.site].max_rooms
                closed = total([(v.classes[code, phase], 1.0), (v.open[code, phase], -float(rooms))]) <= 0
                yield f"open_s{code}_p{phase + 1}", closed
            if (code, phase) in v.seats:
                used = [(v.seats[code, phase], 1.0), (v.classes[code, phase], -section.class_size)]
                yield f"seats_s{code}_p{phase + 1}", total(used) <= 0
        yield from _shared(problem, v, phase)


def _shared(problem: Problem, v: Variables, phase: int) -> Iterator[Row]:
    for code, site in enumerate(problem.sites):
        counted = [s for s in site.sections if (s, phase) in v.free_rooms]
        if not counted:
            continue
        free = site.rooms - sum(problem.sections[s].rooms for s in site.sections)
        terms = [(v.free_rooms[s, phase], 1.0) for s in counted]
        yield f"rooms_j{code}_p{phase + 1}", total([*terms, (v.added_rooms[code, phase], -1.0)]) <= max(free, 0)
        for name, norms, area in (
            ("teaching", site.teaching_norm, site.teaching_area),
            ("sports", site.sports_norm, site.sports_area),
        ):
            used = [(v.seats[s, phase], norms[s]) for s in counted if s in norms]
            if used and not np.isnan(area):
                # A room added brings its own teaching area; it brings no sports ground.
                brought = [
                    (v.added_rooms[code, phase], -norms[s] * problem.sections[s].class_size)
                    for s in counted[:1]
                    if name == "teaching" and s in norms
                ]
                yield f"{name}_j{code}_p{phase + 1}", total([*used, *brought]) <= area


@constraint
def standard_class_counts(problem: Problem, v: Variables) -> Iterator[Row]:
    r"""A new school takes one of the standard sizes, and runs no more classes than it has.

    .. math:: \sum_k z_{jkp} = y_{sp}, \quad n_{sp} \le \sum_k k_s z_{jkp} \quad \forall s \in j, p
    """
    for phase in range(len(problem.phases)):
        for code, site in enumerate(problem.sites):
            for section in site.sections if site.modules else ():
                if problem.sections[section].existing:
                    continue
                size = [(v.size[code, k, phase], -1.0) for k in range(len(site.modules))]
                chosen = total([(v.open[section, phase], 1.0), *size]) == 0
                yield f"size_s{section}_p{phase + 1}", chosen
                held = [
                    (v.size[code, k, phase], -float(module.classes.get(section, 0)))
                    for k, module in enumerate(site.modules)
                ]
                yield f"s{section}_p{phase + 1}", total([(v.classes[section, phase], 1.0), *held]) <= 0


@constraint
def smallest_section(problem: Problem, v: Variables) -> Iterator[Row]:
    r"""A new school uses a least share of its seats in a phase's last year, not in the phase it starts in.

    .. math:: \sum_{u,b} D_{ubt} x_{ubsp} \ge \rho\, k_s \Big(\sum_k k z_{jkp} -
              k^{max} \sum_k (z_{jkp} - z_{jk,p-1})\Big), \quad t = b(p)
    """
    required = {entry.section for entry in problem.requirements if entry.kind == "open"}
    for phase in range(1, len(problem.phases)):
        year = problem.phases[phase].years[-1]
        for code, site in enumerate(problem.sites):
            for section in site.sections if site.modules else ():
                data = problem.sections[section]
                if data.pool or data.existing or section in required:
                    continue
                largest = max(module.classes.get(section, 0) for module in site.modules)
                least = problem.least_use * data.class_size
                terms = list(pupils(problem, v, section, year, phase))
                for k, module in enumerate(site.modules):
                    terms.append((v.size[code, k, phase], -least * (module.classes.get(section, 0) - largest)))
                    terms.append((v.size[code, k, phase - 1], -least * largest))
                yield f"s{section}_p{phase + 1}", total(terms) >= 0


@constraint
def largest_campus(problem: Problem, v: Variables) -> Iterator[Row]:
    r"""A campus seats no more compulsory pupils than the evaluation allows; children beyond count short.

    .. math:: \sum_{s \in j} \Big(\sum_{u,b} D_{ubt} x_{ubsp} - h_{st}\Big) \le 2000 \;(2500) \quad \forall j, t \in p
    """
    for phase, data in enumerate(problem.phases):
        for year in data.years:
            for code, site in enumerate(problem.sites):
                held = [s for s in site.sections if problem.sections[s].stage in COMPULSORY]
                if not held or np.isinf(site.largest) or not problem.sections[held[0]].ours:
                    continue
                terms = [term for s in held for term in pupils(problem, v, s, year, phase)]
                terms += [(v.short[s, year], -1.0) for s in held]
                yield f"j{code}_t{year}", total(terms) <= site.largest
