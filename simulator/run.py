"""The story of a run, top to bottom: calls only."""

from __future__ import annotations

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
from simulator.scenario import Decision, Scenario, read_scenario
from simulator.standards import Standards, read_standards
from simulator.terms import Conflict, label

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
    """

    step: Callable[[str], None] = lambda _name: None
    progress: Callable[[Progress], None] | None = None
    stopped: Callable[[], bool] = lambda: False


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
        supply = capacity.protect_isolated(supply, access, standards)
        costs = capacity.build_costs(standards, settings.objective.discount_rate)
        catchments = capacity.present_catchments(district, supply, access)
        _refuse_impossible_decisions(settings, supply)
    with _timed(_("学龄人口预测"), watcher, seconds):
        projected = projection.project(district, settings, supply.sections, supply.bands, catchments.table)
    return Prepared(settings, path, standards, district, supply, access, costs, catchments, projected, seconds)


def check_prepared(prepared: Prepared) -> tuple[Problem, ...]:
    """Everything that is questionable, though usable, in a scenario's district."""
    return check_consistency(prepared.district, prepared.scenario.horizon.base_year, prepared.standards)


def optimize_prepared(prepared: Prepared, watcher: Watcher) -> Result:
    """Optimize, operate, measure and audit what was prepared."""
    seconds = dict(prepared.seconds)
    with _timed(_("优化"), watcher, seconds):
        plan, no_action, run = _drafted_and_planned(prepared, watcher)
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
        projection=prepared.projection,
        plan=plan,
        no_action=no_action,
        operation=run,
        no_action_operation=present,
        indicators=measured,
        audit=audited,
        seconds=seconds,
    )


def _drafted_and_planned(prepared: Prepared, watcher: Watcher) -> tuple[Plan, Plan, operation.Operation]:
    """Draft; where whole grades do not fit a section's classes, lower its fill; then optimize.

    Free rooms are opened last, where a grade of the plan would still exceed the largest lawful class.
    """
    settings = prepared.scenario.solver
    began = time.perf_counter()
    problem = model.assemble(_sources(prepared))
    no_action = present_network(
        prepared.supply.sections, prepared.catchments.table, model.present_choices(problem), prepared.scenario
    )
    drafted = model.draft(problem, no_action)
    fill = {} if drafted is None else _lower_fill(prepared, problem, _operated(prepared, drafted))
    left = max(settings.time_limit_s - (time.perf_counter() - began), settings.time_limit_s / 2)
    problem = problem.with_fill(fill)
    plan = model.optimize(
        problem,
        no_action,
        settings.model_copy(update={"time_limit_s": left}),
        listener=watcher.progress,
        stopped=watcher.stopped,
    )
    run = _operated(prepared, plan)
    wanted = operation.classes_wanted(run, plan, prepared.supply)
    if wanted:
        plan = model.open_classes(plan, problem, wanted)
        run = _operated(prepared, plan)
    solution = replace(plan.solution, rounds=2 if fill else 1, seconds=time.perf_counter() - began)
    return replace(plan, solution=solution), no_action, run


def _lower_fill(prepared: Prepared, problem: model.Problem, run: operation.Operation) -> dict[str, float]:
    r"""Section → fill with which its largest class would be lawful, as far as `_LEAST_FILL` allows.

    Most pupils of n classes are (f k + m − k) n with standard size k and largest size m; with a largest class
    ρ times too large, :math:`f' = ((f k + m - k) / \rho - (m - k)) / k`.
    """
    overfull = operation.overfull_sections(run, prepared.supply, list(prepared.scenario.plan_years))
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
        costs=prepared.costs,
        demand=prepared.projection.plan_demand,
        area_kinds=dict(zip(units["unit_id"], units["area_kind"], strict=True)),
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
        plan=plan,
        no_action=no_action,
        operation=run,
        no_action_operation=present,
        units=pd.DataFrame(prepared.district.units.drop(columns="geometry")),
    )


def _refuse_impossible_decisions(scenario: Scenario, supply: capacity.Supply) -> None:
    """Decisions about places that the district does not have, or where nothing may be built."""
    problems = [
        problem
        for number, decision in enumerate(scenario.decisions, start=1)
        for problem in _faults_of(decision, f"decisions[{number}].place", supply)
    ]
    if problems:
        raise InputError(_("情景中的决定无法执行"), problems)


def _faults_of(decision: Decision, where: str, supply: capacity.Supply) -> Iterator[Problem]:
    if decision.place not in supply.sites.index:
        what = _("{place} 不是本区的学校或教育用地").format(place=decision.place)
        yield Problem(where, what, _("请写 schools 表的 school_id 或 parcels 表的 parcel_id"))
        return
    conflict = Conflict(str(supply.sites.loc[decision.place, "conflict"]) or Conflict.NONE)
    if decision.decision == "build" and conflict is not Conflict.NONE:
        what = _("{place} 与{conflict}冲突，不能新建").format(place=decision.place, conflict=label(conflict))
        yield Problem(where, what, _("换一块用地，或在冲突解决后更新 parcels 表的 conflict"))


@contextmanager
def _timed(name: str, watcher: Watcher, seconds: dict[str, float]) -> Iterator[None]:
    watcher.step(name)
    began = time.perf_counter()
    yield
    seconds[name] = time.perf_counter() - began
