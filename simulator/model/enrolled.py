"""Rows of enrolled children: they keep their school while it runs, and follow the catchment when it closes."""

from __future__ import annotations

from collections.abc import Iterator

import pulp

from simulator.model.problem import Problem
from simulator.model.variables import Term, Variables, total

Row = tuple[str, pulp.LpConstraint]


def enrolled_stay(problem: Problem, v: Variables) -> Iterator[Row]:
    r"""A cohort stays at its school while that runs; when it has closed it follows the catchment then in force.

    .. math:: \sum_s a_{uqsp} + w_{uqp} = 1, \quad w_{uqp} \le w_{up}, \quad a_{uqsp} \le y_{sp}, \quad
              a_{uqs,p-1} + y_{sp} - 1 \le a_{uqsp} \le a_{uqs,p-1} + x_{usp}, \quad
              \ell_{uqp} \ge a_{uqs,p-1} - a_{uqsp}
    """
    for block, cohort, phase, before in v.cohorts.free() if v.cohorts.any else ():
        code = f"b{block}_q{cohort}_p{phase + 1}"
        pairs = problem.pairs_of_block(block).tolist()
        here = [(v.attends[pair, cohort, phase], 1.0) for pair in pairs]
        yield f"enrolled_{code}", total([*here, (v.waiting[block, cohort, phase], 1.0)]) == 1
        # Nobody waits at home who has a catchment, even where its school is full.
        without = [(v.waiting[block, cohort, phase], 1.0), (v.unserved[block, phase], -1.0)]
        yield f"enrolled_wait_{code}", total(without) <= 0
        earlier = _before(problem, v, block, cohort, phase, before)
        for pair in pairs:
            prior, now = earlier.get(pair, 0), v.attends[pair, cohort, phase]
            yield from _at_school(problem, v, pair, phase, prior, now, f"n{pair}_q{cohort}_p{phase + 1}")
            section = problem.sections[int(problem.pair_section[pair])]
            if section.existing and section.can_close and not _is_zero(prior):
                left = total([(v.leaving[block, cohort, phase], 1.0), (prior, -1.0), (now, 1.0)]) >= 0
                yield f"leaving_n{pair}_q{cohort}_p{phase + 1}", left


def _at_school(
    problem: Problem, v: Variables, pair: int, phase: int, prior: Term, now: Term, code: str
) -> Iterator[Row]:
    section = int(problem.pair_section[pair])
    running, data = v.open[section, phase], problem.sections[section]
    if not isinstance(running, int):
        yield f"enrolled_open_{code}", total([(now, 1.0), (running, -1.0)]) <= 0
    if not _is_zero(prior):
        # A school that cannot close, or has just been built, keeps its pupils for certain.
        closes = data.existing and data.can_close and not isinstance(running, int)
        kept: list[tuple[Term, float]] = [(now, 1.0), (prior, -1.0)]
        kept += [(running, -1.0), (1, 1.0)] if closes else []
        yield f"enrolled_stay_{code}", total(kept) >= 0
    yield f"enrolled_move_{code}", total([(now, 1.0), (prior, -1.0), (v.assigned[pair, phase], -1.0)]) <= 0


def _is_zero(term: Term) -> bool:
    return isinstance(term, int | float) and term == 0


def _before(problem: Problem, v: Variables, block: int, cohort: int, phase: int, before: int | None) -> dict[int, Term]:
    """Where the cohort sat before, by pair of the block: today, in the phase before, or in the grades below."""
    pairs = problem.pairs_of_block(block).tolist()
    if before == -1:
        return {pair: float(problem.today[pair]) for pair in pairs}
    if before is not None:
        return {pair: v.attends[pair, cohort, before] for pair in pairs}
    below = v.cohorts.below(block)
    if below is None:
        return {}
    earlier = v.cohorts.below_cohort(cohort)
    living = v.cohorts.living(below, earlier)
    if not len(living):
        return {}
    when = min(phase, living[-1])
    lower = {int(problem.pair_section[pair]): pair for pair in problem.pairs_of_block(below).tolist()}
    return {
        pair: v.attends[lower[section], earlier, when]
        for pair in pairs
        if (section := int(problem.pair_section[pair])) in lower
    }
