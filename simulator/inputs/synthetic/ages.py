"""Census age groups → single years of age."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from simulator.inputs.synthetic.apportion import apportion


def single_ages(groups: Sequence[tuple[int, int, int]]) -> tuple[int, ...]:
    r"""Split census age groups into single ages along the smoothest curve with the same group sums.

    .. math:: \min \sum_a (x_{a-1} - 2x_a + x_{a+1})^2 \quad\text{s.t.}\quad \sum_{a \in g} x_a = T_g

    Parameters
    ----------
    groups
        (first age, last age, persons), in order and without holes from age 0.

    Returns
    -------
    tuple of int
        Persons by single age, whole numbers; each group sums exactly to its total.

    Examples
    --------
    >>> single_ages([(0, 0, 10), (1, 2, 24), (3, 4, 32)])
    (10, 11, 13, 15, 17)
    """
    count = groups[-1][1] + 1
    second = np.diff(np.eye(count), n=2, axis=0)
    members = np.array([[float(first <= age <= last) for age in range(count)] for first, last, _ in groups])
    totals = np.array([float(persons) for _, _, persons in groups])
    size = len(groups)
    system = np.block([[2 * second.T @ second, members.T], [members, np.zeros((size, size))]])
    curve = np.linalg.solve(system, np.concatenate([np.zeros(count), totals]))[:count].clip(min=0)
    ages: list[int] = []
    for first, last, persons in groups:
        ages.extend(int(share) for share in apportion(persons, curve[first : last + 1]))
    return tuple(ages)
