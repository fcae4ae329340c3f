"""The legend column beside the panels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from matplotlib.artist import Artist
from matplotlib.legend import Legend
from matplotlib.patches import Patch

from simulator.outputs.maps.page import Page
from simulator.outputs.titles import headline
from simulator.outputs.widths import text_width

_LETTER, _LINE = 8.0, 1.95
Block = tuple[str, Sequence[Artist]]
"""Title and entries of a part of the legend."""


def add_legend(page: Page, blocks: Sequence[Block]) -> float:
    """Stack titled blocks of legend entries from the top of the legend column; empty blocks are left out.

    Returns
    -------
    float
        Where the free rest of the column begins, as a share of its height.
    """
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
            title=headline(title),
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
    return top


def add_list(page: Page, title: str, lines: Sequence[str], more: Callable[[int], str], top: float) -> None:
    """A titled list of small lines below the legend; `more` words how many did not fit."""
    height_pt = page.legend.get_position().height * page.figure.get_size_inches()[1] * 72
    letter = _LETTER * page.scale
    small = letter * 0.8
    room = int((top * height_pt - 2.2 * letter) / (small * 1.45))
    shown = list(lines)
    count = 0
    while shown and sum(line.count("\n") + 1 for line in shown) + bool(count) > room:
        shown.pop()
        count += 1
    if count:
        shown.append(more(count))
    page.legend.text(0, top, title, size=letter * 1.1, va="top", transform=page.legend.transAxes)
    page.legend.text(0, top - 2.0 * letter / height_pt, "\n".join(shown), size=small, va="top", linespacing=1.45,
                     transform=page.legend.transAxes)  # fmt: skip


def wrapped(parts: Sequence[str], joint: str, columns: int, indent: str) -> str:
    r"""Parts joined into lines of at most so many columns (two a Chinese character), further lines indented.

    >>> wrapped(["东小学12人", "西小学7人"], "、", 14, "　")
    '东小学12人、\n　西小学7人'
    """
    lines = [""]
    for number, part in enumerate(parts):
        piece = part + (joint if number < len(parts) - 1 else "")
        if lines[-1] and text_width(lines[-1] + piece) > columns:
            lines.append(indent)
        lines[-1] += piece
    return "\n".join(lines)


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
