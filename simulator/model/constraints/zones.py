"""Rules about who goes to school together: groups, nearness, 对口 and 多校划片."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pulp

from simulator.model.constraints.register import Row, constraint
from simulator.model.constraints.seats import fill_of, room_of
from simulator.model.problem import Problem
from simulator.model.variables import Term, Variables, classes_run, pupils, seats, total
from simulator.terms import STAGE_GRADES, Stage

_FED_BY = {Stage.JUNIOR: Stage.PRIMARY}
"""Stage → the stage whose schools feed it."""


@constraint
def units_together(problem: Problem, v: Variables) -> Iterator[Row]:
    r"""Units that belong together go to the same school, in every stage with catchments.

    .. math:: x_{ubsp} = x_{u'bsp} \quad \forall u, u' \text{ of a group}, b, s, p
    """
    if not problem.zoning.together:
        return
    blocks = {
        (block.unit, band): code for code, block in enumerate(problem.blocks) if block.whole for band in block.bands
    }
    bands = dict.fromkeys(band for _, band in blocks)
    for first, *others in problem.zoning.together:
        for other in others:
            both = {
                (blocks[first, band], blocks[other, band])
                for band in bands
                if (first, band) in blocks and (other, band) in blocks
            }
            for one, two in sorted(both):
                yield from _same(problem, v, one, two)


def _same(problem: Problem, v: Variables, one: int, two: int) -> Iterator[Row]:
    pairs = [_pairs_by_section(problem, block) for block in (one, two)]
    for section in sorted(pairs[0].keys() | pairs[1].keys()):
        for phase in range(len(problem.phases)):
            terms = [
                (v.assigned[own[section], phase], sign)
                for own, sign in zip(pairs, (1.0, -1.0), strict=True)
                if section in own
            ]
            units = f"u{problem.blocks[one].unit}_u{problem.blocks[two].unit}"
            yield f"{units}_k{one}_k{two}_s{section}_p{phase + 1}", total(terms) == 0


def _pairs_by_section(problem: Problem, block: int) -> dict[int, int]:
    pairs = problem.pairs_of_block(block).tolist()
    return {int(problem.pair_section[pair]): pair for pair in pairs}


@constraint
def nearest_share(problem: Problem, v: Variables) -> Iterator[Row]:
    r"""At least a share of the new entrants in town are zoned to the nearest school that runs, by straight distance.

    .. math:: \sum_{u,\,t \in p} E_{ut} f_{up} \le (1 - \alpha) \sum_{u,\,t \in p} E_{ut}, \qquad
              f_{up} \ge y_{sp} - \sum_{s' \text{ no farther than } s} x_{us'p} \quad \forall u, s, p

    A school that the unit may not be zoned to does not count. The rows are closest-assignment rows (Wagner and
    Falkson 1975).
    """
    zoning = problem.zoning
    if zoning.nearest_share is None:
        return
    for phase, data in enumerate(problem.phases):
        missing: dict[Stage, list[tuple[Term, float]]] = {}
        for code, block in enumerate(problem.blocks):
            pairs = problem.pairs_of_block(code)
            entry = block.bands[0].grade_from == STAGE_GRADES[block.stage][0]
            if not (block.whole and entry and block.unit in zoning.town and len(pairs)):
                continue
            children = float(zoning.entrants[pairs[0], list(data.years)].sum())
            if children > 0:
                missed = pulp.LpVariable(f"missed_k{code}_p{phase + 1}", 0, 1)
                missing.setdefault(block.stage, []).append((missed, children))
                yield from _missed(problem, v, missed, code, phase)
        for stage, terms in missing.items():
            most = (1 - zoning.nearest_share) * sum(children for _, children in terms)
            yield f"{stage}_p{phase + 1}", total(terms) <= most


def _missed(problem: Problem, v: Variables, missed: pulp.LpVariable, block: int, phase: int) -> Iterator[Row]:
    """Rows by which a unit misses the nearest school that runs, nearest first, up to one that runs for certain."""
    allowed = [
        pair
        for pair in problem.pairs_of_block(block).tolist()
        if problem.lawful[pair] and (problem.sections[int(problem.pair_section[pair])].ours or problem.today[pair])
    ]
    distance = problem.zoning.straight_km
    for pair in sorted(allowed, key=lambda pair: (distance[pair], pair)):
        section = int(problem.pair_section[pair])
        near = [(v.assigned[other, phase], 1.0) for other in allowed if distance[other] <= distance[pair]]
        row = total([(missed, 1.0), *near, (v.open[section, phase], -1.0)]) >= 0
        yield f"u{problem.blocks[block].unit}_s{section}_k{block}_p{phase + 1}", row
        if isinstance(v.open[section, phase], int):
            return


@constraint
def feeder_whole(problem: Problem, v: Variables) -> Iterator[Row]:
    r"""All units of a primary school go to one junior school (对口), those of a nine-year school to its own (直升).

    .. math:: x_{usp} + x_{us'p} \le 1 + g_{ss'p}, \qquad \sum_{s'} g_{ss'p} \le 1, \qquad
              g_{ss'p} \ge y_{sp} + y_{s'p} - 1 \quad \forall s, s' \text{ of one campus}

    Beside junior schools of other regimes also :math:`g_{ss'p} + x_{usp} \le 1 + x_{us'p} + w_{up}`: whole or not at
    all. The share g fed is 0 or 1 wherever a unit goes from s to s', without being an integer decision.
    """
    if not problem.zoning.feeders:
        return
    ways = _ways(problem)
    routes = dict.fromkeys((lower, upper) for _, lower, upper in ways)
    for phase in range(len(problem.phases)):
        fed = {way: pulp.LpVariable("feeds_s{}_s{}_p{}".format(*way, phase + 1), 0, 1) for way in routes}
        for (unit, lower, upper), (below, above) in ways.items():
            terms = [(v.assigned[below, phase], 1.0), (v.assigned[above, phase], 1.0), (fed[lower, upper], -1.0)]
            yield f"u{unit}_s{lower}_s{upper}_p{phase + 1}", total(terms) <= 1
        for lower in dict.fromkeys(lower for lower, _ in routes):
            one = [(term, 1.0) for way, term in fed.items() if way[0] == lower]
            yield f"one_s{lower}_p{phase + 1}", total(one) <= 1
        for (lower, upper), term in fed.items():
            if problem.sections[lower].site == problem.sections[upper].site:
                own = [(term, 1.0), (v.open[lower, phase], -1.0), (v.open[upper, phase], -1.0)]
                yield f"own_s{lower}_s{upper}_p{phase + 1}", total(own) >= -1
        yield from _whole_or_not_at_all(problem, v, fed, phase)


def _ways(problem: Problem) -> dict[tuple[int, int, int], tuple[int, int]]:
    """(unit, school below, feeder) → pairs of the unit with both."""
    found: dict[tuple[int, int, int], tuple[int, int]] = {}
    for unit, below, above in _leaving_and_entering(problem):
        lower, upper = _pairs_by_section(problem, below), _pairs_by_section(problem, above)
        for one, pair in lower.items():
            for other in sorted(upper.keys() & problem.zoning.feeders):
                found[unit, one, other] = (pair, upper[other])
    return found


def _leaving_and_entering(problem: Problem) -> Iterator[tuple[int, int, int]]:
    """Unit, its block with the last grade of a stage that feeds, its block with the first grade of the stage fed."""
    entering = {
        (block.unit, block.stage): code
        for code, block in enumerate(problem.blocks)
        if block.whole and block.bands[0].grade_from == STAGE_GRADES[block.stage][0]
    }
    for below, block in enumerate(problem.blocks):
        if not block.whole or block.bands[-1].grade_to != STAGE_GRADES[block.stage][1]:
            continue
        for stage, fed_by in _FED_BY.items():
            above = entering.get((block.unit, stage))
            if fed_by is block.stage and above is not None:
                yield block.unit, below, above


def _whole_or_not_at_all(
    problem: Problem, v: Variables, fed: Mapping[tuple[int, int], pulp.LpVariable], phase: int
) -> Iterator[Row]:
    """A school that feeds one junior school sends all its units there, also where others take units one by one."""
    others = (
        code
        for code, section in enumerate(problem.sections)
        if section.stage in _FED_BY and code not in problem.zoning.feeders and len(problem.pairs_of_section(code))
    )
    if next(others, None) is None:
        return
    for unit, below, above in _leaving_and_entering(problem):
        lower, upper = _pairs_by_section(problem, below), _pairs_by_section(problem, above)
        for (one, other), term in fed.items():
            if one in lower:
                terms = [(term, 1.0), (v.assigned[lower[one], phase], 1.0), (v.unserved[above, phase], -1.0)]
                terms += [(v.assigned[upper[other], phase], -1.0)] if other in upper else []
                yield f"whole_u{unit}_s{one}_s{other}_p{phase + 1}", total(terms) <= 1


@constraint
def shared_zone(problem: Problem, v: Variables) -> Iterator[Row]:
    r"""The seats of all schools of a shared catchment (多校划片) that run are one pool for the pupils of its units.

    .. math:: \sum_{u,b} D_{ubt} x_{ubzp} \le \sum_{s \in z} f_s K_{sp} + o_{zt} + h_{zt}, \qquad
              o_{zt} \le \sum_{s \in z} n_{sp} (\bar k_s - k_s) \quad \forall z, t \in p

    The schools keep their parts of the zone's classes to within one class, rooms added apart, so that children who are
    enrolled find their classes where they sit: :math:`n_{sp} \ge \sigma_s \sum_{s' \in z} (n_{s'p} - a_{s'p}) - 1`,
    with the parts of today :math:`\sigma_s`, where s runs.

    A school that holds only some seats for the district gives these, the others their largest classes:
    :math:`\sum_{u,b} D_{ubt} x_{ubzp} \le \sum_{s} E_s y_{sp} + \sum_{s'} n_{s'p} \bar k_{s'} + h_{zt}`.
    """
    for zone in problem.zoning.zones:
        for phase, data in enumerate(problem.phases):
            for year in data.years:
                yield from _pooled(problem, v, zone, phase, year)
            yield from _balanced(problem, v, zone, phase)


def _pooled(problem: Problem, v: Variables, zone: tuple[int, ...], phase: int, year: int) -> Iterator[Row]:
    lead, sections = zone[0], [problem.sections[code] for code in zone]
    over, short = v.over_standard[lead, year], v.short[lead, year]
    sitting = pupils(problem, v, lead, year, phase)
    offered = [
        (term, -fill_of(section) * size)
        for code, section in zip(zone, sections, strict=True)
        for term, size in seats(problem, v, code, phase)
    ]
    yield f"s{lead}_t{year}", total([*sitting, *offered, (over, -1.0), (short, -1.0)]) <= 0
    room = [
        term
        for code, section in zip(zone, sections, strict=True)
        for term in classes_run(problem, v, code, phase, -room_of(section))
    ]
    yield f"over_s{lead}_t{year}", total([(over, 1.0), *room]) <= 0
    if any(not np.isnan(section.seats_for_district) for section in sections):
        held = [term for code in zone for term in _for_district(problem, v, code, phase)]
        yield f"district_s{lead}_t{year}", total([*sitting, *held, (short, -1.0)]) <= 0


def _for_district(problem: Problem, v: Variables, code: int, phase: int) -> list[tuple[Term, float]]:
    """Less the most children of the district that a school of a zone may take."""
    section = problem.sections[code]
    if not np.isnan(section.seats_for_district):
        return [(v.open[code, phase], -section.seats_for_district)]
    if not np.isnan(section.seats_fixed):
        return [(v.open[code, phase], -section.seats_fixed)]
    return classes_run(problem, v, code, phase, -section.class_size_max)


def _balanced(problem: Problem, v: Variables, zone: tuple[int, ...], phase: int) -> Iterator[Row]:
    """Rows by which the schools of a zone share its classes as today."""
    counting = [code for code in zone if np.isnan(problem.sections[code].seats_fixed)]
    today = sum(problem.sections[code].classes for code in counting)
    added = [(v.added_rooms[site, phase], 1.0) for site in dict.fromkeys(problem.sections[c].site for c in counting)]
    run = [term for code in counting for term in classes_run(problem, v, code, phase)]
    for code in counting:
        section = problem.sections[code]
        if not section.counts_classes or not section.classes:
            continue
        part = section.classes / today
        closed = (
            [] if isinstance(v.open[code, phase], int) else [(v.open[code, phase], -float(_most(problem, counting)))]
        )
        kept = [(v.classes[code, phase], 1.0), *((term, -part * n) for term, n in run)]
        kept += [(term, part * n) for term, n in added]
        slack = -1.0 - (float(_most(problem, counting)) if closed else 0.0)
        yield f"part_s{code}_p{phase + 1}", total([*kept, *closed]) >= slack


def _most(problem: Problem, sections: list[int]) -> int:
    """Classes that the campuses of some sections can hold at most."""
    return sum(max(problem.sites[problem.sections[s].site].max_rooms, problem.sections[s].classes) for s in sections)
