"""Contracts of the tables about who pays for a project, and what a county spends on education."""

from __future__ import annotations

from simulator.inputs.contracts import Column, Contract, Kind, amount, code, text, year

MONEY = (
    Contract(
        "funding",
        "资金来源",
        "一个建设项目的一个资金来源",
        (
            code("place_id", "学校或地块编号", "schools", "parcels"),
            text(
                "source", "来源", required=True, note="例如：中央专项、省级专项、市级财政、县级财政、专项债券、社会资金"
            ),
            Column(
                "share",
                "所占比例",
                Kind.NUMBER,
                required=True,
                low=0,
                high=1,
                note="0 到 1；一个项目合计不足 1 的，其余为县级财政",
            ),
        ),
        key=("place_id", "source"),
        assumed="建设投资全部由县级财政安排，代建移交的不用财政资金",
    ),
    Contract(
        "budgets",
        "教育经费",
        "一年的教育经费（决算或预算）",
        (
            year("year", "年份"),
            amount("education_wan", "一般公共预算教育支出", "万元", empty="未知"),
            amount("staff_wan", "教职工人员经费", "万元", empty="未知"),
            amount("funds_wan", "公用经费", "万元", empty="未知"),
            amount("training_wan", "教师培训经费", "万元", empty="未知"),
        ),
        key=("year",),
        assumed="两个只增不减只核对测算的生均公用经费和生均人员经费",
    ),
)
"""Tables about money."""
