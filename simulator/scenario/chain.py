"""A scenario file and the files it extends, laid over one another, each value with its place."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simulator.errors import InputError, Problem
from simulator.language import translate as _
from simulator.standards.positions import KeyPath
from simulator.standards.toml_file import (
    Place,
    TomlFile,
    did_you_mean,
    nearest_place,
    read_toml,
    said_of,
    shown_value,
)

EXTENDS = "extends"
FIGURES = ("standards", "figures")


@dataclass(frozen=True)
class Layers:
    """What a scenario says once everything it extends is laid under it.

    Parameters
    ----------
    name
        The scenario file as the user names it.
    data
        Tables merged key by key; arrays and single values of the upper file replace the lower one's.
    places
        File, line and column of every value that is in force.
    faults
        What is wrong with the chain itself, each with its place.
    unread
        Problems of extended files that could not be read; their settings are then unknown.
    """

    name: str
    data: dict[str, Any]
    places: dict[KeyPath, Place]
    faults: tuple[tuple[Place, str], ...] = ()
    unread: tuple[Problem, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether every file of the chain was read."""
        return not self.faults and not self.unread

    def place(self, path: KeyPath) -> Place:
        """Place of the key, or of the nearest table around it, or the scenario file."""
        return nearest_place(self.places, path, Place(self.name))

    def beside(self, path: KeyPath, written: str) -> Path:
        """Absolute path of a path written at this key: relative to the file that names it."""
        return (Path(self.place(path).file).parent / forward(written)).resolve()


def forward(written: str) -> str:
    r"""A path with the separators that every system reads.

    >>> forward("..\\geodata\\town")
    '../geodata/town'
    """
    return written.replace("\\", "/")


def read_layers(path: Path) -> Layers:
    """Read a scenario file and, recursively, what it extends.

    Raises
    ------
    InputError
        The scenario file itself cannot be read or is not TOML.
    """
    return _with_base(_top(read_toml(path)), (path.resolve(),))


def _top(file: TomlFile) -> Layers:
    """One file, with figures written `class_size.primary` or `"class_size.primary"` brought to one form."""
    data = dict(file.data)
    places = {
        (*FIGURES, ".".join(map(str, path[2:]))) if path[:2] == FIGURES and len(path) > 2 else path: place
        for path, place in file.places.items()
    }
    standards = data.get("standards")
    if isinstance(standards, dict) and isinstance(standards.get("figures"), dict):
        data["standards"] = standards | {"figures": _flat(standards["figures"])}
    return Layers(file.name, data, places)


def _flat(tables: Mapping[str, Any], before: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in tables.items():
        flat |= _flat(value, f"{before}{key}.") if isinstance(value, dict) else {f"{before}{key}": value}
    return flat


def _with_base(top: Layers, chain: tuple[Path, ...]) -> Layers:
    """The file laid over what it extends; `chain` holds the files above, itself last."""
    if EXTENDS not in top.data:
        return top
    written = top.data[EXTENDS]
    rest = Layers(top.name, {key: value for key, value in top.data.items() if key != EXTENDS}, top.places)
    path = Path(os.path.normpath(Path(top.name).parent / forward(written))) if isinstance(written, str) else None
    fault = _fault(written, path, chain)
    if fault or path is None:
        return Layers(top.name, rest.data, rest.places, ((top.place((EXTENDS,)), fault),))
    try:
        base = _with_base(_top(read_toml(path)), (*chain, path.resolve()))
    except InputError as error:
        return Layers(top.name, rest.data, rest.places, (), error.problems)
    return over(base, rest)


def _fault(written: object, path: Path | None, chain: tuple[Path, ...]) -> str:
    """What is wrong with an `extends`, or nothing."""
    name = f"{EXTENDS}{shown_value(written)}"
    if path is None or not written:
        return said_of(name, _("应为加引号的文件名"))
    if path.resolve() in chain:
        loop = [*chain[chain.index(path.resolve()) :], path.resolve()]
        return said_of(name, _("循环引用（{chain}）").format(chain=" → ".join(file.name for file in loop)))
    if not path.is_file():
        near = did_you_mean(path.name, (file.name for file in path.parent.glob("*.toml")))
        missing = _("找不到 {file}（{chain}）").format(
            file=path, chain=" → ".join([*(file.name for file in chain), path.name])
        )
        return said_of(name, missing + near)
    return ""


def over(below: Layers, above: Layers) -> Layers:
    """One layer laid over another: tables merge key by key, all else of the upper one replaces the lower one's."""
    kept = {path: place for path, place in below.places.items() if not _is_replaced(path, above.data)}
    return Layers(above.name, _merged(below.data, above.data), kept | above.places, below.faults, below.unread)


def _merged(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        under = below.get(key)
        both = isinstance(value, dict) and isinstance(under, dict)
        merged[key] = _merged(under, value) if both else value  # type: ignore[arg-type]  # both are tables here
    return merged


def _is_replaced(path: KeyPath, above: dict[str, Any]) -> bool:
    """Whether the upper file puts something of its own where this path leads."""
    value: Any = above
    for part in path:
        if not isinstance(value, dict):
            return True
        if part not in value:
            return False
        value = value[part]
    return True
