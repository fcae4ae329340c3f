"""Write every generated file: `python -m docs.generate`; with `--check` only tell which differ.

Each is a function of the source alone; a test fails when a file differs from what its function gives.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from docs import catalogue, constraints, published_plans, reference, rule_catalogue
from simulator.inputs.reference import contracts_reference
from simulator.outputs.word.reference import fields_reference
from simulator.scenario import defaults_toml, json_schema, settings_reference

ROOT = Path(__file__).resolve().parents[1]

GENERATED: dict[str, Callable[[], str]] = {
    "constraints.txt": constraints.constraints_txt,
    "scenarios/defaults.toml": defaults_toml,
    "scenarios/schema.json": json_schema,
    "docs/reference/settings.md": settings_reference,
    "docs/reference/tables.md": contracts_reference,
    "docs/reference/rules.md": reference.rules_page,
    "docs/reference/norms.md": reference.norms_page,
    "docs/reference/catalogue.md": rule_catalogue.catalogue_page,
    "docs/reference/published-plans.md": published_plans.plans_page,
    "docs/reference/commands.md": reference.commands_page,
    "docs/reference/template-fields.md": fields_reference,
}
"""Text file → what it should hold."""

CATALOGUE: dict[Path, Callable[[], bytes]] = {
    catalogue.CATALOGUE: catalogue.po_bytes,
    catalogue.COMPILED: catalogue.mo_bytes,
}
"""The English catalogue, its text first: the compiled file is made from it."""


def write_all() -> None:
    """Write every generated file."""
    for name, text in GENERATED.items():
        (ROOT / name).write_text(text(), encoding="utf-8", newline="\n")
    for path, content in CATALOGUE.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content())


def drifted() -> list[str]:
    """Generated files that differ from the source."""
    texts = [name for name, text in GENERATED.items() if _text(ROOT / name) != text()]
    return texts + [path.name for path, content in CATALOGUE.items() if _bytes(path) != content()]


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _bytes(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


if __name__ == "__main__":
    if "--check" in sys.argv[1:]:
        sys.exit("".join(f"{name} differs: python -m docs.generate\n" for name in drifted()) or 0)
    write_all()
