"""Plan files edited as a planner would, without the programs that a planner has."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import pyogrio
import xlsxwriter
from python_calamine import CalamineWorkbook

UNITS, SECTIONS = "划片单元", "规划学校学部"
UNIT_SHEET, SECTION_SHEET = "改招生范围", "改学校举措"
KEYS = {"unit_id": UNITS, "section_id": SECTIONS}
SHEETS = {"unit_id": UNIT_SHEET, "section_id": SECTION_SHEET}
Edit = tuple[str, str, object]
"""Unit or section, column, what is written there."""


def layer(package: Path, name: str) -> gpd.GeoDataFrame:
    """A layer of a GeoPackage."""
    return pyogrio.read_dataframe(package, layer=name)


def save(package: Path, name: str, frame: gpd.GeoDataFrame) -> None:
    """The layer again in place of the old one, as a GIS writes it."""
    pyogrio.write_dataframe(frame, package, layer=name, driver="GPKG", layer_options={"GEOMETRY_NAME": "geom"})


def edited_package(package: Path, copy: Path, *edits: Edit) -> Path:
    """A copy of a GeoPackage with cells changed by the id of their row."""
    shutil.copy(package, copy)
    for key, name in KEYS.items():
        frame = layer(copy, name)
        mine = [edit for edit in edits if edit[0] in set(frame[key])]
        for row, column, value in mine:
            frame.loc[frame[key] == row, column] = value
        if mine:
            save(copy, name, frame)
    return copy


def edited_workbook(book: Path, copy: Path, *edits: Edit, titles: Mapping[str, str]) -> Path:
    """The sheets of a workbook written anew with cells changed by the id of their row; `titles`: column → header."""
    read = CalamineWorkbook.from_path(str(book))
    with xlsxwriter.Workbook(str(copy)) as written:
        for name in read.sheet_names:
            rows = [list(row) for row in read.get_sheet_by_name(name).to_python(skip_empty_area=False)]
            if name in SHEETS.values():
                head = next(at for at, row in enumerate(rows) if any(titles[key] in row for key in SHEETS))
                for row in rows[head + 1 :]:
                    for item, column, value in edits:
                        if row and row[0] == item:
                            row[rows[head].index(titles[column])] = value
            page = written.add_worksheet(name)
            for at, row in enumerate(rows):
                page.write_row(at, 0, ["" if cell is None else cell for cell in row])
    return copy
