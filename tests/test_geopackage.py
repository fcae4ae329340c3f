"""plan.gpkg, read back by sqlite and by GDAL."""

from __future__ import annotations

import dataclasses
import io
import sqlite3
import xml.etree.ElementTree as ET
import zipfile
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely

from simulator.outputs.findings import once_a_place
from simulator.outputs.geopackage import write_geopackage
from simulator.outputs.maps.view import map_view
from simulator.outputs.moves import resettled
from simulator.result import Result
from simulator.terms import Network, Stage
from tests.result_cases import CRS, TARGET, make_result

LAYERS = {
    "划片单元",
    "乡镇街道",
    "服务半径覆盖",
    "交通障碍",
    "轮渡桥隧联系",
    "教育用地",
    "校核问题",
    "现状学校",
    "学位利用率",
    "规划学校学部",
    "撤并与安置流向",
}


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    return make_result(tmp_path_factory.mktemp("case"))


def write(result: Result, path: Path) -> Path:
    write_geopackage(result, map_view(result), path)
    return path


@pytest.fixture(scope="module")
def package(result: Result, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(result, tmp_path_factory.mktemp("gpkg") / "plan.gpkg")


def rows(package: Path, query: str) -> list[tuple]:
    with closing(sqlite3.connect(package)) as connection:
        return connection.execute(query).fetchall()


def read(package: Path, layer: str) -> gpd.GeoDataFrame:
    return pyogrio.read_dataframe(package, layer=layer)


def test_the_file_is_a_geopackage_of_version_1_2(package):
    assert rows(package, "PRAGMA user_version") == [(10200,)]
    assert rows(package, "PRAGMA application_id") == [(int.from_bytes(b"GPKG"),)]
    assert rows(package, "PRAGMA integrity_check") == [("ok",)]
    assert rows(package, "PRAGMA foreign_key_check") == []


def test_every_layer_of_a_draft_is_there_in_the_crs_of_the_district(package):
    found = rows(package, "SELECT table_name, srs_id FROM gpkg_contents WHERE data_type = 'features'")
    names = {name for name, _srs in found}
    assert names >= LAYERS
    assert {
        f"招生范围 {band} {span}" for band in ("小学", "初中") for span in ("现状2025年", "2026—2027年", "2028—2030年")
    } == names - LAYERS
    assert {srs for _name, srs in found} == {int(CRS.removeprefix("EPSG:"))}


def test_every_layer_has_a_style_that_parses_and_names_fields_that_are_there(package):
    styles = rows(package, "SELECT f_table_name, f_geometry_column, useAsDefault, styleQML FROM layer_styles")
    assert {name for name, *_rest in styles} >= LAYERS
    for layer, column, default, text in styles:
        assert (column, default) == ("geom", 1)
        root = ET.fromstring(text)  # noqa: S314  written by this program
        fields = set(read(package, layer).columns) - {"geometry"}
        attribute = root.find("renderer-v2").get("attr")
        assert attribute is None or attribute in fields
        assert {alias.get("field") for alias in root.iter("alias")} == fields
        symbols = {symbol.get("name") for symbol in root.find("renderer-v2/symbols")}
        used = {one.get("symbol") for tag in ("category", "range", "rule") for one in root.iter(tag)} - {None}
        assert used <= symbols
    registered = rows(package, "SELECT data_type FROM gpkg_contents WHERE table_name = 'layer_styles'")
    assert registered == [("attributes",)]


def test_every_field_has_a_chinese_title(package):
    titles = rows(package, "SELECT table_name, column_name, name FROM gpkg_data_columns")
    by_layer: dict[str, set[str]] = {}
    for layer, column, title in titles:
        assert any("\u4e00" <= mark <= "\u9fff" for mark in title), (layer, column, title)
        by_layer.setdefault(layer, set()).add(column)
    for layer in LAYERS:
        assert by_layer[layer] == set(read(package, layer).columns) - {"geometry"}


def test_children_of_the_units_are_those_of_the_projection(result, package):
    units, demand = read(package, "划片单元"), result.projection.plan_demand
    for stage in (Stage.PRIMARY, Stage.JUNIOR):
        for year in (2025, TARGET):
            expected = pd.Series(demand.of(stage)[:, demand.years.index(year)], index=demand.units)
            found = units.set_index("unit_id")[f"{stage.value}_{year}"]
            np.testing.assert_allclose(found, expected.reindex(found.index), atol=0.05)


def test_classes_seats_and_pupils_of_the_sections_are_those_of_the_plan(result, package):
    found = read(package, "规划学校学部").set_index("section_id")
    plan = result.plan.sections.set_index(["phase", "section_id"])
    schools = result.indicators.schools
    schools = schools[schools["network"] == Network.PLAN].set_index(["section_id", "year"])
    for phase, last in ((0, 2025), (1, 2027), (2, TARGET)):
        own = plan.loc[phase]
        for name in ("classes", "seats"):
            np.testing.assert_array_equal(found.loc[own.index, f"{name}_p{phase}"], own[name])
        pupils = schools.xs(last, level="year")["pupils"]
        np.testing.assert_array_equal(found.loc[pupils.index, f"pupils_p{phase}"], pupils)
    use = read(package, "学位利用率").set_index("section_id")
    expected = schools.xs(TARGET, level="year").reindex(use.index)
    np.testing.assert_allclose(use["utilization"], expected["utilization"])


def test_catchments_are_a_coverage_in_which_neighbours_differ_in_colour(result, package):
    whole = result.district.units.area.sum()
    demand = result.projection.plan_demand
    for layer, stage, year in (
        ("招生范围 小学 2028—2030年", Stage.PRIMARY, TARGET),
        ("招生范围 初中 现状2025年", Stage.JUNIOR, 2025),
    ):
        zones = read(package, layer)
        assert shapely.coverage_is_valid(np.concatenate([shapely.get_parts(zones.geometry.to_numpy())]))
        assert zones.area.sum() == pytest.approx(whole)
        children = demand.of(stage)[:, demand.years.index(year)].sum()
        assert zones["children"].sum() == pytest.approx(children, abs=0.05 * len(zones))
        touching = zones.sjoin(zones, predicate="touches")
        longer = [
            shapely.intersection(zones.geometry[a], zones.geometry[b]).length > 1
            for a, b in zip(touching.index, touching["index_right"], strict=True)
        ]
        assert (touching["colour_left"] != touching["colour_right"])[longer].all()


def test_flows_coverage_and_findings_quote_the_figures_of_the_run(result, package):
    moves, found = resettled(result), read(package, "撤并与安置流向")
    assert found["children"].sum() == pytest.approx(moves["children"].sum())
    assert list(zip(found["from_section"], found["to_section"], strict=True)) == list(
        zip(moves["section_id"], moves["to_section"], strict=True)
    )
    assert (found.geometry.length > 0).all()
    radius = read(package, "服务半径覆盖")
    covered = result.indicators.coverage
    covered = covered[
        (covered["network"] == Network.PLAN) & (covered["township"] == "") & (covered["stage"] == "primary")
    ]
    for row in radius[radius["stage"] == "小学"].to_dict("records"):
        own = covered[covered["year"] == row["year"]].iloc[0]
        assert (row["children"], row["within"], row["share"]) == (own["children"], own["within_radius"], own["share"])
    audited = once_a_place(result.audit.of(Network.PLAN))
    assert len(read(package, "校核问题")) == len(audited) == 3


def test_equal_runs_write_equal_files(result, package, tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1735689600")
    first, second = (write(result, tmp_path / name / "plan.gpkg").read_bytes() for name in _folders(tmp_path))
    assert first == second
    assert rows(tmp_path / "a" / "plan.gpkg", "SELECT DISTINCT last_change FROM gpkg_contents") == [
        ("2025-01-01T00:00:00.000Z",)
    ]


def _folders(tmp_path: Path) -> tuple[str, str]:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    return "a", "b"


def test_the_project_inside_lists_every_layer_of_the_file(package):
    ((name, content),) = rows(package, "SELECT name, content FROM qgis_projects")
    assert name == "〔演示〕示范方案"
    with zipfile.ZipFile(io.BytesIO(bytes.fromhex(content))) as archive:
        root = ET.fromstring(archive.read("plan.qgs"))  # noqa: S314  written by this program
    sources = {element.text for element in root.iter("datasource")}
    known = {
        f"./plan.gpkg|layername={layer}" for (layer,) in rows(package, "SELECT table_name FROM gpkg_geometry_columns")
    }
    assert sources == known
    listed = {element.get("id") for element in root.iter("layer-tree-layer")}
    assert listed == {element.text for element in root.iterfind("projectlayers/maplayer/id")}


def test_the_public_edition_has_no_findings_no_candidates_and_no_small_counts(result, package, tmp_path):
    outputs = result.scenario.outputs.model_copy(update={"edition": "public"})
    public = dataclasses.replace(result, scenario=result.scenario.model_copy(update={"outputs": outputs}))
    few = public.projection.plan_demand.children.copy()
    few[0, :, :] = 0.0
    few[0, 4, :] = 3.0
    demand = dataclasses.replace(public.projection.plan_demand, children=few)
    by_variant = dict.fromkeys(public.projection.demand, demand)
    public = dataclasses.replace(public, projection=dataclasses.replace(public.projection, demand=by_variant))
    file = write(public, tmp_path / "plan.gpkg")
    tables = {name for (name,) in rows(file, "SELECT table_name FROM gpkg_contents")}
    assert not tables & {"校核问题", "school_planner"}
    units = read(file, "划片单元")
    assert not any(column.startswith("primary_p") for column in units)
    figures = units.filter(regex=r"^(primary|junior)_\d{4}$")
    assert figures.isna().any(axis=None)
    assert not ((figures > 0) & (figures < 5)).any(axis=None)
    assert set(read(file, "教育用地")["state"]) <= {"规划建设"}
