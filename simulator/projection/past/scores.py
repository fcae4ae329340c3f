"""How good every method was: errors by horizon, and how often a band held what came."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simulator.projection.past.backtest import METHODS, OWN, Backtest
from simulator.projection.past.bands import LEVELS

SIZES = (("small", 0.0, 200.0), ("medium", 200.0, 500.0), ("large", 500.0, np.inf))
"""Classes of schools by pupils at the origin: at least, below."""
POOLED = (1, 5)
"""Horizons whose coverage is told together as horizon 0."""


def error_table(backtest: Backtest) -> pd.DataFrame:
    """Errors by method and horizon, in percent.

    Returns
    -------
    DataFrame
        stage, level, part, size, horizon, method, n, mape, median (of absolute errors), bias (mean, positive =
        forecast too high), p90 (of absolute errors). `size` is a class of schools, empty for all of them.
    """
    rows = backtest.forecasts
    if rows.empty:
        return pd.DataFrame(columns=["stage", "level", "part", "size", "horizon", "method", "n", *_FIGURES])
    rows = pd.concat([rows, _sized(rows)], ignore_index=True)
    error = 100 * (rows["forecast"] / rows["actual"] - 1)
    keys = ["stage", "level", "part", "size", "horizon", "method"]
    groups = rows.assign(size=rows["size"].fillna(""), error=error, absolute=error.abs()).groupby(keys, sort=False)
    found = groups.agg(
        n=("error", "size"),
        mape=("absolute", "mean"),
        median=("absolute", "median"),
        bias=("error", "mean"),
        p90=("absolute", lambda values: float(np.quantile(values, 0.9))),
    ).reset_index()
    return _in_order(
        found.assign(order=found["method"].map(METHODS.index)), ["level", "part", "size", "horizon", "order"]
    )


_FIGURES = ("mape", "median", "bias", "p90")


def coverage_table(backtest: Backtest) -> pd.DataFrame:
    """How often the bands held what came, in percent.

    Returns
    -------
    DataFrame
        stage, level, size, horizon (0 = horizons 1–5 together), n, cover_50, cover_80, cover_95, width_80 (half of
        the 80 % band ÷ forecast, in percent).
    """
    rows = backtest.forecasts
    columns = ["stage", "level", "size", "horizon", "n", *(f"cover_{level}" for level in LEVELS), "width_80"]
    if rows.empty:
        return pd.DataFrame(columns=columns)
    rows = rows[(rows["method"] == OWN) & (rows["part"] == "all")]
    rows = pd.concat([rows, _sized(rows)], ignore_index=True)
    pooled = rows[rows["horizon"].between(*POOLED)].assign(horizon=0)
    rows = pd.concat([pooled, rows], ignore_index=True)
    held = {
        f"cover_{level}": 100.0 * rows["actual"].between(rows[f"low_{level}"], rows[f"high_{level}"])
        for level in LEVELS
    }
    width = 50 * (rows["high_80"] - rows["low_80"]) / rows["forecast"]
    rows = rows.assign(size=rows["size"].fillna(""), width_80=width, **held)
    groups = rows.groupby(["stage", "level", "size", "horizon"], sort=False)
    found = groups[[*held, "width_80"]].mean().assign(n=groups.size()).reset_index()
    return _in_order(found, ["level", "size", "horizon"])[columns]


def _in_order(found: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Rows with the stages as they came, the rest sorted; the column `order` is dropped after use."""
    stages = list(dict.fromkeys(found["stage"]))
    sortable = found.assign(stage_order=found["stage"].map(stages.index)).sort_values(
        ["stage_order", *keys], kind="stable"
    )
    return sortable.drop(columns=["stage_order", "order"], errors="ignore").reset_index(drop=True)


def _sized(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of schools once more, under their class of size."""
    schools = rows[rows["level"] == "school"]
    words = np.full(len(schools), "", dtype=object)
    for name, least, below in SIZES:
        words[(schools["base"] >= least) & (schools["base"] < below)] = name
    return schools.assign(size=words)


def best_methods(errors: pd.DataFrame) -> pd.DataFrame:
    """The method with the smallest mean error over all horizons, by stage and level: stage, level, method, mape."""
    rows = errors[(errors["part"] == "all") & (errors["size"] == "")]
    mean = rows.groupby(["stage", "level", "method"], sort=False)["mape"].mean().reset_index()
    return pd.DataFrame(mean.loc[mean.groupby(["stage", "level"], sort=False)["mape"].idxmin()]).reset_index(drop=True)
