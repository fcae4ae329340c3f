"""A district of several counties, county by county."""

from __future__ import annotations

from dataclasses import fields, replace

import geopandas as gpd
import pandas as pd

from simulator.inputs.district import District

_LAYERS = ("travel", "barriers", "crossings")
_PLACES = ("schools", "parcels")
_KEYS = (("unit_id", "units"), ("school_id", "schools"), ("parcel_id", "parcels"), ("unit_a", "units"))


def counties_of(district: District) -> tuple[str, ...]:
    """Counties of a district in the order in which its units name them; one where no unit names any."""
    return tuple(str(name) for name in pd.unique(district.units["county"].fillna("")))


def county_district(district: District, county: str) -> District:
    """The part of a district that lies in one county.

    Parameters
    ----------
    district
        The whole district.
    county
        One of :func:`counties_of`.

    Returns
    -------
    District
        Units of the county; schools and parcels that stand in them, or nearest to them; rows of other tables that
        belong to those; ways and barriers that touch the county. Rows that hold for the whole district stay.
    """
    units = gpd.GeoDataFrame(district.units[district.units["county"].fillna("") == county]).reset_index(drop=True)
    parts: dict[str, pd.DataFrame] = {"units": units}
    for name in _PLACES:
        parts[name] = _standing_in(getattr(district, name), district.units, set(units["unit_id"]))
    known = {table: set(parts[table].iloc[:, 0]) for table in parts}
    for field in fields(district):
        table = getattr(district, field.name)
        if field.name in parts or not isinstance(table, pd.DataFrame):
            continue
        if field.name in _LAYERS:
            parts[field.name] = _touching(gpd.GeoDataFrame(table), units)
        else:
            parts[field.name] = _belonging(table, known)
    return replace(district, name=county, **parts)  # type: ignore[arg-type]  # frames by name of the field


def _standing_in(places: gpd.GeoDataFrame, units: gpd.GeoDataFrame, own: set[str]) -> gpd.GeoDataFrame:
    """Places in some units, or nearest to them."""
    if places.empty:
        return places
    homes = places[["geometry"]].sjoin_nearest(units[["unit_id", "geometry"]])
    homes = homes[~homes.index.duplicated()]
    return gpd.GeoDataFrame(places[homes["unit_id"].isin(own).reindex(places.index)]).reset_index(drop=True)


def _belonging(table: pd.DataFrame, known: dict[str, set[str]]) -> pd.DataFrame:
    """Rows of a unit, school or parcel of the county, and those of no single one."""
    keep = pd.Series(data=True, index=table.index)
    for column, of in _KEYS:
        if column in table:
            keep &= table[column].isin(known[of]) | table[column].isna() | (table[column] == "")
    if "place_id" in table:
        keep &= table["place_id"].isin(known["schools"] | known["parcels"])
    return table[keep].reset_index(drop=True)


def _touching(layer: gpd.GeoDataFrame, units: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Features that touch the ground of some units."""
    if layer.empty:
        return layer
    ground = units.union_all()
    return gpd.GeoDataFrame(layer[layer.intersects(ground.buffer(1.0))]).reset_index(drop=True)
