"""Names on a map, placed so that they do not cover one another."""

from __future__ import annotations

import pandas as pd
import shapely
import textalloc
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke

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
    """
    words = words[:_MOST]
    places = view.sites.reindex(words.index).dropna(subset=["x"])
    if len(places) == 0:
        return
    marks = view.sites.loc[view.sites.index.intersection(avoid)] if avoid is not None else places
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


def label_townships(panel: Axes, view: MapView, *, size: float) -> None:
    """Township names in pale letters under everything else."""
    for name, shape in dissolve(view.units.geometry, view.units["township"]).items():
        point = shapely.point_on_surface(shape)
        panel.text(point.x, point.y, name, size=size, color="#8d8877", ha="center", va="center", zorder=2)


def outline_townships(panel: Axes, view: MapView, *, width: float) -> None:
    """Township borders."""
    from simulator.outputs.maps.page import draw_outlines

    shapes = list(dissolve(view.units.geometry, view.units["township"]).values())
    draw_outlines(panel, shapes, colour="#8d8877", width=width)
