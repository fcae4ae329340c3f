"""The story of a run, top to bottom: calls only."""

from __future__ import annotations

from pathlib import Path

from simulator import capacity, counties, indicators, measuring, planning, projection
from simulator.errors import InputError, Problem
from simulator.inputs import District, check_consistency, read_district
from simulator.language import translate as _
from simulator.language import use_language
from simulator.measuring import timed
from simulator.prepared import Prepared, Request, Watcher, grounds
from simulator.result import Result
from simulator.scenario import Scenario, read_scenario
from simulator.standards import Standards, read_standards
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
    with timed(_("读取"), watcher, seconds):
        path = path or (Path("scenario.toml") if isinstance(scenario, Scenario) else Path(scenario))
        settings = scenario if isinstance(scenario, Scenario) else read_scenario(path)
        use_language(settings.outputs.language)
        use_system(settings.district.system)
        standards = read_standards(settings.standards.files, settings.standards.figures)
        district = read_district(settings.district.folder)
    with timed(_("学位与通学"), watcher, seconds):
        ground = grounds(settings, standards, district)
        _refuse_impossible_decisions(settings, ground["supply"], district, standards)
    with timed(_("学龄人口预测"), watcher, seconds):
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
    return planning.alerts(prepared, [counties.present(prepared)])


def optimize_prepared(prepared: Prepared, watcher: Watcher, request: Request | None = None) -> Result:
    """Optimize, operate, measure and audit what was prepared, as it is asked for."""
    seconds = dict(prepared.seconds)
    request = request or Request()
    with timed(_("优化"), watcher, seconds):
        plan, no_action, run, problem = counties.decide(prepared, watcher, request)
    frontier = None
    if request.frontier is not None and problem is not None:
        with timed(_("权衡曲线"), watcher, seconds):
            frontier = planning.frontier(prepared, problem, plan, watcher, request.frontier, request.points)
    decided = measuring.Decided(plan, no_action, run, frontier)
    return measuring.measure_decided(prepared, decided, watcher, seconds)


def _refuse_impossible_decisions(
    scenario: Scenario, supply: capacity.Supply, district: District, standards: Standards
) -> None:
    """Decisions about places that the district does not have, where nothing may be built, or against a veto."""
    problems = [
        *capacity.impossible_decisions(scenario, supply, set(district.units["unit_id"])),
        *capacity.vetoed_closures(scenario, supply, district.opinions, standards),
    ]
    problems += capacity.impossible_levers(scenario, supply, district)
    if problems:
        raise InputError(_("情景中的决定无法执行"), problems)
