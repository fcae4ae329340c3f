"""Neighbourhoods of a plan: a few schools near one another, with the units that go to them, freed at a time."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from simulator.model.compile import Compiled
from simulator.model.declare import Model
from simulator.model.problem import FloatArray, IntArray
from simulator.model.variables import Term

# Blocks freed at first, at least and at most.
_FIRST_SIZE, _SMALLEST, _LARGEST = 12, 4, 60
# Draws for each neighbourhood that is to have nothing in common with the others.
_ATTEMPTS = 5


def assigned_columns(model: Model, compiled: Compiled) -> IntArray:
    """Columns of the assignments, shape (pairs, phases)."""
    problem = model.problem
    columns = np.zeros((len(problem.pair_block), len(problem.phases)), dtype=np.int64)
    for (pair, phase), variable in model.variables.assigned.items():
        columns[pair, phase] = compiled.position[variable.name]
    return columns


class Neighbourhoods:
    """Draws neighbourhoods of a plan, deterministic for a seed.

    Parameters
    ----------
    model, compiled
        The model and its arrays.
    seed
        Random seed.
    """

    def __init__(self, model: Model, compiled: Compiled, seed: int) -> None:
        self._problem = model.problem
        self._compiled = compiled
        self._random = np.random.default_rng(seed)
        self._size = _FIRST_SIZE
        self._assigned = assigned_columns(model, compiled)
        self._seeds = np.unique(self._problem.pair_section[self._problem.whole_pairs])
        self._by_block, self._by_section = self._columns(model)
        self._penalties = self._penalty_columns(model)

    def _columns(self, model: Model) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
        """Columns that go with a block, and with a section or its site."""
        v, problem = model.variables, self._problem
        blocks: dict[int, list[int]] = {code: [] for code in range(len(problem.blocks))}
        sections: dict[int, list[int]] = {code: [] for code in range(len(problem.sections))}

        def add(to: list[int], term: Term) -> None:
            if not isinstance(term, int):
                to.append(self._compiled.position[term.name])

        for (pair, _), term in v.assigned.items():
            add(blocks[int(problem.pair_block[pair])], term)
        for table in (v.unserved, v.moved):
            for (block, _), term in table.items():
                add(blocks[block], term)
        for by_section in (v.open, v.classes, v.free_rooms, v.seats, v.over_standard, v.short):
            for (section, _), term in by_section.items():
                add(sections[section], term)
        for (site, *_rest), term in (*v.size.items(), *v.added_rooms.items()):
            for section in problem.sites[site].sections:
                add(sections[section], term)
        for (one, other, _), term in v.converted.items():
            add(sections[one], term)
            add(sections[other], term)
        return blocks, sections

    def _penalty_columns(self, model: Model) -> list[list[int]]:
        """Columns of pupils above the standard and short, by section of `_seeds`."""
        v = model.variables
        by_section: dict[int, list[int]] = {int(section): [] for section in self._seeds}
        for table in (v.over_standard, v.short):
            for (section, _), term in table.items():
                if section in by_section:
                    by_section[section].append(self._compiled.position[term.name])
        return list(by_section.values())

    def _weights(self, best: FloatArray) -> FloatArray:
        """Chance of each section to be drawn: half even, half by what its crowding and shortage cost."""
        cost = self._compiled.cost
        crowding = np.array([float(cost[columns] @ best[columns]) for columns in self._penalties])
        even = np.full(len(crowding), 1 / len(crowding))
        total = crowding.sum()
        return even if total <= 0 else (even + crowding / total) / 2

    def bounds(self, best: FloatArray, count: int) -> list[tuple[FloatArray, FloatArray]]:
        """Bounds of up to `count` neighbourhoods that have no decision in common, each holding all the rest.

        Returns
        -------
        list of (lower, upper)
            Shape (columns,) each; at least one.
        """
        held = np.where(self._compiled.whole == 1, np.round(best), best)
        held = np.clip(held, self._compiled.lower, self._compiled.upper)
        taken = np.zeros(len(best), dtype=bool)
        found: list[tuple[FloatArray, FloatArray]] = []
        weights = self._weights(best)
        for _attempt in range(count * _ATTEMPTS):
            free = self._draw(best, int(self._random.choice(self._seeds, p=weights)))
            if not (free & taken).any():
                taken |= free
                lower = np.where(free, self._compiled.lower, held)
                found.append((lower, np.where(free, self._compiled.upper, held)))
            if len(found) == count:
                break
        return found

    def _draw(self, best: FloatArray, seed: int) -> npt.NDArray[np.bool_]:
        """Columns of one neighbourhood: units around a school, and every school that they may go to."""
        problem = self._problem
        serves = best[self._assigned].max(axis=1) > 0.5
        blocks: set[int] = set()
        for section in self._near(seed):
            here = problem.pairs_of_section(section)
            blocks.update(problem.pair_block[here[serves[here]]].tolist())
            if len(blocks) >= self._size:
                break
        reached = np.unique(problem.pair_section[np.isin(problem.pair_block, list(blocks))]).tolist()
        # All sections of a campus share its rooms, so they are freed together.
        sections = {s for code in reached for s in problem.sites[problem.sections[code].site].sections}
        free = np.zeros(len(best), dtype=bool)
        for column_lists in ([self._by_block[b] for b in blocks], [self._by_section[s] for s in sections]):
            free[[column for columns in column_lists for column in columns]] = True
        return free

    def _near(self, section: int) -> list[int]:
        """Sections by how many blocks they share with `section`, itself first, ties broken at random."""
        problem = self._problem
        own = problem.pair_block[problem.pairs_of_section(section)]
        stage = problem.sections[section].stage
        shared = np.bincount(problem.pair_section[np.isin(problem.pair_block, own)], minlength=len(problem.sections))
        order = np.argsort(-(shared + self._random.random(len(shared))))
        return [section, *(int(s) for s in order if s != section and problem.sections[s].stage is stage)]

    def learn(self, *, improved: bool, finished: bool) -> None:
        """Narrow what could not be solved to the end, widen what was solved without an improvement."""
        if not finished:
            self._size = max(_SMALLEST, self._size - 2)
        elif not improved:
            self._size = min(_LARGEST, self._size + 2)
