"""Readers of the classical location families: OR-Library CFLP, single-source CFLP, capacitated p-median."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.instances import (
    NOT_PUBLISHED,
    FloatArray,
    Instance,
    Task,
    files_of,
    lines_of,
    numbers_of,
    optima_of,
)

SJC = {"SJC1": 17288.99, "SJC2": 33270.94}
"""Optima of Lorena's instances, whose files do not hold them."""


def read_cflp(source: Path) -> Iterator[Task]:
    """OR-Library: `m n`, m × (capacity, fixed cost), then by customer its demand and m costs of serving all of it."""
    for name, path in files_of(source):
        numbers = numbers_of(path)
        if numbers is None or len(numbers) < 2:  # two numbers are the head
            continue
        m, n = numbers[:2].astype(int).tolist()
        if len(numbers) != 2 + 2 * m + n * (m + 1):
            continue
        schools = numbers[2 : 2 + 2 * m].reshape(m, 2)
        customers = numbers[2 + 2 * m :].reshape(n, m + 1)
        instance = _instance(name, customers[:, 0], schools[:, 0], schools[:, 1], customers[:, 1:])
        yield Task("CFLP", instance, whole=False, published=optima_of(path).get(path.stem, NOT_PUBLISHED))


def read_sscflp(source: Path) -> Iterator[Task]:
    """Single-source instances of Holmberg and of Diaz and Fernandez, told apart by their numbers."""
    for name, path in files_of(source):
        numbers = numbers_of(path)
        if numbers is None or len(numbers) < 2:
            continue
        parts = _holmberg(numbers, path) or _diaz(numbers)
        if parts is not None:
            published = optima_of(path).get(path.stem, NOT_PUBLISHED)
            yield Task("SSCFLP", _instance(name, *parts), published=published)


Parts = tuple[FloatArray, FloatArray, FloatArray, FloatArray]
"""Demand, capacity, fixed cost, cost (units × schools)."""


def _holmberg(numbers: FloatArray, path: Path) -> Parts | None:
    """`m n`, m × (capacity, fixed cost), n demands, m × n costs."""
    m, n = numbers[:2].astype(int).tolist()
    if len(numbers) != 2 + 2 * m + n + m * n:
        return None
    if m == n and len(lines_of(path)[1]) != 2:  # the other format has as many numbers
        return None
    schools, demand, cost = np.split(numbers[2:], [2 * m, 2 * m + n])
    return demand, schools[::2], schools[1::2], cost.reshape(m, n).T


def _diaz(numbers: FloatArray) -> Parts | None:
    """`n m`, n × m costs, n demands, m fixed costs, m capacities."""
    n, m = numbers[:2].astype(int).tolist()
    if len(numbers) != 2 + n * m + n + 2 * m:
        return None
    cost, demand, fixed, capacity = np.split(numbers[2:], np.cumsum([n * m, n, m]))
    return demand, capacity, fixed, cost.reshape(n, m)


def read_cpmp(source: Path) -> Iterator[Task]:
    """Capacitated p-median: OR-Library pmedcap, and Lorena's SJC; every unit is a candidate, opening costs nothing.

    pmedcap: `id best`, `n p capacity`, rows `i x y demand`, distances rounded down. SJC: `n p`, rows
    `x y capacity demand`. The cost of a unit is its distance, not times its demand.
    """
    for name, path in files_of(source):
        lines = lines_of(path)
        try:
            rows = [np.array([float(word) for word in words]) for words in lines]
        except ValueError:
            continue
        if [len(row) for row in rows[:2]] == [2, 3]:
            published, (n, p, capacity), places = float(rows[0][1]), rows[1], np.array(rows[2:])
            points, demand, capacities = places[:, 1:3], places[:, 3], np.full(int(n), capacity)
            cost = np.floor(_straight(points) + 1e-9)
        elif [len(row) for row in rows[:2]] == [2, 4]:
            (n, p), places = rows[0], np.array(rows[1:])
            points, demand, capacities = places[:, :2], places[:, 3], places[:, 2]
            published = optima_of(path).get(path.stem, SJC.get(path.stem, NOT_PUBLISHED))
            cost = _straight(points)
        else:
            continue
        instance = _instance(name, demand[: int(n)], capacities[: int(n)], np.zeros(int(n)), cost)
        yield Task("CPMP", instance, schools=int(p), published=published)


def _straight(points: FloatArray) -> FloatArray:
    return np.asarray(np.hypot(*(points[:, None] - points[None, :]).transpose(2, 0, 1)))


def _instance(name: str, demand: FloatArray, capacity: FloatArray, fixed: FloatArray, cost: FloatArray) -> Instance:
    return Instance(
        name=name,
        units=tuple(str(code) for code in range(1, len(demand) + 1)),
        schools=tuple(str(code) for code in range(1, len(capacity) + 1)),
        demand=demand,
        capacity=capacity,
        fixed_cost=fixed,
        cost=cost,
        home=np.full(len(capacity), -1, dtype=np.int64),
    )
