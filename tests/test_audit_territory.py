"""The audit of the ground of catchments: in one piece, with the unit of the school in it."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.audit import Evidence, audit_networks
from simulator.audit.case import Case
from simulator.audit.register import CHECKS
from simulator.capacity.territory import Territory
from simulator.terms import FindingStatus, Network
from tests import plan_cases as cases
from tests.plan_cases import rezoned, table


def in_a_row(*units: str) -> Territory:
    """The territory of the district with its units in another order along the road."""
    edges = pd.DataFrame({"unit_a": units[:-1], "unit_b": units[1:], "kind": "touch"})
    return replace(cases.territory(), edges=edges)


def unit_beyond() -> Evidence:
    """P1's U1 and U2, then U4, then the U3 that P1 gains in 2026."""
    network = rezoned(cases.plan(), (1,), "U3", "primary_4_6", "P1:primary")
    return replace(cases.evidence(network=network), territory=in_a_row("U1", "U2", "U4", "U3"))


def findings_of(evidence: Evidence, rule: str) -> list[list[object]]:
    found = audit_networks(evidence).of(Network.PLAN)
    columns = ["place_id", "year", "figure", "status", "detail"]
    return found.loc[found["rule"] == rule, columns].to_numpy().tolist()


def test_stray_units_are_named_and_those_of_today_are_inherited():
    """In the row U3 U1 U2 U4 N1, which stands in U4, has U3 already; with U1 in 2026 it has a second stray unit."""
    spread = in_a_row("U3", "U1", "U2", "U4")
    plan = rezoned(cases.plan(), (1,), "U1", "junior", "N1:junior")
    found = findings_of(replace(cases.evidence(network=plan), territory=spread), "catchment_connected")
    junior = [row for row in found if row[0] == "N1:junior"]
    assert junior == [
        ["N1:junior", 2026, 1.0, FindingStatus.NEW, "junior U1"],
        ["N1:junior", 2026, 1.0, FindingStatus.INHERITED, "junior U3"],
        ["N1:junior", 2028, 1.0, FindingStatus.INHERITED, "junior U3"],
        ["N1:junior", 2030, 1.0, FindingStatus.INHERITED, "junior U3"],
    ]


@pytest.mark.parametrize(
    ("exempt", "change"),
    [
        ("a unit that is apart today", {"detached": table("band section_id unit_id\nprimary_4_6 P1:primary U3")}),
        ("a ferry", {"edges": table("unit_a unit_b kind\nU1 U2 touch\nU2 U4 touch\nU4 U3 touch\nU1 U3 ferry")}),
        ("an island", {"parts": pd.Series([0, 0, 1, 0], index=pd.Index(["U1", "U2", "U3", "U4"], name="unit_id"))}),
    ],
)
def test_a_unit_beyond_another_catchment_is_no_stray_where(exempt, change):
    evidence = unit_beyond()
    assert findings_of(evidence, "catchment_connected"), exempt
    assert not findings_of(replace(evidence, territory=replace(evidence.territory, **change)), "catchment_connected"), (
        exempt
    )


def test_a_school_whose_unit_goes_elsewhere_today_needs_only_a_catchment_in_one_piece():
    """P1 stands in U4 of the row U1 U2 U4 U3 and serves U1 and U2; with U3 it would have two pieces."""
    away = {"away": table("band section_id\nprimary_1_3 P1:primary\nprimary_4_6 P1:primary")}
    evidence = unit_beyond()
    homes = evidence.territory.homes.copy()
    homes["P1"] = "U4"
    evidence = replace(evidence, territory=replace(evidence.territory, homes=homes, **away))
    assert findings_of(evidence, "catchment_connected") == [
        ["P1:primary", 2026, 1.0, FindingStatus.NEW, "primary_4_6 U3"]
    ]
    assert [row for row in findings_of(evidence, "catchment_holds_school") if row[0] == "P1:primary"] == []


def test_where_two_schools_stand_in_one_unit_either_may_serve_it():
    """L1 stands in U1 beside P1: P1 holds it, L1's U2 touches it; with U1 at N1 neither does."""
    homes = cases.territory().homes.copy()
    homes["L1"] = "U1"
    ground = replace(cases.territory(), homes=homes)
    assert findings_of(replace(cases.evidence(), territory=ground), "catchment_holds_school") == []
    plan = rezoned(cases.plan(), (2,), "U1", "primary_1_3 primary_4_6", "N1:primary")
    found = findings_of(replace(cases.evidence(network=plan), territory=ground), "catchment_holds_school")
    assert [row[:4] for row in found] == [["P1:primary", 2028, 0.0, FindingStatus.NEW]] * 2
    assert [row[4] for row in found] == ["primary_1_3 U1 N1:primary", "primary_4_6 U1 N1:primary"]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(["J1:junior", "N1:junior"]), min_size=4, max_size=4), st.permutations(list("1234")))
def test_units_are_stray_exactly_where_the_row_between_them_and_the_school_is_broken(zones, order):
    """By brute force along a row of units: the piece of a catchment around the unit of its school reaches as far as it is its own."""
    row = [f"U{number}" for number in order]
    chosen = dict(zip(("U1", "U2", "U3", "U4"), zones, strict=True))
    plan = cases.plan()
    for unit, section in chosen.items():
        plan = rezoned(plan, (1,), unit, "junior", section)
    ground = replace(cases.territory(), edges=in_a_row(*row).edges)
    evidence = replace(cases.evidence(network=plan), territory=ground)
    case = Case(evidence, Network.PLAN, evidence.plan, evidence.operation)
    breaches = [breach for breach in CHECKS["catchment_connected"].function(case) if breach.year == 2026]
    for section, home in (("J1:junior", "U1"), ("N1:junior", "U4")):
        stray = {unit for unit, own in chosen.items() if own == section and parted(row, unit, home, chosen)}
        mine = [breach for breach in breaches if breach.place_id == section and breach.detail.startswith("junior ")]
        assert {unit for breach in mine for unit in breach.detail.split(" ")[1:]} == stray
        assert sum(breach.figure for breach in mine) == len(stray)


def parted(row: list[str], unit: str, home: str, chosen: dict[str, str]) -> bool:
    """Whether a unit between the two, the one of the school apart, goes to another school."""
    first, last = sorted((row.index(unit), row.index(home)))
    return any(chosen[between] != chosen[unit] and between != home for between in row[first : last + 1])
