"""A planner's own forecast, which replaces the projection of the stages it names."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from simulator.projection.demand import FloatArray
from simulator.projection.flows import Flow, Step
from simulator.projection.register import grades_of
from simulator.terms import Stage


def stages_given(table: pd.DataFrame) -> tuple[Stage, ...]:
    """The stages that a demand table forecasts."""
    given = set(table["stage"].astype(str)) if len(table) else set()
    return tuple(stage for stage in Stage if stage.value in given)


def children_outside(table: pd.DataFrame) -> float:
    """Children of rows whose grade does not belong to their stage; the forecast cannot hold them."""
    inside = np.zeros(len(table), dtype=bool)
    for stage in stages_given(table):
        inside |= (table["stage"] == stage).to_numpy() & table["grade"].isin(grades_of(stage)).to_numpy()
    return float(table["children"].to_numpy(float)[~inside].sum())


def planner_demand(
    table: pd.DataFrame,
    units: pd.Index,
    cells: tuple[tuple[Stage, int], ...],
    years: range,
    register: FloatArray,
) -> FloatArray:
    """Children of the given stages by unit, cell and year, NaN in the cells of other stages.

    A stage takes the latest year that the table gives for it, up to the year asked for; before the first such
    year the register stands. Units and grades that a given year does not list have no children.

    Parameters
    ----------
    table
        unit_id, stage, grade, year, children.
    units, cells, years
        The axes.
    register
        The register by unit and cell, shape (units, cells).
    """
    children = np.full((len(units), len(cells), len(years)), np.nan)
    position = {cell: place for place, cell in enumerate(cells)}
    for stage in stages_given(table):
        rows = table[table["stage"] == stage]
        columns = [position[cell] for cell in cells if cell[0] is stage]
        given = np.unique(rows["year"].to_numpy(int))
        for place, year in enumerate(years):
            before = given[given <= year]
            children[:, columns, place] = (
                _given_year(rows[rows["year"] == before[-1]], units, position, stage)[:, columns]
                if len(before)
                else register[:, columns]
            )
    return children


def _given_year(
    rows: pd.DataFrame, units: pd.Index, position: Mapping[tuple[Stage, int], int], stage: Stage
) -> FloatArray:
    """The children that one year of the table gives, shape (units, cells)."""
    counts = np.zeros((len(units), len(position)))
    cells = [position.get((stage, int(grade)), -1) for grade in rows["grade"]]
    known = np.asarray(cells) >= 0
    places = units.get_indexer(pd.Index(rows["unit_id"]))[known], np.asarray(cells, dtype=int)[known]
    np.add.at(counts, places, rows["children"].to_numpy(float)[known])
    return counts


def replace_step(step: Step, given: FloatArray, before: FloatArray) -> Step:
    """A step whose given cells (not NaN) take the planner's figures, with one flow that says so.

    Arrays have the shape (units, cells); `before` is last year's demand.
    """
    replaced = ~np.isnan(given)
    children = np.where(replaced, given, step.children)
    flows = {flow: np.where(replaced, 0.0, change) for flow, change in step.flows.items()}
    return Step(children, flows | {Flow.PLANNER: np.where(replaced, children - before, 0.0)})
