"""Rules about class sizes and intakes, on the means of a section."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pulp

from simulator.model.constraints.register import Row, constraint
from simulator.model.problem import Problem
from simulator.model.variables import Term, Variables, classes_run, pupils, total
from simulator.terms import COMPULSORY, Stage

Terms = list[tuple[Term, float]]


@constraint
def intake_fits_plan(problem: Problem, v: Variables) -> Iterator[Row]:
    r"""The entry grade of a section takes no more than its admission plan and the tolerance; who is beyond is short.

    .. math:: \sum_{u} E_{ut} x_{usp} \le (1 + \tau) A_{st} + h_{st} \quad \forall s, t \in p \text{ with a plan}

    A year that the admission plan does not reach has no limit.
    """
    entrants = problem.zoning.entrants
    for (section, year), most in problem.zoning.intake.items():
        phase = next(code for code, data in enumerate(problem.phases) if year in data.years)
        entering: Terms = [
            (v.assigned[pair, phase], float(entrants[pair, year]))
            for pair in problem.pairs_of_section(section).tolist()
            if entrants[pair, year] > 0
        ]
        if entering:
            yield f"s{section}_t{year}", total([*entering, (v.short[section, year], -1.0)]) <= most


@constraint
def oversized_share(problem: Problem, v: Variables) -> Iterator[Row]:
    r"""Of a stage's classes at most 5 % are in sections whose mean class is oversized (56 pupils and more).

    .. math:: \sum_{u,b} D_{ubt} x_{ubsp} - h_{st} \le 55\, n_{sp} + M_{st} \omega_{st}, \qquad
              m_{st} \ge n_{sp} - N_s (1 - \omega_{st}), \qquad
              \sum_s m_{st} \le 0.05 \sum_s n_{sp} \quad \forall t \in p

    Only sections whose classes the plan sets are counted. There is nothing to hold where the largest lawful class
    stays below the line: then no mean can reach it.
    """
    line, share = problem.zoning.oversized_line, problem.zoning.oversized_share
    for stage in COMPULSORY:
        counted = _counted(problem, stage)
        large = [section for section in counted if _may_reach(problem, section, line)]
        for phase, data in enumerate(problem.phases) if large else ():
            for year in data.years:
                run = [term for section in counted for term in _classes(problem, v, section, phase, -share)]
                oversized = [pulp.LpVariable(f"oversized_classes_s{section}_t{year}", 0) for section in large]
                for section, classes in zip(large, oversized, strict=True):
                    yield from _oversized(problem, v, section, classes, phase, year)
                yield f"{stage}_t{year}", total([*((classes, 1.0) for classes in oversized), *run]) <= 0


def _oversized(
    problem: Problem, v: Variables, section: int, classes: pulp.LpVariable, phase: int, year: int
) -> Iterator[Row]:
    """Rows that count the classes of a section whose mean class is oversized."""
    oversized = pulp.LpVariable(f"oversized_s{section}_t{year}", cat=pulp.LpBinary)
    run = _classes(problem, v, section, phase, 1.0)
    most_pupils = float(problem.children[problem.pair_block[problem.pairs_of_section(section)], year].sum())
    most_classes = float(sum(_largest(term) * factor for term, factor in run))
    within = _seated(problem, v, section, phase, year, problem.zoning.oversized_line - 1)
    yield f"s{section}_t{year}", total([*within, (oversized, -most_pupils)]) <= 0
    yield f"count_s{section}_t{year}", total([*run, (classes, -1.0), (oversized, most_classes)]) <= most_classes


@constraint
def no_extreme_class(problem: Problem, v: Variables) -> Iterator[Row]:
    r"""The mean class of a section has fewer than 66 pupils; children beyond that are short.

    .. math:: \sum_{u,b} D_{ubt} x_{ubsp} - h_{st} \le 65\, n_{sp} \quad \forall s, t \in p
    """
    line = problem.zoning.extreme_line
    for stage in COMPULSORY:
        for section in _counted(problem, stage):
            for phase, data in enumerate(problem.phases) if _may_reach(problem, section, line) else ():
                for year in data.years:
                    yield f"s{section}_t{year}", total(_seated(problem, v, section, phase, year, line - 1)) <= 0


def _counted(problem: Problem, stage: Stage) -> list[int]:
    """Sections of a stage with pairs whose classes the plan sets; of a shared catchment the one that stands for it."""
    return [
        code
        for code, section in enumerate(problem.sections)
        if section.stage is stage
        and section.counts_classes
        and not section.pool
        and problem.zoning.stands_for(code) == code
        and len(problem.pairs_of_section(code))
    ]


def _may_reach(problem: Problem, section: int, line: float) -> bool:
    """Whether the mean class may reach a line: below it the largest lawful class holds it by itself."""
    if np.isinf(line):
        return False
    members = problem.zoning.members(section)
    held = "pupils_within_seats" if len(members) == 1 else "shared_zone"
    largest = max(problem.sections[member].class_size_max for member in members)
    return held not in problem.rules or largest > line - 1


def _classes(problem: Problem, v: Variables, section: int, phase: int, factor: float) -> Terms:
    """Classes of a section, or of the schools of its shared catchment, × a factor."""
    members = problem.zoning.members(section)
    return [term for member in members for term in classes_run(problem, v, member, phase, factor)]


def _seated(problem: Problem, v: Variables, section: int, phase: int, year: int, a_class: float) -> Terms:
    """Pupils with a seat, less `a_class` pupils a class."""
    sitting: Terms = [*pupils(problem, v, section, year, phase), (v.short[section, year], -1.0)]
    return [*sitting, *_classes(problem, v, section, phase, -a_class)]


def _largest(term: Term) -> float:
    return float(term.upBound) if isinstance(term, pulp.LpVariable) else float(term)
