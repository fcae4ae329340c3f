"""Pupils of a section → its classes, grade by grade."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd

IntArray = npt.NDArray[np.int64]


def even_split(pupils: int, classes: int) -> tuple[int, ...]:
    """均衡编班: class sizes, largest first, that differ by at most one pupil.

    >>> even_split(136, 3)
    (46, 45, 45)
    """
    if not classes:
        return ()
    size, larger = divmod(pupils, classes)
    return (size + 1,) * larger + (size,) * (classes - larger)


def share_out_classes(pupils: IntArray, classes: IntArray) -> IntArray:
    """Classes of each grade so that the largest class of each section is as small as it can be.

    Every grade with pupils gets one class, then the next class always goes to the grade with the most
    pupils a class; no class stays empty. Rows with fewer classes than grades are not shared out here
    (see :func:`combine_grades`).

    Parameters
    ----------
    pupils
        Whole pupils, shape (sections, grades).
    classes
        Classes of each section, at least its number of grades with pupils.

    Returns
    -------
    numpy.ndarray
        Classes, shape (sections, grades).

    Examples
    --------
    >>> share_out_classes(np.array([[60, 60, 60, 90]]), np.array([9])).tolist()
    [[2, 2, 2, 3]]
    """
    shared = (pupils > 0).astype(np.int64)
    left = np.minimum(classes, pupils.sum(axis=1)) - shared.sum(axis=1)
    rows = np.flatnonzero(left > 0)
    while len(rows):
        many, run = pupils[rows], shared[rows]
        fullest = np.argmax(np.where(run < many, many / np.maximum(run, 1), -1.0), axis=1)
        shared[rows, fullest] += 1
        left[rows] -= 1
        rows = rows[left[rows] > 0]
    return shared


def combine_grades(pupils: tuple[int, ...], classes: int) -> tuple[tuple[int, ...], ...]:
    """复式: adjacent grades in as many groups as there are classes, the largest group as small as it can be.

    Parameters
    ----------
    pupils
        Pupils of each grade that has any, lowest grade first.
    classes
        Classes, at least one and fewer than the grades.

    Returns
    -------
    tuple of tuple of int
        Positions of the grades of each group.

    Examples
    --------
    >>> combine_grades((8, 5, 4), 2)
    ((0,), (1, 2))
    """
    count = len(pupils)

    def largest(cuts: tuple[int, ...]) -> int:
        return max(sum(pupils[first:end]) for first, end in pairwise((0, *cuts, count)))

    best = min(combinations(range(1, count), classes - 1), key=largest)
    return tuple(tuple(range(first, end)) for first, end in pairwise((0, *best, count)))


def class_sizes(classes: pd.DataFrame) -> pd.DataFrame:
    """One row a class of `Operation.classes`: year, section_id, grade, size, combined."""
    running = classes.loc[classes["classes"] > 0, ["year", "section_id", "grade", "sizes", "combined"]]
    texts = running["sizes"].tolist()
    rows = np.repeat(np.arange(len(running)), [text.count(" ") + 1 for text in texts])
    found = running.drop(columns="sizes").take(rows).reset_index(drop=True)
    return found.assign(size=np.array(" ".join(texts).split(), dtype=np.int64))
