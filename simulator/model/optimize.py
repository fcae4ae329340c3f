"""Problem → Plan: declare, compile, search, extract."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import highspy
import numpy as np

from simulator.errors import StoppedError
from simulator.language import translate as _
from simulator.model.compile import Compiled, compile_model
from simulator.model.conflict import explain_conflict
from simulator.model.declare import Model, declare
from simulator.model.extract import draft_plan, extract_plan, shortage_of
from simulator.model.goals import Posed, best_of, goals_table, last_gap, solve_ordered, targets_of
from simulator.model.near import changes_table
from simulator.model.neighbourhoods import assigned_columns, columns_of
from simulator.model.other_solvers import solve_by_name
from simulator.model.problem import FloatArray, Problem
from simulator.model.robustness import Found, with_robustness
from simulator.model.search import Search
from simulator.model.solve import (
    Limits,
    Listener,
    OutOfTimeError,
    Solved,
    relative_gap,
    solve_relaxed,
    solver_version,
)
from simulator.model.task import Task, values_of_plan
from simulator.model.works import Values
from simulator.plan import Plan, Solution
from simulator.scenario import SolverSettings

# Below this a fraction is rounding of the solver.
_ROUNDING = 1e-6
# Share of the time limit kept for what is told about the plan when the search is over, and the most seconds of it.
_AFTER, _LONGEST_AFTER = 0.08, 5.0


def optimize(
    problem: Problem,
    today: Plan,
    settings: SolverSettings,
    *,
    task: Task | None = None,
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
    task
        Goals in order, plans to start from, what is known already.
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
    model = declare(problem, compact=settings.name != "highs")
    compiled = compile_model(model.lp)
    afterwards = _afterwards(settings)
    left = max(settings.time_limit_s - afterwards - (time.perf_counter() - began), settings.time_limit_s / 2)
    limits = Limits(left, settings.gap, settings.work_limit, settings.seed)
    posed, task = Posed(model, compiled, limits, settings.name, listener, stopped), task or Task()
    starts, spent = _starts(posed, task)
    posed = replace(posed, limits=replace(limits, seconds=max(left - spent, left / 2)))
    plan = _pursued(posed, task, starts, today) if task.goals else _priced(posed, task, starts, today, settings)
    if len(starts) == len(task.starts):
        return plan
    return replace(plan, notes=(*plan.notes, _("原方案不满足本情景的规则，求解没有以它为起点。")))


def _starts(posed: Posed, task: Task) -> tuple[list[FloatArray], float]:
    """The plans to start from that the problem allows, and the seconds that it took to find their values."""
    began = time.perf_counter()
    starts = [values for plan in task.starts if (values := values_of_plan(posed, plan)) is not None]
    return starts, time.perf_counter() - began


def _priced(posed: Posed, task: Task, starts: Sequence[FloatArray], today: Plan, settings: SolverSettings) -> Plan:
    """The plan of least generalized cost."""
    model, compiled, stopped = posed.model, posed.compiled, posed.stopped
    if posed.solver != "highs":
        solved = solve_by_name(posed.solver, model, compiled, posed.limits)
        return _plan(posed, task, _required(model, compiled, solved), today)
    bound = task.bound - model.problem.unavoidable
    start = best_of(compiled, starts)
    search = Search(model, compiled, posed.limits, posed.listener, stopped, start, bound, task.stands)
    solved = _required(model, compiled, search.run())
    plan = _plan(posed, task, solved, today)
    found = Found(search.everything, search.root, search.pool, solved.objective)
    seconds = _afterwards(settings) if settings.work_limit is None else math.inf
    actions = with_robustness(
        plan.actions, _values(model, compiled, solved.values), found, settings.near, seconds, stopped
    )
    return replace(plan, actions=actions)


def _afterwards(settings: SolverSettings) -> float:
    """Seconds that are kept for telling which actions stay in plans nearly as good."""
    return min(_LONGEST_AFTER, _AFTER * settings.time_limit_s)


def _required(model: Model, compiled: Compiled, solved: Solved) -> Solved:
    """What was found, or why nothing was."""
    if len(solved.values):
        return solved
    if solved.status == "interrupted":
        raise StoppedError(_("已中断，还没有找到方案"))
    raise explain_conflict(model, compiled, infeasible=solved.status == "infeasible")


@dataclass(frozen=True)
class Answer:
    """A solved problem without any table of a plan: for benchmarks and studies.

    Parameters
    ----------
    status, objective, bound, seconds
        As the solver has them.
    declared
        Seconds of declaring and compiling among them.
    shares
        Share of its block that each pair has, shape (pairs, phases); empty where there is no plan.
    columns
        Columns of the model.
    values
        Name of a column → its value.
    """

    status: str
    objective: float
    bound: float
    seconds: float
    declared: float
    shares: FloatArray
    columns: int
    values: dict[str, float]


def solve_problem(
    problem: Problem,
    limits: Limits,
    *,
    listener: Listener | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> Answer:
    """Solve a problem as it stands, from declaring to the last improvement, within the limits.

    Parameters
    ----------
    problem
        The problem.
    limits
        Its seconds count from now, declaring included.
    listener, stopped
        Told of progress; asked whether to stop.
    """
    began = time.perf_counter()
    model = declare(problem, compact=False)
    compiled = compile_model(model.lp)
    declared = time.perf_counter() - began
    left = replace(limits, seconds=limits.seconds - declared)
    solved = Search(model, compiled, left, listener, stopped).run()
    found = bool(len(solved.values))
    return Answer(
        status=solved.status,
        objective=solved.objective,
        bound=solved.bound,
        seconds=time.perf_counter() - began,
        declared=declared,
        shares=solved.values[assigned_columns(model, compiled)] if found else np.empty((0, 0)),
        columns=len(compiled.names),
        values=dict(zip(compiled.names, solved.values.tolist(), strict=True)) if found else {},
    )


@dataclass(frozen=True)
class Draft:
    """A quick plan without whole numbers: enough to see in operation which sections fill unevenly.

    Parameters
    ----------
    plan
        Sections and catchments only.
    stands
        Where its relaxation stands, so that one with other figures can start from there.
    """

    plan: Plan
    stands: highspy.HighsBasis | None


def draft(problem: Problem, today: Plan, seconds: float = math.inf) -> Draft | None:
    """Draft a plan without whole numbers; None where the relaxation has no solution, or is not solved in time."""
    model = declare(problem, compact=False)
    compiled = compile_model(model.lp)
    try:
        relaxed = solve_relaxed(compiled, seconds)
    except OutOfTimeError:
        return None
    if relaxed is None:
        return None
    values = relaxed.values.copy()
    for family in ("classes", "open"):
        columns = columns_of(model, compiled, family)
        values[columns] = np.ceil(values[columns] - _ROUNDING)
    return Draft(draft_plan(_values(model, compiled, values), today), relaxed.basis)


def _values(model: Model, compiled: Compiled, values: FloatArray) -> Values:
    return Values(model, dict(zip(compiled.names, values.tolist(), strict=True)))


def _pursued(posed: Posed, task: Task, starts: Sequence[FloatArray], today: Plan) -> Plan:
    """The plan of goals in order; its gap is that of the last goal, its bound only what no decision can change."""
    problem, compiled = posed.model.problem, posed.compiled
    targets = targets_of(task.goals, task.tolerances, task.tolerance, problem, task.known)
    ordered = solve_ordered(posed, targets, starts)
    found = bool(len(ordered.values))
    objective = compiled.objective(ordered.values) if found else math.inf
    solved = Solved(ordered.status, ordered.values, objective, 0.0, ordered.seconds)
    plan = _plan(posed, task, _required(posed.model, compiled, solved), today)
    goals = goals_table(posed, targets, ordered)
    return replace(plan, goals=goals, solution=replace(plan.solution, gap=last_gap(goals)))


def _plan(posed: Posed, task: Task, solved: Solved, today: Plan) -> Plan:
    model, name = posed.model, solver_version() if posed.solver == "highs" else posed.solver
    values = _values(model, posed.compiled, solved.values)
    solution = _solution(model.problem, solved, name)
    plan = extract_plan(values, solution, today)
    plan = replace(plan, solution=replace(solution, shortage=shortage_of(values)))
    return plan if task.near is None else replace(plan, changes=changes_table(values, task.near, plan))


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
