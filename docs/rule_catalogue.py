"""The page of the catalogue of checks: each with its basis, its effect and where it lives."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.rules import RULES
from simulator.rules.board import BOARD
from simulator.rules.catalogue import CATALOGUE, Entry, Home, HomeKind
from simulator.standards import Figure, read_standards
from simulator.terms import label

_HEAD = """\
# Catalogue of checks · 校核目录

Generated from `simulator/rules/catalogue.py`; do not edit. 由程序生成，请勿手改。

Every check that a layout plan is judged by, with the place in the program that carries it out: a **rule** of the
[register](rules.md), which the audit checks of every plan, an **item** of the [evaluation board](../how-to/balance.md), a
**table** of the result, a check of the inputs, a setting, or a norm figure. 法律法规 and 规范性文件 are told apart from evaluations;
rigid rules fail a plan, evaluations and reminders are listed.

| code | check | where it lives | basis · effect | note |
|---|---|---|---|---|
"""
_WORDS = {
    HomeKind.RULE: "rule",
    HomeKind.ITEM: "item",
    HomeKind.TABLE: "table",
    HomeKind.INPUT_CHECK: "input check",
    HomeKind.SETTING: "setting",
    HomeKind.FIGURE: "figure",
}


def catalogue_page() -> str:
    """Every entry as a row."""
    figures = read_standards(("national.toml",), {}).figures
    return _HEAD + "\n".join(_row(entry, figures) for entry in CATALOGUE.values()) + "\n"


def _row(entry: Entry, figures: dict[str, Figure]) -> str:
    homes = "<br>".join(_home(home) for home in entry.homes) or "—"
    bases = "<br>".join(dict.fromkeys(basis for home in entry.homes for basis in _bases(home, figures))) or "—"
    return f"| {entry.code} | {entry.title} | {homes} | {bases} | {entry.note} |"


def _home(home: Home) -> str:
    return f"{_WORDS[home.kind]} `{home.name}`"


def _bases(home: Home, figures: dict[str, Figure]) -> Iterator[str]:
    """Basis and effect of a home, where it has some."""
    if home.kind is HomeKind.RULE:
        rule = RULES[home.name]
        yield f"{label(rule.basis)} · {label(rule.effect)}"
    figure = BOARD[home.name].norm if home.kind is HomeKind.ITEM else home.name
    if home.kind in {HomeKind.ITEM, HomeKind.FIGURE} and figure in figures:
        yield f"{label(figures[figure].basis)} · {label(figures[figure].effect)}"
