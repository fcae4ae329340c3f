"""CSV files, workbooks and map layers → grids of text and geometries; each way a file can be unreadable."""

from __future__ import annotations

import codecs
import csv
import io
import re
from pathlib import Path

import geopandas as gpd
import pandas as pd

from simulator.errors import Problem
from simulator.inputs.contracts import Contract
from simulator.inputs.read_raw import (
    SHAPEFILE_ENCODINGS,
    SHAPEFILE_NAME_BYTES,
    SHAPEFILE_SUFFIX,
    RawTable,
    Source,
    assemble,
)
from simulator.language import translate as _

Grid = list[list[str]]

LAYER_SUFFIXES = (".gpkg", ".geojson", ".json", SHAPEFILE_SUFFIX)
_BYTES = "ISO-8859-1"  # gives every byte its own letter, so that text can be turned back into bytes
_LONGEST_CELL = 2**31 - 1
_HANZI = re.compile(r"[\u2e80-\U0003ffff]")
_FOREIGN = re.compile(r"[^\W\d_\x00-\x7f]")
_FOREIGN_IN_WORD = re.compile(r"[A-Za-z][^\W\d_\x00-\x7f]|[^\W\d_\x00-\x7f][A-Za-z]")


class UnreadableError(Exception):
    """A file that cannot be read; carries the problem to report."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(str(problem))


def decode(content: bytes, place: str) -> str:
    """Text of a file in UTF-8 (with or without BOM), else in GB18030, both strictly.

    Some short Chinese text in GB18030 is valid UTF-8 by chance: 小学 reads as two Cyrillic letters.
    Where UTF-8 gives foreign letters that stand alone, and no hanzi, it is read as GB18030.

    Raises
    ------
    UnreadableError
        The bytes are text in neither.
    """
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            decoded = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in decoded and not (encoding == "utf-8-sig" and _is_chance(decoded)):
            return decoded
    what = _("不是 UTF-8 或 GB18030 编码的文本")
    raise UnreadableError(Problem(place, what, _("在 Excel 中另存为“CSV UTF-8（逗号分隔）”")))


def _is_chance(decoded: str) -> bool:
    r"""Whether text that decoded as UTF-8 looks like hanzi of another encoding.

    >>> _is_chance("\u0421\u0467,1"), _is_chance("Piñon,1"), _is_chance("小学,1"), _is_chance("m²")
    (True, False, False, False)
    """
    if _HANZI.search(decoded):
        return False
    return bool(_FOREIGN.search(decoded)) and not _FOREIGN_IN_WORD.search(decoded)


def read_csv_grid(path: Path) -> Grid:
    """The rows of a CSV file as text, blank ones kept so that row numbers hold."""
    content = decode(read_bytes(path), path.name)
    limit = csv.field_size_limit(_LONGEST_CELL)
    try:
        return [list(row) for row in csv.reader(io.StringIO(content, newline=""), strict=True)]
    except csv.Error as error:
        what = _("不是有效的 CSV")
        raise UnreadableError(Problem(path.name, what, _("检查引号是否成对"))) from error
    finally:
        csv.field_size_limit(limit)


def read_bytes(path: Path) -> bytes:
    """The bytes of a file.

    Raises
    ------
    UnreadableError
        The file cannot be opened.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        what = _("打不开：{error}").format(error=error.strerror)
        raise UnreadableError(Problem(path.name, what, _("检查文件是否存在、是否被其他程序占用"))) from error


def read_workbook(path: Path) -> dict[str, Grid]:
    """Sheet name → its rows as text."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(read_bytes(path)))
        return {
            name: [
                [cell_text(cell) for cell in row]
                for row in workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
            ]
            for name in workbook.sheet_names
        }
    except CalamineError as error:
        what = _("不是能读取的 Excel 工作簿")
        raise UnreadableError(Problem(path.name, what, _("在 Excel 中打开，另存为 .xlsx（不加密码）"))) from error


def cell_text(cell: object) -> str:
    """A cell of a workbook or layer as text: whole numbers without a decimal point, codes as they are.

    >>> cell_text(1001.0), cell_text(True), cell_text(None), cell_text(" 甲 ")
    ('1001', 'true', '', '甲')
    """
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if cell is None or cell is pd.NA or cell is pd.NaT or cell != cell:
        return ""
    return str(cell).strip()


def layer_names(path: Path) -> list[str]:
    """Names of the layers of a map file.

    Raises
    ------
    UnreadableError
        The file is not a map layer.
    """
    import pyogrio

    try:
        return [str(name) for name, _kind in pyogrio.list_layers(path)]
    except pyogrio.errors.DataSourceError as error:
        raise _bad_layer(path) from error


def _bad_layer(path: Path) -> UnreadableError:
    what = _("不是能读取的图层")
    return UnreadableError(Problem(path.name, what, _("用 QGIS 另存为 GeoPackage；Shapefile 须连同 .dbf、.shx、.prj")))


def read_layer(contract: Contract, path: Path, layer: str) -> tuple[RawTable, list[Problem]]:
    """A layer as a raw table with geometry; a Shapefile is what its .cpg says, else UTF-8, else GB18030."""
    frame = _read_features(path, layer)
    several = path.suffix == ".gpkg" and layer != path.stem
    place = _("{file} 图层“{layer}”").format(file=path.name, layer=layer) if several else path.name
    frame.index = pd.RangeIndex(1, len(frame) + 1)
    geometry = frame.geometry if "geometry" in frame else None
    header = [name for name in frame.columns if name != "geometry"]
    columns = {
        position: pd.Series(map(cell_text, frame[name].tolist()), index=frame.index, dtype="str")
        for position, name in enumerate(header)
    }
    cells = pd.DataFrame(columns, index=frame.index)
    return assemble(contract, Source(path, place, features=True), header, cells, geometry)


def _read_features(path: Path, layer: str) -> gpd.GeoDataFrame:
    """The features of a layer, in the encoding that decodes all of them."""
    import pyogrio

    shapefile = path.suffix.lower() == SHAPEFILE_SUFFIX
    try:
        frame = pyogrio.read_dataframe(path, layer=layer, encoding=_BYTES if shapefile else None, force_2d=True)
    except pyogrio.errors.DataSourceError as error:
        raise _bad_layer(path) from error
    except UnicodeDecodeError as error:
        raise _undecodable(path) from error
    return _decoded(frame, path) if shapefile else frame


def _undecodable(path: Path) -> UnreadableError:
    what = _("属性既不是 UTF-8 也不是 GB18030 编码")
    return UnreadableError(Problem(path.name, what, _("用 QGIS 另存为 GeoPackage")))


def _decoded(frame: gpd.GeoDataFrame, path: Path) -> gpd.GeoDataFrame:
    """Features read as bytes, decoded.

    GDAL gives up on a name that was cut in the middle of a character, so it is not left to decode.
    """
    for encoding in (*_stated_encoding(path), *SHAPEFILE_ENCODINGS):
        try:
            header = [_decoded_name(name.encode(_BYTES), encoding) for name in frame.columns]
            cells = {
                name: [cell.encode(_BYTES).decode(encoding) if isinstance(cell, str) else cell for cell in frame[name]]
                for name in frame.columns[frame.dtypes.map(pd.api.types.is_string_dtype)]
            }
        except UnicodeDecodeError:
            continue
        return frame.assign(**cells).set_axis(header, axis="columns")
    raise _undecodable(path)


def _decoded_name(name: bytes, encoding: str) -> str:
    """A column name; where it has the greatest length, half a character at its end is dropped."""
    return codecs.getincrementaldecoder(encoding)().decode(name, final=len(name) < SHAPEFILE_NAME_BYTES)


def _stated_encoding(path: Path) -> tuple[str, ...]:
    """The encoding that the .cpg file beside a Shapefile states (`UTF-8`, `GBK`, `936`), if it is known."""
    for file in (path.with_suffix(".cpg"), path.with_suffix(".CPG")):
        if file.exists():
            stated = read_bytes(file).decode("ascii", errors="ignore").strip()
            for name in (stated, f"cp{stated}"):
                try:
                    return (codecs.lookup(name).name,)
                except LookupError:
                    continue
    return ()
