"""Why there is no plan: rules, places and figures in a planner's words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from simulator.errors import InfeasibleError
from simulator.model.compile import compile_model
from simulator.model.conflict import explain_conflict
from simulator.model.declare import declare
from simulator.model.problem import Problem, Requirement
from simulator.model.search import Search
from simulator.model.solve import Limits
from simulator.rules import RULES
from tests import model_toys as toys


def decision(
    kind: str, phase: int, section: int, site: int, amount: int = 0, rule: str = "planner_decides"
) -> Requirement:
    return Requirement(rule, kind, phase, section, site, amount, f"decisions：S{site} {kind}")


def no_money_for_a_decided_school() -> Problem:
    """20 万元 in phase 2 for a school that may cost nothing."""
    p = toys.replaced_school()
    return replace(p, budget_wan=(0.0, 0.0, 0.0), requirements=(decision("open", 1, 2, 2),))


def no_closure_allowed() -> Problem:
    p = toys.two_worth_closing()
    return replace(p, closures_per_year=0.0, requirements=(decision("closed", 1, 1, 1),))


def protected_and_closed() -> Problem:
    return replace(toys.last_school(), requirements=(decision("closed", 0, 1, 1),))


def land_comes_later() -> Problem:
    return replace(toys.late_land(), requirements=(decision("open", 0, 1, 1),))


def no_such_size() -> Problem:
    return replace(toys.odd_sizes(), requirements=(decision("open", 0, 1, 1, 4),))


def committed_but_forbidden() -> Problem:
    p = toys.committed_works()
    return replace(p, requirements=(*p.requirements, decision("forbidden", 0, 0, 0)))


def kept_and_closed() -> Problem:
    asked = (decision("open", 0, 1, 1), decision("closed", 0, 1, 1, rule="committed_happens"))
    return replace(toys.dip_and_rise(), requirements=asked)


def not_closable_but_closed() -> Problem:
    return replace(toys.far_school(), requirements=(decision("closed", 0, 0, 0),))


def explained(p: Problem) -> InfeasibleError:
    model = declare(p)
    compiled = compile_model(model.lp)
    found = Search(model, compiled, Limits(20.0, 0.0, None, 1)).run()
    assert (found.status, len(found.values)) == ("infeasible", 0)
    return explain_conflict(model, compiled)


# Each case with the words that place and figures of each rule in conflict must hold. By hand: a school of two
# classes costs 20 万元; 1 closure against a quota of 0; 4 classes between sizes of 2 and 3; 2 committed rooms.
CASES = [
    (
        no_money_for_a_decided_school,
        {"capital_within_budget": ("第2期", "限值 0", "20.00"), "planner_decides": ("S2 open",)},
    ),
    (no_closure_allowed, {"closures_a_year": ("第1期", "限值 0", "1.00"), "planner_decides": ("S1 closed",)}),
    (protected_and_closed, {"protected_stays_open": ("S1",), "planner_decides": ("S1 closed",)}),
    (land_comes_later, {"site_ready": ("S1", "第1期"), "planner_decides": ("S1 open",)}),
    (no_such_size, {"planner_decides": ("S1 open", "限值 4", "1.00")}),
    (
        committed_but_forbidden,
        {"planner_decides": ("S0 forbidden", "2.00"), "committed_happens": ("J1", "限值 2", "2.00")},
    ),
    (kept_and_closed, {"planner_decides": ("S1 open",), "committed_happens": ("S1 closed",)}),
    (not_closable_but_closed, {"planner_decides": ("S0 closed", "第1期")}),
]


@pytest.mark.parametrize(("case", "expected"), CASES, ids=[case.__name__ for case, _ in CASES])
def test_a_conflict_is_told_by_rule_place_and_figures(case, expected):
    """Both sides of a conflict are named: the rule that would have to give way, and what stands against it."""
    problems = explained(case()).problems
    said = {rule: [f for f in problems if RULES[rule].title in f.what] for rule in expected}
    for rule, words in expected.items():
        text = " ".join(f"{fault.where} {fault.what} {fault.remedy}" for fault in said[rule])
        assert all(word in text for word in words), (rule, words, [str(f) for f in problems])
    assert {rule for rule in RULES if any(RULES[rule].title in f.what for f in problems)} == set(expected)


@pytest.mark.parametrize("case", [case for case, _ in CASES])
def test_giving_way_where_the_message_says_makes_a_plan_possible(case):
    """Without the rules of any one alternative there is a plan."""
    p = case()
    problems = explained(p).problems
    for rule in {rule for rule in RULES if any(RULES[rule].title in f.what for f in problems)}:
        model = declare(replace(p, rules=p.rules - {rule}))
        assert len(Search(model, compile_model(model.lp), Limits(20.0, 0.0, None, 1)).run().values), rule
