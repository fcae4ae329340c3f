"""Fractions of children → whole pupils, none lost."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

# Sums of shares leave dust such as 29.999999999996, which is 30 children.
_DUST = 9


def round_to_total(children: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """Whole pupils by largest remainder: each column sums to its own rounded total.

    Parameters
    ----------
    children
        Children ≥ 0 by place (first axis) and any further axes. Equal remainders go to the earlier place.

    Returns
    -------
    numpy.ndarray
        Whole numbers of the same shape, each within one of its fraction.

    Examples
    --------
    >>> round_to_total(np.array([1.5, 1.25, 1.25])).tolist()
    [2, 1, 1]
    """
    clean = np.round(children, _DUST)
    whole = np.floor(clean)
    missing = np.rint(clean.sum(axis=0)) - whole.sum(axis=0)
    order = np.argsort(whole - clean, axis=0, kind="stable")
    rank = np.argsort(order, axis=0, kind="stable")
    return np.asarray(whole + (rank < missing), dtype=np.int64)
