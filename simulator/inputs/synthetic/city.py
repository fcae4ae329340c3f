"""An invented city of several counties: their tables one below the other, ids and names kept apart."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import pandas as pd

from simulator.inputs.synthetic.district import Tables, invent_district
from simulator.inputs.synthetic.invention import Invention

_IDS = (
    *("unit_id", "unit_a", "unit_b", "group", "group_id", "school_id", "parent"),
    *("parcel_id", "housing_id", "project_id", "place_id"),
)
"""Columns that name a row of the same county."""
_NAMED = ("units", "schools", "parcels", "housing")
"""Tables whose names bear the first character of the county, so that no two counties share one."""


def invent_city(specs: Mapping[str, Invention]) -> Tables:
    """Invent the counties of a city and put their tables together.

    Parameters
    ----------
    specs
        Prefix of ids → description of a county; descriptions lie apart on the ground and share one CRS.

    Returns
    -------
    dict
        Tables as those of one district: ids bear the county's prefix, 片区 its name, births are summed over counties.

    Raises
    ------
    ValueError
        Two counties of different CRS.
    """
    if len({spec.crs for spec in specs.values()}) != 1:
        message = "the counties of a city need one CRS"
        raise ValueError(message)
    parts = [_named(invent_district(spec), prefix, spec.name) for prefix, spec in specs.items()]
    names = list(dict.fromkeys(name for part in parts for name in part))
    tables = {name: _stacked([part[name] for part in parts if name in part]) for name in names}
    tables["births"] = tables["births"].groupby(["unit_id", "year"], as_index=False)["births"].sum()
    return tables


def _named(tables: Tables, prefix: str, county: str) -> Tables:
    """The tables of a county under its own ids and names."""
    return {
        name: _marked(table, prefix, county, county[:1] if name in _NAMED else "") for name, table in tables.items()
    }


def _marked(
    table: pd.DataFrame | gpd.GeoDataFrame, prefix: str, county: str, sign: str
) -> pd.DataFrame | gpd.GeoDataFrame:
    own = {column: prefix + table[column].astype(str) for column in _IDS if column in table}
    for column, text in own.items():
        own[column] = text.where(table[column].notna() & (table[column] != ""), "")
    if "area" in table:
        own["area"] = county + table["area"].astype(str)
    if sign:
        own["name"] = sign + table["name"].astype(str)
    return table.assign(**own)


def _stacked(tables: list[pd.DataFrame | gpd.GeoDataFrame]) -> pd.DataFrame | gpd.GeoDataFrame:
    return pd.concat(tables, ignore_index=True)
