"""A table as text: headers matched to a contract, cells with the row numbers of their file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

import geopandas as gpd
import pandas as pd

from simulator.errors import Problem
from simulator.inputs.contracts import Column, Contract, Kind
from simulator.inputs.read_values import plain
from simulator.language import translate as _

HEADER_SEARCH_ROWS = 5
# How alike a header must be to be taken for a misspelled one. An unknown column is no fault in
# itself, so an optional one needs more: 教师数 is not 教室数.
_NEAR_HANZI = {True: 0.6, False: 0.75}
_NEAR_ENGLISH = 0.8
_BRACKETS = re.compile(r"^(?P<name>[^()]+?)\s*\((?P<unit>[^()]*)\)$")
_UNIT_SPELLINGS = {"m2": "平方米", "m²": "平方米", "㎡": "平方米", "km/h": "公里/小时", "min": "分钟"}
SHAPEFILE_SUFFIX = ".shp"
SHAPEFILE_NAME_BYTES = 10
"""Length of a column name in the dBASE file of a Shapefile."""
SHAPEFILE_ENCODINGS = ("utf-8", "gb18030")


@dataclass(frozen=True)
class Source:
    """Where a table stands.

    Parameters
    ----------
    path
        Its file.
    place
        File, and sheet or layer, ready to print.
    features
        Whether rows are features of a layer rather than lines.
    """

    path: Path
    place: str
    features: bool = False


@dataclass(frozen=True)
class RawTable:
    """A table as it was written.

    Parameters
    ----------
    contract, source
        Which table it is and where it stands.
    headers
        Column name → header as the user wrote it.
    cells
        Text of every column of the contract but a layer's geometry, "" where empty; the index is
        the row number in the file (the header of a plain file is row 1), or the number of the feature.
    geometry
        Geometry by row (GeoSeries with its CRS, if known), for layers only.
    unused
        Headers that the contract does not know.
    """

    contract: Contract
    source: Source
    headers: dict[str, str]
    cells: pd.DataFrame
    geometry: gpd.GeoSeries | None = None
    unused: tuple[str, ...] = field(default=())

    def where(self, row: int | None = None, *columns: str) -> str:
        """The place of a cell or row, ready to print."""
        parts = [self.source.place]
        if row is not None:
            parts.append((_("第{row}个要素") if self.source.features else _("第{row}行")).format(row=row))
        if columns:
            written = _("、").join(self.header(name) for name in columns)
            parts.append(_("列“{column}”").format(column=written))
        return " ".join(parts)

    def header(self, name: str) -> str:
        """The header of a column as the user wrote it, else as the template has it."""
        return self.headers.get(name, self.contract.column(name).header)


def match_header(contract: Contract, text: str) -> tuple[Column | None, str]:
    """The column that a header names, and a unit in its brackets that is not the contract's."""
    header = _bare(text)
    split = _BRACKETS.match(header)
    name, unit = (split["name"], split["unit"]) if split else (header, "")
    for column in contract.columns:
        if name in {column.name, plain(column.chinese).lower()}:
            same = plain(_UNIT_SPELLINGS.get(unit, unit)) in {"", plain(column.unit)}
            return column, "" if same or not column.unit else unit
    return None, ""


def match_cut_header(contract: Contract, text: str) -> list[Column]:
    """The columns of whose names the ten bytes of a Shapefile may have left this header."""
    return [column for column in contract.columns if _bare(text) in _cut_names(column)]


def _bare(text: str) -> str:
    """A header as it is compared: without spaces, stars and upper case."""
    return re.sub(r"[\s*]+", "", plain(text)).lower()


def _cut_names(column: Column) -> set[str]:
    """What a Shapefile may have left of a column's names; half a character at the end is dropped."""
    names = (column.name, column.chinese, column.header, plain(column.header))
    return {
        _bare(name.encode(encoding)[:SHAPEFILE_NAME_BYTES].decode(encoding, errors="ignore"))
        for name in names
        for encoding in SHAPEFILE_ENCODINGS
        if len(name.encode(encoding)) > SHAPEFILE_NAME_BYTES
    }


def find_header(contract: Contract, grid: Sequence[Sequence[str]]) -> int | None:
    """Position of the header row: the first of the first five that holds a known header."""
    for position, row in enumerate(grid[:HEADER_SEARCH_ROWS]):
        if any(match_header(contract, text)[0] for text in row if text):
            return position
    return None


def table_from_grid(
    contract: Contract, source: Source, grid: Sequence[Sequence[str]]
) -> tuple[RawTable | None, list[Problem]]:
    """A table from the rows of a CSV file or sheet, with what is wrong with its header."""
    if not any(text.strip() for row in grid for text in row):
        return None, [Problem(source.place, _("是空文件"), _("填写表头和数据，或删去它"))]
    position = find_header(contract, grid)
    if position is None:
        seen = _("、").join(text for row in grid[:1] for text in row if text.strip())
        what = _("前{rows}行中没有“{table}”表的任何列名；第1行是：{seen}").format(
            rows=HEADER_SEARCH_ROWS, table=_(contract.chinese), seen=seen
        )
        return None, [Problem(source.place, what, _required_remedy(contract))]
    header, rows = list(grid[position]), grid[position + 1 :]
    first = position + 2
    problems = _overlong(source, header, rows, first)
    wide = [[*row, *[""] * (len(header) - len(row))][: len(header)] for row in rows]
    frame = pd.DataFrame(wide, columns=range(len(header)), dtype="str")
    frame.index = pd.RangeIndex(first, first + len(frame))
    raw, more = assemble(contract, source, header, frame)
    return raw, problems + more


def _overlong(source: Source, header: Sequence[str], rows: Sequence[Sequence[str]], first: int) -> list[Problem]:
    """Rows with more filled cells than the header has columns: usually a comma inside a cell."""
    return [
        Problem(
            _("{place} 第{row}行").format(place=source.place, row=number),
            _("有 {cells} 格，表头只有 {columns} 列").format(cells=len(row), columns=len(header)),
            _("单元格中有逗号时用英文引号括起来"),
        )
        for number, row in enumerate(rows, start=first)
        if any(text.strip() for text in row[len(header) :])
    ]


def assemble(
    contract: Contract,
    source: Source,
    header: Sequence[str],
    frame: pd.DataFrame,
    geometry: gpd.GeoSeries | None = None,
) -> tuple[RawTable, list[Problem]]:
    """A raw table from text cells under any headers: columns renamed, missing ones empty.

    `frame` has one column a header, by position; `geometry` a value a row.
    """
    problems: list[Problem] = []
    headers: dict[str, str] = {}
    cells: dict[str, pd.Series[str]] = {}
    unused: list[str] = []
    for position, written in enumerate(header):
        column, unit = match_header(contract, written)
        cut = source.path.suffix.lower() == SHAPEFILE_SUFFIX and column is None
        fits = match_cut_header(contract, written) if cut else []
        column = fits[0] if len(fits) == 1 else column
        if len(fits) > 1:
            problems.append(_ambiguous(source, written, fits))
        elif column is None:
            unused += [written.strip()] if written.strip() else []
        elif column.name in headers:
            place = _("{place} 列“{column}”").format(place=source.place, column=written)
            what = _("与列“{other}”是同一列").format(other=headers[column.name])
            problems.append(Problem(place, what, _("删去其中一列")))
        else:
            headers[column.name] = written.strip()
            cells[column.name] = frame[position].str.strip()
            problems += _wrong_unit(source, column, written, unit)
    table = pd.DataFrame(
        {name: cells.get(name, pd.Series("", index=frame.index, dtype="str")) for name in contract.names}
    )
    filled = (table != "").any(axis=1)
    if geometry is not None:
        filled |= ~geometry.isna()
        geometry = geometry[filled]
    raw = RawTable(contract, source, headers, table[filled], geometry, tuple(unused))
    return raw, problems + _header_problems(raw)


def _ambiguous(source: Source, written: str, fits: Sequence[Column]) -> Problem:
    """A header cut so short that it may be any of several columns."""
    place = _("{place} 列“{column}”").format(place=source.place, column=written)
    candidates = _("、").join(_("{column}（{name}）").format(column=fit.chinese, name=fit.name) for fit in fits)
    what = _("列名被 Shapefile 截短，可能是：{candidates}").format(candidates=candidates)
    return Problem(place, what, _("用 QGIS 另存为 GeoPackage，写全列名"))


def _wrong_unit(source: Source, column: Column, written: str, unit: str) -> list[Problem]:
    """A header whose brackets state another unit than the contract."""
    if not unit:
        return []
    place = _("{place} 列“{column}”").format(place=source.place, column=written)
    return [
        Problem(
            place,
            _("单位是“{unit}”，应为“{wanted}”").format(unit=unit, wanted=column.unit),
            _("换算后把表头改为“{header}”").format(header=column.header),
        )
    ]


def _header_problems(raw: RawTable) -> list[Problem]:
    """Required columns that are missing, misspelled headers, and required tables without rows."""
    contract, place = raw.contract, raw.source.place
    problems = []
    unknown = list(raw.unused)
    for column in contract.columns:
        is_layer = column.kind is Kind.GEOMETRY and raw.geometry is not None
        if column.name in raw.headers or is_layer:
            continue
        near = get_close_matches(column.chinese, unknown, 1, _NEAR_HANZI[column.required])
        near = near or get_close_matches(column.name, unknown, 1, _NEAR_ENGLISH)
        if column.required:
            what = _("缺少列“{column}”（{name}）").format(column=column.header, name=column.name)
            guess = _("是否把它写成了“{near}”？").format(near=near[0]) if near else _("加上这一列")
            problems.append(Problem(place, what, guess))
        elif near:
            what = _("不认识列“{near}”").format(near=near[0])
            guess = _("是否想写“{column}”（{name}）？不是的话请改名").format(column=column.header, name=column.name)
            problems.append(Problem(place, what, guess))
    if contract.required and raw.cells.empty:
        problems.append(Problem(place, _("没有数据行"), _("在表头下填写数据")))
    return problems


def _required_remedy(contract: Contract) -> str:
    """The headers that a table needs, to be put into its first row."""
    wanted = _("、").join(column.header for column in contract.columns if column.required)
    return _("第1行写列名，至少：{columns}").format(columns=wanted)
