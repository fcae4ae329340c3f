"""Forecast against actual: the first year of a projection beside the register of that year."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simulator.operation import Operation
from simulator.projection.bands import DISTRICT, SECTION
from simulator.projection.demand import Demand

COMPARISON_COLUMNS = [
    *("level", "stage", "grade", "section_id", "forecast", "actual", "difference", "error", "low", "high", "inside")
]
_EDGES = ("p10", "p90")
STAGE, GRADE, SCHOOL = "stage", "grade", "school"
"""Levels of the comparison."""


def forecast_against_actual(
    demand: Demand, operation: Operation, bands: pd.DataFrame, enrolment: pd.DataFrame, year: int
) -> pd.DataFrame:
    """Pupils forecast for a year and counted in it, by stage, by grade and by section.

    Parameters
    ----------
    demand
        What was forecast for the district.
    operation
        The network under which schools were forecast: the earlier plan, else the present one.
    bands
        `Bands.table` of the projection, empty where nothing was drawn.
    enrolment
        school_id, stage, grade, pupils counted.
    year
        The year.

    Returns
    -------
    DataFrame
        level (`stage`, `grade`, `school`), stage, grade (NaN), section_id (empty), forecast, actual, difference (actual −
        forecast), error (:math:`|F - A| / A`, NaN without pupils), low and high of the 80 % band and inside (whether it
        holds the actual) of stages and sections, where there is one. Sections have the relative width of their band under
        today's catchments, laid around what the network of `operation` sends them.
    """
    told = enrolment.assign(section_id=enrolment["school_id"].astype(str) + ":" + enrolment["stage"].astype(str))
    told = told.rename(columns={"pupils": "actual"})
    cells = [(stage.value, grade) for stage, grade in demand.cells]
    here = demand.children[:, :, demand.years.index(year)].sum(axis=0)
    asked = pd.DataFrame({"stage": [s for s, _g in cells], "grade": [g for _s, g in cells], "forecast": here})
    run = operation.classes[operation.classes["year"] == year]
    schools = run.assign(stage=run["section_id"].str.rsplit(":", n=1).str[1]).rename(columns={"pupils": "forecast"})
    parts = [
        _side_by_side(asked, told, ["stage"]).assign(level=STAGE),
        _side_by_side(asked, told, ["stage", "grade"]).assign(level=GRADE),
        _side_by_side(schools, told, ["stage", "section_id"]).assign(level=SCHOOL),
    ]
    table = pd.concat(parts, ignore_index=True)
    error = (table["forecast"] - table["actual"]).abs() / table["actual"].where(table["actual"] > 0)
    table = table.assign(difference=table["actual"] - table["forecast"], error=error)
    return _with_bands(table.reindex(columns=COMPARISON_COLUMNS).fillna({"section_id": ""}), bands, year)


def _with_bands(table: pd.DataFrame, bands: pd.DataFrame, year: int) -> pd.DataFrame:
    """The comparison with the 80 % band of each row that has one."""
    drawn = bands[(bands["year"] == year) & bands["level"].isin([DISTRICT, SECTION])]
    keys = drawn["stage"].where(drawn["level"] == DISTRICT, drawn["place"])
    run = drawn["run"].where(drawn["run"] > 0)
    edges = {
        name: pd.Series(
            drawn[name].where(drawn["level"] == DISTRICT, drawn[name] / run).to_numpy(np.float64), index=keys
        )
        for name in _EDGES
    }
    of_stage = table["level"] == STAGE
    own = table["stage"].where(of_stage, table["section_id"])
    scale = table["forecast"].where(~of_stage, 1.0)
    low, high = (own.map(edges[name]).astype(np.float64) * scale for name in _EDGES)
    inside = [
        low_edge <= actual <= high_edge if low_edge == low_edge else None
        for low_edge, actual, high_edge in zip(low, table["actual"], high, strict=True)
    ]
    return table.assign(low=low, high=high, inside=pd.Series(inside, index=table.index, dtype=object))


def _side_by_side(forecast: pd.DataFrame, actual: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """Sums of both under a key; stages that were not counted at all are left out."""
    known = actual["stage"].unique()
    sums = [forecast.groupby(key)["forecast"].sum(), actual.groupby(key)["actual"].sum()]
    table = pd.concat(sums, axis=1).fillna(0.0).astype(np.float64).reset_index()
    return table[table["stage"].isin(known)]
