"""A folder or workbook → District: every table checked, every problem of all of them told at once."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pandas as pd

from simulator.errors import InputError
from simulator.inputs.age_groups import single_years
from simulator.inputs.contracts import Column
from simulator.inputs.contracts_all import CONTRACTS
from simulator.inputs.contracts_check import check_cells
from simulator.inputs.contracts_declaration import DECLARATION_FILE
from simulator.inputs.district import District, TableSource
from simulator.inputs.read_links import check_links
from simulator.inputs.read_places import empty_places, place_tables
from simulator.inputs.read_raw import RawTable
from simulator.inputs.read_sources import Found, find_tables
from simulator.inputs.read_values import convert, empty_frame
from simulator.language import Language, current_language, plural
from simulator.language import translate as _
from simulator.terms import Regime, Stage

DEFAULT_REGIME = {
    Stage.KINDERGARTEN: Regime.CHOICE,
    Stage.PRIMARY: Regime.CATCHMENT,
    Stage.JUNIOR: Regime.CATCHMENT,
    Stage.SENIOR: Regime.POOL,
    Stage.VOCATIONAL: Regime.POOL,
    Stage.SPECIAL: Regime.POOL,
}
"""招生方式 of a section that states none."""


def read_district(path: Path) -> District:
    """Read and check a district: a folder of tables and layers, or one workbook.

    Parameters
    ----------
    path
        Folder of CSV files, layers and a `district.toml`, in which tables may also stand as sheets
        of a `district.xlsx`; or a workbook.

    Returns
    -------
    District
        All tables, with coordinates in one projected CRS in metres.

    Raises
    ------
    InputError
        Anything is wrong with any table; the error holds every problem found.
    """
    path = Path(path)
    found = find_tables(path)
    frames = {name: convert(raw.contract, raw.cells) for name, raw in found.tables.items()}
    problems = list(found.problems)
    for raw in found.tables.values():
        problems += check_cells(raw)
    placed, crs, misplaced = place_tables(found.tables, frames, found.declaration, _declared_at(found))
    problems += [*misplaced, *check_links(found.tables, frames)]
    if problems:
        title = plural("{path}：有 {count} 处问题", len(problems)).format(path=path, count=len(problems))
        raise InputError(title, problems)
    return _district(path, found, frames | placed, crs)


def _declared_at(found: Found) -> str:
    """The file that declares the CRS, ready to print."""
    return found.files.get("district", (Path(DECLARATION_FILE),))[0].name


def _district(path: Path, found: Found, frames: dict[str, Any], crs: str) -> District:
    """The district of tables without faults: rows numbered from 0, missing tables empty."""
    tables = {}
    for name, contract in CONTRACTS.items():
        if name in frames:
            tables[name] = _completed(name, frames[name]).reset_index(drop=True)
        else:
            tables[name] = empty_places(contract, crs) if contract.geometry else empty_frame(contract)
    declaration = found.declaration
    tables["population"] = single_years(tables["population"], tables["births"], declaration.year_of("population"))
    return District(
        name=declaration.name,
        title=declaration.title,
        invented=declaration.invented,
        crs=crs,
        path=path,
        sources=_sources(found),
        assumptions=_assumptions(found),
        **tables,
    )


def _completed(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Empty cells whose meaning depends on other cells, filled: 片区 by township, 招生方式 by stage."""
    if table == "units":
        return frame.assign(area=frame["area"].where(frame["area"] != "", frame["township"]))
    if table == "sections":
        usual = frame["stage"].map({stage.value: regime.value for stage, regime in DEFAULT_REGIME.items()})
        return frame.assign(regime=frame["regime"].where(frame["regime"] != "", usual))
    return frame


def _sources(found: Found) -> tuple[TableSource, ...]:
    """Where each table came from, with the hash of every file; `district` is the declaration."""
    hashes: dict[Path, str] = {}
    sources = []
    for table, files in found.files.items():
        raw = found.tables.get(table)
        for file in files:
            if file not in hashes:
                hashes[file] = hashlib.sha256(file.read_bytes()).hexdigest()
            rows = 0 if raw is None else len(raw.cells)
            sources.append(TableSource(table, file, hashes[file], rows, found.declaration.year_of(table)))
    return tuple(sources)


def _assumptions(found: Found) -> tuple[str, ...]:
    """What is assumed for missing tables and columns, and which files and columns are not used."""
    lines = []
    for name, contract in CONTRACTS.items():
        raw = found.tables.get(name)
        if raw is None:
            lines.append(_("没有“{table}”表：{assumed}").format(table=_(contract.chinese), assumed=_(contract.assumed)))
        else:
            lines += _column_assumptions(raw)
    if found.unused:
        lines.append(_("没有使用：{names}").format(names=_("、").join(found.unused)))
    return tuple(lines)


def _column_assumptions(raw: RawTable) -> list[str]:
    """One line for the columns that a table lacks, one for those it has that nothing uses."""
    table = _(raw.contract.chinese)
    missing = [
        _("{column}（{empty}）").format(column=_title(column), empty=_(column.empty))
        for column in raw.contract.cells
        if column.name not in raw.headers and not (column.name in {"x", "y"} and raw.geometry is not None)
    ]
    lines = []
    if missing:
        lines.append(_("“{table}”表没有列：{columns}").format(table=table, columns=_("；").join(missing)))
    if raw.unused:
        lines.append(_("“{table}”表的列没有使用：{columns}").format(table=table, columns=_("、").join(raw.unused)))
    return lines


def _title(column: Column) -> str:
    """The name of a column in the language spoken."""
    return column.chinese if current_language() is Language.ZH else column.name
