"""Polygons, their borders, and colours that tell neighbours apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import shapely
from matplotlib.path import Path
from scipy.spatial import cKDTree

# Four steps of lightness twice over: neighbours of one step differ by a hatch, so that a grey print and colour-blind
# readers tell them apart as well.
TINTS = ("#FBF1BE", "#A8D5F0", "#78BFA5", "#C68A65", "#FAE3EC", "#D5CCE6", "#B3ADA6", "#7593C9")
_HATCHES = ("", "....", "\\\\\\", "xxx")
_STEPS = 4
_TOUCH_M = 1.0
_MOST_VERTICES = 60_000
# A page with fewer schools than the first is never crowded, and fewer than the second need no panel of their own.
_MOST_SPARSE, _LEAST_CORE = 20, 6
# Shares of the schools that a panel of their own may show, its widest span, its margin as a share of its span, and by
# how much it has to part the closest schools.
_CORE_SHARES, _CORE_SPAN, _CORE_MARGIN, _CORE_GAIN = tuple(step / 40 for step in range(40, 3, -1)), 0.4, 0.15, 1.3
Bounds = tuple[float, float, float, float]
"""West, south, east, north."""


def polygon_paths(shapes: Iterable[object]) -> list[Path]:
    """A drawable path for each polygon or multipolygon, holes included; an empty one for an empty shape."""
    return [_path(shape) for shape in shapes]


def _path(shape: object) -> Path:
    rings = [
        ring
        for part in shapely.get_parts(shape)
        if part.geom_type == "Polygon" and not part.is_empty
        for ring in (part.exterior, *part.interiors)
    ]
    if not rings:
        return Path(np.zeros((0, 2)))
    return Path.make_compound_path(*[Path(shapely.get_coordinates(ring), closed=True) for ring in rings])


def dissolve(shapes: pd.Series, groups: pd.Series) -> dict[str, object]:
    """Group → the union of its shapes; units without a group are left out."""
    named = pd.DataFrame({"shape": shapes, "group": groups.reindex(shapes.index)}).dropna()
    named = named[named["group"] != ""]
    return {
        str(group): shapely.union_all(rows["shape"].to_numpy()) for group, rows in named.groupby("group", sort=True)
    }


def neighbour_numbers(*layers: Mapping[str, object]) -> dict[str, int]:
    """A number from 0 up for every group such that no two that touch, in any of the layers, share one.

    Found by greedy graph colouring, largest saturation first.
    """
    graph: nx.Graph[str] = nx.Graph()
    for layer in layers:
        names = sorted(layer)
        graph.add_nodes_from(names)
        shapes = np.array([layer[name] for name in names], dtype=object)
        if len(shapes) == 0:
            continue
        first, second = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=_TOUCH_M)
        graph.add_edges_from((names[a], names[b]) for a, b in zip(first, second, strict=True) if a < b)
    return dict(sorted(nx.greedy_color(graph, strategy="DSATUR").items()))


def tint(number: int) -> str:
    """The n-th light colour; after the eighth they come again, told apart by :func:`hatch_of`."""
    return TINTS[number % len(TINTS)]


def hatch_of(number: int) -> str:
    """Hatch of the n-th light colour; none for the first four, which differ in lightness."""
    return _HATCHES[number // _STEPS % len(_HATCHES)]


def unit_polygons(units: gpd.GeoDataFrame) -> tuple[np.ndarray, bool]:
    """Unit polygons, thinned where there are more vertices than a page can show; points get Voronoi cells."""
    shapes = units.geometry.to_numpy()
    if not all(shape.geom_type in {"Polygon", "MultiPolygon"} for shape in shapes):
        return _voronoi(shapely.point_on_surface(shapes)), True
    if shapely.get_num_coordinates(shapes).sum() > _MOST_VERTICES:
        west, south, east, north = units.total_bounds
        shapes = shapely.coverage_simplify(shapes, max(east - west, north - south) / 4000)
    return shapes, False


def _voronoi(points: np.ndarray) -> np.ndarray:
    """A cell for each point, within reach of the outermost points."""
    hull = shapely.convex_hull(shapely.multipoints(points))
    span = max(hull.bounds[2] - hull.bounds[0], hull.bounds[3] - hull.bounds[1], 1000.0)
    frame = hull.buffer(span * 0.04)
    distinct = shapely.multipoints(np.unique(shapely.get_coordinates(points), axis=0))
    cells = shapely.get_parts(shapely.voronoi_polygons(distinct, extend_to=frame))
    tree = shapely.STRtree(cells)
    own = tree.nearest(points)
    return np.asarray(shapely.intersection(cells[own], frame))


def dense_core(points: np.ndarray, bounds: Bounds) -> Bounds | None:
    """The part of a district where points stand so close together that it deserves a panel of its own; None without one.

    The square around a point that holds a share of them, with a margin, spanning less than two fifths of the
    district; of several shares the one that keeps the closest points, in and out of it, farthest apart on paper.
    """
    if len(points) < _MOST_SPARSE:
        return None
    west, south, east, north = bounds
    whole = max(east - west, north - south)
    squares = [densest_square(points, share) for share in _CORE_SHARES if len(points) * share >= _LEAST_CORE]
    fitting = [square for square in squares if 0 < square[2] - square[0] < _CORE_SPAN * whole]
    if not fitting:
        return None
    best = max(fitting, key=lambda square: apartness(points, square, whole))
    if apartness(points, best, whole) < _CORE_GAIN * apartness(points, bounds, whole):
        return None
    margin = _CORE_MARGIN * (best[2] - best[0])
    return best[0] - margin, best[1] - margin, best[2] + margin, best[3] + margin


def densest_square(points: np.ndarray, share: float) -> Bounds:
    """West, south, east, north of the smallest square that holds a share of the points with one of them in its middle.

    >>> densest_square(np.array([[0.0, 0.0], [1.0, 0.0], [9.0, 9.0], [2.0, 0.0]]), 0.75)
    (0.0, -1.0, 2.0, 1.0)
    """
    count = max(round(len(points) * share), 1)
    off, _near = cKDTree(points).query(points, k=count, p=np.inf)
    reach = np.asarray(off).reshape(len(points), -1)[:, -1]
    middle = int(reach.argmin())
    x, y, half = float(points[middle, 0]), float(points[middle, 1]), float(reach[middle])
    return x - half, y - half, x + half, y + half


def apartness(points: np.ndarray, square: Bounds, whole: float) -> float:
    """How far apart on paper the closer points stand, where a square and the rest have a panel each: a share of a panel."""
    west, south, east, north = square
    inside = ((points >= (west, south)) & (points <= (east, north))).all(axis=1)
    return min(_gap(points[inside]) / max(east - west, north - south), _gap(points[~inside]) / whole)


def _gap(points: np.ndarray) -> float:
    """Distance to the nearest other point that a quarter of the points stay below."""
    if len(points) < 2:
        return float("inf")
    off, _near = cKDTree(points).query(points, k=2)
    return float(np.quantile(np.asarray(off)[:, 1], 0.25))
