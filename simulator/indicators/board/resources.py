"""What every compulsory school has, year by year: teachers, areas, equipment and rooms, carried with the plan."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simulator.capacity.supply import Supply
from simulator.indicators.board.facts import BoardFacts
from simulator.operation import Operation
from simulator.plan import Plan
from simulator.rules.board import RESOURCES
from simulator.standards import Standards
from simulator.terms import COMPULSORY, Network, SectionKind, Stage

STAFFED = ("above_degree", "backbone", "pe_arts")
SHARED = {
    "teaching_m2": "teaching_area_m2",
    "sports_m2": "sports_area_m2",
    "equipment_yuan": "equipment_yuan",
    "networked_rooms": "networked_rooms",
}
"""What the stages of a campus share → its column of the facilities."""
_NORMS = {resource.carrier: (resource.norm, resource.per) for resource in RESOURCES}
_KEY = ["year", "section_id"]


def norm_each(standards: Standards, carrier: str, stage: Stage) -> float:
    """What one pupil needs of a carrier, e.g. square metres or a hundredth of 4.2 teachers."""
    norm, per = _NORMS[carrier]
    return standards.value(f"{norm}.{stage}") / per


def school_resources(
    plan: Plan, operation: Operation, supply: Supply, facts: BoardFacts, standards: Standards
) -> pd.DataFrame:
    r"""Pupils and resources of every compulsory section that teaches, in every year.

    Campuses keep what they have today. The stages of a campus share its area, equipment and rooms so that each has
    the same multiple of its norm: with total :math:`R`, pupils :math:`P_s` and norm a pupil :math:`k_s`, stage
    :math:`s` has :math:`R P_s k_s / \sum P k`. An added classroom brings teaching area, equipment and one networked
    room for a full class; sports ground does not grow. A school on new ground is built, equipped and staffed at norm for
    its seats. Teachers are where the staffing plan has them; without one they stay, and those of a section that closes
    go to the open sections of its stage, by pupils.

    Parameters
    ----------
    plan, operation
        A network and its years.
    supply, facts, standards
        Sections, what schools have today, norms.

    Returns
    -------
    pandas.DataFrame
        year, section_id, site_id, county, stage, area_kind, kind, existing, pupils, classes and the carriers of
        :data:`simulator.rules.board.RESOURCES`, NaN where unknown.
    """
    rows = _taught(plan, operation, supply, facts)
    rows = rows.assign(**{carrier: _campus_share(rows, carrier, facts, standards) for carrier in SHARED})
    rows = rows.assign(**{carrier: _staff(rows, carrier, facts, standards) for carrier in STAFFED})
    return rows if plan.network == Network.NO_ACTION else _as_planned(rows, facts.staffed)


def _as_planned(rows: pd.DataFrame, staffed: pd.DataFrame) -> pd.DataFrame:
    """The rows with the teachers of the staffing plan where it has the section and year."""
    places = pd.MultiIndex.from_frame(rows[_KEY])
    planned = staffed.astype(dict.fromkeys(STAFFED, float)).set_index(_KEY).reindex(places)
    told = {carrier: pd.Series(planned[carrier].to_numpy(), index=rows.index) for carrier in STAFFED}
    return rows.assign(**{carrier: told[carrier].fillna(rows[carrier]) for carrier in STAFFED})


def _taught(plan: Plan, operation: Operation, supply: Supply, facts: BoardFacts) -> pd.DataFrame:
    """Compulsory sections with pupils, by year."""
    run = operation.classes.groupby(_KEY)[["pupils", "classes"]].sum().reset_index()
    known = supply.sections[["site_id", "stage", "kind", "existing", "class_size"]]
    run = run[run["pupils"] > 0].join(known, on="section_id")
    run = run[run["stage"].isin([*COMPULSORY, Stage.SENIOR])]
    run = run.join(supply.sites["area_kind"], on="site_id")
    run = run.assign(county=facts.county_of(run["site_id"]))
    phases = {year: plan.phase_of(year) for year in run["year"].unique()}
    run = run.assign(phase=run["year"].map(phases))
    works = plan.sections.sort_values("phase")
    works = works.assign(brought=works.groupby("section_id")["added_rooms"].cumsum())
    run = run.merge(works[["phase", "section_id", "brought", "seats"]], on=["phase", "section_id"], how="left")
    kinds = run["kind"].astype(str)
    return run.assign(kind=kinds, brought=run["brought"].fillna(0.0), seats=run["seats"].astype(float)).reset_index(
        drop=True
    )


def _campus_share(rows: pd.DataFrame, carrier: str, facts: BoardFacts, standards: Standards) -> pd.Series[float]:
    """A section's part of what its campus has; senior grades are weighed with the norm of junior ones."""
    each = rows["stage"].map(_each_by_stage(standards, carrier)).astype(float)
    today = rows["site_id"].map(facts.facilities.set_index("site_id")[SHARED[carrier]]).astype(float)
    campus = [rows["year"], rows["site_id"]]
    standing = rows["existing"].astype(bool).groupby(campus).transform("any")
    at_norm = (rows["seats"] * each).groupby(campus).transform("sum")
    total = today.where(standing | today.notna(), at_norm)
    if carrier == "networked_rooms":
        added = rows["brought"]
    elif carrier == "sports_m2":
        added = rows["brought"] * 0.0
    else:
        added = rows["brought"] * rows["class_size"] * each
    total = total + added.where(standing, 0.0).groupby(campus).transform("sum")
    weight = rows["pupils"] * each
    return pd.Series(total * weight / weight.groupby(campus).transform("sum"), index=rows.index)


def _each_by_stage(standards: Standards, carrier: str) -> dict[str, float]:
    each = {stage.value: norm_each(standards, carrier, stage) for stage in COMPULSORY}
    return each | {Stage.SENIOR.value: each[Stage.JUNIOR.value]}


def _staff(rows: pd.DataFrame, carrier: str, facts: BoardFacts, standards: Standards) -> pd.Series[float]:
    """Teachers of a kind: those of today, those who come from closed sections, those a new school is given."""
    held = facts.teachers.set_index("section_id")[carrier].astype(float).dropna()
    if held.empty:
        return pd.Series(np.nan, index=rows.index)
    own = rows["section_id"].map(held)
    stays = rows["existing"].astype(bool)
    group = [rows["year"], rows["county"], rows["stage"]]
    pairs = pd.MultiIndex.from_frame(rows[["county", "stage"]])
    everybody = _by_county_and_stage(held, facts).reindex(pairs).fillna(0.0).to_numpy()
    freed = (everybody - own.fillna(0.0).groupby(group).transform("sum")).clip(lower=0.0)
    pupils = rows["pupils"].where(stays & own.notna(), 0.0)
    receiving = pupils.groupby(group).transform("sum")
    gained = (freed * pupils / receiving.where(receiving > 0)).fillna(0.0)
    each = rows["stage"].map(_each_by_stage(standards, carrier)).astype(float)
    return pd.Series((own + gained).where(stays, rows["pupils"] * each), index=rows.index)


def _by_county_and_stage(held: pd.Series[float], facts: BoardFacts) -> pd.Series[float]:
    """All teachers of a kind, index (county, stage)."""
    parts = held.index.astype("str").str.rsplit(":", n=1)
    counties = facts.county_of(pd.Series(parts.str[0]))
    table = pd.DataFrame({"held": held.to_numpy(), "county": counties, "stage": parts.str[1]})
    return table.groupby(["county", "stage"])["held"].sum()


def counted_schools(rows: pd.DataFrame, standards: Standards) -> pd.DataFrame:
    """The sections that the resource indicators count: without tiny teaching points, special and senior schools."""
    point = rows["kind"].isin([SectionKind.TEACHING_POINT, SectionKind.VISITING_POINT])
    tiny = point & (rows["pupils"] < standards.value("small_school.tiny"))
    return pd.DataFrame(rows[rows["stage"].isin(COMPULSORY) & ~tiny & np.isfinite(rows["pupils"])])
