"""Learning from history: cleaning, ratios, entry, methods joined, bands, rolling origins."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.projection.demand import FloatArray
from simulator.projection.past.backtest import Heads, Origins, look_back, run_backtest
from simulator.projection.past.bands import Errors, limits, scales, spread
from simulator.projection.past.cleaning import clean
from simulator.projection.past.cohorts import entry_shares, roll
from simulator.projection.past.combine import weights_of
from simulator.projection.past.entry import Source, births_ahead, cohorts, fit_late_share, follow_source
from simulator.projection.past.history import Beliefs, Births, History, read_histories
from simulator.projection.past.ratios import Window, district_ratios, measured_noise, school_ratios
from simulator.projection.past.rivals import last_value, linear_trend, per_head
from simulator.projection.past.scores import best_methods, coverage_table, error_table

BELIEFS = Beliefs(late_share=0.2, noise=0.45, floor=0.02)
NO_BIRTHS = Births(range(0), np.zeros(0))


def history_of(pupils: FloatArray, births: Births = NO_BIRTHS, first_grade: int = 1) -> History:
    """A history from 2010 on of schools A, B, …; `pupils` has the shape (schools, grades, years)."""
    schools, grades, years = pupils.shape
    names = tuple("ABCDEFGHIJKL"[:schools])
    return History("", names, range(first_grade, first_grade + grades), range(2010, 2010 + years), pupils, births)


def steady(schools: int, grades: int, years: int, ratio: float = 1.0, entrants: float = 60.0) -> FloatArray:
    """Pupils without any noise: every cohort changes by the same ratio from grade to grade."""
    return np.broadcast_to(entrants * ratio ** np.arange(grades)[None, :, None], (schools, grades, years)).copy()


def noisy(seed: int, schools: int = 6, grades: int = 4, years: int = 12) -> FloatArray:
    """Cohorts with the noise law of real schools."""
    draw = np.random.default_rng(seed)
    pupils = np.zeros((schools, grades, years))
    pupils[:, :, 0] = 60
    for year in range(1, years):
        pupils[:, 0, year] = np.round(60 + draw.normal(0, 6, schools))
        below = pupils[:, :-1, year - 1]
        pupils[:, 1:, year] = np.maximum(1, np.round(below + draw.normal(size=below.shape) * np.sqrt(0.45 * below)))
    return pupils


def table_of(pupils: FloatArray) -> pd.DataFrame:
    """The same as an enrolment table."""
    place = np.indices(pupils.shape).reshape(3, -1)
    names = np.array(list("ABCDEFGHIJKL"))[place[0]]
    columns = {"school_id": names, "grade": place[1] + 1, "year": place[2] + 2010, "pupils": pupils.ravel()}
    return pd.DataFrame(columns).dropna()


# History


def test_a_table_becomes_arrays_with_gaps_openings_and_dropped_years() -> None:
    """A school that lists no grade in a year is not open; a grade that an open school does not list is empty."""
    rows = [("A", 1, 2015, 10), ("A", 2, 2015, 9), ("A", 1, 2017, 12), ("B", 1, 2017, 7), ("A", 1, 2016, 99)]
    table = pd.DataFrame(rows, columns=["school_id", "grade", "year", "pupils"])
    (history,) = read_histories(table, pd.DataFrame(), dropped=[2016])
    assert (history.schools, history.grades, history.years) == (("A", "B"), range(1, 3), range(2015, 2018))
    nan = np.nan
    expected = [[[10, nan, 12], [9, nan, 0]], [[nan, nan, 7], [nan, nan, 0]]]
    np.testing.assert_array_equal(history.pupils, np.array(expected))
    assert history.known.tolist() == [True, False, True]
    kinds = {(event.kind, event.year, event.school) for event in clean(history, BELIEFS).events}
    assert kinds == {("missing", 2016, ""), ("opened", 2017, "B")}


def test_schools_of_other_grades_are_a_history_of_their_own_that_the_lower_ones_feed() -> None:
    """Without stages, schools that begin at grade 6 stand apart and follow the graduates of grade 5."""
    lower = [("A", grade, year, 50) for grade in range(6) for year in range(2015, 2019)]
    upper = [("B", grade, year, 48) for grade in range(6, 9) for year in range(2015, 2019)]
    table = pd.DataFrame([*lower, *upper], columns=["school_id", "grade", "year", "pupils"])
    first, second = read_histories(table, pd.DataFrame())
    assert (first.schools, second.schools, second.feeder) == (("A",), ("B",), first.name)
    ahead = look_back([first, second], BELIEFS, 3)[second.name][-1]
    np.testing.assert_allclose(ahead.district.sum(axis=0), [144, 144, 144], rtol=1e-9)


def test_births_of_the_year_itself_are_not_known() -> None:
    """In the autumn of 2012 births are known up to 2011."""
    births = Births(range(2005, 2015), np.arange(10.0))
    known = history_of(steady(1, 2, 6), births).until(2012)
    assert (known.years[-1], known.births.years[-1], known.births.counts[-1]) == (2012, 2011, 6.0)


# Counts that cannot be what they seem


def test_an_incomplete_list_is_named_and_replaced_by_what_was_to_be_expected() -> None:
    """A school that loses half its pupils while no other gains counts as if its list were incomplete."""
    pupils = steady(6, 4, 6)
    pupils[2, :, 4] = 30
    cleaned = clean(history_of(pupils), BELIEFS)
    assert [(event.kind, event.year, event.school) for event in cleaned.events] == [("incomplete", 2014, "C")]
    # The ratio of that year is pooled with the incomplete list: (5·60 + 30) ÷ (6·60) = 11/12.
    np.testing.assert_allclose(cleaned.history.pupils[2, 1:, 4], 60 * 11 / 12)
    assert cleaned.history.pupils[2, 0, 4] == 60


@pytest.mark.parametrize("case", ["taken in by a neighbour", "goes on low"])
def test_a_real_loss_stays(case: str) -> None:
    """Borders redrawn, or a loss that the next year goes on from, are no fault of the list."""
    pupils = steady(6, 4, 6)
    pupils[2, :, 4:] = 30
    if case == "taken in by a neighbour":
        pupils[3, :, 4:] = 90
    cleaned = clean(history_of(pupils), BELIEFS)
    assert not cleaned.events
    np.testing.assert_array_equal(cleaned.history.pupils, pupils)


def test_a_clean_up_of_the_register_tells_no_ratio() -> None:
    """One step in which the whole district loses a tenth is named and left out of the ratios."""
    pupils = steady(8, 6, 9, entrants=200.0)
    pupils[:, :, 5:] *= 0.9
    cleaned = clean(history_of(pupils), BELIEFS)
    (event,) = cleaned.events
    assert (event.kind, event.year, round(event.change, 3)) == ("year", 2015, -0.1)
    assert cleaned.usable.tolist() == [True] * 4 + [False] + [True] * 3
    np.testing.assert_allclose(district_ratios(cleaned, Window(9)), 1.0)


# Ratios


def test_ratios_are_pooled_over_the_window_with_weights_that_fade() -> None:
    """Grade 1 → 2: 100 → 90, then 200 → 220."""
    pupils = np.array([[[100.0, 200.0, 50.0], [10.0, 90.0, 220.0]]])
    cleaned = clean(history_of(pupils), BELIEFS)
    assert district_ratios(cleaned, Window(1))[0] == pytest.approx(220 / 200)
    assert district_ratios(cleaned, Window(5))[0] == pytest.approx(310 / 300)
    # Weights ½ and 1: (45 + 220) ÷ (50 + 200).
    assert district_ratios(cleaned, Window(5, 0.5))[0] == pytest.approx(265 / 250)


def test_a_small_school_leans_towards_its_district() -> None:
    """A school of its own ratio 1.2 has 1.2 without belief in the district, the district's with a strong one."""
    pupils = np.stack([steady(1, 2, 3, 1.2, 10.0)[0], steady(1, 2, 3, 1.0, 990.0)[0]])
    cleaned = clean(history_of(pupils), BELIEFS)
    district = district_ratios(cleaned, Window(5))[0]
    assert district == pytest.approx(1002 / 1000)
    own = [school_ratios(cleaned, Window(5), credibility)[0, 0] for credibility in (0.0, 20.0, 1e9)]
    assert own[0] == pytest.approx(1.2)
    assert own[2] == pytest.approx(district)
    # 20 pupils of its own were to become 20.04 and became 24; 20 more follow the district.
    assert own[1] == pytest.approx(1.002 * (24 + 20) / (20.04 + 20))


def test_the_noise_of_cohorts_is_measured() -> None:
    """Drawn with 0.45, measured within a fifth; a steady history leans on what was believed."""
    drawn = clean(history_of(noisy(3, schools=12, grades=6, years=20)), BELIEFS)
    assert measured_noise([drawn], replace(BELIEFS, noise=2.0)) == pytest.approx(0.45 + 200 / 1340 * 1.55, rel=0.2)
    assert measured_noise([], BELIEFS) == BELIEFS.noise


# Entry


def test_a_class_mixes_two_birth_years_and_late_entrants() -> None:
    """Two thirds of the births six years before and one third of those seven, 20 % of both a year later."""
    births = Births(range(2000, 2006), np.array([0.0, 300.0, 600.0, 0.0, 0.0, 0.0]))
    punctual = cohorts(births, range(2007, 2011), 6, 0.0)
    np.testing.assert_allclose(punctual, [2 / 3 * 300, 2 / 3 * 600 + 100, 200, 0])
    late = cohorts(births, range(2008, 2011), 6, 0.2)
    np.testing.assert_allclose(late, 0.8 * punctual[1:] + 0.2 * punctual[:-1])


def test_the_share_of_late_entry_is_found() -> None:
    """Entrants made with 40 % late entry from births that swing show it, although 20 % is believed."""
    births = Births(range(1995, 2020), 1000 + 400 * np.cos(np.arange(25) * 2.2))
    years = range(2004, 2020)
    assert fit_late_share(births, cohorts(births, years, 6, 0.4), years, 6, BELIEFS) == pytest.approx(0.4)
    assert fit_late_share(births, cohorts(births, years, 6, 0.4)[:2], years[:2], 6, BELIEFS) == 0.2


def test_births_to_come_follow_a_clear_trend_and_ignore_a_vague_one() -> None:
    """Births that fall by 10 % a year go on falling; births that only swing stay where they are."""
    falling = Births(range(2010, 2020), 1000 * 0.9 ** np.arange(10.0))
    assert births_ahead(falling, 3)[0] == pytest.approx(falling.counts[-1] * 0.9**0.9, rel=1e-6)
    swinging = Births(range(2010, 2020), 1000 + 50 * (-1.0) ** np.arange(10.0))
    np.testing.assert_allclose(births_ahead(swinging, 5), 983, atol=20)


def test_a_deviation_of_the_last_entrants_fades() -> None:
    """A tenth more than births × ratio this year is 0.3 of a tenth next year, in logarithms."""
    source = Source(np.full(6, 100.0), np.full(3, 100.0))
    entrants = np.array([100.0, 100, 100, 100, 100, 110])
    ratio = 310 / 300
    expected = 100 * ratio * (1.1 / ratio) ** (0.3 ** np.arange(1, 4))
    np.testing.assert_allclose(follow_source(source, entrants, 3), expected)


# Methods


def test_pupils_move_up_as_in_a_plain_loop() -> None:
    """The recursion over arrays equals one over schools, grades and years."""
    draw = np.random.default_rng(1)
    start, ratios, entrants = draw.uniform(50, 90, (3, 5)), draw.uniform(0.9, 1.1, (3, 4)), draw.uniform(40, 80, (3, 6))
    expected = np.zeros((3, 5, 6))
    for school in range(3):
        now = list(start[school])
        for year in range(6):
            now = [entrants[school, year], *(now[grade] * ratios[school, grade] for grade in range(4))]
            expected[school, :, year] = now
    np.testing.assert_allclose(roll(start, ratios, entrants), expected, rtol=1e-12)


def test_the_better_a_candidate_was_the_more_it_says() -> None:
    """Weights follow inverse squared errors, lean to equal ones, and reach horizons without errors."""
    errors = np.full((2, 20, 3), np.nan)
    errors[0, :, :2], errors[1, :, :2] = 1.0, 4.0
    weights = weights_of(errors)
    # Means lean on 3 forecasts at 2.5: (20 + 7.5) ÷ 23 and (80 + 7.5) ÷ 23.
    assert weights[0, 0] == pytest.approx((1 / 27.5) / (1 / 27.5 + 1 / 87.5))
    np.testing.assert_allclose(weights[:, 2], weights[:, 1])
    np.testing.assert_allclose(weights_of(np.full((4, 2, 3), np.nan)), 0.25)


def test_rivals_are_what_they_say() -> None:
    """Last count, line through the last five, pupils per head × heads."""
    counts = np.array([[80.0, 90, 100, 110, 120, 130]])
    assert last_value(counts, 2).tolist() == [[130, 130]]
    np.testing.assert_allclose(linear_trend(counts, 2), [[140, 150]])
    heads = np.array([np.nan, 1000, 1000, 1100, 1200, 1300])
    # 130 ÷ 1300 of a line through 1000, 1000, 1100, 1200, 1300: mean 1120, slope 80, so 1120 + 80·3 = 1360.
    np.testing.assert_allclose(per_head(counts[0], heads, 1), [136])


# Bands


def test_bands_widen_with_smaller_cohorts_and_longer_horizons() -> None:
    """The spread falls with pupils, grows with the horizon; half of a 50 % band's reach is symmetric in logs."""
    ahead = np.arange(1.0, 6)
    large, small = (spread(np.full(5, pupils), ahead, 6, 10, BELIEFS) for pupils in (4000.0, 100.0))
    assert (small > large).all()
    assert (np.diff(large) > 0).all()
    low, high = limits(np.array([100.0]), np.array([0.05]))
    np.testing.assert_allclose(low * high, 1e4)
    assert (np.diff(high) > 0).all()


def test_only_errors_that_were_known_scale_a_band() -> None:
    """In 2012 the error of a forecast made in 2010 for 2013 is still to come."""
    errors = Errors(*(np.array(column) for column in ([2010.0, 2010], [1.0, 3], [4.0, 99], [1.0, 1])))
    ahead = np.array([1.0, 3])
    without = Errors(*(column[:1] for column in (errors.origin, errors.horizon, errors.score, errors.weight)))
    np.testing.assert_array_equal(scales(errors, 2012, ahead), scales(without, 2012, ahead))
    assert scales(errors, 2013, ahead)[1] > scales(errors, 2012, ahead)[1]
    nothing = Errors(*(np.zeros(0),) * 4)
    np.testing.assert_allclose(scales(nothing, 2012, ahead), 1.0)


# Rolling origins


def test_nothing_after_an_origin_reaches_its_forecast() -> None:
    """Forecasts of 2016 are the same whether or not the years after it are in the table."""
    pupils = noisy(5)
    births = pd.DataFrame({"year": range(2000, 2022), "births": 400 + 30 * np.sin(np.arange(22))})
    every = look_back(read_histories(table_of(pupils), births), BELIEFS, 4)[""]
    then = look_back(read_histories(table_of(pupils[..., :7]), births[births["year"] < 2016]), BELIEFS, 4)[""][-1]
    now = next(outlook for outlook in every if outlook.year == 2016)
    np.testing.assert_allclose(now.district, then.district, rtol=1e-12)
    np.testing.assert_allclose(now.schools, then.schools, rtol=1e-12)


def test_a_steady_district_is_forecast_without_error() -> None:
    """Cohorts that never change leave no error to any method that moves them up."""
    births = pd.DataFrame({"year": range(1995, 2022), "births": 500})
    backtest = run_backtest(read_histories(table_of(steady(3, 4, 10, 0.98)), births), BELIEFS, Origins(horizons=4))
    errors = error_table(backtest)
    assert errors.loc[errors["method"] == "cohorts", "mape"].max() == pytest.approx(0, abs=1e-9)
    held = coverage_table(backtest)
    assert (held["cover_50"] == 100).all()
    assert set(best_methods(errors)["method"]) <= {"cohorts", "plain_cohorts", "last_value", "trend"}


def test_every_forecast_is_compared_with_the_count_of_its_year() -> None:
    """Rows hold the actual of origin + horizon, schools that were open then and there, and nothing else."""
    pupils = noisy(2, schools=3)
    pupils[1, :, 8:] = np.nan
    found = run_backtest(read_histories(table_of(pupils), pd.DataFrame()), BELIEFS, Origins(2014, 2016, 5)).forecasts
    assert set(found["origin"]) == {2014, 2015, 2016}
    rows = found[(found["level"] == "school") & (found["method"] == "cohorts")]
    for row in rows.itertuples():
        assert row.actual == pupils["ABC".index(str(row.school_id)), :, int(str(row.year)) - 2010].sum()
    assert rows.loc[rows["school_id"] == "B", "year"].max() == 2017
    assert (rows["low_95"] <= rows["low_80"]).all()
    assert (rows["low_50"] <= rows["forecast"]).all()


def test_population_and_dwellings_bring_their_rivals() -> None:
    """With heads by year, 千人指标法 and 户均法 stand beside the others at the level of the district."""
    heads = Heads({year: 10_000.0 + 100 * year for year in range(2010, 2022)}, {})
    found = run_backtest(read_histories(table_of(noisy(1)), pd.DataFrame()), BELIEFS, heads=heads)
    assert "per_thousand" in set(found.forecasts["method"])
    assert "per_dwelling" not in set(found.forecasts["method"])


def test_bands_hold_about_what_they_say_where_the_noise_law_holds() -> None:
    """Of schools whose cohorts follow the law, a stated 80 % holds between 70 and 90 %."""
    parts = [
        run_backtest(read_histories(table_of(noisy(seed)), pd.DataFrame()), BELIEFS, Origins(horizons=4))
        for seed in range(2)
    ]
    pooled = pd.concat([coverage_table(part) for part in parts])
    schools = pooled[(pooled["level"] == "school") & (pooled["size"] == "") & (pooled["horizon"] == 0)]
    assert 70 <= schools["cover_80"].mean() <= 92
    assert 88 <= schools["cover_95"].mean() <= 100


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 1000), factor=st.floats(0.5, 3.0))
def test_the_order_and_number_of_schools_do_not_move_the_district(seed: int, factor: float) -> None:
    """Permuting schools permutes their forecasts; splitting one in two leaves the district's as it was."""
    pupils = noisy(seed, schools=3, years=6) * factor
    history = history_of(pupils)
    whole = look_back([history], BELIEFS, 3)[""][-1]
    turned = look_back([history_of(pupils[[2, 0, 1]])], BELIEFS, 3)[""][-1]
    np.testing.assert_allclose(turned.schools, whole.schools[[2, 0, 1]], rtol=1e-9)
    np.testing.assert_allclose(turned.district, whole.district, rtol=1e-9)
    halves = look_back([history_of(np.concatenate([pupils[:2], pupils[2:] / 2, pupils[2:] / 2]))], BELIEFS, 3)[""][-1]
    np.testing.assert_allclose(halves.district, whole.district, rtol=1e-6)
    assert entry_shares(history, Window(5)).sum() == pytest.approx(1)


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 1000), more=st.floats(1.01, 1.5))
def test_more_births_never_mean_fewer_entrants(seed: int, more: float) -> None:
    """Raising the births that are still to enter school raises the forecast of the entrants, and nothing else before."""
    pupils = noisy(seed, schools=3, years=8)
    counts = 400 + 20 * np.random.default_rng(seed).normal(size=14)
    raised = counts.copy()
    raised[-1] *= more
    few, many = (
        look_back([history_of(pupils, Births(range(2003, 2017), births))], replace(BELIEFS, late_share=0.0), 8)[""][-1]
        for births in (counts, raised)
    )
    assert (many.entry >= few.entry - 1e-9).all()
