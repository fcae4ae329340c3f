"""Broken inputs: each gives a clear problem with file, row, column, value and what to do, all at once."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import LineString, Polygon, box

from simulator.inputs import CONTRACTS, read_district
from simulator.inputs.contracts import Contract, text
from simulator.inputs.read_raw import Source, assemble
from tests.inputs_cases import DECLARATION, TABLES, edited, problems_of, write_folder

STAGES = "可填：幼儿园、小学、初中、普通高中、中职、特教"


CELLS = {
    "an empty required cell": (
        edited("units", "东街", "-"),
        "units.csv 第2行 列“name”  空着，但必须填写 → 填写这一格",
    ),
    "text for a number": (
        edited("population", "40", "四十"),
        "population.csv 第2行 列“residents”  “四十”不是数字 → 填数字，例如 12.5",
    ),
    "a fraction of a pupil": (
        edited("classes", "44", "44.5"),
        "classes.csv 第3行 列“pupils”  “44.5”不是整数 → 填整数，例如 12",
    ),
    "a negative count": (
        edited("classes", "45", "-45"),
        "classes.csv 第2行 列“pupils”  “-45”超出范围 → 应为 0 以上",
    ),
    "an age beyond 17": (
        edited("population", "007      7", "007      18"),
        "population.csv 第3行 列“age”  “18”超出范围 → 应为 0 至 17",
    ),
    "a year in two digits": (
        edited("parcels", "2027", "27"),
        "parcels.csv 第2行 列“supply_year”  “27”超出范围 → 应为 1950 至 2100",
    ),
    "a word that is not in the list": (
        edited("units", "城区 ", "城里 "),
        "units.csv 第2行 列“area_kind”  “城里”不在可选的词中 → 是否想写“城区”？可填：城区、镇区、乡村",
    ),
    "a word far from the list": (
        edited("sections", "小学 ", "大专 "),
        f"sections.csv 第2行 列“stage”  “大专”不在可选的词中 → {STAGES}",
    ),
    "a word in a list of words": (
        edited("parcels", "小学、初中", "小学、大学"),
        f"parcels.csv 第2行 列“stages”  “小学、大学”不在可选的词中 → 是否想写“小学”？{STAGES}",
    ),
    "neither yes nor no": (
        edited("schools", " 是 ", " 也许 "),
        "schools.csv 第2行 列“decided_here”  “也许”不是“是”或“否” → 填“是”或“否”",
    ),
    "托班, which is no grade": (
        edited("sections", "小班", "托班"),
        "sections.csv 第4行 列“grade_from”  “托班”不是年级 → 填小班、中班、大班或 1 至 12",
    ),
    "a grade that the stage does not have": (
        edited("classes", "小学     1 ", "小学     7 "),
        "classes.csv 第2行 列“stage、grade”  小学没有7年级：应在1年级至6年级之间"
        " → 改正学段或年级；九年一贯制学校分小学、初中两行",
    ),
    "grades that run backwards": (
        edited("sections", "1           3", "3           1"),
        "sections.csv 第3行 列“grade_from、grade_to”  3 大于 1 → 核对这两列",
    ),
    "a duplicate key": (
        edited("units", "008", "007"),
        "units.csv 第3行 列“unit_id”  “007”与第 2 行重复 → 只留一行，或改正编号",
    ),
    "a duplicate key in two spellings": (
        edited("classes", "一年级 02", "一年级 01"),
        "classes.csv 第3行 列“school_id、stage、grade、class_no”  “s1、小学、一年级、01”与第 2 行重复"
        " → 只留一行，或改正编号",
    ),
    "an unknown unit": (
        edited("population", "101", "1O1"),
        "population.csv 第5行 列“unit_id”  “1O1”不在“单元”表中 → 是否想写“101”？",
    ),
    "an unknown school": (
        edited("sections", "s3", "学校三"),
        "sections.csv 第4行 列“school_id”  “学校三”不在“学校”表中 → 在“学校”表中加上它，或改正编号",
    ),
    "several parents in a cell": (
        edited("schools", "s1      上乡", "s1、s3 上乡"),
        "schools.csv 第3行 列“parent”  有几个上级学校：s1、s3 → 只写直接的主校一个编号",
    ),
    "a school that is its own parent": (
        edited("schools", "s1      上乡", "s2      上乡"),
        "schools.csv 第3行 列“school_id、parent”  “s2”是自己的上级 → 改正其中一个编号",
    ),
    "parents in a circle": (
        edited("schools", "一小      - ", "一小      s2"),
        "schools.csv 第2行 列“parent”  上级学校成环：s1 → s2 → s1 → 只写直接的主校一个编号",
    ),
    "classes of a section that is not there": (
        edited("classes", "s2         primary", "s2         junior "),
        "classes.csv 第4行 列“school_id、stage”  “s2”没有初中学部 → 在“学部”表中加上它，或改正学段",
    ),
    "classes outside the section's grades": (
        edited("classes", "primary  1", "primary  4"),
        "classes.csv 第4行 列“grade”  “s2”的小学只办1年级至3年级，没有4年级 → 改正年级，或“学部”表中的起止年级",
    ),
    "x without y": (
        edited("units", "500000  3300000", "500000  -"),
        "units.csv 第2行 列“x、y”  x、y 只填了一个 → 两个都填或都空着",
    ),
    "no place": (
        edited("schools", "500100  3300100", "-  -"),
        "schools.csv 第2行  没有位置 → 填 x坐标、y坐标，或放入有几何的同名图层",
    ),
    "degrees under a CRS in metres": (
        edited("schools", "500100  3300100", "111.001  29.828"),
        "schools.csv 第2行 列“x、y”  坐标 (111.001, 29.828) 像是经纬度，而坐标系 EPSG:4546 以米为单位"
        " → 改正 crs，例如 EPSG:4490（CGCS2000 经纬度）",
    ),
    "x and y swapped": (
        edited("schools", "500100  3300100", "3300100  500100"),
        "schools.csv 第2行 列“x、y”  坐标 (3300100, 500100) x、y 像是写反了：x 应为东向坐标或经度，"
        "y 应为北向坐标或纬度 → 把两列对调",
    ),
    "eastings with the number of the zone": (
        edited("schools", "500100  3300100", "37500100  3300100"),
        "schools.csv 第2行 列“x、y”  坐标 (37500100, 3300100) x 带有带号 37，而坐标系 EPSG:4546 不带带号"
        " → 把 crs 改为 EPSG:4525，或去掉带号",
    ),
    "a point in the sea off Africa": (
        edited("schools", "500100  3300100", "0  0"),
        "schools.csv 第2行 列“x、y”  坐标 (0, 0) 不在坐标系 EPSG:4546 的适用范围内 → 核对坐标和 crs",
    ),
    "a table with a header only": (
        {"population": "unit_id age residents\n"},
        "population.csv  没有数据行 → 在表头下填写数据",
    ),
    "a missing required column": (
        edited("units", "area_kind", "area_kinds"),
        "units.csv  缺少列“城乡分类”（area_kind） → 是否把它写成了“area_kinds”？",
    ),
    "a misspelled optional column": (
        edited("units", "terrain", "terain"),
        "units.csv  不认识列“terain” → 是否想写“地形”（terrain）？不是的话请改名",
    ),
    "a column twice": (
        edited("units", "terrain", "名称") | edited("population", "registered", "常住儿童"),
        "population.csv 列“常住儿童”  与列“residents”是同一列 → 删去其中一列",
    ),
    "another unit in the header": (
        edited("parcels", "area_m2", "净用地面积（亩）"),
        "parcels.csv 列“净用地面积（亩）”  单位是“亩”，应为“平方米” → 换算后把表头改为“净用地面积（平方米）”",
    ),
}


@pytest.mark.parametrize("case", CELLS)
def test_a_broken_cell_or_header_is_told_with_its_place_and_remedy(tmp_path: Path, case: str) -> None:
    changes, expected = CELLS[case]
    assert expected in problems_of(write_folder(tmp_path / "d", changes))


def test_all_problems_of_all_tables_come_at_once(tmp_path: Path) -> None:
    changes = {
        **edited("units", "城区 ", "城里 "),
        **edited("population", "40", "四十"),
        **edited("schools", "500100  3300100", "0  0"),
        **edited("classes", "s2         primary", "s9         primary"),
        "catchments": "school_id stage\ns1 小学\n",
    }
    folder = write_folder(tmp_path / "d", changes, declaration=DECLARATION.replace("as_of = 2025", ""))
    files = [problem.split()[0] for problem in problems_of(folder)]
    assert sorted(files) == [
        "catchments.csv",
        "classes.csv",
        "district.toml",
        "population.csv",
        "schools.csv",
        "units.csv",
    ]


def test_a_fault_in_many_rows_is_written_out_twenty_times_and_then_counted(tmp_path: Path) -> None:
    rows = "".join(f"007 {age} viele\n" for age in range(18)) + "".join(f"008 {age} viele\n" for age in range(18))
    found = problems_of(write_folder(tmp_path / "d", {"population": f"unit_id age residents\n{rows}"}))
    assert len(found) == 21
    assert found[-1] == "population.csv 列“residents”  另有 16 行有同样的问题（第 22 至 37 行之间）"


BOW_TIE = Polygon([(500000, 3300000), (501000, 3301000), (501000, 3300000), (500000, 3301000)])
LAYERS = {
    "an invalid polygon": (
        BOW_TIE,
        "units.gpkg 第2个要素  几何无效：Self-intersection[500500 3300500] → 用 QGIS 的“修复几何”处理",
    ),
    "a line for a unit": (
        LineString([(500000, 3300000), (501000, 3301000)]),
        "units.gpkg 第2个要素  几何类型是 LineString → 应为 Polygon、MultiPolygon、Point",
    ),
    "an empty polygon": (Polygon(), "units.gpkg 第2个要素  几何是空的 → 补画或删去"),
    "no geometry": (None, "units.gpkg 第2个要素  没有位置 → 填 x坐标、y坐标，或放入有几何的同名图层"),
}


@pytest.mark.parametrize("case", LAYERS)
def test_a_broken_geometry_is_told(tmp_path: Path, case: str) -> None:
    geometry, expected = LAYERS[case]
    header, *rows = (line.split() for line in TABLES["units"].splitlines())
    columns = pd.DataFrame(rows[:2], columns=header).drop(columns=["x", "y"]).replace("-", "")
    frame = gpd.GeoDataFrame(columns, geometry=[box(500000, 3300000, 500100, 3300100), geometry], crs=4546)
    folder = write_folder(tmp_path / "d", {"units": None})
    frame.to_file(folder / "units.gpkg", layer="units")
    assert expected in problems_of(folder)


def test_a_layer_with_features_that_its_table_does_not_know_is_told(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "d")
    ids = ["007", "008", "101", "103"]
    boxes = [box(500000 + i, 3300000, 500001 + i, 3300001) for i in range(4)]
    gpd.GeoDataFrame({"unit_id": ids}, geometry=boxes, crs=4546).to_file(folder / "units.gpkg", layer="units")
    expected = "units.gpkg 第4个要素 列“unit_id”  “103”在 units.csv 中没有，或在图层中重复 → 补上这一行，或删去这个要素"
    assert expected in problems_of(folder)


def units_in_another_crs(folder: Path, own_points: bool) -> Path:
    """Tables declared in the band of 120°, polygons of the units in that of 102°; with x, y of the units or without."""
    rows = [line.split() for line in TABLES["units"].splitlines()]
    aligned = "\n".join(" ".join(row if own_points else row[:-2]) for row in rows)
    write_folder(folder, {"units": aligned}, declaration=DECLARATION.replace("4546", "4549"))
    boxes = [box(float(x), float(y), float(x) + 900, float(y) + 900) for *_cells, x, y in rows[1:]]
    units = gpd.GeoDataFrame({"unit_id": [row[0] for row in rows[1:]]}, geometry=boxes, crs=4543)
    units.to_file(folder / "layers.gpkg", layer="units")
    return folder


@pytest.mark.parametrize("own_points", [False, True])
def test_tables_declared_in_another_crs_than_the_polygons_of_the_units_are_told(
    tmp_path: Path, own_points: bool
) -> None:
    """Nearly 1740 km apart.

    18° of longitude at 29.8° north are 18 × 111.3 km × cos 29.8° = 1738 km along the parallel; the great
    circle is up to 2 % shorter, the plane of a band so far away up to 2 % longer.
    """
    found = problems_of(units_in_another_crs(tmp_path / "d", own_points))
    counts = {"units.csv": 4, "schools.csv": 3, "parcels.csv": 1}
    assert [problem.split()[0] for problem in found] == list(counts)[0 if own_points else 1 :]
    for problem in found:
        count = counts[problem.split()[0]]
        kilometres = int(problem.split("离单元 ")[1].split()[0])
        assert 1700 <= kilometres <= 1780
        assert problem.endswith(
            f"离单元 {kilometres} 千米；{count} 行中有 {count} 行超过 50 千米，这是最远的；坐标按 EPSG:4549，单元按 EPSG:4543"
            " → 若坐标其实是 EPSG:4543 的，把 crs 改为 EPSG:4543；否则核对图层的坐标系和这些行的坐标"
        )


def test_a_school_far_outside_the_units_is_told_and_one_at_30_km_is_not(tmp_path: Path) -> None:
    """The units end at x = 506000: 536000 is 30 km off, 566000 is 60 km off."""
    read_district(write_folder(tmp_path / "near", edited("schools", "501100  3300100", "536000  3300100")))
    assert problems_of(write_folder(tmp_path / "far", edited("schools", "501100  3300100", "566000  3300100"))) == [
        "schools.csv 第4行  离单元 60 千米；3 行中有 1 行超过 50 千米，这是最远的；坐标按 EPSG:4546，单元按 EPSG:4546"
        " → 核对这些行的坐标和 crs"
    ]


def test_a_name_that_a_shapefile_cut_too_short_is_told_with_the_columns_it_may_be() -> None:
    columns = (text("sports_area_indoor", "室内运动面积"), text("sports_area_outdoor", "室外运动面积"))
    contract = Contract("halls", "场馆", "一个场馆", columns)
    source = Source(Path("halls.shp"), "halls.shp", features=True)
    raw, problems = assemble(contract, source, ["sports_are"], pd.DataFrame({0: ["1"]}))
    assert [str(problem) for problem in problems] == [
        "halls.shp 列“sports_are”  列名被 Shapefile 截短，可能是：室内运动面积（sports_area_indoor）、"
        "室外运动面积（sports_area_outdoor） → 用 QGIS 另存为 GeoPackage，写全列名"
    ]
    assert raw.headers == {}


def test_text_that_is_no_wkt_is_told(tmp_path: Path) -> None:
    changes = {"barriers": "name kind geometry\n青江 河流 LINESTRING(青江)\n"}
    expected = "barriers.csv 第2行 列“geometry”  “LINESTRING(青江)”不是 WKT → 例如 POINT (500000 3300000)"
    assert expected in problems_of(write_folder(tmp_path / "d", changes))


def test_a_problem_in_a_workbook_names_sheet_row_and_header(tmp_path: Path) -> None:
    from simulator.inputs.template import write_workbook
    from tests.test_inputs_read import workbook_rows

    tables = {table: workbook_rows(table) for table in TABLES if table != "parcels"}
    tables["classes"][1][-1] = "-4"
    declaration = {"name": "甲区", "crs": "EPSG:4546", "as_of": "2025"}
    write_workbook(tmp_path / "甲区.xlsx", tables, declaration)
    expected = "甲区.xlsx 工作表“班级” 第3行 列“学生数（人）”  “-4”超出范围 → 应为 0 以上"
    assert problems_of(tmp_path / "甲区.xlsx") == [expected]


def test_each_missing_required_column_is_asked_for_once(tmp_path: Path) -> None:
    required = [column for column in CONTRACTS["origins"].columns if column.required]
    found = problems_of(write_folder(tmp_path / "d", {"origins": "boarders\n1\n"}))
    assert found == [f"origins.csv  缺少列“{column.header}”（{column.name}） → 加上这一列" for column in required]
