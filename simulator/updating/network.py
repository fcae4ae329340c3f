"""Facts as edits of the tables about the network: schools, sections, parcels, projects, catchments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from simulator.inputs.editing import Key, TableEdit
from simulator.inputs.read_raw import RawTable
from simulator.language import translate as _
from simulator.plan import Plan
from simulator.prepared import Prepared
from simulator.terms import WHOLE_UNIT_REGIMES, Action, Affiliation, Nature, SectionKind, Stage, Status, band_of
from simulator.updating.works import CLOSING, OPENING, PLANNED, POSTPONED, UNDER_WAY, Facts, Work

_KINDS: dict[frozenset[str], SectionKind] = {
    frozenset({Stage.KINDERGARTEN.value}): SectionKind.KINDERGARTEN,
    frozenset({Stage.PRIMARY.value}): SectionKind.COMPLETE_PRIMARY,
    frozenset({Stage.JUNIOR.value}): SectionKind.JUNIOR_SCHOOL,
    frozenset({Stage.PRIMARY.value, Stage.JUNIOR.value}): SectionKind.NINE_YEAR,
    frozenset({Stage.JUNIOR.value, Stage.SENIOR.value}): SectionKind.COMPLETE_SECONDARY,
    frozenset({Stage.SENIOR.value}): SectionKind.SENIOR_SCHOOL,
    frozenset({Stage.VOCATIONAL.value}): SectionKind.VOCATIONAL_SCHOOL,
    frozenset({Stage.SPECIAL.value}): SectionKind.SPECIAL_SCHOOL,
}


def network_edits(
    prepared: Prepared, raws: Mapping[str, RawTable], facts: Facts, plan: Plan | None, year: int
) -> dict[str, TableEdit]:
    """Edits of the tables by name, those without a change left out.

    Parameters
    ----------
    prepared
        The district of the base year.
    raws
        Its tables as they were written.
    facts
        What became of the works that were due, and what is under way.
    plan
        The earlier plan, which zones the units of schools that opened or closed.
    year
        The new base year.
    """
    edits = {
        "schools": _schools(prepared, raws, facts, year),
        "sections": _sections(prepared, facts),
        "parcels": TableEdit(drop=frozenset((site,) for site in _opened_parcels(prepared, facts))),
        "projects": _projects(prepared, facts, year),
        "catchments": _catchments(prepared, facts, plan, year),
    }
    return {name: edit for name, edit in edits.items() if edit}


def _opened(facts: Facts) -> dict[str, list[Work]]:
    """Site → works that opened sections of it."""
    found: dict[str, list[Work]] = {}
    for work in facts.happened:
        if work.action in OPENING:
            found.setdefault(work.site_id, []).append(work)
    return found


def _opened_parcels(prepared: Prepared, facts: Facts) -> list[str]:
    parcels = set(prepared.district.parcels["parcel_id"])
    return [site for site in _opened(facts) if site in parcels]


def _closed(facts: Facts) -> set[tuple[str, str]]:
    return {work.section for work in facts.happened if work.action in CLOSING}


def _shut_sites(prepared: Prepared, facts: Facts) -> set[str]:
    """Sites of which no section is left."""
    sections = prepared.supply.sections
    closed = _closed(facts)
    running = sections[sections["existing"].astype(bool)]
    left = {
        str(site)
        for site, stage in zip(running["site_id"], running["stage"], strict=True)
        if (str(site), str(stage)) not in closed
    }
    return {site for site, _stage in closed} - left - set(_opened(facts))


def _schools(prepared: Prepared, raws: Mapping[str, RawTable], facts: Facts, year: int) -> TableEdit:
    cells: dict[Key, dict[str, object]] = {}
    sites, schools = prepared.supply.sites, set(prepared.district.schools["school_id"])
    running, most = sites["existing"].astype(bool), sites["max_rooms"].astype(int)
    for site, works in _opened(facts).items():
        if site in schools and not running[site]:
            rooms = sum(work.classes for work in works) or int(most[site])
            cells[(site,)] = {"status": Status.OPERATING.value, "opening_year": year, "rooms": rooms}
    for work in facts.happened:
        added = work.classes if work.action in (Action.EXTENSION, *OPENING) else 0
        if added and work.site_id in schools and running[work.site_id]:
            own = cells.setdefault((work.site_id,), {})
            rooms = int(str(own.get("rooms", sites["rooms"][work.site_id]))) + added
            own |= {"rooms": rooms, "max_rooms": max(rooms, int(most[work.site_id]))}
    for site in _shut_sites(prepared, facts):
        cells.setdefault((site,), {})["status"] = Status.DISUSED.value
    added_schools = [_new_school(prepared, raws, site, facts, year) for site in _opened_parcels(prepared, facts)]
    return TableEdit(set_cells=cells, add=added_schools)


def _new_school(
    prepared: Prepared, raws: Mapping[str, RawTable], site: str, facts: Facts, year: int
) -> dict[str, object]:
    """The school that opened on a parcel, under the parcel's id."""
    parcel = prepared.district.parcels.set_index("parcel_id").loc[site]
    written = raws["parcels"].cells
    place = written[written["parcel_id"] == site].iloc[0]
    rooms = sum(work.classes for work in _opened(facts)[site])
    return {
        "school_id": site,
        "name": str(parcel["name"]).removesuffix("用地").removesuffix("规划"),
        "township": parcel["township"],
        "x": place["x"],
        "y": place["y"],
        "affiliation": Affiliation.COUNTY.value,
        "nature": Nature.EDUCATION_BUREAU.value,
        "decided_here": True,
        "status": Status.OPERATING.value,
        "opening_year": year,
        "rooms": rooms,
        "site_area_m2": parcel["area_m2"],
        "protected": False,
    }


def _sections(prepared: Prepared, facts: Facts) -> TableEdit:
    listed = set(zip(prepared.district.sections["school_id"], prepared.district.sections["stage"], strict=True))
    shut = _shut_sites(prepared, facts)
    drop = frozenset(section for section in _closed(facts) if section[0] not in shut)
    rows: list[dict[str, object]] = []
    candidates = prepared.supply.sections
    for site, works in _opened(facts).items():
        stages = {stage for school, stage in listed if school == site} | {work.stage for work in works}
        kind = _KINDS.get(frozenset(stages))
        for work in works:
            if work.section not in listed:
                section = f"{site}:{work.stage}"
                usual = kind or _KINDS[frozenset({work.stage})]
                rows.append({"school_id": site, "stage": work.stage, "grade_from": int(candidates["grade_from"][section]),
                             "grade_to": int(candidates["grade_to"][section]), "kind": usual.value, "regime": str(candidates["regime"][section])})  # fmt: skip
    return TableEdit(drop=drop, add=rows)


def _projects(prepared: Prepared, facts: Facts, year: int) -> TableEdit:
    """Done works go, postponed ones move to the next year, what is under way of the plan is committed."""
    known = set(zip(prepared.district.projects["project_id"], prepared.district.projects["stage"], strict=True))
    drop = frozenset((w.project_id, w.stage) for w in facts.happened if (w.project_id, w.stage) in known)
    later: dict[Key, dict[str, object]] = {
        (w.project_id, w.stage): {"year": year + 1} for w in facts.of(POSTPONED) if (w.project_id, w.stage) in known
    }
    begun = [*facts.of(UNDER_WAY), *(w for w in facts.of(POSTPONED) if w.source == PLANNED and w.action in OPENING)]
    rows = [_project(prepared, work, max(work.year, year + 1)) for work in begun]
    return TableEdit(set_cells=later, drop=drop, add=rows)


def _project(prepared: Prepared, work: Work, year: int) -> dict[str, object]:
    name = str(prepared.supply.sites["name"][work.site_id])
    kind = Action.NEW_BUILD if work.action in OPENING else work.action
    return {
        "project_id": f"{work.site_id}-{kind}-{year}",
        "place_id": work.site_id,
        "name": name,
        "stage": work.stage,
        "kind": kind.value,
        "rooms": work.classes,
        "year": year,
        "cost_wan": work.capital_wan,
        "status": Status.COMMITTED.value,
        "source": _("原方案，已开工"),
    }


def _catchments(prepared: Prepared, facts: Facts, plan: Plan | None, year: int) -> TableEdit:
    """Units whose school closed, or which the earlier plan zones to a school that opened, as that plan zones them."""
    table = prepared.district.catchments
    if not len(table):
        return TableEdit()
    closed, opened = _closed(facts), {work.section for works in _opened(facts).values() for work in works}
    rows = list(table[["unit_id", "stage", "school_id"]].astype(str).itertuples(index=False, name=None))
    if plan is None:
        return TableEdit(drop=frozenset(row for row in rows if (row[2], row[1]) in closed))
    zoned = _zoned(plan, prepared, year)
    moved = {(unit, stage) for unit, stage, school in rows if (school, stage) in closed}
    moved |= {(unit, stage) for unit, stage, school in zoned if (school, stage) in opened}
    listed = {stage for _unit, stage, _school in rows}
    return TableEdit(
        drop=frozenset(row for row in rows if row[:2] in moved),
        add=[
            {"unit_id": unit, "stage": stage, "school_id": school}
            for unit, stage, school in zoned
            if (unit, stage) in moved and stage in listed
        ],
    )


def _zoned(plan: Plan, prepared: Prepared, year: int) -> Sequence[tuple[str, str, str]]:
    """(unit, stage, school) of the plan's catchments in a year; the lower bands first."""
    sections = prepared.supply.sections
    zones = sections.index[sections["regime"].isin(WHOLE_UNIT_REGIMES)]
    rows = plan.catchments
    rows = rows[(rows["phase"] == plan.phase_of(year)) & rows["section_id"].isin(zones) & (rows["share"] > 0)]
    stages = rows["band"].map({band: band_of(band).stage.value for band in rows["band"].unique()})
    schools = rows["section_id"].str.rsplit(":", n=1).str[0]
    table = pd.DataFrame({"unit": rows["unit_id"], "stage": stages, "school": schools}).drop_duplicates()
    return [(str(unit), str(stage), str(school)) for unit, stage, school in np.asarray(table, dtype=object)]
