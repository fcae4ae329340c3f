"""The English catalogue: messages out of the source, their translations, and the compiled file.

The source speaks Chinese; `simulator.po` beside `simulator.mo` holds the English. A message is new when the source
has it and the catalogue has not: it then stands there with an empty translation, which a test reports.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir, extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from simulator.inputs.contracts_all import CONTRACTS
from simulator.inputs.contracts_consolidation import CONSOLIDATION
from simulator.inputs.contracts_declaration import DECLARATION_NOTES
from simulator.inputs.reference import KIND_WORDS, empty_meaning
from simulator.projection.flows import Flow
from simulator.projection.rivals import Method
from simulator.rules import RULES
from simulator.rules.board import BOARD, RESOURCES
from simulator.rules.consolidation import KEPT, STEPS
from simulator.standards import read_standards, standards_folder
from simulator.terms import source_words

ROOT = Path(__file__).resolve().parents[1]
CATALOGUE = ROOT / "simulator" / "locale" / "en" / "LC_MESSAGES" / "simulator.po"
COMPILED = CATALOGUE.with_suffix(".mo")
KEYWORDS = {"_": None, "translate": None, "plural": (1, 1)}
_OPTIONS = {"encoding": "utf-8"}
# The catalogue carries no date of its making: the same source makes the same file.
_DATE = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
_WIDTH = 10_000


def messages() -> dict[str, list[str]]:
    """Every message a user may read → the files that say it."""
    found: dict[str, set[str]] = {}
    sources = ((f"simulator/{file}", message) for file, message in _of_source())
    for file, message in [*sources, *_of_commands(), *_of_registers()]:
        found.setdefault(_name(message), set()).add(file)
    return {message: sorted(found[message]) for message in sorted(found) if message}


def counted() -> frozenset[str]:
    """Messages about a number of things: other languages have a form for one and a form for many."""
    return frozenset(_name(message) for _file, message in _of_source() if not isinstance(message, str))


@cache
def _of_source() -> tuple[tuple[str, str | tuple[str, ...]], ...]:
    return tuple((row[0], row[2]) for row in extract_from_dir(ROOT / "simulator", keywords=KEYWORDS))


def _name(message: str | tuple[str, ...]) -> str:
    return message if isinstance(message, str) else message[0]


def _of_commands() -> Iterator[tuple[str, str]]:
    for row in extract_from_file("python", ROOT / "cli.py", keywords=KEYWORDS):
        yield "cli.py", row[1]


def _of_registers() -> Iterator[tuple[str, str]]:
    """Words that are translated where they are used, from registers and norm files."""
    for word in source_words():
        yield "simulator/terms", word
    for rule in RULES.values():
        yield "simulator/rules", rule.title
    for item in (*BOARD.values(), *RESOURCES):
        yield from (("simulator/rules", word) for word in (item.title, item.unit) if word)
    yield from (("simulator/rules", resource.short) for resource in RESOURCES)
    for flow in Flow:
        yield "simulator/projection/flows.py", flow.value
    for method in Method:
        yield "simulator/projection/rivals.py", method.value
    for contract in CONTRACTS.values():
        yield from (("simulator/inputs", word) for word in (contract.chinese, contract.row, contract.assumed))
        for column in contract.columns:
            yield from (("simulator/inputs", word) for word in (column.unit, empty_meaning(column)))
    yield from (("simulator/rules", word) for word in (*STEPS.values(), *KEPT.values()))
    for column in (column for contract in CONSOLIDATION for column in contract.columns):
        yield from (("simulator/inputs", word) for word in column.words.values())
    yield from (("simulator/inputs", word) for word in (*KIND_WORDS.values(), *DECLARATION_NOTES.values()))
    for file in sorted(standards_folder().glob("*.toml")):
        figures = read_standards(("national.toml", file.name), {}).figures.values()
        yield from (("scenarios/standards", word) for figure in figures for word in (figure.title, figure.unit))


def updated_catalogue() -> Catalog:
    """The catalogue as it should be: the messages of the source with the translations it has."""
    held, numbers = _read(), counted()
    fresh = Catalog(
        locale="en",
        header_comment="# English words of the program: listed by python -m docs.generate, translated by hand.",
        project="school-planner",
        version="0",
        msgid_bugs_address="see CONTRIBUTING",
        last_translator="The school-planner authors",
        language_team="The school-planner authors",
        fuzzy=False,
        creation_date=_DATE,
        revision_date=_DATE,
    )
    for message, files in messages().items():
        known = held.get(message)
        name: str | tuple[str, str] = (message, message) if message in numbers else message
        fresh.add(name, _translation(known, counted=message in numbers), locations=[(file, 0) for file in files])
    return fresh


def _translation(known: Message | None, *, counted: bool) -> str | tuple[str, str]:
    """What the catalogue has for a message; a form that is missing, and one that is no more asked for, is left out."""
    held = known.string if known else ""
    forms = (held, held) if isinstance(held, str) else tuple(held)
    return (forms[0] if isinstance(held, tuple) else "", forms[1]) if counted else forms[-1]


def untranslated() -> list[str]:
    """Messages without an English translation, in the catalogue as it stands."""
    return [_name(message.id) for message in updated_catalogue() if message.id and not all(_forms(message))]


def _forms(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def po_bytes() -> bytes:
    """The text of the catalogue."""
    text = io.BytesIO()
    write_po(text, updated_catalogue(), width=_WIDTH, sort_output=True, include_lineno=False)
    return text.getvalue()


def mo_bytes() -> bytes:
    """The compiled catalogue."""
    compiled = io.BytesIO()
    write_mo(compiled, updated_catalogue())
    return compiled.getvalue()


def _read() -> Catalog:
    if not CATALOGUE.is_file():
        return Catalog(locale="en")
    with CATALOGUE.open("rb") as text:
        return read_po(text, locale="en")
