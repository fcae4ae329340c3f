"""The projection as plain loops over units, years, ages and grades: what the engine must equal, and beat.

It knows one kind of district: kindergarten, primary, junior and senior schools, no new dwellings, one rate of migration a
unit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
# Children aged 0 at 31 August were born in the last four months of the year before, or the first eight of this one.
_AUTUMN = 4 / 12
_GRADES = (6, 3, 3)


@dataclass(frozen=True)
class Plain:
    """What the loop is told.

    Parameters
    ----------
    residents
        Children of the base year, shape (units, ages 0–17).
    births
        Births from the calendar year before the base year on, shape (units, years + 1).
    pupils
        Children of kindergarten (3 grades), primary (6), junior (3) and senior schools (3) in the base year.
    migration
        Net migration a year, shape (units,).
    shares
        Attendance share of kindergarten and of primary schools, shape (2, units).
    transfers
        Primary graduates who enter junior, and junior graduates who enter senior schools, shape (2, units).
    infant_survival, survival
        Of births, and of every age from there on.
    profile
        Share of each kindergarten grade relative to the stage's.
    growth
        Factor on the kindergarten share by year, the base year first.
    late_share
        Children who enter primary school a year late.
    keep
        Pupils of a grade who are in the next a year later: primary (5 steps), junior (2), senior (2).
    """

    residents: FloatArray
    births: FloatArray
    pupils: FloatArray
    migration: FloatArray
    shares: FloatArray
    transfers: FloatArray
    infant_survival: float
    survival: float
    profile: FloatArray
    growth: FloatArray
    late_share: float
    keep: tuple[FloatArray, FloatArray, FloatArray]


def loop(told: Plain) -> FloatArray:
    """Children by year, unit and cell, the base year first."""
    (units, ages), years = told.residents.shape, len(told.growth)
    residents = np.zeros((years, units, ages))
    pupils = np.zeros((years, *told.pupils.shape))
    residents[0], pupils[0] = told.residents, told.pupils
    for year in range(1, years):
        for unit in range(units):
            _live(told, residents, unit, year)
            _study(told, residents, pupils, unit, year)
    return pupils


def _live(told: Plain, residents: FloatArray, unit: int, year: int) -> None:
    """Residents of a unit and year."""
    born = _AUTUMN * told.births[unit, year] + (1 - _AUTUMN) * told.births[unit, year + 1]
    residents[year, unit, 0] = told.infant_survival * born
    for age in range(1, residents.shape[2]):
        residents[year, unit, age] = residents[year - 1, unit, age - 1] * told.survival * (1 + told.migration[unit])


def _study(told: Plain, residents: FloatArray, pupils: FloatArray, unit: int, year: int) -> None:
    """Pupils of a unit and year."""
    move = 1 + told.migration[unit]
    for grade in range(3):
        share = told.shares[0, unit] * told.profile[grade] * told.growth[year]
        pupils[year, unit, grade] = residents[year, unit, 3 + grade] * share
    of_age, older = residents[year, unit, 6], residents[year, unit, 7]
    entering = (1 - told.late_share) * of_age + told.late_share * older
    pupils[year, unit, 3] = told.shares[1, unit] * entering
    pupils[year, unit, 9] = pupils[year - 1, unit, 8] * told.transfers[0, unit] * move
    pupils[year, unit, 12] = pupils[year - 1, unit, 11] * told.transfers[1, unit] * move
    first = 3
    for stage, grades in enumerate(_GRADES):
        for grade in range(1, grades):
            below = pupils[year - 1, unit, first + grade - 1]
            pupils[year, unit, first + grade] = below * told.keep[stage][grade - 1] * move
        first += grades
