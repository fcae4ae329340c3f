"""Capital under four heads: by hand on the board's small district, and on its sheet."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from simulator.audit import Evidence
from simulator.indicators import Finance
from simulator.indicators.capital_heads import CAPITAL_HEADS, capital_heads
from simulator.outputs.workbook.capital import capital_sheets
from tests import board_cases as board
from tests import plan_cases as cases
from tests.plan_cases import table
from tests.result_cases import make_result


def heads(evidence: Evidence | None = None) -> pd.DataFrame:
    """万元 by year and head."""
    found = capital_heads(board.side(evidence or board.evidence()))
    return found.pivot_table(index="year", columns="head", values="amount_wan", sort=False)[[*CAPITAL_HEADS]]


def test_works_and_repairs_of_the_years_by_hand() -> None:
    """L1 costs 1,485 万元 in 2026 and in 2027. P1, P2, N1, K1, K2 have 10,700 m² at 20 yuan, from 2028 on without P2's 900."""
    expected = table("""
        year  preschool  renewal  equipment  repair
        2026  0          1485     0          21.4
        2027  0          1485     0          21.4
        2028  0          0        0          19.6
        2029  0          0        0          19.6
        2030  0          0        0          19.6
    """).set_index("year")
    pd.testing.assert_frame_equal(heads(), expected, check_dtype=False, check_names=False)


def test_a_campus_without_a_floor_area_is_repaired_by_its_teaching_area() -> None:
    """P1 with 2,640 m² of teaching area instead of 4,000 m² in all: 1,360 × 20 yuan less; K2 without any counts nothing."""
    rooms = board.FACILITIES.set_index("site_id")
    rooms.loc["P1", "building_area_m2"] = float("nan")
    rooms.loc["K2", ["building_area_m2", "teaching_area_m2"]] = float("nan")
    known = board.facts(facilities=rooms.reset_index())
    assert heads(board.evidence(known))["repair"].tolist() == pytest.approx([16.68, 16.68, 14.88, 14.88, 14.88])


def test_a_place_with_works_of_two_stages_shares_its_capital_by_what_they_cost() -> None:
    """A kindergarten for 990 of the 3,960 万元 on L1: a quarter of each year's capital is 学前."""
    plain = board.evidence()
    garden = plain.plan.actions.iloc[[0]].assign(
        section_id="L1:kindergarten", stage="kindergarten", classes=4, capital_wan=990.0
    )
    plan = replace(
        plain.plan,
        actions=pd.concat([plain.plan.actions, garden], ignore_index=True),
        capital=plain.plan.capital.assign(capital_wan=1980.0),
    )
    assert heads(replace(plain, plan=plan)).loc[2026, ["preschool", "renewal"]].tolist() == pytest.approx([495, 1485])


def test_capital_without_works_is_told_by_the_stages_of_its_place() -> None:
    """Temporary rooms of kindergarten K1 are 学前, those of P1 are not."""
    plain = board.evidence()
    for place, expected in (("K1", [60, 0]), ("P1", [0, 60])):
        capital = plain.plan.capital.head(1).assign(site_id=place, capital_wan=60.0)
        found = heads(replace(plain, plan=replace(plain.plan, capital=capital)))
        assert found.loc[2026, ["preschool", "renewal"]].tolist() == expected


def test_what_schools_lack_to_the_norms_of_equipment_and_rooms_is_shared_over_the_years() -> None:
    """2030 with norms of 4,000 yuan and 8 rooms a hundred for primary schools; rooms at 3 万元; L1 is built at norm.

    N1 needs 120 × 4,000 + 60 × 2,500 = 630,000 yuan and has 600,000; 9.6 + 60 × 2.4 ÷ 100 = 11.04 rooms and has 9. P1 needs
    240 × 8 ÷ 100 = 19.2 rooms and has 15: 3 + 3 × (2.04 + 4.2) = 21.72 万元, in five years 4.344 each.
    """
    norms = cases.standards(balance__equipment_yuan__primary=4_000.0, balance__networked_rooms__primary=8.0)
    found = heads(replace(board.evidence(), standards=norms))
    assert found["equipment"].tolist() == pytest.approx([4.344] * 5)


def test_the_sheet_adds_up(tmp_path: Path) -> None:
    """2,970 万元 of works and 2 × 21.4 + 3 × 19.6 = 101.6 of repairs; without figures there is no sheet."""
    result = make_result(tmp_path)
    assert capital_sheets(result) == []
    told = replace(result, finance=Finance(heads=capital_heads(board.side(board.evidence()))))
    (sheet,) = capital_sheets(told)
    assert sheet.rows["when"].tolist()[-1] == "合计"
    assert sheet.rows.iloc[-1][["preschool", "renewal", "repair", "total"]].tolist() == pytest.approx(
        [0, 2970, 101.6, 3071.6]
    )
