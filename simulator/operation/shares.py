"""Shares of units in sections as sparse matrices: a unit sends its children to a few of hundreds of sections."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import sparse

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
Matrix = sparse.csr_array
"""Shares of units (rows) at places (columns)."""


def matrix_of(rows: IntArray, columns: IntArray, values: FloatArray, shape: tuple[int, int]) -> Matrix:
    """A matrix of entries; those of the same cell are added up.

    >>> matrix_of(np.array([0, 0]), np.array([1, 1]), np.array([0.5, 0.25]), (1, 2)).toarray().tolist()
    [[0.0, 0.75]]
    """
    found = sparse.csr_array((values, (rows, columns)), shape=shape)
    found.sum_duplicates()
    return found


def row_sums(matrix: Matrix) -> FloatArray:
    """Sum of each row."""
    return np.asarray(matrix.sum(axis=1), dtype=np.float64)


def scale_rows(matrix: Matrix, factors: FloatArray) -> Matrix:
    """Each row times its factor; entries that become 0 are dropped."""
    return _kept(matrix, matrix.data * np.repeat(factors, np.diff(matrix.indptr)))


def to_whole(matrix: Matrix) -> Matrix:
    """Each row divided by its sum; rows without entries stay empty."""
    total = row_sums(matrix)
    return _kept(matrix, matrix.data / np.repeat(np.where(total > 0, total, 1.0), np.diff(matrix.indptr)))


def keep_columns(matrix: Matrix, kept: BoolArray) -> Matrix:
    """The matrix with 0 in all other columns.

    >>> keep_columns(sparse.csr_array([[0.5, 0.5]]), np.array([True, False])).toarray().tolist()
    [[0.5, 0.0]]
    """
    return _kept(matrix, np.where(kept[matrix.indices], matrix.data, 0.0))


def positive_part(matrix: Matrix) -> Matrix:
    """Entries above 0."""
    return _kept(matrix, np.maximum(matrix.data, 0.0))


def entries_of(matrix: Matrix) -> tuple[IntArray, IntArray, FloatArray]:
    """Row, column and value of every entry that is not 0, by row and column."""
    ordered = _kept(matrix, matrix.data)
    rows = np.repeat(np.arange(ordered.shape[0]), np.diff(ordered.indptr))
    return rows, ordered.indices.astype(np.int64), ordered.data


def values_at(matrix: Matrix, rows: IntArray, columns: IntArray) -> FloatArray:
    """Values of some cells, 0 where the matrix has no entry."""
    own_rows, own_columns, own = entries_of(matrix)
    known, wanted = (where[0] * matrix.shape[1] + where[1] for where in ((own_rows, own_columns), (rows, columns)))
    place = np.searchsorted(known, wanted)
    found = np.zeros(len(wanted))
    hit = np.flatnonzero(place < len(known))
    hit = hit[known[place[hit]] == wanted[hit]]
    found[hit] = own[place[hit]]
    return found


def widen(matrix: Matrix, added: int) -> Matrix:
    """The matrix with empty columns before its last one."""
    last = matrix.shape[1] - 1
    columns = np.where(matrix.indices == last, last + added, matrix.indices)
    return sparse.csr_array((matrix.data, columns, matrix.indptr), shape=(matrix.shape[0], matrix.shape[1] + added))


def _kept(matrix: Matrix, values: FloatArray) -> Matrix:
    """Other values in the place of those of a matrix, in order and without zeros; the matrix itself is not touched."""
    found = sparse.csr_array((values, matrix.indices.copy(), matrix.indptr.copy()), shape=matrix.shape)
    found.eliminate_zeros()
    found.sort_indices()
    return found
