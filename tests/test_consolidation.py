"""Closures from table to audit and sheets: vetoes keep schools, receivers are examined, who follows, what T22 shows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from simulator.audit import Evidence, audit_networks
from simulator.audit.case import Case
from simulator.audit.register import CHECKS
from simulator.capacity.following import with_following
from simulator.capacity.vetoes import close_where_asked, entered_vetoes, keep_vetoed, vetoed_closures, vetoed_sections
from simulator.indicators import examine_closures
from simulator.inputs.read_values import parse_date
from simulator.operation import operate
from simulator.terms import Network, Way
from tests import plan_cases as cases
from tests.audit_closing_cases import district_table, opinions
from tests.plan_cases import table

NOBODY = pd.DataFrame(columns=["school_id"])

# Votes: a majority is more than half of those asked; of two surveys the later one counts; a flag needs no count.
VETOED = [
    ("school_id kind date asked in_favor against\nP2 hearing 2026-05-01 20 9 11", "majority"),
    ("school_id kind date asked in_favor against\nP2 hearing 2026-05-01 20 10 10", ""),
    ("school_id kind date asked in_favor against\nP2 survey 2026-05-01 - 4 5", "majority"),
    ("school_id kind date asked in_favor against\nP2 meeting 2026-05-01 20 2 18", ""),
    (
        "school_id kind date asked in_favor against\nP2 survey 2025-05-01 20 2 18\nP2 survey 2026-05-01 20 18 2",
        "",
    ),
    (
        "school_id kind date asked in_favor against\nP2 hearing 2025-05-01 20 2 18\nP2 survey 2026-05-01 20 18 2",
        "majority",
    ),
    ("school_id kind date majority_against\nP2 letter 2026-05-01 yes", "majority"),
    ("school_id kind date majority_against asked against\nP2 hearing 2026-05-01 no 20 19", ""),
    ("school_id kind date travel_safe beds_enough meals_enough receiver_fits\nP2 meeting 2026-05-01 no no no no",
     "travel lodging meals oversized"),
    ("school_id kind date travel_safe beds_enough meals_enough receiver_fits\nP2 meeting 2026-05-01 yes yes yes yes", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "vetoes"), VETOED)
def test_what_is_a_veto(text, vetoes):
    """国办发〔2012〕48号: a majority of parents or of the hearing, no safe way, no beds or meals, too large a receiver."""
    found = vetoed_sections(cases.supply(), entered_vetoes(opinions(text), cases.standards()))
    assert found == ({"P2:primary": tuple(vetoes.split())} if vetoes else {})


def test_a_veto_keeps_the_school_open_and_off_means_off():
    """The section may not close any more, is protected, and the run says so; an opinion on another stage does nothing."""
    against = opinions("school_id stage kind date asked against\nP2 primary hearing 2026-05-01 20 11")
    kept = keep_vetoed(cases.supply(), against, cases.scenario(), cases.standards())
    assert (kept.sections.loc["P2:primary", "can_close"], kept.sections.loc["P2:primary", "protected"]) == (False, True)
    assert kept.assumptions
    off = cases.scenario(rules={"off": ["closure_vetoed"]})
    assert keep_vetoed(cases.supply(), against, off, cases.standards()) is cases.supply()
    elsewhere = opinions("school_id stage kind date asked against\nP2 junior hearing 2026-05-01 20 11")
    assert keep_vetoed(cases.supply(), elsewhere, cases.scenario(), cases.standards()) is cases.supply()


def test_a_closure_that_is_ordered_against_a_veto_is_refused():
    """A decision and a committed work, each told with its place; without the rule nothing is refused."""
    against = opinions("school_id kind date asked against\nP2 hearing 2026-05-01 20 11")
    works = "project_id site_id stage kind classes year capital_wan\nX1 P2 primary consolidation 0 2027 0"
    supply = replace(cases.supply(), committed=table(works))
    ordered = cases.scenario(decisions=[{"place": "P2", "decision": "close"}])
    told = [problem.where for problem in vetoed_closures(ordered, supply, against, cases.standards())]
    assert told == ["decisions[1]", "projects"]
    off = ordered.model_copy(update={"rules": cases.scenario(rules={"off": ["closure_vetoed"]}).rules})
    assert list(vetoed_closures(off, supply, against, cases.standards())) == []


@pytest.mark.parametrize(
    ("kinds", "closes"), [({"primary": ["village"]}, True), ({"primary": ["town"]}, False), ({}, True)]
)
def test_only_schools_in_the_named_kinds_of_area_may_close(kinds, closes):
    """P2 stands in a village."""
    settings = cases.scenario(consolidation={"close_in": kinds})
    assert close_where_asked(cases.supply(), settings).sections.loc["P2:primary", "can_close"] == closes


def test_a_private_school_that_leaves_is_no_closure_of_the_bureau():
    """P2 closes in 2028. Public, it is examined and counted; private, there is no veto, no step and no quota for it."""
    known = cases.evidence()
    closing = Case(known, Network.PLAN, known.plan, known.operation).closing
    sections = closing.supply.sections
    private = sections.assign(public=sections["public"] & (sections.index != "P2:primary"))
    for supply, expected in ((closing.supply, ["P2:primary"]), (replace(closing.supply, sections=private), [])):
        found = examine_closures(replace(closing, supply=supply))
        assert found.closures["section_id"].tolist() == expected
        assert set(found.journeys["section_id"]) == set(expected)
        assert found.programme.set_index("year").loc[0, "closures"] == len(expected)


# Follows: of U3's 30 children 80 % to N1, 20 % (6) to P1, the only school in town; P1 has 528 − 288 + 6 after L1 opened.
def following(share: float, arrangements: pd.DataFrame = NOBODY) -> Evidence:
    settings = cases.scenario(consolidation={"following_share": share})
    supply = with_following(cases.supply(), cases.access(), cases.today(), arrangements, settings)
    return cases.evidence(of=supply, settings=settings)


def test_everybody_follows_where_nothing_else_is_said():
    """The supply is left as it is."""
    assert with_following(cases.supply(), cases.access(), cases.today(), NOBODY, cases.scenario()) is cases.supply()


@pytest.mark.parametrize(
    ("share", "stated", "settled"), [(0.8, "", 6.0), (0.5, "", 15.0), (0.8, "0.9", 3.0), (1.0, "0.4", 18.0)]
)
def test_who_does_not_follow_goes_to_school_in_town(share, stated, settled):
    """Thirty children × (1 − share) at P1, the rest at N1, nobody lost; a school's own share stands above the setting."""
    text = f"school_id following_share\nP2 {stated}" if stated else "school_id\nP9"
    given = following(share, district_table("arrangements", text))
    pupils = given.operation.pupils
    rows = pupils[(pupils["year"] == 2028) & (pupils["unit_id"] == "U3") & (pupils["band"] == "primary_1_3")]
    found = rows.set_index("section_id")["children"].to_dict()
    assert found == pytest.approx({"N1:primary": 30 - settled, "P1:primary": settled})
    assert rows.set_index("section_id")["way"].to_dict() == {"N1:primary": Way.OWN, "P1:primary": Way.SETTLED}
    before = pupils[(pupils["year"] == 2027) & (pupils["unit_id"] == "U3") & (pupils["band"] == "primary_1_3")]
    assert before["section_id"].tolist() == ["P2:primary"]


def test_who_settles_in_town_has_a_short_way_and_no_finding():
    """They live near P1, as U1 does (4 minutes); the audit finds the same pupils as were operated, and no long way."""
    given = following(0.8)
    audit = audit_networks(given)
    rows = audit.of(Network.PLAN)
    assert rows[rows["rule"].isin(["operation_matches_plan", "travel_within_limit", "plan_is_consistent"])].empty
    examined = Case(given, Network.PLAN, given.plan, given.operation).closures
    row = examined.closures.iloc[0]
    assert (row["children"], row["follow"], row["settled"]) == pytest.approx((30, 24, 6))
    town = examined.journeys.set_index("to_section").loc["P1:primary"]
    assert (town["minutes_before"], town["minutes_after"]) == pytest.approx((5, 4))


def with_others_at(section: str, without: float, planned: float) -> Evidence:
    """The correct plan; that many more children of U3's lower grades sit at another school, without action and as planned."""
    given = cases.evidence()
    row = {
        "unit_id": "U3",
        "band": "primary_1_3",
        "section_id": section,
        "minutes": 60.0,
        "km": 20.0,
        "way": Way.OWN.value,
    }
    both = [
        replace(
            of,
            pupils=pd.concat([of.pupils, pd.DataFrame([{**row, "year": 2028, "children": more}])], ignore_index=True),
        )
        for of, more in ((given.no_action_operation, without), (given.operation, planned))
    ]
    return replace(given, no_action_operation=both[0], operation=both[1])


@pytest.mark.parametrize(
    ("without", "planned", "sent"), [(12, 12, {"N1:primary": 30}), (12, 22, {"N1:primary": 22.5, "P1:primary": 7.5})]
)
def test_who_sits_at_another_school_anyway_is_no_child_of_the_closed_one(without, planned, sent):
    """N1 has 30 more of U3 than without action, P1 none or ten: 30 × 30 / 40 and 30 × 10 / 40."""
    given = with_others_at("P1:primary", without, planned)
    journeys = Case(given, Network.PLAN, given.plan, given.operation).closures.journeys
    assert journeys.set_index("to_section")["children"].to_dict() == pytest.approx(sent)


# N1 has 90 pupils and 120 with P2's: 4 beds, 50 plates in two sittings …
RECEIVERS = table("""
beds  plates  boards  vetoes
0     -       False   _
0     100     False   _
0     50      False   meals
20    -       True    lodging
30    -       True    _
""")


@pytest.mark.parametrize("row", RECEIVERS.to_dict("records"))
def test_receiving_schools_need_beds_and_meals(row):
    """N1 feeds 180 of primary and junior in two sittings; 30 of U3 board where the way says so."""
    given = cases.evidence()
    sites = given.supply.sites
    sites = sites.assign(
        beds=sites["beds"].mask(sites.index == "N1", row["beds"]),
        canteen_seats=sites["canteen_seats"].mask(
            sites.index == "N1", np.nan if pd.isna(row["plates"]) else float(row["plates"])
        ),
    )
    supply = replace(given.supply, sites=sites)
    access = given.access
    if row["boards"]:
        access = replace(access, ways=table("band unit_id site_id way minutes\nprimary_1_3 U3 N1 boards 60"))
    run = operate(given.plan, given.demand, supply, access, cases.register())
    given = replace(given, supply=supply, access=access, operation=run)
    case = Case(given, Network.PLAN, given.plan, given.operation)
    assert case.closures.closures["vetoes"].tolist() == [row["vetoes"]]
    found = list(CHECKS["closure_receivers"].function(case))
    assert [breach.detail for breach in found] == row["vetoes"].split()


def test_an_oversized_receiver_is_found_only_where_the_closure_makes_it_so():
    """N1 with classes of 56 and more after the closure: three classes for 120; without P2's children they had 30."""
    given = cases.evidence(network=cases.reclassed(cases.plan(), (2, 3), "N1:primary", 2))
    case = Case(given, Network.PLAN, given.plan, given.operation)
    (breach,) = CHECKS["closure_receivers"].function(case)
    assert (breach.place_id, breach.scope) == ("P2:primary", "oversized")
    assert breach.figure >= breach.norm + 1 == 56


def test_steps_of_the_procedure_are_counted():
    """Two of the ten steps of a village school are recorded, on any stage of the campus."""
    steps = district_table("procedure", "school_id step date\nP2 draft 2026-03-01\nP2 notice 2026-04-01")
    given = replace(cases.evidence(), procedure=steps)
    (breach,) = CHECKS["closure_procedure"].function(Case(given, Network.PLAN, given.plan, given.operation))
    assert (breach.figure, breach.norm) == (2, 10)
    assert breach.detail.split() == [
        "consultation",
        "hearing",
        "expert",
        "risk",
        "legal",
        "deliberation",
        "approval",
        "filing",
    ]


def test_the_programme_stands_beside_its_quota():
    """One closure in 2028 of two planned, one a year but none in 2027."""
    settings = cases.scenario(consolidation={"closures_total": 2, "closures_by_year": {2027: 0}})
    given = cases.evidence(settings=settings)
    rows = Case(given, Network.PLAN, given.plan, given.operation).closures.programme
    assert rows.set_index("year")["closures"].to_dict() == {2026: 0, 2027: 0, 2028: 1, 2029: 0, 2030: 0, 0: 1}
    assert rows.set_index("year")["most"].to_dict() == {2026: 1, 2027: 0, 2028: 1, 2029: 1, 2030: 1, 0: 2}


@pytest.mark.parametrize(
    ("text", "day"),
    [("2023年5月10日", "2023-05-10"), ("2023/5/10", "2023-05-10"), ("2023-05-10 00:00:00", "2023-05-10"), ("20230510", "2023-05-10"),
     ("2023-13-01", None), ("五月", None), ("2023", None)],
)  # fmt: skip
def test_days_are_read_as_planners_write_them(text, day):
    """Excel's own, with slashes, in Chinese; a day that is none is refused."""
    assert parse_date(text) == day
