"""Rules about townships and the ground that a catchment covers."""

from simulator.rules.register import Rule, register
from simulator.terms import Basis, Effect

register(
    Rule(
        "township_centre",
        "每个乡镇街道有公办中心幼儿园",
        Basis.EVALUATION,
        Effect.EVALUATION,
        "教督〔2020〕1号",
        "B",
    )
)
