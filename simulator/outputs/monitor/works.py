"""Works promised and delivered: each with its state, and their sums by stage and year."""

from __future__ import annotations

import pandas as pd

from simulator.capacity.supply import Supply
from simulator.terms import Action, Status

DONE, EARLY, PARTIAL = "done", "early", "partial"
BUILDING, LATE_BUILDING, LATE, LATE_CLOSING, AHEAD = "building", "late_building", "late", "late_closing", "ahead"
"""States: in effect when due, or before; some of the seats; under construction; overdue and under construction; overdue
and not begun; a closure that is overdue; not due yet."""
DELIVERED = (DONE, EARLY)
OVERDUE = (PARTIAL, LATE_BUILDING, LATE, LATE_CLOSING)
WORK_COLUMNS = [
    *("site_id", "stage", "action", "year", "source", "classes", "seats", "rooms_delivered", "seats_delivered"),
    *("status", "expected", "state"),
]
_GROWING = (Action.EXTENSION, Action.CONVERSION)
_CLOSING = (Action.CONSOLIDATION, Action.STOP_SECTION, Action.SUSPENSION)
_SEEN = "done"
"""State that the register of the year shows of an opening or a closure."""


def promised_works(
    facts: pd.DataFrame, promised: Supply, actual: Supply, projects: pd.DataFrame, year: int
) -> pd.DataFrame:
    """Every work of a plan with what a later year shows of it.

    Parameters
    ----------
    facts
        site_id, stage, action, classes, year, source, state of every work to the target year, as
        :meth:`simulator.updating.works.Facts.frame`: openings and closures are told by the register.
    promised, actual
        Seats of the base year and of the later year: an extension is told by the rooms that a section has more.
    projects
        Projects of the later year: place_id, stage, kind, year, status.
    year
        The later year.

    Returns
    -------
    DataFrame
        site_id, stage, action, year (promised), source, classes, seats (promised), rooms_delivered, seats_delivered,
        status (of its project in the later year, empty where it is not listed), expected (year that the project now
        names, NaN), state. Works in the order of their years.
    """
    rows = facts.sort_values(["year", "site_id", "stage"], kind="stable").to_dict("records")
    grown = _grown_rooms(promised, actual)
    sizes = {**actual.sections["class_size"].to_dict(), **promised.sections["class_size"].to_dict()}
    found = []
    for row in rows:
        action, section = Action(row["action"]), f"{row['site_id']}:{row['stage']}"
        classes, size = int(row["classes"]), float(sizes.get(section, 0.0))
        rooms = _delivered(action, classes, row["state"] == _SEEN, section, grown, actual)
        listed = _project(projects, str(row["site_id"]), str(row["stage"]), action)
        status, expected = listed if listed else ("", float("nan"))
        found.append(
            (row["site_id"], row["stage"], action.value, int(row["year"]), row["source"], classes, classes * size,
             rooms, rooms * size, status, expected,
             _state(action, int(row["year"]), classes, rooms, status, year, seen=row["state"] == _SEEN))
        )  # fmt: skip
    return pd.DataFrame(found, columns=WORK_COLUMNS)


def _grown_rooms(promised: Supply, actual: Supply) -> dict[str, int]:
    """Section → rooms that it has more than in the base year; what is used up by one work is none for the next."""
    before = promised.sections.loc[promised.sections["existing"].astype(bool), "rooms"]
    now = actual.sections.loc[actual.sections["existing"].astype(bool), "rooms"]
    more = (now.reindex(before.index) - before).fillna(0).clip(lower=0)
    return {str(section): int(rooms) for section, rooms in more.items()}


def _delivered(
    action: Action,
    classes: int,
    seen: bool,
    section: str,
    grown: dict[str, int],
    actual: Supply,
) -> int:
    """Rooms of a work that the later year has."""
    if action in _GROWING:
        rooms = min(classes, grown.get(section, 0))
        grown[section] = grown.get(section, 0) - rooms
        return rooms
    if action in _CLOSING or not seen or section not in actual.sections.index:
        return 0
    return int(actual.sections["rooms"][section])


def _project(projects: pd.DataFrame, site: str, stage: str, action: Action) -> tuple[str, float] | None:
    """Status and year of the project that stands for a work, if one is listed."""
    if not len(projects):
        return None
    kinds = {action.value} | ({Action.NEW_BUILD.value} if action is Action.ADD_SECTION else set())
    own = projects[(projects["place_id"] == site) & (projects["stage"] == stage) & projects["kind"].isin(kinds)]
    if not len(own):
        return None
    first = own.sort_values("year").iloc[0]
    return str(first["status"]), float(first["year"])


def _state(action: Action, due: int, classes: int, rooms: int, status: str, year: int, *, seen: bool) -> str:
    whole = rooms >= classes if action in _GROWING else seen
    if whole:
        return DONE if due <= year else EARLY
    building = status == Status.UNDER_CONSTRUCTION.value
    if due > year:
        return BUILDING if building else AHEAD
    if rooms:
        return PARTIAL
    if action in _CLOSING:
        return LATE_CLOSING
    return LATE_BUILDING if building else LATE


def works_by_year(works: pd.DataFrame, year: int) -> pd.DataFrame:
    """Works and seats promised and delivered by stage and year of promise, and their sums to the later year.

    Returns
    -------
    DataFrame
        stage, year (NaN: all that was due by the later year), promised, delivered (works that bring seats), seats,
        seats_delivered, closures, closed, overdue.
    """
    marked = works.assign(
        closes=works["action"].isin([action.value for action in _CLOSING]),
        finished=works["state"].isin(DELIVERED),
        late=works["state"].isin(OVERDUE),
    )
    sums = [_sums(rows, str(stage), float(str(due))) for (stage, due), rows in marked.groupby(["stage", "year"])]
    due = marked[marked["year"] <= year]
    sums += [_sums(rows, str(stage), float("nan")) for stage, rows in due.groupby("stage")]
    columns = ["stage", "year", "promised", "delivered", "seats", "seats_delivered", "closures", "closed", "overdue"]
    return pd.DataFrame(sums, columns=columns)


def _sums(rows: pd.DataFrame, stage: str, year: float) -> tuple[object, ...]:
    building, closing = rows[~rows["closes"]], rows[rows["closes"]]
    return (
        stage, year, len(building), int(building["finished"].sum()), float(building["seats"].sum()),
        float(building["seats_delivered"].sum()), len(closing), int(closing["finished"].sum()), int(rows["late"].sum()),
    )  # fmt: skip
