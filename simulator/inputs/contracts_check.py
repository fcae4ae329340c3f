"""Contracts enforced with pandera: all faults of a table at once, told in the planner's words."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from difflib import get_close_matches
from functools import partial

import pandas as pd
import pandera.pandas as pa

from simulator.errors import Problem
from simulator.inputs.contracts import Column, Contract, Kind
from simulator.inputs.contracts_rows import ROW_RULES, RowRule, keeps, key_is_unique, rules_of
from simulator.inputs.read_raw import RawTable
from simulator.inputs.read_report import row_problems
from simulator.inputs.read_values import convert, parse_series
from simulator.language import translate as _


def schema_of(contract: Contract, present: Collection[str] | None = None) -> pa.DataFrameSchema:
    """The pandera schema of a table of text cells, for all its columns or those that are present.

    Every check carries the name under which :func:`check_cells` words its failures.
    """
    frame_checks = [
        pa.Check(partial(keeps, rule, contract), error=rule.name, ignore_na=False) for rule in rules_of(contract)
    ]
    if contract.key:
        frame_checks.append(pa.Check(partial(key_is_unique, contract), error="key", ignore_na=False))
    columns = {
        column.name: pa.Column(str, _column_checks(column))
        for column in contract.cells
        if present is None or column.name in present
    }
    return pa.DataFrameSchema(columns, checks=frame_checks, strict=False, name=contract.name)


def _column_checks(column: Column) -> list[pa.Check]:
    """Required, readable and within bounds, as far as the column asks for it."""
    checks = [pa.Check(partial(_is_readable, column), error="readable")]
    if column.required:
        checks.append(pa.Check(_is_filled, error="required"))
    if column.low is not None or column.high is not None:
        checks.append(pa.Check(partial(_is_within, column), error="bounds"))
    return checks


def _is_filled(cells: pd.Series[str]) -> pd.Series[bool]:
    return cells != ""


def _is_readable(column: Column, cells: pd.Series[str]) -> pd.Series[bool]:
    return (cells == "") | parse_series(column, cells).notna()


def _is_within(column: Column, cells: pd.Series[str]) -> pd.Series[bool]:
    numbers = parse_series(column, cells).astype("float64")
    above = numbers >= column.low if column.low is not None else True
    below = numbers <= column.high if column.high is not None else True
    return numbers.isna() | (above & below)


def check_cells(raw: RawTable) -> list[Problem]:
    """Everything that is wrong with the cells and keys of one table.

    Columns that are missing altogether are not told again for every row.
    """
    schema = schema_of(raw.contract, raw.headers)
    try:
        schema.validate(raw.cells, lazy=True)
    except pa.errors.SchemaErrors as errors:
        return _worded(raw, errors.failure_cases)
    return []


def _worded(raw: RawTable, cases: pd.DataFrame) -> list[Problem]:
    """Pandera's failure cases as problems, in the order of the columns."""
    typed = convert(raw.contract, raw.cells)
    problems: list[Problem] = []
    for column in raw.contract.cells:
        own = cases[(cases["column"] == column.name) & (cases["schema_context"] == "Column")]
        for check, found in own.groupby("check", sort=False):
            what, remedy = _cell_words(raw, column, str(check))
            problems += row_problems(raw, found["index"], (column.name,), what, remedy)
    for check, found in cases[cases["schema_context"] == "DataFrameSchema"].groupby("check", sort=False):
        rows = found["index"].unique()
        if check == "key":
            problems += _duplicates(raw, typed)
            continue
        problems += _broken_rule(raw, typed, ROW_RULES[str(check)], rows)
    return problems


def _broken_rule(raw: RawTable, typed: pd.DataFrame, rule: RowRule, rows: Iterable[object]) -> list[Problem]:
    """Rows that break a rule between their cells."""
    return row_problems(raw, rows, rule.columns, lambda row: rule.what(typed.loc[[row]].iloc[0]), rule.remedy())


def _cell_words(raw: RawTable, column: Column, check: str) -> tuple[Callable[[int], str], Callable[[int], str]]:
    """What is wrong with a cell, and what to do, by row."""
    cells = raw.cells[column.name]
    match check:
        case "required":
            return lambda _row: _("空着，但必须填写"), lambda _row: _expected(column)
        case "bounds":
            limits = _("{low} 至 {high}") if column.high is not None else _("{low} 以上")
            allowed = limits.format(low=_plain(column.low), high=_plain(column.high))
            return (
                lambda row: _("“{value}”超出范围").format(value=cells[row]),
                lambda _row: _("应为 {allowed}").format(allowed=allowed),
            )
        case _readable:
            return (
                lambda row: _("“{value}”{fault}").format(value=cells[row], fault=_fault(column)),
                lambda row: _nearest(column, cells[row]) or _expected(column),
            )


def _plain(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def _fault(column: Column) -> str:
    """Why a cell cannot be read."""
    return {
        Kind.NUMBER: _("不是数字"),
        Kind.INTEGER: _("不是整数"),
        Kind.YEAR: _("不是年份"),
        Kind.DATE: _("不是日期"),
        Kind.GRADE: _("不是年级"),
        Kind.BOOLEAN: _("不是“是”或“否”"),
    }.get(column.kind, _("不在可选的词中"))


def _expected(column: Column) -> str:
    """What belongs into a cell of the column."""
    if column.words:
        return _("可填：{words}").format(words=_("、").join(column.words.values()))
    return {
        Kind.NUMBER: _("填数字，例如 12.5"),
        Kind.INTEGER: _("填整数，例如 12"),
        Kind.YEAR: _("填四位年份，例如 2025"),
        Kind.DATE: _("填年月日，例如 2025-05-10"),
        Kind.GRADE: _("填小班、中班、大班或 1 至 12"),
        Kind.BOOLEAN: _("填“是”或“否”"),
    }.get(column.kind, _("填写这一格"))


def _nearest(column: Column, written: str) -> str:
    """The allowed word that may be meant."""
    words = [*column.words.values(), *column.words]
    near = get_close_matches(written.strip(), words, 1, 0.5)
    if not near:
        return ""
    return _("是否想写“{word}”？{expected}").format(word=near[0], expected=_expected(column))


def _duplicates(raw: RawTable, typed: pd.DataFrame) -> list[Problem]:
    """Rows whose key an earlier row has."""
    keys = list(raw.contract.key)
    shared = ~key_is_unique(raw.contract, raw.cells)
    first: dict[object, int] = {}
    earlier: dict[int, int] = {}
    for row, *values in typed.loc[shared, keys].itertuples(name=None):
        if tuple(values) in first:
            earlier[int(row)] = first[tuple(values)]
        else:
            first[tuple(values)] = int(row)
    parts = {int(row): cells for row, *cells in raw.cells[keys].itertuples(name=None)}
    written = {row: _("、").join(cell for cell in parts[row] if cell) for row in earlier}
    return row_problems(
        raw,
        earlier,
        tuple(keys),
        lambda row: _("“{value}”与第 {earlier} 行重复").format(value=written[row], earlier=earlier[row]),
        _("只留一行，或改正编号"),
    )
