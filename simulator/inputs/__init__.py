"""Tables and layers of a district: contracts, reading, coordinates, templates, invented districts.

The public names are loaded when first asked for, so that writing a template needs no map libraries.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulator.inputs.check import check_consistency
    from simulator.inputs.contracts_all import CONTRACTS
    from simulator.inputs.district import District, TableSource
    from simulator.inputs.read import read_district
    from simulator.inputs.template import write_template
    from simulator.inputs.write import write_layer, write_table

__all__ = [
    "CONTRACTS",
    "District",
    "TableSource",
    "check_consistency",
    "read_district",
    "write_layer",
    "write_table",
    "write_template",
]

_HOME = {
    "CONTRACTS": "contracts_all",
    "District": "district",
    "TableSource": "district",
    "check_consistency": "check",
    "read_district": "read",
    "write_layer": "write",
    "write_table": "write",
    "write_template": "template",
}
"""Public name → module that defines it."""


def __getattr__(name: str) -> object:
    """Load a public name from its module."""
    if name not in _HOME:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
