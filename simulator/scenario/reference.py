"""What is generated from the settings: defaults.toml, the JSON schema and the reference page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from simulator.scenario.base import Settings
from simulator.scenario.chain import EXTENDS
from simulator.scenario.dump import toml_key, toml_value
from simulator.scenario.explain import item_kind
from simulator.scenario.settings import Scenario

_EXTENDS_TEXT = (
    "另一个情景文件：在它的基础上只写要改的项。表逐项合并，列表整体替换。",
    "Another scenario file that this one changes: tables merge key by key, lists replace.",
)
_HEAD = (
    "#:schema schema.json",
    "# 情景的全部设置及其默认值。Every setting of a scenario with its default.",
    "# 本文件由程序生成（python -m docs.generate），请勿手改；自己的情景只写要改的项。",
)
_KINDS: dict[Any, str] = {int: "整数", float: "数", str: "文字", bool: "true、false", Path: "路径"}


def defaults_toml() -> str:
    """`scenarios/defaults.toml`: every setting with what it means, what it may be, and its default."""
    lines = [*_HEAD, "", *(f"# {text}" for text in _EXTENDS_TEXT), f'# {EXTENDS} = "other.toml"']
    groups: list[str] = []
    for name, field in Scenario.model_fields.items():
        if isinstance(kind := item_kind(field.annotation), type) and issubclass(kind, Settings):
            groups += ["", "", *_group(name, field, kind)]
        else:
            lines += ["", *_setting(name, field)]
    return "\n".join([*lines, *groups]) + "\n"


def _group(name: str, field: FieldInfo, kind: type[Settings]) -> Iterator[str]:
    """One table; a list of tables without default is shown commented."""
    yield from _comment(field)
    if get_origin(field.annotation) is tuple:
        yield f"# [[{name}]]"
        for inner, setting in kind.model_fields.items():
            yield from (line if line.startswith("#") else f"# {line}" for line in _setting(inner, setting))
        return
    yield f"[{name}]"
    lists: list[str] = []
    for inner, setting in kind.model_fields.items():
        if _is_settings_list(setting):
            lists += ["", *_list(f"{name}.{inner}", setting)]
        else:
            yield from ("", *_setting(inner, setting))
    yield from lists


def _list(name: str, field: FieldInfo) -> Iterator[str]:
    """A list of tables with its defaults, the meaning of each key above the first."""
    yield from _comment(field)
    if not field.default:
        yield f"# [[{name}]]"
        for inner, setting in item_kind(field.annotation).model_fields.items():
            yield from (line if line.startswith("#") else f"# {line}" for line in _setting(inner, setting))
    for number, item in enumerate(field.default):
        yield f"[[{name}]]"
        for inner, setting in type(item).model_fields.items():
            if number == 0:
                yield from _comment(setting)
            yield f"{inner} = {toml_value(getattr(item, inner))}"


def _setting(name: str, field: FieldInfo) -> Iterator[str]:
    yield from _comment(field)
    if field.is_required():
        yield f"# {name} =   （必填 required）"
    elif field.default is None:
        yield f"# {name} =   （默认不设 not set）"
    else:
        yield f"{name} = {toml_value(field.default)}"


def _comment(field: FieldInfo) -> Iterator[str]:
    yield from (f"# {line}" for line in (field.description or "").split("\n"))
    allowed = allowed_values(field)
    if allowed:
        yield f"# 取值：{allowed}"


def _is_settings_list(field: FieldInfo) -> bool:
    kind = item_kind(field.annotation)
    return get_origin(field.annotation) is tuple and isinstance(kind, type) and issubclass(kind, Settings)


def allowed_values(field: FieldInfo) -> str:
    """What a setting may be: its words, or its kind and range; nothing for a table."""
    return _words(field.annotation) + _range(field)


def _words(kind: Any) -> str:  # noqa: ANN401  an annotation may be anything
    arguments = get_args(kind)
    origin = get_origin(kind)
    if origin is Literal:
        return "、".join(map(str, arguments))
    if origin in {UnionType, Union}:
        return _words(next(argument for argument in arguments if argument is not type(None)))
    if origin is tuple:
        inner = _words(arguments[0])
        return f"列表（{inner}）" if inner else ""
    if origin is dict:
        return f"表（{_words(arguments[0])} → {_words(arguments[1])}）"
    if hasattr(kind, "__metadata__"):
        return _words(arguments[0])
    if isinstance(kind, type) and issubclass(kind, Enum):
        return "、".join(str(member.value) for member in kind)
    return _KINDS.get(kind, "")


def _range(field: FieldInfo) -> str:
    signs = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<"}
    limits = [
        f"{sign} {getattr(limit, name)}"
        for limit in field.metadata
        for name, sign in signs.items()
        if getattr(limit, name, None) is not None
    ]
    return f"，{'，'.join(limits)}" if limits else ""


def json_schema() -> str:
    """`scenarios/schema.json`: what an editor needs to complete and check a scenario while it is typed."""
    schema = Scenario.model_json_schema()
    required = schema.pop("required")
    extends = {"type": "string", "description": "\n".join(_EXTENDS_TEXT)}
    schema["properties"] = {EXTENDS: extends} | schema["properties"]
    schema["anyOf"] = [{"required": [EXTENDS]}, {"required": required}]
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema"} | schema
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def settings_reference() -> str:
    """Markdown page of all settings: one table a group."""
    lines = [
        "# 情景设置 Scenario settings",
        "",
        "一个情景是一个 TOML 文件；没有写的项取默认值。`extends` 在另一个情景上只改几项：表逐项合并，列表整体替换。",
        "",
        "A scenario is a TOML file; what it does not state has its default. `extends` changes another scenario.",
    ]
    single = {name: field for name, field in Scenario.model_fields.items() if not _settings_kind(field)}
    lines += ["", *_page_table(single)]
    for name, field in Scenario.model_fields.items():
        if kind := _settings_kind(field):
            header = f"[[{name}]]" if get_origin(field.annotation) is tuple else f"[{name}]"
            lines += ["", f"## `{header}`", "", *_paragraph(field), "", *_page_table(kind.model_fields)]
            for inner, setting in kind.model_fields.items():
                if _is_settings_list(setting):
                    lines += ["", f"### `[[{name}.{inner}]]`", "", *_paragraph(setting), ""]
                    lines += _page_table(item_kind(setting.annotation).model_fields)
    return "\n".join(lines) + "\n"


def _settings_kind(field: FieldInfo) -> type[Settings] | None:
    kind = item_kind(field.annotation)
    return kind if isinstance(kind, type) and issubclass(kind, Settings) else None


def _paragraph(field: FieldInfo) -> list[str]:
    return [(field.description or "").replace("\n", " ")]


def _page_table(fields: dict[str, FieldInfo]) -> list[str]:
    rows = [
        f"| `{toml_key(name)}` | {allowed_values(field)} | {_page_default(field)} | {_cell(field.description or '')} |"
        for name, field in fields.items()
    ]
    return ["| 键 key | 取值 values | 默认 default | 说明 meaning |", "|---|---|---|---|", *rows]


def _page_default(field: FieldInfo) -> str:
    if field.is_required():
        return "必填 required"
    if field.default is None:
        return "不设 not set"
    return "见下 below" if _is_settings_list(field) and field.default else f"`{toml_value(field.default)}`"


def _cell(text: str) -> str:
    first, _newline, rest = text.partition("\n")
    return f"{first}<br>{rest}".replace("\n", " ").replace("|", "\\|")
