"""Sparse shares of units at places do what the same arrays do in full."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from simulator.operation.shares import (
    Matrix,
    entries_of,
    keep_columns,
    matrix_of,
    positive_part,
    row_sums,
    scale_rows,
    to_whole,
    values_at,
    widen,
)

FULL = arrays(float, (3, 4), elements=st.sampled_from([0.0, 0.0, 0.25, 0.5, 1.0, -0.5]))


@given(FULL, arrays(float, 3, elements=st.sampled_from([0.0, 1.0, 2.0])), arrays(bool, 4))
def test_each_step_gives_the_numbers_of_the_full_array(full, factors, kept):
    """Three units at four places; what a step leaves out is 0, and the matrix that it starts from stays as it was."""
    matrix = Matrix(full)
    assert np.array_equal(row_sums(matrix), full.sum(axis=1))
    assert np.array_equal(scale_rows(matrix, factors).toarray(), full * factors[:, None])
    assert np.array_equal(keep_columns(matrix, kept).toarray(), np.where(kept, full, 0.0))
    assert np.array_equal(positive_part(matrix).toarray(), np.maximum(full, 0.0))
    assert np.array_equal(widen(matrix, 2).toarray(), np.insert(full, [3, 3], 0.0, axis=1))
    assert np.array_equal(matrix.toarray(), full)


@given(FULL)
def test_entries_give_the_matrix_back_and_every_cell_can_be_asked(full):
    """By row and column, without zeros."""
    matrix = Matrix(full)
    rows, columns, values = entries_of(matrix)
    assert np.array_equal(np.argwhere(full), np.column_stack([rows, columns]))
    assert np.array_equal(matrix_of(rows, columns, values, full.shape).toarray(), full)
    every = np.indices(full.shape).reshape(2, -1)
    assert np.array_equal(values_at(matrix, *every), full.ravel())


@pytest.mark.parametrize(
    ("shares", "whole"),
    [
        ([[0.2, 0.2, 0.0]], [[0.5, 0.5, 0.0]]),
        ([[0.0, 0.0, 0.0]], [[0.0, 0.0, 0.0]]),
        ([[0.0, 0.0, 0.3]], [[0.0, 0.0, 1.0]]),
    ],
)
def test_rows_are_made_whole_unless_they_are_empty(shares, whole):
    assert to_whole(Matrix(shares)).toarray().tolist() == pytest.approx(np.array(whole))
