"""The story of a run, top to bottom: calls only."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd

from simulator import audit, capacity, counties, indicators, operation, planning, projection
from simulator.errors import InputError, Problem
from simulator.inputs import District, check_consistency, read_district
from simulator.language import translate as _
from simulator.language import use_language
from simulator.plan import Plan
from simulator.prepared import Prepared, Request, Watcher, grounds
from simulator.result import Result
from simulator.scenario import Scenario, read_scenario
from simulator.standards import read_standards
from simulator.terms import use_system


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
        use_system(settings.district.system)
        standards = read_standards(settings.standards.files, settings.standards.figures)
        district = read_district(settings.district.folder)
    with _timed(_("学位与通学"), watcher, seconds):
        ground = grounds(settings, standards, district)
        _refuse_impossible_decisions(settings, ground["supply"], district)
    with _timed(_("学龄人口预测"), watcher, seconds):
        supply, today = ground["supply"], ground["catchments"].table
        projected = projection.project(district, settings, supply.sections, supply.bands, today)
    return Prepared(
        scenario=settings,
        scenario_path=path,
        standards=standards,
        district=district,
        projection=projected,
        seconds=seconds,
        **ground,
    )


def check_prepared(prepared: Prepared) -> tuple[Problem, ...]:
    """Everything that is questionable, though usable, in a scenario's district."""
    return check_consistency(prepared.district, prepared.scenario.horizon.base_year, prepared.standards)


def warn_prepared(prepared: Prepared, watcher: Watcher) -> indicators.Alerts:
    """When seats of the present network fall short or turn empty, without optimizing anything."""
    watcher.step(_("学位预警"))
    return planning.alerts(prepared, [planning.present(prepared)])


def optimize_prepared(prepared: Prepared, watcher: Watcher, request: Request | None = None) -> Result:
    """Optimize, operate, measure and audit what was prepared, as it is asked for."""
    seconds = dict(prepared.seconds)
    request = request or Request()
    with _timed(_("优化"), watcher, seconds):
        plan, no_action, run, problem = counties.decide(prepared, watcher, request)
    frontier = None
    if request.frontier is not None and problem is not None:
        with _timed(_("权衡曲线"), watcher, seconds):
            frontier = planning.frontier(prepared, problem, plan, watcher, request.frontier, request.points)
    with _timed(_("运行与指标"), watcher, seconds):
        present = planning.operated(prepared, no_action)
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
        warned = planning.alerts(prepared, [(plan, run), (no_action, present)])
        risk = indicators.measure_risk(
            prepared.projection, (plan, no_action), prepared.supply, prepared.standards, prepared.scenario
        )
    with _timed(_("师资"), watcher, seconds):
        staff = planning.staff(prepared, run, present)
    with _timed(_("督导评估与校核"), watcher, seconds):
        facts = planning.facts(prepared, staff)
        board = planning.board(prepared, facts, [(plan, run), (no_action, present)])
        audited = audit.audit_networks(_evidence(prepared, plan, no_action, run, present, facts))
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
        alerts=warned,
        risk=risk,
        frontier=frontier,
        facts=facts,
        board=board,
        staff=staff,
        class_vectors=indicators.class_vectors(
            indicators.Operated(plan, run, no_action, present),
            prepared.supply,
            prepared.standards,
            prepared.scenario.plan_years,
        ),
    )


def _evidence(
    prepared: Prepared,
    plan: Plan,
    no_action: Plan,
    run: operation.Operation,
    present: operation.Operation,
    facts: indicators.BoardFacts,
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
        facts=facts,
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
