"""Sentences of documents: careful about none, one and many."""

from __future__ import annotations

from collections.abc import Sequence

from simulator.language import translate as _
from simulator.outputs.projects import named
from simulator.outputs.projects import total_words as works_words
from simulator.outputs.word.context_places import Project

_MANY = 30


def total_words(projects: Sequence[Project]) -> str:
    """How many projects, seats and 万元, without what is nought."""
    return works_words(len(projects), sum(one.seats for one in projects), sum(one.capital for one in projects))


def works_by_action(projects: Sequence[Project]) -> tuple[str, ...]:
    """A sentence an action: how many, which ones with year and size, how many seats for how much."""
    lines = []
    for action in dict.fromkeys(project.action for project in projects):
        own = [project for project in projects if project.action == action]
        names = [_("{name}（{year}年，{scale}）").format(name=one.name, year=one.year, scale=one.scale) for one in own]
        lines.append(
            _("{action}：{names}。{total}").format(action=action, names=named(names, _MANY), total=total_words(own))
        )
    return tuple(lines)


def plain_lines(lines: Sequence[str]) -> tuple[str, ...]:
    """Lines of the summary without the marks of a list."""
    return tuple(line.removeprefix("- ") for line in lines)
