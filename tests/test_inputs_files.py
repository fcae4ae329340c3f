"""Broken files and declarations: each gives a clear problem with what to do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.inputs_cases import DECLARATION, TABLES, csv_of, problems_of, write_folder


def no_required_tables(folder: Path) -> None:
    write_folder(folder, {"units": None, "sections": None})
    (folder / "unit_list.csv").write_text("unit_id\n1\n", encoding="utf-8")


def misnamed_table(folder: Path) -> None:
    write_folder(folder)
    (folder / "enrollment.csv").write_text("school_id\ns1\n", encoding="utf-8")


def table_twice(folder: Path) -> None:
    write_folder(folder)
    (folder / "单元.csv").write_text(csv_of(TABLES["units"]), encoding="utf-8")


def empty_file(folder: Path) -> None:
    write_folder(folder)
    (folder / "births.csv").write_bytes(b"")


def picture_as_table(folder: Path) -> None:
    write_folder(folder)
    (folder / "births.csv").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")


def text_without_header(folder: Path) -> None:
    write_folder(folder)
    (folder / "births.csv").write_text("甲,乙\n1,2\n", encoding="utf-8")


def open_quote(folder: Path) -> None:
    write_folder(folder)
    (folder / "births.csv").write_text('unit_id,year,births\n"007,2024,3\n', encoding="utf-8")


def comma_in_cell(folder: Path) -> None:
    write_folder(folder)
    (folder / "births.csv").write_text("unit_id,year,births\n007,2024,1,234\n", encoding="utf-8")


def broken_workbook(folder: Path) -> None:
    folder.mkdir()
    (folder / "district.xlsx").write_text("no workbook", encoding="utf-8")


def broken_layer(folder: Path) -> None:
    write_folder(folder, {"units": None})
    (folder / "units.gpkg").write_text("no layer", encoding="utf-8")


def no_declaration(folder: Path) -> None:
    write_folder(folder)
    (folder / "district.toml").unlink()


FILES: dict[str, tuple[Callable[[Path], object], str]] = {
    "an empty folder": (
        lambda folder: folder.mkdir(),
        "{folder}  是空文件夹：没有任何表或图层 → 用 `new` 生成模板后填写",
    ),
    "no folder": (
        lambda _folder: None,
        "{folder}  没有这个文件夹或工作簿 → 检查情景文件中的 district.folder",
    ),
    "a missing required table": (
        no_required_tables,
        "d  缺少“学部”表（sections） → 加上 sections.csv、图层 sections 或工作表“学部”",
    ),
    "a required table under another name": (
        no_required_tables,
        "d  缺少“单元”表（units） → 是否把它写成了“unit_list.csv”？",
    ),
    "a misspelled optional table": (
        misnamed_table,
        "enrollment.csv  不是表名 → 是否想写 enrolment？不是的话请移出文件夹",
    ),
    "a table twice": (table_twice, "units.csv、单元.csv  “单元”表有 2 份 → 只留一份"),
    "an empty file": (empty_file, "births.csv  是空文件 → 填写表头和数据，或删去它"),
    "a picture": (
        picture_as_table,
        "births.csv  不是 UTF-8 或 GB18030 编码的文本 → 在 Excel 中另存为“CSV UTF-8（逗号分隔）”",
    ),
    "no header": (
        text_without_header,
        "births.csv  前5行中没有“出生人口”表的任何列名；第1行是：甲、乙 → 第1行写列名，至少：年份（年）、出生人口（人）",
    ),
    "an open quote": (
        open_quote,
        "births.csv  不是有效的 CSV → 检查引号是否成对",
    ),
    "a comma in a cell": (
        comma_in_cell,
        "births.csv 第2行  有 4 格，表头只有 3 列 → 单元格中有逗号时用英文引号括起来",
    ),
    "a workbook that is none": (
        broken_workbook,
        "district.xlsx  不是能读取的 Excel 工作簿 → 在 Excel 中打开，另存为 .xlsx（不加密码）",
    ),
    "no declaration": (
        no_declaration,
        "district.toml  缺少文件：须有 name、crs、as_of 等说明 → 参照 `new` 生成的模板新建",
    ),
}


@pytest.mark.parametrize("case", FILES)
def test_a_broken_file_is_told(tmp_path: Path, case: str) -> None:
    make, expected = FILES[case]
    folder = tmp_path / "d"
    make(folder)
    assert expected.format(folder=folder) in problems_of(folder)


def test_a_layer_that_is_none_is_told_and_not_called_missing(tmp_path: Path) -> None:
    folder = tmp_path / "d"
    broken_layer(folder)
    found = problems_of(folder)
    assert found[0].startswith("units.gpkg  不是能读取的图层 → ")
    assert not any("缺少“单元”" in problem for problem in found)


DECLARATIONS = {
    "no CRS": (
        DECLARATION.replace('crs = "EPSG:4546"\n', ""),
        'units.csv  没有坐标系 → 在 district.toml（工作簿中为“说明”表）中写 crs，例如 crs = "EPSG:4546"',
    ),
    "a CRS that is none": (
        DECLARATION.replace("EPSG:4546", "北京54"),
        "district.toml  crs = 北京54：不是认识的坐标系 → 写 EPSG 代码，例如 EPSG:4546",
    ),
    "metres under a CRS in degrees": (
        DECLARATION.replace("4546", "4490"),
        "units.csv 第2行 列“x、y”  坐标 (500000, 3300000) 像是以米为单位的坐标，而坐标系 EPSG:4490 以度为单位（共 4 行）"
        " → 改正 crs，例如 EPSG:4546（CGCS2000 3度带，中央经线 111°）",
    ),
    "no name": (
        DECLARATION.replace('name = "甲区"\n', ""),
        'district.toml  缺少 name（名称） → 例如 name = "甲区"',
    ),
    "no year": (
        DECLARATION.replace("as_of = 2025\n", ""),
        "district.toml  缺少 as_of（数据年份） → 例如 as_of = 2025；各表不同时见表格说明",
    ),
    "a year of no table": (
        DECLARATION.replace("as_of = 2025", "[as_of]\ndefault = 2025\nunit = 2020"),
        "district.toml  as_of.unit：没有这张表 → 是否想写 units？",
    ),
    "a year that is none": (
        DECLARATION.replace("2025", '"去年"'),
        "district.toml  as_of.default = 去年：须为 1950 至 2100 的年份",
    ),
    "an unknown key": (
        'licens = "开放"\n' + DECLARATION,
        "district.toml  不认识的键 licens → 是否想写 licence？",
    ),
    "TOML that is none": (
        "name = 甲区\n",
        "district.toml  第1行第8格起不是有效的 TOML → 文字须加英文引号，每行一个“键 = 值”",
    ),
}


@pytest.mark.parametrize("case", DECLARATIONS)
def test_a_broken_declaration_is_told(tmp_path: Path, case: str) -> None:
    declaration, expected = DECLARATIONS[case]
    assert expected in problems_of(write_folder(tmp_path / "d", declaration=declaration))
