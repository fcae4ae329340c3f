"""Limits that a planner may ask for: how many schools, how many children moved."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.model.constraints.register import Row, constraint
from simulator.model.problem import Problem
from simulator.model.variables import Term, Variables, total


@constraint
def school_count(problem: Problem, v: Variables) -> Iterator[Row]:
    r"""As many public sections of a stage run in every phase as the planner asks for.

    .. math:: A_b \le \sum_{s \text{ of } b} y_{sp} \le B_b \quad \forall b, p
    """
    for stage, (least, most) in problem.school_count.items():
        counted = [code for code, section in enumerate(problem.sections) if section.stage is stage and section.public]
        for phase in range(len(problem.phases)):
            running = [(v.open[code, phase], 1.0) for code in counted]
            yield f"least_{stage}_p{phase + 1}", total(running) >= least
            yield f"most_{stage}_p{phase + 1}", total(running) <= most


@constraint
def children_moved_limit(problem: Problem, v: Variables) -> Iterator[Row]:
    r"""At the start of a phase at most a share of the children of stages with catchments change school.

    .. math:: \sum_u D_{ua(p)} m_{up} \le \mu \sum_u D_{ua(p)} \quad \forall p

    Where enrolled children keep their school, those who change are the new entrants of a changed catchment and the
    children of a school that closes: :math:`\sum_u E_{ua(p)} m_{up} + \sum_{u,q} D_{uqa(p)} \ell_{uqp}`.
    """
    limit = problem.zoning.moved_share
    if limit is None:
        return
    whole = [code for code, block in enumerate(problem.blocks) if block.whole]
    for phase, data in enumerate(problem.phases):
        year = data.years[0]
        moving: list[tuple[Term, float]] = []
        for code in whole:
            cohorts = v.cohorts.of_block(code)
            children = (
                problem.entered[code, v.cohorts.entering(phase), year] if cohorts else problem.children[code, year]
            )
            moving.append((v.moved[code, phase], float(children)))
        moving += [
            (term, float(problem.entered[block, cohort, year]))
            for (block, cohort, when), term in v.leaving.items()
            if when == phase
        ]
        most = limit * float(problem.children[whole, year].sum())
        yield f"p{phase + 1}", total([term for term in moving if term[1] > 0]) <= most
