"""A tiny district with a plan, and the files of a new year, for the tests of `update`."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from simulator.inputs.synthetic import (
    DistrictCard,
    Plot,
    SchoolGroup,
    invent_district,
    small_district,
    write_district,
)
from simulator.outputs.stored_scenario import write_scenario
from simulator.outputs.tables import result_tables, write_tables
from simulator.prepared import Prepared, Watcher
from simulator.result import Result
from simulator.run import optimize_prepared, prepare
from simulator.terms import SectionKind, Stage

BASE, YEAR, NEXT_BUILT = 2025, 2026, 2029
SCENARIO = """\
title = "小样区方案"

[district]
folder = "data"

[horizon]
target_year = 2034
projection_to = 2036

[projection.births_trend]
low = -0.01
medium = 0.0
high = 0.01

[objective]
shortage = 300000
over_standard = 100000

[solver]
time_limit_s = 4
gap = 0.02

[[phases]]
first_year = 2027
last_year = 2028

[[phases]]
first_year = 2029
last_year = 2034
"""
SEATS = {"S003": "290", "S004": "30"}
"""Seats of the kindergartens: enough for the births that were known, too few for a fifth more."""
_KINDS = (SectionKind.COMPLETE_PRIMARY, SectionKind.TEACHING_POINT, SectionKind.KINDERGARTEN)
_STAGES = (Stage.KINDERGARTEN, Stage.PRIMARY)


@dataclass(frozen=True)
class Case:
    """The scenario of a district, what a run of it starts from, its plan and the folder of that."""

    scenario: Path
    prepared: Prepared
    result: Path
    planned: Result


def write_tiny(folder: Path) -> Path:
    """A primary school, a teaching point, two kindergartens and a plot for a third; returns the scenario to 2034."""
    spec = small_district(units=12)
    schools: tuple[SchoolGroup, ...] = tuple(group for group in spec.schools if group.kind in _KINDS)
    rolls = tuple(roll for roll in spec.rolls if roll.stage in _STAGES)
    plots = (Plot((Stage.KINDERGARTEN,), 9_000, YEAR),)
    spec = replace(spec, schools=schools, rolls=rolls, plots=plots, housing_projects=0)
    card = DistrictCard(spec.name, spec.name, spec.crs, "invented", {"default": BASE})
    write_district(invent_district(spec), folder / "data", card)
    rewritten(folder / "data" / "sections.csv", lambda row: row | _with_seats(row))
    scenario = folder / "plan.toml"
    scenario.write_text(SCENARIO, encoding="utf-8")
    return scenario


def tiny_case(folder: Path) -> Case:
    """The tiny district planned: the teaching point closes in 2027 and nothing is built."""
    scenario = write_tiny(folder)
    prepared = prepare(scenario)
    planned = optimize_prepared(prepared, Watcher())
    (folder / "result" / "tables").mkdir(parents=True)
    write_tables(result_tables(planned), folder / "result" / "tables")
    write_scenario(planned, folder / "result" / "scenario.toml")
    return Case(scenario, prepared, folder / "result", planned)


def _with_seats(row: dict[str, str]) -> dict[str, str]:
    return {"核定学位（个）": SEATS[row["学校编号"]]} if row["学段"] == "幼儿园" else {}


def rows(file: Path) -> list[dict[str, str]]:
    """Rows of a CSV file."""
    with file.open(encoding="utf-8-sig", newline="") as text:
        return list(csv.DictReader(text))


def rewritten(file: Path, change: Callable[[dict[str, str]], dict[str, str]]) -> None:
    """Write a CSV file anew, every row changed."""
    changed = [change(row) for row in rows(file)]
    with file.open("w", encoding="utf-8-sig", newline="") as text:
        writer = csv.DictWriter(text, list(changed[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(changed)


def forecast_of(result: Result, year: int = YEAR) -> pd.DataFrame:
    """The enrolment table that a plan forecasts for a year, a row for every grade that runs."""
    formed = result.operation.classes
    pupils = formed[formed["year"] == year].set_index(["section_id", "grade"])["pupils"]
    plan = result.plan
    running = plan.sections[(plan.sections["phase"] == plan.phase_of(year)) & plan.sections["open"]]["section_id"]
    sections = result.supply.sections
    told = [
        (*section.split(":"), grade, year, int(pupils.get((section, grade), 0)))
        for section in running
        for grade in range(int(sections["grade_from"][section]), int(sections["grade_to"][section]) + 1)
    ]
    return pd.DataFrame(told, columns=["school_id", "stage", "grade", "year", "pupils"])


def write_year(folder: Path, enrolment: pd.DataFrame, births: int) -> tuple[str, ...]:
    """Files of a new year in a folder, as options of the command line."""
    folder.mkdir(parents=True, exist_ok=True)
    enrolment.to_csv(folder / "enrolment.csv", index=False)
    (folder / "births.csv").write_text(f"年份,出生人口\n{YEAR},{births}\n", encoding="utf-8")
    return "--enrolment", str(folder / "enrolment.csv"), "--births", str(folder / "births.csv")
