"""Santa Rosa City Schools as a district folder and a scenario that the main command runs.

One stage, one year, fixed seats: whole Census blocks with their real pupils, seven schools, today's zones.
"""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from simulator.inputs import write_layer, write_table

BLOCKS = "elementary_blocks_2025_26.csv"
SHAPES = "elementary_blocks_2025_26.geojson"
SCHOOLS = "schools.csv"

YEAR = 2025
CRS = "EPSG:32610"
DISTRICT, TOWNSHIP = "Santa Rosa", "Santa Rosa"
GRADES = range(1, 7)
# Age at 31 August of a grade.
_AGE_OF_GRADE = 5

_DECLARATION = f"""\
name = "{DISTRICT}"
title = "Santa Rosa City Schools, elementary"
invented = false
crs = "{CRS}"
source = "Zone maps of 2025-26 published by Santa Rosa City Schools; Census blocks"
licence = "public; not part of this project"
as_of = {YEAR}
"""

_SCENARIO = f"""\
title = "Santa Rosa, elementary, {YEAR}-{YEAR - 1999}: the present schools, new zones"

[district]
folder = "district"

[horizon]
base_year = {YEAR}
target_year = {YEAR + 1}
projection_to = {YEAR + 1}

[[phases]]
first_year = {YEAR + 1}
last_year = {YEAR + 1}

# Minutes are straight distances at walking speed, for every block and every school.
[access]
detour = {{ plain = 1.0 }}
bus_from_grade = 12
nearest = 7
most_choices = 7
limits = []

# One year: the zones of all children, not of new entrants alone.
[candidates]
rezoning = "everybody"
close = []
build = false
extend = false
convert = false

[objective]
moved = 0

[solver]
gap = 0.001
"""


def write_santa_rosa(source: Path, folder: Path) -> Path:
    """Write the district and the scenario.

    Parameters
    ----------
    source
        Folder with the blocks (CSV and GeoJSON) and the schools.
    folder
        Folder to write into; created if missing. It is never part of the project.

    Returns
    -------
    Path
        The scenario file.
    """
    blocks = read_blocks(source)
    schools = read_schools(source, blocks)
    district = folder / "district"
    district.mkdir(parents=True, exist_ok=True)
    shapes = unit_shapes(source, blocks)
    tables = {
        "units": units_table(blocks),
        "schools": schools_table(schools),
        "sections": sections_table(schools),
        "catchments": pd.DataFrame(
            {"unit_id": blocks.index, "stage": "primary", "school_id": blocks["school_id"].to_numpy()}
        ),
        **pupils_tables(blocks),
    }
    for name, table in tables.items():
        write_table(table, name, district / f"{name}.csv")
    (district / "layers.gpkg").unlink(missing_ok=True)
    write_layer(shapes, "units", district / "layers.gpkg")
    (district / "district.toml").write_text(_DECLARATION, encoding="utf-8", newline="\n")
    scenario = folder / "santa_rosa.toml"
    scenario.write_text(_SCENARIO, encoding="utf-8", newline="\n")
    return scenario


def read_blocks(source: Path) -> pd.DataFrame:
    """Blocks by code: students, school_id of today's zone, x and y in metres."""
    blocks = pd.read_csv(source / BLOCKS, dtype={"block": str}).set_index("block")
    names = sorted(blocks["official_school"].unique())
    codes = {name: f"SR{number}" for number, name in enumerate(names, start=1)}
    points = _metres(blocks)
    return pd.DataFrame(
        {
            "students": blocks["students"].astype(int),
            "school": blocks["official_school"],
            "school_id": blocks["official_school"].map(codes),
            "x": points.x.to_numpy(),
            "y": points.y.to_numpy(),
        },
        index=blocks.index.rename("unit_id"),
    )


def read_schools(source: Path, blocks: pd.DataFrame) -> pd.DataFrame:
    """Schools with a zone, by school_id: name, x and y in metres, official pupils."""
    places = pd.read_csv(source / SCHOOLS).set_index("school")
    official = blocks.groupby(["school_id", "school"])["students"].sum().reset_index().set_index("school_id")
    points = _metres(places.loc[official["school"]])
    return official.rename(columns={"school": "name", "students": "official"}).assign(
        x=points.x.to_numpy(), y=points.y.to_numpy()
    )


def _metres(places: pd.DataFrame) -> gpd.GeoSeries:
    return gpd.GeoSeries(gpd.points_from_xy(places["lon"], places["lat"]), crs="EPSG:4326").to_crs(CRS)


def units_table(blocks: pd.DataFrame) -> pd.DataFrame:
    """The `units` table without shapes."""
    return pd.DataFrame(
        {
            "unit_id": blocks.index,
            "name": blocks.index,
            "township": TOWNSHIP,
            "area_kind": "city",
            "x": blocks["x"].to_numpy(),
            "y": blocks["y"].to_numpy(),
        }
    )


def unit_shapes(source: Path, blocks: pd.DataFrame) -> gpd.GeoDataFrame:
    """Shapes of the blocks in metres, under the columns of the `units` layer."""
    shapes = gpd.read_file(source / SHAPES).set_index("block_of_residence").geometry.to_crs(CRS)
    return gpd.GeoDataFrame({"unit_id": blocks.index}, geometry=shapes.loc[blocks.index].to_numpy(), crs=CRS)


def schools_table(schools: pd.DataFrame) -> pd.DataFrame:
    """The `schools` table."""
    return pd.DataFrame(
        {
            "school_id": schools.index,
            "name": schools["name"].to_numpy(),
            "township": TOWNSHIP,
            "x": schools["x"].to_numpy(),
            "y": schools["y"].to_numpy(),
            "affiliation": "county",
            "nature": "education_bureau",
            "decided_here": True,
            "status": "operating",
        }
    )


def sections_table(schools: pd.DataFrame) -> pd.DataFrame:
    """The `sections` table: seats are 1.1 × the official pupils, whole ones."""
    return pd.DataFrame(
        {
            "school_id": schools.index,
            "stage": "primary",
            "grade_from": GRADES[0],
            "grade_to": GRADES[-1],
            "kind": "complete_primary",
            "regime": "catchment",
            "seats": (schools["official"] * 11 // 10).to_numpy(),
        }
    )


def pupils_tables(blocks: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Demand, population and enrolment; the data know no grades, so the pupils of a school are dealt to them in turn."""
    pupils = blocks.loc[blocks.index.repeat(blocks["students"]), ["school_id"]].reset_index()
    pupils["grade"] = GRADES[0] + pupils.groupby("school_id").cumcount() % len(GRADES)
    counted = pupils.groupby(["unit_id", "grade"]).size().rename("children").reset_index()
    enrolled = pupils.groupby(["school_id", "grade"]).size().rename("pupils").reset_index()
    return {
        "demand": counted.assign(stage="primary", year=YEAR),
        "population": pd.DataFrame(
            {
                "unit_id": counted["unit_id"],
                "age": counted["grade"] + _AGE_OF_GRADE,
                "residents": counted["children"].astype(np.int64),
            }
        ),
        "enrolment": enrolled.assign(stage="primary", year=YEAR),
    }
