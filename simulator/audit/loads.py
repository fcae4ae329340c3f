"""Pupils by section, worked out again from demand and catchments."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simulator.capacity.supply import Supply
from simulator.plan import Plan
from simulator.projection.demand import Demand


def pupils_by_catchment(plan: Plan, demand: Demand, supply: Supply, years: tuple[int, ...]) -> pd.DataFrame:
    """Children = share × demand, for every row of the catchments and year of its phase.

    Returns
    -------
    pandas.DataFrame
        year, phase, unit_id, band, section_id, share, children.
    """
    positions = [demand.years.index(year) for year in years]
    phases = np.array([plan.phase_of(year) for year in years], dtype=np.int64)
    asked = pd.concat(
        [
            pd.DataFrame(
                {
                    "unit_id": np.repeat(demand.units, len(years)),
                    "band": band.band_id,
                    "year": np.tile(np.array(years, dtype=np.int64), len(demand.units)),
                    "phase": np.tile(phases, len(demand.units)),
                    "demand": demand.of(band.stage, band.grades)[:, positions].reshape(-1),
                }
            )
            for band in supply.bands
        ],
        ignore_index=True,
    )
    rows = plan.catchments.merge(asked, on=["unit_id", "band", "phase"], how="inner")
    rows = rows.assign(children=rows["share"] * rows["demand"])
    return rows[["year", "phase", "unit_id", "band", "section_id", "share", "children"]]
