"""Problem → Plan: declare, compile, search, extract."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from simulator.errors import StoppedError
from simulator.language import translate as _
from simulator.model.compile import Compiled, compile_model
from simulator.model.conflict import explain_conflict
from simulator.model.declare import Model, declare
from simulator.model.extract import draft_plan, extract_plan, shortage_of
from simulator.model.other_solvers import solve_by_name
from simulator.model.problem import Problem
from simulator.model.search import Search
from simulator.model.solve import Limits, Listener, Solved, relative_gap, solve_relaxed, solver_version
from simulator.model.works import Values
from simulator.plan import Plan, Solution
from simulator.scenario import SolverSettings

# Below this a fraction is rounding of the solver.
_ROUNDING = 1e-6


def optimize(
    problem: Problem,
    today: Plan,
    settings: SolverSettings,
    *,
    listener: Listener | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> Plan:
    """Find the best plan of a problem within the limits of the settings.

    Parameters
    ----------
    problem
        The problem.
    today
        The present network; its phase 0 is the plan's.
    settings
        Solver, limits, seed.
    listener, stopped
        Told of progress; asked whether to stop.

    Raises
    ------
    InfeasibleError
        No plan satisfies the rules; names rules and places in conflict.
    StoppedError
        Stopped before there was a plan.
    """
    began = time.perf_counter()
    model = declare(problem)
    compiled = compile_model(model.lp)
    left = max(settings.time_limit_s - (time.perf_counter() - began), settings.time_limit_s / 2)
    limits = Limits(left, settings.gap, settings.work_limit, settings.seed)
    if settings.name == "highs":
        solved = Search(model, compiled, limits, listener, stopped).run()
        name = solver_version()
    else:
        solved = solve_by_name(settings.name, model, compiled, limits)
        name = settings.name
    if not len(solved.values):
        if solved.status == "interrupted":
            raise StoppedError(_("已中断，还没有找到方案"))
        raise explain_conflict(model, compiled)
    return _plan(model, compiled, solved, name, today)


def draft(problem: Problem, today: Plan) -> Plan | None:
    """A quick plan without whole numbers: enough to see in operation which sections fill unevenly.

    Returns
    -------
    Plan
        Sections and catchments only; None where the relaxation has no solution.
    """
    model = declare(problem)
    compiled = compile_model(model.lp)
    relaxed = solve_relaxed(compiled)
    if relaxed is None:
        return None
    values = relaxed.copy()
    families = (model.variables.classes, model.variables.open)
    decided = [term.name for family in families for term in family.values() if not isinstance(term, int)]
    columns = [compiled.position[name] for name in decided]
    values[columns] = np.ceil(values[columns] - _ROUNDING)
    return draft_plan(Values(model, dict(zip(compiled.names, values.tolist(), strict=True))), today)


def _plan(model: Model, compiled: Compiled, solved: Solved, name: str, today: Plan) -> Plan:
    problem = model.problem
    values = Values(model, dict(zip(compiled.names, solved.values.tolist(), strict=True)))
    solution = _solution(problem, solved, name)
    plan = extract_plan(values, solution, today)
    return replace(plan, solution=replace(solution, shortage=shortage_of(plan, problem)))


def _solution(problem: Problem, solved: Solved, name: str) -> Solution:
    bound = max(solved.bound, 0.0)  # no plan costs less than what is unavoidable
    return Solution(
        status=solved.status,
        objective=solved.objective + problem.unavoidable,
        bound=bound + problem.unavoidable,
        unavoidable=problem.unavoidable,
        gap=relative_gap(solved.objective, bound),
        seconds=solved.seconds,
        shortage=0.0,  # counted from the plan's own tables
        solver=name,
    )
