"""Invented territory: townships, 片区, terrain, the new quarter and the table of units."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np

from simulator.inputs.synthetic.apportion import FloatArray, IntArray
from simulator.inputs.synthetic.geography import Cells, Land
from simulator.inputs.synthetic.invention import Invention
from simulator.inputs.synthetic.names import NameBook
from simulator.terms import AreaKind, Terrain

_UNIT_SUFFIX = {AreaKind.CITY: "社区", AreaKind.TOWN: "居委会", AreaKind.VILLAGE: "村"}
_SIDES = ("东部片区", "北部片区", "西部片区", "南部片区")
_CENTRE, _ISLES = "中心片区", "海岛片区"


@dataclass(frozen=True)
class Territory:
    """Where each unit belongs.

    Parameters
    ----------
    unit_ids
        Ids of the units, in order.
    townships
        Number of the township of each unit.
    seats
        Unit of each township's seat, that of the town core first.
    areas
        片区 of each unit.
    terrain
        Terrain of each unit.
    new_quarter
        Units of the new quarter.
    """

    unit_ids: tuple[str, ...]
    townships: IntArray
    seats: IntArray
    areas: tuple[str, ...]
    terrain: tuple[Terrain, ...]
    new_quarter: IntArray


def divide(spec: Invention, land: Land, cells: Cells, rng: np.random.Generator) -> Territory:
    """Share the units out among townships and 片区, and choose the new quarter."""
    mainland = cells.pieces < land.mainland_pieces
    city = mainland & np.array([kind is AreaKind.CITY for kind in cells.kinds])
    centres = _cluster(cells.nodes[city], spec.streets, rng)
    townships = np.zeros(len(cells.nodes), dtype=np.int64)
    townships[city] = _nearest(cells.nodes[city], centres)
    rural = mainland & ~city
    if len(land.towns):
        townships[rural] = spec.streets + _nearest(cells.nodes[rural], land.towns)
    else:
        townships[rural] = _nearest(cells.nodes[rural], centres)
    first_island = len(spec.townships) - spec.island_townships
    isles = cells.pieces[~mainland] - land.mainland_pieces
    townships[~mainland] = first_island + isles % max(spec.island_townships, 1) if spec.island_townships else 0
    seats = _seats(cells, townships, len(spec.townships), np.vstack([centres, land.towns]))
    core = int(np.argmin(np.linalg.norm(cells.nodes - land.core, axis=1)))
    return Territory(
        tuple(f"U{number:04d}" for number in range(1, len(cells.nodes) + 1)),
        townships,
        np.array([core, *(seat for seat in seats if seat != core)], dtype=np.int64),
        _areas(spec, land, cells, townships, mainland),
        _terrain(spec, land, cells, mainland),
        _new_quarter(spec, land, cells, city),
    )


def units_layer(
    spec: Invention, cells: Cells, territory: Territory, households: IntArray, names: NameBook
) -> gpd.GeoDataFrame:
    """The table `units`; a pair of neighbors in the town core must stay together, as real registers have it."""
    return gpd.GeoDataFrame(
        {
            "unit_id": territory.unit_ids,
            "name": [names.word() + _UNIT_SUFFIX[kind] for kind in cells.kinds],
            "township": [spec.townships[number] for number in territory.townships],
            "county": spec.name,
            "area": territory.areas,
            "area_kind": [kind.value for kind in cells.kinds],
            "terrain": [ground.value for ground in territory.terrain],
            "group": _pairs(cells, territory),
            "households": households,
            "x": cells.nodes[:, 0],
            "y": cells.nodes[:, 1],
        },
        geometry=list(cells.polygons),
        crs=spec.crs,
    )


def _cluster(points: FloatArray, count: int, rng: np.random.Generator) -> FloatArray:
    """Middle points of compact clusters (k-means, spread start)."""
    centres = points[[int(rng.integers(len(points)))]]
    while len(centres) < min(count, len(points)):
        gaps = np.linalg.norm(points[:, None] - centres[None], axis=2).min(axis=1)
        centres = np.vstack([centres, points[int(np.argmax(gaps))]])
    for _ in range(12):
        owner = _nearest(points, centres)
        centres = np.array([points[owner == number].mean(axis=0) for number in range(len(centres))])
    return centres


def _nearest(points: FloatArray, centres: FloatArray) -> IntArray:
    gaps = np.linalg.norm(points[:, None] - centres[None], axis=2)
    return np.asarray(np.argmin(gaps, axis=1), dtype=np.int64)


def _seats(cells: Cells, townships: IntArray, count: int, centres: FloatArray) -> list[int]:
    """The unit of each township nearest to its middle; on an island its first unit, which is the town."""
    seats = []
    for number in range(count):
        members = np.flatnonzero(townships == number)
        if not len(members):
            continue
        town = [unit for unit in members if cells.kinds[unit] is not AreaKind.VILLAGE]
        options = np.array(town or members)
        middle = centres[number] if number < len(centres) else cells.nodes[options[0]]
        seats.append(int(options[np.argmin(np.linalg.norm(cells.nodes[options] - middle, axis=1))]))
    return seats


def _areas(spec: Invention, land: Land, cells: Cells, townships: IntArray, mainland: np.ndarray) -> tuple[str, ...]:
    """Streets in the middle; other townships by the side of the core they lie on; islands apart."""
    names = {}
    for number in np.unique(townships):
        members = np.flatnonzero(townships == number)
        if not mainland[members[0]]:
            names[int(number)] = _ISLES
        elif number < spec.streets:
            names[int(number)] = _CENTRE
        else:
            east, north = cells.nodes[members].mean(axis=0) - land.core
            names[int(number)] = _SIDES[int(((np.degrees(np.arctan2(north, east)) + 45) % 360) // 90)]
    return tuple(names[int(number)] for number in townships)


def _terrain(spec: Invention, land: Land, cells: Cells, mainland: np.ndarray) -> tuple[Terrain, ...]:
    """Plain around the core, the spec's terrain beyond, island at sea."""
    gap = np.linalg.norm(cells.nodes - land.core, axis=1)
    near = gap < 0.28 * 1000 * min(spec.extent_km)
    return tuple(
        Terrain.ISLAND if not on_land else Terrain.PLAIN if close else spec.terrain
        for on_land, close in zip(mainland, near, strict=True)
    )


def _new_quarter(spec: Invention, land: Land, cells: Cells, city: np.ndarray) -> IntArray:
    """City units around the southern edge of the town core."""
    members = np.flatnonzero(city)
    if not spec.new_quarter_units:
        return np.empty(0, dtype=np.int64)
    edge = members[int(np.argmin(cells.nodes[members, 1] - 0.25 * cells.nodes[members, 0]))]
    gaps = np.linalg.norm(cells.nodes[members] - cells.nodes[edge], axis=1)
    return np.sort(members[np.argsort(gaps, kind="stable")[: spec.new_quarter_units]])


def _pairs(cells: Cells, territory: Territory) -> list[str]:
    """One bound pair for every forty units: neighbors of one township in the town core."""
    groups = [""] * len(cells.nodes)
    city = [unit for unit, kind in enumerate(cells.kinds) if kind is AreaKind.CITY]
    for unit in city[::40]:
        mates = [
            other
            for other in city
            if other != unit
            and territory.townships[other] == territory.townships[unit]
            and not groups[other]
            and cells.polygons[other].intersection(cells.polygons[unit]).length > 50
        ]
        if mates and not groups[unit]:
            groups[unit] = groups[mates[0]] = f"G{unit + 1:04d}"
    return groups
