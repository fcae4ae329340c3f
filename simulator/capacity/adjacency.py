"""Which units touch: shared boundaries of their shapes, Voronoi cells of points, and the adjacency table."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from simulator.capacity.places import IntArray
from simulator.inputs.district import District

SNAP_M = 1.0
"""Boundaries nearer than this are one boundary: layers drawn by hand have slivers and overlaps."""

SHARED_M = 10.0
"""Length of boundary within `SNAP_M` that makes neighbours: more than two corners that meet."""

COLUMNS = ("unit_a", "unit_b", "kind")

_Shapes = npt.NDArray[np.object_]


def unit_edges(district: District) -> pd.DataFrame:
    """Pairs of neighbouring units.

    Units are neighbours where their shapes share a boundary of positive length; corners that meet do
    not count. A unit given as a point takes its Voronoi cell among all units, within the hull of the
    district. Rows of the adjacency table add (`touch`, `ferry`, `bridge`) or take away (`remove`).

    Returns
    -------
    DataFrame
        unit_a, unit_b, kind (`touch`, `ferry`, `bridge`); each pair once, in the order of the units.
    """
    ids = district.units["unit_id"].astype(str).tolist()
    shapes = np.asarray(district.units["geometry"], dtype=object)
    kinds = {(int(a), int(b)): "touch" for a, b in _touching(shapes)}
    position = {unit: code for code, unit in enumerate(ids)}
    table = district.adjacency
    if len(table):
        rows = [
            (min(position[a], position[b]), max(position[a], position[b]), str(kind))
            for a, b, kind in zip(table["unit_a"].astype(str), table["unit_b"].astype(str), table["kind"], strict=True)
            if a != b
        ]
        for first, last, kind in rows:
            if kind == "remove":
                kinds.pop((first, last), None)
        kinds |= {(first, last): kind for first, last, kind in rows if kind != "remove"}
    found = [(ids[first], ids[last], kind) for (first, last), kind in sorted(kinds.items())]
    return pd.DataFrame(found, columns=list(COLUMNS), dtype=str)


def given_as_points(district: District) -> int:
    """How many units have no shape but a point."""
    shapes = np.asarray(district.units["geometry"], dtype=object)
    return int((shapely.get_dimensions(shapes) == 0).sum())


def shared_boundaries(shapes: _Shapes) -> IntArray:
    """Pairs of polygons with a common boundary, first < second, shape (pairs, 2).

    Examples
    --------
    The first two squares share a side; the third meets the first in a corner only.

    >>> import shapely
    >>> squares = np.array([shapely.box(x, y, x + 100, y + 100) for x, y in [(0, 0), (100, 0), (100, 100)]])
    >>> shared_boundaries(squares).tolist()
    [[0, 1], [1, 2]]
    """
    first, last = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=SNAP_M)
    first, last = first[first < last], last[first < last]
    borders = shapely.boundary(shapes)
    shared = shapely.length(shapely.intersection(borders[first], borders[last])) > 0
    near = np.flatnonzero(~shared)
    reach = shapely.buffer(shapes, SNAP_M, quad_segs=2)
    along = shapely.length(shapely.intersection(borders[first[near]], reach[last[near]]))
    shared[near] = along > SHARED_M
    pairs = np.column_stack([first[shared], last[shared]])
    return np.asarray(pairs[np.lexsort(pairs.T[::-1])], dtype=np.int64)


def _touching(shapes: _Shapes) -> IntArray:
    drawn = shapely.get_dimensions(shapes) == 2
    where = np.flatnonzero(drawn)
    touching = where[shared_boundaries(shapes[where])] if len(where) else np.zeros((0, 2), dtype=np.int64)
    if drawn.all():
        return touching
    cells = _cell_neighbours(shapely.point_on_surface(shapes))
    return np.concatenate([touching, cells[~drawn[cells].all(axis=1)]])


def _cell_neighbours(points: _Shapes) -> IntArray:
    """Pairs whose Voronoi cells share a boundary within the hull; points at one place are neighbours of each other."""
    places = np.column_stack([shapely.get_x(points), shapely.get_y(points)])
    unique, place = np.unique(places, axis=0, return_inverse=True)
    pairs: set[tuple[int, int]] = set()
    if len(unique) > 1:
        spots = shapely.points(unique)
        tree = shapely.STRtree(spots)
        others = tree.query_nearest(spots, exclusive=True, return_distance=True)[1]
        # Half the usual gap beyond the outermost places: cells that meet far outside are no neighbours.
        hull = shapely.buffer(shapely.convex_hull(shapely.multipoints(spots)), float(np.median(others)) / 2)
        cells = np.asarray(shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(spots), extend_to=hull)))
        cell, spot = tree.query(cells, predicate="contains").tolist()
        owned = np.empty(len(unique), dtype=object)
        owned[spot] = shapely.intersection(cells[cell], hull)
        pairs |= {(int(a), int(b)) for a, b in shared_boundaries(owned)}
    members = [np.flatnonzero(place == code) for code in range(len(unique))]
    joined = {(min(a, b), max(a, b)) for first, last in pairs for a in members[first] for b in members[last]}
    joined |= {(a, b) for group in members for a in group for b in group if a < b}
    return np.array(sorted(joined), dtype=np.int64).reshape(-1, 2)
