"""Children of a census carried on by the growth of their county."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from benchmarks.counties import FILE_2010, GRADE_1, read_counties, run_counties
from simulator.projection.against_growth import say_against_growth
from simulator.projection.county_ageing import (
    age_groups_forward,
    expect_children,
    fit_ageing,
    least_absolute,
    published_model,
)
from tests.projection_cases import case, evenly

SHARED = Path(__file__).parents[2] / "shared" / "data"
needs_counties = pytest.mark.skipif(
    not all((SHARED / file).exists() for file in (FILE_2010, GRADE_1)), reason="the census tables are not here"
)
NO_SECTIONS = pd.DataFrame(columns=["school_id", "stage", "grade_from", "grade_to"])
COUNTY = {"population": 4e5, "age0": 4_000.0, "age1_4": 19_000.0, "age5_9": 26_000.0, "age15_19": 21_000.0}


def country(years: int) -> dict[str, float]:
    """The country, and its people some years later."""
    whole = published_model()[1]
    return {**whole, "population_later": whole["population"] * (1 + whole["yearly_growth"]) ** years}


def test_one_number_for_all_is_their_median() -> None:
    """The least sum of absolute errors of a constant: one wild value does not move it."""
    values = np.array([1.0, 2.0, 3.0, 4.0, 500.0])
    assert least_absolute(np.ones((5, 1)), values)[0] == pytest.approx(3.0, abs=1e-3)


def test_absolute_errors_are_as_small_as_by_linear_programming() -> None:
    rng = np.random.default_rng(1)
    terms = np.column_stack([np.ones(60), rng.normal(size=(60, 2))])
    truth = terms @ [1.0, -2.0, 0.5] + rng.standard_t(2, 60)
    sides = np.hstack([terms, np.eye(60), -np.eye(60)])
    costs = np.r_[np.zeros(3), np.ones(120)]
    best = linprog(costs, A_eq=sides, b_eq=truth, bounds=[(None, None)] * 3 + [(0, None)] * 120).fun
    assert np.abs(truth - terms @ least_absolute(terms, truth)).sum() == pytest.approx(best, rel=1e-3)


def test_counties_that_follow_their_growth_are_told_exactly() -> None:
    """Children ten years later = children × (people later ÷ people): the fit finds it, the band closes."""
    rng = np.random.default_rng(2)
    n = 60
    population = rng.uniform(1e5, 1e6, n)
    census = pd.DataFrame(
        {
            "population": population,
            "population_later": population * np.exp(rng.uniform(-0.3, 0.3, n)),
            "age0": population * rng.uniform(0.008, 0.012, n),
            "age1_4": population * rng.uniform(0.03, 0.05, n),
            "age5_9": population * rng.uniform(0.04, 0.06, n),
            "age15_19": population * rng.uniform(0.04, 0.08, n),
        }
    )
    later = (census["age0"] + census["age1_4"]) * census["population_later"] / census["population"]
    provinces = np.array([f"p{k % 6}" for k in range(n)], dtype=object)
    expected = expect_children(fit_ageing(census, later, provinces), census)
    assert expected["expected"].to_numpy() == pytest.approx(later.to_numpy(), rel=1e-3)


@pytest.mark.parametrize("years", [1, 5, 10])
def test_a_county_like_the_country_keeps_its_children(years: int) -> None:
    """A county in all shares and in growth like the country, of the size in which people live: ratio 1."""
    model = published_model()[0]
    whole = country(years)
    scale = np.exp(model.size) / whole["population"]
    county = {name: value * scale for name, value in whole.items()}
    carried = age_groups_forward(model, county, years, whole)
    assert carried[0, 4].expected == pytest.approx(county["age0"] + county["age1_4"])
    assert carried[5, 9].expected == pytest.approx(county["age5_9"])


@settings(max_examples=20, deadline=None)
@given(growth=st.floats(-0.3, 0.5), more=st.floats(0.01, 0.3), years=st.integers(1, 10))
def test_more_people_bring_more_children(growth: float, more: float, years: int) -> None:
    model = published_model()[0]
    less, grown = (
        age_groups_forward(model, {**COUNTY, "population_later": COUNTY["population"] * factor}, years, country(years))
        for factor in (np.exp(growth), np.exp(growth + more))
    )
    for ages in ((0, 4), (5, 9)):
        assert grown[ages].expected > less[ages].expected
        assert less[ages].low < less[ages].expected < less[ages].high


def test_a_band_narrows_towards_the_census() -> None:
    model = published_model()[0]
    widths = []
    for years in (1, 4, 9):
        county = {**COUNTY, "population_later": COUNTY["population"]}
        carried = age_groups_forward(model, county, years, country(years))[0, 4]
        widths.append(np.log(carried.high / carried.low))
    # One, two and three times as wide, but for the slow fall of the country, which is not the county's.
    assert widths == pytest.approx([widths[0], 2 * widths[0], 3 * widths[0]], rel=0.02)


def lines(totals: dict[int, float], rolled: float) -> list[str]:
    """What is said of a hundred children of every age in 2020, rolled forward to so many of every age in 2025."""
    years = list(totals)
    births = pd.DataFrame({"unit_id": "", "year": years, "births": 100.0, "population": list(totals.values())})
    district = case(NO_SECTIONS, population=evenly({"a": 100.0}), births=births, as_of=2020).district
    return list(say_against_growth(district, 2020, 2025, np.full((1, 18), rolled)))


def test_children_beyond_what_growth_lets_expect_are_told() -> None:
    """9,000 people of whom 2,000 leave: about 400 of the 500 children stay; 500 is too many, and without totals silence."""
    emptying = {2020: 9_000.0, 2025: 7_000.0}
    within, beyond = lines(emptying, 80.0), lines(emptying, 100.0)
    assert len(within) == len(beyond) == 2
    assert within[0].startswith("按常住总人口的增减，2025 年 5—9 岁约 ")
    assert within[0].endswith("推算为 400 人")
    assert beyond[1].endswith("推算为 500 人，在区间之外，请核对迁移率")
    assert lines({2020: 9_000.0}, 100.0) == lines({2025: 7_000.0}, 100.0) == []


def test_the_projection_says_it() -> None:
    births = pd.DataFrame({"unit_id": "", "year": [2020, 2024], "births": 100.0, "population": [9_000.0, 7_000.0]})
    units = pd.DataFrame({"unit_id": ["a"], "area_kind": ["town"]})
    told = case(NO_SECTIONS, units=units, population=evenly({"a": 100.0}), births=births, as_of=2020).project()
    assert [line for line in told.assumptions if line.startswith("按常住总人口的增减，2025 年 10—14 岁约 ")]


@needs_counties
def test_counties_are_told_within_the_bar_by_the_model_that_is_stored() -> None:
    """Every province left out in turn: MAPE at most 8.2 %, 88–92 % in the 90 % band, better than both rivals."""
    report = run_counties(SHARED)
    assert report.passed
    errors = report.tables["Counties 2010 to 2020, ages 0-4 to 10-14, left out by province"]["MAPE %"]
    assert errors["cohort change, fitted"] < errors["growth of the population"] < errors["ratio of the whole"]
    stored, fitted = published_model()[0], report.tables["Fitted on all counties"]["value"]
    figures = [*stored.weights, *stored.spread, stored.usual, stored.low, stored.high, stored.size]
    assert fitted.tolist() == pytest.approx(figures, abs=2e-3)


@needs_counties
def test_only_what_was_known_is_used() -> None:
    """The children of 2020 of a county are not among the columns that tell it, and its province is not in the fit."""
    table = read_counties(SHARED)
    half = table[table["province"] < "36"]
    own, others = half[half["province"] == "33"], half[half["province"] != "33"]
    model = fit_ageing(others, others["children_later"], others["province"].to_numpy(object))
    known = own.drop(columns=["children_later", "age10_14"])
    pd.testing.assert_frame_equal(expect_children(model, own), expect_children(model, known))
