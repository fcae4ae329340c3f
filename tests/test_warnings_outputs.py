"""学位预警 in a result: the sheet read back, the tables, the picture of the wave."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from simulator.indicators import alerts
from simulator.outputs.summary import summary_text
from simulator.outputs.tables import alert_tables
from simulator.outputs.wave_chart import draw_wave_chart, wave_rows
from simulator.outputs.workbook import write_workbook
from simulator.result import Result
from simulator.standards import read_standards
from tests import result_cases


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """The hand-made result with its warnings."""
    plain = result_cases.make_result(tmp_path_factory.mktemp("grid"))
    norms = read_standards(("national.toml",), {})
    found = alerts(
        [(plain.plan, plain.operation), (plain.no_action, plain.no_action_operation)],
        plain.projection.plan_demand,
        plain.supply,
        plain.territory,
        norms,
        plain.scenario,
        plain.district.units,
        plain.district.admission_plan,
    )
    return replace(plain, standards=norms, alerts=found)


def test_the_sheet_shows_sign_and_number_of_every_year(result: Result, tmp_path: Path) -> None:
    """A row a series; a cell says what the table of warnings says; the sheet stands before T10."""
    write_workbook(result, tmp_path / "plan.xlsx")
    book = CalamineWorkbook.from_path(str(tmp_path / "plan.xlsx"))
    names = book.sheet_names
    assert names.index("学位预警") < next(place for place, name in enumerate(names) if name.startswith("T10"))
    sheet = book.get_sheet_by_name("学位预警").to_python()
    header, body = sheet[2], sheet[3:-1]
    assert len([row for row in body if row[0]]) >= len(result.alerts.peaks)
    years = [str(year) for year in result_cases.YEARS]
    assert header[-len(years) :] == years
    table = result.alerts.warnings
    row = table[(table["scope"] == "district") & (table["level"] == "red")].iloc[0]
    shown = [line for line in body if line[header.index(str(row["year"]))] == f"▲缺 {row['short']:.0f}"]
    assert shown


def test_tables_and_summary_tell_of_warnings(result: Result) -> None:
    assert set(alert_tables(result.alerts)) == {"warnings", "peaks"}
    text = summary_text(result)
    assert "## 学位预警" in text
    assert "不采取措施：不足" in text


def test_the_wave_walks_on_from_stage_to_stage(result: Result, tmp_path: Path) -> None:
    """No stage's crest comes before that of the stage below it; every character has a glyph."""
    crests = [row.peak for row in wave_rows(result)]
    assert crests == sorted(crests)
    assert len(crests) >= 4
    assert draw_wave_chart(result, tmp_path) == ""
    assert (tmp_path / "wave.png").stat().st_size > 10_000
