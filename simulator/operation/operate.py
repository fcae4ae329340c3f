"""A network operated: whole pupils and classes of every section, grade and year."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from simulator.capacity.access import Access, minutes_column
from simulator.capacity.supply import Supply
from simulator.operation.following import ways_of_flows
from simulator.operation.forming import form_classes
from simulator.operation.places import BandPlaces, band_places, flows_of
from simulator.operation.result import Operation
from simulator.operation.rounding import round_to_total
from simulator.operation.sizes import class_sizes
from simulator.plan import Plan, today_catchments
from simulator.projection.demand import Demand
from simulator.terms import band_of


def operate(plan: Plan, demand: Demand, supply: Supply, access: Access, classes: pd.DataFrame) -> Operation:
    """Run a network through every year of the demand, down to its classes.

    The base year is the register, class by class; an open section without a class in the register is run
    like those of later years. Later, pupils of a section and grade are Σ share × children over the units,
    in whole pupils (largest remainder, so that a stage's grade loses nobody); where the plan re-zones new
    entrants only, the share of a grade is that of its cohort. Pools share their stage out over the open
    sections in proportion to seats. The classes of the plan's phase are then shared out over
    the grades (:mod:`simulator.operation.forming`).

    Parameters
    ----------
    plan
        The network, `plan` or `no_action`.
    demand, supply, access
        Children, sections, journeys.
    classes
        The register of the base year: school_id, stage, grade, class_no, pupils.

    Returns
    -------
    Operation
        Classes and pupils of every year.
    """
    register = _register(classes, demand.years[0])
    places = band_places(plan, demand, supply, register)
    formed = form_classes(_whole_pupils(places, demand.years), plan, supply)
    known = formed["section_id"].isin(register["section_id"])
    formed = formed[~(known & (formed["year"] == demand.years[0]))]
    return Operation(
        network=plan.network,
        classes=pd.concat([register, formed], ignore_index=True)
        .sort_values(["year", "section_id", "grade"])
        .reset_index(drop=True),
        pupils=_journeys(flows_of(places, demand), plan, supply, access),
    )


def overfull_sections(operation: Operation, supply: Supply, years: Sequence[int]) -> dict[str, float]:
    """Sections with a class above the largest lawful size in one of the years → largest class ÷ that size.

    `run` lowers the fill of these and solves again. Sections with a fixed number of seats are not listed:
    their classes follow their pupils.
    """
    classes = class_sizes(operation.classes[operation.classes["year"].isin(list(years))])
    largest = classes.groupby("section_id")["size"].max()
    sections = supply.sections.reindex(largest.index)
    ratio = (largest / sections["class_size_max"])[sections["seats_fixed"].isna()]
    return {str(section_id): float(value) for section_id, value in ratio[ratio > 1].sort_index().items()}


def classes_wanted(operation: Operation, plan: Plan, supply: Supply) -> dict[tuple[str, int], int]:
    """Classes that would bring every class of a section within the largest lawful size, as far as it has rooms.

    Returns
    -------
    dict
        (section id, phase) → classes of the phase, only where more than the plan's are wanted and have a room.
    """
    years = pd.Series({year: plan.phase_of(year) for year in operation.classes["year"].unique()})
    rows = operation.classes.assign(phase=operation.classes["year"].map(years))
    rows = rows[(rows["phase"] > 0) & (rows["year"] <= plan.phases["last_year"].max())]
    lawful = rows["section_id"].map(supply.sections["class_size_max"])
    needed = np.ceil(rows["pupils"] / lawful).groupby([rows["section_id"], rows["phase"], rows["year"]]).sum()
    largest = rows["sizes"].str.split().str[0].astype(float)
    crowded = (largest > lawful).groupby([rows["section_id"], rows["phase"], rows["year"]]).any()
    most = needed[crowded].groupby(level=["section_id", "phase"]).max()
    free = _free_rooms(plan, supply)
    wanted: dict[tuple[str, int], int] = {}
    for row in plan.sections[plan.sections["open"] & (plan.sections["classes"] > 0)].to_dict("records"):
        section_id, phase = str(row["section_id"]), int(row["phase"])
        site = (section_id.rsplit(":", 1)[0], phase)
        room = min(int(row["rooms"]), int(row["classes"]) + free.get(site, 0))
        classes = int(min(most.get((section_id, phase), 0), room))
        if phase > 0 and classes > row["classes"]:
            wanted[section_id, phase] = classes
            free[site] -= classes - int(row["classes"])
    return wanted


def _free_rooms(plan: Plan, supply: Supply) -> dict[tuple[str, int], int]:
    """(site, phase) → rooms of the campus without a class; sections of one campus share them."""
    rows = plan.sections.assign(site_id=plan.sections["section_id"].str.rsplit(":", n=1).str[0])
    sums = rows.groupby(["site_id", "phase"])[["classes", "rooms", "added_rooms"]].sum()
    added = sums["added_rooms"].groupby(level="site_id").cumsum()
    today = supply.sites["rooms"].reindex(sums.index.get_level_values("site_id")).to_numpy()
    # A campus has its own rooms and what was added; a new school has the rooms that it was built with.
    rooms = np.where(today > 0, today + added, sums["rooms"])
    free = (rooms - sums["classes"]).clip(lower=0).astype(int)
    return {(str(site), int(phase)): int(count) for (site, phase), count in free.items()}


def _register(classes: pd.DataFrame, year: int) -> pd.DataFrame:
    """The register as rows of `Operation.classes`."""
    section = classes["school_id"].astype(str) + ":" + classes["stage"].astype(str)
    rows = pd.DataFrame({"section_id": section, "grade": classes["grade"], "size": classes["pupils"]})
    rows = rows.astype({"grade": "int64", "size": "int64"}).sort_values("size", ascending=False, kind="stable")
    grouped = rows.groupby(["section_id", "grade"], sort=True)["size"]
    register = grouped.agg(pupils="sum", classes="count").reset_index()
    sizes = grouped.agg(lambda size: " ".join(map(str, size))).to_numpy()
    return register.assign(year=year, sizes=sizes, combined=False)[
        ["year", "section_id", "grade", "pupils", "classes", "sizes", "combined"]
    ]


def _whole_pupils(places: tuple[BandPlaces, ...], years: tuple[int, ...]) -> pd.DataFrame:
    """year, section_id, stage, grade, pupils (int > 0), the unserved left out."""
    frames = []
    for found in places:
        whole = round_to_total(found.pupils)[:-1]
        section, grade, year = np.nonzero(whole)
        frames.append(
            pd.DataFrame(
                {
                    "year": np.asarray(years, dtype=np.int64)[year],
                    "section_id": np.asarray(found.places, dtype=object)[section],
                    "grade": np.asarray(found.grades, dtype=np.int64)[grade],
                    "pupils": whole[section, grade, year],
                }
            )
        )
    return pd.concat(frames, ignore_index=True)


def _journeys(flows: pd.DataFrame, plan: Plan, supply: Supply, access: Access) -> pd.DataFrame:
    """The flows with minutes, km and the way to school; minutes and km are NaN for the unserved."""
    site = flows["section_id"].str.rsplit(":", n=1).str[0]
    pairs = access.pairs[["unit_id", "site_id", "km", "minutes_young", "minutes_older"]]
    joined = flows.assign(site_id=site).merge(pairs, on=["unit_id", "site_id"], how="left")
    young = {band: minutes_column(band_of(band)) == "minutes_young" for band in flows["band"].unique()}
    minutes = np.where(joined["band"].map(young), joined["minutes_young"], joined["minutes_older"])
    taken = ways_of_flows(joined, today_catchments(plan), plan, supply, access)
    joined = joined.assign(way=taken["way"], minutes=taken["minutes"].fillna(pd.Series(minutes, index=joined.index)))
    columns = ["year", "unit_id", "band", "section_id", "children", "minutes", "km", "way"]
    return joined[columns].reset_index(drop=True)
