"""Resident children by unit and single year of age: born, surviving, moving, year after year."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from simulator.inputs.age_groups import AUTUMN_SHARE
from simulator.projection.births import AGES
from simulator.projection.demand import FloatArray
from simulator.projection.movement import Movement

__all__ = ["AGES", "AUTUMN_SHARE", "Residents", "Survival", "count_residents", "newborns", "roll_forward"]

_ALL = slice(0, AGES)


@dataclass(frozen=True)
class Residents:
    """Resident children, each array of shape (..., units, ages 0–17, years).

    Parameters
    ----------
    trend
        Children of the population table and their births, survival and migration.
    housing
        Children who live in dwellings completed since the population table, this year's arrivals included.
    arrivals
        This year's arrivals of `housing`, net of the migration that the trend already holds.
    """

    trend: FloatArray
    housing: FloatArray
    arrivals: FloatArray

    @property
    def all_children(self) -> FloatArray:
        """All resident children, shape (..., units, ages, years)."""
        return self.trend + self.housing

    def since(self, position: int) -> Residents:
        """The years from a position on."""
        return Residents(self.trend[..., position:], self.housing[..., position:], self.arrivals[..., position:])


@dataclass(frozen=True)
class Survival:
    """Share of births counted at age 0, and of each age who live a year on, shape (ages,)."""

    births: float
    ages: FloatArray


def count_residents(population: pd.DataFrame, units: pd.Index, column: str = "residents") -> FloatArray:
    """Children of the population table, shape (units, ages); ages not listed and cells unknown are 0."""
    counts = np.zeros((len(units), AGES))
    numbers = population[column].astype(float).fillna(0.0)
    np.add.at(counts, (units.get_indexer(pd.Index(population["unit_id"])), population["age"]), numbers)
    return counts


def newborns(before: FloatArray, now: FloatArray, infant_survival: float) -> FloatArray:
    r"""Children aged 0 at 31 August, from the births of two calendar years.

    .. math:: P_{u,0}(t) = s_0 \left(\tfrac{4}{12} b_u(t-1) + \tfrac{8}{12} b_u(t)\right)
    """
    return infant_survival * (AUTUMN_SHARE * before + (1 - AUTUMN_SHARE) * now)


def surviving(children: FloatArray, survival: Survival) -> FloatArray:
    """Children a year later before they move, without newborns; shape (..., units, ages)."""
    older = np.empty_like(children)
    older[..., 0] = 0.0
    np.multiply(children[..., :-1], survival.ages[:-1], out=older[..., 1:])
    return older


def roll_forward(
    start: FloatArray, births: FloatArray, gross: FloatArray, movement: Movement, survival: Survival
) -> Residents:
    r"""Resident children of all years, the first as counted.

    .. math:: P_{u,a+1}(t+1) = \mathrm{moved}\left(P_{u,a}(t) \, s_a\right)

    New dwellings bring :math:`A_{u,a}(t) = \max(0, G_{u,a}(t) - I_{u,a}(t))`, what they hold beyond the arrivals I
    that the trend of the unit has already. Leading axes (draws) broadcast.

    Parameters
    ----------
    start
        Children counted in the first year, shape (..., units, ages).
    births
        Births from the calendar year before the first on, shape (..., units, years + 1).
    gross
        Children arriving in new dwellings, shape (..., units, ages, years); the first year is counted in `start`.
    movement
        Moves of the same years.
    survival
        Survival by age.
    """
    years = gross.shape[-1]
    leading = np.broadcast_shapes(start.shape[:-2], births.shape[:-2], gross.shape[:-3], movement.net.shape[:-3])
    shape = (*leading, *start.shape[-2:], years)
    is_building = bool(gross.any())
    counted = _year_after_year(shape)
    counted[..., 0] = start
    housed, arrivals = (_year_after_year(shape) if is_building else np.broadcast_to(0.0, shape) for _kind in range(2))
    for position in range(1, years):
        aged = surviving(counted[..., position - 1], survival)
        counted[..., position] = movement.moved(aged, _ALL, position)
        born = newborns(births[..., position], births[..., position + 1], survival.births)
        counted[..., 0, position] = born * movement.held[:, 0, position]
        if is_building:
            held = movement.inward(aged, _ALL, position)
            arrivals[..., position] = np.maximum(0.0, gross[..., position] - held)
            grown = movement.moved(surviving(housed[..., position - 1], survival), _ALL, position)
            housed[..., position] = grown + arrivals[..., position]
    return Residents(counted, housed, arrivals)


def _year_after_year(shape: tuple[int, ...]) -> FloatArray:
    """Zeros of the shape (..., units, ages, years), in memory year after year and age after age: steps run through it."""
    *leading, units, ages, years = shape
    return np.moveaxis(np.zeros((years, *leading, ages, units)), 0, -1).swapaxes(-3, -2)
