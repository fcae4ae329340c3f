"""The trade-off of two goals as a chart."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from simulator.language import translate as _
from simulator.outputs.charts import new_figure
from simulator.outputs.fonts import drawing_style
from simulator.outputs.goals import frontier_title, goal_unit, goal_words
from simulator.outputs.maps.draw import save_png
from simulator.result import Result

# Colours that colour-blind readers tell apart; form and hatching say the same in grey print.
_CURVE, _BOUND, _PLAN, _WORSE = "#0072B2", "#BBBBBB", "#D55E00", "#666666"
_MARGIN = 0.08
# Points of a number from its point: that of the plan below it, since the plan often lies on the curve.
_ABOVE, _BELOW = (7, 7), (-14, -14)


def draw_frontier_chart(result: Result, folder: Path) -> str:
    """Draw the chart where a trade-off was asked for; returns the characters that no face has."""
    if result.frontier is None or not len(result.frontier):
        return ""
    with drawing_style():
        return save_png(frontier_figure(result, result.frontier), folder / "frontier.png")


def frontier_figure(result: Result, frontier: pd.DataFrame) -> Figure:
    """Points of the curve with the bound that was proven under each, the plan, and points that others beat."""
    figure = new_figure(result, _("：{title}").format(title=frontier_title(frontier)))
    panel = figure.add_axes((0.10, 0.17, 0.85, 0.72))
    curve = frontier[(frontier["kind"] != "plan") & ~frontier["dominated"].astype(bool)]
    worse = frontier[(frontier["kind"] != "plan") & frontier["dominated"].astype(bool)]
    plan = frontier[frontier["kind"] == "plan"]
    panel.step(curve["first_value"], curve["second_value"], where="post", color=_CURVE, linewidth=1.0, linestyle=":")
    panel.plot(
        curve["first_value"], curve["second_value"], "o", color=_CURVE, markersize=9, label=_("权衡曲线上的方案")
    )
    if len(worse):
        panel.plot(
            worse["first_value"], worse["second_value"], "x", color=_WORSE, markersize=8, label=_("另有更好的点")
        )
    panel.vlines(
        frontier["first_value"],
        frontier["second_bound"],
        frontier["second_value"],
        color=_BOUND,
        linewidth=3,
        label=_("与已证明的界之间"),
    )
    panel.plot(
        plan["first_value"], plan["second_value"], "D", color=_PLAN, markersize=9, fillstyle="none",
        markeredgewidth=2, label=_("推荐方案"),
    )  # fmt: skip
    _finish(panel, frontier)
    figure.legend(*panel.get_legend_handles_labels(), loc="lower center", bbox_to_anchor=(0.5, 0.045), ncols=4,
                  frameon=False, fontsize=9)  # fmt: skip
    return figure


def _finish(panel: Axes, frontier: pd.DataFrame) -> None:
    """Axes with names and units, points with their numbers."""
    for row in frontier.to_dict("records"):
        aside = _BELOW if row["kind"] == "plan" else _ABOVE
        place = (row["first_value"], row["second_value"])
        panel.annotate(str(row["point"]), place, xytext=aside, textcoords="offset points", size=9)
    first, second = str(frontier["first"].iloc[0]), str(frontier["second"].iloc[0])
    panel.set_xlabel(_("{goal}（{unit}）").format(goal=goal_words(first), unit=goal_unit(first)), size=11)
    panel.set_ylabel(_("{goal}（{unit}）").format(goal=goal_words(second), unit=goal_unit(second)), size=11)
    panel.margins(_MARGIN)
    panel.tick_params(labelsize=9)
    panel.ticklabel_format(useOffset=False, style="plain")
    panel.grid(color="#E3E3E3", linewidth=0.6)
    panel.spines[["top", "right"]].set_visible(False)
