"""The screens of the commands: lines and tables for a reader, one plain object for a program."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from rich import box
from rich.columns import Columns
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from simulator.audit import Audit
from simulator.errors import Problem
from simulator.indicators import Alerts
from simulator.inputs.district import District
from simulator.language import plural
from simulator.language import translate as _
from simulator.outputs import figure_titles, forecast_by_stage, forecast_peaks, screen_lines
from simulator.outputs.findings import finding_sentence, finding_words, once_a_place, place_names
from simulator.outputs.goals import frontier_rows, frontier_title, frontier_titles
from simulator.outputs.manifest import Changes, Sources
from simulator.outputs.stored import StoredResult
from simulator.outputs.titles import planned_words, site_names, stage_names, stamped, variant_names
from simulator.outputs.warnings import warning_lines
from simulator.projection.demand import Projection
from simulator.result import Result
from simulator.terms import Effect, FindingStatus, Network, label

_DIGITS = {"mean_km": 2, "mean_minutes": 1, "longest_minutes": 1, "oversized_share": 3, "largest_variation": 2}
"""Figures of the comparison that are not whole → decimals."""
_FEW = 10
"""Findings of one effect that a screen shows."""

Screen = Sequence[RenderableType]


def result_screen(result: Result, folder: str) -> Screen:
    """One screen of a finished run: where seats are short, what is proposed, its cost, journeys, rules."""
    parts: list[RenderableType] = []
    for title, lines in screen_lines(result):
        parts.append(_heading(title))
        parts += [f"  {line}" for line in lines]
    if result.frontier is not None and len(result.frontier):
        parts.append(_frontier_table(result, result.frontier))
    parts.append(_("成果已写入 {folder}（先看 summary.md，再看 plan.xlsx 和 maps 中的图）").format(folder=folder))
    return parts


def _frontier_table(result: Result, frontier: pd.DataFrame) -> Table:
    """The points of a trade-off; of what opens and closes, the numbers."""
    point, *titles = frontier_titles(frontier)
    table = _table(frontier_title(frontier), point, *titles)
    for row in frontier_rows(frontier, site_names(result)):
        table.add_row(*row)
    return table


def result_object(result: Result, folder: str) -> dict[str, Any]:
    """What a program needs of a finished run."""
    solution = result.plan.solution
    return {
        "status": solution.status,
        "objective": solution.objective,
        "bound": solution.bound,
        "gap": solution.gap,
        "unavoidable": solution.unavoidable,
        "shortage": solution.shortage,
        "seconds": solution.seconds,
        "steps": result.seconds,
        "findings": finding_counts(result.audit),
        "goals": records(result.plan.goals),
        "changes": records(result.plan.changes),
        "frontier": [] if result.frontier is None else records(result.frontier),
        "result": folder,
    }


def check_screen(district: District, problems: Sequence[Problem]) -> Screen:
    """What the district holds, what was assumed, what does not add up."""
    counted = _(
        "{title}：{units} 个划片单元，{schools} 所学校（校区、园），{classes} 个班，{pupils} 名在校生。"
    ).format(title=stamped(district.title, invented=district.invented), **check_object(district))
    parts: list[RenderableType] = [_heading(_("数据可以使用")), f"  {counted}"]
    if district.assumptions:
        parts += [_heading(_("没有数据时的做法")), *(f"  {text}" for text in district.assumptions)]
    if problems:
        parts.append(_heading(plural("需要核对的 {count} 处（不影响运行）", len(problems)).format(count=len(problems))))
        parts += [f"  {problem}" for problem in problems]
    else:
        parts.append(_heading(_("没有需要核对的地方")))
    return parts


def check_object(district: District) -> dict[str, int]:
    """Sizes of a district."""
    return {
        "units": len(district.units),
        "schools": len(district.schools),
        "classes": len(district.classes),
        "pupils": int(district.classes["pupils"].sum()),
    }


def problem_objects(problems: Iterable[Problem]) -> list[dict[str, str]]:
    """Problems for a program."""
    return [{"where": one.where, "what": one.what, "remedy": one.remedy} for one in problems]


def forecast_screen(run: Sources, projection: Projection, alerts: Alerts) -> Screen:
    """Children by stage, year and variant; peaks; warnings; how the register compares with the residents."""
    by_stage = forecast_by_stage(projection)
    planned = planned_words(run.scenario.projection)
    parts: list[RenderableType] = [
        _heading(stamped(run.scenario.title, invented=run.district.invented)),
        _("学位需求（在校生，人），规划按{variant}安排").format(variant=planned),
    ]
    tables = [_stage_table(str(stage), rows) for stage, rows in by_stage.groupby("stage", sort=False)]
    parts.append(Columns(tables, padding=(0, 2)))
    parts += [_heading(_("峰值")), *_peak_lines(forecast_peaks(projection), projection.planned)]
    warned = warning_lines(alerts, run.scenario.horizon.base_year, _FEW)
    parts += [_heading(_("学位预警（现有学校，不采取措施）")), *(f"  {line}" for line in warned[:-1])]
    parts += [_heading(_("基年学籍与常住儿童")), _attendance_table(projection.attendance)]
    parts.append(_difference_line(projection.differences))
    return parts


def forecast_object(projection: Projection, alerts: Alerts) -> dict[str, Any]:
    """The projection for a program."""
    return {
        "planned": projection.planned,
        "children": records(forecast_by_stage(projection)),
        "peaks": records(forecast_peaks(projection)),
        "warnings": records(alerts.peaks),
        "attendance": records(projection.attendance),
        "difference": float(projection.differences["difference"].sum()),
    }


def _stage_table(stage: str, rows: pd.DataFrame) -> Table:
    variants = variant_names()
    table = _table(stage_names().get(stage, stage), _("年份"), *variants.values())
    for row in rows.to_dict("records"):
        table.add_row(str(row["year"]), *(_whole(row[variant]) for variant in variants))
    return table


def _peak_lines(peaks: pd.DataFrame, planned: str) -> list[str]:
    """One line a stage: the variant that the plan follows, and the range of the others."""
    lines = []
    for stage, rows in peaks.groupby("stage", sort=False):
        own = rows[rows["variant"] == planned].iloc[0]
        lines.append(
            "  "
            + _(
                "{stage}：{peak_year} 年最多，{peak} 人（低至高方案 {low}—{high}），基年 {base} 人，{last_year} 年 {last} 人"
            ).format(
                stage=stage_names().get(str(stage), stage),
                peak_year=own["peak_year"],
                peak=_whole(own["peak"]),
                low=_whole(rows["peak"].min()),
                high=_whole(rows["peak"].max()),
                base=_whole(own["base"]),
                last_year=own["last_year"],
                last=_whole(own["last"]),
            )
        )
    return lines


def _attendance_table(attendance: pd.DataFrame) -> Table:
    table = _table("", _("学段"), _("常住儿童"), _("在校生"), _("在校生 ÷ 常住儿童"))
    table.add_column(_("口径"))
    for row in attendance.to_dict("records"):
        table.add_row(
            stage_names().get(row["stage"], row["stage"]),
            _whole(row["residents"]),
            _whole(row["register"]),
            f"{row['share']:.1%}",
            str(row["basis"]),
        )
    return table


def _difference_line(differences: pd.DataFrame) -> str:
    """The sum of what each school has more or fewer than its catchment would send."""
    found = differences["difference"].astype(float)
    return "  " + _(
        "口径差：{count} 个划片学部，学籍多于片内应有 {more} 人，少于片内应有 {fewer} 人，相抵 {net} 人。"
    ).format(
        count=len(found),
        more=_whole(found[found > 0].sum()),
        fewer=_whole(-found[found < 0].sum()),
        net=f"{found.sum():+,.0f}",
    )


def audit_screen(stored: StoredResult, audit: Audit, changes: Changes | None) -> Screen:
    """Findings of the plan by effect, the gravest first; which files were changed since the result was written."""
    parts: list[RenderableType] = [_heading(stored.title), *_change_lines(changes)]
    counts = finding_counts(audit)
    plan = _plan_findings(stored, audit)
    new = plan[plan["status"] == FindingStatus.NEW]
    verdict = (
        _("没有违反刚性规则") if counts["rigid"] == 0 else _("{count} 处违反刚性规则").format(count=counts["rigid"])
    )
    told = _("已校核 {rules} 条规则：{verdict}。另有现状延续 {inherited} 条，方案已列明 {declared} 条。")
    parts.append("  " + told.format(rules=len(audit.rules_checked), verdict=verdict, **counts))
    for effect in Effect:
        found = new[new["effect"] == effect]
        if len(found):
            parts.append(_heading(_("{effect}：{count} 条").format(effect=label(effect), count=len(found))))
            places = once_a_place(found)
            parts += [f"  {finding_sentence(row)}" for _number, row in places.head(_FEW).iterrows()]
            if len(places) > _FEW:
                parts.append("  " + _("……另有 {count} 处，用 --json 看全部").format(count=len(places) - _FEW))
    return parts


def audit_object(stored: StoredResult, audit: Audit, changes: Changes | None) -> dict[str, Any]:
    """The audit for a program, every finding of the plan in full."""
    plan = _plan_findings(stored, audit)
    sentences = [finding_sentence(row) for _number, row in plan.iterrows()]
    return {
        "findings": finding_counts(audit),
        "rules_checked": list(audit.rules_checked),
        "changed": [*changes.changed, *changes.missing, *changes.extra] if changes else [],
        "list": [row | {"sentence": words} for row, words in zip(records(plan), sentences, strict=True)],
    }


def finding_counts(audit: Audit) -> dict[str, int]:
    """New findings of the plan by effect; inherited and declared ones beside them."""
    found = audit.of(Network.PLAN)
    new = found[found["status"] == FindingStatus.NEW]
    counts = {effect.value: int((new["effect"] == effect).sum()) for effect in Effect}
    others = (FindingStatus.INHERITED, FindingStatus.DECLARED)
    return counts | {status.value: int((found["status"] == status).sum()) for status in others}


def _plan_findings(stored: StoredResult, audit: Audit) -> pd.DataFrame:
    return finding_words(audit.of(Network.PLAN), place_names(stored.supply, stored.units))


def _change_lines(changes: Changes | None) -> list[str]:
    if changes is None:
        return ["  " + _("文件夹中没有可读的清单，无法判断成果是否改动过。")]
    named = [*changes.changed, *changes.missing, *changes.extra]
    if not named:
        return ["  " + _("成果写成后没有改动过。")]
    return ["  " + _("写成后改动过的文件：{names}").format(names=_("、").join(named))]


def compare_screen(compared: pd.DataFrame) -> Screen:
    """Plans side by side: a row a figure, a column a plan."""
    plans = compared[["network", "scheme", "folder"]].astype(str).itertuples(index=False)
    headers = [
        # No action belongs to no folder of its own.
        scheme if network == Network.NO_ACTION else f"{scheme}\n{Path(folder).name}"
        for network, scheme, folder in plans
    ]
    table = _table(_("情景比选"), _("指标"), _("单位"), *headers)
    for name, (title, unit) in figure_titles().items():
        digits = _DIGITS.get(name, 0)
        table.add_row(title, unit, *(_rounded(float(value), digits) for value in compared[name]))
    return [table]


def _rounded(value: float, digits: int) -> str:
    return f"{value:.{digits}f}" if math.isfinite(value) else "—"


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as plain values; what is not finite becomes nothing."""
    return [{str(key): plain(value) for key, value in row.items()} for row in frame.to_dict("records")]


def plain(value: object) -> Any:  # noqa: ANN401  whatever JSON knows
    """A value that JSON knows.

    >>> plain(float("inf")), plain({"a": (1, 2.5)})
    (None, {'a': [1, 2.5]})
    """
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, str | bool | int) or value is None:
        return value
    figure = float(str(value))
    return figure if math.isfinite(figure) else None


def _heading(text: str) -> Text:
    return Text(text, style="bold")


def _table(title: str, first: str, *others: str) -> Table:
    table = Table(title=title or None, title_style="bold", title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(first, no_wrap=True)
    for other in others:
        table.add_column(other, justify="right", overflow="fold")
    return table


def _whole(value: object) -> str:
    return f"{float(str(value)):,.0f}"
