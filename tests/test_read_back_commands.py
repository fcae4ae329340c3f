"""`audit --plan` and `optimize --fix-from`: a plan changed in a GIS or in Excel goes through the commands."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from simulator.outputs.geopackage import write_geopackage
from simulator.outputs.manifest import write_manifest
from simulator.outputs.maps.view import map_view
from simulator.outputs.stored_scenario import write_scenario
from simulator.outputs.tables import result_tables, write_tables
from simulator.standards import read_standards
from tests.cli_cases import told, write_small
from tests.read_back_cases import edited_package
from tests.result_cases import make_result


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The parts of a result that an audit reads, and its GeoPackage."""
    path = tmp_path_factory.mktemp("result")
    made = make_result(tmp_path_factory.mktemp("case"))
    result = replace(made, standards=read_standards(("national.toml",), {}))
    (path / "tables").mkdir()
    write_tables(result_tables(result), path / "tables")
    write_scenario(result, path / "scenario.toml")
    write_geopackage(result, map_view(result), path / "plan.gpkg")
    write_manifest(result, path, "")
    return path


def audited(folder: Path, file: Path) -> dict:
    _code, out, err = told("audit", folder, "--plan", file, "--json")
    assert out, err
    return json.loads(out)


def test_an_audit_of_the_file_as_it_was_written_finds_no_edit(folder):
    edits = audited(folder, folder / "plan.gpkg")["edits"]
    assert (edits["catchments"], edits["works"], edits["not_taken"]) == ([], [], [])


def test_an_audit_of_a_changed_file_tells_edits_findings_and_totals(folder, tmp_path):
    """U003 goes to P3 from 2028 on: all six grades of one unit go another way."""
    moved = (("U003", "primary_1_3_p2", "P3"), ("U003", "primary_4_6_p2", "P3"))
    file = edited_package(folder / "plan.gpkg", tmp_path / "moved.gpkg", *moved)
    plain, answer = audited(folder, folder / "plan.gpkg"), audited(folder, file)
    assert [(one["unit"], one["band"], one["phase"], one["after"]) for one in answer["edits"]["catchments"]] == [
        ("U003", "primary_1_3", 2, ["P3"]),
        ("U003", "primary_4_6", 2, ["P3"]),
    ]
    before, after = ({row["figure"]: row["after"] for row in one["edits"]["totals"]} for one in (plain, answer))
    assert before["children_target"] == after["children_target"] > 0
    assert before["mean_minutes"] < after["mean_minutes"]
    assert answer["changed"] == []
    _code, out, _err = told("audit", folder, "--plan", file)
    assert "moved.gpkg：改动招生范围 2 处，举措 0 处" in out
    assert "改动前" in out


@pytest.mark.parametrize("name", ["plan.csv", "gone.xlsx"])
def test_a_file_that_cannot_be_used_ends_the_command(folder, name):
    code, _out, err = told("audit", folder, "--plan", folder / name)
    assert code == 2
    assert name in err


def test_a_plan_of_another_district_is_not_fixed_and_nothing_is_written(folder, tmp_path):
    scenario = write_small(tmp_path)
    code, _out, err = told("optimize", scenario, "--fix-from", folder / "plan.gpkg", "--out", tmp_path / "out")
    assert (code, (tmp_path / "out").exists()) == (2, False)
    assert "的方案，不是“小样区”的" in err
