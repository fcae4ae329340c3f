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

register(
    Rule(
        "catchment_connected",
        "招生范围连片",
        Basis.LOCAL,
        Effect.OWN,
        "本规划口径：划片单元按相邻（含轮渡、桥隧）连成一片",
        "B",
    )
)
register(
    Rule(
        "catchment_holds_school",
        "招生范围包含学校所在单元",
        Basis.LOCAL,
        Effect.OWN,
        "本规划口径：学校所在划片单元归本校，几校同在一个单元的除外",
        "B",
    )
)
