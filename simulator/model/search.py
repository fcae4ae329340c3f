"""The search for a good plan and a proven bound.

A model small enough is handed to the solver whole. A larger one is searched in steps: the *structure* (what opens,
closes and grows) with units allowed to split, which also yields the bound; whole units around that structure; then
neighbourhoods of a few schools at a time around the best plan, everything else held.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from simulator.model.compile import Compiled
from simulator.model.declare import Model
from simulator.model.neighbourhoods import Neighbourhoods
from simulator.model.problem import FloatArray
from simulator.model.solve import Limits, Listener, Progress, Solved, relative_gap, solve

# Whole-number decisions up to which the solver does better alone (measured on the demonstration districts).
_SMALL = 1_500
# Shares of the time for the structure, for whole units around it, and for one neighbourhood.
_STRUCTURE, _DIVE, _NEIGHBOURHOOD = 0.3, 0.2, 0.08
# A unit that the relaxed plan sends this surely to one school is held there while the others are made whole.
_SURE = 0.999
# Neighbourhoods without improvement after which the rest of the time goes to the whole model.
_PATIENCE = 24


@dataclass
class Search:
    """One search: the model, its arrays, limits, and how to tell of progress and be stopped.

    The best plan and bound so far are kept here while the search runs.
    """

    model: Model
    compiled: Compiled
    limits: Limits
    listener: Listener | None = None
    stopped: Callable[[], bool] = lambda: False
    best: FloatArray | None = None
    objective: float = float("inf")
    bound: float = -float("inf")
    nodes_used: int = 0
    infeasible: bool = False
    began: float = field(default_factory=time.perf_counter)

    def run(self, start: FloatArray | None = None) -> Solved:
        """Find a plan and a bound within the limits, from `start` where one is given."""
        if start is not None:
            self._offer(start)
        if int(self.compiled.whole.sum()) <= _SMALL:
            self._solve(self.compiled, 1.0, bounds=True)
        else:
            self._in_steps()
        return self._result()

    def _in_steps(self) -> None:
        structure = self._solve(self._with_split_units(), _STRUCTURE, bounds=True)
        if not len(structure.values):
            # The relaxation has no plan (a proof), or none was found in time: the whole model decides.
            self._solve(self.compiled, 1.0, bounds=True)
            return
        self._make_whole(structure.values)
        self._improve()

    def _with_split_units(self) -> Compiled:
        whole = self.compiled.whole.copy()
        whole[self._columns("assigned")] = 0
        whole[self._columns("classes")] = 0
        return replace(self.compiled, whole=whole)

    def _make_whole(self, relaxed: FloatArray) -> None:
        """Hold the structure and the sure units, make the others whole, then free the structure's class counts."""
        lower, upper = self.compiled.lower.copy(), self.compiled.upper.copy()
        for family in ("open", "size", "added_rooms", "converted"):
            columns = self._columns(family)
            lower[columns] = upper[columns] = np.round(relaxed[columns])
        held = replace(self._with_split_units(), lower=lower, upper=upper)
        polished = self._solve(held, _NEIGHBOURHOOD, offer=False)
        assigned = self._columns("assigned")
        assigned = assigned[self.compiled.whole[assigned] == 1]
        values = polished.values if len(polished.values) else relaxed
        sure = assigned[values[assigned] > _SURE]
        dive_lower = lower.copy()
        dive_lower[sure] = 1
        whole = self.compiled.whole.copy()
        whole[self._columns("classes")] = 0
        dived = self._solve(replace(held, lower=dive_lower, whole=whole), _DIVE, offer=False)
        if not len(dived.values):
            dived = self._solve(replace(held, whole=whole), _DIVE, offer=False)
        if not len(dived.values):
            return
        lower[assigned] = upper[assigned] = np.round(dived.values[assigned])
        self._solve(replace(self.compiled, lower=lower, upper=upper), _NEIGHBOURHOOD)

    def _improve(self) -> None:
        """Free a few schools and the units around them at a time; stop when nothing improves for long."""
        if self.best is None:
            self._solve(self.compiled, 1.0, bounds=True)
            return
        around = Neighbourhoods(self.model, self.compiled, self.limits.seed)
        failures = 0
        while failures < _PATIENCE and not self._done():
            lower, upper = around.bounds(self.best)
            before = self.objective
            self._solve(replace(self.compiled, lower=lower, upper=upper), _NEIGHBOURHOOD)
            improved = before - self.objective > 1e-6 * abs(before)
            failures = 0 if improved else failures + 1
            around.learn(improved=improved)
        if not self._done():
            self._solve(self.compiled, 1.0, bounds=True)

    def _columns(self, family: str) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        decisions = getattr(self.model.variables, family).values()
        position = self.compiled.position
        return np.array([position[d.name] for d in decisions if not isinstance(d, int)], dtype=np.int64)

    def _left(self) -> float:
        return self.limits.seconds - (time.perf_counter() - self.began)

    def _done(self) -> bool:
        if self.stopped() or relative_gap(self.objective, self.bound) <= self.limits.gap:
            return True
        if self.limits.nodes is not None:
            return self.nodes_used >= self.limits.nodes
        return self._left() <= 0

    def _solve(self, part: Compiled, share: float, *, bounds: bool = False, offer: bool = True) -> Solved:
        """Solve a part of the model within a share of the limits; `bounds` where it is a relaxation of the whole."""
        nodes = None if self.limits.nodes is None else max(1, int(self.limits.nodes * share))
        seconds = max(0.0, min(self._left(), self.limits.seconds * share))
        limits = replace(self.limits, seconds=seconds, nodes=nodes, gap=self._stop_gap(share))
        start = self.best if offer else None
        solved = solve(part, limits, start, self._told if self.listener else None, self.stopped)
        self.nodes_used += nodes or 0
        if bounds:
            self.bound = max(self.bound, solved.bound)
            self.infeasible |= solved.status == "infeasible"
        if offer and len(solved.values) and not self._is_relaxed(part):
            self._offer(solved.values)
        return solved

    def _stop_gap(self, share: float) -> float:
        """The whole model stops at the gap asked for; a part is solved closer, or its plan could not improve."""
        return self.limits.gap if share == 1.0 else self.limits.gap / 20

    def _is_relaxed(self, part: Compiled) -> bool:
        return bool((part.whole < self.compiled.whole).any())

    def _offer(self, values: FloatArray) -> None:
        """Keep a plan where it satisfies the model and is better than the best so far."""
        compiled = self.compiled
        activity = compiled.matrix @ values
        tolerance = 1e-5 * (1 + np.abs(activity))
        fits = (
            (activity >= compiled.row_lower - tolerance).all()
            and (activity <= compiled.row_upper + tolerance).all()
            and (values >= compiled.lower - 1e-6).all()
            and (values <= compiled.upper + 1e-6).all()
        )
        objective = float(compiled.cost @ values + compiled.offset)
        if fits and objective < self.objective:
            self.best, self.objective = values, objective
            self._tell()

    def _told(self, _progress: Progress) -> None:
        self._tell()

    def _tell(self) -> None:
        if self.listener is not None:
            self.listener(Progress(time.perf_counter() - self.began, self.objective, self.bound))

    def _result(self) -> Solved:
        found = self.best is not None
        if self.stopped():
            status = "interrupted"
        elif self.infeasible and not found:
            status = "infeasible"
        elif found and relative_gap(self.objective, self.bound) <= self.limits.gap:
            status = "optimal"
        else:
            status = "work_limit" if self.limits.nodes is not None else "time_limit"
        return Solved(
            status=status,
            values=self.best if self.best is not None else np.empty(0),
            objective=self.objective,
            bound=self.bound,
            seconds=time.perf_counter() - self.began,
        )
