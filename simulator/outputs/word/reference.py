"""The generated page of every field that a template may use."""

from __future__ import annotations

import types
from collections.abc import Iterator
from typing import Any, get_args, get_origin

from simulator.outputs.word.context import Context
from simulator.outputs.word.field import Fields

_HEAD = """\
# Fields of Word templates · 模板字段

Generated from `simulator/outputs/word`; do not edit. 由程序生成，请勿手改。

The built-in documents and a template of your own are filled from these fields: see
[Word documents](../how-to/word.md). A list is walked with `{%p for … %}` or `{%tr for … %}`; a missing figure prints
as —. Filters of our own: `percent` (0.25 → 25.0%), `tenth` (one decimal).
"""


def fields_reference() -> str:
    """Every field with its kind and meaning, group by group, the context first."""
    groups: list[type[Fields]] = [Context]
    for group in groups:
        groups += [kind for kind in _groups_of(group) if kind not in groups]
    return "\n".join([_HEAD, *(line for group in groups for line in _group(group))])


def _groups_of(group: type[Fields]) -> Iterator[type[Fields]]:
    for field in group.model_fields.values():
        kind = _inner(field.annotation)
        if isinstance(kind, type) and issubclass(kind, Fields):
            yield kind


def _inner(annotation: Any) -> Any:  # noqa: ANN401  an annotation may be anything
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is tuple:
        return _inner(arguments[0])
    return _inner(arguments[1]) if origin is dict else annotation


def _group(group: type[Fields]) -> Iterator[str]:
    yield f"## {group.__name__}\n"
    yield f"{group.__doc__}\n"
    yield "| field | kind | 说明 | meaning |"
    yield "|---|---|---|---|"
    for name, field in group.model_fields.items():
        chinese, _newline, english = (field.description or "").partition("\n")
        yield f"| `{name}` | {_kind(field.annotation)} | {chinese} | {english.replace(chr(10), ' ').strip()} |"
    yield ""


def _kind(annotation: Any) -> str:  # noqa: ANN401  an annotation may be anything
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is tuple:
        return f"list of {_kind(arguments[0])}"
    if origin is dict:
        return f"by name: {_kind(arguments[1])}"
    if isinstance(annotation, types.UnionType):
        return f"{_kind(arguments[0])} or —"
    if isinstance(annotation, type) and issubclass(annotation, Fields):
        return f"[{annotation.__name__}](#{annotation.__name__.lower()})"
    return {str: "text", int: "whole number", float: "number", bool: "yes/no"}.get(annotation, "picture")
