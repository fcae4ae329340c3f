"""Resident children by unit and single year of age: born, surviving, moving, year after year."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from simulator.projection.demand import FloatArray
from simulator.scenario import ProjectionSettings
from simulator.terms import AreaKind

AGES = 18
# Children aged 0 at 31 August were born from September on: four months of the year before, eight of this one.
AUTUMN_SHARE = 4 / 12
_YOUNG_AGES = 5


@dataclass(frozen=True)
class Residents:
    """Resident children, each array of shape (units, ages 0–17, years).

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
        """All resident children, shape (units, ages, years)."""
        return self.trend + self.housing

    def since(self, position: int) -> Residents:
        """The years from a position on."""
        return Residents(self.trend[..., position:], self.housing[..., position:], self.arrivals[..., position:])


@dataclass(frozen=True)
class Births:
    """Births of consecutive calendar years, shape (years, units), and how they go on after the last.

    Parameters
    ----------
    first_year
        Year of the first row of `known`.
    known
        Births by year and unit; a year missing from the table holds the year before.
    migration
        Net migration a year of each unit: where parents move, births move.
    """

    first_year: int
    known: FloatArray
    migration: FloatArray

    @property
    def last_year(self) -> int:
        """Year of the last row of `known`."""
        return self.first_year + len(self.known) - 1

    def in_year(self, year: int, trend: float) -> FloatArray:
        """Births of a year by unit: as known, before that as in the first year, after that along the trend."""
        if year > self.last_year:
            return follow_trend(self.known[-1], year - self.last_year, trend, self.migration)
        return np.asarray(self.known[max(0, year - self.first_year)])

    def extended(self, year: int, trend: float) -> Births:
        """The same births, taken as known up to a year along a trend."""
        later = [self.in_year(after, trend) for after in range(self.last_year + 1, year + 1)]
        return Births(self.first_year, np.vstack([self.known, *later]), self.migration)


def follow_trend(births: FloatArray, years: int, trend: float, migration: FloatArray) -> FloatArray:
    r"""Births some years on: the district follows the trend, its parts follow the migration of parents.

    .. math:: b_u(t+k) = (1 + r)^k \sum_v b_v(t) \cdot \frac{b_u(t)(1+m_u)^k}{\sum_v b_v(t)(1+m_v)^k}
    """
    moved = births * (1 + migration) ** years
    total = moved.sum()
    scale = births.sum() / total if total > 0 else 1.0
    return np.asarray(moved * scale * (1 + trend) ** years)


def count_residents(population: pd.DataFrame, units: pd.Index) -> FloatArray:
    """Resident children of the population table, shape (units, ages); ages not listed are 0."""
    counts = np.zeros((len(units), AGES))
    np.add.at(counts, (units.get_indexer(pd.Index(population["unit_id"])), population["age"]), population["residents"])
    return counts


def yearly_migration(units: pd.DataFrame, settings: ProjectionSettings) -> FloatArray:
    """Net migration a year of each unit as a share of its children, from its kind of area."""
    rates = [settings.migration.get(AreaKind(kind), 0.0) for kind in units["area_kind"]]
    return np.asarray(rates, dtype=np.float64)


def gather_births(
    table: pd.DataFrame,
    units: pd.Index,
    residents: FloatArray,
    as_of: int,
    settings: ProjectionSettings,
    migration: FloatArray,
) -> Births:
    """Births by unit: the table's own rows, district totals apportioned by children aged 0–4.

    A table that ends before the population's year, or none, is completed from the children aged 0.
    """
    by_year = _births_by_year(table, units, residents)
    if not by_year or max(by_year) < as_of:
        by_year[as_of] = residents[:, 0] / max(settings.infant_survival, 1e-9)
    first, last = min(by_year), max(by_year)
    rows = [by_year[first]]
    for year in range(first + 1, last + 1):
        rows.append(by_year.get(year, rows[-1]))
    return Births(first, np.vstack(rows), migration)


def _births_by_year(table: pd.DataFrame, units: pd.Index, residents: FloatArray) -> dict[int, FloatArray]:
    """Year → births by unit; a district total stands only where a year has no rows of units."""
    by_year: dict[int, FloatArray] = {}
    if table.empty:
        return by_year
    weights = apportioning_weights(residents)
    positions = units.get_indexer(pd.Index(table["unit_id"].fillna("")))
    years, births = table["year"].to_numpy(int), table["births"].to_numpy(float)
    for year in sorted(set(years.tolist())):
        of_units = (years == year) & (positions >= 0)
        if of_units.any():
            counts = np.zeros(len(units))
            np.add.at(counts, positions[of_units], births[of_units])
        else:
            counts = weights * births[years == year].sum()
        by_year[year] = counts
    return by_year


def apportioning_weights(residents: FloatArray) -> FloatArray:
    """Shares of a district total by unit: children aged 0–4, else all children, else equal shares."""
    for counts in (residents[:, :_YOUNG_AGES].sum(axis=1), residents.sum(axis=1)):
        if counts.sum() > 0:
            return np.asarray(counts / counts.sum())
    return np.full(len(residents), 1 / max(1, len(residents)))


def newborns(before: FloatArray, now: FloatArray, settings: ProjectionSettings) -> FloatArray:
    r"""Children aged 0 at 31 August, from the births of two calendar years.

    .. math:: P_{u,0}(t) = s_0 \left(\tfrac{4}{12} b_u(t-1) + \tfrac{8}{12} b_u(t)\right)
    """
    return settings.infant_survival * (AUTUMN_SHARE * before + (1 - AUTUMN_SHARE) * now)


def grow_older(children: FloatArray, settings: ProjectionSettings, migration: FloatArray) -> FloatArray:
    r"""Children a year later, without newborns: one year older, surviving, moved; shape (units, ages).

    .. math:: P_{u,a+1}(t+1) = P_{u,a}(t) \cdot s \cdot (1 + m_u)
    """
    older = np.zeros_like(children)
    older[:, 1:] = children[:, :-1] * settings.survival * (1 + migration)[:, None]
    return older


def net_arrivals(
    gross: FloatArray, trend: FloatArray, settings: ProjectionSettings, migration: FloatArray
) -> FloatArray:
    r"""Arrivals in new dwellings beyond the inward migration that the trend of the unit already holds.

    .. math:: A_{u,a}(t) = \max\left(0,\; G_{u,a}(t) - P_{u,a-1}(t-1) \cdot s \cdot \max(0, m_u)\right)
    """
    held = np.zeros_like(gross)
    held[:, 1:] = trend[:, :-1] * settings.survival * np.maximum(migration, 0)[:, None]
    return np.maximum(0.0, gross - held)


def roll_forward(
    start: FloatArray, years: range, births: Births, gross: FloatArray, trend: float, settings: ProjectionSettings
) -> Residents:
    """Resident children of all years, the first as counted.

    Parameters
    ----------
    start
        Children counted in the first year, shape (units, ages).
    years
        Consecutive years.
    births
        Births, known and along the trend.
    gross
        Children arriving in new dwellings, shape (units, ages, years); the first year is counted in `start`.
    trend
        Yearly relative change of births after the last year known.
    settings
        Survival rates.
    """
    units, ages = start.shape
    shape = (units, ages, len(years))
    counted, housed, arrivals = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    counted[..., 0] = start
    for position in range(1, len(years)):
        year = years[position]
        counted[..., position] = grow_older(counted[..., position - 1], settings, births.migration)
        counted[:, 0, position] = newborns(births.in_year(year - 1, trend), births.in_year(year, trend), settings)
        arrivals[..., position] = net_arrivals(
            gross[..., position], counted[..., position - 1], settings, births.migration
        )
        housed[..., position] = (
            grow_older(housed[..., position - 1], settings, births.migration) + arrivals[..., position]
        )
    return Residents(counted, housed, arrivals)
