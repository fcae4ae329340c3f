"""The audit of a plan for new entrants (老生老办法): children who stay are counted where they sit."""

from __future__ import annotations

from dataclasses import replace

from simulator.audit import Evidence, audit_networks
from simulator.terms import Effect, FindingStatus, Network
from tests import plan_cases as cases
from tests.plan_cases import reclassed, rezoned, shortage

GROUND = ("catchment_connected", "catchment_holds_school")

ENTRANTS = reclassed(replace(cases.plan(), rezoning="entrants"), (2, 3), "P1:primary", 12)
"""The correct plan for new entrants: P1 keeps its classes while the children of U2 finish there."""


def binding(evidence: Evidence) -> list[tuple[object, ...]]:
    """New findings of the plan that are rigid or the planner's own."""
    found = audit_networks(evidence).of(Network.PLAN)
    found = found[found["effect"].isin([Effect.RIGID, Effect.OWN]) & (found["status"] == FindingStatus.NEW)]
    return list(found[["rule", "place_id", "year", "figure", "norm"]].itertuples(index=False, name=None))


def test_a_plan_for_new_entrants_is_audited_with_the_children_who_stay():
    """With the 6 classes that are enough for U1 alone P1 has 40 + 5 × 88 = 480 pupils on 270 seats (330 at 55) in 2028."""
    assert binding(cases.evidence(network=ENTRANTS)) == []
    found = binding(cases.evidence(network=reclassed(ENTRANTS, (2, 3), "P1:primary", 6)))
    assert set(found) == {
        ("pupils_within_seats", "P1:primary", 2028, 480.0, 270.0),
        ("pupils_within_seats", "P1:primary", 2029, 432.0, 270.0),
        ("pupils_within_seats", "P1:primary", 2030, 384.0, 270.0),
        ("seats_before_children", "P1:primary", 2028, 480.0, 330.0),
        ("seats_before_children", "P1:primary", 2029, 432.0, 330.0),
        ("seats_before_children", "P1:primary", 2030, 384.0, 330.0),
    }


def test_shortage_that_a_plan_for_new_entrants_states_is_held_against_the_children_who_stay():
    """480 pupils on 270 seats in 2028: 60 above standard and 150 short; a plan that states 100 short hides 50."""
    spoiled = reclassed(ENTRANTS, (2,), "P1:primary", 6)
    for short, status in ((150, FindingStatus.DECLARED), (100, FindingStatus.NEW)):
        text = f"year section_id over_standard short\n2028 P1:primary 60 {short}\n2029 P1:primary 60 102"
        found = audit_networks(cases.evidence(network=shortage(spoiled, text))).of(Network.PLAN)
        mine = found[(found["rule"] == "pupils_within_seats") & (found["year"] == 2028)]
        assert mine[["figure", "norm", "status"]].to_numpy().tolist() == [[480.0, 330.0, status]]


def test_pupils_operated_as_if_everybody_were_rezoned_do_not_match_a_plan_for_new_entrants():
    """P1 is operated with U1's 240; 480 stay."""
    evidence = cases.evidence(network=ENTRANTS)
    other = cases.evidence(network=replace(ENTRANTS, rezoning="everybody")).operation
    found = binding(replace(evidence, operation=other))
    assert ("operation_matches_plan", "P1:primary", 2028, 240.0, 480.0) in found


def test_children_of_new_entrants_without_a_place_are_named_for_the_phases_in_which_they_have_none():
    """U4's entrants of 2026 and 2027, at most 20 of grades 7 and 8; in 2028 they have a school."""
    found = audit_networks(cases.evidence(network=rezoned(ENTRANTS, (1,), "U4", "junior", ""))).of(Network.PLAN)
    mine = found[found["rule"] == "every_child_has_a_place"]
    assert mine[["place_id", "year", "figure", "status"]].to_numpy().tolist() == [["U4", 2026, 20.0, "declared"]]


def test_build_before_close_asks_where_the_enrolled_children_of_a_closing_school_go():
    """N1's primary section gets no entrants from 2026 and closes in 2028 into L1, which opens that September.

    Grades 4–6 of U3 and U4 are still there; where everybody is re-zoned, all left for P1 in 2026.
    """
    plan = rezoned(ENTRANTS, (1,), "U4", "primary_1_3", "P1:primary")
    plan = rezoned(plan, (2, 3), "U4", "primary_1_3", "L1:primary")
    plan = reclassed(rezoned(plan, (2, 3), "U3", "primary_1_3", "P2:primary"), (2, 3), "P2:primary", 3)
    for unit in ("U3", "U4"):
        plan = rezoned(plan, (1,), unit, "primary_4_6", "P1:primary")
        plan = rezoned(plan, (2, 3), unit, "primary_4_6", "L1:primary")
    plan = reclassed(plan, (2, 3), "N1:primary", 0)
    for network, expected in (
        (plan, [("build_before_close", "L1:primary", 2028, 0.0, 1.0)]),
        (replace(plan, rezoning="everybody"), []),
    ):
        found = binding(cases.evidence(network=network))
        assert [row for row in found if row[0] == "build_before_close"] == expected


def test_a_new_school_that_fills_grade_by_grade_is_held_to_the_grades_that_have_entered():
    """L1 in 2030: three of six grades, half of 12 × 45 × ½ = 135 wanted, 3 × 48 there; without U2 from 2030 only 96."""
    fewer = rezoned(ENTRANTS, (3,), "U2", "primary_1_3 primary_4_6", "P1:primary")
    settings = cases.scenario(rules={"off": GROUND})
    assert binding(cases.evidence(network=fewer, settings=settings)) == [
        ("smallest_section", "L1:primary", 2030, 96.0, 135.0)
    ]
