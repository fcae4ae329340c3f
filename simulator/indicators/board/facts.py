"""What the evaluation board knows of a district beside seats and children: rooms, equipment, teachers, declarations."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from simulator.indicators.staffing_figures import Staff
from simulator.inputs.district import District
from simulator.terms import AGE_OF_GRADE, STAGE_GRADES, Stage

FACILITIES = (
    *("opening_year", "teaching_area_m2", "sports_area_m2", "building_area_m2", "site_area_m2", "equipment_yuan"),
    *("networked_rooms", "music_rooms", "music_room_m2", "art_rooms", "art_room_m2"),
)
BUDGET = ("education_wan", "staff_wan", "funds_wan", "training_wan")
STAFF = ("full_time", "above_degree", "backbone", "pe_arts")


def _empty(*columns: str) -> pd.DataFrame:
    return pd.DataFrame(columns=list(columns))


@dataclass(frozen=True)
class BoardFacts:
    """Tables of the district that only the board and its checks need.

    Parameters
    ----------
    facilities
        site_id, county (empty where the district is one) and the columns of :data:`FACILITIES`, NaN where unknown.
    teachers
        section_id and the columns of :data:`STAFF`, summed over subjects; sections of the table only.
    declared
        item, year (NaN: always), school_id (empty: the county), reached (`yes`, `no` or empty), value, evidence.
    young
        county, year, children of kindergarten age (3–5) who live there.
    migrants
        section_id, pupils of the base year who are registered elsewhere; sections of the `origins` table only.
    counties
        unit_id, county.
    staffed
        year, section_id, above_degree, backbone, pe_arts: teachers of the plan after the measures of the year; where it has
        no row, teachers stay where they are.
    rotation
        county, year, eligible, rotated, backbone: teachers who rotate in the plan.
    boarders
        section_id, boarders of the base year; sections of the `origins` table only.
    budgets
        year, education_wan, staff_wan, funds_wan, training_wan, as entered (NaN unknown).
    children
        county, year, teens (15–17) who live there, migrant (children of migrant workers of compulsory ages; the share of the base
        year of a county held, NaN unknown).
    """

    facilities: pd.DataFrame = field(default_factory=lambda: _empty("site_id", "county", *FACILITIES))
    teachers: pd.DataFrame = field(default_factory=lambda: _empty("section_id", *STAFF))
    declared: pd.DataFrame = field(
        default_factory=lambda: _empty("item", "year", "school_id", "reached", "value", "evidence")
    )
    young: pd.DataFrame = field(default_factory=lambda: _empty("county", "year", "children"))
    migrants: pd.DataFrame = field(default_factory=lambda: _empty("section_id", "pupils"))
    counties: pd.DataFrame = field(default_factory=lambda: _empty("unit_id", "county"))
    staffed: pd.DataFrame = field(default_factory=lambda: _empty("year", "section_id", *STAFF[1:]))
    rotation: pd.DataFrame = field(default_factory=lambda: _empty("county", "year", "eligible", "rotated", "backbone"))
    boarders: pd.DataFrame = field(default_factory=lambda: _empty("section_id", "boarders"))
    budgets: pd.DataFrame = field(default_factory=lambda: _empty("year", *BUDGET))
    children: pd.DataFrame = field(default_factory=lambda: _empty("county", "year", "teens", "migrant"))

    def county_of(self, sites: pd.Series[str]) -> pd.Series[str]:
        """County of each site; empty where it is not known, or the district is one."""
        known = dict(zip(self.facilities["site_id"], self.facilities["county"], strict=True))
        return pd.Series([str(known.get(site, "")) for site in sites.tolist()], index=sites.index, dtype="str")


def board_facts(
    district: District, population: npt.NDArray[np.float64], years: Iterable[int], homes: pd.Series[str]
) -> BoardFacts:
    """The tables of a district that the board needs.

    Parameters
    ----------
    district
        As it was read.
    population
        Resident children, shape (units, ages 0–17, years).
    years
        Years of the last axis.
    homes
        Site → the unit that it stands in.
    """
    counties = _counties(district)
    county_of_unit = counties.set_index("unit_id")["county"]
    return BoardFacts(
        facilities=_facilities(district, homes.map(county_of_unit)),
        teachers=_teachers(district.teachers),
        declared=_declared(district.declared_items),
        young=_young(population, tuple(years), county_of_unit),
        migrants=_migrants(district.origins),
        counties=counties,
        boarders=_boarders(district.origins),
        budgets=_budgets(district.budgets),
        children=_older(district.population, population, tuple(years), county_of_unit),
    )


def with_staff(facts: BoardFacts, staff: Staff) -> BoardFacts:
    """The facts with the teachers that the plan moves and recruits."""
    columns = list(BoardFacts().staffed.columns)
    rotation = staff.rotation.groupby(["county", "year"], as_index=False)[["eligible", "rotated", "backbone"]].sum()
    return replace(facts, staffed=staff.sections[columns].reset_index(drop=True), rotation=rotation)


def _counties(district: District) -> pd.DataFrame:
    """County of every unit; one empty name where the district is a single county."""
    units = pd.DataFrame(district.units.drop(columns="geometry"))
    named = units["county"].fillna("").astype(str) if "county" in units else pd.Series("", index=units.index)
    several = len(set(named)) > 1
    return pd.DataFrame({"unit_id": units["unit_id"].astype(str), "county": named if several else ""})


def _facilities(district: District, counties: pd.Series[str]) -> pd.DataFrame:
    schools = pd.DataFrame(district.schools.drop(columns="geometry"))
    known = {
        column: pd.to_numeric(schools[column]).astype(float) if column in schools else np.nan for column in FACILITIES
    }
    sites = schools["school_id"].astype(str)
    own = pd.DataFrame({"site_id": sites, "county": sites.map(counties).fillna(""), **known})
    plots = counties[~counties.index.isin(sites)].fillna("")
    unbuilt = pd.DataFrame({"site_id": plots.index.astype(str), "county": plots.to_numpy()})
    return pd.concat([own, unbuilt], ignore_index=True).astype(dict.fromkeys(FACILITIES, float))


def _teachers(table: pd.DataFrame) -> pd.DataFrame:
    """Staff by section: the row of all subjects where there is one, else the sum of the subjects."""
    if table.empty:
        return BoardFacts().teachers
    rows = table.assign(section_id=table["school_id"].astype(str) + ":" + table["stage"].astype(str))
    whole = rows["subject"].fillna("").astype(str) == ""
    rows = rows[whole | ~rows["section_id"].isin(rows.loc[whole, "section_id"])]
    staff = {column: rows[column].astype(float) if column in rows else np.nan for column in STAFF}
    return rows[["section_id"]].assign(**staff).groupby("section_id").sum(min_count=1).reset_index()


def _declared(table: pd.DataFrame) -> pd.DataFrame:
    columns = list(BoardFacts().declared.columns)
    if table.empty:
        return BoardFacts().declared
    rows = pd.DataFrame(table[columns])
    texts = {name: rows[name].fillna("").astype(str) for name in ("item", "school_id", "reached", "evidence")}
    return rows.assign(**texts, year=rows["year"].astype(float), value=rows["value"].astype(float))


def _young(population: npt.NDArray[np.float64], years: tuple[int, ...], counties: pd.Series[str]) -> pd.DataFrame:
    """Children of the ages of the kindergarten grades."""
    first, last = STAGE_GRADES[Stage.KINDERGARTEN]
    ages = [grade + AGE_OF_GRADE for grade in range(first, last + 1)]
    children = pd.DataFrame(population[:, ages, :].sum(axis=1), columns=list(years))
    sums = children.groupby(counties.to_numpy()).sum().rename_axis("county").reset_index()
    return sums.melt("county", var_name="year", value_name="children").astype({"year": int})


def _migrants(origins: pd.DataFrame) -> pd.DataFrame:
    if origins.empty or "registered_elsewhere" not in origins:
        return BoardFacts().migrants
    sections = origins["school_id"].astype(str) + ":" + origins["stage"].astype(str)
    sums = origins["registered_elsewhere"].fillna(0).astype(float).groupby(sections).sum()
    return sums.rename("pupils").rename_axis("section_id").reset_index()


def _boarders(origins: pd.DataFrame) -> pd.DataFrame:
    if origins.empty or "boarders" not in origins:
        return BoardFacts().boarders
    sections = origins["school_id"].astype(str) + ":" + origins["stage"].astype(str)
    sums = origins["boarders"].fillna(0).astype(float).groupby(sections).sum()
    return sums[sums > 0].rename("boarders").rename_axis("section_id").reset_index()


def _budgets(table: pd.DataFrame) -> pd.DataFrame:
    if table.empty:
        return BoardFacts().budgets
    return pd.DataFrame(table[["year", *BUDGET]]).astype({"year": int} | dict.fromkeys(BUDGET, float))


def _older(
    population: pd.DataFrame, children: npt.NDArray[np.float64], years: tuple[int, ...], counties: pd.Series[str]
) -> pd.DataFrame:
    """Children of the ages of senior school, and those of migrant workers of compulsory ages, by county and year."""
    first, last = STAGE_GRADES[Stage.SENIOR]
    ages = slice(first + AGE_OF_GRADE, last + AGE_OF_GRADE + 1)
    compulsory = range(STAGE_GRADES[Stage.PRIMARY][0] + AGE_OF_GRADE, first + AGE_OF_GRADE)
    by_county = pd.Series(counties.to_numpy(), name="county")
    teens = pd.DataFrame(children[:, ages, :].sum(axis=1), columns=list(years)).groupby(by_county).sum()
    school = pd.DataFrame(children[:, list(compulsory), :].sum(axis=1), columns=list(years)).groupby(by_county).sum()
    told = population[population["age"].isin(list(compulsory))]
    known = (
        told.assign(county=told["unit_id"].map(counties)).groupby("county")[["residents", "migrant"]].sum(min_count=1)
    )
    share = (known["migrant"] / known["residents"].where(known["residents"] > 0)).reindex(school.index).astype(float)
    migrant = school.mul(share, axis=0)
    return pd.concat(
        [
            _melted(teens, "teens").set_index(["county", "year"]),
            _melted(migrant, "migrant").set_index(["county", "year"]),
        ],
        axis=1,
    ).reset_index()


def _melted(table: pd.DataFrame, name: str) -> pd.DataFrame:
    rows = table.rename_axis("county").reset_index()
    return rows.melt("county", var_name="year", value_name=name).astype({"year": int})
