"""What it costs at least to decide otherwise: the relaxation, solved again with a few decisions forced."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import highspy
import numpy as np

from simulator.model.compile import Compiled
from simulator.model.solve import Relaxed, load

# Simplex steps after which a question is left open, so that the answer never depends on the machine.
_STEPS = 20_000


class Relaxation:
    """The relaxation of a model, asked for its bound with decisions forced one way or the other.

    Each question starts from the basis of the one before, so it costs a fraction of the first.

    Parameters
    ----------
    compiled
        The arrays.
    start
        The relaxation of the same columns, with fewer rows at the end, where it was solved before.
    seconds
        Longest seconds of the first solution.
    """

    def __init__(self, compiled: Compiled, start: Relaxed | None = None, seconds: float = np.inf) -> None:
        self._compiled = compiled
        self._highs = load(compiled, relax=True)
        if start is not None and start.basis is not None:
            self._highs.setBasis(_extended(start.basis, len(compiled.row_names)))
        self._highs.setOptionValue("time_limit", seconds)
        self._highs.run()
        self._solved = bool(self._highs.getModelStatus() == highspy.HighsModelStatus.kOptimal)
        self._highs.setOptionValue("simplex_iteration_limit", _STEPS)

    @property
    def solved(self) -> bool:
        """Whether the relaxation itself has a solution."""
        return self._solved

    def least(
        self, forced: Mapping[int, tuple[float, float]], enough: float = np.inf, seconds: float = np.inf
    ) -> float:
        """A bound of all plans in which some columns keep within other limits; inf where there is no such plan.

        Parameters
        ----------
        forced
            Column → least and greatest value.
        enough
            Stop as soon as the bound passes this.
        seconds
            Stop after so long; −inf tells that nothing was found out.
        """
        highs = self._highs
        for column, (lower, upper) in forced.items():
            highs.changeColBounds(column, lower, upper)
        highs.setOptionValue("objective_bound", enough)
        highs.setOptionValue("time_limit", highs.getRunTime() + seconds)
        highs.run()
        status = highs.getModelStatus()
        value = highs.getInfo().objective_function_value
        self._release(forced)
        if status == highspy.HighsModelStatus.kInfeasible:
            return np.inf
        if status == highspy.HighsModelStatus.kObjectiveBound:
            return enough
        return float(value) if status == highspy.HighsModelStatus.kOptimal else -np.inf

    def _release(self, columns: Iterable[int]) -> None:
        for column in columns:
            self._highs.changeColBounds(column, self._compiled.lower[column], self._compiled.upper[column])


def _extended(basis: highspy.HighsBasis, rows: int) -> highspy.HighsBasis:
    """A basis for more rows: those that it does not know are not binding."""
    known = list(basis.row_status)
    basis.row_status = [*known, *[highspy.HighsBasisStatus.kBasic] * (rows - len(known))]
    return basis
