"""The package for the natural resources bureau, read back; land tables."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyogrio
import pytest
from python_calamine import CalamineWorkbook

from simulator.outputs.handover import write_handover
from simulator.outputs.land import land_balance, land_class
from simulator.outputs.maps.view import map_view
from simulator.outputs.workbook.land import land_sheets
from simulator.result import Result
from tests.result_cases import make_result


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    made = make_result(tmp_path_factory.mktemp("case"))
    outputs = made.scenario.outputs.model_copy(update={"county_code": "630103"})
    return replace(made, scenario=made.scenario.model_copy(update={"outputs": outputs}))


@pytest.fixture(scope="module")
def folder(result: Result, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("out") / "handover"
    write_handover(result, map_view(result), path)
    return path


FILES = ("school_pt", "edu_land", "catch_pri", "catch_jun")


@pytest.mark.parametrize("stem", FILES)
def test_names_of_fields_are_ascii_and_short_and_the_band_is_the_districts(folder, stem):
    """The grid lies at about 101.8° E: band 34, central meridian 102°, EPSG:4522 with the band in the eastings."""
    info = pyogrio.read_info(folder / f"{stem}.shp")
    assert info["crs"] == "EPSG:4522"
    assert all(name.isascii() and len(name) <= 10 for name in info["fields"])
    assert info["encoding"] == "UTF-8"
    frame = pyogrio.read_dataframe(folder / f"{stem}.shp")
    assert set(frame["COUNTY"]) == {"630103"}
    assert frame.total_bounds[0] // 1_000_000 == 34


def test_every_field_is_described(folder):
    book = CalamineWorkbook.from_path(str(folder / "fields_and_balance.xlsx"))
    assert book.sheet_names == ["目录", "字段说明表", "T21 教育用地平衡"]
    rows = book.get_sheet_by_name("字段说明表").to_python()[3:]
    described = {(row[0], row[2]) for row in rows}
    assert described == {
        (f"{stem}.shp", name) for stem in FILES for name in pyogrio.read_info(folder / f"{stem}.shp")["fields"]
    }
    assert all(row[3] for row in rows)


def test_planned_classes_seats_and_land_codes_are_those_of_the_plan(result, folder):
    schools = pyogrio.read_dataframe(folder / "school_pt.shp").set_index("SITE_ID")
    last = result.plan.sections[result.plan.sections["phase"] == 2].set_index("section_id")
    for site, row in schools.iterrows():
        own = last[last.index.str.startswith(f"{site}:")]
        assert (row["CLASSES"], row["SEATS"]) == (own["classes"].sum(), own["seats"].sum()), site
    assert schools.loc["P2", "ACTION"] == "撤并"
    assert schools.loc["L1", "LAND_CODE"] == "080403"
    assert schools.loc["K1", ["LAND_CODE", "LAND_NAME"]].tolist() == ["080404", "幼儿园用地"]
    note = (folder / "readme.txt").read_text("utf-8-sig")
    assert "EPSG:4522" in note
    assert "630103" in note


@pytest.mark.parametrize(
    ("stages", "code"),
    [
        ("kindergarten", "080404"),
        ("kindergarten,primary", "080403"),
        ("senior", "080403"),
        ("vocational", "080402"),
        ("special", "080405"),
    ],
)
def test_land_takes_the_class_of_its_stages(stages, code):
    assert land_class(stages) == code


def test_the_balance_of_land_counts_what_is_kept_added_and_released(result):
    """Every site has 12,000 m²: P2 closes (released), L1 is new, all others stay."""
    rows = land_balance(result).set_index("site_id")
    assert rows.loc["P2", ["state", "now_m2", "planned_m2", "released_m2"]].tolist() == ["撤并调出", 12_000, 0, 12_000]
    assert rows.loc["L1", ["state", "now_m2", "planned_m2", "released_m2"]].tolist() == ["规划新增", 0, 12_000, 0]
    others = rows.drop(index=["P2", "L1"])
    assert (others["state"] == "保留").all()
    assert (others["now_m2"] == others["planned_m2"]).all()
    control, balance = land_sheets(result)
    assert control.rows["land_code"].tolist() == ["080403"]
    sums = balance.rows[balance.rows["name"] == "合计"].set_index("land_code")
    assert sums.loc["080403", "planned_m2"] == rows.loc[rows["land_code"] == "080403", "planned_m2"].sum()
