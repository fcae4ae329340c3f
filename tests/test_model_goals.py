"""Goals in order, the trade-off of two goals, staying close to a plan, going on from one: against all plans of toys."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, product

import numpy as np
import pandas as pd
import pytest

from simulator.model import Task, close_to, draw_frontier, optimize
from simulator.model.compile import compile_model
from simulator.model.declare import declare, rule_of
from simulator.model.goals import CHILDREN, Posed, aimed, goal_of, targets_of, value_of
from simulator.model.objective import ITEMS
from simulator.model.problem import Problem
from simulator.model.solve import Limits, solve
from simulator.plan import Plan
from simulator.scenario import GOALS, SolverSettings
from tests.model_brute_force import Enumeration
from tests.model_cases import problem, section, site, today_plan
from tests.model_rules import CHECKS
from tests.model_toys import BINDING

EXACT = SolverSettings(time_limit_s=30.0, gap=0.0)
SLACK = 1e-3
"""Twice what a goal that is held may be passed by, and rounding."""


def weighed(p: Problem, **weights: float) -> Problem:
    """The problem whose generalized cost is Σ weight × goal; goals that are not named weigh nothing."""
    money = weights.get("cost", 0.0)
    prices = replace(
        p.prices,
        shortage=weights.get("shortage", 0.0),
        over_standard=weights.get("over_standard", 0.0),
        moved=weights.get("moved", 0.0),
        minute=weights.get("journeys", 0.0),
        annuity=money * p.prices.annuity,
        bus_seat=money * p.prices.bus_seat,
        boarder=money * p.prices.boarder,
    )
    sections = tuple(
        replace(s, class_year=money * s.class_year, section_year=money * s.section_year) for s in p.sections
    )
    return replace(p, prices=prices, sections=sections)


def least(p: Problem, **weights: float) -> float:
    """The least Σ weight × goal of all plans, one by one; the cost in yuan."""
    return Enumeration(weighed(p, **weights), CHECKS).best()


def pursued(p: Problem, *goals: str) -> Plan:
    return optimize(p, today_plan(p), EXACT, task=Task(goals=goals))


def test_every_name_of_the_scenario_is_a_goal_of_the_model():
    """A goal is an item of the objective, or the sum of those that cost money."""
    assert {item for name in GOALS for item in goal_of(name).items} == set(ITEMS)
    assert goal_of("cost").items == ("running", "capital", "transport")


# Prices far apart make one generalized cost of ordered goals: the brute force knows only that.
ORDERS = """
toy                       first           second
pupils_within_seats       shortage        moved
pupils_within_seats       moved           shortage
largest_campus            over_standard   journeys
build_before_close        moved           shortage
closed_stays_closed       journeys        moved
every_child_has_a_place   shortage        journeys
"""


@pytest.mark.parametrize("line", ORDERS.split("\n")[2:-1])
def test_each_goal_is_best_within_those_before_it(line):
    """First, second, then the cost: each is what the enumeration of all plans gives at prices far apart."""
    toy, first, second = line.split()
    p = BINDING[toy]()
    seats = [name for name in ("shortage", "over_standard") if name not in (first, second)]
    found = pursued(p, first, second, "cost", *seats).goals.set_index("goal")
    far, near = 1e13, 1e8
    one = least(p, **{first: 1.0})
    two = least(p, **{first: 1e6, second: 1.0}) - 1e6 * one
    three = (least(p, **{first: far, second: near, "cost": 1.0}) - far * one - near * two) / 10_000
    assert found.loc[first, "value"] == pytest.approx(one, abs=SLACK)
    assert found.loc[second, "value"] == pytest.approx(two, abs=SLACK)
    assert found.loc["cost", "value"] == pytest.approx(three, abs=SLACK + 1e-3)
    assert (found["bound"] <= found["value"] + 1e-6).all()
    assert found.loc["cost", "gap"] == pytest.approx(0.0, abs=SLACK)


def test_what_no_goal_names_is_minimized_last():
    """Seats come before the goal that is named; the rest of the generalized cost is the last goal."""
    plan = pursued(BINDING["pupils_within_seats"](), "moved")
    assert plan.goals["goal"].tolist() == ["shortage", "over_standard", "moved", "others"]
    named = plan.objective.set_index("item")["yuan"]
    others = named.drop(["shortage", "over_standard", "moved", "pupils"]).sum() / 10_000
    assert plan.goals["value"].iloc[3] == pytest.approx(others, abs=1e-6)
    assert plan.solution.objective == pytest.approx(named.sum())
    assert plan.solution.gap <= 1e-4


def test_a_tolerance_lets_an_earlier_goal_give_way_so_far():
    """The journeys may be 10 % longer than they could be, so that the cost falls; without tolerance it is higher."""
    p = BINDING["build_before_close"]()
    strict = pursued(p, "journeys", "cost").goals.set_index("goal")["value"]
    loose = optimize(
        p, today_plan(p), EXACT, task=Task(goals=("journeys", "cost"), tolerances={"journeys": 1.0})
    ).goals.set_index("goal")["value"]
    assert loose["cost"] < strict["cost"] - SLACK
    assert strict["journeys"] < loose["journeys"] <= 2 * strict["journeys"] + SLACK


def posed(p: Problem) -> Posed:
    model = declare(p)
    return Posed(model, compile_model(model.lp), Limits(30.0, 0.0, None, 1))


def test_a_goal_counts_in_its_unit_whatever_its_price():
    """Without a price of time the minutes are still minutes: 30 children of 6 and 40 of 5 make 380."""
    p = problem(
        children=[[40], [30]],
        minutes=[[5], [6]],
        sections=[section(0)],
        sites=[site(0, (0,))],
        today=[0, 0],
        years=(2026,),
        starts=(2026,),
    )
    free = posed(replace(p, prices=replace(p.prices, minute=0.0)))
    found = solve(free.compiled, free.limits)
    assert value_of(free, goal_of("journeys"), found.values) == pytest.approx(380.0)
    assert goal_of("shortage").unit == CHILDREN


def test_what_is_held_stands_in_rows_outside_the_rules():
    """`goal_<name>` rows are nobody's rule, and hold what they say."""
    pose = posed(BINDING["built_stays_built"]())
    least_first = solve(aimed(pose, [(goal_of("cost"), 1.0)], {}), pose.limits).objective
    held = aimed(pose, [(goal_of("journeys"), 1.0)], {goal_of("cost"): least_first})
    assert held.row_names[-1] == "goal_cost"
    assert rule_of("goal_cost") == ""
    found = solve(held, pose.limits)
    assert value_of(pose, goal_of("cost"), found.values) <= least_first + 1e-6


# ------------------------------------------------------------------------------------------------ trade-off

MINUTES = [[2, 14, 30], [9, 4, 21], [17, 6, 8], [31, 15, 3]]
CHILDREN_OF = [30, 20, 10, 25]
RUNNING_WAN = [10.0, 7.0, 4.0]


def three_schools() -> Problem:
    """Four units, three schools with room for all that may each close, one year; only running schools cost money."""
    return problem(
        children=[[count] for count in CHILDREN_OF],
        minutes=MINUTES,
        sections=[
            section(s, can_close=True, class_year=0.0, section_year=10_000 * wan) for s, wan in enumerate(RUNNING_WAN)
        ],
        sites=[site(s, (s,)) for s in range(3)],
        today=[0, 1, 1, 2],
        years=(2026,),
        starts=(2026,),
    )


def pareto() -> list[tuple[float, float]]:
    """(万元, child-minutes) of every plan that no other one beats, cheapest first."""
    plans = {
        (
            sum(RUNNING_WAN[s] for s in running),
            float(sum(count * MINUTES[u][s] for (u, count), s in zip(enumerate(CHILDREN_OF), chosen, strict=True))),
        )
        for size in (1, 2, 3)
        for running in combinations(range(3), size)
        for chosen in product(running, repeat=4)
    }
    return sorted(a for a in plans if not any(b != a and b[0] <= a[0] and b[1] <= a[1] for b in plans))


def curve(p: Problem, points: int, first: str = "cost", second: str = "journeys") -> pd.DataFrame:
    return draw_frontier(p, optimize(p, today_plan(p), EXACT), EXACT, (first, second), points)


def test_the_points_of_a_trade_off_are_those_of_all_plans():
    """Fine steps find every plan that no other one beats; a coarse curve only such plans, its ends among them."""
    every = pareto()
    assert len(every) >= 4
    for points in (2, 4, 30):
        found = curve(three_schools(), points)
        own = found[found["kind"] != "plan"]
        both = [(round(a, 3), round(b, 3)) for a, b in own[["first_value", "second_value"]].to_numpy()]
        assert set(both) <= set(every), points
        assert {every[0], every[-1]} <= set(both)
        assert not own["dominated"].any()
        assert (own["second_bound"] <= own["second_value"] + 1e-6).all()
        if points == 30:
            assert both == every


def test_a_bound_of_a_trade_off_holds_for_every_plan_within_the_limit():
    """No plan of at most that cost has shorter journeys than the bound says."""
    found = curve(three_schools(), 5)
    for row in found[found["kind"] != "plan"].to_dict("records"):
        within = [journeys for cost, journeys in pareto() if cost <= row["first_most"] + SLACK]
        assert row["second_bound"] <= min(within) + SLACK


def test_the_plan_stands_beside_the_curve_and_points_tell_what_closes():
    """The plan that was found is a row of its own; where one school runs, two are closed."""
    found = curve(three_schools(), 3)
    assert (found["kind"] == "plan").sum() == 1
    cheapest = found[found["kind"] != "plan"].iloc[0]
    assert cheapest["first_value"] == pytest.approx(4.0)
    assert cheapest["closed"] == "S0;S1"
    assert found["point"].tolist() == list(range(1, len(found) + 1))


def test_a_plan_that_another_one_beats_is_marked():
    """A plan found with a dear rule off the curve keeps its row and says that another point is better."""
    p = three_schools()
    dear = optimize(p, today_plan(p), EXACT, task=Task(goals=("moved",)))
    found = draw_frontier(p, dear, EXACT, ("cost", "moved"), 2)
    worse = found[found["kind"] == "plan"].iloc[0]
    cost, moved = worse["first_value"], worse["second_value"]
    rows = found[found["kind"] != "plan"]
    beaten = ((rows["first_value"] < cost - SLACK) & (rows["second_value"] <= moved + SLACK)).any()
    assert bool(worse["dominated"]) == bool(beaten)


# ------------------------------------------------------------------------------------------------ earlier plans

TOYS = ("built_stays_built", "closed_stays_closed", "smallest_section", "stages_share_rooms", "planner_decides")


def dear(p: Problem, plan: Plan, price: float) -> Problem:
    """The problem in which everything that differs from a plan has this price."""
    near = close_to(p, plan)
    return replace(near, prices=replace(near.prices, changed=price, changed_decision_wan=price))


def zones(plan: Plan) -> pd.DataFrame:
    keys = ["phase", "unit_id", "band", "section_id"]
    return plan.catchments[keys].sort_values(keys, ignore_index=True).astype(str)


def acts(plan: Plan) -> pd.DataFrame:
    keys = ["section_id", "action", "year", "classes"]
    return plan.actions[keys].sort_values(keys, ignore_index=True).astype(str)


@pytest.mark.parametrize("toy", TOYS)
@pytest.mark.parametrize("goals", [("cost",), ("journeys",)])
def test_changes_that_are_dear_enough_are_not_made(toy, goals):
    """At a huge price the new plan is the earlier one, however far that is from the best, and nothing differs."""
    p = BINDING[toy]()
    earlier = pursued(p, *goals)
    plan = optimize(dear(p, earlier, 1e6), today_plan(p), EXACT, task=Task(starts=(earlier,), near=earlier))
    pd.testing.assert_frame_equal(zones(plan), zones(earlier))
    pd.testing.assert_frame_equal(acts(plan), acts(earlier))
    assert len(plan.changes) == 0
    assert plan.objective.set_index("item").loc["changes", "yuan"] == pytest.approx(0.0, abs=1e-3)


@pytest.mark.parametrize("toy", TOYS)
def test_changes_that_cost_nothing_leave_the_best_plan(toy):
    """At no price the objective is that of a free search, and the table tells what differs."""
    p = BINDING[toy]()
    earlier = pursued(p, "journeys")
    free = optimize(p, today_plan(p), EXACT)
    plan = optimize(dear(p, earlier, 0.0), today_plan(p), EXACT, task=Task(near=earlier))
    assert plan.solution.objective == pytest.approx(free.solution.objective)
    same = zones(plan).equals(zones(earlier)) and acts(plan).equals(acts(earlier))
    assert (len(plan.changes) == 0) == same


def test_changes_are_counted_child_by_child_and_decision_by_decision():
    """Two of three schools close: 7 yuan for each child who had another one nearer, 3 万元 for each school."""
    p = three_schools()
    earlier = pursued(p, "journeys")
    near = close_to(p, earlier)
    near = replace(near, prices=replace(near.prices, changed=7.0, changed_decision_wan=3.0))
    cheapest = optimize(near, today_plan(p), EXACT, task=Task(goals=("cost",), near=earlier))
    yuan = cheapest.objective.set_index("item").loc["changes", "yuan"]
    moved = sum(count for count, row in zip(CHILDREN_OF, MINUTES, strict=True) if min(row) != row[2])
    assert yuan == pytest.approx(moved * 7.0 + 2 * 30_000.0)
    told = cheapest.changes
    assert told.loc[told["kind"] == "catchment", "children"].sum() == moved
    assert told.loc[told["kind"] == "consolidation", "section_id"].tolist() == ["S0:primary", "S1:primary"]


@pytest.mark.parametrize("toy", TOYS)
@pytest.mark.parametrize("goals", [(), ("moved", "cost")])
def test_going_on_from_a_plan_never_makes_it_worse(toy, goals):
    """From the best plan of another goal, and from its own: the objective (goal by goal) never rises; bounds stay."""
    p = BINDING[toy]()
    poor = pursued(p, "journeys")
    first = optimize(p, today_plan(p), EXACT, task=Task(goals=goals, starts=(poor,)))
    quick = EXACT.model_copy(update={"work_limit": 1})
    known = first.goals if goals else None
    bound = first.solution.bound if not goals else -np.inf
    again = optimize(p, today_plan(p), quick, task=Task(goals=goals, starts=(first,), bound=bound, known=known))
    if goals:
        assert (again.goals["value"] <= first.goals["value"] + SLACK).all()
        assert (again.goals["bound"] >= first.goals["bound"] - SLACK).all()
    else:
        assert first.solution.objective <= poor.solution.objective + 1e-6
        assert again.solution.objective == pytest.approx(first.solution.objective)
        assert again.solution.bound >= first.solution.bound - 1e-6


def test_limits_of_an_earlier_search_still_hold():
    """What an earlier run of the same model held a goal at is not loosened by its tolerance a second time."""
    p = BINDING["built_stays_built"]()
    known = optimize(p, today_plan(p), EXACT, task=Task(goals=("journeys", "cost"), tolerances={"journeys": 0.5})).goals
    targets = targets_of(("journeys", "cost"), {"journeys": 0.5}, 0.0, p, known)
    assert [target.most for target in targets] == known["most"].tolist()
    assert [target.bound for target in targets] == known["bound"].tolist()
    again = optimize(
        p, today_plan(p), EXACT, task=Task(goals=("journeys", "cost"), tolerances={"journeys": 0.5}, known=known)
    ).goals
    assert (again["most"] <= known["most"]).all()


def test_without_an_earlier_plan_changes_are_no_item():
    """The generalized cost of an ordinary run has the items that it always had."""
    plan = optimize(three_schools(), today_plan(three_schools()), EXACT)
    assert "changes" not in plan.objective["item"].tolist()
    assert len(plan.goals) == len(plan.changes) == 0
