"""What holds for every problem: no order matters, money and freedom never hurt, bounds bound, runs repeat."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.model import search
from simulator.model.compile import compile_model
from simulator.model.constraints import CONSTRAINTS, rows_of
from simulator.model.declare import declare
from simulator.model.extract import extract_plan
from simulator.model.optimize import optimize
from simulator.model.problem import Problem
from simulator.model.search import Search
from simulator.model.solve import Limits, Solved, relative_gap, solve
from simulator.model.unavoidable import unavoidable_cost
from simulator.model.variables import declare_variables
from simulator.model.works import Values
from simulator.plan import Solution
from simulator.scenario import SolverSettings
from tests import model_toys as toys
from tests.model_cases import parcel, problem, section, site, today_plan

QUICK = settings(max_examples=15, deadline=None)
EXACT = Limits(60.0, 0.0, None, 1)
TOYS = {**toys.BINDING, **toys.OTHERS}


@st.composite
def districts(draw: st.DrawFn) -> Problem:
    """Two to four units, two schools (one may close) and a parcel, two phases."""
    units = draw(st.integers(2, 4))
    count = st.integers(0, 70)
    journey = st.sampled_from([5, 12, 30, 90])
    return problem(
        children=[[draw(count), draw(count)] for _ in range(units)],
        minutes=[[draw(journey) for _ in range(3)] for _ in range(units)],
        sections=[
            section(0, rooms=2, classes=2, fill=0.92),
            section(
                1, rooms=1, classes=1, can_close=draw(st.booleans()), section_year=draw(st.sampled_from([5e3, 1e5]))
            ),
            section(2, existing=False, classes=0, rooms=0, section_year=2e4),
        ],
        sites=[
            site(0, (0,), rooms=2, max_rooms=4, can_extend=True, room_capital_wan=30.0),
            site(1, (1,), rooms=1, max_rooms=1),
            parcel(2, (2,), (1, 2), ready_year=draw(st.sampled_from([2025, 2027]))),
        ],
        today=[draw(st.sampled_from([0, 1])) for _ in range(units)],
        overlap_years=draw(st.sampled_from([0, 1])),
        lead_extension=1,
        lead_new=1,
        budget_wan=draw(st.sampled_from([None, (30.0, 30.0, 30.0), (0.0, 60.0, 0.0)])),
        **toys.when(toys.TWO),
    )


def best(p: Problem) -> Solved:
    return solve(compile_model(declare(p).lp), EXACT)


def shuffled(p: Problem, order: list[int]) -> Problem:
    """The same problem with its units in another order."""
    place = {old: new for new, old in enumerate(order)}
    blocks = sorted(range(len(p.blocks)), key=lambda code: place[p.blocks[code].unit])
    moved = {old: new for new, old in enumerate(blocks)}
    pairs = sorted(range(len(p.pair_block)), key=lambda pair: moved[int(p.pair_block[pair])])
    return replace(
        p,
        units=tuple(p.units[code] for code in order),
        blocks=tuple(replace(p.blocks[code], unit=place[p.blocks[code].unit]) for code in blocks),
        children=p.children[blocks],
        pair_block=np.array([moved[int(p.pair_block[pair])] for pair in pairs]),
        pair_section=p.pair_section[pairs],
        minutes=p.minutes[pairs],
        today=p.today[pairs],
        lawful=p.lawful[pairs],
    )


@given(districts(), st.randoms(use_true_random=False))
@QUICK
def test_the_order_of_the_units_leaves_the_optimum(p, random):
    """A planner's table may be sorted in any way."""
    order = list(range(len(p.units)))
    random.shuffle(order)
    assert best(shuffled(p, order)).objective == pytest.approx(best(p).objective, rel=1e-7, abs=1e-4)


@given(districts(), st.integers(0, 2), st.floats(0, 50))
@QUICK
def test_more_money_never_makes_the_plan_dearer(p, phase, more):
    """Neither in one phase nor without a limit."""
    budget = (30.0, 0.0, 20.0)
    richer = tuple(wan + more * (code == phase) for code, wan in enumerate(budget))
    costs = [best(replace(p, budget_wan=wan)).objective for wan in (budget, richer, None)]
    assert costs[0] >= costs[1] - 1e-4
    assert costs[1] >= costs[2] - 1e-4


@pytest.mark.parametrize("name", sorted(TOYS))
def test_relaxing_any_rule_never_makes_the_plan_dearer(name):
    """Each rule that has rows, in turn, in every toy."""
    p = TOYS[name]()
    held = best(p).objective
    v = declare_variables(p)
    for rule in CONSTRAINTS:
        if next(rows_of(rule, p, v), None) is not None:
            assert best(replace(p, rules=p.rules - {rule})).objective <= held + 1e-4, rule


@given(districts())
@QUICK
def test_unavoidable_cost_is_below_every_plan_and_its_bound(p):
    """What no decision can change is no more than the best plan, nor than the bound of a stopped search."""
    least = unavoidable_cost(p, 0.0)
    compiled = compile_model(declare(p).lp)
    assert least <= solve(compiled, EXACT).objective + 1e-4
    known = replace(p, unavoidable=least)
    plan = optimize(known, today_plan(known), SolverSettings(work_limit=1, gap=0.5))
    assert least <= plan.solution.bound + 1e-6
    assert plan.solution.bound <= plan.solution.objective + 1e-6


@pytest.mark.parametrize("name", sorted(TOYS))
def test_unavoidable_cost_is_below_the_best_plan_of_every_toy(name):
    """Also with pools, units out of reach, schools of others and committed works."""
    p = TOYS[name]()
    assert unavoidable_cost(p, 0.0) <= best(p).objective + 1e-4


@given(districts())
@QUICK
def test_the_gap_is_that_of_the_part_that_decisions_can_change(p):
    """Gap = (objective − bound) ÷ (objective − unavoidable), and the items sum to the objective."""
    known = replace(p, constant=7_000.0, unavoidable=7_000.0 + unavoidable_cost(p, 0.0))
    plan = optimize(known, today_plan(known), SolverSettings(work_limit=2, gap=0.3))
    told = plan.solution
    changeable = told.objective - told.unavoidable
    expected = 0.0 if changeable < 1e-6 else (told.objective - told.bound) / changeable
    assert told.gap == pytest.approx(expected, abs=1e-8)
    assert plan.objective["yuan"].sum() == pytest.approx(told.objective, rel=1e-9)


@pytest.mark.parametrize("name", sorted(TOYS))
def test_the_items_of_the_objective_sum_to_it(name):
    """Shortage, over_standard, moved, journeys, running, capital: nothing is missing, nothing is counted twice."""
    p = TOYS[name]()
    plan = optimize(p, today_plan(p), SolverSettings(gap=0.0))
    assert plan.objective["yuan"].sum() == pytest.approx(plan.solution.objective, rel=1e-9, abs=1e-6)


@given(districts(), st.integers(0, 5))
@QUICK
def test_the_same_seed_and_work_limit_give_the_same_plan(p, seed):
    """Twice the same tables."""
    runs = [optimize(p, today_plan(p), SolverSettings(work_limit=5, seed=seed, gap=0.0)) for _ in range(2)]
    for table in ("sections", "catchments", "shortage", "actions", "capital", "objective"):
        assert getattr(runs[0], table).equals(getattr(runs[1], table)), table


@given(districts(), st.integers(0, 3))
@settings(max_examples=6, deadline=None)
def test_a_search_in_steps_keeps_every_rule_and_its_word(p, seed):
    """A larger model is searched in steps: its plan satisfies all rows, and costs no less than the bound it reports."""
    whole = best(p)
    model = declare(p, compact=False)
    compiled = compile_model(model.lp)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "_SMALL", 0)
        found = Search(model, compiled, Limits(20.0, 0.01, None, seed)).run()
    assert len(found.values)
    activity = compiled.matrix @ found.values
    slack = 1e-4 * (1 + np.abs(activity))
    assert (activity >= compiled.row_lower - slack).all()
    assert (activity <= compiled.row_upper + slack).all()
    decided = found.values[compiled.whole == 1]
    assert np.abs(decided - np.round(decided)).max() < 1e-5
    assert found.bound <= whole.objective + 1e-4
    assert whole.objective <= found.objective + 1e-4
    assert relative_gap(found.objective, found.bound) <= 0.01 + 1e-9


@pytest.mark.parametrize("name", sorted(TOYS))
def test_the_tables_of_a_plan_agree_with_one_another(name):
    """Shares of a unit sum to 1, rooms hold the classes, actions cost what the yearly capital sums to."""
    p = TOYS[name]()
    model = declare(p)
    compiled = compile_model(model.lp)
    values = Values(model, dict(zip(compiled.names, solve(compiled, EXACT).values.tolist(), strict=True)))
    plan = extract_plan(values, Solution("", 0, 0, 0, 0, 0, 0, ""), today_plan(p))
    decided = plan.catchments[plan.catchments["phase"] > 0]
    sums = decided.groupby(["phase", "unit_id", "band"])["share"].sum()
    assert np.allclose(sums, 1)
    assert (plan.sections["rooms"] >= plan.sections["classes"]).all()
    assert (plan.sections.loc[~plan.sections["open"], "classes"] == 0).all()
    assert plan.actions["capital_wan"].sum() == pytest.approx(plan.capital["capital_wan"].sum())
    works = plan.actions[plan.actions["action"] == "extension"]
    assert works["classes"].sum() == plan.sections["added_rooms"].sum()
    assert (plan.actions.loc[plan.actions["action"] != "keep", "reason"] != "").all()
