"""The best plan and the proven bound of a search, shared by everything that runs in it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import numpy as np

from simulator.model.connection import Connection
from simulator.model.parts import Arrays
from simulator.model.problem import FloatArray
from simulator.model.solve import Limits, Listener, Progress, relative_gap

# Share of the objective by which a plan has to be better to count as an improvement.
IMPROVED = 1e-7
# Plans kept besides the best, and by what share they may be worse.
_KEPT, _NEAR = 20, 0.05
# Times its limit that a search may take for a first plan.
_FIRST_PLAN = 3.0


class Incumbent:
    """The best plan so far, its objective, the proven bound, and the time left.

    Parameters
    ----------
    arrays, connection
        What a plan has to keep.
    limits
        Of the whole search.
    listener, stopped
        Told of progress; asked whether to stop.
    """

    def __init__(
        self,
        arrays: Arrays,
        connection: Connection,
        limits: Limits,
        listener: Listener | None = None,
        stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        self.limits, self.stopped = limits, stopped
        self.values: FloatArray | None = None
        self.objective, self.bound = float("inf"), -float("inf")
        self.doing = ""
        self._arrays, self._connection, self._listener = arrays, connection, listener
        self._began = time.perf_counter()
        self._lock = threading.RLock()
        self._pool: dict[bytes, tuple[float, FloatArray]] = {}

    @property
    def pool(self) -> tuple[tuple[float, FloatArray], ...]:
        """(objective, values) of the best plans, the best first; no two open, close and extend the same."""
        with self._lock:
            return tuple(sorted(self._pool.values(), key=lambda entry: entry[0]))

    def offer(self, values: FloatArray) -> bool:
        """Keep a plan where it keeps every row, is connected, and is better than the best so far.

        One that is nearly as good is kept in the pool.
        """
        compiled = self._arrays.compiled
        rounded = compiled.rounded(values)
        objective = compiled.objective(rounded)
        least = IMPROVED * abs(self.objective if np.isfinite(self.objective) else 0.0)
        better = objective < self.objective - least
        if not better and not self._is_other(objective, rounded):
            return False
        if not (self._arrays.keeps(rounded) and self._connection.holds(rounded)):
            return False
        with self._lock:
            self._remember(objective, rounded)
            if better and objective < self.objective:
                self.values, self.objective = rounded, objective
        if better:
            self.tell()
        return better

    def _is_other(self, objective: float, values: FloatArray) -> bool:
        """Whether a plan is nearly as good as the best, and differs from those of the pool or beats its like."""
        known = self._pool.get(self._key(values))
        near = objective <= self.objective + _NEAR * abs(self.objective)
        return near and (known is None or objective < known[0])

    def _remember(self, objective: float, values: FloatArray) -> None:
        key = self._key(values)
        if key not in self._pool or objective < self._pool[key][0]:
            self._pool[key] = (objective, values)
        if len(self._pool) > _KEPT:
            del self._pool[max(self._pool, key=lambda other: self._pool[other][0])]

    def _key(self, values: FloatArray) -> bytes:
        return np.round(values[self._arrays.compiled.structure]).astype(np.int16).tobytes()

    def raise_bound(self, bound: float) -> None:
        """Keep a proven bound where it is better than the best so far; none is above the best plan."""
        with self._lock:
            if np.isfinite(bound) and bound > self.bound:
                self.bound = min(bound, self.objective)
        self.tell()

    def better_than(self, objective: float) -> FloatArray | None:
        """The best plan where it is better than an objective."""
        with self._lock:
            better = self.values is not None and self.objective < objective - IMPROVED * abs(self.objective)
            return self.values if better else None

    def tell(self, doing: str | None = None) -> None:
        """Tell the listener, and what the search does where that is new."""
        with self._lock:
            self.doing = self.doing if doing is None else doing
            if self._listener is not None:
                self._listener(Progress(self.seconds, self.objective, self.bound, self.doing))

    @property
    def seconds(self) -> float:
        """Seconds since the search began."""
        return time.perf_counter() - self._began

    @property
    def left(self) -> float:
        """Seconds left: a search without any plan goes on beyond its limit, since nothing can be done with none."""
        return self.limits.seconds * (_FIRST_PLAN if self.values is None else 1.0) - self.seconds

    @property
    def patience(self) -> float:
        """Seconds that a step of unknown length may take: those left, or any where work is limited instead."""
        return np.inf if self.limits.nodes is not None else max(self.left, 0.0)

    @property
    def proven(self) -> bool:
        """Whether the gap asked for is reached."""
        return relative_gap(self.objective, self.bound) <= self.limits.gap

    @property
    def over(self) -> bool:
        """Whether to stop: asked to, proven, or out of time (where time counts)."""
        return self.stopped() or self.proven or (self.limits.nodes is None and self.left <= 0)
