"""What a norm file must say of each figure, and what is wrong where it does not."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

from simulator.language import translate as _
from simulator.standards.figure import Figure
from simulator.standards.positions import KeyPath
from simulator.standards.toml_file import Place, TomlFile, did_you_mean, key_name, said_of, shown_value
from simulator.terms import Basis, Effect, source_label

TABLES = ("title", "figures", "modules")
MODULE_KINDS = ("kindergarten", "primary", "junior", "nine_year", "senior", "partial_primary")
REQUIRED = ("title", "value", "unit", "basis", "effect", "source", "certainty")
INHERITED = ("title", "unit")
"""A file that overrides a figure need not repeat these; the rest is what makes it another figure."""
CERTAINTIES = ("A", "B", "C", "D")

Fault = tuple[Place, str]


def stray_keys(file: TomlFile) -> list[Fault]:
    """Keys and tables that no norm file has."""
    return [(file.place((key,)), said_of(key, _unknown(key, TABLES))) for key in file.data if key not in TABLES]


def figures_of(file: TomlFile, earlier: Mapping[str, Figure]) -> tuple[list[Figure], list[Fault]]:
    """The sound figures of a file, and the faults of the others.

    Parameters
    ----------
    file
        The norm file.
    earlier
        Figures of the files before it, whose title and unit need not be repeated.
    """
    tables = file.data.get("figures", {})
    if not isinstance(tables, dict):
        return [], [(file.place(("figures",)), _('figures 应为表，形如 [figures."class_size.primary"]'))]
    sound: dict[str, Figure] = {}
    faults: list[Fault] = []
    seen: set[str] = set()
    for path, table in _figure_tables(("figures",), tables):
        figure_id = ".".join(map(str, path[1:]))
        found = list(_figure_faults(file, path, table, earlier.get(figure_id)))
        if figure_id in seen:
            found.append((file.place(path), said_of(figure_id, _("写了两次"))))
        seen.add(figure_id)
        faults += found
        if not found:
            sound[figure_id] = _figure(figure_id, table, earlier.get(figure_id), file.name)
    return list(sound.values()), faults


def modules_of(file: TomlFile) -> tuple[dict[str, tuple[int, ...]], list[Fault]]:
    """The sound lists of class counts of a file, and the faults of the others."""
    table = file.data.get("modules", {})
    if not isinstance(table, dict):
        return {}, [(file.place(("modules",)), _("modules 应为表，形如 [modules]"))]
    sound: dict[str, tuple[int, ...]] = {}
    faults: list[Fault] = []
    for kind, counts in table.items():
        name, place = f"modules.{kind}{shown_value(counts)}", file.place(("modules", kind))
        if kind not in MODULE_KINDS:
            faults.append((place, said_of(f"modules.{kind}", _unknown(kind, MODULE_KINDS))))
        elif not _ascending_counts(counts):
            faults.append((place, said_of(name, _("应为由小到大的班数，形如 [12, 18, 24]"))))
        else:
            sound[kind] = tuple(counts)
    return sound, faults


def _figure_tables(path: KeyPath, tables: dict[str, Any]) -> Iterator[tuple[KeyPath, dict[str, Any]]]:
    """Figures written `[figures."a.b"]` or `[figures.a.b]`: a table with any value of its own is one."""
    for key, table in tables.items():
        inner = (*path, key)
        if not isinstance(table, dict):
            yield inner, {"value": table}
        elif table and all(isinstance(value, dict) for value in table.values()):
            yield from _figure_tables(inner, table)
        else:
            yield inner, table


def _figure(figure_id: str, table: dict[str, Any], earlier: Figure | None, file: str) -> Figure:
    return Figure(
        figure_id=figure_id,
        value=float(table["value"]),
        unit=table.get("unit", earlier.unit if earlier else ""),
        title=table.get("title", earlier.title if earlier else ""),
        basis=Basis(table["basis"]),
        effect=Effect(table["effect"]),
        source=table["source"],
        certainty=table["certainty"],
        year=table.get("year"),
        file=Path(file).name,
    )


def _figure_faults(file: TomlFile, path: KeyPath, table: dict[str, Any], earlier: Figure | None) -> Iterator[Fault]:
    name = key_name(path[1:])
    missing = [key for key in REQUIRED if key not in table and not (earlier and key in INHERITED)]
    if missing:
        what = said_of(name, _("缺少 {keys}").format(keys=_("、").join(missing)))
        yield file.place(path), what
    for key, value in table.items():
        fault = _key_fault(key, value)
        if fault:
            yield file.place((*path, key)), said_of(f"{name}.{key}{shown_value(value)}", fault)
    if table.get("effect") == Effect.RIGID and table.get("certainty") in ("C", "D"):
        what = said_of(name, _("可信度为 C、D 的数据不得定为刚性（rigid）"))
        yield file.place((*path, "effect")), what


def _key_fault(key: str, value: object) -> str:
    """What is wrong with one key of a figure, or nothing."""
    match key:
        case "value":
            return number_fault(value)
        case "basis":
            return _word_fault(value, {term.value: source_label(term) for term in Basis})
        case "effect":
            return _word_fault(value, {term.value: source_label(term) for term in Effect})
        case "certainty":
            return "" if value in CERTAINTIES else _("可信度应为 A、B、C、D 之一")
        case "year":
            return "" if isinstance(value, int) and 1949 <= value <= 2100 else _("应为四位年份")
        case "title" | "unit" | "source":
            return "" if isinstance(value, str) and value.strip() else _("应为加引号的文字，不能为空")
    return _unknown(key, (*REQUIRED, "year"))


def number_fault(value: object) -> str:
    """Why a value is no figure, or nothing."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return _("应为数字")
    return "" if math.isfinite(value) and value >= 0 else _("应为不小于 0 的数")


def _word_fault(value: object, words: dict[str, str]) -> str:
    if isinstance(value, str) and value in words:
        return ""
    listed = _("、").join(
        _("{word}（{meaning}）").format(word=word, meaning=_(chinese)) for word, chinese in words.items()
    )
    return _("应为 {words} 之一").format(words=listed)


def _unknown(word: str, known: Iterable[str]) -> str:
    return _("没有这项") + did_you_mean(word, known)


def _ascending_counts(counts: object) -> bool:
    if not isinstance(counts, list) or not counts:
        return False
    whole = all(isinstance(count, int) and not isinstance(count, bool) and count > 0 for count in counts)
    return whole and all(before < after for before, after in pairwise(counts))
