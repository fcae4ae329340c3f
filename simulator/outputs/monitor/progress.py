"""Indicators in the base year, planned and actual in a later year, and in the target year: what fell, what lags."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from simulator.language import translate as _
from simulator.outputs.board import item_title
from simulator.outputs.monitor.monitored import Measured
from simulator.scenario.horizon import HorizonSettings
from simulator.terms import COMPULSORY, Stage, label

FELL, BEHIND, REACHED, BETTER, NEUTRAL = "fell", "behind", "reached", "better", "neutral"
"""States: worse than in the base year (滑坡) and than planned; worse than planned; as planned; better than planned; neither is better."""
PROGRESS_COLUMNS = [
    *("stage", "title", "unit", "direction", "base", "planned", "actual", "target", "change", "off", "share", "state")
]
_MOMENTS = 3


@dataclass(frozen=True)
class Measure:
    """An indicator of a frame: its column, which way is better (1 more, −1 less, 0 neither), what counts as the same."""

    frame: str
    column: str
    title: str
    unit: str
    better: int
    same: float
    stages: tuple[Stage, ...] = tuple(Stage)


def measures() -> tuple[Measure, ...]:
    """The indicators of a stage that are watched."""
    children, seats, minutes, share = _("人"), _("个"), _("分钟"), _("比例")
    return (
        Measure("seats", "children", _("{stage}学位需求"), children, 0, 0.5),
        Measure("seats", "seats_standard", _("{stage}标准学位"), seats, 0, 0.5),
        Measure("seats", "shortage", _("{stage}学位缺口"), children, -1, 0.5),
        Measure("seats", "utilization", _("{stage}学位利用率"), share, 0, 0.005),
        Measure("class_sizes", "mean", _("{stage}平均班额"), children, 0, 0.05),
        Measure("class_sizes", "oversized_share", _("{stage}大班额占比"), share, -1, 0.0005, COMPULSORY),
        Measure("class_sizes", "largest", _("{stage}最大班额"), children, -1, 0.5, COMPULSORY),
        Measure("coverage", "share", _("{stage}服务半径覆盖率"), share, 1, 0.0005),
        Measure("travel", "mean_min", _("{stage}平均通学时间"), minutes, -1, 0.05),
        Measure("travel", "over_limit", _("{stage}超时限人数"), children, -1, 0.5),
    )


def progress_table(planned: Measured, actual: Measured, horizon: HorizonSettings, year: int) -> pd.DataFrame:
    """Every watched indicator beside what was planned.

    Parameters
    ----------
    planned
        Figures of the plan.
    actual
        Figures of the later year's network.
    horizon
        Base and target year of the plan.
    year
        The later year.

    Returns
    -------
    DataFrame
        stage, title, unit, direction (1 more is better, −1 less, 0 neither), base, planned, actual, target, change
        (actual − base), off (actual − planned), share (of the way from base to target that is done; NaN where they are
        the same), state (`fell`, `behind`, `reached`, `better`, `neutral`).
    """
    rows = [*_stage_rows(planned, actual, horizon, year), *_variation_rows(planned, actual, horizon, year)]
    return pd.DataFrame(rows, columns=PROGRESS_COLUMNS)


def _stage_rows(
    planned: Measured, actual: Measured, horizon: HorizonSettings, year: int
) -> Iterator[tuple[object, ...]]:
    for stage in Stage:
        for one in measures():
            if stage not in one.stages:
                continue
            frames = [_of(getattr(side.indicators, one.frame), stage) for side in (planned, actual)]
            values = [
                _value(frames[0], planned, one.column, horizon.base_year),
                _value(frames[0], planned, one.column, year),
                _value(frames[1], actual, one.column, year),
                _value(frames[0], planned, one.column, horizon.target_year),
            ]
            if sum(map(math.isfinite, values[:_MOMENTS])) == _MOMENTS:
                title = one.title.format(stage=label(stage))
                yield _row(stage.value, title, one.unit, one.better, one.same, values)


def _of(frame: pd.DataFrame, stage: Stage) -> pd.DataFrame:
    own = frame[frame["stage"] == stage]
    return own[own["township"] == ""] if "township" in own else own


def _value(frame: pd.DataFrame, side: Measured, column: str, year: int) -> float:
    found = frame.loc[(frame["network"] == side.network) & (frame["year"] == year), column].astype(float)
    return float(found.iloc[0]) if len(found) else math.nan


def _variation_rows(
    planned: Measured, actual: Measured, horizon: HorizonSettings, year: int
) -> Iterator[tuple[object, ...]]:
    """Coefficients of variation, the largest of several counties."""

    def coefficients(side: Measured, when: int) -> pd.Series:
        table = side.variation
        rows = table[(table["network"] == side.network) & (table["year"] == when)]
        found: pd.Series = rows.groupby(["stage", "item"])["coefficient"].max().astype(float)
        return found

    moments = [coefficients(planned, horizon.base_year), coefficients(planned, year), coefficients(actual, year),
               coefficients(planned, horizon.target_year)]  # fmt: skip
    table = (
        pd.concat(moments, axis=1, keys=range(len(moments))) if all(len(part) for part in moments) else pd.DataFrame()
    )
    for key, row in zip(table.index.tolist(), table.to_numpy(np.float64).tolist(), strict=True):
        stage, item = key
        values = [float(value) for value in row]
        if np.isfinite(values[:_MOMENTS]).all():
            title = _("{stage}{item}校际差异系数").format(stage=label(Stage(stage)), item=item_title(str(item)))
            yield _row(str(stage), title, _("系数"), -1, 0.005, values)


def _row(stage: str, title: str, unit: str, better: int, same: float, values: list[float]) -> tuple[object, ...]:
    base, planned, actual, target = values
    way = target - base
    share = (actual - base) / way if abs(way) > same else math.nan
    return (stage, title, unit, better, base, planned, actual, target, actual - base, actual - planned, share,
            progress_state(better, same, actual - base, actual - planned))  # fmt: skip


def progress_state(better: int, same: float, change: float, off: float) -> str:
    """What an indicator has come to.

    >>> progress_state(-1, 0.5, 3.0, 5.0), progress_state(-1, 0.5, -3.0, 5.0), progress_state(1, 0.1, 0.0, 0.0), progress_state(0, 1.0, 9.0, 9.0)
    ('fell', 'behind', 'reached', 'neutral')
    """
    if better == 0:
        return NEUTRAL
    if better * off < -same:
        return FELL if better * change < -same else BEHIND
    return BETTER if better * off > same else REACHED
