"""A district written again with some of its tables edited; whatever is not edited stays as it is."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Mapping
from pathlib import Path

from simulator.inputs.contracts_declaration import DECLARATION_FILE, RECORD_FILE
from simulator.inputs.editing import TableEdit, edited, is_workbook
from simulator.inputs.read_declaration import Declaration
from simulator.inputs.read_files import Grid
from simulator.inputs.read_sources import Found

SCENARIO_FILE = "scenario.toml"
_WRITTEN_BESIDE = (RECORD_FILE, SCENARIO_FILE)


def write_edited(
    path: Path, found: Found, edits: Mapping[str, TableEdit], years: Mapping[str, int], folder: Path
) -> None:
    """Write a district into an empty folder.

    Parameters
    ----------
    path
        The folder or workbook that it was read from; sheets of a workbook become CSV files.
    found
        Its tables as they were written.
    edits
        Table → what changes.
    years
        Table → the year that it now describes; other tables keep theirs.
    folder
        An empty folder.

    Raises
    ------
    InputError
        A table to be edited is a map layer.
    """
    texts = {
        name: edited(name, raw, edits.get(name, TableEdit()))
        for name, raw in found.tables.items()
        if name in edits or is_workbook(raw.source.path)
    }
    texts |= {name: edited(name, None, edit) for name, edit in edits.items() if name not in found.tables}
    replaced = {found.tables[name].source.path for name in texts if name in found.tables}
    for file in sorted(path.iterdir()) if path.is_dir() else ():
        beside = file.name in (*_WRITTEN_BESIDE, DECLARATION_FILE)
        if file.is_file() and not beside and file not in replaced:
            shutil.copyfile(file, folder / file.name)
    for name, grid in texts.items():
        _write_csv(grid, folder / f"{name}.csv")
    text = declaration_text(found.declaration, years)
    (folder / DECLARATION_FILE).write_text(text, encoding="utf-8", newline="\n")


def declaration_text(declaration: Declaration, years: Mapping[str, int]) -> str:
    """The text of `district.toml`, some tables with another year."""
    as_of = {(table or "default"): year for table, year in declaration.as_of.items()} | dict(years)
    words = {name: getattr(declaration, name) for name in ("name", "title", "crs", "licence", "source")}
    lines = [f"{name} = {_quoted(value)}" for name, value in words.items() if value]
    lines.append(f"invented = {str(declaration.invented).lower()}")
    return "\n".join([*lines, "", "[as_of]", *(f"{table} = {year}" for table, year in as_of.items())]) + "\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _write_csv(grid: Grid, path: Path) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(grid)
