"""The dot plot: a row an indicator, a dot a plan, the figures beside them."""

from __future__ import annotations

import math

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from simulator.language import translate as _
from simulator.outputs.comparison.comparison import Comparison
from simulator.outputs.comparison.ground import PICTURE_DPI
from simulator.outputs.findings import number
from simulator.outputs.schemes import figure_titles
from simulator.outputs.widths import text_width

MARKS = (("o", "#0072B2"), ("s", "#D55E00"), ("D", "#009E73"), ("^", "#CC79A7"), ("v", "#7A5C00"), ("P", "#333333"))
"""Shape and colour of each plan; no action is hollow."""
_IDLE = ("o", "#ffffff")
_LEFT_OUT = {"shortage_peak_year"}
_FAIR = ("mean_km", "mean_minutes", "longest_minutes", "oversized_share", "largest_class", "largest_variation")
"""Figures that districts of different size can be compared by."""
_ROW_IN, _HEAD_IN, _FOOT_IN, _WIDTH_IN = 0.42, 1.25, 0.75, 11.0
_LABEL_PT, _LEAST_ROOM = 8.8, 0.335


def shown_figures(comparison: Comparison) -> list[str]:
    """Figures that the plot shows: all, or of different districts those that do not grow with size."""
    known = [name for name in figure_titles() if name not in _LEFT_OUT]
    several = len({side.stored.district for side in comparison.plans}) > 1
    return [name for name in known if name in _FAIR or not several]


def draw_dots(comparison: Comparison) -> Figure:
    """指标比选图: every figure on its own scale from 0 to its largest, so that rows can be read one by one."""
    names = shown_figures(comparison)
    height = _HEAD_IN + _ROW_IN * len(names) + _FOOT_IN
    figure = Figure(figsize=(_WIDTH_IN, height), dpi=PICTURE_DPI, facecolor="white")
    FigureCanvasAgg(figure)
    sides = comparison.sides
    cells = 0.072 * len(sides)
    left, right = _label_room(names), 0.985 - cells
    bottom, top = _FOOT_IN / height, 1 - _HEAD_IN / height
    figure.text(0.5, 1 - 0.35 / height, comparison.title + _("　指标"), size=15, ha="center", va="center")
    panel = figure.add_axes((left, bottom, right - left, top - bottom))
    _rows(panel, comparison, names)
    for number_of, side in enumerate(sides):
        x = right + 0.072 * (number_of + 0.92)
        figure.text(x, top + 0.1 / height, _short(side.name), size=8.5, ha="right", va="bottom", linespacing=1.2)
    _cells(figure, comparison, names, (right, bottom, top))
    handles = [_handle(place, side.name, is_plan=side.is_plan) for place, side in enumerate(sides)]
    figure.legend(handles=handles, loc="lower center", ncols=min(len(handles), 5), frameon=False, fontsize=9,
                  bbox_to_anchor=(0.5, 0.12 / height))  # fmt: skip
    figure.text(0.985, 0.1 / height, _("内部资料，未经审核不得公开"), size=8, color="#a32020", ha="right")
    return figure


def _label(name: str) -> str:
    title, unit = figure_titles()[name]
    return _("{title}（{unit}）").format(title=title, unit=unit)


def _label_room(names: list[str]) -> float:
    """Share of the width that the longest label of a row needs: half its size a character."""
    longest = max(text_width(_label(name)) for name in names)
    return max(_LEAST_ROOM, (longest * _LABEL_PT / 2 / 72 + 0.25) / _WIDTH_IN)


def _short(name: str) -> str:
    """A name of a column in at most a few characters a line."""
    return name.replace("（", "\n（").replace(" (", "\n(")


def _rows(panel: Axes, comparison: Comparison, names: list[str]) -> None:
    sides = comparison.sides
    panel.set_xlim(-0.03, 1.03)
    panel.set_ylim(len(names) - 0.5, -0.5)
    for row, name in enumerate(names):
        values = comparison.figures[name].astype(float).to_numpy()
        most = float(np.nanmax(np.abs(values))) if np.isfinite(values).any() else 0.0
        panel.axhline(row, color="#D9D9D9", linewidth=0.8, zorder=1)
        for place, (side, value) in enumerate(zip(sides, values, strict=True)):
            if math.isfinite(value):
                shape, colour = MARKS[place % len(MARKS)] if side.is_plan else _IDLE
                # A little apart, so that equal figures are all seen.
                offset = (place - (len(sides) - 1) / 2) * 0.15
                panel.scatter(value / most if most else 0.0, row + offset, marker=shape, s=46, c=colour,
                              edgecolors="#222222", linewidths=0.8, zorder=4, clip_on=False)  # fmt: skip
    panel.set_yticks(range(len(names)))
    panel.set_yticklabels([_label(name) for name in names], size=_LABEL_PT)
    panel.set_xticks([0, 0.5, 1])
    panel.set_xticklabels(["0", "", _("各行最大值")], size=8)
    panel.tick_params(length=0)
    panel.grid(axis="x", color="#EEEEEE", linewidth=0.7)
    panel.spines[["top", "right", "left", "bottom"]].set_visible(False)


def _cells(figure: Figure, comparison: Comparison, names: list[str], frame: tuple[float, float, float]) -> None:
    """The figures themselves, a column a side."""
    right, bottom, top = frame
    step = (top - bottom) / len(names)
    for row, name in enumerate(names):
        for place, value in enumerate(comparison.figures[name].astype(float)):
            figure.text(right + 0.072 * (place + 0.92), top - step * (row + 0.5), figure_words(name, float(value)),
                        size=8.6, ha="right", va="center")  # fmt: skip


def figure_words(name: str, value: float) -> str:
    """A figure with the digits that it needs; shares as percent.

    >>> figure_words("oversized_share", 0.0312), figure_words("mean_km", 1.234), figure_words("capital_wan", 34577.2)
    ('3.1%', '1.23', '34577')
    """
    if not math.isfinite(value):
        return "—"
    if name == "oversized_share":
        return f"{value:.1%}"
    if name in {"mean_km", "largest_variation"}:
        return f"{value:.2f}"
    return number(round(value, 1)) if name.endswith("minutes") else f"{value:.0f}"


def _handle(place: int, words: str, *, is_plan: bool) -> Line2D:
    shape, colour = MARKS[place % len(MARKS)] if is_plan else _IDLE
    return Line2D([], [], linestyle="none", marker=shape, markersize=7, markerfacecolor=colour,
                  markeredgecolor="#222222", label=words)  # fmt: skip
