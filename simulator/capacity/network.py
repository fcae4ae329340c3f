"""Journeys along the roads, paths, buses and ferries of the travel layer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from simulator.capacity.barriers import Barriers, BoolArray
from simulator.capacity.lines import Graph, build_graph
from simulator.capacity.places import FloatArray, entered
from simulator.scenario import AccessSettings

_AT_ONCE = 64
"""Schools searched from in one call, which bounds the memory of a large network."""
_SAME_MIN = 1e-6
"""Minutes below which two journeys are the same."""


@dataclass(frozen=True)
class Journeys:
    """Journeys of every unit to every site, matrices of shape (units, sites).

    Parameters
    ----------
    km
        Kilometres along the network, or straight × detour.
    walk, walk_young, transit, school_bus
        Minutes on foot, on foot without crossing barriers, by bus, by a school bus; inf = no way.
    walk_ferry, walk_young_ferry, transit_ferry
        Whether that journey takes a ferry.
    crosses
        Whether the shortest way on foot crosses a barrier.
    unjoined
        Ends of ferries that touch no other line.
    """

    km: FloatArray
    walk: FloatArray
    walk_young: FloatArray
    transit: FloatArray
    school_bus: FloatArray
    walk_ferry: BoolArray
    walk_young_ferry: BoolArray
    transit_ferry: BoolArray
    crosses: BoolArray
    unjoined: int = 0


def edge_minutes(graph: Graph, travel: gpd.GeoDataFrame, settings: AccessSettings) -> tuple[FloatArray, FloatArray]:
    """Minutes of every edge on foot and by bus; inf where that is not possible.

    Children walk on roads and paths, a bus runs on roads and bus lines, and both take ferries, each
    boarding with half the headway as wait. A stated time or speed slows a road or path down, never
    makes it faster than the setting; for bus lines and ferries it replaces the setting.
    """
    kind = travel["kind"].astype(str).to_numpy()[graph.row]
    stated = _stated_kmh(travel)[graph.row]
    km = graph.metres / 1000
    walking = np.fmin(np.where(kind == "path", stated, np.nan), settings.walking_kmh)
    riding = np.where(kind == "bus", np.where(np.isnan(stated), settings.bus_kmh, stated), settings.bus_kmh)
    riding = np.where(kind == "road", np.fmin(stated, settings.bus_kmh), riding)
    sailing = np.where(np.isnan(stated), settings.ferry_kmh, stated)
    headway = pd.to_numeric(entered(travel, "headway_min", 0.0)).to_numpy(np.float64)[graph.row]
    ferry = km / sailing * 60 + headway / 2
    on_foot = km / walking * 60
    walk = np.select([kind == "ferry", np.isin(kind, ["road", "path"])], [ferry, on_foot], np.inf)
    transit = np.select([kind == "ferry", kind == "path"], [ferry, on_foot], km / riding * 60)
    return walk, transit


def school_bus_minutes(graph: Graph, travel: gpd.GeoDataFrame, settings: AccessSettings) -> FloatArray:
    """Minutes of every edge by school bus, which runs wherever a bus may; paths are walked and no ferry is taken."""
    kind = travel["kind"].astype(str).to_numpy()[graph.row]
    stated = _stated_kmh(travel)[graph.row]
    km = graph.metres / 1000
    riding = np.fmin(np.where(kind == "road", stated, np.nan), settings.school_bus_kmh)
    walking = np.fmin(np.where(kind == "path", stated, np.nan), settings.walking_kmh)
    return np.select([kind == "ferry", kind == "path"], [np.inf, km / walking * 60], km / riding * 60)


def _stated_kmh(travel: gpd.GeoDataFrame) -> FloatArray:
    """Speed of each line by its stated minutes, else its stated speed, else NaN."""
    speed = pd.to_numeric(entered(travel, "speed_kmh", np.nan)).to_numpy(np.float64)
    minutes = pd.to_numeric(entered(travel, "minutes", np.nan)).to_numpy(np.float64)
    with np.errstate(divide="ignore"):
        timed = np.asarray(travel["geometry"].length, dtype=np.float64) / 1000 / (minutes / 60)
    return np.where(np.isnan(minutes), speed, timed)


def shortest(graph: Graph, weights: FloatArray, units: int) -> FloatArray:
    """Smallest sum of edge weights from every unit's joint to every site's, inf where there is none.

    Dijkstra outward from the sites, so that one search serves all units.

    Parameters
    ----------
    graph
        Network; its first `units` joints are units, the others sites.
    weights
        Weight of an edge, > 0, or inf for an edge that may not be used.
    units
        Number of units.

    Returns
    -------
    ndarray
        Shape (units, sites).
    """
    matrix = _matrix(graph, weights)
    sources = graph.joints[units:]
    result = np.empty((units, len(sources)))
    for first in range(0, len(sources), _AT_ONCE):
        batch = sources[first : first + _AT_ONCE]
        result[:, first : first + _AT_ONCE] = dijkstra(matrix, indices=batch)[:, graph.joints[:units]].T
    return result


def _matrix(graph: Graph, weights: FloatArray) -> csr_array:
    """Both directions of the usable edges; of parallel edges the cheapest, which a sparse matrix would add up."""
    usable = np.isfinite(weights)
    start = np.r_[graph.start[usable], graph.end[usable]]
    end = np.r_[graph.end[usable], graph.start[usable]]
    # A weight of nothing would be no edge.
    weight = np.maximum(np.r_[weights[usable], weights[usable]], 1e-9)
    order = np.lexsort((weight, end, start))
    start, end, weight = start[order], end[order], weight[order]
    cheapest = np.r_[True, (start[1:] != start[:-1]) | (end[1:] != end[:-1])] if len(start) else order
    size = len(graph.points)
    return csr_array((weight[cheapest], (start[cheapest], end[cheapest])), shape=(size, size))


def network_journeys(
    travel: gpd.GeoDataFrame,
    units: FloatArray,
    sites: FloatArray,
    detour: tuple[FloatArray, FloatArray],
    barriers: Barriers,
    settings: AccessSettings,
) -> Journeys:
    """Journeys along the travel layer.

    A place reaches the network by a walk of straight distance × detour. By bus, one wait is added to
    the ride. A place nearer to a site than both are to the network is walked to directly.

    Parameters
    ----------
    travel
        Lines of the travel layer, at least one.
    units, sites
        Points in metres, shapes (units, 2) and (sites, 2).
    detour
        Detour factors of the units and of the sites.
    barriers, settings
        Barriers and access settings.
    """
    count = len(units)
    graph = build_graph(travel, np.concatenate([units, sites]), barriers)
    access_km = graph.access_m / 1000 * np.concatenate(detour)
    to_network = access_km[:count, None] + access_km[None, count:]
    near = _Nearby.of(graph, units, sites, detour, barriers)
    search = _Search(graph, near, count, to_network / settings.walking_kmh * 60, settings)
    walk_edge, ride_edge = edge_minutes(graph, travel, settings)
    ferry = travel["kind"].astype(str).to_numpy()[graph.row] == "ferry"
    walkable = np.isfinite(walk_edge) & ~ferry
    closed = walkable & barriers.crossed(graph.points[graph.start], graph.points[graph.end])
    walk, walk_ferry = search.on_foot(walk_edge, ferry, young=False)
    strict, strict_ferry = walk, walk_ferry
    if closed.any() or near.crosses:
        strict, strict_ferry = search.on_foot(np.where(closed, np.inf, walk_edge), ferry, young=True)
    transit, transit_ferry = search.by_bus(ride_edge, ferry)
    collected = school_bus_minutes(graph, travel, settings)
    return Journeys(
        km=_kilometers(graph, near, to_network),
        walk=walk,
        walk_young=strict if barriers.binding else walk,
        transit=transit,
        school_bus=shortest(graph, collected, count) + search.access_min + settings.school_bus_wait_min,
        walk_ferry=walk_ferry,
        walk_young_ferry=strict_ferry if barriers.binding else walk_ferry,
        transit_ferry=transit_ferry,
        crosses=_farther(strict, walk),
        unjoined=graph.loose_piers,
    )


def network_km(
    travel: gpd.GeoDataFrame,
    units: FloatArray,
    places: FloatArray,
    detour: tuple[FloatArray, FloatArray],
    barriers: Barriers,
) -> FloatArray:
    """Kilometers of :func:`network_journeys` alone, shape (units, places)."""
    count = len(units)
    graph = build_graph(travel, np.concatenate([units, places]), barriers)
    access_km = graph.access_m / 1000 * np.concatenate(detour)
    near = _Nearby.of(graph, units, places, detour, barriers)
    return _kilometers(graph, near, access_km[:count, None] + access_km[None, count:])


def _kilometers(graph: Graph, near: _Nearby, to_network: FloatArray) -> FloatArray:
    return np.minimum(shortest(graph, graph.metres / 1000, len(to_network)) + to_network, near.km)


@dataclass(frozen=True)
class _Search:
    """Minutes of the best journeys on one network, and whether they take a ferry."""

    graph: Graph
    near: _Nearby
    units: int
    access_min: FloatArray
    settings: AccessSettings

    def on_foot(self, weights: FloatArray, ferry: BoolArray, *, young: bool) -> tuple[FloatArray, BoolArray]:
        direct = (self.near.km_young if young else self.near.km) / self.settings.walking_kmh * 60

        def minutes(usable: FloatArray) -> FloatArray:
            return np.minimum(shortest(self.graph, usable, self.units) + self.access_min, direct)

        return _with_ferry(minutes, weights, ferry)

    def by_bus(self, weights: FloatArray, ferry: BoolArray) -> tuple[FloatArray, BoolArray]:
        def minutes(usable: FloatArray) -> FloatArray:
            ride = shortest(self.graph, usable, self.units)
            return ride + self.access_min + self.settings.bus_wait_min

        return _with_ferry(minutes, weights, ferry)


def _with_ferry(
    minutes: Callable[[FloatArray], FloatArray], weights: FloatArray, ferry: BoolArray
) -> tuple[FloatArray, BoolArray]:
    """Minutes, and where they would be longer if no ferry sailed."""
    best = minutes(weights)
    if not ferry.any():
        return best, np.zeros(best.shape, dtype=np.bool_)
    return best, _farther(minutes(np.where(ferry, np.inf, weights)), best)


@dataclass(frozen=True)
class _Nearby:
    """Direct walks between places nearer to each other than to the network; inf for all others."""

    km: FloatArray
    km_young: FloatArray
    crosses: bool

    @classmethod
    def of(
        cls,
        graph: Graph,
        units: FloatArray,
        sites: FloatArray,
        detour: tuple[FloatArray, FloatArray],
        barriers: Barriers,
    ) -> _Nearby:
        gap = units[:, None, :] - sites[None, :, :]
        metres = np.hypot(gap[..., 0], gap[..., 1])
        access = graph.access_m[: len(units), None] + graph.access_m[None, len(units) :]
        unit, site = np.nonzero(metres <= access)
        km = np.full(metres.shape, np.inf)
        km[unit, site] = metres[unit, site] / 1000 * (detour[0][unit] + detour[1][site]) / 2
        crossed = barriers.crossed(units[unit], sites[site])
        young = km.copy()
        young[unit[crossed], site[crossed]] = np.inf
        return cls(km, young, bool(crossed.any()))


def _farther(first: FloatArray, second: FloatArray) -> BoolArray:
    """Whether the first journey takes longer than a second that exists."""
    return np.isfinite(second) & (first > second + _SAME_MIN)
