"""T9, T17, T18: seats against children, targets, plan against no action."""

from __future__ import annotations

import pandas as pd

from simulator.language import translate as _
from simulator.outputs.schemes import figure_titles, scheme_figures
from simulator.outputs.targets import target_rows
from simulator.outputs.titles import stage_order, with_names
from simulator.outputs.workbook.demand import planned_stages
from simulator.outputs.workbook.sheet import Chart, Colour, Column, Format, Line, Sheet, numbers, texts
from simulator.outputs.workbook.sides import both_columns, side_by_side
from simulator.result import Result
from simulator.terms import Network, label

# Charts stand behind the table that they draw.
_CHARTS = 9.5


def balance_sheets(result: Result) -> list[Sheet]:
    """The sheets about supply and demand."""
    return [_townships(result), *_yearly(result), _targets(result), _schemes(result)]


def _townships(result: Result) -> Sheet:
    values = ["children", "seats_standard", "seats_upper", "seats_admission", "shortage", "spare", "utilization"]
    rows = side_by_side(result.indicators.seats, ["stage", "township", "year"], values)
    rows = with_names(rows, result).assign(order=stage_order(rows["stage"]))
    rows = rows.sort_values(["order", "township", "year"]).reset_index(drop=True)
    rows["township"] = rows["township"].where(rows["township"] != "", _("合计"))
    columns = (
        *texts(("stage_name", _("学段")), ("township", _("乡镇街道"))),
        *numbers(Format.YEAR, ("year", _("年份"))),
        *numbers(Format.WHOLE, ("children_plan", _("学位需求"))),
        *both_columns(Format.WHOLE, "seats_standard", _("标准学位")),
        *both_columns(Format.WHOLE, "seats_upper", _("上限学位")),
        *both_columns(Format.WHOLE, "seats_admission", _("招生学位")),
        *both_columns(Format.WHOLE, "shortage", _("学位缺口"), Colour.SHORTAGE),
        *both_columns(Format.WHOLE, "spare", _("富余学位"), Colour.SPARE),
        *both_columns(Format.SHARE, "utilization", _("学位利用率")),
    )
    note = _(
        "缺口与富余按学部分别相加，不相互抵消；标准学位按标准班额，上限学位按最大班额，招生学位为起始年级可招人数。"
    )
    title = _("分片学位供需平衡表")
    return Sheet(_("T9 供需平衡"), title, _("单位：人、个"), columns, rows, note)


def _yearly(result: Result) -> list[Sheet]:
    """Children and seats of the whole district by year, one sheet with a chart for each stage."""
    seats = result.indicators.seats
    sheets = []
    for stage in planned_stages(result):
        own = seats[(seats["stage"] == stage) & (seats["township"] == "")]
        wide = side_by_side(own, ["year"], ["children", "seats_standard", "shortage", "spare"])
        rows = wide.rename(
            columns={
                "children_plan": "children",
                "seats_standard_plan": "seats_plan",
                "seats_standard_no_action": "seats_no_action",
            }
        )
        columns = (
            *numbers(Format.YEAR, ("year", _("年份"))),
            *numbers(Format.WHOLE, ("children", _("学位需求")), ("seats_plan", _("标准学位（规划方案）"))),
            *numbers(Format.WHOLE, ("seats_no_action", _("标准学位（不采取措施）"))),
            *both_columns(Format.WHOLE, "shortage", _("学位缺口"), Colour.SHORTAGE),
            *both_columns(Format.WHOLE, "spare", _("富余学位"), Colour.SPARE),
        )
        name = _("图表 {stage}").format(stage=label(stage))
        title = _("{stage}学位需求与标准学位").format(stage=label(stage))
        sheets.append(Sheet(name, title, _("单位：人、个"), columns, rows, chart=_balance_chart(), place=_CHARTS))
    return sheets


def _balance_chart() -> Chart:
    """Children, seats of the plan, seats without action."""
    lines = (
        Line("children", "#222222"),
        Line("seats_plan", "#0072B2"),
        Line("seats_no_action", "#D55E00", dashed=True),
    )
    return Chart("line", ("year",), lines, _("人、个"))


def _targets(result: Result) -> Sheet:
    rows = target_rows(result)
    near = min(result.scenario.horizon.base_year + 5, result.scenario.horizon.target_year)
    columns = (
        *texts(("title", _("指标")), ("unit", _("单位"))),
        Column("today", _("现状\n{year}年").format(year=result.scenario.horizon.base_year), Format.FIGURE),
        Column("near", _("近期\n{year}年").format(year=near), Format.FIGURE),
        Column("target", _("远期\n{year}年").format(year=result.scenario.horizon.target_year), Format.FIGURE),
        Column("idle", _("远期\n不采取措施"), Format.FIGURE),
        Column("norm", _("标准"), Format.FIGURE),
        *texts(("source", _("依据"))),
    )
    return Sheet(_("T17 指标目标"), _("指标目标表"), _("单位：见表列"), columns, rows)


def _schemes(result: Result) -> Sheet:
    sides = {
        network.value: scheme_figures(
            plan,
            result.indicators,
            result.audit.findings,
            result.supply.sections,
            result.scenario,
            result.board.variation,
        )
        for network, plan in ((Network.PLAN, result.plan), (Network.NO_ACTION, result.no_action))
    }
    titles = figure_titles()
    rows = pd.DataFrame(
        [(title, unit, sides["plan"].get(key), sides["no_action"].get(key)) for key, (title, unit) in titles.items()],
        columns=["title", "unit", "plan", "no_action"],
    )
    columns = (
        *texts(("title", _("指标")), ("unit", _("单位"))),
        Column("plan", label(Network.PLAN), Format.FIGURE),
        Column("no_action", label(Network.NO_ACTION), Format.FIGURE),
    )
    return Sheet(_("T18 情景比选"), _("规划方案与不采取措施比较表"), _("单位：见表列"), columns, rows)
