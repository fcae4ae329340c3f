"""Problem → Plan: declare, compile, search, extract."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from simulator.model.compile import Compiled, compile_model
from simulator.model.conflict import explain_conflict
from simulator.model.declare import Model, declare
from simulator.model.extract import Values, extract_plan, shortage_of
from simulator.model.other_solvers import solve_by_name
from simulator.model.problem import Problem
from simulator.model.search import Search
from simulator.model.solve import Limits, Listener, Solved, relative_gap, solver_version
from simulator.plan import Plan, Solution
from simulator.scenario import SolverSettings


@dataclass(frozen=True)
class Optimized:
    """A plan, and what another round may start from.

    Parameters
    ----------
    plan
        The plan.
    solved
        What the solver found.
    """

    plan: Plan
    solved: Solved


def optimize(
    problem: Problem,
    today: Plan,
    settings: SolverSettings,
    *,
    earlier: Solved | None = None,
    listener: Listener | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> Optimized:
    """Find the best plan of a problem within the limits of the settings.

    Parameters
    ----------
    problem
        The problem.
    today
        The present network; its phase 0 is the plan's.
    settings
        Solver, limits, seed.
    earlier
        What an earlier round found, for the same problem with at least the same seats.
    listener, stopped
        Told of progress; asked whether to stop.

    Raises
    ------
    InfeasibleError
        No plan satisfies the rules; names rules and places in conflict.
    """
    model = declare(problem)
    compiled = compile_model(model.lp)
    limits = Limits(settings.time_limit_s, settings.gap, settings.work_limit, settings.seed)
    if settings.name == "highs":
        solved = Search(model, compiled, limits, listener, stopped).run(earlier)
        name = solver_version()
    else:
        solved = solve_by_name(settings.name, model, compiled, limits)
        name = settings.name
    if not len(solved.values):
        raise explain_conflict(model, compiled)
    return Optimized(_plan(model, compiled, solved, name, today), solved)


def _plan(model: Model, compiled: Compiled, solved: Solved, name: str, today: Plan) -> Plan:
    problem = model.problem
    values = Values(model, dict(zip(compiled.names, solved.values.tolist(), strict=True)))
    solution = _solution(problem, solved, name)
    plan = extract_plan(values, solution, today)
    return replace(plan, solution=replace(solution, shortage=shortage_of(plan, problem)))


def _solution(problem: Problem, solved: Solved, name: str) -> Solution:
    return Solution(
        status=solved.status,
        objective=solved.objective + problem.unavoidable,
        bound=solved.bound + problem.unavoidable,
        unavoidable=problem.unavoidable,
        gap=relative_gap(solved.objective, solved.bound),
        seconds=solved.seconds,
        shortage=0.0,  # counted from the plan's own tables
        solver=name,
    )
