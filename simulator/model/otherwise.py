"""The other way to decide at a place: what the plan does there, and what would be the opposite."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from simulator.errors import InputError
from simulator.errors import Problem as Fault
from simulator.language import translate as _
from simulator.model.problem import Problem, Requirement
from simulator.model.works import Values, rooms_added
from simulator.terms import Stage, label

# Names told where a place is not known.
_SUGGESTED = 5
# Likeness of two names from which one is suggested for the other.
_ALIKE = 0.5


@dataclass(frozen=True)
class Otherwise:
    """One decision of a plan, forced the other way.

    Parameters
    ----------
    now, instead
        What the plan does, and what is tried, in words.
    requirements
        What forces it; the first phase in which they hold may still be put off.
    sections
        Positions of the sections that it is about.
    block
        Position of the block of a unit, −1 for a school.
    refused
        Why it is not even tried; empty where it is.
    note
        What the reader has to know besides.
    """

    now: str
    instead: str
    requirements: tuple[Requirement, ...]
    sections: frozenset[int]
    block: int = -1
    refused: tuple[Fault, ...] = ()
    note: str = ""

    def since(self, phase: int) -> tuple[Requirement, ...]:
        """The requirements from a phase on."""
        return tuple(replace(entry, phase=phase) for entry in self.requirements)


def find_place(named: Mapping[str, str], place: str) -> tuple[str, str]:
    """The id of a place and its name.

    Parameters
    ----------
    named
        Id → name of every school, parcel and unit.
    place
        A school_id, parcel_id or unit_id, or the name of one.

    Raises
    ------
    InputError
        No place, or several, are called so; those with a like name are told.
    """
    if place in named:
        return place, named[place]
    found = [code for code, name in named.items() if name == place]
    if len(found) == 1:
        return found[0], place
    if found:
        what = _("有 {count} 处叫“{place}”").format(count=len(found), place=place)
        raise InputError(_("地点不明确"), [Fault(place, what, _("请写编号：{ids}").format(ids=_("、").join(found)))])
    words = [*named, *dict.fromkeys(named.values())]
    near = list(
        dict.fromkeys([*(w for w in words if place in w), *difflib.get_close_matches(place, words, _SUGGESTED, _ALIKE)])
    )
    ids = {name: code for code, name in named.items()}
    shown = [f"{word}（{ids.get(word, named.get(word))}）" for word in near[:_SUGGESTED]]
    remedy = _("相近的有：{names}").format(names=_("、").join(shown)) if shown else _("请写学校、用地或划片单元的编号")
    raise InputError(_("没有这个地点"), [Fault(place, _("不是本区的学校、教育用地或划片单元"), remedy)])


def other_ways(values: Values, place: str, kept: frozenset[int] = frozenset()) -> list[Otherwise]:
    """Every decision of a plan at a place, forced the other way.

    Parameters
    ----------
    values
        The plan.
    place
        A site_id or a unit_id.
    kept
        Sections that the scenario does not let close.
    """
    problem = values.model.problem
    for code, site in enumerate(problem.sites):
        if site.site_id == place:
            return list(_of_site(values, code, kept))
    if place not in problem.units:  # a parcel on which nothing may be built
        return []
    unit = problem.units.index(place)
    ways = [
        way
        for code, block in enumerate(problem.blocks)
        if block.unit == unit and block.whole
        for way in _of_block(values, code)
    ]
    # Lower and upper grades that go to one school are one decision.
    return list({way.sections: way for way in reversed(ways)}.values())[::-1]


def _of_site(values: Values, code: int, kept: frozenset[int]) -> Iterator[Otherwise]:
    problem = values.model.problem
    last = len(problem.phases) - 1
    v, sections = values.model.variables, problem.sites[code].sections
    runs = [s for s in sections if values.whole(v.open[s, last])]
    new = [s for s in sections if not problem.sections[s].existing]
    closed = [s for s in sections if problem.sections[s].existing and s not in runs]
    stays = [s for s in runs if problem.sections[s].existing]
    if closed:
        yield _forced(problem, code, closed, "open", _("撤并"), _("保留"))
    if new and any(s in runs for s in new):
        yield _forced(problem, code, new, "closed", _("新建"), _("不建"))
    elif new:
        yield _forced(problem, code, new, "open", _("不建"), _("新建"))
    if stays and sum(rooms_added(values, code, phase) for phase in range(last + 1)):
        yield _forced(problem, code, stays, "forbidden", _("改扩建"), _("不扩建"))
    if stays:
        yield _closed(problem, code, stays, kept)


def _closed(problem: Problem, code: int, stays: list[int], kept: frozenset[int]) -> Otherwise:
    """A school that runs, closed; where this bureau may not, why."""
    way = _forced(problem, code, stays, "closed", _("保留"), _("撤并"))
    names = "、".join(problem.sections[s].name for s in stays if not problem.sections[s].ours)
    if names:
        what = _("不由本级管理，撤并须由其主管部门决定")
        return replace(way, refused=(Fault(names, what),))
    if not kept.isdisjoint(stays):
        return replace(way, note=_("情景没有把它列为可撤并的学校；这里按可以撤并试算。"))
    return way


def _forced(problem: Problem, site: int, sections: list[int], kind: str, now: str, instead: str) -> Otherwise:
    name = problem.sites[site].name
    stages = _stages([problem.sections[s].stage for s in sections])
    source = _("试算：{place}（{stages}）{instead}").format(place=name, stages=stages, instead=instead)
    asked = tuple(Requirement("planner_decides", kind, 0, s, site, 0, source) for s in sections)
    told = _("{decision}（{stages}）")
    return Otherwise(
        told.format(decision=now, stages=stages),
        told.format(decision=instead, stages=stages),
        asked,
        frozenset(sections),
    )


def _stages(stages: list[Stage]) -> str:
    return _("、").join(dict.fromkeys(label(stage) for stage in stages))


def _of_block(values: Values, code: int) -> Iterator[Otherwise]:
    """A unit that goes elsewhere than to the school of its catchment in the last phase."""
    problem, v = values.model.problem, values.model.variables
    last, block = len(problem.phases) - 1, problem.blocks[code]
    for pair in problem.pairs_of_block(code).tolist():
        if not values.whole(v.assigned[pair, last]):
            continue
        section = int(problem.pair_section[pair])
        name, stage = problem.sections[section].name, label(block.stage)
        now = _("{stage}划入{school}").format(stage=stage, school=name)
        instead = _("{stage}不划入{school}").format(stage=stage, school=name)
        source = _("试算：{unit} {instead}").format(unit=problem.units[block.unit], instead=instead)
        entry = Requirement("planner_decides", "apart", 0, section, -1, 0, source, block.unit)
        yield Otherwise(now, instead, (entry,), frozenset({section}), code)
