"""Rules about townships and the ground that a catchment covers."""

from __future__ import annotations

from collections.abc import Iterator

import pulp

from simulator.model.catchment import Catchment
from simulator.model.connection import Ground, sharing
from simulator.model.constraints.register import Row, constraint
from simulator.model.problem import Problem
from simulator.model.variables import Term, Variables, total


@constraint
def township_centre(problem: Problem, v: Variables) -> Iterator[Row]:
    r"""A township that has a public kindergarten keeps at least one; one that can have it by the last phase gets it.

    .. math:: \sum_{s \in \text{township}} y_{sp} \ge 1 \quad \forall \text{township}, p
    """
    for code, (_, sections) in enumerate(sorted(problem.centres.items())):
        if any(problem.sections[s].existing and not problem.sections[s].can_close for s in sections):
            continue
        today = any(problem.sections[s].existing for s in sections)
        # Where none runs today, the earliest that the law can ask for is the last phase.
        phases = range(len(problem.phases)) if today else range(len(problem.phases) - 1, len(problem.phases))
        if not today and not any(_in_time(problem, section) for section in sections):
            continue
        for phase in phases:
            yield f"c{code}_p{phase + 1}", total([(v.open[s, phase], 1.0) for s in sections]) >= 1


def _in_time(problem: Problem, section: int) -> bool:
    """Whether a new kindergarten can open by the last phase."""
    ready = max(problem.sites[problem.sections[section].site].ready_year, problem.base_year) + problem.lead_new
    return ready <= problem.phases[-1].first_year


@constraint
def catchment_holds_school(problem: Problem, v: Variables) -> Iterator[Row]:
    r"""A running school serves the unit that it stands in, or another school of its stage that stands there does.

    .. math:: \sum_{s' \text{ in } h(s)} x_{h(s)s'p} \ge y_{sp} \quad \forall s, p
    """
    beside = sharing(problem)
    rooted = [one for one in Ground(problem, always=True).catchments if one.root in one.pairs]
    # Of a unit whose grades go together in one band and apart in another, the pair is the same.
    for section, pair in dict.fromkeys((one.section, one.pairs[one.root]) for one in rooted):
        there = {section, *beside[section]}
        block = problem.pairs_of_block(int(problem.pair_block[pair])).tolist()
        held = [one for one in block if int(problem.pair_section[one]) in there]
        for phase in range(len(problem.phases)):
            terms: list[tuple[Term, float]] = [(v.assigned[one, phase], 1.0) for one in held]
            row = total([*terms, (v.open[section, phase], -1.0)]) >= 0
            yield f"n{pair}_s{section}_p{phase + 1}", row


@constraint
def catchment_connected(problem: Problem, v: Variables) -> Iterator[Row]:
    r"""The units of a catchment are connected: each can send one unit of flow to the school through the others.

    .. math:: \sum_w f_{uw} - \sum_w f_{wu} = x_{usp} \;(u \ne h(s)), \qquad \sum_w f_{wu} \le (n - 1)\, x_{usp}

    Shirabe (2005); a catchment without a unit of its own chooses one of its members as the sink. The search uses
    separator rows instead, made as they are needed (:mod:`simulator.model.connection`).
    """
    for number, catchment in enumerate(Ground(problem).catchments):
        for phase in range(len(problem.phases)):
            yield from _flows(v, catchment, f"g{number}_p{phase + 1}", phase)


def _flows(v: Variables, catchment: Catchment, code: str, phase: int) -> Iterator[Row]:
    most = len(catchment.pairs)
    flow = {
        (unit, other): pulp.LpVariable(f"flow_{code}_u{unit}_u{other}", 0, most)
        for unit, near in catchment.neighbours.items()
        for other in near
    }
    sink: dict[int, pulp.LpVariable] = {}
    if catchment.root < 0:
        sink = {unit: pulp.LpVariable(f"sink_{code}_u{unit}", cat=pulp.LpBinary) for unit in catchment.pairs}
        yield f"sink_{code}", total([(one, 1.0) for one in sink.values()]) <= 1
    for unit, pair in catchment.pairs.items():
        if unit == catchment.root:
            continue
        near = catchment.neighbours[unit]
        arriving: list[tuple[Term, float]] = [(flow[other, unit], 1.0) for other in near]
        leaving: list[tuple[Term, float]] = [(flow[unit, other], 1.0) for other in near]
        here = v.assigned[pair, phase]
        sent = 0.0 if unit in catchment.exempt else 1.0
        balance = [*leaving, *((term, -1.0) for term, _ in arriving), (here, -sent)]
        if sink:
            yield f"sink_{code}_u{unit}", total([(sink[unit], 1.0), (here, -1.0)]) <= 0
            balance.append((sink[unit], float(most)))
        if near:
            yield f"through_{code}_u{unit}", total([*arriving, (here, -float(most - 1))]) <= 0
        yield f"from_{code}_u{unit}", total(balance) >= 0
