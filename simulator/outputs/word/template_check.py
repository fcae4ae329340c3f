"""What is wrong with a planner's template, and what of the fields it leaves out: without filling it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import TemplateSyntaxError
from jinja2.sandbox import SandboxedEnvironment

from simulator.errors import InputError, Problem
from simulator.language import translate as _
from simulator.outputs.figures import figure, percent, tenth
from simulator.outputs.word.context import Context
from simulator.outputs.word.template_tags import Tags, template_tags
from simulator.outputs.word.template_types import Reader

_STATEMENT = re.compile(r"^\{%-?\s*(\w+)")
_BLOCKS = ("for", "if", "macro", "filter", "with", "call", "raw", "autoescape")
_INNER = {"elif": ("if",), "else": ("if", "for")}


@dataclass(frozen=True)
class TemplateCheck:
    """The check of a template.

    Parameters
    ----------
    problems
        Syntax errors and unknown fields, each with its place.
    used, unused
        Top-level fields that the template takes, and those that it leaves out.
    """

    problems: tuple[Problem, ...]
    used: tuple[str, ...]
    unused: tuple[str, ...]


def template_language() -> SandboxedEnvironment:
    """The language of templates: names are escaped, missing figures print as —, nothing outside the fields is reached."""
    language = SandboxedEnvironment(autoescape=True, finalize=_printed)
    language.filters |= {"percent": percent, "tenth": tenth}
    return language


def _printed(value: Any) -> Any:  # noqa: ANN401  whatever a tag gives
    return figure(value) if value is None or isinstance(value, float) else value


def check_template(path: Path) -> TemplateCheck:
    """Check a template without filling it.

    Parameters
    ----------
    path
        A Word document with tags.

    Raises
    ------
    InputError
        The file cannot be read as a Word document.
    """
    tags = template_tags(path)
    problems = [*tags.problems, *_block_problems(tags)]
    language = template_language()
    used: set[str] = set()
    if not problems:
        try:
            parsed = language.parse(tags.source())
        except TemplateSyntaxError as error:
            problems.append(_syntax_problem(tags, error))
        else:
            reader = Reader(frozenset(language.globals), frozenset(language.filters))
            reader.read(parsed)
            used = reader.used
            problems += [
                Problem(tags.place(one.line), _("没有“{field}”这个字段").format(field=one.written) + one.hint)
                for one in dict.fromkeys(reader.unknown)
            ]
    fields = tuple(Context.model_fields)
    return TemplateCheck(
        tuple(problems),
        tuple(name for name in fields if name in used),
        tuple(name for name in fields if name not in used),
    )


def refuse_faulty_template(path: Path) -> Tags:
    """The tags of a template without faults.

    Raises
    ------
    InputError
        Every fault with its place.
    """
    problems = check_template(path).problems
    if problems:
        raise InputError(template_fault_title(path), problems)
    return template_tags(path)


def template_fault_title(path: Path) -> str:
    """The title of an error about a template."""
    return _("模板 {name} 不能使用").format(name=path.name)


def _syntax_problem(tags: Tags, error: TemplateSyntaxError) -> Problem:
    return Problem(tags.place(error.lineno), _("语法错误：{message}").format(message=error.message or ""))


def _block_problems(tags: Tags) -> Iterator[Problem]:
    """Blocks that are not closed, closed without being open, or crossed."""
    opened: list[tuple[str, str]] = []
    for tag in tags.tags:
        found = _STATEMENT.match(tag.text)
        word = found[1] if found else ""
        if word in _BLOCKS:
            opened.append((word, tag.place))
        elif word in _INNER and not (opened and opened[-1][0] in _INNER[word]):
            yield Problem(tag.place, _("{word} 不在 {blocks} 之内").format(word=word, blocks="/".join(_INNER[word])))
        elif word.startswith("end") and word.removeprefix("end") in _BLOCKS:
            block = word.removeprefix("end")
            if opened and opened[-1][0] == block:
                opened.pop()
            elif opened:
                what = _("{word} 与 {place} 的 {open} 不配对").format(
                    word=word, place=opened[-1][1], open=opened[-1][0]
                )
                yield Problem(tag.place, what)
                opened.pop()
            else:
                yield Problem(tag.place, _("{word} 前面没有 {block}").format(word=word, block=block))
    for block, place in opened:
        yield Problem(place, _("{block} 没有用 end{block} 结束").format(block=block))
