"""The workbook's tables as text, with the digits that Excel shows."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any

import pandas as pd

from simulator.language import translate as _
from simulator.outputs.word.context_plan import Sheet as SheetFields
from simulator.outputs.workbook.fitting import figure_format, text_of
from simulator.outputs.workbook.sheet import Column, Format, Sheet

_NUMBERED = re.compile(r"T\d+")
_DIGITS = {Format.WHOLE: "{:.0f}", Format.YEAR: "{:.0f}", Format.TENTH: "{:.1f}",
           Format.HUNDREDTH: "{:.2f}", Format.SHARE: "{:.1%}",
           Format.FIGURE: "{:.3f}"}  # fmt: skip


def numbered_sheets(sheets: Sequence[Sheet]) -> dict[str, Sheet]:
    """The numbered sheets of plan.xlsx: T10 → sheet; where a number has several, T22, T22_2, T22_3 … in their order."""
    found: dict[str, Sheet] = {}
    counts: dict[str, int] = {}
    for sheet in sheets:
        number = _NUMBERED.match(sheet.name)
        if number:
            place = counts[number.group()] = counts.get(number.group(), 0) + 1
            found[number.group() if place == 1 else f"{number.group()}_{place}"] = sheet
    return found


def sheet_fields(number: str, sheet: Sheet) -> SheetFields:
    """A sheet with its cells as text."""
    units = sheet.rows["unit"].tolist() if "unit" in sheet.rows else [""] * len(sheet.rows)
    columns = [
        [_cell(cell, column, str(unit)) for cell, unit in zip(sheet.rows[column.name].tolist(), units, strict=True)]
        for column in sheet.columns
    ]
    return SheetFields(
        name=number,
        title=sheet.title,
        unit=sheet.unit,
        note=sheet.note,
        names=tuple(column.name for column in sheet.columns),
        columns=tuple(column.title for column in sheet.columns),
        numeric=tuple(column.format is not Format.TEXT for column in sheet.columns),
        rows=tuple(zip(*columns, strict=True)),
    )


def _cell(cell: Any, column: Column, unit: str) -> str:  # noqa: ANN401  a cell of a frame
    if cell is None or cell is pd.NaT or (isinstance(cell, float) and not math.isfinite(cell)):
        return ""
    if column.format is Format.TEXT or not isinstance(cell, int | float):
        return text_of(cell)
    shown: Format = column.format
    if shown is Format.FIGURE:
        shown = figure_format(cell, is_share=unit == _("比例"))
    return _DIGITS[shown].format(float(cell))
