"""Contracts of the tables about closing schools: what people said, the steps taken, what is arranged."""

from __future__ import annotations

from simulator.inputs.contracts import Column, Contract, Kind, count, date, text, word, words_of, year
from simulator.inputs.contracts_people import SCHOOL
from simulator.rules.consolidation import STEPS
from simulator.terms import Stage

_METHODS = {
    "hearing": "听证",
    "survey": "问卷",
    "meeting": "座谈会",
    "notice": "公示反馈",
    "letter": "来信来访",
    "other": "其他",
}
_YES_NO = {"yes": "是", "no": "否"}
_ADOPTED = {"adopted": "采纳", "partly": "部分采纳", "declined": "不采纳"}
BUILDING_USES = {
    "kindergarten": "改建幼儿园",
    "practice": "研学、劳动实践基地",
    "teachers": "教师周转房",
    "community": "社区教育、文化活动",
    "returned": "交回村集体或政府",
}
"""Use of a freed building → its Chinese word, kindergarten first."""

_STAGE = word("stage", "学段", words_of(Stage), empty="整个校区")

CONSOLIDATION = (
    Contract(
        "opinions",
        "意见",
        "就一所学校撤并的一次听证、问卷或其他意见；同一方式以最近一次为准",
        (
            SCHOOL,
            _STAGE,
            word("kind", "方式", _METHODS, required=True),
            date("date", "日期"),
            count("asked", "参加或收回人数", "人", empty="赞成与反对之和"),
            count("in_favor", "赞成", "人", empty="未知"),
            count("against", "反对", "人", empty="未知"),
            word(
                "majority_against",
                "多数反对",
                _YES_NO,
                empty="听证、问卷按反对人数推算",
                note="是即否决：该校不撤",
            ),
            word("travel_safe", "上下学方便安全", _YES_NO, empty="未答", note="否即否决：该校不撤"),
            word("beds_enough", "寄宿床位够", _YES_NO, empty="未答", note="否即否决：该校不撤"),
            word("meals_enough", "就餐条件够", _YES_NO, empty="未答", note="否即否决：该校不撤"),
            word("receiver_fits", "接收学校不超规模", _YES_NO, empty="未答", note="否即否决：该校不撤"),
            text("source", "意见来源"),
            text("text", "意见摘要"),
            word("adopted", "采纳情况", _ADOPTED, empty="未答复"),
            text("reason", "采纳或不采纳的理由"),
        ),
        key=("school_id", "stage", "kind", "date"),
        assumed="没有已征求的意见，否决情形按规则推算",
    ),
    Contract(
        "procedure",
        "撤并程序",
        "一所学校撤并程序的一步",
        (
            SCHOOL,
            _STAGE,
            word("step", "步骤", STEPS, required=True),
            date("date", "日期", note="公示写开始的一天"),
            text("document", "文号"),
            text("note", "备注"),
        ),
        key=("school_id", "stage", "step"),
        assumed="撤并程序各步没有记录，成果中列为待办",
    ),
    Contract(
        "arrangements",
        "撤并安排",
        "一所学校撤并后的安排",
        (
            SCHOOL,
            _STAGE,
            Column(
                "following_share",
                "随并率",
                Kind.NUMBER,
                low=0,
                high=1,
                empty="取情景的设定值",
                note="片内学生到划入学校就读的比例，写 0 到 1 的小数；其余到最近的镇区、城区学校",
            ),
            year("transition_until", "过渡期至", required=False, empty="按情景的过渡期年数"),
            word("building_use", "校舍用途", BUILDING_USES, empty="按规则建议，优先改建幼儿园"),
            text("teachers", "教师去向"),
            text("note", "备注"),
        ),
        key=("school_id", "stage"),
        assumed="随并率、过渡期按情景设定，校舍用途按规则建议",
    ),
)
"""Tables about closing schools."""
