"""Rules about boarding."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from simulator.model.constraints.register import Row, constraint
from simulator.model.problem import BOARDS, Problem
from simulator.model.variables import Variables, pupils_of_pair, total


@constraint
def boarding_within_beds(problem: Problem, v: Variables) -> Iterator[Row]:
    r"""In every year no more children board on a campus than it has beds.

    .. math:: \sum_{s \in j} \sum_{u \text{ boards at } s} D_{ut} x_{usp} \le B_j \quad \forall j, t \in p
    """
    boarding: dict[int, list[int]] = {}
    for pair in np.flatnonzero(problem.mode == BOARDS).tolist():
        boarding.setdefault(problem.sections[int(problem.pair_section[pair])].site, []).append(pair)
    for phase, data in enumerate(problem.phases):
        for year in data.years:
            for site, pairs in boarding.items():
                terms = [term for pair in pairs for term in pupils_of_pair(problem, v, pair, year, phase)]
                if terms:
                    yield f"j{site}_t{year}", total(terms) <= problem.sites[site].beds
