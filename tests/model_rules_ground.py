"""Checkers of the rules of connected ground on a drawn plan: written from the rules' words, apart from the model."""

from __future__ import annotations

import networkx as nx

from simulator.model.problem import Problem
from tests.model_brute_force import Drawn
from tests.model_replay import Shares, pairs


def ground(p: Problem) -> nx.Graph:
    """Units and who touches whom."""
    graph = nx.Graph()
    graph.add_nodes_from(range(len(p.units)))
    graph.add_edges_from(p.edges.tolist())
    return graph


def homes(p: Problem, section: int) -> int:
    return int(p.home[section]) if len(p.home) else -1


def is_away(p: Problem, section: int) -> bool:
    return bool(p.away[section]) if len(p.away) else False


def zones(p: Problem, goes: Shares, section: int) -> list[set[int]]:
    """Units of a section's catchment, grade by grade (most grades have the same ones)."""
    blocks = [code for code, block in enumerate(p.blocks) if block.whole and block.stage is p.sections[section].stage]
    found: dict[int, set[int]] = {}
    for code in blocks:
        for grade in (grade for band in p.blocks[code].bands for grade in band.grades):
            found.setdefault(grade, set()).update({p.blocks[code].unit} if goes[code].get(section, 0.0) > 0.5 else ())
    return list(found.values())


def catchment_connected(p: Problem, d: Drawn, phase: int, goes: Shares) -> bool:
    """Units of a catchment and the school's own hang together, but for pieces of exempt units only."""
    graph, number = ground(p), pairs(p)
    for s in range(len(p.sections)):
        for units in zones(p, goes, s):
            own = -1 if is_away(p, s) else homes(p, s)
            exempt = {
                p.blocks[block].unit
                for (block, section), pair in number.items()
                if section == s and ((len(p.detached) and p.detached[pair]) or not graph.degree(p.blocks[block].unit))
            }
            held = units | ({own} if own >= 0 else set())
            pieces = [
                piece for piece in nx.connected_components(graph.subgraph(held)) if own in piece or piece - exempt
            ]
            if len(pieces) > 1:
                return False
    return True


def catchment_holds_school(p: Problem, d: Drawn, phase: int, goes: Shares) -> bool:
    """A running school has its own unit, unless another of its stage that stands there has it."""
    for s, own in enumerate(p.sections):
        for code, block in enumerate(p.blocks):
            at_home = block.whole and block.unit == homes(p, s) and (code, s) in pairs(p) and not is_away(p, s)
            beside = [
                t for t, other in enumerate(p.sections) if other.stage is own.stage and homes(p, t) == homes(p, s)
            ]
            if at_home and d.open[phase][s] and not any(goes[code].get(t, 0.0) > 0.5 for t in beside):
                return False
    return True


PHASE = {"catchment_connected": catchment_connected, "catchment_holds_school": catchment_holds_school}
