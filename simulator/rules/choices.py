"""Rules that hold what is already decided, and by whom."""

from simulator.rules.register import Rule, register
from simulator.terms import Basis, Effect

register(
    Rule(
        "committed_happens",
        "已立项和在建项目按期实施",
        Basis.LOCAL,
        Effect.RIGID,
        "项目库（projects 表）",
        "A",
    )
)
register(
    Rule(
        "planner_decides",
        "规划者的既定决定得到执行",
        Basis.LOCAL,
        Effect.RIGID,
        "情景文件 decisions",
        "A",
    )
)
register(
    Rule(
        "not_ours",
        "非本级管理学校不撤、不扩、不增划片",
        Basis.LAW,
        Effect.RIGID,
        "隶属关系（schools 表 decided_here）",
        "A",
    )
)
