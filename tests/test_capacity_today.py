"""Today's catchments, listed or inferred, and schools that must stay."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.capacity import (
    Catchments,
    build_supply,
    measure_access,
    present_catchments,
    protect_isolated,
    shared_zones,
)
from simulator.capacity.today import nearest_with_seats
from simulator.inputs.district import District
from simulator.scenario import AccessSettings
from tests.capacity_cases import classes, district, norms, population, read, scenario, schools, sections, units


@pytest.fixture
def valley() -> District:
    """Four villages on a line, a school at either end and a teaching point in between."""
    return district(
        units=units("""
        unit_id  x      y
        U1       0      0
        U2       1000   0
        U3       2000   0
        U4       10000  0
        """),
        population=population("""
        unit_id  age_from  age_to  residents
        U1       6         11      10
        U2       6         11      10
        U3       6         11      10
        U4       6         11      10
        """),
        schools=schools("""
        school_id  x      y
        West       0      0
        Point      2000   0
        East       10000  0
        """),
        sections=sections("""
        school_id  stage    grade_from  grade_to  kind              regime     lodging
        West       primary  1           6         complete_primary  catchment  day
        Point      primary  1           3         teaching_point    catchment  day
        East       primary  1           6         complete_primary  catchment  day
        """),
        classes=classes("""
        school_id  stage    grade  sizes
        West       primary  1      20
        West       primary  2      20
        West       primary  3      20
        West       primary  4      20
        West       primary  5      20
        West       primary  6      20
        Point      primary  1      10
        Point      primary  2      10
        Point      primary  3      10
        East       primary  1      10
        East       primary  2      10
        East       primary  3      10
        East       primary  4      20
        East       primary  5      20
        East       primary  6      20
        """),
    )


def today(home: District, **settings: object) -> Catchments:
    """Catchments of a district in straight lines."""
    supply = build_supply(home, scenario(), norms())
    return present_catchments(home, supply, measure_access(home, supply, AccessSettings(**settings)))


def agrees(found: Catchments, expected: str) -> None:
    """The catchments are those of an aligned table."""
    pd.testing.assert_frame_equal(found.table, read(expected), check_dtype=False)


def test_catchments_are_inferred_from_nearness(valley: District) -> None:
    """Without a table every unit goes to the nearest section of each band that has seats, marked as inferred."""
    found = today(valley)
    # Grades 4–6: U3 is 2 km from West and 8 km from East; West has 3 × 45 seats for three units of 30.
    agrees(
        found,
        """
        unit_id  band         section_id     share  derived
        U1       primary_1_3  West:primary   1.0    True
        U2       primary_1_3  West:primary   1.0    True
        U3       primary_1_3  Point:primary  1.0    True
        U4       primary_1_3  East:primary   1.0    True
        U1       primary_4_6  West:primary   1.0    True
        U2       primary_4_6  West:primary   1.0    True
        U3       primary_4_6  West:primary   1.0    True
        U4       primary_4_6  East:primary   1.0    True
        """,
    )
    assert "4 个单元为推定" in found.assumptions[0]


def test_listed_catchments_are_kept_and_the_rest_inferred(valley: District) -> None:
    """A teaching point takes its grades from the school listed beside it; two full schools share a unit; gaps are inferred."""
    table = read("""
    unit_id  stage    school_id
    U1       primary  West
    U1       primary  Point
    U2       primary  West
    U2       primary  East
    U3       primary  Point
    """)
    found = today(replace(valley, catchments=table))
    # U3 lists only the teaching point: its grades 4–6 are inferred, as is all of U4.
    agrees(
        found,
        """
        unit_id  band         section_id     share  derived
        U1       primary_1_3  Point:primary  1.0    False
        U2       primary_1_3  West:primary   0.5    False
        U2       primary_1_3  East:primary   0.5    False
        U3       primary_1_3  Point:primary  1.0    False
        U4       primary_1_3  East:primary   1.0    True
        U1       primary_4_6  West:primary   1.0    False
        U2       primary_4_6  West:primary   0.5    False
        U2       primary_4_6  East:primary   0.5    False
        U3       primary_4_6  West:primary   1.0    True
        U4       primary_4_6  East:primary   1.0    True
        """,
    )


def test_schools_of_a_shared_catchment_take_parts_by_their_seats(valley: District) -> None:
    """West seats 60 and East 120: a third and two thirds of the units that list both; they are one zone."""
    shared = sections("""
    school_id  stage    grade_from  grade_to  kind              regime            seats
    West       primary  1           6         complete_primary  shared_catchment  60
    East       primary  1           6         complete_primary  shared_catchment  120
    """)
    listed = read("""
    unit_id  stage    school_id
    U1       primary  West
    U1       primary  East
    U2       primary  West
    U3       primary  East
    U4       primary  East
    U4       primary  West
    """)
    home = replace(valley, sections=shared, catchments=listed)
    found = today(home)
    agrees(
        found,
        """
        unit_id  band     section_id    share               derived
        U1       primary  West:primary  0.3333333333333333  False
        U1       primary  East:primary  0.6666666666666666  False
        U2       primary  West:primary  1.0                 False
        U3       primary  East:primary  1.0                 False
        U4       primary  East:primary  0.6666666666666666  False
        U4       primary  West:primary  0.3333333333333333  False
        """,
    )
    assert shared_zones(build_supply(home, scenario(), norms()), found) == (("West:primary", "East:primary"),)


def test_seats_limit_an_inferred_catchment(valley: District) -> None:
    """When West seats one unit of grades 4–6 only, the unit that would lose most stays and the others go on."""
    small = sections("""
    school_id  stage    grade_from  grade_to  kind              regime     seats
    West       primary  1           6         complete_primary  catchment  60
    East       primary  1           6         complete_primary  catchment  600
    """)
    rolls = classes("""
    school_id  stage    grade  sizes
    West       primary  1      60
    East       primary  1      60
    East       primary  2      60
    East       primary  3      60
    """)
    found = today(replace(valley, sections=small, classes=rolls)).table
    # 240 pupils in the register, so 60 a unit; West has seats for one. Losses of going East instead:
    # U1 10 − 0 = 10 km, U2 9 − 1 = 8, U3 8 − 2 = 6: U1 stays.
    assert found.set_index("unit_id")["section_id"].to_dict() == {
        "U1": "West:primary",
        "U2": "East:primary",
        "U3": "East:primary",
        "U4": "East:primary",
    }


def test_private_boarding_and_choice_sections_have_no_inferred_catchment(valley: District) -> None:
    """East as a boarding school, the point for migrant children: all units go West, and no unit lacks a school."""
    runs = sections("""
    school_id  stage    grade_from  grade_to  kind              regime     lodging   serves
    West       primary  1           6         complete_primary  catchment  day       all
    Point      primary  1           6         complete_primary  catchment  day       migrant
    East       primary  1           6         complete_primary  catchment  boarding  all
    """)
    found = today(replace(valley, sections=runs)).table
    assert found["section_id"].unique().tolist() == ["West:primary"]
    assert len(found) == 4
    private = valley.schools.assign(nature="private")
    assert today(replace(valley, schools=private)).table.empty


@given(
    st.lists(st.lists(st.integers(1, 90), min_size=3, max_size=3), min_size=1, max_size=8),
    st.lists(st.integers(0, 200), min_size=3, max_size=3),
)
def test_with_seats_for_all_everyone_goes_to_the_nearest(minutes: list[list[int]], seats: list[int]) -> None:
    """Every unit is zoned; with ample seats to its nearest section; overfilled only where no section had seats."""
    journeys = np.array(minutes, dtype=float)
    children = np.full(len(journeys), 50.0)
    ample = nearest_with_seats(journeys, children, np.full(3, 1e6))
    np.testing.assert_array_equal(ample, journeys.argmin(axis=1))
    chosen = nearest_with_seats(journeys, children, np.array(seats, dtype=float))
    assert ((chosen >= 0) & (chosen < 3)).all()
    load = np.bincount(chosen, weights=children, minlength=3)
    if (load > np.array(seats) + 25).any():
        assert ((np.array(seats) - load) < 25).all()


def test_a_school_without_another_near_is_protected(valley: District) -> None:
    """On foot U4 is 2.3 hours from the next school: East is protected; West and the point are 26 minutes apart."""
    supply = build_supply(valley, scenario(candidates={"close_below_pupils": 500}), norms())
    access = measure_access(
        valley,
        supply,
        AccessSettings.model_validate({"walking_kmh": 6, "detour": {"plain": 1.3}, "bus_from_grade": 12}),
    )
    kept = protect_isolated(supply, access, norms())
    # 6 km/h × 1.3: 13 minutes a kilometre. U3 to West 26 min, U1 to the point 26 min, U4 to the point 104 min.
    assert kept.sections["protected"].to_dict() == {
        "West:primary": False,
        "Point:primary": False,
        "East:primary": True,
    }
    assert kept.sites.index[kept.sites["protected"]].tolist() == ["East"]
    assert kept.assumptions[-1].startswith("1 个学部")
    assert not supply.sections["protected"].any()


def test_a_protected_point_may_no_longer_close(valley: District) -> None:
    """At a slower walk the point is alone for U3 too, so it leaves the list of closures."""
    supply = build_supply(valley, scenario(), norms())
    slow = AccessSettings.model_validate({"walking_kmh": 3, "bus_from_grade": 12})
    assert supply.sections["can_close"]["Point:primary"]
    kept = protect_isolated(supply, measure_access(valley, supply, slow), norms())
    assert not kept.sections["can_close"]["Point:primary"]
