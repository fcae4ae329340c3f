"""Chinese type for drawings, from a dependency that ships it with its licence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.figure import Figure
from matplotlib.text import Text

SUBSTITUTE = "〓"
_FALLBACK = "DejaVu Sans"


@contextmanager
def drawing_style() -> Iterator[None]:
    """Draw in the shipped Chinese face inside the block; matplotlib's settings are as before after it."""
    family = [_chinese_family(), _FALLBACK]
    with mpl.rc_context({"font.family": family, "axes.unicode_minus": False, "path.simplify": True}):
        yield


def replace_missing(figure: Figure) -> str:
    """Replace every character that no face has by 〓, so that no page shows an empty box unseen.

    Returns
    -------
    str
        The characters without a glyph, sorted.
    """
    missing: set[str] = set()
    for text in figure.findobj(Text):
        words = str(text.get_text())
        gaps = missing_glyphs(words)
        if gaps:
            missing |= set(gaps)
            text.set_text("".join(SUBSTITUTE if mark in gaps else mark for mark in words))
    return "".join(sorted(missing))


def missing_glyphs(words: str) -> str:
    """Characters of a text that neither face has, sorted.

    >>> missing_glyphs("甪直镇小学 A1")
    ''
    """
    return "".join(sorted({mark for mark in words if mark not in "\n\r\t" and ord(mark) not in _known()}))


def font_path() -> Path:
    """The shipped font file, found without importing its package, which would change matplotlib's settings."""
    spec = find_spec("zhplot")
    if spec is None or not spec.submodule_search_locations:
        message = "the package zhplot, which ships the Chinese face, is not installed"
        raise FileNotFoundError(message)
    return Path(next(iter(spec.submodule_search_locations))) / "fonts" / "NotoSansSC-Regular.ttf"


@cache
def _chinese_family() -> str:
    path = str(font_path())
    font_manager.fontManager.addfont(path)
    return font_manager.FontProperties(fname=path).get_name()


@cache
def _known() -> frozenset[int]:
    """Code points of both faces."""
    fallback = font_manager.findfont(_FALLBACK)
    faces = (font_manager.get_font(str(font_path())), font_manager.get_font(fallback))
    return frozenset(point for face in faces for point in face.get_charmap())
