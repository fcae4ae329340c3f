"""Nobody appears or vanishes, whatever the district."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.projection import Projection
from simulator.scenario import ProjectionSettings
from simulator.terms import Stage
from tests.projection_cases import STILL, Case, case, evenly, table

SECTIONS = table("""
    school_id stage        grade_from grade_to
    A         primary      1          6
    T         primary      1          3
    P         primary      1          6
    J         junior       7          9
    K         kindergarten -2         0
    L         kindergarten -2         0
    S         senior       10         12
    V         vocational   10         12
    X         special      1          9
""")
YEARS = range(2025, 2031)


def invented(seed: int, units: int, projection: ProjectionSettings) -> Case:
    """A random district: some units empty, some grades without pupils, origins or housing now and then."""
    rng = np.random.default_rng(seed)
    ids = [f"u{number}" for number in range(units)]
    residents = rng.integers(0, 60, (units, 18)) * rng.integers(0, 2, (units, 1))
    catchments = [
        (unit, band, f"{school}:{stage}", 1.0)
        for unit, at_point in zip(ids, rng.integers(0, 2, units), strict=True)
        for band, school, stage in (
            ("primary_1_3", "T" if at_point else "A", "primary"),
            ("primary_4_6", "A", "primary"),
            ("junior", "J", "junior"),
        )
    ]
    classes = pd.DataFrame(
        [
            (row.school_id, row.stage, grade, int(rng.integers(0, 50)))
            for row in SECTIONS.itertuples()
            for grade in range(row.grade_from, row.grade_to + 1)
        ],
        columns=["school_id", "stage", "grade", "pupils"],
    )
    housing = pd.DataFrame(
        [(ids[0], 200.0, 2027, "approved", *[np.nan] * 5), (ids[-1], 100.0, 2025, "planned", 0.5, 9, 20, 9, 6)],
        columns=[
            *("unit_id", "dwellings", "completion_year", "status", "certainty"),
            *("yield_kindergarten", "yield_primary", "yield_junior", "yield_senior"),
        ],
    )
    origins = classes.sample(frac=0.2, random_state=seed).assign(unit_id=ids[0]).query("pupils > 0")
    kinds = rng.choice(["city", "town", "village"], units)
    return case(
        SECTIONS,
        pd.DataFrame(catchments, columns=["unit_id", "band", "section_id", "share"]),
        settings=projection,
        to=YEARS[-1],
        as_of=2025 - int(rng.integers(0, 3)),
        units=pd.DataFrame({"unit_id": ids, "area_kind": kinds}),
        population=pd.DataFrame(
            [(unit, age, residents[place, age]) for place, unit in enumerate(ids) for age in range(18)],
            columns=["unit_id", "age", "residents"],
        ),
        classes=classes,
        housing=housing if rng.integers(0, 2) else housing.iloc[:0],
        origins=origins if rng.integers(0, 2) else origins.iloc[:0],
    )


shares = st.floats(0.5, 1)
changes = st.floats(-0.2, 0.2)
any_settings = st.builds(
    ProjectionSettings,
    births_trend=st.fixed_dictionaries({"low": changes, "medium": changes, "high": changes}),
    migration=st.fixed_dictionaries({"city": changes, "town": changes, "village": changes}),
    infant_survival=shares,
    survival=shares,
    late_entry_share=st.floats(0, 1),
    kindergarten_enrolment_target=shares,
    retention=shares,
    primary_to_junior=shares,
    junior_to_senior=st.floats(0, 0.6),
    senior_retention=shares,
)
any_case = st.builds(invented, st.integers(0, 10_000), st.integers(1, 5), any_settings)


@settings(max_examples=25, deadline=None)
@given(any_case)
def test_the_stock_of_a_year_is_that_of_the_year_before_and_its_flows(any_district: Case):
    """For every variant, stage and year: stock = stock before + Σ named flows, to a millionth of a pupil."""
    projection = any_district.project()
    account = projection.flows.groupby(["variant", "stage", "year"])["pupils"].sum()
    for variant, demand in projection.demand.items():
        for stage in {stage for stage, _ in demand.cells}:
            stock = demand.of(stage).sum(axis=0)
            flows = [account.get((variant, stage.value, year), 0.0) for year in YEARS[1:]]
            np.testing.assert_allclose(np.diff(stock), flows, atol=1e-6)


@settings(max_examples=25, deadline=None)
@given(any_case)
def test_year_zero_is_the_register_and_the_first_step_adds_up(any_district: Case):
    """Year 0 is exact; the first step of the sections sums to the district's demand of year 1."""
    projection = any_district.project()
    demand = projection.plan_demand
    register = any_district.district.classes.groupby(["stage", "grade"])["pupils"].sum()
    steps = projection.first_step
    stocks = steps["flow"].isin(["register", "next_year"])
    by_cell = steps.groupby(["flow", "stage", "grade"])["pupils"].sum()
    for place, (stage, grade) in enumerate(demand.cells):
        assert demand.children[:, place, 0].sum() == register[stage.value, grade]
        assert by_cell["register", stage.value, grade] == register[stage.value, grade]
        reached = by_cell["next_year", stage.value, grade]
        assert reached == pytest.approx(demand.children[:, place, 1].sum(), abs=1e-6)
    by_section = steps[~(steps["flow"] == "next_year")].groupby(["section_id", "stage", "grade"])["pupils"].sum()
    ends = steps[steps["flow"] == "next_year"].set_index(["section_id", "stage", "grade"])["pupils"]
    np.testing.assert_allclose(by_section.reindex(ends.index), ends, atol=1e-6)
    assert stocks.any()
    assert (ends > -1e-9).all()


@settings(max_examples=25, deadline=None)
@given(any_case)
def test_no_child_is_negative_or_lost_track_of(any_district: Case):
    """Demand and residents are finite and never negative."""
    projection = any_district.project()
    for variant, demand in projection.demand.items():
        for children in (demand.children, projection.population[variant]):
            assert np.isfinite(children).all()
            assert (children >= 0).all()


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 5))
def test_in_a_still_district_every_cohort_keeps_its_size(seed: int, units: int):
    """Without loss, migration and housing, age a is age a + 1 a year later, and grade g is grade g + 1."""
    still = invented(seed, units, STILL)
    projection = still.with_tables(housing=still.district.housing.iloc[:0]).project()
    residents = projection.population["medium"]
    np.testing.assert_allclose(residents[:, 1:, 1:], residents[:, :-1, :-1])
    demand = projection.plan_demand
    for place, (stage, grade) in enumerate(demand.cells):
        if (stage, grade + 1) in demand.cells and stage in (Stage.PRIMARY, Stage.JUNIOR, Stage.SENIOR):
            np.testing.assert_allclose(demand.children[:, place + 1, 1:], demand.children[:, place, :-1], atol=1e-9)


@settings(max_examples=15, deadline=None)
@given(any_case, st.floats(0, 500))
def test_more_births_never_mean_fewer_children_of_the_district(any_district: Case, more: float):
    """Adding births to a year lowers the district's demand in no stage and year."""

    def of_births(births: float) -> Projection:
        rows = pd.DataFrame({"unit_id": ["", ""], "year": [2023, 2025], "births": [200.0, births]})
        return any_district.with_tables(births=rows).project()

    fewer, larger = of_births(200.0), of_births(200.0 + more)
    for variant in fewer.demand:
        before, after = (one.demand[variant].children.sum(axis=0) for one in (fewer, larger))
        assert (after >= before - 1e-6).all()


@settings(max_examples=15, deadline=None)
@given(any_case, st.randoms(use_true_random=False))
def test_shuffling_the_units_permutes_the_result(any_district: Case, random):
    order = list(range(len(any_district.district.units)))
    random.shuffle(order)
    shuffled = any_district.with_tables(units=any_district.district.units.iloc[order].reset_index(drop=True))
    before, after = any_district.project().plan_demand, shuffled.project().plan_demand
    np.testing.assert_allclose(after.children, before.children[order], atol=1e-5)


def test_splitting_a_unit_in_two_leaves_all_totals():
    """A unit of 40 children of every age, split 25 and 15 with the same catchments: nothing else changes."""
    whole = invented(4, 3, ProjectionSettings())
    plain = whole.with_tables(
        population=evenly({"u0": 40, "u1": 20, "u2": 10}),
        housing=whole.district.housing.iloc[:0],
        origins=whole.district.origins.iloc[:0],
    )
    more = plain.catchments[plain.catchments["unit_id"] == "u0"].assign(unit_id="u3")
    kinds = plain.district.units.set_index("unit_id")["area_kind"]
    split = replace(plain, catchments=pd.concat([plain.catchments, more])).with_tables(
        units=pd.DataFrame({"unit_id": ["u0", "u1", "u2", "u3"], "area_kind": [*kinds, kinds["u0"]]}),
        population=evenly({"u0": 25, "u1": 20, "u2": 10, "u3": 15}),
    )
    before, after = plain.project().plan_demand.children, split.project().plan_demand.children
    np.testing.assert_allclose(after[1:3], before[1:3], atol=1e-5)
    np.testing.assert_allclose(after[0] + after[3], before[0], atol=1e-5)


def _reference(
    residents: list[float], register: list[float], share: float, rates: ProjectionSettings
) -> list[list[float]]:
    """Primary pupils by year and grade of a district of one unit in the city, written as plain loops."""
    births = residents[0] / rates.infant_survival
    move = 1 + rates.migration["city"]
    years = [list(register)]
    born = [births] * 2
    for year in range(1, len(YEARS)):
        born.append(born[-1] * (1 + rates.births_trend["medium"]))
        newborn = rates.infant_survival * (born[year] / 3 + born[year + 1] * 2 / 3)
        residents = [newborn] + [count * rates.survival * move for count in residents[:-1]]
        late = rates.late_entry_share
        grades = [share * ((1 - late) * residents[6] + late * residents[7])]
        grades += [pupils * rates.retention * move for pupils in years[-1][:-1]]
        years.append(grades)
    return years


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.floats(40, 90), min_size=18, max_size=18),
    st.lists(st.integers(10, 90), min_size=6, max_size=6),
    changes,
    changes,
)
def test_a_plain_loop_over_one_unit_agrees(residents, register, trend, migration):
    rates = ProjectionSettings(
        births_trend={"low": 0, "medium": trend, "high": 0},
        migration={"city": migration, "town": 0, "village": 0},
        infant_survival=0.99,
    )
    grades = range(1, 7)
    projection = case(
        table("school_id stage grade_from grade_to\nA primary 1 6"),
        settings=rates,
        to=YEARS[-1],
        units=pd.DataFrame({"unit_id": ["u"], "area_kind": ["city"]}),
        population=pd.DataFrame({"unit_id": "u", "age": range(18), "residents": residents}),
        classes=pd.DataFrame({"school_id": "A", "stage": "primary", "grade": grades, "pupils": register}),
    ).project()
    expected = _reference(residents, register, sum(register) / sum(residents[6:12]), rates)
    np.testing.assert_allclose(projection.plan_demand.children[0].T, expected)
