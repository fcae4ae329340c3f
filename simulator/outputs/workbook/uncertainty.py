"""Annex: bands of the demand, and the risk of shortage and surplus; only where futures were drawn."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simulator.indicators.risk import DISTRICT, PROJECT, SECTION, STAGE
from simulator.language import translate as _
from simulator.outputs.titles import site_names, stage_names, stage_order
from simulator.outputs.workbook.sheet import Format, Sheet, numbers, texts
from simulator.projection.bands import DISTRICT as WHOLE
from simulator.projection.bands import TOWNSHIP
from simulator.result import Result
from simulator.terms import Network


def uncertainty_sheets(result: Result) -> list[Sheet]:
    """不确定性 and 学位风险."""
    return [_bands(result), _risk(result)] if result.projection.bands.draws else []


def _bands(result: Result) -> Sheet:
    table = result.projection.bands.table
    rows = table[(table["level"] == WHOLE) | ((table["level"] == TOWNSHIP) & table["year"].isin(_phase_ends(result)))]
    rows = rows.assign(
        where=rows["place"].where(rows["level"] == TOWNSHIP, _("全县区")),
        stage_name=rows["stage"].map(stage_names()),
        order=stage_order(rows["stage"]),
        whole=rows["level"] == TOWNSHIP,
    ).sort_values(["whole", "where", "order", "year"], kind="stable")
    columns = (
        *texts(("where", _("范围")), ("stage_name", _("学段"))),
        *numbers(Format.YEAR, ("year", _("年份"))),
        *numbers(Format.WHOLE, ("run", _("中方案"))),
        *numbers(
            Format.WHOLE,
            *(("p2_5", "2.5%"), ("p10", "10%"), ("p25", "25%"), ("p50", "50%")),
            *(("p75", "75%"), ("p90", "90%"), ("p97_5", "97.5%")),
        ),
    )
    note = _(
        "抽样 {draws} 次：出生、迁移、升级、就读份额、住房交付各按设定的波动同时变动。10%—90% 即 80% 区间；"
        "乡镇街道只列各期末年，其余年份和各单元、各学部见 tables/demand_bands.csv。"
    ).format(draws=result.projection.bands.draws)
    return Sheet(_("不确定性"), _("学位需求的不确定性区间"), _("单位：人"), columns, rows.reset_index(drop=True), note)


def _phase_ends(result: Result) -> list[int]:
    return [phase.last_year for phase in result.scenario.plan_phases]


def _risk(result: Result) -> Sheet:
    risk = result.risk
    shown = (risk["level"] != SECTION) | risk["year"].isin(_phase_ends(result))
    plan = risk[(risk["network"] == Network.PLAN) & shown]
    idle = risk[(risk["network"] == Network.NO_ACTION) & risk["level"].isin([STAGE, DISTRICT])]
    levels = {DISTRICT: _("全县区"), STAGE: _("学段"), PROJECT: _("工程"), SECTION: _("学部")}
    rows = plan.merge(
        idle[["level", "stage", "year", "shortage", "surplus"]],
        on=["level", "stage", "year"],
        how="left",
        suffixes=("", "_idle"),
    )
    names = site_names(result)
    sites = rows["place"].str.rsplit(":", n=1).str[0]
    rows = rows.assign(
        level_name=rows["level"].map(levels),
        name=sites.map(names).fillna(sites),
        stage_name=rows["stage"].map(stage_names()).fillna(""),
        order=rows["level"].map({level: number for number, level in enumerate(levels)}),
        of_stage=np.where(rows["stage"] == "", -1, stage_order(rows["stage"])),
    ).sort_values(["order", "of_stage", "place", "year"], kind="stable")
    columns = (
        *texts(("level_name", _("层级")), ("name", _("学校")), ("stage_name", _("学段"))),
        *numbers(Format.YEAR, ("year", _("年份"))),
        *numbers(Format.WHOLE, ("seats", _("标准学位")), ("pupils", _("平均在校"))),
        *numbers(Format.TENTH, ("beyond", _("平均超出人数"))),
        *numbers(Format.SHARE, ("shortage", _("缺口概率")), ("surplus", _("富余概率"))),
        *numbers(Format.SHARE, ("shortage_idle", _("不采取措施缺口概率")), ("surplus_idle", _("不采取措施富余概率"))),
    )
    note = _(
        "缺口：在校生超过标准学位；富余：不到标准学位的 {share:.0%}。工程缺口指其任一学部有缺口；学段按全县区总数；"
        "全县区指任一学段。学校之间的余缺不相抵的人数见“平均超出人数”。学部只列各期末年，其余见 tables/risk.csv。"
    ).format(share=result.standards.value("alert.surplus"))
    return Sheet(
        _("学位风险"), _("学位缺口与富余的概率"), _("单位：人，另注明者除外"), columns,
        pd.DataFrame(rows).reset_index(drop=True), note,
    )  # fmt: skip
