"""Year 0 is the register; its pupils live where origins, catchments or the children themselves say."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from simulator.terms import Stage
from tests.projection_cases import Case, case, children_of, evenly, table

UNITS = table("""
    unit_id area_kind
    a       city
    b       town
    c       village
""")
SECTIONS = table("""
    school_id stage   grade_from grade_to
    A         primary 1          6
    B         primary 1          6
    P         primary 1          6
""")
CATCHMENTS = table("""
    unit_id band    section_id share
    a       primary A:primary  1
    b       primary B:primary  1
    c       primary B:primary  1
""")
CLASSES = table("""
    school_id stage   grade pupils
    A         primary 1     47
    A         primary 1     46
    A         primary 2     90
    B         primary 1     71
    P         primary 1     10
""")


def primary_case(**tables: pd.DataFrame) -> Case:
    """Two zoned schools and a private one without a catchment."""
    residents = evenly({"a": 100, "b": 60, "c": 40})
    return case(SECTIONS, CATCHMENTS, **({"units": UNITS, "population": residents, "classes": CLASSES} | tables))


def test_year_zero_of_every_grade_is_the_register_to_the_last_pupil():
    # Grade 1: 47 + 46 + 71 + 10 = 174; grade 2: 90; nobody above.
    year_zero = children_of(primary_case().project(), Stage.PRIMARY, 2025)
    assert year_zero.sum().tolist() == [174, 90, 0, 0, 0, 0]


def test_pupils_live_in_the_catchment_in_proportion_to_children_of_their_age():
    # A's 93 all in a; B's 71 in b and c as 60 : 40; P, without a catchment, in the district as 100 : 60 : 40.
    year_zero = children_of(primary_case().project(), Stage.PRIMARY, 2025)
    assert year_zero[1].to_dict() == pytest.approx({"a": 93 + 5, "b": 42.6 + 3, "c": 28.4 + 2})


def test_origins_go_before_catchments_and_are_scaled_to_the_register():
    # 30 of A's 40 listed pupils live in b, so 3/4 of its 93 do; grade 2 is not listed and follows grade 1.
    origins = table("""
        unit_id school_id stage   grade pupils
        a       A         primary 1     10
        b       A         primary 1     30
    """)
    projection = primary_case(origins=origins).project()
    year_zero = children_of(projection, Stage.PRIMARY, 2025)
    assert year_zero[2].to_dict() == pytest.approx({"a": 22.5, "b": 67.5, "c": 0})
    assert year_zero.sum().tolist() == [174, 90, 0, 0, 0, 0]
    # 93 − 40 of grade 1 are on no list: they live outside the district, and it is said. 53 of 264 newcomers do.
    assert any("53" in said and "县外就读" in said for said in projection.assumptions)
    newcomers = projection.flows.query("variant == 'medium' and year == 2026").set_index("flow")["pupils"]
    share = newcomers["县外就读"] / (newcomers["县外就读"] + newcomers["片内新生"])
    assert share == pytest.approx(53 / 264)


def test_a_shared_catchment_spreads_each_school_over_the_same_units():
    shared = table("""
        unit_id band    section_id share
        a       primary A:primary  0.5
        a       primary B:primary  0.5
        b       primary A:primary  0.5
        b       primary B:primary  0.5
        c       primary P:primary  1
    """)
    residents = evenly({"a": 100, "b": 60, "c": 40})
    projection = case(SECTIONS, shared, units=UNITS, population=residents, classes=CLASSES).project()
    # A and B have 164 in grade 1, a : b = 100 : 60.
    assert children_of(projection, Stage.PRIMARY, 2025)[1].to_dict() == pytest.approx({"a": 102.5, "b": 61.5, "c": 10})


def test_a_section_without_classes_takes_its_enrolment_and_without_that_its_pupils():
    sections = SECTIONS.assign(pupils=[0, 0, 20])
    enrolment = table("""
        school_id stage   grade year pupils
        A         primary 1     2025 99
        B         primary 2     2025 33
        B         primary 2     2024 31
    """)
    residents = evenly({"a": 100, "b": 60, "c": 40})
    classes = CLASSES[CLASSES["school_id"] == "A"]
    projection = case(
        sections, CATCHMENTS, units=UNITS, population=residents, classes=classes, enrolment=enrolment
    ).project()
    # A has classes (93, 90); B its enrolment of the base year; P 20 over six grades: 4 4 3 3 3 3.
    assert children_of(projection, Stage.PRIMARY, 2025).sum().tolist() == [93 + 4, 90 + 33 + 4, 3, 3, 3, 3]


def test_the_attendance_share_is_the_register_over_residents_of_the_ages():
    # 264 pupils ÷ (200 children × 6 ages)
    row = primary_case().project().attendance.set_index("stage").loc["primary"]
    assert (row["residents"], row["register"], row["share"]) == (1200, 264, 0.22)
    assert row["basis"] == "基年在校生 ÷ 6—11 岁常住儿童"


def test_differences_say_by_section_what_the_fitted_share_leaves_unexplained():
    # A: 600 children × 0.22 = 132 expected, 183 there; B: 600 × 0.22 = 132, 71; P: no catchment, 10.
    differences = primary_case().project().differences.set_index("section_id")
    assert differences["catchment_children"].to_dict() == {"A:primary": 600, "B:primary": 600, "P:primary": 0}
    assert differences["difference"].to_dict() == pytest.approx({"A:primary": 51, "B:primary": -61, "P:primary": 10})


def test_children_without_residents_of_their_age_live_in_the_catchment_all_the_same():
    population = evenly({"a": 100})
    classes = table("""
        school_id stage   grade pupils
        B         primary 1     7
    """)
    year_zero = children_of(primary_case(population=population, classes=classes).project(), Stage.PRIMARY, 2025)
    assert year_zero[1].to_dict() == pytest.approx({"a": 0, "b": 3.5, "c": 3.5})


def test_a_stage_without_sections_asks_for_no_seats_and_it_is_said():
    projection = primary_case().project()
    assert {stage for stage, _ in projection.plan_demand.cells} == {Stage.PRIMARY}
    assert any("普通高中" in said for said in projection.assumptions)


def test_all_variants_share_year_zero():
    projection = primary_case().project()
    first = [demand.children[..., 0] for demand in projection.demand.values()]
    assert all(np.array_equal(first[0], other) for other in first)
    assert projection.plan_demand is projection.demand["medium"]
