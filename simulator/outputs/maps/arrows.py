"""Arrows from school to school, with numbers that stand on them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch

from simulator.outputs.maps.labels import named_sites, place_words, shown_sites
from simulator.outputs.maps.view import MapView

ARROW, _NAME = "#B2182B", "#222222"
_BEND = 0.12
# Numbers stand neither on the first and last sixth of an arrow nor on the edge of the panel.
_FIRST_PLACE, _EDGE, _ROOM = 5, 0.02, 0.022


def draw_arrows(
    panel: Axes, view: MapView, flows: pd.DataFrame, scale: float, *, colour: str = ARROW, each: float = 60.0
) -> None:
    """Draw an arrow for each flow.

    Parameters
    ----------
    panel, view
        Where, and from what.
    flows
        from_site, to_site, count.
    scale
        Size relative to A4.
    colour
        Of the arrows.
    each
        Count that makes a line a point wider.
    """
    for row in flows.to_dict("records"):
        start, end = view.sites.loc[row["from_site"]], view.sites.loc[row["to_site"]]
        panel.add_patch(
            FancyArrowPatch(
                (start["x"], start["y"]),
                (end["x"], end["y"]),
                arrowstyle="-|>",
                mutation_scale=10 * scale,
                linewidth=arrow_width(float(row["count"]), each),
                color=colour,
                shrinkA=5,
                shrinkB=5,
                connectionstyle=f"arc3,rad={_BEND}",
                zorder=7,
                clip_on=True,
            )
        )


def arrow_width(count: float, each: float = 60.0) -> float:
    """Line width in points: rises with the count and stays readable.

    >>> arrow_width(0), arrow_width(10_000)
    (0.8, 4.0)
    """
    return min(0.8 + count / each, 4.0)


def write_flows(
    panel: Axes,
    view: MapView,
    flows: pd.DataFrame,
    ends: pd.Index,
    open_sites: pd.Index,
    taken: np.ndarray,
    words: str,
    *,
    size: float,
    leave_core: bool,
    colour: str = ARROW,
) -> None:
    """Numbers of children on the arrows, then names of the schools at both ends, all off one another."""
    tails = shown_sites(panel, view, pd.Index(flows["from_site"]).drop_duplicates(), leave_core=leave_core)
    shown = flows[flows["from_site"].isin(tails.index)]
    curves = [curve(view, row["from_site"], row["to_site"]) for row in shown.to_dict("records")]
    marks = shown_sites(panel, view, open_sites.union(ends, sort=False))[["x", "y"]].to_numpy(dtype=float)
    numbers = number_places(panel, curves, marks)
    for place, count in zip(numbers, shown["count"], strict=True):
        if place is not None:
            text = words.format(count=f"{count:.0f}")
            x, y = place.tolist()
            panel.text(x, y, text, size=size * 0.9, color=colour, ha="center", va="center", zorder=10,
                       bbox={"boxstyle": "round,pad=0.12", "facecolor": "white", "edgecolor": "none", "alpha": 0.85})  # fmt: skip
    written = [place for place in numbers if place is not None]
    around = np.vstack([marks, taken, *(points[3:-1:3] for points in curves), *written])
    named = named_sites(panel, view, ends, leave_core=leave_core)
    points = named[["x", "y"]].to_numpy(dtype=float)
    place_words(panel, points, list(named["name"].astype(str)), [_NAME] * len(named), around, size=size)


def number_places(panel: Axes, curves: list[np.ndarray], marks: np.ndarray) -> list[np.ndarray | None]:
    """For each arrow the place on it farthest from the marks and the numbers placed before; None where there is no room."""
    (west, east), (south, north) = panel.get_xlim(), panel.get_ylim()
    edge = _EDGE * (east - west)
    found: list[np.ndarray | None] = []
    taken = marks
    for points in curves:
        tries = points[_FIRST_PLACE:-_FIRST_PLACE]
        inside = (
            (tries[:, 0] > west + edge)
            & (tries[:, 0] < east - edge)
            & (tries[:, 1] > south + edge)
            & (tries[:, 1] < north - edge)
        )
        tries = tries[inside]
        if len(tries) == 0:
            found.append(None)
            continue
        off = np.abs(tries[:, None, :] - taken[None, :, :]).max(axis=2).min(axis=1) if len(taken) else inside[inside]
        place = tries[int(np.argmax(off))]
        if off.max() < _ROOM * (east - west):
            # No room on a short arrow; the list beside the map has the number.
            found.append(None)
            continue
        found.append(place)
        taken = np.vstack([taken, place])
    return found


def curve(view: MapView, start: str, end: str, steps: int = 31) -> np.ndarray:
    """Points along a drawn arrow: the quadratic curve of matplotlib's `arc3`."""
    first, last = (view.sites.loc[site, ["x", "y"]].to_numpy(dtype=float) for site in (start, end))
    along = last - first
    bent = (first + last) / 2 + _BEND * np.array([along[1], -along[0]])
    share = np.linspace(0, 1, steps)[:, None]
    curve: np.ndarray = (1 - share) ** 2 * first + 2 * share * (1 - share) * bent + share**2 * last
    return curve
