"""Tables and layers written as a planner would have them: Chinese headers and words, codes as text."""

from __future__ import annotations

import csv
import math
import warnings
from pathlib import Path

import geopandas as gpd
import pandas as pd

from simulator.inputs.contracts import Column, Kind
from simulator.inputs.contracts_all import CONTRACTS
from simulator.inputs.read_values import parse_words

_KINDERGARTEN = {-2: "小班", -1: "中班", 0: "大班"}
_DECIMALS = 3
_POINT_DECIMALS = 7  # a centimetre, also in degrees


def cell_of(column: Column, value: object) -> str:
    """A value as a planner would write it into a cell of the column.

    Whole numbers carry no decimal point, other numbers at most three decimals, unknown ones are
    empty, words and flags are Chinese.
    """
    if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return ""
    text = str(value)
    match column.kind:
        case Kind.WORD:
            return column.words.get(text, text)
        case Kind.WORDS:
            known = (parse_words(column, text) or "") if text else ""
            return "、".join(column.words[part] for part in known.split(",") if part)
        case Kind.BOOLEAN:
            return "是" if value else "否"
        case Kind.GRADE:
            return _KINDERGARTEN.get(int(float(text)), str(int(float(text))))
        case Kind.NUMBER | Kind.INTEGER | Kind.YEAR:
            decimals = _POINT_DECIMALS if column.name in {"x", "y"} else _DECIMALS
            return f"{float(text):.{decimals}f}".rstrip("0").rstrip(".") if text else ""
        case _text:
            return text


def cells_of(frame: pd.DataFrame, table: str) -> tuple[list[str], list[list[str]]]:
    """Chinese headers and text cells of a table, for the columns that the frame has.

    A geometry becomes WKT only in a plain frame's own text column; layers are written apart.
    """
    columns = [column for column in CONTRACTS[table].columns if column.name in frame and not _is_layer(frame, column)]
    texts = [[cell_of(column, value) for value in frame[column.name]] for column in columns]
    return [column.header for column in columns], [list(row) for row in zip(*texts, strict=True)]


def _is_layer(frame: pd.DataFrame, column: Column) -> bool:
    return column.kind is Kind.GEOMETRY and isinstance(frame, gpd.GeoDataFrame)


def write_table(frame: pd.DataFrame, table: str, path: Path) -> None:
    """Write a table as CSV (UTF-8 with BOM, so that Excel opens it) with Chinese headers and words.

    Parameters
    ----------
    frame
        Columns of the contract under their English names; others are not written.
    table
        Name of the table.
    path
        The file; its folder must exist.
    """
    header, rows = cells_of(frame, table)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def write_layer(frame: gpd.GeoDataFrame, table: str, path: Path) -> None:
    """Write a table with its geometry as a layer of a GeoPackage, one layer a table.

    Parameters
    ----------
    frame
        Columns of the contract under their English names, with geometry and CRS; `x` and `y` are
        left out, as the geometry holds them.
    table
        Name of the table and layer.
    path
        A new or existing GeoPackage; other layers of it are kept.
    """
    columns = [column for column in CONTRACTS[table].cells if column.name in frame and column.name not in {"x", "y"}]
    texts = {
        column.header: pd.Series([cell_of(column, value) for value in frame[column.name]], dtype="str")
        for column in columns
    }
    layer = gpd.GeoDataFrame(texts, geometry=frame.geometry.to_numpy(), crs=frame.crs)
    with warnings.catch_warnings():
        # Old QGIS versions warn of the newest GeoPackage; the older one holds the same.
        warnings.simplefilter("ignore", RuntimeWarning)
        layer.to_file(path, layer=table, driver="GPKG", engine="pyogrio", VERSION="1.2")
