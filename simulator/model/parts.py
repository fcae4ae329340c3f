"""Parts of a compiled model: a few columns freed, all others held, and only the rows that they stand in."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import highspy
import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from simulator.model.compile import Compiled
from simulator.model.problem import FloatArray, IntArray

Mask = npt.NDArray[np.bool_]
Extra: TypeAlias = tuple[sp.csr_matrix, FloatArray]
"""Rows matrix · x ≤ most: the matrix over the columns of the whole, and the right-hand sides."""
# By this much a plan may break a row and still count as keeping it: the solver's own tolerance, relative.
_TOLERANCE = 1e-6


@dataclass(frozen=True)
class Row:
    """coefficients · values[columns] ≤ most: a row found during the search that every plan keeps."""

    columns: tuple[int, ...]
    coefficients: tuple[float, ...]
    most: float


@dataclass(frozen=True)
class Part:
    """A part of the model around a plan.

    Parameters
    ----------
    compiled
        The arrays of the free columns.
    free
        Their positions in the whole.
    base
        The plan around which everything else is held, shape (columns of the whole,).
    """

    compiled: Compiled
    free: IntArray
    base: FloatArray

    def whole(self, values: FloatArray) -> FloatArray:
        """A solution of the part as one of the whole."""
        full = self.base.copy()
        full[self.free] = values
        return full


class Arrays:
    """The compiled model, the rows found so far, and parts of both.

    Parameters
    ----------
    compiled
        The model as it was declared.
    stands
        Where a relaxation of the same columns and rows stands, from which further ones start.
    """

    def __init__(self, compiled: Compiled, stands: highspy.HighsBasis | None = None) -> None:
        self.compiled, self.stands = compiled, stands
        self._rows: dict[Row, None] = {}
        self._added: Extra = (sp.csr_matrix((0, len(compiled.names))), np.zeros(0))
        self._lock = threading.Lock()
        self._columns = compiled.matrix.tocsc()

    @property
    def found(self) -> int:
        """Number of rows found so far."""
        return len(self._rows)

    def add(self, rows: Iterable[Row]) -> int:
        """Keep rows that are not known yet; returns how many."""
        with self._lock:  # both searches find rows
            fresh = [row for row in dict.fromkeys(rows) if row not in self._rows]
            if fresh:
                self._rows.update(dict.fromkeys(fresh))
                matrix, most = self._added
                added = np.concatenate([most, [row.most for row in fresh]])
                self._added = (sp.vstack([matrix, self.matrix_of(fresh)]).tocsr(), added)
        return len(fresh)

    def matrix_of(self, rows: list[Row]) -> sp.csr_matrix:
        """Rows as a matrix over the columns of the whole."""
        start = np.cumsum([0, *(len(row.columns) for row in rows)])
        data = [factor for row in rows for factor in row.coefficients]
        index = [column for row in rows for column in row.columns]
        return sp.csr_matrix((data, index, start), shape=(len(rows), len(self.compiled.names)))

    def as_rows(self, rows: list[Row]) -> Extra:
        """Rows that are not to be kept, for a part or for the whole."""
        return self.matrix_of(rows), np.array([row.most for row in rows])

    def everything(self) -> Compiled:
        """The model with the rows found so far."""
        return with_rows(self.compiled, *self._added)

    def keeps(self, values: FloatArray) -> bool:
        """Whether a plan keeps the bounds and rows of the model as it was declared."""
        c = self.compiled
        activity = c.matrix @ values
        tolerance = 10 * _TOLERANCE * (1 + np.abs(activity))
        return bool(
            (activity >= c.row_lower - tolerance).all()
            and (activity <= c.row_upper + tolerance).all()
            and (values >= c.lower - _TOLERANCE).all()
            and (values <= c.upper + _TOLERANCE).all()
        )

    def part(self, base: FloatArray, free: Mask, extra: Extra | None = None) -> Part:
        """The arrays of some free columns while all others keep their value in a plan.

        Parameters
        ----------
        base
            The plan.
        free
            Which columns are free, shape (columns,).
        extra
            Further rows (matrix, most) that hold here.
        """
        c = self.compiled
        codes = np.flatnonzero(free)
        cut, lower, upper = _cut_out(self._columns[:, codes], c.matrix @ base, base[codes], c.row_lower, c.row_upper)
        pieces, lowers, uppers = [cut], [lower], [upper]
        for matrix, most in [self._added, *([extra] if extra else [])]:
            if matrix.shape[0]:
                none = np.full(len(most), -np.inf)
                cut, lower, upper = _cut_out(matrix[:, codes].tocsc(), matrix @ base, base[codes], none, most)
                pieces.append(cut)
                lowers.append(lower)
                uppers.append(upper)
        held = float(c.cost @ base) - float(c.cost[codes] @ base[codes])
        matrix = sp.vstack(pieces).tocsr()
        small = Compiled(
            names=tuple(map(str, codes.tolist())),
            row_names=tuple(map(str, range(matrix.shape[0]))),
            cost=c.cost[codes],
            lower=c.lower[codes],
            upper=c.upper[codes],
            whole=c.whole[codes],
            matrix=matrix,
            row_lower=np.concatenate(lowers),
            row_upper=np.concatenate(uppers),
            offset=c.offset + held,
        )
        return Part(small, codes, base)


def _cut_out(
    columns: sp.csc_matrix, activity: FloatArray, base: FloatArray, lower: FloatArray, upper: FloatArray
) -> tuple[sp.csr_matrix, FloatArray, FloatArray]:
    """Rows in which some columns stand, with what all others contribute moved to the right-hand side.

    A row that the plan breaks by rounding is widened to hold it.
    """
    rows = np.unique(columns.indices)
    kept = columns.tocsr()[rows]
    here = kept @ base
    held = activity[rows] - here
    rounding = 10 * _TOLERANCE * (1 + np.abs(activity[rows]))
    low, high = lower[rows] - held, upper[rows] - held
    low = np.where((here < low) & (here >= low - rounding), here, low)
    return kept, low, np.where((here > high) & (here <= high + rounding), here, high)


def with_rows(compiled: Compiled, matrix: sp.csr_matrix, most: FloatArray, names: Sequence[str] = ()) -> Compiled:
    """The arrays with further rows matrix · x ≤ most, `found_<number>` where they have no names."""
    count = matrix.shape[0]
    if not count:
        return compiled
    return replace(
        compiled,
        row_names=(*compiled.row_names, *(names or (f"found_{code}" for code in range(count)))),
        matrix=sp.vstack([compiled.matrix, matrix]).tocsr(),
        row_lower=np.concatenate([compiled.row_lower, np.full(count, -np.inf)]),
        row_upper=np.concatenate([compiled.row_upper, most]),
    )
