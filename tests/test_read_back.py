"""plan.gpkg and plan.xlsx given back by a planner: what is read, what is refused and where, what comes of it."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from shapely.affinity import translate

from simulator.errors import InputError
from simulator.outputs.editable import editable, key_columns, work_columns, zone_title
from simulator.outputs.geopackage import write_geopackage
from simulator.outputs.maps.view import map_view
from simulator.outputs.read_back import Edits, read_edits
from simulator.outputs.read_back_decisions import fixed_scenario
from simulator.outputs.read_back_plan import Prices, edited_plan
from simulator.outputs.workbook import write_workbook
from simulator.result import Result
from simulator.scenario import Scenario
from tests.read_back_cases import SECTIONS, UNITS, edited_package, edited_workbook, layer, save
from tests.result_cases import make_result


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    return make_result(tmp_path_factory.mktemp("case"))


@pytest.fixture(scope="module")
def written(result: Result, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("plan")
    write_geopackage(result, map_view(result), folder / "plan.gpkg")
    write_workbook(result, folder / "plan.xlsx")
    return folder


def changed(result: Result, written: Path, folder: Path, suffix: str, *edits: tuple[str, str, object]) -> Path:
    """A copy of a plan file with cells changed, by the file of its kind."""
    copy = folder / f"edited{suffix}"
    if suffix == ".gpkg":
        return edited_package(written / "plan.gpkg", copy, *edits)
    tables = editable(result)
    titles = key_columns() | work_columns() | {column.name: zone_title(column) for column in tables.columns}
    return edited_workbook(written / "plan.xlsx", copy, *edits, titles=titles)


def read(result: Result, path: Path, district: str | None = None) -> Edits:
    units = result.district.units["unit_id"]
    return read_edits(path, result.supply, units, result.district.name if district is None else district)


def told(edits: Edits) -> list[str]:
    """Edits in a line each."""
    zones = [f"{e.unit_id} {e.band.band_id} p{e.phase} {'+'.join(e.before)}>{'+'.join(e.after)}" for e in edits.zones]
    works = [f"{e.section_id} {e.before}>{e.do} {e.year} {e.amount}" for e in edits.works]
    return [*zones, *works]


def problems(result: Result, path: Path, **given: str) -> str:
    with pytest.raises(InputError) as error:
        read(result, path, **given)
    assert error.value.exit_code == 2
    return str(error.value)


BOTH = pytest.mark.parametrize("suffix", [".gpkg", ".xlsx"])


@BOTH
def test_a_file_that_nobody_changed_has_no_edits(result, written, suffix):
    edits = read(result, written / f"plan{suffix}")
    assert (edits.zones, edits.works, edits.notes) == ((), (), ())
    assert edits.phases == {1: (2026, 2027), 2: (2028, 2030)}
    assert edits.figures["new_schools"] == 1.0


@BOTH
def test_codes_and_names_of_schools_words_and_years_are_read(result, written, suffix, tmp_path):
    path = changed(
        *(result, written, tmp_path, suffix),
        ("U003", "primary_1_3_p1", "P3"),
        ("U003", "primary_4_6_p1", "新民第3小学"),
        ("U004", "junior_p2", "J1 示范第1初级中学 "),
        ("P2:primary", "do", "保留"),
        ("P3:primary", "do", "撤并"),
        ("P3:primary", "do_year", 2028),
        ("L1:primary", "do_amount", 18),
        ("J1:junior", "do", "改扩建"),
        ("J1:junior", "do_year", 2027),
        ("J1:junior", "do_amount", 3),
    )
    assert sorted(told(read(result, path))) == [
        "J1:junior keep>extend 2027 3",
        "L1:primary build>build 2026 18",
        "P2:primary close>keep 0 0",
        "P3:primary keep>close 2028 0",
        "U003 primary_1_3 p1 P1>P3",
        "U003 primary_4_6 p1 P1>P3",
    ]


WRONG = [
    ("U002", "primary_1_3_p1", "", "（U002）  没有填学校，成了空白 → 填一所学校；原方案为“P1 启智第1小学”"),
    ("U002", "primary_1_3_p1", "启智第一小学", "没有“启智第一小学”这所学校（或名称不止一所） → 是不是“启智第1小学”？"),
    ("U002", "junior_p2", "P1", "“P1”不按招生范围招收初中 → 换一所学校"),
    ("U002", "junior_p2", "K1", "“K1”不按招生范围招收初中"),
    ("U002", "primary_4_6_p2", "P1；P3", "同时划入 2 所学校：“P1；P3” → 一个单元只能划入一所学校"),
    ("U002", "unit_id", "U003", "单元 U003 出现 2 次，重复划入"),
    ("U002", "unit_id", "U003", "缺少 1 个单元：U002"),
    ("U002", "unit_id", "U099", "没有编号为“U099”的单元"),
    ("P3:primary", "do", "关停", "不认识举措“关停” → 可写：保留、撤并、新建、改扩建、不变动"),
    ("P3:primary", "do", "撤并", "“生效年份（可改）”应为整数，现为“”"),
    ("P3:primary", "do", "新建", "现有学部不能“新建”"),
    ("P3:primary", "do", "学段转换", "学段转换不能在这里指定"),
    ("L1:primary", "do", "撤并", "教育用地上的学部不能“撤并”"),
    ("L1:primary", "do_year", 2041, "2041 年不在规划年份 2026—2030 之内"),
    ("P2:primary", "section_id", "P9:primary", "没有编号为“P9:primary”的学部"),
]


@BOTH
@pytest.mark.parametrize(("row", "column", "value", "words"), WRONG)
def test_what_cannot_be_is_told_with_its_place(result, written, suffix, tmp_path, row, column, value, words):
    path = changed(result, written, tmp_path, suffix, (row, column, value))
    text = problems(result, path)
    assert words in text
    place = {".gpkg": "edited.gpkg 图层“", ".xlsx": "edited.xlsx 工作表“"}[suffix]
    assert text.splitlines()[1].startswith(f"  {place}")


def test_all_problems_are_told_at_once(result, written, tmp_path):
    edits = [(row, column, value) for row, column, value, _words in WRONG if not column.endswith("_id")]
    one_each = list({(row, column): (row, column, value) for row, column, value in edits}.values())
    path = changed(result, written, tmp_path, ".gpkg", *one_each)
    assert problems(result, path).startswith("edited.gpkg 有 6 处问题")


def test_a_move_of_the_upper_grades_alone_is_taken_and_warned_of(result, written, tmp_path):
    """U003 goes to P1, which runs all six grades: children who enter there stay."""
    both = changed(
        result, written, tmp_path, ".gpkg", ("U003", "primary_4_6_p1", "P3"), ("U003", "primary_1_3_p1", "P3")
    )
    assert read(result, both).notes == ()
    upper = changed(result, written, tmp_path, ".gpkg", ("U003", "primary_4_6_p1", "P3"))
    edits = read(result, upper)
    assert told(edits) == ["U003 primary_4_6 p1 P1>P3"]
    assert edits.notes[0].startswith("U003：只改了小学4—6年级，小学1—3年级的学校办到该年级段")


def test_rows_that_are_gone_are_gaps_and_split_units_are_doubled(result, written, tmp_path):
    path = Path(shutil.copy(written / "plan.gpkg", tmp_path / "edited.gpkg"))
    units = layer(path, UNITS)
    save(path, UNITS, pd.concat([units.iloc[1:], units.iloc[[4]]], ignore_index=True))
    text = problems(result, path)
    assert "缺少 1 个单元：U001" in text
    assert "单元 U005 出现 2 次，重复划入" in text


def test_moved_borders_and_points_are_told_and_not_taken(result, written, tmp_path):
    """U002 moves 100 m east: 100 m × 1 km less of the district is covered, and as much of U003 is covered twice."""
    path = Path(shutil.copy(written / "plan.gpkg", tmp_path / "edited.gpkg"))
    units = layer(path, UNITS)
    hit = units["unit_id"] == "U002"
    units.loc[hit, "geometry"] = units.loc[hit, "geometry"].map(lambda shape: translate(shape, 100.0, 0.0))
    save(path, UNITS, units)
    sections = layer(path, SECTIONS)
    hit = sections["section_id"] == "P3:primary"
    sections.loc[hit, "geometry"] = sections.loc[hit, "geometry"].map(lambda point: translate(point, 30.0, 40.0))
    save(path, SECTIONS, sections)
    edits = read(result, path)
    assert (edits.zones, edits.works) == ((), ())
    border, overlap, gap, point = edits.notes
    assert border.startswith("1 个单元的边界改动过，没有采用：U002（第2个要素）")
    assert overlap == "单元 U002 与 U003 重叠 100000 平方米"
    assert gap == "改动后的单元之间或边缘空出 100000 平方米"
    assert point.startswith("点位移动过，没有采用：P3 50 米")


def test_files_of_others_are_refused(result, written, tmp_path):
    assert "不是“别处”的" in problems(result, written / "plan.gpkg", district="别处")
    assert "文件不存在" in problems(result, tmp_path / "plan.gpkg")
    (tmp_path / "plan.csv").write_text("a")
    assert "不是 .gpkg 或 .xlsx 文件" in problems(result, tmp_path / "plan.csv")
    for suffix in (".gpkg", ".xlsx"):
        (tmp_path / f"plan{suffix}").write_text("a")
        assert "无法读取" in problems(result, tmp_path / f"plan{suffix}")
    outputs = result.scenario.outputs.model_copy(update={"edition": "public"})
    public = replace(result, scenario=result.scenario.model_copy(update={"outputs": outputs}))
    write_workbook(public, tmp_path / "public.xlsx")
    assert "不是本程序写出的内部版方案文件" in problems(result, tmp_path / "public.xlsx")


def test_a_column_that_is_gone_is_told(result, written, tmp_path):
    path = Path(shutil.copy(written / "plan.gpkg", tmp_path / "edited.gpkg"))
    save(path, UNITS, layer(path, UNITS).drop(columns="junior_p1"))
    assert "没有列“初中 2026—2027年 学校（可改）”" in problems(result, path)


def _edited(result: Result, written: Path, folder: Path, *edits: tuple[str, str, object]) -> Result:
    changes = read(result, changed(result, written, folder, ".gpkg", *edits))
    prices = Prices(result.supply, result.costs, result.scenario)
    return replace(result, plan=edited_plan(result.plan, changes.zones, changes.works, prices))


def test_an_edited_catchment_stands_in_the_plan_and_nothing_else_changes(result, written, tmp_path):
    plan = _edited(result, written, tmp_path, ("U003", "primary_1_3_p1", "P3")).plan
    key = ["phase", "unit_id", "band", "section_id"]
    before, after = (one.catchments.sort_values(key).set_index(key)["share"] for one in (result.plan, plan))
    gone, come = before.index.difference(after.index), after.index.difference(before.index)
    assert gone.tolist() == [(1, "U003", "primary_1_3", "P1:primary")]
    assert come.tolist() == [(1, "U003", "primary_1_3", "P3:primary")]
    assert after[come].tolist() == before[gone].tolist() == [1.0]
    pd.testing.assert_frame_equal(plan.sections, result.plan.sections)
    pd.testing.assert_frame_equal(plan.actions, result.plan.actions)


# Phase 1 is 2026—2027, phase 2 is 2028—2030; every school has 12 classes of 45.
WORKS = [
    (
        "close",
        {"P3:primary": ("撤并", 2028, None)},
        "P3:primary",
        [(True, 12, 540.0), (False, 0, 0.0)],
        "consolidation",
    ),
    ("keep", {"P2:primary": ("保留", None, None)}, "P2:primary", [(True, 12, 540.0), (True, 12, 540.0)], "keep"),
    (
        "build later",
        {"L1:primary": ("新建", 2027, 18)},
        "L1:primary",
        [(False, 0, 0.0), (True, 18, 810.0)],
        "new_build",
    ),
    ("do not build", {"L1:primary": ("不变动", None, None)}, "L1:primary", [(False, 0, 0.0), (False, 0, 0.0)], ""),
    ("extend", {"P1:primary": ("改扩建", 2028, 4)}, "P1:primary", [(True, 12, 540.0), (True, 16, 720.0)], "extension"),
]


@pytest.mark.parametrize(("name", "asked", "section", "rows", "action"), WORKS, ids=[row[0] for row in WORKS])
def test_an_edited_work_stands_in_the_plan(result, written, tmp_path, name, asked, section, rows, action):
    columns = ("do", "do_year", "do_amount")
    edits = [
        (item, column, value) for item, values in asked.items() for column, value in zip(columns, values, strict=True)
    ]
    plan = _edited(result, written, tmp_path, *edits).plan
    own = plan.sections[(plan.sections["section_id"] == section) & (plan.sections["phase"] > 0)].sort_values("phase")
    assert list(own[["open", "classes", "seats"]].itertuples(index=False, name=None)) == rows
    done = plan.actions.loc[plan.actions["section_id"] == section, "action"].tolist()
    assert done == ([action] if action else [])
    assert list(plan.sections.dtypes) == list(result.plan.sections.dtypes)
    spent = plan.capital.groupby("site_id")["capital_wan"].sum()
    cost = result.costs.stages["primary"]
    wanted = {"do not build": 0.0, "build later": 18 * 45 * cost.seat_capital_wan}.get(name, 5400.0)
    assert spent.get("L1", 0.0) == pytest.approx(wanted)
    assert spent.get("P1", 0.0) == pytest.approx(4 * cost.room_capital_wan if name == "extend" else 0.0)


def _decisions(scenario: Scenario) -> list[dict[str, object]]:
    return [one.model_dump(mode="json", exclude_none=True) for one in scenario.decisions]


def test_edits_become_decisions_for_their_phases_and_grades(result, written, tmp_path):
    path = changed(
        *(result, written, tmp_path, ".gpkg"),
        ("U003", "primary_1_3_p1", "P3"),
        ("U003", "primary_1_3_p2", "P3"),
        ("U005", "primary_4_6_p1", "P1"),
        ("P2:primary", "do", "保留"),
        ("L1:primary", "do_amount", 18),
    )
    units = set(result.district.units["unit_id"])
    fixed = fixed_scenario(result.scenario, read(result, path), result.supply, units)
    asked = _decisions(fixed)
    assert asked[:2] == [
        {"place": "U003", "decision": "assign", "school": "P3", "stage": "primary", "year": 2026, "grade": 1},
        {
            "place": "U005",
            "decision": "assign",
            "school": "P1",
            "stage": "primary",
            "year": 2026,
            "until": 2027,
            "grade": 4,
        },
    ]
    assert sorted(asked[2:], key=str) == [
        {"place": "L1", "decision": "build", "stage": "primary", "year": 2026, "classes": 18},
        {"place": "P2", "decision": "keep", "stage": "primary"},
    ]


def test_an_edit_against_a_decision_of_the_scenario_is_told_with_its_place(result, written, tmp_path):
    keeps = Scenario.model_validate(result.scenario.model_dump() | {"decisions": [{"place": "P3", "decision": "keep"}]})
    path = changed(result, written, tmp_path, ".gpkg", ("P3:primary", "do", "撤并"), ("P3:primary", "do_year", 2030))
    with pytest.raises(InputError) as error:
        fixed_scenario(keeps, read(result, path), result.supply, set(result.district.units["unit_id"]))
    (problem,) = error.value.problems
    assert problem.where.startswith("edited.gpkg 图层“规划学校学部” 第")
    assert "与第 1 项已定事项（P3 keep）矛盾" in problem.what
