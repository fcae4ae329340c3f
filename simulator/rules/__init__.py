"""The rules of a plan: one register for scenario, model, audit and manual."""

from simulator.rules import audited, choices, seats, territory, timing, travel
from simulator.rules.register import RULES, Rule, active, register

__all__ = ["RULES", "Rule", "active", "audited", "choices", "register", "seats", "territory", "timing", "travel"]
