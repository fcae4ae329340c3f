"""Sentences of documents: careful about none, one and many."""

from __future__ import annotations

from collections.abc import Sequence

from simulator.language import translate as _
from simulator.outputs.word.context_places import Project

_FEW, _MANY = 8, 30


def named(names: Sequence[str], few: int = _FEW) -> str:
    """Different names in order, the first few of many.

    >>> named(["甲", "乙", "甲"]), named(["甲", "乙", "丙"], few=2)
    ('甲、乙', '甲、乙等')
    """
    once = list(dict.fromkeys(names))
    words = _("、").join(once[:few])
    return words if len(once) <= few else _("{names}等").format(names=words)


def total_words(projects: Sequence[Project]) -> str:
    """How many projects, seats and 万元, without what is nought."""
    parts = [_("共 {count} 项").format(count=len(projects))]
    seats, capital = sum(one.seats for one in projects), sum(one.capital for one in projects)
    if seats:
        parts.append(_("学位 {count} 个").format(count=seats))
    if capital >= 1:
        parts.append(_("投资 {count} 万元").format(count=f"{capital:.0f}"))
    return _("{words}。").format(words=_("，").join(parts))


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
