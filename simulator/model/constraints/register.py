"""The register of constraint functions: one for every rule that the optimizer holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pulp

from simulator.model.problem import Problem
from simulator.model.variables import Variables
from simulator.rules import RULES

Row = tuple[str, pulp.LpConstraint]
"""Position codes of the row, and the row: its LP name is `<rule>_<codes>`."""
Constraint = Callable[[Problem, Variables], Iterator[Row]]

CONSTRAINTS: dict[str, Constraint] = {}


def constraint(function: Constraint) -> Constraint:
    """Register the function under its own name, which must be a rule of the register."""
    name = function.__name__
    if name in CONSTRAINTS or name not in RULES or not RULES[name].in_model:
        message = f"{name} is no rule of the model, or has two constraint functions"
        raise ValueError(message)
    CONSTRAINTS[name] = function
    return function


def rows_of(rule: str, problem: Problem, v: Variables) -> Iterator[Row]:
    """Named rows of one rule; none where the rule is off."""
    if rule in problem.rules:
        for codes, row in CONSTRAINTS[rule](problem, v):
            yield f"{rule}_{codes}", row
