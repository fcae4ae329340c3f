"""Checks of what is already decided, and by whom."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from simulator.audit.case import Case
from simulator.audit.children import ZONED
from simulator.audit.register import Breach, check
from simulator.audit.rows import records
from simulator.audit.shared import zones_in_force
from simulator.capacity.decisions import zoned_sections
from simulator.language import translate as _
from simulator.scenario.settings import Decision
from simulator.terms import WHOLE_UNIT_REGIMES, Action

NEW_BUILD, CONSOLIDATION = "new_build", "consolidation"


def phase_from(case: Case, year: int | None) -> int | None:
    """First plan phase that starts in `year` or later: a work in the middle of a phase counts from the next one on."""
    return next((phase for phase, start in case.starts.items() if phase and (year is None or start >= year)), None)


def decided_sections(case: Case, decision: Decision) -> list[str]:
    """Sections that a planner's decision is about."""
    sections = case.evidence.supply.sections
    rows = sections[sections["site_id"] == decision.place]
    if decision.stage is not None:
        rows = rows[rows["stage"] == decision.stage.value]
    return [str(section) for section in rows.index]


def required_open(case: Case) -> frozenset[str]:
    """Sections that the planner or a committed work wants open."""
    works = case.evidence.supply.committed
    built = works[works["kind"] == NEW_BUILD]
    wanted = {f"{site}:{stage}" for site, stage in zip(built["site_id"], built["stage"], strict=True)}
    for decision in case.evidence.scenario.decisions:
        if decision.decision in {"keep", "build"}:
            wanted.update(decided_sections(case, decision))
    return frozenset(wanted)


def required_closed(case: Case) -> frozenset[str]:
    """Sections that the planner or a committed work wants closed."""
    works = case.evidence.supply.committed
    gone = works[works["kind"] == CONSOLIDATION]
    wanted = {f"{site}:{stage}" for site, stage in zip(gone["site_id"], gone["stage"], strict=True)}
    for decision in case.evidence.scenario.decisions:
        if decision.decision == "close":
            wanted.update(decided_sections(case, decision))
    return frozenset(wanted)


def committed_sections(case: Case) -> frozenset[str]:
    """Sections that a committed work is about."""
    works = case.evidence.supply.committed
    return frozenset(f"{site}:{stage}" for site, stage in zip(works["site_id"], works["stage"], strict=True))


def committed_classes(case: Case, section_id: str, phase: int) -> int:
    """Classes that committed new builds give a section by a phase."""
    works = case.evidence.supply.committed
    section = works["site_id"].astype(str) + ":" + works["stage"].astype(str)
    built = works[(section == section_id) & (works["kind"] == NEW_BUILD)]
    return sum(
        int(count)
        for count, year in zip(built["classes"], built["year"], strict=True)
        if year <= case.first_year(phase)
    )


def works_so_far(case: Case, site: str, phase: int) -> int:
    """Rooms added and converted on a campus by a phase."""
    rows = case.sections[case.sections["site_id"] == site]
    rows = rows[rows.index.get_level_values("phase") <= phase]
    return int(rows["added_rooms"].sum() + rows["converted_in"].sum())


def _opened(case: Case, section: str, phase: int, *, wanted: bool, detail: str) -> Iterator[Breach]:
    """The first phase from `phase` on in which a section is not open (closed) as it should be."""
    for number in case.starts:
        if number >= phase and case.is_open(number, section) is not wanted:
            figures = (float(not wanted), float(wanted))
            yield Breach(section, case.name(section), case.first_year(number), *figures, _("所"), detail=detail)
            return


def _built_size(case: Case, section: str) -> int:
    actions = case.plan.actions
    built = actions[(actions["section_id"] == section) & (actions["action"] == Action.NEW_BUILD)]
    return int(built["classes"].sum())


@check(plan_only=True)
def committed_happens(case: Case) -> Iterator[Breach]:
    """Works that are committed or under construction happen in their year, at their size."""
    works = case.evidence.supply.committed.sort_values("year", kind="stable")
    rooms: dict[str, int] = {}
    for work in records(works):
        site, section, kind = work["site_id"], f"{work['site_id']}:{work['stage']}", work["kind"]
        phase, year, classes = phase_from(case, work["year"]), work["year"], work["classes"]
        if phase is None:
            continue
        detail = str(work["project_id"])
        if kind in (NEW_BUILD, CONSOLIDATION):
            yield from _opened(case, section, phase, wanted=kind == NEW_BUILD, detail=detail)
            built = _built_size(case, section)
            if kind == NEW_BUILD and 0 < built < classes:
                yield Breach(section, case.name(section), year, built, classes, _("班"), detail=detail)
            continue
        rooms[site] = rooms.get(site, 0) + classes
        done = works_so_far(case, site, phase)
        if done < rooms[site]:
            yield Breach(site, case.name(site), year, done, rooms[site], _("间"), detail=detail)


@check(plan_only=True)
def planner_decides(case: Case) -> Iterator[Breach]:
    """What the planner has decided stays decided."""
    for decision in case.evidence.scenario.decisions:
        phase = phase_from(case, decision.year)
        if phase is None:
            continue
        detail = f"{decision.place} {decision.decision}"
        if decision.about_unit:
            yield from _zoned(case, decision, phase)
            continue
        if decision.decision == "extend":
            done, wanted = works_so_far(case, decision.place, phase), decision.classes or 1
            if done < wanted:
                place = (decision.place, case.name(decision.place), case.first_year(phase))
                yield Breach(*place, done, wanted, _("间"), detail=detail)
            continue
        for section in decided_sections(case, decision):
            yield from _decided(case, decision, section, phase, detail)


def _zoned(case: Case, decision: Decision, phase: int) -> Iterator[Breach]:
    """The first phase in which a unit is not zoned to the school that was decided, or to one that it must not be."""
    zone = {section: members for members in zones_in_force(case) for section in members}
    meant = {member for one in zoned_sections(case.evidence.supply, decision) for member in zone.get(one, (one,))}
    rows = case.plan.catchments[case.plan.catchments["unit_id"] == decision.place]
    rows = rows.assign(there=rows["section_id"].isin(meant) * rows["share"])
    bands = {
        band.band_id
        for band in case.evidence.supply.bands
        if any(case.evidence.supply.covers(section, band) for section in meant)
        and (decision.grade is None or decision.grade in band.grades)
    }
    held = [number for number in case.starts if phase <= number and _still(case, decision, number)]
    rows = rows[rows["phase"].isin(held) & rows["band"].isin(bands)]
    shares = rows.groupby(["band", "phase"])["there"].sum()
    wanted = decision.decision == "assign"
    for band, found in shares[(shares > ZONED) != wanted].groupby("band"):
        first = int(found.index.get_level_values("phase").min())
        place = (decision.place, case.name(decision.place), case.first_year(first))
        detail = f"{band} {decision.school} {decision.decision}"
        yield Breach(*place, float(found[band, first]), float(wanted), _("比例"), detail=detail, scope=str(band))


def _still(case: Case, decision: Decision, phase: int) -> bool:
    """Whether a unit is still zoned as decided in a phase."""
    return decision.until is None or case.first_year(phase) <= decision.until


def _decided(case: Case, decision: Decision, section: str, phase: int, detail: str) -> Iterator[Breach]:
    existing = bool(case.evidence.supply.sections.loc[section, "existing"])
    wanted = {"keep": True, "build": True, "close": False, "forbid": existing}[decision.decision]
    yield from _opened(case, section, phase, wanted=wanted, detail=detail)
    built = _built_size(case, section)
    if decision.decision == "build" and decision.classes and 0 < built != decision.classes:
        yield Breach(
            section, case.name(section), case.first_year(phase), built, decision.classes, _("班"), detail=detail
        )
    last = max(case.starts)
    site = section.rsplit(":", 1)[0]
    if decision.decision == "forbid" and works_so_far(case, site, last):
        done = works_so_far(case, site, last)
        yield Breach(section, case.name(section), case.first_year(phase), done, 0, _("间"), detail=detail)


@check()
def not_ours(case: Case) -> Iterator[Breach]:
    """A school that this bureau does not decide is not closed, gains no unit and grows only by committed works."""
    supply = case.evidence.supply
    others = supply.sections[~supply.sections["decided_here"].astype(bool)]
    decided = required_open(case) | required_closed(case)
    rows, works = _rows_by_section(case), _committed_extensions(case)
    for section in (str(section) for section in others[others["existing"].astype(bool)].index):
        if section in decided:
            continue
        for phase in case.changes(section, opened=False):
            yield Breach(section, case.name(section), case.first_year(phase), 0, 1, _("所"), scope="closed")
        for row in rows.get(section, ()):
            year = case.first_year(row["phase"])
            allowed = row["today_classes"] + sum(classes for when, classes in works.get(section, ()) if when <= year)
            if row["classes"] > allowed:
                figures = (float(row["classes"]), float(allowed))
                yield Breach(section, case.name(section), year, *figures, _("班"), scope="classes")
    yield from _gained_units(case, others[others["existing"].astype(bool) & others["regime"].isin(WHOLE_UNIT_REGIMES)])


def _rows_by_section(case: Case) -> dict[str, list[dict[str, Any]]]:
    """Section → its rows, phase by phase; sections with a fixed number of seats are left out."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in records(case.sections[case.sections["seats_fixed"].isna()]):
        found.setdefault(row["section_id"], []).append(row)
    return found


def _committed_extensions(case: Case) -> dict[str, list[tuple[int, float]]]:
    """Section → year and classes of its committed extensions."""
    works = case.evidence.supply.committed
    found: dict[str, list[tuple[int, float]]] = {}
    for row in records(works[works["kind"] == "extension"]):
        found.setdefault(f"{row['site_id']}:{row['stage']}", []).append((row["year"], float(row["classes"])))
    return found


def _gained_units(case: Case, others: pd.DataFrame) -> Iterator[Breach]:
    key = ["unit_id", "band", "section_id"]
    today = case.evidence.catchments.table.groupby(key)["share"].sum()
    rows = case.plan.catchments[
        case.plan.catchments["section_id"].isin(others.index) & (case.plan.catchments["phase"] > 0)
    ]
    gained = rows[rows["share"].to_numpy() > 0].drop_duplicates(["phase", *key])
    new = ~pd.MultiIndex.from_frame(gained[key]).isin(today[today > 0].index)
    counts = gained[new].groupby(["phase", "section_id"])["unit_id"].agg(["nunique", "first"])
    for row in records(counts):
        phase, section = row["phase"], row["section_id"]
        figures = (float(row["nunique"]), 0.0)
        place = (section, case.name(section), case.first_year(phase))
        yield Breach(*place, *figures, _("个单元"), detail=str(row["first"]), scope="units")
