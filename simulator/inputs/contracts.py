"""What a table of a district is: columns, types, units, keys, allowed values, what an empty cell means.

The tables themselves are declared in the `contracts_…` modules beside this one; readers, templates,
writers and the reference page all work from them, so a column is described once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from simulator.terms import source_label


class Kind(StrEnum):
    """How a cell of a column is read."""

    CODE = "code"
    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    YEAR = "year"
    DATE = "date"
    GRADE = "grade"
    BOOLEAN = "boolean"
    WORD = "word"
    WORDS = "words"
    GEOMETRY = "geometry"


WHOLE = (Kind.INTEGER, Kind.YEAR, Kind.GRADE)
"""Kinds whose values are whole numbers."""


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Parameters
    ----------
    name, chinese
        English and Chinese header; both are accepted.
    kind
        How its cells are read.
    unit
        Unit, in Chinese; empty for ids, words and names. It stands in brackets behind the Chinese header.
    required
        Whether every row must fill it.
    words
        File value → Chinese word, for `word` and `words`.
    codes
        Further spelling → file value, such as statistical codes.
    low, high
        Bounds, both included.
    default
        Value of an empty cell, as it would be written; None leaves the cell unknown
        (NaN, or empty text).
    empty
        What an empty cell means, in Chinese.
    refers
        Tables whose first key column must hold the value.
    note
        What the column holds, in Chinese, where its header does not say it.
    """

    name: str
    chinese: str
    kind: Kind
    unit: str = ""
    required: bool = False
    words: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, str] = field(default_factory=dict)
    low: float | None = None
    high: float | None = None
    default: str | None = None
    empty: str = ""
    refers: tuple[str, ...] = ()
    note: str = ""

    @property
    def header(self) -> str:
        """The Chinese header with its unit, as templates and CSV files show it."""
        return f"{self.chinese}（{self.unit}）" if self.unit else self.chinese


@dataclass(frozen=True)
class Contract:
    """A table of a district.

    Parameters
    ----------
    name, chinese
        English and Chinese name; files, layers and sheets may carry either.
    row
        What a row is, in Chinese.
    columns
        Its columns, in order.
    key
        Columns that name a row; no two rows agree in all of them. Empty: rows have no key.
    required
        Whether a district must have it.
    assumed
        What is assumed without it, in Chinese; empty for required tables.
    geometry
        Shapely types its geometry may have; empty: a plain table.
    placed
        Whether each row needs a place: a geometry, or x and y.
    """

    name: str
    chinese: str
    row: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    required: bool = False
    assumed: str = ""
    geometry: tuple[str, ...] = ()
    placed: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """English names of the columns."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """The column of that English name."""
        return next(column for column in self.columns if column.name == name)

    @property
    def has_points(self) -> bool:
        """Whether the table carries x and y."""
        return "x" in self.names

    @property
    def cells(self) -> tuple[Column, ...]:
        """The columns other than the geometry."""
        return tuple(column for column in self.columns if column.kind is not Kind.GEOMETRY)


def words_of(kind: type[StrEnum]) -> dict[str, str]:
    """File value → Chinese word of a vocabulary.

    >>> from simulator.terms import Lodging
    >>> words_of(Lodging)
    {'day': '走读', 'boarding': '寄宿'}
    """
    return {term.value: source_label(term) for term in kind}


CGCS2000_BANDS = ("EPSG:4490", *(f"EPSG:{code}" for code in range(4534, 4555)))
"""CGCS2000 in degrees, and its 3° Gauss–Krüger bands with central meridian 75° to 135°."""

POLYGONS = ("Polygon", "MultiPolygon")
LINES = ("LineString", "MultiLineString")
FAR_KM = 50
"""How far a school, parcel or unit may lie from the units before it counts as misplaced.

A boarding school outside the district is rarely farther. A wrong CRS moves a place by more: bands of
3° are nowhere in China closer than about 200 km.
"""
PLACES = (*POLYGONS, "Point")


def geometry_column(empty: str = "") -> Column:
    """The geometry of a layer, or WKT text in a table."""
    return Column("geometry", "几何", Kind.GEOMETRY, empty=empty, note="图层的几何，或表中的 WKT 文本")


def points() -> tuple[Column, Column]:
    """The columns x and y of a place."""
    return (
        Column(
            "x",
            "x坐标",
            Kind.NUMBER,
            empty="取几何内的一点",
            note="东向坐标或经度，坐标系在 district.toml 中声明",
        ),
        Column(
            "y",
            "y坐标",
            Kind.NUMBER,
            empty="取几何内的一点",
            note="北向坐标或纬度，坐标系在 district.toml 中声明",
        ),
    )


def code(name: str, chinese: str, *tables: str, required: bool = True, empty: str = "", note: str = "") -> Column:
    """An id, always text; with `tables`, one that must stand in the key of one of them."""
    return Column(name, chinese, Kind.CODE, required=required, refers=tables, empty=empty, note=note)


def count(
    name: str,
    chinese: str,
    unit: str,
    *,
    required: bool = False,
    default: str | None = None,
    empty: str = "",
    low: float = 0,
    note: str = "",
) -> Column:
    """A whole number that is not negative."""
    return Column(
        name,
        chinese,
        Kind.INTEGER,
        unit,
        required=required,
        low=low,
        default=default,
        empty=empty,
        note=note,
    )


def amount(
    name: str,
    chinese: str,
    unit: str,
    *,
    required: bool = False,
    high: float | None = None,
    default: str | None = None,
    empty: str = "",
    note: str = "",
) -> Column:
    """A number that is not negative."""
    return Column(
        name,
        chinese,
        Kind.NUMBER,
        unit,
        required=required,
        low=0,
        high=high,
        default=default,
        empty=empty,
        note=note,
    )


def year(name: str, chinese: str, *, required: bool = True, empty: str = "", note: str = "") -> Column:
    """A year; a school year carries the year in which it starts."""
    return Column(name, chinese, Kind.YEAR, "年", required=required, low=1950, high=2100, empty=empty, note=note)


def date(name: str, chinese: str, *, required: bool = True, empty: str = "", note: str = "") -> Column:
    """A day, held as text `2023-05-10`."""
    return Column(name, chinese, Kind.DATE, required=required, empty=empty, note=note)


def flag(name: str, chinese: str, *, default: str | None = "no", empty: str = "否", note: str = "") -> Column:
    """A yes or no; without a default every row must answer."""
    return Column(
        name,
        chinese,
        Kind.BOOLEAN,
        required=default is None,
        default=default,
        empty="" if default is None else empty,
        note=note,
    )


def word(
    name: str,
    chinese: str,
    words: Mapping[str, str],
    *,
    required: bool = False,
    default: str | None = None,
    empty: str = "",
    codes: Mapping[str, str] | None = None,
    note: str = "",
) -> Column:
    """One word of a vocabulary."""
    return Column(
        name,
        chinese,
        Kind.WORD,
        required=required,
        words=words,
        codes=codes or {},
        default=default,
        empty=empty,
        note=note,
    )


def text(name: str, chinese: str, *, required: bool = False, empty: str = "不填", note: str = "") -> Column:
    """Free text."""
    return Column(name, chinese, Kind.TEXT, required=required, empty="" if required else empty, note=note)
