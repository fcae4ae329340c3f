"""A step of one year, followed by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from simulator.scenario import ProjectionSettings
from simulator.terms import Stage
from tests.projection_cases import STILL, Case, case, children_of, evenly, table

UNITS = table("""
    unit_id area_kind
    a       city
    b       town
    c       village
""")
SECTIONS = table("""
    school_id stage        grade_from grade_to
    A         primary      1          6
    B         primary      1          3
    J         junior       7          9
    K         kindergarten -2         0
""")
CATCHMENTS = table("""
    unit_id band        section_id share
    a       primary_1_3 A:primary  1
    a       primary_4_6 A:primary  1
    b       primary_1_3 B:primary  1
    b       primary_4_6 A:primary  1
    c       primary_1_3 B:primary  1
    c       primary_4_6 A:primary  1
    a       junior      J:junior   1
    b       junior      J:junior   1
    c       junior      J:junior   1
""")
MOVING = STILL.model_copy(
    update={"late_entry_share": 0.2, "retention": 0.9, "migration": {"city": 0.1, "town": 0.0, "village": -0.1}}
)


def registers(rows: str) -> pd.DataFrame:
    """Classes from `school stage first last pupils`, the same pupils in every grade."""
    told = table(rows)
    return pd.DataFrame(
        [
            (row.school_id, row.stage, grade, row.pupils)
            for row in told.itertuples()
            for grade in range(row.first, row.last + 1)
        ],
        columns=["school_id", "stage", "grade", "pupils"],
    )


def three_units(settings: ProjectionSettings = MOVING, **tables: pd.DataFrame) -> Case:
    """A city, a town and a village; 100, 60 and 40 children of every age, except 50 of age 5 in a."""
    population = evenly({"a": 100, "b": 60, "c": 40})
    population.loc[(population["unit_id"] == "a") & (population["age"] == 5), "residents"] = 50
    classes = registers("""
        school_id stage        first last pupils
        A         primary      1     3    90
        B         primary      1     3    80
        A         primary      4     6    170
        J         junior       7     9    100
        K         kindergarten -2    0    150
    """)
    base = {"units": UNITS, "population": population, "classes": classes}
    return case(SECTIONS, CATCHMENTS, settings=settings, **(base | tables))


def test_three_units_one_year_on_by_hand():
    """Entrants, promoted pupils and junior entrants of the first year are those derived by hand."""
    # Year 0. Grades 1–3: a 90, b 48, c 32 (B's 80 as 60 : 40). Grades 4–6: A's 170 as 100 : 60 : 40 = 85, 51, 34.
    # Share of 6–11: a 3 × (90 + 85) ÷ 600 = 0.875; b 3 × 99 ÷ 360 = 0.825; c 3 × 66 ÷ 240 = 0.825.
    # Junior: J's 100 as 100 : 60 : 40 = 50, 30, 20: share 0.5 everywhere.
    # Entrants: 0.8 × age 6 + 0.2 × age 7 of 2026, who were 5 and 6 and moved by 1.1, 1, 0.9:
    #   a 0.875 × (0.8 × 55 + 0.2 × 110) = 57.75; b 0.825 × 60 = 49.5; c 0.825 × 36 = 29.7.
    # Promoted: × 0.9 × 1.1, 1, 0.9:  grade 2  a 90 → 89.1, b 48 → 43.2, c 32 → 25.92;
    #                                 grade 5  a 85 → 84.15, b 51 → 45.9, c 34 → 27.54.
    # Grade 7: graduates × junior share ÷ primary share × 1.1, 1, 0.9:
    #   a 85 × 0.5 ÷ 0.875 × 1.1 = 53.428571; b 51 × 0.5 ÷ 0.825 = 30.909091; c 34 × 0.5 ÷ 0.825 × 0.9 = 18.545455.
    # Grade 8: a 50 × 0.99 = 49.5; b 30 × 0.9 = 27; c 20 × 0.81 = 16.2.
    expected = table("""
        unit_id 1     2     5     7         8
        a       57.75 89.1  84.15 53.428571 49.5
        b       49.5  43.2  45.9  30.909091 27
        c       29.7  25.92 27.54 18.545455 16.2
    """).set_index("unit_id")
    projection = three_units().project()
    found = pd.concat([children_of(projection, stage, 2026) for stage in (Stage.PRIMARY, Stage.JUNIOR)], axis=1)
    np.testing.assert_allclose(found[[1, 2, 5, 7, 8]], expected, atol=1e-6)


def test_every_flow_of_the_first_year_has_its_name_and_figure():
    """Leaving, entering, late, lost, moved, gone elsewhere: each flow is the one derived by hand."""
    # Primary. Graduates 170. Of age: 0.875 × 55 + 0.825 × (60 + 36) = 127.325; late 0.2 × 0.875 × (110 − 55) = 9.625.
    # Lost: a tenth of 170 × 5 promoted = 85. Moved: 0.9 × 0.1 × (a 3 × 90 + 2 × 85 − c 3 × 32 − 2 × 34) = 24.84.
    # Junior. Graduates 100. To junior 170; elsewhere 85 × (4/7 − 1) + 85 × (20/33 − 1) = −69.9134199.
    # Lost 20. Moved: at entry 0.1 × (85 × 4/7 − 34 × 20/33) = 2.7965368, promoted 0.9 × 0.1 × 2 × (50 − 20) = 5.4.
    expected = {
        ("primary", "毕业升学离开"): -170,
        ("primary", "片内新生"): 127.325,
        ("primary", "暂缓入学"): 9.625,
        ("primary", "巩固流失"): -85,
        ("primary", "迁移净流"): 24.84,
        ("junior", "毕业升学离开"): -100,
        ("junior", "升学新生"): 170,
        ("junior", "县外与回流"): -69.9134199,
        ("junior", "巩固流失"): -20,
        ("junior", "迁移净流"): 8.1965368,
    }
    flows = three_units().project().flows
    first = flows[(flows["variant"] == "medium") & (flows["year"] == 2026) & (flows["stage"] != "kindergarten")]
    assert first.set_index(["stage", "flow"])["pupils"].to_dict() == pytest.approx(expected)


def test_children_of_a_teaching_point_go_on_in_the_school_of_their_catchment():
    """B ends at grade 3: its 80 leave it, and enter grade 4 of A as 他校升入, less losses and moves."""
    steps = three_units().project().first_step.set_index(["section_id", "grade", "flow"])["pupils"]
    assert steps["B:primary", 3, "升级转出"] == -80
    assert steps["A:primary", 4, "他校升入"] == pytest.approx(80)
    assert steps["A:primary", 4, "升级转入"] == pytest.approx(90)
    # 90 × 0.9 × 1.1 + 48 × 0.9 + 32 × 0.9 × 0.9
    assert steps["A:primary", 4, "next_year"] == pytest.approx(158.22)
    assert ("B:primary", 4, "next_year") not in steps.index


def test_late_entry_moves_children_a_year_and_loses_none():
    """With a tenfold birth year every child enters once: four fifths at six, one fifth at seven."""
    population = evenly({"a": 10})
    population.loc[population["age"] == 4, "residents"] = 100
    settings = STILL.model_copy(update={"late_entry_share": 0.2})
    classes = registers("""
        school_id stage   first last pupils
        A         primary 1     6    10
    """)
    sections = SECTIONS[SECTIONS["school_id"] == "A"]
    projection = case(sections, settings=settings, units=UNITS, population=population, classes=classes).project()
    entrants = [float(children_of(projection, Stage.PRIMARY, year)[1].sum()) for year in (2026, 2027, 2028, 2029)]
    # The 100 are six in 2027: 0.8 × 100 + 0.2 × 10 = 82, then 0.8 × 10 + 0.2 × 100 = 28.
    assert entrants == pytest.approx([10, 82, 28, 10])


def test_kindergarten_rises_to_the_target_and_never_falls():
    """450 of 550 children attend; the share grows evenly to 90 % in the target year and stays there."""
    settings = STILL.model_copy(update={"kindergarten_enrolment_target": 0.9})
    projection = three_units(settings).project()
    stage_sum = projection.plan_demand.of(Stage.KINDERGARTEN).sum(axis=0)
    residents = projection.population["medium"][:, 3:6].sum(axis=(0, 1))
    # Grade shares are 0.75, 0.75, 1 of 200, 200, 150 children; later years have 200 each.
    assert stage_sum[0] == 450
    relative = stage_sum[1:] / residents[1:]
    fitted = 450 / 550
    way = np.minimum(1, np.arange(1, len(stage_sum)) / 5)
    profile = (0.75 + 0.75 + 1) / 3 / fitted
    np.testing.assert_allclose(relative, profile * (fitted + (0.9 - fitted) * way))
    full = three_units(STILL.model_copy(update={"kindergarten_enrolment_target": 0.5})).project()
    assert "入园率变化" not in set(full.flows["flow"])


def test_a_senior_school_keeps_the_share_of_graduates_that_its_register_shows():
    """60 seniors a grade of 100 juniors: 60 % go on, whatever the national share."""
    sections = pd.concat([SECTIONS, table("school_id stage grade_from grade_to\nS senior 10 12")])
    classes = registers("""
        school_id stage  first last pupils
        J         junior 7     9    100
        S         senior 10    12   60
    """)
    base = three_units(STILL)
    projection = case(
        sections,
        CATCHMENTS,
        settings=STILL.model_copy(update={"junior_to_senior": 0.62}),
        units=UNITS,
        population=base.district.population,
        classes=classes,
    ).project()
    assert children_of(projection, Stage.SENIOR, 2026).sum().tolist() == pytest.approx([60, 60, 60])
    flows = projection.flows.query("stage == 'senior' and year == 2026 and variant == 'medium'")
    assert flows.set_index("flow")["pupils"].to_dict() == pytest.approx(
        {"毕业升学离开": -60, "升学新生": 62, "县外与回流": -2}
    )


def test_a_stage_that_is_only_planned_starts_with_its_first_entrants():
    """No junior school today: grade 7 opens with the graduates, grade 8 a year later."""
    sections = SECTIONS.assign(existing=SECTIONS["stage"] != "junior")
    base = three_units(STILL)
    classes = base.district.classes[base.district.classes["school_id"] != "J"]
    projection = case(
        sections, CATCHMENTS, settings=STILL, units=UNITS, population=base.district.population, classes=classes
    ).project()
    assert children_of(projection, Stage.JUNIOR, 2025).sum().tolist() == [0, 0, 0]
    assert children_of(projection, Stage.JUNIOR, 2027).sum().tolist() == pytest.approx([170, 170, 0])
    steps = projection.first_step.set_index(["section_id", "stage", "grade", "flow"])["pupils"]
    assert steps["", "junior", 7, "next_year"] == pytest.approx(170)


def test_new_dwellings_bring_their_children_in_three_years():
    """300 dwellings, two thirds certain, 18 primary pupils a hundred: 36 pupils, 12 a year."""
    housing = table("""
        unit_id dwellings completion_year status  certainty yield_kindergarten yield_primary yield_junior yield_senior
        b       300       2026            planned 0.666667  0                  18            0            0
    """)
    still = STILL.model_copy(update={"late_entry_share": 0.0})
    with_housing, without = three_units(still, housing=housing).project(), three_units(still).project()
    more = with_housing.population["medium"] - without.population["medium"]
    # Two children arrive in each of six ages a year; those of the year before are a year older.
    np.testing.assert_allclose(more[1, 6:13, 1], [2, 2, 2, 2, 2, 2, 0], atol=1e-4)
    np.testing.assert_allclose(more[1, 6:13, 3], [2, 4, 6, 6, 6, 6, 4], atol=1e-4)
    flow = with_housing.flows.query("flow == '新建住宅' and stage == 'primary' and variant == 'medium'")
    share = 510 * 2 / 1200
    assert flow.set_index("year")["pupils"].to_dict() == pytest.approx(
        dict.fromkeys((2026, 2027, 2028), 12 * share), rel=1e-4
    )


def test_an_older_population_table_is_rolled_forward_and_it_is_said():
    """A table of 2023 gives the six-year-olds of 2025 from its four-year-olds."""
    population = evenly({"a": 100, "b": 60, "c": 40})
    population.loc[population["age"] == 4, "residents"] = 7
    base = three_units(STILL)
    projection = case(
        SECTIONS,
        CATCHMENTS,
        settings=STILL,
        as_of=2023,
        units=UNITS,
        population=population,
        classes=base.district.classes,
    ).project()
    assert projection.population["low"][:, 6, 0].tolist() == [7, 7, 7]
    assert any("2023" in said for said in projection.assumptions)


def test_children_aged_zero_come_from_four_months_of_one_year_and_eight_of_the_next():
    births = table("""
        unit_id year births
        -       2024 300
        -       2025 600
        a       2026 900
    """)
    still = three_units(STILL, births=births).project()
    # 2025's 600 fall to units as their children aged 0–4 do, 100 : 60 : 40; 2026's 900 are a's own.
    # 2026: 4/12 × 600 + 8/12 × 900; a gets 4/12 × 300 + 600. 2027 repeats 900 in the medium variant.
    assert still.population["medium"][:, 0, 1].tolist() == pytest.approx([700, 60, 40])
    assert still.population["medium"][:, 0, 2].tolist() == pytest.approx([900, 0, 0])
    # Low: 2027 has 5 % less.
    assert still.population["low"][0, 0, 2] == pytest.approx(300 + 600 * 0.95)
