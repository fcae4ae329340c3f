"""The bookkeeping: every change of the stock of pupils has a name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd

from simulator.language import translate as _
from simulator.projection.demand import FloatArray
from simulator.terms import Stage


class Flow(StrEnum):
    """Name of a flow, as it stands in the source language."""

    PROMOTED_OUT = "升级转出"
    PROMOTED_IN = "升级转入"
    TRANSFERRED_IN = "他校升入"
    GRADUATES = "毕业升学离开"
    LOSS = "巩固流失"
    MIGRATION = "迁移净流"
    ENTRANTS = "片内新生"
    CHOSEN = "择校新生"
    TO_TOWN = "进城就读"
    PRIVATE = "民办就读"
    OUTSIDE = "县外就读"
    LATE_ENTRY = "暂缓入学"
    TRANSFERS = "升学新生"
    RETURN = "县外与回流"
    JOINING = "插班与转出"
    ENROLMENT = "入园率变化"
    HOUSING = "新建住宅"
    PLANNER = "规划者自定预测"


# These move pupils between grades of one stage and cancel in its total.
_WITHIN_STAGE = (Flow.PROMOTED_OUT, Flow.PROMOTED_IN)

# Flows below a billionth of a child are rounding.
NOTHING = 1e-9

REGISTER = "register"
NEXT_YEAR = "next_year"


def flow_label(flow: Flow) -> str:
    """The name of a flow in the output language."""
    return _(flow.value)


@dataclass(frozen=True)
class Step:
    """One year of one variant: who is there, and how they came.

    Parameters
    ----------
    children
        Demand of the new year, shape (units, cells).
    flows
        flow → signed change of the year, shape (units, cells): children = those of last year + Σ flows.
    """

    children: FloatArray
    flows: Mapping[Flow, FloatArray]


def add_flows(parts: Iterable[Mapping[Flow, FloatArray]]) -> dict[Flow, FloatArray]:
    """Several flow accounts in one; equal names add up."""
    total: dict[Flow, FloatArray] = {}
    for part in parts:
        for flow, change in part.items():
            total[flow] = total[flow] + change if flow in total else change
    return total


def moving_up(now: FloatArray, keep: FloatArray, migration: FloatArray) -> dict[Flow, FloatArray]:
    """Everybody of a stage leaves the grade, and enters the next one less losses, plus migration.

    `now` has the shape (units, grades), `keep` (grades − 1,), `migration` (units,).
    """
    promoted = np.zeros_like(now)
    promoted[:, 1:] = now[:, :-1]
    graduates = np.zeros_like(now)
    graduates[:, -1] = -now[:, -1]
    kept = promoted.copy()
    kept[:, 1:] *= keep
    return {
        Flow.PROMOTED_OUT: -now - graduates,
        Flow.PROMOTED_IN: promoted,
        Flow.GRADUATES: graduates,
        Flow.LOSS: kept - promoted,
        Flow.MIGRATION: kept * migration[:, None],
    }


def at_entry(like: FloatArray, change: FloatArray) -> FloatArray:
    """A change of each unit, placed in the first grade of a stage."""
    placed = np.zeros_like(like)
    placed[:, 0] = change
    return placed


def flow_frame(steps: Mapping[str, Sequence[Step]], years: range, columns: Mapping[Stage, slice]) -> pd.DataFrame:
    """variant, year, stage, flow, pupils: the signed flows of every step, without those of zero."""
    rows = [
        (variant, year, stage.value, flow_label(flow), float(change[:, columns[stage]].sum()))
        for variant, taken in steps.items()
        for year, step in zip(years[1:], taken, strict=True)
        for stage in columns
        for flow, change in step.flows.items()
        if flow not in _WITHIN_STAGE
    ]
    frame = pd.DataFrame(rows, columns=["variant", "year", "stage", "flow", "pupils"])
    return frame[frame["pupils"].abs() > NOTHING].reset_index(drop=True)
