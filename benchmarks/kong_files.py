"""Readers of Kong's school families: units with their pupils and places, candidate schools, adjacency, published values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.instances import (
    NOT_PUBLISHED,
    Instance,
    IntArray,
    ReadError,
    Task,
    files_of,
    numbers_of,
    table_of,
)

_UNIT_COLUMNS = 7
"""ID, pop, X, Y, candidate, fixed cost, capacity."""
_EDGE_COLUMNS = (3, 4)
"""oid, id1, id2, and sometimes a distance."""
_LEAST_SHARED = 0.9


def read_cflsap(source: Path, counts: Sequence[int] = ()) -> Iterator[Task]:
    """School location with and without connected catchments, and both with the number of schools given.

    Parameters
    ----------
    source
        Folder, or one unit file.
    counts
        Numbers of schools of the problems that ask for one; empty = the published ones.
    """
    instances = list(_instances(source, fixed_costs=True))
    for problem, connected in (("SSCFLP", False), ("CFLSAP", True), ("SSCKFLP", False), ("CKFLSAP", True)):
        for path, instance in instances:
            values = _location_values(path, problem)
            known = [count for count in values if count is not None]
            _needs_edges(path, instance, connected=connected)
            for count in (counts or known) if "K" in problem else [None]:
                yield Task(
                    problem,
                    instance,
                    schools=count,
                    connected=connected,
                    holds_school=connected,
                    published=values.get(count, NOT_PUBLISHED),
                )


def _needs_edges(path: Path, instance: Instance, *, connected: bool) -> None:
    if connected and not len(instance.edges):
        message = f"{path}: no adjacency file of its {len(instance.units)} units beside it"
        raise ReadError(message)


def _location_values(path: Path, problem: str) -> dict[int | None, float]:
    """Best published value of an instance by number of schools (None = free), of CPLEX and the matheuristic."""
    table = _published(path)
    if not {"problem", "cplex_UB", "matheuristic_obj"} <= set(table):
        return {}
    rows = table[(table["problem"].str.partition("(")[0] == problem) & (table["instance"] == path.stem)]
    best = rows[["cplex_UB", "matheuristic_obj"]].min(axis=1)
    return {None if pd.isna(k) else int(k): float(value) for k, value in zip(rows["K"], best, strict=True)}


def read_sap60(source: Path) -> Iterator[Task]:
    """Assignment to fixed schools, connected or only holding the school's own unit."""
    columns = {"contiguous": "sap_contiguous_obj", "noncontiguous": "gap_noncontiguous_obj"}
    instances = list(_instances(source, fixed_costs=False))
    for problem, column in columns.items():
        for path, instance in instances:
            _needs_edges(path, instance, connected=problem == "contiguous")
            table = _published(path)
            values = table.loc[table["instance"] == path.stem, column].to_list() if column in table else []
            yield Task(
                problem,
                instance,
                connected=problem == "contiguous",
                holds_school=True,
                fixed=True,
                published=float(next(iter(values), NOT_PUBLISHED)),
            )


def _published(path: Path) -> pd.DataFrame:
    listed = path.parent / "published.csv"
    if not listed.is_file():
        return pd.DataFrame({"instance": []})
    return pd.read_csv(listed, dtype={"instance": str, "problem": str})


def _instances(source: Path, *, fixed_costs: bool) -> Iterator[tuple[Path, Instance]]:
    for name, path in files_of(source):
        table = _numeric(path)
        if table is not None and table.shape[1] == _UNIT_COLUMNS:
            yield path, _instance(name, path, table, fixed_costs=fixed_costs)


@cache
def _numeric(path: Path) -> pd.DataFrame | None:
    """A table of numbers without its heads; None where the file holds anything else."""
    if path.name == "published.csv" or numbers_of(path) is not None:
        return None
    try:
        table = table_of(path)
    except (pd.errors.ParserError, pd.errors.EmptyDataError):
        return None
    numeric = table.apply(pd.to_numeric, errors="coerce")
    return None if numeric.isna().sum().sum() > table.isna().sum().sum() else numeric


def _instance(name: str, path: Path, table: pd.DataFrame, *, fixed_costs: bool) -> Instance:
    codes, pupils, x, y, _candidate, fixed, capacity = (table.iloc[:, c].to_numpy(float) for c in range(_UNIT_COLUMNS))
    units = codes.astype(np.int64)
    homes = np.flatnonzero(capacity > 0)
    km = np.hypot(x[:, None] - x[homes], y[:, None] - y[homes]) / 1000
    return Instance(
        name=name,
        units=tuple(str(code) for code in units),
        schools=tuple(str(code) for code in units[homes]),
        demand=pupils,
        capacity=capacity[homes],
        fixed_cost=fixed[homes] if fixed_costs else np.zeros(len(homes)),
        cost=pupils[:, None] * km,
        home=homes,
        edges=_edges(path, units),
    )


def _edges(path: Path, units: IntArray) -> IntArray:
    """Edges of the adjacency file in the same folder whose units are those of the instance; none without such a file."""
    best, found = 0.0, np.zeros((0, 2), dtype=np.int64)
    for other in sorted(path.parent.iterdir()):
        table = _numeric(other) if other.is_file() and other != path else None
        if table is None or table.shape[1] not in _EDGE_COLUMNS:
            continue
        edges = table.iloc[:, 1:3].to_numpy(np.int64)
        shared = np.intersect1d(edges, units).size / np.union1d(edges, units).size
        if shared > best:
            best, found = shared, edges
    if best < _LEAST_SHARED:
        return np.zeros((0, 2), dtype=np.int64)
    position = {code: place for place, code in enumerate(units.tolist())}
    known = [(position[a], position[b]) for a, b in found.tolist() if a in position and b in position]
    return np.unique(np.sort(np.array(known, dtype=np.int64), axis=1), axis=0)
