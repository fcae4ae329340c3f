"""How wide columns and how high rows must be, and how many digits a figure needs."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from simulator.outputs.widths import text_width
from simulator.outputs.workbook.sheet import Column, Format, Sheet

_NARROWEST, _WIDEST, _MEASURED_ROWS = 7.0, 44.0, 400
# Height of a line and of the highest row, points; Excel allows 409.
_LINE, _HIGHEST = 14.0, 400.0
_LARGE_FIGURE = 1000


def figure_format(cell: object, *, is_share: bool) -> Format:
    """Format of a figure of any kind: no more digits than a reader can use.

    >>> figure_format(4864.6667, is_share=False), figure_format(0.8154, is_share=True)
    (<Format.WHOLE: 'whole'>, <Format.SHARE: 'share'>)
    """
    if is_share:
        return Format.SHARE
    if (
        not isinstance(cell, float | int)
        or not np.isfinite(cell)
        or round(float(cell), 6).is_integer()
        or abs(cell) >= _LARGE_FIGURE
    ):
        return Format.WHOLE
    return Format.TENTH if abs(cell) >= 1 else Format.FIGURE


def text_of(cell: object) -> str:
    """What stands in a text cell; empty for what is missing."""
    return "" if cell is None or cell != cell else str(cell)


def text_height(lines: int) -> float:
    """Points that so many lines take."""
    return min(_LINE * lines + 4.0, _HIGHEST)


def lines_of(text: str, width: float) -> int:
    """Lines that a text takes in a cell of so many characters."""
    return sum(max(math.ceil(text_width(part) / (width - 1.0)), 1) for part in text.split("\n"))


def set_heights(page: Any, sheet: Sheet, widths: list[float], header: int) -> None:  # noqa: ANN401  xlsxwriter has no types
    """Make rows as high as their longest wrapped text: not every program does so when it opens the file."""
    heads = [lines_of(column.title, width) for column, width in zip(sheet.columns, widths, strict=True)]
    page.set_row(header, text_height(max(heads)))
    long = [
        (sheet.rows[column.name].tolist(), width)
        for column, width in zip(sheet.columns, widths, strict=True)
        if column.format is Format.TEXT and width >= _WIDEST
    ]
    for row in range(len(sheet.rows)):
        lines = max((lines_of(text_of(cells[row]), width) for cells, width in long), default=1)
        if lines > 1:
            page.set_row(header + 1 + row, text_height(lines))


def column_width(column: Column, cells: list[Any]) -> float:
    """Width in characters of the widest cell: a Chinese character takes two; long texts wrap.

    >>> column_width(Column("a", "学校"), ["示范区第一小学"])
    17.0
    """
    sample = [_shown(cell, column) for cell in cells[:_MEASURED_ROWS]]
    head = max((text_width(part) for part in column.title.split("\n")), default=0)
    # A text is indented.
    room = 3.0 if column.format is Format.TEXT else 2.0
    widest = max([head + 2.0, *(text_width(text) + room for text in sample)])
    return float(min(max(widest, _NARROWEST), _WIDEST))


def _shown(cell: object, column: Column) -> str:
    if isinstance(cell, float):
        if column.format in {Format.WHOLE, Format.YEAR} or abs(cell) >= _LARGE_FIGURE:
            return f"{cell:.0f}"
        return f"{cell:.1f}"
    return str(cell)
