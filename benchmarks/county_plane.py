"""The ground of an invented county: units, their neighbours, towns, a quarter that grows, places for schools, journeys."""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heapify, heappop, heappush

import numpy as np
import numpy.typing as npt
from scipy.spatial import Voronoi

from benchmarks.instances import FloatArray, IntArray

# Square kilometers of a unit; spread of a town in kilometers; units a town.
_UNIT_KM2, _TOWN_KM, _UNITS_A_TOWN = 0.8, 1.5, 80
# Shares of the units in the county town, in the new quarter and in the other towns; the rest are villages.
_COUNTY_TOWN, _NEW_QUARTER, _TOWNS = 0.34, 0.14, 0.18
# The county town is so much wider than a town; kilometers from it to the new quarter.
_COUNTY_TOWN_WIDER, _NEW_QUARTER_KM = 1.6, 6.0
# Relative population of a unit in a town, in a village, and in the new quarter before it fills.
_DENSE, _VILLAGE, _EMPTY = 3.0, 1.2, 0.8
# Road over straight distance: every way winds differently. Child on foot, bus with its wait (defaults of the planner).
_DETOUR = (1.15, 1.65)
_WALK_KMH, _BUS_KMH, _BUS_WAIT = 3.5, 22.0, 5.0

# Today's catchments: rounds in which full places move a little farther away, and how far at most between two places.
_ROUNDS, _STEP_KM, _MOST_FARTHER = 30, 0.2, 0.45


@dataclass(frozen=True)
class Plane:
    """The ground.

    Parameters
    ----------
    points
        Kilometers, shape (units, 2).
    edges
        Neighbouring units (their cells touch), shape (edges, 2).
    town
        Position of the town that a unit belongs to, shape (units,).
    weight
        Relative population, mean 1, shape (units,).
    new
        In the new quarter, shape (units,).
    """

    points: FloatArray
    edges: IntArray
    town: IntArray
    weight: FloatArray
    new: npt.NDArray[np.bool_]


def make_plane(units: int, random: np.random.Generator) -> Plane:
    """Scatter units over a square: a county town, a new quarter beside it that is still empty, towns, villages."""
    side = float(np.sqrt(units * _UNIT_KM2))
    towns = random.uniform(0.15 * side, 0.85 * side, (max(3, units // _UNITS_A_TOWN), 2))
    towns[0] = random.uniform(0.4 * side, 0.6 * side, 2)
    angle = random.uniform(0, 2 * np.pi)
    quarter = np.clip(towns[0] + _NEW_QUARTER_KM * np.array([np.cos(angle), np.sin(angle)]), 0, side)
    counts = [round(share * units) for share in (_COUNTY_TOWN, _NEW_QUARTER, _TOWNS)]
    in_town, in_quarter, in_towns, in_villages = np.split(np.arange(units), np.cumsum(counts))
    centre = np.empty((units, 2))
    centre[in_town], centre[in_quarter] = towns[0], quarter
    centre[in_towns] = towns[random.integers(1, len(towns), len(in_towns))]
    spread = np.full(units, _TOWN_KM)
    spread[in_town] *= _COUNTY_TOWN_WIDER
    points = centre + spread[:, None] * random.standard_normal((units, 2))
    points[in_villages] = random.uniform(0, side, (len(in_villages), 2))
    points = side - abs(side - abs(points) % (2 * side))  # folded back into the square
    density = np.full(units, _VILLAGE)
    density[in_town] = density[in_towns] = _DENSE
    density[in_quarter] = _EMPTY
    weight = density * random.lognormal(0.0, 0.3, units)
    return Plane(
        points=points,
        edges=_neighbours(points, side),
        town=np.argmin(_straight(points, towns), axis=1),
        weight=weight / weight.mean(),
        new=np.isin(np.arange(units), in_quarter),
    )


def _straight(points: FloatArray, others: FloatArray) -> FloatArray:
    return np.asarray(np.hypot(*(points[:, None] - others[None]).transpose(2, 0, 1)))


def _neighbours(points: FloatArray, side: float) -> IntArray:
    """Units whose Voronoi cells touch within the square: the points mirrored at its sides bound the cells."""
    mirrored = [points]
    for axis in (0, 1):
        for at in (0.0, side):
            other = points.copy()
            other[:, axis] = 2 * at - other[:, axis]
            mirrored.append(other)
    ridges = Voronoi(np.concatenate(mirrored)).ridge_points
    inner = ridges[(ridges < len(points)).all(axis=1)]
    return np.unique(np.sort(inner, axis=1), axis=0).astype(np.int64)


def choose_places(
    plane: Plane, count: int, random: np.random.Generator, taken: IntArray, *, growing: float
) -> IntArray:
    """Units in which schools stand, none of them twice: likelier where more people live, and far from one another.

    Parameters
    ----------
    taken
        Units that hold a school already.
    growing
        Share of the places in the new quarter.
    """
    quarter = float(plane.new.mean())
    chance = plane.weight * np.where(plane.new, growing / quarter, (1 - growing) / (1 - quarter))
    chosen: list[int] = []
    apart = np.ones(len(chance))
    for _ in range(count):
        free = chance * apart
        free[taken] = 0
        chosen.append(int(random.choice(len(free), p=free / free.sum())))
        apart = _straight(plane.points, plane.points[chosen]).min(axis=1)
    return np.array(chosen, dtype=np.int64)


def journeys(plane: Plane, homes: IntArray, random: np.random.Generator) -> FloatArray:
    """Minutes from every unit to every place, on foot or by bus, whichever is faster, shape (units, places)."""
    km = _straight(plane.points, plane.points[homes]) + 0.1
    km *= random.uniform(*_DETOUR, km.shape)
    return np.asarray(np.minimum(60 * km / _WALK_KMH, _BUS_WAIT + 60 * km / _BUS_KMH))


def catchments(plane: Plane, homes: IntArray) -> IntArray:
    """Place that serves a unit: near along its neighbours, full places a little farther; all connected, shape (units,)."""
    lengths = np.hypot(*(plane.points[plane.edges[:, 0]] - plane.points[plane.edges[:, 1]]).T)
    near: list[list[tuple[int, float]]] = [[] for _ in plane.points]
    for (one, other), km in zip(plane.edges.tolist(), lengths.tolist(), strict=True):
        near[one].append((other, km))
        near[other].append((one, km))
    apart = _straight(plane.points[homes], plane.points[homes])
    np.fill_diagonal(apart, np.inf)
    farther = np.zeros(len(homes))
    for _ in range(_ROUNDS):
        served = _grow(near, homes, farther)
        load = np.bincount(served, weights=plane.weight, minlength=len(homes))
        farther += _STEP_KM * (load / load.mean() - 1)
        farther = np.clip(farther, 0, _MOST_FARTHER * apart.min(axis=1))  # so that no place loses its own unit
    return _grow(near, homes, farther)


def _grow(near: list[list[tuple[int, float]]], homes: IntArray, start: FloatArray) -> IntArray:
    """Place whose way along the neighbours is shortest, counted from its own start, shape (units,)."""
    served = np.full(len(near), -1, dtype=np.int64)
    reached = [(float(begin), int(unit), place) for place, (begin, unit) in enumerate(zip(start, homes, strict=True))]
    heapify(reached)
    while reached:
        km, unit, place = heappop(reached)
        if served[unit] < 0:
            served[unit] = place
            for other, more in near[unit]:
                heappush(reached, (km + more, other, place))
    return served
