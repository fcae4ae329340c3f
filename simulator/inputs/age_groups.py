"""Census age groups as single years of age: the groups are kept exactly, the years inside them follow births or a curve."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd

from simulator.errors import Problem
from simulator.inputs.read_raw import RawTable
from simulator.inputs.read_report import row_problems
from simulator.language import translate as _

FloatArray = npt.NDArray[np.float64]

# Children aged 0 at 31 August were born from September on: four months of the year before, eight of this one.
AUTUMN_SHARE = 4 / 12
_LAST_CHILD_AGE = 17
_COUNTS = ("residents", "registered", "migrant")


def split_smoothly(totals: FloatArray, ages: Sequence[range]) -> FloatArray:
    r"""Single years of age whose sums are the groups and whose curve bends as little as possible.

    .. math:: \min \sum_a (x_{a-1} - 2 x_a + x_{a+1})^2 \quad \text{with} \quad \sum_{a \in g} x_a = T_g, \; x \ge 0

    Parameters
    ----------
    totals
        People of each group, shape (groups,).
    ages
        Ages of each group, in rising order, without overlap.

    Returns
    -------
    ndarray
        People by single year, the groups side by side.

    >>> split_smoothly(np.array([10.0, 50.0]), [range(0, 1), range(1, 5)]).round(2).tolist()
    [10.0, 11.0, 12.0, 13.0, 14.0]
    """
    lengths = [len(group) for group in ages]
    count = sum(lengths)
    member = np.repeat(np.eye(len(ages)), lengths, axis=1)
    bends = np.diff(np.eye(count), n=2, axis=0) if count > 2 else np.zeros((0, count))
    # A faint pull towards equal years decides where bending alone does not.
    curve = bends.T @ bends + 1e-9 * np.eye(count)
    free = np.ones(count, dtype=bool)
    single = np.zeros(count)
    for _attempt in range(count):
        single = _bent_least(curve, member, totals, free)
        below = free & (single < 0)
        if not below.any():
            break
        free &= ~below
    equal = (totals / lengths) @ member
    kept = np.maximum(0.0, np.where(member.T @ (member @ free) > 0, single, equal))
    sums = member @ kept
    scale = np.divide(totals, sums, out=np.zeros_like(totals), where=sums > 0)
    return np.asarray(kept * (scale @ member))


def _bent_least(curve: FloatArray, member: FloatArray, totals: FloatArray, free: npt.NDArray[np.bool_]) -> FloatArray:
    """The smoothest years that meet the groups, those not free at 0."""
    able = (member * free).sum(axis=1) > 0
    inside = member[able][:, free]
    system = np.block([[curve[np.ix_(free, free)], inside.T], [inside, np.zeros((len(inside), len(inside)))]])
    right = np.concatenate([np.zeros(int(free.sum())), totals[able]])
    years = np.zeros(len(free))
    years[free] = np.linalg.lstsq(system, right, rcond=None)[0][: int(free.sum())]
    return years


def single_years(population: pd.DataFrame, births: pd.DataFrame, as_of: int) -> pd.DataFrame:
    """The population table with one row a single year, `age_to` unknown in all of them.

    Units with the same groups share the years inside them: the births of the cohorts where all are known for the
    district, else the smooth curve through the groups of these units together. Ages above 17 are left out.

    Parameters
    ----------
    population
        unit_id, age, age_to (unknown: a single year), residents, registered, migrant.
    births
        unit_id (empty: the district), year, births.
    as_of
        Year that the population describes.
    """
    last = population["age_to"].astype("Float64").fillna(population["age"].astype("Float64")).astype(int)
    if (last == population["age"]).all():
        return population.assign(age_to=np.nan)
    rows = population.assign(age_to=last)
    cohorts = cohort_births(births, as_of)
    sharing: dict[tuple[tuple[int, int], ...], list[str]] = {}
    for unit, own in rows.groupby("unit_id", sort=False):
        sharing.setdefault(_structure(own), []).append(str(unit))
    parts = [
        _single_rows(rows[rows["unit_id"].isin(units)], structure, cohorts) for structure, units in sharing.items()
    ]
    return pd.concat(parts, ignore_index=True)[population.columns].assign(age_to=np.nan)


def _structure(rows: pd.DataFrame) -> tuple[tuple[int, int], ...]:
    """The age groups of a unit, in rising order."""
    return tuple(sorted(zip(rows["age"].astype(int).tolist(), rows["age_to"].astype(int).tolist(), strict=True)))


def _single_rows(rows: pd.DataFrame, structure: tuple[tuple[int, int], ...], cohorts: dict[int, float]) -> pd.DataFrame:
    """Rows of units that share their groups, split into single years."""
    ages = [range(first, last + 1) for first, last in structure]
    totals = rows.groupby("age")["residents"].sum().reindex([group.start for group in ages]).to_numpy(float)
    smooth = np.split(split_smoothly(totals, ages), np.cumsum([len(group) for group in ages])[:-1])
    parts = []
    for group, years in zip(ages, smooth, strict=True):
        weights = np.asarray([cohorts.get(age, np.nan) for age in group])
        if np.isnan(weights).any() or weights.sum() == 0:
            weights = years if years.sum() > 0 else np.ones(len(group))
        here = rows[rows["age"] == group.start]
        for age, share in zip(group, weights / weights.sum(), strict=True):
            if age <= _LAST_CHILD_AGE:
                parts.append(here.assign(age=age, **{name: here[name].astype(float) * share for name in _COUNTS}))
    return pd.concat(parts, ignore_index=True)


def cohort_births(births: pd.DataFrame, as_of: int) -> dict[int, float]:
    """Age at 31 August → births of its cohort in the district, for the ages whose two calendar years are known."""
    if births.empty:
        return {}
    of_district = births["unit_id"].fillna("") == ""
    by_unit = births[~of_district].groupby("year")["births"].sum()
    total = by_unit.combine_first(births[of_district].groupby("year")["births"].sum())
    known = {int(str(year)): float(count) for year, count in total.items()}
    return {
        age: AUTUMN_SHARE * known[as_of - age - 1] + (1 - AUTUMN_SHARE) * known[as_of - age]
        for age in range(_LAST_CHILD_AGE + 1)
        if {as_of - age, as_of - age - 1} <= set(known)
    }


def overlapping_ages(raw: RawTable, frame: pd.DataFrame, keys: Sequence[str]) -> list[Problem]:
    """Rows whose ages another row of the same unit (year, sex) covers already.

    Parameters
    ----------
    raw, frame
        The table as read and typed; `age` and `age_to` are its ages.
    keys
        Columns that rows share when their ages must not overlap.
    """
    last = frame["age_to"].astype("Float64").fillna(frame["age"].astype("Float64"))
    known = frame.assign(last=last)[frame["age"].notna()].sort_values("age", kind="stable")
    earlier: dict[int, int] = {}
    for _key, rows in known.groupby([known[name].astype(str) for name in keys], sort=False):
        numbers, first, end = (rows.index.tolist(), rows["age"].astype(int).tolist(), rows["last"].astype(int).tolist())
        for before, after in pairwise(range(len(rows))):
            if end[before] >= first[after] and first[before] != first[after]:
                earlier[int(numbers[after])] = int(numbers[before])
    return row_problems(
        raw,
        earlier,
        ("age",),
        lambda row: _("年龄与第 {earlier} 行重叠").format(earlier=earlier[row]),
        _("每一岁只能在一行中出现"),
    )
