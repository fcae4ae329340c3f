"""Children who move inside the district arrive somewhere; totals of a census are met; women bear the births."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.projection.control import Control, fit_to_totals, read_control, spread_over_years
from simulator.projection.fertility import count_women, expected_births, fertility_path, women_by_year
from simulator.projection.movement import build_movement
from simulator.projection.population import Survival, roll_forward
from simulator.projection.residents import project_people
from simulator.scenario import PopulationSettings, ProjectionSettings
from tests.projection_cases import STILL, Case, case, evenly, table

SECTIONS = table("school_id stage grade_from grade_to\nA primary 1 6")
UNITS = table("""
    unit_id area_kind township
    a       city      east
    b       town      east
    c       village   west
    d       village   west
""")
YEARS = range(2025, 2031)
ALL = slice(0, 18)


def district(people: PopulationSettings | None = None, projection: ProjectionSettings = STILL, **tables) -> Case:
    """A city, a town and two villages of 100, 60, 40 and 20 children of every age."""
    base = {"units": UNITS, "population": evenly({"a": 100, "b": 60, "c": 40, "d": 20})}
    one = case(SECTIONS, settings=projection, to=YEARS[-1], **(base | tables))
    scenario = one.scenario.model_copy(update={"population": people or PopulationSettings()})
    return replace(one, scenario=scenario)


def residents(one: Case, variant: str = "medium") -> np.ndarray:
    """Resident children by unit, age and year."""
    return project_people(one.district, one.scenario).variants[variant].all_children


def test_moves_of_a_year_by_hand():
    """A tenth of the villages' children go to town, a twentieth to the city; of ages from 6 on half as many."""
    # Villages lose 40 × 0.15 = 6 and 20 × 0.15 = 3 below age 6, 3 and 1.5 above. The town gains 60 × 0.1 = 6 (3), the
    # city 60 × 0.05 = 3 (1.5).
    settings_ = PopulationSettings(moves={"village": {"town": 0.1, "city": 0.05}}, moving_by_age={6: 0.5})
    after = residents(district(settings_))[..., 1]
    np.testing.assert_allclose(after[:, 3], [103, 66, 34, 17])
    np.testing.assert_allclose(after[:, 9], [101.5, 63, 37, 18.5])


def test_movers_follow_new_dwellings_and_are_not_counted_twice():
    """Two towns of 60 and 30: half of the movers go where 100 dwellings are new; the dwellings bring what is beyond."""
    # Age 8: 20 children of the villages move; 10 go to e with its dwellings, 10 are shared 60 : 30 between b and e.
    # The dwellings hold 12 children of age 8, 13.33 have arrived in e by moving: nobody comes on top.
    units = pd.concat([UNITS, table("unit_id area_kind township\ne town east")], ignore_index=True)
    housing = pd.DataFrame(
        {
            "unit_id": ["e"],
            "dwellings": [100.0],
            "completion_year": [2026],
            "status": ["completed"],
            "certainty": [1.0],
            "yield_kindergarten": [0.0],
            "yield_primary": [72.0],
            "yield_junior": [0.0],
            "yield_senior": [600.0],
        }
    )
    one = district(
        PopulationSettings(moves={"village": {"town": 1 / 3}}),
        STILL.model_copy(update={"housing_occupancy": (1.0,)}),
        units=units,
        population=evenly({"a": 100, "b": 60, "c": 40, "d": 20, "e": 30}),
        housing=housing,
    )
    after = residents(one)[..., 1]
    np.testing.assert_allclose(after[:, 8], [100, 60 + 20 / 3, 80 / 3, 40 / 3, 30 + 10 + 10 / 3])
    # Age 16: 200 of the dwellings, less 13.33 who have moved there.
    np.testing.assert_allclose(after[4, 16], 30 + 200)


kinds = st.sampled_from(["city", "town", "village"])
share = st.floats(0, 0.3)
tables_of_moves = st.dictionaries(kinds, st.dictionaries(kinds, share, max_size=3), max_size=3)


@settings(max_examples=30, deadline=None)
@given(tables_of_moves, st.lists(kinds, min_size=1, max_size=6), st.integers(0, 10_000), st.booleans())
def test_moves_inside_the_district_conserve_every_age(moves: dict, area_kinds: list[str], seed: int, leading: bool):
    """Whoever leaves a unit arrives in another, whatever the kinds, ages and draws; nobody is negative."""
    units = pd.DataFrame({"unit_id": [f"u{n}" for n in range(len(area_kinds))], "area_kind": area_kinds})
    rng = np.random.default_rng(seed)
    children = rng.integers(0, 50, (len(units), 18)).astype(float)
    scenario = district(PopulationSettings(moves=moves, moving_by_age={5: 1.1})).scenario
    movement = build_movement(units, pd.DataFrame(), children, YEARS, scenario)
    before = rng.random((3, *children.shape)) * 50 if leading else children
    after = movement.moved(before, ALL, 1)
    np.testing.assert_allclose(after.sum(axis=-2), before.sum(axis=-2))
    assert (after >= -1e-9).all()


def test_draws_are_rolled_forward_like_one_run():
    """Leading axes of children and births give what each of them gives alone."""
    one = district(PopulationSettings(moves={"village": {"city": 0.1}}))
    people = np.random.default_rng(1).random((3, 4, 18)) * 40
    births = np.random.default_rng(2).random((3, 4, len(YEARS) + 1)) * 40
    movement = build_movement(UNITS, pd.DataFrame(), people[0], YEARS, one.scenario)
    survival, gross = Survival(0.99, np.full(18, 0.999)), np.zeros((4, 18, len(YEARS)))
    together = roll_forward(people, births, gross, movement, survival).all_children
    for draw in range(3):
        alone = roll_forward(people[draw], births[draw], gross, movement, survival).all_children
        np.testing.assert_allclose(together[draw], alone)


def test_splitting_a_unit_in_two_leaves_moves_as_they_are():
    """A village of 40 children of every age, told as 25 and 15."""
    settings_ = PopulationSettings(moves={"village": {"town": 0.1, "village": 0.05}, "town": {"village": 0.02}})
    split = district(
        settings_,
        units=pd.concat([UNITS, table("unit_id area_kind township\ne village west")], ignore_index=True),
        population=evenly({"a": 100, "b": 60, "c": 25, "d": 20, "e": 15}),
    )
    whole, parts = residents(district(settings_)), residents(split)
    np.testing.assert_allclose(parts[[0, 1, 3]], whole[[0, 1, 3]])
    np.testing.assert_allclose(parts[2] + parts[4], whole[2])


def test_proportional_fitting_keeps_both_margins_by_hand():
    """Ages 10 and 20, units 12 and 18, from equal cells: each cell is its row × its column ÷ 30."""
    everyone, rows = np.ones(2, dtype=bool), np.eye(2, dtype=bool)
    control = Control(2030, np.vstack([everyone, everyone, rows]), np.vstack([rows, everyone, everyone]),
                      np.array([10.0, 20.0, 12.0, 18.0]))  # fmt: skip
    np.testing.assert_allclose(fit_to_totals(np.ones((2, 2)), control), [[4, 8], [6, 12]])


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_proportional_fitting_meets_totals_that_agree(seed: int):
    """Margins taken from another table of the same shape are met, and odds ratios of the first stay."""
    rng = np.random.default_rng(seed)
    given_, wanted = rng.random((4, 18)) + 0.1, rng.random((4, 18)) + 0.1
    units = np.vstack([np.ones((18, 4)), np.eye(4)]).astype(bool)
    ages = np.vstack([np.eye(18), np.ones((4, 18))]).astype(bool)
    fitted = fit_to_totals(given_, Control(2030, units, ages, np.r_[wanted.sum(axis=0), wanted.sum(axis=1)]))
    np.testing.assert_allclose(fitted.sum(axis=0), wanted.sum(axis=0), rtol=1e-6)
    np.testing.assert_allclose(fitted.sum(axis=1), wanted.sum(axis=1), rtol=1e-6)
    odds = fitted[0, 0] * fitted[1, 1] / (fitted[0, 1] * fitted[1, 0])
    assert odds == pytest.approx(given_[0, 0] * given_[1, 1] / (given_[0, 1] * given_[1, 0]))


CONTROL = table("""
    year township age age_to residents
    2028 west     0   4      250
    2028 -        0   4      1000
    2028 -        5   -      210
    2030 -        -   -      4100
    2019 -        -   -      1
""")


def test_control_totals_are_met_without_a_jump():
    """The total of a year is met exactly, and each cohort gets there by the same step a year."""
    one = district(PopulationSettings(moves={"village": {"town": 0.1}}), control=CONTROL)
    children = residents(one)
    west = [2, 3]
    assert children[west, :5, 3].sum() == pytest.approx(250)
    assert children[:, :5, 3].sum() == pytest.approx(1000)
    assert children[:, 5, 3].sum() == pytest.approx(210)
    assert children[..., 5].sum() == pytest.approx(4100)
    cohort = [children[:, 2 + year, year].sum() for year in range(4)]
    steps = np.array(cohort[1:]) / np.array(cohort[:-1])
    np.testing.assert_allclose(steps, steps[0], rtol=1e-6)
    assert cohort[0] == pytest.approx(220)


def test_a_control_total_of_the_counted_year_scales_the_count():
    one = district(control=table("year township age age_to residents\n2025 - 0 4 550\n2025 - 5 17 2860"))
    assert residents(one)[:, :5, 0].sum() == pytest.approx(550)


def test_totals_of_other_years_are_left_out():
    found = read_control(CONTROL, ("east", "east", "west", "west"), YEARS)
    assert [control.year for control in found] == [2028, 2030]
    assert found[0].ages[2].nonzero()[0].tolist() == [5]
    assert found[1].ages[0].all()


def test_a_factor_is_spread_over_the_years_since_birth():
    """A factor of 8 at position 3: an older cohort doubles each year; one born at position 2 takes √8 twice."""
    held = spread_over_years(np.full((1, 18), 8.0), 0, 3, 5)
    np.testing.assert_allclose(held[0, [8, 9, 10], [1, 2, 3]], 2)
    np.testing.assert_allclose(held[0, [0, 1], [2, 3]], np.sqrt(8))
    assert held[0, 0, 3] == 8
    assert (held[..., 4] == 1).all()


WOMEN = table("""
    unit_id sex    age age_to residents
    -       female 15  19     500
    -       female 20  24     400
    -       female 25  29     300
    -       female 30  34     400
    -       female 35  49     1500
    -       male   15  49     3000
""")


def test_births_follow_the_women_by_hand():
    """Two ages bear alike; women 30 (100) and 31 (60) of 2025 are 31 and 32 a year later."""
    women = np.zeros(50)
    women[[30, 31]] = 100, 60
    by_year = women_by_year(women, 2025, {}, 2027, np.full(50, 0.5), 0.466)
    assert [by_year[2026][31], by_year[2026][32], by_year[2027][32]] == [50, 30, 25]
    # A total fertility rate of 1 over ages 30–31 is half a birth a year.
    assert expected_births(by_year, {30: 0.3, 32: 0.0}) == pytest.approx({2025: 80, 2026: 25, 2027: 0})
    path = fertility_path(160, 80, 1.0, range(2025, 2028), 2025, 2027)
    assert path == pytest.approx({2025: 2.0, 2026: 1.5, 2027: 1.0})


def test_women_are_counted_only_where_all_fertile_ages_are_told():
    children = np.full(18, 100.0)
    women = count_women(WOMEN, children, 0.5)
    assert women is not None
    assert women[15:50].sum() == pytest.approx(3100)
    assert women[:15].tolist() == [50.0] * 15
    assert count_women(WOMEN[WOMEN["age"] < 35], children, 0.5) is None
    assert count_women(WOMEN[WOMEN["sex"] == "male"], children, 0.5) is None


def test_fertility_variants_part_after_the_base_year_and_factors_hold_for_their_year():
    """With women by age the variants share births to the base year; a factor of 1.5 in 2028 is of that year alone."""
    plain, dragon = (
        district(PopulationSettings(births_factor=factors), residents=WOMEN) for factors in ({}, {2028: 1.5})
    )
    one = {variant: residents(plain, variant)[:, 0].sum(axis=0) for variant in ("low", "medium", "high")}
    assert one["low"][0] == one["high"][0]
    assert (one["low"][2:] < one["medium"][2:]).all()
    assert (one["medium"][2:] < one["high"][2:]).all()
    more = residents(dragon)[:, 0].sum(axis=0) / one["medium"]
    np.testing.assert_allclose(more[[1, 2]], 1)
    assert 1.25 < more[3] < 1.5
    assert 1.1 < more[4] < 1.25
    assert more[5] == pytest.approx(1)


def test_survival_by_age_replaces_the_one_rate():
    after = residents(district(PopulationSettings(survival_by_age={0: 0.9})))
    np.testing.assert_allclose(after[:, 1, 1], 0.9 * after[:, 0, 0])
    np.testing.assert_allclose(after[:, 2, 1], after[:, 1, 0])
