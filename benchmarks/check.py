"""The check of a solution, from the published instance and the solution alone; nothing of the planner is imported."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import networkx as nx
import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks.instances import FloatArray, Instance, Task

Mask = npt.NDArray[np.bool_]
SOLUTION_COLUMNS = ("unit", "school", "share")
_TOLERANCE = 1e-6


@dataclass(frozen=True)
class Verdict:
    """What the check says of a solution.

    Parameters
    ----------
    objective
        Fixed cost of the schools used + cost of serving the units; NaN where a unit or school is unknown.
    feasible
        It satisfies every rule of its problem.
    connected
        The units of every school are connected; None where the instance has no adjacency.
    faults
        One sentence a kind of fault.
    """

    objective: float
    feasible: bool
    connected: bool | None
    faults: tuple[str, ...]


def read_solution(path: Path) -> pd.DataFrame:
    """A solution file: unit, school, share."""
    return pd.read_csv(path, dtype={"unit": str, "school": str, "share": float}, keep_default_na=False)


def check(solution: pd.DataFrame, task: Task) -> Verdict:
    """Check a solution against its instance.

    Parameters
    ----------
    solution
        unit, school, share.
    task
        The instance and the rules that hold.
    """
    instance = task.instance
    faults = [
        f"{len(unknown)} {what} unknown: {', '.join(map(str, unknown[:3]))}"
        for what, column, names in (("units", "unit", instance.units), ("schools", "school", instance.schools))
        if (unknown := sorted(set(solution[column]) - set(names)))
    ]
    if faults:
        return Verdict(float("nan"), feasible=False, connected=None, faults=tuple(faults))
    shares = _shares(solution, instance)
    used = shares.sum(axis=0) > _TOLERANCE
    faults += _not_served(shares, task)
    faults += _overloaded(shares, instance)
    faults += _wrong_number(used, task)
    if task.holds_school:
        faults += _without_own_unit(shares, used, instance)
    apart = _apart(shares, used, instance)
    if task.connected:
        faults += apart
    return Verdict(
        objective=_objective(shares, used, task),
        feasible=not faults,
        connected=not apart if len(instance.edges) else None,
        faults=tuple(faults),
    )


def _shares(solution: pd.DataFrame, instance: Instance) -> FloatArray:
    """Share of a unit that goes to a school, shape (units, schools)."""
    shares = np.zeros((len(instance.units), len(instance.schools)))
    units = {name: code for code, name in enumerate(instance.units)}
    schools = {name: code for code, name in enumerate(instance.schools)}
    np.add.at(shares, (solution["unit"].map(units), solution["school"].map(schools)), solution["share"])
    return shares


def _not_served(shares: FloatArray, task: Task) -> list[str]:
    units = np.array(task.instance.units)
    wrong = abs(shares.sum(axis=1) - 1) > _TOLERANCE
    negative = (shares < -_TOLERANCE).any(axis=1)
    split = (shares.max(axis=1) < 1 - _TOLERANCE) & ~wrong
    return [
        f"{mask.sum()} units {fault}: {', '.join(units[mask][:3])}"
        for fault, mask in (("not served once", wrong), ("served less than nothing", negative))
        if mask.any()
    ] + ([f"{split.sum()} units split: {', '.join(units[split][:3])}"] if task.whole and split.any() else [])


def _overloaded(shares: FloatArray, instance: Instance) -> list[str]:
    load = instance.demand @ shares
    over = load > instance.capacity + _TOLERANCE * np.maximum(1, instance.capacity)
    return [
        f"school {instance.schools[code]} overloaded: {load[code]:g} of {instance.capacity[code]:g}"
        for code in np.flatnonzero(over)
    ]


def _wrong_number(used: Mask, task: Task) -> list[str]:
    """More schools than asked; fewer can be filled up with schools that serve nobody, which the objective counts."""
    if task.schools is None or used.sum() <= task.schools:
        return []
    return [f"{used.sum()} schools, not {task.schools}"]


def _without_own_unit(shares: FloatArray, used: Mask, instance: Instance) -> list[str]:
    return [
        f"school {instance.schools[code]} does not hold its own unit {instance.units[instance.home[code]]}"
        for code in np.flatnonzero(used)
        if shares[instance.home[code], code] < 1 - _TOLERANCE
    ]


def _apart(shares: FloatArray, used: Mask, instance: Instance) -> list[str]:
    graph = nx.Graph()
    graph.add_nodes_from(range(len(instance.units)))
    graph.add_edges_from(instance.edges.tolist())
    faults = []
    for code in np.flatnonzero(used):
        parts = list(nx.connected_components(graph.subgraph(np.flatnonzero(shares[:, code] > _TOLERANCE).tolist())))
        if len(parts) > 1:
            faults.append(f"units of school {instance.schools[code]} in {len(parts)} parts")
    return faults


def _objective(shares: FloatArray, used: Mask, task: Task) -> float:
    instance = task.instance
    missing = max(0, (task.schools or 0) - int(used.sum()))
    idle = np.sort(instance.fixed_cost[~used])[:missing].sum()
    return float((instance.cost * shares).sum() + instance.fixed_cost[used].sum() + idle)
