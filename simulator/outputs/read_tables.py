"""Stored CSV files → typed frames, with every problem of every file at once."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pandas as pd

from simulator.errors import Problem
from simulator.language import translate as _
from simulator.outputs.columns import STORED, StoredTable

_YES = {"true": True, "1": True, "是": True, "false": False, "0": False, "否": False}
_SHOWN_ROWS = 5


def read_tables(folder: Path) -> tuple[dict[str, pd.DataFrame], list[Problem]]:
    """Read every stored table that an audit needs.

    Parameters
    ----------
    folder
        The `tables` folder of a result. Files saved again by Excel (UTF-8 or GB18030) are read too.

    Returns
    -------
    tuple
        The tables that could be read, and what is wrong with the others.
    """
    tables: dict[str, pd.DataFrame] = {}
    problems: list[Problem] = []
    for name, contract in STORED.items():
        path = folder / f"{name}.csv"
        raw, faults = _raw(path)
        if not faults:
            faults = _missing_columns(path, raw, contract)
        if not faults:
            tables[name], faults = _typed(path, raw, contract)
        problems += faults
    return tables, problems


def _raw(path: Path) -> tuple[pd.DataFrame, list[Problem]]:
    """Every cell as text."""
    try:
        content = path.read_bytes()
    except OSError as error:
        return pd.DataFrame(), [Problem(path.name, _("无法读取：{error}").format(error=error.strerror or error))]
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            rows = list(csv.reader(io.StringIO(content.decode(encoding), newline="")))
        except (UnicodeDecodeError, csv.Error):
            continue
        return _frame(path, rows)
    return pd.DataFrame(), [Problem(path.name, _("不是 UTF-8 或 GB18030 编码的 CSV 文件"))]


def _frame(path: Path, rows: list[list[str]]) -> tuple[pd.DataFrame, list[Problem]]:
    if not rows:
        return pd.DataFrame(), [Problem(path.name, _("文件为空，缺少表头"))]
    header, body = rows[0], [row for row in rows[1:] if any(row)]
    bent = [number for number, row in enumerate(rows[1:], start=2) if any(row) and len(row) != len(header)]
    if bent:
        what = _("第 {rows} 行的列数与表头不同").format(rows=_listed(bent))
        return pd.DataFrame(), [Problem(path.name, what, _("请检查多余或缺少的逗号"))]
    return pd.DataFrame(body, columns=header, dtype=object), []


def _missing_columns(path: Path, raw: pd.DataFrame, contract: StoredTable) -> list[Problem]:
    missing = [column for column in contract.columns if column not in raw.columns]
    if not missing:
        return []
    return [Problem(path.name, _("缺少列 {columns}").format(columns=", ".join(missing)))]


def _typed(path: Path, raw: pd.DataFrame, contract: StoredTable) -> tuple[pd.DataFrame, list[Problem]]:
    problems: list[Problem] = []
    columns: dict[str, pd.Series] = {}
    for column in raw.columns:
        kind = "text" if column in contract.texts_if_there else contract.columns.get(column)
        cells = raw[column]
        series = _text(cells) if kind == "text" else _number(cells) if kind != "yes_no" else _flag(cells)
        if series is None and kind is None:
            series = _text(cells)
        if series is None:
            problems.append(_garbled(path, column, cells, kind or "text"))
        else:
            columns[column] = series
    table = pd.DataFrame(columns)
    if not problems and contract.key:
        doubled = table.duplicated(list(contract.key))
        if doubled.any():
            what = _("第 {rows} 行与前面的行重复（{key}）").format(
                rows=_listed([int(index) + 2 for index in np.flatnonzero(doubled)]), key=", ".join(contract.key)
            )
            problems.append(Problem(path.name, what))
    return table, problems


def _text(cells: pd.Series) -> pd.Series:
    return cells.astype("str")


def _number(cells: pd.Series) -> pd.Series | None:
    """Numbers exactly as written: whole where no cell has a point or is empty."""
    texts = [str(cell).strip() for cell in cells]
    try:
        if all(text.lstrip("+-").isdigit() for text in texts):
            return pd.Series([int(text) for text in texts], dtype="int64")
        return pd.Series([float(text) if text else np.nan for text in texts], dtype="float64")
    except (ValueError, OverflowError):
        return None


def _flag(cells: pd.Series) -> pd.Series | None:
    words = [str(cell).strip().lower() for cell in cells]
    if any(word not in _YES for word in words):
        return None
    return pd.Series([_YES[word] for word in words], dtype=bool)


def _garbled(path: Path, column: str, cells: pd.Series, kind: str) -> Problem:
    def wrong(cell: str) -> bool:
        single = pd.Series([cell], dtype=object)
        return (_flag(single) if kind == "yes_no" else _number(single)) is None

    rows = [number for number, cell in enumerate(cells, start=2) if wrong(str(cell))]
    expected = _("是/否（True/False）") if kind == "yes_no" else _("数字")
    value = str(cells.iloc[rows[0] - 2])
    what = _("列 {column} 第 {rows} 行不是{expected}：“{value}”").format(
        column=column, rows=_listed(rows), expected=expected, value=value
    )
    return Problem(path.name, what)


def _listed(rows: list[int]) -> str:
    shown = _("、").join(str(row) for row in rows[:_SHOWN_ROWS])
    return shown if len(rows) <= _SHOWN_ROWS else _("{rows} 等 {count}").format(rows=shown, count=len(rows))
