"""Rooms → classes → seats: what the network offers in the base year, and what may be added to it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simulator.capacity import sections as campuses
from simulator.capacity import sites as places
from simulator.capacity.bands import split_bands
from simulator.capacity.levers import private_exits
from simulator.capacity.newbuilds import (
    MODULE_COLUMNS,
    buildable,
    grades_of,
    module_rows,
    new_sections,
    sizes_of_rooms,
    sizes_on_land,
    usual_regimes,
)
from simulator.capacity.places import entered
from simulator.capacity.supply import Supply
from simulator.capacity.works import committed_works
from simulator.inputs.district import District
from simulator.language import plural
from simulator.scenario import Scenario
from simulator.standards import Standards
from simulator.terms import Action, Conflict, Stage, Status


def build_supply(district: District, scenario: Scenario, standards: Standards) -> Supply:
    """What the network offers today, what is committed, and what the scenario allows to change.

    Parameters
    ----------
    district
        Tables of the district; schools, sections and (for the register) classes or enrolment are used.
    scenario
        Base year, fill, candidates and decisions.
    standards
        Class sizes, land norms, standard sizes of new schools, capital.

    Returns
    -------
    Supply
        As documented there. `protected` holds what was entered; :func:`protect_isolated` adds the rest.

    Raises
    ------
    InputError
        Committed works without a size.
    """
    running = campuses.campus_sections(district, scenario, standards)
    works = committed_works(district, running, scenario, standards)
    if leaving := private_exits(running, scenario):
        works = pd.concat([works, pd.DataFrame(leaving)], ignore_index=True)
    sites = pd.concat(
        [
            frame
            for frame in (
                places.campus_sites(district, running, scenario),
                places.parcel_sites(district, scenario),
            )
            if len(frame)
        ]
    )
    sites = _room_for_works(sites, works)
    modules = _modules(district, running, sites, works, scenario, standards)
    added = _added_sections(district, running, sites, works, modules, scenario, standards)
    sections = pd.concat([running, added]) if len(added) else running
    sections = _without_size(sections, modules, works)
    sections["can_extend"] = _extendable(sections, sites, scenario)
    return Supply(
        sites=sites[list(places.COLUMNS)],
        sections=sections[list(campuses.COLUMNS)],
        modules=modules,
        committed=works,
        bands=split_bands(sections),
        assumptions=_assumptions(district, sections, sites, modules),
    )


def _room_for_works(sites: pd.DataFrame, works: pd.DataFrame) -> pd.DataFrame:
    """Sites whose most rooms leave room for the extensions already committed."""
    adding = works[works["kind"] == Action.EXTENSION].groupby("site_id")["classes"].sum()
    most = sites["rooms"] + adding.reindex(sites.index, fill_value=0)
    return sites.assign(max_rooms=np.maximum(sites["max_rooms"], most).astype(int))


def _modules(
    district: District,
    running: pd.DataFrame,
    sites: pd.DataFrame,
    works: pd.DataFrame,
    scenario: Scenario,
    standards: Standards,
) -> pd.DataFrame:
    """Sizes of new builds: the committed one where there is one, the rooms of a disused campus, else what the land holds."""
    core = places.core_townships(district.units)
    rows: list[dict[str, object]] = []
    builds = works[works["kind"] == Action.NEW_BUILD]
    for site_id, build in builds.groupby("site_id", sort=False):
        classes = {Stage(stage): int(n) for stage, n in zip(build["stage"], build["classes"], strict=True)}
        rows += module_rows(str(site_id), [(classes, float(build["capital_wan"].sum()))])
    committed = set(builds["site_id"])
    empty = running[running["candidate"] & ~running["site_id"].isin(committed)]
    stated = district.schools.set_index("school_id")
    rooms = pd.to_numeric(entered(stated, "rooms", 0)).astype(int)
    for campus, own in empty.groupby("site_id", sort=False):
        site_id = str(campus)
        grades = grades_of(own)
        disused = stated["status"][site_id] == Status.DISUSED and rooms[site_id] >= len(grades)
        rows += module_rows(
            site_id,
            sizes_of_rooms(int(rooms[site_id]), grades, standards)
            if disused
            else sizes_on_land(sites, site_id, tuple(grades), standards, core),
        )
    for site_id, stages in buildable(district, scenario).items():
        if site_id not in committed:
            rows += module_rows(site_id, sizes_on_land(sites, site_id, stages, standards, core))
    return pd.DataFrame(rows, columns=list(MODULE_COLUMNS))


def _added_sections(
    district: District,
    running: pd.DataFrame,
    sites: pd.DataFrame,
    works: pd.DataFrame,
    modules: pd.DataFrame,
    scenario: Scenario,
    standards: Standards,
) -> pd.DataFrame:
    """Sections that do not exist yet: on parcels, and stages that committed works bring to a campus."""
    wanted: dict[str, set[str]] = {
        str(site_id): set(stages) for site_id, stages in modules.groupby("site_id", sort=False)["stage"]
    }
    for work in works[works["kind"] != Action.CONSOLIDATION].itertuples():
        wanted.setdefault(str(work.site_id), set()).add(str(work.stage))
    regimes = usual_regimes(running)
    rows: list[dict[str, object]] = []
    for site_id, stages in wanted.items():
        missing = tuple(stage for stage in Stage if stage in stages and f"{site_id}:{stage}" not in running.index)
        name = str(sites["name"][site_id])
        rows += new_sections(site_id, name, missing, regimes, scenario.seats.fill, standards)
    if not rows:
        return pd.DataFrame()
    return pd.DataFrame(rows).set_index("section_id")


def _without_size(sections: pd.DataFrame, modules: pd.DataFrame, works: pd.DataFrame) -> pd.DataFrame:
    """Sections without the candidates for which neither a size nor committed works exist."""
    sized = set(modules["site_id"] + ":" + modules["stage"]) | set(works["site_id"] + ":" + works["stage"])
    return sections[sections["existing"] | sections.index.isin(sized)].copy()


def _extendable(sections: pd.DataFrame, sites: pd.DataFrame, scenario: Scenario) -> pd.Series:
    space = (sites["max_rooms"] > sites["rooms"]).reindex(sections["site_id"]).to_numpy()
    return (
        sections["existing"] & sections["decided_here"] & sections["public"] & space & scenario.candidates.extend
    ).astype(bool)


def _assumptions(
    district: District, sections: pd.DataFrame, sites: pd.DataFrame, modules: pd.DataFrame
) -> tuple[str, ...]:
    """What was assumed, each sentence with its count, none with a count of zero."""
    stated = pd.to_numeric(entered(district.schools.set_index("school_id"), "rooms", np.nan)).dropna()
    fewer = int((stated < sites["rooms"].reindex(stated.index)).sum())
    unknown = int((sections["existing"] & (sections["classes"] == 0) & sections["seats_fixed"].isna()).sum())
    conflict = int((sites["conflict"] != Conflict.NONE).sum())
    small = int(
        (
            (sites["kind"] == "parcel") & (sites["conflict"] == Conflict.NONE) & ~sites.index.isin(modules["site_id"])
        ).sum()
    )
    listed = set(district.projects["place_id"]) if len(district.projects) else set()
    planned = district.schools["status"].isin(campuses.PLANNED) & ~district.schools["school_id"].isin(listed)
    counts = (fewer, unknown, conflict, small, int(planned.sum()))
    sentences = (
        plural("{count} 个校区登记的教室数少于班数，教室数按班数计", fewer),
        plural("{count} 个学部没有班级或在校生登记，按没有班级计", unknown),
        plural("{count} 块教育用地与永久基本农田或生态保护红线冲突，不作备选", conflict),
        plural("{count} 块教育用地未列为备选，或容不下最小的标准规模", small),
        plural("{count} 所在建或已立项学校没有工程记录，按学校表的教室数和规范的单位造价计", counts[-1]),
    )
    return tuple(sentence.format(count=count) for sentence, count in zip(sentences, counts, strict=True) if count)
