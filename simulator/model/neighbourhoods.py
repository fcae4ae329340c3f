"""Neighbourhoods of a plan: a few schools near one another, with the units that go to them, freed at a time."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from simulator.model.compile import Compiled
from simulator.model.declare import Model
from simulator.model.parts import Mask
from simulator.model.problem import FloatArray, IntArray
from simulator.model.variables import Term
from simulator.terms import Stage

# Running sections freed at first, at least and at most; and sections that do not run, for each that does.
_FIRST, _FEWEST, _MOST = 4, 2, 14
_NARROWER, _WIDER = 0.9, 1.04
# Share of the neighbourhoods that free all phases.
_ALL_PHASES = 0.5
_NOT_RUNNING = 0.5
# Draws for each neighbourhood that is to have nothing in common with the others.
_ATTEMPTS = 5
# A unit belongs to the school that serves more than this share of it.
_MOSTLY = 0.5


def assigned_columns(model: Model, compiled: Compiled) -> IntArray:
    """Columns of the assignments, shape (pairs, phases)."""
    problem = model.problem
    columns = np.zeros((len(problem.pair_block), len(problem.phases)), dtype=np.int64)
    for (pair, phase), variable in model.variables.assigned.items():
        columns[pair, phase] = compiled.position[variable.name]
    return columns


def columns_of(model: Model, compiled: Compiled, family: str) -> IntArray:
    """Columns of a family of decisions, without those that are numbers already."""
    decisions = getattr(model.variables, family).values()
    return np.array([compiled.position[d.name] for d in decisions if not isinstance(d, int | float)], dtype=np.int64)


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
        self._problem = problem = model.problem
        self._compiled = compiled
        self._random = np.random.default_rng(seed)
        self.size = float(_FIRST)
        self.assigned = assigned_columns(model, compiled)
        self._seeds = np.unique(problem.pair_section[problem.whole_pairs])
        self._by_pair, self._by_block, self._by_section = self._columns(model)
        listed = [*self._by_pair, *self._by_block, *self._by_section]
        self._loose = np.ones(len(compiled.names), dtype=bool)
        self._loose[np.concatenate([*listed, np.zeros(0, dtype=np.int64)])] = False
        self._penalties = self._penalty_columns(model)
        self._open = self._open_columns(model)
        self._near = self._nearness()

    @property
    def any(self) -> bool:
        """Whether there are whole units to draw neighbourhoods around."""
        return bool(len(self._seeds))

    def _columns(self, model: Model) -> tuple[list[IntArray], list[IntArray], list[IntArray]]:
        """Columns that go with a pair, with a block, and with a section or its site."""
        v, problem = model.variables, self._problem
        pairs: list[list[int]] = [[] for _ in problem.pair_block]
        blocks: list[list[int]] = [[] for _ in problem.blocks]
        sections: list[list[int]] = [[] for _ in problem.sections]

        def add(to: list[int], term: Term) -> None:
            if not isinstance(term, int | float):
                to.append(self._compiled.position[term.name])

        for (pair, _), term in v.assigned.items():
            add(pairs[pair], term)
        # Cohorts of a school that closes may go anywhere: their places are free with the unit.
        for (pair, *_), term in v.attends.items():
            add(blocks[int(problem.pair_block[pair])], term)
        for table in (v.unserved, v.moved, v.uprooted, v.waiting, v.leaving):
            for (block, *_), term in table.items():
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
        return _arrays(pairs), [np.unique(codes) for codes in _arrays(blocks)], _arrays(sections)

    def _penalty_columns(self, model: Model) -> list[IntArray]:
        """Columns of pupils above the standard and short, by section of `_seeds`."""
        v = model.variables
        by_section: dict[int, list[int]] = {int(section): [] for section in self._seeds}
        for table in (v.over_standard, v.short):
            for (section, _), term in table.items():
                if section in by_section:
                    by_section[section].append(self._compiled.position[term.name])
        return _arrays(by_section.values())

    def _open_columns(self, model: Model) -> IntArray:
        """Columns of running sections, −1 where nothing is to decide, shape (sections, phases)."""
        problem = self._problem
        found = np.full((len(problem.sections), len(problem.phases)), -1, dtype=np.int64)
        for (section, phase), term in model.variables.open.items():
            if not isinstance(term, int | float):
                found[section, phase] = self._compiled.position[term.name]
        return found

    def _nearness(self) -> FloatArray:
        """Minutes between two sections through the unit that lies best for both, shape (sections, sections)."""
        problem, count = self._problem, len(self._problem.sections)
        near = np.full((count, count), np.inf)
        for block in range(len(problem.blocks)):
            pairs = problem.pairs_of_block(block)
            sections, minutes = problem.pair_section[pairs], problem.minutes[pairs]
            here = np.ix_(sections, sections)
            near[here] = np.minimum(near[here], minutes[:, None] + minutes[None, :])
        return near

    def _weights(self, best: FloatArray) -> FloatArray:
        """Chance of each section to be drawn: half even, half by what its crowding and shortage cost."""
        cost = self._compiled.cost
        crowding = np.array([float(cost[columns] @ best[columns]) for columns in self._penalties])
        even = np.full(len(crowding), 1 / len(crowding))
        total = crowding.sum()
        return even if total <= 0 else (even + crowding / total) / 2

    def draw(self, best: FloatArray, count: int) -> list[tuple[Mask, frozenset[int]]]:
        """Up to `count` neighbourhoods that have no column in common.

        Returns
        -------
        list of (free, sections)
            Free columns, shape (columns,), and the sections in it; at least one.
        """
        taken = np.zeros(len(best), dtype=bool)
        found: list[tuple[Mask, frozenset[int]]] = []
        weights = self._weights(best)
        for _attempt in range(count * _ATTEMPTS):
            seed = int(self._random.choice(self._seeds, p=weights))
            window = self._window()
            sections = self._around(best, seed, round(self.size * len(self._problem.phases) / len(window)))
            free = self.free_columns(best, sections)
            if len(window) < len(self._problem.phases):
                free = free & ~self._compiled.structure
                free[np.delete(self.assigned, window, axis=1).ravel()] = False
            if not (free & taken).any():
                taken |= free
                found.append((free, sections))
            if len(found) == count:
                break
        return found

    def _window(self) -> list[int]:
        """Phases that are freed: all of them, or only one, of more schools, with what opens and closes held."""
        phases = len(self._problem.phases)
        if phases == 1 or self._random.random() < _ALL_PHASES:
            return list(range(phases))
        return [int(self._random.integers(phases))]

    def _around(self, best: FloatArray, seed: int, size: int) -> frozenset[int]:
        """A section and the nearest ones of its stage: running ones, and some that are not."""
        stage = self._problem.sections[seed].stage
        noise = 1 + 0.3 * self._random.random(len(self._problem.sections))
        order = np.argsort(self._near[seed] * noise, kind="stable")
        same = [
            int(section)
            for section in order
            if section != seed
            and np.isfinite(self._near[seed, section])
            and self._problem.sections[section].stage is stage
        ]
        columns = self._open[same]
        on = np.where(columns >= 0, best[columns], 1.0) > _MOSTLY
        runs = [bool(any_phase.any()) for any_phase in on.reshape(len(same), len(self._problem.phases))]
        running = [section for section, open_ in zip(same, runs, strict=True) if open_][: size - 1]
        others = [section for section, open_ in zip(same, runs, strict=True) if not open_]
        return frozenset([seed, *running, *others[: round(size * _NOT_RUNNING)]])

    def free_columns(self, best: FloatArray, sections: Iterable[int]) -> Mask:
        """Columns of some sections, of the units that go to them, and of the pairs between the two."""
        problem = self._problem
        wanted = np.zeros(len(problem.sections), dtype=bool)
        wanted[list(sections)] = True
        inside = wanted[problem.pair_section]
        serves = (best[self.assigned] > _MOSTLY).any(axis=1) | (problem.today > _MOSTLY)
        blocks = np.zeros(len(problem.blocks), dtype=bool)
        blocks[problem.pair_block[inside & serves]] = True
        if not problem.whole_pairs.all():
            blocks[problem.pair_block[inside & ~problem.whole_pairs]] = True
        free = np.zeros(len(best), dtype=bool)
        for pair in np.flatnonzero(inside & blocks[problem.pair_block]).tolist():
            free[self._by_pair[pair]] = True
        for block in np.flatnonzero(blocks).tolist():
            free[self._by_block[block]] = True
        # All sections of a campus share its rooms, so they are freed together.
        for code in np.flatnonzero(wanted).tolist():
            for section in problem.sites[problem.sections[code].site].sections:
                free[self._by_section[section]] = True
        return self._with_loose(free)

    def stage_columns(self, stage: Stage) -> Mask:
        """Columns of all units and sections of a stage."""
        problem = self._problem
        free = np.zeros(len(self._compiled.names), dtype=bool)
        for pair, section in enumerate(problem.pair_section.tolist()):
            if problem.sections[section].stage is stage:
                free[self._by_pair[pair]] = True
        for block, data in enumerate(problem.blocks):
            if data.stage is stage:
                free[self._by_block[block]] = True
        for code, section in enumerate(problem.sections):
            if section.stage is stage:
                free[self._by_section[code]] = True
        return self._with_loose(free)

    def _with_loose(self, free: Mask) -> Mask:
        """With the columns of no pair, block or section that stand in a row with a free one."""
        if not self._loose.any():
            return free
        matrix = self._compiled.matrix
        rows = np.asarray(matrix @ free.astype(float)) != 0
        beside = np.asarray(abs(matrix).T @ rows.astype(float)) > 0
        return np.asarray(free | (beside & self._loose))

    def learn(self, *, finished: bool, quickly: bool, improved: bool) -> None:
        """Narrow what could not be solved to the end, widen what was solved quickly without an improvement."""
        if not finished:
            self.size = max(_FEWEST, self.size * _NARROWER)
        elif quickly and not improved:
            self.size = min(_MOST, self.size * _WIDER)


def _arrays(lists: Iterable[list[int]]) -> list[npt.NDArray[np.int64]]:
    return [np.array(codes, dtype=np.int64) for codes in lists]
