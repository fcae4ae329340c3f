"""The risk of a plan in a planner's words: lines of the summary."""

from __future__ import annotations

import pandas as pd

from simulator.indicators.risk import PROJECT, STAGE
from simulator.language import translate as _
from simulator.outputs.titles import built_name, site_names, stage_names, stage_order
from simulator.result import Result
from simulator.terms import Network

_FEW_PROJECTS = 8
# Probabilities below this are not worth a line.
_LEAST = 0.05


def risk_lines(result: Result) -> list[str]:
    """Each stage at its worst years, then each project in the target year; nothing without draws."""
    risk = result.risk[result.risk["network"] == Network.PLAN]
    if risk.empty:
        return []
    target = result.scenario.horizon.target_year
    planned = risk[risk["year"].isin(list(result.scenario.plan_years))]
    stages = planned[planned["level"] == STAGE]
    order = stage_order(pd.Series(stages["stage"].unique())).sort_values().index
    lines = [
        _(
            "对 {draws} 种可能的学龄人口走势逐一检验（缺口：在校生超过标准学位；富余：不到标准学位的 {share:.0%}）。"
        ).format(draws=result.projection.bands.draws, share=result.standards.value("alert.surplus"))
    ]
    lines += [f"- {_stage_line(stages[stages['stage'] == stage])}" for stage in stages["stage"].unique()[order]]
    projects = risk[(risk["level"] == PROJECT) & (risk["year"] == target) & (risk["seats"] > 0)]
    worst = projects.assign(most=projects[["shortage", "surplus"]].max(axis=1)).sort_values(
        ["most", "place"], ascending=[False, True], kind="stable"
    )
    names = site_names(result)
    for row in worst[worst["most"] >= _LEAST].head(_FEW_PROJECTS).to_dict("records"):
        site = str(row["place"])
        lines.append(
            _("- {year}年{name}出现学位缺口的概率 {shortage:.0%}，富余（<{share:.0%}）{surplus:.0%}").format(
                year=target,
                name=str(names.get(site, site)).removesuffix(built_name("")),
                shortage=row["shortage"],
                surplus=row["surplus"],
                share=result.standards.value("alert.surplus"),
            )
        )
    return lines


def _stage_line(rows: pd.DataFrame) -> str:
    """The years in which shortage and surplus of a stage are likeliest."""
    short, spare = (rows.iloc[int(rows[name].to_numpy().argmax())] for name in ("shortage", "surplus"))
    return _(
        "{stage}：全县区缺口概率最大 {shortage:.0%}（{short_year}年），富余概率最大 {surplus:.0%}（{spare_year}年）"
    ).format(
        stage=stage_names().get(str(short["stage"]), short["stage"]),
        shortage=short["shortage"],
        short_year=short["year"],
        surplus=spare["surplus"],
        spare_year=spare["year"],
    )
