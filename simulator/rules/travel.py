"""Rules about the journey to school."""

from simulator.rules.register import Rule, register
from simulator.terms import Basis, Effect

register(
    Rule(
        "travel_within_limit",
        "通学时间不超限",
        Basis.POLICY,
        Effect.RIGID,
        "国办发〔2018〕27号（小学1至3年级一般不超过半小时）",
        "B",
    )
)
