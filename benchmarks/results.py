"""The results of a family: one file, a row for every problem solved, written anew as a whole after each row."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

KEY = ("problem", "instance", "K")
RESULT_COLUMNS = (
    *KEY,
    "objective",
    "bound",
    "gap",
    "seconds",
    "feasible",
    "connected",
    "columns",
    "published",
    "ratio",
)
"""`objective`, `feasible` and `connected` are the check's; gap = (objective − bound) ÷ objective and
ratio = objective ÷ published − 1, as fractions."""
_TYPES = {"problem": "str", "instance": "str", "K": "Int64"}


class Results:
    """The rows of one results file.

    Parameters
    ----------
    path
        The file; read where it is there.
    columns
        Its columns.
    key
        Columns that tell the rows apart.
    """

    def __init__(self, path: Path, columns: tuple[str, ...] = RESULT_COLUMNS, key: tuple[str, ...] = KEY) -> None:
        self._path, self._key, self._columns = path, key, columns
        self._rows: dict[tuple[str, ...], dict[str, object]] = {}
        if path.is_file():
            table = pd.read_csv(path, dtype=_TYPES)
            for row in table.to_dict("records"):
                named = {str(column): value for column, value in row.items()}
                self._rows[self._name(named)] = named

    def has(self, **key: object) -> bool:
        """Whether there is a row of this key."""
        return self._name(key) in self._rows

    def write(self, row: Mapping[str, object]) -> None:
        """Add a row, or replace the one of its key, and write the file: at once whole or not at all."""
        self._rows[self._name(row)] = dict(row)
        part = self._path.with_suffix(".part")
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self.table.to_csv(part, index=False, float_format="%.12g", lineterminator="\n")
        os.replace(part, self._path)  # noqa: PTH105  # replaces a file that is there on every system

    @property
    def table(self) -> pd.DataFrame:
        """All rows in the order in which they came."""
        return self._typed(list(self._rows.values()))

    def rows_of(self, keys: list[dict[str, object]]) -> pd.DataFrame:
        """The rows of some keys that are there."""
        wanted = {self._name(key) for key in keys}
        rows = [row for name, row in self._rows.items() if name in wanted]
        return self._typed(rows)

    def _typed(self, rows: list[dict[str, object]]) -> pd.DataFrame:
        table = pd.DataFrame(rows, columns=list(self._columns))
        return table.astype({"K": "Int64"}) if "K" in self._columns else table

    def _name(self, row: Mapping[str, object]) -> tuple[str, ...]:
        return tuple("" if pd.isna(row[name]) else str(row[name]) for name in self._key)  # type: ignore[call-overload]
