"""撤并 as the documents have it: the four vetoes, the steps of the procedure, and the rules that hold them."""

from __future__ import annotations

from dataclasses import dataclass

from simulator.rules.register import Rule, register
from simulator.terms import Basis, Effect


@dataclass(frozen=True)
class Veto:
    """A reason for which a school must not be closed against the people's will (国办发〔2012〕48号).

    Parameters
    ----------
    veto_id, title
        Code of the tables, and what a planner calls it, in Chinese.
    column, value
        Column and word of table `opinions` with which the bureau enters it.
    """

    veto_id: str
    title: str
    column: str
    value: str


VETOES: dict[str, Veto] = {
    veto.veto_id: veto
    for veto in (
        Veto("majority", "多数学生家长或听证代表反对", "majority_against", "yes"),
        Veto("travel", "撤并后上下学不便或交通安全得不到保障", "travel_safe", "no"),
        Veto("lodging", "接收学校不能满足寄宿需要", "beds_enough", "no"),
        Veto("meals", "接收学校不能满足就餐需要", "meals_enough", "no"),
        Veto("oversized", "撤并后接收学校超大规模或出现大班额", "receiver_fits", "no"),
    )
}
"""Veto → what it is; want of beds and want of meals are one veto of the document, told apart here."""

ENTERED, ISOLATED = "entered", "isolated"
KEPT: dict[str, str] = {
    ENTERED: "按规划列为应留必留",
    ISOLATED: "周边一至三年级儿童规定时间内唯一的学校",
} | {veto.veto_id: veto.title for veto in VETOES.values()}
"""Reason for which a school stays → its words, in Chinese."""

STEPS: dict[str, str] = {
    "draft": "起草方案",
    "consultation": "征求部门和乡镇意见",
    "notice": "公示",
    "hearing": "听证",
    "expert": "专家论证",
    "risk": "社会稳定风险评估",
    "legal": "合法性审查",
    "deliberation": "集体审议",
    "approval": "批复",
    "filing": "省级备案",
}
"""Step of the procedure → its Chinese word, in their order; filing with the province is asked of rural schools."""

RURAL_STEPS = frozenset({"filing"})

_SOURCE = "国办发〔2012〕48号；国办发〔2018〕27号"

register(
    Rule(
        "closure_vetoed",
        "有否决情形的学校不撤",
        Basis.POLICY,
        Effect.RIGID,
        "国办发〔2012〕48号；教育部办公厅2016年通报",
        "B",
        in_model=False,
    )
)
register(
    Rule(
        "closure_travel",
        "撤并后上学不超通学限制",
        Basis.POLICY,
        Effect.RIGID,
        "国办发〔2012〕48号（时限按情景设定）",
        "B",
    )
)
register(
    Rule(
        "closure_receivers",
        "接收学校容得下、住得下、吃得上",
        Basis.POLICY,
        Effect.EVALUATION,
        "国办发〔2012〕48号",
        "B",
        in_model=False,
    )
)
register(
    Rule(
        "closure_procedure",
        "撤并程序有记录",
        Basis.POLICY,
        Effect.ADVISORY,
        _SOURCE,
        "B",
        in_model=False,
    )
)
