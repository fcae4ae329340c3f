"""The rules of a plan: one register for scenario, model, audit and manual."""

from simulator.rules import (
    audited,
    choices,
    classes,
    consolidation,
    limits,
    lodging,
    seats,
    territory,
    timing,
    travel,
    zones,
)
from simulator.rules.register import RULES, Rule, active, register

__all__ = [
    "RULES",
    "Rule",
    "active",
    "audited",
    "choices",
    "classes",
    "consolidation",
    "limits",
    "lodging",
    "register",
    "seats",
    "territory",
    "timing",
    "travel",
    "zones",
]
