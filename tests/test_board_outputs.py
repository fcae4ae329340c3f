"""The board in a result: sheets and sentences as they are read, tables that come back as they were written."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from simulator.audit import Audit
from simulator.indicators import Operated, Side, build_board, class_vectors
from simulator.inputs import read_district
from simulator.outputs.basis import basis_lines, documents
from simulator.outputs.board import board_lines
from simulator.outputs.read_tables import read_tables
from simulator.outputs.tables import fact_tables, write_tables
from simulator.outputs.targets import target_rows
from simulator.outputs.workbook.book import write_sheets
from simulator.outputs.workbook.evaluation import evaluation_sheets
from simulator.result import Result
from simulator.rules import RULES
from simulator.rules.board import BOARD
from simulator.standards import read_standards
from tests.board_cases import facts
from tests.inputs_cases import TABLES, write_folder
from tests.result_cases import make_result


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """A finished run with its board, its own norm for the coefficient and the lawful ones for all else."""
    made = make_result(tmp_path_factory.mktemp("board"))
    norms = read_standards(("national.toml",), {"balance.variation.primary": 0.4})
    known = replace(facts(), facilities=facts().facilities.iloc[:0])
    sides = [
        Side(plan, years, made.supply, made.access, known, norms, made.scenario, made.district.units)
        for plan, years in ((made.plan, made.operation), (made.no_action, made.no_action_operation))
    ]
    run = Operated(made.plan, made.operation, made.no_action, made.no_action_operation)
    return replace(
        made,
        standards=norms,
        facts=known,
        board=build_board(sides),
        class_vectors=class_vectors(run, made.supply, norms, made.scenario.plan_years),
        audit=Audit(made.audit.findings, tuple(RULES)),
    )


def test_the_workbook_has_the_sheets_of_the_evaluations(result, tmp_path):
    write_sheets(result, evaluation_sheets(result), tmp_path / "board.xlsx")
    sheets = pd.read_excel(tmp_path / "board.xlsx", sheet_name=None, header=None, engine="calamine")
    assert list(sheets)[1:] == ["T3 办学条件", "T3 差异系数", "督导评估", "班额两端", "消除大班额"]
    assert set(sheets["督导评估"][3]) >= {item.title for item in BOARD.values()}


def test_the_summary_says_what_stands_in_the_way(result):
    lines = board_lines(result)
    assert any("未达到认定条件" in line or "尚有未填项" in line for line in lines)
    assert any(line.startswith("- 大班额：") for line in lines) or result.class_vectors.schedule.empty


def test_the_target_table_has_the_evaluation_with_its_norm(result):
    rows = target_rows(result).set_index("title")
    assert rows.loc["普惠性幼儿园覆盖率", "norm"] == 0.8
    assert "教督〔2020〕1号" in rows.loc["普惠性幼儿园覆盖率", "source"]


def test_a_figure_of_the_scenario_is_told_with_what_it_replaces(result):
    told = [line for line in basis_lines(result) if "balance.variation.primary" in line]
    assert len(told) == 1
    assert "采用 0.400系数，替代 0.5（" in told[0]


def test_the_list_of_documents_is_that_of_the_run(result):
    """Laws stand first; every document once; a rule that was not checked brings none."""
    found = documents(result)
    assert found["document"].is_unique
    assert list(found["basis"][:4]) == ["法律法规"] * 4
    assert any("教督〔2017〕6号" in name for name in found["document"])
    fewer = documents(replace(result, audit=Audit(result.audit.findings, ("built_stays_built",))))
    assert fewer["rules"].sum() == 1


def test_what_the_board_knows_comes_back_from_the_tables(tmp_path):
    known = facts(declared="teacher_pay 2025 _ no -\nrotation - _ _ 0.12", migrants="P1:primary 40")
    write_tables(fact_tables(known), tmp_path)
    tables, _missing = read_tables(tmp_path)
    for name, frame in fact_tables(known).items():
        if len(frame):
            assert_frame_equal(tables[name], frame.reset_index(drop=True), check_dtype=False)
        else:
            assert list(tables[name].columns) == list(frame.columns)


def test_declared_items_are_read_under_their_chinese_words(tmp_path):
    rows = """\
评估项    年份  学校编号  是否达到  数值  佐证材料
教师工资  2025  -         未达到    -     财政局核算
轮岗比例  -     s1        -         0.12  -
"""
    found = read_district(write_folder(tmp_path, TABLES | {"declared_items": rows})).declared_items
    assert found["item"].tolist() == ["teacher_pay", "rotation"]
    assert found["reached"].tolist() == ["no", ""]
    assert found["school_id"].tolist() == ["", "s1"]
    assert found["value"].tolist()[1] == 0.12
