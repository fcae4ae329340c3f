"""Text of a cell → value, the same for CSV, workbook and layer."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from simulator.inputs.contracts import WHOLE, Column, Contract, Kind
from simulator.terms import grade_spellings

Value = str | int | float | bool

_YES = {"是", "true", "1", "yes", "有"}
_NO = {"否", "false", "0", "no", "无"}
_NUMERALS = "一二三四五六七八九"
_CYCLES = {"初": 6, "高": 9}
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)
_DAY = re.compile(
    r"(?P<year>(?:19|20)\d\d)[-/.年]?(?P<month>\d{1,2})[-/.月]?(?P<day>\d{1,2})日?(?:[ T]\d\d:\d\d(?::\d\d)?)?"
)
SEPARATORS = re.compile(r"[,，、;；/|\s]+")


def plain(text: str) -> str:
    r"""The text with full-width letters and digits made plain and outer blanks removed.

    >>> plain(" \uff11\uff12a ")
    '12a'
    """
    return unicodedata.normalize("NFKC", text).strip()


def parse_number(text: str) -> float | None:
    """The number that a cell holds, thousands separators allowed, or None.

    >>> parse_number("1,234.5"), parse_number("十"), parse_number("nan")
    (1234.5, None, None)
    """
    number = plain(text)
    if _THOUSANDS.fullmatch(number):
        number = number.replace(",", "")
    return float(number) if _NUMBER.fullmatch(number) else None


def parse_grade(text: str) -> int | None:
    """The grade that a cell names, or None.

    >>> [parse_grade(word) for word in ("小班", "3", "三年级", "初一", "高三", "托班")]
    [-2, 3, 3, 7, 12, None]
    """
    grade = plain(text).removesuffix("年级")
    for cycle, before in _CYCLES.items():
        if grade.startswith(cycle) and grade[1:] in {"一", "二", "三"}:
            return before + _NUMERALS.index(grade[1:]) + 1
    if len(grade) == 1 and grade in _NUMERALS:
        return _NUMERALS.index(grade) + 1
    number = parse_number(grade)
    spelled = grade if number is None or number % 1 else str(int(number))
    return grade_spellings().get(spelled)


def parse_date(text: str) -> str | None:
    """The day that a cell names as `2023-05-10`, or None; a time of day that Excel adds is dropped.

    >>> [parse_date(text) for text in ("2023年5月10日", "2023/5/10", "2023-05-10 00:00:00", "20230510", "2023-02-30")]
    ['2023-05-10', '2023-05-10', '2023-05-10', '2023-05-10', None]
    """
    found = _DAY.fullmatch(plain(text))
    if not found:
        return None
    try:
        return date(*(int(found[part]) for part in ("year", "month", "day"))).isoformat()
    except ValueError:
        return None


def parse_flag(text: str) -> bool | None:
    """The yes or no of a cell, or None.

    >>> parse_flag("是"), parse_flag("FALSE"), parse_flag("也许")
    (True, False, None)
    """
    answer = plain(text).lower()
    if answer in _YES:
        return True
    return False if answer in _NO else None


def _whole(text: str) -> int | None:
    """A whole number; `12.0` counts as one, 12.5 does not."""
    number = parse_number(text)
    return int(number) if number is not None and number.is_integer() else None


def parse_word(column: Column, text: str) -> str | None:
    """The file value of a word in English or Chinese, or None."""
    spelling = plain(text).lower()
    accepted = {plain(chinese).lower(): value for value, chinese in column.words.items()}
    return (accepted | {value: value for value in column.words} | dict(column.codes)).get(spelling)


def parse_words(column: Column, text: str) -> str | None:
    """Several words as file values joined by commas, in the order of the vocabulary, or None."""
    found = {parse_word(column, part) for part in SEPARATORS.split(text.strip()) if part}
    if None in found or not found:
        return None
    return ",".join(value for value in column.words if value in found)


def parse(column: Column, text: str) -> Value | None:
    """The value of a filled cell; None where it cannot be read as the column's type."""
    match column.kind:
        case Kind.CODE | Kind.TEXT | Kind.GEOMETRY:
            return text.strip()
        case Kind.NUMBER:
            return parse_number(text)
        case Kind.INTEGER:
            return _whole(text)
        case Kind.YEAR:
            return _whole(plain(text).removesuffix("年"))
        case Kind.DATE:
            return parse_date(text)
        case Kind.GRADE:
            return parse_grade(text)
        case Kind.BOOLEAN:
            return parse_flag(text)
        case Kind.WORD:
            return parse_word(column, text)
        case Kind.WORDS:
            return parse_words(column, text)


def parse_series(column: Column, cells: pd.Series[str]) -> pd.Series[Any]:
    """Every filled cell parsed, None where it is empty or cannot be read."""
    known = {text: parse(column, text) for text in cells.unique() if text}
    return pd.Series([known.get(text) for text in cells], index=cells.index, dtype=object)


def dtype_of(column: Column) -> str:
    """The dtype of a column in a read table: numbers that may be unknown are float, with NaN."""
    if column.kind in WHOLE:
        return "int64" if column.required or column.default is not None else "float64"
    return {Kind.NUMBER: "float64", Kind.BOOLEAN: "bool"}.get(column.kind, "str")


def _missing(column: Column) -> Value | None:
    """The value of an empty cell."""
    if column.default is not None:
        return parse(column, column.default)
    return "" if dtype_of(column) == "str" else None


def convert(contract: Contract, cells: pd.DataFrame, names: Iterable[str] | None = None) -> pd.DataFrame:
    """Typed values of a table of text; cells that cannot be read become unknown, defaults fill empty ones.

    All columns but the geometry, or those named.

    Where such cells are left, whole-number columns stay float and flags stay objects; a table
    without faults has exactly the dtypes of :func:`dtype_of`.
    """
    typed: dict[str, pd.Series[Any]] = {}
    columns = contract.cells if names is None else [contract.column(name) for name in names]
    for column in columns:
        text = cells[column.name]
        values = parse_series(column, text).where(text != "", _missing(column))
        dtype = dtype_of(column)
        if dtype == "str":
            typed[column.name] = values.where(values.notna(), "").astype("str")
        elif dtype == "bool":
            typed[column.name] = values.astype("bool") if values.notna().all() else values
        else:
            numbers = values.where(values.notna(), np.nan).astype("float64")
            whole = dtype == "int64" and numbers.notna().all()
            typed[column.name] = numbers.astype("int64") if whole else numbers
    return pd.DataFrame(typed, index=cells.index, columns=[column.name for column in columns])


def empty_frame(contract: Contract) -> pd.DataFrame:
    """A table without rows, with the contract's columns and dtypes."""
    return pd.DataFrame({column.name: pd.Series(dtype=dtype_of(column)) for column in contract.cells})
