"""Whole units around what opens, closes and grows: a first plan from today, and one for every structure that is found."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from simulator.model.compile import Compiled
from simulator.model.lane import Lane
from simulator.model.problem import FloatArray
from simulator.model.solve import Relaxed

# Shares of the time for whole units around a structure, and for the rest of a plan around its whole units.
_DIVE, _REST, _TIDY = 0.3, 0.07, 0.05
# Gap of the first plan, which only has to be there, and the share of the time that it may take: most of a short one.
_FIRST_GAP, _FIRST = 0.5, 0.6
# The relaxed plan uses an assignment that has more than this share.
_USED = 1e-4
# A unit belongs to the school that serves more than this share of it today.
_MOSTLY = 0.5
# A unit without a school counts as so many that change theirs.
_UNSERVED = 10.0
# How whole units are made around a relaxed plan: units that it sends to one school by more than this share are held
# there, and of the assignments that it leaves out so many of the cheapest are left; the next way is tried where the
# plan costs more than this share above the relaxed one.
_KERNELS, _GOOD = ((0.8, 0), (0.999, 0), (1.1, 3_000)), 0.06
# Gap to which units are made whole, and the rest around them: the neighbourhoods improve on both.
_DIVE_GAP, _REST_GAP = 0.0025, 0.001


class WholeUnits(Lane):
    """Makes plans of whole units; parameters as of :class:`Lane`."""

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
        stated = {
            (entry.section, phase): entry.kind
            for entry in problem.requirements
            if entry.section in closing & opening and entry.kind in ("open", "closed")
            for phase in range(entry.phase, len(problem.phases) if entry.last is None else entry.last + 1)
        }
        for (section, phase), term in self._model.variables.open.items():
            if isinstance(term, int | float):
                continue
            if (section, phase) in stated:
                runs = float(stated[section, phase] == "open")
                lower[position[term.name]] = upper[position[term.name]] = runs
            elif problem.sections[section].existing and section not in closing:
                lower[position[term.name]] = 1
            elif section not in opening:
                upper[position[term.name]] = 0
        served = problem.whole_pairs & (problem.today > _MOSTLY)
        served &= ~np.isin(problem.pair_section, list(closing))
        base = np.zeros(len(lower))
        base[self._around.assigned[served]] = 1
        # The fewest changes that keep the rules, whatever they cost; then everything else at its cost.
        held = self.growing(replace(compiled, lower=lower, upper=upper), base)
        nearest = self.solve(replace(held, cost=self._distance(base), offset=0.0), _FIRST, _FIRST_GAP)
        if len(nearest.values):
            self._offer_around(held, nearest.values, _FIRST, _FIRST_GAP)

    def _offer_around(self, compiled: Compiled, values: FloatArray, share: float, gap: float) -> float:
        """Offer the plan with the whole units of some values and the rest at its cost; its objective."""
        assigned = self._shared.columns["assigned"]
        assigned = assigned[compiled.whole[assigned] == 1]
        lower, upper = compiled.lower.copy(), compiled.upper.copy()
        lower[assigned] = upper[assigned] = np.round(values[assigned])
        solved = self.solve(replace(compiled, lower=lower, upper=upper), share, gap)
        if len(solved.values):
            self._incumbent.offer(solved.values)
        return solved.objective

    def _distance(self, base: FloatArray) -> FloatArray:
        """Children of every whole unit that an assignment takes from a plan, and far more of one without a school."""
        problem, cost = self._model.problem, np.zeros(len(base))
        position = self._arrays.compiled.position
        for phase, data in enumerate(problem.phases):
            children = problem.phase_children(data) + problem.prices.empty
            cost[self._around.assigned[:, phase]] = np.where(problem.whole_pairs, children[problem.pair_block], 0.0)
            for block, count in enumerate(children.tolist()):
                cost[position[self._model.variables.unserved[block, phase].name]] = _UNSERVED * count
        return np.where(base < _MOSTLY, cost, 0.0)

    def around_structure(self, relaxed: FloatArray) -> None:
        """Hold what opens, closes and grows in a relaxed plan, and make every unit whole around it."""
        self._incumbent.tell("structure")
        self._make_whole(self.growing(self._arrays.everything(), relaxed), relaxed)

    def _make_whole(self, compiled: Compiled, relaxed: FloatArray) -> None:
        """Whole units, then whole class counts, around what opens, closes and grows in a relaxed plan."""
        held = self._arrays.compiled.structure
        lower, upper = compiled.lower.copy(), compiled.upper.copy()
        lower[held] = upper[held] = np.clip(np.round(relaxed[held]), lower[held], upper[held])
        part = replace(compiled, lower=lower, upper=upper)
        whole = compiled.whole.copy()
        whole[self._shared.columns["classes"]] = 0
        shares = self.relaxed(part)
        if shares is None or shares.objective >= self._incumbent.objective:
            return
        for sure, cheap in _KERNELS:
            low, high = self._kernel(shares.values, lower, upper, sure)
            if cheap:
                high = self._with_cheapest(high, upper, shares, cheap)
            dived = self.solve(replace(part, lower=low, upper=high, whole=whole), _DIVE, _DIVE_GAP)
            found = self._offer_around(part, dived.values, _REST, _REST_GAP) if len(dived.values) else np.inf
            self.tidy(_TIDY)
            if found <= shares.objective * (1 + _GOOD) or self._incumbent.over:
                return

    def _kernel(
        self, shares: FloatArray, lower: FloatArray, upper: FloatArray, sure: float
    ) -> tuple[FloatArray, FloatArray]:
        """Bounds that hold sure units at their school and leave the others the schools that share them.

        A school counts for a unit in every phase as soon as it serves a part of it in one.
        """
        lower, upper = lower.copy(), upper.copy()
        table, whole = self._around.assigned, self._model.problem.whole_pairs
        used = (shares[table] > _USED).any(axis=1)
        upper[table[whole & ~used].ravel()] = lower[table[whole & ~used].ravel()]
        columns = table[whole].ravel()
        lower[columns[shares[columns] > sure]] = 1
        # Children who choose freely stay as the relaxed plan has them: the units are hard enough by themselves.
        chosen = table[~whole].ravel()
        lower[chosen] = upper[chosen] = np.clip(shares[chosen], lower[chosen], upper[chosen])
        return lower, np.maximum(lower, upper)

    def _with_cheapest(self, held: FloatArray, upper: FloatArray, relaxed: Relaxed, count: int) -> FloatArray:
        """Upper bounds with the cheapest assignments free that the relaxed plan leaves out."""
        table = self._around.assigned[self._model.problem.whole_pairs].ravel()
        out = table[held[table] < upper[table]]
        if not len(out):
            return held
        costs = relaxed.reduced_costs[out]
        free = out[costs <= np.sort(costs)[min(count, len(costs) - 1)]]
        result = held.copy()
        result[free] = upper[free]
        return result
