"""Bands: drawn from one seed, wide by the laws that were measured, and consistent from unit to district."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from benchmarks.projection_district import futures, invent
from simulator.projection.attendance import Transfer
from simulator.projection.bands import DISTRICT, QUANTILES, SECTION, TOWNSHIP, UNIT
from simulator.projection.calibrated import calibrated_transfers, kept_by_unit
from simulator.projection.calibration import Calibration
from simulator.projection.draws import Persistent, Tails
from simulator.projection.quantiles import at_quantile, bands_of, plan_at_quantile, rescale, stage_totals
from simulator.projection.register import StageRegister
from simulator.projection.widths import calibrated_scale
from simulator.scenario import ProjectionSettings, Scenario, UncertaintySettings
from simulator.terms import Stage
from tests.projection_cases import Case, case, evenly, table
from tests.test_projection_engine import CALM, YEARS, drawn

SECTIONS = table("""
    school_id stage        grade_from grade_to
    A         primary      1          6
    B         primary      1          6
    J         junior       7          9
    K         kindergarten -2         0
""")
CATCHMENTS = table("""
    unit_id band        section_id share
    a       primary_1_3 A:primary  1
    a       primary_4_6 A:primary  1
    b       primary_1_3 B:primary  1
    b       primary_4_6 B:primary  1
    a       junior      J:junior   1
    b       junior      J:junior   1
""")
UNITS = table("""
    unit_id area_kind township
    a       city      东镇
    b       village   西乡
""")


def two_units(births: float = 120.0, **tables: pd.DataFrame) -> Case:
    """A town and a village with a school each; births of the last years are the district's."""
    classes = pd.DataFrame(
        [
            (row.school_id, row.stage, grade, pupils)
            for row, pupils in zip(SECTIONS.itertuples(), (60, 30, 80, 70), strict=True)
            for grade in range(row.grade_from, row.grade_to + 1)
        ],
        columns=["school_id", "stage", "grade", "pupils"],
    )
    base = {
        "units": UNITS,
        "population": evenly({"a": 65, "b": 35}),
        "births": pd.DataFrame({"unit_id": ["", ""], "year": [2024, 2025], "births": [120.0, births]}),
        "classes": classes,
    }
    return case(SECTIONS, CATCHMENTS, settings=ProjectionSettings(), to=2040, **(base | tables))


def test_bands_stand_at_every_level_in_the_order_of_their_quantiles():
    """Units, sections, townships, the district; the base year has no width; quantiles rise; nobody is below 0."""
    bands = two_units().with_draws(60).project().bands
    table_ = bands.table
    assert set(table_["level"]) == {UNIT, SECTION, TOWNSHIP, DISTRICT}
    assert set(table_.loc[table_["level"] == SECTION, "place"]) == set(SECTIONS["school_id"] + ":" + SECTIONS["stage"])
    assert (bands.draws, set(table_.loc[table_["level"] == TOWNSHIP, "place"])) == (60, {"东镇", "西乡"})
    ordered = table_[list(QUANTILES)].to_numpy()
    assert (np.diff(ordered, axis=1) >= 0).all()
    assert (ordered >= 0).all()
    base = table_[table_["year"] == 2025]
    np.testing.assert_allclose(base[list(QUANTILES)], base[["run"]].to_numpy().repeat(7, axis=1), rtol=1e-6)
    width = bands.of(DISTRICT, stage=Stage.PRIMARY).eval("(p90 - p10) / run").to_numpy()
    assert width[10] > width[1] > 0


def test_the_same_seed_draws_the_same_bands_on_any_number_of_workers():
    ensemble, places = futures(invent(40, YEARS), 200, seed=7)
    frames = [bands_of(stage_totals(one, places, workers), one, places, workers).table for one, workers in
              ((ensemble, 1), (ensemble, 3), (replace(ensemble, seed=8), 1))]  # fmt: skip
    pd.testing.assert_frame_equal(frames[0], frames[1])
    assert not np.allclose(frames[0]["p50"], frames[2]["p50"])


def test_the_mean_of_the_draws_is_the_run():
    """Over 600 draws the district's children of a stage stray from the run by less than four standard errors."""
    district = invent(12, YEARS, seed=3)
    children = drawn(district, 600, noise=0.45, floor=0.02, births_cv=0.03, births_unit_cv=0.02, resident_noise=0.25,
                     share_cv=dict.fromkeys(Stage, 0.03), late_entry_sd=0.06)  # fmt: skip
    run = district.run()[1:]
    for places in district.rates.columns.values():
        totals, told = children[..., places].sum(axis=(2, 3)), run[..., places].sum(axis=(1, 2))
        error = totals.std(axis=1) / np.sqrt(600)
        assert (np.abs(totals.mean(axis=1) - told) < 4 * error + 1e-3).all()


@pytest.mark.parametrize("pupils", [16, 50, 106, 460])
def test_noise_follows_the_measured_law(pupils: int):
    """The number × Var of the ratio of a cohort of n is 0.45, its mean 1, its tails those of Student's t with 6 degrees."""
    tails = Tails(6.0, np.random.Generator(np.random.SFC64(1)))
    cohorts = np.full((4, 12, 5000), pupils, dtype=np.float32).swapaxes(1, 2)
    tails.shake(cohorts, np.asarray(np.sqrt(0.45), dtype=np.float32))
    ratios = cohorts.ravel().astype(float) / pupils
    assert ratios.mean() == pytest.approx(1, abs=4 * np.sqrt(0.45 / pupils / ratios.size))
    assert pupils * ratios.var() == pytest.approx(0.45, rel=0.04)
    robust = (np.quantile(ratios, 0.75) - np.quantile(ratios, 0.25)) / 1.349
    assert 1.1 < ratios.std() / robust < 1.4


@given(st.lists(st.floats(0, 3, width=32), min_size=4, max_size=40))
def test_noise_leaves_nobody_below_zero_and_none_where_nobody_is(children):
    stock = np.array([[children]], dtype=np.float32).swapaxes(1, 2)
    before = stock.copy()
    Tails(6.0, np.random.Generator(np.random.SFC64(2))).shake(stock, np.asarray(2.0, dtype=np.float32))
    assert (stock >= 0).all()
    assert (stock <= 2 * before + 1e-6).all()
    assert (stock[before == 0] == 0).all()


def test_shocks_that_last_have_unit_variance_and_the_memory_asked_for():
    shocks = Persistent(0.8, (20_000,), np.random.default_rng(1))
    first, second = shocks.next(), shocks.next()
    assert second.std() == pytest.approx(1, abs=0.03)
    assert np.corrcoef(first, second)[0, 1] == pytest.approx(0.8, abs=0.02)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 1000), st.randoms(use_true_random=False))
def test_shuffling_the_units_permutes_the_draws(seed: int, random):
    """Where only the whole district is drawn, a unit has the same futures wherever its row stands."""
    district = invent(6, YEARS, seed)
    order = list(range(6))
    random.shuffle(order)
    rates = district.rates
    shares = {stage: replace(share, unit=share.unit[order]) for stage, share in rates.shares.items()}
    transfers = {stage: replace(one, unit=one.unit[order]) for stage, one in rates.transfers.items()}
    movement = replace(rates.movement, net=rates.movement.net[order])
    shuffled = replace(
        district,
        residents=district.residents[order],
        births=district.births[order],
        start=district.start[order],
        rates=replace(rates, shares=shares, transfers=transfers, migration=rates.migration[order], movement=movement),
    )
    widths = {"births_cv": 0.05, "share_cv": dict.fromkeys(Stage, 0.05), "late_entry_sd": 0.05}
    before, after = drawn(district, 4, floor=0.02, **widths), drawn(shuffled, 4, floor=0.02, **widths)
    np.testing.assert_allclose(after, before[:, :, order], rtol=1e-5, atol=1e-4)


def test_splitting_a_unit_in_two_changes_the_spread_of_nothing():
    """Half the children in each of two units: the same mean, and noise of the same width over both."""
    district = invent(1, YEARS, seed=5)
    half = {name: np.repeat(getattr(district, name), 2, axis=0) / 2 for name in ("residents", "births", "start")}
    rates = district.rates
    twice = replace(
        rates,
        shares={stage: replace(one, unit=one.unit.repeat(2)) for stage, one in rates.shares.items()},
        transfers={stage: replace(one, unit=one.unit.repeat(2)) for stage, one in rates.transfers.items()},
        migration=rates.migration.repeat(2),
        movement=replace(rates.movement, net=rates.movement.net.repeat(2, axis=0), held=np.ones((2, 18, len(YEARS))),
                         kinds=np.zeros((3, 2)), pull=np.zeros((2, len(YEARS)))),
    )  # fmt: skip
    split = replace(district, **half, rates=twice)
    np.testing.assert_allclose(split.run().sum(axis=1), district.run().sum(axis=1), rtol=1e-12)
    one, two = (drawn(which, 3000, noise=0.45).sum(axis=(2, 3)) for which in (district, split))
    np.testing.assert_allclose(two.std(axis=1), one.std(axis=1), rtol=0.1)


def test_more_births_move_every_quantile_up():
    """Twice the births of 2025: no quantile of the district falls, and the first grade's later ones rise."""
    fewer, more = (two_units(births).with_draws(150).project().bands for births in (120.0, 240.0))
    before, after = (one.of(DISTRICT, stage=Stage.PRIMARY)[list(QUANTILES)].to_numpy() for one in (fewer, more))
    assert (after >= before - 1e-3).all()
    assert (after[-1] > before[-1] * 1.3).all()


@given(st.lists(st.floats(-1e4, 1e4, width=32), min_size=1, max_size=40), st.floats(0, 1))
def test_quantiles_are_those_of_numpy(values, share):
    ordered = np.sort(np.array(values, dtype=np.float32))
    assert float(at_quantile(ordered, share)) == pytest.approx(np.quantile(ordered.astype(float), share), abs=1e-3)


def test_a_plan_at_a_quantile_is_consistent_from_unit_to_township():
    """Townships stand at the quantile, units and grades keep their parts, the base year is the register."""
    ensemble, places = futures(invent(60, YEARS), 300)
    totals = stage_totals(ensemble, places)
    planned = plan_at_quantile(ensemble, totals, places, 0.8)
    np.testing.assert_array_equal(planned[..., 0], ensemble.children[..., 0])
    bands = bands_of(totals, ensemble, places)
    townships = np.array(places.townships)
    for stage, columns in places.columns.items():
        own = planned[townships == "t0"][:, columns].sum(axis=(0, 1))
        told = bands.of(TOWNSHIP, "t0", stage)
        assert (own[1:] > told["p75"].to_numpy()[1:]).all()
        assert (own[1:] < told["p90"].to_numpy()[1:]).all()
    factor = planned / ensemble.children
    for columns in places.columns.values():
        np.testing.assert_allclose(
            factor[:50, columns], np.broadcast_to(factor[:1, columns][:, :1], (50, *factor[0, columns].shape))
        )


@pytest.mark.parametrize(("plan_for", "quantile"), [("variant", 0.8), ("median", 0.8), ("quantile", 0.9)])
def test_the_scenario_chooses_what_is_planned_for(plan_for: str, quantile: float):
    told = two_units().with_draws(150).with_settings(plan_for=plan_for, quantile=quantile).project()
    planned, medium = told.plan_demand, told.demand["medium"]
    np.testing.assert_array_equal(planned.children[..., 0], medium.children[..., 0])
    if plan_for == "variant":
        assert planned is medium
        return
    township = told.bands.of(TOWNSHIP, "东镇", Stage.JUNIOR).set_index("year")
    own = planned.of(Stage.JUNIOR)[0]
    np.testing.assert_allclose(own, township["p50" if plan_for == "median" else "p90"], rtol=1e-5)
    assert any("分位数" in text or "中位数" in text for text in told.assumptions)


def test_without_draws_there_are_no_bands():
    told = two_units().project()
    assert (told.bands.draws, len(told.bands.table), told.ensemble) == (0, 0, None)


def test_a_plan_for_a_quantile_needs_draws():
    scenario = two_units().scenario.model_dump()
    scenario["projection"] |= {"plan_for": "quantile"}
    with pytest.raises(ValidationError, match="draws = 0"):
        Scenario.model_validate(scenario)


def test_probabilities_of_delay_sum_to_one():
    with pytest.raises(ValidationError, match=r"各项之和为 0\.9"):
        UncertaintySettings(housing_delay=(0.5, 0.4))


HOUSING = table("""
    unit_id dwellings completion_year status  certainty yield_kindergarten yield_primary yield_junior yield_senior
    a       1000      2027            planned 0.5       9                  18            9            6
""")


def test_a_project_that_may_not_come_and_may_be_late_widens_the_band():
    """A project of 180 primary pupils with certainty ½: in time the mean is the run, late ones bring their pupils later."""
    quiet = CALM.model_dump(exclude={"draws", "housing_delay"}) | {"cohort_noise": 0.0, "cohort_floor": 0.0}
    housed = two_units(housing=HOUSING)
    prompt, late = (
        housed.with_draws(800, **quiet, housing_delay=delay).project().bands.of(UNIT, "a", Stage.PRIMARY)
        for delay in ((1.0,), (0.0, 0.0, 1.0))
    )
    first, built = (prompt["year"] == year for year in (2026, 2030))
    assert float(prompt.loc[first, "p90"].iloc[0]) == pytest.approx(float(prompt.loc[first, "p10"].iloc[0]), rel=1e-4)
    np.testing.assert_allclose(prompt["mean"], prompt["run"], rtol=0.03)
    assert (prompt.loc[built, "p90"] - prompt.loc[built, "p10"]).iloc[0] == pytest.approx(180, rel=0.25)
    assert (late.loc[late["year"] == 2028, "mean"] < late.loc[late["year"] == 2028, "run"] - 20).all()


def test_the_backtest_scales_the_distance_of_draws_from_the_run():
    """A factor of 2 doubles the width, leaves the median, and both ways of scaling agree."""
    ensemble, places = futures(invent(40, YEARS), 200)
    doubled = replace(ensemble, scale=np.full(len(YEARS), 2.0))
    plain, scaled = stage_totals(ensemble, places), stage_totals(doubled, places)
    rescaled = stage_totals(ensemble, places)
    rescale(rescaled, doubled, places)
    np.testing.assert_allclose(rescaled.units.sum(axis=2), scaled.units.sum(axis=2), rtol=5e-3)
    one, two = (bands_of(totals, ensemble, places).of(DISTRICT, stage=Stage.PRIMARY) for totals in (plain, scaled))
    widths = [(band["p90"] - band["p10"])[band["year"] > 2025] for band in (one, two)]
    np.testing.assert_allclose(widths[1] / widths[0], 2, rtol=0.03)


def calibration(**told: object) -> Calibration:
    """A calibration of which only some figures matter."""
    empty = {
        "retention": {}, "schools": {}, "school_retention": {}, "entry_ratio": {}, "late_share": 0.2, "noise": 0.45,
        "floor": 0.02, "band_scale": np.ones(11), "school_band_scale": np.ones(11), "fitted": frozenset(), "method": "",
        "sentences": (),
    }  # fmt: skip
    return Calibration(**(empty | told))


def test_ratios_of_the_history_hold_migration_already():
    """Schools tell 1.0 and 0.9, the district 0.96, its children grow by 1 %: units keep 0.96 ÷ 1.01 on the whole."""
    by_unit = np.zeros((2, 2, 3))
    by_unit[0, 0], by_unit[1, 1] = [60, 50, 50], [40, 50, 50]
    register = StageRegister(Stage.JUNIOR, ("A:junior", "B:junior"), by_unit[:, 0] * 0 + 1, by_unit.sum(axis=1), by_unit,
                             by_unit * 0, by_unit * 0)  # fmt: skip
    told = calibration(
        retention={Stage.JUNIOR: np.array([0.96, 0.96])},
        schools={Stage.JUNIOR: ("A", "B")},
        school_retention={Stage.JUNIOR: np.array([[1.0, 1.0], [0.9, 0.9]])},
        fitted=frozenset({Stage.JUNIOR}),
    )
    kept = kept_by_unit(Stage.JUNIOR, register, told, np.array([0.01, 0.01]))
    # First step: (60 × 1.0 + 40 × 0.9) ÷ 100 = 0.96 is the district's own; second: 0.95 is scaled to 0.96.
    expected = np.array([[1.0, 1.0 * 0.96 / 0.95], [0.9, 0.9 * 0.96 / 0.95]]) / 1.01
    np.testing.assert_allclose(kept, expected)
    transfers = {Stage.JUNIOR: Transfer(Stage.PRIMARY, 0.99, np.array([0.9, 1.1]))}
    scaled = calibrated_transfers(
        transfers, {Stage.PRIMARY: register}, replace(told, entry_ratio={Stage.JUNIOR: 0.98}), np.zeros(2)
    )
    # 50 graduates each: 50 × 0.9 + 50 × 1.1 = 100 become 98.
    np.testing.assert_allclose(scaled[Stage.JUNIOR].unit, np.array([0.9, 1.1]) * 0.98)


def test_a_stage_without_a_history_has_the_scenarios_ratio():
    told = calibration(retention={Stage.JUNIOR: np.array([0.99, 0.98])})
    register = StageRegister(Stage.JUNIOR, (), *(np.zeros((0, 3)),) * 2, *(np.zeros((0, 2, 3)),) * 3)
    np.testing.assert_array_equal(kept_by_unit(Stage.JUNIOR, register, told, np.zeros(2)), [0.99, 0.98])


def test_the_scale_of_a_history_ends_where_the_history_ends():
    """Without a history 1; with one, a narrow factor goes back to 1 within five years, a wide one stays."""
    ensemble, places = futures(invent(40, YEARS), 200)
    totals = stage_totals(ensemble, places)
    assert (calibrated_scale(totals, ensemble, places, calibration()) == 1).all()
    narrow, wide = (
        calibrated_scale(totals, ensemble, places,
                         calibration(fitted=frozenset({Stage.PRIMARY}), band_scale=np.full(11, factor)))
        for factor in (0.05, 9.0)
    )  # fmt: skip
    assert (narrow[[0, 1, 5, 11]].tolist(), narrow[10]) == ([1.0, 0.5, 0.5, 1.0], 1.0)
    assert (wide[[0, 1, 5, 11]].tolist(), wide[10]) == ([1.0, 2.5, 2.5, 2.5], 2.5)
