"""Norm files → Standards: every fault of every file at once, later files over earlier ones."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

from simulator.errors import InputError, Problem
from simulator.language import translate as _
from simulator.standards.figure import Figure, Standards
from simulator.standards.positions import KeyPath
from simulator.standards.toml_file import (
    Place,
    TomlFile,
    did_you_mean,
    fault_title,
    key_name,
    located_error,
    read_toml,
    shown_value,
)
from simulator.terms import Basis, Effect, Stage, source_label

FROM_SCENARIO = "scenario"
"""`Figure.file` of a figure that the scenario states itself."""
OWN_SOURCE = "本情景自定"
TABLES = ("title", "figures", "modules")
MODULE_KINDS = ("kindergarten", "primary", "junior", "nine_year", "senior", "partial_primary")
REQUIRED = ("title", "value", "unit", "basis", "effect", "source", "certainty")
INHERITED = ("title", "unit")
"""A file that overrides a figure need not repeat these; the rest is what makes it another figure."""
CERTAINTIES = ("A", "B", "C", "D")
ASCENDING = (
    *((f"class_size.{stage}", f"class_size_max.{stage}") for stage in Stage),
    ("class_size.primary_partial", "class_size_max.primary_partial"),
    ("oversized.line", "oversized.extreme_line"),
    ("alert.deep_surplus", "alert.surplus", "alert.yellow", "alert.red"),
    ("utilization.low", "utilization.high"),
    ("small_school.tiny", "small_school.review"),
)
"""Figures of which none may exceed the next."""

Fault = tuple[Place, str]


def standards_folder() -> Path:
    """Folder of the norm files: `scenarios/standards` of the repository, else the copy in the package."""
    package = Path(__file__).resolve().parents[1]
    in_repository = package.parent / "scenarios" / "standards"
    return in_repository if (in_repository / "national.toml").is_file() else package / "norms"


def norm_path(file: Path | str) -> Path:
    """The norm file meant: a bare name is one of :func:`standards_folder`, anything else a path."""
    path = Path(file)
    return standards_folder() / path if path.name == str(file) else path


def read_standards(files: Iterable[Path | str], figures: Mapping[str, float]) -> Standards:
    """Read the norm figures in force.

    Parameters
    ----------
    files
        Norm files; later ones override earlier ones, figure by figure. A bare name is looked up
        in :func:`standards_folder`.
    figures
        The scenario's own figures, by id; they override the files, with basis 本地目标 and effect 自定.

    Raises
    ------
    InputError
        A file is missing or not TOML, a figure is incomplete, of an unknown basis, effect or
        certainty, or no number, or a figure of the scenario is in no file: all faults at once.
    """
    read, problems = _read_files(files)
    faults: list[Fault] = []
    in_force: dict[str, Figure] = {}
    replaced: list[tuple[Figure, Figure]] = []
    modules: dict[str, tuple[int, ...]] = {}
    for file in read:
        faults += [(file.place((key,)), _unknown(key, TABLES)) for key in file.data if key not in TABLES]
        for figure in _figures(file, in_force, faults):
            _put(figure, in_force, replaced)
        modules |= _modules(file, faults)
    faults += _own_figure_faults(figures, in_force)
    for figure_id in sorted(figures.keys() & in_force.keys()):
        _put(_own_figure(in_force[figure_id], figures[figure_id]), in_force, replaced)
    if not faults and not problems:
        faults += _out_of_order(in_force)
    _raise(faults, problems)
    return Standards(in_force, tuple(sorted(replaced, key=lambda pair: pair[0].figure_id)), modules)


def _read_files(files: Iterable[Path | str]) -> tuple[list[TomlFile], list[Problem]]:
    read: list[TomlFile] = []
    problems: list[Problem] = []
    for file in files:
        path = norm_path(file)
        if not path.is_file():
            near = did_you_mean(path.name, (known.name for known in standards_folder().glob("*.toml")))
            problems.append(Problem(str(file), _("找不到规范文件") + near))
            continue
        try:
            read.append(read_toml(path, str(file)))
        except InputError as error:
            problems += error.problems
    return read, problems


def _raise(faults: list[Fault], problems: list[Problem]) -> None:
    """Name the file in the title where only one is at fault, else on every line."""
    if not faults and not problems:
        return
    names = {place.file for place, _what in faults}
    only = names.pop() if len(names) == 1 and not problems else ""
    listed = (*problems, *located_error(only, faults).problems)
    raise InputError(fault_title(only or _("规范数据"), len(listed)), listed)


def _put(figure: Figure, in_force: dict[str, Figure], replaced: list[tuple[Figure, Figure]]) -> None:
    if figure.figure_id in in_force:
        replaced.append((in_force[figure.figure_id], figure))
    in_force[figure.figure_id] = figure


def _figures(file: TomlFile, earlier: Mapping[str, Figure], faults: list[Fault]) -> Iterator[Figure]:
    """The sound figures of a file; faults of the others are added to `faults`."""
    tables = file.data.get("figures", {})
    if not isinstance(tables, dict):
        faults.append((file.place(("figures",)), _('figures 应为表，形如 [figures."class_size.primary"]')))
        return
    seen: set[str] = set()
    for path, table in _figure_tables(("figures",), tables):
        figure_id = ".".join(map(str, path[1:]))
        found = list(_figure_faults(file, path, table, earlier.get(figure_id)))
        if figure_id in seen:
            found.append((file.place(path), _("{figure} 写了两次").format(figure=figure_id)))
        seen.add(figure_id)
        if found:
            faults += found
        else:
            yield _figure(figure_id, table, earlier.get(figure_id), file.name)


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
        file=file,
    )


def _figure_faults(file: TomlFile, path: KeyPath, table: dict[str, Any], earlier: Figure | None) -> Iterator[Fault]:
    name = key_name(path[1:])
    missing = [key for key in REQUIRED if key not in table and not (earlier and key in INHERITED)]
    if missing:
        what = _("{figure}：缺少 {keys}").format(figure=name, keys=_("、").join(missing))
        yield file.place(path), what
    for key, value in table.items():
        fault = _key_fault(key, value)
        if fault:
            yield file.place((*path, key)), f"{name}.{key}{shown_value(value)}：{fault}"
    if table.get("effect") == Effect.RIGID and table.get("certainty") in {"C", "D"}:
        what = _("{figure}：可信度为 C、D 的数据不得定为刚性（rigid）").format(figure=name)
        yield file.place((*path, "effect")), what


def _key_fault(key: str, value: object) -> str:
    """What is wrong with one key of a figure, or nothing."""
    match key:
        case "value":
            return _number_fault(value)
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
    return _unknown("", (*REQUIRED, "year"), key)


def _number_fault(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return _("应为数字")
    return "" if math.isfinite(value) and value >= 0 else _("应为不小于 0 的数")


def _word_fault(value: object, words: dict[str, str]) -> str:
    if value in words:
        return ""
    listed = _("、").join(f"{word}（{_(chinese)}）" for word, chinese in words.items())
    return _("应为 {words} 之一").format(words=listed)


def _unknown(name: str, known: Iterable[str], word: str = "") -> str:
    subject = f"{name}：" if name else ""
    return subject + _("没有这项") + did_you_mean(word or name, known)


def _modules(file: TomlFile, faults: list[Fault]) -> dict[str, tuple[int, ...]]:
    table = file.data.get("modules", {})
    if not isinstance(table, dict):
        faults.append((file.place(("modules",)), _("modules 应为表，形如 [modules]")))
        return {}
    sound: dict[str, tuple[int, ...]] = {}
    for kind, counts in table.items():
        name, place = f"modules.{kind}{shown_value(counts)}", file.place(("modules", kind))
        if kind not in MODULE_KINDS:
            faults.append((place, _unknown(f"modules.{kind}", (), "") + did_you_mean(kind, MODULE_KINDS)))
        elif not _ascending_counts(counts):
            faults.append((place, _("{name}：应为由小到大的班数，形如 [12, 18, 24]").format(name=name)))
        else:
            sound[kind] = tuple(counts)
    return sound


def _ascending_counts(counts: object) -> bool:
    if not isinstance(counts, list) or not counts:
        return False
    whole = all(isinstance(count, int) and not isinstance(count, bool) and count > 0 for count in counts)
    return whole and all(before < after for before, after in pairwise(counts))


def _own_figure(earlier: Figure, value: float) -> Figure:
    """The planner's own value: a local target that the planner answers for."""
    return Figure(
        figure_id=earlier.figure_id,
        value=float(value),
        unit=earlier.unit,
        title=earlier.title,
        basis=Basis.LOCAL,
        effect=Effect.OWN,
        source=OWN_SOURCE,
        certainty="A",
        year=None,
        file=FROM_SCENARIO,
    )


def _own_figure_faults(figures: Mapping[str, float], known: Mapping[str, Figure]) -> Iterator[Fault]:
    """Figures of the scenario that no norm file has, or that are no numbers."""
    place = Place(_("情景文件"))
    for figure_id, value in figures.items():
        name = f"standards.figures.{figure_id}{shown_value(value)}"
        if figure_id not in known:
            yield place, name + _("：规范文件中没有这项数据") + did_you_mean(figure_id, known)
        elif fault := _number_fault(value):
            yield place, f"{name}：{fault}"


def _out_of_order(figures: Mapping[str, Figure]) -> Iterator[Fault]:
    for chain in ASCENDING:
        for low, high in pairwise(figure_id for figure_id in chain if figure_id in figures):
            if figures[low].value > figures[high].value:
                what = _("{low} = {low_value:g} 大于 {high} = {high_value:g}").format(
                    low=low, low_value=figures[low].value, high=high, high_value=figures[high].value
                )
                yield Place(figures[low].file), what
