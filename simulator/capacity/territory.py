"""Neighbouring units, the units in which schools stand, and what of today's catchments is not connected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import networkx as nx
import numpy as np
import pandas as pd

from simulator.capacity.adjacency import given_as_points, unit_edges
from simulator.capacity.places import home_units
from simulator.capacity.supply import Catchments, Supply
from simulator.inputs.district import District
from simulator.language import plural
from simulator.language import translate as _
from simulator.terms import WHOLE_UNIT_REGIMES

_NAMED = 8
"""Names in a sentence; further ones are counted."""


@dataclass(frozen=True)
class Territory:
    """The ground on which catchments are drawn.

    Parameters
    ----------
    edges
        unit_a, unit_b, kind (`touch`, `ferry`, `bridge`): neighbouring units, each pair once.
    homes
        Index `site_id` → the unit in which the site stands, or the nearest.
    parts
        Index `unit_id` → number of the connected part of the district that the unit belongs to; units of different
        parts are joined by no chain of neighbours.
    detached
        band, section_id, unit_id: units zoned to a section by the catchments table but cut off from the rest of its catchment.
    away
        band, section_id: sections whose own unit the catchments table zones to another school.
    assumptions
        What was assumed, in the planner's words.
    """

    edges: pd.DataFrame
    homes: pd.Series
    parts: pd.Series
    detached: pd.DataFrame
    away: pd.DataFrame
    assumptions: tuple[str, ...]


def build_territory(district: District, supply: Supply, catchments: Catchments) -> Territory:
    """Work out neighbours, the units of the schools, and which parts of today's catchments are exempt from connection.

    A catchment of today is what its section serves of a band, whether listed or inferred. Its main piece
    is the one that holds or touches the section's own unit where several sections share that unit, the one that
    holds it otherwise, and else the largest. Units of other pieces are `detached` where the catchments
    table puts them there: what is only inferred binds nobody.

    Parameters
    ----------
    district
        units and adjacency.
    supply
        Sites and sections.
    catchments
        Catchments of today, by band.

    Returns
    -------
    Territory
        Edges in the order of the units; one home a site.
    """
    units = district.units["unit_id"].astype(str)
    edges = unit_edges(district)
    graph = nx.Graph()
    graph.add_nodes_from(units)
    graph.add_edges_from(zip(edges["unit_a"], edges["unit_b"], strict=True))
    places = supply.sites[["x", "y"]].to_numpy(np.float64)
    homes = pd.Series(
        units.to_numpy()[home_units(district.units, places)] if len(places) else [],
        index=supply.sites.index,
        name="unit_id",
        dtype=object,
    )
    detached, away = _exempt(graph, homes, supply, catchments)
    pieces = sorted(nx.connected_components(graph), key=len, reverse=True)
    parts = {unit: number for number, piece in enumerate(pieces) for unit in piece}
    return Territory(
        edges=edges,
        homes=homes,
        parts=units.map(parts).set_axis(pd.Index(units, name="unit_id")).rename("part").astype(np.int64),
        detached=detached,
        away=away,
        assumptions=_assumptions(district, supply, pieces, detached, away),
    )


def main_piece(graph: nx.Graph, units: Iterable[str], home: str, *, shared: bool) -> set[str]:
    """Units of a catchment that hang together with its school.

    Parameters
    ----------
    graph
        Neighbouring units.
    units
        The catchment, in a fixed order.
    home
        Unit of the school.
    shared
        Whether other schools of the band stand in that unit: then it is enough that the catchment touches it.

    Returns
    -------
    set
        The piece that holds the home (or touches it, if `shared`), else the largest piece, the first of several.
    """
    members = list(units)
    own = set(members)
    if home in own or (shared and not own.isdisjoint(graph.adj[home])):
        joined = nx.node_connected_component(graph.subgraph(own | {home}), home)
        return {str(unit) for unit in joined} & own
    found: set[str] = set()
    left = dict.fromkeys(members)
    while left:
        piece = nx.node_connected_component(graph.subgraph(own), next(iter(left)))
        found = piece if len(piece) > len(found) else found
        left = {unit: None for unit in left if unit not in piece}
    return found


def _exempt(
    graph: nx.Graph, homes: pd.Series, supply: Supply, catchments: Catchments
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Detached units, and sections that do not hold their own unit, as the catchments table has them."""
    table = catchments.table
    regimes = supply.sections["regime"].reindex(table["section_id"])
    table = table[regimes.isin(WHOLE_UNIT_REGIMES).to_numpy()]
    stated = set(table.loc[~table["derived"].astype(bool), ["band", "unit_id"]].itertuples(index=False, name=None))
    home = homes.reindex(supply.sections["site_id"]).set_axis(supply.sections.index)
    served = table[["band", "section_id"]].drop_duplicates()
    standing = Counter(zip(served["band"], home[served["section_id"]], strict=True))
    detached: list[tuple[str, str, str]] = []
    away: list[tuple[str, str]] = []
    for key, rows in table.groupby(["band", "section_id"], sort=False):
        band, section = map(str, key)
        units, own = rows["unit_id"].astype(str).tolist(), str(home[section])
        shared = standing[band, own] > 1
        main = main_piece(graph, units, own, shared=shared)
        detached += [(band, section, unit) for unit in units if unit not in main and (band, unit) in stated]
        held = own in main or (shared and not main.isdisjoint(graph.adj[own]))
        if not held and (band, own) in stated:
            away.append((band, section))
    return (
        pd.DataFrame(detached, columns=["band", "section_id", "unit_id"], dtype=str),
        pd.DataFrame(away, columns=["band", "section_id"], dtype=str),
    )


def _assumptions(
    district: District, supply: Supply, pieces: Sequence[set[str]], detached: pd.DataFrame, away: pd.DataFrame
) -> tuple[str, ...]:
    names = dict(zip(district.units["unit_id"].astype(str), district.units["name"].astype(str), strict=True))
    sentences = []
    if given_as_points(district):
        sentences.append(
            plural(
                "{count} 个单元只有点位：以泰森多边形（各点最近的范围）相接为相邻", given_as_points(district)
            ).format(count=given_as_points(district))
        )
    islands = [unit for unit in names for piece in pieces[1:] if unit in piece]
    if islands:
        sentences.append(
            _("{units}与其余单元不相邻，招生范围不要求相连；有轮渡或桥隧的请填 adjacency 表").format(
                units=_listed([names[unit] for unit in islands])
            )
        )
    if len(detached):
        sentences.append(
            _("现状招生范围中 {units}与学校不相连（飞地），规划中仍可划入该校").format(
                units=_listed([names[unit] for unit in dict.fromkeys(detached["unit_id"])])
            )
        )
    if len(away):
        schools = supply.sections["name"].reindex(away["section_id"].unique())
        sentences.append(
            _("{schools}所在的单元现划入其他学校，规划中不要求划入本校").format(
                schools=_listed([str(name) for name in schools])
            )
        )
    return tuple(sentences)


def _listed(names: Sequence[str]) -> str:
    shown = _("、").join(names[:_NAMED])
    return shown if len(names) <= _NAMED else _("{names} 等 {count} 个").format(names=shown, count=len(names))
