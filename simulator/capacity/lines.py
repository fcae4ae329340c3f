"""The travel layer as a graph: nodes where lines meet, edges between them, and where a place joins it."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from simulator.capacity.barriers import Barriers
from simulator.capacity.places import FloatArray, IntArray

SNAP_M = 1.0
"""The end of a line meets whatever lies within this distance."""
_NEXT_NEAREST = 50
"""Further joints tried for a place whose nearest one lies behind a barrier."""


@dataclass(frozen=True)
class Segments:
    """Straight pieces of the lines; a ferry is one piece from pier to pier.

    Parameters
    ----------
    starts, ends
        Points in metres, shape (segments, 2).
    metres
        Length; of a ferry the length of its whole line.
    row
        Row of the travel table.
    ferry, walkable
        Whether the piece is a ferry; whether children walk along it (roads and paths).
    """

    starts: FloatArray
    ends: FloatArray
    metres: FloatArray
    row: IntArray
    ferry: npt.NDArray[np.bool_]
    walkable: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Graph:
    """Nodes and edges of the travel layer with the joints of the places in it.

    Parameters
    ----------
    start, end
        Nodes of an edge, shape (edges,).
    metres, row
        Length of an edge and its row of the travel table.
    points
        Node → metres, shape (nodes, 2).
    joints
        Place → node where it joins, shape (places,).
    access_m
        Place → straight metres to its joint.
    loose_piers
        Ends of ferries that touch no other line.
    """

    start: IntArray
    end: IntArray
    metres: FloatArray
    row: IntArray
    points: FloatArray
    joints: IntArray
    access_m: FloatArray
    loose_piers: int


def cut_lines(travel: gpd.GeoDataFrame) -> Segments:
    """Cut the lines of the travel table into straight pieces."""
    shapes = np.asarray(travel["geometry"], dtype=object)
    parts, row = shapely.get_parts(shapes, return_index=True)
    kind = travel["kind"].astype(str).to_numpy()
    starts, ends, metres, rows = [], [], [], []
    for line, number in zip(parts, row.tolist(), strict=True):
        points = shapely.get_coordinates(line)
        if kind[number] == "ferry":
            points, lengths = points[[0, -1]], [line.length]
        else:
            lengths = list(np.hypot(*np.diff(points, axis=0).T))
        starts.append(points[:-1])
        ends.append(points[1:])
        metres += lengths
        rows += [number] * len(lengths)
    owner = np.asarray(rows, dtype=np.int64)
    return Segments(
        np.concatenate(starts),
        np.concatenate(ends),
        np.asarray(metres, dtype=np.float64),
        owner,
        kind[owner] == "ferry",
        np.isin(kind[owner], ["road", "path"]),
    )


def build_graph(travel: gpd.GeoDataFrame, places: FloatArray, barriers: Barriers) -> Graph:
    """Graph of the travel layer in which every place has a joint.

    Lines meet at shared vertices and where the end of one lies within 1 m of another. A place joins at
    the nearest point of a road or path, or at a pier; a joint behind a barrier gives way to the
    nearest one on the place's own side.

    Parameters
    ----------
    travel
        Lines with `kind`: road, path, bus or ferry.
    places
        Points in metres, shape (places, 2): units and sites.
    barriers
        Barriers of the district.
    """
    segments = cut_lines(travel)
    tips = _line_tips(segments)
    target, position, access = _join(segments, places, barriers)
    tee, tee_position = _tees(segments, tips)
    count = len(segments.metres)
    # Every cut of a segment: its start, its end, the joints on it, the tips of other lines that meet it.
    segment = np.concatenate([np.arange(count), np.arange(count), target, tee])
    fraction = np.concatenate([np.zeros(count), np.ones(count), position, tee_position])
    points = segments.starts[segment] + fraction[:, None] * (segments.ends - segments.starts)[segment]
    node, merged, loose = _merge(points, segments, tips)
    order = np.lexsort((fraction, segment))
    same = segment[order][1:] == segment[order][:-1]
    first, second = order[:-1][same], order[1:][same]
    owner = segment[first]
    edge = node[first] != node[second]
    return Graph(
        start=node[first][edge],
        end=node[second][edge],
        metres=((fraction[second] - fraction[first]) * segments.metres[owner])[edge],
        row=segments.row[owner][edge],
        points=merged,
        joints=node[2 * count : 2 * count + len(places)],
        access_m=access,
        loose_piers=loose,
    )


def _line_tips(segments: Segments) -> FloatArray:
    """First and last points of the lines."""
    first = np.r_[True, segments.row[1:] != segments.row[:-1]] | _breaks(segments)
    last = np.r_[first[1:], True]
    return np.concatenate([segments.starts[first], segments.ends[last]])


def _breaks(segments: Segments) -> npt.NDArray[np.bool_]:
    """Pieces that do not go on where the one before ended: further parts of a line."""
    return np.asarray(np.r_[True, (segments.starts[1:] != segments.ends[:-1]).any(axis=1)])


def _tees(segments: Segments, tips: FloatArray) -> tuple[IntArray, FloatArray]:
    """Segments that the tip of a line meets between their ends, and where (fraction of their length)."""
    land = np.flatnonzero(~segments.ferry)
    if not len(land):
        return np.empty(0, dtype=np.int64), np.empty(0)
    shapes = shapely.linestrings(np.stack([segments.starts, segments.ends], axis=1)[land])
    tip, near = shapely.STRtree(shapes).query(shapely.points(tips), predicate="dwithin", distance=SNAP_M)
    position = shapely.line_locate_point(shapes[near], shapely.points(tips[tip]), normalized=True)
    between = (position > 0) & (position < 1)
    return land[near[between]], position[between]


def _join(segments: Segments, places: FloatArray, barriers: Barriers) -> tuple[IntArray, FloatArray, FloatArray]:
    """Segment, position on it and straight metres at which each place joins the network."""
    walked = segments.walkable if segments.walkable.any() else ~segments.ferry
    lines, ferries = np.flatnonzero(walked), np.flatnonzero(segments.ferry)
    # A pier is a segment's start or end; as a candidate it is a point.
    shapes = np.concatenate(
        [
            shapely.linestrings(np.stack([segments.starts, segments.ends], axis=1)[lines]),
            shapely.points(segments.starts[ferries]),
            shapely.points(segments.ends[ferries]),
        ]
    )
    owner = np.concatenate([lines, ferries, ferries])
    pier = np.concatenate([np.full(len(lines), np.nan), np.zeros(len(ferries)), np.ones(len(ferries))])
    points = shapely.points(places)
    chosen = np.asarray(shapely.STRtree(shapes).nearest(points), dtype=np.int64)
    foot = shapely.get_coordinates(shapely.shortest_line(points, shapes[chosen]))[1::2]
    for place in np.flatnonzero(barriers.crossed(places, foot)).tolist():
        near = np.argsort(shapely.distance(points[place], shapes), kind="stable")[:_NEXT_NEAREST]
        feet = shapely.get_coordinates(shapely.shortest_line(points[place], shapes[near]))[1::2]
        free = near[~barriers.crossed(np.broadcast_to(places[place], feet.shape), feet)]
        chosen[place] = free[0] if len(free) else chosen[place]
    segment = owner[chosen]
    whole = shapely.linestrings(np.stack([segments.starts, segments.ends], axis=1)[segment])
    located = shapely.line_locate_point(whole, points, normalized=True)
    position = np.where(np.isnan(pier[chosen]), located, pier[chosen])
    return segment, position, np.asarray(shapely.distance(points, shapes[chosen]))


def _merge(points: FloatArray, segments: Segments, tips: FloatArray) -> tuple[IntArray, FloatArray, int]:
    """Node of every cut, the points of the nodes, and the piers that touch no other line."""
    rounded, node = np.unique(np.round(points, 2), axis=0, return_inverse=True)
    node = node.reshape(-1)
    tree = cKDTree(rounded)
    within = cKDTree(tips).sparse_distance_matrix(tree, SNAP_M, output_type="coo_matrix")
    own = np.asarray(tree.query(tips)[1])
    pairs = np.stack([own[within.row], within.col], axis=1)
    links = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(rounded),) * 2)
    count, group = connected_components(links, directed=False)
    merged = np.zeros((count, 2))
    merged[group] = rounded
    land = np.flatnonzero(~segments.ferry)
    total = len(segments.metres)
    on_land = np.zeros(count, dtype=np.bool_)
    on_land[group[node[np.r_[land, land + total]]]] = True
    piers = np.flatnonzero(segments.ferry)
    return group[node].astype(np.int64), merged, int((~on_land[group[node[np.r_[piers, piers + total]]]]).sum())
