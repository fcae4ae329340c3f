"""The backtest as a user meets it: tables of any office, the command, charts, calibration, the benchmark."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import cli
from benchmarks import FAMILIES, Options
from benchmarks.backtest import find_series
from benchmarks.backtest_check import wrong_actuals
from simulator.errors import InputError
from simulator.inputs.read_past import read_past
from simulator.projection.calibration import calibrate
from simulator.terminal.backtesting import years_of
from simulator.terms import Stage
from tests.projection_cases import case, table

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
YEARS = range(2012, 2021)


def office_table(folder: Path, name: str = "历年在校生.csv") -> Path:
    """A table as offices keep it: Chinese headers, school years, one row a school, grade and year."""
    draw = np.random.default_rng(4)
    rows = [
        f"{school}小学,{year}-{year + 1}学年,{'一二三四五六'[grade]}年级,{60 + draw.integers(-5, 6)}"
        for school in ("城关", "东门", "河西")
        for year in YEARS
        for grade in range(6)
    ]
    file = folder / name
    file.write_text("学校名称,学年度,年级,学生人数\n" + "\n".join(rows) + "\n", encoding="gb18030")
    return file


def births_table(folder: Path) -> Path:
    """Births of the district."""
    file = folder / "births.csv"
    file.write_text("年份,出生人数\n" + "".join(f"{year},{190 + year % 7}\n" for year in range(2004, 2020)), "utf-8")
    return file


def run(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    """Exit code and both streams of a command line."""
    code = cli.run(arguments)
    streams = capsys.readouterr()
    return code, streams.out, streams.err


def test_a_bare_table_is_read_under_the_headers_of_an_office(tmp_path: Path) -> None:
    """学校名称, 学年度 2012-2013学年, 一年级, 学生人数; no stage, so no column of it."""
    past = read_past(office_table(tmp_path), births_table(tmp_path))
    assert list(past.enrolment.columns) == ["school_id", "grade", "year", "pupils"]
    assert (len(past.enrolment), past.enrolment["year"].min(), past.enrolment["grade"].max()) == (162, 2012, 6)
    assert past.births["births"].iloc[0] == 190 + 2004 % 7


def test_a_workbook_and_a_folder_are_read_too(tmp_path: Path) -> None:
    """A sheet of any name if it is the only one; a folder by the names of its tables."""
    table = pd.read_csv(office_table(tmp_path), encoding="gb18030")
    table.to_excel(tmp_path / "历年.xlsx", sheet_name="表一", index=False)
    folder = tmp_path / "district"
    folder.mkdir()
    office_table(folder, "在校生.csv")
    births_table(folder)
    book, tables = read_past(tmp_path / "历年.xlsx"), read_past(folder)
    assert book.enrolment["pupils"].sum() == tables.enrolment["pupils"].sum() == table["学生人数"].sum()
    assert (len(book.births), len(tables.births)) == (0, 16)


def test_every_fault_of_every_file_is_told_at_once(tmp_path: Path) -> None:
    """A grade that is none, pupils that are none, a row twice, a births file that is not there."""
    file = tmp_path / "t.csv"
    file.write_text("school,grade,year,students\nA,九十,2015,5\nA,1,2015,many\nA,2,2015,5\nA,2,2015,6\n", "utf-8")
    with pytest.raises(InputError) as raised:
        read_past(file, tmp_path / "nobody.csv")
    told = str(raised.value)
    for words in ("第2行", "九十", "第3行", "many", "第 4 行", "nobody.csv"):
        assert words in told


def test_years_are_read_as_lists_and_ranges() -> None:
    """Years and ranges, Chinese or English commas; anything else is refused."""
    assert years_of("2010-2012，2020") == [2010, 2011, 2012, 2020]
    with pytest.raises(ValueError, match="20x"):
        years_of("20x")


def test_the_command_prints_and_writes_what_it_tested(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Screen in words, object with every horizon, folder with charts and tables that say the same."""
    table, births = office_table(tmp_path), births_table(tmp_path)
    out = tmp_path / "tested"
    code, screen, _error = run(["backtest", str(table), "--births", str(births), "--out", str(out)], capsys)
    assert code == 0
    for words in ("组合队列法", "维持现状", "区间覆盖率", "全县区起始年级", "各学校"):
        assert words in screen
    for chart in ("errors.png", "coverage.png"):
        header = (out / "charts" / chart).read_bytes()[:24]
        assert header[:8] == b"\x89PNG\r\n\x1a\n"
        assert min(struct.unpack(">II", header[16:24])) > 500
    written = pd.read_csv(out / "tables" / "backtest_errors.csv", keep_default_na=False)
    code, printed, _error = run(["backtest", str(table), "--births", str(births), "--json"], capsys)
    answer = json.loads(printed)
    assert (code, len(answer["errors"])) == (0, len(written))
    assert answer["errors"][0]["mape"] == pytest.approx(float(written["mape"][0]))
    assert set(answer) == {"title", "errors", "coverage", "best", "notes", "result"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--origins", "soon"], "“soon”不是年份"),
        (["--until", "2013"], "没有一个学年可以从它起预测"),
        (["--drop", "2012-2020"], "没有可用的学年"),
        (["--population", "nowhere.csv"], "nowhere.csv"),
    ],
)
def test_what_cannot_be_tested_is_explained(
    arguments: list[str], words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2, a sentence, and nothing written."""
    out = tmp_path / "out"
    code, _screen, error = run(["backtest", str(office_table(tmp_path)), "--out", str(out), *arguments], capsys)
    assert (code, out.exists()) == (2, False)
    assert words in error


SECTIONS = """
school_id  stage    grade_from  grade_to
A          primary  1           6
B          primary  1           6
"""


def test_a_short_history_leaves_the_scenario_s_figures() -> None:
    """With fewer than three years the ratios are the scenario's, and a sentence says so."""
    given = case(table(SECTIONS))
    calibration = calibrate(given.district, given.scenario)
    assert calibration.fitted == frozenset()
    assert (calibration.retention[Stage.PRIMARY] == given.scenario.projection.retention).all()
    assert "不足 3 年" in calibration.sentences[0]
    np.testing.assert_array_equal(calibration.band_scale, np.ones(5))


def test_ratios_are_fitted_on_the_district_s_own_history() -> None:
    """A history in which every grade keeps 97 % gives 0.97, for the district and each school."""
    rows = [
        (school, "primary", grade, year, round(100_000 * 0.97 ** (grade - 1)))
        for school in ("A", "B")
        for grade in range(1, 7)
        for year in range(2019, 2026)
    ]
    enrolment = pd.DataFrame(rows, columns=["school_id", "stage", "grade", "year", "pupils"])
    births = pd.DataFrame({"unit_id": "", "year": range(2010, 2026), "births": 250_000.0})
    given = case(table(SECTIONS), enrolment=enrolment, births=births)
    calibration = calibrate(given.district, given.scenario)
    assert calibration.fitted == {Stage.PRIMARY}
    np.testing.assert_allclose(calibration.retention[Stage.PRIMARY], 0.97, atol=1e-4)
    assert calibration.schools[Stage.PRIMARY] == ("A", "B")
    np.testing.assert_allclose(calibration.school_retention[Stage.PRIMARY], 0.97, atol=1e-4)
    assert (calibration.retention[Stage.JUNIOR] == given.scenario.projection.retention).all()
    assert calibration.entry_ratio == {Stage.PRIMARY: pytest.approx(0.8)}
    assert (len(calibration.band_scale), len(calibration.school_band_scale)) == (5, 5)
    assert "小学升级比按本地历史拟合" in calibration.sentences[0]


def test_the_base_year_comes_from_the_classes_where_enrolment_ends_before() -> None:
    """A school whose classes are known in 2025 and whose table ends in 2024 has a history to 2025."""
    rows = [("A", "primary", grade, year, 50) for grade in range(1, 7) for year in (2023, 2024)]
    enrolment = pd.DataFrame(rows, columns=["school_id", "stage", "grade", "year", "pupils"])
    classes = pd.DataFrame({"school_id": "A", "stage": "primary", "grade": range(1, 7), "pupils": 50})
    given = case(table(SECTIONS), enrolment=enrolment, classes=classes)
    assert calibrate(given.district, given.scenario).fitted == {Stage.PRIMARY}


@pytest.mark.skipif(not (SHARED / "us_ecasd_births.csv").exists(), reason="the shared data are not here")
def test_the_published_district_meets_its_bars(tmp_path: Path) -> None:
    """Errors of the district, its schools and its first grade, and the coverage of the bands."""
    report = FAMILIES["backtest"].run(SHARED, tmp_path, Options(only="eau_claire"))
    assert [bar for bar in report.bars if not bar.met] == []
    assert report.faults == ()
    assert len(report.bars) == 23


def test_a_spoiled_count_is_found(tmp_path: Path) -> None:
    """The check sums the file itself."""
    folder = tmp_path / "data"
    folder.mkdir()
    rows = [f"A,{grade},{year},{50 + year % 3}" for grade in range(3) for year in range(2005, 2015)]
    (folder / "us_x_enrolment.csv").write_text("school,grade,year_fall,students\n" + "\n".join(rows) + "\n", "utf-8")
    (folder / "us_x_births.csv").write_text("year,births\n2003,55\n2004,54\n", "utf-8")
    (series,) = find_series(folder)
    assert (series.name, series.births) == ("us_x", folder / "us_x_births.csv")
    report = FAMILIES["backtest"].run(folder, tmp_path / "out", Options())
    assert (report.faults, report.bars) == ((), ())
    forecasts = pd.read_csv(tmp_path / "out" / "us_x_forecasts.csv", keep_default_na=False)
    assert wrong_actuals(series.enrolment, forecasts) == []
    assert wrong_actuals(series.enrolment, forecasts.assign(actual=forecasts["actual"] + 1))
