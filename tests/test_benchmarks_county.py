"""The invented county is as hard as it is said to be, and its check works out every rule and cost anew."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

from benchmarks.__main__ import main
from benchmarks.county import county
from benchmarks.county_attend import CountyPlan
from benchmarks.county_check import check_county, connected
from benchmarks.county_cost import cost_of, objective_of
from benchmarks.county_reach import reach_of, seated
from benchmarks.county_run import SIZES, make
from benchmarks.solving import solve_highs
from simulator.model.solve import relative_gap
from simulator.terms import Stage


@cache
def problem_of(instance, problem="everybody"):
    return make(problem, instance)


@pytest.mark.parametrize(
    "instance",
    [
        *(f"county500-seed{seed}" for seed in range(1, 6)),
        *(pytest.param(f"county1000-seed{seed}", marks=pytest.mark.slow) for seed in range(1, 6)),
    ],
)
def test_the_county_is_hard(instance):
    """Candidates ≥ 25 %; tightest year 0.95–1.05 seats a child, loosest > 1.4; ≥ 12 sections in reach; short without building."""
    problem = problem_of(instance)
    size = SIZES[instance.partition("-")[0]]
    assert len(problem.units) == size.units
    assert len(problem.sites) == size.schools
    assert len(problem.phases) == size.phases
    candidates = [bool(site.modules) for site in problem.sites]
    assert np.mean(candidates) >= 0.25
    short = []
    for stage in dict.fromkeys(section.stage for section in problem.sections):
        seats = sum(section.classes * section.class_size for section in problem.sections if section.stage is stage)
        blocks = np.array([block.stage is stage for block in problem.blocks])
        a_child = seats / problem.children[blocks].sum(axis=0)
        assert 0.95 <= a_child.min() <= 1.05, stage
        assert a_child.max() > 1.4, stage
        assert np.median(np.bincount(problem.pair_block, minlength=len(blocks))[blocks]) >= 12, stage
        reached, most = reach_of(problem, stage)
        year = int(np.argmin(a_child))
        children = problem.children[blocks, year]
        short.append(1 - seated(children, reached, most) / children.sum())
    assert max(short) > 0.002


def test_a_seed_is_a_county():
    """The same seed gives the same county, another one another; rezoning changes nothing of it."""
    one, again, other = (county(60, 20, 1, 2, seed, "everybody") for seed in (1, 1, 2))
    assert np.array_equal(one.children, again.children)
    assert np.array_equal(one.minutes, again.minutes)
    assert str(one.sections) == str(again.sections)  # NaN is not equal to itself
    assert not np.array_equal(one.children, other.children)
    entrants = county(60, 20, 1, 2, 1, "entrants")
    assert entrants.rezoning == "entrants"
    assert np.array_equal(one.children, entrants.children)


def test_children_are_the_sum_of_their_cohorts():
    """In every year the cohorts of a unit are its children; nobody enters before the phase that is to come."""
    problem = problem_of("county60-seed1")
    assert problem.entered.sum(axis=1) == pytest.approx(problem.children)
    plan = CountyPlan(problem, pd.DataFrame(), {})
    assert plan.entered.sum(axis=1) == pytest.approx(problem.children)
    second = problem.phases[1].years[0]
    assert not plan.entered[:, 2, :second].any()
    assert (plan.entered[:, 2, second] > 0).all()


def test_three_stages_share_campuses():
    """Kindergarten is chosen, primary and junior have catchments, some campuses hold both, each stage has its centre."""
    problem = problem_of("county1000-seed1")
    assert {block.stage for block in problem.blocks if not block.whole} == {Stage.KINDERGARTEN}
    both = [site for site in problem.sites if len(site.sections) == 2]
    assert len(both) >= 15
    assert any(site.can_convert for site in both)
    assert any(len(module.classes) == 2 for site in both for module in site.modules)
    assert problem.centres


def todays_plan(instance="county60-seed1", problem="everybody"):
    """Everybody stays where they are, nothing is built, every section runs the classes of today."""
    data = problem_of(instance, problem)
    pairs = np.flatnonzero(data.today)
    units = [data.units[data.blocks[code].unit] for code in data.pair_block[pairs]]
    schools = [data.sections[code].section_id for code in data.pair_section[pairs]]
    zones = pd.concat(
        pd.DataFrame({"phase": phase.number, "stage": "primary", "unit": units, "school": schools, "share": 1.0})
        for phase in data.phases
    )
    decisions = {}
    for phase in data.phases:
        for code, section in enumerate(data.sections):
            decisions[f"open_s{code}_p{phase.number}"] = float(section.existing)
            decisions[f"classes_s{code}_p{phase.number}"] = float(section.classes)
    return CountyPlan(data, zones.reset_index(drop=True), decisions)


@pytest.mark.parametrize("problem", ["everybody", "entrants"])
def test_todays_catchments_keep_every_rule(problem):
    """They are connected, hold their school, and move nobody; the children beyond the largest classes are short."""
    plan = todays_plan(problem=problem)
    verdict = check_county(plan)
    assert verdict.faults == ()
    assert verdict.connected
    cost = cost_of(plan)
    assert cost["moved"] == 0
    assert cost["capital"] == 0
    assert cost["shortage"] > 0
    assert objective_of(plan) == pytest.approx(sum(cost.values()) + plan.problem.constant - plan.problem.unavoidable)


def test_entrants_alone_change_school_where_the_old_one_runs():
    """A unit that changes in phase 2 takes only its new entrants along: 600 yuan a child of that year's first grade."""
    changed = {}
    for problem in ("everybody", "entrants"):
        plan = todays_plan(problem=problem)
        data = plan.problem
        pair = int(np.flatnonzero(data.today == 0)[0])
        unit, school = data.blocks[data.pair_block[pair]].unit, data.sections[data.pair_section[pair]].section_id
        zones = plan.zones.copy()
        zones.loc[(zones["phase"] == 2) & (zones["unit"] == data.units[unit]), "school"] = school
        year = data.phases[1].years[0]
        weight = data.weights[year] * data.prices.moved
        changed[problem] = cost_of(replace(plan, zones=zones))["moved"] / weight, data.children[unit, year], unit, year
    children, expected, unit, year = changed["everybody"]
    assert children == pytest.approx(expected)
    entering = todays_plan(problem="entrants").entered[unit, 2, year]
    assert changed["entrants"][0] == pytest.approx(entering)
    assert entering < children


def spoiled(plan, name):
    """The plan of today with one rule broken."""
    data, zones, decisions = plan.problem, plan.zones.copy(), dict(plan.decisions)
    pair = int(np.flatnonzero(data.today)[0])
    unit, section = data.units[data.blocks[data.pair_block[pair]].unit], int(data.pair_section[pair])
    here = (zones["unit"] == unit) & (zones["phase"] == 1)
    closing = next(code for code, one in enumerate(data.sections) if one.can_close)
    parcel = next(code for code, site in enumerate(data.sites) if site.modules)
    if name == "split":
        zones.loc[here, "share"] = 0.5
    elif name == "out of reach":
        far = next(
            s.section_id
            for c, s in enumerate(data.sections)
            if s.existing and np.isnan(plan.minutes[int(data.pair_block[pair]), c])
        )
        zones.loc[here, "school"] = far
    elif name == "closed":
        decisions[f"open_s{closing}_p1"] = decisions[f"open_s{closing}_p2"] = 0.0
        decisions[f"classes_s{closing}_p1"] = decisions[f"classes_s{closing}_p2"] = 0.0
    elif name == "rooms":
        decisions[f"classes_s{section}_p1"] += 20
    elif name == "early":
        new = data.sites[parcel].sections[0]
        for phase in (1, 2):
            decisions[f"open_s{new}_p{phase}"] = decisions[f"size_j{parcel}_k0_p{phase}"] = 1.0
    elif name == "money":
        for code, site in enumerate(data.sites):
            if site.modules:
                decisions[f"open_s{site.sections[0]}_p2"] = decisions[f"size_j{code}_k4_p2"] = 1.0
    elif name == "home":
        home = data.units[int(data.home[closing])]
        other = next(
            data.sections[s].section_id
            for b, s, today in zip(data.pair_block, data.pair_section, data.today, strict=True)
            if data.units[data.blocks[b].unit] == home and not today and data.sections[s].existing
        )
        zones.loc[(zones["unit"] == home) & (zones["phase"] == 1), "school"] = other
    return CountyPlan(data, zones, decisions)


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("split", "split"),
        ("out of reach", "out of reach"),
        ("closed", "at a closed school"),
        ("rooms", "more classes than rooms"),
        ("early", "opens before"),
        ("money", "spent"),
        ("home", "without its own unit"),
    ],
)
def test_the_check_notices_a_broken_rule(name, fault):
    """Each is named; the plan is then not feasible."""
    verdict = check_county(spoiled(todays_plan(), name))
    assert not verdict.feasible
    assert any(fault in line for line in verdict.faults), verdict.faults


def test_a_stray_unit_is_noticed():
    """A unit moved to a school whose catchment it does not touch leaves that in two parts."""
    plan = todays_plan()
    data = plan.problem
    served = dict(zip(data.pair_block[data.today > 0], data.pair_section[data.today > 0], strict=True))
    near = {unit: set() for unit in range(len(data.units))}
    for one, other in data.edges.tolist():
        near[one].add(other)
        near[other].add(one)
    homes = set(data.home.tolist())
    unit, section = next(
        (int(b), int(s))
        for b, s in zip(data.pair_block, data.pair_section, strict=True)
        if int(b) not in homes
        and data.sections[s].existing
        and all(served[n] != s for n in near[int(b)])
        and served[b] != s
    )
    zones = plan.zones.copy()
    zones.loc[(zones["unit"] == data.units[unit]) & (zones["phase"] == 1), "school"] = data.sections[section].section_id
    faults = list(connected(CountyPlan(data, zones, plan.decisions)))
    assert any("in 2 parts" in line and data.sections[section].section_id in line for line in faults)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [2, 3])
def test_connected_catchments_cost_something(seed):
    """The bound with connection lies at least 0.3 % above the best plan without it (both by HiGHS alone)."""
    problem = county(24, 10, 1, 2, seed, "everybody")
    free = replace(problem, rules=problem.rules - {"catchment_connected", "catchment_holds_school"})
    assert solve_highs(problem, 60, 1e-3).bound >= 1.003 * solve_highs(free, 60, 1e-3).objective


@pytest.mark.slow
@pytest.mark.parametrize("problem", ["everybody", "entrants"])
def test_a_small_county_is_solved_and_checked(problem, tmp_path):
    """What the solver says of its plan, the check finds: feasible, connected, the same objective, above the bound."""
    words = [
        "run",
        "county",
        "--only",
        "county60-seed1",
        "--problem",
        problem,
        "--seconds",
        "10",
        "--out",
        str(tmp_path),
    ]
    main(words)
    row = pd.read_csv(tmp_path / "county-results.csv").iloc[0]
    assert row["feasible"]
    assert row["connected"]
    assert row["bound"] <= row["objective"] * (1 + 1e-6)
    assert row["gap"] == pytest.approx(relative_gap(row["objective"], row["bound"]), abs=1e-9)
    assert (tmp_path / f"{problem}-county60-seed1-decisions.csv").is_file()
