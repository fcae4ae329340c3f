"""Closures in the model: who does not follow loads the school in town; the posture and the quota of a scenario."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from simulator.errors import InputError
from simulator.model.compile import compile_model
from simulator.model.consolidation import Consolidation, Settlers, quota_by_phase
from simulator.model.declare import declare
from simulator.model.problem import Problem
from simulator.model.solve import Limits, solve
from simulator.scenario import Scenario, read_scenario, scenario_toml
from tests.model_cases import problem, section, site
from tests.model_toys import two_schools_of_today
from tests.plan_cases import scenario as hand_scenario
from tests.plan_cases import table
from tests.test_model_brute_force import solved as best

# S0 in town, one class of 45; S1 a point of 10 children, which costs 200,000 a year; S2 receives its children.
TOWN, POINT, RECEIVER = range(3)


def town_and_point(settling: float) -> Problem:
    """Of the ten children of S1, `settling` would go to S0 in town, where 45 seats have 40 children."""
    base = problem(
        children=[[40], [10], [20]],
        minutes=[[5, -1, -1], [-1, 4, 9], [-1, -1, 5]],
        sections=[
            section(TOWN, rooms=1, classes=1, class_size_max=45.0),
            section(POINT, can_close=True, section_year=200_000.0),
            section(RECEIVER),
        ],
        sites=[site(TOWN, (TOWN,), rooms=1, max_rooms=1), site(POINT, (POINT,)), site(RECEIVER, (RECEIVER,))],
        today=[TOWN, POINT, RECEIVER],
        years=(2026,),
        starts=(2026,),
    )
    return replace(base, consolidation=Consolidation(settlers=(Settlers(POINT, TOWN, (settling,)),)))


def solved(p: Problem) -> tuple[float, float, float]:
    """Whether S1 runs, how many are short in town, the objective."""
    model = declare(p)
    compiled = compile_model(model.lp)
    found = solve(compiled, Limits(60.0, 0.0, None, 1))
    value = dict(zip(compiled.names, found.values.tolist(), strict=True))
    return (
        round(value[model.variables.open[POINT, 0].name]),
        round(value[model.variables.short[TOWN, 0].name], 6),
        found.objective,
    )


@pytest.mark.parametrize(("settling", "open_", "short"), [(0, 0, 0), (5, 0, 0), (9, 1, 0)])
def test_children_who_do_not_follow_take_seats_in_town(settling, open_, short):
    """Five more fit 45 seats and the point closes; nine would leave four short, dearer than what closing saves."""
    assert solved(town_and_point(settling))[:2] == (open_, short)


def test_a_shortage_in_town_is_counted_child_by_child():
    """Closed by hand: 40 + 7.5 − 45 = 2.5 short, at the price of a child without a seat."""
    p = town_and_point(7.5)
    free = replace(p, consolidation=Consolidation())
    closed = [
        replace(one, sections=(*one.sections[:POINT], replace(one.sections[POINT], section_year=9e6), one.sections[2]))
        for one in (p, free)
    ]
    (_, short, dear), (_, none, cheap) = (solved(one) for one in closed)
    assert (short, none) == (2.5, 0.0)
    assert dear - cheap == pytest.approx(2.5 * p.prices.shortage)


def test_children_of_the_nearer_of_two_schools_are_not_sent_to_the_far_one():
    """By hand: S1 runs while its unit is large; then all go 35 minutes to S2, not 31 to S0, which half of them know."""
    p = two_schools_of_today()
    bound, free = (best(one)[1] for one in (p, replace(p, consolidation=Consolidation())))
    assert bound.open == [[1, 1, 1], [1, 0, 1]]
    assert [goes[1] for goes in bound.goes] == [{1: 1}, {2: 1}]
    assert [goes[1] for goes in free.goes] == [{0: 1}, {0: 1}]


def test_the_quota_of_a_phase_is_the_sum_of_its_years():
    """Base 2025, phases from 2026, 2028, 2030, one closure a year: 2027 has none, 2028 has five."""
    settings = hand_scenario(consolidation={"closures_by_year": {2027: 0, 2028: 5}})
    assert quota_by_phase(settings) == (1, 0 + 5, 1 + 1)


DISTRICT = """\
title = "撤并"
{extends}
[district]
folder = "."
[consolidation]
{lines}
"""


def written(folder: Path, lines: str, extends: str = "", name: str = "plan.toml") -> Path:
    path = folder / name
    path.write_text(DISTRICT.format(extends=extends, lines=lines), encoding="utf-8")
    return path


POSTURES = table("""
posture      below  a_year  moved  transition  kinds  primary_in
own          100    3       600    1           2      _
cautious     50     4       1200   2           2      village
concentrate  120    16      300    1           5      village
""")


@pytest.mark.parametrize("row", POSTURES.to_dict("records"), ids=POSTURES["posture"])
def test_a_posture_sets_rules_and_weights(tmp_path, row):
    """The figures are those of scenarios/postures; `own` leaves the defaults."""
    found = read_scenario(written(tmp_path, f'posture = "{row["posture"]}"'))
    told = (
        found.candidates.close_below_pupils,
        found.timing.closures_per_year,
        found.objective.moved,
        found.consolidation.transition_years,
        len(found.candidates.close),
        ",".join(kind for kinds in [found.consolidation.close_in.get("primary", ())] for kind in kinds),
    )
    assert told == tuple(row[name] for name in ("below", "a_year", "moved", "transition", "kinds", "primary_in"))


def test_what_the_scenario_says_stands_above_its_posture(tmp_path):
    """Its own quota is kept, also where it stands in the file that it extends; the dump holds what is in force."""
    written(tmp_path, 'posture = "concentrate"\n[timing]\nclosures_per_year = 7', name="base.toml")
    own = read_scenario(written(tmp_path, 'posture = "cautious"\nfollowing_share = 0.8', 'extends = "base.toml"'))
    assert (own.timing.closures_per_year, own.candidates.close_below_pupils) == (7, 50)
    dumped = tmp_path / "dumped.toml"
    dumped.write_text(scenario_toml(own), encoding="utf-8")
    assert read_scenario(dumped) == own
    assert "close_below_pupils = 50" in dumped.read_text(encoding="utf-8")


def test_impossible_quotas_are_told_all_at_once(tmp_path):
    """A year before the plan, more at least than at most, an unknown posture."""
    lines = "closures_by_year = { 2020 = 3 }\nclosures_total = 4\nclosures_least = 5"
    with pytest.raises(InputError) as told:
        read_scenario(written(tmp_path, lines))
    text = "\n".join(str(problem) for problem in told.value.problems)
    assert "2020" in text
    assert "closures_total = 4" in text
    with pytest.raises(InputError, match="posture"):
        read_scenario(written(tmp_path, 'posture = "brave"'))


def test_an_object_may_name_years_and_kinds_of_area():
    """A scenario made in Python takes the same words."""
    made = Scenario.model_validate(
        {
            "title": "x",
            "district": {"folder": "."},
            "consolidation": {"closures_by_year": {"2027": 2}, "close_in": {"junior": ["town"]}},
        }
    )
    assert made.consolidation.closures_by_year == {2027: 2.0}
