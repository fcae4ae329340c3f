"""What pydantic finds wrong with a scenario, in the words of a planner."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from simulator.language import Language, current_language
from simulator.language import translate as _
from simulator.scenario.chain import EXTENDS
from simulator.scenario.settings import Scenario
from simulator.standards.positions import KeyPath
from simulator.standards.toml_file import did_you_mean, key_name, said_of, shown_value


def explain(error: ErrorDetails, data: dict[str, Any]) -> tuple[KeyPath, str]:
    """The setting that an error is about, and the message that names it, its value and the fault.

    Parameters
    ----------
    error
        One entry of `ValidationError.errors()`.
    data
        The tables that were validated, for the value as it was written.
    """
    path: KeyPath = tuple(part for part in error["loc"] if part != "[key]")
    context = error.get("ctx", {})
    match error["type"]:
        case "setting":
            path = (*path, context["field"])
            fault = context["fault"]
        case "missing":
            fault = _("缺少这一项（{meaning}）").format(meaning=_meaning(path))
        case "extra_forbidden":
            fault = _("没有这项设置") + _nearest(path)
        case "enum" | "literal_error":
            word, allowed = path[-1] if "[key]" in error["loc"] else error["input"], _allowed(context)
            fault = _("应为 {words} 之一").format(words=_("、").join(allowed)) + did_you_mean(str(word), allowed)
        case "int_parsing":
            fault = _("等号左边应为整数")
        case kind:
            fault = _type_fault(kind, context, error["input"], path)
    return path, located_message(path, data, fault)


def located_message(path: KeyPath, data: dict[str, Any], fault: str) -> str:
    """`key = value：fault`, the value as it was written."""
    return said_of(f"{key_name(path)}{shown_value(value_at(path, data))}", fault)


def value_at(path: KeyPath, data: Any) -> Any:  # noqa: ANN401  whatever TOML holds there
    """The value that a path leads to; an empty table where it leads nowhere."""
    for part in path:
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            return {}
    return data


def _type_fault(kind: str, context: dict[str, Any], given: object, path: KeyPath) -> str:
    faults = {
        "int_type": _("应为整数"),
        "int_from_float": _("应为整数"),
        "int_parsing_size": _("数字太大"),
        "float_type": _("应为数字"),
        "finite_number": _("应为有限的数"),
        "string_type": _("应为加引号的文字"),
        "path_type": _("应为加引号的路径"),
        "bool_type": _("应为 true 或 false"),
        "string_too_short": _("不能为空"),
        "tuple_type": _("应为方括号中的若干项"),
        "dict_type": _("应为表，形如 [{name}]").format(name=key_name(path)),
        "model_type": _("应为表，形如 [{name}]").format(name=key_name(path)),
        "greater_than": _("应大于 {limit}").format(limit=_plain(context.get("gt"))),
        "greater_than_equal": _("不能小于 {limit}").format(limit=_plain(context.get("ge"))),
        "less_than": _("应小于 {limit}").format(limit=_plain(context.get("lt"))),
        "less_than_equal": _("不能大于 {limit}").format(limit=_plain(context.get("le"))),
    }
    if kind == "tuple_type" and isinstance(given, dict):
        return _("这里可以有若干项，每一项的表名写成双方括号 [[{name}]]").format(name=key_name(path))
    return faults.get(kind, _("不能用这个值"))


def _plain(limit: object) -> str:
    return f"{limit:g}" if isinstance(limit, float) else str(limit)


def _allowed(context: dict[str, Any]) -> list[str]:
    return re.findall(r"'([^']*)'", str(context.get("expected", "")))


def _meaning(path: KeyPath) -> str:
    """The field's own documentation: its first line is Chinese, the rest English."""
    field = fields_at(path[:-1]).get(str(path[-1]))
    chinese, _line, english = ((field.description if field else None) or "").partition("\n")
    return chinese.rstrip("。") if current_language() is Language.ZH else english.rstrip(".").replace("\n", " ")


def _nearest(path: KeyPath) -> str:
    """A known setting of the same table, else the same word in another table."""
    word, siblings = str(path[-1]), list(fields_at(path[:-1]))
    if len(path) == 1:
        siblings.append(EXTENDS)
    near = did_you_mean(word, siblings)
    if near:
        return near
    elsewhere = [name for name in every_setting() if name.rsplit(".", 1)[-1] == word]
    return did_you_mean(elsewhere[0], elsewhere) if elsewhere else ""


def fields_at(path: KeyPath) -> dict[str, Any]:
    """Fields of the table that a path leads to; none where it is a table of free keys."""
    kind: Any = Scenario
    for part in path:
        if isinstance(part, str):
            field = kind.model_fields.get(part) if isinstance(kind, type) and issubclass(kind, BaseModel) else None
            kind = item_kind(field.annotation) if field else None
    return dict(kind.model_fields) if isinstance(kind, type) and issubclass(kind, BaseModel) else {}


def item_kind(annotation: Any) -> Any:  # noqa: ANN401  an annotation may be anything
    """The type of one item of a tuple of settings, else the type itself."""
    return get_args(annotation)[0] if get_origin(annotation) is tuple else annotation


def every_setting() -> Iterator[str]:
    """Dotted name of every setting of the first two levels."""
    for name, field in Scenario.model_fields.items():
        yield name
        yield from (f"{name}.{inner}" for inner in fields_at((name,)) if field.annotation is not None)
