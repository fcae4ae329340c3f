"""Control totals: counts of a census or a higher plan that the children of a year must sum to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from simulator.projection.births import AGES
from simulator.projection.demand import FloatArray

_ROUNDS = 200
_CLOSE = 1e-10


@dataclass(frozen=True)
class Control:
    """Totals of one year: which units and ages each of them sums, and to what.

    Parameters
    ----------
    year
        The year.
    units, ages
        1 where a unit, an age, belongs to a total, shapes (totals, units) and (totals, ages).
    totals
        Children, shape (totals,).
    """

    year: int
    units: npt.NDArray[np.bool_]
    ages: npt.NDArray[np.bool_]
    totals: FloatArray


def read_control(table: pd.DataFrame, townships: Sequence[str], years: range) -> tuple[Control, ...]:
    """The control totals of the years of a range, in their order; `townships` are those of the units.

    A row without an age stands for all children of 0–17, one without a last age for one year of age.
    """
    lying = np.asarray(townships, dtype=object)
    found = []
    for year, rows in table.groupby("year") if len(table) else ():
        if int(str(year)) not in years:
            continue
        named = np.where(rows["township"].notna(), rows["township"], "").astype(object)
        first = rows["age"].astype(float)
        last = rows["age_to"].astype(float).fillna(first).fillna(AGES - 1.0).to_numpy()
        ages = np.arange(AGES)[None, :]
        found.append(
            Control(
                int(str(year)),
                (named[:, None] == "") | (named[:, None] == lying[None, :]),
                (ages >= first.fillna(0.0).to_numpy()[:, None]) & (ages <= last[:, None]),
                rows["residents"].to_numpy(float),
            )
        )
    return tuple(found)


def fit_to_totals(children: FloatArray, control: Control) -> FloatArray:
    """Children by unit and age that sum to the totals and differ least from the given ones, shape (units, ages).

    Iterative proportional fitting: every total in turn scales the cells that it sums, until none changes. A total
    over cells without children spreads evenly over them. Totals that contradict each other leave the last one met.

    >>> half = Control(2030, np.array([[True, True]]), np.ones((1, 1), dtype=bool), np.array([30.0]))
    >>> fit_to_totals(np.array([[5.0], [10.0]]), half).ravel().tolist()
    [10.0, 20.0]
    """
    fitted = children.copy()
    for _round in range(_ROUNDS):
        furthest = 0.0
        for units, ages, total in zip(control.units, control.ages, control.totals, strict=True):
            cells = np.ix_(units, ages)
            now = fitted[cells].sum()
            if now > 0:
                fitted[cells] *= total / now
                furthest = max(furthest, abs(total - now) / max(total, 1.0))
            elif total > 0 and fitted[cells].size:
                fitted[cells] = total / fitted[cells].size
                furthest = 1.0
        if furthest < _CLOSE:
            break
    return fitted


def spread_over_years(factor: FloatArray, since: int, position: int, years: int) -> FloatArray:
    """A factor needed at a position as yearly factors of each cohort on its way there, shape (units, ages, years).

    The cohort aged a at the position is scaled alike in each of its years after `since`, or from its birth on: control
    totals then work as migration, without a jump in the year they are given for.
    """
    held = np.ones((*factor.shape, years))
    for age in range(factor.shape[1]):
        steps = min(position - since, age + 1)
        yearly = factor[:, age] ** (1 / steps)
        for back in range(steps):
            held[:, age - back, position - back] *= yearly
    return held
