"""The register of all contracts, in the order in which a planner fills the tables in."""

from __future__ import annotations

from simulator.inputs.contracts import Contract
from simulator.inputs.contracts_board import DECLARED_ITEMS
from simulator.inputs.contracts_consolidation import CONSOLIDATION
from simulator.inputs.contracts_money import MONEY
from simulator.inputs.contracts_people import PEOPLE
from simulator.inputs.contracts_schools import SCHOOLS
from simulator.inputs.contracts_works import WORKS

_ORDER = (
    "units",
    "population",
    "births",
    "residents",
    "control",
    "schools",
    "sections",
    "classes",
    "enrolment",
    "yearly",
    "origins",
    "admission_plan",
    "catchments",
    "parcels",
    "housing",
    "travel",
    "barriers",
    "crossings",
    "teachers",
    "adjacency",
    "projects",
    "demand",
    "groups",
    "funds",
    "funding",
    "budgets",
    "opinions",
    "procedure",
    "arrangements",
    "declared_items",
)
_DECLARED = {
    contract.name: contract for contract in (*PEOPLE, *SCHOOLS, *WORKS, *CONSOLIDATION, *MONEY, DECLARED_ITEMS)
}

CONTRACTS: dict[str, Contract] = {name: _DECLARED[name] for name in _ORDER}
"""Table name → contract."""


def contract_named(name: str) -> Contract | None:
    """The contract of a table under its English or Chinese name, upper or lower case.

    >>> contract_named("学校").name
    'schools'
    """
    wanted = name.strip().lower()
    return next((found for found in CONTRACTS.values() if wanted in {found.name, found.chinese}), None)
