"""What catchments cost, worked out without a solver: pupils and seats, classes, journeys, children moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from simulator.model.compile import Compiled
from simulator.model.connection import sharing
from simulator.model.constraints.seats import fill_of, room_of
from simulator.model.declare import Model
from simulator.model.problem import BOARDS, SCHOOL_BUS, FloatArray, IntArray, Problem

Mask = npt.NDArray[np.bool_]
NOWHERE = -1
"""Section of a cohort that is not followed."""
# A unit belongs to the school that serves more than this share of it; today's catchment holds all of it.
_MOSTLY, _ALL = 0.5, 0.999
# Class counts tried below those that seat the fullest year, where a few pupils above the standard cost less.
_FEWER = 1
# Price of a missing seat where none may be missing, and of a plan that breaks a rule.
_NO_SHORTAGE = 1e7
FORBIDDEN = 1e15
# A school costs less than this in a phase where it has the seats that it must have.
DEAR = 1e7
# Times the price of a missing seat at a school that may have to take the children of one that closes.
_STRICT = 1e3
# Blocks that move together at most: the lower and upper grades of a unit, or two units that belong together.
_TWINS = 2
# Children below this are no cohort.
_NOBODY = 1e-9


class Ledger:
    """Facts of a problem that do not change while units move; everything by movable block, section, phase, cohort.

    A movable block is a whole one that no rule ties to others: outside feeders and shared catchments. Where the bands of
    a unit are apart, the block of the upper grades moves with that of the lower ones, its *twin*: together they go to
    sections that run both; so do the blocks of two units that belong together. Cohort 0 sat at its school before phase 1, cohort q enters in phase q; where everybody
    is re-zoned the children of phase q are cohort q.

    Parameters
    ----------
    model, compiled
        The model and its arrays.
    assigned
        Columns of the assignments, shape (pairs, phases).
    """

    def __init__(self, model: Model, compiled: Compiled, assigned: IntArray) -> None:
        problem = self.problem = model.problem
        self.assigned, self._compiled = assigned, compiled
        self.sections, self.phases = len(problem.sections), len(problem.phases)
        movable = _movable(problem)
        self.blocks = np.array([lead for lead, _twin in movable], dtype=np.int64)
        self.twins = np.array([twin for _lead, twin in movable], dtype=np.int64)
        leads = [problem.blocks[code].unit for code in self.blocks.tolist()]
        others = [problem.blocks[twin].unit if twin >= 0 else own for own, twin in zip(leads, self.twins, strict=True)]
        self.units = np.array([leads, others], dtype=np.int64).T
        self._years()
        self._pairs()
        self._children(model)
        self._prices()

    def _years(self) -> None:
        """Years of each phase side by side, padded with years of no weight."""
        phases = self.problem.phases
        longest = max(len(phase.years) for phase in phases)
        self.years = np.array([[*phase.years, *[phase.years[-1]] * (longest - len(phase.years))] for phase in phases])
        real = np.array([[code < len(phase.years) for code in range(longest)] for phase in phases])
        self.real = real
        self.weights = np.where(real, self.problem.weights[self.years], 0.0)
        self.phase_of = np.zeros(len(self.problem.years), dtype=np.int64)
        for code, phase in enumerate(phases):
            self.phase_of[list(phase.years)] = code
        self.first = np.array([phase.years[0] for phase in phases])

    def rows_in(self, units: Sequence[int]) -> IntArray:
        """Blocks of which some child lives in one of some units."""
        return np.flatnonzero(np.isin(self.units, units).any(axis=1))

    @cached_property
    def parted(self) -> list[tuple[int, int]]:
        """(row, section) where a section in the own unit runs only some of the grades: the twins part while it runs."""
        problem = self.problem
        some = {(int(b), int(s)) for b, s in zip(problem.pair_block, problem.pair_section, strict=True)}
        return [
            (row, section)
            for section, home in enumerate(problem.home.tolist())
            for row in self.rows_in([home]).tolist()
            if self.pair[row, section] < 0 and {(int(b[row]), section) for b in (self.blocks, self.twins)} & some
        ]

    def columns_of(self, rows: IntArray, sections: IntArray, phase: int) -> IntArray:
        """Columns that assign blocks, and their twins, to sections in a phase."""
        pairs = np.concatenate([self.pair[rows, sections], self.twin_pair[rows, sections]])
        return np.asarray(self.assigned[pairs[pairs >= 0], phase])

    def columns_from(self, rows: IntArray) -> IntArray:
        """All columns that assign some blocks, and their twins."""
        blocks = np.concatenate([self.blocks[rows], self.twins[rows]])
        return np.asarray(self.assigned[np.isin(self.problem.pair_block, blocks[blocks >= 0])]).ravel()

    def _pairs(self) -> None:
        problem, apart = self.problem, self.twins >= 0
        self.pair = self._pairs_of(self.blocks)
        self.twin_pair = self._pairs_of(self.twins)
        both = ~apart[:, None] | (self.twin_pair >= 0)
        self.pair = np.where(both, self.pair, -1)
        self.twin_pair = np.where(self.pair >= 0, self.twin_pair, -1)
        lower, upper = bounds_of(self._compiled)
        allowed, self.held = self._free(self.pair, lower, upper)
        twin_allowed, twin_held = self._free(self.twin_pair, lower, upper)
        self.allowed = allowed & (twin_allowed | (self.twin_pair < 0)[:, :, None])
        self.held = self.held | twin_held
        today = np.where(self.pair >= 0, problem.today[self.pair], 0.0)
        twin_today = np.where(self.twin_pair >= 0, problem.today[self.twin_pair], 0.0)
        today = np.where(apart[:, None], np.minimum(today, twin_today), today)
        self.today = np.where(today.max(axis=1, initial=0) > _ALL, today.argmax(axis=1), NOWHERE)
        self.travel, self.twin_travel = self._journeys(self.pair), self._journeys(self.twin_pair)
        self._too_far_then = self._only_while_open()

    def _only_while_open(self) -> list[tuple[int, int, int]]:
        """(row, section, nearer one): the section is too far once the nearer one has closed."""
        problem = self.problem
        if "closure_travel" not in problem.rules:
            return []
        then = [(pair, int(problem.pair_section[pair]), near) for pair, near in problem.consolidation.too_far_then]
        return [
            (row, section, near)
            for pair, section, near in then
            for row in np.flatnonzero((self.pair[:, section] == pair) | (self.twin_pair[:, section] == pair)).tolist()
        ]

    def able(self, at: Network) -> Mask:
        """Which sections blocks may go to where a network runs, shape (blocks, sections, phases)."""
        found = self.allowed & at.open
        for row, section, near in self._too_far_then:
            found[row, section] &= np.logical_and.accumulate(at.open[near, ::-1])[::-1]
        return np.asarray(found)

    def _pairs_of(self, blocks: IntArray) -> IntArray:
        """Pair of each block and section, −1 where there is none, shape (blocks, sections)."""
        problem = self.problem
        position = np.full(len(problem.blocks), -1)
        position[blocks[blocks >= 0]] = np.flatnonzero(blocks >= 0)
        found = np.full((len(blocks), self.sections), -1, dtype=np.int64)
        codes = np.flatnonzero(position[problem.pair_block] >= 0)
        found[position[problem.pair_block[codes]], problem.pair_section[codes]] = codes
        return found

    def _free(self, pair: IntArray, lower: FloatArray, upper: FloatArray) -> tuple[Mask, Mask]:
        """Which assignments may be, shape (blocks, sections, phases), and which blocks are held, (blocks, phases)."""
        known, columns = (pair >= 0)[:, :, None], self.assigned[pair]
        held = np.asarray((known & (lower[columns] > _MOSTLY)).any(axis=1))
        return known & (upper[columns] > _MOSTLY), held

    def _journeys(self, pair: IntArray) -> FloatArray:
        """Yuan a year of a child's journey, shape (blocks, sections)."""
        problem = self.problem
        minute = problem.minutes * problem.prices.minute
        if len(problem.mode):
            price = {SCHOOL_BUS: problem.prices.bus_seat, BOARDS: problem.prices.boarder}
            minute = minute + np.array([price.get(mode, 0.0) for mode in problem.mode.tolist()])
        return np.where(pair >= 0, minute[pair], FORBIDDEN)

    def _children(self, model: Model) -> None:
        """Children by movable block, cohort and year, and their weighted sums by phase."""
        problem = self.problem
        own, of_twins = self._entered(model, self.blocks), self._entered(model, self.twins)
        self.children = own + of_twins
        self.weighted, self.twin_weighted = self._by_phase(own), self._by_phase(of_twins)
        self.twin_weighted[self.twins < 0] = 0.0
        self.alive = (self.weighted > 0) | (self.twin_weighted > 0)
        prices = problem.prices.moved * problem.weights[self.first]
        self.leaving = self.children[:, :, self.first] * prices
        self.moving = np.stack([self.leaving[:, phase + 1, phase] for phase in range(self.phases)], axis=1)

    def _entered(self, model: Model, blocks: IntArray) -> FloatArray:
        """Children of blocks by cohort and year; nobody in a block that is not there."""
        problem, cohorts = self.problem, model.variables.cohorts
        found = np.zeros((len(blocks), self.phases + 1, len(problem.years)))
        for row, block in enumerate(blocks.tolist()):
            if block < 0:
                continue
            if cohorts.of_block(block):
                for number, (entered, _came) in enumerate(cohorts.codes):
                    found[row, entered] += problem.entered[block, number]
            else:
                for phase, data in enumerate(problem.phases):
                    found[row, phase + 1, list(data.years)] = problem.children[block, list(data.years)]
        found[found < _NOBODY] = 0.0
        return found

    def _by_phase(self, children: FloatArray) -> FloatArray:
        """Children × weight by cohort and phase; entrants at least those whom an empty unit counts as."""
        weighted = np.asarray((children[:, :, self.years] * self.weights).sum(axis=3))
        least = self.problem.prices.empty * self.weights.sum(axis=1)
        for phase in range(self.phases):
            entering = weighted[:, phase + 1, phase]
            weighted[:, phase + 1, phase] = np.maximum(entering, least[phase])
        return weighted

    def journeys(self, rows: IntArray, sits: IntArray) -> FloatArray:
        """Yuan a year of the journeys of blocks whose cohorts sit at some sections, shape (n,).

        Parameters
        ----------
        rows, sits
            Block, and section of each cohort in each phase; shapes (n,), (n, cohorts, phases).
        """
        cost = np.zeros(len(rows))
        both = ((self.weighted, self.travel), (self.twin_weighted, self.twin_travel))
        for weighted, travel in both if (self.twins >= 0).any() else both[:1]:
            there = np.where(sits >= 0, travel[rows[:, None, None], sits], 0.0)
            cost += np.where(weighted[rows] > 0, weighted[rows] * there, 0.0).sum(axis=(1, 2))
        return cost

    def _prices(self) -> None:
        problem = self.problem
        data = problem.sections
        self.shortage = problem.prices.shortage if np.isfinite(problem.prices.shortage) else _NO_SHORTAGE
        self.counts = np.array([section.counts_classes for section in data], dtype=bool)
        sized = np.array([np.isnan(section.seats_fixed) for section in data], dtype=bool)
        self.a_class = np.array(
            [
                fill_of(s) * s.class_size if ok else s.seats_fixed / max(s.classes, 1)
                for s, ok in zip(data, sized, strict=True)
            ]
        )
        self.fill = np.array([fill_of(section) for section in data])
        self.beyond = np.array([room_of(section) for section in data])
        self.class_year = np.array([section.class_year for section in data])
        self.fixed_classes = np.array([max(s.classes, 0 if ok else 1) for s, ok in zip(data, sized, strict=True)])
        limit = np.array([section.seats_for_district for section in data])
        most = np.where(np.isnan(limit), np.inf, limit)
        if "largest_campus" in problem.rules:
            for site in problem.sites:
                if len(site.sections) == 1 and data[site.sections[0]].ours:
                    most[site.sections[0]] = min(most[site.sections[0]], site.largest)
        self.most = most

    def seats_cost(self, section: IntArray, phase: IntArray, pupils: FloatArray, at: Network) -> FloatArray:
        """Yuan a year of classes, crowding and shortage at the best number of classes.

        Parameters
        ----------
        section, phase
            Shape (n,).
        pupils
            In the years of the phase, shape (n, years).
        at
            What runs.
        """
        weight, rooms = self.weights[phase], at.rooms[section, phase]
        a_class, beyond = self.a_class[section], self.beyond[section]
        fullest = np.where(self.real[phase], pupils, 0.0).max(axis=1)
        least = np.minimum(rooms, at.open[section, phase])
        needed = np.maximum(np.ceil(fullest / a_class - 1e-9), least)
        wanted = np.where(self.counts[section], np.minimum(rooms, needed), rooms)
        best = np.full(len(section), np.inf)
        price_short = np.where(at.strict[section, phase], _STRICT, 1.0) * self.shortage
        price_over, a_year = self.problem.prices.over_standard, weight.sum(axis=1) * self.class_year[section]
        for fewer in range(_FEWER + 1):
            classes = np.where(self.counts[section], np.maximum(wanted - fewer, least), wanted)
            seats = np.minimum(a_class * classes, self.fill[section] * at.area[section, phase])[:, None]
            room = (beyond * classes)[:, None]
            over = np.clip(pupils - seats, 0, room)
            short = np.maximum(np.maximum(pupils - seats - room, pupils - self.most[section][:, None]), 0)
            cost = (weight * price_over * over).sum(axis=1) + price_short * (weight * short).sum(axis=1)
            best = np.minimum(best, cost + np.where(self.counts[section], a_year * classes, 0.0))
        under = np.maximum(
            at.least[section, phase] - pupils[np.arange(len(pupils)), self.real[phase].sum(axis=1) - 1], 0
        )
        return np.asarray(best + self.shortage * under)


@dataclass(frozen=True)
class Network:
    """What runs in each phase.

    Parameters
    ----------
    open, older
        Whether a section runs, and whether it has run long enough to take the children of a school that closes; shape
        (sections, phases).
    rooms
        Classes that a section can run, shape (sections, phases).
    least
        Pupils that a new school needs in the last year of a phase, shape (sections, phases).
    area
        Seats for which a section has the area, shape (sections, phases).
    strict
        Whether a section may have to take the children of a school that closes, so that it needs seats for all, shape
        (sections, phases).
    """

    open: Mask
    older: Mask
    rooms: FloatArray
    least: FloatArray
    area: FloatArray
    strict: Mask


def _movable(problem: Problem) -> list[tuple[int, int]]:
    """(block, its twin or −1) of whole blocks that no rule ties to others."""
    bands: dict[tuple[int, str], list[int]] = {}
    for code, block in enumerate(problem.blocks):
        if block.whole:
            bands.setdefault((block.unit, block.stage), []).append(code)
    together = problem.zoning.together if "units_together" in problem.rules else ()
    for group in together:
        for stage in {stage for unit, stage in bands if unit in group}:
            bands[group[0], stage] = [code for unit in group for code in bands.pop((unit, stage), [])]
    shared = problem.zoning.shared
    fed = {problem.sections[section].stage for section in problem.zoning.feeders}
    return [
        (codes[0], codes[1] if len(codes) == _TWINS else -1)
        for (_unit, stage), codes in bands.items()
        if len(codes) <= _TWINS
        and stage not in fed
        and not any(shared.intersection(problem.pair_section[problem.pairs_of_block(c)].tolist()) for c in codes)
    ]


def bounds_of(compiled: Compiled) -> tuple[FloatArray, FloatArray]:
    """Bounds of the columns, those of rows of one column included."""
    lower, upper = compiled.lower.copy(), compiled.upper.copy()
    matrix = compiled.matrix
    rows = np.flatnonzero(np.diff(matrix.indptr) == 1)
    columns, factors = matrix.indices[matrix.indptr[rows]], matrix.data[matrix.indptr[rows]]
    low, high = compiled.row_lower[rows] / factors, compiled.row_upper[rows] / factors
    low, high = np.where(factors > 0, low, high), np.where(factors > 0, high, low)
    np.maximum.at(lower, columns, low)
    np.minimum.at(upper, columns, high)
    return lower, upper


def homes(problem: Problem) -> dict[int, set[int]]:
    """Section → the sections of its stage that may hold its own unit."""
    beside = sharing(problem) if len(problem.home) else {}
    return {section: {section, *others} for section, others in beside.items()}
