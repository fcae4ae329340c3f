"""The contracts: each is complete, and the reference page says what they say."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.inputs import CONTRACTS, District
from simulator.inputs.contracts import Kind
from simulator.inputs.contracts_all import contract_named
from simulator.inputs.contracts_check import schema_of
from simulator.inputs.contracts_rows import ROW_RULES
from simulator.inputs.read_raw import match_header
from simulator.inputs.reference import contracts_reference

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "tables.md"


def test_the_reference_page_is_up_to_date() -> None:
    """Renew it with `contracts_reference()`."""
    assert PAGE.read_text(encoding="utf-8") == contracts_reference()


def test_the_district_has_an_attribute_for_every_table() -> None:
    fields = set(District.__dataclass_fields__)
    assert set(CONTRACTS) <= fields


@pytest.mark.parametrize("table", CONTRACTS)
def test_a_contract_is_complete(table: str) -> None:
    """Keys are columns; optional tables and columns say what holds without them; references lead to tables."""
    contract = CONTRACTS[table]
    assert set(contract.key) <= set(contract.names)
    assert contract.required != bool(contract.assumed)
    assert len({column.chinese for column in contract.columns}) == len(contract.columns)
    assert contract_named(contract.chinese) is contract
    for column in contract.columns:
        assert column.required != bool(column.empty), column.name
        assert set(column.refers) <= set(CONTRACTS)
        assert (column.kind in {Kind.WORD, Kind.WORDS}) == bool(column.words), column.name
        assert column.default is None or column.kind is Kind.BOOLEAN or column.default in {*column.words, "0"}


@pytest.mark.parametrize("table", CONTRACTS)
def test_every_header_is_known_in_english_and_chinese(table: str) -> None:
    for column in CONTRACTS[table].columns:
        for header in (column.name, column.name.upper(), column.chinese, column.header, f"{column.header} *"):
            assert match_header(CONTRACTS[table], header) == (column, "")


def test_every_rule_between_cells_holds_in_some_table() -> None:
    named = {check.error for contract in CONTRACTS.values() for check in schema_of(contract).checks}
    assert set(ROW_RULES) <= named
