"""The simpler methods that a bureau uses, beside the projection: what each would have planned for."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from simulator.inputs.district import District
from simulator.language import translate as _
from simulator.projection.demand import Demand, FloatArray
from simulator.projection.housing import certain_dwellings, occupied_shares
from simulator.scenario import ProjectionSettings, Scenario
from simulator.standards import Standards
from simulator.terms import Stage

_ADULT = 18
_LEAST_YEARS = 3


class Method(StrEnum):
    """A way to find the seats that a stage needs, as it stands in the source language."""

    PROJECTION = "本程序预测"
    PER_THOUSAND = "千人指标法"
    PER_HOUSEHOLD = "户均法"
    LAST_VALUE = "维持现状"
    LINEAR_TREND = "线性外推"


def method_label(method: Method) -> str:
    """The name of a method in the output language."""
    return _(method.value)


def rival_seats(demand: Demand, district: District, scenario: Scenario, standards: Standards) -> pd.DataFrame:
    """Seats by stage and year of the projection and of every rival that the district's tables allow.

    Parameters
    ----------
    demand
        What the optimizer plans for.
    district, scenario, standards
        Residents, households, housing projects, the enrolment of past years; the planner's settings; 千人指标.

    Returns
    -------
    DataFrame
        stage, year, method (the word of `Method`), seats.
    """
    years = np.asarray(demand.years)
    people, homes = total_population(district, scenario, standards), total_households(district, scenario)
    rows: list[tuple[str, int, str, float]] = []
    for stage in dict.fromkeys(stage for stage, _grade in demand.cells):
        ours = demand.of(stage).sum(axis=0)
        index = standards.figures.get(f"per_thousand.{stage.value}")
        yields = scenario.projection.housing_yield.get(stage)
        found: dict[Method, FloatArray | None] = {
            Method.PROJECTION: ours,
            Method.PER_THOUSAND: None if people is None or index is None else people * index.value / 1000,
            Method.PER_HOUSEHOLD: None if homes is None or yields is None else homes * yields / 100,
            Method.LAST_VALUE: np.full(len(years), ours[0]),
            Method.LINEAR_TREND: linear_trend(past_enrolment(district.enrolment, stage, years[0], ours[0]), years),
        }
        rows += [
            (stage.value, int(year), method.value, float(count))
            for method, counts in found.items()
            if counts is not None
            for year, count in zip(years, counts, strict=True)
        ]
    return pd.DataFrame(rows, columns=["stage", "year", "method", "seats"])


def past_enrolment(enrolment: pd.DataFrame, stage: Stage, base_year: int, today: float) -> pd.Series[float]:
    """Pupils of a stage by year up to the base year, whose register stands before the table's figure."""
    past = pd.Series(dtype="float64")
    if len(enrolment):
        own = enrolment[(enrolment["stage"] == stage.value) & (enrolment["year"] < base_year)]
        past = own.groupby("year")["pupils"].sum().astype("float64")
    now = pd.Series({int(base_year): float(today)})
    return pd.concat([past, now] if len(past) else [now]).sort_index()


def linear_trend(past: pd.Series[float], years: npt.NDArray[np.integer[Any]]) -> FloatArray | None:
    """The straight line of least squares through past years, never below 0; none for fewer than three years.

    >>> linear_trend(pd.Series({2023: 100.0, 2024: 110.0, 2025: 120.0}), np.array([2025, 2026])).round(6).tolist()
    [120.0, 130.0]
    """
    if len(past) < _LEAST_YEARS:
        return None
    known = past.index.to_numpy(dtype=np.float64)
    slope, level = np.polyfit(known - known[-1], past.to_numpy(dtype=np.float64), 1)
    return np.asarray(np.maximum(0.0, level + slope * (years - known[-1])))


def total_population(district: District, scenario: Scenario, standards: Standards) -> FloatArray | None:
    """All residents by year: of the table residents with its adults, else households × their size; none without both."""
    counted = _counted_people(district.residents)
    if counted is None and "household.size" in standards.figures:
        households = _households(district)
        counted = None if households is None else households * standards.value("household.size")
    if counted is None:
        return None
    passed = np.arange(len(scenario.projection_years))
    return np.asarray(counted * (1 + scenario.population.total_trend) ** passed)


def _counted_people(residents: pd.DataFrame) -> float | None:
    """Residents of all ages, rows of the district before those of units; none where adults of a sex are missing."""
    if residents.empty:
        return None
    of_district = residents["unit_id"].fillna("") == ""
    rows = residents[of_district] if of_district.any() else residents
    both = rows[rows["sex"].fillna("") == ""]
    rows = both if len(both) else rows
    adults = rows[rows["age"] >= _ADULT]
    sexes = set(adults["sex"].fillna(""))
    return float(rows["residents"].sum()) if sexes in ({""}, {"female", "male"}) else None


def _households(district: District) -> float | None:
    """Households of the district, none where no unit tells them."""
    known = district.units.get("households")
    return None if known is None or known.notna().sum() == 0 else float(known.sum())


def total_households(district: District, scenario: Scenario) -> FloatArray | None:
    """Households of today and those of the dwellings occupied since the base year, by year."""
    today = _households(district)
    if today is None:
        return None
    return today + new_households(district.housing, scenario.projection_years, scenario.projection)


def new_households(housing: pd.DataFrame, years: range, settings: ProjectionSettings) -> FloatArray:
    """Dwellings occupied after the first of the years, × certainty, by year."""
    if housing.empty:
        return np.zeros(len(years))
    newly = occupied_shares(housing, years, settings)
    newly[:, 0] = 0.0
    return np.asarray(np.cumsum(certain_dwellings(housing, settings) @ newly))
