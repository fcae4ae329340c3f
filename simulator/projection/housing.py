"""Children who arrive with new dwellings: dwellings × certainty × occupancy × yield."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simulator.projection.births import AGES, BirthsOutlook
from simulator.projection.demand import FloatArray
from simulator.scenario import ProjectionSettings
from simulator.terms import AGE_OF_GRADE, STAGE_GRADES, Stage

_STAGES = (Stage.KINDERGARTEN, Stage.PRIMARY, Stage.JUNIOR, Stage.SENIOR)


def yields_by_age(housing: pd.DataFrame, settings: ProjectionSettings) -> FloatArray:
    """Children of each single age in 100 occupied dwellings, shape (projects, ages).

    The yield of a stage is spread evenly over its ages; ages 0–2 take the yearly figure of kindergarten.
    """
    by_age = np.zeros((len(housing), AGES))
    for stage in _STAGES:
        first, last = (grade + AGE_OF_GRADE for grade in STAGE_GRADES[stage])
        stated = housing[f"yield_{stage}"].astype(float).fillna(settings.housing_yield.get(stage, 0.0))
        by_age[:, first : last + 1] = (stated.to_numpy() / (last - first + 1))[:, None]
    first_age = STAGE_GRADES[Stage.KINDERGARTEN][0] + AGE_OF_GRADE
    by_age[:, :first_age] = by_age[:, [first_age]]
    return by_age


def occupied_shares(housing: pd.DataFrame, years: range, settings: ProjectionSettings) -> FloatArray:
    """Share of a project's dwellings first occupied in each year, shape (projects, years)."""
    since = np.asarray(years)[None, :] - housing["completion_year"].to_numpy(int)[:, None]
    ramp = np.asarray([0.0, *settings.housing_occupancy, 0.0])
    return np.asarray(ramp[np.clip(since + 1, 0, len(ramp) - 1)])


def certain_dwellings(housing: pd.DataFrame, settings: ProjectionSettings) -> FloatArray:
    """Dwellings of each project × its certainty, stated or by its status, shape (projects,)."""
    stated = housing["certainty"].astype(float)
    certainty = stated.fillna(housing["status"].map(dict(settings.housing_certainty)).astype(float))
    return np.asarray((housing["dwellings"].astype(float) * certainty).to_numpy())


def newly_occupied(housing: pd.DataFrame, years: range, settings: ProjectionSettings) -> FloatArray:
    """Dwellings first occupied in each year, none in the first, which is counted; shape (projects, years)."""
    newly = occupied_shares(housing, years, settings)
    newly[:, 0] = 0.0
    return np.asarray(certain_dwellings(housing, settings)[:, None] * newly)


def gross_arrivals(
    housing: pd.DataFrame, units: pd.Index, years: range, outlook: BirthsOutlook, settings: ProjectionSettings
) -> FloatArray:
    r"""Children arriving in new dwellings, shape (units, ages, years); none in the first year, it is counted.

    .. math:: G_{u,a}(t) = \sum_{h \in u} \frac{y_{h,a}}{100} \, n_h \, c_h \, o_h(t) \quad (a \ge 1)

    Households that have moved in go on having children: at age 0 the occupied share counts instead of this
    year's, and follows the births of the district.
    """
    arrivals = np.zeros((len(units), AGES, len(years)))
    if housing.empty:
        return arrivals
    newly = occupied_shares(housing, years, settings)
    newly[:, 0] = 0.0
    dwellings = certain_dwellings(housing, settings) / 100
    children = (yields_by_age(housing, settings) * dwellings[:, None])[:, :, None] * newly[:, None, :]
    along = np.asarray([outlook.growth(years[0], year) for year in years])
    children[:, 0, :] = np.cumsum(children[:, 0, :], axis=1) * along
    np.add.at(arrivals, units.get_indexer(pd.Index(housing["unit_id"])), children)
    return arrivals
