"""The flow diagram: children from their old school to their new one, as bands as wide as they are many."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from simulator.language import translate as _
from simulator.outputs.comparison.comparison import Comparison, Pair
from simulator.outputs.comparison.ground import PICTURE_DPI
from simulator.outputs.comparison.shifts import flows
from simulator.outputs.comparison.sides import section_name
from simulator.outputs.maps.shapes import TINTS
from simulator.terms import Stage, label

MOST = 30
"""Flows that a page can show; the rest are told in a line."""
LEAST = 0.5
"""Less than half a child is rounding."""
_WIDTH_IN, _SLOT_IN, _GAP_IN, _LEAST_IN = 10.5, 0.24, 0.07, 2.0
_LEFT, _RIGHT, _BAR = 0.30, 0.70, 0.014


def stream_stages(pair: Pair) -> list[str]:
    """Stages in which children change school."""
    table = flows(pair.table)
    counts = table[table["children"] >= LEAST].groupby("stage")["children"].sum()
    return [stage.value for stage in Stage if stage.value in counts.index]


def draw_streams(comparison: Comparison, pair: Pair, stage: str, year: int) -> Figure:
    """学生流向图: the largest flows of a stage; what is left out is said below."""
    table = flows(pair.table)
    table = table[(table["stage"] == stage) & (table["children"] >= LEAST)]
    shown = table.head(MOST)
    left, right = _columns(shown)
    unit = _unit(left, right)
    inches = max(_tall(left, unit), _tall(right, unit))
    head, foot = 1.15, 0.7
    height = inches + head + foot
    figure = Figure(figsize=(_WIDTH_IN, height), dpi=PICTURE_DPI, facecolor="white")
    FigureCanvasAgg(figure)
    words = _("{stage}学生流向　{year}年").format(stage=label(Stage(stage)), year=year)
    figure.text(0.5, 1 - 0.32 / height, _("{title}　{words}").format(title=comparison.title, words=words), size=14,
                ha="center", va="center")  # fmt: skip
    figure.text(0.5, 1 - 0.66 / height, pair.name, size=10.5, ha="center", va="center", color="#444444")
    panel = figure.add_axes((0, foot / height, 1, inches / height))
    panel.set_xlim(0, 1)
    panel.set_ylim(inches, 0)
    panel.axis("off")
    for x, side, align in ((_LEFT, pair.before, "right"), (_RIGHT, pair.after, "left")):
        figure.text(x, 1 - 0.95 / height, side.name, size=10, ha=align, va="center", weight="bold")
    starts, ends = (_places(column, unit, inches) for column in (left, right))
    _bands(panel, shown, starts, ends, unit)
    _names(panel, comparison, left, starts, _LEFT, unit)
    _names(panel, comparison, right, ends, _RIGHT, unit)
    figure.text(0.02, 0.28 / height, _left_out(table, shown), size=8.5, va="center", color="#444444")
    figure.text(0.98, 0.28 / height, _("内部资料，未经审核不得公开"), size=8, color="#a32020", ha="right", va="center")
    return figure


def _left_out(table: pd.DataFrame, shown: pd.DataFrame) -> str:
    rest = table.iloc[len(shown) :]
    told = _("换学校 {count} 人").format(count=f"{table['children'].sum():.0f}")
    if len(rest) == 0:
        return _("{told}，全部在图中。").format(told=told)
    return _("{told}；图中为最大的 {shown} 股，另有 {count} 股 {children} 人见工作簿。").format(
        told=told, shown=len(shown), count=len(rest), children=f"{rest['children'].sum():.0f}"
    )


def _columns(shown: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Section → children, at the left the largest first, at the right where their children come from."""
    left = shown.groupby("from_section")["children"].sum().sort_values(ascending=False, kind="stable")
    order = {section: place for place, section in enumerate(left.index)}
    weighted = shown.assign(at=shown["from_section"].map(order) * shown["children"])
    sums = weighted.groupby("to_section")[["at", "children"]].sum()
    right = sums["children"].loc[(sums["at"] / sums["children"]).sort_values(kind="stable").index]
    return left, right


def _unit(left: pd.Series, right: pd.Series) -> float:
    """Inches a child: the whole of the larger column takes what its names take."""
    rows = max(len(left), len(right))
    return max(rows * _SLOT_IN, _LEAST_IN) / float(left.sum())


def _slots(column: pd.Series, unit: float) -> pd.Series:
    """Inches that each school takes: its band, or at least its name."""
    return (column * unit).clip(lower=_SLOT_IN)


def _tall(column: pd.Series, unit: float) -> float:
    """Inches of a column with its gaps."""
    return float(_slots(column, unit).sum()) + _GAP_IN * (len(column) + 1)


def _places(column: pd.Series, unit: float, inches: float) -> dict[str, float]:
    """Section → middle of its slot; the slots are spread over the height."""
    slots = _slots(column, unit)
    free = (inches - float(slots.sum())) / (len(slots) + 1)
    found, at = {}, 0.0
    for section, slot in slots.items():
        at += free
        found[str(section)] = at + float(slot) / 2
        at += float(slot)
    return found


def _bands(panel: Axes, shown: pd.DataFrame, starts: dict[str, float], ends: dict[str, float], unit: float) -> None:
    totals = {name: shown.groupby(name)["children"].sum() * unit for name in ("from_section", "to_section")}
    used_left = {key: middle - float(totals["from_section"][key]) / 2 for key, middle in starts.items()}
    used_right = {key: middle - float(totals["to_section"][key]) / 2 for key, middle in ends.items()}
    colours = {section: TINTS[place % len(TINTS)] for place, section in enumerate(starts)}
    ordered = shown.assign(a=shown["from_section"].map(starts), b=shown["to_section"].map(ends))
    for row in ordered.sort_values(["a", "b"], kind="stable").to_dict("records"):
        one, other = str(row["from_section"]), str(row["to_section"])
        width = float(row["children"]) * unit
        top_left, top_right = used_left[one], used_right[other]
        used_left[one] += width
        used_right[other] += width
        panel.add_patch(PathPatch(_ribbon(top_left, top_right, width), facecolor=colours[one], edgecolor="#777777",
                                  linewidth=0.4, alpha=0.9))  # fmt: skip


def _ribbon(left: float, right: float, width: float) -> Path:
    """A band from the left column to the right one, level at both ends."""
    x0, x1 = _LEFT + _BAR, _RIGHT - _BAR
    middle = (x0 + x1) / 2
    points = [(x0, left), (middle, left), (middle, right), (x1, right), (x1, right + width),
              (middle, right + width), (middle, left + width), (x0, left + width), (x0, left)]  # fmt: skip
    codes = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
    return Path(points, codes)


def _names(
    panel: Axes, comparison: Comparison, column: pd.Series, places: dict[str, float], x: float, unit: float
) -> None:
    at_left = x == _LEFT
    for section, children in column.items():
        middle, tall = places[str(section)], float(children) * unit
        panel.add_patch(Rectangle((x if at_left else x - _BAR, middle - tall / 2), _BAR, tall, color="#444444"))
        words = _("{school}　{count}人").format(
            school=section_name(comparison.names, str(section)), count=f"{children:.0f}"
        )
        panel.text(x - 0.008 if at_left else x + 0.008, middle, words, size=8.6, va="center",
                   ha="right" if at_left else "left")  # fmt: skip
