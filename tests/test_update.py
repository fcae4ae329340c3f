"""A year on, from end to end: round trip, more births, refused files, facts in the tables."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from python_calamine import CalamineWorkbook

from simulator.errors import InputError
from simulator.inputs import District, read_district
from simulator.inputs.next_year import NewFiles
from simulator.outputs.manifest import write_manifest
from simulator.prepared import Watcher
from simulator.scenario import read_scenario
from simulator.terminal.updating import year_of
from simulator.updating import Wish, update_district
from tests.cli_cases import told
from tests.update_cases import BASE, NEXT_BUILT, YEAR, Case, forecast_of, rows, tiny_case, write_year

QUICK = ("--time-limit", "4")


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """The tiny district with its plan; not to be changed."""
    return tiny_case(tmp_path_factory.mktemp("tiny"))


def births(case: Case) -> int:
    """Births of the last year that is known."""
    table = case.planned.district.births
    return int(table.sort_values("year")["births"].iloc[-1])


def updated(case: Case, folder: Path, born: int, *more: str) -> tuple[dict[str, Any], Path]:
    """What `update` answers for the plan's own forecast and some births, and the folder that it writes."""
    files = write_year(folder / "files", forecast_of(case.planned), born)
    code, out, err = told("update", case.scenario, *files, "--out", folder / "new", "--json", *more)
    assert code == 0, (out, err)
    return json.loads(out), folder / "new"


@pytest.fixture(scope="module")
def same(case: Case, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Path]:
    """The year came as forecast."""
    folder = tmp_path_factory.mktemp("same")
    return updated(case, folder, births(case), "--result", str(case.result), *QUICK)


def states(answer: dict[str, Any]) -> list[tuple[str, str, str, float | None, float | None]]:
    return sorted(
        (row["state"], row["action"], row["section_id"], row["year_before"], row["year_now"])
        for row in answer["decisions"]
    )


def test_a_year_as_forecast_leaves_the_decisions_as_they_were(same: tuple[dict[str, Any], Path]) -> None:
    answer, _folder = same
    assert states(answer) == [("kept", "consolidation", "S002:primary", 2027.0, 2027.0)]
    assert answer["catchment_changes"] == []


def test_a_year_as_forecast_shows_no_error(case: Case, same: tuple[dict[str, Any], Path]) -> None:
    """Schools are whole pupils on both sides; stages differ by less than the rounding of their schools' grades."""
    answer, _folder = same
    schools = [row for row in answer["comparison"] if row["level"] == "school"]
    assert len(schools) == 4
    assert all(row["difference"] == 0 and row["error"] == 0 for row in schools)
    assert all(row["inside"] is not False for row in answer["comparison"] if row["level"] == "stage")
    grades = [row for row in answer["comparison"] if row["level"] == "grade"]
    assert all(abs(row["difference"]) <= 0.5 for row in grades)


def test_a_fifth_more_births_ask_for_a_kindergarten_and_name_its_year(case: Case, tmp_path: Path) -> None:
    """The 320 kindergarten seats hold the children of 103 births a year, not those of 124."""
    write_year(tmp_path, forecast_of(case.planned), round(births(case) * 1.2))
    files = NewFiles(tmp_path / "enrolment.csv", tmp_path / "births.csv")
    wish = Wish(files, tmp_path / "new", result=case.result, solver={"time_limit_s": 4.0})
    found = update_district(case.prepared, wish, Watcher())
    assert found.decisions is not None
    works = found.decisions.set_index(["state", "action", "section_id"])["year_now"].to_dict()
    assert works["added", "new_build", "P01:kindergarten"] == NEXT_BUILT
    assert works["kept", "consolidation", "S002:primary"] == 2027
    page = (tmp_path / "new" / "update" / "summary.md").read_text(encoding="utf-8")
    assert "新增：新建" in page
    assert f"{NEXT_BUILT}年" in page


def test_only_what_the_year_changes_is_written_anew(case: Case, same: tuple[dict[str, Any], Path]) -> None:
    """Other files are the same byte by byte; enrolment and births have their old rows and then the new ones."""
    _answer, folder = same
    data = case.scenario.parent / "data"
    changed = {"births.csv", "classes.csv", "district.toml", "enrolment.csv"}
    assert {file.name for file in data.iterdir() if file.read_bytes() != (folder / file.name).read_bytes()} == changed
    for name, count in (("births", 1), ("enrolment", len(forecast_of(case.planned)))):
        before, now = rows(data / f"{name}.csv"), rows(folder / f"{name}.csv")
        assert now[: len(before)] == before
        assert len(now) == len(before) + count


@pytest.fixture(scope="module")
def rolled(same: tuple[dict[str, Any], Path]) -> District:
    """The district that was written."""
    return read_district(same[1])


def test_the_district_reads_back_a_year_on(case: Case, same: tuple[dict[str, Any], Path], rolled: District) -> None:
    """The class list holds the pupils of the enrolment; tables declare the new year, the population its own."""
    district, scenario = rolled, read_scenario(same[1] / "scenario.toml")
    sums = district.classes.groupby(["school_id", "stage", "grade"])["pupils"].sum()
    told_pupils = forecast_of(case.planned).set_index(["school_id", "stage", "grade"])["pupils"]
    assert sums.to_dict() == told_pupils[told_pupils > 0].to_dict()
    years = {source.table: source.as_of for source in district.sources}
    assert (years["classes"], years["enrolment"], years["population"]) == (YEAR, YEAR, BASE)
    assert scenario.horizon.base_year == YEAR
    assert [(p.first_year, p.last_year) for p in scenario.plan_phases] == [(2027, 2028), (2029, 2034)]


def test_classes_move_up_with_their_pupils(case: Case, rolled: District) -> None:
    """Grades above the first have as many classes as the grade below a year ago."""
    before = case.planned.district.classes.groupby(["school_id", "stage", "grade"]).size()
    now = rolled.classes.groupby(["school_id", "stage", "grade"]).size()
    for (school, stage, grade), count in now.items():
        if (school, stage, grade - 1) in before.index:
            assert count == before[school, stage, grade - 1]


# Rows 0–5 are the grades of the primary school S001, 6–8 of the teaching point S002, then of the two kindergartens.
WRONG = """
column     row value said
year       0   2027  学年是 2027，应为 2026
school_id  1   S999  没有学校“S999”
stage      9   小学  没有小学学部
pupils     10  -3    超出范围
grade      7   5     不办5年级
"""


def refused(case: Case, folder: Path, **more: Any) -> str:
    """What is said of the files in a folder."""
    classes = folder / "classes.csv"
    files = NewFiles(folder / "enrolment.csv", folder / "births.csv", classes if classes.exists() else None)
    with pytest.raises(InputError) as error:
        update_district(case.prepared, Wish(files, folder / "new", **more), Watcher())
    return str(error.value)


def test_everything_that_is_wrong_is_told_at_once_and_nothing_is_written(case: Case, tmp_path: Path) -> None:
    """Five faults in five rows, a grade that is missing, a school that is missing, births of a year to come."""
    enrolment = forecast_of(case.planned).astype(object)
    expected = []
    for line in WRONG.split("\n")[2:-1]:
        column, row, value, said = line.split(maxsplit=3)
        enrolment.loc[int(row), column] = value
        expected.append(said)
    enrolment = enrolment[(enrolment["school_id"] != "S004") & (enrolment.index != 5)]
    write_year(tmp_path, enrolment, 100)
    (tmp_path / "births.csv").write_text(f"年份,出生人口\n{YEAR},100\n{YEAR + 1},90\n", encoding="utf-8")
    err = refused(case, tmp_path)
    for said in (*expected, "缺少“S004”的幼儿园", "、6年级", f"{YEAR + 1} 年还没有出生数据"):
        assert said in err, said
    assert sorted(file.name for file in tmp_path.iterdir()) == ["births.csv", "enrolment.csv"]


def test_classes_must_hold_the_pupils_of_the_enrolment(case: Case, tmp_path: Path) -> None:
    enrolment = forecast_of(case.planned)
    write_year(tmp_path, enrolment, 100)
    classes = enrolment.drop(columns="year").assign(class_no="1")
    classes.loc[classes.index[0], "pupils"] += 2
    classes.to_csv(tmp_path / "classes.csv", index=False)
    first = int(enrolment["pupils"].iloc[0])
    assert f"各班合计 {first + 2} 人，在校生表 {first} 人" in refused(case, tmp_path)


def test_a_year_that_is_not_the_next_is_refused(case: Case, tmp_path: Path) -> None:
    assert "下一年是 2026，不是 2027" in refused(case, tmp_path, year=2027)
    with pytest.raises(InputError, match="“next”不是年份"):
        year_of("next")


@pytest.fixture(scope="module")
def watched(
    case: Case, same: tuple[dict[str, Any], Path], tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, Any], Path]:
    """What `monitor --json` answers for the plan and the district a year on, and the folder that it writes."""
    folder = tmp_path_factory.mktemp("watched")
    shutil.copytree(case.result, folder / "result")
    write_manifest(case.planned, folder / "result", "")
    code, out, err = told("monitor", folder / "result", same[1], "--out", folder / "out", "--json")
    assert code == 0, (out, err)
    return json.loads(out), folder / "out"


def test_a_year_as_forecast_is_monitored_without_a_difference(watched: tuple[dict[str, Any], Path]) -> None:
    """A closure that is not due is not late; no school differs; what the stages differ by is rounding."""
    answer, _out = watched
    works = [(row["site_id"], row["action"], row["year"], row["state"]) for row in answer["works"]]
    assert works == [("S002", "consolidation", 2027, "ahead")]
    assert all(row["difference"] == 0 for row in answer["comparison"] if row["level"] == "school")
    indicators = {row["title"]: row for row in answer["indicators"]}
    assert indicators["小学学位需求"]["off"] == pytest.approx(0, abs=3)
    assert {row["state"] for row in answer["indicators"]} <= {"fell", "behind", "reached", "better", "neutral"}


def test_files_of_a_monitoring_quote_its_figures(watched: tuple[dict[str, Any], Path]) -> None:
    answer, out = watched
    book = CalamineWorkbook.from_path(str(out / "monitor.xlsx"))
    rows = {row[0]: row for row in book.get_sheet_by_name("中期评估").to_python(skip_empty_area=False)[3:]}
    for row in answer["indicators"]:
        assert rows[row["title"]][2:5] == pytest.approx([row["base"], row["planned"], row["actual"]]), row["title"]
    text = "\n".join(paragraph.text for paragraph in Document(str(out / "monitor.docx")).paragraphs)
    assert "项目完成情况" in text
    assert "预测与实际" in text


def test_what_cannot_be_monitored_is_refused(
    case: Case, same: tuple[dict[str, Any], Path], watched: tuple[dict[str, Any], Path], tmp_path: Path
) -> None:
    """A year that the data do not have, data of the base year, a changed plan: each is named, nothing is written."""
    result = watched[1].parent / "result"
    code, _out, err = told("monitor", result, same[1], "--year", "2031", "--out", tmp_path / "out")
    assert (code, "2031" in err, (tmp_path / "out").exists()) == (2, True, False)
    code, _out, err = told("monitor", result, case.scenario.parent / "data")
    assert (code, str(BASE) in err) == (2, True)
    shutil.copytree(result, tmp_path / "result")
    (tmp_path / "result" / "tables" / "plan_notes.csv").write_text("network,note\n", encoding="utf-8")
    code, _out, err = told("monitor", tmp_path / "result", same[1])
    assert (code, "plan_notes.csv" in err) == (2, True)
