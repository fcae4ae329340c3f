"""A table in WordprocessingML: fixed widths after the texts, header repeated, figures to the right."""

from __future__ import annotations

import math
from collections.abc import Sequence

from simulator.outputs.titles import headline
from simulator.outputs.widths import text_width
from simulator.outputs.word.blocks import Grid
from simulator.outputs.word.look import SIZE_5, SIZE_5_SMALL
from simulator.outputs.word.marks import paragraph, run
from simulator.outputs.word.styles import CELL, HEAD_CELL

_TWIPS_MM, _POINTS_MM = 1440 / 25.4, 72 / 25.4
_SIZES = (SIZE_5, SIZE_5_SMALL, 7.5)
_MEASURED = 400
# Characters: beyond the first a cell never widens its column, the second is wide enough to read texts that wrap,
# then the narrowest column and the room at its sides.
_WIDEST, _COMFORTABLE, _NARROWEST, _SIDES = 60.0, 24.0, 4.0, 2.0
# Figures must not break, and some faces are wider than others.
_FIGURE_ROOM = 1.25
_LINE = 4.0 / 3.0
_BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
_HEAD_FILL = '<w:shd w:val="clear" w:color="auto" w:fill="F2F2F2"/>'


def table_xml(grid: Grid, width_mm: float) -> str:
    """The table without its title.

    Parameters
    ----------
    grid
        What it holds.
    width_mm
        Room between the margins.
    """
    wanted = _wanted(grid)
    size = _size(wanted, grid.numeric, width_mm)
    widths = _widths(_fitted(wanted, grid.numeric, _room(width_mm, size)), width_mm)
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    look = _type(size)
    head = _row(
        [headline(title) for title in grid.columns], widths, [False] * len(widths), HEAD_CELL, look, is_head=True
    )
    body = "".join(_row(row, widths, grid.numeric, CELL, look, is_head=False) for row in grid.rows)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{_BORDERS}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar>'
        f"</w:tblPr><w:tblGrid>{columns}</w:tblGrid>{head}{body}</w:tbl>"
    )


def _wanted(grid: Grid) -> list[float]:
    """Characters that each column would like."""
    found = []
    for number, title in enumerate(grid.columns):
        head = max(text_width(line) for line in title.split("\n"))
        cells = [max(text_width(line) for line in row[number].split("\n")) for row in grid.rows[:_MEASURED]]
        # A header may wrap once.
        widest = max(cells, default=0.0) * (_FIGURE_ROOM if grid.numeric[number] else 1.0)
        found.append(min(max(head / 2 + 1, _NARROWEST, widest), _WIDEST) + _SIDES)
    return found


def _fitted(wanted: Sequence[float], numeric: Sequence[bool], room: float) -> list[float]:
    """Columns within the room: long texts give way first, then all texts, figures last.

    >>> _fitted([5.0, 40.0, 12.0], [True, False, False], 35.0)
    [5.0, 18.0, 12.0]
    """
    fixed = sum(one for one, figure in zip(wanted, numeric, strict=True) if figure)
    texts = sorted(one for one, figure in zip(wanted, numeric, strict=True) if not figure)
    left, most = room - fixed, math.inf
    for number, one in enumerate(texts):
        share = left / (len(texts) - number)
        if one > share:
            most = share
            break
        left -= one
    most = max(most, _NARROWEST)
    return [one if figure else min(one, most) for one, figure in zip(wanted, numeric, strict=True)]


def _size(wanted: Sequence[float], numeric: Sequence[bool], width_mm: float) -> float:
    """The largest type in which figures stay whole and texts have a few characters a line."""
    least = [one if figure else min(one, _COMFORTABLE) for one, figure in zip(wanted, numeric, strict=True)]
    return next((size for size in _SIZES if sum(least) <= _room(width_mm, size)), _SIZES[-1])


def _room(width_mm: float, size: float) -> float:
    """Characters between the margins: a full-width character counts two."""
    return width_mm * _POINTS_MM / (size / 2)


def _widths(fitted: Sequence[float], width_mm: float) -> list[int]:
    whole = width_mm * _TWIPS_MM
    return [math.floor(whole * one / sum(fitted)) for one in fitted]


def _type(size: float) -> tuple[str, str]:
    """Properties of runs and paragraphs that differ from the style of cells."""
    if size == _SIZES[0]:
        return "", ""
    pitch = round(size * _LINE * 20)
    runs = f'<w:sz w:val="{round(size * 2)}"/><w:szCs w:val="{round(size * 2)}"/>'
    return runs, f'<w:spacing w:line="{pitch}" w:lineRule="exact"/>'


def _row(
    cells: Sequence[str],
    widths: Sequence[int],
    numeric: Sequence[bool],
    style: str,
    look: tuple[str, str],
    *,
    is_head: bool,
) -> str:
    runs, spacing = look
    marks = "<w:cantSplit/><w:tblHeader/>" if is_head else "<w:cantSplit/>"
    fill = _HEAD_FILL if is_head else ""
    inner = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{fill}<w:vAlign w:val="center"/></w:tcPr>'
        + paragraph(style, run(text, runs) if text else "", spacing + ('<w:jc w:val="right"/>' if right else ""))
        + "</w:tc>"
        for text, width, right in zip(cells, widths, numeric, strict=True)
    )
    return f"<w:tr><w:trPr>{marks}</w:trPr>{inner}</w:tr>"
