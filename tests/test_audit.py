"""The audit: a correct plan passes, and every plan that is spoiled in one way fails by that rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest

from simulator.audit import Audit, Evidence, audit_networks
from simulator.audit.register import CHECKS, check
from simulator.capacity.territory import Territory
from simulator.plan import Plan
from simulator.rules import RULES
from simulator.terms import Effect, FindingStatus, Network
from tests import plan_cases as cases
from tests.audit_closing_cases import SPOILED as SPOILED_CLOSING
from tests.audit_zoning_cases import SPOILED as SPOILED_ZONING
from tests.plan_cases import reclassed, rezoned, shortage, table

BINDING = (Effect.RIGID, Effect.OWN)
GROUND = ("catchment_connected", "catchment_holds_school")


def new_findings(audit: Audit, *effects: Effect) -> pd.DataFrame:
    found = audit.of(Network.PLAN)
    return found[found["effect"].isin(effects) & (found["status"] == FindingStatus.NEW)]


def with_rows(frame: pd.DataFrame, text: str) -> pd.DataFrame:
    return pd.concat([frame, table(text)], ignore_index=True)


def without(plan: Plan, unit: str, band: str, phase: int) -> Plan:
    rows = plan.catchments
    gone = (rows["unit_id"] == unit) & (rows["band"] == band) & (rows["phase"] == phase)
    return replace(plan, catchments=rows[~gone])


def changed_supply(table_name: str, place: str, **values: object) -> object:
    supply = cases.supply()
    frame = getattr(supply, table_name).copy()
    for column, value in values.items():
        frame.loc[place, column] = value
    return replace(supply, **{table_name: frame})


def committed(text: str) -> object:
    return replace(cases.supply(), committed=table(text))


def odd_module() -> Plan:
    plan = reclassed(cases.plan(), (2, 3), "L1:primary", 10)
    rows = plan.actions
    return replace(plan, actions=rows.assign(classes=rows["classes"].mask(rows["site_id"] == "L1", 10)))


def shared_out(share: float) -> Plan:
    plan = cases.plan()
    rows = plan.catchments
    hit = (rows["unit_id"] == "U1") & (rows["band"] == "junior") & (rows["phase"] == 1)
    return replace(plan, catchments=rows.assign(share=rows["share"].mask(hit, share)))


def more_pupils_than_asked() -> Evidence:
    evidence = cases.evidence()
    classes = evidence.operation.classes
    hit = (classes["year"] == 2026) & (classes["section_id"] == "N1:junior") & (classes["grade"] == 7)
    padded = classes.assign(pupils=classes["pupils"].mask(hit, 30), sizes=classes["sizes"].mask(hit, "30"))
    return replace(evidence, operation=replace(evidence.operation, classes=padded))


def forgotten_class() -> Evidence:
    evidence = cases.evidence()
    classes = evidence.operation.classes
    hit = (classes["year"] == 2026) & (classes["section_id"] == "N1:junior") & (classes["grade"] == 7)
    return replace(
        evidence, operation=replace(evidence.operation, classes=classes.assign(sizes=classes["sizes"].mask(hit, "15")))
    )


def spare_class() -> Evidence:
    """Twelve classes operated where the plan has eleven, with the pupils above standard stated."""
    evidence = cases.evidence()
    return replace(
        evidence,
        plan=shortage(
            reclassed(cases.plan(), (1,), "P1:primary", 11),
            "year section_id over_standard short\n2026 P1:primary 33 0\n2027 P1:primary 33 0",
        ),
    )


def in_a_row(*units: str) -> Territory:
    """The territory of the district with its units in another order along the road."""
    edges = pd.DataFrame({"unit_a": units[:-1], "unit_b": units[1:], "kind": "touch"})
    return replace(cases.territory(), edges=edges)


def unit_beyond() -> Evidence:
    text = "year section_id over_standard short\n2026 P1:primary 18 0\n2027 P1:primary 18 0"
    network = shortage(rezoned(cases.plan(), (1,), "U3", "primary_4_6", "P1:primary"), text)
    return replace(cases.evidence(network=network), territory=in_a_row("U1", "U2", "U4", "U3"))


def no_unit_for_u4() -> Evidence:
    return cases.evidence(network=without(cases.plan(), "U4", "junior", 1))


# Each spoils the correct plan in one way: rule → (place, year, figure, norm) of the first finding.
SPOILED: list[tuple[str, str, Callable[[], Evidence], tuple[str, int, float, float]]] = [
    # U3's upper grades, 10 children each, can come to L1 only by boarding, and L1 has 29 beds.
    (
        "boarding_within_beds",
        "a bed too few",
        lambda: cases.with_ways(
            cases.evidence(network=rezoned(cases.plan(), (3,), "U3", "primary_1_3 primary_4_6", "L1:primary")),
            "band unit_id site_id way minutes\nprimary_4_6 U3 L1 boards 60",
            {"L1": 29.0},
        ),
        ("L1", 2030, 30, 29),
    ),
    # U4 has 10 juniors in each of three grades and no row in phase 1.
    ("every_child_has_a_place", "a unit without a row", no_unit_for_u4, ("U4", 2026, 30, 0)),
    # U1's lower grades to L1, its upper grades to P1, both complete schools.
    (
        "bands_together",
        "lower grades at another complete school",
        lambda: cases.evidence(network=rezoned(cases.plan(), (2, 3), "U1", "primary_1_3", "L1:primary")),
        ("U1", 2028, 1, 0),
    ),
    # 11 classes × 45 = 495 seats for 528 pupils, nothing stated.
    (
        "pupils_within_seats",
        "too few classes",
        lambda: cases.evidence(network=reclassed(cases.plan(), (1,), "P1:primary", 11)),
        ("P1:primary", 2026, 528, 495),
    ),
    # 12 classes × (55 − 45) = 120 places above the standard size.
    (
        "pupils_within_seats",
        "more stated above standard than classes can take",
        lambda: cases.evidence(
            network=shortage(cases.plan(), "year section_id over_standard short\n2026 P1:primary 121 0")
        ),
        ("P1:primary", 2026, 121, 120),
    ),
    # 12 classes at the largest size hold 660; fill 0.92 leaves 496.8 seats for 528 pupils in phase 1 only, since
    # the present network has the same: so this one takes 11 classes × 45 × 0.92 = 455.4.
    (
        "pupils_within_seats",
        "fill counts",
        lambda: cases.evidence(
            network=reclassed(cases.plan(), (1,), "P1:primary", 11),
            of=changed_supply("sections", "P1:primary", fill=0.92),
        ),
        ("P1:primary", 2026, 528, 455.4),
    ),
    # N1 has 10 rooms: 6 + 3 run today and one is free, so the junior section may run 4.
    (
        "stages_share_rooms",
        "more classes than rooms",
        lambda: cases.evidence(network=reclassed(cases.plan(), (1, 2, 3), "N1:junior", 5)),
        ("N1", 2026, 11, 10),
    ),
    # In 2028 N1 has 120 × 4.5 + 60 × 5.8 = 888 m² of teaching area in use, 90 × 4.5 + 60 × 5.8 = 753 before.
    (
        "stages_share_rooms",
        "more pupils than teaching area",
        lambda: cases.evidence(of=changed_supply("sites", "N1", teaching_area_m2=800.0)),
        ("N1", 2028, 888, 800),
    ),
    # 10 is no standard size; 12 is the nearest.
    (
        "standard_class_counts",
        "a size of its own",
        lambda: cases.evidence(network=odd_module()),
        ("L1", 2028, 10, 12),
    ),
    # L1 without U2 from 2030: no pupils, where half of 12 × 45 are wanted.
    (
        "smallest_section",
        "an empty new school",
        lambda: cases.evidence(
            network=reclassed(
                rezoned(cases.plan(), (3,), "U2", "primary_1_3 primary_4_6", "P1:primary"), (3,), "P1:primary", 12
            )
        ),
        ("L1:primary", 2030, 0, 270),
    ),
    # U4 to P2 is 4 km, 40 minutes, for grades 1–3 in the country.
    (
        "travel_within_limit",
        "beyond the hard limit",
        lambda: cases.evidence(network=rezoned(cases.plan(), (1,), "U4", "primary_1_3", "P2:primary")),
        ("U4", 2026, 40, 30),
    ),
    (
        "closed_stays_closed",
        "a closed school runs again",
        lambda: cases.evidence(network=reclassed(cases.plan(), (3,), "P2:primary", 3)),
        ("P2:primary", 2030, 1, 0),
    ),
    (
        "built_stays_built",
        "a new school closes",
        lambda: cases.evidence(
            network=reclassed(
                reclassed(
                    rezoned(cases.plan(), (3,), "U2", "primary_1_3 primary_4_6", "P1:primary"), (3,), "P1:primary", 12
                ),
                (3,),
                "L1:primary",
                0,
            )
        ),
        ("L1:primary", 2030, 0, 1),
    ),
    (
        "protected_stays_open",
        "a protected school closes",
        lambda: cases.evidence(of=changed_supply("sections", "P2:primary", protected=True)),
        ("P2:primary", 2028, 0, 1),
    ),
    # P2's unit goes to L1, which opens the same September; one year of overlap is asked for.
    (
        "build_before_close",
        "the receiver opens too late",
        lambda: cases.evidence(
            network=rezoned(cases.plan(), (2, 3), "U3", "primary_1_3 primary_4_6", "L1:primary")
        ),
        ("L1:primary", 2028, 0, 1),
    ),
    # 0.4 closures a year × the two years from 2026 to 2028.
    (
        "closures_a_year",
        "more closures than the quota",
        lambda: cases.evidence(settings=cases.scenario(timing={"closures_per_year": 0.4})),
        ("", 2028, 1, 0.8),
    ),
    # 2 × 1485 万元 in phase 1.
    (
        "capital_within_budget",
        "more capital than the budget",
        lambda: cases.evidence(settings=cases.scenario(budget={"capital_wan": [0, 2900, 0, 0]})),
        ("", 2026, 2970, 2900),
    ),
    # Land in 2027 and two years to build: 2029.
    (
        "site_ready",
        "built before the land is there",
        lambda: cases.evidence(of=changed_supply("sites", "L1", supply_year=2027)),
        ("L1:primary", 2028, 2028, 2029),
    ),
    (
        "site_ready",
        "built on farmland",
        lambda: cases.evidence(of=changed_supply("sites", "L1", conflict="farmland")),
        ("L1:primary", 2028, 1, 0),
    ),
    (
        "committed_happens",
        "a committed school opens late",
        lambda: cases.evidence(
            of=committed(
                "project_id site_id stage kind classes year capital_wan\nX1 L1 primary new_build 12 2026 2970"
            )
        ),
        ("L1:primary", 2026, 0, 1),
    ),
    (
        "committed_happens",
        "a committed extension is missing",
        lambda: cases.evidence(
            of=committed(
                "project_id site_id stage kind classes year capital_wan\nX2 P1 primary extension 2 2027 20"
            )
        ),
        ("P1", 2027, 0, 2),
    ),
    (
        "planner_decides",
        "a school that is to be kept closes",
        lambda: cases.evidence(settings=cases.scenario(decisions=[{"place": "P2", "decision": "keep"}])),
        ("P2:primary", 2028, 0, 1),
    ),
    (
        "planner_decides",
        "an extension that was decided is missing",
        lambda: cases.evidence(
            settings=cases.scenario(decisions=[{"place": "P1", "decision": "extend", "classes": 2, "year": 2027}])
        ),
        ("P1", 2028, 0, 2),
    ),
    (
        "not_ours",
        "another bureau's school gains a unit",
        lambda: cases.evidence(network=rezoned(cases.plan(), (1,), "U4", "junior", "J1:junior")),
        ("J1:junior", 2026, 1, 0),
    ),
    (
        "plan_is_consistent",
        "shares that do not sum to one",
        lambda: cases.evidence(network=shared_out(0.8)),
        ("U1", 2026, 0.8, 1),
    ),
    # U3 has 30 children in grades 1–3.
    (
        "plan_is_consistent",
        "children in a school that does not run",
        lambda: cases.evidence(network=rezoned(cases.plan(), (2, 3), "U3", "primary_1_3", "P2:primary")),
        ("P2:primary", 2028, 30, 0),
    ),
    (
        "plan_is_consistent",
        "a section that nobody knows",
        lambda: cases.evidence(network=rezoned(cases.plan(), (2, 3), "U1", "junior", "J9:junior")),
        ("J9:junior", 2026, 1, 0),
    ),
    # 12 classes × 45.
    (
        "plan_is_consistent",
        "more seats than classes make",
        lambda: cases.evidence(
            network=replace(cases.plan(), sections=cases.plan_sections().assign(
                seats=lambda rows: rows["seats"].mask((rows["section_id"] == "P1:primary") & (rows["phase"] == 1), 600.0)
            ))
        ),
        ("P1:primary", 2026, 600, 540),
    ),
    # U4 lies between P1's U1 and U2 and the U3 that it gains; P1 is 18 pupils above the standard, and says so.
    ("catchment_connected", "a unit beyond another catchment", unit_beyond, ("P1:primary", 2026, 1, 0)),
    # P2 stands in U3, whose lower grades go to N1 while P2 still runs.
    (
        "catchment_holds_school",
        "the unit of the school goes elsewhere",
        lambda: cases.evidence(network=rezoned(cases.plan(), (1,), "U3", "primary_1_3", "N1:primary")),
        ("P2:primary", 2026, 0, 1),
    ),
    # U3 and U4 have 20 children in grade 7 and 60 in all three; 10 were added.
    ("operation_matches_plan", "pupils from nowhere", more_pupils_than_asked, ("N1:junior", 2026, 70, 60)),
    ("operation_matches_plan", "pupils without a class", forgotten_class, ("N1:junior", 2026, 55, 60)),
    ("operation_matches_plan", "more classes than planned", spare_class, ("P1:primary", 2026, 12, 11)),
    *SPOILED_CLOSING,
    *SPOILED_ZONING,
]  # fmt: skip


def test_every_rule_has_one_check_and_every_check_a_rule():
    assert set(CHECKS) == set(RULES)


def test_a_second_check_of_a_rule_is_refused():
    def plan_is_consistent(case):
        yield from ()

    with pytest.raises(ValueError, match="registered twice"):
        check()(plan_is_consistent)


def test_the_correct_plan_has_no_new_finding_that_binds():
    audit = audit_networks(cases.evidence())
    assert new_findings(audit, *BINDING, Effect.EVALUATION).empty
    assert audit.rigid == 0
    assert set(audit.rules_checked) == set(RULES)


@pytest.mark.parametrize(
    ("rule", "spoil", "expected"),
    [pytest.param(rule, spoil, expected, id=f"{rule}: {story}") for rule, story, spoil, expected in SPOILED],
)
def test_a_spoiled_plan_fails_by_that_rule_alone(rule, spoil, expected):
    """Units put elsewhere break the ground of their catchments too, so those rules are off but for their own plans."""
    evidence = spoil()
    if rule not in GROUND:
        off = evidence.scenario.rules.model_copy(update={"off": GROUND})
        evidence = replace(evidence, scenario=evidence.scenario.model_copy(update={"rules": off}))
    audit = audit_networks(evidence)
    found = new_findings(audit, *BINDING)
    assert set(found["rule"]) == {rule}
    first = found.iloc[0]
    place, year, figure, norm = expected
    assert (first["place_id"], first["year"]) == (place, year)
    assert (first["figure"], first["norm"]) == pytest.approx((figure, norm))
    assert (audit.rigid > 0) == (RULES[rule].effect is Effect.RIGID)


def test_every_binding_rule_is_spoiled_at_least_once():
    binding = {name for name, rule in RULES.items() if rule.effect in BINDING}
    # Below with its declared case; with the money in test_money, with the targets in test_levers.
    elsewhere = {"seats_before_children", "pupil_funds_standard", "own_targets"}
    assert binding - {rule for rule, *_ in SPOILED} == elsewhere


def test_what_the_plan_states_as_short_is_declared():
    """9 classes × 45 = 405 seats and 90 more up to 55 for 528 pupils: 33 are short, and the plan says so."""
    text = "year section_id over_standard short\n2026 P1:primary 90 33\n2027 P1:primary 90 33"
    spoiled = reclassed(cases.plan(), (1,), "P1:primary", 9)
    stated = audit_networks(cases.evidence(network=shortage(spoiled, text))).findings
    silent = audit_networks(cases.evidence(network=spoiled)).findings
    for rule in ("pupils_within_seats", "seats_before_children"):
        for findings, status in ((stated, FindingStatus.DECLARED), (silent, FindingStatus.NEW)):
            mine = findings[(findings["rule"] == rule) & (findings["network"] == Network.PLAN)]
            assert set(mine["status"]) == {status}
            assert set(mine["year"]) == {2026, 2027}


def test_unserved_children_that_the_plan_names_are_declared():
    audit = audit_networks(cases.evidence(network=rezoned(cases.plan(), (1,), "U4", "junior", "")))
    found = audit.findings[audit.findings["rule"] == "every_child_has_a_place"]
    assert found[["place_id", "figure", "status"]].to_numpy().tolist() == [["U4", 30.0, FindingStatus.DECLARED]]
    assert audit.rigid == 0


def test_a_pool_beyond_its_largest_classes_leaves_children_without_a_place():
    """2 classes × 55 = 110 for 150; declared once the plan states 40 short."""
    spoiled = reclassed(cases.plan(), (1, 2, 3), "S1:senior", 2)
    rows = "\n".join(f"{year} senior 10 40" for year in range(2026, 2031))
    for network, status in (
        (spoiled, FindingStatus.NEW),
        (shortage(spoiled, f"year section_id over_standard short\n{rows}"), FindingStatus.DECLARED),
    ):
        found = audit_networks(cases.evidence(network=network)).of(Network.PLAN)
        mine = found[found["rule"] == "every_child_has_a_place"]
        assert set(mine["status"]) == {status}
        assert mine.iloc[0][["place_id", "figure", "norm"]].tolist() == ["senior", 150.0, 110.0]


def test_what_is_no_worse_than_today_is_inherited_and_what_is_worse_is_not():
    """Fill 0.92: 12 classes leave 496.8 seats for 528 pupils today and in phase 1; 11 classes make it worse."""
    supply = changed_supply("sections", "P1:primary", fill=0.92)
    same = audit_networks(cases.evidence(of=supply))
    found = same.of(Network.PLAN)
    assert set(found.loc[found["rule"] == "pupils_within_seats", "status"]) == {FindingStatus.INHERITED}
    assert same.rigid == 0
    worse = audit_networks(cases.evidence(of=supply, network=reclassed(cases.plan(), (1,), "P1:primary", 11)))
    assert worse.rigid == 2


@pytest.mark.parametrize(
    ("rule", "evidence", "expected"),
    [
        # L1 has 288 pupils; a limit of 250 is broken by the plan, P1's 528 only as today.
        (
            "largest_campus",
            lambda: cases.evidence(norms=cases.standards(school_size__compulsory=250)),
            [("L1", 2028, 288, 250), ("L1", 2029, 288, 250), ("L1", 2030, 288, 250)],
        ),
        # K2 is the only public kindergarten of its township.
        (
            "township_centre",
            lambda: cases.evidence(
                network=reclassed(
                    rezoned(
                        rezoned(cases.plan(), (2, 3), "U3", "kindergarten", "K1:kindergarten"),
                        *((2, 3), "U4", "kindergarten", "K1:kindergarten"),
                    ),
                    *((2, 3), "K2:kindergarten", 0),
                )
            ),
            [("西乡", 2028, 0, 1), ("西乡", 2030, 0, 1)],
        ),
        # P1 with 5 classes for 6 × 40 in 2028: 复式 5 + 6 share a room of 80.
        (
            "class_size_standard",
            lambda: cases.evidence(network=reclassed(cases.plan(), (2,), "P1:primary", 5)),
            [("P1:primary", 2028, 80, 45), ("P1:primary", 2029, 80, 45)],
        ),
        # Of the 5 + 12 + 6 primary classes of 2028 that one is oversized: 1/23 = 4.3 %, within 5 %; but it has 66 and more.
        (
            "no_extreme_class",
            lambda: cases.evidence(network=reclassed(cases.plan(), (2,), "P1:primary", 5)),
            [("P1:primary", 2028, 80, 65), ("P1:primary", 2029, 80, 65)],
        ),
        # P1 with 7 classes in phase 1: one grade in 44 + 44, five in one class of 88; grade 2 on; grade 1 gets the seventh.
        (
            "entry_grade_classes",
            lambda: cases.evidence(network=reclassed(cases.plan(), (1,), "P1:primary", 6)),
            [("P1:primary", 2026, 88, 45), ("P1:primary", 2027, 88, 45)],
        ),
        # K1 with 3 classes of 40 in 2030: of 3 + 3 classes half are within 25, 30 and 35; 85 % should be.
        (
            "kindergarten_class_size",
            lambda: cases.evidence(network=reclassed(cases.plan(), (3,), "K1:kindergarten", 3)),
            [("kindergarten", 2030, 50, 85)],
        ),
    ],
)
def test_an_evaluation_that_fails_is_found_with_its_figures(rule, evidence, expected):
    found = new_findings(audit_networks(evidence()), Effect.EVALUATION)
    mine = found.loc[found["rule"] == rule, ["place_id", "year", "figure", "norm"]]
    assert list(mine.itertuples(index=False, name=None)) == expected


def test_reminders_name_small_schools_alerts_and_children_outside_the_radius():
    """L1's 288 pupils on 540 seats: 53.3 %; U3 loses P2, so half of the country's children are beyond 2 km."""
    found = audit_networks(cases.evidence()).of(Network.PLAN)
    expected = table("""
        rule             place_id    year  figure  norm  status     detail
        small_schools    P2:primary  2026  30      100   inherited  tiny
        small_schools    N1:junior   2028  60      100   inherited  small
        alert_level      P1:primary  2026  97.8    90    inherited  yellow
        alert_level      L1:primary  2028  53.3    70    new        surplus
        coverage_radius  西乡        2028  50      100   new        primary_2000_m
    """)
    key = ["rule", "place_id", "year"]
    mine = expected[key].merge(found, on=key, how="left")
    assert mine["detail"].str.replace(" ", "_").tolist() == expected["detail"].tolist()
    assert mine["status"].tolist() == expected["status"].tolist()
    assert mine[["figure", "norm"]].to_numpy().tolist() == expected[["figure", "norm"]].to_numpy().tolist()
    assert set(mine["effect"]) == {Effect.ADVISORY}


def test_a_rule_that_is_off_is_not_checked():
    settings = cases.scenario(rules={"off": ["pupils_within_seats"]})
    audit = audit_networks(cases.evidence(network=reclassed(cases.plan(), (1,), "P1:primary", 11), settings=settings))
    assert "pupils_within_seats" not in audit.rules_checked
    assert audit.rigid == 0


def test_the_school_of_today_may_lie_beyond_the_hard_limit():
    """U4's lower grades go to P2, 40 minutes away, today and in phase 1: listed, not rigid."""
    evidence = cases.evidence(network=rezoned(cases.plan(), (1,), "U4", "primary_1_3", "P2:primary"))
    rows = evidence.catchments.table
    hit = (rows["unit_id"] == "U4") & (rows["band"] == "primary_1_3")
    today = replace(evidence.catchments, table=rows.assign(section_id=rows["section_id"].mask(hit, "P2:primary")))
    audit = audit_networks(replace(evidence, catchments=today))
    found = audit.of(Network.PLAN)
    assert found.loc[found["rule"] == "travel_within_limit", "effect"].tolist() == [Effect.ADVISORY]


def test_the_present_network_is_audited_in_the_base_year_too():
    """All that it shows is inherited from itself; its base year is the register."""
    found = audit_networks(cases.evidence()).of(Network.NO_ACTION)
    assert 2025 in set(found["year"])
    assert set(found["status"]) == {FindingStatus.INHERITED}


def test_tables_that_contradict_one_another_are_never_inherited():
    """The same shares of 0.8 in the present network excuse nothing."""
    evidence = cases.evidence(network=shared_out(0.8))
    rows = evidence.no_action.catchments
    hit = (rows["unit_id"] == "U1") & (rows["band"] == "junior")
    present = replace(evidence.no_action, catchments=rows.assign(share=rows["share"].mask(hit, 0.8)))
    assert audit_networks(replace(evidence, no_action=present)).rigid == 1
