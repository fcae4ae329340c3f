"""Year 0 → year 1 by section and grade, if today's network stayed as it is."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from simulator.projection.demand import FloatArray
from simulator.projection.flows import NEXT_YEAR, NOTHING, REGISTER, Flow, Step, flow_label
from simulator.projection.register import StageRegister, grades_of
from simulator.terms import Stage

# Pupils who move with those promoted, not with the newcomers of a grade.
_WITH_THE_PROMOTED = (Flow.LOSS, Flow.MIGRATION)


def first_step_frame(
    registers: Mapping[Stage, StageRegister], step: Step, columns: Mapping[Stage, slice]
) -> pd.DataFrame:
    """section_id, stage, grade, flow, pupils: the stock of year 0, every flow, and their sum.

    Promoted pupils stay in their school while it runs the next grade; the others, and newcomers, go where the
    children of their unit go today. Children whom no section of today takes stand under an empty section_id.
    """
    parts = [
        _stage_frame(register, step.children[:, columns[stage]], _of_stage(step, columns[stage]))
        for stage, register in registers.items()
    ]
    columns_out = ["section_id", "stage", "grade", "flow", "pupils"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns_out)


def _of_stage(step: Step, columns: slice) -> dict[Flow, FloatArray]:
    """The flows of one stage, shape (units, grades) each."""
    return {flow: change[:, columns] for flow, change in step.flows.items()}


def _stage_frame(register: StageRegister, next_year: FloatArray, flows: Mapping[Flow, FloatArray]) -> pd.DataFrame:
    """The first step of one stage; arrays of sections have one more row for children without a section."""
    spread = present_destinations(register)
    accounts = (
        _planner_account(register, next_year, spread)
        if Flow.PLANNER in flows
        else _section_accounts(register, flows, spread)
    )
    stock = np.vstack([register.pupils, np.zeros(register.pupils.shape[1])])
    reached = stock + sum(accounts.values(), np.zeros_like(stock))
    named = {REGISTER: stock} | {flow_label(flow): change for flow, change in accounts.items()} | {NEXT_YEAR: reached}
    return _long(register, named)


def present_destinations(register: StageRegister) -> FloatArray:
    """Where the children of a unit go today, by grade, shape (sections + 1, units, grades), summing to 1.

    Where nobody of a unit attends a grade, its catchment tells, and without one the district's distribution.
    The last row takes children for whom no section runs the grade.
    """
    runs = register.runs[:, None, :]
    everywhere = np.broadcast_to(register.pupils[:, None, :], register.by_unit.shape)
    spread = np.zeros_like(register.by_unit)
    for weights in (np.broadcast_to(runs, spread.shape), everywhere, register.zoned * runs, register.by_unit):
        sums = weights.sum(axis=0, keepdims=True)
        spread = np.where(sums > 0, weights / np.where(sums > 0, sums, 1.0), spread)
    return np.concatenate([spread, 1 - spread.sum(axis=0, keepdims=True)])


def _section_accounts(
    register: StageRegister, flows: Mapping[Flow, FloatArray], spread: FloatArray
) -> dict[Flow, FloatArray]:
    """By flow the signed change of every section and grade, shape (sections + 1, grades)."""
    staying, moving = promoted_within(register)
    arriving = spread * moving[None]
    promoted = staying + arriving
    total = promoted.sum(axis=0)
    with_promoted = np.where(total > 0, promoted / np.where(total > 0, total, 1.0), spread)
    leaving = np.vstack([-register.pupils, np.zeros(register.pupils.shape[1])])
    graduates = np.zeros_like(leaving)
    graduates[:, -1] = leaving[:, -1]
    accounts = {
        Flow.PROMOTED_OUT: leaving - graduates,
        Flow.GRADUATES: graduates,
        Flow.PROMOTED_IN: staying.sum(axis=1),
        Flow.TRANSFERRED_IN: arriving.sum(axis=1),
    }
    for flow, change in flows.items():
        if flow in accounts:
            continue
        leaves_with_promoted = (change < 0) | (flow in _WITH_THE_PROMOTED)
        by_section = np.where(leaves_with_promoted[None], with_promoted, spread) * change[None]
        if flow is Flow.ENTRANTS and register.zoned.any():
            outside = np.concatenate([register.zoned == 0, np.zeros_like(spread[-1:], dtype=bool)])
            accounts[Flow.CHOSEN] = (by_section * outside).sum(axis=1)
            by_section = by_section * ~outside
        accounts[flow] = by_section.sum(axis=1)
    return accounts


def promoted_within(register: StageRegister) -> tuple[FloatArray, FloatArray]:
    """Pupils promoted into each grade: in their own school (sections + 1, units, grades); elsewhere (units, grades)."""
    promoted = np.zeros_like(register.by_unit)
    promoted[..., 1:] = register.by_unit[..., :-1]
    staying = promoted * register.runs[:, None, :]
    nobody = np.zeros_like(staying[:1]) if len(staying) else np.zeros((1, *promoted.shape[1:]))
    return np.concatenate([staying, nobody]), np.asarray((promoted - staying).sum(axis=0))


def _planner_account(register: StageRegister, next_year: FloatArray, spread: FloatArray) -> dict[Flow, FloatArray]:
    """The one flow of a stage whose demand the planner gave."""
    stock = np.vstack([register.pupils, np.zeros(register.pupils.shape[1])])
    return {Flow.PLANNER: (spread * next_year[None]).sum(axis=1) - stock}


def _long(register: StageRegister, named: Mapping[str, FloatArray]) -> pd.DataFrame:
    """Section × grade arrays as a long table; flows of zero are left out, stocks only where nothing runs."""
    grades = list(grades_of(register.stage))
    sections = [*register.sections, ""]
    count = len(sections) * len(grades)
    frame = pd.DataFrame(
        {
            "section_id": np.tile(np.repeat(np.asarray(sections, dtype=object), len(grades)), len(named)),
            "stage": register.stage.value,
            "grade": np.tile(grades, len(sections) * len(named)),
            "flow": np.repeat(np.asarray(list(named), dtype=object), count),
            "pupils": np.concatenate([values.reshape(-1) for values in named.values()]),
        }
    )
    running = np.vstack([register.runs > 0, np.zeros(len(grades), dtype=bool)]).reshape(-1)
    stocks = frame["flow"].isin([REGISTER, NEXT_YEAR]).to_numpy() & np.tile(running, len(named))
    kept: pd.DataFrame = frame[stocks | (frame["pupils"].abs() > NOTHING).to_numpy()]
    return kept.sort_values(["section_id", "grade"], kind="stable").reset_index(drop=True)
