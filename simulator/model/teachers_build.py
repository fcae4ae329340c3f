"""From the tables of a district to the pool of teachers of each county."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from simulator.capacity.access import Access
from simulator.capacity.supply import Supply
from simulator.indicators.staffing import subject_shares
from simulator.indicators.staffing_stock import Stock, retired_by
from simulator.model.teachers_arcs import FloatArray, IntArray
from simulator.model.teachers_state import Pool
from simulator.rules.board import RESOURCES
from simulator.scenario import Scenario, TeacherSettings
from simulator.standards import Standards
from simulator.terms import COMPULSORY, AreaKind, Stage, Subject

STAGES = tuple(Stage)
CARRIERS = ("above_degree", "backbone", "pe_arts")
UNTOLD = ""
"""The subject of teachers whose subject no table tells."""
SUBJECTS = (*(subject.value for subject in Subject), UNTOLD)
_ARTS = (Subject.PE, Subject.MUSIC, Subject.ART)
_ANYBODY = {Stage.PRIMARY: (Subject.MORALS, Subject.OTHER), Stage.JUNIOR: (Subject.OTHER,)}
_TEACHES_BELOW = {Stage.JUNIOR: (Stage.PRIMARY,), Stage.SENIOR: (Stage.JUNIOR, Stage.PRIMARY)}


@dataclass(frozen=True)
class Ground:
    """What the pools of a district are made of.

    Parameters
    ----------
    scenario, standards, supply, stock
        Settings, norms, sections and sites, teachers of the base year.
    need
        `staff_need` of one network.
    counties
        Site → county.
    minutes
        One way between sites by site id, inf where there is none.
    """

    scenario: Scenario
    standards: Standards
    supply: Supply
    stock: Stock
    need: pd.DataFrame
    counties: pd.Series[str]
    minutes: pd.DataFrame


def minutes_between(sites: pd.Index, homes: pd.Series, access: Access, settings: TeacherSettings) -> pd.DataFrame:
    """Minutes one way of a teacher between sites; over a ferry as long as a pupil's journey.

    The way is that from the unit in which a site stands; of both directions the longer counts.
    """
    units = homes.reindex(sites)
    pairs = access.pairs[access.pairs["site_id"].isin(sites) & access.pairs["unit_id"].isin(units)]
    driven = pairs["km"] / settings.travel_kmh * 60
    way = driven.where(~pairs["ferry"].astype(bool), pairs["minutes_older"])
    wide = pairs.assign(way=way).pivot_table(index="unit_id", columns="site_id", values="way", aggfunc="first")
    found = wide.reindex(index=units.to_numpy(), columns=sites).fillna(np.inf).to_numpy(float)
    found = np.maximum(found, found.T)
    np.fill_diagonal(found, 0.0)
    return pd.DataFrame(found, index=sites, columns=sites)


def known_sections(ground: Ground) -> pd.Index:
    """Public sections that are in the table of teachers, and those that the plan opens."""
    sections = ground.supply.sections
    told = sections.index.isin(ground.stock.subjects["section_id"])
    opened = ~sections["existing"].astype(bool) & sections.index.isin(ground.need["section_id"])
    found: pd.Index = sections.index[sections["public"].astype(bool) & (told | opened)]
    return found


def pool_of(ground: Ground, county: str) -> tuple[pd.Index, Pool]:
    """The sections of a county and their teachers.

    Teachers of the pooled stages at schools that the bureau decides are transferred; the others only age.
    """
    supply, settings = ground.supply, ground.scenario.teachers
    ids = known_sections(ground)
    ids = ids[(supply.sections.loc[ids, "site_id"].map(ground.counties).fillna("") == county).to_numpy()]
    table = supply.sections.loc[ids]
    sites = supply.sites.reindex(table["site_id"])
    totals = ground.stock.sections.reindex(ids)
    held, retired = _held(ground, ids)
    reach = ground.minutes.loc[table["site_id"], table["site_id"]].to_numpy(float)
    rank = {kind.value: place for place, kind in enumerate(AreaKind)}
    leaving = {kind.value: share for kind, share in settings.leaving.items()}
    size = np.maximum(held.sum(axis=1), 1)
    carried = {name: totals[name].fillna(0).to_numpy(float) for name in CARRIERS}
    shares = _shares(ground, ids)
    stage = table["stage"].map([item.value for item in STAGES].index).to_numpy(np.int64)
    return ids, Pool(
        held=held,
        retired=retired,
        needed=_by_year(ground, ids, "teachers"),
        shares=shares,
        stage=stage,
        may_teach=_may_teach(stage),
        ours=table["decided_here"].to_numpy(bool),
        pooled=table["decided_here"].to_numpy(bool) & table["stage"].isin(settings.stages).to_numpy(),
        minutes=np.where(reach <= settings.longest_minutes, reach, np.inf),
        reach=reach,
        rural=np.asarray(sites["area_kind"].map(rank), dtype=np.int64),
        pupils=_by_year(ground, ids, "pupils"),
        eligible_share=(totals["rotation_eligible"].fillna(0).to_numpy(float) / size).clip(max=1.0),
        leaving=np.asarray(sites["area_kind"].map(leaving), dtype=np.float64),
        arts=_arts(shares),
        norms=_norms(ground.standards, table["stage"]),
        anybody=np.array([[subject in _ANYBODY.get(Stage(one), ()) for subject in SUBJECTS] for one in table["stage"]]),
        **carried,
    )


def plan_years(ground: Ground) -> range:
    """Years in which the pool is run: after the base year to the target year."""
    horizon = ground.scenario.horizon
    return range(horizon.base_year + 1, horizon.target_year + 1)


def _held(ground: Ground, ids: pd.Index) -> tuple[IntArray, IntArray]:
    """Teachers (sections, subjects) and those retired by the end of each year (sections, subjects, years)."""
    columns = ["full_time", "retiring_5y", "retiring_10y"]
    wide = ground.stock.subjects.set_index(["section_id", "subject"])[columns]
    every = pd.MultiIndex.from_product([ids, SUBJECTS], names=["section_id", "subject"])
    cells = wide.reindex(every, fill_value=0).to_numpy(np.int64)
    years = len(plan_years(ground))
    gone = np.zeros((len(cells), years + 1), dtype=np.int64)
    some = np.flatnonzero(cells[:, 0])
    gone[some] = retired_by(cells[some, 1], cells[some, 2], cells[some, 0], years)
    shape = (len(ids), len(SUBJECTS))
    return cells[:, 0].reshape(shape), gone.reshape(*shape, years + 1)


def _shares(ground: Ground, ids: pd.Index) -> FloatArray:
    """Share of each subject in the teachers of a section: by lessons where its subjects are told."""
    stock = ground.stock.subjects
    told = set(stock.loc[stock["subject"] != UNTOLD, "section_id"])
    sections = ground.supply.sections.loc[ids]
    by_stage = {stage.value: subject_shares(ground.standards, stage) for stage in STAGES}
    shares = np.zeros((len(ids), len(SUBJECTS)))
    for place, (section, row) in enumerate(sections[["stage", "existing"]].iterrows()):
        of_stage = by_stage[str(row["stage"])]
        if of_stage and (section in told or (told and not row["existing"])):
            shares[place, [SUBJECTS.index(subject.value) for subject in of_stage]] = list(of_stage.values())
        else:
            shares[place, SUBJECTS.index(UNTOLD)] = 1.0
    return shares


def _arts(shares: FloatArray) -> np.ndarray:
    """Subjects of physical education and arts, where subjects are told."""
    arts = np.isin(SUBJECTS, [subject.value for subject in _ARTS])
    return arts & bool(shares[:, arts].any())


def _by_year(ground: Ground, ids: pd.Index, column: str) -> IntArray:
    """A column of the need by section and year, from the base year to the end of the projection."""
    wide = ground.need.pivot_table(index="section_id", columns="year", values=column, aggfunc="sum")
    years = range(ground.scenario.horizon.base_year, int(ground.need["year"].max()) + 1)
    return np.asarray(wide.reindex(index=ids, columns=years).fillna(0).to_numpy(), dtype=np.int64)


def _may_teach(stage: IntArray) -> np.ndarray:
    lawful = np.eye(len(STAGES), dtype=bool)
    for own, below in _TEACHES_BELOW.items():
        lawful[STAGES.index(own), [STAGES.index(other) for other in below]] = True
    return np.asarray(lawful[:, stage])


def _norms(standards: Standards, stages: pd.Series[str]) -> FloatArray:
    """Norm a pupil of above_degree, backbone and pe_arts, (3, sections)."""
    norms = {resource.carrier: resource for resource in RESOURCES}
    found = []
    for carrier in CARRIERS:
        resource = norms[carrier]
        each = {stage.value: standards.value(f"{resource.norm}.{stage}") / resource.per for stage in COMPULSORY}
        found.append(stages.map(each).fillna(0.0).to_numpy(float))
    return np.stack(found)
