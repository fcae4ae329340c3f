"""plan.gpkg or plan.xlsx as a planner gives it back: its two tables as text, each row with its place."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
from pyogrio.errors import DataSourceError
from python_calamine import CalamineError, CalamineWorkbook

from simulator.errors import InputError, Problem
from simulator.language import translate as _
from simulator.outputs.editable import BASELINE, BASELINE_COLUMNS, COLUMN, FILE
from simulator.outputs.manifest import PROGRAM

GPKG, XLSX = ".gpkg", ".xlsx"
_HEADER_ROWS = 6


@dataclass(frozen=True)
class WrittenTable:
    """A table of the file.

    Parameters
    ----------
    place
        File and layer or sheet, ready to print.
    cells
        Text of every column by its name, "" where empty; the index is the row of the sheet, or the feature's number.
    features
        Whether rows are features of a layer.
    shapes
        Geometry by row, in the CRS of the layer; None for a sheet.
    """

    place: str
    cells: pd.DataFrame
    features: bool
    shapes: gpd.GeoSeries | None = None

    def where(self, row: object, column: str = "") -> str:
        """Place of a row or cell, ready to print."""
        words = _("第{row}个要素") if self.features else _("第{row}行")
        parts = [self.place, words.format(row=row)]
        if column:
            parts.append(_("列“{column}”").format(column=column))
        return " ".join(parts)


@dataclass(frozen=True)
class WrittenPlan:
    """A file that was given back.

    Parameters
    ----------
    path
        The file.
    baseline
        part, item, field, value: how everything stood when it was written.
    units, works
        Its tables.
    titles
        Column → its title in the file.
    """

    path: Path
    baseline: pd.DataFrame
    units: WrittenTable
    works: WrittenTable
    titles: dict[str, str] = field(default_factory=dict)

    def before(self, part: str, name: str = "") -> pd.Series:
        """Values of a part of the baseline by item, of one of its fields."""
        rows = self.baseline[(self.baseline["part"] == part) & (self.baseline["field"] == name)]
        return rows.set_index("item")["value"]


def read_written(path: Path) -> WrittenPlan:
    """Read a file that a planner gave back.

    Parameters
    ----------
    path
        plan.gpkg or plan.xlsx, edited in a GIS or in Excel.

    Raises
    ------
    InputError
        The file cannot be read, is none of this program's, or lacks a table or a column.
    """
    readers = {GPKG: _layers, XLSX: _sheets}
    suffix = path.suffix.lower()
    if suffix not in readers:
        _refuse(path, _("不是 .gpkg 或 .xlsx 文件"), _("请给出成果中的 plan.gpkg 或 plan.xlsx（可以改过）"))
    if not path.is_file():
        _refuse(path, _("文件不存在"))
    try:
        baseline, tables = readers[suffix](path)
    except (OSError, sqlite3.Error, DataSourceError, CalamineError) as error:
        _refuse(path, _("无法读取：{error}").format(error=error), _("请先在 QGIS、ArcGIS 或 Excel 中保存并关闭"))
    titles = dict(baseline.loc[baseline["part"] == COLUMN, ["item", "value"]].itertuples(index=False, name=None))
    problems: list[Problem] = []
    units, works = (
        _named(table, titles, key, problems) for table, key in zip(tables, ("unit_id", "section_id"), strict=True)
    )
    if problems:
        raise InputError(_("{file} 缺少列").format(file=path.name), problems)
    return WrittenPlan(path, baseline, units, works, titles)


def _layers(path: Path) -> tuple[pd.DataFrame, tuple[WrittenTable, WrittenTable]]:
    # Read only: QGIS may have the file open.
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        known = {name for (name,) in connection.execute("SELECT table_name FROM gpkg_contents")}
        if BASELINE not in known:
            _strange(path)
        rows = connection.execute(f"SELECT {', '.join(BASELINE_COLUMNS)} FROM {BASELINE}").fetchall()  # noqa: S608  names of our own
    baseline = _ours(path, pd.DataFrame(rows, columns=BASELINE_COLUMNS, dtype=str))
    tables = []
    for part in ("units", "works"):
        name = _fact(baseline, part)
        if name not in known:
            _refuse(path, _("没有图层“{layer}”").format(layer=name), _("请不要改图层名"))
        frame = pyogrio.read_dataframe(path, layer=name, fid_as_index=True)
        cells = pd.DataFrame({column: _texts(frame[column].tolist()) for column in frame.columns.drop("geometry")},
                             index=frame.index)  # fmt: skip
        place = _("{file} 图层“{layer}”").format(file=path.name, layer=name)
        tables.append(WrittenTable(place, cells, features=True, shapes=frame.geometry))
    return baseline, (tables[0], tables[1])


def _sheets(path: Path) -> tuple[pd.DataFrame, tuple[WrittenTable, WrittenTable]]:
    book = CalamineWorkbook.from_path(str(path))
    if BASELINE not in book.sheet_names:
        _strange(path)
    rows = [row[: len(BASELINE_COLUMNS)] for row in book.get_sheet_by_name(BASELINE).to_python(skip_empty_area=False)]
    start = next((at for at, row in enumerate(rows) if row == BASELINE_COLUMNS), -1)
    cells = [_texts(row) for row in rows[start + 1 :]] if start >= 0 else []
    baseline = _ours(path, pd.DataFrame([row for row in cells if any(row)], columns=BASELINE_COLUMNS, dtype=str))
    tables = []
    for part in ("units", "works"):
        name = _fact(baseline, part)
        if name not in book.sheet_names:
            _refuse(path, _("没有工作表“{sheet}”").format(sheet=name), _("请不要改工作表名"))
        place = _("{file} 工作表“{sheet}”").format(file=path.name, sheet=name)
        written = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        tables.append(WrittenTable(place, _grid(written, baseline), features=False))
    return baseline, (tables[0], tables[1])


def _grid(rows: Sequence[Sequence[object]], baseline: pd.DataFrame) -> pd.DataFrame:
    """The table of a sheet below its title, up to an empty row or the note; the index is Excel's row number."""
    titles = set(baseline.loc[baseline["part"] == COLUMN, "value"])
    texts = [_texts(row) for row in rows]
    head = next((at for at, row in enumerate(texts[:_HEADER_ROWS]) if titles & set(row)), 0)
    body: list[list[str]] = []
    for row in texts[head + 1 :]:
        if not any(row[1:]):
            break
        body.append(row)
    frame = pd.DataFrame(body, index=range(head + 2, head + 2 + len(body)), dtype=object)
    frame.columns = pd.Index(texts[head] if texts else [])[: frame.shape[1]]
    return frame.loc[:, frame.columns != ""]


def _named(table: WrittenTable, titles: dict[str, str], key: str, problems: list[Problem]) -> WrittenTable:
    """The table under the names of its columns, whether they stand there by name or by title."""
    by_title = {title: name for name, title in titles.items()}
    cells = table.cells.rename(columns=by_title)
    cells = cells.loc[:, ~cells.columns.duplicated()]
    others = {
        "unit_id": {"do", "do_year", "do_amount", "section_id"},
        "section_id": set(titles) - {"do", "do_year", "do_amount"},
    }
    wanted = [name for name in titles if name == key or name not in others[key]]
    problems += [
        Problem(table.place, _("没有列“{column}”").format(column=titles[name]), _("请不要删列、不要改列名"))
        for name in wanted
        if name not in cells
    ]
    return WrittenTable(table.place, cells.reindex(columns=wanted, fill_value=""), table.features, table.shapes)


def _texts(cells: Sequence[object]) -> list[str]:
    return [_text(cell) for cell in cells]


def _text(cell: object) -> str:
    """A cell as text: whole numbers without a point, nothing for what is empty.

    >>> _text(2026.0), _text(None), _text(" S001 ")
    ('2026', '', 'S001')
    """
    if cell is None or cell is pd.NA or cell != cell:
        return ""
    if isinstance(cell, float | np.floating) and float(cell).is_integer():
        return str(int(cell))
    return str(cell).strip()


def _ours(path: Path, baseline: pd.DataFrame) -> pd.DataFrame:
    if "program" not in set(baseline["item"]) or _fact(baseline, "program") != PROGRAM:
        _strange(path)
    return baseline


def _fact(baseline: pd.DataFrame, item: str) -> str:
    found = baseline.loc[(baseline["part"] == FILE) & (baseline["item"] == item), "value"]
    return str(found.iloc[0]) if len(found) else ""


def _strange(path: Path) -> NoReturn:
    what = _("不是本程序写出的内部版方案文件（没有 {table}）").format(table=BASELINE)
    _refuse(path, what, _("请在成果中的 plan.gpkg 或 plan.xlsx 上修改"))


def _refuse(path: Path, what: str, remedy: str = "") -> NoReturn:
    raise InputError(_("无法读取修改过的方案"), [Problem(str(path), what, remedy)])
