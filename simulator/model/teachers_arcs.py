"""Small linear programs about teachers: columns and rows as arrays, solved by HiGHS, whole numbers out."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from simulator.model.compile import Compiled
from simulator.model.solve import Limits, Relaxed, solve, solve_relaxed

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

_WHOLE = 1e-6
# Minutes that a column may cost too much and still be tried first.
_CHEAP = 1.0
# Nodes, not seconds: equal inputs give equal answers.
_LIMITS = Limits(seconds=np.inf, gap=0.02, nodes=200, seed=1)


@dataclass
class Rows:
    """Rows of a linear program, filled group by group."""

    columns: list[IntArray] = field(default_factory=list)
    rows: list[IntArray] = field(default_factory=list)
    data: list[FloatArray] = field(default_factory=list)
    lower: list[FloatArray] = field(default_factory=list)
    upper: list[FloatArray] = field(default_factory=list)
    count: int = 0

    def add(
        self,
        columns: IntArray,
        group: IntArray,
        lower: FloatArray,
        upper: FloatArray,
        data: FloatArray | float = 1.0,
    ) -> None:
        """Rows Σ data × column, one a number of `group`, between `lower` and `upper` of that number."""
        self.columns.append(columns)
        self.rows.append(group + self.count)
        self.data.append(np.broadcast_to(np.asarray(data, dtype=np.float64), columns.shape))
        self.lower.append(np.asarray(lower, dtype=np.float64))
        self.upper.append(np.asarray(upper, dtype=np.float64))
        self.count += len(lower)


def solve_whole(cost: FloatArray, upper: FloatArray, rows: Rows) -> IntArray:
    """The cheapest whole numbers 0 ≤ x ≤ upper that keep the rows, within 2 % of their proven bound.

    Flows on a network come out whole from their linear program. Where rows beside the network leave parts, branch
    and bound looks first at the columns that the linear program uses or nearly uses, and at all where that is not near enough.

    Raises
    ------
    RuntimeError
        No numbers keep the rows, which slack columns of the caller rule out.
    """
    width = len(cost)
    matrix = sp.csr_matrix(
        (np.concatenate(rows.data), (np.concatenate(rows.rows), np.concatenate(rows.columns))), (rows.count, width)
    )
    arrays = Compiled(
        names=("",) * width,
        row_names=("",) * rows.count,
        cost=cost,
        lower=np.zeros(width),
        upper=upper,
        whole=np.ones(width, dtype=np.int64),
        matrix=matrix,
        row_lower=np.concatenate(rows.lower),
        row_upper=np.concatenate(rows.upper),
        offset=0.0,
    )
    relaxed = solve_relaxed(arrays)
    if relaxed is None:
        message = "teachers: rows without a solution"
        raise RuntimeError(message)
    values = relaxed.values
    if np.abs(values - np.rint(values)).max(initial=0.0) > _WHOLE:
        values = _beside(arrays, relaxed)
    return np.rint(values).astype(np.int64)


def _beside(arrays: Compiled, relaxed: Relaxed) -> FloatArray:
    """Whole numbers of the columns that the relaxation uses or nearly uses, or, where they cost too much, the best of all."""
    cheap = (relaxed.values > _WHOLE) | (relaxed.reduced_costs < _CHEAP)
    near = solve(replace(arrays, upper=np.where(cheap, arrays.upper, 0.0)), _LIMITS)
    most = relaxed.objective + _LIMITS.gap * abs(relaxed.objective)
    if len(near.values) and near.objective <= most + _WHOLE:
        return near.values
    return solve(arrays, _LIMITS).values
