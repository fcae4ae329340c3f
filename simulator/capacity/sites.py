"""Sites: the campuses of today and the parcels of tomorrow, with rooms, areas and land."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from simulator.capacity.places import entered, home_units
from simulator.capacity.sections import operating
from simulator.inputs.district import District
from simulator.scenario import Scenario
from simulator.terms import AreaKind, Conflict, Delivery

COLUMNS = (
    *("name", "kind", "township", "area_kind", "x", "y", "existing", "decided_here", "protected", "rooms"),
    *("max_rooms", "teaching_area_m2", "sports_area_m2", "canteen_seats", "land_area_m2", "supply_year"),
    *("conflict", "delivery", "beds"),
)
"""Columns of `Supply.sites`, in order."""


def campus_sites(district: District, sections: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    """One row a campus, index `site_id`.

    A campus has at least as many rooms as its sections run classes; rooms beyond that are free, and
    its sections may share them. A campus that does not teach in the base year has no rooms now.
    """
    schools = district.schools.set_index("school_id")
    existing = operating(schools, scenario.horizon.base_year)
    classes = sections.groupby("site_id")["classes"].sum().reindex(schools.index, fill_value=0)
    stated = _number(schools, "rooms").fillna(0)
    needed = pd.concat([stated, classes], axis=1).max(axis=1)
    rooms = needed.where(existing, 0).astype(int)
    most = pd.concat([needed, _number(schools, "max_rooms")], axis=1).max(axis=1).astype(int)
    limiting = scenario.seats.use_area
    return pd.DataFrame(
        {
            **_place(schools, district.units, "campus"),
            "existing": existing,
            "decided_here": schools["decided_here"].astype(bool),
            "protected": entered(schools, "protected", False).astype(bool),
            "rooms": rooms,
            "max_rooms": most,
            "teaching_area_m2": _number(schools, "teaching_area_m2") if limiting else np.nan,
            "sports_area_m2": _number(schools, "sports_area_m2") if limiting else np.nan,
            # Where there is no canteen the children eat at home.
            "canteen_seats": _number(schools, "canteen_seats").replace(0, np.nan) if limiting else np.nan,
            "land_area_m2": _number(schools, "site_area_m2"),
            "supply_year": scenario.horizon.base_year,
            "conflict": Conflict.NONE.value,
            "delivery": Delivery.GOVERNMENT.value,
            "beds": _number(schools, "beds").fillna(0),
        }
    ).rename_axis("site_id")


def parcel_sites(district: District, scenario: Scenario) -> pd.DataFrame:
    """One row a parcel, index `site_id`: no rooms yet; without a supply year the land is there in the base year."""
    if district.parcels.empty:
        return pd.DataFrame(columns=list(COLUMNS)).rename_axis("site_id")
    parcels = district.parcels.set_index("parcel_id")
    base_year = scenario.horizon.base_year
    return pd.DataFrame(
        {
            **_place(parcels, district.units, "parcel"),
            "existing": False,
            "decided_here": True,
            "protected": False,
            "rooms": 0,
            "max_rooms": 0,
            "teaching_area_m2": np.nan,
            "sports_area_m2": np.nan,
            "canteen_seats": np.nan,
            "land_area_m2": _number(parcels, "area_m2"),
            "supply_year": _number(parcels, "supply_year").fillna(base_year).astype(int),
            "conflict": entered(parcels, "conflict", Conflict.NONE.value).astype(str),
            "delivery": entered(parcels, "delivery", Delivery.GOVERNMENT.value).astype(str),
            "beds": 0.0,
        }
    ).rename_axis("site_id")


def core_townships(units: pd.DataFrame) -> set[str]:
    """Townships most of whose units are 城区: new schools there follow the land norm of the urban core."""
    city = (units["area_kind"] == AreaKind.CITY).groupby(units["township"]).mean()
    return set(city.index[city > 0.5])


def _number(table: pd.DataFrame, column: str) -> pd.Series:
    return pd.to_numeric(entered(table, column, np.nan)).astype(float)


def _place(table: gpd.GeoDataFrame, units: gpd.GeoDataFrame, kind: str) -> dict[str, object]:
    shapes = shapely.point_on_surface(np.asarray(table["geometry"], dtype=object))
    points = np.column_stack([shapely.get_x(shapes), shapely.get_y(shapes)])
    home = home_units(units, points)
    return {
        "name": table["name"].astype(str),
        "kind": kind,
        "township": table["township"].astype(str),
        "area_kind": units["area_kind"].astype(str).to_numpy()[home],
        "x": points[:, 0],
        "y": points[:, 1],
    }
