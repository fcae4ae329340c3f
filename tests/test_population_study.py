"""Where children study, how many of those born arrive, who is registered and who came along; the bureau's methods."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.capacity.bands import split_bands
from simulator.inputs.contracts_rows import ROW_RULES
from simulator.projection import Projection
from simulator.projection.arrivals import arrival_ratios, entering_births
from simulator.projection.attendance import StageShare, Transfer
from simulator.projection.births import Births, BirthsOutlook, BirthsPath
from simulator.projection.demand import Demand
from simulator.projection.flows import Flow
from simulator.projection.migrants import attendance_mix, migrant_share
from simulator.projection.participation import transfers_by_year
from simulator.projection.rivals import Method, rival_seats
from simulator.projection.study import STUDY_FLOWS, Study
from simulator.scenario import PopulationSettings, StudySettings
from simulator.standards import Figure, Standards
from simulator.terms import Basis, Effect, Stage, System, current_system, use_system
from tests.projection_cases import STILL, Case, case, evenly, table

SECTIONS = table("""
    school_id stage   grade_from grade_to
    A         primary 1          6
    B         primary 1          6
    J         junior  7          9
    S         senior  10         12
""")
UNITS = table("""
    unit_id area_kind households
    a       city      300
    b       village   100
    c       village   100
""")
CATCHMENTS = table("""
    unit_id band    section_id share
    a       primary A:primary  1
    b       primary B:primary  1
    c       primary B:primary  1
""")
CLASSES = pd.DataFrame(
    [("A", "primary", grade, 60) for grade in range(1, 7)]
    + [("B", "primary", grade, 30) for grade in range(1, 7)]
    + [("J", "junior", grade, 80) for grade in range(7, 10)]
    + [("S", "senior", grade, 40) for grade in range(10, 13)],
    columns=["school_id", "stage", "grade", "pupils"],
)


def district(people: PopulationSettings | None = None, study: StudySettings | None = None, **tables) -> Case:
    """A city of 60 and two villages of 20 and 10 children of every age."""
    base = {"units": UNITS, "population": evenly({"a": 60, "b": 20, "c": 10}), "classes": CLASSES}
    one = case(SECTIONS, CATCHMENTS, **(base | tables))
    changed = {"population": people or PopulationSettings(), "study": study or StudySettings()}
    return Case(one.district, one.sections, one.bands, one.catchments, one.scenario.model_copy(update=changed))


def primary(projection: Projection, grade: int = 1) -> np.ndarray:
    """Children of a primary grade by unit and year."""
    return projection.plan_demand.of(Stage.PRIMARY, range(grade, grade + 1))


def test_village_children_who_study_in_town_by_hand():
    """Each year a further 5 % of the villages' entrants ask for a seat in town, and keep it."""
    # Year 1: 20 × 0.95 = 19 and 10 × 0.95 = 9.5; town 60 + 1.5. Year 2: 18, 9, 63; grade 2 is last year's grade 1.
    projection = district(study=StudySettings(trend={"to_town": {Stage.PRIMARY: 0.05}})).project()
    np.testing.assert_allclose(primary(projection)[:, :3], [[60, 61.5, 63], [20, 19, 18], [10, 9.5, 9]])
    np.testing.assert_allclose(primary(projection, 2)[:, 2], [61.5, 19, 9.5])
    study = projection.flows[
        (projection.flows["flow"] == Flow.TO_TOWN.value) & (projection.flows["stage"] == "primary")
    ]
    assert study.empty  # what moves inside the district cancels in its total


def test_children_who_leave_and_return_change_the_total_by_name():
    study = StudySettings(trend={"outside": {Stage.PRIMARY: 0.02}, "returning": {Stage.PRIMARY: 0.01}})
    projection = district(study=study).project()
    np.testing.assert_allclose(primary(projection).sum(axis=0)[:3], [90, 90 * 0.99, 90 * 0.98])
    flows = projection.flows.query("variant == 'medium' and year == 2027 and stage == 'primary'")
    named = flows.groupby("flow")["pupils"].sum()
    assert named[Flow.OUTSIDE.value] == pytest.approx(-90 * 0.04)
    assert named[Flow.RETURN.value] == pytest.approx(90 * 0.02)


trends = st.dictionaries(st.sampled_from(STUDY_FLOWS), st.floats(-0.2, 0.3), max_size=5)


@settings(max_examples=60, deadline=None)
@given(trends, st.lists(st.floats(0, 100), min_size=3, max_size=3), st.integers(0, 10), st.booleans())
def test_study_flows_conserve_children_and_leave_nobody_negative(trend: dict, children: list, years: int, rural: bool):
    """To town and choice cancel; outside, private and returning change the total; no unit falls below 0."""
    study = Study(
        {Stage.PRIMARY: trend}, np.array([0.0, 1.0, float(rural)]), {Stage.PRIMARY: np.array([0.5, 0.2, 0.3])}
    )
    before = np.array(children)
    parts = study.changes(Stage.PRIMARY, before, years)
    after = study.redirected(Stage.PRIMARY, before, years)
    assert (after >= 0).all()
    np.testing.assert_allclose(after, before + sum(parts.values(), np.zeros(3)), atol=1e-9)
    for flow in (Flow.TO_TOWN, Flow.CHOSEN):
        assert parts.get(flow, np.zeros(3)).sum() == pytest.approx(0, abs=1e-9)
    np.testing.assert_allclose(study.redirected(Stage.PRIMARY, np.stack([before, before]), years)[1], after)


def test_moves_inside_the_district_take_pupils_of_all_grades_along():
    """A tenth of the villages' children move to the city a year: in all grades, and nobody is lost."""
    projection = district(PopulationSettings(moves={"village": {"city": 0.1}})).project()
    # Grade 2 of the first year: 60 + 3, 18, 9. Grade 7 from grade 6 at the junior share 80 ÷ 90 of each unit.
    np.testing.assert_allclose(primary(projection, 2)[:, 1], [63, 18, 9])
    whole, still = (one.plan_demand.children.sum(axis=0) for one in (projection, district().project()))
    for grade in range(6):
        np.testing.assert_allclose(whole[grade], still[grade])
    flows = projection.flows.groupby(["variant", "stage", "year"])["pupils"].sum()
    stock = projection.plan_demand.of(Stage.JUNIOR).sum(axis=0)
    named = [flows.get(("medium", "junior", year), 0.0) for year in range(2026, 2031)]
    np.testing.assert_allclose(np.diff(stock), named, atol=1e-6)


def test_senior_schools_reach_their_target_by_the_year_it_is_set_for():
    """From 40 of 80 to 70 % in 2028: 0.5, 0.567, 0.633, 0.7 and on, in units alike."""
    one = district()
    changed = one.scenario.projection.model_copy(update={"junior_to_senior_target": 0.7, "participation_year": 2028})
    scenario = one.scenario.model_copy(update={"projection": changed})
    shares = {
        stage: StageShare(stage, 90, 40, share, np.full(2, share), np.ones(3), 0.0, True)
        for stage, share in ((Stage.JUNIOR, 0.8), (Stage.SENIOR, 0.4))
    }
    plain = {Stage.SENIOR: Transfer(Stage.JUNIOR, 0.62, np.array([0.25, 0.75]))}
    by_year = transfers_by_year(plain, shares, scenario)[Stage.SENIOR].unit
    np.testing.assert_allclose(by_year[0] / 0.25, np.array([0.5, 17 / 30, 19 / 30, 0.7, 0.7, 0.7]) / 0.5)
    np.testing.assert_allclose(by_year[1], 3 * by_year[0])
    demand = Case(one.district, one.sections, one.bands, one.catchments, scenario).project().plan_demand
    entrants = demand.of(Stage.SENIOR, range(10, 11)).sum(axis=0)
    graduates = demand.of(Stage.JUNIOR, range(9, 10)).sum(axis=0)
    np.testing.assert_allclose(entrants[3:] / graduates[2:-1], 0.7)


def test_arrival_ratios_lean_towards_the_district_where_births_are_few():
    """A magnet of 1.78 on 120 births and an emptying unit of 0.7 on 30, with 60 births weighing half."""
    # District (213.6 + 21) ÷ 150 = 1.564. Magnet 2/3 × 1.78 + 1/3 × 1.564; the other 1/3 × 0.7 + 2/3 × 1.564.
    found = arrival_ratios(np.array([120.0, 30.0, 0.0]), np.array([213.6, 21.0, 0.0]), 60.0)
    assert found.district == pytest.approx(1.564)
    np.testing.assert_allclose(found.ratio, [1.708, 1.276, 1.564])
    np.testing.assert_allclose(found.own, [1.78, 0.7, 1.564])


def test_births_enter_by_the_cut_off_and_late():
    """Entrants of 2025: in time 4/12 of 2018 and 8/12 of 2019; a fifth of each cohort a year later."""
    births = Births(2017, np.array([[30.0], [60.0], [90.0]]), np.zeros(1))
    path = BirthsPath(births, BirthsOutlook(0.0, {}, {}))
    assert entering_births(path, 2025, 0.0) == pytest.approx(80)
    assert entering_births(path, 2025, 0.2) == pytest.approx(0.8 * 80 + 0.2 * 50)
    assert entering_births(path, 2024, 0.2) is None


def test_entrants_from_births_are_births_times_the_arrival_ratio():
    """100 births a year and 50 entrants of 2025: a ratio of ½; 120 births of 2020 enter from 2026 on."""
    births = pd.DataFrame(
        {"unit_id": ["a"] * 9, "year": range(2016, 2025), "births": [100.0] * 4 + [120.0] + [100.0] * 4}
    )
    classes = CLASSES.assign(pupils=np.where(CLASSES["school_id"] == "A", 50, 0))
    people = PopulationSettings(entry="births", arrival_credibility=1e-9)
    projection = district(
        people, births=births, classes=classes, population=evenly({"a": 60, "b": 0, "c": 0})
    ).project()
    first = primary(projection)[0]
    np.testing.assert_allclose(first[:4], [50, 50 * (1 / 3 + 2 / 3 * 1.2), 50 * (1.2 / 3 + 2 / 3), 50])
    ratios = projection.records["arrival_ratios"].set_index("unit_id")
    assert ratios.loc["", "ratio"] == pytest.approx(0.5)


def test_migrant_children_grow_on_their_own_and_attend_their_own_way():
    """A third of unit a came along; their number doubles a year, and they attend half as often."""
    population = evenly({"a": 60, "b": 20, "c": 10}).assign(
        registered=lambda rows: rows["residents"] * (rows["unit_id"] != "a") + 40.0 * (rows["unit_id"] == "a"),
        migrant=lambda rows: 20.0 * (rows["unit_id"] == "a"),
    )
    share = migrant_share(
        population, pd.Index(["a", "b", "c"]), np.array([[60.0] * 18, [20.0] * 18, [10.0] * 18]), 2, 1.0
    )
    assert share[0, 6, 0] == pytest.approx(1 / 3)
    assert share[0, 7, 1] == pytest.approx(1 / 2)  # 40 of 80
    mix = attendance_mix(share, Stage.PRIMARY, np.full((3, 18, 2), 30.0), 0.5)
    np.testing.assert_allclose(mix[0], [1, 0.75 / (5 / 6)])
    projection = district(
        PopulationSettings(migrant_trend=1.0, migrant_attendance=0.5), population=population
    ).project()
    # 60 children of age 5, 20 of them came along: 80 of age 6, of whom 40 count half: 60 against 50 in year 0.
    assert primary(projection)[0, 1] == pytest.approx(60 * 60 / 50)
    groups = projection.records["children_groups"].query("variant == 'medium' and stage == 'primary'")
    counts = groups.set_index(["group", "year"])["children"]
    assert counts["resident", 2025] == 540
    assert counts["registered", 2025] == 420
    assert counts["migrant", 2025] == 120
    assert counts["migrant", 2026] == pytest.approx(240)
    assert counts["migrant_public", 2025] == pytest.approx(120 * 0.7967)
    assert counts["registered", 2026] == pytest.approx(420)


def test_where_children_study_is_told_for_the_base_year():
    """Ten of B's thirty a grade live in the city: chosen; a band opens by its half width a year."""
    origins = pd.DataFrame(
        [("a", "B", "primary", grade, 10) for grade in range(1, 7)]
        + [("b", "B", "primary", grade, 20) for grade in range(1, 7)],
        columns=["unit_id", "school_id", "stage", "grade", "pupils"],
    )
    study = StudySettings(trend={"chosen": {Stage.PRIMARY: 0.01}}, band={"chosen": 0.004})
    projection = district(study=study, origins=origins).project()
    rows = projection.records["study_flows"].query("stage == 'primary' and flow == 'chosen'").set_index("year")
    assert rows.loc[2025, "share"] == pytest.approx(60 / 540)
    assert rows.loc[2027, ["share", "low", "high"]].tolist() == pytest.approx(
        [60 / 540 + x for x in (0.02, 0.012, 0.028)]
    )


@pytest.fixture
def five_four() -> Iterator[None]:
    """Five years of primary school and four of junior school while the test runs."""
    use_system(System.FIVE_FOUR)
    yield
    use_system(System.SIX_THREE)


@pytest.mark.usefixtures("five_four")
def test_five_and_four_years_by_hand():
    """Grade 5 ends primary school: the 40 of age 10 go on to grade 6 of junior school, where bands and ages follow."""
    population = evenly({"a": 60})
    population.loc[population["age"] == 6, "residents"] = 30
    sections = table("school_id stage grade_from grade_to\nA primary 1 5\nT primary 1 3\nJ junior 6 9")
    classes = pd.DataFrame(
        [("A", "primary", grade, 60) for grade in range(1, 5)] + [("A", "primary", 5, 40)]
        + [("J", "junior", grade, 60) for grade in range(6, 10)],
        columns=["school_id", "stage", "grade", "pupils"],
    )  # fmt: skip
    one = case(sections, units=UNITS.iloc[:1], population=population, classes=classes)
    assert [band.band_id for band in split_bands(one.sections)] == ["primary_1_3", "primary_4_5", "junior"]
    demand = one.project().plan_demand
    assert [grade for stage, grade in demand.cells if stage is Stage.JUNIOR] == [6, 7, 8, 9]
    # Primary share 280 ÷ (30 + 4 × 60), junior 240 ÷ 240; 40 graduates × 1 ÷ (280 ÷ 270).
    assert demand.of(Stage.JUNIOR, range(6, 7))[0, 1] == pytest.approx(40 * 270 / 280)
    assert demand.of(Stage.JUNIOR, range(7, 8))[0, 1] == 60
    assert demand.of(Stage.PRIMARY, range(1, 2))[0, 1] == pytest.approx(60 * 280 / 270)
    assert grades_are_right("junior", 6)


def test_six_and_three_years_are_the_default():
    assert current_system() is System.SIX_THREE
    assert not grades_are_right("junior", 6)
    assert grades_are_right("primary", 6)


def grades_are_right(stage: str, grade: int) -> bool:
    """Whether the contract of classes accepts a grade of a stage."""
    rule = ROW_RULES["grade_in_stage"]
    return not rule.broken(pd.DataFrame({"stage": [stage], "grade": [grade]})).any()


def _standards() -> Standards:
    figures = {"per_thousand.primary": 44.0, "household.size": 2.5}
    return Standards(
        {name: Figure(name, value, "", name, Basis.LOCAL, Effect.OWN, "test", "A", 2025, "test")
         for name, value in figures.items()}, (), {},
    )  # fmt: skip


def test_the_methods_of_a_bureau_by_hand():
    """500 households of 2.5 people, 19.6 pupils per 100 of them, 480, 510 and 540 pupils in the last years."""
    enrolment = pd.DataFrame(
        {"school_id": "A", "stage": "primary", "grade": 1, "year": [2023, 2024], "pupils": [480, 510]}
    )
    housing = pd.DataFrame(
        {"unit_id": ["a"], "dwellings": [300.0], "completion_year": [2026], "status": ["approved"], "certainty": [0.5],
         "yield_kindergarten": [np.nan], "yield_primary": [np.nan], "yield_junior": [np.nan], "yield_senior": [np.nan]}
    )  # fmt: skip
    one = district(PopulationSettings(total_trend=0.01), enrolment=enrolment, housing=housing)
    demand = Demand(("a",), ((Stage.PRIMARY, 1),), tuple(range(2025, 2031)), np.full((1, 1, 6), 540.0))
    seats = rival_seats(demand, one.district, one.scenario, _standards()).set_index(["method", "year"])["seats"]
    assert seats[Method.PER_THOUSAND, 2027] == pytest.approx(1250 * 1.01**2 * 0.044)
    assert seats[Method.PER_HOUSEHOLD, 2025] == pytest.approx(98)
    assert seats[Method.PER_HOUSEHOLD, 2026] == pytest.approx(550 * 0.196)
    assert seats[Method.PER_HOUSEHOLD, 2030] == pytest.approx(650 * 0.196)
    assert seats[Method.LAST_VALUE, 2030] == 540
    assert seats[Method.LINEAR_TREND, 2027] == pytest.approx(600)
    assert seats[Method.PROJECTION, 2030] == 540
    bare = district(units=UNITS.drop(columns="households"))
    methods = set(rival_seats(demand, bare.district, bare.scenario, _standards())["method"])
    assert methods == {Method.PROJECTION, Method.LAST_VALUE}


@settings(max_examples=12, deadline=None)
@given(
    st.dictionaries(st.sampled_from(["city", "village"]), st.just({"city": 0.1, "village": 0.05}), max_size=2),
    trends,
    st.floats(-0.1, 0.1),
    st.booleans(),
)
def test_the_stock_follows_its_named_flows_whatever_moves(moves: dict, trend: dict, migrants: float, births: bool):
    """With moves, study flows, migrants and control totals the stock is that of the year before and its flows."""
    population = evenly({"a": 60, "b": 20, "c": 10}).assign(migrant=5.0, registered=50.0)
    control = pd.DataFrame(
        {"year": [2029], "township": [np.nan], "age": [np.nan], "age_to": [np.nan], "residents": [1500.0]}
    )
    people = PopulationSettings(
        moves=moves, moving_by_age={3: 1.2, 10: 0.4}, migrant_trend=migrants, entry="births" if births else "residents"
    )
    study = StudySettings(trend={flow: {Stage.PRIMARY: x, Stage.JUNIOR: x / 2} for flow, x in trend.items()})
    known = pd.DataFrame({"unit_id": ["a", "b", "c"] * 9, "year": np.repeat(range(2016, 2025), 3), "births": 30.0})
    projection = district(people, study, population=population, control=control, births=known).project()
    account = projection.flows.groupby(["variant", "stage", "year"])["pupils"].sum()
    for variant, demand in projection.demand.items():
        assert (demand.children >= 0).all()
        for stage in (Stage.PRIMARY, Stage.JUNIOR, Stage.SENIOR):
            named = [account.get((variant, stage.value, year), 0.0) for year in range(2026, 2031)]
            np.testing.assert_allclose(np.diff(demand.of(stage).sum(axis=0)), named, atol=1e-6)
    assert projection.population["medium"][..., 4].sum() == pytest.approx(1500)


def test_nothing_changes_where_no_setting_asks():
    """Defaults of the new groups give the plain projection, bit for bit in year 0."""
    plain = district().project()
    np.testing.assert_allclose(primary(plain), np.repeat([[60.0], [20.0], [10.0]], 6, axis=1))
    assert plain.plan_demand.children[:, 0, 0].sum() == 90
    assert STILL.housing_occupancy == (1 / 3, 1 / 3, 1 / 3)
    assert Path(plain.planned).name == "medium"
