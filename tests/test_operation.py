"""Operation: who goes where, whole pupils, classes grade by grade."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.operation import Operation, class_sizes, classes_wanted, operate, overfull_sections
from simulator.operation.rounding import round_to_total
from simulator.operation.sizes import combine_grades, even_split, share_out_classes
from tests import plan_cases as cases
from tests.plan_cases import table

GRADES = st.lists(st.integers(0, 200), min_size=1, max_size=9)


def run(network: object, of: object = None, children: pd.DataFrame = cases.CHILDREN) -> Operation:
    return operate(
        network,
        cases.demand(children),
        of or cases.supply(),
        cases.access(),
        cases.register(),
    )


def rows(operation: Operation, year: int, section: str) -> list[tuple[int, int, int, str, bool]]:
    classes = operation.classes
    own = classes[(classes["year"] == year) & (classes["section_id"] == section)]
    return list(own[["grade", "pupils", "classes", "sizes", "combined"]].itertuples(index=False, name=None))


def largest(pupils: list[int], classes: list[int]) -> int:
    return max(-(-count // number) for count, number in zip(pupils, classes, strict=True) if count)


@pytest.mark.parametrize(
    ("pupils", "classes", "expected"),
    [
        # 60 60 60 60 60 in 7 classes: one each, then the first two of the equal grades get a second one.
        ([60, 60, 60, 60, 60], 7, [2, 2, 1, 1, 1]),
        # 90 ÷ 1 is the largest, then 90 ÷ 2 = 45 and 45 stand equal: the lower grade first.
        ([45, 90], 3, [1, 2]),
        ([45, 90], 4, [2, 2]),
        # A class never stays empty: 2 pupils form at most 2 classes.
        ([2, 0, 3], 9, [2, 0, 3]),
    ],
)
def test_the_next_class_goes_to_the_grade_with_the_most_pupils_a_class(pupils, classes, expected):
    assert share_out_classes(np.array([pupils]), np.array([classes])).tolist() == [expected]


@given(GRADES, st.integers(0, 30))
def test_no_other_sharing_out_has_a_smaller_largest_class(pupils, spare):
    """Greedy is best: with any largest size below it, the grades need more classes than there are."""
    present = sum(1 for count in pupils if count)
    classes = present + spare
    shared = share_out_classes(np.array([pupils]), np.array([classes]))[0].tolist()
    assert sum(shared) == min(classes, sum(pupils))
    if any(pupils):
        below = largest(pupils, shared) - 1
        assert below == 0 or sum(-(-count // below) for count in pupils) > classes


@given(GRADES, st.integers(0, 30))
def test_adding_a_class_never_raises_the_largest_class(pupils, spare):
    if any(pupils):
        classes = sum(1 for count in pupils if count) + spare
        fewer, more = share_out_classes(np.array([pupils, pupils]), np.array([classes, classes + 1])).tolist()
        assert largest(pupils, more) <= largest(pupils, fewer)


@given(st.integers(0, 3000), st.integers(1, 60))
def test_class_sizes_of_a_grade_differ_by_at_most_one_and_lose_nobody(pupils, classes):
    sizes = even_split(pupils, classes)
    assert sum(sizes) == pupils
    assert max(sizes) - min(sizes) <= 1
    assert list(sizes) == sorted(sizes, reverse=True)


@pytest.mark.parametrize(
    ("pupils", "classes", "expected"),
    [
        ((8, 5, 4), 1, ((0, 1, 2),)),
        # 8 | 5+4 = 9 beats 8+5 | 4 = 13.
        ((8, 5, 4), 2, ((0,), (1, 2))),
        # 3+3 | 3+3 = 6 beats 3 | 9 and 9 | 3.
        ((3, 3, 3, 3), 2, ((0, 1), (2, 3))),
    ],
)
def test_combined_classes_group_adjacent_grades_with_the_smallest_largest_group(pupils, classes, expected):
    assert combine_grades(pupils, classes) == expected


@given(st.lists(st.floats(0, 500), min_size=1, max_size=20))
def test_whole_pupils_keep_the_total_and_stay_within_one_of_their_fraction(children):
    whole = round_to_total(np.array(children))
    assert whole.sum() == np.rint(np.round(children, 9).sum())
    assert np.all(np.abs(whole - np.array(children)) < 1 + 1e-6)


def test_the_base_year_is_the_register_class_by_class():
    """Unequal classes of the register stay as they are: 50 + 38 in grade 1 of P1, not 44 + 44."""
    register = cases.register().copy()
    first = (register["school_id"] == "P1") & (register["grade"] == 1)
    register.loc[first, "pupils"] = [38, 50]
    operation = operate(cases.plan(), cases.demand(), cases.supply(), cases.access(), register)
    assert rows(operation, 2025, "P1:primary")[0] == (1, 88, 2, "50 38", False)
    assert rows(operation, 2026, "P1:primary")[0] == (1, 88, 2, "44 44", False)


def test_a_plan_is_operated_by_the_catchments_and_classes_of_each_phase():
    operation = run(cases.plan())
    expected = table("""
        year  section     grade  pupils  classes  sizes
        2027  P1:primary  1      88      2        44,44
        2028  P1:primary  1      40      1        40
        2028  L1:primary  6      48      2        24,24
        2027  P2:primary  3      10      1        10
        2027  N1:primary  3      10      1        10
        2028  N1:primary  3      20      1        20
        2031  N1:primary  4      20      1        20
    """)
    for row in expected.to_dict("records"):
        own = {grade: rest for grade, *rest in rows(operation, row["year"], row["section"])}
        sizes = str(row["sizes"]).replace(",", " ")
        assert own[row["grade"]] == [row["pupils"], row["classes"], sizes, False]
    assert rows(operation, 2028, "P2:primary") == []


def test_shares_are_rounded_so_that_no_pupil_of_a_grade_is_lost():
    """U1's 20 small children, one third to K2 and two thirds to K1, with U2's 20: 33⅓ + 6⅔ + 16 → 33 + 23 = 56."""
    plan = cases.plan()
    zones = plan.catchments
    chosen = (zones["unit_id"] == "U1") & (zones["band"] == "kindergarten")
    split = pd.concat(
        [
            zones[~chosen],
            zones[chosen].assign(share=2 / 3),
            zones[chosen].assign(share=1 / 3, section_id="K2:kindergarten"),
        ]
    )
    operation = run(replace(plan, catchments=split))
    first = {section: rows(operation, 2026, section)[0] for section in ("K1:kindergarten", "K2:kindergarten")}
    assert [first[section][1] for section in first] == [33, 23]


def test_a_teaching_point_with_fewer_classes_than_grades_has_combined_classes():
    """10 + 10 + 10 pupils in 2 classes: grade 1 alone, grades 2 and 3 together, 20 in one room."""
    operation = run(cases.reclassed(cases.plan(), (1,), "P2:primary", 2))
    assert rows(operation, 2026, "P2:primary") == [
        (1, 10, 1, "10", False),
        (2, 10, 1, "20", True),
        (3, 10, 0, "", True),
    ]


def test_pupils_of_a_section_without_classes_stand_without_a_class():
    operation = run(cases.reclassed(cases.plan(), (1,), "P2:primary", 0))
    assert rows(operation, 2026, "P2:primary")[0] == (1, 10, 0, "", False)


def test_a_section_with_fixed_seats_and_no_classes_forms_what_its_grades_need():
    """88 a grade at 45 a class: two classes in each of six grades."""
    supply = cases.supply()
    sections = supply.sections.copy()
    sections.loc["P1:primary", "seats_fixed"] = 540.0
    plan = cases.reclassed(cases.plan(), (1,), "P1:primary", 0)
    operation = run(plan, replace(supply, sections=sections))
    assert rows(operation, 2026, "P1:primary")[0] == (1, 88, 2, "44 44", False)


def test_unserved_children_and_units_without_a_row_are_kept_apart():
    """U4's 30 juniors have no row in phase 1; U3's are named unserved."""
    plan = cases.rezoned(cases.plan(), (1,), "U3", "junior", "")
    zones = plan.catchments
    gone = (zones["phase"] == 1) & (zones["unit_id"] == "U4") & (zones["band"] == "junior")
    operation = run(replace(plan, catchments=zones[~gone]))
    pupils = operation.pupils
    unserved = pupils[(pupils["year"] == 2026) & (pupils["section_id"] == "")]
    assert unserved.set_index("unit_id")["children"].to_dict() == {"U3": 30.0, "U4": 30.0}
    assert unserved["minutes"].isna().all()
    assert rows(operation, 2026, "N1:junior") == []


def test_a_pool_fills_its_seats_in_proportion_then_its_larger_classes_then_nobody():
    """S1 has 2 classes of 50 in phase 1 for 150 children: 2 × 55 = 110 sit, 40 have no place."""
    plan = cases.reclassed(cases.plan(), (1,), "S1:senior", 2)
    operation = run(plan)
    pupils = operation.pupils[(operation.pupils["year"] == 2026) & (operation.pupils["band"] == "senior")]
    assert pupils.groupby("section_id")["children"].sum().round(6).to_dict() == {"": 40.0, "S1:senior": 110.0}
    assert rows(operation, 2025, "S1:senior")[0] == (10, 50, 2, "25 25", False)


def test_two_schools_of_a_pool_share_by_their_seats():
    """150 children over 300 and 100 seats: 112.5 and 37.5, a grade 37.5 and 12.5 → 38 and 12 (the earlier takes the half)."""
    supply, plan = cases.supply(), cases.plan()
    one = supply.sections.loc[["S1:senior"]].rename(index={"S1:senior": "S2:senior"}).assign(site_id="S1")
    row = plan.sections[plan.sections["section_id"] == "S1:senior"]
    second = row.assign(section_id="S2:senior", classes=2, seats=100.0)
    operation = run(
        replace(plan, sections=pd.concat([plan.sections, second])),
        replace(supply, sections=pd.concat([supply.sections, one])),
    )
    first = [rows(operation, 2026, section)[0][1] for section in ("S1:senior", "S2:senior")]
    assert first == [38, 12]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 90), min_size=4, max_size=4))
def test_every_child_of_the_demand_is_in_a_section_or_unserved(primary):
    """Σ children of the flows = demand; whole pupils of a grade add up to its total."""
    children = cases.CHILDREN.assign(primary=primary)
    operation = run(cases.plan(), children=children)
    later = operation.classes[operation.classes["year"] > 2025]
    in_grade = later[later["section_id"].str.endswith(":primary")].groupby(["year", "grade"])["pupils"].sum()
    assert set(in_grade) <= {sum(primary)}
    flows = operation.pupils[operation.pupils["band"].str.startswith("primary")]
    assert np.allclose(flows.groupby("year")["children"].sum(), 6 * sum(primary))


def test_journeys_are_those_of_the_band():
    operation = run(cases.plan())
    pupils = operation.pupils.set_index(["year", "unit_id", "band", "section_id"])
    row = pupils.loc[(2026, "U3", "primary_4_6", "N1:primary")]
    assert (row["children"], row["minutes"], row["km"]) == (30.0, 25.0, 2.5)


def test_sections_with_a_class_above_the_largest_lawful_size_are_named():
    """P1 with 9 classes in phase 1: three grades of 88 in one class, 88 ÷ 55 = 1.6 of the largest lawful size."""
    operation = run(cases.reclassed(cases.plan(), (1,), "P1:primary", 9))
    assert overfull_sections(operation, cases.supply(), range(2026, 2031)) == {"P1:primary": 1.6}
    assert overfull_sections(operation, cases.supply(), range(2028, 2031)) == {}


def test_class_sizes_are_one_row_a_class():
    sizes = class_sizes(run(cases.plan()).classes)
    own = sizes[(sizes["year"] == 2028) & (sizes["section_id"] == "L1:primary")]
    assert own["size"].tolist() == [24] * 12


def test_free_rooms_are_opened_where_a_class_is_too_large():
    """P1 with 9 classes in 12 rooms: three grades of 88 in one class want two each, 12 classes in all."""
    plan = cases.reclassed(cases.plan(), (1,), "P1:primary", 9)
    assert classes_wanted(run(plan), plan, cases.supply()) == {("P1:primary", 1): 12}
    assert classes_wanted(run(cases.plan()), cases.plan(), cases.supply()) == {}
