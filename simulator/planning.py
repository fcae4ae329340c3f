"""From what is known to a plan: draft, make room for whole grades, optimize, open the rooms that stay free."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from simulator import capacity, indicators, model, operation
from simulator.plan import Plan, present_network
from simulator.prepared import Prepared, Request, Watcher
from simulator.scenario import Scenario

# Share of the time limit that the draft may take.
_DRAFTED = 0.25
# Below this fill a section would be left half empty for the sake of one grade.
_LEAST_FILL = 0.75


def decide(
    prepared: Prepared, watcher: Watcher, request: Request
) -> tuple[Plan, Plan, operation.Operation, model.Problem]:
    """Draft; where whole grades do not fit a section's classes, lower its fill; then optimize.

    Free rooms are opened last, where a grade of the plan would still exceed the largest lawful class.

    Returns
    -------
    tuple
        The plan, the network without any action, the plan's operation, the problem that was solved.
    """
    settings = prepared.scenario.solver
    limit = settings.time_limit_s / (1 if request.frontier is None else 2)
    began = time.perf_counter()
    problem = model.assemble(sources(prepared))
    watcher.sized(model.size_of(problem))
    if request.near is not None:
        problem = model.close_to(problem, request.near)
    no_action = _present(prepared, problem)
    drafted = model.draft(problem, no_action, _DRAFTED * limit if settings.work_limit is None else math.inf)
    seen = operated(prepared, no_action if drafted is None else drafted.plan)
    fill = lower_fill(prepared.supply, prepared.scenario, problem, seen)
    left = max(limit - (time.perf_counter() - began), limit / 2)
    problem = problem.with_fill(fill)
    plan = model.optimize(
        problem,
        no_action,
        settings.model_copy(update={"time_limit_s": left}),
        task=replace(_task(prepared, request), stands=None if drafted is None else drafted.stands),
        listener=watcher.progress,
        stopped=watcher.stopped,
    )
    run = operated(prepared, plan)
    wanted = operation.classes_wanted(run, plan, prepared.supply)
    if wanted:
        plan = model.open_classes(plan, problem, wanted)
        run = operated(prepared, plan)
    solution = replace(plan.solution, rounds=2 if fill else 1, seconds=time.perf_counter() - began)
    return replace(plan, solution=solution), no_action, run, problem


def present(prepared: Prepared) -> tuple[Plan, operation.Operation]:
    """The present network without any action, and its years."""
    network = _present(prepared, model.assemble(sources(prepared)))
    return network, operated(prepared, network)


def _present(prepared: Prepared, problem: model.Problem) -> Plan:
    choices = model.present_choices(problem)
    return present_network(prepared.supply.sections, prepared.catchments.table, choices, prepared.scenario)


def alerts(prepared: Prepared, networks: Sequence[tuple[Plan, operation.Operation]]) -> indicators.Alerts:
    """Warnings and peaks of networks with their years."""
    return indicators.alerts(
        networks,
        prepared.projection.plan_demand,
        prepared.supply,
        prepared.territory,
        prepared.standards,
        prepared.scenario,
        prepared.district.units,
        prepared.district.admission_plan,
    )


def facts(prepared: Prepared, planned: indicators.Staff) -> indicators.BoardFacts:
    """What the evaluation board knows of the district beside seats and children, and of the teachers of the plan."""
    projection = prepared.projection
    population = projection.population[projection.planned]
    known = indicators.board_facts(
        prepared.district, population, projection.plan_demand.years, prepared.territory.homes
    )
    return indicators.with_staff(known, planned)


def board(
    prepared: Prepared, known: indicators.BoardFacts, networks: Sequence[tuple[Plan, operation.Operation]]
) -> indicators.Board:
    """The evaluation board of networks with their years."""
    return indicators.build_board(sides(prepared, known, networks))


def finance(
    prepared: Prepared,
    known: indicators.BoardFacts,
    networks: Sequence[tuple[Plan, operation.Operation]],
    planned: indicators.Staff,
    moved: pd.DataFrame,
) -> indicators.Finance:
    """Money, shares and levers of the plan beside the present network, which come in this order."""
    plan, idle = sides(prepared, known, networks)
    return indicators.finance(plan, idle, planned, moved, prepared.district.admission_plan)


def sides(
    prepared: Prepared, known: indicators.BoardFacts, networks: Sequence[tuple[Plan, operation.Operation]]
) -> list[indicators.Side]:
    """Networks as the evaluation board looks at them."""
    return [
        indicators.Side(
            network,
            years,
            prepared.supply,
            prepared.access,
            known,
            prepared.standards,
            prepared.scenario,
            prepared.district.units,
        )
        for network, years in networks
    ]


def lower_fill(
    supply: capacity.Supply, scenario: Scenario, problem: model.Problem, run: operation.Operation
) -> dict[str, float]:
    r"""Section → fill with which its largest class would be lawful, as far as `_LEAST_FILL` allows.

    Most pupils of n classes are (f k + m − k) n with standard size k and largest size m; with a largest class
    ρ times too large, :math:`f' = ((f k + m - k) / \rho - (m - k)) / k`.
    """
    overfull = operation.overfull_sections(run, supply, list(scenario.plan_years))
    lower: dict[str, float] = {}
    for section in problem.sections:
        if section.section_id in overfull and section.counts_classes and not section.pool:
            size, room = section.class_size, section.class_size_max - section.class_size
            wanted = ((section.fill * size + room) / overfull[section.section_id] - room) / size
            if (fill := max(wanted, _LEAST_FILL)) < section.fill:
                lower[section.section_id] = fill
    return lower


def frontier(
    prepared: Prepared, problem: model.Problem, plan: Plan, watcher: Watcher, goals: tuple[str, str], points: int
) -> pd.DataFrame:
    """The trade-off of two goals around a plan, in the half of the time that the plan has left."""
    settings = prepared.scenario.solver
    return model.draw_frontier(
        problem,
        plan,
        settings.model_copy(update={"time_limit_s": settings.time_limit_s / 2}),
        goals,
        points,
        tolerance=prepared.scenario.objective.tolerance,
        listener=watcher.progress,
        stopped=watcher.stopped,
    )


def sources(prepared: Prepared) -> model.Evidence:
    """What the model is assembled from."""
    units = prepared.district.units
    return model.Evidence(
        scenario=prepared.scenario,
        standards=prepared.standards,
        supply=prepared.supply,
        access=prepared.access,
        catchments=prepared.catchments,
        territory=prepared.territory,
        costs=prepared.costs,
        demand=prepared.projection.plan_demand,
        area_kinds=dict(zip(units["unit_id"], units["area_kind"], strict=True)),
        groups=dict(zip(units["unit_id"], units["group"], strict=True)),
        admission_plan=prepared.district.admission_plan,
    )


def operated(prepared: Prepared, plan: Plan) -> operation.Operation:
    """A network run year by year on the children that are planned for."""
    return operation.operate(
        plan, prepared.projection.plan_demand, prepared.supply, prepared.access, prepared.district.classes
    )


def staff(prepared: Prepared, run: operation.Operation, present: operation.Operation) -> indicators.Staff:
    """Teachers and education groups of the plan and of the present network."""
    return model.plan_staff(
        model.StaffEvidence(
            scenario=prepared.scenario,
            standards=prepared.standards,
            district=prepared.district,
            supply=prepared.supply,
            access=prepared.access,
            territory=prepared.territory,
            operations=(run, present),
        )
    )


def reach(prepared: Prepared, plan: Plan) -> indicators.Reach:
    """The cheapest further kindergartens that bring every rural child of the plan within the radius."""
    return model.complete_reach(
        model.ReachEvidence(
            scenario=prepared.scenario,
            standards=prepared.standards,
            district=prepared.district,
            supply=prepared.supply,
            access=prepared.access,
            costs=prepared.costs,
            demand=prepared.projection.plan_demand,
            plan=plan,
        )
    )


def _task(prepared: Prepared, request: Request) -> model.Task:
    goals = prepared.scenario.objective
    return model.Task(
        goals=goals.goals,
        tolerance=goals.tolerance,
        tolerances=goals.tolerances,
        starts=(*request.starts, *([request.near] if request.near is not None else [])),
        near=request.near,
        bound=request.bound,
        known=request.known,
    )
