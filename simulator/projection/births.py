"""Births by unit and calendar year: as known, then along a trend or along the women of childbearing age."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from simulator.projection.demand import FloatArray

# Resident children are counted by single year of age, 0 to 17.
AGES = 18
_YOUNG_AGES = 5


@dataclass(frozen=True)
class BirthsOutlook:
    """How the district's births go on after the last year known, in one variant.

    Parameters
    ----------
    rate
        Yearly relative change.
    women
        Year → births that the district's women would have; where given it takes the place of `rate`.
    factors
        Year → factor of that year alone.
    """

    rate: float
    women: Mapping[int, float]
    factors: Mapping[int, float]

    def growth(self, since: int, year: int) -> float:
        """Births of a year relative to those of an earlier one."""
        if self.women:
            return self.women[year] / self.women[since] * self.factors.get(year, 1.0)
        return float((1 + self.rate) ** (year - since) * self.factors.get(year, 1.0))


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

    def in_year(self, year: int, outlook: BirthsOutlook) -> FloatArray:
        """Births of a year by unit: as known, before that as in the first year, after that as the outlook says."""
        if year > self.last_year:
            growth = outlook.growth(self.last_year, year)
            return follow_parents(self.known[-1], year - self.last_year, growth, self.migration)
        return np.asarray(self.known[max(0, year - self.first_year)])

    def path(self, years: range, outlook: BirthsOutlook) -> FloatArray:
        """Births by unit from the calendar year before the first of `years` on, shape (units, years + 1)."""
        return np.stack([self.in_year(year, outlook) for year in range(years[0] - 1, years[-1] + 1)], axis=1)

    def extended(self, year: int, outlook: BirthsOutlook) -> Births:
        """The same births, taken as known up to a year along an outlook."""
        later = [self.in_year(after, outlook) for after in range(self.last_year + 1, year + 1)]
        return Births(self.first_year, np.vstack([self.known, *later]), self.migration)


@dataclass(frozen=True)
class BirthsPath:
    """Births of one variant, known or along its outlook."""

    births: Births
    outlook: BirthsOutlook

    @property
    def first_year(self) -> int:
        """First calendar year known."""
        return self.births.first_year

    def in_year(self, year: int) -> FloatArray:
        """Births of a calendar year by unit."""
        return self.births.in_year(year, self.outlook)


def follow_parents(births: FloatArray, years: int, growth: float, migration: FloatArray) -> FloatArray:
    r"""Births some years on: the district grows as told, its parts follow the migration of parents.

    .. math:: b_u(t+k) = G \sum_v b_v(t) \cdot \frac{b_u(t)(1+m_u)^k}{\sum_v b_v(t)(1+m_v)^k}
    """
    moved = births * (1 + migration) ** years
    total = moved.sum()
    scale = births.sum() / total if total > 0 else 1.0
    return np.asarray(moved * scale * growth)


def gather_births(
    table: pd.DataFrame,
    units: pd.Index,
    residents: FloatArray,
    as_of: int,
    infant_survival: float,
    migration: FloatArray,
) -> Births:
    """Births by unit: the table's own rows, district totals apportioned by children aged 0–4.

    A table that ends before the population's year, or none, is completed from the children aged 0.
    """
    by_year = _births_by_year(table, units, residents)
    if not by_year or max(by_year) < as_of:
        by_year[as_of] = residents[:, 0] / max(infant_survival, 1e-9)
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
