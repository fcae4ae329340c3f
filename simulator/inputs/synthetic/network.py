"""Invented roads, paths, bridges, buses and ferries: one network that joins every unit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components, dijkstra, minimum_spanning_tree
from scipy.spatial import Delaunay, QhullError, cKDTree
from shapely.geometry import LineString

from simulator.inputs.synthetic.apportion import FloatArray, IntArray
from simulator.inputs.synthetic.geography import Cells, Land
from simulator.inputs.synthetic.invention import Invention
from simulator.terms import AreaKind

FERRY_PENALTY_KM = 60.0
"""A ferry counts as this much road when zones are drawn: pupils cross only when they must."""

_FERRY_KMH = 20.0
_BRIDGE_GAP_M = 1200.0
_MAIN, _ROAD, _PATH, _FERRY, _BRIDGE = range(5)


@dataclass(frozen=True)
class Network:
    """Ways between units.

    Parameters
    ----------
    nodes
        Node of each unit, shape (units, 2), in metres.
    edges
        Pairs of units, shape (edges, 2).
    kinds
        Kind of each edge, as the constants of this module.
    buses
        Units served by each bus line, in order.
    """

    nodes: FloatArray
    edges: IntArray
    kinds: IntArray
    buses: tuple[tuple[int, ...], ...] = ()

    @property
    def km(self) -> FloatArray:
        """Length of each edge in km."""
        gap = self.nodes[self.edges[:, 0]] - self.nodes[self.edges[:, 1]]
        return np.asarray(np.linalg.norm(gap, axis=1) / 1000)

    def distances(self, origins: IntArray) -> FloatArray:
        """Kilometres from some units to all units, ferries made unattractive; shape (origins, units)."""
        weight = self.km + np.where(self.kinds == _FERRY, FERRY_PENALTY_KM, 0.0)
        return np.asarray(dijkstra(_matrix(self.edges, weight, len(self.nodes)), directed=False, indices=origins))


def join_units(spec: Invention, land: Land, cells: Cells, seats: IntArray, rng: np.random.Generator) -> Network:
    """Join all units: roads and paths on each piece of land, bridges over the river, ferries to the islands.

    Parameters
    ----------
    spec, land, cells, rng
        The invention so far.
    seats
        Units of the township seats, that of the core first: main roads run there.
    """
    edges: list[tuple[int, int]] = []
    for number in range(len(land.pieces)):
        edges += _land_edges(np.flatnonzero(cells.pieces == number), cells, land)
    bridges = _bridges(land, cells)
    ferries = _ferries(land, cells)
    pairs = np.array(edges + bridges + ferries, dtype=np.int64).reshape(-1, 2)
    kinds = np.array([_ROAD] * len(edges) + [_BRIDGE] * len(bridges) + [_FERRY] * len(ferries), dtype=np.int64)
    plain = Network(cells.nodes, pairs, kinds)
    graded = replace(plain, kinds=_grade(plain, cells, seats))
    return replace(graded, buses=_bus_lines(graded, cells, land, seats))


def travel_layer(network: Network, cells: Cells, crs: str, rng: np.random.Generator) -> gpd.GeoDataFrame:
    """The table `travel`: one row a stretch of road or path, a bus line, a ferry."""
    speed = {_MAIN: 40.0, _ROAD: 30.0, _PATH: np.nan, _BRIDGE: 40.0, _FERRY: np.nan}
    rows = []
    for (first, last), kind, km in zip(network.edges, network.kinds, network.km, strict=True):
        ferry = kind == _FERRY
        rows.append(
            {
                "kind": "ferry" if ferry else "path" if kind == _PATH else "road",
                "speed_kmh": speed[int(kind)],
                "minutes": round(60 * km / _FERRY_KMH + 4) if ferry else np.nan,
                "headway_min": int(rng.choice([30, 45, 60, 90])) if ferry else np.nan,
                "suspended_days": int(rng.integers(12, 45)) if ferry else np.nan,
                "geometry": LineString(network.nodes[[first, last]]),
            }
        )
    for number, line in enumerate(network.buses, start=1):
        headway = 10 if sum(cells.kinds[unit] is AreaKind.CITY for unit in line) > len(line) / 2 else 20
        rows.append(
            {
                "kind": "bus",
                "speed_kmh": 24.0,
                "minutes": np.nan,
                "headway_min": headway,
                "suspended_days": np.nan,
                "name": f"{number}路",
                "geometry": LineString(network.nodes[list(line)]),
            }
        )
    columns = ["kind", "speed_kmh", "minutes", "headway_min", "suspended_days", "name"]
    frame = pd.DataFrame(rows, columns=[*columns, "geometry"])
    return gpd.GeoDataFrame(frame, geometry="geometry", crs=crs)


def water_links(network: Network) -> list[tuple[int, int, str]]:
    """Pairs of units that a bridge or a ferry joins although their polygons do not touch."""
    words = {_BRIDGE: "bridge", _FERRY: "ferry"}
    return [
        (int(first), int(last), words[int(kind)])
        for (first, last), kind in zip(network.edges, network.kinds, strict=True)
        if int(kind) in words
    ]


def road_edges(network: Network) -> IntArray:
    """Edges that are roads or bridges, as pairs of units."""
    return network.edges[np.isin(network.kinds, (_MAIN, _ROAD, _BRIDGE))]


def _matrix(edges: IntArray, weight: FloatArray, count: int) -> coo_array:
    return coo_array((weight, (edges[:, 0], edges[:, 1])), shape=(count, count))


def _routes(matrix: coo_array, origin: int) -> tuple[FloatArray, IntArray]:
    """Kilometres from a unit to all units, and the unit before each on the way."""
    km, before = dijkstra(matrix, directed=False, indices=np.array([origin]), return_predecessors=True)
    return np.asarray(km[0]), np.asarray(before[0], dtype=np.int64)


def _neighbours(points: FloatArray) -> list[tuple[int, int]]:
    """Edges of the Delaunay triangulation; of few or aligned points, a chain."""
    try:
        triangles = Delaunay(points).simplices
    except (QhullError, ValueError):
        order = np.argsort(points[:, 0] + points[:, 1], kind="stable")
        return [(int(first), int(last)) for first, last in pairwise(order)]
    sides = np.sort(np.vstack([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [0, 2]]]), axis=1)
    return [(int(first), int(last)) for first, last in np.unique(sides, axis=0)]


def _land_edges(members: IntArray, cells: Cells, land: Land) -> list[tuple[int, int]]:
    """Gabriel graph of the units of one piece of land, without ways over water, kept in one piece."""
    if len(members) < 2:
        return []
    points = cells.nodes[members]
    ground = land.pieces[int(cells.pieces[members[0]])].buffer(20)
    candidates = _neighbours(points)
    tree = cKDTree(points)
    length = np.array([np.linalg.norm(points[first] - points[last]) for first, last in candidates])
    kept = []
    for (first, last), metres in zip(candidates, length, strict=True):
        nearest, _ = tree.query((points[first] + points[last]) / 2)
        if nearest >= metres / 2 - 1e-6 and ground.contains(LineString(points[[first, last]])):
            kept.append((first, last))
    # Shortest first: a minimum spanning tree over what is missing reconnects bays of the coast.
    groups = connected_components(_matrix(np.array(kept).reshape(-1, 2), np.ones(len(kept)), len(members)))[1]
    for place in np.argsort(length, kind="stable"):
        first, last = candidates[place]
        if groups[first] != groups[last]:
            kept.append((first, last))
            groups[groups == groups[last]] = groups[first]
    return [(int(members[first]), int(members[last])) for first, last in kept]


def _bridges(land: Land, cells: Cells) -> list[tuple[int, int]]:
    """Short crossings of the river, spaced out along it; every piece of the main land gets at least one."""
    members = np.flatnonzero(cells.pieces < land.mainland_pieces)
    if land.mainland_pieces < 2 or land.river is None:
        return []
    across = [
        (int(members[first]), int(members[last]))
        for first, last in _neighbours(cells.nodes[members])
        if cells.pieces[members[first]] != cells.pieces[members[last]]
    ]
    across.sort(key=lambda pair: float(np.linalg.norm(cells.nodes[pair[0]] - cells.nodes[pair[1]])))
    chosen: list[tuple[int, int]] = []
    joined = np.arange(land.mainland_pieces)
    for first, last in across:
        spot = cells.nodes[[first, last]].mean(axis=0)
        spots = [cells.nodes[list(pair)].mean(axis=0) for pair in chosen]
        apart = all(np.linalg.norm(spot - other) > _BRIDGE_GAP_M for other in spots)
        sides = joined[cells.pieces[[first, last]]]
        if sides[0] != sides[1] or (apart and len(chosen) < 8):
            chosen.append((first, last))
            joined[joined == sides[1]] = sides[0]
    return chosen


def _ferries(land: Land, cells: Cells) -> list[tuple[int, int]]:
    """One ferry an island, over the narrowest water to the land already joined."""
    lines = []
    joined = np.flatnonzero(cells.pieces < land.mainland_pieces)
    waiting = [np.flatnonzero(cells.pieces == number) for number in range(land.mainland_pieces, len(land.pieces))]
    while waiting:
        gaps = [np.linalg.norm(cells.nodes[isle][:, None] - cells.nodes[joined][None], axis=2) for isle in waiting]
        nearest = int(np.argmin([gap.min() for gap in gaps]))
        pier, quay = np.unravel_index(int(np.argmin(gaps[nearest])), gaps[nearest].shape)
        isle = waiting.pop(nearest)
        lines.append((int(joined[quay]), int(isle[pier])))
        joined = np.concatenate([joined, isle])
    return lines


def _grade(network: Network, cells: Cells, seats: IntArray) -> IntArray:
    """Main roads from the core to every township seat; paths where a village way is not needed to stay joined."""
    count = len(network.nodes)
    matrix = _matrix(network.edges, network.km, count)
    position = {(int(a), int(b)): place for place, (a, b) in enumerate(network.edges)}
    kinds = network.kinds.copy()
    _, before = _routes(matrix, int(seats[0]))
    for seat in seats[1:]:
        unit = int(seat)
        while before[unit] >= 0:
            step = (unit, int(before[unit]))
            place = position.get(step, position.get((step[1], step[0]), -1))
            kinds[place] = _MAIN if kinds[place] == _ROAD else kinds[place]
            unit = step[1]
    needed = {(int(min(a, b)), int(max(a, b))) for a, b in zip(*minimum_spanning_tree(matrix).nonzero(), strict=True)}
    for place, (first, last) in enumerate(network.edges):
        rural = cells.kinds[first] is AreaKind.VILLAGE and cells.kinds[last] is AreaKind.VILLAGE
        if kinds[place] == _ROAD and rural and (int(min(first, last)), int(max(first, last))) not in needed:
            kinds[place] = _PATH
    return kinds


def _bus_lines(network: Network, cells: Cells, land: Land, seats: IntArray) -> tuple[tuple[int, ...], ...]:
    """Lines from the farthest unserved unit to the core, or to the main place of an island, until nearly all are served."""
    passable = np.isin(network.kinds, (_MAIN, _ROAD, _BRIDGE))
    matrix = _matrix(network.edges[passable], network.km[passable], len(network.nodes))
    islands = [np.flatnonzero(cells.pieces == number) for number in range(land.mainland_pieces, len(land.pieces))]
    mainland = np.flatnonzero(cells.pieces < land.mainland_pieces)
    lines: list[tuple[int, ...]] = []
    hubs = [(mainland, int(seats[0]), 0.97)] + [(isle, int(isle[0]), 0.9) for isle in islands if len(isle) >= 4]
    for members, hub, wanted in hubs:
        km, before = _routes(matrix, hub)
        open_units = {int(unit) for unit in members if np.isfinite(km[unit])}
        most = (1 - wanted) * len(open_units)
        while len(open_units) > most:
            unit = max(sorted(open_units), key=lambda place: km[place])
            line = [unit]
            while line[-1] != hub:
                line.append(int(before[line[-1]]))
            if len(line) < 2:
                break
            lines.append(tuple(line))
            open_units -= set(line)
    return tuple(lines)
