"""Sheets and summary lines of money, shares and levers: read back from the file that was written."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from simulator.capacity.levers import by_source
from simulator.indicators import NO_FINANCE, Finance
from simulator.indicators.running import HEADS
from simulator.outputs.levers import lever_lines, target_lines
from simulator.outputs.tables import finance_tables
from simulator.outputs.workbook.book import plan_sheets, write_sheets
from simulator.outputs.workbook.finance import finance_sheets
from simulator.result import Result
from simulator.terms import Delivery
from tests.plan_cases import table
from tests.result_cases import make_result

LEVERS = table("""
    lever    kind        stage         year  places  seats  children  cost_wan
    expand   new_build   primary       2026  1       540    -         5400
    divert   catchment   primary       2026  -       -      48        -
    adjust   classes     primary       2026  2       -90    -         -
    private  recognised  kindergarten  2026  1       90     -         -
""")
TARGETS = table("""
    network  item                 at_least  value  year  source  figure  met
    plan     kindergarten_public  True      0.56   2027  文件    0.5     no
    plan     new_seats            True      500    2027  文件    540     yes
    plan     senior_gross         True      0.7    2027  _       -       _
""")
CLOSINGS = table("""
    section_id  stage    year  pupils  tiny  funds_before_wan  funds_after_wan  posts_freed  staff_paper_wan  building_wan  bus_wan  boarding_wan  paper_wan  real_wan
    P2:primary  primary  2028  30      True  7.2               2.16             4            48               6             13.5     0             45.5       -2.5
""")


def finance() -> Finance:
    """Small tables of every kind for the hand-made result."""
    heads = dict.fromkeys(HEADS, 1.0)
    running = pd.DataFrame(
        [
            {"network": network, "county": "", "year": year, "stage": "primary", "pupils": 100.0, "posts": 9.0, **heads,
             "total_wan": total, "training_wan": 0.2}
            for network, total in (("plan", 12.0), ("no_action", 9.0))
            for year in (2025, 2026)
        ]
    )  # fmt: skip
    shares = pd.DataFrame(
        [("plan", "", year, "kindergarten_public", 5.0, 10.0, 0.5) for year in (2025, 2026)],
        columns=["network", "county", "year", "item", "part", "whole", "figure"],
    )
    falls = table("network county stage year kind before now hold_wan\nplan _ primary 2026 funds 800 720 5")
    openings = pd.DataFrame({"site_id": ["L1"], "year": [2026], "running_wan": [333.0]})
    return Finance(running, falls, CLOSINGS, openings, shares, TARGETS, LEVERS)


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    made = make_result(tmp_path_factory.mktemp("money"))
    funding = pd.DataFrame({"place_id": ["L1"], "source": ["专项债券"], "share": [0.75]})
    funds = pd.DataFrame({"year": [2024, 2025], "source": ["专项债券"] * 2, "amount_wan": [2000.0, 3000.0]})
    district = replace(made.district, funding=funding, funds=funds)
    plan = replace(made.plan, capital=by_source(made.plan.capital.assign(source=""), district))
    return replace(made, district=district, plan=plan, finance=finance())


@pytest.fixture(scope="module")
def book(result: Result, tmp_path_factory: pytest.TempPathFactory) -> CalamineWorkbook:
    path = tmp_path_factory.mktemp("book") / "plan.xlsx"
    write_sheets(result, [sheet for sheet in plan_sheets(result) if _ours(sheet.name)], path)
    return CalamineWorkbook.from_path(str(path))


OURS = ("T23 年度资金", "经常性经费", "撤并节支", "两个只增不减", "占比与新增学位", "目标与承诺", "举措清单")


def _ours(name: str) -> bool:
    return name in OURS


def cells(book: CalamineWorkbook, name: str) -> list[list[object]]:
    """The cells of a sheet below its header."""
    return book.get_sheet_by_name(name).to_python()[3:]


def test_every_sheet_is_written(book: CalamineWorkbook):
    assert set(OURS) <= set(book.sheet_names)


def test_capital_stands_by_project_and_source_with_sums_against_the_funds_there_are(
    result: Result, book: CalamineWorkbook
):
    rows = cells(book, "T23 年度资金")
    capital = result.plan.capital
    own = {str(row[2]): row for row in rows if row[1] == "L1"}
    assert set(own) == {"专项债券", "县级财政"}
    head = book.get_sheet_by_name("T23 年度资金").to_python()[2]
    total = head.index("合计")
    whole = capital.loc[capital["site_id"] == "L1", "capital_wan"].sum()
    assert own["专项债券"][total] == pytest.approx(0.75 * whole)
    assert own["专项债券"][head.index("启用当年\n运行费")] == 333.0
    said = {(row[0], row[2]) for row in rows}
    assert {("合计", "专项债券"), ("可用资金", "专项债券"), ("余缺", "专项债券"), ("合计", "县级财政")} <= said


def test_a_school_that_is_handed_over_is_listed_without_capital_but_with_what_it_costs_to_run(result: Result):
    district = result.district
    parcels = district.parcels.assign(delivery=Delivery.HANDOVER.value)
    plan = replace(result.plan, capital=result.plan.capital.iloc[:0])
    given = replace(result, district=replace(district, parcels=parcels), plan=plan)
    rows = next(sheet for sheet in plan_sheets(given) if sheet.name.startswith("T23")).rows
    own = rows[rows["site_id"] == "L1"].iloc[0]
    assert (own["source"], own["total"], own["running"]) == ("代建移交", 0.0, 333.0)


def test_running_cost_is_set_against_no_action_with_capital_added_up(book: CalamineWorkbook):
    head = book.get_sheet_by_name("经常性经费").to_python()[2]
    first, second = cells(book, "经常性经费")[:2]
    net, so_far, capital = (head.index(title) for title in ("比不采取措施\n多支出", "累计净增支出", "当年基建"))
    assert (first[net], second[net]) == (3.0, 3.0)
    assert second[so_far] == pytest.approx(6.0 + first[capital] + second[capital])


def test_a_closing_that_costs_more_than_it_saves_shows_a_negative_figure(book: CalamineWorkbook):
    row = cells(book, "撤并节支")[0]
    assert (row[-2], row[-1]) == (45.5, -2.5)


def test_targets_say_whether_they_are_met_missed_or_beyond_what_can_be_told(book: CalamineWorkbook):
    rows = cells(book, "目标与承诺")[:3]
    assert [row[-2] for row in rows] == ["未达到", "达到", "无法测算"]


def test_the_three_levers_are_named_in_the_list_and_in_the_summary(result: Result, book: CalamineWorkbook):
    assert {"扩班增容", "区域分流", "动态调整"} <= {row[0] for row in cells(book, "举措清单")}
    assert lever_lines(result) == [
        "- 扩班增容：新建 +540 个学位。",
        "- 区域分流：招生范围调整 48 人次。",
        "- 动态调整：现有教室内增减班 -90 个学位。",
        "- 民办学位：普惠性民办园认定 1 所。",
    ]


def test_the_summary_counts_targets_and_lists_the_missed_ones(result: Result):
    assert target_lines(result) == [
        "本地目标 3 项，能测算的 2 项中达到 1 项。",
        "- 公办园在园幼儿占比：2027年测算 50.0%，目标 56.0%。",
    ]


def test_a_result_without_these_figures_has_none_of_the_sheets(result: Result):
    without = replace(result, finance=NO_FINANCE)
    assert finance_sheets(without) == []
    assert lever_lines(without) == target_lines(without) == []
    assert all(frame.empty for frame in finance_tables(NO_FINANCE).values())
