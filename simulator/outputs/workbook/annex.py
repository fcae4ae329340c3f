"""The annex: data checks, findings, norm figures, sources, assumptions, quality of the solution."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simulator.language import translate as _
from simulator.outputs.basis import documents
from simulator.outputs.findings import finding_words, place_names
from simulator.outputs.solution import gap_percent, item_words, status_words
from simulator.outputs.workbook.checking import checking_sheets
from simulator.outputs.workbook.goals import goal_sheets
from simulator.outputs.workbook.sheet import Column, Format, Sheet, numbers, texts
from simulator.outputs.workbook.uncertainty import uncertainty_sheets
from simulator.result import Result
from simulator.standards import sources_table
from simulator.terms import Network, label

_WAN = 10_000


def annex_sheets(result: Result) -> list[Sheet]:
    """The sheets that let a reader check the others."""
    return [
        *checking_sheets(result),
        *uncertainty_sheets(result),
        _findings(result),
        _documents(result),
        _norms(result),
        _sources(result),
        _assumptions(result),
        _technical(result),
        *goal_sheets(result),
    ]


def _findings(result: Result) -> Sheet:
    rows = finding_words(result.audit.findings, place_names(result.supply, result.district.units))
    columns = (
        *texts(("network_name", _("方案口径")), ("effect_name", _("效力")), ("status_name", _("性质"))),
        *texts(("rule_title", _("规则")), ("place", _("对象")), ("detail_name", _("说明"))),
        *numbers(Format.YEAR, ("year", _("年份"))),
        Column("figure", _("数值"), Format.FIGURE),
        Column("norm", _("标准"), Format.FIGURE),
        *texts(("unit", _("单位")), ("source", _("依据"))),
    )
    note = _("共校核 {count} 条规则，与求解模型相互独立。").format(count=len(result.audit.rules_checked))
    return Sheet(_("校核问题"), _("独立校核问题清单"), _("单位：见表列"), columns, rows, note)


def _documents(result: Result) -> Sheet:
    columns = (
        *texts(("document", _("文件")), ("basis", _("依据类型"))),
        *numbers(Format.WHOLE, ("rules", _("所依规则")), ("figures", _("所依数据")), ("to_be_checked", _("其中待核"))),
    )
    note = _("由本次运行校核的规则和采用的数据汇总；法律条文请引用者核对。")
    return Sheet(_("依据文件"), _("编制依据文件目录"), _("单位：条、项"), columns, documents(result), note)


def _norms(result: Result) -> Sheet:
    rows = pd.DataFrame([vars(row) for row in sources_table(result.standards)])
    rows = rows.reindex(columns=["figure_id", "title", "value", "unit", "basis", "effect", "source", "year",
                                 "certainty", "note", "file", "instead_of"])  # fmt: skip
    rows["year"] = pd.to_numeric(rows["year"])
    columns = (
        *texts(("title", _("指标")), ("figure_id", _("编号"))),
        Column("value", _("取值"), Format.FIGURE),
        *texts(("unit", _("单位")), ("basis", _("依据类型")), ("effect", _("效力")), ("source", _("文件"))),
        *numbers(Format.YEAR, ("year", _("年份"))),
        *texts(("certainty", _("可信度")), ("note", _("说明")), ("instead_of", _("替代")), ("file", _("文件名"))),
    )
    return Sheet(
        _("编制依据"), _("编制依据与采用指标"), _("单位：见表列"), columns, rows.fillna({"note": "", "instead_of": ""})
    )


def _sources(result: Result) -> Sheet:
    rows = pd.DataFrame(
        [(s.table, s.path.name, s.rows, s.as_of, s.sha256) for s in result.district.sources],
        columns=["table", "file", "rows", "as_of", "sha256"],
    )
    columns = (
        *texts(("table", _("表")), ("file", _("文件"))),
        *numbers(Format.WHOLE, ("rows", _("行数"))),
        *numbers(Format.YEAR, ("as_of", _("数据年份"))),
        *texts(("sha256", _("校验值 SHA-256"))),
    )
    return Sheet(_("数据来源"), _("数据来源"), _("单位：行"), columns, rows)


def _assumptions(result: Result) -> Sheet:
    parts = (
        (_("数据"), result.district.assumptions),
        (_("人口与需求"), result.projection.assumptions),
        (_("学位"), result.supply.assumptions),
        (_("通学"), result.access.assumptions),
        (_("现状招生范围"), (*result.catchments.assumptions, *result.territory.assumptions)),
        (_("方案"), result.plan.notes),
    )
    rows = pd.DataFrame(
        [(part, text) for part, texts_of_part in parts for text in texts_of_part], columns=["part", "text"], dtype=str
    )
    columns = texts(("part", _("部分")), ("text", _("假设")))
    return Sheet(_("假设"), _("假设与说明"), "", columns, rows)


def _technical(result: Result) -> Sheet:
    solution = result.plan.solution
    rows = [
        (_("目标：{item}").format(item=item_words(str(row["item"]))), row["yuan"] / _WAN, _("万元/年"))
        for row in result.plan.objective.to_dict("records")
    ]
    rows += [
        (_("目标合计"), solution.objective / _WAN, _("万元/年")),
        (_("界（任何方案都不低于）"), solution.bound / _WAN, _("万元/年")),
        (_("不可避免部分"), solution.unavoidable / _WAN, _("万元/年")),
        (_("最优间隙"), solution.gap, _("比例")),
        (_("缺学位（人·年）"), solution.shortage, _("人·年")),
        (_("求解轮次"), float(solution.rounds), _("次")),
    ]
    frame = pd.DataFrame(rows, columns=["title", "value", "unit"])
    frame["value"] = frame["value"].astype(float).where(np.isfinite(frame["value"].astype(float)))
    columns = (*texts(("title", _("项目"))), Column("value", _("数值"), Format.FIGURE), *texts(("unit", _("单位"))))
    note = _("{network}：{status}；{gap}；求解器 {solver}。").format(
        network=label(Network.PLAN),
        status=status_words(solution.status),
        gap=gap_percent(solution),
        solver=solution.solver,
    )
    return Sheet(_("技术说明"), _("目标构成与求解说明"), _("单位：见表列"), columns, frame, note)
