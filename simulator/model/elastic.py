"""Rules that give way: the cheapest breaking of the rows of a model, and smallest sets of rows that cannot hold together."""

from __future__ import annotations

import re
import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp

from simulator.model.compile import Compiled
from simulator.model.declare import rule_of
from simulator.model.problem import FloatArray, IntArray
from simulator.model.solve import Limits, solve

# Rows that only tie decisions together are never what a planner can give way on.
BOOKKEEPING = frozenset(
    {
        "",
        "every_child_has_a_place",
        "bands_together",
        "stages_share_rooms",
        "closed_stays_closed",
        "built_stays_built",
    }
)
# Rules whose rows with one of these codes tell of one thing: a catchment, a unit that leaves, a work, a decision.
_ONE_THING = {
    "build_before_close": "k",
    "catchment_connected": "g",
    "committed_happens": "d",
    "planner_decides": "d",
}
# Below this a breach is rounding of the solver.
_ROUNDING = 1e-5
# Gap of a cheapest breaking: any breaking found explains the conflict.
_GAP = 0.01
# Rounds in which rows that gave way are held, and others have to.
_ROUNDS = 15
# Seconds in which a few rules have to show that they can hold together.
_EACH = 5.0


@dataclass(frozen=True)
class Yield:
    """A row that would have to give way, and by how much."""

    row: str
    amount: float
    limit: float


def without_time(row: str) -> str:
    """A row's name without its phase or year, where it names a place too: a place gives way once, in all its phases.

    >>> without_time("protected_stays_open_s3_p2"), without_time("closures_a_year_p2")
    ('protected_stays_open_s3', 'closures_a_year_p2')
    >>> without_time("catchment_connected_through_g4_p1_u7")
    'catchment_connected_g4'
    >>> without_time("build_before_close_leaves_k3_p2_0"), without_time("planner_decides_assigned_k7_d2_p1")
    ('build_before_close_k3', 'planner_decides_d2')
    """
    for rule, letter in _ONE_THING.items():
        found = re.search(rf"_({letter}\d+)_", row) if row.startswith(rule) else None
        if found:
            return f"{rule}_{found[1]}"
    return _same_thing(row)


def _same_thing(row: str) -> str:
    """A row's name without its phase or year, where it names a place: such rows give way by one amount."""
    return re.sub(r"(_[usjdc]\d+)_[pt]\d+$", r"\1", row)


class Elastic:
    """A model whose rules may give way at a price: Σ slack ÷ scale of the row, a place once in all its phases.

    Parameters
    ----------
    compiled
        The arrays.
    seconds
        For all questions together; any breaking found in time explains the conflict.
    """

    def __init__(self, compiled: Compiled, seconds: float) -> None:
        self._compiled = compiled
        self._until = time.perf_counter() + seconds
        self._rules = np.array([rule_of(name) not in BOOKKEEPING for name in compiled.row_names], dtype=bool)
        self._of_row = [without_time(name) for name in compiled.row_names]
        self._same = [_same_thing(name) for name in compiled.row_names]
        self._price = 1 / _scale(compiled)
        rows = np.flatnonzero(self._rules).tolist()
        self.places: tuple[str, ...] = tuple(dict.fromkeys(self._of_row[row] for row in rows))
        # What a conflict needs of whole numbers: nothing where its relaxation already has one.
        self._whole = True
        self.proven = False
        """Whether the rules are known to conflict, once the cheapest breaking was asked for."""

    @property
    def left(self) -> float:
        """Seconds left."""
        return self._until - time.perf_counter()

    def cheapest(self, seconds: float) -> list[Yield]:
        """Rows that give way in the cheapest breaking; empty where all hold, or nothing was found."""
        relaxed = self._broken(self.places, (), whole=False, seconds=seconds)
        self._whole = not relaxed
        self.proven = bool(relaxed)
        return self._broken(self.places, (), whole=True, seconds=seconds) or relaxed or []

    def alone(self, place: str, others: Collection[str], seconds: float) -> list[Yield]:
        """What one place would have to give way by, if it alone did beside some others; empty where that is not enough."""
        kept = {*others, place}
        return self._broken((place,), set(self.places) - kept, whole=True, seconds=seconds) or []

    def conflict(self, without: Collection[str]) -> list[str]:
        """A smallest set of places that cannot hold together, some places left out; empty where there is none.

        Rows that give way are held, so that others have to, until nothing can give way any more: then those held
        contain a conflict (Chinneck & Dravnieks 1991). Each is left out in turn, and stays out where the others still
        conflict.
        """
        held: list[str] = []
        free = [place for place in self.places if place not in without]
        for _round in range(_ROUNDS):
            broken = self._broken([place for place in free if place not in held], without, self._whole, self.left)
            if broken is None:
                break
            fresh = list(dict.fromkeys(without_time(entry.row) for entry in broken))
            if not fresh:
                return []
            held += fresh
        for place in tuple(held):
            others = [other for other in held if other != place]
            if self.left > 0 and self._infeasible(others):
                held = others
        return held

    def _infeasible(self, held: Collection[str]) -> bool:
        """Whether some places alone cannot hold together."""
        rows = self._rows(set(self.places) - set(held))
        for whole in (False, True):
            part = _with_rows(self._compiled, rows, whole)
            seconds = max(min(self.left, _EACH), 0.1)
            solved = solve(replace(part, cost=np.zeros(len(part.cost))), Limits(seconds, 1.0, None, 1))
            if solved.status == "infeasible":
                return True
        return False

    def _broken(
        self, giving: Iterable[str], without: Collection[str], whole: bool, seconds: float
    ) -> list[Yield] | None:
        """Rows broken in the cheapest breaking of some places, others left out; None where there is none."""
        rows = self._rows(set(without))
        allowed = set(giving)
        own = [(line, self._same[row]) for line, row in enumerate(rows.tolist()) if self._gives(row, allowed)]
        amounts = {name: code for code, name in enumerate(dict.fromkeys(name for _, name in own))}
        lines = np.array([line for line, _ in own], dtype=np.int64)
        of_row = np.array([amounts[name] for _, name in own], dtype=np.int64)
        price = np.zeros(len(amounts))
        np.maximum.at(price, of_row, self._price[rows[lines]])
        part = _with_rows(self._compiled, rows, whole)
        slack = sp.csr_matrix((np.ones(len(own)), (lines, of_row)), shape=(len(rows), len(amounts)))
        solved = solve(_elastic(part, slack, price), Limits(max(min(seconds, self.left), 0.1), _GAP, None, 1))
        if not len(solved.values):
            return None
        self.proven |= solved.bound > _ROUNDING * price.min(initial=1.0)
        activity = part.matrix @ solved.values[: len(part.names)]
        return [entry for line in lines.tolist() if (entry := _breach(part, line, float(activity[line])))]

    def _gives(self, row: int, places: Collection[str]) -> bool:
        return bool(self._rules[row]) and self._of_row[row] in places

    def _rows(self, without: Collection[str]) -> IntArray:
        """Positions of the rows that stay when some places are left out."""
        kept = [not rule or name not in without for rule, name in zip(self._rules, self._of_row, strict=True)]
        return np.flatnonzero(kept)


def _with_rows(compiled: Compiled, rows: IntArray, whole: bool) -> Compiled:
    return replace(
        compiled,
        row_names=tuple(compiled.row_names[row] for row in rows.tolist()),
        matrix=compiled.matrix[rows],
        row_lower=compiled.row_lower[rows],
        row_upper=compiled.row_upper[rows],
        whole=compiled.whole if whole else np.zeros_like(compiled.whole),
    )


def _elastic(part: Compiled, slack: sp.csr_matrix, price: FloatArray) -> Compiled:
    """The arrays with slack above and below, whose price is all that counts."""
    size, count = len(part.names), len(price)
    return replace(
        part,
        names=(
            *part.names,
            *(f"above_{code}" for code in range(count)),
            *(f"below_{code}" for code in range(count)),
        ),
        cost=np.concatenate([np.zeros(size), price, price]),
        lower=np.concatenate([part.lower, np.zeros(2 * count)]),
        upper=np.concatenate([part.upper, np.full(2 * count, np.inf)]),
        whole=np.concatenate([part.whole, np.zeros(2 * count, dtype=np.int64)]),
        matrix=sp.hstack([part.matrix, -slack, slack]).tocsr(),
        offset=0.0,
    )


def _breach(part: Compiled, line: int, activity: float) -> Yield | None:
    over, under = activity - part.row_upper[line], part.row_lower[line] - activity
    if max(over, under) <= _ROUNDING:
        return None
    limit = part.row_upper[line] if over > under else part.row_lower[line]
    return Yield(part.row_names[line], float(max(over, under)), float(limit))


def _scale(compiled: Compiled) -> FloatArray:
    """Size of a row's figures: its limit or its largest coefficient, at least 1."""
    limits = np.where(np.isfinite(compiled.row_upper), compiled.row_upper, compiled.row_lower)
    largest = np.zeros(len(compiled.row_names))
    lines = np.repeat(np.arange(len(largest)), np.diff(compiled.matrix.indptr))
    np.maximum.at(largest, lines, np.abs(compiled.matrix.data))
    return np.maximum(1.0, np.maximum(np.abs(limits), largest))
