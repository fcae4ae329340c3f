"""The birth peak walking through the stages: births, then children of each stage, on one axis of years."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import ConnectionPatch

from simulator.language import translate as _
from simulator.outputs.charts import new_figure
from simulator.outputs.fonts import drawing_style
from simulator.outputs.maps.draw import save_png
from simulator.outputs.tables import demand_totals
from simulator.result import Result
from simulator.terms import Network, Stage, label

_STAGES = (Stage.KINDERGARTEN, Stage.PRIMARY, Stage.JUNIOR, Stage.SENIOR)
# Dark line, orange mark, blue and grey seats: told apart by colour-blind readers, and by dashes in grey print.
_CHILDREN, _PEAK, _PLAN, _TODAY = "#222222", "#D55E00", "#0072B2", "#8C8C8C"
_INDEX = 100.0
# Schools that hold this share of the base year's pupils must report a past year for it to be drawn.
_REPORTED = 0.95
_LEFT, _WIDTH, _BOTTOM, _TOP = 0.13, 0.80, 0.13, 0.90


@dataclass(frozen=True)
class Row:
    """A line of the picture, each series by year, 100 = its children of the base year (births: of their last year)."""

    title: str
    children: pd.Series
    seats: dict[Network, pd.Series]
    whole: float
    peak: int
    """Year of the wave's crest: the highest from the crest of the row above on."""


def draw_wave_chart(result: Result, folder: Path) -> str:
    """Draw the picture; returns the characters that no face has."""
    with drawing_style():
        return save_png(wave_figure(result), folder / "wave.png")


def wave_figure(result: Result) -> Figure:
    """One row for births and each stage, the peaks joined from row to row."""
    figure = new_figure(result, _("人口高峰在各学段间的推移"))
    rows = wave_rows(result)
    height = (_TOP - _BOTTOM) / len(rows)
    first = min(int(row.children.index.min()) for row in rows)
    last = max(int(row.children.index.max()) for row in rows)
    panels = [
        figure.add_axes((_LEFT, _TOP - (number + 1) * height + 0.012, _WIDTH, height - 0.024))
        for number in range(len(rows))
    ]
    for panel, row in zip(panels, rows, strict=True):
        _draw_row(panel, row, result.scenario.horizon.base_year)
        panel.set_xlim(first - 1.5, last + 1.5)
        panel.tick_params(labelbottom=panel is panels[-1])
    for number in range(1, len(rows)):
        above, below = rows[number - 1], rows[number]
        figure.add_artist(
            ConnectionPatch(
                (above.peak, above.children[above.peak]), (below.peak, below.children[below.peak]),
                "data", "data", axesA=panels[number - 1], axesB=panels[number],
                color=_PEAK, linewidth=1.0, linestyle=":", alpha=0.8,
            )
        )  # fmt: skip
    _add_legend(figure, panels[-1])
    return figure


def wave_rows(result: Result) -> list[Row]:
    """Births, then the stages that the district has, with the years before the base year where the register has them."""
    planned = demand_totals(result.projection)
    planned = planned[planned["variant"] == result.projection.planned]
    totals = planned.groupby(["stage", "year"])["children"].sum()
    births = result.district.births.groupby("year")["births"].sum().astype(float)
    rows: list[Row] = []
    if len(births) and births.iloc[-1] > 0:
        last = float(births.iloc[-1])
        rows.append(Row(_("出生人口"), births / last * _INDEX, {}, last, int(births.index[int(births.argmax())])))
    base = result.scenario.horizon.base_year
    for stage in _STAGES:
        if stage.value not in totals.index.get_level_values("stage") or totals[stage.value][base] <= 0:
            continue
        ahead = totals[stage.value].astype(float)
        whole = float(ahead[base])
        children = pd.concat([_history(result, stage, base), ahead]).sort_index()
        crest = rows[-1].peak if rows else int(children.index.min())
        ahead_of = children[children.index >= crest]
        peak = int(ahead_of.index[int(ahead_of.argmax())])
        rows.append(Row(label(stage), children / whole * _INDEX, _seats(result, stage, whole), whole, peak))
    return rows


def _history(result: Result, stage: Stage, base: int) -> pd.Series:
    """Pupils of the years before the base year, as far back as nearly all schools report."""
    enrolment = result.district.enrolment
    own = enrolment[enrolment["stage"] == stage]
    weights = own[own["year"] == base].groupby("school_id")["pupils"].sum()
    past = own[own["year"] < base]
    reported = past.drop_duplicates(["school_id", "year"])
    share = reported["school_id"].map(weights).fillna(0.0).groupby(reported["year"]).sum() / max(weights.sum(), 1.0)
    sums = past.groupby("year")["pupils"].sum().astype(float)
    return sums[share.reindex(sums.index) >= _REPORTED]


def _seats(result: Result, stage: Stage, whole: float) -> dict[Network, pd.Series]:
    """Standard seats of both networks, indexed like the children."""
    seats = result.indicators.seats
    own = seats[(seats["stage"] == stage) & (seats["township"] == "")]
    return {
        network: own[own["network"] == network].set_index("year")["seats_standard"].sort_index() / whole * _INDEX
        for network in Network
    }


def _draw_row(panel: Axes, row: Row, base: int) -> None:
    """Children, seats as steps, the base year and the peak with its height."""
    ahead = row.children[row.children.index >= base] if row.seats else row.children.iloc[:0]
    panel.plot(row.children.index, row.children, color=_CHILDREN, linewidth=0.9, alpha=0.75)
    panel.plot(ahead.index, ahead, color=_CHILDREN, linewidth=2.0, label=_("儿童（预测）"))
    looks = ((Network.PLAN, _PLAN, "-"), (Network.NO_ACTION, _TODAY, "--"))
    for network, colour, dash in looks if row.seats else ():
        seats = row.seats[network]
        words = _("标准学位（{network}）").format(network=label(network))
        panel.step(seats.index, seats, where="mid", color=colour, linestyle=dash, linewidth=1.5, label=words)
    height = float(row.children[row.peak])
    panel.plot([row.peak], [height], marker="v", color=_PEAK, markersize=9, linestyle="", label=_("高峰"))
    top = max([height, *(float(seats.max()) for seats in row.seats.values())])
    panel.set_ylim(0, top * 1.4)
    told = _("{year}年　{count} 人").format(year=row.peak, count=f"{height * row.whole / _INDEX:,.0f}")
    # Right of its mark, where the dotted line does not pass.
    panel.text(row.peak + 0.3, top * 1.22, told, size=10, ha="left", va="center", color="#8A3B00",
               bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5})  # fmt: skip
    panel.axvline(base, color="#B0B0B0", linewidth=0.8)
    panel.text(-0.075, 0.5, row.title, transform=panel.transAxes, size=12, ha="center", va="center")
    panel.set_yticks([0, 50, 100] if top < 2 * _INDEX else [0, 100, 200])
    panel.locator_params(axis="x", integer=True, nbins=13)
    panel.tick_params(labelsize=9)
    panel.grid(axis="y", color="#E9E9E9", linewidth=0.6)
    panel.spines[["top", "right"]].set_visible(False)


def _add_legend(figure: Figure, panel: Axes) -> None:
    note = _("指数：各学段基准年（竖线）在校生 = 100，出生人口最后一年 = 100；细线为历年。")
    figure.text(0.5, 0.082, note, size=9, ha="center", va="center", color="#444444")
    figure.legend(*panel.get_legend_handles_labels(), loc="lower center", bbox_to_anchor=(0.5, 0.03), ncols=4,
                  frameon=False, fontsize=9)  # fmt: skip
