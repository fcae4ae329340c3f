"""The story of a run, top to bottom: calls only."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from simulator import audit, capacity, indicators, model, operation, projection
from simulator.errors import InputError, Problem
from simulator.inputs import District, check_consistency, read_district
from simulator.language import translate as _
from simulator.language import use_language
from simulator.model.solve import Progress
from simulator.plan import Plan, present_network
from simulator.result import Result
from simulator.scenario import Scenario, read_scenario
from simulator.standards import Standards, read_standards

# Below this fill a section would be left half empty for the sake of one grade.
_LEAST_FILL = 0.75


@dataclass(frozen=True)
class Watcher:
    """How a run tells of itself and is stopped.

    Parameters
    ----------
    step
        Told the name of each step as it starts.
    progress
        Told of the solver's best plan and bound.
    stopped
        Asked whether to stop; the best plan so far is kept.
    sized
        Told how large the model is, before it is solved.
    """

    step: Callable[[str], None] = lambda _name: None
    progress: Callable[[Progress], None] | None = None
    stopped: Callable[[], bool] = lambda: False
    sized: Callable[[model.Size], None] = lambda _size: None


@dataclass(frozen=True)
class Request:
    """What is asked of a run beside its scenario.

    Parameters
    ----------
    starts
        Earlier plans to start from.
    bound, known
        Yuan a year that no plan is below, and `Plan.goals`, of an earlier run of the very same model.
    near
        An earlier plan from which changes have a price.
    frontier, points
        Two goals whose trade-off is drawn, and plans on its curve.
    """

    starts: tuple[Plan, ...] = ()
    bound: float = -math.inf
    known: pd.DataFrame | None = None
    near: Plan | None = None
    frontier: tuple[str, str] | None = None
    points: int = 5


@dataclass(frozen=True)
class Prepared:
    """A scenario with everything that is known before a decision is taken."""

    scenario: Scenario
    scenario_path: Path
    standards: Standards
    district: District
    supply: capacity.Supply
    access: capacity.Access
    costs: capacity.Costs
    catchments: capacity.Catchments
    territory: capacity.Territory
    projection: projection.Projection
    seconds: dict[str, float] = field(default_factory=dict)


def run_scenario(scenario: Scenario | Path | str, watcher: Watcher | None = None, path: Path | None = None) -> Result:
    """Read, project, optimize, operate, measure and audit a scenario.

    Parameters
    ----------
    scenario
        A scenario, or the path of its file.
    watcher
        Told of progress; asked whether to stop.
    path
        The file that a scenario given as an object was read from.

    Raises
    ------
    InputError
        Something in the scenario, the norm files or the district cannot be used; nothing was computed.
    InfeasibleError
        No plan satisfies the rules.
    StoppedError
        The watcher stopped the run before there was a plan.
    """
    watcher = watcher or Watcher()
    prepared = prepare(scenario, watcher, path)
    return optimize_prepared(prepared, watcher)


def prepare(scenario: Scenario | Path | str, watcher: Watcher | None = None, path: Path | None = None) -> Prepared:
    """Read a scenario and its district; measure seats and journeys; project children."""
    watcher = watcher or Watcher()
    seconds: dict[str, float] = {}
    with _timed(_("读取"), watcher, seconds):
        path = path or (Path("scenario.toml") if isinstance(scenario, Scenario) else Path(scenario))
        settings = scenario if isinstance(scenario, Scenario) else read_scenario(path)
        use_language(settings.outputs.language)
        standards = read_standards(settings.standards.files, settings.standards.figures)
        district = read_district(settings.district.folder)
    with _timed(_("学位与通学"), watcher, seconds):
        supply = capacity.build_supply(district, settings, standards)
        access = capacity.measure_access(district, supply, settings.access)
        access = capacity.provide_ways(access, supply, district, standards)
        supply = capacity.protect_isolated(supply, access, standards)
        costs = capacity.build_costs(standards, settings.objective.discount_rate)
        catchments = capacity.present_catchments(district, supply, access)
        territory = capacity.build_territory(district, supply, catchments)
        _refuse_impossible_decisions(settings, supply, district)
    with _timed(_("学龄人口预测"), watcher, seconds):
        projected = projection.project(district, settings, supply.sections, supply.bands, catchments.table)
    return Prepared(
        scenario=settings,
        scenario_path=path,
        standards=standards,
        district=district,
        supply=supply,
        access=access,
        costs=costs,
        catchments=catchments,
        territory=territory,
        projection=projected,
        seconds=seconds,
    )


def check_prepared(prepared: Prepared) -> tuple[Problem, ...]:
    """Everything that is questionable, though usable, in a scenario's district."""
    return check_consistency(prepared.district, prepared.scenario.horizon.base_year, prepared.standards)


def optimize_prepared(prepared: Prepared, watcher: Watcher, request: Request | None = None) -> Result:
    """Optimize, operate, measure and audit what was prepared, as it is asked for."""
    seconds = dict(prepared.seconds)
    request = request or Request()
    with _timed(_("优化"), watcher, seconds):
        plan, no_action, run, problem = _drafted_and_planned(prepared, watcher, request)
    frontier = None
    if request.frontier is not None:
        with _timed(_("权衡曲线"), watcher, seconds):
            frontier = _frontier(prepared, problem, plan, watcher, request.frontier, request.points)
    with _timed(_("运行、指标与校核"), watcher, seconds):
        present = _operated(prepared, no_action)
        units = prepared.district.units
        measured = indicators.measure(
            plan,
            no_action,
            run,
            present,
            prepared.projection.plan_demand,
            prepared.supply,
            prepared.access,
            prepared.costs,
            prepared.standards,
            prepared.scenario,
            units,
        )
        audited = audit.audit_networks(_evidence(prepared, plan, no_action, run, present))
    return Result(
        scenario=prepared.scenario,
        scenario_path=prepared.scenario_path,
        standards=prepared.standards,
        district=prepared.district,
        supply=prepared.supply,
        access=prepared.access,
        costs=prepared.costs,
        catchments=prepared.catchments,
        territory=prepared.territory,
        projection=prepared.projection,
        plan=plan,
        no_action=no_action,
        operation=run,
        no_action_operation=present,
        indicators=measured,
        audit=audited,
        seconds=seconds,
        frontier=frontier,
    )


def _frontier(
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


def _drafted_and_planned(
    prepared: Prepared, watcher: Watcher, request: Request
) -> tuple[Plan, Plan, operation.Operation, model.Problem]:
    """Draft; where whole grades do not fit a section's classes, lower its fill; then optimize.

    Free rooms are opened last, where a grade of the plan would still exceed the largest lawful class.
    """
    settings = prepared.scenario.solver
    limit = settings.time_limit_s / (1 if request.frontier is None else 2)
    began = time.perf_counter()
    problem = model.assemble(_sources(prepared))
    watcher.sized(model.size_of(problem))
    if request.near is not None:
        problem = model.close_to(problem, request.near)
    no_action = present_network(
        prepared.supply.sections, prepared.catchments.table, model.present_choices(problem), prepared.scenario
    )
    drafted = model.draft(problem, no_action) or no_action
    fill = lower_fill(prepared.supply, prepared.scenario, problem, _operated(prepared, drafted))
    left = max(limit - (time.perf_counter() - began), limit / 2)
    problem = problem.with_fill(fill)
    plan = model.optimize(
        problem,
        no_action,
        settings.model_copy(update={"time_limit_s": left}),
        task=_task(prepared, request),
        listener=watcher.progress,
        stopped=watcher.stopped,
    )
    run = _operated(prepared, plan)
    wanted = operation.classes_wanted(run, plan, prepared.supply)
    if wanted:
        plan = model.open_classes(plan, problem, wanted)
        run = _operated(prepared, plan)
    solution = replace(plan.solution, rounds=2 if fill else 1, seconds=time.perf_counter() - began)
    return replace(plan, solution=solution), no_action, run, problem


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


def _sources(prepared: Prepared) -> model.Evidence:
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


def _operated(prepared: Prepared, plan: Plan) -> operation.Operation:
    return operation.operate(
        plan, prepared.projection.plan_demand, prepared.supply, prepared.access, prepared.district.classes
    )


def _evidence(
    prepared: Prepared, plan: Plan, no_action: Plan, run: operation.Operation, present: operation.Operation
) -> audit.Evidence:
    return audit.Evidence(
        scenario=prepared.scenario,
        standards=prepared.standards,
        supply=prepared.supply,
        access=prepared.access,
        demand=prepared.projection.plan_demand,
        catchments=prepared.catchments,
        territory=prepared.territory,
        plan=plan,
        no_action=no_action,
        operation=run,
        no_action_operation=present,
        units=pd.DataFrame(prepared.district.units.drop(columns="geometry")),
        admission_plan=prepared.district.admission_plan,
    )


def _refuse_impossible_decisions(scenario: Scenario, supply: capacity.Supply, district: District) -> None:
    """Decisions about places that the district does not have, or where nothing may be built."""
    problems = capacity.impossible_decisions(scenario, supply, set(district.units["unit_id"]))
    if problems:
        raise InputError(_("情景中的决定无法执行"), problems)


@contextmanager
def _timed(name: str, watcher: Watcher, seconds: dict[str, float]) -> Iterator[None]:
    watcher.step(name)
    began = time.perf_counter()
    yield
    seconds[name] = time.perf_counter() - began
