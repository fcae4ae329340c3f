"""Why there is no plan: rules, places and figures in a planner's words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from simulator.errors import InfeasibleError
from simulator.model.compile import compile_model
from simulator.model.conflict import explain_conflict
from simulator.model.declare import declare
from simulator.model.problem import Problem, Requirement
from simulator.model.search import Search
from simulator.model.solve import Limits
from simulator.rules import RULES
from simulator.terms import Stage
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


# By hand, what a planner would change: 20 万元 more in a phase; one closure more; S0 is 12 minutes from U1.
def too_far() -> Problem:
    p = toys.far_school()
    apart = Requirement("planner_decides", "assigned", 0, 1, -1, 0, "decisions：U1 assign S1", 1)
    return replace(p, requirements=(apart,))


def too_few_seats() -> Problem:
    """Hard seats: 40 + 30 children of the first year, one class of 45 at the only school."""
    p = toys.crowded()
    return replace(
        p,
        children=p.children[:1] + 50,
        blocks=p.blocks[:1],
        units=p.units[:1],
        sections=p.sections[:1],
        sites=p.sites[:1],
        pair_block=p.pair_block[:1],
        pair_section=p.pair_section[:1],
        minutes=p.minutes[:1],
        today=p.today[:1],
        lawful=p.lawful[:1],
        prices=replace(p.prices, shortage=float("inf")),
    )


def too_many_schools() -> Problem:
    """At most one primary school, and none of the two may close."""
    return replace(toys.far_school(), school_count={Stage.PRIMARY: (0, 1)})


def no_beds() -> Problem:
    """U0 is to board at S0, which has 10 beds for its 24 children."""
    p = toys.few_beds()
    boards = Requirement("planner_decides", "assigned", 0, 0, -1, 0, "decisions：U0 assign S0", 0)
    return replace(p, requirements=(boards,), sites=(replace(p.sites[0], beds=10.0), p.sites[1]))


REPAIRS = [
    (no_money_for_a_decided_school, "投资限额从 0 万元提高到 20 万元"),
    (no_closure_allowed, "多允许撤并 1 所"),
    (protected_and_closed, "S1 closed"),
    (land_comes_later, "提前S1的供地"),
    (too_far, "把U1到S1的通学时限放宽到 8 分钟"),
    (too_few_seats, "在S0增开 2 个班"),
    (too_many_schools, "把小学学校数的上限提高 1 所"),
    (no_beds, "在S0增加 14 个床位"),
]


@pytest.mark.parametrize(("case", "words"), REPAIRS, ids=[case.__name__ for case, _ in REPAIRS])
def test_the_repair_is_told_as_a_planner_would_do_it(case, words):
    error = explained(case())
    assert words in str(error), str(error)


# 3 closures are asked for, 1 is allowed in the phase: any 2 of them and the limit are a smallest conflict.
def test_a_conflict_is_as_small_as_it_can_be():
    base = toys.two_worth_closing()
    sections = (replace(base.sections[0], can_close=True), *base.sections[1:])
    asked = tuple(decision("closed", 0, code, code) for code in range(3))
    error = explained(replace(base, sections=sections, requirements=asked))
    assert len(error.problems) == 3
    assert sum(RULES["closures_a_year"].title in fault.what for fault in error.problems) == 1
    assert "3 项要求互相矛盾" in error.title


def test_conflicts_that_have_nothing_in_common_are_told_apart():
    base = toys.two_worth_closing()
    sections = (*base.sections[:2], replace(base.sections[2], protected=True))
    asked = (
        decision("closed", 0, 2, 2),
        decision("open", 0, 1, 1),
        decision("closed", 0, 1, 1, rule="committed_happens"),
    )
    error = explained(replace(base, sections=sections, requirements=asked))
    assert "2 组" in error.title
    assert {fault.what.partition("：")[0] for fault in error.problems} == {"矛盾1", "矛盾2"}


def test_catchments_that_cannot_be_connected_are_a_conflict():
    """Units in a row 0–1–2, S0 stands in unit 0; unit 2 must go to S0 and unit 1 must not."""
    p = toys.problem(
        children=[[10.0], [10.0], [10.0]],
        minutes=[[5, 9], [5, 5], [5, 9]],
        sections=[toys.section(0), toys.section(1)],
        sites=[toys.site(0, (0,)), toys.site(1, (1,))],
        today=[0, 1, 0],
        edges=np.array([[0, 1], [1, 2]]),
        home=np.array([0, 1]),
        **toys.when(toys.ONE),
    )
    away = Requirement("planner_decides", "assigned", 0, 0, -1, 0, "decisions：U2 assign S0", 2)
    model = declare(replace(p, requirements=(away,)), compact=False)
    compiled = compile_model(model.lp)
    error = explain_conflict(model, compiled)
    assert any(RULES["catchment_connected"].title in fault.what for fault in error.problems), str(error)
    assert "不相连" in str(error) or "U2 assign" in error.title


def test_without_a_proof_no_conflict_is_claimed():
    """A search that ran out of time has shown nothing: where the rules can hold, nothing is said to conflict."""
    p = toys.two_worth_closing()
    model = declare(p)
    error = explain_conflict(model, compile_model(model.lp), infeasible=False)
    assert error.problems == ()
    assert "--time-limit" in error.title


@pytest.mark.parametrize("case", [case for case, _ in CASES])
def test_giving_way_where_the_message_says_makes_a_plan_possible(case):
    """Without the rules of any one alternative there is a plan."""
    p = case()
    problems = explained(p).problems
    for rule in {rule for rule in RULES if any(RULES[rule].title in f.what for f in problems)}:
        model = declare(replace(p, rules=p.rules - {rule}))
        assert len(Search(model, compile_model(model.lp), Limits(20.0, 0.0, None, 1)).run().values), rule
