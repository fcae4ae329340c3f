"""Checks of who goes to school together: groups of units, 对口, 多校划片, and nearness."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from simulator.audit.case import Case
from simulator.audit.children import TOLERANCE
from simulator.audit.register import Breach, check
from simulator.audit.rows import records
from simulator.audit.shared import one_for_all, zones_in_force
from simulator.language import translate as _
from simulator.terms import COMPULSORY, STAGE_GRADES, WHOLE_UNIT_REGIMES, AreaKind, Band, Regime, Stage, Way, label

TOWN = (AreaKind.CITY, AreaKind.TOWN)
FED_BY = {Stage.JUNIOR: Stage.PRIMARY}
# Less than this share of a unit is rounding.
_DUST = 1e-6


def catchments_of(case: Case, band: Band) -> pd.DataFrame:
    """phase, unit_id, section_id, share of sections with catchments, a shared catchment as one section."""
    rows = case.zones[(case.zones["band"] == band.band_id) & (case.zones["share"] > _DUST)]
    regimes = case.evidence.supply.sections["regime"].reindex(rows["section_id"]).to_numpy()
    rows = rows[pd.Series(regimes, index=rows.index).isin(WHOLE_UNIT_REGIMES)]
    joined = rows.assign(section_id=rows["section_id"].replace(one_for_all(case)))
    return joined.groupby(["phase", "unit_id", "section_id"])["share"].sum().reset_index()


@check()
def units_together(case: Case) -> Iterator[Breach]:
    """Units of one group go to the same schools, in every stage with catchments."""
    if "group" not in case.units.columns:
        return
    groups = case.units["group"].astype(str)
    groups = groups[groups != ""]
    for band in case.evidence.supply.bands if len(groups) else ():
        rows = catchments_of(case, band)
        rows = rows[rows["unit_id"].isin(groups.index)]
        schools = rows.groupby(["phase", "unit_id"])["section_id"].agg(lambda found: " ".join(sorted(found)))
        frame = schools.rename("schools").reset_index()
        frame = frame.assign(group=frame["unit_id"].map(groups))
        counts = frame.groupby(["phase", "group"]).agg(schools=("schools", "nunique"), unit=("unit_id", "first"))
        for row in records(counts[counts["schools"] > 1]):
            place = (row["unit"], case.name(row["unit"]), case.first_year(row["phase"]))
            detail = f"{row['group']} {band.band_id}"
            yield Breach(*place, float(row["schools"]), 1.0, _("所"), detail=detail, scope=detail)


@check()
def feeder_whole(case: Case) -> Iterator[Breach]:
    """对口: all units of a primary school go to one junior school; 直升: those of a nine-year school to its own."""
    sections = case.evidence.supply.sections
    feeders = {str(section) for section in sections.index[sections["regime"] == Regime.FEEDER]}
    feeders |= {one for section, one in one_for_all(case).items() if section in feeders}
    for stage, below in FED_BY.items() if feeders else ():
        bands = [case.evidence.supply.bands_of(one) for one in (below, stage)]
        if all(bands):
            yield from _fed(case, bands[0][-1], bands[1][0], feeders)


def _fed(case: Case, lower: Band, upper: Band, feeders: set[str]) -> Iterator[Breach]:
    key = ["phase", "unit_id"]
    ways = catchments_of(case, lower).merge(catchments_of(case, upper), on=key, suffixes=("", "_above"))
    for row in records(ways.groupby(["phase", "section_id"])["section_id_above"].agg(["unique"])):
        phase, school = row["phase"], row["section_id"]
        reached = sorted(row["unique"])
        place = (school, case.name(school), case.first_year(phase))
        if len(reached) > 1 and feeders & set(reached):
            yield Breach(*place, float(len(reached)), 1.0, _("所"), detail=" ".join(reached))
    site = ways["section_id"].str.rsplit(":", n=1).str[0]
    own = site + ":" + upper.stage.value
    stray = ways[own.isin(feeders) & (own != ways["section_id_above"])].assign(own=own)
    for row in records(stray.groupby(["phase", "section_id", "own"])["unit_id"].nunique()):
        phase, school = row["phase"], row["section_id"]
        if case.is_open(phase, row["own"]):
            place = (school, case.name(school), case.first_year(phase))
            yield Breach(*place, float(row["value"]), 0.0, _("个单元"), detail=row["own"], scope="own")


@check()
def shared_zone(case: Case) -> Iterator[Breach]:
    """多校划片: a unit of a zone is zoned to all its schools that run, and their seats hold its children together."""
    for zone in zones_in_force(case):
        yield from _spread(case, zone)
        yield from _pooled(case, zone)


def _spread(case: Case, zone: tuple[str, ...]) -> Iterator[Breach]:
    """Units zoned to some schools of a zone only, or to others besides."""
    rows = case.zones[(case.zones["share"] > _DUST)]
    regimes = case.evidence.supply.sections["regime"].reindex(rows["section_id"]).to_numpy()
    rows = rows[pd.Series(regimes, index=rows.index).isin(WHOLE_UNIT_REGIMES)]
    sets = rows.groupby(["phase", "unit_id", "band"])["section_id"].agg(lambda found: " ".join(sorted(found)))
    running = case.sections[case.sections["open"] & ((case.sections["seats"] > 0) | (case.sections["classes"] > 0))]
    for row in records(sets[sets.str.split().map(lambda found: bool(set(found) & set(zone)))]):
        phase, unit, band = row["phase"], row["unit_id"], row["band"]
        wanted = {section for section in zone if (phase, section) in running.index}
        found = set(row["value"].split())
        if found != wanted:
            place = (unit, case.name(unit), case.first_year(phase))
            figures = (float(len(found & wanted)), float(len(wanted)))
            yield Breach(*place, *figures, _("所"), detail=f"{band} {row['value']}", scope=band)


def _pooled(case: Case, zone: tuple[str, ...]) -> Iterator[Breach]:
    """Pupils of a zone beyond the seats of its schools together."""
    rows = case.section_years
    rows = rows[rows.index.get_level_values("section_id").isin(zone)]
    fixed = rows["seats_fixed"].notna()
    usable = rows["seats_fixed"].where(fixed, rows["classes"] * rows["class_size"] * rows["fill"])
    largest = rows["seats_fixed"].where(fixed, rows["classes"] * rows["class_size_max"])
    frame = pd.DataFrame(
        {
            "pupils": rows["pupils"],
            "allowed": usable + rows["over_standard"],
            "held": rows["seats_for_district"].where(rows["seats_for_district"].notna(), largest),
            "short": rows["short"],
            "over": rows["over_standard"],
            "room": (rows["classes"] * (rows["class_size_max"] - rows["class_size"])).where(~fixed, 0.0),
        }
    )
    sums = frame.groupby("year").sum()
    sums = sums.assign(allowed=sums[["allowed", "held"]].min(axis=1))
    place = (zone[0], case.name(zone[0]))
    for row in records(sums[sums["pupils"] > sums["allowed"] + TOLERANCE]):
        declared = row["pupils"] <= row["allowed"] + row["short"] + TOLERANCE
        figures = (float(row["pupils"]), float(row["allowed"]))
        yield Breach(*place, row["year"], *figures, _("人"), scope="seats", declared=bool(declared))
    for row in records(sums[sums["over"] > sums["room"] + TOLERANCE]):
        yield Breach(*place, row["year"], float(row["over"]), float(row["room"]), _("人"), scope="over_standard")


@check(plan_only=True)
def nearest_share(case: Case) -> Iterator[Breach]:
    """A share of the new entrants in town are zoned to the nearest running school, where the planner asks for it."""
    asked = case.evidence.scenario.zoning.nearest_share
    kinds = case.units["area_kind"].astype(str)
    town = set(kinds.index[kinds.isin(TOWN)])
    for band in case.evidence.supply.bands if asked is not None else ():
        if band.grade_from != STAGE_GRADES[band.stage][0]:
            continue
        rows = catchments_of(case, band)
        rows = rows[rows["unit_id"].isin(town)]
        for phase in case.phases:
            now = rows[rows["phase"] == phase.number]
            near = _nearest(case, band, phase.number, sorted(set(now["unit_id"])))
            entrants = now["share"] * now["unit_id"].map(_entrants(case, band, phase.years))
            total = float(entrants.sum())
            there = float(entrants[now["section_id"] == now["unit_id"].map(near)].sum())
            if asked is not None and there < asked * total - TOLERANCE:
                place = (band.stage.value, label(band.stage), phase.first_year)
                yield Breach(*place, round(100 * there / total, 1), 100 * asked, "%", scope=band.stage.value)


def _nearest(case: Case, band: Band, phase: int, units: list[str]) -> dict[str, str]:
    """Unit → the running school of the band that it may be zoned to and that is nearest by straight distance."""
    supply, access = case.evidence.supply, case.evidence.access
    one = one_for_all(case)
    kinds = case.units["area_kind"].astype(str)
    today = case.evidence.catchments.table
    served = set(zip(today["unit_id"], today["band"], today["section_id"], strict=True))
    regimes, ours = supply.sections["regime"], supply.sections["decided_here"].astype(bool)
    running = {
        section.rsplit(":", 1)[0]: section
        for section in map(str, supply.sections.index)
        if supply.covers(section, band) and regimes[section] in WHOLE_UNIT_REGIMES and case.is_open(phase, section)
    }
    column = "minutes_young" if band.grade_to <= STAGE_GRADES[Stage.PRIMARY][1] else "minutes_older"
    rows = access.pairs[access.pairs["unit_id"].isin(units) & access.pairs["site_id"].isin(running)]
    best: dict[str, tuple[float, str]] = {}
    for row in records(rows[["unit_id", "site_id", "straight_km", column]]):
        unit, section = str(row["unit_id"]), running[row["site_id"]]
        is_today = (unit, band.band_id, section) in served
        lawful = row[column] <= access.limit_of(band, kinds[unit], "hard")
        if is_today or (lawful and ours[section]):
            best[unit] = min(best.get(unit, (np.inf, "")), (float(row["straight_km"]), one.get(section, section)))
    return {unit: section for unit, (_km, section) in best.items()}


def _entrants(case: Case, band: Band, years: tuple[int, ...]) -> dict[str, float]:
    """Unit → children in the first grade of a band, summed over years."""
    demand = case.evidence.demand
    children = demand.of(band.stage, range(band.grade_from, band.grade_from + 1))[
        :, [demand.years.index(year) for year in years]
    ].sum(axis=1)
    return dict(zip(demand.units, children.tolist(), strict=True))


@check()
def catchment_share(case: Case) -> Iterator[Breach]:
    """就近划片入学: day pupils of the public schools in town who are enrolled through their catchment.

    Not through a catchment are children of public schools without one, and those whom the plan states as short: they are
    placed elsewhere. Boarders are left out.
    """
    supply = case.evidence.supply
    kinds = supply.sections["site_id"].map(supply.sites["area_kind"]).astype(str)
    town = supply.sections[kinds.isin(TOWN) & supply.sections["public"].astype(bool)]
    journeys = case.journeys[case.journeys["way"] != Way.BOARDS]
    children = journeys.groupby(["year", "section_id"])["children"].sum()
    for stage in COMPULSORY:
        norm = case.norm(f"travel.catchment_share.{stage}")
        own = town[town["stage"] == stage]
        for year in case.years:
            counted = {section: float(children.get((year, section), 0.0)) for section in map(str, own.index)}
            zoned = [section for section in counted if own["regime"][section] in WHOLE_UNIT_REGIMES]
            short = sum(min(case.stated_for(year, section)[1], counted[section]) for section in zoned)
            total, through = sum(counted.values()), sum(counted[section] for section in zoned) - short
            if through < norm * total - TOLERANCE:
                declared = through + short >= norm * total - TOLERANCE
                figures = (round(100 * through / total, 1), 100 * norm)
                yield Breach(stage.value, label(stage), year, *figures, "%", scope=stage.value, declared=declared)
