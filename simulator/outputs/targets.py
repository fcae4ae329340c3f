"""Rows of the target table (指标目标表): today, near, far, far without action, norm, source."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simulator.language import translate as _
from simulator.outputs.board import item_title, programme_title
from simulator.result import Result
from simulator.rules.board import BOARD, BoardItem
from simulator.terms import COMPULSORY, Network, Stage, label

_COLUMNS = ["title", "unit", "today", "near", "target", "idle", "norm", "source"]


def target_rows(result: Result) -> pd.DataFrame:
    """Indicators by stage in the base, near and target year, beside the norm and where it stands.

    Returns
    -------
    DataFrame
        title, unit, today, near, target, idle (target year without action), norm (NaN where none), source.
    """
    rows: list[tuple[object, ...]] = []
    for stage in Stage:
        if (result.supply.sections["stage"] == stage).any():
            rows += _seat_rows(result, stage)
            rows += _class_rows(result, stage)
            rows += _journey_rows(result, stage)
    rows += _evaluation_rows(result)
    rows += _money_rows(result)
    return pd.DataFrame(rows, columns=_COLUMNS)


def _at(frame: pd.DataFrame, column: str, result: Result) -> list[float]:
    """The value in the base, near and target year of the plan, and the target year without action."""
    horizon = result.scenario.horizon
    near = min(horizon.base_year + 5, horizon.target_year)
    moments = [
        (Network.PLAN, horizon.base_year),
        (Network.PLAN, near),
        (Network.PLAN, horizon.target_year),
        (Network.NO_ACTION, horizon.target_year),
    ]
    values = []
    for network, year in moments:
        found = frame.loc[(frame["network"] == network) & (frame["year"] == year), column]
        values.append(float(found.sum(min_count=1)) if len(found) else np.nan)
    return values


def _norm(result: Result, figure_id: str) -> tuple[float, str]:
    """Value and source of a norm figure; a figure to be checked says so; nothing where no file has it."""
    figure = result.standards.figures.get(figure_id)
    if figure is None:
        return np.nan, ""
    year = _("，{year}年").format(year=figure.year) if figure.year else ""
    mark = _("；默认参数(待核)") if figure.to_be_checked else ""
    return figure.value, f"{figure.source}{year}{mark}"


def _row(
    result: Result, title: str, unit: str, frame: pd.DataFrame, column: str, norm: tuple[float, str]
) -> tuple[object, ...]:
    return (title, unit, *[round(value, 4) for value in _at(frame, column, result)], *norm)


def _of(frame: pd.DataFrame, stage: Stage) -> pd.DataFrame:
    own = frame[frame["stage"] == stage]
    return own[own["township"] == ""] if "township" in own else own


def _seat_rows(result: Result, stage: Stage) -> list[tuple[object, ...]]:
    seats, name = _of(result.indicators.seats, stage), label(stage)
    nothing = (np.nan, "")
    return [
        _row(result, _("{stage}学位需求").format(stage=name), _("人"), seats, "children", nothing),
        _row(result, _("{stage}标准学位").format(stage=name), _("个"), seats, "seats_standard", nothing),
        _row(result, _("{stage}学位缺口").format(stage=name), _("人"), seats, "shortage", (0.0, _("学位等人"))),
        _row(result, _("{stage}富余学位").format(stage=name), _("个"), seats, "spare", nothing),
        _row(result, _("{stage}学位利用率").format(stage=name), _("比例"), seats, "utilization",
             _norm(result, "utilization.high")),
    ]  # fmt: skip


def _class_rows(result: Result, stage: Stage) -> list[tuple[object, ...]]:
    sizes, name = _of(result.indicators.class_sizes, stage), label(stage)
    size = _norm(result, f"class_size.{stage.value}")
    rows = [_row(result, _("{stage}平均班额").format(stage=name), _("人"), sizes, "mean", size)]
    if stage in COMPULSORY:
        share = _norm(result, "oversized.share")
        rows += [
            _row(result, _("{stage}大班额占比").format(stage=name), _("比例"), sizes, "oversized_share", share),
            _row(result, _("{stage}最大班额").format(stage=name), _("人"), sizes, "largest",
                 _norm(result, f"class_size_max.{stage.value}")),
        ]  # fmt: skip
    return rows


def _journey_rows(result: Result, stage: Stage) -> list[tuple[object, ...]]:
    travel, coverage, name = (
        _of(result.indicators.travel, stage), _of(result.indicators.coverage, stage), label(stage)
    )  # fmt: skip
    if len(travel) == 0:
        return []
    nothing = (np.nan, "")
    return [
        _row(result, _("{stage}服务半径覆盖率").format(stage=name), _("比例"), coverage, "share", nothing),
        _row(result, _("{stage}平均通学时间").format(stage=name), _("分钟"), travel, "mean_min", nothing),
        _row(result, _("{stage}超时限人数").format(stage=name), _("人"), travel, "over_limit",
             (0.0, _("情景设定的通学时限"))),
    ]  # fmt: skip


def _evaluation_rows(result: Result) -> list[tuple[object, ...]]:
    """Schools that reach their resource indicators, coefficients by stage, and the items with a figure of their own.

    A city of several counties is evaluated county by county: its target table has no rows of them.
    """
    board = result.board
    if board.items.empty or set(board.items["county"]) != {""}:
        return []
    rows = []
    for stage in COMPULSORY:
        own = board.variation[board.variation["stage"] == stage]
        norm = _norm(result, f"balance.variation.{stage.value}")
        for item in own["item"].drop_duplicates():
            title = _("{stage}{item}校际差异系数").format(stage=label(stage), item=item_title(str(item)))
            rows.append(_row(result, title, _("系数"), own[own["item"] == item], "coefficient", norm))
    for item in BOARD.values():
        own = board.items[board.items["item"] == item.item_id]
        if own["figure"].notna().any():
            unit = _(item.unit) if item.unit else ""
            rows.append(_row(result, item_title(item.item_id), unit, own, "figure", _item_norm(result, item)))
    return rows


def _item_norm(result: Result, item: BoardItem) -> tuple[float, str]:
    """Norm of an item; where it is 0 or the number of schools it is the document's alone."""
    if item.norm:
        return _norm(result, item.norm)
    return (np.nan if item.at_least else 0.0), programme_title(item.programme)


def _money_rows(result: Result) -> list[tuple[object, ...]]:
    money = result.indicators.money
    return [_row(result, _("年运行费"), _("万元"), money, "running_wan", (np.nan, ""))]
