"""A bound by a first-order method, for relaxations too large for the simplex method, in a process of its own.

Primal-dual hybrid gradient with averaging, restarts and a balance of the two steps (Chambolle & Pock 2011; Applegate et
al. 2021). Every dual point gives a bound: prices of rows fixed, each column is at its better end, and of columns that
make a sum of 1 the cheapest one is taken.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection as Pipe

import numpy as np
import scipy.sparse as sp

from simulator.model.compile import Compiled
from simulator.model.problem import FloatArray, IntArray
from simulator.processes import main_hidden

# Rounds of scaling, steps between two looks, and between two messages.
_SCALED, _LOOK, _TOLD = 10, 100, 200
# A restart where the error has fallen to the first share, or to the second and rises again; or after this share of all.
_FALLEN, _ENOUGH, _LONG = 0.2, 0.8, 0.36
# Steps of the power method, and how far a step stays below its largest length.
_POWER, _STEP = 30, 0.95


@dataclass(frozen=True)
class Relaxation:
    """min cost·x + offset, low ≤ A x ≤ high, lower ≤ x ≤ upper, with rows that are sums of 1.

    Parameters
    ----------
    matrix
        CSR.
    group
        Row of the sum that a column stands in, −1 for none, shape (columns,).
    """

    cost: FloatArray
    lower: FloatArray
    upper: FloatArray
    matrix: sp.csr_matrix
    low: FloatArray
    high: FloatArray
    offset: float
    group: IntArray


def relaxation_of(compiled: Compiled, keep: IntArray) -> Relaxation:
    """Some rows of arrays, with the disjoint sums of 1 among them.

    Parameters
    ----------
    keep
        Positions of the rows; leaving out rows leaves a valid bound.
    """
    matrix = compiled.matrix[keep].tocsr()
    matrix.eliminate_zeros()
    low, high = compiled.row_lower[keep], compiled.row_upper[keep]
    ones = np.asarray(abs(matrix - matrix.astype(bool).astype(float)).sum(axis=1)).ravel() == 0
    group = np.full(matrix.shape[1], -1, dtype=np.int64)
    least = compiled.lower >= 0
    for row in np.flatnonzero(ones & (low == 1) & (high == 1)).tolist():
        columns = matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]]
        if (group[columns] < 0).all() and least[columns].all() and (compiled.lower[columns] == 0).all():
            group[columns] = row
    upper = _needed(compiled, matrix, low, high)
    # A column of a group is at most 1; one held at 0 stays out of it.
    group[upper == 0] = -1
    return Relaxation(compiled.cost, compiled.lower, upper, matrix, low, high, compiled.offset, group)


def _needed(compiled: Compiled, matrix: sp.csr_matrix, low: FloatArray, high: FloatArray) -> FloatArray:
    """Upper bounds of the columns: of one without, the most that its rows can ever ask of it, or allow."""
    upper, lower = compiled.upper.copy(), compiled.lower
    free = ~np.isfinite(upper)
    most = np.where(free, 0.0, upper)
    up, down = matrix.maximum(0), (-matrix).maximum(0)
    # Activity of a row at most and at least; without an end where columns without a bound pull it.
    largest = np.where(up @ free.astype(float) > 0, np.inf, up @ most - down @ lower)
    smallest = np.where(down @ free.astype(float) > 0, -np.inf, up @ lower - down @ most)
    columns = matrix.tocsc()
    for code in np.flatnonzero(free).tolist():
        rows = columns.indices[columns.indptr[code] : columns.indptr[code + 1]]
        factors = columns.data[columns.indptr[code] : columns.indptr[code + 1]]
        above, below = factors > 0, factors < 0
        # What the row leaves to it, and what it asks of it where all others do their worst; nothing without a side.
        up_to, from_on = np.isfinite(high[rows]), np.isfinite(low[rows])
        room = np.where(up_to, high[rows], 0.0) - np.where(up_to, smallest[rows], -np.inf)
        beyond = np.where(from_on, largest[rows], np.inf) - np.where(from_on, low[rows], 0.0)
        over = np.where(up_to, largest[rows], -np.inf) - np.where(up_to, high[rows], 0.0)
        under = np.where(from_on, low[rows], 0.0) - np.where(from_on, smallest[rows], np.inf)
        held = np.concatenate([room[above] / factors[above], beyond[below] / -factors[below]])
        asked = np.concatenate([over[below] / -factors[below], under[above] / factors[above]])
        # A row may allow no more of it; and where it costs something, no more is taken than some row asks for.
        bounds = [float(held.min(initial=np.inf))]
        bounds += [float(asked.max(initial=lower[code]))] if compiled.cost[code] >= 0 else []
        upper[code] = max(min(bounds), lower[code])
    return upper


def bound_of(problem: Relaxation, prices: FloatArray) -> float:
    """What no solution costs less than, from any prices of the rows."""
    summed = np.zeros(len(prices), dtype=bool)
    inside = problem.group >= 0
    summed[problem.group[inside]] = True
    prices = np.where(summed, 0.0, prices)
    prices = np.where(np.isfinite(problem.low), prices, np.minimum(prices, 0.0))
    prices = np.where(np.isfinite(problem.high), prices, np.maximum(prices, 0.0))
    costs = problem.cost - problem.matrix.T @ prices
    low, high = (
        np.where(np.isfinite(problem.low), problem.low, 0.0),
        np.where(np.isfinite(problem.high), problem.high, 0.0),
    )
    value = float(np.where(prices > 0, prices * low, prices * high).sum())
    ends = np.where(costs > 0, problem.lower, problem.upper)
    value += float((costs * np.where(costs == 0, 0.0, ends))[~inside].sum())
    cheapest = np.full(len(prices), np.inf)
    np.minimum.at(cheapest, problem.group[inside], costs[inside])
    return value + float(cheapest[summed].sum()) + problem.offset


class Descent:
    """The method at work.

    Parameters
    ----------
    problem
        The relaxation.
    start
        Values to start from, shape (columns,).
    """

    def __init__(self, problem: Relaxation, start: FloatArray) -> None:
        self.problem = problem
        rows, columns = _scales(problem.matrix)
        self._rows, self._columns = rows, columns
        self._a = (sp.diags(rows) @ problem.matrix @ sp.diags(columns)).tocsr()
        self._at = self._a.T.tocsr()
        self._cost = problem.cost * columns
        self._lower, self._upper = problem.lower / columns, problem.upper / columns
        self._low, self._high = problem.low * rows, problem.high * rows
        self._step = _STEP / _norm(self._a, self._at)
        self.x = np.clip(start / columns, self._lower, self._upper)
        self.y = np.zeros(len(rows))
        sides = np.where(np.isfinite(self._high), self._high, np.where(np.isfinite(self._low), self._low, 0.0))
        self._balance = float(np.linalg.norm(self._cost)) / max(float(np.linalg.norm(sides)), 1e-9)
        self._sum_x, self._sum_y, self._since, self.steps = np.zeros_like(self.x), np.zeros_like(self.y), 0, 0
        self._from = (self.x.copy(), self.y.copy())
        self._error, self._before = np.inf, np.inf

    def run(self, steps: int) -> None:
        """Take some steps, then restart from the better of the last point and the mean where that is due."""
        priced = self._at @ self.y
        for _step in range(steps):
            x = np.clip(self.x - self._step / self._balance * (self._cost - priced), self._lower, self._upper)
            length = self._step * self._balance
            ahead = self.y - length * (self._a @ (2 * x - self.x))
            self.y = ahead + length * np.clip(-ahead / length, self._low, self._high)
            self.x = x
            priced = self._at @ self.y
            self._sum_x += x
            self._sum_y += self.y
        self._since += steps
        self.steps += steps
        self._restart()

    @property
    def mean(self) -> tuple[FloatArray, FloatArray]:
        """Mean of the points since the last restart."""
        if not self._since:
            return self.x, self.y
        return self._sum_x / self._since, self._sum_y / self._since

    def _restart(self) -> None:
        mean = self.mean
        errors = [self._wrong(*mean), self._wrong(self.x, self.y)]
        error = min(errors)
        falls = error < _FALLEN * self._error or (error < _ENOUGH * self._error and error > self._before)
        if not falls and self._since <= _LONG * self.steps:
            self._before = error
            return
        if errors[0] < errors[1]:
            self.x, self.y = mean
        far = [float(np.linalg.norm(now - then)) for now, then in zip((self.x, self.y), self._from, strict=True)]
        if min(far) > 0:
            self._balance = float(np.sqrt(self._balance * far[1] / far[0]))
        self._from = (self.x.copy(), self.y.copy())
        self._sum_x, self._sum_y, self._since = np.zeros_like(self.x), np.zeros_like(self.y), 0
        self._error, self._before = error, np.inf

    def _wrong(self, x: FloatArray, y: FloatArray) -> float:
        """How far a point is from the optimum: rows broken, and the distance of the two objectives."""
        activity = self._a @ x
        broken = np.linalg.norm(np.maximum(np.maximum(self._low - activity, activity - self._high), 0))
        costs = self._cost - self._at @ y
        low, high = np.where(np.isfinite(self._low), self._low, 0.0), np.where(np.isfinite(self._high), self._high, 0.0)
        upper = np.where(np.isfinite(self._upper), self._upper, 0.0)
        dual = np.where(y > 0, y * low, y * high).sum() + np.where(costs > 0, costs * self._lower, costs * upper).sum()
        return float(np.hypot(self._balance * broken, (self._cost @ x - dual) / 1e3))

    def bound(self) -> float:
        """The better bound of the last point and the mean."""
        return max(bound_of(self.problem, y * self._rows) for y in (self.y, self.mean[1]))

    def values(self) -> FloatArray:
        """Values near the optimum."""
        return np.asarray(self.mean[0] * self._columns)


def _scales(matrix: sp.csr_matrix) -> tuple[FloatArray, FloatArray]:
    """Factors of rows and columns after which no row or column is much larger than another (Ruiz 2001)."""
    rows, columns = np.ones(matrix.shape[0]), np.ones(matrix.shape[1])
    for number in range(_SCALED + 1):
        scaled = abs(sp.diags(rows) @ matrix @ sp.diags(columns))
        sizes = (
            [scaled.max(axis=axis).toarray().ravel() for axis in (1, 0)]
            if number < _SCALED
            else [np.asarray(scaled.sum(axis=axis)).ravel() for axis in (1, 0)]
        )
        rows /= np.sqrt(np.where(sizes[0] > 0, sizes[0], 1.0))
        columns /= np.sqrt(np.where(sizes[1] > 0, sizes[1], 1.0))
    return rows, columns


def _norm(matrix: sp.csr_matrix, transposed: sp.csr_matrix) -> float:
    """Largest singular value, by the power method."""
    vector = np.random.default_rng(1).random(matrix.shape[1])
    length = 1.0
    for _step in range(_POWER):
        vector = transposed @ (matrix @ vector)
        length = float(np.linalg.norm(vector))
        vector /= max(length, 1e-30)
    return max(float(np.sqrt(length)) * 1.02, 1e-9)


def _work(problem: Relaxation, start: FloatArray, pipe: Pipe) -> None:
    """Raise the bound until told to stop; tells bounds and values through the pipe."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is interrupted, and tells
    descent, best = Descent(problem, start), -np.inf
    while not pipe.poll():
        descent.run(_LOOK)
        if descent.steps % _TOLD == 0:
            bound = descent.bound()
            if bound > best:
                best = bound
                try:
                    pipe.send((bound, descent.values()))
                except (BrokenPipeError, OSError):
                    return


def bound_beside(
    problem: Relaxation, start: FloatArray, told: Callable[[float, FloatArray], None], over: Callable[[], bool]
) -> None:
    """Raise the bound in a process of its own until it is over.

    Parameters
    ----------
    problem, start
        The relaxation, and values to start from.
    told
        Given every better bound, and values near the relaxed optimum.
    over
        Asked whether to stop.
    """
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_work, args=(problem, start, there), daemon=True)
    with main_hidden():
        process.start()
    there.close()
    try:
        while not over() and process.is_alive():
            if here.poll(0.2):
                told(*here.recv())
    except EOFError:
        pass
    finally:
        with suppress(OSError):
            here.send(None)
        process.join(2.0)
        if process.is_alive():
            process.terminate()
        here.close()
