"""Places of the program that a page may point to, each found in the program's own register with the word it bears."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable
from enum import StrEnum
from functools import cache
from pathlib import Path

import typer
from babel.messages.extract import extract_from_dir

import cli
from docs.catalogue import KEYWORDS
from simulator.indicators import (
    Alerts,
    Board,
    ClassVectors,
    Closures,
    Finance,
    Indicators,
    Reach,
    Staff,
)
from simulator.inputs import check
from simulator.inputs.contracts_all import CONTRACTS
from simulator.outputs.maps.catalogue import KINDS
from simulator.outputs.word.documents import PAPERS
from simulator.rules import RULES
from simulator.rules.board import BOARD, RESOURCES
from simulator.rules.catalogue import CATALOGUE
from simulator.rules.consolidation import STEPS, VETOES
from simulator.scenario import Scenario, Settings
from simulator.scenario.explain import item_kind
from simulator.scenario.maps import MAP_CODES
from simulator.scenario.posture import postures_folder
from simulator.standards import read_standards
from simulator.terms import (
    Action,
    Affiliation,
    Conflict,
    Delivery,
    GroupKind,
    Lever,
    Nature,
    Preparation,
    SectionKind,
    Serves,
    TargetItem,
    Terrain,
    TransferReason,
    Way,
    source_label,
)

ROOT = Path(__file__).resolve().parents[1]
_WORKBOOK = ROOT / "simulator" / "outputs" / "workbook"
_FRAMES: dict[str, type] = {
    "": Indicators,
    "alerts.": Alerts,
    "board.": Board,
    "classes.": ClassVectors,
    "closures.": Closures,
    "finance.": Finance,
    "reach.": Reach,
    "staff.": Staff,
}
"""First word of an indicator → the frames that a run has under it."""
_WORDS: dict[str, type[StrEnum]] = {
    "action": Action,
    "affiliation": Affiliation,
    "conflict": Conflict,
    "delivery": Delivery,
    "group": GroupKind,
    "kind": SectionKind,
    "lever": Lever,
    "nature": Nature,
    "preparation": Preparation,
    "serves": Serves,
    "target": TargetItem,
    "terrain": Terrain,
    "transfer": TransferReason,
    "way": Way,
}


def word_of(reference: str) -> str:
    """The word of a reference such as `rule:closures_a_year`.

    Raises
    ------
    KeyError
        The program has no such place.
    """
    kind, _colon, name = reference.partition(":")
    words = places(kind)
    if name not in words:
        raise KeyError(reference)
    return words[name]


@cache
def places(kind: str) -> dict[str, str]:
    """Every place of a kind → its word; empty where its name says enough."""
    if kind in _WORDS:
        return {term.value: source_label(term) for term in _WORDS[kind]}
    return _REGISTERS[kind]()


def kinds() -> tuple[str, ...]:
    """Every kind of place."""
    return (*_WORDS, *_REGISTERS)


def _settings() -> dict[str, str]:
    """Every setting under its dotted name; lists of tables under the name of the list."""
    return dict.fromkeys(_setting_names(Scenario, ""), "")


def _setting_names(kind: type[Settings], path: str) -> Iterable[str]:
    for name, field in kind.model_fields.items():
        yield f"{path}{name}"
        inner = item_kind(field.annotation)
        if isinstance(inner, type) and issubclass(inner, Settings):
            yield from _setting_names(inner, f"{path}{name}.")


def _tables() -> dict[str, str]:
    tables = {name: contract.chinese for name, contract in CONTRACTS.items()}
    columns = {
        f"{name}.{column.name}": f"{contract.chinese}·{column.chinese}"
        for name, contract in CONTRACTS.items()
        for column in contract.columns
    }
    return tables | columns


def _indicators() -> dict[str, str]:
    return {f"{first}{field.name}": "" for first, frames in _FRAMES.items() for field in dataclasses.fields(frames)}


def _sheets() -> dict[str, str]:
    """Number of a sheet of plan.xlsx → what its tab says; several tabs of a number are joined."""
    found: dict[str, list[str]] = {}
    for _file, _line, message, *_rest in extract_from_dir(_WORKBOOK, keywords=KEYWORDS):
        numbered = re.fullmatch(r"(T\d+) (\S+)", message) if isinstance(message, str) else None
        if numbered and numbered[2] not in found.setdefault(numbered[1], []):
            found[numbered[1]].append(numbered[2])
    return {number: "、".join(words) for number, words in found.items()}


def _maps() -> dict[str, str]:
    return {code: "、".join(names) for code, names in MAP_CODES.items() if set(names) <= set(KINDS)}


def _norms() -> dict[str, str]:
    return {name: figure.title for name, figure in read_standards(("national.toml",), {}).figures.items()}


def _checks_of_inputs() -> dict[str, str]:
    own = {name for name, found in vars(check).items() if getattr(found, "__module__", "") == check.__name__}
    return dict.fromkeys(sorted(name for name in own if not name.startswith("_")), "")


def _files(folder: Path, ending: str) -> dict[str, str]:
    return {path.relative_to(folder).with_suffix("").as_posix(): "" for path in sorted(folder.rglob(f"*{ending}"))}


_REGISTERS: dict[str, Callable[[], dict[str, str]]] = {
    "setting": _settings,
    "rule": lambda: {name: rule.title for name, rule in RULES.items()},
    "check": lambda: {code: entry.title for code, entry in CATALOGUE.items()},
    "item": lambda: {name: item.title for name, item in BOARD.items()},
    "resource": lambda: {resource.code: resource.short for resource in RESOURCES},
    "veto": lambda: {name: veto.title for name, veto in VETOES.items()},
    "step": lambda: dict(STEPS),
    "norm": _norms,
    "table": _tables,
    "input_check": _checks_of_inputs,
    "indicator": _indicators,
    "sheet": _sheets,
    "map": _maps,
    "document": lambda: dict.fromkeys(PAPERS, ""),
    "command": lambda: dict.fromkeys(typer.main.get_command(cli._app()).commands, ""),  # noqa: SLF001  the commands have no other list
    "scenario": lambda: _files(ROOT / "scenarios", ".toml"),
    "posture": lambda: _files(postures_folder(), ".toml"),
    "page": lambda: _files(ROOT / "docs", ".md"),
}
