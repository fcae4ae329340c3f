"""Works, projects, closures and phases of the plan, with the names that the workbook uses."""

from __future__ import annotations

import pandas as pd

from simulator.operation import CATCHMENT
from simulator.outputs.answers import Answers
from simulator.outputs.edition import is_public
from simulator.outputs.figures import people, share, whole
from simulator.outputs.moves import CLOSING, closures, resettled, rezoned
from simulator.outputs.projects import BUILDING, project_rows
from simulator.outputs.titles import section_names, stage_names
from simulator.outputs.word.context_places import Closure, Move, Project, Shortage, Work
from simulator.outputs.word.context_plan import Phase
from simulator.result import Result
from simulator.terms import Action, label


def work_fields(works: pd.DataFrame) -> tuple[Work, ...]:
    """Every action of the plan other than 保留."""
    stages = stage_names()
    return tuple(
        Work(
            year=int(row["year"]),
            school=str(row["school"]),
            township=str(row["township"]),
            stage=stages.get(str(row["stage"]), ""),
            action=label(Action(row["action"])),
            is_building=row["action"] in BUILDING,
            classes=whole(row["classes"]),
            seats=whole(row["seats"]),
            capital=float(row["capital_wan"]),
            reason=str(row["reason"]),
            robustness=str(row["words"]),
        )
        for row in works.to_dict("records")
    )


def project_fields(works: pd.DataFrame, result: Result) -> tuple[Project, ...]:
    """Building works; the sections of one campus that share an action and a year are one project."""
    rows = project_rows(works, result).to_dict("records")
    return tuple(Project(**{str(name): value for name, value in row.items()}) for row in rows)


def closure_fields(works: pd.DataFrame, result: Result) -> tuple[Closure, ...]:
    """Sections that end, with where their pupils go."""
    gone, moved, names = closures(result), resettled(result), section_names(result)
    ended = works[works["action"].isin([action.value for action in CLOSING])].drop_duplicates("section_id")
    ended = ended[ended["section_id"].isin(gone["section_id"])]
    public = is_public(result)
    stages = stage_names()
    found = []
    for row in ended.to_dict("records"):
        every = moved[moved["section_id"] == row["section_id"]]
        placed = every["to_section"].fillna("") != ""
        own = every[placed]
        children = float(own["children"].sum())
        before, after = (
            share((own[name] * own["children"]).sum() / children) if children else None
            for name in ("minutes_before", "minutes_after")
        )
        found.append(
            Closure(
                year=int(row["year"]),
                school=str(row["school"]),
                township=str(row["township"]),
                stage=stages.get(str(row["stage"]), ""),
                action=label(Action(row["action"])),
                receivers=tuple(str(names.get(section, section)) for section in own["to_section"]),
                children=people(children, public=public),
                unplaced=people(every.loc[~placed, "children"].sum(), public=public),
                bus_seats=people(own["bus_seats"].sum(), public=public),
                boarders=people(own["boarders"].sum(), public=public),
                minutes_before=before,
                minutes_after=after,
            )
        )
    return tuple(found)


def move_fields(found: Answers) -> tuple[Move, ...]:
    """Children who move, by stage and cause; less than one child left out."""
    stages = stage_names()
    return tuple(
        Move(
            stage=stages.get(str(row["stage"]), ""),
            enrolled=row["cause"] != CATCHMENT,
            children=people(row["children_moved"]),
            longer=people(row["longer"]),
            change=share(row["change"]),
        )
        for row in found.moved.to_dict("records")
        if people(row["children_moved"])
    )


def shortage_fields(rows: pd.DataFrame) -> tuple[Shortage, ...]:
    """Rows of :func:`simulator.outputs.answers.worst_shortages`."""
    stages = stage_names()
    return tuple(
        Shortage(
            year=int(row["year"]),
            township=str(row["township"]),
            stage=stages.get(str(row["stage"]), ""),
            count=people(row["shortage"]),
        )
        for row in rows.to_dict("records")
    )


def phase_fields(projects: tuple[Project, ...], result: Result) -> tuple[Phase, ...]:
    """The phases with the projects that are taken into use in them."""
    found = []
    for number, phase in enumerate(result.scenario.plan_phases, start=1):
        own = [project for project in projects if phase.first_year <= project.year <= phase.last_year]
        found.append(
            Phase(
                number=number,
                first_year=phase.first_year,
                last_year=phase.last_year,
                projects=len(own),
                seats=sum(project.seats for project in own),
                capital=sum(project.capital for project in own),
            )
        )
    return tuple(found)


def rezoned_units(result: Result) -> int:
    """Units of which some band gets another school."""
    rows = rezoned(result)
    return int(rows.loc[rows["year"] > 0, "unit_id"].nunique())
