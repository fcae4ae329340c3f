"""One source for every figure: Excel, Word, GeoPackage and the page, read back, say what the indicators say."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from simulator.outputs.geopackage import write_geopackage
from simulator.outputs.maps.view import map_view
from simulator.outputs.webpage import write_webpage
from simulator.outputs.word import write_documents
from simulator.outputs.workbook import write_workbook
from simulator.result import Result
from simulator.terms import Network, Stage, label
from tests.result_cases import BASE, TARGET, make_result

Figures = dict[tuple[str, str, int], int]
"""Figure, stage (empty = all), year → value, rounded as every output prints it."""
STAGES = {label(stage): stage.value for stage in Stage}
YEARS = range(BASE, TARGET + 1)


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    return make_result(tmp_path_factory.mktemp("case"), documents=("plan",))


@pytest.fixture(scope="module")
def folder(result: Result, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place, view = tmp_path_factory.mktemp("written"), map_view(result)
    write_workbook(result, place / "plan.xlsx")
    write_geopackage(result, view, place / "plan.gpkg")
    write_documents(result, place)
    write_webpage(result, view, place / "report.html")
    return place


@pytest.fixture(scope="module")
def measured(result: Result) -> Figures:
    """What the indicator functions and the plan say."""
    seats = result.indicators.seats
    seats = seats[(seats["network"] == Network.PLAN) & (seats["township"] == "") & seats["year"].isin(YEARS)]
    found: Figures = {}
    for row in seats.to_dict("records"):
        for name in ("children", "seats_standard", "shortage"):
            found[name, row["stage"], row["year"]] = round(row[name])
    money = result.indicators.money
    for row in money[(money["network"] == Network.PLAN) & money["year"].isin(YEARS)].to_dict("records"):
        found["capital_wan", "", row["year"]] = round(row["capital_wan"])
    return found | classes_of(result)


def classes_of(result: Result) -> Figures:
    """Classes and seats that the plan gives each stage in the last year."""
    plan = result.plan
    last = plan.sections[plan.sections["phase"] == plan.phase_of(TARGET)]
    stages = last["section_id"].map(result.supply.sections["stage"])
    sums = last.groupby(stages)[["classes", "seats"]].sum()
    return {
        (f"planned_{name}", str(stage), TARGET): round(value) for name in sums for stage, value in sums[name].items()
    }


def rows_of(path: Path, sheet: str) -> Iterator[dict[str, Any]]:
    """Rows of a sheet below its header, which stands in the third row."""
    book = CalamineWorkbook.from_path(str(path))
    name = next(name for name in book.sheet_names if name.startswith(sheet))
    _title, _unit, header, *rows = book.get_sheet_by_name(name).to_python()
    for row in rows:
        yield dict(zip((str(cell).replace("\n", " ") for cell in header), row, strict=True))


def excel(folder: Path) -> Figures:
    path, found = folder / "plan.xlsx", {}
    titles = {"children": "学位需求", "seats_standard": "标准学位 规划方案", "shortage": "学位缺口 规划方案"}
    for row in rows_of(path, "T9 "):
        if row["乡镇街道"] == "合计" and row["年份"] in YEARS:
            for name, title in titles.items():
                found[name, STAGES[row["学段"]], int(row["年份"])] = round(row[title])
    for row in rows_of(path, "T15 "):
        if row["年份"] in YEARS:
            found["capital_wan", "", int(row["年份"])] = round(row["基建投资 规划方案"])
    planned = [row for row in rows_of(path, "T10 ") if row["学段"] in STAGES]
    for name, title in (("classes", "规划班数"), ("seats", "规划学位")):
        for row in planned:
            key = (f"planned_{name}", STAGES[row["学段"]], TARGET)
            found[key] = found.get(key, 0) + round(row[title])
    return found


def word(folder: Path) -> Figures:
    """Tables of plan.docx, told by their headers; a cell without a figure holds a dash."""
    titles = {"学位需求": "children", "标准学位": "seats_standard", "缺口": "shortage"}
    found: Figures = {}
    for table in docx.Document(str(folder / "plan.docx")).tables:
        header, *rows = [[cell.text.replace("\n", " ") for cell in row.cells] for row in table.rows]
        if header[:2] == ["学段", "指标"]:
            for stage, name, *cells in rows:
                for year, cell in zip(header[2:], cells, strict=True):
                    if name in titles and cell != "—":
                        found[titles[name], STAGES[stage], int(year[:4])] = int(cell)
        elif header[:2] == ["年份", "基建投资"]:
            found |= {("capital_wan", "", int(row[0])): round(float(row[1])) for row in rows if row[0].isdigit()}
        elif "规划班数" in header and header[0] == "校名":
            for row in rows:
                for name, title in (("classes", "规划班数"), ("seats", "规划学位")):
                    key = (f"planned_{name}", STAGES[row[1]], TARGET)
                    found[key] = found.get(key, 0) + int(row[header.index(title)])
    return found


def geopackage(folder: Path, result: Result) -> Figures:
    base = sqlite3.connect(folder / "plan.gpkg")
    units = pd.read_sql('SELECT * FROM "划片单元"', base)
    schools = pd.read_sql('SELECT * FROM "规划学校学部"', base)
    base.close()
    found: Figures = {}
    # The hand-made result runs no senior school.
    for stage in ("kindergarten", "primary", "junior"):
        found |= {("children", stage, year): round(units[f"{stage}_{year}"].sum()) for year in YEARS}
    for phase, _first, last in result.plan.phases.itertuples(index=False):
        for stage, own in schools.groupby(schools["stage"].map(STAGES)):
            found["seats_standard", str(stage), last] = round(own[f"seats_p{phase}"].sum())
            if last == TARGET:
                found["planned_classes", str(stage), last] = round(own[f"classes_p{phase}"].sum())
                found["planned_seats", str(stage), last] = round(own[f"seats_p{phase}"].sum())
    return found


def page(folder: Path) -> Figures:
    text = (folder / "report.html").read_text(encoding="utf-8")
    data = json.loads(re.findall(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)[0])
    found: Figures = {}
    for stage, own in data["balance"].items():
        for name, rows in (("children", own["children"]), *own["plan"].items()):
            found |= {(name, stage, year): value for year, value in zip(data["years"], rows[0], strict=True)}
    return {key: value for key, value in found.items() if key[0] in {"children", "seats_standard", "shortage"}}


def test_every_output_says_what_the_indicators_say(folder: Path, result: Result, measured: Figures) -> None:
    """Children, seats, shortage by stage and year; capital by year; classes and seats of the plan by stage."""
    said = {"excel": excel(folder), "word": word(folder), "gis": geopackage(folder, result), "page": page(folder)}
    expected = {
        "excel": {"children", "seats_standard", "shortage", "capital_wan", "planned_classes", "planned_seats"},
        "word": {"children", "seats_standard", "shortage", "capital_wan", "planned_classes", "planned_seats"},
        "gis": {"children", "seats_standard", "planned_classes", "planned_seats"},
        "page": {"children", "seats_standard", "shortage"},
    }
    for output, figures in said.items():
        assert {name for name, _stage, _year in figures} == expected[output], output
        # Units of the layer hold tenths of children: sums of twelve of them may be one off.
        near = 1 if output == "gis" else 0
        differing = {
            key: (value, measured.get(key))
            for key, value in figures.items()
            if key not in measured or abs(value - measured[key]) > (near if key[0] == "children" else 0)
        }
        assert differing == {}, output
    stages = {stage for _name, stage, _year in measured if stage}
    for output in ("excel", "page"):
        told = {key for key in said[output] if key[0] in {"children", "seats_standard", "shortage"}}
        assert told == {(name, stage, year) for name in expected["page"] for stage in stages for year in YEARS}


def test_figures_of_single_schools_agree_in_excel_and_on_the_page(folder: Path, result: Result) -> None:
    """Pupils in the target year: T10 beside the page and the indicators, school by school."""
    schools = result.indicators.schools
    own = schools[(schools["network"] == Network.PLAN) & (schools["year"] == TARGET)].set_index("section_id")["pupils"]
    excel_said = {
        row["学部编号"]: round(row[f"服务学生 {TARGET}年"])
        for row in rows_of(folder / "plan.xlsx", "T10 ")
        if row[f"服务学生 {TARGET}年"] not in ("", None)
    }
    text = (folder / "report.html").read_text(encoding="utf-8")
    data = json.loads(re.findall(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)[0])
    pupils = data["sections"]["plan"]["pupils"]
    page_said = dict(zip(data["sections"]["id"], (row[-1] for row in pupils), strict=True))
    assert excel_said
    for section, value in excel_said.items():
        assert value == page_said[section] == own[section]
