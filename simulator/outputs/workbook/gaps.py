"""Sheets of the gap between town and village schools, and of the composite index."""

from __future__ import annotations

import math

import pandas as pd

from simulator.indicators.board.index import HEADS, WHOLE
from simulator.language import translate as _
from simulator.outputs.board import item_title
from simulator.outputs.findings import number
from simulator.outputs.titles import stage_order, with_names
from simulator.outputs.workbook.sheet import Column, Format, Sheet, numbers, texts
from simulator.outputs.workbook.sides import both_columns, side_by_side
from simulator.result import Result
from simulator.rules.board import RESOURCES
from simulator.terms import IndexHead, Network, label

_COUNTRY, _INDEX = 3.4, 3.6
# A coefficient printed alike in both years has not moved.
_SAME = 0.005


def gap_sheets(result: Result) -> list[Sheet]:
    """城乡差距 and 综合评价指数; none where nothing was measured."""
    if result.board.index.empty:
        return []
    return [_country(result), _index(result)]


def _country(result: Result) -> Sheet:
    """Base and target year of every indicator, plan beside no action, and the trend of the coefficient."""
    horizon, table = result.scenario.horizon, result.board.country
    keys = ["county", "stage", "item"]
    at_target = table[table["year"] == horizon.target_year]
    plan = at_target[at_target["network"] == Network.PLAN].set_index(keys)
    idle = at_target[at_target["network"] == Network.NO_ACTION].set_index(keys)
    today = table[(table["network"] == Network.NO_ACTION) & (table["year"] == horizon.base_year)].set_index(keys)
    rows = pd.DataFrame(
        {
            "town_now": today["town"],
            "village_now": today["village"],
            "ratio_now": today["ratio"],
            "town_then": plan["town"],
            "village_then": plan["village"],
            "ratio_then": plan["ratio"],
            "ratio_idle": idle["ratio"],
            "coefficient_now": today["coefficient"],
            "coefficient_then": plan["coefficient"],
            "coefficient_idle": idle["coefficient"],
            "a_year": plan["coefficient_a_year"],
        }
    )
    order = {resource.item_id: place for place, resource in enumerate(RESOURCES)}
    rows = with_names(rows.reset_index(), result)
    rows = rows.assign(
        item_name=[item_title(item) for item in rows["item"]],
        trend=[_trend(float(after) - float(before)) for before, after in zip(rows["coefficient_now"], rows["coefficient_then"], strict=True)],
        order=stage_order(rows["stage"]),
        place=rows["item"].map(order),
    ).sort_values(["county", "order", "place"], ignore_index=True)  # fmt: skip
    base, target = (
        _("{year}年").format(year=horizon.base_year),
        _("{year}年").format(year=horizon.target_year),
    )
    idle_words = _("不采取措施")
    columns = (
        *texts(("county", _("县区")), ("stage_name", _("学段")), ("item_name", _("指标"))),
        *(
            Column(name, _("{what}\n{when}").format(what=what, when=when), Format.HUNDREDTH)
            for name, what, when in (
                ("town_now", _("城镇均值"), base),
                ("village_now", _("乡村均值"), base),
                ("ratio_now", _("乡村÷城镇"), base),
                ("town_then", _("城镇均值"), target),
                ("village_then", _("乡村均值"), target),
                ("ratio_then", _("乡村÷城镇"), target),
                ("ratio_idle", _("乡村÷城镇"), idle_words),
                ("coefficient_now", _("差异系数"), base),
                ("coefficient_then", _("差异系数"), target),
                ("coefficient_idle", _("差异系数"), idle_words),
            )
        ),
        Column("a_year", _("差异系数\n年均变化"), Format.FIGURE),
        *texts(("trend", _("校际差距"))),
    )
    note = _(
        "均值按在校生加权；城镇 = 城区和镇区的学校，乡村 = 乡村的学校，按所在单元的城乡分类；比值 1 为相当，小于 1 为乡村低于城镇。"
        "没有乡村学校或城镇学校的，比值为空。各年见 tables/board_country.csv。"
    )
    return Sheet(_("城乡差距"), _("城乡、校际差距变化表"), _("单位：见指标"), columns, rows, note, place=_COUNTRY)


def _trend(change: float) -> str:
    if math.isnan(change):
        return ""
    if abs(change) < _SAME:
        return _("差距持平")
    return _("差距缩小") if change < 0 else _("差距扩大")


def head_words() -> dict[str, str]:
    """The index and its heads in a planner's words."""
    return {WHOLE: _("综合评价指数")} | {head.value: label(head) for head in IndexHead}


def _index(result: Result) -> Sheet:
    """The index and its heads by year, plan beside no action."""
    table, words = result.board.index, head_words()
    wide = table.pivot_table(
        index=["network", "county", "year"], columns="head", values="figure", dropna=False
    ).reset_index()
    wide = wide.dropna(axis="columns", how="all")
    heads = [head for head in (WHOLE, *HEADS) if head in wide]
    rows = side_by_side(wide, ["county", "year"], heads).sort_values(["county", "year"], ignore_index=True)
    columns = [*texts(("county", _("县区"))), *numbers(Format.YEAR, ("year", _("年份")))]
    for head in heads:
        columns += both_columns(Format.TENTH, head, words[head])
    return Sheet(
        _("综合评价指数"),
        _("综合评价指数表"),
        _("单位：分，满分100"),
        tuple(columns),
        rows,
        _index_note(result),
        place=_INDEX,
    )


def _index_note(result: Result) -> str:
    weights = result.scenario.balance.index
    told = _("、").join(f"{label(head)} {number(weights[head])}" for head in IndexHead)
    return _(
        "指数 = 各方面达标程度的加权平均（权重：{weights}，可在情景 [balance.index] 修改），每方面最高 100 分，超出标准不加分。"
        "资源达标：七项资源指标与标准之比（最高 1），校内平均、按在校生加权；校际均衡：上限与差异系数之比（最高 1）的平均；"
        "学位保障：在标准学位以内就读的幼儿园和义务教育学生占比；就近入学：通学不超时限（或由规划安排校车、寄宿）的占比；"
        "班额达标：不超过标准班额的义务教育班占比。没有数据的方面不计。国家没有统一公式，方面和权重为本程序的选择。"
    ).format(weights=told)
