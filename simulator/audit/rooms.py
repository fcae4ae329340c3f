"""Checks of rooms, sizes of new schools and sizes of campuses."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from simulator.audit.case import Case
from simulator.audit.children import TOLERANCE
from simulator.audit.decided import committed_classes, required_open
from simulator.audit.register import Breach, check
from simulator.audit.rows import records
from simulator.language import translate as _
from simulator.terms import COMPULSORY, Action, Network, SectionKind, Stage


@check()
def stages_share_rooms(case: Case) -> Iterator[Breach]:
    """Classes of a campus fit its rooms with what is added and converted, and its pupils fit its area."""
    rows = campus_rooms(case)
    for row in records(rows[rows["classes"] > rows["section_rooms"]]):
        place = (row["section_id"], case.name(row["section_id"]), case.first_year(row["phase"]))
        yield Breach(*place, float(row["classes"]), float(row["section_rooms"]), _("班"))
    by_site = rows.groupby(["phase", "site_id"]).agg(
        classes=("classes", "sum"),
        rooms=("site_rooms", "first"),
        added=("site_added", "first"),
        most=("most_added", "first"),
    )
    for row in records(by_site[by_site["classes"] > by_site["rooms"]]):
        place = (row["site_id"], case.name(row["site_id"]), case.first_year(row["phase"]))
        yield Breach(*place, float(row["classes"]), float(row["rooms"]), _("班"))
    for row in records(by_site[by_site["added"] > by_site["most"]]):
        place = (row["site_id"], case.name(row["site_id"]), case.first_year(row["phase"]))
        yield Breach(*place, float(row["added"]), float(row["most"]), _("间"), scope="added_rooms")
    if case.evidence.scenario.seats.use_area:
        yield from _areas(case)


def campus_rooms(case: Case) -> pd.DataFrame:
    """Sections that run in the audited phases, with the rooms that they and their campus have by then.

    Returns
    -------
    pandas.DataFrame
        Index (phase, section_id): the columns of `Case.sections`, section_rooms (today's, or those of the new build, with free
        ones, added and converted), site_rooms, site_added (so far), most_added.
    """
    supply, rows = case.evidence.supply, case.sections
    by_section = rows.groupby("section_id")[["added_rooms", "converted_in", "converted_out"]]
    works = pd.DataFrame(by_section.cumsum())
    campus = [rows.index.get_level_values("phase"), rows["site_id"]]
    added = works["added_rooms"].groupby(campus).transform("sum")
    converted = works["converted_in"] - works["converted_out"]
    passing = pd.Series(
        [
            temporary_rooms(case, site, phase)
            for phase, site in zip(rows.index.get_level_values("phase"), rows["site_id"], strict=True)
        ],
        index=rows.index,
    )
    built = pd.Series([new_rooms(case, section, phase) for phase, section in rows.index], index=rows.index)
    sites = supply.sites.reindex(rows["site_id"])
    site_rooms = pd.Series(sites["rooms"].to_numpy(), index=rows.index)
    today = rows["site_id"].map(supply.sections.groupby("site_id")["rooms"].sum())
    free = (site_rooms - today).clip(lower=0)
    own = rows["today_rooms"].where(rows["today_rooms"] > rows["today_classes"], rows["today_classes"])
    table = rows.assign(
        section_rooms=own.where(rows["existing"].astype(bool), built) + free + added + converted + passing,
        site_rooms=site_rooms.where(site_rooms > today, today)
        + added
        + passing
        + built.groupby(campus).transform("sum"),
        site_added=added,
        most_added=(sites["max_rooms"] - sites["rooms"]).clip(lower=0).to_numpy(),
    )
    audited = table.index.get_level_values("phase").isin([phase.number for phase in case.phases])
    return pd.DataFrame(table[audited & table["open"].to_numpy() & table["seats_fixed"].isna().to_numpy()])


def temporary_rooms(case: Case, site: str, phase: int) -> int:
    """Temporary rooms that serve on a campus in every year of a phase of the plan."""
    levers = case.evidence.scenario.levers
    if phase == 0 or case.network is not Network.PLAN or not levers.temporary:
        return 0
    spans = case.plan.phases[["phase", "first_year", "last_year"]].itertuples(index=False)
    first, last = next((int(first), int(last)) for number, first, last in spans if number == phase)
    return levers.temporary_rooms(site, first, last)


def new_rooms(case: Case, section_id: str, phase: int) -> int:
    """Rooms of a section built by a phase: as its new-build actions say, or a committed work."""
    if bool(case.evidence.supply.sections.loc[section_id, "existing"]):
        return 0
    actions = case.plan.actions
    built = actions[
        (actions["section_id"] == section_id)
        & actions["action"].isin([Action.NEW_BUILD, Action.RELOCATION])
        & (actions["phase"] <= phase)
    ]
    return max(int(built["classes"].sum()), committed_classes(case, section_id, phase))


def _areas(case: Case) -> Iterator[Breach]:
    """Pupils with a seat (÷ fill) × area norm ≤ area; an added room brings its own teaching area."""
    sites = case.evidence.supply.sites
    rows = case.section_years
    rows = rows[rows["stage"].isin(COMPULSORY) & rows["decided_here"] & rows["public"] & rows["seats_fixed"].isna()]
    seated = (rows["pupils"] - rows["over_standard"] - rows["short"]).clip(lower=0) / rows["fill"]
    added = (
        case.sections.groupby(["section_id"])["added_rooms"].cumsum().groupby(["phase", case.sections["site_id"]]).sum()
    )
    for kind in ("teaching", "sports"):
        norm = rows["stage"].map({stage.value: case.norm(f"area.{kind}.{stage}") for stage in COMPULSORY})
        used = pd.DataFrame(
            {
                "site_id": rows["site_id"],
                "phase": rows["phase"],
                "used": seated * norm,
                "a_room": norm * rows["class_size"],
                "slack": norm / rows["fill"],
            }
        )
        grouped = used.reset_index().groupby(["year", "phase", "site_id"])
        sums = grouped.agg(used=("used", "sum"), a_room=("a_room", "max"), slack=("slack", "max"))
        for row in records(sums):
            year, phase, site = row["year"], row["phase"], row["site_id"]
            rooms = float(added.get((phase, site), 0)) + temporary_rooms(case, site, phase)
            brought = rooms * float(row["a_room"]) if kind == "teaching" else 0.0
            area = float(sites.loc[site, f"{kind}_area_m2"]) + brought
            if row["used"] > area + row["slack"]:
                yield Breach(site, case.name(site), year, float(row["used"]), area, "m²", detail=kind, scope=kind)


@check()
def standard_class_counts(case: Case) -> Iterator[Breach]:
    """A new school takes one of the standard sizes (or one that its plot or its committed work names)."""
    actions = case.plan.actions
    built = actions[actions["action"] == Action.NEW_BUILD]
    for _key, rows in built.groupby(["site_id", "phase"]):
        site, phase = str(rows["site_id"].iloc[0]), int(rows["phase"].iloc[0])
        classes = {str(stage): int(count) for stage, count in zip(rows["stage"], rows["classes"], strict=True)}
        if classes in _named_sizes(case, site):
            continue
        allowed = _standard_sizes(case, site, set(classes))
        total = sum(classes.values())
        if total not in allowed:
            nearest = min(allowed, key=lambda size: abs(size - total), default=0)
            year = case.first_year(phase) if phase else case.years[0]
            yield Breach(site, case.name(site), year, total, nearest, _("班"))


def _named_sizes(case: Case, site: str) -> list[dict[str, int]]:
    supply = case.evidence.supply
    offered = supply.modules[supply.modules["site_id"] == site].groupby("module")
    works = supply.committed[(supply.committed["site_id"] == site) & (supply.committed["kind"] == "new_build")]
    tables = [rows for _name, rows in offered] + ([works] if len(works) else [])
    return [
        {str(stage): int(count) for stage, count in zip(rows["stage"], rows["classes"], strict=True)} for rows in tables
    ]


def _standard_sizes(case: Case, site: str, stages: set[str]) -> tuple[int, ...]:
    modules = case.evidence.standards.modules
    if {Stage.PRIMARY, Stage.JUNIOR} <= stages:
        return modules.get("nine_year", ())
    stage = next(iter(stages))
    section = f"{site}:{stage}"
    supply = case.evidence.supply.sections
    if section in supply.index and supply.loc[section, "kind"] == SectionKind.TEACHING_POINT:
        return modules.get("partial_primary", ())
    return modules.get(stage, ())


@check()
def smallest_section(case: Case) -> Iterator[Breach]:
    """A new school uses a least share of its seats in the last year of every phase after the one it starts in.

    Where enrolled children keep their school it fills grade by grade: only the seats of the grades that have entered since
    it opened are counted.
    """
    least = case.norm("alert.deep_surplus")
    exempt = required_open(case)
    rows = case.section_years
    for phase in case.phases:
        last = phase.years[-1]
        for row in records(rows[rows.index.get_level_values("year") == last].droplevel("year")):
            section = row["section_id"]
            section_id = str(section)
            new = not row["existing"] and case.is_open(phase.number - 1, section_id) and section_id not in exempt
            if not new or section_id.rsplit(":", 1)[1] in {band.stage.value for band in case.pools}:
                continue
            wanted = least * row["class_size"] * max(new_rooms(case, section_id, phase.number), row["classes"])
            wanted *= _entered(case, section_id, last, row["grade_to"] - row["grade_from"] + 1)
            if row["pupils"] < wanted - TOLERANCE:
                yield Breach(section_id, case.name(section_id), last, float(row["pupils"]), float(wanted), _("人"))


def _entered(case: Case, section_id: str, year: int, grades: int) -> float:
    """Share of a new section's grades that have entered by a year."""
    opened = case.changes(section_id, opened=True)
    if case.plan.rezoning != "entrants" or not opened:
        return 1.0
    return min(1.0, (year - case.first_year(opened[0]) + 1) / grades)


@check()
def largest_campus(case: Case) -> Iterator[Breach]:
    """A campus has no more pupils than the evaluation allows: compulsory stages together, kindergartens, new senior schools."""
    rows = case.section_years
    rows = rows.assign(seated=rows["pupils"] - rows["short"])
    compulsory = rows[rows["stage"].isin(COMPULSORY)].reset_index()
    nine_year = compulsory["kind"] == SectionKind.NINE_YEAR
    sums = (
        compulsory.assign(nine_year=nine_year)
        .groupby(["year", "site_id"])
        .agg(pupils=("seated", "sum"), stages=("stage", "nunique"), nine_year=("nine_year", "any"))
    )
    for row in records(sums):
        year, site = row["year"], row["site_id"]
        both = row["stages"] > 1 or row["nine_year"]
        most = case.norm("school_size.nine_year" if both else "school_size.compulsory")
        if row["pupils"] > most + TOLERANCE:
            yield Breach(site, case.name(site), year, float(row["pupils"]), most, _("人"))
    for row in records(rows):
        year, section = row["year"], row["section_id"]
        new_senior = row["stage"] == Stage.SENIOR and not row["existing"]
        if row["stage"] != Stage.KINDERGARTEN and not new_senior:
            continue
        most = case.norm("school_size.senior_new" if new_senior else "school_size.kindergarten")
        if row["seated"] > most + TOLERANCE:
            yield Breach(section, case.name(section), year, float(row["seated"]), most, _("人"), scope=row["stage"])
