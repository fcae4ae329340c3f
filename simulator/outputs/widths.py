"""How many columns a text takes on a terminal and in a sheet."""

from __future__ import annotations

import re
from unicodedata import east_asian_width

_INDENT = "  "
_PIECES = re.compile(r"[（《“〔]*(?:[!-~]+|.)[，。；：、）》”〕%…]*")
"""What a line is broken between: a Latin word or figure or one character, with its brackets and stops."""


def text_width(text: str) -> int:
    """Columns that a text takes: two for a full-width character.

    >>> text_width("班额 56+")
    8
    """
    return sum(2 if east_asian_width(mark) in "WFA" else 1 for mark in text)


def wrapped(text: str, columns: int) -> list[str]:
    """The text as lines no wider than the columns, the second and later ones indented.

    Figures and Latin words stay whole, a bracket stays with what it holds, no line begins with a stop.

    >>> wrapped("- 平均班额 56.5人（标准 45人）", 18)
    ['- 平均班额 56.5人', '  （标准 45人）']
    """
    lines, line = [], ""
    for piece in _PIECES.findall(text):
        if line.strip() and text_width(line + piece.rstrip()) > columns:
            lines.append(line.rstrip())
            line = _INDENT
        line += piece.lstrip() if line == _INDENT else piece
    return [*lines, line.rstrip()]
