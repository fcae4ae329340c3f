"""The plan: whole units around a structure, then neighbourhoods of a few schools, everything else held."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import replace

import numpy as np

from simulator.model.compile import Compiled
from simulator.model.connection import Connection
from simulator.model.declare import Model
from simulator.model.incumbent import Incumbent
from simulator.model.neighbourhoods import Neighbourhoods
from simulator.model.parts import Arrays, Mask, with_rows
from simulator.model.problem import FloatArray, IntArray
from simulator.model.prove import Prover
from simulator.model.solve import Limits, OutOfTimeError, Relaxed, Solved, solve, solve_relaxed

# Shares of the time for whole units around a structure, for one neighbourhood, and for the last step, which leaves
# no work in the plan that saves nothing.
_DIVE, _NEIGHBOURHOOD, _TIDY = 0.3, 0.07, 0.05
# Longest seconds of a neighbourhood, however long the search.
_LONGEST = 8.0
# Share of the time spent on structures; the rest goes to neighbourhoods.
_STRUCTURES = 0.3
# Gap of the first plan, which only has to be there, and its share of the time; how much closer than the whole a
# neighbourhood is solved, and within what.
_FIRST_GAP, _FIRST = 0.02, 0.2
_CLOSER, _FINEST, _COARSEST = 20, 1e-5, 5e-5
# Seconds that a part gets at least, so that the last one is not cut off before it begins.
_LEAST_SECONDS = 0.5
# The relaxed plan uses an assignment that has more than this share.
_USED = 1e-4
# A unit belongs to the school that serves more than this share of it today.
_MOSTLY = 0.5
# Share of the time for another structure, neighbourhoods in vain after which it is left, and how far above the best
# plan it may be by half of the time.
_ELSEWHERE, _BRIEFLY, _FAR = 0.12, 8, 0.004
# A neighbourhood is solved quickly in less than this share of its time.
_QUICK = 0.3
# Neighbourhoods without improvement after which all assignments are freed at once, the cheapest so many of them.
_PATIENCE, _POLISHED = 15, 4_000
# How whole units are made around a relaxed plan: units that it sends to one school by more than this share are held
# there, and of the assignments that it leaves out so many of the cheapest are left; the next way is tried where the
# plan costs more than this share above the relaxed one.
_KERNELS, _GOOD = ((0.8, 0), (0.999, 0), (1.1, 3_000)), 0.03
# Gap to which units are made whole: the neighbourhoods do the rest.
_DIVE_GAP = 0.0025
# Steps between two looks at classes and works.
_TIDIED = 6
# Rounds of rows for stray units in one part; of so many neighbourhoods one is solved with them, the others only let
# catchments grow and shrink around the plan.
_ROUNDS, _EXACT = 4, 3
# Neighbourhoods solved at once when the proof is done: the cores of an office machine, whatever the machine.
_AT_ONCE = 2
# Pairs of neighbourhoods under a limit of work.
_PAIRS = 12
# Seconds between two looks at what the proof has found.
_LOOK = 0.05


class Improver:
    """Finds plans.

    Parameters
    ----------
    model, arrays, connection, incumbent
        The model, its arrays, rows of connected catchments, the best plan.
    around
        Draws neighbourhoods.
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
        near = connection.rows(connection.ground.near_cuts())
        self._near = (arrays.matrix_of(near), np.array([row.most for row in near]))
        self._tried: set[bytes] = set()
        self._seen: list[FloatArray] = []
        self.stale = self._steps = 0
        cost = arrays.compiled.cost[around.assigned]
        self._mean_cost = float(cost[model.problem.whole_pairs].mean()) if model.problem.whole_pairs.any() else 0.0
        near = connection.rows(connection.ground.near_cuts())
        self._near = (arrays.matrix_of(near), np.array([row.most for row in near]))

    def run(self, prover: Prover, proven: Callable[[], bool]) -> None:
        """Search until the time is over: structures as the proof finds them, neighbourhoods in between.

        When the structure is proven both cores search; when neighbourhoods no longer help, one tries the whole model.
        """
        best = self._incumbent
        self.begin()
        spent, whole = 0.0, None
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            while not best.over and best.left > _TIDY * best.limits.seconds:
                structures = prover.structures() if spent <= _STRUCTURES * best.seconds else []
                if structures:
                    before = best.seconds
                    self.around_structure(structures[-1])
                    spent += best.seconds - before
                elif best.values is None:
                    if proven() and whole is None and not prover.infeasible:
                        whole = pool.submit(prover.whole)
                    elif proven() and (whole is None or whole.done()):
                        return
                    time.sleep(_LOOK)
                elif self.stale >= _PATIENCE:
                    self._polish()
                    if proven() and not self._elsewhere(prover, pool) and whole is None:
                        whole = pool.submit(prover.whole)
                else:
                    alone = proven() and (whole is None or whole.done())
                    waits = self._tried_none and not proven()
                    self.step(pool, _AT_ONCE if alone else 1, prover.has_structures if waits else None)
        self.finish()

    def _elsewhere(self, prover: Prover, pool: Executor) -> bool:
        """Search around another structure for a while, from a plan of its own; the better of the two plans stays.

        Returns
        -------
        bool
            Whether there is another structure that may be better.
        """
        best = self._incumbent
        if best.values is None:
            return False
        best.tell("elsewhere")
        found = prover.another([*self._seen, best.values])
        if found is None:
            return False
        self._seen.append(found)
        seconds = min(best.left, _ELSEWHERE * best.limits.seconds)
        branch = Incumbent(
            self._arrays, self._connection, replace(best.limits, seconds=seconds, gap=0.0), None, best.stopped
        )
        other = Improver(self._model, self._arrays, self._connection, branch, self._around)
        other.around_structure(found)
        while branch.values is not None and not branch.over and other.stale < _BRIEFLY:
            other.step(pool, _AT_ONCE)
            if branch.objective > best.objective * (1 + _FAR) and branch.left < seconds / 2:
                break
        if branch.values is not None:
            best.offer(branch.values)
        return True

    @property
    def _tried_none(self) -> bool:
        return not self._tried

    def begin(self) -> None:
        """A first plan at once: every unit stays at its school of today, unless that must close."""
        best = self._incumbent
        problem, position = self._model.problem, self._arrays.compiled.position
        if best.values is not None or not (problem.today > _MOSTLY).any():
            return
        best.tell("today")
        compiled = self._arrays.everything()
        lower, upper = compiled.lower.copy(), compiled.upper.copy()
        closing = {entry.section for entry in problem.requirements if entry.kind == "closed"}
        opening = {entry.section for entry in problem.requirements if entry.kind == "open"}
        for (section, _), term in self._model.variables.open.items():
            if isinstance(term, int | float):
                continue
            if problem.sections[section].existing and section not in closing:
                lower[position[term.name]] = 1
            elif section not in opening:
                upper[position[term.name]] = 0
        served = problem.whole_pairs & (problem.today > _MOSTLY)
        served &= ~np.isin(problem.pair_section, list(closing))
        base = np.zeros(len(lower))
        base[self._around.assigned[served]] = 1
        # The fewest changes that keep the rules, whatever they cost; then everything else at its cost.
        held = self._growing(replace(compiled, lower=lower, upper=upper), base)
        nearest = self._solve(replace(held, cost=self._distance(base), offset=0.0), _FIRST, _FIRST_GAP)
        if len(nearest.values):
            self._offer_around(held, nearest.values, _FIRST_GAP)

    def _offer_around(self, compiled: Compiled, values: FloatArray, gap: float) -> float:
        """Offer the plan with the whole units of some values and the rest at its cost; its objective."""
        assigned = self._columns("assigned")
        assigned = assigned[compiled.whole[assigned] == 1]
        lower, upper = compiled.lower.copy(), compiled.upper.copy()
        lower[assigned] = upper[assigned] = np.round(values[assigned])
        solved = self._solve(replace(compiled, lower=lower, upper=upper), _NEIGHBOURHOOD, gap)
        if len(solved.values):
            self._incumbent.offer(solved.values)
        return solved.objective

    def _growing(self, held: Compiled, base: FloatArray) -> Compiled:
        """The arrays with rows that keep catchments connected as they grow and shrink around a plan."""
        rows = self._connection.growing_rows(base, range(len(self._model.problem.sections)))
        return with_rows(held, self._arrays.matrix_of(rows), np.array([row.most for row in rows]))

    def _distance(self, base: FloatArray) -> FloatArray:
        """Children of every whole unit that an assignment takes from a plan."""
        problem, cost = self._model.problem, np.zeros(len(base))
        for phase, data in enumerate(problem.phases):
            children = problem.phase_children(data)[problem.pair_block] + problem.prices.empty
            cost[self._around.assigned[:, phase]] = np.where(problem.whole_pairs, children, 0.0)
        return np.where(base < _MOSTLY, cost, 0.0)

    def around_structure(self, relaxed: FloatArray) -> None:
        """Hold what opens, closes and grows in a relaxed plan, and make every unit whole around it."""
        key = np.round(relaxed[self._around.structure]).astype(np.int8).tobytes()
        if key in self._tried:
            return
        self._tried.add(key)
        self._incumbent.tell("structure")
        self._make_whole(self._growing(self._arrays.everything(), relaxed), relaxed)

    def _make_whole(self, compiled: Compiled, relaxed: FloatArray) -> None:
        """Whole units, then whole class counts, around what opens, closes and grows in a relaxed plan."""
        held = self._around.structure
        lower, upper = compiled.lower.copy(), compiled.upper.copy()
        lower[held] = upper[held] = np.clip(np.round(relaxed[held]), lower[held], upper[held])
        part = replace(compiled, lower=lower, upper=upper)
        shares = self._relaxed(part)
        if shares is None or shares.objective >= self._incumbent.objective:
            return
        whole = compiled.whole.copy()
        whole[self._columns("classes")] = 0
        for sure, cheap in _KERNELS:
            low, high = self._kernel(shares, lower, upper, sure, cheap)
            dived = self._solve(replace(part, lower=low, upper=high, whole=whole), _DIVE, _DIVE_GAP)
            found = self._offer_around(part, dived.values, self._fine) if len(dived.values) else np.inf
            self._tidy(_TIDY)
            if found <= shares.objective * (1 + _GOOD):
                return

    def _kernel(
        self, shares: Relaxed, lower: FloatArray, upper: FloatArray, sure: float, cheap: int
    ) -> tuple[FloatArray, FloatArray]:
        """Bounds that hold sure units at their school and leave the others the schools that share them.

        A school counts for a unit in every phase as soon as it serves a part of it in one; the cheapest further
        assignments of the relaxed plan are left too.
        """
        lower, upper = lower.copy(), upper.copy()
        table, whole = self._around.assigned, self._model.problem.whole_pairs
        used = (shares.values[table] > _USED).any(axis=1)
        out = table[whole & ~used].ravel()
        if cheap and len(out):
            costs = shares.reduced_costs[out]
            out = out[costs > np.sort(costs)[min(cheap, len(costs) - 1)]]
        upper[out] = lower[out]
        columns = table[whole].ravel()
        lower[columns[shares.values[columns] > sure]] = 1
        # Children who choose freely stay as the relaxed plan has them: the units are hard enough by themselves.
        chosen = table[~whole].ravel()
        lower[chosen] = upper[chosen] = np.clip(shares.values[chosen], lower[chosen], upper[chosen])
        return lower, np.maximum(lower, upper)

    def _polish(self) -> None:
        """What opens, closes and grows is held; of all assignments those that the relaxed plan counts cheap are free."""
        best, self.stale = self._incumbent, 0
        base = best.values
        if base is None:
            return
        best.tell("polish")
        held = self._around.structure
        compiled = with_rows(self._arrays.everything(), *self._near)
        lower, upper = compiled.lower.copy(), compiled.upper.copy()
        lower[held] = upper[held] = base[held]
        relaxed = self._relaxed(replace(compiled, lower=lower, upper=upper))
        if relaxed is None or relaxed.objective >= best.objective:
            return
        assigned = self._around.assigned[self._model.problem.whole_pairs].ravel()
        costs = np.where(relaxed.values[assigned] > _USED, 0.0, relaxed.reduced_costs[assigned])
        dear = assigned[costs > np.sort(costs)[min(_POLISHED, len(costs) - 1)]]
        free = ~held
        free[dear[base[dear] < _MOSTLY]] = False
        limits = replace(self._limits(_DIVE), seconds=max(_LEAST_SECONDS, min(best.left, _DIVE * best.limits.seconds)))
        values, _ = self._grown(base, free, range(len(self._model.problem.sections)), limits, best.stopped)
        if values is not None:
            best.offer(values)

    def neighbourhoods(self) -> None:
        """Solve a fixed number of neighbourhoods, two at a time."""
        if self._incumbent.values is None:
            return
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            for _pair in range(_PAIRS):
                if self._incumbent.over:
                    return
                self.step(pool, _AT_ONCE)

    def step(self, pool: Executor, count: int, unless: Callable[[], bool] | None = None) -> None:
        """Solve neighbourhoods without a common decision at once, and keep all their changes, or the best one.

        Stops early as soon as `unless` says so.
        """
        best = self._incumbent
        base = best.values
        if base is None:
            return
        best.tell("neighbourhoods")
        limits = self._limits(_NEIGHBOURHOOD)
        began = time.perf_counter()
        drawn = self._around.draw(base, count)
        self._steps += 1
        exact = not self._connection.asked or self._steps % _EXACT == 0
        solve_one = self._improved if exact else self._grown
        stopped = best.stopped if unless is None else (lambda: best.stopped() or unless())
        found = list(pool.map(lambda item: solve_one(base, item[0], item[1], limits, stopped), drawn))
        changes = [values - base for values, _ in found if values is not None]
        before = best.objective
        if len(changes) > 1:
            best.offer(base + np.sum(changes, axis=0))
        for change in changes:
            best.offer(base + change)
        quickly = time.perf_counter() - began < _QUICK * limits.seconds
        finished, improved = all(done for _, done in found), best.objective < before
        self._around.learn(finished=finished, quickly=quickly, improved=improved)
        self.stale = 0 if improved else self.stale + 1
        if self._steps % _TIDIED == 0:
            self._tidy(_TIDY)

    def _grown(
        self, base: FloatArray, free: Mask, sections: Iterable[int], limits: Limits, stopped: Callable[[], bool]
    ) -> tuple[FloatArray | None, bool]:
        """A better plan whose catchments grow and shrink around the present ones, and whether it is the best such."""
        rows = self._connection.growing_rows(base, sections)
        extra = (self._arrays.matrix_of(rows), np.array([row.most for row in rows]))
        part = self._arrays.part(base, free, extra)
        solved = solve(part.compiled, limits, base[part.free], None, stopped)
        better = len(solved.values) and solved.objective < self._objective(base)
        return (part.whole(solved.values) if better else None), solved.status == "optimal"

    def _improved(
        self, base: FloatArray, free: Mask, sections: Iterable[int], limits: Limits, stopped: Callable[[], bool]
    ) -> tuple[FloatArray | None, bool]:
        """A better plan in a neighbourhood, connected by rows as they are needed, and whether it is the best one."""
        sections = list(sections)
        latest = time.perf_counter() + limits.seconds
        for _round in range(_ROUNDS):
            limits = replace(limits, seconds=latest - time.perf_counter())
            if limits.nodes is None and limits.seconds <= 0:
                break
            part = self._arrays.part(base, free, self._near)
            solved = solve(part.compiled, limits, base[part.free], None, stopped)
            done = solved.status == "optimal"
            if not len(solved.values) or solved.objective >= self._objective(base):
                return None, done
            full = part.whole(np.where(part.compiled.whole == 1, np.round(solved.values), solved.values))
            rows = self._connection.violated(full, sections)
            if not rows:
                return full, done
            if not self._arrays.add(rows):
                break
        return None, False

    def finish(self) -> None:
        """Catchments held, work out classes and works to the end: no work is left in the plan that saves nothing."""
        best = self._incumbent
        if best.values is None or best.stopped():
            return
        best.tell("tidy")
        self._tidy(_TIDY)

    def _tidy(self, share: float) -> None:
        """Catchments and schools held, everything else at its best."""
        best = self._incumbent
        if best.values is None:
            return
        free = np.ones(len(best.values), dtype=bool)
        free[np.concatenate([self._columns("assigned"), self._columns("open")])] = False
        part = self._arrays.part(best.values, free)
        solved = solve(part.compiled, self._limits(share), part.base[part.free], None, best.stopped)
        if len(solved.values):
            best.offer(part.whole(solved.values))

    def _relaxed(self, compiled: Compiled) -> Relaxed | None:
        """The arrays without integrality; None where they have no solution, or time is short."""
        limits = self._incumbent.limits
        try:
            return solve_relaxed(compiled, np.inf if limits.nodes is not None else self._incumbent.left)
        except OutOfTimeError:
            return None

    def _objective(self, values: FloatArray) -> float:
        compiled = self._arrays.compiled
        return float(compiled.cost @ values + compiled.offset)

    @property
    def _fine(self) -> float:
        return max(_FINEST, min(self._incumbent.limits.gap / _CLOSER, _COARSEST))

    def _limits(self, share: float) -> Limits:
        """Limits of a part of the search."""
        limits = self._incumbent.limits
        nodes = None if limits.nodes is None else max(1, int(limits.nodes * share))
        seconds = min(limits.seconds * share, self._incumbent.left)
        return replace(limits, seconds=max(_LEAST_SECONDS, seconds), nodes=nodes, gap=self._fine)

    def _solve(self, part: Compiled, share: float, gap: float) -> Solved:
        limits = self._incumbent.limits
        nodes = None if limits.nodes is None else max(1, int(limits.nodes * share))
        seconds = max(_LEAST_SECONDS, min(self._incumbent.left, limits.seconds * share))
        limits = replace(limits, seconds=seconds, nodes=nodes, gap=gap)
        return solve(part, limits, None, None, self._incumbent.stopped)

    def _columns(self, family: str) -> IntArray:
        decisions = getattr(self._model.variables, family).values()
        position = self._arrays.compiled.position
        return np.array([position[d.name] for d in decisions if not isinstance(d, int | float)], dtype=np.int64)
