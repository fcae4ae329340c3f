"""Shares against own targets, promised seats, and levers: temporary and bought seats, private schools that leave."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.audit import Evidence
from simulator.audit.case import Case
from simulator.audit.register import CHECKS, Breach
from simulator.capacity.levers import impossible_levers, private_exits, temporary_wan
from simulator.indicators.levers import lever_rows
from simulator.indicators.shares import own_targets, shares
from simulator.model.declare import declare
from simulator.model.problem import Problem
from simulator.model.requirements import extra_costs, temporary_rooms
from simulator.scenario import Scenario
from simulator.terms import Network
from tests import board_cases as board
from tests import plan_cases as cases
from tests.model_cases import problem, section, site
from tests.plan_cases import table
from tests.test_model_lodging import solved

NO_ADMISSION = pd.DataFrame(columns=["school_id", "stage", "year", "classes", "seats"])
NO_MOVES = pd.DataFrame(columns=["phase", "stage", "cause", "children_moved"])


def with_levers(**levers: object) -> Scenario:
    """The scenario of the hand-made district with levers."""
    return cases.scenario(levers=levers)


def private(kindergarten: str = "K1", nature: str = "private"):
    """The supply with a kindergarten that is private."""
    sections = cases.supply().sections.copy()
    sections.loc[f"{kindergarten}:kindergarten", ["public", "nature", "decided_here"]] = [False, nature, False]
    return replace(cases.supply(), sections=sections)


def told(item: str, year: int, facts: object = None, **changes: object) -> float:
    """A share of the plan in a year."""
    rows = shares(board.side(board.evidence(facts, **changes)))
    return rows.loc[(rows["item"] == item) & (rows["year"] == year), "figure"].item()


# Children of migrant workers: 200; 60 of 80 on the register sit in public schools.
MIGRANTS = replace(
    board.facts(migrants="P1:primary 60\nN1:junior 20"),
    children=pd.DataFrame({"county": "", "year": list(cases.YEARS), "teens": 300.0, "migrant": 200.0}),
)
BOUGHT = {
    "bought": [
        {
            "school": "K1",
            "stage": "kindergarten",
            "first_year": 2027,
            "last_year": 2028,
            "seats": 30,
            "price_yuan": 6000,
        }
    ]
}
RECOGNISED = {"recognised": [{"school": "K1", "year": 2029}]}

# K1 has 120 of 168 children. Bought: 30 of them; recognised from 2029. The senior school has 150 of 300.
SHARES = table("""
    item                    year  levers      figure
    kindergarten_public     2026  none        0.2857
    kindergarten_inclusive  2026  none        0.2857
    kindergarten_inclusive  2026  bought      0.2857
    kindergarten_inclusive  2027  bought      0.4643
    kindergarten_inclusive  2029  bought      0.2857
    kindergarten_inclusive  2028  recognised  0.2857
    kindergarten_inclusive  2029  recognised  1.0
    kindergarten_gross      2026  none        0.84
    private_compulsory      2026  none        0.0
    compulsory_enrolled     2026  none        1.0
    migrant_enrolled        2026  none        1.0
    migrant_public          2026  none        1.0
    senior_gross            2026  none        0.5
    vocational_share        2026  none        0.0
    compulsory_retention    2026  none        0.9920
    new_seats               2027  none        0
    new_seats               2028  none        540
    new_seats_schools       2031  none        540
    new_seats_kindergarten  2031  none        0
    nursery_seats           2031  none        0
""")


@cache
def all_shares(levers: str) -> pd.DataFrame:
    """Shares of the plan with some levers."""
    settings = with_levers(**{"none": {}, "bought": BOUGHT, "recognised": RECOGNISED}[levers])
    return shares(board.side(board.evidence(MIGRANTS, of=private(), settings=settings)))


@pytest.mark.parametrize(
    "row", SHARES.to_dict("records"), ids=lambda row: f"{row['item']}-{row['year']}-{row['levers']}"
)
def test_shares_are_those_worked_out_by_hand(row):
    rows = all_shares(row["levers"])
    figure = rows.loc[(rows["item"] == row["item"]) & (rows["year"] == row["year"]), "figure"].item()
    assert figure == pytest.approx(row["figure"], abs=1e-4)


def test_bought_places_count_for_migrant_children_beside_public_schools():
    sections = cases.supply().sections.copy()
    sections.loc["N1:junior", ["public", "nature"]] = [False, "private"]
    supply = replace(cases.supply(), sections=sections)
    bought = {"school": "N1", "stage": "junior", "first_year": 2026, "last_year": 2026, "seats": 24, "price_yuan": 9000}
    settings = with_levers(bought=[bought])
    # 60 of 80 in public schools: 150 of 200; 24 seats more in 2026 alone.
    for year, figure in ((2026, 0.87), (2027, 0.75)):
        assert told("migrant_places", year, MIGRANTS, of=supply, settings=settings) == pytest.approx(figure)
        assert told("migrant_public", year, MIGRANTS, of=supply, settings=settings) == pytest.approx(0.75)


def test_without_an_origins_table_the_public_share_of_the_scenario_holds():
    facts = replace(MIGRANTS, migrants=board.facts().migrants)
    assert told("migrant_public", 2026, facts) == pytest.approx(cases.scenario().population.migrant_public_share)


def test_shares_of_a_city_are_sums_over_its_counties():
    facts = board.facts()
    counties = pd.DataFrame({"unit_id": ["U1", "U2", "U3", "U4"], "county": ["东县", "东县", "西县", "西县"]})
    west = facts.facilities["site_id"].isin(["P2", "N1", "K2"])
    facilities = facts.facilities.assign(county=west.map({True: "西县", False: "东县"}))
    young = pd.concat(
        [facts.young.assign(county="东县", children=120.0), facts.young.assign(county="西县", children=80.0)]
    )
    rows = shares(board.side(board.evidence(replace(facts, counties=counties, facilities=facilities, young=young))))
    gross = rows[(rows["item"] == "kindergarten_gross") & (rows["year"] == 2026)].set_index("county")["figure"]
    assert gross.to_dict() == pytest.approx({"": 168 / 200, "东县": 120 / 120, "西县": 48 / 80})


# Promised: 500 seats by 2028 (540 open), 600 by 2028; public kindergartens 95 % and at most 10 % private.
TARGETS = table("""
    item                 bound  value  year  met
    new_seats            least  500    2028  yes
    new_seats            least  600    2028  no
    new_seats            least  500    2027  no
    kindergarten_public  least  0.95   2027  no
    private_compulsory   most   0.15   2027  yes
    senior_gross         least  0.7    2027  _
""")


def targets_of(rows: pd.DataFrame) -> list[dict[str, object]]:
    """Targets as a scenario has them."""
    return [{"item": row["item"], row["bound"]: row["value"], "year": row["year"]} for row in rows.to_dict("records")]


def test_targets_stand_beside_the_figure_of_their_year():
    settings = cases.scenario(targets=targets_of(TARGETS))
    side = board.side(board.evidence(of=private(), settings=settings))
    found = own_targets(shares(side), settings.targets)
    assert found["met"].tolist() == TARGETS["met"].tolist()


def breaches(rule: str, given_evidence: Evidence) -> list[Breach]:
    """What one rule finds in the plan."""
    case = Case(given_evidence, Network.PLAN, given_evidence.plan, given_evidence.operation)
    return list(CHECKS[rule].function(case))


def test_the_audit_finds_targets_missed_seats_in_their_year_and_shares_from_then_on():
    settings = cases.scenario(targets=targets_of(TARGETS))
    found = breaches("own_targets", board.evidence(of=private(), settings=settings))
    assert [(one.place_id, one.norm, one.year) for one in found] == [
        ("new_seats", 600.0, 2028),
        ("new_seats", 500.0, 2027),
        *(("kindergarten_public", 95.0, year) for year in (2027, 2028, 2029, 2030)),
    ]


def test_targets_that_are_met_leave_no_finding():
    settings = cases.scenario(targets=[{"item": "kindergarten_public", "least": 0.5, "year": 2026}])
    assert breaches("own_targets", board.evidence(settings=settings)) == []


LEAVING = pd.DataFrame(
    {
        "site_id": ["A", "B", "C", "D"],
        "stage": ["kindergarten"] * 3 + ["primary"],
        "public": [False, False, False, False],
        "existing": True,
        "seats_fixed": [90.0, float("nan"), 60.0, 100.0],
        "classes": [9, 2, 9, 9],
        "class_size": [30.0, 30.0, 30.0, 45.0],
    }
)


@pytest.mark.parametrize(
    ("share", "leaving"),
    # 210 private seats: B and C have 60 each, A 90; at 10 % 21 seats a year (C only after 2030), at 100 % all
    # in the first.
    [
        (0.0, {}),
        (0.1, {"B": 2028}),
        (0.3, {"B": 2026, "C": 2027, "A": 2029}),
        (1.0, dict.fromkeys("BCA", 2026)),
    ],
)
def test_private_schools_leave_whole_smallest_first_as_the_exit_curve_says(share, leaving):
    works = private_exits(LEAVING, with_levers(private_exit={"kindergarten": share}))
    assert {work["site_id"]: work["year"] for work in works} == leaving
    assert all(work["kind"] == "consolidation" for work in works)


@given(st.floats(0.0, 1.0))
def test_the_seats_that_left_never_run_ahead_of_the_curve(share):
    works = private_exits(LEAVING, with_levers(private_exit={"kindergarten": share}))
    seats = {"A": 90, "B": 60, "C": 60}
    for year in range(2026, 2032):
        gone = sum(seats[str(work["site_id"])] for work in works if int(str(work["year"])) <= year)
        assert gone <= share * (year - 2025) * 210 + 1e-6


TEMPORARY = {"place": "P1", "stage": "primary", "rooms": 2, "first_year": 2026, "last_year": 2029}


def test_temporary_rooms_serve_in_phases_that_they_last_through():
    settings = with_levers(temporary=[TEMPORARY])
    phases = [(phase.first_year, phase.last_year) for phase in settings.plan_phases]
    expected = {code: 2 for code, (first, last) in enumerate(phases) if first >= 2026 and last <= 2029}
    assert 0 < len(expected) < len(phases)
    assert temporary_rooms(settings, "P1") == expected
    assert temporary_rooms(settings, "P2") == {}


@pytest.mark.parametrize(("stated", "wan"), [(None, 2 * 45 * 1.5), (80.0, 80.0)])
def test_temporary_rooms_cost_what_is_stated_else_the_price_of_their_seats(stated, wan):
    settings = with_levers(temporary=[TEMPORARY | ({} if stated is None else {"cost_wan": stated})])
    cost = temporary_wan(settings, cases.standards(), "P1")
    assert cost == [(2026, pytest.approx(wan))]
    extra = extra_costs(settings, cases.supply(), "P1", {"rooms": 270.0, "converted": 40.0}, cost)
    assert extra == {0: pytest.approx(wan)}


def crowded(temporary: dict[int, int]) -> Problem:
    """Six rooms of 45 for 315 children: a class too few in both years."""
    return problem(
        children=[[315.0, 315.0]],
        minutes=[[5.0]],
        sections=[section(0, class_size_max=45.0)],
        sites=[site(0, (0,), temporary=temporary)],
        today=[0],
    )


@pytest.mark.parametrize(
    ("temporary", "classes", "short"),
    [({}, [6, 6], [45, 45]), ({0: 1}, [7, 6], [0, 45]), ({1: 3}, [6, 7], [45, 0])],
)
def test_temporary_rooms_hold_classes_until_they_expire(temporary, classes, short):
    _objective, values, model = solved(crowded(temporary))
    v = model.variables
    assert [round(values[v.classes[0, phase].name]) for phase in (0, 1)] == classes
    assert [round(values[v.short[0, year].name]) for year in (0, 1)] == short


def test_the_model_of_a_campus_without_temporary_rooms_is_the_same_as_ever():
    assert declare(crowded({})).lp.toDict() == declare(crowded({5: 0})).lp.toDict()


def test_the_audit_counts_temporary_rooms_until_they_expire():
    # P1 runs 14 classes in its 12 rooms in the first phase.
    network = cases.reclassed(cases.plan(), (1,), "P1:primary", 14)
    span = cases.scenario().plan_phases[0]
    lever = TEMPORARY | {"first_year": span.first_year, "last_year": span.last_year}
    for levers, fails in (({}, True), ({"temporary": [lever]}, False), ({"temporary": [lever | {"rooms": 1}]}, True)):
        found = breaches("stages_share_rooms", board.evidence(network=network, settings=with_levers(**levers)))
        assert bool(found) is fails, levers


def levers_of(settings: Scenario, **changes: object) -> pd.DataFrame:
    """Levers of the hand-made plan."""
    side = board.side(board.evidence(settings=settings, **changes))
    return lever_rows(side, changes.pop("moved", NO_MOVES), NO_ADMISSION)


# L1 is built with 540 seats; P1 gives up six classes of 45 once U2 has left; temporary seats come and go.
LEVERS = table("""
    lever    kind        stage         year  seats  cost_wan
    expand   temporary   primary       2026  90     135
    expand   new_build   primary       2028  540    2970
    expand   expired     primary       2030  -90    -
    adjust   classes     primary       2028  -270   -
    private  bought      kindergarten  2027  30     18
    private  bought      kindergarten  2028  30     18
""")


def test_every_lever_stands_in_the_list_with_its_seats_and_cost():
    settings = with_levers(temporary=[TEMPORARY], **BOUGHT)
    found = levers_of(settings, of=private())
    pd.testing.assert_frame_equal(found[list(LEVERS.columns)], LEVERS, check_dtype=False)


def test_children_who_move_are_the_lever_of_other_catchments():
    moved = pd.DataFrame({"phase": [2], "stage": ["primary"], "cause": ["catchment"], "children_moved": [48.0]})
    side = board.side(board.evidence())
    found = lever_rows(side, moved, NO_ADMISSION).query("lever == 'divert'")
    assert found[["kind", "year", "children"]].to_numpy().tolist() == [["catchment", 2028, 48.0]]


def test_entry_classes_beside_the_admission_plan_are_an_adjustment():
    # P1 admits two classes in 2026, as its twelve classes in six grades say; one was planned.
    plan = pd.DataFrame({"school_id": ["P1"], "stage": ["primary"], "year": [2026], "classes": [1], "seats": [45]})
    found = lever_rows(board.side(board.evidence()), NO_MOVES, plan).query("kind == 'admission'")
    assert found[["year", "places", "seats"]].to_numpy().tolist() == [[2026, 1, 45.0]]


FAULTS = table("""
    lever       place  stage         says
    temporary   X9     primary       没有
    temporary   J1     junior        不由本教育局决定
    bought      P1     primary       不是民办学校
    recognised  K1     kindergarten  不是民办学校
    serves      J1     junior        不由本教育局决定
""")


class Places:
    """A district whose table of sources gives a project more than the whole."""

    def __init__(self, shares_of: float = 0.0) -> None:
        self.funding = pd.DataFrame({"place_id": ["L1"], "source": ["专项债券"], "share": [shares_of]})


@pytest.mark.parametrize("row", FAULTS.to_dict("records"), ids=lambda row: f"{row['lever']}-{row['place']}")
def test_a_lever_that_names_the_wrong_school_is_refused(row):
    keys = {
        "temporary": {"place": row["place"], "stage": row["stage"], "rooms": 1, "first_year": 2026, "last_year": 2027},
        "bought": BOUGHT["bought"][0] | {"school": row["place"], "stage": row["stage"]},
        "recognised": {"school": row["place"], "year": 2027},
        "serves": {"school": row["place"], "stage": row["stage"], "serves": "migrant"},
    }
    settings = with_levers(**{row["lever"]: [keys[row["lever"]]]})
    (fault,) = impossible_levers(settings, cases.supply(), Places())
    assert row["says"] in str(fault)


def test_sources_beyond_the_whole_are_refused():
    (fault,) = impossible_levers(cases.scenario(), cases.supply(), Places(1.2))
    assert "超过 1" in str(fault)


@pytest.mark.parametrize(
    ("group", "says"),
    [
        ({"levers": {"private_exit": {"primary": 0.1}}}, "private_exit"),
        ({"levers": {"temporary": [TEMPORARY | {"last_year": 2025}]}}, "last_year"),
        ({"targets": [{"item": "new_seats", "year": 2028}]}, "least"),
        ({"targets": [{"item": "migrant_public", "least": 78, "year": 2028}]}, "0.56"),
    ],
)
def test_settings_that_contradict_themselves_are_refused(group, says):
    with pytest.raises(ValueError, match=says):
        cases.scenario(**group)
