"""The proof: relaxations of the whole model, each a valid bound wherever it is stopped."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np

from simulator.model.by_stage import apart, stages_of
from simulator.model.compile import Compiled
from simulator.model.first_order import bound_beside, relaxation_of
from simulator.model.incumbent import Incumbent
from simulator.model.lane import Lane, Shared
from simulator.model.parts import Row, with_rows
from simulator.model.problem import FloatArray, IntArray
from simulator.model.separation import torn_rows
from simulator.model.solve import Exchange, OutOfTimeError, Relaxed, Relaxing, Solved, solve
from simulator.terms import Stage

# Share of the time for rounds of rows on the relaxation, and how much the bound must still rise in one.
_ROUNDS, _RISES = 0.25, 3e-5
# Rows between neighbouring units below which separators of fractions are looked for too.
_FEW = 50
# A row is added where the relaxation breaks it by more than this share of a unit.
_BROKEN = 0.05
# A column is out when even its least cost above the bound passes the best plan; rounding of the solver is kept off.
_SAFE = 1e-6
# A first structure: step by step, what the relaxation has within this of a whole number is held.
_NEAR = (0.01, 0.1, 0.25, 0.51)
# Share of the time for what is left where that breaks a rule, and its gap.
_FIRST, _FIRST_GAP = 0.15, 0.001
# Share of the time and gap of another structure.
_ANOTHER, _ANOTHER_GAP = 0.15, 0.005
# Decisions in which another structure differs at least; a 0/1 decision is taken above this value.
_DISTANCE, _HALF = 2, 0.5
# Columns from which the relaxation is left to a first-order method, unless it is known where a like one stands; seconds
# that the method waits for a plan to start from.
_LARGE, _WAITS, _LOOK = 65_000, 20.0, 0.05
# Rules whose rows seldom bind the relaxation: it does without them.
_SELDOM = ("build_before_close_", "largest_campus_")
# Share of the time between two structures of the first-order method, and how near its bound is to the plan by then.
_SPELL, _NEARLY = 0.15, 0.15
# Share of the time that the structure gets, of a single stage and of several, which are then solved one by one.
_ALONE, _STRUCTURE = 0.7, 0.3
# Seconds that must be left where a stage is begun: the solver does not look at its clock before it is through the root.
_THROUGH = 30.0


class Prover(Lane):
    """Raises the bound; parameters as of :class:`Lane`."""

    def __init__(self, shared: Shared, incumbent: Incumbent) -> None:
        super().__init__(shared, incumbent)
        self._lock = threading.Lock()
        self._structures: list[FloatArray] = []
        self.root: Relaxed | None = None
        """The relaxation, where it was solved."""
        self.infeasible = False
        self._latest = -np.inf
        self._first: FloatArray | None = None
        # The arrays of the relaxation, its rows in the order of its prices.
        self._relaxed_rows = shared.arrays.compiled

    def run(self, *, small: bool) -> None:
        """Relax, fix what cannot be in a better plan, and search structures; a small model is tried whole at once."""
        if small:
            self.whole()
        else:
            self.structure()

    def has_structures(self) -> bool:
        """Whether a relaxed plan was found since the last call of `structures`."""
        return bool(self._structures)

    def structures(self) -> list[FloatArray]:
        """Relaxed plans found since the last call, best last."""
        with self._lock:
            found, self._structures = self._structures, []
        return found

    def structure(self) -> None:
        """The structure with units allowed to split and classes in fractions."""
        self._incumbent.tell("bound")
        large = len(self._arrays.compiled.names) > _LARGE and self._arrays.stands is None
        if self._incumbent.limits.nodes is None and large:
            self._first_order()
            return
        try:
            relaxed = self._connected_relaxed()
        except OutOfTimeError:
            return
        if relaxed is None or self._incumbent.over:
            return
        self.root = relaxed
        part = self._split(self._without(self._relaxed_rows))
        several = len(self._stages) > 1 and self._in_time(_STRUCTURE)
        share = _STRUCTURE if several else _ALONE
        solved = self._proved(part, share, self._incumbent.limits.gap / 2, start=self._first, found=self._keep)
        if len(solved.values):
            self._keep(solved.values)
        if several:
            self._stage_by_stage(relaxed)

    def _in_time(self, share: float = 0.0) -> bool:
        """Whether a stage can still be begun after a share of the time."""
        limits = self._incumbent.limits
        return limits.nodes is not None or self._incumbent.left - share * limits.seconds >= _THROUGH

    @property
    def _stages(self) -> set[Stage]:
        return {section.stage for section in self._model.problem.sections}

    def _stage_by_stage(self, relaxed: Relaxed) -> None:
        """Each stage by itself with whole units, what stages share being priced as in the relaxation."""
        best = self._incumbent
        parted = apart(self._without(self._relaxed_rows), stages_of(self._model, self._arrays.compiled), relaxed)
        # The relaxation is that of each stage too.
        bounds = [
            float(stage.cost @ relaxed.values[columns])
            for stage, columns in zip(parted.stages, parted.columns, strict=True)
        ]
        units = np.array([stage.whole.sum() for stage in parted.stages], dtype=float)
        left = 1.0 if best.limits.nodes is not None else max(best.left / best.limits.seconds, 0.0)
        for code in np.argsort(-units, kind="stable").tolist():
            others = parted.constant + sum(bounds) - bounds[code]

            def told(bound: float, others: float = others) -> None:
                best.raise_bound(others + bound)

            if best.over or not self._in_time() or units[code] == 0:
                break
            share = left * units[code] / units.sum()
            stage = solve(
                parted.stages[code],
                self.limits(share),
                None,
                Exchange(bounded=told),
                lambda: best.stopped() or best.proven,
            )
            bounds[code] = max(bounds[code], stage.bound)
            told(bounds[code])

    def _first_order(self) -> None:
        """The relaxation by a first-order method, as long as there is time."""
        best = self._incumbent
        while best.values is None and not best.over and best.seconds < _WAITS:
            time.sleep(_LOOK)
        compiled = self._arrays.compiled
        kept = [code for code, name in enumerate(compiled.row_names) if not name.startswith(_SELDOM)]
        problem = relaxation_of(compiled, np.array(kept, dtype=np.int64))
        start = best.values if best.values is not None else np.clip(0.0, compiled.lower, compiled.upper)
        bound_beside(problem, start, self._told, lambda: best.over)

    def _told(self, bound: float, values: FloatArray) -> None:
        """A bound of the first-order method; now and then its values are a structure to try."""
        best = self._incumbent
        best.raise_bound(bound)
        if best.seconds > self._latest + _SPELL * best.limits.seconds and bound > (1 - _NEARLY) * best.objective:
            self._latest = best.seconds
            self._keep(values)

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
        part = with_rows(part, *self._arrays.as_rows(rows))
        solved = self._proved(part, _ANOTHER, _ANOTHER_GAP, bounds=False)
        better = len(solved.values) and solved.objective < self._incumbent.objective
        return solved.values if better else None

    def _near_relaxed(self, part: Compiled, relaxed: Relaxed) -> FloatArray | None:
        """A first structure: what the relaxation decides clearly is held, then what it decides less clearly.

        Each step starts where the one before stands, so all of them take a fraction of the relaxation's own time. The
        last one has nothing left to decide; where a step breaks a rule, the solver decides what is left before it.
        """
        columns = np.flatnonzero(part.whole == 1)
        relaxing, found = Relaxing(part, relaxed.basis), relaxed
        for near in _NEAR:
            values = np.clip(np.round(found.values[columns]), part.lower[columns], part.upper[columns])
            clear = np.abs(found.values[columns] - values) <= near
            relaxing.hold(columns[clear], values[clear])
            held = relaxing.solved(self._incumbent.patience)
            if held is None:
                return self._decided(part)
            found = held
            lower, upper = part.lower.copy(), part.upper.copy()
            lower[columns[clear]] = upper[columns[clear]] = values[clear]
            part = replace(part, lower=lower, upper=upper)
        self._arrays.stands = found.basis
        self._keep(found.values)
        return found.values

    def _decided(self, part: Compiled) -> FloatArray | None:
        """A structure of arrays in which little is left to decide; None where none was found in its time."""
        solved = self._proved(part, _FIRST, _FIRST_GAP, bounds=False)
        if not len(solved.values):
            return None
        self._keep(solved.values)
        return solved.values

    def whole(self) -> None:
        """The whole model, with rows for stray units as long as plans have any."""
        while True:
            part = self._without(self._arrays.everything())
            solved = self._proved(part, 1.0, self._incumbent.limits.gap, start=self._incumbent.values)
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

    def _proved(
        self,
        part: Compiled,
        share: float,
        gap: float,
        *,
        start: FloatArray | None = None,
        bounds: bool = True,
        found: Callable[[FloatArray], None] = lambda _values: None,
    ) -> Solved:
        best = self._incumbent
        exchange = Exchange(
            found=found,
            bounded=best.raise_bound if bounds else (lambda _bound: None),
            offered=best.better_than if best.limits.nodes is None else (lambda _objective: None),
        )
        return solve(part, self.limits(share, gap), start, exchange, lambda: best.stopped() or best.proven)

    def _connected_relaxed(self) -> Relaxed | None:
        """The relaxation, with rows of connected catchments where it breaks them; None where it has no solution."""
        best, near = self._incumbent, self._connection.near_rows
        self._relaxed_rows = self._arrays.everything()
        matrix, relaxing = self._shared.near[0], Relaxing(self._relaxed_rows, self._arrays.stands)
        held, least = dict[Row, None](), -np.inf
        while (relaxed := relaxing.solved(best.patience)) is not None:
            best.raise_bound(relaxed.objective)
            if not held:
                self.root, self._arrays.stands = relaxed, relaxed.basis
                self._first = self._near_relaxed(self._split(self._without(self._arrays.everything())), relaxed)
            rows = [near[code] for code in np.flatnonzero(np.asarray(matrix @ relaxed.values) > _BROKEN)]
            self._arrays.add(rows)
            # For this bound only: neighbourhoods make the rows that they need.
            # Where schools are given, the whole model soon says more than its relaxation.
            if len(rows) < _FEW and self._shared.opens:
                rows += torn_rows(self._connection, relaxed.values)
            rows = [row for row in dict.fromkeys(rows) if row not in held]
            rises = relaxed.objective - least >= _RISES * abs(relaxed.objective)
            late = best.limits.nodes is None and best.seconds >= _ROUNDS * best.limits.seconds
            if not rows or not rises or late:
                return relaxed
            least = relaxed.objective
            held |= dict.fromkeys(rows)
            relaxing.add(rows)
            self._relaxed_rows = with_rows(self._relaxed_rows, *self._arrays.as_rows(rows))
        self.infeasible = True
        return None

    def _without(self, part: Compiled) -> Compiled:
        """Without the columns that no better plan can hold: their reduced cost passes the gap."""
        relaxed = self.root
        room = self._incumbent.objective - relaxed.objective if relaxed is not None else np.inf
        if relaxed is None or not np.isfinite(room):
            return part
        out = (relaxed.reduced_costs > room * (1 + _SAFE)) & (part.lower == 0) & (relaxed.values < _SAFE)
        out &= part.whole == 1
        return replace(part, upper=np.where(out, 0.0, part.upper))

    def _split(self, part: Compiled) -> Compiled:
        """The arrays in which units split and classes are fractions."""
        whole = part.whole.copy()
        whole[self._shared.columns["assigned"]] = whole[self._shared.columns["classes"]] = 0
        return replace(part, whole=whole)


def _differs(columns: IntArray, values: FloatArray) -> Row:
    """At least two of some 0/1 decisions differ from a plan: Σ_{1} (1 − y) + Σ_{0} y ≥ 2."""
    ones = values[columns] > _HALF
    return Row(
        tuple(columns.tolist()), tuple(np.where(ones, 1.0, -1.0).tolist()), float(np.count_nonzero(ones)) - _DISTANCE
    )
