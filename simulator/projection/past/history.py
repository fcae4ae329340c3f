"""Enrolment and births of past years as dense arrays, one history for every stage."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from simulator.projection.demand import FloatArray
from simulator.terms import AGE_OF_GRADE, Stage

Mask = npt.NDArray[np.bool_]
ALL_GRADES = ""
"""Name of the only history of a table that does not tell stages apart; else `from_06` for schools from grade 6 on."""
SPAN = "from_"
_FEEDERS = {
    Stage.JUNIOR.value: Stage.PRIMARY.value,
    Stage.SENIOR.value: Stage.JUNIOR.value,
    Stage.VOCATIONAL.value: Stage.JUNIOR.value,
}


@dataclass(frozen=True)
class Beliefs:
    """What is believed before the history speaks; the scenario's figures.

    Parameters
    ----------
    late_share
        Share of children who enter a year late.
    noise, floor
        Variance of the ratio of a cohort of n pupils: noise ÷ n + floor².
    """

    late_share: float
    noise: float
    floor: float

    def variance(self, pupils: FloatArray) -> FloatArray:
        """Variance of the number that cohorts of so many pupils become."""
        return np.asarray(self.noise * pupils + (self.floor * pupils) ** 2)


@dataclass(frozen=True)
class Births:
    """Births of the district by year.

    Parameters
    ----------
    years
        Years of the axis.
    counts
        Births, NaN where the year is unknown, shape (years,).
    """

    years: range
    counts: FloatArray

    def known_before(self, year: int) -> Births:
        """Births of the years before `year`: all that is known in that autumn."""
        years = range(self.years.start, max(self.years.start, min(self.years.stop, year)))
        return Births(years, self.counts[: len(years)])


@dataclass(frozen=True)
class History:
    """Pupils of one stage.

    Parameters
    ----------
    name
        The stage's value, :data:`ALL_GRADES`, or `from_06` where a table tells no stages.
    schools
        Ids, in the order of the first axis.
    grades, years
        The other axes; years run without a gap.
    pupils
        Pupils, shape (schools, grades, years); NaN in years in which a school is not open, or that are left out.
    births
        Births of the district, empty if unknown.
    feeder
        Name of the history whose last grade enters the first of this one; empty if births tell the entry.
    """

    name: str
    schools: tuple[str, ...]
    grades: range
    years: range
    pupils: FloatArray
    births: Births
    feeder: str = ""

    @property
    def entry_age(self) -> int:
        """Age at 31 August of the first grade."""
        return self.grades.start + AGE_OF_GRADE

    @property
    def is_open(self) -> Mask:
        """Whether a school has a count, shape (schools, years)."""
        return np.asarray(~np.isnan(self.pupils).any(axis=1))

    @property
    def known(self) -> Mask:
        """Whether any school has a count in a year, shape (years,)."""
        return np.asarray(self.is_open.any(axis=0))

    def until(self, year: int) -> History:
        """What was known in the autumn of a year: counts up to it, births before it."""
        years = range(self.years.start, min(self.years.stop, year + 1))
        return replace(self, years=years, pupils=self.pupils[..., : len(years)], births=self.births.known_before(year))


def read_births(table: pd.DataFrame) -> Births:
    """Births of the district by year from the table `births`: its own total, else the sum of the units."""
    if table.empty:
        return Births(range(0), np.zeros(0))
    whole = table["unit_id"].fillna("") == "" if "unit_id" in table else pd.Series(True, index=table.index)
    totals = table[whole].groupby("year")["births"].sum()
    sums = table[~whole].groupby("year")["births"].sum()
    found = totals.combine_first(sums)
    years = range(int(found.index.min()), int(found.index.max()) + 1)
    return Births(years, found.reindex(years).to_numpy(float))


def read_histories(
    enrolment: pd.DataFrame, births: pd.DataFrame, dropped: Collection[int] = (), until: int | None = None
) -> tuple[History, ...]:
    """The history of every stage of an enrolment table.

    Parameters
    ----------
    enrolment
        school_id, grade, year, pupils, and stage unless the table holds one; a grade that an open school does not
        list counts as empty.
    births
        year, births, and unit_id where there are figures by unit.
    dropped
        Years that are left out as if nobody had counted.
    until
        Last year to use.
    """
    rows = enrolment[~enrolment["year"].isin(list(dropped))]
    if until is not None:
        rows = rows[rows["year"] <= until]
    if rows.empty:
        return ()
    counted = read_births(births)
    named = "stage" in rows
    names = rows["stage"].astype(str) if named else _spans(rows)
    order = (
        [name for name in (stage.value for stage in Stage) if (names == name).any()] if named else sorted(set(names))
    )
    spans = {name: (rows.loc[names == name, "grade"].min(), rows.loc[names == name, "grade"].max()) for name in order}
    feeders = {name: _feeder(name, spans) for name in order}
    return tuple(_history(name, rows[names == name], counted, feeders[name]) for name in order)


def _spans(rows: pd.DataFrame) -> pd.Series[str]:
    """Name of the history that each row belongs to, where the table tells no stages: by a school's first grade.

    Schools that begin with grade 1 or below are one group; with only one group it is :data:`ALL_GRADES`.
    """
    present = rows[rows["pupils"] > 0]
    first = present.groupby(["school_id", "year"])["grade"].min().groupby("school_id").median()
    group = first.where(first > 1, first.min()).round().astype(int)
    starts = rows["school_id"].map(group).fillna(int(first.min())).astype(int)
    if starts.min() == starts.max():
        return pd.Series(ALL_GRADES, index=rows.index, dtype=str)
    return SPAN + starts.astype(str).str.zfill(2)


def _feeder(name: str, spans: Mapping[str, tuple[int, int]]) -> str:
    """The history whose last grade enters the first of another; empty where births tell the entry."""
    if name in _FEEDERS:
        return _FEEDERS[name] if _FEEDERS[name] in spans else ""
    if name in set(Stage):
        return ""
    return next((other for other, (_first, last) in spans.items() if last == spans[name][0] - 1), "")


def _history(name: str, rows: pd.DataFrame, births: Births, feeder: str) -> History:
    """The history of one stage."""
    schools = pd.Index(sorted(rows["school_id"].astype(str).unique()))
    grades = range(int(rows["grade"].min()), int(rows["grade"].max()) + 1)
    years = range(int(rows["year"].min()), int(rows["year"].max()) + 1)
    counts = np.zeros((len(schools), len(grades), len(years)))
    places = (
        schools.get_indexer(pd.Index(rows["school_id"].astype(str))),
        rows["grade"].to_numpy(int) - grades.start,
        rows["year"].to_numpy(int) - years.start,
    )
    np.add.at(counts, places, rows["pupils"].to_numpy(float))
    closed = counts.sum(axis=1, keepdims=True) == 0
    return History(name, tuple(schools), grades, years, np.where(closed, np.nan, counts), births, feeder)
