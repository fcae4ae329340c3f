"""Rules about class sizes and intakes."""

from simulator.rules.register import Rule, register
from simulator.terms import Basis, Effect

register(
    Rule(
        "intake_fits_plan",
        "招生人数不超招生计划",
        Basis.LOCAL,
        Effect.OWN,
        "本区招生计划（admission_plan 表）",
        "A",
    )
)
register(
    Rule(
        "oversized_share",
        "大班额班级比例",
        Basis.POLICY,
        Effect.EVALUATION,
        "教育部等三部门2019年7月意见",
        "B",
    )
)
register(
    Rule(
        "no_extreme_class",
        "无超大班额",
        Basis.POLICY,
        Effect.EVALUATION,
        "教育部等三部门2019年7月意见",
        "B",
    )
)
