"""The plan: whole units around a structure, then neighbourhoods of a few schools, everything else held."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from concurrent.futures import Executor, ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import replace

import numpy as np

from simulator.model.incumbent import Incumbent
from simulator.model.lane import Lane, Shared
from simulator.model.moves import Moves
from simulator.model.parts import Mask, with_rows
from simulator.model.problem import FloatArray
from simulator.model.prove import Prover
from simulator.model.solve import Limits, solve
from simulator.model.whole_units import WholeUnits

# Shares of the time for one neighbourhood, for all cheap assignments at once, and for the last step, which leaves no
# work in the plan that saves nothing.
_NEIGHBOURHOOD, _POLISH, _TIDY = 0.07, 0.3, 0.05
# Longest seconds of a neighbourhood, however long the search.
_LONGEST = 8.0
# Share of the time spent on structures; the rest goes to neighbourhoods.
_STRUCTURES = 0.3
# The relaxed plan uses an assignment that has more than this share.
_USED = 1e-4
# A unit belongs to the school that serves more than this share of it.
_MOSTLY = 0.5
# The solver makes the units of a structure whole too where the best plan is this share above the relaxed one.
_DIVED = 0.06
# Share of the time for another structure, neighbourhoods in vain after which it is left, and how far above the best
# plan it may be by half of the time.
_ELSEWHERE, _BRIEFLY, _FAR = 0.12, 8, 0.004
# A neighbourhood is solved quickly in less than this share of its time.
_QUICK = 0.3
# Neighbourhoods without improvement after which all assignments are freed at once, the cheapest so many of them.
_PATIENCE, _POLISHED = 15, 4_000
# Steps between two looks at classes and works.
_TIDIED = 6
# Steps between two times of moving units by chance.
_SHAKEN = 2
# Rounds of rows for stray units in one part; of so many neighbourhoods one is solved with them, the others only let
# catchments grow and shrink around the plan.
_ROUNDS, _EXACT = 4, 3
# Neighbourhoods solved at once when the proof is done: the cores of an office machine, whatever the machine.
_AT_ONCE = 2
# Pairs of neighbourhoods under a limit of work.
_PAIRS = 12
# Seconds between two looks at what the proof has found.
_LOOK = 0.05


class Improver(Lane):
    """Finds plans; parameters as of :class:`Lane`."""

    def __init__(self, shared: Shared, incumbent: Incumbent) -> None:
        super().__init__(shared, incumbent)
        self.whole_units = WholeUnits(shared, incumbent)
        self.moves = Moves(shared, incumbent)
        self._seen: list[FloatArray] = []
        self._tried: set[bytes] = set()
        self.stale = self._steps = 0

    def run(self, prover: Prover, proven: Callable[[], bool]) -> None:
        """Search until the time is over: structures as the proof finds them, neighbourhoods in between.

        When the structure is proven both cores search; when neighbourhoods no longer help, one tries the whole model.
        """
        best = self._incumbent
        self.begin(prover.has_structures)
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
                        whole = pool.submit(copy_context().run, prover.whole)
                    elif proven() and (whole is None or whole.done()):
                        return
                    time.sleep(_LOOK)
                elif self.moves.possible and not self.moves.swept():
                    self.moves.improve(prover.has_structures)
                elif self.stale >= _PATIENCE:
                    self._polish()
                    if proven() and not self._elsewhere(prover, pool) and whole is None:
                        whole = pool.submit(copy_context().run, prover.whole)
                else:
                    alone = proven() and (whole is None or whole.done())
                    waits = not self.moves.possible and not self._tried and not proven()
                    self.step(pool, _AT_ONCE if alone else 1, prover.has_structures if waits else None)
        self.finish()

    def begin(self, unless: Callable[[], bool] = lambda: False) -> None:
        """A first plan from today's catchments; changing its schools stops as soon as `unless` says so."""
        best = self._incumbent
        if best.values is None and self.moves.possible:
            self.moves.from_today(unless)
        self.whole_units.begin()

    def around_structure(self, structure: FloatArray) -> None:
        """Whole units around what opens, closes and grows in a relaxed plan.

        By moves; by the solver where these fail, where schools are given, as there is then no other structure to try, and
        where catchments need not be connected, which it does best.
        """
        best, compiled = self._incumbent, self._arrays.compiled
        key = np.round(structure[compiled.structure]).astype(np.int8).tobytes()
        if key in self._tried:
            return
        self._tried.add(key)
        if best.values is not None and self.moves.possible:
            self.moves.around_structure(structure)
            # Works that whole units turn out not to need, and units that want others.
            self.tidy(_TIDY)
            self.moves.mend()
        far = best.objective > (1 + _DIVED) * compiled.objective(structure)
        if far or not self._shared.opens or not self._connection.asked:
            self.whole_units.around_structure(structure)
            if self.moves.possible:
                self.moves.mend()

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
        other = Improver(self._shared, branch)
        other.around_structure(found)
        while branch.values is not None and not branch.over and other.stale < _BRIEFLY:
            other.step(pool, _AT_ONCE)
            if branch.objective > best.objective * (1 + _FAR) and branch.left < seconds / 2:
                break
        if branch.values is not None:
            best.offer(branch.values)
        return True

    def _polish(self) -> None:
        """What opens, closes and grows is held; of all assignments those that the relaxed plan counts cheap are free."""
        best, self.stale = self._incumbent, 0
        base = best.values
        if base is None:
            return
        best.tell("polish")
        held = self._arrays.compiled.structure
        compiled = with_rows(self._arrays.everything(), *self._shared.near)
        lower, upper = compiled.lower.copy(), compiled.upper.copy()
        lower[held] = upper[held] = base[held]
        relaxed = self.relaxed(replace(compiled, lower=lower, upper=upper))
        if relaxed is None or relaxed.objective >= best.objective:
            return
        assigned = self._around.assigned[self._model.problem.whole_pairs].ravel()
        costs = np.where(relaxed.values[assigned] > _USED, 0.0, relaxed.reduced_costs[assigned])
        dear = assigned[costs > np.sort(costs)[min(_POLISHED, len(costs) - 1)]]
        free = ~held
        free[dear[base[dear] < _MOSTLY]] = False
        sections = range(len(self._model.problem.sections))
        values, _ = self._grown(base, free, sections, self.limits(_POLISH), best.stopped)
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
        limits = self.limits(_NEIGHBOURHOOD)
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
        if improved and self.moves.possible and self._steps % _TIDIED == 0:
            self.moves.mend()
        elif self._steps % _SHAKEN == 0 and self.moves.possible:
            improved |= self.moves.kicked() if self._steps % (2 * _SHAKEN) else self.moves.shaken()
        self.stale = 0 if improved else self.stale + 1
        if self._steps % _TIDIED == 0:
            self.tidy(_TIDY)

    def _grown(
        self, base: FloatArray, free: Mask, sections: Iterable[int], limits: Limits, stopped: Callable[[], bool]
    ) -> tuple[FloatArray | None, bool]:
        """A better plan whose catchments grow and shrink around the present ones, and whether it is the best such."""
        rows = self._connection.growing_rows(base, sections)
        part = self._arrays.part(base, free, self._arrays.as_rows(rows))
        solved = solve(part.compiled, limits, base[part.free], None, stopped)
        better = len(solved.values) and solved.objective < self._arrays.compiled.objective(base)
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
            part = self._arrays.part(base, free, self._shared.near)
            solved = solve(part.compiled, limits, base[part.free], None, stopped)
            done = solved.status == "optimal"
            if not len(solved.values) or solved.objective >= self._arrays.compiled.objective(base):
                return None, done
            full = part.whole(part.compiled.rounded(solved.values))
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
        self.tidy(_TIDY)
