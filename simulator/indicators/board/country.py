"""城乡差距: the seven indicators of village schools against those of town schools, and where the coefficients go."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from simulator.rules.board import RESOURCES
from simulator.terms import AreaKind

COUNTRY_COLUMNS = [
    *("network", "county", "stage", "item", "year", "town_schools", "village_schools", "town", "village", "ratio"),
    *("ratio_change", "coefficient", "coefficient_change", "coefficient_a_year"),
]
_KEY = ["network", "county", "stage", "item"]


def country_gaps(schools: pd.DataFrame, variation: pd.DataFrame, base_year: int) -> pd.DataFrame:
    r"""Village against town schools, indicator by indicator and year by year, with the trend of the coefficient.

    .. math:: ratio = \frac{\bar X_{village}}{\bar X_{town}}, \qquad \bar X = \frac{\sum P_i X_i}{\sum P_i}

    over the schools with a known value; 乡村 is what the units' `area_kind` calls `village`, 城镇 is `city` and `town`
    (统计上划分城乡的规定). 1 is equal, below 1 the villages have less a pupil. The trend of a coefficient is its change since
    the base year, and that change a year.

    Parameters
    ----------
    schools
        Of :func:`simulator.indicators.board.schools.school_values`, both networks.
    variation
        Of :func:`simulator.indicators.board.variation.coefficients`, both networks.
    base_year
        Year that changes are counted from.

    Returns
    -------
    pandas.DataFrame
        :data:`COUNTRY_COLUMNS`; ratios are NaN where a county has only town or only village schools.
    """
    rows = pd.DataFrame(list(_means(schools)), columns=COUNTRY_COLUMNS[:10])
    if rows.empty:
        return pd.DataFrame(columns=COUNTRY_COLUMNS)
    known = variation.set_index([*_KEY, "year"])["coefficient"].astype(float)
    rows = rows.assign(coefficient=known.reindex(pd.MultiIndex.from_frame(rows[[*_KEY, "year"]])).to_numpy())
    first = rows[rows["year"] == base_year].set_index(_KEY)[["ratio", "coefficient"]]
    then = first.reindex(pd.MultiIndex.from_frame(rows[_KEY]))
    change = rows["coefficient"] - then["coefficient"].to_numpy()
    years = (rows["year"] - base_year).astype(float)
    return rows.assign(
        ratio_change=rows["ratio"] - then["ratio"].to_numpy(),
        coefficient_change=change,
        coefficient_a_year=change / years.where(years > 0),
    )[COUNTRY_COLUMNS]


def _means(schools: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Means of town and village schools, and their ratio."""
    for (network, county, stage, year), own in schools.groupby(["network", "county", "stage", "year"], sort=True):
        village = own["area_kind"].to_numpy() == AreaKind.VILLAGE
        pupils = own["pupils"].to_numpy(np.float64)
        for resource in RESOURCES:
            values = own[resource.item_id].to_numpy(np.float64)
            known = np.isfinite(values)
            if not known.any():
                continue
            town_mean, village_mean = (_mean(values, pupils, known & part) for part in (~village, village))
            yield {
                "network": network,
                "county": county,
                "stage": stage,
                "item": resource.item_id,
                "year": year,
                "town_schools": int((known & ~village).sum()),
                "village_schools": int((known & village).sum()),
                "town": town_mean,
                "village": village_mean,
                "ratio": village_mean / town_mean if town_mean > 0 else np.nan,
            }


def _mean(values: npt.NDArray[np.float64], pupils: npt.NDArray[np.float64], part: npt.NDArray[np.bool_]) -> float:
    """Mean by pupils; NaN without any."""
    return float(np.average(values[part], weights=pupils[part])) if pupils[part].sum() > 0 else float("nan")
