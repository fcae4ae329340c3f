"""Which tables a folder or workbook holds: files, sheets and layers matched to contracts by name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

from simulator.errors import Problem
from simulator.inputs.contracts import Contract
from simulator.inputs.contracts_all import CONTRACTS, contract_named
from simulator.inputs.contracts_declaration import (
    DECLARATION_FILE,
    DECLARATION_SHEETS,
    NOTES_SHEET,
    RECORD_FILE,
    WORKBOOK_FILE,
)
from simulator.inputs.read_declaration import (
    Declaration,
    declare,
    read_declaration_file,
    read_declaration_sheet,
)
from simulator.inputs.read_files import (
    LAYER_SUFFIXES,
    Grid,
    UnreadableError,
    layer_names,
    read_csv_grid,
    read_layer,
    read_workbook,
)
from simulator.inputs.read_raw import RawTable, Source, table_from_grid
from simulator.language import translate as _

WORKBOOK_SUFFIXES = (".xlsx", ".xlsm", ".xls")
_NEAR = 0.85


@dataclass(frozen=True)
class Piece:
    """One source of a table: the table (None if its header is unusable) and what is wrong with it."""

    contract: Contract
    source: Source
    raw: RawTable | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Found:
    """Everything that a folder or workbook holds.

    Parameters
    ----------
    declaration
        What the district says about itself.
    tables
        Table name → raw table, with the geometry of its layer.
    files
        Table name → the files it was read from; `district` for the declaration.
    unused
        Names of files, layers and sheets that are no table.
    problems
        What is wrong with files, headers and names.
    """

    declaration: Declaration
    tables: dict[str, RawTable]
    files: dict[str, tuple[Path, ...]]
    unused: tuple[str, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Unused:
    """A file, layer or sheet that is no table."""

    place: str


Item = Piece | Unused | Problem


def find_tables(path: Path) -> Found:
    """Every table of a folder (with a `district.xlsx` in it, if there is one) or of a workbook."""
    sheets, workbook, unreadable = _workbook_of(path)
    items = [*_sheet_items(workbook, sheets), *(_folder_items(path) if path.is_dir() else ())]
    if unreadable or not (items or sheets):
        what = _("是空文件夹：没有任何表或图层")
        empty = [Problem(str(path), what, _("用 `new` 生成模板后填写"))]
        return Found(declare({}, "")[0], {}, {}, (), tuple(unreadable or empty))
    declaration, problems, origin = _declaration(path, workbook, sheets)
    pieces = [item for item in items if isinstance(item, Piece)]
    unused = tuple(item.place for item in items if isinstance(item, Unused))
    tables, files, joined = _join(pieces)
    missing = _missing({piece.contract.name for piece in pieces}, unused, path)
    misnamed = [item for item in items if isinstance(item, Problem)]
    return Found(
        declaration,
        tables,
        files | {"district": (origin,)},
        unused,
        (*problems, *misnamed, *missing, *joined),
    )


def _workbook_of(path: Path) -> tuple[dict[str, Grid], Path, list[Problem]]:
    """The sheets of the workbook that `path` is or holds."""
    workbook = path / WORKBOOK_FILE if path.is_dir() else path
    if path.is_dir() and not workbook.exists():
        return {}, workbook, []
    if workbook.suffix.lower() not in WORKBOOK_SUFFIXES:
        what = _("不是文件夹，也不是 Excel 工作簿") if path.exists() else _("没有这个文件夹或工作簿")
        return {}, workbook, [Problem(str(path), what, _("检查情景文件中的 district.folder"))]
    try:
        return read_workbook(workbook), workbook, []
    except UnreadableError as error:
        return {}, workbook, [error.problem]


def _declaration(path: Path, workbook: Path, sheets: dict[str, Grid]) -> tuple[Declaration, list[Problem], Path]:
    """The declaration: `district.toml` of the folder, else the sheet of the workbook."""
    file = path / DECLARATION_FILE
    for sheet in DECLARATION_SHEETS:
        if sheet in sheets and not (path.is_dir() and file.exists()):
            place = _sheet_place(workbook, sheet)
            declaration, problems = read_declaration_sheet(sheets[sheet], place)
            if not declaration.name and not problems:
                what = _("没有填写名称、坐标系、数据年份")
                problems = [Problem(place, what, _("第一列写键，第二列写值"))]
            return declaration, problems, workbook
    if path.is_dir():
        return *read_declaration_file(file), file
    problems = []
    if sheets:
        what = _("缺少工作表“说明”：须有名称、坐标系、数据年份")
        problems = [Problem(workbook.name, what, _("参照 `new` 生成的模板新建"))]
    return declare({}, workbook.name)[0], problems, workbook


def _sheet_place(workbook: Path, sheet: str) -> str:
    return _("{file} 工作表“{sheet}”").format(file=workbook.name, sheet=sheet)


def _sheet_items(workbook: Path, sheets: dict[str, Grid]) -> Iterator[Item]:
    """The sheets that are tables; sheets with a header and no rows count as absent unless required."""
    for sheet, grid in sheets.items():
        contract = contract_named(sheet)
        if contract is None:
            if sheet not in (*DECLARATION_SHEETS, NOTES_SHEET):
                yield Unused(sheet)
            continue
        source = Source(workbook, _sheet_place(workbook, sheet))
        raw, problems = table_from_grid(contract, source, grid)
        if raw is None or contract.required or len(raw.cells):
            yield Piece(contract, source, raw, tuple(problems))


def _folder_items(folder: Path) -> Iterator[Item]:
    """The CSV files and layers of a folder, in the order of their names."""
    for path in sorted(folder.iterdir()):
        suffix = path.suffix.lower()
        if path.name == RECORD_FILE or (suffix != ".csv" and suffix not in LAYER_SUFFIXES):
            continue
        try:
            if suffix == ".csv":
                yield _csv_item(path)
            else:
                yield from _layer_items(path)
        except UnreadableError as error:
            contract = contract_named(path.stem)
            problem = error.problem
            yield Piece(contract, Source(path, path.name), None, (problem,)) if contract else problem


def _csv_item(path: Path) -> Item:
    """A CSV file as a table, if its name is one."""
    contract = contract_named(path.stem)
    if contract is None:
        return _unnamed(path.stem, path.name)
    source = Source(path, path.name)
    raw, problems = table_from_grid(contract, source, read_csv_grid(path))
    return Piece(contract, source, raw, tuple(problems))


def _layer_items(path: Path) -> Iterator[Item]:
    """The layers of a map file: tables by layer name, or by file name where it has one layer."""
    layers = layer_names(path)
    for layer in layers:
        alone = contract_named(path.stem) if len(layers) == 1 else None
        contract = contract_named(layer) or alone
        if contract is None:
            yield _unnamed(layer, path.name if layer == path.stem else f"{path.name} {layer}")
            continue
        raw, problems = read_layer(contract, path, layer)
        yield Piece(contract, raw.source, raw, tuple(problems))


def _unnamed(name: str, place: str) -> Unused | Problem:
    """A name that is no table: a problem if it is close to one, else unused."""
    near = get_close_matches(name.lower(), CONTRACTS, 1, _NEAR)
    if not near:
        return Unused(place)
    remedy = _("是否想写 {near}？不是的话请移出文件夹").format(near=near[0])
    return Problem(place, _("不是表名"), remedy)


def _join(pieces: list[Piece]) -> tuple[dict[str, RawTable], dict[str, tuple[Path, ...]], list[Problem]]:
    """One table a contract: a plain table takes the geometry of its layer; other doubles are problems."""
    tables: dict[str, RawTable] = {}
    files: dict[str, tuple[Path, ...]] = {}
    problems: list[Problem] = []
    for name, contract in CONTRACTS.items():
        own = [piece for piece in pieces if piece.contract.name == name]
        plain = [piece for piece in own if not piece.source.features]
        layers = [piece for piece in own if piece.source.features]
        if not own:
            continue
        if len(plain) == len(layers) == 1 and len(contract.key) == 1:
            problems += plain[0].problems
            table, layer = plain[0].raw, layers[0].raw
            if layer is None:
                problems += layers[0].problems
            elif table is not None:
                tables[name], unmatched = _with_layer(table, layer)
                problems += unmatched
        elif len(own) == 1:
            problems += own[0].problems
            if own[0].raw is not None:
                tables[name] = own[0].raw
        else:
            places = _("、").join(piece.source.place for piece in own)
            what = _("“{table}”表有 {count} 份").format(table=_(contract.chinese), count=len(own))
            problems.append(Problem(places, what, _("只留一份")))
        files[name] = tuple(part for piece in own for part in _parts(piece.source.path))
    return tables, files, problems


def _parts(path: Path) -> tuple[Path, ...]:
    """A file and, for a Shapefile, the files that belong to it."""
    if path.suffix.lower() != ".shp":
        return (path,)
    return tuple(part for part in sorted(path.parent.glob(f"{path.stem}.*")) if part.suffix != ".csv")


def _with_layer(table: RawTable, layer: RawTable) -> tuple[RawTable, list[Problem]]:
    """The plain table with the geometry of its layer, matched by key."""
    key, own = table.contract.key[0], layer.geometry
    if own is None:
        return table, [Problem(layer.source.place, _("是没有几何的图层"), _("放入有几何的图层"))]
    if key not in layer.headers:
        what = _("缺少列“{column}”，不能与 {table} 对应").format(column=layer.header(key), table=table.source.place)
        return table, [Problem(layer.source.place, what, _("给图层加上编号列"))]
    keys = layer.cells[key]
    extra = keys[~keys.isin(table.cells[key]) | keys.duplicated()]
    problems = [
        Problem(
            layer.where(int(str(row)), key),
            _("“{value}”在 {table} 中没有，或在图层中重复").format(value=value, table=table.source.place),
            _("补上这一行，或删去这个要素"),
        )
        for row, value in extra.items()
    ]
    by_key = own.set_axis(keys)[~keys.duplicated().to_numpy()]
    geometry = by_key.reindex(table.cells[key]).set_axis(table.cells.index)
    return replace(table, geometry=geometry.set_crs(own.crs, allow_override=True)), problems


def _missing(present: set[str], unused: tuple[str, ...], path: Path) -> list[Problem]:
    """Required tables that are nowhere, with the name that may be meant."""
    problems = []
    stems = {Path(place).stem: place for place in unused}
    for name, contract in CONTRACTS.items():
        if not contract.required or name in present:
            continue
        near = get_close_matches(name, stems, 1) or get_close_matches(contract.chinese, stems, 1, 0.5)
        what = _("缺少“{table}”表（{name}）").format(table=_(contract.chinese), name=name)
        guess = _("是否把它写成了“{near}”？").format(near=stems[near[0]]) if near else ""
        wanted = _("加上 {name}.csv、图层 {name} 或工作表“{table}”").format(name=name, table=contract.chinese)
        problems.append(Problem(path.name, what, guess or wanted))
    return problems
