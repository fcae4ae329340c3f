"""Operation: who goes where, whole pupils, classes grade by grade."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.capacity.supply import Supply
from simulator.operation import (
    Operation,
    children_by_section,
    class_sizes,
    classes_wanted,
    operate,
    overfull_sections,
)
from simulator.operation.places import zoned_places
from simulator.operation.rounding import round_to_total
from simulator.operation.sizes import combine_grades, even_split, share_out_classes
from simulator.plan import Plan
from tests import plan_cases as cases
from tests.plan_cases import reclassed, rezoned, table

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


ENTRANTS = replace(cases.plan(), rezoning="entrants")


def grades(operation: Operation, section: str, year: int) -> list[int]:
    """Pupils of the six grades of a primary section (of the three of a junior one)."""
    first, count = (7, 3) if section.endswith("junior") else (1, 6)
    known = {grade: pupils for grade, pupils, *_ in rows(operation, year, section)}
    return [known.get(grade, 0) for grade in range(first, first + count)]


def expect(operation: Operation, text: str) -> None:
    """Pupils by grade as an aligned table has them: section, year, then a column a grade."""
    for row in table(text).to_dict("records"):
        wanted = [int(count) for name, count in row.items() if name.startswith("g")]
        assert grades(operation, row["section"], row["year"]) == wanted, row


def test_enrolled_children_stay_when_their_catchment_changes_and_the_new_school_fills_grade_by_grade():
    """From 2028 U2's 48 a grade enter at L1; those who entered before finish at P1 beside U1's 40 a grade."""
    expect(
        run(ENTRANTS),
        """
        section     year  g1  g2  g3  g4  g5  g6
        P1:primary  2027  88  88  88  88  88  88
        P1:primary  2028  40  88  88  88  88  88
        P1:primary  2029  40  40  88  88  88  88
        P1:primary  2031  40  40  40  40  88  88
        L1:primary  2028  48  0   0   0   0   0
        L1:primary  2031  48  48  48  48  0   0
        """,
    )


def test_children_of_a_school_that_closes_follow_the_catchment_then_in_force_and_stay_there():
    """P2 closes in 2028 into N1, where U3's 10 a grade sit beside U4's; from 2030 only new entrants go on to P1."""
    plan = rezoned(ENTRANTS, (3,), "U3", "primary_1_3 primary_4_6", "P1:primary")
    expect(
        run(plan),
        """
        section     year  g1  g2  g3  g4  g5  g6
        P2:primary  2027  10  10  10  0   0   0
        N1:primary  2027  10  10  10  20  20  20
        P2:primary  2028  0   0   0   0   0   0
        N1:primary  2028  20  20  20  20  20  20
        N1:primary  2030  10  20  20  20  20  20
        P1:primary  2030  50  40  40  88  88  88
        N1:primary  2031  10  10  20  20  20  20
        P1:primary  2031  50  50  40  40  88  88
        """,
    )


def test_a_cohort_of_a_teaching_point_goes_up_into_the_catchment_of_its_year_and_a_complete_school_keeps_its_own():
    """P2 stays and the upper grades of U3 and U4 are zoned to L1 from 2028.

    U3's fourth grade of 2028 comes from P2 and goes there, its fifth grade is at N1 already; U4's fourth grade was at N1
    in the third and stays.
    """
    plan = rezoned(ENTRANTS, (2, 3), "U3", "primary_1_3", "P2:primary")
    plan = reclassed(plan, (2, 3), "P2:primary", 3)
    for unit in ("U3", "U4"):
        plan = rezoned(plan, (2, 3), unit, "primary_4_6", "L1:primary")
    expect(
        run(plan),
        """
        section     year  g1  g2  g3  g4  g5  g6
        P2:primary  2028  10  10  10  0   0   0
        N1:primary  2028  10  10  10  10  20  20
        L1:primary  2028  48  0   0   10  0   0
        N1:primary  2029  10  10  10  10  10  20
        L1:primary  2029  48  48  0   10  10  0
        N1:primary  2030  10  10  10  10  10  10
        L1:primary  2030  48  48  48  10  10  10
        """,
    )


def test_children_without_a_place_take_the_first_that_the_catchment_offers():
    """U4's junior entrants of 2026 and 2027 have no school until N1 takes them in 2028; those before them stay."""
    operation = run(rezoned(ENTRANTS, (1,), "U4", "junior", ""))
    expect(
        operation,
        """
        section    year  g7  g8  g9
        N1:junior  2026  10  20  20
        N1:junior  2027  10  10  20
        N1:junior  2028  20  20  20
        """,
    )
    pupils = operation.pupils[(operation.pupils["section_id"] == "") & (operation.pupils["unit_id"] == "U4")]
    assert pupils.set_index("year")["children"].to_dict() == {2026: 10.0, 2027: 20.0}


def test_an_entrant_of_a_long_phase_goes_by_the_catchments_of_that_phase_to_the_end():
    """Junior entrants of 2028 and 2029 (phase 2) go to N1, of 2030 and of 2031, after the plan, to J1 again."""
    plan = rezoned(ENTRANTS, (2,), "U2", "junior", "N1:junior")
    expect(
        run(plan),
        """
        section    year  g7  g8  g9
        N1:junior  2028  60  20  20
        N1:junior  2029  60  60  20
        N1:junior  2030  20  60  60
        N1:junior  2031  20  20  60
        """,
    )


def private_beside() -> Supply:
    """The district with a private primary school that has no catchment."""
    supply = cases.supply()
    one = supply.sections.loc[["P1:primary"]].rename(index={"P1:primary": "Q1:primary"})
    return replace(supply, sections=pd.concat([supply.sections, one.assign(regime="choice", public=False)]))


def with_private(plan: Plan, share: float) -> Plan:
    """The private school takes the same share of every unit's primary children in every phase."""
    rows = plan.catchments
    primary = rows["band"].str.startswith("primary")
    zoned = rows.assign(share=rows["share"].where(~primary, rows["share"] * (1 - share)))
    apart = rows[primary].drop_duplicates(["phase", "unit_id", "band"]).assign(section_id="Q1:primary", share=share)
    return replace(plan, catchments=pd.concat([zoned, apart], ignore_index=True))


@pytest.mark.parametrize("rezoning", ["entrants", "everybody"])
def test_a_school_without_a_catchment_keeps_its_share_whatever_happens_to_the_others(rezoning):
    """A quarter of the 108 primary children of a grade: 27, also of those who have to leave P2."""
    plan = replace(with_private(cases.plan(), 0.25), rezoning=rezoning)
    flows = children_by_section(plan, cases.demand(), private_beside())
    apart = flows[flows["section_id"] == "Q1:primary"].groupby(["year", "band"])["children"].sum()
    assert apart.to_numpy() == pytest.approx(3 * 27)
    of_p2 = flows[(flows["unit_id"] == "U3") & (flows["year"] == 2028) & (flows["band"] == "primary_1_3")]
    assert of_p2.set_index("section_id")["children"].to_dict() == pytest.approx({"N1:primary": 22.5, "Q1:primary": 7.5})


SCHOOLS = {
    "primary_1_3": ["P1:primary", "P2:primary", "N1:primary", "L1:primary", ""],
    "primary_4_6": ["P1:primary", "N1:primary", "L1:primary", ""],
    "junior": ["J1:junior", "N1:junior", ""],
}


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Any catchments and any openings of the small district, closed schools with catchments among them."""
    zones = [
        {"phase": phase, "unit_id": unit, "band": band, "section_id": draw(st.sampled_from(places)), "share": 1.0}
        for phase in range(4)
        for band, places in SCHOOLS.items()
        for unit in cases.UNITS["unit_id"]
    ]
    plan = replace(ENTRANTS, catchments=pd.DataFrame(zones))
    sections = plan.sections
    shut = {
        (phase, section)
        for phase in (1, 2, 3)
        for section in ("P1:primary", "P2:primary", "N1:primary", "N1:junior")
        if draw(st.booleans())
    }
    closed = [pair in shut for pair in zip(sections["phase"], sections["section_id"], strict=True)]
    return replace(plan, sections=sections.assign(open=sections["open"].mask(closed, False)))


class Follower:
    """A child followed year by year through the plan's tables."""

    def __init__(self, plan: Plan) -> None:
        zones, sections = plan.catchments, plan.sections[plan.sections["open"]]
        keys = zip(zones["phase"], zones["unit_id"], zones["band"], strict=True)
        self.catchment = dict(zip(keys, zones["section_id"], strict=True))
        self.running = set(zip(sections["phase"], sections["section_id"], strict=True))
        self.phases = {year: plan.phase_of(year) for year in cases.YEARS}

    def school(self, unit: str, grade: int, year: int) -> str:
        """Where a child of the unit sits."""
        band = "junior" if grade > 6 else "primary_4_6" if grade > 3 else "primary_1_3"
        phase = self.phases[year]
        catchment = str(self.catchment[phase, unit, band])
        if year == 2025 or grade in (1, 7):
            return catchment
        before = self.school(unit, grade - 1, year - 1)
        if grade != 4 and self.phases[year - 1] == phase:
            return before
        return before if (phase, before) in self.running and before in SCHOOLS[band] else catchment


@settings(max_examples=20, deadline=None)
@given(plans())
def test_every_cohort_sits_where_a_child_followed_year_by_year_sits(plan):
    """And every child sits exactly once, or has no place, in every grade and year."""
    child = Follower(plan)
    for found in zoned_places(plan, cases.demand(), cases.supply()):
        assert all(np.allclose(shares.sum(axis=1), 1.0) for years in found.shares for shares in years)
        for unit, name in enumerate(cases.UNITS["unit_id"]):
            for column, grade in enumerate(found.grades):
                for year in range(len(cases.YEARS)):
                    place = found.places[int(found.shares[column][year].toarray()[unit].argmax())]
                    assert place == child.school(name, grade, cases.YEARS[year])


@settings(max_examples=20, deadline=None)
@given(st.data())
def test_where_no_catchment_changes_both_ways_of_rezoning_are_the_same(data):
    """Shared catchments, units without a place and closures of schools that nobody attends make no difference."""
    units = cases.UNITS["unit_id"]
    zones = []
    for unit in units:
        complete = data.draw(st.sampled_from(["P1:primary", "N1:primary"]))
        share = data.draw(st.sampled_from([0.0, 0.25, 1.0]))
        lower = data.draw(st.sampled_from([complete, "P2:primary"]))
        zones += [(unit, "primary_1_3", lower, share), (unit, "primary_4_6", complete, share)]
        zones += [(unit, "primary_1_3", "N1:primary", 1 - share), (unit, "primary_4_6", "N1:primary", 1 - share)]
        zones += [(unit, "junior", data.draw(st.sampled_from(["J1:junior", "N1:junior", ""])), 1.0)]
    frame = pd.DataFrame(zones, columns=["unit_id", "band", "section_id", "share"])
    phases = pd.DataFrame({"phase": range(4)})
    plan = replace(ENTRANTS, catchments=phases.merge(frame, how="cross"))
    plan = reclassed(plan, (1, 2, 3), "P2:primary", 3)
    both = [
        children_by_section(replace(plan, rezoning=rezoning), cases.demand(), cases.supply())
        for rezoning in ("entrants", "everybody")
    ]
    pd.testing.assert_frame_equal(*(flows.reset_index(drop=True) for flows in both))


def test_the_present_network_is_the_same_under_both_ways_of_rezoning():
    network, _ = cases.present()
    both = [run(replace(network, rezoning=rezoning)) for rezoning in ("entrants", "everybody")]
    pd.testing.assert_frame_equal(both[0].classes, both[1].classes)
    pd.testing.assert_frame_equal(both[0].pupils, both[1].pupils)
