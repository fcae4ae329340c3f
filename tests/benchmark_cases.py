"""Small location problems for the tests of the benchmarks."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.check import check
from benchmarks.instances import Instance, Task

# unit  pupils  x (km); schools in units 1 and 5; a row of units, so unit 1 … unit 5 are neighbours in turn.
ROW = """
OID  pop      X    Y  cand  cost  capacity
  1   10      0    0     1    50        25
  2   10   1000    0     0     0         0
  3   12   2000    0     0     0         0
  4    8   3000    0     0     0         0
  5   10   4000    0     1    50        30
"""
EDGES = ((1, 2), (2, 3), (3, 4), (4, 5))


def row_table() -> pd.DataFrame:
    return pd.read_csv(StringIO(ROW), sep=r"\s+")


def row_instance() -> Instance:
    """The row as an instance, built apart from the reader."""
    return Instance(
        name="row",
        units=("1", "2", "3", "4", "5"),
        schools=("1", "5"),
        demand=np.array([10.0, 10.0, 12.0, 8.0, 10.0]),
        capacity=np.array([25.0, 30.0]),
        fixed_cost=np.array([50.0, 50.0]),
        cost=np.array([[0.0, 40.0], [10.0, 30.0], [24.0, 24.0], [24.0, 8.0], [40.0, 0.0]]),
        home=np.array([0, 4]),
        edges=np.array([[0, 1], [1, 2], [2, 3], [3, 4]]),
    )


def task(**changes: object) -> Task:
    return replace(Task("CFLSAP", row_instance(), connected=True, holds_school=True), **changes)


def solution(schools: str) -> pd.DataFrame:
    """A school for every unit of the row, `11555` in short."""
    return pd.DataFrame({"unit": list("12345")[: len(schools)], "school": list(schools), "share": 1.0})


def best(asked: Task) -> float:
    """Least objective of all ways to send whole units to schools that the check finds feasible."""
    names = asked.instance.schools
    verdicts = (check(solution("".join(chosen)), asked) for chosen in product(names, repeat=len(asked.instance.units)))
    return min(verdict.objective for verdict in verdicts if verdict.feasible)


def write_row(folder: Path, name: str = "row", separator: str = "\t") -> Path:
    """A folder like the published ones: a unit file, its adjacency under another name, and one of another county."""
    folder.mkdir(parents=True, exist_ok=True)
    row_table().to_csv(folder / f"{name}.txt", sep=separator, index=False)
    edges = "\n".join(f",{a},{b},0.0\n,{b},{a},0.0" for a, b in EDGES)
    head = '"OID_","ID1","ID2","dist12"\n'
    (folder / "some_neighbours.txt").write_text(head + edges + "\n", encoding="utf-8")
    other = "\n".join(f",{a},{a + 1},0.0" for a in range(1, 40))
    (folder / "other_neighbours.txt").write_text(head + other + "\n", encoding="utf-8")
    return folder
