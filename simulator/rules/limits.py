"""Limits that a planner may ask for."""

from simulator.rules.register import Rule, register
from simulator.terms import Basis, Effect

register(
    Rule(
        "school_count",
        "学校数在设定范围内",
        Basis.LOCAL,
        Effect.OWN,
        "本规划设定（情景文件 candidates.schools）",
        "A",
    )
)
register(
    Rule(
        "children_moved_limit",
        "每期换学校的学生不超设定比例",
        Basis.LOCAL,
        Effect.OWN,
        "本规划设定（情景文件 zoning.moved_share）",
        "A",
    )
)
