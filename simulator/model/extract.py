"""Values of the decisions → the plan's tables."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from simulator.language import translate as _
from simulator.model.constraints.timing import spending
from simulator.model.declare import Model
from simulator.model.objective import ITEMS
from simulator.model.problem import Problem, Section
from simulator.model.variables import Term, Variables
from simulator.plan import Plan, Solution, present_sections, today_catchments
from simulator.terms import Action, Band

# A decision below this is rounding of the solver, not a decision.
_NOTHING = 1e-6


@dataclass(frozen=True)
class Values:
    """A solution, asked by decision."""

    model: Model
    by_name: dict[str, float]

    def of(self, term: Term) -> float:
        """Value of a decision, or the number it already is."""
        return float(term) if isinstance(term, int) else self.by_name[term.name]

    def whole(self, term: Term) -> int:
        """The same, of a whole-number decision."""
        return round(self.of(term))


def extract_plan(values: Values, solution: Solution, today: Plan) -> Plan:
    """The plan's tables; phase 0 is the present network's."""
    problem, v = values.model.problem, values.model.variables
    sections = pd.concat([present_sections(today), _sections(values)], ignore_index=True)
    catchments = pd.concat([today_catchments(today), _catchments(problem, v, values)], ignore_index=True)
    return Plan(
        network="plan",
        sections=sections,
        catchments=catchments,
        shortage=_shortage(problem, v, values),
        actions=_actions(values),
        capital=_capital(values),
        objective=_objective(values),
        solution=solution,
        phases=today.phases,
        rezoning="everybody",
        notes=(_("全体重划口径：每个规划分期开始时，全体在校生按新招生范围入学，用于年度比较，不等于实际搬迁。"),),
    )


def _section_row(values: Values, code: int, section: Section, phase: int) -> dict[str, object]:
    problem, v = values.model.problem, values.model.variables
    site = problem.sites[section.site]
    running = values.whole(v.open[code, phase])
    classes = values.whole(v.classes[code, phase]) * running
    first = site.sections[0] == code
    added = _gain(values, v.added_rooms, section.site, phase) if first else 0
    gained = [_converted(values, other, code, phase) for other in site.sections if other != code]
    lost = [_converted(values, code, other, phase) for other in site.sections if other != code]
    fixed = not np.isnan(section.seats_fixed)
    return {
        "phase": phase + 1,
        "section_id": section.section_id,
        "open": bool(running),
        "classes": classes,
        "rooms": max(classes, section.rooms * running + sum(gained) - sum(lost)),
        "added_rooms": added,
        "converted_in": sum(gained),
        "converted_out": sum(lost),
        "seats": section.seats_fixed * running if fixed else classes * section.class_size,
    }


def _gain(values: Values, cumulative: object, site: int, phase: int) -> int:
    before = values.whole(cumulative[site, phase - 1]) if phase else 0  # type: ignore[index]
    return values.whole(cumulative[site, phase]) - before  # type: ignore[index]


def _converted(values: Values, one: int, other: int, phase: int) -> int:
    converted = values.model.variables.converted
    if (one, other, phase) not in converted:
        return 0
    before = values.whole(converted[one, other, phase - 1]) if phase else 0
    return values.whole(converted[one, other, phase]) - before


def _sections(values: Values) -> pd.DataFrame:
    problem = values.model.problem
    return pd.DataFrame(
        [
            _section_row(values, code, section, phase)
            for phase in range(len(problem.phases))
            for code, section in enumerate(problem.sections)
        ]
    )


def _catchments(problem: Problem, v: Variables, values: Values) -> pd.DataFrame:
    rows: list[tuple[int, str, str, str, float]] = []
    for (pair, phase), variable in v.assigned.items():
        block = problem.blocks[int(problem.pair_block[pair])]
        share = values.of(variable)
        share = float(round(share)) if block.whole else share
        if share > _NOTHING:
            section = problem.sections[int(problem.pair_section[pair])].section_id
            rows.extend(
                (phase + 1, problem.units[block.unit], band.band_id, section, share * _left(problem, band))
                for band in block.bands
            )
    for (code, phase), variable in v.unserved.items():
        block, share = problem.blocks[code], values.of(variable)
        if share > _NOTHING:
            rows.extend(
                (phase + 1, problem.units[block.unit], band.band_id, "", share * _left(problem, band))
                for band in block.bands
            )
    rows += [
        (phase.number, unit, band, section, share)
        for phase in problem.phases
        for band, sections in problem.aside.items()
        for section, share in sections.items()
        for unit in problem.units
    ]
    return pd.DataFrame(rows, columns=["phase", "unit_id", "band", "section_id", "share"])


def _left(problem: Problem, band: Band) -> float:
    """Share of a unit that goes by catchment."""
    return 1 - sum(problem.aside.get(band.band_id, {}).values())


def _shortage(problem: Problem, v: Variables, values: Values) -> pd.DataFrame:
    rows = [
        (problem.years[year], problem.sections[code].section_id, values.of(over), values.of(v.short[code, year]))
        for (code, year), over in v.over_standard.items()
    ]
    rows += [
        (problem.years[year], stage, values.of(over), values.of(v.pool_short[stage, year]))
        for (stage, year), over in v.pool_over.items()
    ]
    frame = pd.DataFrame(rows, columns=["year", "section_id", "over_standard", "short"])
    frame[["over_standard", "short"]] = frame[["over_standard", "short"]].clip(lower=0).round(6)
    return frame.sort_values(["year", "section_id"], ignore_index=True)


def shortage_of(plan: Plan, problem: Problem) -> float:
    """Children × years of the plan without a seat: beyond the largest classes, or unserved."""
    unserved = plan.catchments[(plan.catchments["section_id"] == "") & (plan.catchments["phase"] > 0)]
    shares = {(unit, band, phase): share for phase, unit, band, _, share in unserved.itertuples(index=False)}
    children = sum(
        share * float(problem.children[code, list(phase.years)].sum())
        for code, block in enumerate(problem.blocks)
        for phase in problem.phases
        if (share := shares.get((problem.units[block.unit], block.bands[0].band_id, phase.number)))
    )
    return round(float(plan.shortage["short"].sum()) + children, 6)


def _objective(values: Values) -> pd.DataFrame:
    problem, v = values.model.problem, values.model.variables
    rows = [
        (name, sum(coefficient * values.of(term) for term, coefficient in ITEMS[name](problem, v)))
        for name in ITEMS
    ]
    return pd.DataFrame([*rows, ("pupils", problem.constant)], columns=["item", "yuan"])


def _capital(values: Values) -> pd.DataFrame:
    """万元 by year and site: works of a phase are paid evenly over their lead years."""
    problem = values.model.problem
    rows: list[tuple[int, int, str, str, float]] = []
    for phase in range(len(problem.phases)):
        for code, site in enumerate(problem.sites):
            for lead, wan in _site_capital(values, code, phase):
                start = problem.phases[phase].first_year
                years = range(start - lead, start) if lead else range(start, start + 1)
                rows.extend(
                    (year, sum(1 for p in problem.phases if p.first_year <= year), site.site_id, "", wan / len(years))
                    for year in years
                    if wan > _NOTHING
                )
    return pd.DataFrame(rows, columns=["year", "phase", "site_id", "source", "capital_wan"])


def _site_capital(values: Values, code: int, phase: int) -> list[tuple[int, float]]:
    problem, v = values.model.problem, values.model.variables
    site = problem.sites[code]
    built = sum(
        module.capital_wan * (values.whole(v.size[code, k, phase]) - (values.whole(v.size[code, k, phase - 1]) if phase else 0))
        for k, module in enumerate(site.modules)
    )
    converted = sum(_converted(values, s, o, phase) for s in site.sections for o in site.sections if s != o)
    extended = _gain(values, v.added_rooms, code, phase) * site.room_capital_wan
    return [
        (problem.lead_new, built),
        (problem.lead_extension, extended + converted * problem.prices.conversion_room_wan),
    ]


def _actions(values: Values) -> pd.DataFrame:
    problem = values.model.problem
    rows = [
        _action_row(values, code, phase, action)
        for code in range(len(problem.sections))
        for phase, action in _section_actions(values, code)
    ]
    columns = ["site_id", "section_id", "stage", "action", "phase", "year", "classes", "module", "capital_wan", "reason"]
    return pd.DataFrame(rows, columns=columns)


def _section_actions(values: Values, code: int) -> list[tuple[int, Action]]:
    """(phase, action) of a section; `keep` in phase 0 where nothing happens to it."""
    problem, v = values.model.problem, values.model.variables
    section = problem.sections[code]
    site = problem.sites[section.site]
    found: list[tuple[int, Action]] = []
    before = int(section.existing)
    for phase in range(len(problem.phases)):
        now = values.whole(v.open[code, phase])
        if now > before:
            found.append((phase, Action.NEW_BUILD))
        elif now < before:
            alone = all(s == code or not values.whole(v.open[s, phase]) for s in site.sections)
            found.append((phase, Action.CONSOLIDATION if alone else Action.STOP_SECTION))
        if site.sections[0] == code and _gain(values, v.added_rooms, section.site, phase) > 0:
            found.append((phase, Action.EXTENSION))
        if any(_converted(values, other, code, phase) for other in site.sections if other != code):
            found.append((phase, Action.CONVERSION))
        before = now
    return found or ([(-1, Action.KEEP)] if section.existing else [])


def _action_row(values: Values, code: int, phase: int, action: Action) -> tuple[object, ...]:
    problem, v = values.model.problem, values.model.variables
    section = problem.sections[code]
    site = problem.sites[section.site]
    year = problem.phases[phase].first_year if phase >= 0 else problem.base_year
    wan, module, classes = 0.0, "", section.classes
    if action is Action.NEW_BUILD:
        chosen = [m for k, m in enumerate(site.modules) if values.whole(v.size[section.site, k, phase])]
        module, classes = chosen[0].label, chosen[0].classes.get(code, 0)
        wan = chosen[0].capital_wan if site.sections[0] == code else 0.0
    elif action is Action.EXTENSION:
        classes = _gain(values, v.added_rooms, section.site, phase)
        wan = classes * site.room_capital_wan
    elif action is Action.CONVERSION:
        classes = sum(_converted(values, other, code, phase) for other in site.sections if other != code)
        wan = classes * problem.prices.conversion_room_wan
    reason = _reason(values, code, phase, action)
    return (site.site_id, section.section_id, section.stage.value, action.value, phase + 1, year, classes, module, wan, reason)


def _reason(values: Values, code: int, phase: int, action: Action) -> str:
    """Why: the children who come to the section from this phase on, or the pupils it has today."""
    problem, v = values.model.problem, values.model.variables
    if action is Action.KEEP:
        return ""
    requirement = next(
        (
            entry
            for entry in problem.requirements
            if entry.phase <= phase and (entry.section == code or (entry.section < 0 and entry.site == problem.sections[code].site))
        ),
        None,
    )
    if requirement is not None:
        return requirement.source
    year = problem.phases[phase].years[0]
    coming = sum(
        values.of(v.assigned[pair, phase]) * problem.children[problem.pair_block[pair], year]
        for pair in problem.pairs_of_section(code).tolist()
    )
    if action in (Action.CONSOLIDATION, Action.STOP_SECTION):
        here = sum(
            problem.today[pair] * problem.children[problem.pair_block[pair], year]
            for pair in problem.pairs_of_section(code).tolist()
        )
        return _("{year}年原招生范围内仅 {children} 人，学位由周边学校承接").format(
            year=problem.years[year], children=round(here)
        )
    return _("{year}年起服务 {children} 人").format(year=problem.years[year], children=round(coming))
