"""Works that were due by the new year or are under way, and which of them the new register shows to be done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import pandas as pd

from simulator.capacity.supply import Supply
from simulator.inputs.next_year import Grades, NextYear, Section
from simulator.plan import Plan
from simulator.prepared import Prepared
from simulator.scenario import Decision, Scenario, TimingSettings
from simulator.terms import Action

OPENING = (Action.NEW_BUILD, Action.ADD_SECTION)
CLOSING = (Action.CONSOLIDATION, Action.STOP_SECTION, Action.SUSPENSION)
_WORKS = (*OPENING, *CLOSING, Action.EXTENSION, Action.CONVERSION)
COMMITTED, PLANNED, DECIDED = "projects", "plan", "decisions"
"""Where a work comes from: the table of projects, the earlier plan, the scenario's own decisions."""
FACT_COLUMNS = ["site_id", "stage", "action", "classes", "year", "source", "state"]
DONE, TAKEN_AS_DONE, POSTPONED, UNDER_WAY = "done", "taken_as_done", "postponed", "under_way"
"""States: shown by the register; not visible in it and taken as carried out in time; not done; begun and not to be undone."""


@dataclass(frozen=True)
class Work:
    """A work at a section.

    Parameters
    ----------
    site_id, stage
        Where.
    action
        What is done.
    classes
        Classes or rooms that it brings; 0 for closures.
    year
        In effect from 1 September.
    capital_wan
        万元.
    source
        `projects`, `plan` or `decisions`.
    project_id
        Its project, empty where it has none.
    """

    site_id: str
    stage: str
    action: Action
    classes: int
    year: int
    capital_wan: float
    source: str
    project_id: str = ""

    @property
    def section(self) -> Section:
        """School and stage."""
        return self.site_id, self.stage


@dataclass(frozen=True)
class Facts:
    """Works with what became of them: `state` by work, in the order of `works`."""

    works: tuple[Work, ...]
    states: tuple[str, ...]

    def of(self, *states: str) -> tuple[Work, ...]:
        """Works in one of these states."""
        return tuple(work for work, state in zip(self.works, self.states, strict=True) if state in states)

    @property
    def happened(self) -> tuple[Work, ...]:
        """Works that are facts now."""
        return self.of(DONE, TAKEN_AS_DONE)

    def frame(self) -> pd.DataFrame:
        """site_id, stage, action, classes, year, source, state."""
        rows = [
            (work.site_id, work.stage, work.action.value, work.classes, work.year, work.source, state)
            for work, state in zip(self.works, self.states, strict=True)
        ]
        return pd.DataFrame(rows, columns=FACT_COLUMNS)


class Planned(Protocol):
    """What a plan was made for: a run that is prepared, or a result that was read back."""

    @property
    def scenario(self) -> Scenario:
        """The scenario."""

    @property
    def supply(self) -> Supply:
        """Seats of the base year, and the works committed then."""


def due_works(prepared: Planned, plan: Plan | None, year: int) -> tuple[Work, ...]:
    """Works that should be in effect in a year: of projects, of the earlier plan, of the scenario's decisions.

    A work that several of them name stands once, under the first.
    """
    committed = [
        Work(str(row["site_id"]), str(row["stage"]), Action(row["kind"]), int(row["classes"]), int(row["year"]),
             float(row["capital_wan"]), COMMITTED, str(row["project_id"]))
        for row in prepared.supply.committed.to_dict("records")
    ]  # fmt: skip
    planned = [] if plan is None else _of_plan(plan)
    decided = _of_decisions(prepared, year)
    found: dict[tuple[Section, Action], Work] = {}
    for work in (*committed, *planned, *decided):
        found.setdefault((work.section, work.action), work)
    return tuple(work for work in found.values() if work.year <= year)


def works_under_way(prepared: Prepared, plan: Plan | None, year: int) -> tuple[Work, ...]:
    """Works of the earlier plan after a year that must have begun: they could no longer be decided anew in time."""
    if plan is None:
        return ()
    known = {(row["site_id"], row["stage"]) for row in prepared.supply.committed.to_dict("records")}
    timing = prepared.scenario.timing
    return tuple(
        work
        for work in _of_plan(plan)
        if work.year > year and work.year < year + _lead_years(work.action, timing) and work.section not in known
    )


def settle(due: Sequence[Work], under_way: Sequence[Work], told: NextYear) -> Facts:
    """What became of works, as the enrolment of the new year shows."""
    pupils = told.enrolment.groupby(["school_id", "stage"])["pupils"].sum()
    states = [*(_state(work, pupils) for work in due), *(UNDER_WAY for _work in under_way)]
    return Facts((*due, *under_way), tuple(states))


def running_grades(prepared: Prepared) -> Grades:
    """Sections that teach in the base year."""
    rows = prepared.supply.sections
    return _grades(rows[rows["existing"].astype(bool)])


def opening_grades(prepared: Prepared, due: Sequence[Work]) -> Grades:
    """Sections that a due work opens."""
    rows = prepared.supply.sections
    ids = {f"{work.site_id}:{work.stage}" for work in due if work.action in (*OPENING, Action.CONVERSION)}
    return _grades(rows[rows.index.isin(ids) & ~rows["existing"].astype(bool)])


def _grades(rows: pd.DataFrame) -> Grades:
    columns = rows[["site_id", "stage", "grade_from", "grade_to"]].itertuples(index=False)
    return {(str(site), str(stage)): (int(first), int(last)) for site, stage, first, last in columns}


def _of_plan(plan: Plan) -> list[Work]:
    rows = plan.actions[plan.actions["action"].isin([action.value for action in _WORKS])]
    return [
        Work(str(row["site_id"]), str(row["stage"]), Action(row["action"]),
             0 if Action(row["action"]) in CLOSING else int(row["classes"]), int(row["year"]),
             float(row["capital_wan"]), PLANNED)
        for row in rows.to_dict("records")
    ]  # fmt: skip


def _of_decisions(prepared: Planned, year: int) -> list[Work]:
    """Closures, new schools and extensions of known size that the scenario has decided by a year."""
    actions = {"close": Action.CONSOLIDATION, "build": Action.NEW_BUILD, "extend": Action.EXTENSION}
    sections = prepared.supply.sections
    works = []
    for decision in prepared.scenario.decisions:
        if (
            decision.about_unit
            or decision.decision not in actions
            or effective_year(decision, prepared.scenario) > year
        ):
            continue
        own = sections[sections["site_id"] == decision.place]
        if decision.stage is not None:
            own = own[own["stage"] == decision.stage]
        if decision.decision == "extend":
            own = own[own["existing"].astype(bool)].head(1 if decision.classes else 0)
        works += [
            Work(decision.place, str(stage), actions[decision.decision], decision.classes or 0,
                 effective_year(decision, prepared.scenario), 0.0, DECIDED)
            for stage in own["stage"]
        ]  # fmt: skip
    return works


def effective_year(decision: Decision, scenario: Scenario) -> int:
    """Year by which a decision takes effect: its own, else the first that the plan decides."""
    return decision.year if decision.year is not None else scenario.plan_years[0]


def _lead_years(action: Action, timing: TimingSettings) -> int:
    if action in OPENING:
        return timing.lead_years_new
    return timing.lead_years_extension if action in (Action.EXTENSION, Action.CONVERSION) else 0


def _state(work: Work, pupils: pd.Series) -> str:
    present = float(pupils.get(work.section, 0.0)) > 0
    if work.action in OPENING:
        return DONE if present else POSTPONED
    if work.action in CLOSING:
        return POSTPONED if present else DONE
    return TAKEN_AS_DONE
