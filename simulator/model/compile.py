"""The declared model as sparse arrays: read once from PuLP, then nothing of PuLP is needed to solve."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pulp
import scipy.sparse as sp

from simulator.model.problem import FloatArray, IntArray

# Families of decisions about what opens, closes and grows.
_STRUCTURE = ("open_", "size_", "added_rooms_", "converted_")


@dataclass(frozen=True)
class Compiled:
    """min cost·x + offset, row_lower ≤ A x ≤ row_upper, lower ≤ x ≤ upper, integer where `whole`.

    Parameters
    ----------
    names, row_names
        Names of columns and rows.
    cost, lower, upper
        Shape (columns,).
    whole
        1 for integer columns, else 0.
    matrix
        CSR, shape (rows, columns).
    row_lower, row_upper
        Shape (rows,).
    offset
        Constant of the objective.
    """

    names: tuple[str, ...]
    row_names: tuple[str, ...]
    cost: FloatArray
    lower: FloatArray
    upper: FloatArray
    whole: IntArray
    matrix: sp.csr_matrix
    row_lower: FloatArray
    row_upper: FloatArray
    offset: float

    def objective(self, values: FloatArray) -> float:
        """Objective of the values of all columns."""
        return float(self.cost @ values + self.offset)

    def rounded(self, values: FloatArray) -> FloatArray:
        """Values with whole numbers where a column is whole, without the solver's rounding."""
        return np.where(self.whole == 1, np.round(values), values)

    @cached_property
    def structure(self) -> npt.NDArray[np.bool_]:
        """Columns of what opens, closes and grows, shape (columns,)."""
        return np.array([name.startswith(_STRUCTURE) for name in self.names], dtype=bool)

    @cached_property
    def position(self) -> dict[str, int]:
        """Name → position of a column."""
        return {name: code for code, name in enumerate(self.names)}


def compile_model(lp: pulp.LpProblem) -> Compiled:
    """Read a declared PuLP problem into arrays."""
    columns = {variable: code for code, variable in enumerate(lp.variables())}
    rows = list(lp.constraints.items())
    index: list[int] = []
    data: list[float] = []
    start = [0]
    lower = np.full(len(rows), -np.inf)
    upper = np.full(len(rows), np.inf)
    for code, (_, row) in enumerate(rows):
        index.extend(columns[variable] for variable in row)
        data.extend(row.values())
        start.append(len(index))
        if row.sense in (pulp.LpConstraintEQ, pulp.LpConstraintGE):
            lower[code] = -row.constant
        if row.sense in (pulp.LpConstraintEQ, pulp.LpConstraintLE):
            upper[code] = -row.constant
    cost = np.zeros(len(columns))
    for variable, value in lp.objective.items():
        cost[columns[variable]] = value
    return Compiled(
        names=tuple(variable.name for variable in columns),
        row_names=tuple(name for name, _ in rows),
        cost=cost,
        lower=np.array([_bound(variable.lowBound, -np.inf) for variable in columns]),
        upper=np.array([_bound(variable.upBound, np.inf) for variable in columns]),
        whole=np.array([int(variable.cat == pulp.LpInteger) for variable in columns], dtype=np.int64),
        matrix=sp.csr_matrix((data, index, start), shape=(len(rows), len(columns))),
        row_lower=lower,
        row_upper=upper,
        offset=float(lp.objective.constant),
    )


def _bound(value: float | None, missing: float) -> float:
    return missing if value is None else float(value)
