"""Solvers side by side on one problem: the planner's own, and its rivals on the same declared model."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec

import numpy as np
import pulp

from benchmarks.instances import FloatArray, Task
from simulator.model import solve_problem
from simulator.model.compile import Compiled, compile_model
from simulator.model.declare import Model, declare
from simulator.model.other_solvers import solve_by_name
from simulator.model.problem import Problem
from simulator.model.solve import Exchange, Limits, Progress, Solved, relative_gap, solve

GAP = 1e-6
"""Gap at which a published instance is solved: below the rounding of every published value."""
_LEAST_SECONDS, _SEED = 0.1, 1


@dataclass(frozen=True)
class Answer:
    """What a solver gave.

    Parameters
    ----------
    shares
        Share of the block of a pair that the section serves, shape (pairs, phases); empty without a solution.
    decisions
        Every decision by name.
    objective, bound
        Of the compiled model, as the solver says: ±inf where there is none.
    seconds
        Wall seconds of everything: declaring, compiling, solving.
    columns
        Columns of the model that was solved.
    progress
        Live progress in the order in which it came; the last one is the end.
    """

    shares: FloatArray
    decisions: dict[str, float]
    objective: float
    bound: float
    seconds: float
    columns: int
    progress: tuple[Progress, ...] = ()
    declared: float = 0.0
    """Seconds of declaring and compiling."""

    @property
    def found(self) -> bool:
        """Whether there is a solution."""
        return self.shares.size > 0

    def gap_at(self, seconds: float) -> float:
        """Proven gap as it stood some seconds after the start; inf where there was none."""
        until = [one for one in self.progress if one.seconds <= seconds]
        return relative_gap(min(one.incumbent for one in until), max(one.bound for one in until)) if until else np.inf


class _Ear:
    """What was heard of a run, by seconds since its start: the best plan and bound so far."""

    def __init__(self) -> None:
        self._began = time.perf_counter()
        self.heard = [Progress(0.0, np.inf, -np.inf)]

    @property
    def seconds(self) -> float:
        """Seconds since the start."""
        return time.perf_counter() - self._began

    def hear(self, incumbent: float = np.inf, bound: float = -np.inf) -> None:
        """Note a better plan or bound."""
        last = self.heard[-1]
        self.heard.append(Progress(self.seconds, min(incumbent, last.incumbent), max(bound, last.bound)))


def solve_planner(problem: Problem, seconds: float, gap: float = GAP) -> Answer:
    """Solve with the planner's own solver."""
    ear = _Ear()
    solved = solve_problem(
        problem, Limits(seconds, gap, None, _SEED), listener=lambda one: ear.hear(one.incumbent, one.bound)
    )
    ear.hear(solved.objective, solved.bound)
    return Answer(
        shares=solved.shares,
        decisions=solved.values,
        objective=solved.objective,
        bound=solved.bound,
        seconds=ear.seconds,
        columns=solved.columns,
        progress=tuple(ear.heard),
        declared=solved.declared,
    )


def solve_highs(problem: Problem, seconds: float, gap: float = GAP) -> Answer:
    """HiGHS alone on the compiled model, connection by flow rows."""

    def run(_model: Model, compiled: Compiled, limits: Limits, ear: _Ear) -> Solved:
        def found(values: FloatArray) -> None:
            ear.hear(compiled.objective(values))

        return solve(compiled, limits, None, Exchange(found=found, bounded=lambda bound: ear.hear(bound=bound)))

    return _alone(problem, seconds, gap, run)


def solve_cbc(problem: Problem, seconds: float, gap: float = GAP) -> Answer:
    """CBC through PuLP on the declared model, connection by flow rows; its bound is that of the relaxation."""

    def run(model: Model, compiled: Compiled, limits: Limits, ear: _Ear) -> Solved:
        try:
            return solve_by_name("CBC", model, compiled, limits)
        except pulp.PulpSolverError:  # it ended without a word
            return Solved("time_limit", np.empty(0), np.inf, -np.inf, ear.seconds)

    return _alone(problem, seconds, gap, run)


def _alone(
    problem: Problem, seconds: float, gap: float, run: Callable[[Model, Compiled, Limits, _Ear], Solved]
) -> Answer:
    ear = _Ear()
    model = declare(problem, compact=True)
    compiled = compile_model(model.lp)
    declared = ear.seconds
    limits = Limits(max(seconds - declared, _LEAST_SECONDS), gap, None, _SEED)
    solved = run(model, compiled, limits, ear)
    ear.hear(solved.objective, solved.bound)
    decisions = dict(zip(compiled.names, solved.values.tolist(), strict=False))
    return Answer(
        shares=shares_of(model, decisions) if decisions else np.empty((0, 0)),
        decisions=decisions,
        objective=solved.objective,
        bound=solved.bound,
        seconds=ear.seconds,
        columns=len(compiled.names),
        progress=tuple(ear.heard),
        declared=declared,
    )


def has_spopt() -> bool:
    """Whether spopt is installed."""
    return find_spec("spopt") is not None


def solve_spopt(task: Task, seconds: float) -> Answer | None:
    """The capacitated p-median of spopt with CBC; None where it is not installed or the task is another."""
    if task.problem != "CPMP" or not has_spopt():
        return None
    began = time.perf_counter()
    instance = task.instance
    # It weighs a distance by the demand that it carries; here a unit costs its distance alone.
    distance = instance.cost / instance.demand[:, None]
    model = import_module("spopt.locate").PMedian.from_cost_matrix(
        distance, instance.demand, p_facilities=task.schools, facility_capacities=instance.capacity
    )
    try:
        model.solve(pulp.PULP_CBC_CMD(msg=False, timeLimit=seconds))
        served = model.cli2fac
    except (RuntimeError, AttributeError):  # nothing was found in time
        served = []
    shares = np.zeros(instance.cost.shape)
    for unit, schools in enumerate(served):
        shares[unit, schools] = 1.0
    return Answer(
        shares=shares.reshape(-1, 1) if len(served) else np.empty((0, 1)),
        decisions={},
        objective=np.inf,
        bound=-np.inf,
        seconds=time.perf_counter() - began,
        columns=len(model.problem.variables()),
    )


def memory_gib() -> float:
    """Most memory that this process and those that it started have held, in GiB; NaN where the system does not say."""
    if find_spec("resource") is None:
        return float("nan")
    import resource  # not on every system

    own, started = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    unit = 1 if sys.platform == "darwin" else 1024
    return (own.ru_maxrss + started.ru_maxrss) * unit / 2**30


def shares_of(model: Model, decisions: dict[str, float]) -> FloatArray:
    """Share of the block of a pair that the section serves, shape (pairs, phases)."""
    shares = np.zeros((len(model.problem.pair_block), len(model.problem.phases)))
    for (pair, phase), variable in model.variables.assigned.items():
        shares[pair, phase] = decisions[variable.name]
    return shares
