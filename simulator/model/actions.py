"""规划举措 of a solution, with size, capital and reason."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from simulator.language import translate as _
from simulator.model.problem import Requirement
from simulator.model.works import (
    Values,
    added_by_section,
    built,
    classes_of,
    converted_into,
    extra_of,
    rooms_added,
)
from simulator.plan import ACTION_COLUMNS
from simulator.terms import Action

_ASKED_BY = {
    Action.NEW_BUILD: "open",
    Action.CONSOLIDATION: "closed",
    Action.STOP_SECTION: "closed",
    Action.EXTENSION: "rooms",
    Action.CONVERSION: "converted",
}


def actions_table(values: Values) -> pd.DataFrame:
    """One row an action: columns of `Plan.actions`; `keep` in phase 0 where nothing happens to a section."""
    problem = values.model.problem
    added = {key: rooms for site in range(len(problem.sites)) for key, rooms in added_by_section(values, site).items()}
    rows = [
        _row(values, added, code, phase, action)
        for code in range(len(problem.sections))
        for phase, action in _actions_of(values, added, code)
    ]
    return pd.DataFrame(rows, columns=ACTION_COLUMNS)


def _actions_of(values: Values, added: dict[tuple[int, int], int], code: int) -> list[tuple[int, Action]]:
    problem, v = values.model.problem, values.model.variables
    section = problem.sections[code]
    found: list[tuple[int, Action]] = []
    before = int(section.existing)
    for phase in range(len(problem.phases)):
        now = values.whole(v.open[code, phase])
        if now > before:
            found.append((phase, Action.NEW_BUILD))
        elif now < before:
            others = (s for s in problem.sites[section.site].sections if s != code)
            alone = not any(values.whole(v.open[s, phase]) for s in others)
            found.append((phase, Action.CONSOLIDATION if alone else Action.STOP_SECTION))
        if added.get((code, phase)):
            found.append((phase, Action.EXTENSION))
        if converted_into(values, code, phase):
            found.append((phase, Action.CONVERSION))
        before = now
    return found or ([(-1, Action.KEEP)] if section.existing else [])


def _row(
    values: Values, added: dict[tuple[int, int], int], code: int, phase: int, action: Action
) -> tuple[object, ...]:
    problem = values.model.problem
    section = problem.sections[code]
    site = problem.sites[section.site]
    year = problem.phases[phase].first_year if phase >= 0 else problem.base_year
    wan, module, classes = 0.0, "", section.classes
    if action is Action.NEW_BUILD:
        chosen = [site.modules[k] for k in built(values, section.site, phase)]
        module, classes = "+".join(m.label for m in chosen), sum(m.classes.get(code, 0) for m in chosen)
        # The capital of a school with several stages stands once, at its first section.
        wan = sum(m.capital_wan for m in chosen) if site.sections[0] == code else 0.0
    elif action is Action.EXTENSION:
        classes = added[code, phase]
        first = next(s for s in site.sections if added.get((s, phase)))
        wan = classes * site.room_capital_wan + (extra_of(values, section.site, phase) if first == code else 0.0)
    elif action is Action.CONVERSION:
        classes = converted_into(values, code, phase)
        first = next(s for s in site.sections if converted_into(values, s, phase))
        alone = first == code and not rooms_added(values, section.site, phase)
        wan = classes * problem.prices.conversion_room_wan
        wan += extra_of(values, section.site, phase) if alone else 0.0
    where = (site.site_id, section.section_id, section.stage.value, action.value, phase + 1, year)
    return (*where, classes, module, wan, _reason(values, code, phase, action), "")


def _reason(values: Values, code: int, phase: int, action: Action) -> str:
    """Why: what was decided, else the children who come to the section from this phase on, or leave it."""
    problem, v = values.model.problem, values.model.variables
    if action is Action.KEEP:
        return ""
    asked = next(_asked(values, code, phase, action), None)
    if asked is not None:
        return asked.source
    section, start = problem.sections[code], problem.phases[phase].years[0]
    year = problem.years[start]
    pairs = problem.pairs_of_section(code).tolist()
    children = {pair: float(problem.children[problem.pair_block[pair], start]) for pair in pairs}
    if action in (Action.CONSOLIDATION, Action.STOP_SECTION):
        if not all(problem.blocks[int(problem.pair_block[pair])].whole for pair in pairs):
            return _("{year}年起儿童就近选择周边学校").format(year=year)
        here = sum(float(problem.today[pair]) * count for pair, count in children.items())
        return _("{year}年原招生范围内仅 {children} 人，学位由周边学校承接").format(year=year, children=round(here))
    if section.pool:
        seats = round(classes_of(values, code, phase) * section.class_size)
        return _("{year}年起提供学位 {seats} 个").format(year=year, seats=seats)
    coming = sum(values.of(v.assigned[pair, phase]) * count for pair, count in children.items())
    return _("{year}年起服务 {children} 人").format(year=year, children=round(coming))


def _asked(values: Values, code: int, phase: int, action: Action) -> Iterator[Requirement]:
    """Works and decisions that ask for the action; rooms only as far as they were not there before."""
    problem = values.model.problem
    site = problem.sections[code].site
    before = sum(rooms_added(values, site, p) for p in range(phase))
    for entry in problem.requirements:
        here = entry.section == code or (entry.section < 0 and entry.site == site)
        done = entry.kind == "rooms" and entry.amount <= before
        if entry.kind == _ASKED_BY[action] and here and not done:
            yield entry
