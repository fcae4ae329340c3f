"""A district of several counties that plan by themselves: which unit and which site belongs to which."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from simulator.capacity.supply import COUNTY_COLUMNS, Supply
from simulator.scenario import Scenario


def with_counties(supply: Supply, homes: pd.Series, units: pd.DataFrame, scenario: Scenario) -> Supply:
    """The same supply, which knows the counties that plan by themselves.

    Parameters
    ----------
    supply
        As built.
    homes
        Site → the unit in which it stands, whose county is its own.
    units
        unit_id, and county where the units name theirs.
    scenario
        `candidates.within_county`.

    Returns
    -------
    Supply
        `counties` set; empty where there is one county, or all are planned as one.
    """
    if "county" not in units or not scenario.candidates.within_county:
        return supply
    county = units.set_index("unit_id")["county"].fillna("").astype(str)
    if len(county.unique()) <= 1:
        return supply
    rows = pd.concat([county, homes.map(county)])
    table = pd.DataFrame(dict(zip(COUNTY_COLUMNS, (rows.index.astype(str), rows.to_numpy()), strict=True)))
    return replace(supply, counties=table)
