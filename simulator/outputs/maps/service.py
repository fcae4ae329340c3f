"""服务半径覆盖图: how far children walk to the nearest school, along the network and around barriers."""

from __future__ import annotations

from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from simulator.capacity.barriers import Barriers, cut_barriers, lawful_km
from simulator.capacity.lines import Graph, build_graph
from simulator.capacity.places import entered, home_units
from simulator.indicators.coverage import radius_m
from simulator.outputs.maps.location import Ways, ways
from simulator.outputs.maps.missing import Missing
from simulator.outputs.maps.shapes import Bounds
from simulator.result import Result
from simulator.terms import Network, Stage, Terrain

# A radius spans this many cells of the grid, as long as about so many have to be measured.
_CELLS_A_RADIUS, _MOST_CELLS = 10, 8_000
_WALKED = ("road", "path")


@dataclass(frozen=True)
class Service:
    """What the service areas of a stage are measured with.

    Parameters
    ----------
    year
        The year whose schools count.
    sites
        site_ids of the open schools.
    radius, detour
        Service radius in metres and detour factor of every unit, in the order of the units.
    radii
        Kind of area → radius in metres, of the kinds that there are.
    travel
        Roads and paths; empty where distances are straight lines × detour.
    barriers
        Barriers that children of the stage do not cross away from a crossing.
    units
        Units as read.
    ways
        Lines of barriers, for the map.
    covered
        Share of the children within the radius, as the indicators have it; NaN where unknown.
    """

    year: int
    sites: tuple[str, ...]
    radius: np.ndarray
    detour: np.ndarray
    radii: dict[str, float]
    travel: gpd.GeoDataFrame
    barriers: Barriers
    units: gpd.GeoDataFrame
    ways: Ways
    covered: float


@dataclass(frozen=True)
class Field:
    """A grid of metres on foot ÷ service radius: NaN beyond reach, as rows of y and columns of x."""

    x: np.ndarray
    y: np.ndarray
    share: np.ndarray = field(repr=False)


def service(result: Result, stage: str, *, planned: bool) -> Service | Missing:
    """Take from a run what the service areas of a stage need: today's schools, or those of the target year."""
    horizon, district = result.scenario.horizon, result.district
    year = horizon.target_year if planned else horizon.base_year
    plan = result.plan.sections
    running = plan[(plan["phase"] == result.plan.phase_of(year)) & plan["open"].astype(bool)]["section_id"]
    sections = result.supply.sections.reindex(running)
    sites = tuple(sections.loc[(sections["stage"] == stage).to_numpy(), "site_id"].drop_duplicates().astype(str))
    kinds = district.units["area_kind"].astype(str)
    radii = {kind: radius_m(result.standards, Stage(stage), kind) for kind in kinds.drop_duplicates()}
    settings = result.scenario.access
    terrain = entered(district.units, "terrain", Terrain.PLAIN.value)
    travel = district.travel
    if len(travel):
        travel = travel[travel["kind"].isin(_WALKED)].reset_index(drop=True)
    young = stage != Stage.JUNIOR
    return Service(
        year=year,
        sites=sites,
        radius=kinds.map(radii).to_numpy(dtype=float),
        detour=np.array([settings.detour[word] for word in terrain], dtype=float),
        radii=radii,
        travel=travel,
        barriers=cut_barriers(district.barriers if young else district.barriers[:0], district.crossings),
        units=district.units,
        ways=ways(result),
        covered=_covered(result, stage, year),
    )


def _covered(result: Result, stage: str, year: int) -> float:
    rows = result.indicators.coverage
    rows = rows[(rows["network"] == Network.PLAN) & (rows["year"] == year) & (rows["township"] == "")]
    rows = rows[rows["stage"] == stage]
    return float(rows["share"].iloc[0]) if len(rows) else float("nan")


def service_field(found: Service, schools: np.ndarray, window: Bounds) -> Field:
    """Metres on foot to the nearest school ÷ service radius, on a grid over a part of the district.

    The way leads by the nearest road or path, walked to in a straight line × detour, or straight to a
    school that is nearer than the roads; neither crosses a barrier away from its crossings.

    Parameters
    ----------
    found
        What is measured with.
    schools
        Points of the open schools, metres, shape (schools, 2).
    window
        West, south, east, north.

    Returns
    -------
    Field
        Only cells within the largest radius of a school, in a straight line, are measured.
    """
    west, south, east, north = window
    largest = float(found.radius.max())
    measured = min((east - west) * (north - south), len(schools) * np.pi * largest**2)
    side = max(float(found.radius.min()) / _CELLS_A_RADIUS, float(np.sqrt(measured / _MOST_CELLS)))
    x, y, near = _cells(window, schools, side, largest)
    share = np.full(near.shape, np.nan)
    if near.any():
        columns, rows = np.meshgrid(x, y)
        points = np.column_stack([columns[near], rows[near]])
        share[near] = metres_on_foot(found, points, schools) / found.radius[home_units(found.units, points)]
    return Field(x, y, share)


def _cells(window: Bounds, schools: np.ndarray, side: float, reach: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    west, south, east, north = window
    x, y = np.arange(west, east + side, side), np.arange(south, north + side, side)
    columns, rows = np.meshgrid(x, y)
    if len(schools) == 0:
        return x, y, np.zeros(columns.shape, dtype=bool)
    off, _nearest = cKDTree(schools).query(
        np.column_stack([columns.ravel(), rows.ravel()]), distance_upper_bound=reach + 1.5 * side
    )
    return x, y, np.isfinite(off).reshape(columns.shape)


def metres_on_foot(found: Service, points: np.ndarray, schools: np.ndarray) -> np.ndarray:
    """Metres on foot from every point to its nearest school, both of shape (n, 2); inf where there is no way."""
    cells = len(points)
    detour = found.detour[home_units(found.units, np.concatenate([points, schools]))]
    if len(found.travel) == 0:
        straight, _crosses = lawful_km(found.barriers, points, schools)
        factor = (detour[:cells, None] + detour[None, cells:]) / 2
        return np.asarray((straight * factor).min(axis=1) * 1000)
    graph = build_graph(found.travel, np.concatenate([points, schools]), found.barriers)
    access = graph.access_m * detour
    by_road = _by_road(found, graph, access, cells)
    off, nearest = cKDTree(schools).query(points)
    direct = off <= graph.access_m[:cells] + graph.access_m[cells:][nearest]
    direct &= ~found.barriers.crossed(points, schools[nearest])
    straight = np.where(direct, off * (detour[:cells] + detour[cells:][nearest]) / 2, np.inf)
    return np.asarray(np.minimum(by_road, straight))


def _by_road(found: Service, graph: Graph, access: np.ndarray, cells: int) -> np.ndarray:
    """Metres by road: one search outward from all schools, each entered from a node of its own at its distance."""
    usable = ~found.barriers.crossed(graph.points[graph.start], graph.points[graph.end])
    size, schools = len(graph.points), len(access) - cells
    doors = size + np.arange(schools)
    start = np.concatenate([graph.start[usable], graph.end[usable], doors])
    end = np.concatenate([graph.end[usable], graph.start[usable], graph.joints[cells:]])
    metres = np.concatenate([graph.metres[usable], graph.metres[usable], access[cells:]])
    order = np.lexsort((metres, end, start))
    start, end, metres = start[order], end[order], np.maximum(metres[order], 1e-6)
    # Of parallel edges the shortest: a sparse matrix would add them up.
    first = np.r_[True, (start[1:] != start[:-1]) | (end[1:] != end[:-1])]
    matrix = csr_array((metres[first], (start[first], end[first])), shape=(size + schools, size + schools))
    found_m = dijkstra(matrix, indices=doors, min_only=True)
    return np.asarray(found_m[graph.joints[:cells]] + access[:cells])


def inside(units: gpd.GeoDataFrame) -> object:
    """The district as one shape, to which the areas are clipped."""
    return shapely.union_all(units.geometry.to_numpy())


def site_points(sites: pd.DataFrame, site_ids: tuple[str, ...]) -> np.ndarray:
    """Points of the sites that the view has, metres, shape (sites, 2)."""
    known = sites.index.intersection(pd.Index(site_ids))
    return sites.loc[known, ["x", "y"]].to_numpy(dtype=float)
