"""The audit of zoning, intakes and limits: what a correct plan passes, what is declared, what only warns."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from simulator.audit import Audit, Evidence, audit_networks
from simulator.terms import Effect, FindingStatus, Network
from tests import plan_cases as cases
from tests.audit_zoning_cases import admitting, shared_juniors, with_regime
from tests.plan_cases import reclassed, rezoned, shortage


def found(evidence: Evidence, rule: str) -> pd.DataFrame:
    """Findings of the plan by one rule."""
    audit: Audit = audit_networks(evidence)
    findings = audit.of(Network.PLAN)
    return findings[findings["rule"] == rule]


ASKED = cases.scenario(
    zoning={"nearest_share": 1.0, "moved_share": 0.34}, candidates={"schools": {"primary": [3, 3], "junior": [0, 2]}}
)


@pytest.mark.parametrize("rule", ["nearest_share", "children_moved_limit", "school_count"])
def test_what_the_planner_asks_for_and_the_plan_keeps_is_no_finding(rule):
    """Everybody in town goes to the nearest school, 33.54 % change school in 2028, 3 primary schools run."""
    assert found(cases.evidence(settings=ASKED), rule).empty


@pytest.mark.parametrize("rule", ["nearest_share", "children_moved_limit", "school_count", "units_together"])
def test_what_nobody_asks_for_is_never_a_finding(rule):
    network = rezoned(cases.plan(), (2, 3), "U1", "primary_1_3 primary_4_6", "L1:primary")
    assert found(cases.evidence(network=network), rule).empty


def test_feeder_schools_that_take_whole_catchments_are_no_finding():
    """P1 and L1 to J1, N1 to its own junior part."""
    assert found(cases.evidence(of=with_regime("feeder", "J1:junior", "N1:junior")), "feeder_whole").empty


def test_a_nine_year_school_that_feeds_another_is_found_by_its_units():
    """U3 and U4 are N1's; both go to J1, and that is one school only."""
    network = rezoned(rezoned(cases.plan(), (1,), "U3", "junior", "J1:junior"), (1,), "U4", "junior", "J1:junior")
    mine = found(cases.evidence(network=network, of=with_regime("feeder", "J1:junior", "N1:junior")), "feeder_whole")
    rows = mine[["place_id", "year", "figure", "norm", "detail"]]
    assert rows.to_numpy().tolist() == [["N1:primary", 2026, 2.0, 0.0, "N1:junior"]]


def test_the_seats_of_a_zone_are_one_pool():
    """150 pupils at J1 with 2 classes of 50 are more than it seats; with N1's 5 classes the zone seats 350 for 300."""
    network = reclassed(cases.plan(), (1,), "J1:junior", 2)
    zone = shared_juniors(reclassed(network, (1,), "N1:junior", 5))
    assert found(zone, "pupils_within_seats").empty
    assert found(zone, "shared_zone").empty
    short = found(shared_juniors(network), "shared_zone")
    rows = short[["place_id", "year", "figure", "norm", "status"]]
    # 2 + 3 classes of 50 seat 250.
    assert rows.iloc[0].tolist() == ["N1:junior", 2026, 300.0, 250.0, FindingStatus.NEW]


def test_without_their_rule_schools_of_a_zone_stand_alone():
    """J1's 150 pupils on 100 seats."""
    zone = shared_juniors(reclassed(cases.plan(), (1,), "J1:junior", 2))
    rules = zone.scenario.rules.model_copy(update={"off": ("shared_zone",)})
    alone = replace(zone, scenario=zone.scenario.model_copy(update={"rules": rules}))
    assert set(found(alone, "pupils_within_seats")["place_id"]) == {"J1:junior"}


def test_fewer_entrants_than_planned_only_warn_and_other_years_have_no_limit():
    """20 entrants; 23 planned less a tenth leaves 20.7, within a pupil; 40 planned leaves 36."""
    text = "school_id stage year classes seats\nN1 junior 2026 1 23\nN1 junior 2027 1 40"
    mine = found(admitting(text), "intake_fits_plan")
    rows = mine[["place_id", "year", "figure", "norm", "effect", "detail"]]
    assert rows.to_numpy().tolist() == [["N1:junior", 2027, 20.0, 36.0, Effect.ADVISORY, "fewer"]]


def test_children_whom_the_plan_states_as_short_are_not_enrolled_through_their_catchment():
    """12 classes seat 528 of P1's pupils; 40 stated short leave 488 ÷ 528 = 92.4 % of 100 %, declared."""
    plan = shortage(cases.plan(), "year section_id over_standard short\n2026 P1:primary 0 40")
    mine = found(cases.evidence(network=plan), "catchment_share")
    rows = mine[["place_id", "year", "figure", "norm", "status"]]
    assert rows.to_numpy().tolist() == [["primary", 2026, 92.4, 100.0, FindingStatus.DECLARED]]


def test_pupils_of_a_public_town_school_without_a_catchment_count_against_the_share():
    """J1 admits from the whole district: 0 % of 95 %, as today."""
    mine = found(cases.evidence(of=with_regime("pool", "J1:junior")), "catchment_share")
    assert mine.iloc[0][["place_id", "figure", "norm"]].tolist() == ["junior", 0.0, 95.0]
    assert set(mine["status"]) == {FindingStatus.INHERITED}


def test_oversized_classes_are_counted_one_by_one_after_operation():
    """P1 with 5 classes for 6 × 40: one 复式 of 80 among 5 + 12 + 6 classes is 4.3 %."""
    evidence = cases.evidence(
        network=reclassed(cases.plan(), (2,), "P1:primary", 5), norms=cases.standards(oversized__share=0.04)
    )
    mine = found(evidence, "oversized_share")
    rows = mine[["place_id", "year", "figure", "norm"]]
    assert rows.to_numpy().tolist() == [["primary", 2028, 4.3, 4.0], ["primary", 2029, 4.3, 4.0]]
