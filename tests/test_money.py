"""Running cost by head, what must not fall, what closings save, sources of money; figures worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.audit import Evidence, audit_networks
from simulator.audit.case import Case
from simulator.audit.register import CHECKS, Breach
from simulator.capacity.levers import by_source, funding_shares
from simulator.indicators import NO_STAFF
from simulator.indicators.closings import closing_savings
from simulator.indicators.running import HEADS, missing_pupils, running_cost, section_running, spending_falls
from simulator.standards import Figure
from simulator.terms import Effect, Network
from tests import board_cases as board
from tests import plan_cases as cases
from tests.plan_cases import table


def rows_of(changes: dict[str, object] | None = None, *, present: bool = False) -> pd.DataFrame:
    """Running cost of a network of the hand-made district."""
    given_evidence = board.evidence(settings=cases.scenario(**changes)) if changes else plain()
    return running_cost(board.side(given_evidence, present=present), NO_STAFF.stages)


@cache
def plain() -> Evidence:
    """The hand-made district as it is."""
    return board.evidence()


# Primary today: 648 children at 720 yuan; P2 has 30, which the floor makes 100: 70 × 720 = 5.04 万元. 21 classes at 2 万元.
# In 2028 P2 is gone and L1 open: 24 classes, no small campus; posts 13 + 12 + 24 at 12 万元.
HEADS_BY_HAND = table("""
    network    year  staff_wan  funds_wan  floor_wan  classes_wan  total_wan
    plan       2025  552        46.656     5.04       42           645.696
    plan       2028  588        46.656     0          48           682.656
    no_action  2028  552        46.656     5.04       42           645.696
""")


@pytest.mark.parametrize("row", HEADS_BY_HAND.to_dict("records"), ids=lambda row: f"{row['network']}-{row['year']}")
def test_heads_of_running_cost_are_those_worked_out_by_hand(row):
    rows = rows_of(present=row["network"] == "no_action").query("stage == 'primary'").set_index("year").loc[row["year"]]
    assert {name: rows[name] for name in row if name.endswith("_wan")} == pytest.approx(
        {name: value for name, value in row.items() if name.endswith("_wan")}
    )


def test_the_total_is_the_sum_of_the_heads_and_training_a_part_of_the_funds():
    rows = rows_of()
    assert rows["total_wan"].tolist() == pytest.approx(rows[list(HEADS)].sum(axis=1).tolist())
    funds = rows[["funds_wan", "floor_wan", "boarders_wan", "special_wan"]].sum(axis=1)
    assert rows["training_wan"].tolist() == pytest.approx((0.05 * funds).tolist())


def test_funds_and_wages_grow_as_the_scenario_says():
    plain, dearer = rows_of(), rows_of({"money": {"funds_growth": 0.1, "wage_growth": 0.2}})
    year = plain["year"] == 2027
    assert dearer.loc[year, "funds_wan"].sum() == pytest.approx(1.1**2 * plain.loc[year, "funds_wan"].sum())
    assert dearer.loc[year, "staff_wan"].sum() == pytest.approx(1.2**2 * plain.loc[year, "staff_wan"].sum())


def test_disabled_pupils_in_ordinary_classes_are_funded_at_the_special_rate():
    # The norm of the evaluation is 7,000 yuan: 28 pupils × (7000 − 720) yuan more than other pupils.
    norm = cases.standards().value("balance.special_pupil_funds")
    rows = rows_of({"money": {"included_pupils": {"primary": 28}}}).query("stage == 'primary' and year == 2026")
    assert rows["special_wan"].sum() == pytest.approx(28 * (norm - 720) / 10_000)


def test_teachers_beyond_need_stay_in_the_pool_and_are_paid():
    spare = pd.DataFrame({"network": ["plan"], "county": [""], "year": [2028], "stage": ["primary"], "spare": [4]})
    rows = running_cost(board.side(board.evidence()), spare).set_index(["year", "stage"])
    assert rows.loc[(2028, "primary"), "spare_wan"] == pytest.approx(48.0)
    assert rows.loc[(2027, "primary"), "spare_wan"] == 0


def test_boarders_of_today_are_lodged_in_later_years_too():
    facts = replace(board.facts(), boarders=pd.DataFrame({"section_id": ["N1:junior"], "boarders": [30.0]}))
    rows = section_running(board.side(board.evidence(facts))).set_index(["year", "section_id"])
    # Half of the 60 pupils board: 30 × (300 + 2700) yuan.
    assert rows.loc[(2030, "N1:junior"), "boarders_wan"] == pytest.approx(9.0)


SMALL = table("""
    site_id  stage    area_kind  grade_from  pupils  lacking
    A        primary  village    1           30      70
    B        primary  city       1           30      0
    C        primary  town       1           40      10
    C        junior   town       7           50      0
    D        primary  village    1           140     0
    E        senior   village    10          20      0
""")


def test_the_floor_of_a_hundred_pupils_counts_a_campus_once_and_only_outside_the_city():
    rows = SMALL.assign(year=2026)
    assert missing_pupils(rows, cases.standards()).tolist() == rows["lacking"].tolist()


@given(st.lists(st.integers(1, 200), min_size=1, max_size=8))
def test_pupils_and_the_floor_together_are_at_least_a_hundred(pupils):
    rows = pd.DataFrame({"site_id": [f"S{k}" for k in range(len(pupils))], "pupils": pupils})
    rows = rows.assign(year=2026, stage="primary", area_kind="village", grade_from=1)
    funded = rows["pupils"] + missing_pupils(rows, cases.standards())
    assert funded.tolist() == [max(count, 100) for count in pupils]


# P2 (30 pupils, 3 classes) closes in 2028. Posts of a small village section: 3 classes × 2 = 6; 30 ÷ 19 of them follow
# the pupils. On paper 4.42 × 12 + 5.04 + 6; in truth the floor (70 × 720) and what three classes cost beside staff.
CLOSED = {"funds_before_wan": 7.2, "funds_after_wan": 2.16, "building_wan": 6.0, "bus_wan": 0.0, "boarding_wan": 0.0}


def test_closing_a_tiny_school_saves_little_while_its_staff_stay_in_the_pool():
    given_evidence = board.evidence()
    found = closing_savings(board.side(given_evidence), board.side(given_evidence, present=True))
    (row,) = found.to_dict("records")
    assert (row["section_id"], row["year"], row["pupils"], bool(row["tiny"])) == ("P2:primary", 2028, 30, True)
    assert {name: row[name] for name in CLOSED} == pytest.approx(CLOSED)
    freed = 6 - 30 / 19
    assert (row["posts_freed"], row["real_wan"]) == pytest.approx((freed, 11.04))
    assert row["paper_wan"] == pytest.approx(11.04 + 12 * freed)


def test_buses_of_the_children_who_left_are_set_against_what_closing_saves():
    given_evidence = cases.with_ways(
        board.evidence(), "band unit_id site_id way minutes\nprimary_1_3 U3 N1 school_bus 25", {"N1": 0.0}
    )
    found = closing_savings(board.side(given_evidence), board.side(given_evidence, present=True)).iloc[0]
    # 30 children by bus at 4500 yuan.
    assert found["bus_wan"] == pytest.approx(13.5)
    assert found["real_wan"] == pytest.approx(11.04 - 13.5)


def test_funds_a_pupil_fall_where_a_small_school_closes_and_the_amount_to_hold_is_told():
    falls = spending_falls(rows_of())
    (row,) = falls.to_dict("records")
    assert (row["stage"], row["year"], row["kind"]) == ("primary", 2028, "funds")
    # (46.656 + 5.04) ÷ 648 = 797.8 yuan, then 720: 5.04 万元 keep the level.
    assert (row["before"], row["now"], row["hold_wan"]) == pytest.approx((797.78, 720.0, 5.04), abs=0.01)


def test_nothing_falls_in_a_network_that_stays_as_it_is():
    assert spending_falls(rows_of(present=True)).empty


def budgets(text: str) -> pd.DataFrame:
    """The table of budgets; `-` where nothing is known."""
    return table(f"year education_wan staff_wan funds_wan training_wan\n{text}").astype(float).astype({"year": int})


def breaches(rule: str, text: str = "", **changes: object) -> list[Breach]:
    """What one rule finds in the plan, with budgets."""
    facts = replace(board.facts(), budgets=budgets(text)) if text else board.facts()
    given_evidence = board.evidence(facts, **changes)
    case = Case(given_evidence, Network.PLAN, given_evidence.plan, given_evidence.operation)
    return list(CHECKS[rule].function(case))


BUDGETS = table("""
    case         first                second               rigid
    grows        5000|2600|150|8      5200|2700|160|8      0
    total_falls  5000|-|-|-           4990|-|-|-           2
    funds_fall   5000|2600|150|8      5200|2700|140|8      1
    unknown      -|-|-|-              -|-|-|-              0
""")


@pytest.mark.parametrize("row", BUDGETS.to_dict("records"), ids=lambda row: row["case"])
def test_entered_budgets_must_not_fall_nor_fall_a_pupil(row):
    text = f"2026 {row['first'].replace('|', ' ')}\n2027 {row['second'].replace('|', ' ')}"
    found = breaches("spending_never_falls", text)
    assert sum(breach.effect is Effect.RIGID for breach in found) == row["rigid"]


def test_a_budget_that_falls_is_the_bureaus_state_and_fails_no_plan():
    facts = replace(board.facts(), budgets=budgets("2026 5000 - - -\n2027 4990 - - -"))
    audit = audit_networks(board.evidence(facts))
    found = audit.of(Network.PLAN)
    found = found[(found["rule"] == "spending_never_falls") & (found["effect"] == "rigid")]
    assert set(found["status"]) == {"inherited"}


@pytest.mark.parametrize(("training", "fails"), [(7.5, False), (7.4, True)])
def test_training_has_a_twentieth_of_the_funds(training, fails):
    assert bool(breaches("training_funds", f"2026 5000 2600 150 {training}")) is fails


@pytest.mark.parametrize(("value", "fails"), [(720.0, False), (800.0, False), (700.0, True)])
def test_a_local_figure_may_raise_the_funds_a_pupil_but_not_lower_them(value, fails):
    known = cases.standards()
    national = known.figures["cost.pupil_year.primary"]
    local: Figure = replace(national, value=value)
    norms = replace(
        known,
        figures=known.figures | {"cost.pupil_year.primary": local},
        replaced=(*known.replaced, (national, local)),
    )
    assert bool(breaches("pupil_funds_standard", norms=norms)) is fails


class Places:
    """The tables of a district that sources of money are read from."""

    def __init__(self, funding: pd.DataFrame) -> None:
        self.funding = funding


FUNDING = table("""
    place_id  source    share
    A         专项债券  0.6
    A         中央专项  0.3
    B         省级专项  1.0
""")
CAPITAL = table("""
    year  phase  site_id  source    capital_wan
    2026  1      A        _         100
    2027  1      B        _         40
    2027  1      C        _         10
    2027  1      A        社会资金  5
""").astype({"capital_wan": float})
SPLIT = table("""
    year  site_id  source    capital_wan
    2026  A        专项债券  60
    2026  A        中央专项  30
    2026  A        县级财政  10
    2027  B        省级专项  40
    2027  C        县级财政  10
    2027  A        社会资金  5
""").astype({"capital_wan": float})


def test_capital_is_shared_out_over_its_sources_and_the_rest_is_the_countys():
    found = by_source(CAPITAL, Places(FUNDING))[list(SPLIT.columns)]
    pd.testing.assert_frame_equal(found, SPLIT)


def test_sharing_out_twice_changes_nothing():
    once = by_source(CAPITAL, Places(FUNDING))
    pd.testing.assert_frame_equal(by_source(once, Places(FUNDING)), once)


@given(st.lists(st.floats(0.01, 0.33), max_size=3))
def test_sources_of_a_project_add_up_to_the_whole(shares):
    funding = pd.DataFrame({"place_id": "A", "source": [f"来源{k}" for k in range(len(shares))], "share": shares})
    assert all(sum(found.values()) == pytest.approx(1.0) for found in funding_shares(Places(funding)).values())
