"""The evaluation board: indicators, coefficients and verdicts, each by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.indicators.board import FAILS, PASSES, UNKNOWN, coefficient, coefficients, verdicts
from simulator.indicators.board.schools import judge
from simulator.indicators.board.variation import BROKEN_BY_CHILDREN, HEALED_BY_PLAN
from simulator.rules.board import BOARD, DECLARABLE, RESOURCES, Answer, ItemGroup, Programme
from tests import plan_cases as cases
from tests.board_cases import FACILITIES, TEACHERS, board, evidence, facts, side
from tests.plan_cases import table

TEN_SCHOOLS = table("""
    pupils  square_metres_each
    100     6
    200     5
    300     4
    400     3
    500     2
    500     2
    400     3
    300     4
    200     5
    100     6
""")


def test_the_coefficient_of_ten_schools_is_that_of_the_calculation_by_hand():
    """ΣP = 3000, ΣPX = 10 000, mean 10/3; ΣP(X − 10/3)² = 42 000/9, so S = √14/3 and CV = √14/10 = 0.3742."""
    values, pupils = (TEN_SCHOOLS[name].to_numpy(float) for name in ("square_metres_each", "pupils"))
    figure, mean = coefficient(values, pupils)
    assert mean == pytest.approx(10 / 3)
    assert figure == pytest.approx(14**0.5 / 10)
    assert round(figure, 4) == 0.3742


def test_unweighted_each_school_counts_as_one():
    """Mean 4; squares 4 + 1 + 0 + 1 + 4, twice, over ten: S² = 2, CV = √2/4."""
    values, pupils = (TEN_SCHOOLS[name].to_numpy(float) for name in ("square_metres_each", "pupils"))
    figure, mean = coefficient(values, pupils, weighted=False)
    assert (figure, mean) == (pytest.approx(2**0.5 / 4), pytest.approx(4))


@given(
    st.lists(st.tuples(st.floats(0.1, 100), st.integers(1, 3000)), min_size=1, max_size=20),
    st.floats(0.1, 50),
)
def test_a_coefficient_is_not_negative_and_knows_no_unit(schools, scale):
    """In other units, and with every roll doubled, it is the same; a plain loop gives it too."""
    values, pupils = (np.array(column, dtype=float) for column in zip(*schools, strict=True))
    figure, mean = coefficient(values, pupils)
    total = sum(pupils)
    by_loop = sum(p / total * (x - mean) ** 2 for x, p in zip(values, pupils, strict=True)) ** 0.5 / mean
    assert figure == pytest.approx(by_loop, abs=1e-9)
    assert figure >= 0
    assert coefficient(scale * values, 2 * pupils)[0] == pytest.approx(figure, abs=1e-9)


def _schools(text: str) -> pd.DataFrame:
    """Rows of `Board.schools` with teaching area only, from network, year, section, pupils and square metres in all."""
    rows = table(text)
    other = {resource.item_id: np.nan for resource in RESOURCES}
    area = rows["square_metres"] / rows["pupils"]
    return rows.assign(county="", stage="primary", **(other | {"teaching_area": area}))


def test_children_alone_break_a_coefficient_and_the_plan_heals_it():
    """A and B have 450 m² for 100 pupils each. Then B has 20: 4.5 and 22.5 m², mean 7.5, S² = 45, CV = √45 / 7.5.

    The plan closes B and teaches its 20 at A: one school, CV 0.
    """
    rows = _schools("""
        network    year  section_id  pupils  square_metres
        no_action  2025  A           100     450
        no_action  2025  B           100     450
        no_action  2030  A           100     450
        no_action  2030  B           20      450
        plan       2025  A           100     450
        plan       2025  B           100     450
        plan       2030  A           120     450
    """)
    found = coefficients(rows, cases.standards()).set_index(["network", "year"])
    broken = 45**0.5 / 7.5
    idle, planned = found.loc[("no_action", 2030)], found.loc[("plan", 2030)]
    assert idle["coefficient"] == pytest.approx(broken)
    # The same 4.5 m² of 2025 in both: with the weights of 2030 alone nothing would have happened.
    assert idle["reweighted"] == pytest.approx(0)
    assert (idle["from_children"], idle["from_plan"]) == (pytest.approx(broken), pytest.approx(0))
    assert (planned["from_children"], planned["from_plan"]) == (pytest.approx(broken), pytest.approx(-broken))
    assert (idle["turn"], planned["turn"]) == (BROKEN_BY_CHILDREN, HEALED_BY_PLAN)


@pytest.mark.parametrize(
    ("ratios", "state", "reached"),
    [
        ([1, 1, 1, 1, 1, 1, 0.85], PASSES, 6),
        ([1, 1, 1, 1, 1, 1, 0.849], FAILS, 6),
        ([1, 1, 1, 1, 1, 0.99, 0.99], FAILS, 5),
        ([1, 1, 1, 1, 1, 1, np.nan], UNKNOWN, 6),
        ([1, 1, 1, 1, np.nan, 0.9, 0.9], FAILS, 4),
        ([1, 1, 1, np.nan, np.nan, np.nan, 0.9], UNKNOWN, 3),
    ],
)
def test_a_school_needs_six_of_seven_and_85_percent_of_the_seventh(ratios, state, reached):
    judged = judge(np.array([ratios], dtype=float), cases.standards())
    assert (judged["state"][0], judged["reached"][0]) == (state, reached)


@pytest.fixture(scope="module")
def whole():
    return board()


def _of(table_, **wanted):
    rows = table_
    for column, value in wanted.items():
        rows = rows[rows[column] == value]
    return rows


@pytest.mark.parametrize(
    ("year", "section", "item", "value"),
    [
        (2025, "P1:primary", "teaching_area", 2640 / 528),
        (2025, "P1:primary", "above_degree", 26 / 5.28),
        # N1's two parts share 1500 m² by pupils × norm: 90 × 4.5 + 60 × 5.8 = 753.
        (2025, "N1:primary", "teaching_area", 4.5 * 1500 / 753),
        (2025, "N1:junior", "teaching_area", 5.8 * 1500 / 753),
        # From 2028 it has P2's children: 120 × 4.5 + 60 × 5.8 = 888; of P2's 2 teachers a third, 120 of 240 + 120 pupils.
        (2028, "N1:primary", "teaching_area", 4.5 * 1500 / 888),
        (2028, "N1:primary", "above_degree", (6 + 2 / 3) / 1.2),
        # L1 is built for 12 × 45 pupils and has 288; it is staffed at norm.
        (2028, "L1:primary", "teaching_area", 4.5 * 540 / 288),
        (2028, "L1:primary", "above_degree", 4.2),
    ],
)
def test_resources_are_carried_with_the_plan(whole, year, section, item, value):
    row = _of(whole.schools, network="plan", year=year, section_id=section).iloc[0]
    assert row[item] == pytest.approx(value)


def test_teaching_points_below_50_pupils_are_not_counted(whole):
    assert "P2:primary" not in set(whole.schools["section_id"])


@pytest.mark.parametrize(
    ("item", "year", "figure", "norm", "state"),
    [
        # J1 has no art room.
        ("music_art_rooms", 2025, 1, 0, FAILS),
        # N1 has 1 backbone teacher for 120 pupils from 2028: two items below their norms, one of them below 85 %.
        ("schools_reach", 2025, 4, 4, PASSES),
        ("schools_reach", 2028, 4, 5, FAILS),
        ("class_size", 2028, 0, 0, PASSES),
        ("catchment_junior", 2028, 1, 0.95, PASSES),
        # 168 in kindergartens of 200 who live there; 168 ÷ 13 teachers; 3000 m² ÷ 168.
        ("preschool_gross", 2028, 0.84, 0.85, FAILS),
        ("preschool_teachers", 2028, 168 / 13, 15, PASSES),
        ("preschool_building", 2028, 3000 / 168, 10.44, PASSES),
        ("preschool_centres", 2028, 0, 0, PASSES),
        ("teacher_pay", 2028, np.nan, np.nan, UNKNOWN),
    ],
)
def test_items_of_the_county(whole, item, year, figure, norm, state):
    row = _of(whole.items, network="plan", year=year, item=item).iloc[0]
    assert (row["figure"], row["norm"]) == (
        pytest.approx(figure, nan_ok=True), pytest.approx(norm, nan_ok=True)
    )  # fmt: skip
    assert row["state"] == state


def test_what_nobody_has_told_is_never_taken_for_reached(whole):
    """Without a table of teachers three indicators are unknown; without declarations no county is recognised."""
    assert PASSES not in set(whole.verdicts["state"])
    unstaffed = side(evidence(facts(teachers=TEACHERS.iloc[:0])))
    row = _of(unstaffed.schools, year=2025, section_id="P1:primary").iloc[0]
    assert (row["reached"], row["unknown"], row["state"]) == (4, 3, UNKNOWN)


def test_declared_items_hold_from_their_year_and_before_the_tables():
    """Pay was too low until 2027; one school's word is enough to miss an item; a value is held against the norm."""
    known = facts(
        declared="""
            teacher_pay      2025  _   no   -
            teacher_pay      2027  _   yes  -
            rotation         -     _   _    0.12
            certified        -     _   _    0.97
            conduct          -     _   yes  -
            conduct          -     P1  no   -
            music_art_rooms  -     _   yes  -
        """,
        migrants="P1:primary 40\nJ1:junior 10",
    )
    items = _of(board(known).items, network="plan").set_index(["item", "year"])
    expected = {
        ("teacher_pay", 2026): FAILS,
        ("teacher_pay", 2027): PASSES,
        ("rotation", 2025): PASSES,
        ("certified", 2025): FAILS,
        ("conduct", 2025): FAILS,
        ("music_art_rooms", 2025): PASSES,
    }
    assert {key: items.loc[key, "state"] for key in expected} == expected
    assert items.loc[("music_art_rooms", 2025), "answer"] == Answer.DECLARED
    assert items.loc[("rotation", 2025), "figure"] == 0.12
    # All schools of the district are public: of the children registered elsewhere, 50 of 50.
    assert tuple(items.loc[("migrant_places", 2025), ["figure", "state"]]) == (1.0, PASSES)


def test_a_county_is_recognised_when_every_item_is_reached():
    items = pd.DataFrame(
        [("plan", "", 2025, "balance", item.item_id, PASSES) for item in BOARD.values()],
        columns=["network", "county", "year", "programme", "item", "state"],
    )
    assert list(verdicts(items)["state"]) == [PASSES]
    items.loc[3, "state"] = UNKNOWN
    assert list(verdicts(items)["state"]) == [UNKNOWN]
    items.loc[5, "state"] = FAILS
    assert verdicts(items)[["state", "reasons"]].to_numpy().tolist() == [[FAILS, "music_art_rooms"]]


def test_the_board_has_every_item_of_the_two_evaluations():
    """7 indicators with their coefficients, 15 guarantees, 9 quality items; each either worked out or declared."""
    balance = [item for item in BOARD.values() if item.programme is Programme.BALANCE]
    numbers = {group: {item.number for item in balance if item.group is group} for group in ItemGroup}
    assert len(RESOURCES) == 7
    assert numbers[ItemGroup.GUARANTEE] == set(range(1, 16))
    assert numbers[ItemGroup.QUALITY] == set(range(1, 10))
    assert set(DECLARABLE) == {name for name, item in BOARD.items() if item.answer is not Answer.COMPUTED}
    assert all(item.norm in cases.standards().figures for item in BOARD.values() if item.norm)


def test_a_district_without_facilities_has_an_open_board():
    known = facts(facilities=FACILITIES.iloc[:0])
    rows = side(evidence(known)).schools
    assert set(rows.loc[rows["section_id"] == "P1:primary", "unknown"]) == {4}
