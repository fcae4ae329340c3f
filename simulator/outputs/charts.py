"""Charts: children and seats by stage, class sizes with both tails."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from simulator.language import translate as _
from simulator.operation import class_sizes
from simulator.outputs.edition import edition_words
from simulator.outputs.fonts import drawing_style
from simulator.outputs.maps.draw import save_png
from simulator.outputs.tables import demand_totals
from simulator.outputs.titles import stamped_title, stamps
from simulator.projection.bands import DISTRICT
from simulator.result import Result
from simulator.terms import COMPULSORY, Network, Stage, label

_SIZE = (11.693, 8.268)
# Light, dark and hatched, so that a grey print tells them apart.
_PLAN, _IDLE, _CHILDREN, _BAND, _TODAY = "#0072B2", "#D55E00", "#222222", "#BBBBBB", "#BFBFBF"
_BINS = (("below_20", "<20"), ("to_45", "20—45"), ("46_50", "46—50"), ("51_55", "51—55"),
         ("56_65", "56—65"), ("from_66", "≥66"))  # fmt: skip
_STEPS = (-1, 20, 46, 51, 56, 66, 10_000)


def draw_charts(result: Result, folder: Path) -> str:
    """Draw every chart into a folder; returns the characters that no face has."""
    with drawing_style():
        missing = save_png(_children_and_seats(result), folder / "children_and_seats.png")
        return missing + save_png(_class_sizes(result), folder / "class_sizes.png")


def new_figure(result: Result, title: str) -> Figure:
    """A page with title, stamps and edition, without anything drawn."""
    figure = Figure(figsize=_SIZE, dpi=result.scenario.outputs.dpi, facecolor="white")
    FigureCanvasAgg(figure)
    figure.text(0.5, 0.96, stamped_title(result, f"{result.district.title}{title}"), size=16, ha="center", va="center")
    words = _("注：{notes}。").format(notes=_("；").join(stamps(result)))
    figure.text(0.04, 0.02, words, size=7.5, color="#444444", va="center")
    edition = edition_words(result.scenario.outputs)
    figure.text(0.97, 0.02, edition, size=8, color="#a32020", ha="right", va="center")
    return figure


def panel_grid(figure: Figure, count: int) -> list[Axes]:
    """Panels in rows of three, with room for their axes."""
    columns = min(count, 3)
    rows = -(-count // columns)
    width, height = 0.94 / columns, 0.80 / rows
    return [
        figure.add_axes(
            (
                # Room for axes in hundreds of thousands.
                0.03 + (number % columns) * width + 0.035,
                0.11 + (rows - 1 - number // columns) * height + 0.035,
                width - 0.05,
                height - 0.085,
            )
        )
        for number in range(count)
    ]


def _children_and_seats(result: Result) -> Figure:
    figure = new_figure(result, _("学位需求与标准学位"))
    stages = [stage for stage in Stage if (result.supply.sections["stage"] == stage).any()]
    totals = demand_totals(result.projection).groupby(["stage", "variant", "year"])["children"].sum()
    panels = panel_grid(figure, len(stages))
    for panel, stage in zip(panels, stages, strict=True):
        _stage_panel(panel, result, stage, totals)
    handles, entries = panels[0].get_legend_handles_labels()
    figure.legend(handles, entries, loc="lower center", bbox_to_anchor=(0.5, 0.045), ncols=6, frameon=False, fontsize=9)
    return figure


def _stage_panel(panel: Axes, result: Result, stage: Stage, totals: pd.Series) -> None:
    """Children with the band of low and high, seats of both networks as steps; the end of the plan is marked."""
    own = {
        variant: totals[stage.value, variant]
        for variant in result.projection.demand
        if (stage.value, variant) in totals
    }
    asked = result.projection.plan_demand
    planned = pd.Series(asked.of(stage).sum(axis=0), index=list(asked.years))
    lowest, highest = (pd.DataFrame(own).agg(way, axis=1) for way in ("min", "max"))
    years = planned.index.to_numpy()
    bands = result.projection.bands.of(DISTRICT, stage=stage).sort_values("year")
    if len(bands):
        panel.fill_between(bands["year"], bands["p10"], bands["p90"], color=_BAND, alpha=0.5, linewidth=0,
                           label=_("80%区间"))  # fmt: skip
        for name, end in ((_("低—高方案"), lowest), ("_", highest)):
            panel.plot(years, end, color=_BAND, linewidth=1.0, linestyle="--", label=name)
    else:
        panel.fill_between(years, lowest, highest, color=_BAND, alpha=0.5, linewidth=0, label=_("低—高方案"))
    panel.plot(years, planned, color=_CHILDREN, linewidth=1.8, label=_("学位需求"))
    seats = result.indicators.seats
    seats = seats[(seats["stage"] == stage) & (seats["township"] == "")]
    for network, colour, dash in ((Network.PLAN, _PLAN, "-"), (Network.NO_ACTION, _IDLE, "--")):
        rows = seats[seats["network"] == network].sort_values("year")
        panel.step(rows["year"], rows["seats_standard"], where="mid", color=colour, linestyle=dash, linewidth=1.6,
                   label=_("标准学位（{network}）").format(network=label(network)))  # fmt: skip
    target = result.scenario.horizon.target_year
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


def _class_sizes(result: Result) -> Figure:
    """Shares of classes by size in the base and target year: small and oversized tails together."""
    figure = new_figure(result, _("班额分布"))
    horizon = result.scenario.horizon
    cases = (
        (_("现状　{year}年").format(year=horizon.base_year), result.no_action_operation, horizon.base_year, _TODAY, ""),
        (_("规划方案　{year}年").format(year=horizon.target_year), result.operation, horizon.target_year, _PLAN, ""),
        (_("不采取措施　{year}年").format(year=horizon.target_year), result.no_action_operation,
         horizon.target_year, _IDLE, "///"),
    )  # fmt: skip
    stages = [stage for stage in COMPULSORY if (result.supply.sections["stage"] == stage).any()]
    panels = panel_grid(figure, max(len(stages), 1))
    for panel, stage in zip(panels, stages, strict=False):
        for number, (words, operation, year, colour, hatch) in enumerate(cases):
            sizes = class_sizes(operation.classes[operation.classes["year"] == year])
            own = sizes["section_id"].map(result.supply.sections["stage"]) == stage
            counts = np.histogram(sizes.loc[own, "size"], bins=_STEPS)[0]
            places = np.arange(len(_BINS)) + (number - 1) * 0.27
            bars = panel.bar(
                places, counts, width=0.25, color=colour, edgecolor="white", linewidth=0.5, hatch=hatch, label=words
            )
            panel.bar_label(bars, labels=[str(count) if count else "" for count in counts], size=7)
        panel.set_xticks(np.arange(len(_BINS)), [words for _name, words in _BINS])
        panel.set_xlabel(_("班额（人）"), size=9)
        panel.set_ylabel(_("班级数"), size=9)
        panel.set_title(label(stage), size=11)
        panel.tick_params(labelsize=8)
        panel.spines[["top", "right"]].set_visible(False)
    handles, entries = panels[0].get_legend_handles_labels()
    figure.legend(handles, entries, loc="lower center", bbox_to_anchor=(0.5, 0.045), ncols=3, frameon=False, fontsize=9)
    return figure
