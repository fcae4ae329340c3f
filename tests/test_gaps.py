"""The composite index and the gap of town and village, by hand on the board's small district, and on their sheets."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.audit import Evidence
from simulator.indicators.board import NO_BOARD, Board, Side, coefficients
from simulator.indicators.board.country import country_gaps
from simulator.indicators.board.index import HEADS, WHOLE, composite_index
from simulator.outputs.workbook.gaps import gap_sheets
from simulator.result import Result
from tests import board_cases
from tests import plan_cases as cases
from tests.plan_cases import table
from tests.result_cases import make_result


def measured(evidence: Evidence) -> Board:
    """Both networks' schools and coefficients, the gaps, and the index of the plan and of no action."""
    sides = [board_cases.side(evidence), board_cases.side(evidence, present=True)]
    schools = pd.concat([side.schools for side in sides], ignore_index=True)
    variation = coefficients(schools, evidence.standards)
    points = [composite_index(side, variation[variation["network"] == side.operation.network]) for side in sides]
    return Board(
        schools=schools,
        variation=variation,
        country=country_gaps(schools, variation, cases.YEARS[0]),
        index=pd.concat(points, ignore_index=True),
    )


@pytest.fixture(scope="module")
def known() -> Evidence:
    """The board's small district."""
    return board_cases.evidence()


@pytest.fixture(scope="module")
def plain(known: Evidence) -> Board:
    """The figures of the district as it is."""
    return measured(known)


def index(found: Board, year: int, network: str = "plan") -> dict[str, float]:
    """Points of the index and its heads."""
    rows = found.index[(found.index["network"] == network) & (found.index["year"] == year)]
    return dict(zip(rows["head"], rows["figure"], strict=True))


def test_the_index_of_a_year_is_that_of_the_calculation_by_hand(plain: Board) -> None:
    """2028: N1's primary has 0.833 backbone of 1 and 0.833 of 0.9 for sport and arts, everything else reaches its norm.

    Its mean is (5 + 0.8333 + 0.9259) ÷ 7 = 0.96561; it has 120 of 948 pupils: (828 + 120 × 0.96561) ÷ 948 = 0.99565.
    The other heads are full: (99.565 + 4 × 100) ÷ 5 = 99.913.
    """
    expected = {"whole": 99.9129, "resources": 99.5647} | dict.fromkeys(HEADS[1:], 100.0)
    assert index(plain, 2028) == pytest.approx(expected, abs=1e-4)
    assert index(plain, 2025) == pytest.approx(dict.fromkeys((WHOLE, *HEADS), 100.0))
    assert index(plain, 2028, "no_action") == pytest.approx(dict.fromkeys((WHOLE, *HEADS), 100.0))


def test_each_head_falls_with_what_it_measures(known: Evidence) -> None:
    """Of 1,116 children (168 in kindergarten, 648 primary, 300 junior) in 2025.

    P1's 528 in 264 seats: 264 without, (1,116 − 264) ÷ 1,116 = 76.34 %. A limit of 20 minutes for villages is too short for
    the 30 of U3 who walk 25 minutes to N1: 97.31 %. A standard size of 40 is less than the 44 of P1's 12 classes and of
    N1's none, of 30 classes in all: 60 %. Weights 0 but for journeys 1 and class sizes 3: (97.31 + 180) ÷ 4 = 69.33.
    """
    sections = known.plan.sections
    fewer = sections.assign(seats=sections["seats"].mask(sections["section_id"] == "P1:primary", 264.0))
    limits = known.access.limits
    short = limits.assign(minutes=limits["minutes"].mask((limits["stage"] == "primary") & (limits["area_kind"] == "village"), 20))  # fmt: skip
    weights = {"resources": 0, "balance": 0, "seats": 0, "class_sizes": 3}
    scenario = cases.scenario(balance={"index": weights})
    harder = replace(
        known,
        plan=replace(known.plan, sections=fewer),
        access=replace(known.access, limits=short),
        standards=cases.standards(class_size__primary=40.0),
        scenario=scenario,
    )
    expected = {
        "resources": 100.0,
        "balance": 100.0,
        "seats": 100 * 852 / 1116,
        "journeys": 100 * 1086 / 1116,
        "class_sizes": 60.0,
        "whole": (100 * 1086 / 1116 + 180.0) / 4,
    }
    assert index(measured(harder), 2025) == pytest.approx(expected)


def test_a_coefficient_beyond_its_limit_counts_by_how_far(known: Evidence) -> None:
    """With a limit of 0.25 for primary schools 2028 has 0.466, 0.492 and 0.438 beyond it, and eleven of 14 within."""
    harder = replace(known, standards=cases.standards(balance__variation__primary=0.25))
    expected = 100 * (11 + 0.25 / 0.466071 + 0.25 / 0.492198 + 0.25 / 0.438490) / 14
    assert index(measured(harder), 2028)["balance"] == pytest.approx(expected, rel=1e-5)


def test_heads_that_nobody_can_tell_are_left_out(known: Evidence) -> None:
    """Without facilities and teachers there are no indicators until a school is built at norm: three other heads count."""
    unknown = board_cases.facts(
        facilities=board_cases.FACILITIES.assign(
            **dict.fromkeys(("teaching_area_m2", "sports_area_m2", "equipment_yuan", "networked_rooms"), np.nan)
        ),
        teachers=board_cases.TEACHERS.head(0),
    )
    found = index(measured(replace(known, facts=unknown)), 2025)
    assert np.isnan([found["resources"], found["balance"]]).all()
    assert found[WHOLE] == pytest.approx(100.0)


@pytest.fixture(scope="module")
def heads(known: Evidence, plain: Board) -> tuple[Side, pd.DataFrame]:
    """The plan with a standard size of 40 a primary class, and its coefficients."""
    side = board_cases.side(replace(known, standards=cases.standards(class_size__primary=40.0)))
    return side, plain.variation[plain.variation["network"] == "plan"]


@settings(max_examples=10, deadline=None)
@given(weights=st.lists(st.integers(0, 5), min_size=5, max_size=5).filter(any))
def test_the_index_lies_between_the_heads_that_count(heads: tuple[Side, pd.DataFrame], weights: list[int]) -> None:
    """Whatever the weights; a head of weight 0 does not count."""
    plan, variation = heads
    scenario = cases.scenario(balance={"index": dict(zip(HEADS, weights, strict=True))})
    found = composite_index(replace(plan, scenario=scenario), variation)
    points = dict(zip(found.loc[found["year"] == 2025, "head"], found["figure"], strict=False))
    counted = [points[head] for head, weight in zip(HEADS, weights, strict=True) if weight]
    assert min(counted) - 1e-9 <= points[WHOLE] <= max(counted) + 1e-9


def test_village_against_town_by_hand(plain: Board) -> None:
    """Primary 2028: town is P1 (240 pupils, 11.389 above the required degree) and L1 (288, 4.2), village N1 (5.556).

    (240 × 11.389 + 288 × 4.2) ÷ 528 = 7.468, ratio 5.556 ÷ 7.468 = 0.744; it was 6.667 ÷ 4.924 = 1.354 in 2025. The
    coefficient rose from 0.1187 to 0.4661 in three years: 0.1158 a year.
    """
    rows = plain.country
    own = rows[(rows["network"] == "plan") & (rows["stage"] == "primary") & (rows["item"] == "above_degree")]
    expected = table("""
        year  town_schools  village_schools  town      village   ratio     ratio_change  coefficient  coefficient_change  coefficient_a_year
        2025  1             1                4.924242  6.666667  1.353846  0             0.118698     0                   -
        2028  2             1                7.467677  5.555556  0.743947  -0.609899     0.466071     0.347374            0.115791
    """)
    found = own[own["year"].isin([2025, 2028])][list(expected)].reset_index(drop=True)
    pd.testing.assert_frame_equal(found, expected, check_dtype=False, atol=1e-6)


def test_a_county_without_village_schools_has_no_ratio(plain: Board) -> None:
    """N1 in a town: every ratio is empty, the coefficients stay."""
    found = country_gaps(plain.schools.assign(area_kind="town"), plain.variation, cases.YEARS[0])
    assert found["ratio"].isna().all()
    assert (found["village_schools"] == 0).all()
    assert found["coefficient"].notna().all()


@pytest.fixture(scope="module")
def result(plain: Board, tmp_path_factory: pytest.TempPathFactory) -> Result:
    """A result with the board of the small district, whose years are the result's."""
    return replace(make_result(tmp_path_factory.mktemp("gaps")), board=plain)


def test_the_sheets_tell_both_networks(result: Result) -> None:
    sheets = {sheet.name: sheet for sheet in gap_sheets(result)}
    country = sheets["城乡差距"].rows
    told = country[(country["stage_name"] == "小学") & (country["item"] == "above_degree")].iloc[0]
    assert told[["ratio_now", "ratio_then", "ratio_idle"]].tolist() == pytest.approx([1.353846, 0.743947, 1.353846])
    assert (told["trend"], country["trend"].isin(["差距缩小", "差距扩大", "差距持平"]).all()) == ("差距扩大", True)
    points = sheets["综合评价指数"].rows.set_index("year")
    assert points.loc[2028, ["whole_plan", "whole_no_action"]].tolist() == pytest.approx([99.9129, 100.0], abs=1e-4)
    assert "资源达标 1、校际均衡 1" in sheets["综合评价指数"].note
    assert gap_sheets(replace(result, board=NO_BOARD)) == []
