"""Goals in order, a trade-off, going on from a result and staying close to one, from the command line."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from simulator.errors import InputError
from simulator.outputs import earlier_result, why_other_model
from simulator.run import prepare
from simulator.terminal.requests import asked
from tests.cli_cases import SHORT, add, edit, told, write_small

QUICK = ("--time-limit", "3", "--workers", "1", "--gap", "0.02")


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scenario of the small district without maps; not to be changed."""
    scenario = write_small(tmp_path_factory.mktemp("small"))
    edit(scenario, 'maps = ["catchments"]', "maps = []")
    add(scenario, SHORT)
    return scenario


@pytest.fixture(scope="module")
def result(scenario: Path) -> Path:
    """The small district planned; not to be changed."""
    folder = scenario.parent / "result"
    code, _out, err = told("optimize", scenario, "--out", folder, *QUICK)
    assert code == 0, err
    return folder


def variant(scenario: Path, tmp_path: Path, text: str = "") -> Path:
    """A scenario of its own that extends the small one and says something more."""
    file = tmp_path / "variant.toml"
    file.write_text(f'extends = "{scenario.as_posix()}"\n{text}', encoding="utf-8")
    return file


def answer(*arguments: str | Path) -> tuple[dict[str, Any], str]:
    """What a command answers to a program, and what it says while it works."""
    code, out, err = told(*arguments, "--json")
    assert code == 0, (out, err)
    return json.loads(out), err


def table(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / "tables" / f"{name}.csv").open(encoding="utf-8-sig") as file:
        return [row for row in csv.DictReader(file) if row.get("network", "plan") == "plan"]


WRONG = """
resume near frontier           points said
-      -    cost               -      “cost”不是两个不同的目标
-      -    cost,cost          -      “cost,cost”不是两个不同的目标
-      -    cost,moved,running -      “cost,moved,running”不是两个不同的目标
-      -    cost,jorneys       -      没有“jorneys”这个目标
-      -    cost,changes       -      目标 changes 需要一个原方案
-      -    cost,moved         1      “1”不是 2 到 99 的整数
-      -    cost,moved         many   “many”不是 2 到 99 的整数
-      -    -                  5      没有 --frontier，点数没有用处
"""


@pytest.mark.parametrize("line", WRONG.split("\n")[2:-1])
def test_options_that_cannot_be_used_are_told_at_once(line: str) -> None:
    """Before any file is read."""
    _resume, _near, frontier, points, said = line.split(maxsplit=4)
    with pytest.raises(InputError) as error:
        asked(None, None, frontier.strip("-"), points.strip("-"))
    assert said in str(error.value)


def test_a_trade_off_of_two_goals_is_understood() -> None:
    assert asked(None, None, "cost, journeys", "").frontier == ("cost", "journeys")
    assert asked(None, None, "cost,journeys", "9").points == 9


def test_goals_in_order_are_told_on_screen_and_stored(scenario: Path, tmp_path: Path) -> None:
    """A line a goal on the screen, a table in the summary, a row a goal in the tables with value, bound and gap."""
    own = variant(scenario, tmp_path, '[objective]\ngoals = ["moved", "cost"]\n')
    code, out, err = told("optimize", own, "--out", tmp_path / "out", *QUICK)
    assert code == 0, err
    names = ["shortage", "over_standard", "moved", "cost", "others"]
    rows = table(tmp_path / "out", "plan_goals")
    assert [row["goal"] for row in rows] == names
    for row in rows:
        assert float(row["gap"]) == pytest.approx(float(row["value"]) - float(row["bound"]), abs=1e-9)
    assert "依次优化 5 个目标" in out
    assert "4. 费用" in out
    assert "| 3. 调整招生范围 |" in (tmp_path / "out" / "summary.md").read_text("utf-8")


def test_a_trade_off_is_a_table_a_sheet_and_a_chart(scenario: Path, tmp_path: Path) -> None:
    """The usual result, and the points of the curve by their first goal, each with the bound of the second."""
    folder = tmp_path / "out"
    line = ("--frontier", "cost,journeys", "--points", "3")
    found, _err = answer("optimize", scenario, "--out", folder, *QUICK, *line)
    points = found["frontier"]
    costs = [point["cost"] for point in points]
    assert costs == sorted(costs)
    assert {point["kind"] for point in points} >= {"plan", "end"}
    curve = [point for point in points if point["kind"] != "plan"]
    assert all(point["second_bound"] <= point["second_value"] + 1e-6 for point in curve)
    assert [row["kind"] for row in table(folder, "frontier")] == [point["kind"] for point in points]
    assert (folder / "charts" / "frontier.png").is_file()
    assert "费用与通学时间的权衡" in (folder / "summary.md").read_text("utf-8")


def test_going_on_keeps_bound_and_plan(scenario: Path, result: Path, tmp_path: Path) -> None:
    """The same model: the plan is no worse, the bound no lower, and the screen says that the bound is kept."""
    before = json.loads((result / "manifest.json").read_text("utf-8"))["solver"]
    after, err = answer("optimize", scenario, "--out", tmp_path / "out", *QUICK, "--resume", result)
    assert "沿用已证明的下限" in err
    assert after["objective"] <= before["objective"] + 1e-6
    assert after["bound"] >= before["bound"] - 1e-6


@pytest.mark.slow
def test_of_another_model_only_the_plan_is_kept(scenario: Path, result: Path, tmp_path: Path) -> None:
    """Another price of time: the earlier plan is a start, its bound is not, and the screen says why."""
    own = variant(scenario, tmp_path, "[objective]\nvalue_of_time = 21.0\n")
    _found, err = answer("optimize", own, "--out", tmp_path / "out", *QUICK, "--resume", result)
    assert "其下限不沿用（情景设定不同）" in err


@pytest.mark.slow
def test_what_was_proven_holds_only_for_the_very_same_model(scenario: Path, result: Path, tmp_path: Path) -> None:
    """Settings of solver and outputs do not matter; other data, edited plans and other versions do."""
    folder = scenario.parent
    same = folder / "same.toml"
    same.write_text(f'extends = "{scenario.name}"\n[solver]\nseed = 5\n[outputs]\nauthor = "编制单位"\n', "utf-8")
    run = prepare(same)
    assert why_other_model(earlier_result(result, run), run) == ""
    edited = Path(shutil.copytree(result, tmp_path / "edited"))
    add(edited / "tables" / "plan_notes.csv", "plan,另一句话\n")
    assert why_other_model(earlier_result(edited, run), run) == "成果的方案表改动过"
    older = Path(shutil.copytree(result, tmp_path / "older"))
    manifest = json.loads((older / "manifest.json").read_text("utf-8"))
    (older / "manifest.json").write_text(json.dumps(manifest | {"version": "0.0"}), "utf-8")
    assert why_other_model(earlier_result(older, run), run) == "程序版本不同"
    data = Path(shutil.copytree(folder / "data", tmp_path / "data"))
    edit(data / "enrolment.csv", "S005,幼儿园,小班,2025,110", "S005,幼儿园,小班,2025,111")
    shutil.copy(scenario, tmp_path / scenario.name)
    other = prepare(tmp_path / scenario.name)
    assert why_other_model(earlier_result(result, other), other) == "输入数据不同"


@pytest.mark.slow
def test_staying_close_reproduces_the_plan_where_changes_are_dear(scenario: Path, result: Path, tmp_path: Path) -> None:
    """A tenth of the price of time would pull the plan elsewhere, but nothing is worth a change."""
    text = "[objective]\nvalue_of_time = 2.0\nchanged = 1e6\nchanged_decision_wan = 1e4\n"
    own = variant(scenario, tmp_path, text)
    code, out, err = told("optimize", own, "--out", tmp_path / "out", *QUICK, "--stay-close-to", result)
    assert code == 0, err
    assert "没有儿童的招生范围与原方案不同。" in out
    assert "新建、扩建、撤并与原方案相同。" in out
    assert table(tmp_path / "out", "plan_changes") == []
    keys = ("phase", "unit_id", "band", "section_id")
    before, after = (
        {tuple(row[key] for key in keys) for row in table(folder, "plan_catchments") if "kinder" not in row["band"]}
        for folder in (result, tmp_path / "out")
    )
    assert before == after


@pytest.mark.parametrize("option", ["--resume", "--stay-close-to"])
def test_a_result_of_other_phases_or_of_another_district_is_refused(
    scenario: Path, result: Path, tmp_path: Path, option: str
) -> None:
    """Exit code 2 with what the one and the other have, before the search."""
    own = variant(
        scenario,
        tmp_path,
        "[[phases]]\nfirst_year = 2026\nlast_year = 2026\n[[phases]]\nfirst_year = 2027\nlast_year = 2028\n",
    )
    code, _out, err = told("optimize", own, "--out", tmp_path / "out", option, result)
    assert code == 2
    assert "2027—2028" in err
    other = Path(shutil.copytree(result, tmp_path / "other"))
    edit(other / "tables" / "facts.csv", "district,", "district,x")
    code, _out, err = told("optimize", scenario, "--out", tmp_path / "out", option, other)
    assert code == 2
    assert "请给出同一区域的成果" in err
    code, _out, err = told("optimize", scenario, "--out", tmp_path / "out", option, tmp_path)
    assert code == 2
    assert "不是成果文件夹" in err


GOALS = """
text                                                    said
goals = ["shortage", "jorneys"]                         没有“jorneys”这个目标；是否想写 journeys？
goals = ["moved", "moved"]                              目标 moved 写了两次，只能保留一个
goals = ["moved"]; tolerances = { cost = 0.1 }          cost 不在 goals 中，容差没有用处
goals = ["moved"]; tolerances = { moved = 2.0 }         不能大于 1
"""


@pytest.mark.parametrize("line", GOALS.split("\n")[2:-1])
def test_goals_that_cannot_be_pursued_are_told(scenario: Path, tmp_path: Path, line: str) -> None:
    """Unknown or repeated goals, and tolerances of none of them, with the line of the scenario."""
    text, said = line[:56].strip(), line[56:].strip()
    own = variant(scenario, tmp_path, "[objective]\n" + text.replace("; ", "\n") + "\n")
    code, _out, err = told("check", own)
    assert code == 2
    assert said in err
    assert "第 " in err
