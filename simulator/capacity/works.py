"""Committed works: what is being built, extended, converted or closed whatever the plan decides."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simulator.capacity.newbuilds import grades_of, split_classes
from simulator.capacity.places import entered
from simulator.capacity.sections import PLANNED, class_sizes
from simulator.errors import InputError, Problem
from simulator.inputs.district import District
from simulator.language import translate as _
from simulator.scenario import Scenario
from simulator.standards import Standards
from simulator.terms import STAGE_GRADES, Action, Delivery, Stage, label

COLUMNS = ("project_id", "site_id", "stage", "kind", "classes", "year", "capital_wan")
"""Columns of `Supply.committed`, in order."""


def committed_works(
    district: District, sections: pd.DataFrame, scenario: Scenario, standards: Standards
) -> pd.DataFrame:
    """Committed works from the projects table and from campuses that are not open yet, columns as in :class:`Supply`.

    Works at a running campus that were finished by the base year are in the register already and are
    left out; a campus that should have opened by then opens a year after the base year. New buildings
    of a section that teaches already are an extension of it.

    Raises
    ------
    InputError
        Works that add classes but state neither rooms nor seats.
    """
    listed = _listed(district, sections, scenario, standards)
    unlisted = _unlisted(district, sections, listed, scenario, standards)
    works = pd.DataFrame([*listed, *unlisted], columns=list(COLUMNS))
    empty = works[(works["classes"] <= 0) & (works["kind"] != Action.CONSOLIDATION)]
    if len(empty):
        raise InputError(
            _("已立项工程没有规模"),
            [
                Problem(
                    _("建设项目"),
                    _("{project}（{stage}）没有教室数，也没有学位数").format(
                        project=work.project_id, stage=label(Stage(str(work.stage)))
                    ),
                    _("填写新增教室或新增学位；在建、已立项的学校也可在学校表填写教室数"),
                )
                for work in empty.itertuples()
            ],
        )
    return works.astype({"classes": int, "year": int, "capital_wan": float})


def _listed(
    district: District, sections: pd.DataFrame, scenario: Scenario, standards: Standards
) -> list[dict[str, object]]:
    projects = district.projects
    if projects.empty:
        return []
    base_year = scenario.horizon.base_year
    running = set(sections.loc[sections["existing"], "site_id"])
    teaching = set(sections.index[sections["existing"]])
    rooms = pd.to_numeric(entered(projects, "rooms", np.nan)).astype(float)
    seats = pd.to_numeric(entered(projects, "seats", np.nan)).astype(float)
    cost = pd.to_numeric(entered(projects, "cost_wan", np.nan)).astype(float)
    plots = district.parcels
    handed_over = set(plots["parcel_id"][entered(plots, "delivery", "") == Delivery.HANDOVER]) if len(plots) else set()
    works: list[dict[str, object]] = []
    for number, project in enumerate(projects.to_dict("records")):
        finished = project["year"] <= base_year and project["place_id"] in running
        if project["status"] not in PLANNED or finished:
            continue
        stage = Stage(project["stage"])
        classes = _classes(rooms.iloc[number], seats.iloc[number], stage, standards)
        stated = cost.iloc[number]
        grown = project["kind"] == Action.NEW_BUILD and f"{project['place_id']}:{stage}" in teaching
        kind = Action.EXTENSION.value if grown else str(project["kind"])
        # What a developer builds and hands over costs the district only what the register states, its fit-out.
        default = 0.0 if project["place_id"] in handed_over else _capital(kind, classes, stage, standards)
        works.append(
            {
                "project_id": project["project_id"],
                "site_id": project["place_id"],
                "stage": stage.value,
                "kind": kind,
                "classes": classes,
                "year": max(int(project["year"]), base_year + 1),
                "capital_wan": default if np.isnan(stated) else stated,
            }
        )
    return works


def _unlisted(
    district: District,
    sections: pd.DataFrame,
    listed: list[dict[str, object]],
    scenario: Scenario,
    standards: Standards,
) -> list[dict[str, object]]:
    """Campuses that are not open yet and have no row of their own among the projects."""
    base_year = scenario.horizon.base_year
    described = {work["site_id"] for work in listed if work["kind"] == Action.NEW_BUILD}
    schools = district.schools.set_index("school_id")
    opening = pd.to_numeric(entered(schools, "opening_year", np.nan)).fillna(base_year + 1).astype(int)
    rooms = pd.to_numeric(entered(schools, "rooms", 0)).astype(int)
    waiting = sections[sections["candidate"] & ~sections["site_id"].isin(described)]
    works: list[dict[str, object]] = []
    for site_id, own in waiting.groupby("site_id", sort=False):
        if not opens_later(str(schools["status"][site_id])):
            continue
        grades = grades_of(own)
        works += [
            {
                "project_id": site_id,
                "site_id": site_id,
                "stage": stage.value,
                "kind": Action.NEW_BUILD.value,
                "classes": classes,
                "year": max(int(opening[site_id]), base_year + 1),
                "capital_wan": _capital(Action.NEW_BUILD, classes, stage, standards),
            }
            for stage, classes in split_classes(int(rooms[site_id]), grades).items()
        ]
    return works


def opens_later(status: str) -> bool:
    """Whether a campus that does not teach yet will open: under construction, committed, or with an opening year to come."""
    return status in {*PLANNED, "operating"}


def _classes(rooms: float, seats: float, stage: Stage, standards: Standards) -> int:
    if not np.isnan(rooms):
        return int(rooms)
    if np.isnan(seats):
        return 0
    return max(1, round(seats / class_sizes(standards, stage, STAGE_GRADES[stage][1])[0]))


def _capital(kind: str, classes: int, stage: Stage, standards: Standards) -> float:
    """万元 at the norm's unit cost: seats of a new school, rooms of an extension or a conversion."""
    if kind == Action.NEW_BUILD:
        seats = classes * class_sizes(standards, stage, STAGE_GRADES[stage][1])[0]
        return seats * standards.value(f"cost.seat_capital_wan.{stage}")
    if kind == Action.EXTENSION:
        return classes * standards.value(f"cost.room_capital_wan.{stage}")
    if kind == Action.CONVERSION:
        return classes * standards.value("cost.conversion_room_wan")
    return 0.0
