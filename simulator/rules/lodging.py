"""Rules about boarding."""

from simulator.rules.register import Rule, register
from simulator.terms import Basis, Effect

register(
    Rule(
        "boarding_within_beds",
        "寄宿生不超过床位，一至三年级不寄宿",
        Basis.POLICY,
        Effect.RIGID,
        "国办发〔2018〕27号（原则上小学1至3年级不寄宿，就近走读）",
        "B",
    )
)
