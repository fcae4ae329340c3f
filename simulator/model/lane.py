"""What the searches for a plan share: the model in arrays, the best plan, limits of a part, and how one is solved."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from simulator.model.compile import Compiled
from simulator.model.connection import Connection
from simulator.model.declare import Model
from simulator.model.incumbent import Incumbent
from simulator.model.neighbourhoods import Neighbourhoods
from simulator.model.parts import Arrays, with_rows
from simulator.model.problem import FloatArray, IntArray
from simulator.model.solve import Limits, OutOfTimeError, Relaxed, Solved, solve, solve_relaxed

# How much closer than the whole a part is solved, and within what.
_CLOSER, _FINEST, _COARSEST = 20, 1e-5, 5e-5
# Seconds that a part gets at least, so that the last one is not cut off before it begins.
_LEAST_SECONDS = 0.5


class Lane:
    """A search for plans.

    Parameters
    ----------
    model, arrays, connection, incumbent
        The model, its arrays, rows of connected catchments, the best plan.
    around
        Draws neighbourhoods, and knows which columns belong together.
    """

    def __init__(
        self,
        model: Model,
        arrays: Arrays,
        connection: Connection,
        incumbent: Incumbent,
        around: Neighbourhoods,
    ) -> None:
        self._model, self._arrays, self._connection = model, arrays, connection
        self._incumbent, self._around = incumbent, around

    def tidy(self, share: float) -> None:
        """Catchments and schools held, everything else at its best."""
        best = self._incumbent
        if best.values is None:
            return
        free = np.ones(len(best.values), dtype=bool)
        free[np.concatenate([self.columns("assigned"), self.columns("open")])] = False
        part = self._arrays.part(best.values, free)
        solved = solve(part.compiled, self.limits(share), part.base[part.free], None, best.stopped)
        if len(solved.values):
            best.offer(part.whole(solved.values))

    def growing(self, held: Compiled, base: FloatArray) -> Compiled:
        """The arrays with rows that keep catchments connected as they grow and shrink around a plan."""
        rows = self._connection.growing_rows(base, range(len(self._model.problem.sections)))
        return with_rows(held, self._arrays.matrix_of(rows), np.array([row.most for row in rows]))

    def relaxed(self, compiled: Compiled) -> Relaxed | None:
        """The arrays without integrality; None where they have no solution, or time is short."""
        limits = self._incumbent.limits
        try:
            return solve_relaxed(compiled, np.inf if limits.nodes is not None else self._incumbent.left)
        except OutOfTimeError:
            return None

    def objective(self, values: FloatArray) -> float:
        """Objective of the values of all columns."""
        compiled = self._arrays.compiled
        return float(compiled.cost @ values + compiled.offset)

    @property
    def fine(self) -> float:
        """Gap to which a part is solved."""
        return max(_FINEST, min(self._incumbent.limits.gap / _CLOSER, _COARSEST))

    def limits(self, share: float) -> Limits:
        """Limits of a part of the search."""
        limits = self._incumbent.limits
        nodes = None if limits.nodes is None else max(1, int(limits.nodes * share))
        seconds = min(limits.seconds * share, self._incumbent.left)
        return replace(limits, seconds=max(_LEAST_SECONDS, seconds), nodes=nodes, gap=self.fine)

    def solve(self, part: Compiled, share: float, gap: float) -> Solved:
        """Solve arrays of all columns within a share of the limits."""
        limits = self._incumbent.limits
        nodes = None if limits.nodes is None else max(1, int(limits.nodes * share))
        seconds = max(_LEAST_SECONDS, min(self._incumbent.left, limits.seconds * share))
        limits = replace(limits, seconds=seconds, nodes=nodes, gap=gap)
        return solve(part, limits, None, None, self._incumbent.stopped)

    def columns(self, family: str) -> IntArray:
        """Columns of a family of decisions."""
        decisions = getattr(self._model.variables, family).values()
        position = self._arrays.compiled.position
        return np.array([position[d.name] for d in decisions if not isinstance(d, int | float)], dtype=np.int64)
