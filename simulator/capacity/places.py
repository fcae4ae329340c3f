"""Where units and sites lie, and how an empty cell of a table is read."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


def entered(table: pd.DataFrame, column: str, empty: object) -> pd.Series:
    """A column with `empty` in its empty cells; all of it where the table has no such column.

    >>> entered(pd.DataFrame({"rooms": [12.0, float("nan")]}), "rooms", 0.0).tolist()
    [12.0, 0.0]
    >>> entered(pd.DataFrame({"rooms": [12.0]}), "serves", "all").tolist()
    ['all']
    """
    if column not in table.columns:
        return pd.Series([empty] * len(table), index=table.index)
    values = table[column]
    filled = values.notna() & (values != "")
    return values if filled.all() else values.where(filled, empty)


def unit_points(units: pd.DataFrame) -> FloatArray:
    """Where the children of a unit start: its x, y where entered, else a point inside its shape; metres, (units, 2)."""
    shapes = shapely.point_on_surface(np.asarray(units["geometry"], dtype=object))
    points = np.column_stack([shapely.get_x(shapes), shapely.get_y(shapes)])
    stated = np.column_stack([pd.to_numeric(entered(units, axis, np.nan)).to_numpy(np.float64) for axis in ("x", "y")])
    return np.asarray(np.where(np.isnan(stated).any(axis=1, keepdims=True), points, stated))


def home_units(units: pd.DataFrame, points: FloatArray) -> IntArray:
    """Position of the unit that each point lies in, or else of the nearest one, (points,)."""
    tree = shapely.STRtree(np.asarray(units["geometry"], dtype=object))
    return np.asarray(tree.nearest(shapely.points(points)), dtype=np.int64)
