"""What the projection hands on: seats asked for by unit, grade and year, and every flow behind them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from simulator.projection.bands import NO_BANDS, Bands
from simulator.terms import Stage

if TYPE_CHECKING:
    from simulator.projection.uncertainty import Ensemble

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Demand:
    """学位需求: children asking for a seat in the district's network.

    Parameters
    ----------
    units
        Ids of the units, in the order of the first axis.
    cells
        (stage, grade) of the second axis.
    years
        Years of the third axis, the base year first.
    children
        Children, shape (units, cells, years), ≥ 0. In the base year the sum over units of a cell
        is the register of that stage and grade.
    """

    units: tuple[str, ...]
    cells: tuple[tuple[Stage, int], ...]
    years: tuple[int, ...]
    children: FloatArray

    def of(self, stage: Stage, grades: range | None = None) -> FloatArray:
        """Children of a stage (of some of its grades), shape (units, years)."""
        wanted = [
            index
            for index, (cell_stage, grade) in enumerate(self.cells)
            if cell_stage is stage and (grades is None or grade in grades)
        ]
        return np.asarray(self.children[:, wanted, :].sum(axis=1))

    def frame(self) -> pd.DataFrame:
        """Long table: unit_id, stage, grade, year, children."""
        units, cells, years = len(self.units), len(self.cells), len(self.years)
        return pd.DataFrame(
            {
                "unit_id": np.repeat(self.units, cells * years),
                "stage": np.tile(np.repeat([stage.value for stage, _ in self.cells], years), units),
                "grade": np.tile(np.repeat([grade for _, grade in self.cells], years), units),
                "year": np.tile(self.years, units * cells),
                "children": self.children.reshape(-1),
            }
        )


@dataclass(frozen=True)
class Projection:
    """Population and demand of every variant, and the bookkeeping that explains them.

    Parameters
    ----------
    population
        variant → resident children, shape (units, ages 0–17, years).
    demand
        variant → :class:`Demand`; `planned` is the one the optimizer plans for.
    planned
        The scenario's variant.
    attendance
        stage, residents, register, share, basis: the fitted share of residents in the register.
    differences
        口径差 by section and base year: section_id, stage, catchment_children, share, expected,
        register, difference.
    flows
        variant, year (of arrival), stage, flow, pupils (signed): stock(year) = stock(year − 1) + Σ flows, exactly.
    first_step
        Year 0 → year 1 by section and grade under the present network: section_id, stage, grade, flow, pupils
        (signed; the flow `register` is the stock of year 0, `next_year` their sum).
    records
        Name of a file → table of what else the projection tells, see :func:`simulator.projection.records.tell_records`.
    assumptions
        What was assumed, in the planner's words.
    bands
        Quantiles over the draws around the medium variant; empty where nothing was drawn.
    ensemble
        The draws, to be drawn again by whoever measures something over them.
    at_quantile
        The demand at the quantile that the scenario plans for; None where it plans for a variant.
    """

    population: dict[str, FloatArray]
    demand: dict[str, Demand]
    planned: str
    attendance: pd.DataFrame
    differences: pd.DataFrame
    flows: pd.DataFrame
    first_step: pd.DataFrame
    records: dict[str, pd.DataFrame]
    assumptions: tuple[str, ...]
    bands: Bands = NO_BANDS
    ensemble: Ensemble | None = None
    at_quantile: Demand | None = None

    @property
    def plan_demand(self) -> Demand:
        """The demand that the optimizer plans for."""
        return self.demand[self.planned] if self.at_quantile is None else self.at_quantile
