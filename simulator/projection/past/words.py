"""Methods, levels and stages of a backtest in the reader's words."""

from __future__ import annotations

from simulator.language import translate as _
from simulator.projection.past.backtest import OWN
from simulator.projection.past.history import ALL_GRADES, SPAN
from simulator.terms import Stage, grade_label, label


def method_words() -> dict[str, str]:
    """Method → its name."""
    return {
        OWN: _("组合队列法"),
        "plain_cohorts": _("五年合并升级率"),
        "last_value": _("维持现状"),
        "trend": _("线性外推"),
        "per_thousand": _("千人指标法"),
        "per_dwelling": _("户均法"),
    }


def level_words() -> dict[str, str]:
    """Level → its name."""
    return {"district": _("全县区"), "school": _("各学校")}


def stage_title(name: str) -> str:
    """The stage of a history."""
    if name == ALL_GRADES:
        return _("全部年级")
    if name.startswith(SPAN):
        return _("{grade}起的学校").format(grade=grade_label(int(name.removeprefix(SPAN))))
    return label(Stage(name))
