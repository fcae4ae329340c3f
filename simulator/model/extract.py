"""Values of the decisions → the plan's tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from simulator.language import plural
from simulator.language import translate as _
from simulator.model.actions import actions_table
from simulator.model.goals import last_gap, with_running
from simulator.model.objective import ITEMS, items_of, without_place
from simulator.model.problem import Problem, Section
from simulator.model.solve import relative_gap
from simulator.model.variables import Variables
from simulator.model.works import (
    Values,
    added_by_section,
    capital_table,
    classes_of,
    converted_from,
    converted_into,
)
from simulator.model.zone_shares import shares_of
from simulator.plan import Plan, Solution, present_sections, today_catchments
from simulator.terms import Band, Network

# A decision below this is rounding of the solver, not a decision.
_NOTHING = 1e-6
# A unit belongs to the school that serves more than this share of it.
_MOSTLY = 0.5


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
        actions=actions_table(values),
        capital=capital_table(values),
        objective=_objective(values),
        solution=solution,
        phases=today.phases,
        rezoning=problem.rezoning,
        notes=(
            *_leaving(values),
            _("老生老办法：在校生留在原校到毕业，学校撤并的随新招生范围转入；新招生范围只用于新生。")
            if problem.rezoning == "entrants"
            else _("全体重划口径：每个规划分期开始时，全体在校生按新招生范围入学，用于年度比较，不等于实际搬迁。"),
        ),
    )


def draft_plan(values: Values, today: Plan) -> Plan:
    """Sections and catchments of a relaxed solution, in which shares may be fractions; nothing else."""
    problem, v = values.model.problem, values.model.variables
    return replace(
        today,
        network=Network.PLAN.value,
        sections=pd.concat([present_sections(today), _sections(values)], ignore_index=True),
        catchments=pd.concat(
            [today_catchments(today), _catchments(problem, v, values, whole=False)], ignore_index=True
        ),
    )


def _section_row(
    values: Values, added: dict[tuple[int, int], int], code: int, section: Section, phase: int
) -> dict[str, object]:
    running = values.whole(values.model.variables.open[code, phase])
    classes = classes_of(values, code, phase)
    gained = [converted_into(values, code, p) for p in range(phase + 1)]
    lost = [converted_from(values, code, p) for p in range(phase + 1)]
    new = [added.get((code, p), 0) for p in range(phase + 1)]
    fixed = not np.isnan(section.seats_fixed)
    return {
        "phase": phase + 1,
        "section_id": section.section_id,
        "open": bool(running),
        "classes": classes,
        "rooms": max(classes, (section.rooms + sum(gained) - sum(lost) + sum(new)) * running),
        "added_rooms": new[-1],
        "converted_in": gained[-1],
        "converted_out": lost[-1],
        "seats": section.seats_fixed * running if fixed else classes * section.class_size,
    }


def _sections(values: Values) -> pd.DataFrame:
    problem = values.model.problem
    added = {key: rooms for site in range(len(problem.sites)) for key, rooms in added_by_section(values, site).items()}
    return pd.DataFrame(
        [
            _section_row(values, added, code, section, phase)
            for phase in range(len(problem.phases))
            for code, section in enumerate(problem.sections)
        ]
    )


def _catchments(problem: Problem, v: Variables, values: Values, *, whole: bool = True) -> pd.DataFrame:
    rows: list[tuple[int, str, str, str, float]] = []
    for (pair, phase), variable in v.assigned.items():
        block = problem.blocks[int(problem.pair_block[pair])]
        share = values.of(variable)
        share = float(round(share)) if block.whole and whole else share
        if share > _NOTHING:
            rows.extend(
                (
                    *(phase + 1, problem.units[block.unit], band.band_id, problem.sections[section].section_id),
                    share * part * _left(problem, band),
                )
                for section, part in shares_of(values, int(problem.pair_section[pair]), phase)
                for band in block.bands
            )
    for (code, phase), variable in v.unserved.items():
        block, share = problem.blocks[code], values.of(variable)
        share = float(round(share)) if block.whole and whole else share
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


def _leaving(values: Values) -> Iterator[str]:
    """What the owner of a school that this bureau does not decide must agree to."""
    problem, v = values.model.problem, values.model.variables
    leaving = {
        problem.units[problem.blocks[int(problem.pair_block[pair])].unit]
        for (pair, _phase), term in v.assigned.items()
        if problem.today[pair] > _MOSTLY
        and not problem.sections[int(problem.pair_section[pair])].ours
        and problem.blocks[int(problem.pair_block[pair])].whole
        and values.of(term) < _MOSTLY
    }
    if leaving:
        yield plural(
            "有 {count} 个划片单元从非本级管理学校的招生范围划出，须征得其主管部门同意。", len(leaving)
        ).format(count=len(leaving))


def open_classes(plan: Plan, problem: Problem, wanted: Mapping[tuple[str, int], int]) -> Plan:
    """The same plan with more classes in rooms that it has; their running cost is added to the objective.

    Parameters
    ----------
    wanted
        (section id, phase) → classes, as :func:`simulator.operation.classes_wanted` tells.
    """
    sections = {section.section_id: section for section in problem.sections if section.counts_classes}
    rows = plan.sections.copy()
    yuan = 0.0
    for (section_id, number), classes in wanted.items():
        if section_id not in sections:
            continue
        section, phase = sections[section_id], problem.phases[number - 1]
        row = (rows["section_id"] == section_id) & (rows["phase"] == number)
        more = classes - int(rows.loc[row, "classes"].iloc[0])
        rows.loc[row, ["classes", "seats"]] = [classes, classes * section.class_size]
        yuan += more * section.class_year * float(problem.weights[list(phase.years)].sum())
    items = plan.objective.assign(yuan=plan.objective["yuan"] + yuan * (plan.objective["item"] == "running"))
    old, goals = plan.solution, with_running(plan.goals, yuan)
    objective = old.objective + yuan
    gap = last_gap(goals) if len(goals) else relative_gap(objective - old.unavoidable, old.bound - old.unavoidable)
    solution = replace(old, objective=objective, gap=gap)
    return replace(plan, sections=rows, objective=items, goals=goals, solution=solution)


def _left(problem: Problem, band: Band) -> float:
    """Share of a unit that goes by catchment."""
    return 1 - sum(problem.aside.get(band.band_id, {}).values())


def _shortage(problem: Problem, v: Variables, values: Values) -> pd.DataFrame:
    phase_of = {year: code for code, phase in enumerate(problem.phases) for year in phase.years}
    rows = [
        (
            *(problem.years[year], problem.sections[section].section_id),
            *(part * values.of(over), part * values.of(v.short[code, year])),
        )
        for (code, year), over in v.over_standard.items()
        if problem.zoning.stands_for(code) == code
        for section, part in shares_of(values, code, phase_of[year])
    ]
    rows += [
        (problem.years[year], stage, values.of(over), values.of(v.pool_short[stage, year]))
        for (stage, year), over in v.pool_over.items()
    ]
    frame = pd.DataFrame(rows, columns=["year", "section_id", "over_standard", "short"])
    frame[["over_standard", "short"]] = frame[["over_standard", "short"]].clip(lower=0).round(6)
    return frame.sort_values(["year", "section_id"], ignore_index=True)


def shortage_of(values: Values) -> float:
    """Children × years of the plan without a seat: beyond the largest classes, or unserved."""
    problem, v = values.model.problem, values.model.variables
    short = sum(values.of(term) for term in (*v.short.values(), *v.pool_short.values()))
    unserved = sum(
        values.of(term) * count
        for block in range(len(problem.blocks))
        for phase in range(len(problem.phases))
        for term, count in without_place(problem, v, block, phase, np.ones(len(problem.years)))
    )
    return round(short + unserved, 6)


def _objective(values: Values) -> pd.DataFrame:
    problem, v = values.model.problem, values.model.variables
    rows = [
        (name, sum(coefficient * values.of(term) for term, coefficient in ITEMS[name](problem, v)))
        for name in items_of(problem)
    ]
    return pd.DataFrame([*rows, ("pupils", problem.constant)], columns=["item", "yuan"])
