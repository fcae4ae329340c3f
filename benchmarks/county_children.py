"""The children of an invented county: a new quarter fills, then cohorts fall everywhere."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from benchmarks.county_plane import Plane
from benchmarks.instances import FloatArray

# Most children of a grade in a mean unit at the base year.
_A_GRADE = 11.0
# Years after the base year in which the new quarter begins to fill, and in which cohorts begin to fall.
_FILLS, _PEAK = 2, 6
TIGHTEST, LOOSEST = 0.96, 1.5
"""Seats of today over children, in the tightest year and in the last one."""


@dataclass(frozen=True)
class Wave:
    """How the children of a stage change.

    Parameters
    ----------
    grades
        Grades of the stage.
    base
        Entrants of a unit in a year at the base year, shape (units,).
    new
        1 for units of the new quarter, else 0, shape (units,).
    years
        Years after the base year in which children enter; the first ones are in the highest grade a year after it.
    """

    grades: int
    base: FloatArray
    new: FloatArray
    years: FloatArray

    def entrants(self, growth: float, decline: float) -> FloatArray:
        """Entrants of a unit by year of entering, shape (units, years), whole children, at least one."""
        filled = np.clip((self.years - _FILLS) / (_PEAK - _FILLS), 0, 1)
        falls = np.exp(-decline * np.maximum(self.years - _PEAK, 0))
        shape = (1 + growth * self.new[:, None] * filled) * falls
        return np.asarray(np.maximum(1.0, np.round(self.base[:, None] * shape)))

    def children(self, entrants: FloatArray) -> FloatArray:
        """Children by year of the plan: the entrants of as many years as there are grades."""
        total = np.cumsum(np.pad(entrants, ((0, 0), (1, 0))), axis=1)
        return np.asarray(total[:, self.grades :] - total[:, : -self.grades])


def make_wave(plane: Plane, grades: int, years: int, children: float, random: np.random.Generator) -> Wave:
    """The wave of a stage over some years of the plan, before its rates are known.

    Parameters
    ----------
    children
        Children of the stage at the base year, about; fewer where a unit would have too many.
    """
    mean = min(_A_GRADE, children / grades / len(plane.weight))
    base = np.maximum(1.0, mean * plane.weight * random.lognormal(0.0, 0.1, len(plane.weight)))
    return Wave(grades, base, plane.new.astype(float), np.arange(2 - grades, years + 1, dtype=float))


def at_base_year(wave: Wave) -> FloatArray:
    """Children of a unit at the base year."""
    return np.round(wave.base) * wave.grades


def fit(wave: Wave, seats: float) -> FloatArray:
    """Entrants who make today's seats tight at the peak and ample in the last year.

    Parameters
    ----------
    wave
        The wave.
    seats
        Seats of today.
    """

    def decline_of(growth: float) -> float:
        def last(decline: float) -> float:
            return seats / float(wave.children(wave.entrants(growth, decline))[:, -1].sum()) - LOOSEST

        return float(brentq(last, -1.0, 1.0, xtol=1e-4))

    def tightest(growth: float) -> float:
        children = wave.children(wave.entrants(growth, decline_of(growth))).sum(axis=0)
        return seats / float(children.max()) - TIGHTEST

    growth = float(brentq(tightest, 0.0, 50.0, xtol=1e-3))
    return wave.entrants(growth, decline_of(growth))


def by_phase(wave: Wave, entrants: FloatArray, starts: FloatArray) -> FloatArray:
    """Children of a unit in a year by the phase in which they entered, shape (units, phases + 1, years of the plan).

    Parameters
    ----------
    starts
        Years after the base year in which the phases begin.
    """
    years = entrants.shape[1] - wave.grades + 1
    phase_of = np.searchsorted(starts, wave.years, side="right")
    found = np.zeros((len(entrants), len(starts) + 1, years))
    for year in range(years):
        for entry in range(year, year + wave.grades):
            found[:, phase_of[entry], year] += entrants[:, entry]
    return found
