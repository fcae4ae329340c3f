"""The whole model, declared in PuLP: decisions, rows of the rules in force, objective."""

from __future__ import annotations

from dataclasses import dataclass

import pulp

from simulator.model.changes import changes_counted
from simulator.model.connection import CONNECTED
from simulator.model.constraints import CONSTRAINTS, rows_of
from simulator.model.enrolled import enrolled_stay
from simulator.model.objective import ITEMS, items_of, moves_counted
from simulator.model.problem import Problem
from simulator.model.variables import Variables, declare_variables, total


@dataclass(frozen=True)
class Model:
    """A declared model.

    Parameters
    ----------
    lp
        The PuLP problem; its objective is the cost above `problem.unavoidable`.
    variables
        The decisions.
    problem
        What it was declared from.
    """

    lp: pulp.LpProblem
    variables: Variables
    problem: Problem


def declare(problem: Problem, *, compact: bool = True) -> Model:
    """Declare decisions, rows and objective of a problem.

    Parameters
    ----------
    problem
        The problem.
    compact
        Whether connected catchments are declared as flows. The search leaves them out and adds separator rows as
        they are needed.
    """
    v = declare_variables(problem)
    lp = pulp.LpProblem("school_network", pulp.LpMinimize)
    terms = [term for name in items_of(problem) for term in ITEMS[name](problem, v)]
    lp.setObjective(total(terms, problem.constant - problem.unavoidable))
    for rule in CONSTRAINTS:
        if rule == CONNECTED and not compact:
            continue
        for name, row in rows_of(rule, problem, v):
            lp.addConstraint(row, name)
    for name, row in enrolled_stay(problem, v):
        lp.addConstraint(row, name)
    for name, terms, least in (*moves_counted(problem, v), *changes_counted(problem, v)):
        lp.addConstraint(total(terms) >= least, name)
    lp.addVariables(v.decisions())  # a rule that is off may leave some without a row
    return Model(lp, v, problem)


def rule_of(row: str) -> str:
    """The rule that a row name belongs to; empty for bookkeeping rows.

    >>> rule_of("pupils_within_seats_s3_t0")
    'pupils_within_seats'
    >>> rule_of("moved_n4_p1")
    ''
    """
    return max((rule for rule in CONSTRAINTS if row.startswith(rule + "_")), key=len, default="")
