"""What the searches share: the model in arrays, the best plan, limits of a part, and how one is solved."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from simulator.model.compile import Compiled
from simulator.model.connection import Connection
from simulator.model.declare import Model
from simulator.model.incumbent import Incumbent
from simulator.model.neighbourhoods import Neighbourhoods, columns_of
from simulator.model.parts import Arrays, Extra, with_rows
from simulator.model.problem import FloatArray, IntArray
from simulator.model.solve import Limits, OutOfTimeError, Relaxed, Solved, solve, solve_relaxed

# Families of decisions that searches hold or free together.
_FAMILIES = ("assigned", "classes", "open")
# How much closer than the whole a part is solved, and within what.
_CLOSER, _FINEST, _COARSEST = 20, 1e-5, 5e-5
# Seconds that a part gets at least, so that the last one is not cut off before it begins.
_LEAST_SECONDS = 0.5


@dataclass(frozen=True)
class Shared:
    """What all searches of a problem work on.

    Parameters
    ----------
    model, arrays, connection
        The model, its arrays, rows of connected catchments.
    around
        Draws neighbourhoods, and knows which columns belong together.
    """

    model: Model
    arrays: Arrays
    connection: Connection
    around: Neighbourhoods

    @cached_property
    def columns(self) -> dict[str, IntArray]:
        """Family of decisions → its columns."""
        return {family: columns_of(self.model, self.arrays.compiled, family) for family in _FAMILIES}

    @cached_property
    def opens(self) -> bool:
        """Whether it is not given what opens, closes and grows."""
        compiled = self.arrays.compiled
        return bool((compiled.structure & (compiled.lower < compiled.upper)).any())

    @cached_property
    def near(self) -> Extra:
        """Rows of connection that hold in every plan."""
        return self.arrays.as_rows(self.connection.near_rows)


class Lane:
    """A search, for plans or for their bound.

    Parameters
    ----------
    shared
        What it works on.
    incumbent
        The best plan and bound.
    """

    def __init__(self, shared: Shared, incumbent: Incumbent) -> None:
        self._shared, self._incumbent = shared, incumbent
        self._model, self._arrays = shared.model, shared.arrays
        self._connection, self._around = shared.connection, shared.around

    def tidy(self, share: float) -> None:
        """Catchments and schools held, everything else at its best."""
        best = self._incumbent
        if best.values is None:
            return
        free = np.ones(len(best.values), dtype=bool)
        free[self._shared.columns["assigned"]] = free[self._shared.columns["open"]] = False
        part = self._arrays.part(best.values, free)
        solved = solve(part.compiled, self.limits(share), part.base[part.free], None, best.stopped)
        if len(solved.values):
            best.offer(part.whole(solved.values))

    def growing(self, held: Compiled, base: FloatArray) -> Compiled:
        """The arrays with rows that keep catchments connected as they grow and shrink around a plan."""
        rows = self._connection.growing_rows(base, range(len(self._model.problem.sections)))
        return with_rows(held, *self._arrays.as_rows(rows))

    def relaxed(self, compiled: Compiled) -> Relaxed | None:
        """The arrays without integrality; None where they have no solution, or time is short."""
        try:
            return solve_relaxed(compiled, self._incumbent.patience, self._arrays.stands)
        except OutOfTimeError:
            return None

    @property
    def fine(self) -> float:
        """Gap to which a part is solved."""
        return max(_FINEST, min(self._incumbent.limits.gap / _CLOSER, _COARSEST))

    def limits(self, share: float, gap: float | None = None) -> Limits:
        """Limits of a part of the search: a share of time and work, its own gap or a fine one."""
        limits = self._incumbent.limits
        nodes = None if limits.nodes is None else max(1, int(limits.nodes * share))
        seconds = max(_LEAST_SECONDS, min(limits.seconds * share, self._incumbent.left))
        return replace(limits, seconds=seconds, nodes=nodes, gap=self.fine if gap is None else gap)

    def solve(self, part: Compiled, share: float, gap: float) -> Solved:
        """Solve arrays of all columns within a share of the limits."""
        return solve(part, self.limits(share, gap), None, None, self._incumbent.stopped)
