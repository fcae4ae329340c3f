"""Solving compiled arrays with HiGHS: live progress, limits, interruption, a proven bound."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import highspy
import numpy as np

from simulator.model.compile import Compiled
from simulator.model.parts import Row
from simulator.model.problem import FloatArray, IntArray


@dataclass(frozen=True)
class Limits:
    """When to stop.

    Parameters
    ----------
    seconds
        Wall seconds; ignored where `nodes` is set, so that a run can be repeated exactly.
    gap
        (objective − bound) ÷ objective of the compiled model.
    nodes
        Branch-and-bound nodes, or None.
    seed
        Random seed.
    """

    seconds: float
    gap: float
    nodes: int | None
    seed: int


@dataclass(frozen=True)
class Progress:
    """One line of live progress: seconds, best plan so far, proven bound, and what the search is doing.

    Where goals are minimized in order, `goal` is the one at hand, and plan and bound are in its unit.
    """

    seconds: float
    incumbent: float
    bound: float
    doing: str = ""
    goal: str = ""

    @property
    def gap(self) -> float:
        """Gap as the model's objective defines it; inf while there is no plan."""
        return relative_gap(self.incumbent, self.bound)


@dataclass(frozen=True)
class Solved:
    """What a solver found.

    Parameters
    ----------
    status
        `optimal`, `time_limit`, `work_limit`, `interrupted`, `infeasible`.
    values
        Values of the columns; empty where no plan was found.
    objective, bound
        Of the compiled model (its offset included).
    seconds
        Wall seconds.
    """

    status: str
    values: FloatArray
    objective: float
    bound: float
    seconds: float


# Seconds past its limit after which the solver is interrupted.
_PATIENCE = 0.5

Listener = Callable[[Progress], None]


@dataclass(frozen=True)
class Exchange:
    """What a running solve takes from outside and gives away.

    Parameters
    ----------
    found
        Given every improving solution of the arrays.
    bounded
        Given the proven bound as it rises.
    offered
        Asked for a better solution than the objective it is told; None where there is none.
    """

    found: Callable[[FloatArray], None] = lambda _values: None
    bounded: Callable[[float], None] = lambda _bound: None
    offered: Callable[[float], FloatArray | None] = lambda _objective: None


_STATUS = {
    highspy.HighsModelStatus.kOptimal: "optimal",
    highspy.HighsModelStatus.kTimeLimit: "time_limit",
    highspy.HighsModelStatus.kSolutionLimit: "work_limit",
    highspy.HighsModelStatus.kIterationLimit: "work_limit",
    highspy.HighsModelStatus.kInterrupt: "interrupted",
    highspy.HighsModelStatus.kHighsInterrupt: "interrupted",  # type: ignore[attr-defined]  # missing in its stubs
    highspy.HighsModelStatus.kInfeasible: "infeasible",
    highspy.HighsModelStatus.kUnboundedOrInfeasible: "infeasible",
}


def relative_gap(objective: float, bound: float) -> float:
    """(objective − bound) ÷ objective, 0 where both are 0, inf where the objective is not known.

    >>> relative_gap(100.0, 97.0)
    0.03
    >>> relative_gap(0.0, 0.0)
    0.0
    """
    if not np.isfinite(objective):
        return float("inf")
    if objective - bound <= 1e-9 * max(1.0, abs(objective)):
        return 0.0
    return float("inf") if objective <= 0 else (objective - bound) / objective


def solver_version() -> str:
    """Name and version of the solver."""
    return f"HiGHS {highspy.Highs().version()}"  # type: ignore[no-untyped-call]  # highspy gives its constructor no types


def load(compiled: Compiled, *, relax: bool = False) -> highspy.Highs:
    """A silent HiGHS holding the arrays; `relax` drops integrality."""
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(compiled.names), len(compiled.row_names)
    lp.col_cost_, lp.offset_ = compiled.cost, compiled.offset
    lp.col_lower_, lp.col_upper_ = compiled.lower, compiled.upper
    lp.row_lower_, lp.row_upper_ = compiled.row_lower, compiled.row_upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = compiled.matrix.indptr.astype(np.int32)
    lp.a_matrix_.index_ = compiled.matrix.indices.astype(np.int32)
    lp.a_matrix_.value_ = compiled.matrix.data
    kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
    if not relax:
        lp.integrality_ = [kinds[whole] for whole in compiled.whole.tolist()]
    highs = highspy.Highs()  # type: ignore[no-untyped-call]  # highspy gives its constructor no types
    highs.setOptionValue("output_flag", True)  # callbacks are silent without it
    highs.setOptionValue("log_to_console", False)
    highs.setOptionValue("threads", 1)  # one thread: the same plan on every machine
    highs.passModel(lp)
    return highs


def solve(
    compiled: Compiled,
    limits: Limits,
    start: FloatArray | None = None,
    exchange: Exchange | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> Solved:
    """Solve the arrays within the limits, from a start where one is given.

    As soon as `stopped` says so the search ends and keeps the best plan (status `interrupted`).
    """
    began = time.perf_counter()
    highs = load(compiled)
    highs.setOptionValue("random_seed", limits.seed)
    highs.setOptionValue("mip_rel_gap", limits.gap)
    if limits.nodes is None:
        highs.setOptionValue("time_limit", max(limits.seconds, 0.01))
    else:
        highs.setOptionValue("mip_max_nodes", limits.nodes)
    if start is not None:
        solution = highspy.HighsSolution()
        solution.col_value = start.tolist()
        highs.setSolution(solution)
    # The solver looks at its own limit only between steps, and single steps may be long.
    latest = np.inf if limits.nodes is not None else began + limits.seconds + _PATIENCE
    _listen(highs, exchange, lambda: stopped() or time.perf_counter() > latest)
    highs.run()
    info, status = highs.getInfo(), _STATUS.get(highs.getModelStatus(), "time_limit")
    found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    mixed = bool(compiled.whole.any())
    objective = info.objective_function_value if found else float("inf")
    return Solved(
        status=status,
        values=np.asarray(highs.getSolution().col_value) if found else np.empty(0),
        objective=objective,
        bound=info.mip_dual_bound if mixed else objective,
        seconds=time.perf_counter() - began,
    )


@dataclass(frozen=True)
class Relaxed:
    """The solution of the arrays without integrality.

    Parameters
    ----------
    values, reduced_costs
        Shape (columns,).
    prices
        Prices of the rows, shape (rows,).
    objective
        A bound of the arrays with integrality.
    basis
        Where it stands, so that a like relaxation can start from there.
    """

    values: FloatArray
    reduced_costs: FloatArray
    prices: FloatArray
    objective: float
    basis: highspy.HighsBasis | None = None


class OutOfTimeError(Exception):
    """The relaxation was not solved within its time."""


def solve_relaxed(
    compiled: Compiled, seconds: float = np.inf, basis: highspy.HighsBasis | None = None
) -> Relaxed | None:
    """Solve the arrays without integrality; None where there is no solution.

    Parameters
    ----------
    compiled
        The arrays.
    seconds
        Longest time.
    basis
        Where a like relaxation stands, to start from.

    Raises
    ------
    OutOfTimeError
        Not solved within the seconds given.
    """
    return Relaxing(compiled, basis).solved(seconds)


class Relaxing:
    """The arrays without integrality, solved anew from where they stand as rows are added.

    Parameters
    ----------
    compiled
        The arrays.
    basis
        Where a like relaxation of the same columns stands, to start from: its first rows are those of the arrays.
    """

    def __init__(self, compiled: Compiled, basis: highspy.HighsBasis | None = None) -> None:
        self._highs = load(compiled, relax=True)
        if basis is not None and len(basis.col_status) == len(compiled.names):
            self._highs.setBasis(_fitted(basis, len(compiled.row_names)))

    def add(self, rows: Sequence[Row]) -> None:
        """Further rows that hold from now on."""
        for row in rows:
            columns = np.array(row.columns, dtype=np.int32)
            self._highs.addRow(-np.inf, row.most, len(columns), columns, np.array(row.coefficients))

    def hold(self, columns: IntArray, values: FloatArray) -> None:
        """Hold columns at some values from now on."""
        self._highs.changeColsBounds(len(columns), columns.astype(np.int32), values, values)

    def solved(self, seconds: float = np.inf) -> Relaxed | None:
        """The solution, None where there is none.

        Raises
        ------
        OutOfTimeError
            Not solved within the seconds given.
        """
        highs = self._highs
        if np.isfinite(seconds):
            # The clock of the solver goes on from run to run.
            highs.setOptionValue("time_limit", highs.getRunTime() + max(seconds, 0.01))
        highs.run()
        status = highs.getModelStatus()
        if status == highspy.HighsModelStatus.kTimeLimit:
            raise OutOfTimeError
        if status != highspy.HighsModelStatus.kOptimal:
            return None
        solution = highs.getSolution()
        return Relaxed(
            np.asarray(solution.col_value),
            np.asarray(solution.col_dual),
            np.asarray(solution.row_dual),
            highs.getInfo().objective_function_value,
            highs.getBasis(),
        )


def _fitted(basis: highspy.HighsBasis, rows: int) -> highspy.HighsBasis:
    """A basis for more or fewer rows: new ones are slack, and the solver mends what is missing or too much."""
    known, fitted = list(basis.row_status), highspy.HighsBasis()
    fitted.col_status = list(basis.col_status)
    fitted.row_status = known[:rows] + [highspy.HighsBasisStatus.kBasic] * (rows - len(known))
    fitted.valid, fitted.alien = True, True
    return fitted


def _listen(highs: highspy.Highs, exchange: Exchange | None, stopped: Callable[[], bool]) -> None:
    def asked(event: highspy.HighsCallbackEvent) -> None:
        if stopped():
            event.interrupt()

    # Not asked within the simplex method: it would wait for Python at every step while another search computes.
    highs.cbMipInterrupt += asked
    if exchange is None:
        return
    other = exchange

    def improved(event: highspy.HighsCallbackEvent) -> None:
        other.found(np.array(event.data_out.mip_solution))

    def logged(event: highspy.HighsCallbackEvent) -> None:
        other.bounded(event.data_out.mip_dual_bound)

    def wanted(event: highspy.HighsCallbackEvent) -> None:
        better = other.offered(event.data_out.mip_primal_bound)
        if better is not None and event.data_in is not None:
            event.data_in.setSolution(better)

    highs.cbMipImprovingSolution += improved
    highs.cbMipLogging += logged
    highs.cbMipUserSolution += wanted
