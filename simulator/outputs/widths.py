"""How many columns a text takes on a terminal and in a sheet."""

from __future__ import annotations

from unicodedata import east_asian_width


def text_width(text: str) -> int:
    """Columns that a text takes: two for a full-width character.

    >>> text_width("班额 56+")
    8
    """
    return sum(2 if east_asian_width(mark) in "WFA" else 1 for mark in text)


def shortened(text: str, columns: int) -> str:
    """The text, cut with … where it is wider than the columns.

    >>> shortened("示范区第一小学", 9)
    '示范区…'
    """
    if text_width(text) <= columns:
        return text
    kept = ""
    for mark in text:
        if text_width(kept + mark) > columns - 2:
            break
        kept += mark
    return f"{kept}…"
