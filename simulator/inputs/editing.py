"""Small edits of a table as it was written: other cells, columns and rows stay as they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from simulator.errors import InputError, Problem
from simulator.inputs.contracts import Contract
from simulator.inputs.contracts_all import CONTRACTS
from simulator.inputs.read_files import Grid, read_csv_grid, read_workbook
from simulator.inputs.read_raw import RawTable, find_header, match_header
from simulator.inputs.read_sources import WORKBOOK_SUFFIXES
from simulator.inputs.read_values import convert
from simulator.inputs.write import cell_of
from simulator.language import translate as _

Key = tuple[object, ...]
"""Values of the key columns of a row, as the contract reads them."""


@dataclass(frozen=True)
class TableEdit:
    """What changes in a table.

    Parameters
    ----------
    set_cells
        Key of a row → column → new value.
    drop
        Keys of rows that go.
    add
        Rows that come at the end: column → value.
    anew
        Whether all rows of before go.
    """

    set_cells: Mapping[Key, Mapping[str, object]] = field(default_factory=dict)
    drop: frozenset[Key] = frozenset()
    add: Sequence[Mapping[str, object]] = ()
    anew: bool = False

    def __bool__(self) -> bool:
        """Whether anything changes."""
        return bool(self.set_cells or self.drop or self.add or self.anew)


def edited(name: str, raw: RawTable | None, edit: TableEdit) -> Grid:
    """The rows of a table as text, header first, after an edit.

    Parameters
    ----------
    name
        Name of the table.
    raw
        The table as it was read; None where the district has none.
    edit
        What changes.

    Raises
    ------
    InputError
        The table is a map layer, whose rows cannot be edited as text.
    """
    contract = CONTRACTS[name]
    grid, first = _grid_of(raw)
    header = _header(contract, grid[first] if raw else [], edit)
    places = {match[0].name: place for place, text in enumerate(header) if (match := match_header(contract, text))[0]}
    rows = [] if raw is None or edit.anew else _kept_rows(raw, grid[first + 1 :], first, edit, places)
    wide = [[*row, *[""] * (len(header) - len(row))] for row in rows]
    for added in edit.add:
        row = [""] * len(header)
        for column, value in added.items():
            row[places[column]] = cell_of(contract.column(column), value)
        wide.append(row)
    return [*grid[:first], header, *wide]


def _kept_rows(
    raw: RawTable, rows: Sequence[Sequence[str]], first: int, edit: TableEdit, places: Mapping[str, int]
) -> Grid:
    """The rows of before, some with other cells, some left out."""
    contract = raw.contract
    typed = convert(contract, raw.cells, contract.key)
    keys: dict[int, Key] = {int(row): tuple(values) for row, *values in typed.itertuples(name=None)}
    kept: Grid = []
    for number, row in enumerate(rows, start=first + 2):
        key = keys.get(number)
        if key is not None and key in edit.drop:
            continue
        cells = list(row)
        for column, value in edit.set_cells.get(key, {}).items() if key is not None else ():
            cells += [""] * (places[column] + 1 - len(cells))
            cells[places[column]] = cell_of(contract.column(column), value)
        kept.append(cells)
    return kept


def _grid_of(raw: RawTable | None) -> tuple[Grid, int]:
    """The file of a table as text, and the position of its header."""
    if raw is None:
        return [], 0
    source = raw.source
    if source.features:
        what = _("是图层，不能按行改写")
        raise InputError(
            _("无法滚动更新"), [Problem(source.place, what, _("把它另存为同名的 CSV（含 x、y 坐标），移走图层"))]
        )
    if source.path.suffix.lower() in WORKBOOK_SUFFIXES:
        sheets = read_workbook(source.path)
        grid = next(rows for name, rows in sheets.items() if name in {raw.contract.name, raw.contract.chinese})
    else:
        grid = read_csv_grid(source.path)
    return grid, find_header(raw.contract, grid) or 0


def _header(contract: Contract, written: Sequence[str], edit: TableEdit) -> list[str]:
    """The header as it was written, and the columns that the edit needs beside it; all of a new table."""
    header = list(written) or [column.header for column in contract.cells]
    known = {match[0].name for text in header if (match := match_header(contract, text))[0]}
    needed: Iterable[str] = [column for cells in (*edit.set_cells.values(), *edit.add) for column in cells]
    missing = [column for column in dict.fromkeys(needed) if column not in known]
    return [*header, *(contract.column(column).header for column in missing)]


def rows_of(frame: pd.DataFrame) -> list[dict[str, object]]:
    """Rows of a frame as they are added to a table; what is unknown stays an empty cell."""
    return [
        {str(name): value for name, value in row.items() if value == value and value not in {None, ""}}
        for row in frame.to_dict("records")
    ]


def is_workbook(path: Path) -> bool:
    """Whether a file is an Excel workbook."""
    return path.suffix.lower() in WORKBOOK_SUFFIXES
