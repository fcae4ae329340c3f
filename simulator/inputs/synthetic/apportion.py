"""Whole numbers that add up: control totals shared out without losing or inventing anybody."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

_BISECTIONS = 80


def apportion(total: int, weights: FloatArray) -> IntArray:
    """Share a total out in proportion to weights, by the method of the largest remainder.

    Parameters
    ----------
    total
        Children, classes or households to share out, ≥ 0.
    weights
        Any shape, ≥ 0; all zero means even shares.

    Returns
    -------
    IntArray
        Whole numbers of the shape of `weights` that sum to `total`; ties go to the earlier place.

    Examples
    --------
    >>> apportion(10, np.array([1.0, 1.0, 1.0])).tolist()
    [4, 3, 3]
    """
    flat = np.asarray(weights, dtype=np.float64).reshape(-1)
    if flat.sum() <= 0:
        flat = np.ones_like(flat)
    exact = total * flat / flat.sum()
    return _round_to(total, exact, np.full(flat.shape, np.inf)).reshape(np.shape(weights))


def apportion_within(total: int, wishes: FloatArray, lower: IntArray, upper: IntArray) -> IntArray:
    r"""Share a total out as near to wishes as bounds allow.

    .. math:: x_i = \operatorname{clip}(\lambda w_i,\; l_i,\; h_i), \qquad \sum_i x_i = T

    Parameters
    ----------
    total
        Pupils to share out.
    wishes
        Wished numbers, > 0; only their proportions count.
    lower, upper
        Smallest and largest whole number of each place.

    Raises
    ------
    ValueError
        The bounds cannot hold the total.

    Examples
    --------
    >>> apportion_within(10, np.array([8.0, 1.0, 1.0]), np.array([0, 2, 2]), np.array([5, 9, 9])).tolist()
    [5, 3, 2]
    """
    if not int(lower.sum()) <= total <= int(upper.sum()):
        message = f"{total} does not fit between {int(lower.sum())} and {int(upper.sum())}"
        raise ValueError(message)
    low, high = 0.0, float(np.max(upper / wishes)) + 1.0
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        if np.clip(middle * wishes, lower, upper).sum() < total:
            low = middle
        else:
            high = middle
    return _round_to(total, np.clip(high * wishes, lower, upper), upper)


def _round_to(total: int, exact: FloatArray, upper: FloatArray | IntArray) -> IntArray:
    """Round down, then give what is left to the largest remainders below their upper bound."""
    # The tenth digit decides nothing but the noise of floating-point sums, so ties stay ties everywhere.
    rounded = np.floor(exact + 1e-9).astype(np.int64)
    while (left := total - int(rounded.sum())) != 0:
        remainder = np.round(exact - rounded, 9)
        if left > 0:
            order = np.argsort(-np.where(rounded < upper, remainder, -np.inf), kind="stable")
            rounded[order[:left]] += 1
        else:
            order = np.argsort(np.where(rounded > 0, remainder, np.inf), kind="stable")
            rounded[order[:-left]] -= 1
    return rounded
