"""Polygons, their borders, and colours that tell neighbours apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import networkx as nx
import numpy as np
import pandas as pd
import shapely
from matplotlib.colors import to_hex, to_rgb
from matplotlib.path import Path

# Okabe and Ito's colours, told apart by colour-blind readers, and mixes of them for maps of many neighbours.
OKABE_ITO = ("#56B4E9", "#E69F00", "#009E73", "#CC79A7", "#F0E442", "#D55E00", "#0072B2", "#999999")
_TINT = 0.55
_TOUCH_M = 1.0


def polygon_paths(shapes: Iterable[object]) -> list[Path]:
    """A drawable path for each polygon or multipolygon, holes included; an empty one for an empty shape."""
    return [_path(shape) for shape in shapes]


def _path(shape: object) -> Path:
    rings = [
        ring
        for part in shapely.get_parts(shape)
        if part.geom_type == "Polygon" and not part.is_empty
        for ring in (part.exterior, *part.interiors)
    ]
    if not rings:
        return Path(np.zeros((0, 2)))
    return Path.make_compound_path(*[Path(shapely.get_coordinates(ring), closed=True) for ring in rings])


def dissolve(shapes: pd.Series, groups: pd.Series) -> dict[str, object]:
    """Group → the union of its shapes; units without a group are left out."""
    named = pd.DataFrame({"shape": shapes, "group": groups.reindex(shapes.index)}).dropna()
    named = named[named["group"] != ""]
    return {
        str(group): shapely.union_all(rows["shape"].to_numpy()) for group, rows in named.groupby("group", sort=True)
    }


def neighbour_colours(*layers: Mapping[str, object]) -> dict[str, str]:
    """A light colour for every group such that no two that touch, in any of the layers, share one.

    Parameters
    ----------
    layers
        Group → shape, e.g. today's and the planned catchments: a group keeps its colour in all of them.

    Returns
    -------
    dict
        Group → colour.
    """
    return {group: tint(number) for group, number in neighbour_numbers(*layers).items()}


def neighbour_numbers(*layers: Mapping[str, object]) -> dict[str, int]:
    """A number from 0 up for every group such that no two that touch, in any of the layers, share one.

    Found by greedy graph colouring, largest saturation first.
    """
    graph: nx.Graph[str] = nx.Graph()
    for layer in layers:
        names = sorted(layer)
        graph.add_nodes_from(names)
        shapes = np.array([layer[name] for name in names], dtype=object)
        if len(shapes) == 0:
            continue
        first, second = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=_TOUCH_M)
        graph.add_edges_from((names[a], names[b]) for a, b in zip(first, second, strict=True) if a < b)
    return dict(sorted(nx.greedy_color(graph, strategy="DSATUR").items()))


def tint(number: int) -> str:
    """The n-th light colour; after the eighth, paler ones."""
    base = np.array(to_rgb(OKABE_ITO[number % len(OKABE_ITO)]))
    share = _TINT if number < len(OKABE_ITO) else 0.8
    red, green, blue = base * (1 - share) + share
    return to_hex((float(red), float(green), float(blue)))
