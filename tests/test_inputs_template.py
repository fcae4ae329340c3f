"""The template: a workbook and a scenario that a planner fills in."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from simulator.errors import InputError
from simulator.inputs import CONTRACTS, read_district, write_template
from simulator.inputs.contracts import Kind
from simulator.inputs.template import header_comment, write_workbook
from simulator.scenario import read_scenario
from tests.inputs_cases import TABLES
from tests.test_inputs_read import workbook_rows


def test_the_template_is_a_workbook_and_a_scenario(tmp_path: Path) -> None:
    workbook, scenario = write_template(tmp_path / "甲区")
    assert (workbook.name, scenario.name) == ("district.xlsx", "scenario.toml")
    assert read_scenario(scenario).district.folder.resolve() == (tmp_path / "甲区").resolve()


def test_the_workbook_has_a_sheet_a_table_with_the_chinese_headers_of_its_contract(tmp_path: Path) -> None:
    workbook, _scenario = write_template(tmp_path / "甲区")
    book = CalamineWorkbook.from_path(workbook)
    tables = [contract.chinese for contract in CONTRACTS.values()]
    assert book.sheet_names == ["说明", "填写说明", *tables]
    for contract in CONTRACTS.values():
        header = book.get_sheet_by_name(contract.chinese).to_python()[0]
        assert header == [column.header for column in contract.columns]


def test_every_word_column_has_a_drop_down_list(tmp_path: Path) -> None:
    workbook, _scenario = write_template(tmp_path / "甲区")
    with zipfile.ZipFile(workbook) as parts:
        for number, contract in enumerate(CONTRACTS.values(), start=3):
            sheet = parts.read(f"xl/worksheets/sheet{number}.xml").decode()
            listed = [column for column in contract.columns if column.kind in {Kind.WORD, Kind.BOOLEAN, Kind.GRADE}]
            assert sheet.count('type="list"') == len(listed)
            for column in listed:
                assert ",".join(column.words.values()) in sheet


def test_a_header_comment_states_type_unit_and_what_an_empty_cell_means() -> None:
    beds = CONTRACTS["schools"].column("beds")
    assert header_comment(beds) == "类型：整数\n单位：张\n空着：没有寄宿床位\n不小于 0"
    unit = CONTRACTS["population"].column("unit_id")
    assert header_comment(unit) == "类型：编号（文本）\n必填\n须在“单元”表中"


def test_an_empty_template_says_what_is_to_be_filled_in(tmp_path: Path) -> None:
    write_template(tmp_path / "甲区")
    with pytest.raises(InputError) as raised:
        read_district(tmp_path / "甲区")
    assert [str(problem) for problem in raised.value.problems] == [
        "district.xlsx 工作表“说明”  没有填写名称、坐标系、数据年份 → 第一列写键，第二列写值",
        "district.xlsx 工作表“单元”  没有数据行 → 在表头下填写数据",
        "district.xlsx 工作表“人口”  没有数据行 → 在表头下填写数据",
        "district.xlsx 工作表“学校”  没有数据行 → 在表头下填写数据",
        "district.xlsx 工作表“学部”  没有数据行 → 在表头下填写数据",
    ]


def test_a_filled_template_is_read(tmp_path: Path) -> None:
    tables = {table: [[cell.replace(",", "") for cell in row] for row in workbook_rows(table)] for table in TABLES}
    declaration = {"name": "甲区", "invented": "是", "crs": "EPSG:4546", "as_of": "2025"}
    write_workbook(tmp_path / "district.xlsx", tables, declaration)
    district = read_district(tmp_path / "district.xlsx")
    assert (district.title, district.invented) == ("甲区", True)
    assert len(district.classes) == 4


@pytest.mark.parametrize(
    ("make", "fault"),
    [
        (lambda path: (path.mkdir(), (path / "a.txt").touch()), "文件夹不是空的"),
        (lambda path: path.touch(), "是文件，不是文件夹"),
    ],
)
def test_nothing_is_overwritten(tmp_path: Path, make: object, fault: str) -> None:
    folder = tmp_path / "甲区"
    make(folder)
    with pytest.raises(InputError) as raised:
        write_template(folder)
    assert [problem.what for problem in raised.value.problems] == [fault]


def test_writing_a_template_loads_no_map_or_table_library(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from simulator.inputs import write_template; "
        f"write_template(Path({str(tmp_path / 'new')!r})); "
        "print([name for name in ('pandas', 'geopandas', 'pandera', 'pyogrio') if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603 — our own code
    assert run.stdout.strip() == "[]"
