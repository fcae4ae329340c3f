"""Births that the women of the district would have, where their ages are known."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from simulator.inputs.age_groups import split_smoothly
from simulator.projection.demand import FloatArray
from simulator.scenario.population import FIRST_ADULT_AGE, LAST_FERTILE_AGE

_AGES = LAST_FERTILE_AGE + 1


def count_women(residents: pd.DataFrame, children: FloatArray, girls: float) -> FloatArray | None:
    """Women of the district by single year of age 0–49, shape (ages,); none where no table tells those of 15–49.

    Parameters
    ----------
    residents
        unit_id, sex, age, age_to, residents; rows of the whole district stand before those of units.
    children
        Resident children of the district by age 0–17: of ages without a row, girls are a share of them.
    girls
        That share.
    """
    female = residents[residents["sex"] == "female"] if len(residents) else residents
    if female.empty:
        return None
    of_district = female["unit_id"].fillna("") == ""
    rows = (female[of_district] if of_district.any() else female).sort_values("age")
    last = rows["age_to"].astype("Float64").fillna(rows["age"].astype("Float64")).astype(int)
    groups = rows.assign(age_to=last).groupby(["age", "age_to"])["residents"].sum()
    ages = [range(int(first), int(end) + 1) for first, end in groups.index]
    single = dict(zip([a for group in ages for a in group], split_smoothly(groups.to_numpy(float), ages), strict=True))
    if not set(range(FIRST_ADULT_AGE, _AGES)) <= set(single):
        return None
    return np.asarray([single.get(age, float(children[age]) * girls if age < len(children) else 0.0)
                       for age in range(_AGES)])  # fmt: skip


def women_told(residents: pd.DataFrame) -> bool:
    """Whether a table tells the women of all childbearing ages."""
    return count_women(residents, np.zeros(0), 0.0) is not None


def women_by_year(
    women: FloatArray, first_year: int, births: Mapping[int, float], last_year: int, growth: FloatArray, girls: float
) -> dict[int, FloatArray]:
    r"""Year → women by age, each a year older, surviving and moving as `growth` by age says.

    .. math:: W_{a+1}(t+1) = W_a(t) \, s \, (1 + m_a)
    """
    found = {first_year: women}
    for year in range(first_year + 1, last_year + 1):
        older = np.zeros_like(women)
        older[1:] = found[year - 1][:-1] * growth[:-1]
        older[0] = births.get(year, 0.0) * girls
        found[year] = older
    return found


def expected_births(women: Mapping[int, FloatArray], rates: Mapping[int, float]) -> dict[int, float]:
    r"""Year → births of these women at a total fertility rate of 1: :math:`\sum_a W_a f_a / \sum_a f_a`.

    `rates` are births a woman a year from each age named to the next.
    """
    schedule = np.zeros(_AGES)
    for age in sorted(rates):
        schedule[min(max(age, 0), _AGES) :] = rates[age]
    schedule[:FIRST_ADULT_AGE] = 0.0
    total = schedule.sum()
    pattern = schedule / total if total > 0 else schedule
    return {year: float(counts @ pattern) for year, counts in women.items()}


def fertility_path(
    known: float, expected: float, target: float, years: range, base: int, goal: int
) -> dict[int, float]:
    """Year → total fertility rate: that of the last births known until the base year, then linear to the target.

    >>> {year: round(rate, 2) for year, rate in fertility_path(120, 100, 1.0, range(2025, 2028), 2025, 2027).items()}
    {2025: 1.2, 2026: 1.1, 2027: 1.0}
    """
    now = known / expected if expected > 0 else target
    return {year: now + (target - now) * min(1.0, max(0.0, (year - base) / (goal - base))) for year in years}
