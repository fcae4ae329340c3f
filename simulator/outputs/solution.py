"""The quality of a plan and the items of its objective, in words."""

from __future__ import annotations

import math

from simulator.language import translate as _
from simulator.plan import Solution


def gap_percent(solution: Solution) -> str:
    """How far from the best possible plan this one can be, as a planner says it."""
    if not math.isfinite(solution.gap):
        return _("与理论最优值的差距未能证明")
    return _("与理论最优值相差不超过 {percent}%").format(percent=f"{max(solution.gap, 0.0) * 100:.2f}")


def status_words(status: str) -> str:
    """What ended the search, in words."""
    words = {
        "optimal": _("已达到要求的精度"),
        "time_limit": _("到时限停止，取已找到的最好方案"),
        "work_limit": _("到工作量限额停止，取已找到的最好方案"),
        "interrupted": _("人为中断，取已找到的最好方案"),
        "no_action": _("不采取措施"),
        "approved_part": _("只含已批准的举措，是优化方案的一部分"),
    }
    return words.get(status, status)


def item_words(item: str) -> str:
    """An item of the objective in words."""
    words = {
        "shortage": _("学位缺口"),
        "over_standard": _("超标准班额"),
        "moved": _("调整招生范围"),
        "journeys": _("通学时间"),
        "transport": _("校车与寄宿"),
        "running": _("学部与班级运行费"),
        "capital": _("投资年金"),
        "pupils": _("生均公用经费"),
        "changes": _("与原方案的不同"),
    }
    return words.get(item, item)
