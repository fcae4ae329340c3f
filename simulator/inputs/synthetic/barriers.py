"""Invented barriers: a river, a main road, and where young children may cross them."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
from shapely.geometry import LineString, Point

from simulator.inputs.synthetic.geography import Cells, Land
from simulator.inputs.synthetic.invention import Invention
from simulator.inputs.synthetic.network import Network, road_edges
from simulator.terms import AreaKind


def draw_barriers(
    spec: Invention, land: Land, cells: Cells, network: Network
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """The river with its bridges, and a main road through the town core that is crossed at every second street."""
    lines: list[tuple[str, str, LineString]] = []
    spots: list[tuple[str, Point]] = []
    streets = [LineString(network.nodes[pair]) for pair in road_edges(network)]
    if land.river is not None:
        ground = land.pieces[: land.mainland_pieces]
        across = [line.intersection(land.river) for line in streets]
        spots += [("桥", point) for point in _points(across)]
        box = gpd.GeoSeries(list(ground)).union_all().buffer(300)
        lines.append(("河道", "河流", land.river.intersection(box)))
    if spec.barrier_road:
        road = _main_road(spec, land, cells)
        lines.append(("过境公路", "公路", road))
        across = _points([line.intersection(road) for line in streets])
        spots += [("过街天桥", point) for point in sorted(across, key=lambda point: point.x)[::2]]
    barriers = gpd.GeoDataFrame(
        {"kind": [kind for _, kind, _ in lines], "name": [name for name, _, _ in lines]},
        geometry=[line for _, _, line in lines],
        crs=spec.crs,
    )
    crossings = gpd.GeoDataFrame(
        {"name": [f"{kind}{number}" for number, (kind, _) in enumerate(spots, start=1)]},
        geometry=[point for _, point in spots],
        crs=spec.crs,
    )
    return barriers, crossings


def _main_road(spec: Invention, land: Land, cells: Cells) -> LineString:
    """A straight road from west to east south of the middle of the town core, as wide as the core."""
    city = cells.nodes[[kind is AreaKind.CITY for kind in cells.kinds]]
    low, high = city.min(axis=0), city.max(axis=0)
    north = land.core[1] - 0.18 * (high[1] - low[1])
    return LineString(np.round([[low[0] - 400, north + 90], [high[0] + 400, north - 120]], 1))


def _points(shapes: list[object]) -> list[Point]:
    """The points among intersections."""
    return [shape for shape in shapes if isinstance(shape, Point) and not shape.is_empty]
