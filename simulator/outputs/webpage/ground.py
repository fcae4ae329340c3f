"""The ground of the page's map: borders on a grid of whole numbers, each border between two units stored once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely

Point = tuple[int, int]
_OUTSIDE = -1
# Steps across the longer side: finer than the pixels of an office screen at six-fold zoom.
_STEPS = 6000
# Borders are thinned until their deviation is about half a pixel of the whole map.
_THINNED = 2500


@dataclass(frozen=True)
class Grid:
    """Map coordinates as whole numbers of `metres`, x to the east and y to the south from the north-west corner.

    >>> Grid(west=1000.0, north=9000.0, metres=2.0).of(1010.0, 8996.0)
    (5, 2)
    """

    west: float
    north: float
    metres: float

    def of(self, x: float, y: float) -> Point:
        """The grid point of map coordinates."""
        return round((x - self.west) / self.metres), round((self.north - y) / self.metres)

    def line(self, coordinates: np.ndarray) -> list[Point]:
        """A line on the grid, repeated points left out."""
        columns = np.rint((coordinates[:, 0] - self.west) / self.metres).astype(int).tolist()
        rows = np.rint((self.north - coordinates[:, 1]) / self.metres).astype(int).tolist()
        points = list(zip(columns, rows, strict=True))
        return points[:1] + [after for before, after in pairwise(points) if before != after]


@dataclass(frozen=True)
class Borders:
    """A coverage as arcs.

    Parameters
    ----------
    arcs
        Lines between points where borders meet, each stored once.
    sides
        For each arc the numbers of the units on both sides; the second is -1 on the outer border.
    shapes
        For each unit its polygons, each a list of rings (the outer one first), each a list of arcs: `n`, or `~n`
        where the arc is walked backwards.
    """

    arcs: list[list[Point]]
    sides: list[tuple[int, int]]
    shapes: list[list[list[list[int]]]]


def grid_of(bounds: tuple[float, float, float, float]) -> Grid:
    """The grid of an extent (west, south, east, north)."""
    west, south, east, north = bounds
    return Grid(west, north, max(east - west, north - south, 1.0) / _STEPS)


def thinned(shapes: np.ndarray, bounds: tuple[float, float, float, float]) -> np.ndarray:
    """The polygons with fewer vertices, their common borders still common."""
    west, south, east, north = bounds
    whole = shapes if shapely.coverage_is_valid(shapes) else shapely.coverage_clean(shapes)
    simple = shapely.coverage_simplify(whole, max(east - west, north - south) / _THINNED)
    # Holes turn against the outer ring, so that they stay empty when the rings are filled as one path.
    return np.asarray(shapely.orient_polygons(simple))


def borders(shapes: Iterable[object], grid: Grid) -> Borders:
    """Polygons of a coverage as arcs on a grid.

    Parameters
    ----------
    shapes
        Polygons and multipolygons whose common borders have the same vertices.
    grid
        The grid.

    Returns
    -------
    Borders
        A polygon that is thinner than the grid has no rings.
    """
    rings = [[list(_rings(part, grid)) for part in shapely.get_parts(shape)] for shape in shapes]
    units_at = _segments(rings)
    meeting = _meeting_points(units_at)
    arcs: list[list[Point]] = []
    sides: list[tuple[int, int]] = []
    known: dict[tuple[Point, ...], int] = {}
    found: list[list[list[list[int]]]] = []
    for parts in rings:
        unit = []
        for part in parts:
            walked = []
            for ring in part:
                numbers = []
                for arc in _cut(ring, meeting):
                    backwards = tuple(reversed(arc)) in known
                    key = tuple(reversed(arc)) if backwards else tuple(arc)
                    if key not in known:
                        known[key] = len(arcs)
                        arcs.append(arc)
                        sides.append(_sides(units_at[_segment(arc[0], arc[1])]))
                    numbers.append(~known[key] if backwards else known[key])
                walked.append(numbers)
            if walked:
                unit.append(walked)
        found.append(unit)
    return Borders(arcs, sides, found)


def deltas(points: list[Point]) -> list[int]:
    """A line as its first point and the steps after it, flat.

    >>> deltas([(5, 5), (6, 3), (6, 9)])
    [5, 5, 1, -2, 0, 6]
    """
    steps = [(after[0] - before[0], after[1] - before[1]) for before, after in pairwise(points)]
    return [number for point in [*points[:1], *steps] for number in point]


def lines(shapes: Iterable[object], grid: Grid) -> list[list[list[int]]]:
    """For each line or multiline its parts on the grid, as :func:`deltas`."""
    return [[deltas(grid.line(shapely.get_coordinates(part))) for part in shapely.get_parts(shape)] for shape in shapes]


def _rings(part: object, grid: Grid) -> Iterator[list[Point]]:
    """Closed rings of a polygon on the grid, without the closing point; those without an area are left out."""
    if not isinstance(part, shapely.Polygon) or part.is_empty:
        return
    for number, ring in enumerate((part.exterior, *part.interiors)):
        points = grid.line(shapely.get_coordinates(ring))[:-1]
        if len(set(points)) >= 3:  # a triangle
            yield points
        elif number == 0:
            return


def _segment(one: Point, other: Point) -> tuple[Point, Point]:
    return (one, other) if one < other else (other, one)


def _closed(ring: list[Point]) -> list[Point]:
    return [*ring, ring[0]]


def _segments(rings: list[list[list[list[Point]]]]) -> dict[tuple[Point, Point], tuple[int, ...]]:
    """Segment → the units whose rings have it."""
    found: dict[tuple[Point, Point], tuple[int, ...]] = {}
    for unit, parts in enumerate(rings):
        for part in parts:
            for ring in part:
                for one, other in pairwise(_closed(ring)):
                    key = _segment(one, other)
                    found[key] = (*found.get(key, ()), unit)
    return found


def _meeting_points(units_at: dict[tuple[Point, Point], tuple[int, ...]]) -> set[Point]:
    """Points where an arc ends: more or fewer than two segments meet, or the neighbours change."""
    at: dict[Point, list[tuple[int, ...]]] = defaultdict(list)
    for (one, other), units in units_at.items():
        at[one].append(units)
        at[other].append(units)
    return {point for point, around in at.items() if len(around) != 2 or around[0] != around[1]}


def _cut(ring: list[Point], meeting: set[Point]) -> Iterator[list[Point]]:
    """The ring in arcs; a ring without a meeting point is one arc from its least point."""
    starts = [place for place, point in enumerate(ring) if point in meeting]
    if not starts:
        least = ring.index(min(ring))
        yield _closed(ring[least:] + ring[:least])
        return
    turned = _closed(ring[starts[0] :] + ring[: starts[0]])
    arc = turned[:1]
    for point in turned[1:]:
        arc.append(point)
        if point in meeting:
            yield arc
            arc = [point]


def _number(arc: list[Point], known: dict[tuple[Point, ...], int]) -> int:
    """The number of an arc, which is new unless it was walked before, either way."""
    backwards = known.get(tuple(reversed(arc)))
    return ~backwards if backwards is not None else known.setdefault(tuple(arc), len(known))


def _sides(units: tuple[int, ...]) -> tuple[int, int]:
    return (units[0], units[1]) if len(units) > 1 else (units[0], _OUTSIDE)
