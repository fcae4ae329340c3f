"""Rules about who goes to school together: groups of units, nearness, 对口 and 多校划片."""

from simulator.rules.register import Rule, register
from simulator.terms import Basis, Effect

register(
    Rule(
        "units_together",
        "捆绑单元划入同一学校",
        Basis.LOCAL,
        Effect.OWN,
        "本区设定（units 表的捆绑组）",
        "A",
    )
)
register(
    Rule(
        "nearest_share",
        "新生划入最近学校的比例",
        Basis.LOCAL,
        Effect.OWN,
        "本规划设定（情景文件 zoning.nearest_share）",
        "A",
    )
)
register(
    Rule(
        "feeder_whole",
        "对口直升：小学招生范围整体对口一所初中",
        Basis.LOCAL,
        Effect.OWN,
        "本区招生办法（sections 表的招生方式为对口）",
        "A",
    )
)
register(
    Rule(
        "shared_zone",
        "多校划片：片内各校学位合并计算",
        Basis.LOCAL,
        Effect.OWN,
        "本区招生办法（sections 表的招生方式为多校划片）",
        "A",
    )
)
