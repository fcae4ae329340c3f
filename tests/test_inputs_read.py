"""Reading a district: every way to write it gives the same tables."""

from __future__ import annotations

import hashlib
import warnings
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from pyproj import CRS
from shapely.geometry import LineString, Point, box

from simulator.inputs import CONTRACTS, District, read_district, write_layer, write_table
from simulator.inputs.contracts import Column, Kind
from simulator.inputs.read_values import empty_frame, parse
from simulator.inputs.template import write_workbook
from simulator.inputs.write import cell_of
from tests.inputs_cases import DECLARATION, TABLES, csv_of, problems_of, rows_of, write_folder

KINDS_OF_CELLS = [
    column
    for contract in CONTRACTS.values()
    for column in contract.cells
    if column.kind in {Kind.WORD, Kind.GRADE, Kind.BOOLEAN, Kind.INTEGER, Kind.NUMBER}
]


def assert_same(one: District, other: District) -> None:
    """Two districts hold the same tables, CRS and title."""
    assert (one.name, one.title, one.crs) == (other.name, other.title, other.crs)
    for table in CONTRACTS:
        assert_frame_equal(pd.DataFrame(getattr(one, table)), pd.DataFrame(getattr(other, table)))


def workbook_rows(table: str) -> list[list[str]]:
    """The rows of a table in the order of its contract's columns."""
    header, *rows = rows_of(TABLES[table])
    return [[dict(zip(header, row, strict=True)).get(name, "") for name in CONTRACTS[table].names] for row in rows]


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> District:
    return read_district(write_folder(tmp_path_factory.mktemp("plain")))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_the_encoding_of_csv_files_makes_no_difference(tmp_path: Path, district: District, encoding: str) -> None:
    assert_same(read_district(write_folder(tmp_path / "other", encoding=encoding)), district)


def test_a_workbook_with_chinese_headers_gives_the_same_district(tmp_path: Path, district: District) -> None:
    path = tmp_path / "district.xlsx"
    tables = {table: [[cell.replace(",", "") for cell in row] for row in workbook_rows(table)] for table in TABLES}
    # Unit codes of the statistics bureau and words stay text; figures become numbers of the workbook.
    write_workbook(path, tables, {"name": "甲区", "title": "甲区布局规划", "crs": "EPSG:4546", "as_of": "2025"})
    assert_same(read_district(path), district)


def test_a_workbook_in_a_folder_is_read_with_the_layers_beside_it(tmp_path: Path, district: District) -> None:
    tables = {table: [[cell.replace(",", "") for cell in row] for row in workbook_rows(table)] for table in TABLES}
    declaration = {"name": "甲区", "title": "甲区布局规划", "crs": "EPSG:4546", "as_of": "2025"}
    write_workbook(tmp_path / "district.xlsx", tables, declaration)
    roads = gpd.GeoDataFrame(
        {"kind": ["道路"]}, geometry=[LineString([(500000, 3300000), (501000, 3300000)])], crs=4546
    )
    write_layer(roads, "travel", tmp_path / "travel.gpkg")
    read = read_district(tmp_path)
    assert list(read.travel["kind"]) == ["road"]
    assert_frame_equal(pd.DataFrame(read.units), pd.DataFrame(district.units))


def test_chinese_names_of_files_and_columns_are_read(tmp_path: Path, district: District) -> None:
    changes = {}
    for table, text in TABLES.items():
        header, *lines = text.splitlines()
        chinese = " ".join(CONTRACTS[table].column(name).header for name in header.split())
        changes[table] = "\n".join([chinese, *lines])
    names = {table: CONTRACTS[table].chinese for table in TABLES}
    assert_same(read_district(write_folder(tmp_path / "other", changes, names=names)), district)


def test_a_title_row_above_the_header_is_passed_over(tmp_path: Path, district: District) -> None:
    folder = write_folder(tmp_path / "other")
    file = folder / "population.csv"
    file.write_text("甲区儿童人口表,,,\n单位：人,,,\n" + file.read_text(encoding="utf-8"), encoding="utf-8")
    assert_same(read_district(folder), district)


def test_values_are_read_as_their_column_says(district: District) -> None:
    """Codes keep their zeros; words, codes of the statistics bureau, flags, grades and lists become file values."""
    assert list(district.units["unit_id"]) == ["007", "008", "101", "102"]
    assert list(district.units["area_kind"]) == ["city", "city", "village", "village"]
    assert list(district.schools["decided_here"]) == [True, True, False]
    assert list(district.schools["school_code"]) == ["2133000000000001", "", ""]
    assert list(district.classes["grade"]) == [1, 1, 1, -2]
    assert list(district.classes["class_no"]) == ["01", "02", "1", "1"]
    assert district.parcels.loc[0, "stages"] == "primary,junior"
    assert district.parcels.loc[0, "area_m2"] == 30000.0


def test_empty_cells_mean_what_the_contract_says(district: District) -> None:
    """Terrain plain, 片区 the township, protected no, regime of the stage, lodging day; unknown figures NaN."""
    assert list(district.units["terrain"]) == ["plain", "plain", "mountain", "hill"]
    assert list(district.units["area"]) == ["城关镇", "城关镇", "上乡", "上乡"]
    assert list(district.schools["protected"]) == [False, True, False]
    assert list(district.sections["regime"]) == ["catchment", "catchment", "choice"]
    assert list(district.sections["lodging"]) == ["day"] * 3
    assert list(district.sections["seats"].isna()) == [True, True, False]
    assert list(district.parcels["delivery"]) == ["government"]


@pytest.mark.parametrize("table", CONTRACTS)
def test_every_table_has_the_columns_and_dtypes_of_its_contract(district: District, table: str) -> None:
    wanted = empty_frame(CONTRACTS[table])
    assert_frame_equal(pd.DataFrame(getattr(district, table))[list(wanted.columns)].iloc[:0], wanted)


def test_missing_tables_and_columns_are_named_with_what_is_assumed(district: District) -> None:
    assert "没有“交通”表：通学距离 = 直线距离 × 地形绕行系数，成果中注明" in district.assumptions
    assert "“人口”表没有列：截止年龄（只有一岁）；随迁子女（未知）" in district.assumptions


def test_every_file_is_listed_with_its_hash_and_year(tmp_path: Path) -> None:
    declaration = DECLARATION.replace("as_of = 2025\n", "[as_of]\ndefault = 2025\npopulation = 2020\n")
    folder = write_folder(tmp_path / "d", declaration=declaration)
    district = read_district(folder)
    years = {source.table: source.as_of for source in district.sources}
    assert years["population"] == 2020
    assert years["units"] == 2025
    digest = hashlib.sha256((folder / "units.csv").read_bytes()).hexdigest()
    assert district.files()[str(folder / "units.csv")] == digest
    assert str(folder / "district.toml") in district.files()


# Layers -----------------------------------------------------------------------------------------

SQUARES = [box(500000, 3300000, 501000, 3301000), box(501000, 3300000, 502000, 3301000)]


def squares(**columns: list[str]) -> gpd.GeoDataFrame:
    """Two square units 007 and 008 with more columns."""
    return gpd.GeoDataFrame({"unit_id": ["007", "008"], **columns}, geometry=SQUARES, crs=4546)


UNIT_COLUMNS = {"name": ["东街", "西街"], "township": ["城关镇", "城关镇"], "area_kind": ["城区", "城区"]}
ONLY_TOWN = {
    "units": None,
    "parcels": None,
    "population": "unit_id age residents\n007 6 40\n",
    "catchments": "unit_id stage school_id\n007 小学 s1\n",
}


def write_units_layer(folder: Path, form: str) -> None:
    """The two units as a layer of that form."""
    frame = squares(**UNIT_COLUMNS)
    match form:
        case "geopackage":
            frame.to_file(folder / "district.gpkg", layer="units")
        case "chinese geopackage":
            write_layer(frame, "units", folder / "layers.gpkg")
        case "geojson":
            frame.to_crs(4490).to_file(folder / "units.geojson", driver="GeoJSON")
        case "shapefile without cpg":
            frame.to_file(folder / "单元.shp", encoding="GBK")
            (folder / "单元.cpg").unlink(missing_ok=True)
        case "wkt":
            plain = pd.DataFrame(frame.drop(columns="geometry")).assign(geometry=frame.geometry.to_wkt())
            plain.to_csv(folder / "units.csv", index=False)


@pytest.mark.parametrize("form", ["geopackage", "chinese geopackage", "geojson", "shapefile without cpg", "wkt"])
def test_units_are_read_from_every_kind_of_layer(tmp_path: Path, form: str) -> None:
    folder = write_folder(tmp_path / "d", ONLY_TOWN)
    write_units_layer(folder, form)
    district = read_district(folder)
    assert district.crs == "EPSG:4546"
    assert list(district.units["unit_id"]) == ["007", "008"]
    assert list(district.units["name"]) == ["东街", "西街"]
    # A square kilometre each; GeoJSON keeps seven decimals of a degree, about a centimetre.
    assert district.units.area.to_list() == pytest.approx([1e6, 1e6], rel=1e-4)
    assert district.units["x"].to_list() == pytest.approx([500500, 501500], abs=1)


def test_a_table_takes_the_geometry_of_the_layer_beside_it(tmp_path: Path) -> None:
    text = "unit_id name township area_kind\n008 西街 城关镇 城区\n007 东街 城关镇 城区\n"
    folder = write_folder(tmp_path / "d", ONLY_TOWN | {"units": text})
    squares().to_file(folder / "units.gpkg", layer="units")
    district = read_district(folder)
    assert district.units["x"].to_list() == [501500.0, 500500.0]
    assert {source.path.name for source in district.sources if source.table == "units"} == {"units.csv", "units.gpkg"}


def write_shapefile(frame: gpd.GeoDataFrame, path: Path, encoding: str) -> None:
    """A Shapefile whose names GDAL cuts to ten bytes, of which it warns."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        warnings.simplefilter("ignore", UserWarning)
        frame.to_file(path, encoding=encoding)


def chinese_shapefile(folder: Path, encoding: str, cpg: str) -> None:
    """The two units as a Shapefile, its Chinese names cut to ten bytes: in UTF-8 单元编 and a third of 号."""
    names = {column.name: column.header for column in CONTRACTS["units"].columns}
    frame = squares(**UNIT_COLUMNS, households=["310", "280"]).rename(columns=names)
    write_shapefile(frame, folder / "units.shp", encoding)
    (folder / "units.cpg").unlink(missing_ok=True)
    if cpg:
        (folder / "units.cpg").write_text(cpg, encoding="ascii")


@pytest.mark.parametrize(
    ("encoding", "cpg"), [("UTF-8", "UTF-8"), ("UTF-8", ""), ("GB18030", "936"), ("GB18030", ""), ("GB18030", "UTF-8")]
)
def test_column_names_that_a_shapefile_cut_are_read(tmp_path: Path, encoding: str, cpg: str) -> None:
    folder = write_folder(tmp_path / "d", ONLY_TOWN)
    chinese_shapefile(folder, encoding, cpg)
    district = read_district(folder)
    assert list(district.units["unit_id"]) == ["007", "008"]
    assert list(district.units["name"]) == ["东街", "西街"]
    assert list(district.units["township"]) == ["城关镇", "城关镇"]
    assert list(district.units["households"]) == [310, 280]


def test_a_table_is_joined_to_a_shapefile_whose_key_was_cut(tmp_path: Path) -> None:
    text = "单元编号 单元名称 乡镇街道 城乡分类\n008 西街 城关镇 城区\n007 东街 城关镇 城区\n"
    folder = write_folder(tmp_path / "d", ONLY_TOWN | {"units": text})
    chinese_shapefile(folder, "UTF-8", "UTF-8")
    assert read_district(folder).units["x"].to_list() == [501500.0, 500500.0]


def test_english_names_are_cut_in_a_shapefile_only(tmp_path: Path) -> None:
    header, *rows = rows_of(TABLES["schools"])
    plain = pd.DataFrame(rows, columns=header).rename(columns=lambda name: name[:10])
    points = gpd.points_from_xy(plain.pop("x"), plain.pop("y"), crs=4546)
    folder = write_folder(tmp_path / "d", {"schools": None})
    schools = gpd.GeoDataFrame(plain, geometry=points)
    write_shapefile(schools, folder / "schools.shp", "UTF-8")
    assert list(read_district(folder).schools["decided_here"]) == [True, True, False]
    for part in folder.glob("schools.*"):
        part.unlink()
    schools.to_file(folder / "schools.gpkg", layer="schools")
    assert any("schools.gpkg  缺少列“本局决定”" in problem for problem in problems_of(folder))


def test_the_files_of_a_shapefile_are_all_hashed(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "d", ONLY_TOWN)
    write_units_layer(folder, "shapefile without cpg")
    files = {Path(file).suffix for file in read_district(folder).files()}
    assert {".shp", ".dbf", ".prj", ".shx"} <= files


# Coordinates ------------------------------------------------------------------------------------


def in_crs(code: int) -> tuple[dict[str, str], str]:
    """The district's points in another CRS, and its declaration."""
    changes = {}
    for table in ("units", "schools", "parcels"):
        header, *rows = rows_of(TABLES[table])
        x, y = header.index("x"), header.index("y")
        points = gpd.GeoSeries([Point(float(row[x]), float(row[y])) for row in rows], crs=4546).to_crs(code)
        moved = [
            [*row[:x], f"{point.x:.9f}", f"{point.y:.9f}", *row[y + 1 :]]
            for row, point in zip(rows, points, strict=True)
        ]
        changes[table] = "\n".join(" ".join(cell or "-" for cell in row) for row in [header, *moved])
    return changes, DECLARATION.replace("4546", str(code))


@pytest.mark.parametrize(
    ("declared", "planned"),
    [
        (4546, "EPSG:4546"),  # metres: kept
        (4547, "EPSG:4547"),  # the neighbouring band: kept, as declared
        (4490, "EPSG:4546"),  # degrees: the band of 111°
        (4326, "EPSG:4546"),
        (3857, "EPSG:4546"),  # Web Mercator's metres are not metres on the ground
    ],
)
def test_coordinates_come_in_one_metric_crs(tmp_path: Path, declared: int, planned: str) -> None:
    changes, declaration = in_crs(declared)
    district = read_district(write_folder(tmp_path / "d", changes, declaration=declaration))
    assert district.crs == planned
    # 东街 and 西街 lie 1000 m apart; a neighbouring band stretches by about 1 ‰.
    assert district.units.geometry[0].distance(district.units.geometry[1]) == pytest.approx(1000, rel=2e-3)
    assert {CRS(getattr(district, table).crs).to_epsg() for table in ("units", "schools", "parcels", "travel")} == {
        int(planned.removeprefix("EPSG:"))
    }


def test_outside_china_a_district_in_feet_comes_in_its_utm_zone(tmp_path: Path) -> None:
    changes, _declaration = in_crs(4546)
    for table, text in changes.items():
        moved = gpd.GeoSeries([Point(-122.7, 38.44)], crs=4326).to_crs(2226)[0]
        header, *rows = [line.split() for line in text.splitlines()]
        at = header.index("x")
        rows = [[*row[:at], f"{moved.x:.3f}", f"{moved.y:.3f}", *row[at + 2 :]] for row in rows]
        changes[table] = "\n".join(" ".join(row) for row in [header, *rows])
    declaration = DECLARATION.replace("4546", "2226")
    assert read_district(write_folder(tmp_path / "d", changes, declaration=declaration)).crs == "EPSG:32610"


# Writing ----------------------------------------------------------------------------------------


def test_tables_that_were_written_read_the_same(tmp_path: Path, district: District) -> None:
    folder = tmp_path / "written"
    folder.mkdir()
    (folder / "district.toml").write_text(DECLARATION, encoding="utf-8")
    for table in TABLES:
        write_table(
            pd.DataFrame(getattr(district, table)).drop(columns="geometry", errors="ignore"),
            table,
            folder / f"{table}.csv",
        )
    assert_same(read_district(folder), district)


def test_written_tables_open_in_excel_with_chinese_headers_and_words(tmp_path: Path, district: District) -> None:
    write_table(district.classes, "classes", tmp_path / "班级.csv")
    content = (tmp_path / "班级.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.decode("utf-8-sig").splitlines()[:2] == ["学校编号,学段,年级,班号,学生数（人）", "s1,小学,1,01,45"]


@given(column=st.sampled_from(KINDS_OF_CELLS), data=st.data())
def test_a_value_that_is_written_reads_as_itself(column: Column, data: st.DataObject) -> None:
    values = {
        Kind.WORD: st.sampled_from(sorted(column.words) or ["-"]),
        Kind.GRADE: st.integers(-2, 12),
        Kind.BOOLEAN: st.booleans(),
        Kind.INTEGER: st.integers(0, 10**9),
        Kind.NUMBER: st.integers(0, 10**9).map(lambda thousandths: thousandths / 1000),
    }[column.kind]
    value = data.draw(values)
    assert parse(column, cell_of(column, value)) == value


def test_the_case_tables_are_csv(tmp_path: Path) -> None:
    """The aligned text of the cases means what it looks like."""
    assert csv_of("a  b\n-  1,000\n") == 'a,b\n,"1,000"\n'
