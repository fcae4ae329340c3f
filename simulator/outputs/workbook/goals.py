"""Sheets of goals in order, of the trade-off of two goals, and of changes from an earlier plan; only where asked for."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simulator.language import translate as _
from simulator.outputs.goals import (
    change_words,
    frontier_title,
    frontier_titles,
    goal_titles,
    goal_words,
    point_words,
    site_words,
    stays_close,
    unit_words,
)
from simulator.outputs.titles import site_names, stage_names
from simulator.outputs.workbook.sheet import Column, Format, Sheet, numbers, texts
from simulator.result import Result


def goal_sheets(result: Result) -> list[Sheet]:
    """The sheets, as far as the run was asked for them."""
    sheets = [_goals(result)] if len(result.plan.goals) else []
    if stays_close(result.plan):
        sheets.append(_changes(result))
    if result.frontier is not None and len(result.frontier):
        sheets.append(_frontier(result, result.frontier))
    return sheets


def _goals(result: Result) -> Sheet:
    rows = result.plan.goals.assign(
        title=result.plan.goals["goal"].map(goal_words), words=result.plan.goals["unit"].map(unit_words)
    )
    rows = _finite(rows, ["value", "bound", "gap"])
    goal, value, unit, bound, gap = goal_titles()
    columns = (
        *texts(("title", goal)),
        Column("value", value, Format.FIGURE),
        *texts(("words", unit)),
        Column("bound", bound, Format.FIGURE),
        Column("gap", gap, Format.FIGURE),
        *numbers(Format.SHARE, ("tolerance", _("容差"))),
    )
    note = _("目标依次优化：后面的目标求解时，前面的目标不得比其最好值差过容差；界是任何方案都不低于的数。")
    return Sheet(_("分级目标"), _("依次优化的目标"), _("单位：见表列"), columns, rows, note)


def _changes(result: Result) -> Sheet:
    changes, names = result.plan.changes, site_names(result)
    zones = changes["kind"] == "catchment"
    words = [
        _("{stage}招生范围不同").format(stage=stage_names().get(str(row["stage"]), row["stage"]))
        if zone
        else change_words(row, names)
        for zone, (_number, row) in zip(zones, changes.iterrows(), strict=True)
    ]
    rows = pd.DataFrame({"what": words, "phase": changes["phase"], "children": changes["children"]})
    rows = rows.astype({"what": str, "phase": float, "children": float})
    columns = (
        *texts(("what", _("与原方案的不同"))),
        *numbers(Format.WHOLE, ("phase", _("规划分期")), ("children", _("儿童（首年）"))),
    )
    return Sheet(_("与原方案比较"), _("与原方案的不同"), _("单位：人"), columns, rows)


def _frontier(result: Result, frontier: pd.DataFrame) -> Sheet:
    names = site_names(result)
    rows = frontier.assign(
        what=[
            point_words(str(kind), dominated=bool(dominated))
            for kind, dominated in zip(frontier["kind"], frontier["dominated"], strict=True)
        ],
        opened=[site_words(str(sites), names) for sites in frontier["opened"]],
        closed=[site_words(str(sites), names) for sites in frontier["closed"]],
    )
    titles = frontier_titles(frontier)
    columns = (
        *numbers(Format.WHOLE, ("point", titles[0])),
        *(Column(name, title, Format.FIGURE) for name, title in zip(
            ("first_value", "second_value", "second_bound"), titles[1:4], strict=True
        )),
        *texts(("what", titles[4]), ("opened", titles[5]), ("closed", titles[6])),
    )  # fmt: skip
    note = _(
        "每个点是一个完整的方案：前一目标不超过该点时，后一目标最小；“不低于”是已证明的界。学位缺口与超标准班额不比推荐方案差（本身是权衡目标的除外）。"
    )
    return Sheet(_("权衡"), frontier_title(frontier), _("单位：见表列"), columns, rows, note)


def _finite(rows: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    return rows.assign(
        **{name: rows[name].astype(float).where(np.isfinite(rows[name].astype(float))) for name in names}
    )
