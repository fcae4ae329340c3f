"""Problems of rows: the same fault in many rows is written out for the first ones and then counted."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pandas as pd

from simulator.errors import Problem
from simulator.inputs.read_raw import RawTable
from simulator.language import translate as _

WRITTEN_OUT = 20
"""Rows with the same fault that are written out one by one."""


def row_problems(
    raw: RawTable,
    rows: Iterable[object],
    columns: tuple[str, ...],
    what: Callable[[int], str],
    remedy: Callable[[int], str] | str = "",
) -> list[Problem]:
    """One problem a row for the first rows, and one that counts the others and gives their range."""
    numbers = sorted({int(str(row)) for row in rows})
    problems = [
        Problem(raw.where(row, *columns), what(row), remedy if isinstance(remedy, str) else remedy(row))
        for row in numbers[:WRITTEN_OUT]
    ]
    others = numbers[WRITTEN_OUT:]
    if others:
        text = _("另有 {count} 行有同样的问题（第 {first} 至 {last} 行之间）").format(
            count=len(others), first=others[0], last=others[-1]
        )
        problems.append(Problem(raw.where(None, *columns), text))
    return problems


def broken_rows(raw: RawTable, mask: pd.Series[bool]) -> list[int]:
    """Row numbers at which a mask holds."""
    return [int(row) for row in raw.cells.index[mask.to_numpy(dtype=bool)]]
