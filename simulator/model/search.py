"""The search for a good plan and a proven bound.

A model small enough is handed to the solver whole. A larger one is searched in steps: the *structure* (what opens,
closes and grows) with units allowed to split, which also yields the bound; whole units around that structure; then
neighbourhoods of a few schools at a time around the best plan, everything else held.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field, replace

import numpy as np

from simulator.model.compile import Compiled
from simulator.model.declare import Model
from simulator.model.neighbourhoods import Neighbourhoods, assigned_columns
from simulator.model.problem import FloatArray, IntArray
from simulator.model.solve import Limits, Listener, Progress, Solved, relative_gap, solve, solve_relaxed

# Whole-number decisions up to which the solver does better alone (measured on the demonstration districts).
_SMALL = 1_500
# Shares of the time for the structure, for whole units around it, and for one neighbourhood.
_STRUCTURE, _DIVE, _NEIGHBOURHOOD = 0.3, 0.2, 0.07
# The same for the last step, which leaves no work in the plan that saves nothing.
_TIDY = 0.05
# Neighbourhoods solved at once: two, the cores of an office machine, whatever the machine.
_AT_ONCE = 2
# Gap of the first plan, which only has to be there; and how much closer than the whole a neighbourhood is solved.
_FIRST_GAP, _CLOSER = 0.02, 20
# Share of the objective by which a plan has to be better to count as an improvement.
_IMPROVED = 1e-6
# Seconds that a part gets at least, so that the last one is not cut off before it begins.
_LEAST_SECONDS = 0.5
# A unit that the relaxed plan sends this surely to one school is held there while the others are made whole;
# the next, more careful value is tried where the rules leave no plan (seats for all when a school closes).
_SURE = (0.8, 0.999, 1.1)
# A school that serves less than this share of a unit in every phase is left out of that step.
_USED = 1e-4
# A unit belongs to the school that serves more than this share of it today.
_MOSTLY = 0.5
# Rows of whole units at a closing school: too weak to bind where units split.
_WHOLE_UNIT_ROWS = "build_before_close"
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

    def run(self) -> Solved:
        """Find a plan and a bound within the limits."""
        if int(self.compiled.whole.sum()) <= _SMALL:
            self._solve(self.compiled, 1.0, bounds=True)
        else:
            self._in_steps()
        return self._result()

    def _in_steps(self) -> None:
        self._from_today()
        structure = self._solve(self._with_split_units(), _STRUCTURE, gap=self.limits.gap / 2, bounds=True)
        if not len(structure.values):
            # The relaxation has no plan (a proof), or none was found in time: the whole model decides.
            self._solve(self.compiled, 1.0, bounds=True)
            return
        self._make_whole(structure.values)
        self._improve()

    def _from_today(self) -> None:
        """A first plan at once: every unit stays at its school of today, unless that must close."""
        problem, position = self.model.problem, self.compiled.position
        lower, upper = self.compiled.lower.copy(), self.compiled.upper.copy()
        closing = {entry.section for entry in problem.requirements if entry.kind == "closed"}
        for (section, _), term in self.model.variables.open.items():
            if not isinstance(term, int) and problem.sections[section].existing and section not in closing:
                lower[position[term.name]] = 1
        served = problem.whole_pairs & (problem.today > _MOSTLY)
        served &= ~np.isin(problem.pair_section, list(closing))
        for (pair, _), term in self.model.variables.assigned.items():
            if served[pair]:
                lower[position[term.name]] = 1
        self._solve(replace(self.compiled, lower=lower, upper=upper), _NEIGHBOURHOOD, gap=_FIRST_GAP)

    def _with_split_units(self) -> Compiled:
        """The relaxation in which units split and classes are fractions.

        Rows that bind only whole units at a closing school never bind here, and are left out.
        """
        whole = self.compiled.whole.copy()
        whole[self._columns("assigned")] = 0
        whole[self._columns("classes")] = 0
        kept = np.array([not name.startswith(_WHOLE_UNIT_ROWS) for name in self.compiled.row_names])
        return replace(
            self.compiled,
            whole=whole,
            matrix=self.compiled.matrix[kept],
            row_lower=self.compiled.row_lower[kept],
            row_upper=self.compiled.row_upper[kept],
            row_names=tuple(name for name, keep in zip(self.compiled.row_names, kept.tolist(), strict=True) if keep),
        )

    def _make_whole(self, relaxed: FloatArray) -> None:
        """Hold the structure, make every unit whole around it, then set whole class counts."""
        lower, upper = self.compiled.lower.copy(), self.compiled.upper.copy()
        held = self._columns("open")
        lower[held] = upper[held] = np.round(relaxed[held])
        shares = solve_relaxed(replace(self.compiled, lower=lower, upper=upper))
        if shares is None:
            return
        whole = self.compiled.whole.copy()
        whole[self._columns("classes")] = 0
        for sure in _SURE:
            kernel = self._kernel(shares, lower, upper, sure)
            part = replace(self.compiled, lower=kernel[0], upper=kernel[1], whole=whole)
            dived = self._solve(part, _DIVE, gap=self.limits.gap / 2)
            if len(dived.values):
                break
        else:
            return
        assigned = self._whole_columns()
        lower[assigned] = upper[assigned] = np.round(dived.values[assigned])
        self._solve(replace(self.compiled, lower=lower, upper=upper), _NEIGHBOURHOOD, gap=self.limits.gap / _CLOSER)

    def _kernel(
        self, shares: FloatArray, lower: FloatArray, upper: FloatArray, sure: float
    ) -> tuple[FloatArray, FloatArray]:
        """Bounds that hold sure units at their school and leave the others only the schools that share them.

        A school counts for a unit in every phase as soon as it serves a part of it in one.
        """
        lower, upper = lower.copy(), upper.copy()
        table = assigned_columns(self.model, self.compiled)
        whole = self.model.problem.whole_pairs
        used = (shares[table] > _USED).any(axis=1)
        upper[table[whole & ~used].ravel()] = 0
        columns = table[whole].ravel()
        lower[columns[shares[columns] > sure]] = 1
        # Children who choose freely stay as the relaxed plan has them: the units are hard enough by themselves.
        chosen = table[~whole].ravel()
        lower[chosen] = upper[chosen] = np.clip(shares[chosen], lower[chosen], upper[chosen])
        return lower, upper

    def _improve(self) -> None:
        """Free a few schools and the units around them at a time; stop when nothing improves for long."""
        if self.best is None:
            self._solve(self.compiled, 1.0, bounds=True)
            return
        around = Neighbourhoods(self.model, self.compiled, self.limits.seed)
        failures = 0
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            while failures < _PATIENCE and not self._done(_TIDY):
                before = self.objective
                finished = self._try_together(pool, around.bounds(self.best, _AT_ONCE))
                improved = before - self.objective > _IMPROVED * abs(before)
                failures = 0 if improved else failures + _AT_ONCE
                around.learn(improved=improved, finished=finished)
        if failures >= _PATIENCE and not self._done(_TIDY):
            self._solve(self.compiled, 1.0 - _TIDY, bounds=True)
        self._tidy()

    def _try_together(self, pool: Executor, bounds: list[tuple[FloatArray, FloatArray]]) -> bool:
        """Solve neighbourhoods without a common decision at once, and keep all their changes, or the best one.

        They are drawn in a fixed number whatever the machine, so that a run can be repeated exactly.

        Returns
        -------
        bool
            Whether all were solved to the end.
        """
        base = self.best
        if base is None:
            return True
        limits = self._share(_NEIGHBOURHOOD, self.limits.gap / _CLOSER)
        parts = [replace(self.compiled, lower=lower, upper=upper) for lower, upper in bounds]
        found = list(pool.map(lambda part: solve(part, limits, base, None, self.stopped), parts))
        changes = [one.values - base for one in found if len(one.values) and one.objective < self.objective]
        if changes:
            self._offer(base + np.sum(changes, axis=0))
        for change in changes:
            self._offer(base + change)
        self._tell()
        return all(one.status == "optimal" for one in found)

    def _tidy(self) -> None:
        """Catchments held, work out classes and works to the end: no work is left in the plan that saves nothing."""
        if self.best is None or self.stopped():
            return
        lower, upper = self.compiled.lower.copy(), self.compiled.upper.copy()
        held = np.concatenate([self._columns("assigned"), self._columns("open")])
        values = np.where(self.compiled.whole == 1, np.round(self.best), self.best)[held]
        lower[held] = upper[held] = np.clip(values, lower[held], upper[held])
        self._solve(replace(self.compiled, lower=lower, upper=upper), _TIDY, gap=self.limits.gap / _CLOSER)

    def _whole_columns(self) -> IntArray:
        assigned = self._columns("assigned")
        return np.asarray(assigned[self.compiled.whole[assigned] == 1])

    def _columns(self, family: str) -> IntArray:
        decisions = getattr(self.model.variables, family).values()
        position = self.compiled.position
        return np.array([position[d.name] for d in decisions if not isinstance(d, int)], dtype=np.int64)

    def _left(self) -> float:
        return self.limits.seconds - (time.perf_counter() - self.began)

    def _done(self, reserve: float = 0.0) -> bool:
        """Whether to stop, with a share of the time in reserve."""
        if self.stopped() or relative_gap(self.objective, self.bound) <= self.limits.gap:
            return True
        if self.limits.nodes is not None:
            return self.nodes_used >= self.limits.nodes
        return self._left() <= reserve * self.limits.seconds

    def _share(self, share: float, gap: float) -> Limits:
        """Limits of a part of the search, with its own gap; its nodes are counted as used."""
        nodes = None if self.limits.nodes is None else max(1, int(self.limits.nodes * share))
        self.nodes_used += nodes or 0
        seconds = max(_LEAST_SECONDS, min(self._left(), self.limits.seconds * share))
        return replace(self.limits, seconds=seconds, nodes=nodes, gap=gap)

    def _solve(self, part: Compiled, share: float, *, gap: float | None = None, bounds: bool = False) -> Solved:
        """Solve a part of the model within a share of the limits; `bounds` where it is a relaxation of the whole."""
        limits = self._share(share, self.limits.gap if gap is None else gap)
        solved = solve(part, limits, self.best, self._told if self.listener else None, self.stopped)
        if bounds:
            self.bound = max(self.bound, solved.bound)
            self.infeasible |= solved.status == "infeasible"
        if len(solved.values) and not self._is_relaxed(part):
            self._offer(solved.values)
        return solved

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
