"""What no decision can change: the part of the cost that the gap must not hide behind."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from simulator.capacity.costs import Costs
from simulator.model.problem import Problem, Section


def constant_cost(problem: Problem, costs: Costs) -> float:
    r"""Cost of every child wherever taught, yuan a year: :math:`\sum_{b,t} \omega_t c_b \sum_u D_{ubt}`."""
    by_year = np.zeros(len(problem.years))
    for block, children in zip(problem.blocks, problem.children, strict=True):
        by_year += costs.stages[block.stage].pupil_year * children
    for stage, children in problem.pools.items():
        by_year += costs.stages[stage].pupil_year * children
    return float(by_year @ problem.weights)


def unavoidable_cost(problem: Problem, constant: float) -> float:
    """The constant, sections and classes that nobody may change, and shortage where nothing is in reach or too few seats."""
    fixed = sum(
        section.section_year + section.class_year * section.classes * (not section.counts_classes)
        for section in problem.sections
        if section.existing and not section.can_close
    )
    reached = np.bincount(problem.pair_block, minlength=len(problem.blocks)) > 0
    lost = float((problem.children[~reached] @ problem.weights).sum()) * problem.prices.shortage
    return constant + fixed + _least_classes(problem, reached) + lost


def _least_classes(problem: Problem, reached: npt.NDArray[np.bool_]) -> float:
    """Cost of the fewest classes that can hold the children of a stage at the largest lawful size, or of their shortage."""
    weights = problem.weights
    least = 0.0
    for stage in {section.stage for section in problem.sections}:
        own = [section for section in problem.sections if section.stage is stage]
        ours = [section for section in own if section.counts_classes]
        children = sum(
            (problem.children[k] for k, block in enumerate(problem.blocks) if block.stage is stage and reached[k]),
            start=np.zeros(len(problem.years)),
        ) + problem.pools.get(stage, 0.0)
        elsewhere = sum(_most_pupils(section) for section in own if not section.counts_classes)
        seated = float(np.maximum(children - elsewhere, 0) @ weights)
        if not ours:  # nobody can add a class here
            least += problem.prices.shortage * seated
            continue
        a_child = min(section.class_year for section in ours) / max(section.class_size_max for section in ours)
        least += min(a_child, problem.prices.shortage) * seated  # a child may also stay short, at its price
    return least


def _most_pupils(section: Section) -> float:
    seats = section.classes * section.class_size_max if np.isnan(section.seats_fixed) else section.seats_fixed
    return seats if np.isnan(section.seats_for_district) else min(seats, section.seats_for_district)
