"""A document as data: headings, articles, paragraphs, tables, figures; numbers and layout come when it is written."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

_OPEN, _CLOSE = "\ue000", "\ue001"


class Kind(StrEnum):
    """What a paragraph is; each has its style."""

    TITLE = "title"
    SUBTITLE = "subtitle"
    BODY = "body"
    ARTICLE = "article"
    ITEM = "item"
    PLAIN = "plain"
    CENTRED = "centred"
    RIGHT = "right"
    NOTE = "note"


class Listing(StrEnum):
    """What a contents list lists."""

    HEADINGS = "headings"
    TABLES = "tables"
    FIGURES = "figures"


@dataclass(frozen=True)
class Heading:
    """A heading of a level from 1; it may start a page. What is wide stands on landscape pages."""

    text: str
    level: int = 1
    new_page: bool = False
    is_wide: bool = False


@dataclass(frozen=True)
class Text:
    """A paragraph; `lead` stands before it in the type of headings."""

    text: str
    kind: Kind = Kind.BODY
    lead: str = ""
    is_wide: bool = False


@dataclass(frozen=True)
class Grid:
    """A table: title above, unit line, header repeated on every page, note below; named so that texts can refer to it."""

    key: str
    title: str
    unit: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...]
    note: str = ""
    is_wide: bool = False


@dataclass(frozen=True)
class Picture:
    """A figure with its caption below."""

    key: str
    title: str
    path: Path
    width_mm: float = 140.0


@dataclass(frozen=True)
class Contents:
    """A list of headings, tables or figures."""

    title: str
    listing: Listing


@dataclass(frozen=True)
class NewPage:
    """What follows starts on a new page."""


Block = Heading | Text | Grid | Picture | Contents | NewPage


@dataclass(frozen=True)
class Paper:
    """A document: file stem, title of its properties, blocks; official ones have the page and type of GB/T 9704."""

    stem: str
    title: str
    blocks: tuple[Block, ...]
    is_official: bool = True


def see(key: str) -> str:
    """A reference to a table or figure, to be set into a sentence; it is printed as 表 3 or 图 2."""
    return f"{_OPEN}{key}{_CLOSE}"


def parts_of(text: str) -> list[tuple[str, bool]]:
    """A text cut at its references: (words or key, whether it is a reference).

    >>> parts_of("见" + see("balance") + "。")
    [('见', False), ('balance', True), ('。', False)]
    """
    parts: list[tuple[str, bool]] = []
    for piece in text.split(_OPEN):
        key, closed, rest = piece.partition(_CLOSE)
        parts += [(key, True), (rest, False)] if closed else [(piece, False)]
    return [part for part in parts if part[0]]


def texts(*lines: str, kind: Kind = Kind.BODY) -> tuple[Block, ...]:
    """A paragraph a line, lines without words left out."""
    return tuple(Text(line, kind) for line in lines if line)
