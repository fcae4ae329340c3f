"""A district as it was read: one checked table an attribute, columns as `contracts` defines them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import pandas as pd


@dataclass(frozen=True)
class TableSource:
    """Where a table came from.

    Parameters
    ----------
    table
        Name of the table in design §4.
    path
        The file it was read from (a workbook for every sheet of it).
    sha256
        Hash of that file.
    rows
        Rows read.
    as_of
        Year the table describes, as the district declares it.
    """

    table: str
    path: Path
    sha256: str
    rows: int
    as_of: int


@dataclass(frozen=True)
class District:
    """Tables of a district, all checked; optional tables that are missing are empty frames.

    Frames carry the English column names of their contract. Coordinates and geometry are in
    `crs`, a projected CRS in metres; `geometry` of `units` is a polygon or a point.
    """

    name: str
    title: str
    invented: bool
    crs: str
    path: Path
    units: gpd.GeoDataFrame
    population: pd.DataFrame
    births: pd.DataFrame
    residents: pd.DataFrame
    control: pd.DataFrame
    schools: gpd.GeoDataFrame
    sections: pd.DataFrame
    classes: pd.DataFrame
    enrolment: pd.DataFrame
    yearly: pd.DataFrame
    origins: pd.DataFrame
    admission_plan: pd.DataFrame
    catchments: pd.DataFrame
    parcels: gpd.GeoDataFrame
    housing: pd.DataFrame
    travel: gpd.GeoDataFrame
    barriers: gpd.GeoDataFrame
    crossings: gpd.GeoDataFrame
    teachers: pd.DataFrame
    adjacency: pd.DataFrame
    projects: pd.DataFrame
    demand: pd.DataFrame
    groups: pd.DataFrame
    funds: pd.DataFrame
    opinions: pd.DataFrame
    sources: tuple[TableSource, ...]
    assumptions: tuple[str, ...]
    """What is assumed for tables and columns that are missing, in the planner's words."""
    declared_items: pd.DataFrame = field(default_factory=pd.DataFrame)
    procedure: pd.DataFrame = field(default_factory=pd.DataFrame)
    arrangements: pd.DataFrame = field(default_factory=pd.DataFrame)
    funding: pd.DataFrame = field(default_factory=pd.DataFrame)
    budgets: pd.DataFrame = field(default_factory=pd.DataFrame)

    def files(self) -> dict[str, str]:
        """Path → SHA-256 of every file read."""
        return {str(source.path): source.sha256 for source in self.sources}
