"""The search for a good plan and a proven bound.

A model small enough is handed to the solver whole. For a larger one two things run side by side: the *proof*, the
structure (what opens, closes and grows) with units allowed to split, whose value is a bound; and the *plan*, whole
units around that structure, then neighbourhoods of a few schools at a time, everything else held.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from contextvars import copy_context
from functools import partial

import highspy
import numpy as np

from simulator.model.compile import Compiled
from simulator.model.connection import Connection
from simulator.model.declare import Model
from simulator.model.improve import Improver
from simulator.model.incumbent import Incumbent
from simulator.model.lane import Shared
from simulator.model.neighbourhoods import Neighbourhoods
from simulator.model.parts import Arrays
from simulator.model.problem import FloatArray
from simulator.model.prove import Prover
from simulator.model.solve import Limits, Listener, Relaxed, Solved

# Whole-number decisions up to which the solver does better alone (measured on the demonstration districts).
_SMALL = 1_500


class Search:
    """One search: the model, its arrays, limits, and how to tell of progress and be stopped.

    Parameters
    ----------
    model, compiled
        The model, declared without compact rows of connection, and its arrays.
    limits
        When to stop.
    listener, stopped
        Told of progress; asked whether to stop.
    start
        Values of a plan to start from.
    bound
        What no plan is below, as far as that is known before.
    stands
        Where a relaxation of the same columns and rows stands, to start from.
    """

    def __init__(
        self,
        model: Model,
        compiled: Compiled,
        limits: Limits,
        listener: Listener | None = None,
        stopped: Callable[[], bool] = lambda: False,
        start: FloatArray | None = None,
        bound: float = -np.inf,
        stands: highspy.HighsBasis | None = None,
    ) -> None:
        self._arrays = Arrays(compiled, stands)
        self._around = Neighbourhoods(model, compiled, limits.seed)
        self._connection = connection = Connection(model.problem, self._around.assigned)
        self._incumbent = Incumbent(self._arrays, connection, limits, listener, stopped)
        shared = Shared(model, self._arrays, connection, self._around)
        self._prover, self._improver = Prover(shared, self._incumbent), Improver(shared, self._incumbent)
        self._start, self._bound = start, bound

    def run(self) -> Solved:
        """Find a plan and a bound within the limits."""
        if self._start is not None:
            self._incumbent.offer(self._start)
        self._incumbent.raise_bound(self._bound)
        # Without whole units there are no neighbourhoods to search.
        small = int(self._arrays.compiled.whole.sum()) <= _SMALL or not self._around.any
        if small and self._connection.asked:
            self._arrays.add(self._connection.near_rows)
        if small and not self._connection.asked:
            self._prover.whole()
        elif self._incumbent.limits.nodes is not None:
            self._one_after_the_other(small=small)
        else:
            self._side_by_side(small=small)
        return self._result()

    @property
    def everything(self) -> Compiled:
        """The model with the rows found during the search."""
        return self._arrays.everything()

    @property
    def root(self) -> Relaxed | None:
        """The relaxation of the whole model; None where it was not solved."""
        return self._prover.root

    @property
    def pool(self) -> tuple[tuple[float, FloatArray], ...]:
        """Plans found whose structure differs, with their objectives."""
        return tuple(self._incumbent.pool)

    def _one_after_the_other(self, *, small: bool) -> None:
        """With a limit of work: nothing depends on how fast one of the two is, so a run can be repeated exactly."""
        self._improver.begin()
        self._prover.run(small=small)
        for structure in self._prover.structures():
            self._improver.around_structure(structure)
        self._improver.neighbourhoods()
        self._improver.finish()

    def _side_by_side(self, *, small: bool) -> None:
        with ThreadPoolExecutor(1) as pool:
            # A copy of the context: the proof too tells its progress in the language of the run.
            proof = pool.submit(copy_context().run, partial(self._prover.run, small=small))
            self._improver.run(self._prover, proof.done)
            wait([proof])
        proof.result()

    def _result(self) -> Solved:
        best = self._incumbent
        found = best.values is not None
        if best.stopped():
            status = "interrupted"
        elif self._prover.infeasible and not found:
            status = "infeasible"
        elif found and best.proven:
            status = "optimal"
        else:
            status = "work_limit" if best.limits.nodes is not None else "time_limit"
        return Solved(
            status=status,
            values=best.values if best.values is not None else np.empty(0),
            objective=best.objective,
            bound=best.bound,
            seconds=best.seconds,
        )
