"""Where further sites bring every unit within reach at the least cost: set covering with classes, solved exactly."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import networkx as nx
import numpy as np
import numpy.typing as npt
import pulp

from simulator.model.compile import compile_model
from simulator.model.problem import FloatArray, IntArray
from simulator.model.solve import Limits, solve

# Nodes, not seconds: equal inputs give equal sites. Parts of real counties take a few.
_NODES = 5_000
_WHOLE = 0.5
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Choice:
    """Units without a site in reach, and places where one may open.

    Parameters
    ----------
    children
        Children of each unit, > 0, (units,).
    reach
        Whether a place is in reach of a unit, (units, places).
    site_yuan, class_yuan
        Yuan a year of a site and of each of its classes, (places,).
    most_classes
        Most classes of a place, (places,).
    class_size
        Children of a class.
    """

    children: FloatArray
    reach: BoolArray
    site_yuan: FloatArray
    class_yuan: FloatArray
    most_classes: IntArray
    class_size: float


@dataclass(frozen=True)
class Chosen:
    """The cheapest sites.

    Parameters
    ----------
    classes
        Classes of each place, 0 where none opens, (places,).
    share
        Share of the children of a unit that a place takes, (units, places); a unit that nothing can reach has none.
    yuan, bound
        Yuan a year, and what no choice is below: the same number where the choice is proven.
    """

    classes: IntArray
    share: FloatArray
    yuan: float
    bound: float


def choose_sites(choice: Choice) -> Chosen:
    r"""The sites with classes that take every child within reach at the least cost a year.

    With :math:`y_j` place j opens, :math:`n_j` its classes and :math:`x_{uj}` the share of unit u that it takes,

    .. math:: \min \sum_j (s_j y_j + c_j n_j), \quad \sum_j x_{uj} = 1, \quad x_{uj} \le y_j, \quad
              \sum_u a_u x_{uj} \le k n_j, \quad y_j \le n_j \le N_j y_j

    Units that share no place are solved apart. Units that nothing can reach are left out, and so are those of a part whose
    places have too few classes for its children.

    Parameters
    ----------
    choice
        Units and places.

    Returns
    -------
    Chosen
        Classes and shares by place.
    """
    classes = np.zeros(choice.reach.shape[1], dtype=np.int64)
    share = np.zeros(choice.reach.shape)
    yuan = bound = 0.0
    for units, places in _parts(choice.reach):
        found, taken, cost, least = _solved(choice, units, places)
        classes[places] = found
        share[np.ix_(units, places)] = taken
        yuan, bound = yuan + cost, bound + least
    return Chosen(classes, share, yuan, bound)


def _parts(reach: BoolArray) -> Iterator[tuple[IntArray, IntArray]]:
    """Units that share places, directly or by others, with these places; units that nothing reaches are left out."""
    graph = nx.Graph()
    graph.add_edges_from((("unit", int(unit)), ("place", int(place))) for unit, place in np.argwhere(reach))
    for part in nx.connected_components(graph):
        own = {kind: sorted(number for name, number in part if name == kind) for kind in ("unit", "place")}
        yield np.array(own["unit"], dtype=np.int64), np.array(own["place"], dtype=np.int64)


def _solved(choice: Choice, units: IntArray, places: IntArray) -> tuple[IntArray, FloatArray, float, float]:
    """Classes, shares, cost and bound of a part."""
    reach = choice.reach[np.ix_(units, places)]
    lp, opens, counts, takes = _declared(choice, units, places, reach)
    compiled = compile_model(lp)
    solved = solve(compiled, Limits(seconds=math.inf, gap=0.0, nodes=_NODES, seed=1))
    classes, share = np.zeros(len(places), dtype=np.int64), np.zeros(reach.shape)
    if not len(solved.values):
        return classes, share, 0.0, 0.0
    for place, (opened, count) in enumerate(zip(opens, counts, strict=True)):
        if solved.values[compiled.position[opened.name]] > _WHOLE:
            classes[place] = round(solved.values[compiled.position[count.name]])
    for (unit, place), variable in takes.items():
        share[unit, place] = solved.values[compiled.position[variable.name]]
    # Nine digits: the rest is the solver's rounding.
    return classes, np.round(share, 9) + 0.0, solved.objective, min(solved.bound, solved.objective)


def _declared(
    choice: Choice, units: IntArray, places: IntArray, reach: BoolArray
) -> tuple[pulp.LpProblem, list[pulp.LpVariable], list[pulp.LpVariable], dict[tuple[int, int], pulp.LpVariable]]:
    lp = pulp.LpProblem("sites_in_reach", pulp.LpMinimize)
    most = [int(choice.most_classes[place]) for place in places]
    opens = [pulp.LpVariable(f"open_{place}", cat=pulp.LpBinary) for place in range(len(places))]
    counts = [pulp.LpVariable(f"classes_{place}", 0, limit, cat=pulp.LpInteger) for place, limit in enumerate(most)]
    takes = {
        (int(unit), int(place)): pulp.LpVariable(f"takes_{unit}_{place}", 0, 1) for unit, place in np.argwhere(reach)
    }
    lp.setObjective(
        pulp.lpSum(
            float(choice.site_yuan[place]) * opened + float(choice.class_yuan[place]) * count
            for place, opened, count in zip(places, opens, counts, strict=True)
        )
    )
    for unit in range(len(units)):
        own = [variable for (one, _place), variable in takes.items() if one == unit]
        lp.addConstraint(pulp.lpSum(own) == 1, f"taken_{unit}")
    for place, (opened, count) in enumerate(zip(opens, counts, strict=True)):
        own_units = [(unit, variable) for (unit, one), variable in takes.items() if one == place]
        taken = pulp.lpSum(float(choice.children[units[unit]]) * variable for unit, variable in own_units)
        lp.addConstraint(taken <= choice.class_size * count, f"seats_{place}")
        lp.addConstraint(count >= opened, f"some_{place}")
        lp.addConstraint(count <= most[place] * opened, f"most_{place}")
        for unit, variable in own_units:
            lp.addConstraint(variable <= opened, f"opened_{unit}_{place}")
    return lp, opens, counts, takes
