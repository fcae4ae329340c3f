"""Figures as JSON holds them: whole numbers and tenths, nothing for what is not known; equal lists stored once."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.floating[Any]] | npt.NDArray[np.integer[Any]]


def wholes(values: Numbers) -> list[Any]:
    """Nearest whole numbers, nested as the array is; None where there is none.

    >>> wholes(np.array([[1.4, 2.6], [np.nan, 0.0]]))
    [[1, 3], [None, 0]]
    """
    return _plain(np.rint(np.asarray(values, np.float64)), whole=True)


def tenths(values: Numbers) -> list[Any]:
    """Numbers with a decimal at most, nested as the array is; None where there is none.

    >>> tenths(np.array([1.25, 3.0, np.inf]))
    [1.2, 3, None]
    """
    return _plain(np.round(np.asarray(values, np.float64), 1), whole=False)


def _plain(values: np.ndarray, *, whole: bool) -> list[Any]:
    if values.ndim > 1:
        return [_plain(row, whole=whole) for row in values]
    known = np.isfinite(values)
    return [
        None if not there else int(value) if whole or value == int(value) else float(value)
        for value, there in zip(values.tolist(), known.tolist(), strict=True)
    ]


class Once:
    """Values that are stored once however often they occur.

    >>> lists = Once()
    >>> lists.of([1, 2]), lists.of([3]), lists.of([1, 2]), lists.kept
    (0, 1, 0, [[1, 2], [3]])
    """

    def __init__(self) -> None:
        self.kept: list[Any] = []
        self._known: dict[str, int] = {}

    def of(self, value: object) -> int:
        """The number of a value."""
        key = json.dumps(value)
        if key not in self._known:
            self._known[key] = len(self.kept)
            self.kept.append(value)
        return self._known[key]
