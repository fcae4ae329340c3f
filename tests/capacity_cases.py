"""Tiny districts and norms, written as aligned tables, for the tests of capacity."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from simulator.inputs.district import District
from simulator.scenario import Scenario
from simulator.standards import Figure, Standards
from simulator.terms import Basis, Effect, Stage

CRS = "EPSG:4547"
NORMS = {
    "class_size.kindergarten": 30,
    "class_size.primary": 45,
    "class_size.primary_partial": 30,
    "class_size.junior": 50,
    "class_size.senior": 50,
    "class_size.vocational": 40,
    "class_size.special": 12,
    "class_size_max.kindergarten": 35,
    "class_size_max.primary": 55,
    "class_size_max.primary_partial": 45,
    "class_size_max.junior": 55,
    "class_size_max.senior": 55,
    "class_size_max.vocational": 50,
    "class_size_max.special": 15,
    "area.teaching.primary": 4.5,
    "area.teaching.junior": 5.8,
    "area.sports.primary": 7.5,
    "area.sports.junior": 10.2,
    "land_per_seat.kindergarten": 15,
    "land_per_seat.primary": 20,
    "land_per_seat.junior": 25,
    "land_per_seat.senior": 30,
    "land_per_seat_core.primary": 12,
    "land_per_seat_core.junior": 15,
    "travel.young_minutes": 30,
    "travel.young_last_grade": 3,
    "cost.conversion_room_wan": 20,
    "cost.bus_pupil_year": 4500,
    "cost.boarder_year": 300,
    "cost.boarder_services_year": 2700,
    "cost.building_life": 50,
    "cost.fitout_life": 10,
    "cost.fitout_share": 0.2,
    **{f"cost.class_year.{stage}": 300_000 for stage in Stage},
    **{f"cost.pupil_year.{stage}": 720 for stage in Stage},
    **{f"cost.section_year.{stage}": 200_000 for stage in Stage},
    **{f"cost.seat_capital_wan.{stage}": 6 for stage in Stage},
    **{f"cost.room_capital_wan.{stage}": 100 for stage in Stage},
}
MODULES = {
    "kindergarten": (6, 9, 12),
    "primary": (12, 18, 24, 30, 36),
    "junior": (12, 18, 24, 30, 36),
    "nine_year": (18, 27, 36, 45),
    "senior": (24, 30, 36, 48, 60),
}
LAYERS = ("units", "schools", "parcels", "travel", "barriers", "crossings")
TABLES = (
    *("population", "births", "residents", "control"),
    *("sections", "classes", "enrolment", "yearly", "origins", "admission_plan", "catchments"),
    *("housing", "teachers", "adjacency", "projects", "demand", "groups", "funds", "opinions"),
)


def read(text: str) -> pd.DataFrame:
    """A table from aligned text; `-` is an empty cell."""
    return pd.read_csv(StringIO(text), sep=r"\s+", na_values="-", keep_default_na=False)


def points(text: str) -> gpd.GeoDataFrame:
    """A layer of points from aligned text with columns x and y, which become the geometry."""
    frame = read(text)
    return gpd.GeoDataFrame(
        frame.drop(columns=["x", "y"]), geometry=gpd.points_from_xy(frame["x"], frame["y"]), crs=CRS
    )


def lines(text: str) -> gpd.GeoDataFrame:
    """A layer of lines from aligned text; `line` holds `x,y;x,y…` in metres."""
    frame = read(text)
    shapes = [
        shapely.LineString([tuple(map(float, point.split(","))) for point in line.split(";")]) for line in frame["line"]
    ]
    return gpd.GeoDataFrame(frame.drop(columns="line"), geometry=shapes, crs=CRS)


def norms() -> Standards:
    """The norm figures above as Standards."""
    figures = {
        name: Figure(name, float(value), "", name, Basis.LOCAL, Effect.OWN, "test", "A", 2025, "test")
        for name, value in NORMS.items()
    }
    return Standards(figures, (), MODULES)


def scenario(**settings: object) -> Scenario:
    """A scenario with base year 2025 and the given groups of settings."""
    return Scenario.model_validate({"title": "test", "district": {"folder": "."}} | settings)


def district(**tables: pd.DataFrame) -> District:
    """A district of the given tables; the others are empty."""
    empty = gpd.GeoDataFrame({"geometry": []}, geometry="geometry", crs=CRS)
    layers = {name: tables.get(name, empty) for name in LAYERS}
    frames = {name: tables.get(name, pd.DataFrame()) for name in TABLES}
    return District(
        name="test",
        title="test",
        invented=True,
        crs=CRS,
        path=Path(),
        sources=(),
        assumptions=(),
        **layers,
        **frames,
    )


def schools(text: str) -> gpd.GeoDataFrame:
    """Schools from school_id, x, y and any further columns; public, ours and running where not said."""
    frame = points(text)
    usual = {
        "name": frame["school_id"],
        "township": "T",
        "affiliation": "county",
        "nature": "education_bureau",
        "decided_here": True,
        "status": "operating",
        "protected": False,
    }
    return frame.assign(**{column: value for column, value in usual.items() if column not in frame})


def units(text: str) -> gpd.GeoDataFrame:
    """Units from unit_id, x, y and any further columns; plain villages of one township where not said."""
    frame = points(text)
    usual = {"name": frame["unit_id"], "township": "T", "area_kind": "village", "terrain": "plain"}
    return frame.assign(**{column: value for column, value in usual.items() if column not in frame})


def parcels(text: str) -> gpd.GeoDataFrame:
    """Parcels from parcel_id, x, y, stages, area_m2 and any further columns."""
    frame = points(text)
    usual = {"name": frame["parcel_id"], "township": "T", "conflict": "none", "delivery": "government"}
    return frame.assign(**{column: value for column, value in usual.items() if column not in frame})


def classes(text: str) -> pd.DataFrame:
    """Classes from school_id, stage, grade and sizes (`40,41` is two classes)."""
    rows = [
        (row["school_id"], row["stage"], row["grade"], str(number), int(size))
        for row in read(text).to_dict("records")
        for number, size in enumerate(str(row["sizes"]).split(","))
    ]
    return pd.DataFrame(rows, columns=["school_id", "stage", "grade", "class_no", "pupils"])


def sections(text: str) -> pd.DataFrame:
    """Sections from school_id, stage, grade_from, grade_to, kind and any further columns."""
    return read(text)


def population(text: str) -> pd.DataFrame:
    """Residents from unit_id, age_from, age_to and residents of each of these ages."""
    rows = [
        (row["unit_id"], age, row["residents"])
        for row in read(text).to_dict("records")
        for age in range(row["age_from"], row["age_to"] + 1)
    ]
    return pd.DataFrame(rows, columns=["unit_id", "age", "residents"])


def square(x: float, y: float, side: float) -> shapely.Polygon:
    """A square with its lower left corner at x, y."""
    return shapely.box(x, y, x + side, y + side)
