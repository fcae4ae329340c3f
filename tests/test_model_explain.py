"""Why this and not that: decisions forced the other way, and which actions stay in plans nearly as good."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator.errors import InputError
from simulator.model import Problem, optimize, size_of
from simulator.model.compile import compile_model
from simulator.model.declare import declare
from simulator.model.explain import Explanation, explain
from simulator.model.forced import Relaxation
from simulator.model.from_plan import completed, stated_values
from simulator.model.otherwise import find_place
from simulator.model.problem import Requirement
from simulator.model.robustness import Found, with_robustness
from simulator.model.search import Search
from simulator.model.solve import Limits, solve_relaxed
from simulator.model.works import Values
from simulator.plan import Plan
from simulator.rules import RULES
from simulator.scenario import SolverSettings
from tests import model_toys as toys
from tests.model_cases import today_plan

SETTINGS = SolverSettings(time_limit_s=10.0, gap=0.0)
LIMITS = Limits(10.0, 0.0, None, 1)


def planned(p: Problem) -> Plan:
    return optimize(p, today_plan(p), SETTINGS)


def asked(p: Problem, place: str) -> tuple[Explanation, ...]:
    return explain(p, planned(p), (place, place), SETTINGS)


def words(p: Problem) -> Mapping[str, str]:
    rows = planned(p).actions
    return dict(zip(rows["section_id"], rows["robustness"], strict=True))


def not_built(p: Problem, place: str) -> Explanation:
    return next(one for one in asked(p, place) if one.now.startswith(("新建", "不建")))


# By hand (two_worth_closing: 40, 10 and 10–12 children, sections 10 万元 a year, two years of equal weight):
# without closing S1 its section runs one year more, 5 万元 a year, and its 10 children save 11 minutes of 10 yuan
# in that year, ½ × 10 × 11 × 10 yuan = 0.055 万元; it also saves 10 moves at 300 yuan, ½ × 10 × 300 = 0.15 万元.
# With S1 kept, S1's classes (none needed elsewhere: S0 has room) cost ½ × 1 class × 1000 yuan = 0.05 万元 more.
def test_a_school_that_closes_is_compared_with_keeping_it():
    (one,) = asked(toys.two_worth_closing(), "S1")
    assert (one.now, one.instead, one.outcome) == ("撤并（小学）", "保留（小学）", "compared")
    assert one.after is not None
    cost = one.after.cost_wan - one.before.cost_wan
    more = one.after.objective_wan - one.before.objective_wan
    assert (cost, more) == pytest.approx((5.05, 5.05 - 0.055 - 0.15))
    assert one.after.moved - one.before.moved == pytest.approx(-10)
    assert one.least_wan == pytest.approx(more)  # solved to the end, so the bound is the value


# By hand (last_school): S1 is 应留必留; S0 is not, so its 60 children may go 30 − 5 minutes farther.
def test_a_place_where_the_opposite_is_forbidden_names_the_rule():
    (one,) = asked(toys.last_school(), "S1")
    assert (one.now, one.instead, one.outcome, one.after) == ("保留（小学）", "撤并（小学）", "impossible", None)
    assert [RULES["protected_stays_open"].title in reason.what for reason in one.reasons] == [True]
    assert not any("试算" in reason.where for reason in one.reasons)


def test_a_school_of_others_is_not_closed_by_this_bureau():
    (one,) = asked(toys.others_school(), "S1")
    assert one.outcome == "impossible"
    assert "主管部门" in one.reasons[0].what


def test_a_school_that_the_scenario_keeps_is_tried_as_if_it_could_close():
    p = toys.others_school()
    (one,) = asked(p, "S0")
    assert not p.sections[0].can_close
    assert "试算" in one.note
    # Its two units, 60 and 30 children, may go nowhere else: two years in one are short in each.
    assert one.after is not None
    assert one.after.shortage == pytest.approx(90 * len(p.years))


# By hand (little_money): one added room saves shortage; the parcel costs money that comes later.
@pytest.mark.parametrize(
    ("place", "now", "instead"),
    [("S0", "改扩建（小学）", "不扩建（小学）"), ("S1", "不建（小学）", "新建（小学）")],
)
def test_works_and_parcels_have_an_opposite(place, now, instead):
    first = asked(toys.little_money(), place)[0]
    assert (first.now, first.instead, first.outcome) == (now, instead, "compared")
    assert first.after is not None
    assert first.after.objective_wan >= first.before.objective_wan


def test_an_early_opening_that_no_phase_allows_is_put_off_to_one_that_does():
    """The land of the toy comes with the second phase: a school there is tried from then on."""
    p = toys.late_land()
    one = not_built(p, "S1")
    assert one.outcome == "compared"


def test_a_unit_goes_to_the_best_other_school():
    """Of U2's schools S0 (18 minutes) and S2 (4 minutes), the plan closes S2; elsewhere than S0 means that S2 stays."""
    (one,) = asked(toys.two_worth_closing(), "U2")
    assert (one.now, one.instead) == ("小学划入S0", "小学不划入S0")
    changes = {change.place: (change.before, change.after) for change in one.changes}
    assert changes["U2"] == ("S0", "S2")
    assert changes["S2"] == ("2026年撤并", "保留")


NAMES = {"S1": "东门小学", "S2": "西门小学", "S3": "东门小学", "U1": "东门社区"}


@pytest.mark.parametrize(
    ("place", "found"), [("S1", ("S1", "东门小学")), ("西门小学", ("S2", "西门小学")), ("U1", ("U1", "东门社区"))]
)
def test_a_place_is_known_by_id_or_name(place, found):
    assert find_place(NAMES, place) == found


@pytest.mark.parametrize(
    ("place", "told"),
    [("东门小学", ["S1", "S3"]), ("西门", ["西门小学（S2）"]), ("S9", ["S1（东门小学）"]), ("北京", ["编号"])],
)
def test_a_place_that_is_not_clear_is_refused_with_near_ones(place, told):
    with pytest.raises(InputError) as error:
        find_place(NAMES, place)
    for word in told:
        assert word in str(error.value)


TOYS = [toys.two_worth_closing, toys.little_money, toys.rise_and_dip, toys.shared_campus, toys.nine_year_parcel]


@pytest.mark.parametrize("toy", TOYS, ids=[toy.__name__ for toy in TOYS])
def test_a_plan_read_from_its_tables_is_the_plan(toy):
    """What the tables state, completed at least cost, costs what the plan costs."""
    p = toy()
    plan = planned(p)
    model = declare(p, compact=False)
    compiled = compile_model(model.lp)
    values = completed(model, compiled, stated_values(model, compiled, plan), LIMITS)
    assert values is not None
    assert compiled.cost @ values + compiled.offset == pytest.approx(plan.solution.objective - p.unavoidable)


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2), st.sampled_from([0.0, 1.0]), st.floats(1_000, 200_000))
def test_a_forced_relaxation_never_exceeds_the_best_plan_so_forced(section, value, section_year):
    """The bound that proves 稳健 is a bound: no plan with the decision forced is below it."""
    base = toys.two_worth_closing()
    p = replace(base, sections=tuple(replace(s, section_year=section_year) for s in base.sections))
    model = declare(p, compact=False)
    compiled = compile_model(model.lp)
    terms = [model.variables.open[section, phase] for phase in range(2)]
    columns = [compiled.position[term.name] for term in terms if not isinstance(term, int | float)]
    least = Relaxation(compiled, solve_relaxed(compiled)).least(dict.fromkeys(columns, (value, value)))
    lower, upper = compiled.lower.copy(), compiled.upper.copy()
    lower[columns] = upper[columns] = value
    best = Search(model, replace(compiled, lower=lower, upper=upper), LIMITS).run()
    assert least <= best.objective + 1e-6 * max(abs(least), 1.0) or not len(best.values)


def test_a_relaxation_is_the_same_after_a_question():
    """Forcing leaves nothing behind: asked again, the answer is the same, and without force it is the relaxation."""
    model = declare(toys.two_worth_closing(), compact=False)
    compiled = compile_model(model.lp)
    relaxation, relaxed = Relaxation(compiled), solve_relaxed(compiled)
    assert relaxed is not None
    forced = {compiled.position[model.variables.open[1, 1].name]: (1.0, 1.0)}
    first = relaxation.least(forced)
    assert relaxation.least({}) == pytest.approx(relaxed.objective)
    assert relaxation.least(forced) == pytest.approx(first)
    assert first >= relaxed.objective


# By hand: keeping S1 or S2 costs 4.8 万元 of 16 万元, far more than half a per cent.
def test_actions_that_cost_much_to_leave_out_are_robust():
    assert words(toys.two_worth_closing()) == {"S0:primary": "", "S1:primary": "robust", "S2:primary": "robust"}


# Both schools cost the same and lie alike: closing the one is as good as closing the other.
def test_an_action_that_another_plan_does_without_is_undecided():
    base = toys.two_worth_closing()
    p = replace(
        base,
        children=np.array([[40.0, 40.0], [10.0, 10.0], [10.0, 10.0]]),
        minutes=np.array([5.0, 15.0, 4.0, 15.0, 4.0]),
        closures_per_year=0.5,
        base_year=2024,
    )
    assert sorted(word for word in words(p).values() if word) == ["undecided"]


def test_what_was_decided_before_is_fixed():
    p = replace(
        toys.two_worth_closing(),
        requirements=(Requirement("planner_decides", "closed", 0, 1, 1, 0, "close S1"),),
    )
    assert words(p)["S1:primary"] == "fixed"


def test_a_plan_of_the_pool_is_an_example_against_an_action():
    """A near-optimal plan without the action makes it undecided, before anything is proven; a farther one does not."""
    p = toys.two_worth_closing()
    model = declare(p, compact=False)
    compiled = compile_model(model.lp)
    best = Search(model, compiled, LIMITS).run()
    values = Values(model, dict(zip(compiled.names, best.values.tolist(), strict=True)))
    other = best.values.copy()
    for phase in range(2):
        other[compiled.position[model.variables.open[1, phase].name]] = 1.0
    actions = planned(p).actions.assign(robustness="")
    told = {}
    for objective in (best.objective * 1.001, best.objective * 1.1):
        found = Found(compiled, None, ((best.objective, best.values), (objective, other)), best.objective)
        rows = with_robustness(actions, values, found, 0.005, 5.0)
        told[objective] = dict(zip(rows["section_id"], rows["robustness"], strict=True))["S1:primary"]
    assert list(told.values()) == ["undecided", "robust"]


def test_without_time_for_proofs_nothing_is_called_proven():
    p = toys.two_worth_closing()
    model = declare(p, compact=False)
    compiled = compile_model(model.lp)
    best = Search(model, compiled, LIMITS).run()
    values = Values(model, dict(zip(compiled.names, best.values.tolist(), strict=True)))
    found = Found(compiled, None, ((best.objective, best.values),), best.objective)
    rows = with_robustness(planned(p).actions, values, found, 0.005, 0.0)
    assert set(rows.loc[rows["action"] != "keep", "robustness"]) == {"undecided"}


# two_worth_closing: 5 pairs, 2 sections that may close, 3 that count classes, in each of 2 phases.
def test_the_size_of_a_problem_is_counted_before_it_is_declared():
    p = toys.two_worth_closing()
    size = size_of(p)
    assert (size.units, size.schools, size.parcels, size.phases, size.years) == (3, 3, 0, 2, 2)
    assert size.decisions == (5 + 2 + 3) * 2
    assert size.decisions == int(compile_model(declare(p, compact=False).lp).whole.sum())
