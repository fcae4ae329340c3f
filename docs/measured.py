"""Figures of the demonstration districts, asked for in one line each: the numbers of `published-plans.md`.

A query is an aggregate, a table with a column, and conditions on its columns; queries may be divided and subtracted:

    count classes stage=primary decided_here=yes pupils>55 / count classes stage=primary decided_here=yes
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from simulator.indicators.class_vectors import classes_for
from simulator.inputs import District, read_district
from simulator.rules.board import BOARD, RESOURCES
from simulator.scenario import Scenario, read_scenario
from simulator.standards import read_standards
from simulator.terms import IndexHead

SCENARIOS = Path(__file__).resolve().parents[1] / "scenarios"
Tables = Mapping[str, pd.DataFrame]
_CONDITION = re.compile(r"^(\w+)(!=|>=|<=|=|>|<)(.*)$")
_COMPARED: dict[str, Callable[[pd.Series[float], float], pd.Series[bool]]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}


@cache
def _class_size(stage: str) -> float:
    return read_standards(("national.toml",), {}).value(f"class_size.{stage}")


def _numbers(cells: pd.Series[str]) -> pd.Series[float]:
    return cells.replace("", "nan").astype(float)


_AGGREGATES: dict[str, Callable[[pd.Series[str]], float]] = {
    "count": lambda cells: float(len(cells)),
    "distinct": lambda cells: float(cells.nunique()),
    "sum": lambda cells: float(_numbers(cells).sum()),
    "most": lambda cells: float(_numbers(cells).max()),
    "mean": lambda cells: float(_numbers(cells).mean()),
    "only": lambda cells: float(_numbers(cells).item()),
    # Fewest classes of the standard size that hold the sum, as T2 and the class vectors count them.
    "primary_classes_for": lambda cells: float(classes_for(_numbers(cells).sum(), _class_size("primary"))),
}


@dataclass(frozen=True)
class Query:
    """What is asked of a table.

    Parameters
    ----------
    aggregate
        A key of the aggregates above.
    table, column
        What is aggregated; without a column the rows.
    conditions
        (column, comparison, value): `=` and `!=` compare words, of which `|` separates several; the others compare numbers.
    """

    aggregate: str
    table: str
    column: str
    conditions: tuple[tuple[str, str, str], ...]


def parsed(text: str) -> Query:
    """The query that a line of text is.

    >>> parsed("sum classes.pupils stage=primary").column
    'pupils'
    """
    aggregate, place, *words = text.split()
    table, _dot, column = place.partition(".")
    conditions = tuple((found[1], found[2], found[3]) for word in words if (found := _CONDITION.match(word)))
    if aggregate not in _AGGREGATES or len(conditions) != len(words):
        message = f"not a query: {text}"
        raise ValueError(message)
    return Query(aggregate, table, column, conditions)


def answered(text: str, tables: Tables) -> float:
    """The figure that a query has in some tables; of several between ` / ` and ` - `, worked out from left to right.

    Raises
    ------
    KeyError
        A table or column is not there.
    """
    first, *more = re.split(r" ([/-]) ", text)
    figure = _answer(parsed(first), tables)
    for sign, query in zip(more[::2], more[1::2], strict=True):
        other = _answer(parsed(query), tables)
        figure = figure / other if sign == "/" else figure - other
    return figure


def _answer(query: Query, tables: Tables) -> float:
    rows = tables[query.table]
    for column, comparison, value in query.conditions:
        cells = _words(rows[column])
        if comparison in {"=", "!="}:
            kept = cells.isin(value.split("|")) == (comparison == "=")
        else:
            kept = _COMPARED[comparison](_numbers(cells), float(value))
        rows = rows[kept]
    column = query.column or str(rows.columns[0])
    return _AGGREGATES[query.aggregate](_words(rows[column]))


def _words(cells: pd.Series[str]) -> pd.Series[str]:
    """Cells as a table would show them: yes and no, nothing for an unknown one."""
    if cells.dtype == bool:
        return cells.map({True: "yes", False: "no"}).astype(str)
    return cells.astype(object).where(cells.notna(), "").astype(str)


def district_tables(district: District) -> dict[str, pd.DataFrame]:
    """Tables of a district that are asked; those about sections carry the columns of the section and its campus."""
    schools = pd.DataFrame(district.schools.drop(columns="geometry"))
    schools = schools.assign(room_left=schools["max_rooms"] - schools["rooms"])
    campus = schools[["school_id", "township", "affiliation", "nature", "decided_here", "status", "room_left"]]
    sections = district.sections.merge(campus, on="school_id")
    known = sections[["school_id", "stage", "kind", "serves", *campus.columns[1:]]]
    pupils = district.classes.groupby(["school_id", "stage"])["pupils"].sum()
    units = pd.DataFrame(district.units.drop(columns="geometry"))
    return {
        "units": units.assign(area_km2=district.units.area / 1e6),
        "schools": schools,
        "sections": sections.join(pupils, on=["school_id", "stage"]),
        "classes": district.classes.merge(known, on=["school_id", "stage"]),
        "teachers": district.teachers.merge(known, on=["school_id", "stage"]),
        "population": district.population,
        "parcels": pd.DataFrame(district.parcels.drop(columns="geometry")),
        "travel": pd.DataFrame(district.travel.drop(columns="geometry")),
        **{
            name: getattr(district, name)
            for name in ("projects", "groups", "births", "housing", "funding", "funds", "budgets")
        },
    }


@cache
def register_tables() -> dict[str, pd.DataFrame]:
    """What the program judges every district by: items of the evaluations, the seven resources, norm figures."""
    figures = read_standards(("national.toml",), {}).figures
    return {
        "board": pd.DataFrame([asdict(item) for item in BOARD.values()]),
        "resources": pd.DataFrame([asdict(resource) for resource in RESOURCES]),
        "index_heads": pd.DataFrame({"head": [head.value for head in IndexHead]}),
        "norms": pd.DataFrame([(name, figure.value) for name, figure in figures.items()], columns=["figure", "value"]),
    }


def scenario_tables(scenario: Scenario) -> dict[str, pd.DataFrame]:
    """What a scenario states: every number as `settings`, phases, targets, and the closures that each year allows."""
    quota = scenario.consolidation.closures_by_year
    years = [(year, quota.get(year, scenario.timing.closures_per_year)) for year in scenario.plan_years]
    targets = [
        (target.item.value, target.value, target.year, "least" if target.least is not None else "most")
        for target in scenario.targets
    ]
    return {
        "phases": pd.DataFrame([phase.model_dump() for phase in scenario.plan_phases]),
        "settings": pd.DataFrame(_numbers_in(scenario.model_dump(), ""), columns=["key", "value"]),
        "targets": pd.DataFrame(targets, columns=["item", "value", "year", "bound"]),
        "closing_years": pd.DataFrame(years, columns=["year", "closures"]),
    }


def _numbers_in(values: Mapping[Any, object], path: str) -> list[tuple[str, float]]:
    """Dotted key and value of every number in nested tables."""
    found: list[tuple[str, float]] = []
    for key, value in values.items():
        name = f"{path}{key}"
        if isinstance(value, Mapping):
            found += _numbers_in(value, f"{name}.")
        elif isinstance(value, int | float) and not isinstance(value, bool):
            found.append((name, float(value)))
    return found


@cache
def demonstration_tables(name: str) -> dict[str, pd.DataFrame]:
    """Tables of a demonstration, by the name of its scenario: what it states, its district, the registers."""
    scenario = read_scenario(SCENARIOS / f"{name}.toml")
    return {
        **register_tables(),
        **scenario_tables(scenario),
        **district_tables(_district(scenario.district.folder.resolve())),
    }


@cache
def _district(folder: Path) -> District:
    return read_district(folder)


def result_tables(folder: Path) -> dict[str, pd.DataFrame]:
    """Tables of a written result, as text."""
    files = sorted((folder / "tables").glob("*.csv"))
    return {file.stem: pd.read_csv(file, dtype=str, keep_default_na=False, encoding="utf-8-sig") for file in files}
