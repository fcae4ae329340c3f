"""A sheet of the workbook as data: title, unit, columns, rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import pandas as pd


class Format(StrEnum):
    """How the cells of a column are written."""

    TEXT = "text"
    WHOLE = "whole"
    YEAR = "year"
    TENTH = "tenth"
    HUNDREDTH = "hundredth"
    SHARE = "share"
    FIGURE = "figure"


class Colour(StrEnum):
    """How a column is coloured by its values, in colours that colour-blind readers tell apart."""

    NONE = ""
    SHORTAGE = "shortage"
    SPARE = "spare"
    CLASS_SIZE = "class_size"
    OVERSIZED = "oversized"
    ALERT = "alert"


@dataclass(frozen=True)
class Cover:
    """What stands on every sheet of a workbook.

    Parameters
    ----------
    title
        Of the workbook, stamped where the district is invented.
    author
        Who drew it up.
    invented, internal
        Whether titles bear the stamp of a demonstration, whether the footer says that this is the internal edition.
    lines
        Figure of the norms → its value, for the colours of class sizes.
    map_number
        Number of the map's approval (审图号), for the footer of the public edition.
    """

    title: str
    author: str
    invented: bool
    internal: bool
    lines: Mapping[str, float]
    map_number: str = ""


FIRST_ROW = 3
"""Rows above the first row of a table: title, unit line, header."""


@dataclass(frozen=True)
class Column:
    """A column: name in the rows, header, format, colour rule."""

    name: str
    title: str
    format: Format = Format.TEXT
    colour: Colour = Colour.NONE
    editable: bool = False
    """Whether a planner changes its cells and gives the workbook back."""
    choices: str = ""
    """The range, as Excel writes it, that holds the values offered; such a column may be changed."""

    @property
    def is_editable(self) -> bool:
        """Whether its cells may be changed."""
        return self.editable or bool(self.choices)


@dataclass(frozen=True)
class Line:
    """A series of a chart: its column, colour, whether it is dashed (lines) or hatched (columns)."""

    column: str
    colour: str
    dashed: bool = False


@dataclass(frozen=True)
class Chart:
    """A native chart: `line` or `column`, columns of its categories, its series, words of the upright axis."""

    kind: str
    categories: tuple[str, ...]
    lines: tuple[Line, ...]
    unit: str


@dataclass(frozen=True)
class Sheet:
    """A sheet: name of its tab, title on it, unit line, columns, rows; a note stands under the table."""

    name: str
    title: str
    unit: str
    columns: tuple[Column, ...]
    rows: pd.DataFrame
    note: str = ""
    chart: Chart | None = None
    """A native chart below the table."""
    place: float = 99.0
    """Where a sheet without a number stands among the numbered ones."""
    hidden: bool = False
    """Whether it is there for the program only."""


def texts(*pairs: tuple[str, str]) -> tuple[Column, ...]:
    """Text columns from (name, header) pairs."""
    return tuple(Column(name, title) for name, title in pairs)


def numbers(kind: Format, *pairs: tuple[str, str], colour: Colour = Colour.NONE) -> tuple[Column, ...]:
    """Number columns of one format from (name, header) pairs."""
    return tuple(Column(name, title, kind, colour) for name, title in pairs)
