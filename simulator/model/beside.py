"""Two plans of one problem beside each other: figures, and decisions that differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from simulator.language import plural
from simulator.language import translate as _
from simulator.model.actions import actions_table
from simulator.model.extract import shortage_of
from simulator.model.goals import goal_of
from simulator.model.objective import ITEMS
from simulator.model.otherwise import Otherwise
from simulator.model.problem import Problem
from simulator.model.works import Values
from simulator.terms import Action, label

YUAN = 10_000.0
"""Of 1 万元."""
_SIZED = frozenset({Action.NEW_BUILD, Action.EXTENSION, Action.CONVERSION})


@dataclass(frozen=True)
class Figures:
    """What a plan comes to.

    Parameters
    ----------
    shortage, over_standard
        Children without a seat and pupils above the standard class, children × years.
    cost_wan
        Running cost, annuity of the capital, school buses and boarding, 万元 a year.
    mean_minutes, total_minutes
        Journeys of those who go by catchment or choice, one way: minutes a child; thousand child-minutes a day.
    moved
        Children whose catchment or school changes, over all phases.
    objective_wan
        Generalized cost, 万元 a year.
    """

    shortage: float
    over_standard: float
    cost_wan: float
    mean_minutes: float
    total_minutes: float
    moved: float
    objective_wan: float


@dataclass(frozen=True)
class Change:
    """Another decision that goes with the forced one."""

    place: str
    before: str
    after: str


def figures_of(values: Values) -> Figures:
    """What a plan comes to."""
    problem, v = values.model.problem, values.model.variables
    single = replace(problem.prices, minute=1.0, moved=1.0)
    # Each item counts in its own unit when its price is 1: child-minutes, children.
    travelling = replace(problem, prices=single, minutes=np.ones_like(problem.minutes))
    counted = replace(problem, prices=single, weights=np.ones_like(problem.weights))
    children = _sum(values, "journeys", travelling)
    minutes = _sum(values, "journeys", replace(problem, prices=single))
    money = sum(_sum(values, name, problem) for name in goal_of("cost").items) + problem.constant
    return Figures(
        shortage=float(shortage_of(values)),
        over_standard=float(sum(values.of(term) for term in (*v.over_standard.values(), *v.pool_over.values()))),
        cost_wan=money / YUAN,
        mean_minutes=minutes / children if children > 0 else 0.0,
        total_minutes=minutes / 1000,
        moved=_sum(values, "moved", counted),
        objective_wan=(sum(_sum(values, name, problem) for name in ITEMS) + problem.constant) / YUAN,
    )


def _sum(values: Values, item: str, problem: Problem) -> float:
    return float(sum(factor * values.of(term) for term, factor in ITEMS[item](problem, values.model.variables)))


def changes_between(before: Values, after: Values, way: Otherwise) -> Iterator[Change]:
    """Other sections where something else is done, and units that go elsewhere in the end."""
    problem = before.model.problem
    one, two = _done(before), _done(after)
    for code, section in enumerate(problem.sections):
        own = section.section_id
        if code not in way.sections and one[own] != two[own]:
            yield Change(_named(problem, code), one[own] or _("保留"), two[own] or _("保留"))
    schools, others = _schools(before), _schools(after)
    if way.block >= 0:
        unit = problem.units[problem.blocks[way.block].unit]
        yield Change(unit, _name(problem, schools.get(way.block)), _name(problem, others.get(way.block)))
    blocks = (schools.keys() | others.keys()) - {way.block}
    moved = {problem.blocks[block].unit for block in blocks if schools.get(block) != others.get(block)}
    if moved:
        told = plural("远期 {count} 个划片单元改划", len(moved)).format(count=len(moved))
        yield Change(_("招生范围"), "", told)


def _named(problem: Problem, code: int) -> str:
    """Name of a section, with its stage where its campus has several."""
    section = problem.sections[code]
    if len(problem.sites[section.site].sections) == 1:
        return section.name
    return _("{school}（{stage}）").format(school=section.name, stage=label(section.stage))


def _done(values: Values) -> dict[str, str]:
    """Section → what is done there, in words."""
    words: dict[str, str] = {section.section_id: "" for section in values.model.problem.sections}
    for row in actions_table(values).to_dict("records"):
        action = Action(row["action"])
        if action is Action.KEEP:
            continue
        classes = _("{classes}班").format(classes=row["classes"]) if action in _SIZED else ""
        told = _("{year}年{action}").format(year=row["year"], action=label(action)) + classes
        words[row["section_id"]] = "；".join(word for word in (words[row["section_id"]], told) if word)
    return words


def _schools(values: Values) -> dict[int, int]:
    """Whole block → its section in the last phase."""
    problem, v = values.model.problem, values.model.variables
    last = len(problem.phases) - 1
    return {
        int(problem.pair_block[pair]): int(problem.pair_section[pair])
        for (pair, phase), variable in v.assigned.items()
        if phase == last and problem.blocks[int(problem.pair_block[pair])].whole and values.whole(variable)
    }


def _name(problem: Problem, section: int | None) -> str:
    return _("没有学位") if section is None else problem.sections[section].name
