"""The projection and the simpler methods of a bureau in one chart, a panel a stage."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from simulator.language import translate as _
from simulator.outputs.charts import new_figure, panel_grid
from simulator.outputs.fonts import drawing_style
from simulator.outputs.maps.draw import save_png
from simulator.outputs.tables import rival_table
from simulator.projection.rivals import Method, method_label
from simulator.result import Result
from simulator.terms import Stage, label

# Colours that colour-blind readers tell apart; dashes and marks say the same in grey print.
_LINES: dict[Method, tuple[str, str, str]] = {
    Method.PROJECTION: ("#222222", "-", ""),
    Method.PER_THOUSAND: ("#D55E00", "--", "s"),
    Method.PER_HOUSEHOLD: ("#0072B2", "-.", "^"),
    Method.LAST_VALUE: ("#8A8A8A", ":", ""),
    Method.LINEAR_TREND: ("#009E73", (0, (6, 2)), "x"),  # type: ignore[dict-item]  # a dash pattern
}


def draw_rival_chart(result: Result, folder: Path) -> str:
    """Draw the chart; returns the characters that no face has."""
    with drawing_style():
        return save_png(rival_figure(result), folder / "methods_compared.png")


def rival_figure(result: Result) -> Figure:
    """Seats by year and method, with the end of the plan marked."""
    figure = new_figure(result, _("学位需求：几种方法的比较"))
    rivals = rival_table(result)
    stages = [stage for stage in Stage if (rivals["stage"] == stage.value).any()]
    panels = panel_grid(figure, max(1, len(stages)))
    for panel, stage in zip(panels, stages, strict=False):
        _stage_panel(panel, stage, rivals[rivals["stage"] == stage.value], result.scenario.horizon.target_year)
    entries: dict[str, Artist] = {}
    for panel in panels:
        handles, words = panel.get_legend_handles_labels()
        entries |= dict(zip(words, handles, strict=True))
    figure.legend(
        list(entries.values()), list(entries), loc="lower center", bbox_to_anchor=(0.5, 0.045), ncols=6,
        frameon=False, fontsize=9,
    )  # fmt: skip
    return figure


def _stage_panel(panel: Axes, stage: Stage, rows: pd.DataFrame, target: int) -> None:
    for method, (colour, dash, mark) in _LINES.items():
        own = rows[rows["method"] == method.value].sort_values("year")
        if len(own):
            panel.plot(
                own["year"], own["seats"], color=colour, linestyle=dash, marker=mark, markersize=4, markevery=3,
                linewidth=2.2 if method is Method.PROJECTION else 1.4, label=method_label(method),
            )  # fmt: skip
    panel.axvline(
        target, color="#888888", linewidth=0.8, linestyle=":", label=_("规划期末（{year}年）").format(year=target)
    )
    panel.set_title(label(stage), size=11)
    panel.set_ylim(bottom=0)
    panel.margins(x=0.02)
    panel.locator_params(axis="x", integer=True, nbins=6)
    panel.tick_params(labelsize=8)
    panel.grid(axis="y", color="#E3E3E3", linewidth=0.6)
    panel.spines[["top", "right"]].set_visible(False)
