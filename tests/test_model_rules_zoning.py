"""Brute force agrees with the optimizer on the toys of the zoning rules; what a rule costs where nobody asks is nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from simulator.model.constraints import rows_of
from simulator.model.problem import Problem
from simulator.model.variables import declare_variables
from tests import model_toys_zoning as zoning
from tests.model_brute_force import Enumeration
from tests.model_cases import problem, section, site
from tests.model_rules import CHECKS, PHASE, SEATED, STRUCTURE, WHOLE, satisfies
from tests.test_model_brute_force import solved

CHECKED = frozenset({**STRUCTURE, **PHASE, **WHOLE, **SEATED})


def of_checked_rules(p: Problem) -> Problem:
    """The toy under the rules that a drawn plan is checked for."""
    return replace(p, rules=p.rules & CHECKED)


@pytest.mark.parametrize("rule", sorted(zoning.BINDING))
def test_the_rule_binds_and_brute_force_finds_the_same_optimum(rule):
    """With the rule the optimum is that of all plans one by one and keeps it; without it, it is cheaper and breaks it."""
    p = of_checked_rules(zoning.BINDING[rule]())
    objective, plan = solved(p)
    assert objective == pytest.approx(Enumeration(p, CHECKS).best(), abs=1e-6, rel=1e-9)
    assert [name for name in sorted(p.rules) if not satisfies(name, p, plan)] == []
    cheaper, broken = solved(replace(p, rules=p.rules - {rule}))
    assert cheaper < objective - 1.0
    assert not satisfies(rule, p, broken)


@pytest.mark.parametrize("case", sorted(zoning.OTHERS))
def test_brute_force_finds_the_same_optimum(case):
    """Schools of others, nine-year schools, zones of unlike schools, decisions about units."""
    p = of_checked_rules(zoning.OTHERS[case]())
    objective, plan = solved(p)
    assert objective == pytest.approx(Enumeration(p, CHECKS).best(), abs=1e-6, rel=1e-9)
    assert [name for name in sorted(p.rules) if not satisfies(name, p, plan)] == []


def test_decisions_about_units_bind():
    """Without them U0 and U1 would stay at S0."""
    p = of_checked_rules(zoning.zoned_by_order())
    free, _ = solved(replace(p, requirements=()))
    assert free < solved(p)[0] - 1.0


@pytest.mark.parametrize("rule", sorted(zoning.BINDING))
def test_a_rule_that_nobody_asks_for_has_no_rows(rule):
    """No groups, zones, feeders, admission plan or limits; a largest class of 55 cannot reach a mean of 56."""
    p = problem(
        children=[[40], [30]],
        minutes=[[5, 9], [20, 5]],
        sections=[section(0), section(1)],
        sites=[site(0, (0,)), site(1, (1,))],
        today=[0, 1],
        **zoning.ONE_YEAR,
    )
    plain = replace(p, zoning=replace(p.zoning, oversized_line=56.0, extreme_line=66.0, oversized_share=0.05))
    assert list(rows_of(rule, plain, declare_variables(plain))) == []
