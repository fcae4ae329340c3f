"""Names on a map, placed so that they do not cover one another."""

from __future__ import annotations

import pandas as pd
import shapely
import textalloc
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke

from simulator.outputs.maps.page import draw_outlines
from simulator.outputs.maps.shapes import dissolve
from simulator.outputs.maps.view import MapView

_MOST = 160


def label_sites(
    panel: Axes,
    view: MapView,
    words: pd.Series,
    *,
    size: float,
    colour: str = "#222222",
    avoid: pd.Index | None = None,
    leave_core: bool = False,
) -> None:
    """Write a word beside each site, with a thin line where it had to move away.

    Parameters
    ----------
    panel, view
        Where, and from what.
    words
        site_id → words. Beyond 160 labels a page cannot be read: the first 160 are written.
    size
        Letter size in points.
    colour
        Colour of the letters.
    avoid
        Further sites whose marks the words should not cover.
    leave_core
        Leave out sites in the dense core, which another panel names.
    """
    places = _within(view.sites.reindex(words.index).dropna(subset=["x"]), *panel.get_xlim(), *panel.get_ylim())
    if leave_core and view.core is not None:
        west, south, east, north = view.core
        places = places.drop(_within(places, west, east, south, north).index)
    places = places[:_MOST]
    if len(places) == 0:
        return
    marks = view.sites.loc[view.sites.index.intersection(avoid)] if avoid is not None else places
    marks = _within(marks, *panel.get_xlim(), *panel.get_ylim())
    textalloc.allocate(
        panel,
        places["x"].to_numpy(),
        places["y"].to_numpy(),
        list(words.loc[places.index]),
        x_scatter=marks["x"].to_numpy(),
        y_scatter=marks["y"].to_numpy(),
        textsize=size,
        textcolor=colour,
        linecolor="#777777",
        linewidth=0.5,
        margin=0.004,
        min_distance=0.009,
        max_distance=0.12,
        nbr_candidates=120,
        zorder=9,
        path_effects=[withStroke(linewidth=size * 0.28, foreground="white")],
    )


def _within(places: pd.DataFrame, west: float, east: float, south: float, north: float) -> pd.DataFrame:
    return places[places["x"].between(west, east) & places["y"].between(south, north)]


def label_townships(panel: Axes, view: MapView, *, size: float, leave_core: bool = False) -> None:
    """Township names in pale letters under everything else; those in the core may be left to its own panel."""
    for name, shape in dissolve(view.units.geometry, view.units["township"]).items():
        point = shapely.point_on_surface(shape)
        if leave_core and view.core is not None and shapely.box(*view.core).contains(point):
            continue
        panel.text(point.x, point.y, name, size=size, color="#8d8877", ha="center", va="center", zorder=2, clip_on=True)


def outline_townships(panel: Axes, view: MapView, *, width: float) -> None:
    """Township borders."""
    shapes = list(dissolve(view.units.geometry, view.units["township"]).values())
    draw_outlines(panel, shapes, colour="#8d8877", width=width)
