"""Norm files → Standards: every fault of every file at once, later files over earlier ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path

from simulator.errors import InputError, Problem
from simulator.language import translate as _
from simulator.standards.contract import Fault, figures_of, modules_of, number_fault, stray_keys
from simulator.standards.figure import Figure, Standards
from simulator.standards.toml_file import (
    Place,
    TomlFile,
    did_you_mean,
    fault_title,
    located_error,
    read_toml,
    said_of,
    shown_value,
)
from simulator.terms import Basis, Effect, Stage

FROM_SCENARIO = "scenario"
"""`Figure.file` of a figure that the scenario states itself."""
OWN_SOURCE = "本情景自定"
ASCENDING = (
    *((f"class_size.{stage}", f"class_size_max.{stage}") for stage in Stage),
    ("class_size.primary_partial", "class_size_max.primary_partial"),
    ("oversized.line", "oversized.extreme_line"),
    ("alert.deep_surplus", "alert.surplus", "alert.yellow", "alert.red"),
    ("utilization.low", "utilization.high"),
    ("small_school.tiny", "small_school.review"),
)
"""Figures of which none may exceed the next."""


def standards_folder() -> Path:
    """Folder of the norm files: `scenarios/standards` of the repository, else the copy in the package."""
    package = Path(__file__).resolve().parents[1]
    in_repository = package.parent / "scenarios" / "standards"
    return in_repository if (in_repository / "national.toml").is_file() else package / "norms"


def norm_path(file: Path | str) -> Path:
    """The norm file meant: a bare name is one of :func:`standards_folder` if that has it, else a path."""
    path = Path(file)
    known = standards_folder() / path
    return known if path.name == str(file) and known.is_file() else path


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
        found, figure_faults = figures_of(file, in_force)
        counts, module_faults = modules_of(file)
        replaced += _pairs(in_force, found)
        in_force |= {figure.figure_id: figure for figure in found}
        modules |= counts
        faults += [*stray_keys(file), *figure_faults, *module_faults]
    _raise([*faults, *_order_faults(in_force, read), *_own_faults(figures, in_force)], problems)
    own = [_own_figure(in_force[figure_id], value) for figure_id, value in figures.items()]
    replaced += _pairs(in_force, own)
    in_force |= {figure.figure_id: figure for figure in own}
    return Standards(in_force, tuple(sorted(replaced, key=lambda pair: pair[0].figure_id)), modules)


def _pairs(earlier: Mapping[str, Figure], later: Iterable[Figure]) -> list[tuple[Figure, Figure]]:
    """(earlier, in force) of the figures that a later file replaces."""
    return [(earlier[figure.figure_id], figure) for figure in later if figure.figure_id in earlier]


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


def own_figure_faults(figures: Mapping[str, float], known: Mapping[str, Figure]) -> Iterator[tuple[str, str]]:
    """What is wrong with the scenario's own figures: id, fault.

    A figure must be in a norm file, be a number, and leave the figures of :data:`ASCENDING` in order.
    """
    for figure_id, value in figures.items():
        if figure_id not in known:
            yield figure_id, _("规范文件中没有这项数据") + did_you_mean(figure_id, known)
        elif fault := number_fault(value):
            yield figure_id, fault
    sound = {figure_id: value for figure_id, value in figures.items() if not number_fault(value)}
    values = {figure_id: figure.value for figure_id, figure in known.items()} | sound
    yield from _out_of_order(values, dict.fromkeys(sound, 1))


def _own_faults(figures: Mapping[str, float], known: Mapping[str, Figure]) -> Iterator[Fault]:
    """The same, for a caller who only has the figures: the scenario's reader knows their lines."""
    for figure_id, fault in own_figure_faults(figures, known):
        name = f"standards.figures.{figure_id}{shown_value(figures[figure_id])}"
        yield Place(_("情景文件")), said_of(name, fault)


def _order_faults(figures: Mapping[str, Figure], read: list[TomlFile]) -> Iterator[Fault]:
    """Figures of the files that exceed the one they may not exceed, told of the later file."""
    numbers = {Path(file.name).name: number for number, file in enumerate(read)}
    files = {Path(file.name).name: file for file in read}
    ranks = {figure_id: numbers[figure.file] for figure_id, figure in figures.items()}
    values = {figure_id: figure.value for figure_id, figure in figures.items()}
    for figure_id, fault in _out_of_order(values, ranks):
        file = files[figures[figure_id].file]
        quoted = file.places.get(("figures", figure_id))
        place = quoted or file.place(("figures", *figure_id.split(".")))
        yield place, said_of(f"{figure_id} = {values[figure_id]:g}", fault)


def _out_of_order(values: Mapping[str, float], ranks: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """Pairs of :data:`ASCENDING` the wrong way round, told of the figure of the higher rank."""
    for chain in ASCENDING:
        for low, high in pairwise(figure_id for figure_id in chain if figure_id in values):
            if values[low] <= values[high] or not {low, high} & ranks.keys():
                continue
            if ranks.get(low, -1) >= ranks.get(high, -1):
                yield low, _("大于 {figure} = {value:g}").format(figure=high, value=values[high])
            else:
                yield high, _("小于 {figure} = {value:g}").format(figure=low, value=values[low])
