"""One engine takes one run and many draws from year to year, and does what plain loops do."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.projection_district import futures, invent
from benchmarks.projection_loop import loop
from simulator.projection.progression import Course, Year, advance, entering, steady_course, walk
from simulator.scenario import UncertaintySettings
from simulator.terms import AreaKind, Stage

YEARS = range(2025, 2037)
# Nothing is shaken and nothing deviates.
CALM = UncertaintySettings(
    births_cv=0,
    births_trend_sd=0,
    births_unit_cv=0,
    births_noise=0,
    migration_sd=dict.fromkeys(AreaKind, 0.0),
    resident_noise=0,
    share_cv=dict.fromkeys(Stage, 0.0),
    late_entry_sd=0,
)


def drawn(district, draws: int, noise: float = 0.0, floor: float = 0.0, seed: int = 1, **widths: object):
    """Children of every draw, shape (years after the first, draws, units, cells)."""
    ensemble, _places = futures(district, draws, seed)
    around = replace(ensemble.around, settings=CALM.model_copy(update=widths), noise=noise, floor=floor)
    years: dict[int, list] = {}
    told = replace(ensemble, around=around)
    told.each(lambda _draws, position, children: years.setdefault(position, []).append(children), workers=1)
    return np.stack([np.concatenate(years[position]) for position in sorted(years)])


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 6))
def test_the_engine_equals_plain_loops(seed: int, units: int):
    """Residents, kindergarten, entrants, promotion and transfers of every unit, grade and year, to a billionth."""
    district = invent(units, YEARS, seed)
    np.testing.assert_allclose(district.run(), loop(district.plain()), rtol=1e-9, atol=1e-9)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000))
def test_a_draw_without_noise_is_the_run(seed: int):
    """With all widths at nothing every draw is the run, as far as the short numbers of draws go."""
    district = invent(5, YEARS, seed)
    run = district.run()[1:, None]
    np.testing.assert_allclose(drawn(district, 3), np.repeat(run, 3, axis=1), rtol=3e-6, atol=1e-4)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 4))
def test_leading_axes_are_runs_side_by_side(seed: int, runs: int):
    """Several starts in one array come out as each of them alone."""
    district = invent(4, YEARS, seed)
    starts = np.random.default_rng(seed).uniform(0, 90, (runs, *district.start.shape))
    course = steady_course(district.rates, district.people())
    together = list(walk(district.rates, starts, district.given, course))
    for number, start in enumerate(starts):
        alone = list(walk(district.rates, start, district.given, course))
        for one, several in zip(alone, together, strict=True):
            np.testing.assert_allclose(several[number], one, rtol=1e-12)


def test_nothing_of_the_years_before_is_changed_by_the_next():
    district = invent(3, YEARS)
    before = district.start.copy()
    course = steady_course(district.rates, district.people())
    advance(district.rates, district.start, course.year(1))
    np.testing.assert_array_equal(district.start, before)


@given(
    st.lists(st.floats(0, 500), min_size=3, max_size=9),
    st.lists(st.floats(0, 1), min_size=10, max_size=10),
)
def test_everybody_enters_once_whatever_late_entry_does(births, late):
    """Σ entrants = Σ cohorts − those of the last cohort who wait + those of the first who waited."""
    cohorts = [100.0, *births]
    entrants = 0.0
    for year in range(1, len(cohorts)):
        children = np.zeros((1, 8))
        children[0, 6], children[0, 7] = cohorts[year], cohorts[year - 1]
        told = Year(year, children, np.zeros(0, int), children, children, np.zeros(1), late[year - 1], late[year])
        entrants += float(entering(children, 6, told)[0])
    waiting = late[len(cohorts) - 1] * cohorts[-1]
    assert entrants == pytest.approx(sum(cohorts[1:]) - waiting + late[0] * cohorts[0], abs=1e-6)


def test_a_planners_own_demand_replaces_a_year_of_every_draw():
    district = invent(3, YEARS)
    given_demand = district.given.copy()
    given_demand[:, 3:9, 2] = 25.0
    course = steady_course(district.rates, district.people())
    years = list(walk(district.rates, np.stack([district.start] * 2), given_demand, course))
    assert (years[1][:, :, 3:9] == 25.0).all()
    promoted = 25.0 * district.rates.keep[Stage.PRIMARY][0] * (1 + district.rates.migration)
    np.testing.assert_allclose(years[2][0, :, 4], promoted)
    assert not (years[0][:, :, 3:9] == 25.0).any()


def test_a_course_shakes_what_the_engine_seated():
    """Doubling the children of every year doubles what is promoted from them."""
    district = invent(2, YEARS)
    steady = steady_course(district.rates, district.people())
    doubled = Course(steady.year, lambda children, _position: children * 2)
    once, twice = (list(walk(district.rates, district.start, district.given, way)) for way in (steady, doubled))
    np.testing.assert_allclose(twice[0], once[0] * 2)
    np.testing.assert_allclose(twice[1][:, 4], once[1][:, 4] * 4)
