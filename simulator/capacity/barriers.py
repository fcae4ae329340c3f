"""Railways, motorways and rivers that young children may pass only at listed crossings."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from scipy.sparse.csgraph import shortest_path

from simulator.capacity.places import FloatArray

BoolArray = npt.NDArray[np.bool_]

CROSSING_REACH_M = 30.0
"""A way passes a barrier lawfully where it meets it within this distance of a listed crossing."""


@dataclass(frozen=True)
class Barriers:
    """Barriers, cut into pieces for a fast search, and the crossings of all of them.

    Parameters
    ----------
    pieces
        Straight pieces of the lines, and whole shapes of barriers that are areas.
    crossings
        Points, metres, shape (crossings, 2).
    """

    pieces: npt.NDArray[np.object_]
    crossings: FloatArray

    @property
    def binding(self) -> bool:
        """Whether there are barriers and data of crossings; without crossings a barrier is a hint only."""
        return len(self.pieces) > 0 and len(self.crossings) > 0

    def crossed(self, starts: FloatArray, ends: FloatArray) -> BoolArray:
        """Whether the straight way from each start to its end meets a barrier away from every crossing, (ways,)."""
        result = np.zeros(len(starts), dtype=np.bool_)
        if not len(self.pieces) or not len(starts):
            return result
        ways = shapely.linestrings(np.stack([starts, ends], axis=1))
        way, piece = shapely.STRtree(self.pieces).query(ways, predicate="intersects")
        unlawful = np.ones(len(way), dtype=np.bool_)
        if len(self.crossings) and len(way):
            met = shapely.intersection(ways[way], self.pieces[piece])
            tree = shapely.STRtree(shapely.points(self.crossings))
            unlawful[tree.query(met, predicate="dwithin", distance=CROSSING_REACH_M)[0]] = False
        result[way[unlawful]] = True
        return result


def cut_barriers(barriers: gpd.GeoDataFrame, crossings: gpd.GeoDataFrame) -> Barriers:
    """The barriers and crossings of a district, either of which may be empty."""
    pieces: list[shapely.Geometry] = []
    if len(barriers):
        for shape in shapely.get_parts(np.asarray(barriers["geometry"], dtype=object)):
            if shape.geom_type == "LineString":
                points = shapely.get_coordinates(shape)
                pieces += list(shapely.linestrings(np.stack([points[:-1], points[1:]], axis=1)))
            else:
                pieces.append(shape)
    points = (
        shapely.get_coordinates(np.asarray(crossings["geometry"], dtype=object)) if len(crossings) else np.empty((0, 2))
    )
    return Barriers(np.asarray(pieces, dtype=object), points)


def lawful_km(barriers: Barriers, units: FloatArray, sites: FloatArray) -> tuple[FloatArray, BoolArray]:
    """Straight ways that respect barriers: direct where nothing is in between, else through crossings.

    Parameters
    ----------
    barriers
        Barriers; where none is binding every direct way is lawful.
    units, sites
        Points in metres, shapes (units, 2) and (sites, 2).

    Returns
    -------
    tuple
        Kilometres of the shortest lawful way, inf where there is none, and whether the direct way
        crosses a barrier; both of shape (units, sites).
    """
    straight = _distance(units, sites)
    crosses = _crossed(barriers, units, sites)
    if not barriers.binding or not crosses.any():
        return straight, crosses
    points = barriers.crossings
    between = shortest_path(_lawful(barriers, points, points))
    to_sites = _through(between, _lawful(barriers, points, sites))
    detour = _through(_lawful(barriers, units, points), to_sites)
    return np.where(crosses, detour, straight), crosses


def _distance(starts: FloatArray, ends: FloatArray) -> FloatArray:
    """Straight kilometres, shape (starts, ends)."""
    gap = starts[:, None, :] - ends[None, :, :]
    return np.asarray(np.hypot(gap[..., 0], gap[..., 1]) / 1000)


def _crossed(barriers: Barriers, starts: FloatArray, ends: FloatArray) -> BoolArray:
    first = np.repeat(starts, len(ends), axis=0)
    second = np.tile(ends, (len(starts), 1))
    return barriers.crossed(first, second).reshape(len(starts), len(ends))


def _lawful(barriers: Barriers, starts: FloatArray, ends: FloatArray) -> FloatArray:
    """Straight kilometres where nothing is in between, else inf."""
    return np.where(_crossed(barriers, starts, ends), np.inf, _distance(starts, ends))


def _through(first: FloatArray, second: FloatArray) -> FloatArray:
    """Shortest sum over the point in the middle: (n, k) and (k, m) → (n, m)."""
    best = np.full((first.shape[0], second.shape[1]), np.inf)
    for middle in range(first.shape[1]):
        np.minimum(best, first[:, middle, None] + second[None, middle, :], out=best)
    return best
