"""Births → entrants: the cut-off of 31 August, late entry, and children who waited a year."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.national import FILE, bases, forecast, run_national
from simulator.projection.late_entry import born_behind, expect_entrants, fit_late_entry
from simulator.scenario import ProjectionSettings

SHARED = Path(__file__).parents[2] / "shared" / "data"
needs_national = pytest.mark.skipif(not (SHARED / FILE).exists(), reason="the national table is not here")

# Uneven births, so that entering late shows.
BIRTHS = {2000 + k: count for k, count in enumerate((100, 140, 90, 130, 80, 150, 100, 120, 70, 140, 95, 125, 85, 110))}


def entrants_of(late_share: float, years: range, level: float = 1.0) -> dict[int, float]:
    """Entrants by the cut-off and a share of late entry, without noise."""
    return {year: level * born_behind(BIRTHS, year, late_share) for year in years}


def test_a_class_mixes_two_years_of_births_and_late_entry_a_third() -> None:
    # Aged 6 at 31 August 2010: 2/3 of 2004 (80) and 1/3 of 2003 (130) = 96.67; a year older: 2/3 · 130 + 1/3 · 90.
    assert born_behind(BIRTHS, 2010, 0.0) == pytest.approx(290 / 3)
    assert born_behind(BIRTHS, 2010, 1.0) == pytest.approx(350 / 3)
    assert born_behind(BIRTHS, 2010, 0.25) == pytest.approx(0.75 * 290 / 3 + 0.25 * 350 / 3)
    assert np.isnan(born_behind(BIRTHS, 2030, 0.25))


@pytest.mark.parametrize("late_share", [0.0, 0.2, 0.4])
def test_late_entry_is_found_where_births_are_uneven(late_share: float) -> None:
    entrants = entrants_of(late_share, range(2008, 2017))
    model = fit_late_entry(BIRTHS, entrants, 0.05)
    assert model.late_share.mean() == pytest.approx(late_share, abs=0.05)
    truth = born_behind(BIRTHS, 2017, late_share)
    assert expect_entrants(model, BIRTHS, entrants, 2017).median == pytest.approx(truth, rel=0.02)


def test_the_arrival_ratio_of_an_emptying_county_is_found() -> None:
    model = fit_late_entry(BIRTHS, entrants_of(0.2, range(2008, 2017), level=0.7), 0.5)
    assert np.exp(model.level).mean() == pytest.approx(0.7, rel=0.03)


def test_children_who_waited_come_the_next_year() -> None:
    """Every other year a tenth of the children waits and enters a year later: the forecast says so."""
    entrants = {}
    for year in range(2008, 2017):
        moved = 0.1 if year % 2 else -0.1
        entrants[year] = born_behind(BIRTHS, year, 0.2) * (1 + moved)
    model = fit_late_entry(BIRTHS, entrants, 0.05)
    assert model.catch_up.mean() > 0.7
    expected = expect_entrants(model, BIRTHS, entrants, 2017)
    assert expected.median > 1.04 * born_behind(BIRTHS, 2017, 0.2)


@settings(max_examples=8, deadline=None)
@given(scale=st.floats(0.01, 100), more=st.floats(1.0, 1.5))
def test_entrants_follow_the_size_of_the_district_and_its_births(scale: float, more: float) -> None:
    """Everything in other units gives the same forecast in those units; more births never fewer entrants."""
    entrants = entrants_of(0.2, range(2011, 2016))
    model = fit_late_entry(BIRTHS, entrants, 0.05)
    expected = expect_entrants(model, BIRTHS, entrants, 2017)
    births, larger = ({year: scale * count for year, count in counts.items()} for counts in (BIRTHS, entrants))
    again = expect_entrants(fit_late_entry(births, larger, 0.05), births, larger, 2017)
    assert again.median == pytest.approx(scale * expected.median, rel=1e-9)
    assert expected.low <= expected.median <= expected.high
    grown = expect_entrants(model, BIRTHS | {2011: more * BIRTHS[2011]}, entrants, 2017)
    assert grown.median >= expected.median


def test_without_any_year_births_and_the_cut_off_speak_alone() -> None:
    """Every share of late entry from 0 to one half is as likely, so a quarter enters late; the level is 1."""
    model = fit_late_entry(BIRTHS, {}, 0.05)
    assert expect_entrants(model, BIRTHS, {}, 2017).median == pytest.approx(born_behind(BIRTHS, 2017, 0.25), rel=0.02)


@needs_national
def test_national_entrants_are_forecast_within_the_bar() -> None:
    """MAPE of 2017–24 at most 2.7 % from earlier years only; the default share of late entry is what the years show."""
    report = run_national(SHARED)
    assert report.passed
    table = report.tables["National entrants 2017-24, fitted on earlier years"]["MAPE %"]
    assert table["revised births, 1 year ahead"] < table["revised births, cut-off alone"]
    assert table["revised births, 1 year ahead"] < table["last value, 1 year ahead"] / 2
    fitted = report.tables["What all years since 2018 say"].loc["share of late entry"]
    assert fitted["low"] <= ProjectionSettings().late_entry_share <= fitted["high"]
    assert ProjectionSettings().late_entry_share == pytest.approx(fitted["mean"], abs=0.03)


@needs_national
def test_what_came_later_does_not_change_a_forecast() -> None:
    table = pd.read_csv(SHARED / FILE, index_col="year")
    spoiled = table.copy()
    spoiled.loc[2022:, "primary_entrants_10k"] *= 3.0
    whole, other = (forecast(bases(rows)["revised births"], 1).loc[:2022] for rows in (table, spoiled))
    pd.testing.assert_frame_equal(whole, other)
