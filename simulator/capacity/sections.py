"""Sections of the campuses: what runs in the base year, and what a campus without pupils could run."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simulator.capacity.places import entered
from simulator.inputs.district import District
from simulator.scenario import CandidateSettings, Scenario
from simulator.standards import Standards
from simulator.terms import STAGE_GRADES, WHOLE_UNIT_REGIMES, Affiliation, Nature, Regime, Serves, Stage, Status

COLUMNS = (
    *("site_id", "name", "stage", "grade_from", "grade_to", "kind", "regime", "nature", "public", "decided_here"),
    *("protected", "serves", "existing", "classes", "pupils", "rooms", "class_size", "class_size_max", "fill"),
    *("seats_fixed", "seats_for_district", "can_close", "can_extend", "candidate"),
)
"""Columns of `Supply.sections`, in order."""

PLANNED = (Status.UNDER_CONSTRUCTION, Status.COMMITTED)
"""Campuses that open in a later year whatever the plan decides."""

_PRIVATE = (Nature.INCLUSIVE_PRIVATE, Nature.PRIVATE)
_USUAL_REGIME = {
    Stage.KINDERGARTEN: Regime.CHOICE,
    Stage.PRIMARY: Regime.CATCHMENT,
    Stage.JUNIOR: Regime.CATCHMENT,
}


def class_sizes(standards: Standards, stage: str, grade_to: int) -> tuple[float, float]:
    """Standard and largest class of a section; a primary section that ends early has the smaller classes of 非完全小学."""
    norm = "primary_partial" if stage == Stage.PRIMARY and grade_to < STAGE_GRADES[Stage.PRIMARY][1] else stage
    return standards.value(f"class_size.{norm}"), standards.value(f"class_size_max.{norm}")


def operating(schools: pd.DataFrame, base_year: int) -> pd.Series:
    """Whether a campus teaches in the base year."""
    opened = pd.to_numeric(entered(schools, "opening_year", base_year)) <= base_year
    return (schools["status"] == Status.OPERATING) & opened


def regime_of(stage: str, regime: str, public: bool) -> str:
    """Regime of a section: as entered or the stage's usual one; a private one has no catchment.

    >>> regime_of("primary", "", True), regime_of("primary", "catchment", False)
    ('catchment', 'pool')
    """
    regime = regime or _USUAL_REGIME.get(Stage(stage), Regime.POOL).value
    return Regime.POOL.value if not public and regime in WHOLE_UNIT_REGIMES else regime


def register_of(district: District, standards: Standards, base_year: int) -> pd.DataFrame:
    """Classes and pupils of the base year by school and stage.

    Classes are those of the register; a section without a class list has as many standard classes as
    each grade of its enrolment needs.
    """
    key = ["school_id", "stage"]
    columns = [*key, "classes", "pupils"]
    tables = []
    if len(district.classes):
        tables.append(district.classes.assign(classes=1)[columns])
    if len(district.enrolment):
        counted = district.enrolment[district.enrolment["year"] == base_year]
        if len(district.classes):
            counted = counted[~_keys(counted, key).isin(_keys(district.classes, key))]
        sizes = counted["stage"].map(lambda stage: standards.value(f"class_size.{stage}"))
        tables.append(counted.assign(classes=np.ceil(counted["pupils"] / sizes).astype(int))[columns])
    register = pd.concat(tables) if tables else pd.DataFrame(columns=columns)
    return register.groupby(key)[["classes", "pupils"]].sum()


def _keys(table: pd.DataFrame, key: list[str]) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(table[key])


def campus_sections(district: District, scenario: Scenario, standards: Standards) -> pd.DataFrame:
    """Sections of the campuses, one row each, index `section_id`; columns as in :class:`Supply` without `can_extend`.

    A campus under construction or committed keeps its sections for the year in which it opens. A disused
    or reserved one is a candidate where the scenario builds on it, else its sections are left out.
    """
    base_year = scenario.horizon.base_year
    schools = district.schools.set_index("school_id")
    table = district.sections.reset_index(drop=True)
    campus = pd.DataFrame(schools.drop(columns="geometry", errors="ignore")).loc[table["school_id"]]
    campus = campus.reset_index(drop=True)
    existing = operating(campus, base_year)
    planned = campus["status"].isin(PLANNED) | ((campus["status"] == Status.OPERATING) & ~existing)
    public = ~campus["nature"].isin(_PRIVATE) & (campus["affiliation"] != Affiliation.PRIVATE)
    register = register_of(district, standards, base_year).reindex(
        pd.MultiIndex.from_frame(table[["school_id", "stage"]])
    )
    counts = register.fillna(0).astype(int).reset_index(drop=True).where(existing, 0)
    frame = pd.DataFrame(
        {
            "site_id": table["school_id"],
            "name": campus["name"],
            "stage": table["stage"].astype(str),
            "grade_from": table["grade_from"].astype(int),
            "grade_to": table["grade_to"].astype(int),
            "kind": table["kind"].astype(str),
            "regime": _regimes(table, public),
            "nature": campus["nature"].astype(str),
            "public": public,
            "decided_here": campus["decided_here"].astype(bool),
            "protected": entered(campus, "protected", False).astype(bool),
            "serves": entered(table, "serves", Serves.ALL.value).astype(str),
            "existing": existing,
            "classes": counts["classes"],
            "pupils": counts["pupils"],
            "rooms": counts["classes"],
            "seats_fixed": pd.to_numeric(entered(table, "seats", np.nan)),
            "seats_for_district": pd.to_numeric(entered(table, "seats_for_district", np.nan)),
            "candidate": ~existing,
        }
    )
    frame = _sized(_serving(frame, scenario), scenario.seats.fill, standards)
    frame["can_close"] = closable(frame, scenario.candidates)
    allowed = scenario.candidates.build & frame["decided_here"]
    frame = frame[existing | planned | allowed | frame["site_id"].isin(places_to_build(scenario))]
    return frame.set_index(frame["site_id"] + ":" + frame["stage"]).rename_axis("section_id")


def _regimes(table: pd.DataFrame, public: pd.Series) -> list[str]:
    stated = entered(table, "regime", "").astype(str)
    return [
        regime_of(stage, regime, bool(is_public))
        for stage, regime, is_public in zip(table["stage"], stated, public, strict=True)
    ]


def _serving(frame: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    """Sections whose group of children a lever changes: for migrant children without a catchment, else as is usual."""
    frame = frame.copy()
    for lever in scenario.levers.serves:
        row = (frame["site_id"] == lever.school) & (frame["stage"] == lever.stage)
        regime = Regime.CHOICE.value if lever.serves is Serves.MIGRANT else regime_of(lever.stage, "", True)
        frame.loc[row, ["serves", "regime"]] = [lever.serves.value, regime]
    return frame


def places_to_build(scenario: Scenario) -> set[str]:
    """Places where the planner has decided to build, or to send a unit."""
    built = {decision.place for decision in scenario.decisions if decision.decision == "build"}
    return built | {
        decision.school for decision in scenario.decisions if decision.decision == "assign" and decision.school
    }


def closable(sections: pd.DataFrame, settings: CandidateSettings) -> pd.Series:
    """Whether a section may be proposed for 撤并: of a kind and size named by the scenario, public, ours, not protected."""
    return (
        sections["existing"]
        & sections["kind"].isin(settings.close)
        & (sections["pupils"] < settings.close_below_pupils)
        & sections["decided_here"]
        & sections["public"]
        & ~sections["protected"]
    )


def _sized(sections: pd.DataFrame, fill: float, standards: Standards) -> pd.DataFrame:
    sizes = [
        class_sizes(standards, stage, grade_to)
        for stage, grade_to in zip(sections["stage"], sections["grade_to"], strict=True)
    ]
    return sections.assign(
        class_size=[size for size, _ in sizes], class_size_max=[largest for _, largest in sizes], fill=fill
    )
