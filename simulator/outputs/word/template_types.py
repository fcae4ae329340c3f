"""What every expression of a template is, so that unknown fields are found without filling it."""

from __future__ import annotations

import types
from dataclasses import dataclass
from typing import Any, get_args, get_origin

from jinja2 import nodes

from simulator.language import translate as _
from simulator.outputs.word.context import Context
from simulator.outputs.word.field import Fields
from simulator.standards.toml_file import did_you_mean

_KEEPING = {"list", "sort", "reverse", "unique", "selectattr", "rejectattr", "select", "reject", "batch", "slice"}
_TAKING = {"first", "last", "random", "min", "max"}
_BY_ATTRIBUTE = {"selectattr", "rejectattr"}
_TEXT_METHODS = frozenset(dir(str))


@dataclass(frozen=True)
class Listed:
    """A list of something."""

    item: Any


@dataclass(frozen=True)
class Keyed:
    """Something under any name."""

    item: Any


@dataclass(frozen=True)
class Unknown:
    """A field that does not exist: line of the source, how it is written, the nearest that exists."""

    line: int
    written: str
    hint: str


ANYTHING = object()
"""The type of what cannot be told."""


class Reader:
    """Walks a parsed template and notes the fields it uses and those that do not exist."""

    def __init__(self, known: frozenset[str], filters: frozenset[str]) -> None:
        self.used: set[str] = set()
        self.unknown: list[Unknown] = []
        self._known, self._filters = known, filters

    def read(self, template: nodes.Template) -> None:
        """Read a whole template."""
        scope: dict[str, Any] = dict.fromkeys(self._known, ANYTHING)
        scope |= {name: kind_of(field.annotation) for name, field in Context.model_fields.items()}
        self._inside(template.body, scope)

    def _inside(self, body: list[nodes.Node], scope: dict[str, Any]) -> None:
        for node in body:
            self._statement(node, scope)

    def _statement(self, node: nodes.Node, scope: dict[str, Any]) -> None:
        if isinstance(node, nodes.For):
            listed = self._type(node.iter, scope)
            item = listed.item if isinstance(listed, Listed) else ANYTHING
            inner = scope | {"loop": ANYTHING} | _targets(node.target, item)
            if node.test is not None:
                self._type(node.test, inner)
            self._inside(node.body, inner)
            self._inside(node.else_, scope)
        elif isinstance(node, nodes.Assign):
            scope |= _targets(node.target, self._type(node.node, scope))
        elif isinstance(node, nodes.Macro | nodes.CallBlock):
            inner = scope | {argument.name: ANYTHING for argument in node.args} | {"caller": ANYTHING}
            if isinstance(node, nodes.Macro):
                scope[node.name] = ANYTHING
            self._inside(node.body, inner)
        elif isinstance(node, nodes.With):
            inner = dict(scope)
            for target, value in zip(node.targets, node.values, strict=True):
                inner |= _targets(target, self._type(value, scope))
            self._inside(node.body, inner)
        elif isinstance(node, nodes.Expr):
            self._type(node, scope)
        else:
            for child in node.iter_child_nodes():
                self._statement(child, scope)

    def _type(self, node: nodes.Node, scope: dict[str, Any]) -> Any:  # noqa: ANN401  a type, Listed, Keyed or ANYTHING
        if isinstance(node, nodes.Name):
            return self._name(node, scope)
        if isinstance(node, nodes.Getattr):
            return self._field(self._type(node.node, scope), node.attr, node)
        if isinstance(node, nodes.Getitem):
            held = self._type(node.node, scope)
            self._type(node.arg, scope)
            if isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str):
                return self._field(held, node.arg.value, node)
            return held.item if isinstance(held, Listed | Keyed) and not isinstance(node.arg, nodes.Slice) else held
        if isinstance(node, nodes.Filter):
            return self._filtered(node, scope)
        for child in node.iter_child_nodes():
            self._type(child, scope)
        return ANYTHING

    def _name(self, node: nodes.Name, scope: dict[str, Any]) -> Any:  # noqa: ANN401  as `_type`
        if node.name in Context.model_fields:
            self.used.add(node.name)
        if node.name not in scope:
            self._missing(node.lineno, node.name, did_you_mean(node.name, scope))
            return ANYTHING
        return scope[node.name]

    def _field(self, held: Any, name: str, node: nodes.Node) -> Any:  # noqa: ANN401  as `_type`
        if isinstance(held, Keyed):
            return held.item
        if isinstance(held, Listed):
            self._missing(node.lineno, name, _("；这里是列表，要用 for 循环逐项取"))
        elif isinstance(held, type) and issubclass(held, Fields):
            if name in held.model_fields:
                return kind_of(held.model_fields[name].annotation)
            self._missing(node.lineno, name, did_you_mean(name, held.model_fields))
        elif held is str and name not in _TEXT_METHODS:
            self._missing(node.lineno, name, _("；这里是文字，没有下一级字段"))
        return ANYTHING

    def _filtered(self, node: nodes.Filter, scope: dict[str, Any]) -> Any:  # noqa: ANN401  as `_type`
        held = self._type(node.node, scope) if node.node is not None else ANYTHING
        for argument in (*node.args, *(pair.value for pair in node.kwargs)):
            self._type(argument, scope)
        if node.name not in self._filters:
            self._missing(node.lineno, f"|{node.name}", did_you_mean(node.name, self._filters))
        item = held.item if isinstance(held, Listed) else ANYTHING
        named = [pair.value for pair in node.kwargs if pair.key == "attribute"]
        named += node.args[:1] if node.name in _BY_ATTRIBUTE else []
        fields = [self._field(item, one.value, node) for one in named if isinstance(one, nodes.Const)]
        if node.name in _KEEPING:
            return held
        if node.name == "map":
            return Listed(fields[0] if fields else ANYTHING)
        return item if node.name in _TAKING else ANYTHING

    def _missing(self, line: int, written: str, hint: str) -> None:
        self.unknown.append(Unknown(line, written, hint))


def _targets(target: nodes.Node, kind: Any) -> dict[str, Any]:  # noqa: ANN401  a type, Listed, Keyed or ANYTHING
    if isinstance(target, nodes.Name):
        return {target.name: kind}
    return {name.name: ANYTHING for name in target.find_all(nodes.Name)}


def kind_of(annotation: Any) -> Any:  # noqa: ANN401  an annotation may be anything
    """What a field's annotation says: fields, a list, something keyed, text, or a figure that may be missing."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is tuple:
        return Listed(kind_of(arguments[0]))
    if origin is dict:
        return Keyed(kind_of(arguments[1]))
    if isinstance(annotation, types.UnionType):
        return kind_of(next(argument for argument in arguments if argument is not types.NoneType))
    return annotation
