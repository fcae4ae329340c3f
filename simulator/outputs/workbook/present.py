"""T1, T2, T4: schools, class sizes and coverage today."""

from __future__ import annotations

import pandas as pd

from simulator.language import translate as _
from simulator.operation import class_sizes
from simulator.outputs.titles import stage_order, with_names
from simulator.outputs.workbook.sheet import Chart, Colour, Column, Format, Line, Sheet, numbers, texts
from simulator.outputs.workbook.sides import both_columns, side_by_side
from simulator.result import Result
from simulator.terms import COMPULSORY, AreaKind, Nature, Network, Regime, SectionKind, Stage, grade_label, label

# The chart of class sizes stands behind their table.
_CHART = 2.5
# The bins of the class-size table (班额结构表) that bureaus report: first size of the next bin.
_BINS = {"to_45": 46, "46_50": 51, "51_55": 56, "56_65": 66, "from_66": 10_000}

_BIN_WORDS = {
    "below_20": "<20",
    "to_45": "20—45",
    "46_50": "46—50",
    "51_55": "51—55",
    "56_65": "56—65",
    "from_66": "≥66",
}


def present_sheets(result: Result) -> list[Sheet]:
    """The sheets about the present network."""
    return [_schools(result), _class_sizes(result), _class_size_chart(result), _coverage(result)]


def _schools(result: Result) -> Sheet:
    supply = result.supply
    rows = with_names(supply.sections[supply.sections["existing"].astype(bool)].reset_index(), result)
    rows = rows.join(supply.sites[["area_kind", "land_area_m2"]], on="site_id")
    base = result.indicators.schools
    base = base[(base["network"] == "plan") & (base["year"] == result.scenario.horizon.base_year)]
    rows = rows.join(base.set_index("section_id")[["seats_standard", "utilization", "largest_class"]], on="section_id")
    rows = rows.assign(
        number=range(1, len(rows) + 1),
        kind_name=[label(SectionKind(kind)) for kind in rows["kind"]],
        nature_name=[label(Nature(nature)) for nature in rows["nature"]],
        area_name=[label(AreaKind(kind)) for kind in rows["area_kind"]],
        regime_name=[label(Regime(regime)) for regime in rows["regime"]],
        grades=[_grades(first, last) for first, last in zip(rows["grade_from"], rows["grade_to"], strict=True)],
        mean_class=rows["pupils"] / rows["classes"].where(rows["classes"] > 0),
        decided=[_("是") if here else _("否") for here in rows["decided_here"]],
        kept=[_("是") if kept else "" for kept in rows["protected"]],
    )
    columns = (
        *numbers(Format.WHOLE, ("number", _("序号"))),
        *texts(("school", _("学校")), ("section_id", _("学部编号")), ("stage_name", _("学段"))),
        *texts(("kind_name", _("办学类型")), ("nature_name", _("办别")), ("school_township", _("乡镇街道"))),
        *texts(("area_name", _("城乡分类")), ("regime_name", _("招生方式")), ("grades", _("年级"))),
        *numbers(Format.WHOLE, ("classes", _("班数")), ("pupils", _("学生"))),
        Column("mean_class", _("平均班额"), Format.TENTH),
        Column("largest_class", _("最大班额"), Format.WHOLE, Colour.CLASS_SIZE),
        *numbers(Format.WHOLE, ("rooms", _("教室")), ("seats_standard", _("标准学位"))),
        *numbers(Format.SHARE, ("utilization", _("学位利用率"))),
        *numbers(Format.WHOLE, ("land_area_m2", _("占地（平方米）"))),
        *texts(("decided", _("本局决定")), ("kept", _("应留必留"))),
    )
    title = _("现状学校一览表（{year}年）").format(year=result.scenario.horizon.base_year)
    return Sheet(_("T1 现状学校"), title, _("单位：人、班、间、个"), columns, rows)


def _grades(first: int, last: int) -> str:
    return f"{grade_label(int(first))}—{grade_label(int(last))}" if first != last else grade_label(int(first))


def _class_sizes(result: Result) -> Sheet:
    year = result.scenario.horizon.base_year
    register = result.no_action_operation.classes
    sizes = class_sizes(register[register["year"] == year])
    sizes["bin"] = pd.cut(sizes["size"], [-1, *_BINS.values()], right=False, labels=list(_BINS)).astype(str)
    keys = ["section_id", "grade"]
    counts = pd.crosstab([sizes["section_id"], sizes["grade"]], sizes["bin"]).reindex(columns=list(_BINS), fill_value=0)
    grouped = sizes.groupby(keys)["size"]
    summary = grouped.agg(classes="count", pupils="sum", largest="max", mean="mean").join(counts)
    rows = with_names(summary.reset_index(), result)
    rows["grade_name"] = [grade_label(int(grade)) for grade in rows["grade"]]
    order = stage_order(rows["stage"])
    rows = rows.assign(order=order).sort_values(["order", "section_id", "grade"])
    columns = (
        *texts(("school", _("学校")), ("stage_name", _("学段")), ("grade_name", _("年级"))),
        *numbers(Format.WHOLE, ("classes", _("班数")), ("pupils", _("学生"))),
        *numbers(Format.WHOLE, ("to_45", _("≤45人")), ("46_50", _("46—50人")), ("51_55", _("51—55人"))),
        *numbers(Format.WHOLE, ("56_65", _("56—65人")), ("from_66", _("≥66人")), colour=Colour.SHORTAGE),
        Column("largest", _("最大班额"), Format.WHOLE, Colour.CLASS_SIZE),
        Column("mean", _("平均班额"), Format.TENTH),
    )
    title = _("班额结构表（{year}年）").format(year=year)
    return Sheet(_("T2 班额结构"), title, _("单位：班、人"), columns, rows.reset_index(drop=True))


def _class_size_chart(result: Result) -> Sheet:
    """Classes by size in the base and target year: the tails of the compulsory stages, as table and chart."""
    horizon, sizes = result.scenario.horizon, result.indicators.class_sizes
    cases = {
        "today": (Network.NO_ACTION, horizon.base_year),
        "target": (Network.PLAN, horizon.target_year),
        "idle": (Network.NO_ACTION, horizon.target_year),
    }
    keyed = sizes.set_index(["network", "year", "stage"])
    rows = [
        {"stage": stage, "bin": words}
        | {case: keyed[name].get((network.value, year, stage.value)) for case, (network, year) in cases.items()}
        for stage in COMPULSORY
        if (sizes["stage"] == stage).any()
        for name, words in _BIN_WORDS.items()
    ]
    frame = pd.DataFrame(rows, columns=["stage", "bin", *cases])
    frame = frame.assign(stage_name=[label(Stage(stage)) for stage in frame["stage"]])
    columns = (
        *texts(("stage_name", _("学段")), ("bin", _("班额（人）"))),
        *numbers(Format.WHOLE, ("today", _("现状　{year}年").format(year=horizon.base_year))),
        *numbers(Format.WHOLE, ("target", _("规划方案　{year}年").format(year=horizon.target_year))),
        *numbers(Format.WHOLE, ("idle", _("不采取措施　{year}年").format(year=horizon.target_year))),
    )
    lines = (Line("today", "#BFBFBF"), Line("target", "#0072B2"), Line("idle", "#D55E00", dashed=True))
    chart = Chart("column", ("stage_name", "bin"), lines, _("班级数"))
    return Sheet(_("图表 班额分布"), _("班额分布"), _("单位：班"), columns, frame, chart=chart, place=_CHART)


def _coverage(result: Result) -> Sheet:
    horizon, indicators = result.scenario.horizon, result.indicators
    keys = ["year", "stage", "township"]
    coverage = indicators.coverage.assign(
        outside=indicators.coverage["children"] - indicators.coverage["within_radius"]
    )
    travel = indicators.travel.drop(columns=["children"])
    both = coverage.merge(travel, on=["network", *keys], how="left")
    both = both[both["year"].isin([horizon.base_year, horizon.target_year])]
    values = ["children", "radius_m", "share", "outside", "mean_min", "p90_min", "longest_min", "over_limit"]
    rows = with_names(side_by_side(both, keys, values), result)
    rows = rows.assign(order=stage_order(rows["stage"])).sort_values(["order", "township", "year"], kind="stable")
    rows = rows.reset_index(drop=True)
    rows["township"] = rows["township"].where(rows["township"] != "", _("合计"))
    columns = (
        *texts(("stage_name", _("学段")), ("township", _("乡镇街道"))),
        *numbers(Format.YEAR, ("year", _("年份"))),
        *numbers(Format.WHOLE, ("children_plan", _("适龄人口")), ("radius_m_plan", _("服务半径（米）"))),
        *both_columns(Format.SHARE, "share", _("覆盖率")),
        *both_columns(Format.WHOLE, "outside", _("未覆盖人数")),
        *both_columns(Format.TENTH, "mean_min", _("平均分钟")),
        *both_columns(Format.TENTH, "p90_min", _("90分位分钟")),
        *both_columns(Format.TENTH, "longest_min", _("最长分钟")),
        *both_columns(Format.WHOLE, "over_limit", _("超时限人数"), Colour.SHORTAGE),
    )
    note = _("平均、90分位、最长为单程通学时间；覆盖率按服务半径计，服务半径为布点目标，不作就学限制。")
    return Sheet(_("T4 服务覆盖"), _("服务覆盖与通学时间表"), _("单位：人、分钟"), columns, rows, note)
