"""Rooms, classes and seats of today; new builds, conversions and committed works of tomorrow."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.capacity import build_costs, build_supply
from simulator.capacity.bands import split_stage
from simulator.capacity.newbuilds import grades_run, split_classes, standard_sizes
from simulator.capacity.prices import annuity
from simulator.errors import InputError
from simulator.inputs.district import District
from simulator.terms import Stage
from tests.capacity_cases import (
    classes,
    district,
    norms,
    parcels,
    population,
    read,
    scenario,
    schools,
    sections,
    units,
)

UNITS = """
unit_id  x     y  township  area_kind
U1       0     0  Town      city
U2       1000  0  Town      city
U3       9000  0  Hills     village
"""


@pytest.fixture
def county() -> District:
    """Five schools: a full primary, a teaching point, a nine-year school, a private school, a kindergarten."""
    return district(
        units=units(UNITS),
        population=population("""
        unit_id  age_from  age_to  residents
        U1       3         14      100
        """),
        schools=schools("""
        school_id  x     y    township  nature            rooms  max_rooms
        A          0     10   Town      education_bureau  14     20
        B          9000  10   Hills     education_bureau  -      -
        C          1000  10   Town      education_bureau  8      9
        P          500   10   Town      private           12     24
        K          100   10   Town      education_bureau  3      3
        """),
        sections=sections("""
        school_id  stage         grade_from  grade_to  kind              regime     seats
        A          primary       1           6         complete_primary  -          -
        B          primary       1           3         teaching_point    catchment  -
        C          primary       1           6         nine_year         catchment  -
        C          junior        7           9         nine_year         catchment  -
        P          primary       1           6         complete_primary  catchment  500
        K          kindergarten  -2          0         kindergarten      -          -
        """),
        classes=classes("""
        school_id  stage         grade  sizes
        A          primary       1      40,41
        A          primary       2      40,40
        A          primary       3      45,45
        A          primary       4      50,51
        A          primary       5      44,44
        A          primary       6      44,44
        B          primary       1      8
        B          primary       2      9
        B          primary       3      10
        C          primary       1      30
        C          primary       2      30
        C          primary       3      30
        C          primary       4      30
        C          primary       5      30
        C          primary       6      30
        C          junior        7      48
        C          junior        8      48
        C          junior        9      48
        P          primary       1      40
        K          kindergarten  -2     25
        K          kindergarten  -1     30
        K          kindergarten  0      33
        """),
    )


def test_sections_hold_the_register_and_what_may_change(county: District) -> None:
    """Classes and pupils are the register's; only the small teaching point may close, only A may grow."""
    supply = build_supply(county, scenario(), norms())
    expected = read("""
    section_id      classes  pupils  rooms  class_size  class_size_max  regime     public  can_close  can_extend
    A:primary       12       528     12     45          55              catchment  True    False      True
    B:primary       3        27      3      30          45              catchment  True    True       False
    C:primary       6        180     6      45          55              catchment  True    False      False
    C:junior        3        144     3      50          55              catchment  True    False      False
    P:primary       1        40      1      45          55              pool       False   False      False
    K:kindergarten  3        88      3      30          35              choice     True    False      False
    """).set_index("section_id")  # A: 81 + 80 + 90 + 101 + 88 + 88 = 528; the partial primary B has classes of 30
    pd.testing.assert_frame_equal(supply.sections[list(expected)], expected, check_dtype=False)
    assert supply.sections["fill"].unique().tolist() == [0.92]
    assert supply.sections["seats_fixed"].dropna().to_dict() == {"P:primary": 500}
    assert not supply.sections["candidate"].any()


def test_a_campus_has_at_least_the_rooms_of_its_classes(county: District) -> None:
    """Empty rooms mean the classes, eight rooms for nine classes become nine, free rooms stay with the site."""
    supply = build_supply(county, scenario(), norms())
    expected = read("""
    site_id  rooms  max_rooms  area_kind  existing
    A        14     20         city       True
    B        3      3          village    True
    C        9      9          city       True
    P        12     24         city       True
    K        3      3          city       True
    """).set_index("site_id")
    pd.testing.assert_frame_equal(supply.sites[list(expected)], expected, check_dtype=False)
    assert supply.assumptions == ("1 个校区登记的教室数少于班数，教室数按班数计",)


def test_a_teaching_point_splits_its_stage_into_bands(county: District) -> None:
    """Primary is cut after grade 3, where the teaching point ends; other stages are whole."""
    supply = build_supply(county, scenario(), norms())
    assert [band.band_id for band in supply.bands] == [
        *("kindergarten", "primary_1_3", "primary_4_6", "junior"),
    ]
    first, second = supply.bands_of(Stage.PRIMARY)
    assert supply.covers("B:primary", first)
    assert not supply.covers("B:primary", second)
    assert supply.covers("A:primary", second)


@given(st.lists(st.tuples(st.integers(1, 6), st.integers(1, 6)).map(sorted).map(tuple), min_size=1))
def test_bands_tile_the_stage_and_no_section_ends_inside_one(runs: list[tuple[int, int]]) -> None:
    """Every grade lies in one band, and a section runs all or none of the grades of a band."""
    bands = split_stage(Stage.PRIMARY, runs)
    assert [grade for band in bands for grade in band.grades] == [1, 2, 3, 4, 5, 6]
    for first, last in runs:
        for band in bands:
            inside = [first <= grade <= last for grade in band.grades]
            assert all(inside) or not any(inside)


PARCELS = """
parcel_id  x     y    township  stages          area_m2  delivery    conflict
small      0     900  Town      primary         5000     government  none
core       0     800  Town      primary         10000    government  none
country    9000  900  Hills     primary         17000    government  none
nine       9000  800  Hills     primary,junior  44000    handover    none
farm       9000  700  Hills     primary         90000    government  farmland
"""


def test_modules_of_a_parcel_fit_its_land(county: District) -> None:
    """Each parcel offers the standard sizes whose seats × land norm fit: 12 m² in the core, 20 and 25 m² in the country."""
    supply = build_supply(replace(county, parcels=parcels(PARCELS)), scenario(), norms())
    expected = read("""
    site_id  module  stage    classes  capital_wan
    core     12      primary  12       3240
    core     18      primary  18       4860
    country  12      primary  12       3240
    country  18      primary  18       4860
    nine     18      primary  12       0
    nine     18      junior   6        0
    nine     27      primary  18       0
    nine     27      junior   9        0
    nine     36      primary  24       0
    nine     36      junior   12       0
    """)
    # small: 12 × 45 × 12 = 6,480 > 5,000. core: 18 × 45 × 12 = 9,720 ≤ 10,000 < 12,960.
    # country: 18 × 45 × 20 = 16,200 ≤ 17,000 < 21,600. nine: 24 × 45 × 20 + 12 × 50 × 25 = 36,600 ≤ 44,000 < 45,750.
    # Capital: 12 × 45 × 6 万元 = 3,240; a school handed over costs nothing. farm lies in farmland.
    expected["module"] = ["12", "18", "12", "18", "12+6", "12+6", "18+9", "18+9", "24+12", "24+12"]
    pd.testing.assert_frame_equal(supply.modules, expected, check_dtype=False)
    new = supply.sections[supply.sections["candidate"]]
    assert new.index.tolist() == ["core:primary", "country:primary", "nine:primary", "nine:junior"]
    assert new["kind"].tolist() == ["complete_primary", "complete_primary", "nine_year", "nine_year"]
    assert supply.sites.loc[["small", "farm"], "existing"].tolist() == [False, False]


def test_parcels_are_built_on_only_where_the_scenario_or_the_planner_says(county: District) -> None:
    """Without new schools only the parcel on which the planner decided to build is a candidate."""
    settings = scenario(candidates={"build": False}, decisions=[{"place": "core", "decision": "build", "year": 2030}])
    supply = build_supply(replace(county, parcels=parcels(PARCELS)), settings, norms())
    assert supply.modules["site_id"].unique().tolist() == ["core"]


@given(st.integers(3, 90))
def test_shared_classes_add_up(total: int) -> None:
    """No class is lost or invented when a nine-year school's classes are shared by its stages."""
    shares = split_classes(total, grades_run((Stage.PRIMARY, Stage.JUNIOR)))
    assert sum(shares.values()) == total
    assert abs(shares[Stage.PRIMARY] - 2 * total / 3) <= 1


def test_stages_without_a_common_module_are_combined() -> None:
    """A parcel for kindergarten and primary offers every pair of their sizes."""
    sizes = standard_sizes((Stage.KINDERGARTEN, Stage.PRIMARY), norms())
    assert len(sizes) == 3 * 5
    assert sizes[0] == {Stage.KINDERGARTEN: 6, Stage.PRIMARY: 12}


def test_area_limits_seats_only_where_the_scenario_uses_it(county: District) -> None:
    """With use_area off the stated areas do not limit."""
    campuses = county.schools.assign(teaching_area_m2=2000.0)
    stated = build_supply(replace(county, schools=campuses), scenario(), norms())
    ignored = build_supply(replace(county, schools=campuses), scenario(seats={"use_area": False}), norms())
    assert (stated.sites["teaching_area_m2"] == 2000).all()
    assert ignored.sites["teaching_area_m2"].isna().all()


def test_committed_works_come_from_projects_and_from_unopened_campuses(county: District) -> None:
    """An extension and a new school are listed; a campus under construction without a project opens with its rooms."""
    later = schools("""
    school_id  x    y    township  status              opening_year  rooms
    N          200  200  Town      under_construction  2027          27
    R          300  200  Town      reserved            -             -
    D          400  200  Town      disused             -             6
    """)
    runs = sections("""
    school_id  stage    grade_from  grade_to  kind
    N          primary  1           6         nine_year
    N          junior   7           9         nine_year
    R          primary  1           6         complete_primary
    D          primary  1           6         complete_primary
    """)
    works = read("""
    project_id  place_id  stage    kind           rooms  seats  year  cost_wan  status
    W1          A         primary  extension      8      -      2027  -         committed
    W2          core      primary  new_build      -      1080   2028  7000      under_construction
    W3          B         primary  consolidation  -      -      2026  -         committed
    W4          A         primary  extension      3      -      2025  -         committed
    W5          A         primary  extension      9      -      2030  -         planned
    W6          C         junior   new_build      2      -      2029  -         committed
    """)
    larger = replace(
        county,
        parcels=parcels(PARCELS),
        schools=pd.concat([county.schools, later]),
        sections=pd.concat([county.sections, runs]),
        projects=works,
    )
    supply = build_supply(larger, scenario(), norms())
    expected = read("""
    project_id  site_id  stage    kind           classes  year  capital_wan
    W1          A        primary  extension      8        2027  800
    W2          core     primary  new_build      24       2028  7000
    W3          B        primary  consolidation  0        2026  0
    W6          C        junior   extension      2        2029  200
    N           N        primary  new_build      18       2027  4860
    N           N        junior   new_build      9        2027  2700
    """)
    # W1: 8 rooms × 100 万元. W2: 1,080 ÷ 45 = 24 classes. W4 was finished by 2025, W5 is only planned.
    # W6: a second building of the junior section that C runs is an extension, 2 × 100 万元.
    # N: 27 rooms over nine grades = 18 + 9; 18 × 45 × 6 = 4,860 and 9 × 50 × 6 = 2,700 万元.
    pd.testing.assert_frame_equal(supply.committed, expected, check_dtype=False)
    modules = supply.modules.drop_duplicates(["site_id", "module"]).groupby("site_id")["module"].agg(list)
    assert modules["core"] == ["24"]
    assert modules["N"] == ["18+9"]
    assert modules["D"] == ["6"]
    assert modules["R"] == ["12", "18", "24", "30", "36"]
    assert supply.modules.set_index("site_id").loc["D", "capital_wan"] == 6 * 20
    # A has 14 rooms, W1 adds 8: at most 22, although the campus states 20.
    assert supply.sites.loc[["A", "N", "D"], ["rooms", "max_rooms"]].to_numpy().tolist() == [[14, 22], [0, 27], [0, 6]]
    assert not supply.sections.loc[["N:primary", "R:primary", "D:primary"], "existing"].any()


def test_works_without_a_size_are_refused_all_at_once(county: District) -> None:
    """A committed extension needs rooms or seats."""
    works = read("""
    project_id  place_id  stage    kind       rooms  seats  year  cost_wan  status
    W1          A         primary  extension  -      -      2027  -         committed
    W2          C         junior   extension  -      -      2027  -         committed
    """)
    with pytest.raises(InputError) as refused:
        build_supply(replace(county, projects=works), scenario(), norms())
    assert [problem.what[:2] for problem in refused.value.problems] == ["W1", "W2"]


def test_a_protected_or_larger_or_foreign_point_may_not_close(county: District) -> None:
    """Protection, pupils at or above the line and another authority's school each keep a section open."""
    settings = scenario()
    for change in ({"protected": True}, {"decided_here": False}):
        kept = replace(county, schools=county.schools.assign(**change))
        assert not build_supply(kept, settings, norms()).sections["can_close"].any()
    line = scenario(candidates={"close_below_pupils": 27})
    assert not build_supply(county, line, norms()).sections["can_close"].any()


def test_enrolment_stands_in_for_a_missing_class_list(county: District) -> None:
    """Without classes a grade of 100 counts as three classes of 45."""
    rolls = read("""
    school_id  stage    grade  year  pupils
    A          primary  1      2025  100
    A          primary  2      2025  90
    A          primary  1      2024  80
    """)
    supply = build_supply(replace(county, classes=pd.DataFrame(), enrolment=rolls), scenario(), norms())
    # ⌈100 ÷ 45⌉ + ⌈90 ÷ 45⌉ = 3 + 2
    assert supply.sections.loc["A:primary", ["classes", "pupils"]].tolist() == [5, 190]


def test_an_annuity_repays_its_capital() -> None:
    """The discounted yearly payments add up to one yuan; without interest it is one part a year."""
    payment = annuity(0.04, 50)
    assert sum(payment / 1.04**year for year in range(1, 51)) == pytest.approx(1)
    assert annuity(0, 50) == 0.02


def test_costs_spread_capital_over_building_and_fit_out() -> None:
    """At no interest: 0.8 ÷ 50 + 0.2 ÷ 10 = 0.036 a year."""
    costs = build_costs(norms(), 0.0)
    assert costs.annuity == pytest.approx(0.036)
    assert costs.stages[Stage.JUNIOR].seat_capital_wan == 6
    assert set(costs.stages) == set(Stage)
