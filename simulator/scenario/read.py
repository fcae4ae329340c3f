"""scenario.toml → Scenario, or every mistake of it and of the files it extends at once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from simulator.errors import InputError
from simulator.language import translate as _
from simulator.rules import RULES
from simulator.scenario.chain import FIGURES, Layers, forward, read_layers
from simulator.scenario.checks import (
    Fault,
    budget_faults,
    decision_faults,
    goal_faults,
    phase_faults,
)
from simulator.scenario.consolidation import ConsolidationSettings, consolidation_faults
from simulator.scenario.explain import explain, located_message, value_at
from simulator.scenario.horizon import HorizonSettings, PhaseSettings
from simulator.scenario.maps import MAP_CODES, MAP_NAMES
from simulator.scenario.network import BudgetSettings, Decision
from simulator.scenario.posture import with_posture
from simulator.scenario.settings import Scenario
from simulator.scenario.solution import DOCUMENTS, ObjectiveSettings
from simulator.standards import own_figure_faults, read_standards, standards_folder
from simulator.standards.toml_file import did_you_mean, fault_title, located_error

Value = TypeVar("Value")
_TEMPLATE = ("outputs", "template")
FEW = 10
"""A list of known names up to this length is quoted whole in a message."""


def read_scenario(path: Path | str) -> Scenario:
    """Read a scenario with everything it extends.

    Paths in it (the district's folder, norm files that are paths) come back absolute, each relative
    to the file that names it.

    Parameters
    ----------
    path
        The TOML file.

    Raises
    ------
    InputError
        Anything wrong in the file or in a file it extends: all problems, each with file and line.
    """
    layers = with_posture(read_layers(Path(path)))
    scenario, errors = _validated(layers.data)
    faults = [explain(error, layers.data) for error in errors if error["loc"] and _is_told(error, layers)]
    spoiled = {fault_path[0] for fault_path, _what in faults}
    agreed = (*_disagreements(layers, spoiled), *_unknown_names(layers))
    faults += [(fault_path, located_message(fault_path, layers.data, what)) for fault_path, what in agreed]
    problems = [*layers.faults, *((layers.place(fault_path), what) for fault_path, what in faults)]
    if scenario is None or problems or layers.unread:
        listed = (*located_error(layers.name, problems).problems, *layers.unread)
        raise InputError(fault_title(layers.name, len(listed)), listed)
    return _with_absolute_paths(scenario, layers)


def _validated(data: dict[str, Any]) -> tuple[Scenario | None, list[Any]]:
    """The scenario, or pydantic's errors; strict, so that "2025" is no number and 1 no switch."""
    try:
        return Scenario.model_validate_json(_json(data), strict=True), []
    except ValidationError as error:
        return None, error.errors(include_url=False)


def _json(value: object) -> str:
    """TOML's dates become tables, which no setting takes in their place."""
    return json.dumps(value, default=lambda day: {"date": str(day)})


def _is_told(error: dict[str, Any], layers: Layers) -> bool:
    """What an unread file may well have said is not reported as missing."""
    return layers.is_whole or error["type"] != "missing"


def _disagreements(layers: Layers, spoiled: set[str | int]) -> Iterator[Fault]:
    """Faults between groups, as far as these are sound by themselves."""
    if "objective" not in spoiled:
        yield from goal_faults(_part(layers, "objective", ObjectiveSettings, ObjectiveSettings()))
    if not layers.is_whole or spoiled & {"horizon", "phases"}:
        return
    horizon = _part(layers, "horizon", HorizonSettings, HorizonSettings())
    phases = _part(layers, "phases", tuple[PhaseSettings, ...], ())
    found = list(phase_faults(horizon, phases))
    yield from found
    if "budget" not in spoiled and not found:
        yield from budget_faults(horizon, phases, _part(layers, "budget", BudgetSettings, BudgetSettings()))
    if "decisions" not in spoiled and not found:
        yield from decision_faults(horizon, phases, _part(layers, "decisions", tuple[Decision, ...], ()))
    if "consolidation" not in spoiled and not found:
        own = _part(layers, "consolidation", ConsolidationSettings, ConsolidationSettings())
        yield from consolidation_faults(own, horizon.base_year, horizon.target_year)


def _part(layers: Layers, name: str, kind: type[Value], default: Value) -> Value:
    if name not in layers.data:
        return default
    return TypeAdapter(kind).validate_json(_json(layers.data[name]), strict=True)


def _unknown_names(layers: Layers) -> Iterator[Fault]:
    """Rules, maps, norm files and figures that do not exist."""
    for switch in ("on", "off"):
        yield from _not_among(("rules", switch), layers, RULES, _("没有这条规则"))
    for number, name in enumerate(_words(layers, "rules", "off")):
        if name in _words(layers, "rules", "on"):
            yield ("rules", "off", number), _("同一条规则既打开又关闭")
    for setting in ("maps", "county_maps"):
        yield from _not_among(("outputs", setting), layers, (*MAP_NAMES, *MAP_CODES), _("没有这种图"))
    yield from _not_among(("outputs", "documents"), layers, DOCUMENTS, _("没有这种文件"))
    template = value_at(_TEMPLATE, layers.data)
    if isinstance(template, str) and not layers.beside(_TEMPLATE, template).is_file():
        yield _TEMPLATE, _("找不到模板文件")
    yield from _norm_faults(layers)


def _words(layers: Layers, group: str, key: str) -> list[str]:
    """A list of words as it stands; empty where it is something else, which pydantic tells."""
    words = value_at((group, key), layers.data)
    return words if isinstance(words, list) and all(isinstance(word, str) for word in words) else []


def _not_among(path: tuple[str, str], layers: Layers, known: Iterable[str], fault: str) -> Iterator[Fault]:
    names = list(known)
    for number, word in enumerate(_words(layers, *path)):
        if names and word not in names:
            near = did_you_mean(word, names)
            if not near and len(names) <= FEW:
                near = _("；可用：{names}").format(names=_("、").join(names))
            yield (*path, number), fault + near


def _norm_faults(layers: Layers) -> Iterator[Fault]:
    missing = False
    for number, written in enumerate(_words(layers, "standards", "files")):
        path = ("standards", "files", number)
        if not (standards_folder() / forward(written)).is_file() and not layers.beside(path, written).is_file():
            missing = True
            yield (
                path,
                _("找不到规范文件") + did_you_mean(written, (file.name for file in standards_folder().glob("*.toml"))),
            )
    figures = value_at(FIGURES, layers.data)
    if missing or not isinstance(figures, dict) or not figures:
        return
    # What is no number pydantic tells; faults inside a norm file its own reader tells.
    numbers = {key: value for key, value in figures.items() if type(value) in {int, float}}
    with suppress(InputError):
        for figure_id, fault in own_figure_faults(numbers, read_standards(_norm_files(layers), {}).figures):
            yield (*FIGURES, figure_id), fault


def _norm_files(layers: Layers) -> tuple[str, ...]:
    """Norm files, those of the standards folder by name, others by absolute path."""
    if not _words(layers, "standards", "files"):
        return ("national.toml",)
    return tuple(
        written
        if (standards_folder() / written).is_file() and Path(written).name == written
        else str(layers.beside(("standards", "files", number), written))
        for number, written in enumerate(_words(layers, "standards", "files"))
    )


def _with_absolute_paths(scenario: Scenario, layers: Layers) -> Scenario:
    folder = layers.beside(("district", "folder"), str(layers.data["district"]["folder"]))
    standards = scenario.standards.model_copy(update={"files": _norm_files(layers)})
    moved: dict[str, object] = {
        "district": scenario.district.model_copy(update={"folder": folder}),
        "standards": standards,
    }
    if scenario.outputs.template is not None:
        template = layers.beside(_TEMPLATE, str(scenario.outputs.template))
        moved["outputs"] = scenario.outputs.model_copy(update={"template": template})
    return scenario.model_copy(update=moved)
