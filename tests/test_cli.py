"""The commands from end to end: answers, files, exit codes, languages, interruption."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

import cli
from simulator import inputs
from tests.cli_cases import SHORT, add, edit, told, without, write_benchmark, write_small

ROOT = Path(__file__).resolve().parents[1]
COMMANDS = ("new", "check", "project", "optimize", "audit", "compare")
# Without pydantic, with which typer itself looks at its options.
HEAVY = ("numpy", "pandas", "geopandas", "shapely", "scipy", "matplotlib", "pulp", "highspy", "xlsxwriter")
# The first plan that is good enough.
QUICK = ("--gap", "0.3", "--time-limit", "6")
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scenario of the small district; not to be changed."""
    return write_small(tmp_path_factory.mktemp("small"))


@dataclass(frozen=True)
class Run:
    """What `optimize` wrote and said."""

    folder: Path
    out: str
    err: str

    @property
    def manifest(self) -> dict[str, Any]:
        """The manifest of the result."""
        return json.loads((self.folder / "manifest.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def run(scenario: Path) -> Run:
    """The small district planned, told to a reader; not to be changed."""
    code, out, err = told("optimize", scenario, "--out", scenario.parent / "result", *QUICK)
    assert code == 0
    return Run(scenario.parent / "result", out, err)


@pytest.fixture(scope="module")
def english(scenario: Path) -> Run:
    """The same in English with values of the command line, told to a program; not to be changed."""
    line = ("--seed", "7", "--gap", "0.2", "--time-limit", "6", "--workers", "1", "--lang", "en", "--json")
    before = Path.cwd()
    os.chdir(scenario.parent)  # the result goes to results/ where one stands
    try:
        code, out, err = told("optimize", scenario, *line)
    finally:
        os.chdir(before)
    assert code == 0
    return Run(scenario.parent / "results" / "plan", out, err)


@pytest.fixture
def copy(run: Run, tmp_path: Path) -> Path:
    """A result that a test may edit."""
    return Path(shutil.copytree(run.folder, tmp_path / "copy"))


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_is_in_the_language_asked_for(command: str) -> None:
    """Help is Chinese unless English is asked for, and then has no Chinese character."""
    code, chinese, _err = told(*[command][: bool(command)], "--help")
    assert code == 0
    assert "显示用法并退出" in chinese
    code, english, _err = told(*[command][: bool(command)], "--help", "--lang", "en")
    assert code == 0
    assert "--help" in english
    assert CHINESE.findall(english) == []


def test_the_environment_may_ask_for_a_language(monkeypatch: pytest.MonkeyPatch) -> None:
    """SCHOOL_PLANNER_LANG holds where the command line names no language."""
    monkeypatch.setenv("SCHOOL_PLANNER_LANG", "en")
    assert CHINESE.findall(told("--help")[1]) == []
    assert "显示用法并退出" in told("--help", "--lang=zh")[1]


def test_help_loads_no_heavy_library() -> None:
    """After `--help` of the program and of a command no library of tables, maps, drawing or solving is loaded."""
    script = "import sys, cli; cli.run(['--help']); cli.run(['optimize', '--help']); print(*sys.modules, sep='\\n')"
    loaded = _python("-c", script).stdout.splitlines()
    assert "typer" in loaded
    assert sorted({name.partition(".")[0] for name in loaded} & set(HEAVY)) == []


def test_a_command_is_needed() -> None:
    """Without a command the program shows its help."""
    code, out, _err = told()
    assert code == 0
    for command in COMMANDS:
        assert command in out


def test_the_version_is_told() -> None:
    assert told("--version")[1].strip() == f"school-planner {cli.__version__}"


def test_check_tells_sizes_and_what_to_look_at(scenario: Path) -> None:
    """The small district has 16 units, 7 schools, 60 classes and 1,823 pupils, and nothing to look at."""
    code, out, _err = told("check", scenario)
    assert code == 0
    for words in ("16 个划片单元", "7 所学校", "60 个班", "1823 名在校生", "没有需要核对的地方"):
        assert words in out
    answer = json.loads(told("check", scenario, "--json")[1])
    assert answer == {"units": 16, "schools": 7, "classes": 60, "pupils": 1823, "problems": []}


def test_check_lists_what_does_not_add_up(scenario: Path, tmp_path: Path) -> None:
    """Classes and enrolment that disagree are told with both numbers and what wins; that is no error."""
    shutil.copytree(scenario.parent / "data", tmp_path / "data")
    shutil.copy(scenario, tmp_path / "plan.toml")
    edit(tmp_path / "data" / "enrolment.csv", "S005,幼儿园,小班,2025,110", "S005,幼儿园,小班,2025,150")
    code, out, _err = told("check", tmp_path / "plan.toml")
    assert code == 0
    assert "需要核对的 1 处" in out
    for words in ("小班 110 与 150", "以班级表为准"):
        assert words in out


def test_project_tells_children_peaks_and_differences(scenario: Path) -> None:
    """Year 0 is the register: 818 pupils of primary schools and 818 residents of that age."""
    code, out, _err = told("project", scenario)
    assert code == 0
    for words in (
        "低方案",
        "中方案",
        "高方案",
        "峰值",
        "小学：2031 年最多",
        "在校生 ÷ 常住儿童",
        "100.0%",
        "口径差：5 个划片学部",
    ):
        assert words in out
    answer = json.loads(told("project", scenario, "--json")[1])
    first = [row for row in answer["children"] if row["year"] == 2025]
    assert {row["stage"]: row["medium"] for row in first} == {
        "kindergarten": 398.0,
        "primary": 818.0,
        "junior": 385.0,
        "senior": 222.0,
    }
    assert all(row["low"] <= row["medium"] <= row["high"] for row in answer["children"])
    assert answer["result"] is None


def test_project_writes_its_tables(scenario: Path, tmp_path: Path) -> None:
    """With --out the tables stand in a folder with a manifest of inputs and outputs."""
    code, out, _err = told("project", scenario, "--out", tmp_path / "forecast")
    assert code == 0
    assert str(tmp_path / "forecast") in out
    manifest = json.loads((tmp_path / "forecast" / "manifest.json").read_text("utf-8"))
    assert {"tables/projection.csv", "tables/attendance.csv", "tables/differences.csv"} <= set(manifest["outputs"])
    assert {"plan.toml", "data/population.csv"} <= set(manifest["inputs"])
    assert manifest["title"] == "〔演示〕小样区方案：学龄人口预测"
    assert "〔演示〕小样区方案" in out


def test_optimize_answers_a_program(english: Run) -> None:
    """One JSON object has the solver's figures, the findings by effect, and where the result is."""
    answer, manifest = json.loads(english.out), english.manifest
    names = ("status", "objective", "bound", "gap", "unavoidable", "shortage")
    assert {name: answer[name] for name in names} == {name: manifest["solver"][name] for name in names}
    assert answer["seconds"] > 0
    assert answer["findings"] == _counts(manifest)
    assert answer["findings"]["rigid"] == 0
    assert answer["result"] == str(english.folder)


def _counts(manifest: dict[str, Any]) -> dict[str, int]:
    names = ("rigid", "evaluation", "advisory", "own", "inherited", "declared")
    return {name: manifest["audit"][name] for name in names}


def test_values_of_the_command_line_win(english: Run) -> None:
    """Solver, seed, limits and language of the command line replace the scenario's; the default folder is results/."""
    settings = english.manifest["settings"]
    assert {name: settings["solver"][name] for name in ("seed", "gap", "time_limit_s")} == {
        "seed": 7,
        "gap": 0.2,
        "time_limit_s": 6.0,
    }
    assert settings["outputs"]["language"] == "en"


def test_an_english_run_speaks_english(english: Run, scenario: Path) -> None:
    """Progress and summary hold no Chinese beside the names of places and documents."""
    assert CHINESE.findall(english.err) == []
    documents = CalamineWorkbook.from_path(english.folder / "plan.xlsx").get_sheet_by_name("Documents").to_python()
    names = [
        "小样区方案",
        "小样区",
        *_school_names(scenario.parent / "data"),
        *(str(row[0]) for row in documents if row[0]),
    ]
    summary = (english.folder / "summary.md").read_text("utf-8")
    named = "|".join([*map(re.escape, sorted(names, key=len, reverse=True)), r"教督〔\d+〕\d+号"])
    assert CHINESE.findall(re.sub(named, "", summary)) == []


def test_optimize_writes_a_whole_result(run: Run) -> None:
    names = {path.relative_to(run.folder).as_posix() for path in run.folder.rglob("*") if path.is_file()}
    expected = {"plan.xlsx", "summary.md", "manifest.json", "scenario.toml", "tables/plan_catchments.csv"}
    assert expected | {"maps/catchments_primary.png", "charts/class_sizes.png"} <= names
    assert [path for path in run.folder.parent.iterdir() if path.name.startswith(".")] == []


def _school_names(data: Path) -> list[str]:
    """Names that are Chinese in every language."""
    words = []
    for table, columns in (("schools", ("学校名称",)), ("units", ("单元名称", "乡镇街道")), ("parcels", ("地块名称",))):
        with (data / f"{table}.csv").open(encoding="utf-8-sig") as text:
            words += [row[column] for row in csv.DictReader(text) for column in columns]
    return sorted(set(words), key=len, reverse=True)


def test_the_answer_is_on_stdout_and_the_progress_on_stderr(run: Run) -> None:
    """Each step tells its seconds on stderr; stdout answers the five questions and names the result."""
    for step in ("读取", "学龄人口预测", "优化", "写出成果", "合计"):
        assert re.search(rf"^{step}  \d+\.\d 秒$", run.err, re.MULTILINE), step
    for title in ("哪里缺学位", "方案做什么", "花多少钱", "谁走得更远", "哪些规则没有满足"):
        assert re.search(rf"^{title}$", run.out, re.MULTILINE), title
    assert str(run.folder) in run.out
    assert " 秒" not in run.out


def test_the_audit_of_an_unchanged_result_finds_what_the_run_found(run: Run) -> None:
    code, out, _err = told("audit", run.folder)
    assert code == 0
    assert out.startswith("〔演示〕小样区方案")
    assert "成果写成后没有改动过" in out
    assert "没有违反刚性规则" in out
    again = json.loads(told("audit", run.folder, "--json")[1])
    assert again["findings"] == _counts(run.manifest)
    assert again["changed"] == []
    assert len(again["list"]) == sum(again["findings"].values())


def test_the_audit_finds_children_sent_to_a_school_that_is_not_there(copy: Path) -> None:
    """A unit zoned by hand to the parcel that the plan leaves empty is a rigid finding: exit code 1."""
    row = _row(copy, phase=2, band="primary_1_3")
    edit(copy / "tables" / "plan_catchments.csv", row, re.sub("S00[12]:primary", "P01:primary", row))
    code, out, _err = told("audit", copy)
    assert code == 1
    assert "写成后改动过的文件：tables/plan_catchments.csv" in out
    assert re.search("刚性：1 条", out)
    assert "筠梁九年一贯制学校用地" in out


def test_the_audit_finds_children_who_lost_their_school(copy: Path) -> None:
    """A unit whose row was deleted is named under the rule that every child has a place."""
    row = _row(copy, phase=3, band="junior")
    without(copy / "tables" / "plan_catchments.csv", f"^{re.escape(row)}$")
    code, out, _err = told("audit", copy, "--json")
    answer = json.loads(out)
    assert code == 1
    assert answer["changed"] == ["tables/plan_catchments.csv"]
    rigid = [finding for finding in answer["list"] if finding["effect"] == "rigid" and finding["status"] == "new"]
    assert {(finding["rule"], finding["place_id"]) for finding in rigid} == {
        ("every_child_has_a_place", row.split(",")[2])
    }


def _row(folder: Path, phase: int, band: str) -> str:
    """A row of the plan's catchments."""
    lines = (folder / "tables" / "plan_catchments.csv").read_text("utf-8-sig").splitlines()
    return next(line for line in lines if line.startswith(f"plan,{phase},") and f",{band}," in line)


def test_a_result_edited_beyond_reading_is_an_input_error(copy: Path) -> None:
    row = _row(copy, phase=2, band="primary_1_3")
    edit(copy / "tables" / "plan_catchments.csv", row, re.sub("S00[12]:primary", "S999:primary", row))
    (copy / "tables" / "demand.csv").unlink()
    code, out, err = told("audit", copy)
    assert (code, out) == (2, "")
    assert "demand.csv" in err


def test_an_edited_result_is_not_replaced(copy: Path, scenario: Path) -> None:
    """`optimize` refuses before it solves, and names the file."""
    add(copy / "summary.md", "补充说明\n")
    code, _out, err = told("optimize", scenario, "--out", copy)
    assert code == 2
    assert "summary.md" in err
    assert "优化" not in err


def test_plans_are_compared_side_by_side(run: Run, copy: Path) -> None:
    """A column a plan and one without action; the figures of equal plans are equal."""
    code, out, _err = told("compare", run.folder, copy)
    assert code == 0
    for words in ("情景比选", "result", "copy", "不采取措施", "投资合计", "刚性校核问题"):
        assert words in out
    plans = json.loads(told("compare", run.folder, copy, "--json")[1])["plans"]
    assert [plan["scheme"] for plan in plans] == ["〔演示〕小样区方案", "〔演示〕小样区方案", "不采取措施"]
    assert {k: v for k, v in plans[0].items() if k != "folder"} == {k: v for k, v in plans[1].items() if k != "folder"}


def test_new_makes_a_template_to_fill_in(tmp_path: Path) -> None:
    code, out, _err = told("new", tmp_path / "mine")
    assert code == 0
    assert {path.name for path in (tmp_path / "mine").iterdir()} == {"district.xlsx", "scenario.toml"}
    assert "check" in out


def test_a_fault_of_the_program_shows_no_traceback_unless_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault has an exit code of its own, which says nothing of a plan."""

    def faulty(_folder: Path) -> None:
        message = "a fault"
        raise RuntimeError(message)

    monkeypatch.setattr(inputs, "write_template", faulty, raising=False)
    code, _out, err = told("new", tmp_path / "mine")
    assert code == cli.UNEXPECTED
    assert "RuntimeError: a fault" in err
    assert "--debug" in err
    assert "Traceback" not in err
    assert "Traceback" in told("new", tmp_path / "mine", "--debug")[2]


@pytest.mark.slow
def test_workers_change_no_byte_of_a_result(scenario: Path, tmp_path: Path) -> None:
    """Same scenario, seed and work limit: the same files with one worker and with two, the time being fixed."""
    hashes, short = [], tmp_path / "short.toml"
    short.write_text(f'extends = "{scenario.as_posix()}"\n{SHORT}', encoding="utf-8")
    for workers in ("1", "2"):
        folder = tmp_path / workers / "out"
        arguments = ("optimize", str(short), "--out", str(folder), "--work-limit", "50", "--workers", workers)
        done = _python("cli.py", *arguments, SOURCE_DATE_EPOCH="1767225600")
        assert done.returncode == 0, done.stderr
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        hashes.append({path.relative_to(folder): hashlib.sha256(path.read_bytes()).hexdigest() for path in files})
    assert hashes[0] == hashes[1]


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scenario of a county that takes long to solve."""
    return write_benchmark(tmp_path_factory.mktemp("county"))


@pytest.mark.slow
def test_an_interrupted_run_keeps_its_best_plan(county: Path, tmp_path: Path) -> None:
    """Ctrl-C while solving ends with exit code 130 and a whole result of status interrupted."""
    process = _solving(county, tmp_path / "out", "现有方案")
    process.send_signal(signal.SIGINT)
    rest = process.communicate(timeout=100)[1]
    assert process.returncode == 130, rest
    assert "保留已找到的最好方案" in rest
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))
    assert manifest["solver"]["status"] == "interrupted"
    assert manifest["solver"]["gap"] > 0


@pytest.mark.slow
@pytest.mark.parametrize("interrupts", [1, 2], ids=["before there is a plan", "twice"])
def test_an_interrupt_without_a_plan_writes_nothing(interrupts: int, county: Path, tmp_path: Path) -> None:
    """Ctrl-C before there is a plan, or a second one while solving, ends with 130 and no file."""
    process = _solving(county, tmp_path / "out", "学龄人口预测" if interrupts == 1 else "现有方案")
    for _number in range(interrupts):
        process.send_signal(signal.SIGINT)
        time.sleep(0.5)
    rest = process.communicate(timeout=60)[1]
    assert process.returncode == 130, rest
    assert "Traceback" not in rest
    assert list(tmp_path.iterdir()) == []


def _solving(scenario: Path, folder: Path, words: str) -> subprocess.Popen[str]:
    """A run in a process of its own that has just told these words."""
    arguments = ["cli.py", "optimize", str(scenario), "--out", str(folder), "--time-limit", "90", "--gap", "0"]
    process = subprocess.Popen(  # noqa: S603  our own program
        [sys.executable, *arguments], cwd=ROOT, stderr=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    )
    assert process.stderr is not None
    for line in process.stderr:
        if words in line:
            return process
    process.kill()
    message = f"the run never told {words}"
    raise AssertionError(message)


def _python(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603  our own program
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONUTF8": "1", **environment},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
