"""The legend column beside the panels."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from matplotlib.artist import Artist
from matplotlib.legend import Legend
from matplotlib.patches import Patch

from simulator.outputs.maps.page import Page

_LETTER, _LINE = 8.0, 1.95
Block = tuple[str, Sequence[Artist]]
"""Title and entries of a part of the legend."""


def add_legend(page: Page, blocks: Sequence[Block]) -> None:
    """Stack titled blocks of legend entries from the top of the legend column; empty blocks are left out."""
    height_pt = page.legend.get_position().height * page.figure.get_size_inches()[1] * 72
    letter, top = _LETTER * page.scale, 1.0
    for title, handles in blocks:
        if not handles:
            continue
        words = [str(handle.get_label()) for handle in handles]
        block = Legend(
            page.legend,
            list(handles),
            words,
            title=title,
            loc="upper left",
            bbox_to_anchor=(0.0, top),
            bbox_transform=page.legend.transAxes,
            frameon=False,
            fontsize=letter,
            title_fontsize=letter * 1.1,
            alignment="left",
            labelspacing=0.5,
            borderpad=0.0,
            borderaxespad=0.0,
            handlelength=1.8,
        )
        for text in block.get_texts():
            text.set_linespacing(1.35)
        page.legend.add_artist(block)
        lines = 1.4 + sum(1 + 0.95 * word.count("\n") for word in words)
        top -= (lines * _LINE * letter + letter) / height_pt


def patch(colour: str, words: str, *, hatch: str | None = None, edge: str = "#999999") -> Patch:
    """A legend entry of a fill."""
    return Patch(facecolor=colour, edgecolor=edge, linewidth=0.5, label=words, hatch=hatch)


def interval_words(edges: Sequence[float], unit: str) -> list[str]:
    """Words of the classes between edges: below the first, between, above the last.

    >>> interval_words([10, 20], "人")
    ['< 10 人', '10—20 人', '≥ 20 人']
    """
    between = [f"{low:g}—{high:g} {unit}" for low, high in pairwise(edges)]
    return [f"< {edges[0]:g} {unit}", *between, f"≥ {edges[-1]:g} {unit}"]
