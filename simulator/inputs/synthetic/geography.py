"""Invented land: an irregular outline, a river, islands, and units as Voronoi cells of scattered points."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.affinity import translate
from shapely.geometry import LineString, MultiPoint, Point, Polygon
from shapely.geometry.base import BaseGeometry

from simulator.inputs.synthetic.apportion import FloatArray, IntArray
from simulator.inputs.synthetic.invention import Invention
from simulator.terms import AreaKind

_RIVER_WIDTH_M = 90.0
_CITY_CELL_KM2 = 0.22
_TOWN_CELL_KM2 = 0.45
_ISLAND_CELL_KM2 = 3.0
_CANDIDATES = 24
_NARROWEST_SEA_M, _WIDEST_SEA_M = 1500.0, 5500.0

Closeness = Callable[[FloatArray], FloatArray]


@dataclass(frozen=True)
class Land:
    """The ground that units are drawn on.

    Parameters
    ----------
    pieces
        Pieces of land without water in between; the first ones make up the main land.
    mainland_pieces
        How many of them.
    river
        Middle line of the river, or nothing.
    core, towns
        Middle of the town core, shape (2,), and of the other town seats, shape (towns, 2), in metres.
    """

    pieces: tuple[Polygon, ...]
    mainland_pieces: int
    river: LineString | None
    core: FloatArray
    towns: FloatArray


@dataclass(frozen=True)
class Cells:
    """Units on the ground: polygon, node inside it, kind of area and piece of land, in one order."""

    polygons: tuple[BaseGeometry, ...]
    nodes: FloatArray
    kinds: tuple[AreaKind, ...]
    pieces: IntArray


def shape_land(spec: Invention, rng: np.random.Generator) -> Land:
    """Draw the outline, cut it by the river, set the islands around it."""
    width, height = (1000 * side for side in spec.extent_km)
    middle = np.array(spec.origin)
    mainland = _blob(middle, width / 2, height / 2, rng)
    core = middle + np.array([-0.04 * width, 0.14 * height])
    river = _draw_river(core, width, height, rng) if spec.river else None
    pieces = [mainland]
    if river is not None:
        parts = shapely.get_parts(mainland.difference(river.buffer(_RIVER_WIDTH_M / 2)))
        pieces = sorted((part for part in parts if part.area > 0.02 * mainland.area), key=lambda part: -part.area)
    islands = _set_islands(spec, mainland, rng)
    town_count = max(len(spec.townships) - spec.streets - spec.island_townships, 0)
    towns = _spread_towns(pieces, core, town_count, 0.2 * min(width, height), rng)
    return Land((*pieces, *islands), len(pieces), river, core, towns)


def cut_cells(spec: Invention, land: Land, rng: np.random.Generator) -> Cells:
    """Scatter the units, densely in the town core and loosely in the country, and give each its Voronoi cell."""
    nodes, kinds = _scatter_mainland(spec, land, rng)
    island_points = [
        _scatter(piece, count, _even, np.empty((0, 2)), rng)
        for piece, count in zip(land.pieces[land.mainland_pieces :], spec.island_units, strict=True)
    ]
    for points in island_points:
        kinds += [AreaKind.TOWN] + [AreaKind.VILLAGE] * (len(points) - 1)
    points = np.concatenate([nodes, *island_points])
    owner = np.array([_piece_of(point, land.pieces) for point in points], dtype=np.int64)
    polygons: list[BaseGeometry] = [Polygon()] * len(points)
    for number, piece in enumerate(land.pieces):
        members = np.flatnonzero(owner == number)
        for member, cell in zip(members, _voronoi(points[members], piece), strict=True):
            polygons[member] = cell
    inner = np.array([_node_of(cell, point) for cell, point in zip(polygons, points, strict=True)])
    return Cells(tuple(polygons), inner, tuple(kinds), owner)


def _blob(middle: FloatArray, half_width: float, half_height: float, rng: np.random.Generator) -> Polygon:
    """A closed curve whose radius wavers by a few harmonics."""
    angle = np.linspace(0, 2 * np.pi, 180, endpoint=False)
    radius = np.ones_like(angle)
    for harmonic in range(2, 15):
        radius += rng.uniform(0.05, 0.3) / harmonic * np.cos(harmonic * angle + rng.uniform(0, 2 * np.pi))
    ring = middle + np.column_stack([half_width * radius * np.cos(angle), half_height * radius * np.sin(angle)])
    return Polygon(np.round(ring, 1)).buffer(0)


def _draw_river(core: FloatArray, width: float, height: float, rng: np.random.Generator) -> LineString:
    """A river from north to south past the town core, wide enough beyond the outline on both ends."""
    steps = np.linspace(-1.1, 1.1, 67)
    sway = 0.07 * width * np.sin(2.6 * steps + rng.uniform(0, 6)) + 0.022 * width * np.sin(
        11 * steps + rng.uniform(0, 6)
    )
    sway -= sway[len(steps) // 2]
    line = np.column_stack([core[0] + 0.05 * width + sway, core[1] - steps * height])
    return LineString(np.round(line, 1))


def _set_islands(spec: Invention, mainland: Polygon, rng: np.random.Generator) -> list[Polygon]:
    """Islands around the main land, the larger nearer, none touching another."""
    placed: list[Polygon] = []
    for units in spec.island_units:
        radius = float(np.sqrt(units * _ISLAND_CELL_KM2 * 1e6 / np.pi))
        stretch = rng.uniform(1.0, 1.6)
        outline = _blob(np.zeros(2), radius * stretch, radius / stretch, rng)
        sea = 1500.0
        while True:
            angle = rng.uniform(0, 2 * np.pi)
            shore = np.array([np.cos(angle) * spec.extent_km[0], np.sin(angle) * spec.extent_km[1]]) * 500
            reach = (float(np.linalg.norm(shore)) + radius + sea) / float(np.linalg.norm(shore))
            x, y = np.round(np.array(spec.origin) + shore * reach, 1)
            island = translate(outline, x, y)
            clear = min((island.distance(other) for other in (mainland, *placed)), default=sea)
            if _NARROWEST_SEA_M < clear < _WIDEST_SEA_M:
                break
            # Ever farther out until a free place is found, then near the coast again.
            sea = 1500.0 + (sea - 1500.0 + 350.0) % 9000.0
        placed.append(island)
    return placed


def _spread_towns(
    pieces: list[Polygon], core: FloatArray, count: int, clear: float, rng: np.random.Generator
) -> FloatArray:
    """Town seats far from the core, from each other and from the outline."""
    inner = shapely.union_all([piece.buffer(-0.18 * clear) for piece in pieces])
    towns = np.empty((0, 2))
    for _ in range(count):
        centres = np.vstack([core, core, towns])
        options = _random_inside(inner, 200, rng)
        gaps = np.linalg.norm(options[:, None] - centres[None], axis=2)
        gaps[:, :2] /= 1.25
        towns = np.vstack([towns, options[np.argmax(gaps.min(axis=1))]])
    return towns


def _scatter_mainland(spec: Invention, land: Land, rng: np.random.Generator) -> tuple[FloatArray, list[AreaKind]]:
    """City units around the core, town units around the seats, villages over the rest."""
    mainland = shapely.union_all(land.pieces[: land.mainland_pieces]).buffer(0)
    inner = mainland.buffer(-60)
    city = max(round(spec.city_share * spec.mainland_units), 1)
    town = min(round(spec.town_share * spec.mainland_units), spec.mainland_units - city) if len(land.towns) else 0
    village = spec.mainland_units - city - town
    city_radius = float(np.sqrt(city * _CITY_CELL_KM2 * 1e6 / np.pi))
    city_disc = Point(land.core).buffer(city_radius)
    points = _scatter(
        inner.intersection(city_disc), city, _centre_weight(land.core, city_radius), np.empty((0, 2)), rng
    )
    discs: list[BaseGeometry] = [city_disc]
    shares = [
        town // max(len(land.towns), 1) + (seat < town % max(len(land.towns), 1)) for seat in range(len(land.towns))
    ]
    for seat, share in zip(land.towns, shares, strict=True):
        disc, place = _town_ground(seat, share, inner.difference(shapely.union_all(discs)))
        points = np.vstack([points, _scatter(place, share, _even, points, rng)])
        discs.append(disc)
    rest = inner.difference(shapely.union_all(discs))
    country = _centre_weight(land.core, 500.0 * min(spec.extent_km))
    points = np.vstack([points, _scatter(rest, village, country, points, rng)])
    return points, [AreaKind.CITY] * city + [AreaKind.TOWN] * town + [AreaKind.VILLAGE] * village


def _town_ground(seat: FloatArray, units: int, free: BaseGeometry) -> tuple[BaseGeometry, BaseGeometry]:
    """The disc of a town and the free ground in it, grown until its units find room."""
    radius = max(float(np.sqrt(units * _TOWN_CELL_KM2 * 1e6 / np.pi)), 500.0)
    while True:
        disc = Point(seat).buffer(radius)
        place = free.intersection(disc)
        if place.area > 0.3 * units * _TOWN_CELL_KM2 * 1e6:
            return disc, place
        radius *= 1.4


def _even(points: FloatArray) -> FloatArray:
    """No preference."""
    return np.ones(len(points))


def _centre_weight(core: FloatArray, radius: float) -> Closeness:
    """Spacing wanted around the core: blocks grow outward."""
    return lambda xy: 1.0 / (0.4 + 0.6 * np.linalg.norm(xy - core, axis=1) / radius)


def _scatter(
    place: BaseGeometry, count: int, closeness: Closeness, taken: FloatArray, rng: np.random.Generator
) -> FloatArray:
    """Best-candidate sampling: each new point is the one of many whose weighted clearance is largest."""
    chosen = np.empty((0, 2))
    for _ in range(count):
        options = _random_inside(place, _CANDIDATES, rng)
        others = np.vstack([taken, chosen])
        if len(others):
            gaps = np.linalg.norm(options[:, None] - others[None], axis=2).min(axis=1) * closeness(options)
        else:
            gaps = closeness(options)
        chosen = np.vstack([chosen, options[np.argmax(gaps)]])
    return np.round(chosen, 1)


def _random_inside(place: BaseGeometry, count: int, rng: np.random.Generator) -> FloatArray:
    """Points evenly spread over a place."""
    left, low, right, high = place.bounds
    found = np.empty((0, 2))
    while len(found) < count:
        options = np.column_stack([rng.uniform(left, right, 4 * count), rng.uniform(low, high, 4 * count)])
        found = np.vstack([found, options[shapely.contains_xy(place, options)]])
    return found[:count]


def _piece_of(point: FloatArray, pieces: tuple[Polygon, ...]) -> int:
    """Number of the piece of land that a point lies on."""
    return int(np.argmin([piece.distance(Point(point)) for piece in pieces]))


def _voronoi(points: FloatArray, piece: Polygon) -> list[BaseGeometry]:
    """Cells of the points, clipped to the piece of land; every bit of it belongs to one cell."""
    if len(points) < 2:
        return [piece] * len(points)
    cells = shapely.voronoi_polygons(MultiPoint(points), extend_to=piece.buffer(1000), ordered=True)
    clipped = [cell.intersection(piece) for cell in shapely.get_parts(cells)]
    whole = [max(shapely.get_parts(cell), key=lambda part: part.area) for cell in clipped]
    bits = [
        part for cell, kept in zip(clipped, whole, strict=True) for part in shapely.get_parts(cell) if part is not kept
    ]
    for bit in (bit for bit in bits if bit.geom_type == "Polygon"):
        shared = [cell.intersection(bit).length for cell in whole]
        best = int(np.argmax(shared))
        whole[best] = whole[best].union(bit)
    return [shapely.set_precision(cell, 0.1) for cell in whole]


def _node_of(cell: BaseGeometry, point: FloatArray) -> FloatArray:
    """The scattered point itself where it lies in its cell, else a point that does."""
    inside = Point(point) if cell.contains(Point(point)) else cell.representative_point()
    return np.round(np.array([inside.x, inside.y]), 1)
