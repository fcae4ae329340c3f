"""The catalogue of checks: every code has a home that exists, or says why it has none."""

from __future__ import annotations

from functools import cache

import pytest

from docs.rule_catalogue import catalogue_page
from simulator.audit.register import CHECKS
from simulator.indicators import NO_ALERTS, NO_BOARD, NO_CLOSURES, NO_FINANCE, NO_STAFF, ClassVectors, Indicators
from simulator.inputs import check
from simulator.outputs.board import item_title
from simulator.outputs.consolidation import closure_tables
from simulator.outputs.staff import staff_tables
from simulator.outputs.tables import alert_tables, board_tables, class_tables, finance_tables
from simulator.plan import Plan
from simulator.rules import RULES
from simulator.rules.board import BOARD
from simulator.rules.catalogue import CATALOGUE, HomeKind
from simulator.scenario import Scenario
from simulator.standards import read_standards

CODES = [
    "C01",
    "C02",
    "C03",
    "C04",
    "C05",
    "C06",
    "C07",
    "S01",
    "S02",
    "S03",
    "S04",
    "S05",
    "S06",
    "T01",
    "T02",
    "T03",
    "T04",
    "T05",
    "T06",
    "T07",
    "D01",
    "D02",
    "D03",
    "M01",
    "M02",
    "E01",
    "E02",
    "E03",
    "E04",
    "N01",
    "N02",
    "N03",
    "N04",
    "F01",
    "F02",
    "F03",
    "B01",
    "B02",
    "B03",
    "Q01",
    "H01",
]


def tables() -> set[str]:
    """Names of the tables of a result."""
    made = {
        **alert_tables(NO_ALERTS),
        **board_tables(NO_BOARD),
        **class_tables(ClassVectors()),
        **staff_tables(NO_STAFF),
        **finance_tables(NO_FINANCE),
        **closure_tables(NO_CLOSURES),
    }
    figures = {f"indicators_{name}" for name in Indicators.__dataclass_fields__}
    return {*made, *figures, *(f"plan_{name}" for name in Plan.__dataclass_fields__)}


@cache
def figures() -> frozenset[str]:
    """Ids of the national norm figures."""
    return frozenset(read_standards(("national.toml",), {}).figures)


@cache
def exists(kind: HomeKind, name: str) -> bool:
    """Whether a home is there."""
    if kind is HomeKind.SETTING:
        group, _dot, setting = name.partition(".")
        return setting in Scenario.model_fields[group].annotation.model_fields
    places = {
        HomeKind.RULE: set(RULES) & set(CHECKS),
        HomeKind.ITEM: set(BOARD),
        HomeKind.TABLE: tables(),
        HomeKind.INPUT_CHECK: set(vars(check)),
        HomeKind.FIGURE: set(figures()),
    }
    return name in places[kind]


def test_the_catalogue_has_every_code_once_and_in_order():
    assert list(CATALOGUE) == CODES


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_a_home_or_a_reason(code):
    entry = CATALOGUE[code]
    assert entry.homes or entry.note
    assert [home for home in entry.homes if not exists(home.kind, home.name)] == []


def test_the_page_has_a_row_for_every_code():
    page = catalogue_page()
    assert all(f"\n| {code} | {entry.title} |" in page for code, entry in CATALOGUE.items())


def test_items_of_the_board_have_a_title():
    assert all(item_title(item) != item for item in BOARD)
