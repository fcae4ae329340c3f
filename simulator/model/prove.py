"""The proof: relaxations of the whole model, each a valid bound wherever it is stopped."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np

from simulator.model.compile import Compiled
from simulator.model.connection import Connection
from simulator.model.declare import Model
from simulator.model.incumbent import Incumbent
from simulator.model.parts import Arrays, Row, with_rows
from simulator.model.problem import FloatArray, IntArray
from simulator.model.solve import Exchange, OutOfTimeError, Relaxed, Solved, solve, solve_relaxed

# Share of the time for rounds of rows on the relaxation, and how much the bound must still rise in one.
_ROUNDS, _RISES = 0.1, 1e-5
# A row is added where the relaxation breaks it by more than this share of a unit.
_BROKEN = 0.05
# A column is out when even its least cost above the bound passes the best plan; rounding of the solver is kept off.
_SAFE = 1e-6
# A decision is clear in the relaxation within this of a whole number; share of the time and gap of the plan around it.
_CLEARLY, _FIRST, _FIRST_GAP = 0.01, 0.1, 0.01
# Decisions in which another structure differs at least; a 0/1 decision is taken above this value.
_DISTANCE, _HALF = 2, 0.5
# Share of the time that the structure gets before the whole model is tried.
_STRUCTURE = 0.7


class Prover:
    """Raises the bound.

    Parameters
    ----------
    model, arrays, connection
        The model, its arrays, and the rows of connected catchments.
    incumbent
        Given bounds; holds the best plan.
    """

    def __init__(self, model: Model, arrays: Arrays, connection: Connection, incumbent: Incumbent) -> None:
        self._model, self._arrays, self._connection, self._incumbent = model, arrays, connection, incumbent
        self._lock = threading.Lock()
        self._structures: list[FloatArray] = []
        self._root: Relaxed | None = None
        self.infeasible = False

    def run(self, *, small: bool) -> None:
        """Relax, fix what cannot be in a better plan, and search structures; a small model is tried whole at once."""
        if small:
            self.whole()
        else:
            self.structure()

    def has_structures(self) -> bool:
        """Whether a relaxed plan was found since the last call of `structures`."""
        return bool(self._structures)

    @property
    def root(self) -> Relaxed | None:
        """The relaxation, where it was solved."""
        return self._root

    def structures(self) -> list[FloatArray]:
        """Relaxed plans found since the last call, best last."""
        with self._lock:
            found, self._structures = self._structures, []
        return found

    def structure(self) -> None:
        """The structure with units allowed to split and classes in fractions."""
        self._incumbent.tell("bound")
        try:
            relaxed = self._relaxed()
        except OutOfTimeError:
            return
        if relaxed is None:
            return
        self._incumbent.raise_bound(relaxed.objective)
        if self._incumbent.over:
            return
        self._root = relaxed
        part = self._split(self._without(self._arrays.everything()))
        first = self._near_relaxed(part, relaxed)
        solved = self._solve(part, _STRUCTURE, self._incumbent.limits.gap / 2, start=first, found=self._keep)
        if len(solved.values):
            self._keep(solved.values)

    def another(self, tried: Iterable[FloatArray]) -> FloatArray | None:
        """A good structure that differs from those tried in two decisions at least; None where none can be better.

        Parameters
        ----------
        tried
            Plans whose structure is known.
        """
        part = self._split(self._without(self._arrays.everything()))
        free = np.flatnonzero((part.whole == 1) & (part.lower < part.upper) & (part.upper <= 1))
        rows = [_differs(free, values) for values in tried]
        part = with_rows(part, self._arrays.matrix_of(rows), np.array([row.most for row in rows]))
        solved = self._solve(part, _FIRST, _FIRST_GAP / 2, bounds=False)
        better = len(solved.values) and solved.objective < self._incumbent.objective
        return solved.values if better else None

    def _near_relaxed(self, part: Compiled, relaxed: Relaxed) -> FloatArray | None:
        """A first structure: what the relaxation decides clearly is held."""
        columns = np.flatnonzero(part.whole == 1)
        decided = columns[np.abs(relaxed.values[columns] - np.round(relaxed.values[columns])) < _CLEARLY]
        lower, upper = part.lower.copy(), part.upper.copy()
        lower[decided] = upper[decided] = np.clip(np.round(relaxed.values[decided]), lower[decided], upper[decided])
        solved = self._solve(replace(part, lower=lower, upper=upper), _FIRST, _FIRST_GAP, bounds=False)
        if not len(solved.values):
            return None
        self._keep(solved.values)
        return solved.values

    def whole(self) -> None:
        """The whole model, with rows for stray units as long as plans have any."""
        while True:
            part = self._without(self._arrays.everything())
            solved = self._solve(part, 1.0, self._incumbent.limits.gap, start=self._incumbent.values)
            self._incumbent.raise_bound(solved.bound)  # the last log line may come before it
            self.infeasible |= solved.status == "infeasible"
            if not len(solved.values) or self._incumbent.offer(solved.values) or self._incumbent.over:
                return
            self._keep(solved.values)  # not connected: its structure may still be good
            if not self._arrays.add(self._connection.violated(np.round(solved.values))):
                return

    def _keep(self, values: FloatArray) -> None:
        with self._lock:
            self._structures.append(values)

    def _solve(
        self,
        part: Compiled,
        share: float,
        gap: float,
        *,
        start: FloatArray | None = None,
        bounds: bool = True,
        found: Callable[[FloatArray], None] = lambda _values: None,
    ) -> Solved:
        best, limits = self._incumbent, self._incumbent.limits
        nodes = None if limits.nodes is None else max(1, int(limits.nodes * share))
        seconds = max(0.5, min(best.left, limits.seconds * share))
        exchange = Exchange(
            found=found,
            bounded=best.raise_bound if bounds else (lambda _bound: None),
            offered=best.better_than if limits.nodes is None else (lambda _objective: None),
        )
        return solve(
            part,
            replace(limits, seconds=seconds, nodes=nodes, gap=gap),
            start,
            exchange,
            lambda: best.stopped() or best.proven,
        )

    def _relaxed(self) -> Relaxed | None:
        """The relaxation, with rows of connected catchments where it breaks them."""
        best = self._incumbent
        near = self._connection.rows(self._connection.ground.near_cuts())
        matrix = self._arrays.matrix_of(near)
        left = np.ones(len(near), dtype=bool)
        relaxed = solve_relaxed(self._arrays.everything(), self._seconds)
        if relaxed is None:
            self.infeasible = True
            return None
        while len(near) and (best.limits.nodes is not None or best.seconds < _ROUNDS * best.limits.seconds):
            broken = left & (np.asarray(matrix @ relaxed.values) > _BROKEN)
            if not broken.any():
                break
            left &= ~broken
            self._arrays.add([near[code] for code in np.flatnonzero(broken)])
            again = solve_relaxed(self._arrays.everything(), self._seconds)
            if again is None:
                self.infeasible = True
                return None
            rose = again.objective - relaxed.objective
            relaxed = again
            best.raise_bound(relaxed.objective)
            if rose < _RISES * abs(relaxed.objective):
                break
        return relaxed

    @property
    def _seconds(self) -> float:
        """Seconds left; no limit where work is limited instead."""
        return np.inf if self._incumbent.limits.nodes is not None else max(self._incumbent.left, 0.0)

    def _without(self, part: Compiled) -> Compiled:
        """Without the columns that no better plan can hold: their reduced cost passes the gap."""
        relaxed = self._root
        room = self._incumbent.objective - relaxed.objective if relaxed is not None else np.inf
        if relaxed is None or not np.isfinite(room):
            return part
        out = (relaxed.reduced_costs > room * (1 + _SAFE)) & (part.lower == 0) & (relaxed.values < _SAFE)
        out &= part.whole == 1
        return replace(part, upper=np.where(out, 0.0, part.upper))

    def _split(self, part: Compiled) -> Compiled:
        """The arrays in which units split and classes are fractions."""
        whole = part.whole.copy()
        whole[self._columns("assigned")] = 0
        whole[self._columns("classes")] = 0
        return replace(part, whole=whole)

    def _columns(self, family: str) -> IntArray:
        decisions = getattr(self._model.variables, family).values()
        position = self._arrays.compiled.position
        return np.array([position[d.name] for d in decisions if not isinstance(d, int | float)], dtype=np.int64)


def _differs(columns: IntArray, values: FloatArray) -> Row:
    """At least two of some 0/1 decisions differ from a plan: Σ_{1} (1 − y) + Σ_{0} y ≥ 2."""
    ones = values[columns] > _HALF
    return Row(
        tuple(columns.tolist()), tuple(np.where(ones, 1.0, -1.0).tolist()), float(np.count_nonzero(ones)) - _DISTANCE
    )
