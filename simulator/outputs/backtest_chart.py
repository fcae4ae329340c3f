"""Charts of a backtest: errors by horizon beside the rivals, and how often the bands held."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from simulator.language import translate as _
from simulator.outputs.fonts import drawing_style
from simulator.outputs.maps.draw import save_png
from simulator.projection.past.bands import LEVELS
from simulator.projection.past.words import level_words, method_words, stage_title

_WIDTH, _ROW, _FRAME = 11.693, 3.4, 1.6
_DPI = 150
# Colours that colour-blind readers tell apart; dashes and marks say the same in grey print.
_LINES = {
    "cohorts": ("#222222", "-", "o"),
    "plain_cohorts": ("#0072B2", "--", "s"),
    "last_value": ("#D55E00", "-.", "^"),
    "trend": ("#009E73", ":", "x"),
    "per_thousand": ("#CC79A7", "--", "D"),
    "per_dwelling": ("#8A8A8A", "-.", "v"),
}
_BANDS = {50: ("#56B4E9", "s"), 80: ("#0072B2", "o"), 95: ("#222222", "^")}
# A rival that is far off must not hide how near the others are: the axis ends at so many times the largest error of
# the program's own method.
_ROOM = 3.0


def draw_backtest_charts(title: str, errors: pd.DataFrame, coverage: pd.DataFrame, folder: Path) -> str:
    """Draw both charts into a folder; returns the characters that no face has."""
    if errors.empty:
        return ""
    with drawing_style():
        missing = save_png(error_figure(title, errors), folder / "errors.png")
        return missing + save_png(coverage_figure(title, coverage), folder / "coverage.png")


def error_figure(title: str, errors: pd.DataFrame) -> Figure:
    """Mean absolute error by horizon: a row a stage; district, its first grade, schools side by side."""
    stages = list(dict.fromkeys(errors["stage"]))
    figure, panels = _page(_("{title}：历史回测误差").format(title=title), len(stages), 3)
    columns = (("district", "all", level_words()["district"]), ("district", "entry", _("全县区起始年级")),
               ("school", "all", level_words()["school"]))  # fmt: skip
    for stage, row in zip(stages, panels, strict=True):
        for panel, (level, part, words) in zip(row, columns, strict=True):
            own = errors[(errors["stage"] == stage) & (errors["level"] == level) & (errors["part"] == part)]
            _error_panel(panel, own[own["size"] == ""], f"{stage_title(stage)}　{words}")
    _finish(figure, panels, _("误差为平均绝对百分比误差；每次预测只用当时已知的数据。误差过大的方法超出图框。"))
    return figure


def _error_panel(panel: Axes, rows: pd.DataFrame, title: str) -> None:
    for method, own in rows.groupby("method", sort=False):
        colour, dash, mark = _LINES[str(method)]
        panel.plot(
            own["horizon"], own["mape"], color=colour, linestyle=dash, marker=mark, markersize=4,
            linewidth=2.0 if method == "cohorts" else 1.2, label=method_words()[str(method)],
        )  # fmt: skip
    largest = rows.loc[rows["method"] == "cohorts", "mape"].max()
    panel.set_ylim(0, min(float(rows["mape"].max()) * 1.08, _ROOM * float(largest)) if len(rows) else 1)
    panel.set_ylabel(_("误差（%）"), size=9)
    _dress(panel, title)


def coverage_figure(title: str, coverage: pd.DataFrame) -> Figure:
    """Share of the outcomes that the bands held, by horizon, beside what they say."""
    stages = list(dict.fromkeys(coverage["stage"]))
    figure, panels = _page(_("{title}：区间覆盖率").format(title=title), len(stages), 2)
    for stage, row in zip(stages, panels, strict=True):
        for panel, (level, words) in zip(row, level_words().items(), strict=True):
            own = coverage[(coverage["stage"] == stage) & (coverage["level"] == level) & (coverage["size"] == "")]
            _coverage_panel(panel, own[own["horizon"] > 0], f"{stage_title(stage)}　{words}")
    _finish(figure, panels, _("横线为区间声称的覆盖率；n 为预测次数，相邻年份的预测并不独立。"))
    return figure


def _coverage_panel(panel: Axes, rows: pd.DataFrame, title: str) -> None:
    for percent in LEVELS:
        colour, mark = _BANDS[percent]
        panel.axhline(percent, color=colour, linewidth=0.9, linestyle=":")
        words = _("{percent}% 区间").format(percent=percent)
        panel.plot(rows["horizon"], rows[f"cover_{percent}"], color=colour, marker=mark, markersize=5,
                   linewidth=1.4, label=words)  # fmt: skip
    for horizon, count in zip(rows["horizon"], rows["n"], strict=True):
        panel.annotate(f"n={count}", (horizon, 3), size=7, ha="center", color="#555555")
    panel.set_ylim(0, 104)
    panel.set_ylabel(_("实际落入区间（%）"), size=9)
    _dress(panel, title)


def _page(title: str, rows: int, columns: int) -> tuple[Figure, list[list[Axes]]]:
    """A page with a title and a grid of panels."""
    height = _FRAME + _ROW * max(rows, 1)
    figure = Figure(figsize=(_WIDTH, height), dpi=_DPI, facecolor="white")
    FigureCanvasAgg(figure)
    figure.text(0.5, 1 - 0.3 / height, title, size=15, ha="center", va="center")
    grid = figure.add_gridspec(
        rows, columns, left=0.06, right=0.98, top=1 - 0.75 / height, bottom=1.2 / height, hspace=0.42, wspace=0.22
    )
    return figure, [[figure.add_subplot(grid[row, column]) for column in range(columns)] for row in range(rows)]


def _dress(panel: Axes, title: str) -> None:
    panel.set_title(title, size=11)
    panel.set_xlabel(_("提前年数"), size=9)
    panel.locator_params(axis="x", integer=True, nbins=6)
    panel.tick_params(labelsize=8)
    panel.grid(axis="y", color="#E3E3E3", linewidth=0.6)
    panel.spines[["top", "right"]].set_visible(False)


def _finish(figure: Figure, panels: list[list[Axes]], note: str) -> None:
    """One legend for all panels, and the note below."""
    entries: dict[str, Artist] = {}
    for panel in (one for row in panels for one in row):
        for handle, words in zip(*panel.get_legend_handles_labels(), strict=True):
            entries.setdefault(words, handle)
    height = figure.get_size_inches()[1]
    figure.legend(list(entries.values()), list(entries), loc="lower center", bbox_to_anchor=(0.5, 0.36 / height),
                  ncols=6, frameon=False, fontsize=9)  # fmt: skip
    figure.text(0.04, 0.18 / height, note, size=8, color="#444444", va="center")
