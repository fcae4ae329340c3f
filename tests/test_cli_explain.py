"""What the program says before, while and after it searches: size, progress, why this and not that."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pandas as pd
import pytest

from simulator.model.size import Size
from simulator.model.solve import Progress
from simulator.outputs.explained import explanation_lines, figure_rows, verdict
from simulator.scenario import SolverSettings
from simulator.terminal.estimate import Reached, estimate_lines, measured
from simulator.terminal.progress import Teller
from tests.cli_cases import edit, told, write_small
from tests.test_model_explain import asked, toys

RUNS = (Reached("甲县", 1_000, 2.0, 60.0, 0.004), Reached("乙县", 20_000, 30.0, 60.0, 0.031))


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small district, planned quickly and without maps."""
    folder = tmp_path_factory.mktemp("explained")
    scenario = write_small(folder)
    edit(scenario, 'maps = ["catchments"]', "maps = []")
    code, _out, err = told("optimize", scenario, "--out", folder / "result", "--time-limit", "3", "--gap", "0.3")
    assert code in (0, 1), err
    assert "规模：16 个划片单元，7 所学校，1 块用地，6 期 10 年" in err
    return folder / "result"


@pytest.mark.slow
def test_a_school_is_explained_from_its_result(result: Path) -> None:
    """The plan stands beside its opposite, on the screen and as files; the result counts as unchanged."""
    code, out, err = told("explain", result, "煦圩小学", "--time-limit", "2")
    assert code == 0, err
    for words in ("为什么这样安排煦圩小学（S002）", "方案：保留（小学）", "另一做法：撤并（小学）"):
        assert words in out
    table = pd.read_csv(result / "explain-S002.csv", encoding="utf-8-sig")
    assert list(table["title"]) == [
        *("没有学位", "超出标准班额", "运行、投资年金与接送", "平均单程", "单程合计", "换学校或换片", "综合代价"),
    ]
    assert (result / "explain-S002.md").read_text(encoding="utf-8").startswith("# 为什么这样安排煦圩小学（S002）\n")
    assert json.loads(told("audit", result, "--json")[1])["changed"] == []


@pytest.mark.slow
def test_a_unit_is_explained_for_a_program(result: Path) -> None:
    """One object, one entry a stage with catchments."""
    code, out, _err = told("explain", result, "U0001", "--time-limit", "2", "--json")
    assert code == 0
    found = json.loads(out)["explanations"]
    assert {one["now"][:2] for one in found} == {"小学", "初中"}
    assert {one["place"] for one in found} == {"U0001"}


@pytest.mark.slow
def test_a_place_that_does_not_exist_is_an_input_error(result: Path) -> None:
    code, _out, err = told("explain", result, "煦圩")
    assert code == 2
    assert "煦圩小学（S002）" in err


@pytest.mark.slow
def test_a_place_is_checked_before_a_long_search(result: Path) -> None:
    code, _out, err = told("optimize", result.parent / "plan.toml", "--out", result.parent / "x", "--explain", "S999")
    assert code == 2
    assert "没有这个地点" in err
    assert not (result.parent / "x").exists()


@pytest.mark.slow
def test_english_is_spoken_too(result: Path) -> None:
    code, _out, err = told("explain", result, "nowhere", "--lang", "en")
    assert code == 2
    assert "nowhere" in err


@pytest.mark.parametrize("toy", [toys.last_school, toys.two_worth_closing], ids=lambda toy: toy.__name__)
def test_the_words_of_an_explanation_fit_its_figures(toy) -> None:
    """A change in the table is a change in the sentence; what is impossible has no figures."""
    for place in ("S0", "S1"):
        (one,) = asked(toy(), place)
        rows = figure_rows(one).set_index("title")
        if one.after is None:
            assert rows["change"].isna().all()
            assert verdict(one) == "规则不允许："
            assert any(line.startswith("- ") for line in explanation_lines(one))
        else:
            assert ("没有学位" in verdict(one)) == (abs(rows.loc["没有学位", "change"]) >= 0.5)
            worse = rows.loc["综合代价", "change"] > 0.05
            assert ("高" in verdict(one)) == worse


# Of 2,000 decisions, the run of 1,000 is the like one: twice its 2 seconds, its gap; of 100 times as many, none is.
@pytest.mark.parametrize(
    ("decisions", "limit", "expected"),
    [
        (2_000, 60.0, ["列式约 4 秒", "至多约 60 秒", "甲县（1,000 项决定）60 秒时与最优值相差 0.4%"]),
        (2_000, 30.0, ["列式约 4 秒", "至多约 30 秒"]),
        (30_000, 120.0, ["列式约 45 秒", "乙县（20,000 项决定）60 秒时与最优值相差 3.1%"]),
        (200_000, 120.0, ["列式约 300 秒"]),
    ],
)
def test_an_estimate_follows_from_measured_runs(decisions, limit, expected) -> None:
    size = Size(units=10, schools=3, parcels=1, phases=2, years=5, decisions=decisions)
    lines = estimate_lines(size, SolverSettings(time_limit_s=limit), RUNS)
    for words in expected:
        assert words in " ".join(lines)
    assert len(lines) == 2 + any("相差" in words for words in expected)


def test_with_a_limit_of_work_no_seconds_are_promised() -> None:
    size = Size(10, 3, 1, 2, 5, 2_000)
    assert "工作量 7" in estimate_lines(size, SolverSettings(work_limit=7), RUNS)[1]


def test_the_measured_runs_that_ship_can_be_read() -> None:
    assert all(run.decisions > 0 and run.prepare_s > 0 for run in measured())


@pytest.mark.parametrize(
    ("doing", "words"),
    [
        ("bound", "求界"),
        ("today", "现状起步"),
        ("structure", "定布局"),
        ("neighbourhoods", "邻域改进"),
        ("polish", "整体微调"),
        ("tidy", "收尾"),
        ("", "相差"),
    ],
)
def test_the_search_says_what_it_is_doing(doing, words, capsys) -> None:
    """A line without a terminal comes with the first plan, then every ten seconds."""
    teller = Teller()
    teller.step("优化")
    teller.search(Progress(1.0, math.inf, 5e6, doing))
    teller.search(Progress(2.0, 6e6, 5e6, doing))
    teller.search(Progress(3.0, 5.9e6, 5e6, doing))
    err = capsys.readouterr().err
    assert "现有方案 600 万元/年，下限 500，相差 16.67%" in err
    assert words in err
    assert "590" not in err


def test_an_interruption_before_the_first_plan_says_that_nothing_will_be_written(capsys) -> None:
    teller = Teller()
    teller.step("优化")
    teller.interrupted()
    assert "还没有找到方案" in capsys.readouterr().err
    teller.search(Progress(2.0, 6e6, 5e6))
    teller.interrupted()
    assert "保留已找到的最好方案" in capsys.readouterr().err
