"""Contract of the table in which a bureau declares what no layout program can work out."""

from __future__ import annotations

from dataclasses import replace

from simulator.inputs.contracts import Column, Contract, Kind, text, word, year
from simulator.inputs.contracts_people import SCHOOL
from simulator.rules.board import DECLARABLE

REACHED = {"yes": "达到", "no": "未达到"}

DECLARED_ITEMS = Contract(
    "declared_items",
    "督导评估自报项",
    "优质均衡或普及普惠的一项自报结果：程序不能推算的，由本局填写",
    (
        word("item", "评估项", DECLARABLE, required=True),
        year("year", "年份", required=False, empty="各年都算", note="该年起算，到下一次自报为止"),
        replace(SCHOOL, required=False, empty="全县区", note="只说一所学校时填写；任一学校未达到，全县区即未达到"),
        word("reached", "是否达到", REACHED, empty="按数值与标准比较", note="没有数值的项目须填"),
        Column("value", "数值", Kind.NUMBER, low=0, empty="没有数值", note="比例写 0 到 1 的小数"),
        text("evidence", "佐证材料"),
    ),
    key=("item", "year", "school_id"),
    assumed="程序不能推算的评估项列为未填，不作达标判断",
)
"""督导评估自报项."""
