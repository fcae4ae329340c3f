"""The register of rules: scenario, model, audit and manual look here for name, title, basis and effect."""

from __future__ import annotations

from dataclasses import dataclass

from simulator.terms import Basis, Effect


@dataclass(frozen=True)
class Rule:
    """A planning rule.

    Parameters
    ----------
    name
        TOML switch, prefix of the LP rows, code of the finding.
    title
        What a planner calls it, in Chinese.
    basis, effect
        Type of the source, and what it means to break the rule.
    source
        Document, number, article, year.
    certainty
        A–D of the source; C and D print as 默认参数(待核) and never fail a plan.
    in_model
        Whether the optimizer holds it; the others are audit checks only.
    default
        Whether it is on.
    """

    name: str
    title: str
    basis: Basis
    effect: Effect
    source: str
    certainty: str
    in_model: bool = True
    default: bool = True


RULES: dict[str, Rule] = {}


def register(rule: Rule) -> Rule:
    """Add a rule; two rules of one name are refused."""
    if rule.name in RULES:
        message = f"rule {rule.name} is registered twice"
        raise ValueError(message)
    RULES[rule.name] = rule
    return rule


def active(off: tuple[str, ...], on: tuple[str, ...]) -> frozenset[str]:
    """Names of the rules in force with these switches."""
    return frozenset(name for name, rule in RULES.items() if (rule.default or name in on) and name not in off)
