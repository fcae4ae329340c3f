"""Plans made by moving units and changing one school at a time, completed by the solver."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np

from simulator.model.completing import Completing
from simulator.model.designs import Change, Designs
from simulator.model.incumbent import Incumbent
from simulator.model.lane import Shared
from simulator.model.ledger import NOWHERE
from simulator.model.local import Local
from simulator.model.problem import FloatArray

# A unit that a relaxed plan splits goes to the school with its largest share, from this share on.
_LEAST = 0.05
# Share of the time for plans around one relaxed structure.
_TRIED = 0.12
# Schools given up at a time, the share of the time for them, and the rings of schools that take part.
_TIMES, _KICKED, _KICK_RINGS = 6, 0.1, 2
# Changes in vain after which the others are left, those where seats are missing being tried first.
_IDLE = 150
# Share of the time for a first look.
_LOOKED = 0.02
# Seconds between two plans that are completed while schools still change.
_PUBLISHED = 6.0
# Schools that a shake disturbs, units that it moves, and how dear such a move may be, as a share of the plan's cost.
_SHAKEN, _KICKS, _HEAT = (2, 3, 4, 5), 3, 3e-4
# Changes of schools under a limit of work.
_TRIALS = 60
# Rounds of moving units and completing the plan, each from the last one's pupils.
_MENDED = 3
# Starts around one relaxed structure.
_STARTS = 3
# Plans in succession that the solver cannot complete, after which units are not moved any more.
_REFUSED = 4
# Shakes between two completed plans.
_BETWEEN = 40


class Moves(Completing):
    """Improves plans by moving units between neighbouring schools; parameters as of :class:`Lane`."""

    def __init__(self, shared: Shared, incumbent: Incumbent) -> None:
        super().__init__(shared, incumbent)
        self._random = np.random.default_rng(incumbent.limits.seed)
        self._swept: set[bytes] = set()

    @property
    def possible(self) -> bool:
        """Whether units may be moved one by one, the objective is the plan's cost, and plans are not refused.

        A rule that moves do not see shows in plans that the solver cannot complete in its time: after some of them in
        succession moves are left alone.
        """
        return self._refused < _REFUSED and self._fits

    @cached_property
    def _fits(self) -> bool:
        problem = self._model.problem
        known = len(problem.home) == len(problem.sections)
        return known and problem.earlier is None and self._priced() and bool(len(self._ledger.blocks))

    def _priced(self) -> bool:
        """Whether the arrays have the model's own objective: goals pursued in order have others."""
        position, cost = self._arrays.compiled.position, self._arrays.compiled.cost
        declared = self._model.lp.objective.items()
        return all(abs(cost[position[term.name]] - price) <= 1e-9 * max(1.0, abs(price)) for term, price in declared)

    def from_today(self, unless: Callable[[], bool] = lambda: False) -> None:
        """A plan from today's catchments and schools, changed one school at a time until it is told to stop."""
        best, ledger = self._incumbent, self._ledger
        values = np.zeros(len(self._arrays.compiled.names))
        problem, position = self._model.problem, self._arrays.compiled.position
        for (section, _), term in self._model.variables.open.items():
            if not isinstance(term, int | float):
                values[position[term.name]] = float(problem.sections[section].existing)
        designs = self._designs(values)
        if not designs.keeps(values):
            return
        best.tell("today")
        nearest = np.where(designs.network(values).open.all(axis=1), ledger.travel, np.inf).argmin(axis=1)
        path = np.repeat(np.where(ledger.today >= 0, ledger.today, nearest)[:, None], ledger.phases, axis=1)
        path[(ledger.pair[np.arange(len(path)), path[:, 0]] < 0)] = NOWHERE
        over = self._over()
        self._search(self._local(designs, values, path), designs, values, lambda: over() or unless())

    def around_structure(self, relaxed: FloatArray) -> None:
        """The best plan with what opens, closes and grows in a relaxed plan, and every unit whole around it."""
        best, structure = self._incumbent, self._arrays.compiled.structure
        if best.values is None:
            return
        best.tell("structure")
        base, values = best.values, best.values.copy()
        c = self._arrays.compiled
        values[structure] = np.clip(np.round(relaxed[structure]), c.lower[structure], c.upper[structure])
        designs = self._designs(values)
        if not designs.keeps(values):
            return
        here, path = self._path(base), self._path(relaxed, _LEAST)
        path = np.where((path >= 0).all(axis=1, keepdims=True), path, here)
        running = designs.network(values).open
        until = best.seconds + _TRIED * best.limits.seconds
        # From where the relaxed plan sends them; where a stage cannot be mended, it goes as in the best plan.
        for _try in range(_STARTS):
            for row, section in self._ledger.parted:
                path[row] = np.where(running[section].any(), NOWHERE, path[row])
            local = self._local(designs, values, path)
            local.rebuild(local.at, tuple(range(len(self._model.problem.sections))))
            local.join()
            local.descend(self._over(until))
            broken = local.broken
            if not broken.any() and self._complete(local, values):
                self.mend()
                return
            if best.over:
                return
            path = np.where(broken[:, None] | ~broken.any(), here, path)

    def swept(self) -> bool:
        """Whether changes of one school were tried around what opens, closes and grows in the best plan."""
        values = self._incumbent.values
        return values is None or self._key(values) in self._swept

    def _key(self, values: FloatArray) -> bytes:
        return np.round(values[self._arrays.compiled.structure]).astype(np.int16).tobytes()

    def improve(self, unless: Callable[[], bool] = lambda: False) -> None:
        """Move units, and change schools, from the best plan, until it is told to stop."""
        best = self._incumbent
        if best.values is None:
            return
        best.tell("moves")
        designs = self._designs(best.values)
        local = self._local(designs, best.values, self._path(best.values))
        over = self._over()
        self._search(local, designs, best.values.copy(), lambda: over() or unless())

    def mend(self) -> None:
        """Move units from the best plan until nothing helps; what opens, closes and grows is held."""
        best = self._incumbent
        if best.values is None:
            return
        best.tell("moves")
        for _round in range(_MENDED):
            local = self._local(self._designs(best.values), best.values, self._path(best.values))
            cost, before = local.cost, best.objective
            local.descend(self._over())
            if local.cost >= cost or not self._complete(local, best.values) or best.objective >= before:
                return

    def shaken(self) -> bool:
        """Disturb a few schools at a time and mend them, for a while; whether the plan is better for it."""
        best = self._incumbent
        if best.values is None:
            return False
        best.tell("moves")
        local = self._local(self._designs(best.values), best.values, self._path(best.values))
        over, better = self._over(), False
        for _shake in range(_BETWEEN):
            if over():
                break
            size = int(self._random.choice(_SHAKEN))
            better |= local.shake(over, size, _KICKS, _HEAT * abs(local.cost), self._random)
        before = best.objective
        return better and self._complete(local, best.values) and best.objective < before

    def _over(self, until: float = np.inf) -> Callable[[], bool]:
        """Whether to stop: the search is over, or it is late, where time counts."""
        best = self._incumbent
        timed = best.limits.nodes is None
        return lambda: best.over or (timed and best.seconds > until)

    def _search(self, local: Local, designs: Designs, values: FloatArray, over: Callable[[], bool]) -> None:
        """Move units, then change one school at a time as long as that helps; first with single moves, then pairs."""
        best = self._incumbent
        # A first look, cut short: a rule that moves do not see shows at once.
        local.descend(self._over(best.seconds + _LOOKED * best.limits.seconds), paired=False)
        if not self._complete(local, values):
            return
        local.descend(over, paired=False)
        latest, fresh = -np.inf, True
        trials = _TRIALS if best.limits.nodes is not None else np.inf
        while fresh and not over() and trials > 0:
            fresh, idle = False, 0
            for change in self._ordered(local, designs, values):
                if over() or trials <= 0:
                    break
                trials -= 1
                after = self._after(local, designs, values, change, over)
                idle = idle + 1 if after is None else 0
                if idle > _IDLE:
                    break
                if after is None:
                    continue
                values, fresh = after, True
                if latest < 0 or (best.seconds > latest + _PUBLISHED and best.limits.nodes is None):
                    if not self._complete(local, values):
                        return
                    latest = best.seconds
        self._swept.add(self._key(values))
        if not over():
            local.descend(self._over())
        self._complete(local, values)

    def _after(
        self, local: Local, designs: Designs, values: FloatArray, change: Change, over: Callable[[], bool]
    ) -> FloatArray | None:
        """Values after a change of one school that was worth it; None where it was not."""
        after = designs.changed(values, change)
        if (after == values).all() or not designs.keeps(after):
            return None
        worth = designs.cost(after) - designs.cost(values)
        taken = local.rebuilt(designs.network(after), change.sections, worth, over, paired=False)
        return after if taken else None

    def kicked(self) -> bool:
        """Give up a school or an extension of the best plan, and look for something better around it; some times.

        Returns
        -------
        bool
            Whether the plan is better for it.
        """
        best = self._incumbent
        if best.values is None:
            return False
        best.tell("schools")
        values, began = best.values.copy(), best.objective
        designs = self._designs(values)
        local = self._local(designs, values, self._path(values))
        over = self._over(best.seconds + _KICKED * best.limits.seconds)
        for _kick in range(_TIMES):
            back = list(designs.steps_back(values))
            if over() or not back:
                break
            change = back[int(self._random.integers(len(back)))]
            values = self._given_up(local, designs, values, change, over)
        local.descend(self._over())
        self._complete(local, values)
        return best.objective < began

    def _given_up(
        self, local: Local, designs: Designs, values: FloatArray, change: Change, over: Callable[[], bool]
    ) -> FloatArray:
        """Values after a change and what then helps around it; as they were where that costs no less."""
        kept, cost = local.kept(), local.cost + designs.cost(values)
        now = designs.changed(values, change)
        near = local.touching(set(change.sections), _KICK_RINGS)
        local.rebuild(designs.network(now), change.sections)
        local.descend_within(near, over)
        for other in self._ordered(local, designs, now):
            if over():
                break
            if near.intersection(other.sections) or near.intersection(self._beside(local, other.sections)):
                after = self._after(local, designs, now, other, over)
                now = now if after is None else after
        if local.cost + designs.cost(now) < cost * (1 - 1e-7) and local.connected:
            return now
        local.restore(kept)
        return values

    def _ordered(self, local: Local, designs: Designs, values: FloatArray) -> list[Change]:
        """Changes of one school, by chance, those where seats are missing first."""
        changes = list(designs.changes(values))
        pressure = local.pressure()
        pressed = np.array([pressure[self._beside(local, change.sections)].max() for change in changes])
        return [changes[code] for code in np.argsort(-pressed * self._random.random(len(pressed)), kind="stable")]

    def _beside(self, local: Local, sections: tuple[int, ...]) -> list[int]:
        """Schools that serve the units in which some sections stand, and the sections themselves."""
        rows = self._ledger.rows_in(self._model.problem.home[list(sections)].tolist())
        return sorted({*sections, *local.path[rows].ravel().tolist()} - {NOWHERE})
