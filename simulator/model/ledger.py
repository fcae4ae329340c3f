"""What catchments cost, worked out without a solver: pupils and seats, classes, journeys, children moved."""

from __future__ import annotations

from dataclasses import dataclass

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
# Children below this are no cohort.
_NOBODY = 1e-9


class Ledger:
    """Facts of a problem that do not change while units move; everything by movable block, section, phase, cohort.

    A movable block is a whole one that no rule ties to others: without other bands of its unit, outside groups,
    feeders and shared catchments. Cohort 0 sat at its school before phase 1, cohort q enters in phase q; where
    everybody is re-zoned the children of phase q are cohort q.

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
        self.blocks = np.array(_movable(problem), dtype=np.int64)
        self.units = np.array([problem.blocks[code].unit for code in self.blocks.tolist()], dtype=np.int64)
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

    def _pairs(self) -> None:
        problem, count = self.problem, len(self.blocks)
        position = np.full(len(problem.blocks), -1)
        position[self.blocks] = np.arange(count)
        inside = position[problem.pair_block] >= 0
        self.pair = np.full((count, self.sections), -1, dtype=np.int64)
        codes = np.flatnonzero(inside)
        self.pair[position[problem.pair_block[codes]], problem.pair_section[codes]] = codes
        lower, upper = bounds_of(self._compiled)
        allowed = np.zeros((count, self.sections, self.phases), dtype=bool)
        allowed[position[problem.pair_block[codes]], problem.pair_section[codes]] = (
            upper[self.assigned[codes]] > _MOSTLY
        )
        self.allowed = allowed
        self.held = np.zeros((count, self.phases), dtype=bool)
        np.logical_or.at(self.held, position[problem.pair_block[codes]], lower[self.assigned[codes]] > _MOSTLY)
        today = np.where(self.pair >= 0, problem.today[self.pair], 0.0)
        self.today = np.where(today.max(axis=1, initial=0) > _ALL, today.argmax(axis=1), NOWHERE)
        minute = problem.minutes * problem.prices.minute
        if len(problem.mode):
            price = {SCHOOL_BUS: problem.prices.bus_seat, BOARDS: problem.prices.boarder}
            minute = minute + np.array([price.get(mode, 0.0) for mode in problem.mode.tolist()])
        self.travel = np.where(self.pair >= 0, minute[self.pair], FORBIDDEN)

    def _children(self, model: Model) -> None:
        """Children by movable block, cohort and year, and their weighted sums by phase."""
        problem, cohorts = self.problem, model.variables.cohorts
        found = np.zeros((len(self.blocks), self.phases + 1, len(problem.years)))
        for row, block in enumerate(self.blocks.tolist()):
            if cohorts.of_block(block):
                for number, (entered, _came) in enumerate(cohorts.codes):
                    found[row, entered] += problem.entered[block, number]
            else:
                for phase, data in enumerate(problem.phases):
                    found[row, phase + 1, list(data.years)] = problem.children[block, list(data.years)]
        found[found < _NOBODY] = 0.0
        self.children = found
        self.weighted = (found[:, :, self.years] * self.weights).sum(axis=3)
        least = problem.prices.empty * self.weights.sum(axis=1)
        for phase in range(self.phases):
            entering = self.weighted[:, phase + 1, phase]
            self.weighted[:, phase + 1, phase] = np.maximum(entering, least[phase])
        prices = problem.prices.moved * problem.weights[self.first]
        self.leaving = found[:, :, self.first] * prices
        self.moving = np.stack([self.leaving[:, phase + 1, phase] for phase in range(self.phases)], axis=1)

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
        price_over, a_year = self.problem.prices.over_standard, weight.sum(axis=1) * self.class_year[section]
        for fewer in range(_FEWER + 1):
            classes = np.where(self.counts[section], np.maximum(wanted - fewer, least), wanted)
            seats = (a_class * classes)[:, None]
            room = (beyond * classes)[:, None]
            over = np.clip(pupils - seats, 0, room)
            short = np.maximum(np.maximum(pupils - seats - room, pupils - self.most[section][:, None]), 0)
            cost = (weight * (price_over * over + self.shortage * short)).sum(axis=1)
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
    """

    open: Mask
    older: Mask
    rooms: FloatArray
    least: FloatArray


def _movable(problem: Problem) -> list[int]:
    """Whole blocks that no rule ties to others."""
    bands: dict[tuple[int, str], int] = {}
    for block in problem.blocks:
        if block.whole:
            bands[block.unit, block.stage] = bands.get((block.unit, block.stage), 0) + 1
    together = problem.zoning.together if "units_together" in problem.rules else ()
    tied = {unit for group in together for unit in group}
    shared = problem.zoning.shared
    fed = {problem.sections[section].stage for section in problem.zoning.feeders}
    return [
        code
        for code, block in enumerate(problem.blocks)
        if block.whole
        and bands[block.unit, block.stage] == 1
        and block.unit not in tied
        and block.stage not in fed
        and not shared.intersection(problem.pair_section[problem.pairs_of_block(code)].tolist())
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
