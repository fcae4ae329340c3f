"""Scenario → TOML: the resolved scenario that a result folder keeps."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any

from simulator.scenario.base import Settings
from simulator.scenario.settings import Scenario


def scenario_toml(scenario: Scenario, relative_to: Path | None = None) -> str:
    """The resolved scenario as TOML: every setting, in the order of the reference; read back it is the same.

    Parameters
    ----------
    scenario
        What was read.
    relative_to
        The folder that the text is written into: paths are then written relative to it, so that the
        text is the same wherever the project stands.
    """
    moved = scenario if relative_to is None else _moved(scenario, relative_to)
    return "\n".join(_table((), moved)) + "\n"


def toml_value(value: object) -> str:
    """A value as TOML writes it.

    >>> toml_value((1, 2.5, "甲", True))
    '[1, 2.5, "甲", true]'
    """
    if isinstance(value, Enum):
        return toml_value(value.value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, Path):
        return toml_value(value.as_posix())
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(toml_value, value))}]"
    if isinstance(value, dict):
        pairs = ", ".join(f"{toml_key(str(key))} = {toml_value(item)}" for key, item in value.items())
        return f"{{ {pairs} }}" if pairs else "{}"
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")


def toml_key(key: str) -> str:
    """A key, quoted where TOML asks for it.

    >>> toml_key("class_size.primary")
    '"class_size.primary"'
    """
    is_bare = key.isascii() and key.replace("_", "").replace("-", "").isalnum()
    return key if is_bare else json.dumps(key, ensure_ascii=False).replace("\x7f", "\\u007f")


def is_table_list(value: object) -> bool:
    """Whether a value is written as `[[tables]]`."""
    return isinstance(value, tuple) and bool(value) and isinstance(value[0], Settings)


def _table(path: tuple[str, ...], settings: Settings) -> Iterator[str]:
    """Lines of one table: its own values first, then its tables."""
    values: dict[str, Any] = {name: getattr(settings, name) for name in type(settings).model_fields}
    tables = {
        name: value for name, value in values.items() if isinstance(value, Settings | dict) or is_table_list(value)
    }
    for name, value in values.items():
        if name not in tables and value is not None:
            yield f"{name} = {toml_value(value)}"
    for name, value in tables.items():
        inner = (*path, name)
        header = ".".join(map(toml_key, inner))
        for item in value if isinstance(value, tuple) else (value,):
            yield ""
            yield f"[[{header}]]" if isinstance(value, tuple) else f"[{header}]"
            if isinstance(item, Settings):
                yield from _table(inner, item)
            else:
                yield from (f"{toml_key(str(key))} = {toml_value(item[key])}" for key in item)


def _moved(scenario: Scenario, folder: Path) -> Scenario:
    """The scenario with its paths relative to a folder, with forward slashes."""
    files = tuple(
        file if Path(file).name == file else _relative(Path(file), folder) for file in scenario.standards.files
    )
    district = scenario.district.model_copy(update={"folder": Path(_relative(scenario.district.folder, folder))})
    standards = scenario.standards.model_copy(update={"files": files})
    template = scenario.outputs.template
    outputs = scenario.outputs
    if template is not None:
        outputs = outputs.model_copy(update={"template": Path(_relative(template, folder))})
    return scenario.model_copy(update={"district": district, "standards": standards, "outputs": outputs})


def _relative(path: Path, folder: Path) -> str:
    """The way from a folder to a path; absolute where there is none (another drive)."""
    try:
        way = Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()
    except ValueError:
        return path.resolve().as_posix()
    return way if "/" in way else f"./{way}"
