"""Small linear programs about teachers: columns and rows as arrays, solved by HiGHS, whole numbers out."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from simulator.model.compile import Compiled
from simulator.model.solve import Limits, solve, solve_relaxed

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

_WHOLE = 1e-6
# Rotations are small: their root all but proves them, and equal inputs give equal answers.
_LIMITS = Limits(seconds=np.inf, gap=0.02, nodes=20, seed=1)


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
    """The cheapest whole numbers 0 ≤ x ≤ upper that keep the rows.

    Flows on a network come out whole from their linear program; where they do not, branch and bound goes on.

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
    values = np.empty(0) if relaxed is None else relaxed.values
    if len(values) and np.abs(values - np.rint(values)).max() > _WHOLE:
        values = solve(arrays, _LIMITS).values
    if not len(values):
        message = "teachers: rows without a solution"
        raise RuntimeError(message)
    return np.rint(values).astype(np.int64)
