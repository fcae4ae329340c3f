"""Where children go today under 择园就近."""

from __future__ import annotations

import numpy as np
import pandas as pd
import scipy.sparse as sp
from scipy.optimize import linprog

from simulator.model.problem import IntArray, Problem

# Minutes that a child without a seat counts for: far beyond any journey, so that seats fill first.
_NO_SEAT_MINUTES = 10_000.0


def present_choices(problem: Problem) -> pd.DataFrame:
    r"""Shares of choosing children over today's sections: least minutes within today's seats.

    .. math:: \min \sum_{u,s} D_u d_{us} x_{us} + M \sum_s h_s \quad \text{s.t.}
              \sum_s x_{us} = 1, \; \sum_u D_u x_{us} \le K_s + h_s

    Returns
    -------
    pd.DataFrame
        unit_id, band, section_id, share; empty where no stage is chosen freely.
    """
    pairs = _choosing(problem)
    columns = ["unit_id", "band", "section_id", "share"]
    if not len(pairs):
        return pd.DataFrame(columns=columns)
    blocks, of_block = np.unique(problem.pair_block[pairs], return_inverse=True)
    sections, of_section = np.unique(problem.pair_section[pairs], return_inverse=True)
    children = problem.children[problem.pair_block[pairs], 0]
    positions = np.arange(len(pairs))
    chosen = sp.csr_matrix((np.ones(len(pairs)), (of_block, positions)), shape=(len(blocks), len(pairs)))
    load = sp.csr_matrix((children, (of_section, positions)), shape=(len(sections), len(pairs)))
    solved = linprog(  # type: ignore[call-overload]  # its types know no sparse matrices
        np.concatenate([(children + 0.01) * problem.minutes[pairs], np.full(len(sections), _NO_SEAT_MINUTES)]),
        A_ub=sp.csr_matrix(sp.hstack([load, -sp.eye(len(sections))])),
        b_ub=np.array([_seats_today(problem, int(section)) for section in sections]),
        A_eq=sp.csr_matrix(sp.hstack([chosen, sp.csr_matrix((len(blocks), len(sections)))])),
        b_eq=np.ones(len(blocks)),
        bounds=(0, None),
    )
    shares = solved.x[: len(pairs)]
    rows = [
        (problem.units[block.unit], band.band_id, problem.sections[int(problem.pair_section[pair])].section_id, share)
        for pair, share in zip(pairs.tolist(), shares.tolist(), strict=True)
        for block in [problem.blocks[int(problem.pair_block[pair])]]
        for band in block.bands
        if share > 1e-9
    ]
    return pd.DataFrame(rows, columns=columns)


def _choosing(problem: Problem) -> IntArray:
    return np.array(
        [
            pair
            for pair, (block, section) in enumerate(
                zip(problem.pair_block.tolist(), problem.pair_section.tolist(), strict=True)
            )
            if not problem.blocks[block].whole and problem.sections[section].existing
        ],
        dtype=np.int64,
    )


def _seats_today(problem: Problem, code: int) -> float:
    section = problem.sections[code]
    if not np.isnan(section.seats_fixed):
        return section.seats_fixed
    return section.classes * section.class_size
