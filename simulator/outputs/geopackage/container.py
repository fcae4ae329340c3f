"""Layers → one GeoPackage of version 1.2: features by GDAL, then titles of fields, styles and the project beside them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pandas as pd
import pyogrio

from simulator.outputs import stamp
from simulator.outputs.geopackage.layer import Layer
from simulator.outputs.geopackage.qml import style_document

GEOMETRY = "geom"
VERSION = "1.2"
"""Read by every QGIS and ArcGIS Pro in use; later ones make older programs warn."""
# The folder appears whole or not at all: a half-written file never counts, so nothing waits for the disk.
_SYNC_OPTION, _DATE_OPTION = "OGR_SQLITE_SYNCHRONOUS", "OGR_CURRENT_DATE"

_STYLES = """CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256),
  f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
  useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30), update_time DATETIME)"""
_TITLES = """CREATE TABLE gpkg_data_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT, mime_type TEXT,
  constraint_name TEXT, CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
  CONSTRAINT gdc_tn UNIQUE (table_name, name))"""
_CONSTRAINTS = """CREATE TABLE gpkg_data_column_constraints (
  constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, value TEXT, min NUMERIC, min_is_inclusive BOOLEAN,
  max NUMERIC, max_is_inclusive BOOLEAN, description TEXT,
  CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value))"""
_PROJECTS = "CREATE TABLE qgis_projects (name TEXT PRIMARY KEY, metadata BLOB, content BLOB)"
_EXTENSION = (
    "gpkg_schema", "http://www.geopackage.org/spec/#extension_schema", "read-write",
)  # fmt: skip


def write_features(layers: Iterable[Layer], path: Path) -> None:
    """Write the features of every layer; the file is made anew.

    Parameters
    ----------
    layers
        In the order in which they are listed.
    path
        A file that does not exist yet.
    """
    with _settings():
        for layer in layers:
            columns = [field.name for field in layer.fields]
            pyogrio.write_dataframe(
                layer.features[[*columns, layer.features.geometry.name]],
                path,
                layer=layer.title,
                driver="GPKG",
                geometry_type=layer.geometry,
                promote_to_multi=layer.geometry.startswith("Multi"),
                append=path.exists(),
                dataset_options={"VERSION": VERSION},
                layer_options={"GEOMETRY_NAME": GEOMETRY, "FID": "fid", "IDENTIFIER": layer.title,
                               "DESCRIPTION": layer.about},
            )  # fmt: skip


@contextmanager
def _settings() -> Iterator[None]:
    """GDAL writes the date of the result, not the wall clock's."""
    pyogrio.set_gdal_config_options({_DATE_OPTION: _date(), _SYNC_OPTION: "OFF"})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({_DATE_OPTION: None, _SYNC_OPTION: None})


def _date() -> str:
    return stamp.created().strftime("%Y-%m-%dT%H:%M:%S.000Z")


def write_beside(
    path: Path, layers: list[Layer], tables: dict[str, pd.DataFrame], project: tuple[str, str, str] | None
) -> None:
    """Write what QGIS needs beside the features.

    Parameters
    ----------
    path
        The file with the features.
    layers
        The same layers.
    tables
        Further tables without geometry, all text.
    project
        Name, metadata and content of the project; None for none.
    """
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute(_STYLES)
        connection.execute(_TITLES)
        connection.execute(_CONSTRAINTS)
        _attributes(connection, "layer_styles")
        extension = [(table, None, *_EXTENSION) for table in ("gpkg_data_columns", "gpkg_data_column_constraints")]
        connection.executemany("INSERT INTO gpkg_extensions VALUES (?, ?, ?, ?, ?)", extension)
        for layer in layers:
            _styles(connection, layer)
            _titles(connection, layer)
        for name, frame in tables.items():
            _table(connection, name, frame)
        if project:
            connection.execute(_PROJECTS)
            connection.execute("INSERT INTO qgis_projects VALUES (?, ?, ?)", project)


def _styles(connection: sqlite3.Connection, layer: Layer) -> None:
    for number, style in enumerate(layer.styles):
        row = ("", "", layer.title, GEOMETRY, style.name or layer.title, style_document(layer, style), "",
               number == 0, layer.about, "", None, _date())  # fmt: skip
        marks = ", ".join("?" * len(row))
        connection.execute(f"INSERT INTO layer_styles VALUES (NULL, {marks})", row)  # noqa: S608  only marks


def _titles(connection: sqlite3.Connection, layer: Layer) -> None:
    rows = [(layer.title, field.name, field.title, field.title, None, None, None) for field in layer.fields]
    connection.executemany("INSERT INTO gpkg_data_columns VALUES (?, ?, ?, ?, ?, ?, ?)", rows)


def _table(connection: sqlite3.Connection, name: str, frame: pd.DataFrame) -> None:
    columns = ", ".join(f'"{column}" TEXT' for column in frame.columns)
    connection.execute(f'CREATE TABLE "{name}" (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, {columns})')
    marks = ", ".join("?" * len(frame.columns))
    rows = frame.astype(str).itertuples(index=False, name=None)
    connection.executemany(f'INSERT INTO "{name}" VALUES (NULL, {marks})', rows)  # noqa: S608  names of our own
    _attributes(connection, name)


def _attributes(connection: sqlite3.Connection, name: str) -> None:
    """Register a table without geometry."""
    row = (name, "attributes", name, "", _date(), 0)
    connection.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change, srs_id) VALUES (?, ?, ?, ?, ?, ?)",
        row,
    )
