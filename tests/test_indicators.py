"""Indicators: every frame on the small district of `plan_cases`, with its figures worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from simulator.indicators import Indicators, measure
from simulator.plan import Plan
from tests import plan_cases as cases
from tests.plan_cases import reclassed, rezoned, table

NO_AREA = {"seats": {"use_area": False}}


def measured(network: Plan | None = None, of: object = None, **settings: object) -> Indicators:
    evidence = cases.evidence(
        network=network,
        of=of,
        settings=cases.scenario(**NO_AREA | settings),
    )
    return measure(
        evidence.plan,
        evidence.no_action,
        evidence.operation,
        evidence.no_action_operation,
        evidence.demand,
        evidence.supply,
        evidence.access,
        cases.costs(),
        evidence.standards,
        evidence.scenario,
        evidence.units,
    )


@pytest.fixture(scope="module")
def figures() -> Indicators:
    return measured()


def compare(frame: pd.DataFrame, text: str) -> None:
    """The rows that `text` names hold its figures; key columns are those that are text, year and phase."""
    expected = table(text)
    key = [
        column
        for column in expected.columns
        if column in {"year", "phase", "radius_m"}
        or expected[column].dtype == object
        or str(expected[column].dtype) == "str"
    ]
    found = expected[key].merge(frame, on=key, how="left")
    for column in expected.columns:
        if column not in key:
            assert found[column].tolist() == pytest.approx(expected[column].tolist(), abs=5e-4, nan_ok=True), column


def test_seats_shortage_and_spare_by_township_are_never_netted(figures):
    """Primary of the town in 2028: P1 6 × 45 + L1 12 × 45 = 810 for 240 + 288; upper 18 × 55 = 990.

    Entry grade in 2028: P1 keeps 10 classes of grades 2–6 of last year's 12, more than its 6: nothing;
    L1 12 × 45 = 540. In 2026 P1's two leaving classes are free: 90.
    """
    compare(
        figures.seats,
        """
        network    year  stage         township  children  seats_standard  seats_upper  seats_admission  shortage  spare  utilization
        plan       2026  primary       东街道    528       540             660          90               0         12     0.9778
        plan       2028  primary       东街道    528       810             990          540              0         282    0.6519
        plan       2028  primary       西乡      120       270             330          45               0         150    0.4444
        plan       2028  primary       _         648       1080            1320         585              0         432    0.6
        no_action  2028  primary       东街道    528       540             660          90               0         12     0.9778
        no_action  2028  primary       西乡      120       360             465          75               0         240    0.3333
        plan       2025  kindergarten  _         168       270             315          90               0         102    0.6222
        plan       2026  senior        西乡      30        0               0            0                0         0      -
        """,
    )


def test_a_village_seat_never_fills_a_town_shortage():
    """9 classes × 45 = 405 for P1's 528: 123 short of standard, 33 beyond 9 × 55; the country's 240 spare stay spare."""
    figures = measured(reclassed(cases.plan(), (1,), "P1:primary", 9))
    compare(
        figures.seats,
        """
        network  year  stage    township  shortage  spare  no_seat
        plan     2026  primary  东街道    123       0      33
        plan     2026  primary  _         123       240    33
        """,
    )


def test_children_without_a_section_are_short_where_they_live():
    figures = measured(rezoned(cases.plan(), (1,), "U4", "junior", ""))
    compare(
        figures.seats,
        """
        network  year  stage   township  children  pupils  shortage  no_seat
        plan     2026  junior  西乡      60        30      30        30
        plan     2026  junior  东街道    240       240     0         0
        """,
    )


def test_area_cuts_the_seats_of_all_stages_of_a_campus_in_proportion():
    """N1: 6 × 45 × 4.5 + 3 × 50 × 5.8 = 2085 m² asked, 1500 there: 71.94 %: 194.2 and 107.9 seats."""
    figures = measured(seats={"use_area": True})
    compare(
        figures.schools,
        """
        network  year  section_id  pupils  classes  seats_standard  utilization  largest_class  mean_class
        plan     2026  N1:primary  90      6        194.2446        0.4633       20             15
        plan     2026  N1:junior   60      3        107.9137        0.556        20             20
        """,
    )


def test_an_added_room_brings_its_own_teaching_area_but_no_sports_ground():
    """2 rooms × 45 × 4.5 = 405 m² more: (1500 + 405) ÷ (8 × 45 × 4.5 + 870) = 76.51 % of 360 seats.

    With 3000 m² for sports only 3000 ÷ (8 × 45 × 7.5 + 1530) = 70.92 %.
    """
    plan = reclassed(cases.plan(), (1, 2, 3), "N1:primary", 8)
    rows = plan.sections
    first = (rows["section_id"] == "N1:primary") & (rows["phase"] == 1)
    plan = replace(plan, sections=rows.assign(added_rooms=rows["added_rooms"].mask(first, 2)))
    supply = cases.supply()
    for sports, seats in ((np.nan, 275.4217), (3000.0, 255.3191)):
        of = replace(supply, sites=supply.sites.assign(sports_area_m2=sports))
        compare(
            measured(plan, of, seats={"use_area": True}).schools,
            f"""
            network  year  section_id  seats_standard
            plan     2026  N1:primary  {seats}
            plan     2030  N1:primary  {seats}
            """,
        )


def test_fixed_seats_and_seats_for_the_district_bound_what_is_offered():
    """K1 with 100 fixed seats has 100 in both counts; J1 opens 200 of its 300 to the district."""
    supply = cases.supply()
    sections = supply.sections.copy()
    sections.loc["K1:kindergarten", "seats_fixed"] = 100.0
    sections.loc["J1:junior", "seats_for_district"] = 200.0
    plan = cases.plan()
    seats = plan.sections["seats"].mask(plan.sections["section_id"] == "K1:kindergarten", 100.0)
    figures = measured(replace(plan, sections=plan.sections.assign(seats=seats)), replace(supply, sections=sections))
    compare(
        figures.seats,
        """
        network  year  stage         township  seats_standard  seats_upper  shortage
        plan     2026  kindergarten  东街道    100             100          20
        plan     2026  junior        东街道    200             200          40
        """,
    )


def test_class_sizes_stand_in_the_bins_that_bureaus_report(figures):
    """Primary 2026: 12 of 44, 6 of N1 (10 10 10 20 20 20), 3 of 10: mean 648 ÷ 21 = 30.857."""
    compare(
        figures.class_sizes,
        """
        network  year  stage    classes  pupils  mean     below_20  to_45  46_50  51_55  56_65  from_66  oversized_share  largest
        plan     2026  primary  21       648     30.8571  6         15     0      0      0      0        0                44
        plan     2028  primary  24       648     27       0         24     0      0      0      0        0                40
        """,
    )


def test_both_tails_of_class_sizes_show_in_their_bins():
    """P1 with 5 classes in 2028 seats grades 1–4 in 40 and grades 5 and 6 together in 80: one of 23 is oversized."""
    compare(
        measured(reclassed(cases.plan(), (2,), "P1:primary", 5)).class_sizes,
        """
        network  year  stage    classes  below_20  to_45  56_65  from_66  oversized_share  largest
        plan     2028  primary  23       0         22     0      1        0.0435           80
        """,
    )


def test_coverage_counts_children_within_the_radius_of_an_open_school(figures):
    """U1 400 m and U2 900 m from P1, L1 400 m from U2 (500 m in town); U3 500 m from P2, 2.5 km from N1 (2 km in the country)."""
    compare(
        figures.coverage,
        """
        network  year  stage         township  children  within_radius  share   radius_m
        plan     2026  primary       东街道    528       240            0.4545  500
        plan     2026  primary       西乡      120       90             0.75    2000
        plan     2028  primary       东街道    528       528            1       500
        plan     2028  primary       西乡      120       60             0.5     2000
        plan     2028  primary       _         648       588            0.9074  500
        plan     2028  kindergarten  东街道    120       120            1       300
        """,
    )


def test_journeys_are_weighed_by_children(figures):
    """2026: (240·4 + 288·9 + 30·5 + 30·25 + 60·6) ÷ 648 = 4812 ÷ 648 min. 90 % of 648 = 583.2 children are there by 9 min (240 + 60 + 30 + 288).

    2028: (240·4 + 288·4 + 60·25 + 60·6) ÷ 648 = 3972 ÷ 648; 588 of 648 are there by 6 min.
    """
    compare(
        figures.travel,
        """
        network    year  stage    township  children  mean_min  p90_min  longest_min  mean_km  over_limit
        plan       2026  primary  _         648       7.4259    9        25           0.7426   0
        plan       2028  primary  _         648       6.1296    6        25           0.613    0
        no_action  2028  primary  _         648       7.4259    9        25           0.7426   0
        """,
    )


def test_children_beyond_a_limit_are_counted_and_those_without_a_way_are_not_averaged():
    """U4's lower grades to P2: 40 min, 30 children; with no way at all the mean is that of U3, 25 min."""
    plan = rezoned(cases.plan(), (1,), "U4", "primary_1_3", "P2:primary")
    compare(
        measured(plan).travel,
        """
        network  year  stage    township  children  longest_min  over_limit
        plan     2026  primary  西乡      120       40           30
        """,
    )
    evidence = cases.evidence(network=plan, settings=cases.scenario(**NO_AREA))
    pairs = evidence.access.pairs
    lost = (pairs["unit_id"] == "U4") & (pairs["site_id"] == "P2")
    access = replace(evidence.access, pairs=pairs.assign(minutes_young=pairs["minutes_young"].mask(lost, np.inf)))
    flows = evidence.operation.pupils
    far = (flows["unit_id"] == "U4") & (flows["section_id"] == "P2:primary")
    operation = replace(evidence.operation, pupils=flows.assign(minutes=flows["minutes"].mask(far, np.inf)))
    shared = (evidence.demand, evidence.supply, access, cases.costs(), evidence.standards, evidence.scenario)
    figures = measure(plan, evidence.no_action, operation, evidence.no_action_operation, *shared, evidence.units)
    # U3 5 and 25 min, U4's upper grades 6 min, 30 children each: 36 ÷ 3 = 12.
    compare(
        figures.travel,
        """
        network  year  stage    township  mean_min  longest_min  over_limit
        plan     2026  primary  西乡      12        25           30
        """,
    )


def test_moved_children_are_those_whose_school_changes_between_phases(figures):
    """2028: U2's 288 from P1 (9 min) to L1 (4 min), U3's 30 from P2 (5) to N1 (25): (288·−5 + 30·20) ÷ 318."""
    compare(
        figures.moved,
        """
        phase  stage    children_moved  share   longer  mean_change_min
        1      primary  0               0       0       -
        2      primary  318             0.4907  30      -2.6415
        2      junior   0               0       0       -
        3      primary  0               0       0       -
        """,
    )


def test_where_enrolled_children_stay_those_of_a_closing_school_and_new_entrants_are_counted_apart():
    """P2 closes in 2028 under U3's grades 2 and 3: 20 children, 5 → 25 min. Entrants: U2's 48, 9 → 4 min, U3's 10, 5 → 25.

    Of 648 children: 20 ÷ 648 and 58 ÷ 648; (48·−5 + 10·20) ÷ 58.
    """
    compare(
        measured(replace(cases.plan(), rezoning="entrants")).moved,
        """
        phase  stage    cause      children_moved  share   longer  mean_change_min
        1      primary  school     0               0       0       -
        1      primary  catchment  0               0       0       -
        2      primary  school     20              0.0309  20      20
        2      primary  catchment  58              0.0895  10      -0.6897
        2      junior   catchment  0               0       0       -
        3      primary  school     0               0       0       -
        """,
    )


def test_children_who_leave_a_teaching_point_for_another_upper_school_than_before_are_new_entrants():
    """P2 stays; U3's upper grades are zoned to P1 instead of N1 from 2028: the 10 of grade 4, 25 → 60 min."""
    plan = reclassed(replace(cases.plan(), rezoning="entrants"), (2, 3), "P2:primary", 3)
    plan = rezoned(rezoned(plan, (2, 3), "U3", "primary_1_3", "P2:primary"), (2, 3), "U3", "primary_4_6", "P1:primary")
    plan = rezoned(plan, (2, 3), "U2", "primary_1_3 primary_4_6", "P1:primary")
    compare(
        measured(plan).moved,
        """
        phase  stage    cause      children_moved  longer  mean_change_min
        2      primary  school     0               0       -
        2      primary  catchment  10              10      35
        """,
    )


def test_a_child_without_a_school_before_has_not_moved():
    plan = rezoned(cases.plan(), (1,), "U4", "junior", "")
    compare(
        measured(plan).moved,
        """
        phase  stage   children_moved  mean_change_min
        1      junior  30              -
        2      junior  0               -
        """,
    )


def test_money_is_capital_by_year_and_running_cost_of_public_sections():
    """10 万元 a class, 50 a section, 0.1 a pupil. Primary 2026: 210 + 150 + 64.8; 2028: 240 + 150 + 64.8.

    With K2 private, kindergartens cost 6 × 10 + 50 + 12 instead of 9 × 10 + 100 + 16.8.
    """
    supply = cases.supply()
    sections = supply.sections.copy()
    sections.loc["K2:kindergarten", "public"] = False
    for of, kindergarten in ((supply, 206.8), (replace(supply, sections=sections), 122.0)):
        total = 454.8 + 220 + 125 + kindergarten
        compare(
            measured(of=of).money,
            f"""
            network    year  capital_wan  running_wan    running_primary_wan  running_kindergarten_wan
            plan       2026  1485         {total - 30}   424.8                {kindergarten}
            plan       2028  0            {total}        454.8                {kindergarten}
            no_action  2026  0            {total - 30}   424.8                {kindergarten}
            """,
        )


def test_every_frame_has_the_columns_it_declares(figures):
    declared = {
        "seats": "network year stage township children seats_standard seats_upper seats_admission shortage spare utilization",
        "class_sizes": "network year stage classes pupils mean below_20 to_45 46_50 51_55 56_65 from_66 oversized_share largest",
        "coverage": "network year stage township children within_radius share radius_m",
        "travel": "network year stage township children mean_min p90_min longest_min mean_km over_limit",
        "moved": "phase stage cause children_moved share longer mean_change_min",
        "money": "network year capital_wan running_wan",
        "schools": "network year section_id pupils classes seats_standard utilization largest_class mean_class",
    }
    for name, columns in declared.items():
        frame = getattr(figures, name)
        assert set(columns.split()) <= set(frame.columns), name
        if "network" in frame:
            assert frame["network"].unique().tolist() == ["plan", "no_action"]
