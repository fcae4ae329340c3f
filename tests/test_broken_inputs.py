"""Whatever is wrong with what a user hands in is told clearly, with exit code 2 or 3, and leaves no result."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import xlsxwriter
from shapely.geometry import Polygon

from tests.cli_cases import add, edit, told, without, write_small


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small district with its scenario; not to be changed."""
    folder = tmp_path_factory.mktemp("small")
    write_small(folder)
    return folder


@pytest.fixture
def case(small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it that a test may spoil; the test stands in its folder."""
    shutil.copytree(small, tmp_path / "case")
    monkeypatch.chdir(tmp_path / "case")
    return tmp_path / "case"


@dataclass(frozen=True)
class Spoiled:
    """One broken input: what is done to the folder, and what must be told: place, value, remedy."""

    name: str
    spoil: Callable[[Path], object]
    words: tuple[str, ...]
    code: int = 2


def in_table(name: str, old: str, new: str) -> Callable[[Path], object]:
    """A text of a table replaced."""
    return lambda folder: edit(folder / "data" / f"{name}.csv", old, new)


def in_scenario(text: str) -> Callable[[Path], object]:
    """Lines added to the scenario, which has eight."""
    return lambda folder: add(folder / "plan.toml", text)


def decided(*decisions: tuple[str, str, int]) -> str:
    """Decisions of the planner: place, decision, year."""
    form = '[[decisions]]\nplace = "{}"\ndecision = "{}"\nyear = {}\n'
    return "".join(form.format(*decision) for decision in decisions)


def assigned(school: str, unit: str = "U0001") -> str:
    """A unit that the planner zones to a school."""
    return f'[[decisions]]\nplace = "{unit}"\ndecision = "assign"\nschool = "{school}"\n'


def empty_folder(folder: Path) -> None:
    for file in (folder / "data").iterdir():
        file.unlink()


def built_on_farmland(folder: Path) -> None:
    """The plot that the planner builds on lies on farmland."""
    file = folder / "data" / "parcels.csv"
    plots = pd.read_csv(file, dtype=str, encoding="utf-8-sig")
    plots.assign(用地冲突="永久基本农田").to_csv(file, index=False, encoding="utf-8-sig")
    add(folder / "plan.toml", decided(BUILT))


def protected_closed(folder: Path) -> None:
    """The planner closes a school that the district protects."""
    file = folder / "data" / "schools.csv"
    schools = pd.read_csv(file, dtype=str, encoding="utf-8-sig")
    schools["应留必留"] = schools["学校编号"].eq("S003").map({True: "是", False: "否"})
    schools.to_csv(file, index=False, encoding="utf-8-sig")
    add(folder / "plan.toml", decided(PROTECTED))


def circle(folder: Path) -> None:
    edit(folder / "plan.toml", "title =", 'extends = "base.toml"\ntitle =')
    (folder / "base.toml").write_text('extends = "plan.toml"\n', encoding="utf-8")


def bow_tie(folder: Path) -> None:
    """The first unit's polygon crosses itself."""
    layers = folder / "data" / "layers.gpkg"
    units = gpd.read_file(layers, layer="units")
    west, south, east, north = units.geometry.iloc[0].bounds
    units.loc[0, "geometry"] = Polygon([(west, south), (east, north), (east, south), (west, north)])
    units.to_file(layers, layer="units")


def book_of_one_sheet(folder: Path) -> None:
    with xlsxwriter.Workbook(str(folder / "book.xlsx")) as book:
        sheet = book.add_worksheet("说明")
        for row, cells in enumerate(
            (("项目", "填写"), ("名称", "甲区"), ("坐标系", "EPSG:4546"), ("数据年份", "2025"))
        ):
            sheet.write_row(row, 0, cells)
    edit(folder / "plan.toml", '"data"', '"book.xlsx"')


PROTECTED, BUILT, UNKNOWN = ("S003", "close", 2026), ("P01", "build", 2028), ("S999", "close", 2028)
GAP_IN_PHASES = "[[phases]]\nfirst_year = 2026\nlast_year = 2028\n[[phases]]\nfirst_year = 2030\nlast_year = 2035\n"
NOTHING_TO_SPEND = "[budget]\ncapital_wan = [0, 0, 0, 0, 0, 0, 0]\n"

CASES = (
    Spoiled(
        "a word where a number belongs",
        in_table("population", "U0001,0,26", "U0001,0,很多"),
        ("population.csv", "第2行", "常住儿童", "“很多”不是数字", "填数字"),
    ),
    Spoiled(
        "a unit that does not exist",
        in_table("catchments", "U0001,小学", "U9999,小学"),
        ("catchments.csv", "第2行", "“U9999”不在“单元”表中", "改正编号"),
    ),
    Spoiled(
        "a key twice",
        in_table("units", "U0002", "U0001"),
        ("units.csv", "第3行", "“U0001”与第 2 行重复", "只留一行"),
    ),
    Spoiled(
        "no coordinate system",
        lambda folder: without(folder / "data" / "district.toml", "^crs"),
        ("schools.csv", "没有坐标系", "EPSG:4546"),
    ),
    Spoiled(
        "metres said to be degrees",
        lambda folder: edit(folder / "data" / "district.toml", "EPSG:4543", "EPSG:4326"),
        ("units.csv", "479672.3", "EPSG:4326 以度为单位", "改正 crs"),
    ),
    Spoiled(
        "a coordinate system that nobody knows",
        lambda folder: edit(folder / "data" / "district.toml", "EPSG:4543", "北京坐标"),
        ("district.toml", "北京坐标", "不是认识的坐标系"),
    ),
    Spoiled(
        "degrees among metres",
        in_table("schools", "479583.9,4490550.3", "113.2,34.5"),
        ("schools.csv", "第2行", "113.2", "像是经纬度"),
    ),
    Spoiled(
        "fewer children than none",
        in_table("population", "U0001,0,26", "U0001,0,-26"),
        ("population.csv", "第2行", "“-26”超出范围", "应为 0 以上"),
    ),
    Spoiled(
        "an age beyond school",
        in_table("population", "U0001,0,26", "U0001,44,26"),
        ("population.csv", "第2行", "“44”超出范围", "0 至 17"),
    ),
    Spoiled(
        "a layer that is no layer",
        lambda folder: (folder / "data" / "layers.gpkg").write_bytes(b"\x00\x01 not a layer"),
        ("layers.gpkg", "不是能读取的图层", "QGIS"),
    ),
    Spoiled(
        "a table that is no text",
        lambda folder: (folder / "data" / "classes.csv").write_bytes(b"\xff\xfe\x00\x81" * 20),
        ("classes.csv", "不是 UTF-8 或 GB18030", "CSV UTF-8"),
    ),
    Spoiled(
        "a comma too many",
        in_table("births", ",2020,158", ",2020,1,158"),
        ("births.csv", "第2行", "4 格", "引号"),
    ),
    Spoiled("an empty folder", empty_folder, ("data", "是空文件夹", "new")),
    Spoiled(
        "a folder that is not there",
        lambda folder: edit(folder / "plan.toml", '"data"', '"dta"'),
        ("dta", "没有这个文件夹", "district.folder"),
    ),
    Spoiled(
        "a required table that is not there",
        lambda folder: (folder / "data" / "schools.csv").unlink(),
        ("缺少“学校”表（schools）", "schools.csv"),
    ),
    Spoiled("a workbook without its sheets", book_of_one_sheet, ("book.xlsx", "缺少“单元”表", "工作表“单元”")),
    Spoiled(
        "a header that is not known",
        in_table("schools", "学校名称", "学校"),
        ("schools.csv", "缺少列“学校名称”（name）", "“学校”"),
    ),
    Spoiled(
        "neither yes nor no",
        in_table("schools", "教育部门,是", "教育部门,也许"),
        ("schools.csv", "第2行", "“也许”", "填“是”或“否”"),
    ),
    Spoiled(
        "a class in a grade that its section does not run",
        lambda folder: add(folder / "data" / "classes.csv", "S003,小学,5,9,12\n"),
        ("classes.csv", "第62行", "只办1年级至3年级，没有5年级", "起止年级"),
    ),
    Spoiled("a polygon that crosses itself", bow_tie, ("units", "第2行", "几何无效", "修复几何")),
    Spoiled("a scenario that extends itself", circle, ("base.toml 第 1 行", "循环引用", "plan.toml → base.toml")),
    Spoiled(
        "a setting misspelled",
        in_scenario("[horizon]\ntarget_yaer = 2030\n"),
        ("第 10 行", "target_yaer", "是否想写 target_year"),
    ),
    Spoiled("a bracket missing", in_scenario("[horizon\n"), ("plan.toml:9", "右方括号")),
    Spoiled(
        "a year in quotes",
        in_scenario('[horizon]\nbase_year = "2025"\n'),
        ("第 10 行", 'horizon.base_year = "2025"', "应为整数"),
    ),
    Spoiled(
        "a horizon that runs backwards",
        in_scenario("[horizon]\ntarget_year = 2020\n"),
        ("第 10 行", "target_year = 2020", "不晚于基准年"),
    ),
    Spoiled(
        "a year in no phase",
        in_scenario(GAP_IN_PHASES),
        ("第 13 行", "phases[2].first_year = 2030", "从 2029 年开始"),
    ),
    Spoiled(
        "a budget of another length",
        in_scenario("[budget]\ncapital_wan = [100]\n"),
        ("第 10 行", "budget.capital_wan", "写了 1 个数，应为 7 个"),
    ),
    Spoiled(
        "a rule that does not exist",
        in_scenario('[rules]\noff = ["travel_within_limits"]\n'),
        ("第 10 行", "travel_within_limits", "是否想写 travel_within_limit"),
    ),
    Spoiled(
        "a norm file that is not there",
        in_scenario('[standards]\nfiles = ["natonal.toml"]\n'),
        ("第 10 行", "natonal.toml", "是否想写 national.toml"),
    ),
    Spoiled(
        "a decision about a place that does not exist",
        in_scenario(decided(UNKNOWN)),
        ("decisions[1].place", "S999", "school_id"),
    ),
    Spoiled(
        "a school built on farmland",
        built_on_farmland,
        ("decisions[1].place", "P01", "永久基本农田", "parcels 表的 conflict"),
    ),
    Spoiled(
        "a decision after the plan",
        in_scenario(decided(("S001", "close", 2050))),
        ("第 12 行", "2050", "2026—2035"),
    ),
    Spoiled(
        "a protected school closed",
        protected_closed,
        ("沅峤教学点", "应留必留", "取消沅峤教学点的应留必留", "S003 close"),
        code=3,
    ),
    Spoiled(
        "a school built without money",
        in_scenario(NOTHING_TO_SPEND + decided(BUILT)),
        ("投资不超过分期预算", "投资限额从 0 万元提高到", "P01 build"),
        code=3,
    ),
    Spoiled(
        "a school both kept and closed",
        in_scenario(decided(("S001", "keep", 2028), ("S001", "close", 2028))),
        ("第 15 行", "decisions[2].decision", "与第 1 项已定事项（S001 keep）矛盾"),
    ),
    Spoiled(
        "a unit assigned to two schools",
        in_scenario(assigned("S001") + assigned("S002")),
        ("第 15 行", "decisions[2].decision", "与第 1 项已定事项（U0001 assign）矛盾"),
    ),
    Spoiled(
        "a unit that does not exist is assigned",
        in_scenario(assigned("S001", "U9999")),
        ("decisions[1].place", "U9999", "units 表的 unit_id"),
    ),
    Spoiled(
        "a unit assigned to a school without catchments",
        in_scenario(assigned("S007")),
        ("decisions[1].school", "S007 没有按招生范围招生的学部", "换一所学校"),
    ),
    Spoiled(
        "more schools than can close",
        in_scenario("[candidates]\nschools = { junior = [0, 1] }\n"),
        ("candidates.schools.junior", "初中最多 1 所", "不能撤并的 2 所"),
    ),
)


@pytest.mark.parametrize("broken", CASES, ids=[broken.name for broken in CASES])
def test_a_broken_input_is_told_and_leaves_no_result(broken: Spoiled, case: Path) -> None:
    """The message names the place, the value and the remedy; there is no traceback and no result folder."""
    broken.spoil(case)
    code, out, err = told("optimize", "plan.toml")
    assert code == broken.code
    for words in broken.words:
        assert words in err, (words, err)
    assert out == ""
    assert "Traceback" not in err
    assert not (case / "results").exists()


def test_mistakes_of_several_tables_are_told_at_once(case: Path) -> None:
    edit(case / "data" / "population.csv", "U0001,0,26", "U0001,0,很多")
    edit(case / "data" / "schools.csv", "教育部门,是", "教育部门,也许")
    edit(case / "data" / "parcels.csv", "政府建", "随便")
    code, _out, err = told("check", "plan.toml")
    assert code == 2
    assert "有 3 处问题" in err
    for file in ("population.csv", "schools.csv", "parcels.csv"):
        assert file in err


COMMAND_LINES = (
    ("optimize plan.toml --gap 3", ("--gap", "“3”不是 0 到 1 之间的小数", "3% 写成 0.03")),
    ("optimize plan.toml --gap wide", ("--gap", "“wide”")),
    ("optimize plan.toml --time-limit soon", ("--time-limit", "“soon”不是大于 0 的数", "秒数")),
    ("optimize plan.toml --time-limit 0", ("--time-limit", "“0”")),
    ("optimize plan.toml --time-limit inf", ("--time-limit", "“inf”")),
    ("optimize plan.toml --work-limit 0", ("--work-limit", "0 太小", "至少为 1")),
    ("optimize plan.toml --seed -4", ("--seed", "-4 太小")),
    ("optimize plan.toml --workers two", ("--workers", "“two”不是整数")),
    ("optimize plan.toml --lang fr", ("--lang", "“fr”", "zh")),
    ("optimize plan.toml --out", ("--out", "缺少值")),
    ("optimize plan.toml --colour red", ("--colour", "没有这个选项")),
    ("optimize", ("SCENARIO", "缺少这个参数", "--help")),
    ("optimise plan.toml", ("optimise", "没有这个命令", "optimize")),
    ("optimize nowhere.toml", ("nowhere.toml",)),
    ("optimize data", ("data",)),
    ("optimize plan.toml --solver NOPE", ("求解器 NOPE 不可用", "highs")),
    ("optimize plan.toml --out data", ("data", "不是本程序的成果", "--out")),
    ("optimize plan.toml --out data --force", ("data", "不是本程序的成果", "--out")),
    ("optimize plan.toml --out plan.toml", ("plan.toml", "不是文件夹")),
    ("project plan.toml --out data", ("data", "不是本程序的成果")),
    ("audit data", ("data", "不是成果文件夹", "optimize")),
    ("audit nowhere", ("nowhere", "不是成果文件夹")),
    ("compare data nowhere", ("data", "nowhere", "optimize")),
    ("new data", ("data", "文件夹不是空的", "换一个新的文件夹名")),
)


@pytest.mark.parametrize(("line", "words"), COMMAND_LINES, ids=[line for line, _words in COMMAND_LINES])
def test_a_wrong_command_line_is_told(line: str, words: tuple[str, ...], case: Path) -> None:
    """Values, options, files and folders of the command line are checked as the scenario is."""
    before = sorted(case.rglob("*"))
    code, out, err = told(*line.split())
    assert code == 2
    for word in words:
        assert word in err, (word, err)
    assert out == ""
    assert sorted(case.rglob("*")) == before


def test_wrong_values_of_a_command_line_are_told_at_once(case: Path) -> None:
    code, _out, err = told("optimize", "plan.toml", "--gap", "3", "--seed", "x", "--workers", "0")
    assert code == 2
    assert "3 处问题" in err
    assert [option for option in ("--gap", "--seed", "--workers") if option in err] == ["--gap", "--seed", "--workers"]


def test_a_changed_folder_is_not_replaced_without_force(case: Path) -> None:
    """What a planner wrote into a result is never lost unasked."""
    assert told("project", "plan.toml", "--out", "out")[0] == 0
    add(case / "out" / "tables" / "attendance.csv", "\n")
    for command in ("project", "optimize"):
        code, _out, err = told(command, "plan.toml", "--out", "out")
        assert code == 2
        assert "写成后被改动过" in err
        assert "tables/attendance.csv" in err
        assert "--force" in err
    assert told("project", "plan.toml", "--out", "out", "--force")[0] == 0


def test_an_error_is_one_object_for_a_program(case: Path) -> None:
    """With --json an error is one JSON object on stdout, with the same exit code."""
    add(case / "plan.toml", "[horizon]\ntarget_yaer = 2030\n")
    code, out, _err = told("optimize", "plan.toml", "--json")
    answer = json.loads(out)
    assert code == 2
    assert sorted(answer) == ["error", "problems"]
    assert [sorted(problem) for problem in answer["problems"]] == [["remedy", "what", "where"]]
    assert "target_yaer" in answer["problems"][0]["what"]
    code, out, _err = told("optimise", "--json")
    assert (code, json.loads(out)["problems"][0]["where"]) == (2, "optimise")


def test_an_empty_template_says_what_is_missing(tmp_path: Path) -> None:
    """`new` then `check` without filling anything in names the required keys and tables."""
    assert told("new", tmp_path / "mine")[0] == 0
    code, _out, err = told("check", tmp_path / "mine" / "scenario.toml")
    assert code == 2
    assert "district.xlsx" in err
