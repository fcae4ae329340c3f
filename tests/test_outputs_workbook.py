"""plan.xlsx, read back by another library."""

from __future__ import annotations

import re
from pathlib import Path
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook

from simulator.outputs.workbook import plan_sheets, write_workbook
from simulator.outputs.workbook.fitting import lines_of
from simulator.outputs.workbook.sheet import Format, Sheet
from simulator.result import Result
from tests.result_cases import make_result


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    return make_result(tmp_path_factory.mktemp("case"))


@pytest.fixture(scope="module")
def book(result: Result, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("book") / "plan.xlsx"
    write_workbook(result, path)
    return path


def _sheet(result: Result, number: str) -> Sheet:
    return next(sheet for sheet in plan_sheets(result) if sheet.name.split(" ")[0] == number)


def test_the_tables_of_a_plan_draft_stand_in_order(result: Result, book: Path) -> None:
    names = CalamineWorkbook.from_path(str(book)).sheet_names
    assert names == ["目录", *(sheet.name for sheet in plan_sheets(result))]
    numbers = [name.split(" ")[0] for name in names if name.startswith("T")]
    assert numbers == [
        "T1",
        "T2",
        "T4",
        "T5",
        "T6",
        "T7",
        "T8",
        "T9",
        "T10",
        "T11",
        "T12",
        "T13",
        "T15",
        "T16",
        "T17",
        "T18",
        "T19",
        "T20",
        "T20",
        "T21",
        "T23",
        "T24",
    ]


def test_every_cell_reads_back_as_it_stands_in_the_frames(result: Result, book: Path) -> None:
    """Title with the stamp, unit at the right, headers, then every row."""
    read = CalamineWorkbook.from_path(str(book))
    for sheet in plan_sheets(result):
        rows = read.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
        assert rows[0][0] == f"〔演示〕{sheet.title}"
        assert rows[2][: len(sheet.columns)] == [column.title for column in sheet.columns]
        for index, column in enumerate(sheet.columns):
            for cell, value in zip(rows[3:], sheet.rows[column.name], strict=False):
                _same(cell[index], value, column.format)


def _same(cell: object, value: object, kind: Format) -> None:
    if value is None or value != value:
        assert cell == ""
    elif kind is Format.TEXT or isinstance(value, str):
        assert cell == str(value)
    else:
        assert cell == pytest.approx(float(value))


def test_a_reason_that_looks_like_a_formula_is_text(result: Result, book: Path) -> None:
    """The reason `=东部缺学位` stands as it is, and no sheet holds a formula."""
    rows = CalamineWorkbook.from_path(str(book)).get_sheet_by_name("T12 近期项目库").to_python()
    assert "=东部缺学位" in rows[-2] + rows[-1]
    with ZipFile(book) as parts:
        sheets = [parts.read(name) for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
    assert not [part for part in sheets if b"<f>" in part]


def test_codes_are_text(result: Result, book: Path) -> None:
    rows = CalamineWorkbook.from_path(str(book)).get_sheet_by_name("T13 用地控制").to_python()
    assert rows[3][:3] == ["L1", "西山新建小学用地", "CZ-01-02"]


def test_closures_name_the_receiving_school_and_the_children(result: Result) -> None:
    """P2 (unit 5) closes in 2028 and P1 or P3, the nearest schools left, receive everybody who lives around it."""
    rows = _sheet(result, "T11").rows
    before = result.no_action_operation.pupils
    there = before[(before["year"] == 2028) & (before["section_id"] == "P2:primary")]
    assert set(rows["school"]) == {"文华第2小学"}
    assert rows["children"].sum() == pytest.approx(there["children"].sum())
    assert not (rows["to_school"] == "").any()


def test_rezoned_units_say_before_after_and_when(result: Result) -> None:
    """Unit 12 lies at the new school L1, open from 2026; unit 1 stays at its own school."""
    rows = _sheet(result, "T16").rows.set_index(["band", "unit_id"])
    assert list(rows.loc[("primary_1_3", "U012"), ["after_name", "when"]]) == ["西山新建小学（新建）", 2026]
    assert rows.loc[("primary_1_3", "U001"), "changed"] == ""


def test_no_text_column_is_empty_unless_it_is_to_be_filled_in(result: Result) -> None:
    for sheet in plan_sheets(result):
        for column in sheet.columns:
            if column.format is Format.TEXT and len(sheet.rows) and "待填" not in column.title:
                assert any(str(cell) not in {"", "nan", "None"} for cell in sheet.rows[column.name]), column.title


def test_rows_are_as_high_as_their_wrapped_text() -> None:
    """44 columns hold 21 Chinese characters beside the indent: 30 characters need two lines, 21 one."""
    assert (lines_of("字" * 30, 44.0), lines_of("字" * 21, 44.0), lines_of("上\n下", 44.0)) == (2, 1, 2)


def test_plan_and_no_action_stand_side_by_side(result: Result) -> None:
    names = [column.name for column in _sheet(result, "T9").columns]
    assert {"shortage_plan", "shortage_no_action", "spare_plan", "spare_no_action"} <= set(names)


def test_an_unstamped_district_bears_no_stamp(tmp_path: Path) -> None:
    result = make_result(tmp_path, invented=False)
    write_workbook(result, tmp_path / "plan.xlsx")
    rows = CalamineWorkbook.from_path(str(tmp_path / "plan.xlsx")).get_sheet_by_name("T15 投资与运行").to_python()
    assert rows[0][0] == "投资与经常性支出表"


def test_seats_by_stage_and_class_sizes_have_native_charts(book: Path) -> None:
    """A line chart of children and seats for each of four stages, a column chart of class sizes; series are cells."""
    with ZipFile(book) as parts:
        names = [name for name in parts.namelist() if name.startswith("xl/charts/chart")]
        charts = [parts.read(name).decode() for name in names]
    assert sorted("<c:barChart>" in chart for chart in charts) == [False] * 4 + [True]
    for chart in charts:
        assert chart.count("<c:ser>") == 3
        assert len(re.findall(r"<c:f>'图表 [^']+'!", chart)) == 9
