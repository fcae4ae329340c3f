"""Names on a map, placed so that they do not cover one another."""

from __future__ import annotations

from contextlib import redirect_stdout
from io import StringIO
from typing import cast

import numpy as np
import pandas as pd
import shapely
import textalloc
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke
from matplotlib.text import Text

from simulator.outputs.maps.page import draw_outlines
from simulator.outputs.maps.shapes import dissolve
from simulator.outputs.maps.view import MapView
from simulator.outputs.widths import text_width

_MOST = 160
# Places tried for the name of a township along each side of its extent, and the least share of the name inside it.
_TRIES, _LEAST_INSIDE = 14, 0.4
# Tried in turn: size of the letters, greatest distance of a word as a share of the panel, whether it keeps off
# marks and lines to other words.
_PASSES = ((1.0, 0.14, True), (0.88, 0.3, True), (0.88, 0.3, False))
LABEL = "label"
"""Mark of the names that :func:`place_words` writes."""
Points = np.ndarray
"""Coordinates, n × 2, metres."""
NO_POINTS: Points = np.zeros((0, 2))


def label_sites(
    panel: Axes,
    view: MapView,
    words: pd.Series,
    *,
    size: float,
    colour: str = "#222222",
    avoid: pd.Index | None = None,
    taken: Points = NO_POINTS,
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
    taken
        Points under other words, which these should not cover either.
    leave_core
        Leave out sites in the dense core, which another panel names.
    """
    places = named_sites(panel, view, words.index, leave_core=leave_core)[:_MOST]
    marks = view.sites.loc[view.sites.index.intersection(avoid)] if avoid is not None else places
    marks = _within(marks, *panel.get_xlim(), *panel.get_ylim())
    around = np.vstack([marks[["x", "y"]].to_numpy(dtype=float), taken])
    own = words.loc[places.index]
    place_words(panel, places[["x", "y"]].to_numpy(dtype=float), list(own), [colour] * len(own), around, size=size)


def shown_sites(panel: Axes, view: MapView, site_ids: pd.Index, *, leave_core: bool = False) -> pd.DataFrame:
    """Those of the sites that a panel shows, without the dense core if that has a panel of its own."""
    places = _within(view.sites.reindex(site_ids).dropna(subset=["x"]), *panel.get_xlim(), *panel.get_ylim())
    if leave_core and view.core is not None:
        west, south, east, north = view.core
        places = places.drop(_within(places, west, east, south, north).index)
    return places


def named_sites(panel: Axes, view: MapView, site_ids: pd.Index, *, leave_core: bool = False) -> pd.DataFrame:
    """Those of the sites that a panel names: what it shows, unless it shows several counties."""
    return shown_sites(panel, view, site_ids[:0] if view.several else site_ids, leave_core=leave_core)


def place_words(
    panel: Axes, points: Points, words: list[str], colours: list[str], around: Points, *, size: float
) -> None:
    """Write words near their points, never over one another, inside the panel.

    A word keeps off the points around as well; where it finds no room it is tried again smaller and farther
    away, then over marks, and is left out at last.
    """
    left = np.arange(len(words))
    written = NO_POINTS
    for letters, distance, apart in _PASSES:
        if len(left) == 0:
            return
        taken = np.vstack([around, written]) if apart else written
        own = [words[number] for number in left], [colours[number] for number in left]
        drawn, boxes = _allocate(panel, points[left], *own, taken, size=size * letters, distance=distance, apart=apart)
        written = np.vstack([written, *boxes])
        left = left[~drawn]


def _allocate(
    panel: Axes,
    points: Points,
    words: list[str],
    colours: list[str],
    taken: Points,
    *,
    size: float,
    distance: float,
    apart: bool,
) -> tuple[np.ndarray, list[Points]]:
    """Write those words that find room; returns which, and points all over them."""
    blank = _blank_twin(panel)
    # The library prints where nothing finds room, which is no news to anybody.
    with redirect_stdout(StringIO()):
        placed = textalloc.allocate(
            blank,
            points[:, 0],
            points[:, 1],
            words,
            x_scatter=taken[:, 0],
            y_scatter=taken[:, 1],
            textsize=size,
            textcolor=colours,
            margin=0.004,
            min_distance=0.009,
            max_distance=distance,
            nbr_candidates=150,
            linespacing=1.1,
            draw_all=False,
            avoid_label_lines_overlap=apart,
            avoid_crossing_label_lines=apart,
        )
    _places, _lines, texts, leaders = cast("tuple[object, object, list[Text | None], list[Line2D | None]]", placed)
    # A word beside its point has no leader.
    for leader in filter(None, leaders):
        panel.add_line(Line2D(*leader.get_data(), color="#777777", linewidth=0.5, zorder=8.9))
    boxes = []
    for text in filter(None, texts):
        x, y = text.get_position()
        panel.text(x, y, text.get_text(), size=size, color=text.get_color(), ha=text.get_horizontalalignment(), va=text.get_verticalalignment(),
                   linespacing=1.1, zorder=9, gid=LABEL,
                   path_effects=[withStroke(linewidth=size * 0.28, foreground="white")])  # fmt: skip
        box = blank.transData.inverted().transform_bbox(text.get_window_extent())
        boxes.append(
            np.stack(np.meshgrid(np.linspace(box.x0, box.x1, 9), np.linspace(box.y0, box.y1, 4)), -1).reshape(-1, 2)
        )
    drawn = np.array([text is not None for text in texts], dtype=bool)
    return (drawn if len(drawn) else np.zeros(len(words), dtype=bool)), boxes


def _blank_twin(panel: Axes) -> Axes:
    """An empty panel of the same place and extent: placing words draws the page, and a full one takes long to draw."""
    page = panel.figure.canvas.figure
    blank = Figure(figsize=tuple(page.get_size_inches()), dpi=page.dpi)
    FigureCanvasAgg(blank)
    twin: Axes = blank.add_axes(panel.get_position().bounds)
    twin.set_xlim(panel.get_xlim())
    twin.set_ylim(panel.get_ylim())
    twin.axis("off")
    return twin


def _within(places: pd.DataFrame, west: float, east: float, south: float, north: float) -> pd.DataFrame:
    return places[places["x"].between(west, east) & places["y"].between(south, north)]


def label_townships(panel: Axes, view: MapView, *, size: float, leave_core: bool = False) -> Points:
    """Township names in pale letters, where the fewest schools stand; returns points under the names.

    Names in the core may be left to its own panel; a name of which too little would lie in its township is left out.
    A page of several counties has no room for them.
    """
    if view.several:
        return NO_POINTS
    west, east, south, north = (*panel.get_xlim(), *panel.get_ylim())
    margin = 0.012 * (east - west)
    window = shapely.box(west + margin, south + margin, east - margin, north - margin)
    sites = _within(view.sites, west, east, south, north)[["x", "y"]].to_numpy(dtype=float)
    width_pt = panel.get_window_extent().width / panel.figure.dpi * 72
    metres = (east - west) / width_pt
    taken: list[Points] = []
    for name, shape in dissolve(view.units.geometry, view.units["township"]).items():
        half = np.array([text_width(name) * size / 4, size * 0.62]) * metres
        seen = shapely.intersection(shape, window)
        if leave_core and view.core is not None:
            seen = shapely.difference(seen, shapely.box(*view.core))
        found = None if shapely.is_empty(seen) else _free_place(seen, half, np.vstack([sites, *taken]))
        if found is None:
            continue
        x, y = found.tolist()
        panel.text(x, y, name, size=size, color="#8d8877", ha="center", va="center", zorder=2, clip_on=True)
        steps = np.stack(np.meshgrid(np.linspace(-1, 1, 2 * len(name) + 1), (-1, 0, 1)), axis=-1).reshape(-1, 2)
        taken.append(found + steps * half)
    return np.vstack(taken) if taken else NO_POINTS


def _free_place(shape: object, half: Points, sites: Points) -> Points | None:
    """Where in a shape a name covers no mark, lies inside, and keeps off the marks, in this order."""
    west, south, east, north = shapely.bounds(shape)
    grid = np.meshgrid(np.linspace(west, east, _TRIES), np.linspace(south, north, _TRIES))
    tries = np.stack(grid, axis=-1).reshape(-1, 2)
    tries = tries[shapely.contains_xy(shape, tries[:, 0], tries[:, 1])]
    tries = np.vstack([shapely.get_coordinates(shapely.point_on_surface(shape)), tries])
    boxes = shapely.box(*(tries - half).T, *(tries + half).T)
    inside = shapely.area(shapely.intersection(boxes, shape)) / shapely.area(boxes)
    off = np.abs(tries[:, None, :] - sites[None, :, :]) / half
    clear = np.minimum(off.max(axis=2).min(axis=1), 2.0) if len(sites) else np.full(len(tries), 2.0)
    # A little room counts more than a corner over the border; beyond that, marks and border weigh alike.
    score = np.minimum(clear, 1.15) * 2 + clear * 0.3 + inside * 1.5
    best = int(score.argmax())
    return tries[best] if inside[best] >= _LEAST_INSIDE else None


def outline_townships(panel: Axes, view: MapView, *, width: float) -> None:
    """Township borders."""
    shapes = list(dissolve(view.units.geometry, view.units["township"]).values())
    draw_outlines(panel, shapes, colour="#8d8877", width=width)
