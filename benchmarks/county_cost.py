"""What a plan of a county costs, item by item: the objective worked out anew from its tables."""

from __future__ import annotations

import numpy as np

from benchmarks.county_attend import CountyPlan


def cost_of(plan: CountyPlan) -> dict[str, float]:
    """Yuan a year by item, mean of the discounted years, without what every plan costs."""
    return {
        "shortage": _shortage(plan),
        "over_standard": plan.problem.prices.over_standard * float((plan.beyond[0] @ plan.problem.weights).sum()),
        "moved": _moved(plan),
        "journeys": _journeys(plan),
        "running": _running(plan),
        "capital": _capital(plan),
    }


def objective_of(plan: CountyPlan) -> float:
    """Cost above what is unavoidable."""
    return float(sum(cost_of(plan).values()) + plan.problem.constant - plan.problem.unavoidable)


def _shortage(plan: CountyPlan) -> float:
    problem = plan.problem
    total = float((plan.beyond[1] @ problem.weights).sum())
    for phase in plan.phases:
        years = list(problem.phases[phase].years)
        weights = problem.weights[years]
        without = 1 - plan.assigned[phase].sum(axis=1)
        total += float((1 - plan.keeps) * without @ (problem.children[:, years] @ weights))
        for cohort in range(phase + 2):
            waiting = plan.keeps * (1 - plan.attends[cohort, phase].sum(axis=1))
            total += float(waiting @ (plan.entered[:, cohort][:, years] @ weights))
    return float(problem.prices.shortage * total)


def _moved(plan: CountyPlan) -> float:
    """Children whose catchment changes; those who keep their school count when it closes."""
    problem, total = plan.problem, 0.0
    whole = np.array([float(block.whole) for block in problem.blocks])
    before = plan.today
    for phase in plan.phases:
        year = problem.phases[phase].years[0]
        changed = np.maximum(before - plan.assigned[phase], 0).max(axis=1)
        entering = plan.keeps * plan.entered[:, phase + 1, year] + (1 - plan.keeps) * problem.children[:, year]
        total += problem.weights[year] * float((whole * entering) @ changed)
        for cohort in range(phase + 1):
            earlier = plan.today if phase == 0 else plan.attends[cohort, phase - 1]
            left = np.maximum(earlier - plan.attends[cohort, phase], 0).max(axis=1)
            total += problem.weights[year] * float((plan.keeps * plan.entered[:, cohort, year]) @ left)
        before = plan.assigned[phase]
    return float(problem.prices.moved * total)


def _journeys(plan: CountyPlan) -> float:
    problem, total = plan.problem, 0.0
    minutes = np.nan_to_num(plan.minutes)
    for phase in plan.phases:
        years = list(problem.phases[phase].years)
        weights = problem.weights[years]
        free = (1 - plan.keeps) * np.maximum(problem.children[:, years] @ weights, problem.prices.empty * weights.sum())
        total += float((free[:, None] * plan.assigned[phase] * minutes).sum())
        for cohort in range(phase + 2):
            children = plan.keeps * (plan.entered[:, cohort][:, years] @ weights)
            total += float((children[:, None] * plan.attends[cohort, phase] * minutes).sum())
    return float(problem.prices.minute * total)


def _running(plan: CountyPlan) -> float:
    problem, total = plan.problem, 0.0
    for phase in plan.phases:
        weight = float(problem.weights[list(problem.phases[phase].years)].sum())
        for code, section in enumerate(problem.sections):
            classes = plan.decision(f"classes_s{code}_p{phase + 1}")
            total += weight * (section.section_year * plan.open(code, phase) + section.class_year * classes)
    return float(total)


def _capital(plan: CountyPlan) -> float:
    problem, total = plan.problem, 0.0
    for phase in plan.phases:
        weight = float(problem.weights[problem.phases[phase].years[0] :].sum())
        total += weight * sum(plan.capital_wan(phase))
    return float(10_000 * problem.prices.annuity * total)
