"""师资配置: need, pool, transfers, recruitment and rotation of a district over the years of the plan."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from simulator.capacity.access import Access
from simulator.capacity.supply import Supply
from simulator.capacity.territory import Territory
from simulator.indicators.staffing import staff_need
from simulator.indicators.staffing_figures import PRINCIPAL_COLUMNS, Staff
from simulator.indicators.staffing_stock import Stock, stock_of
from simulator.inputs.district import District
from simulator.language import translate as _
from simulator.model.groups import form_groups
from simulator.model.teachers_arcs import FloatArray, IntArray
from simulator.model.teachers_build import Ground, known_sections, minutes_between, plan_years, pool_of
from simulator.model.teachers_pool import run_pool
from simulator.model.teachers_state import Measures, Pool, YearTold
from simulator.model.teachers_tables import CountyRun, stage_rows, tables_of
from simulator.operation import Operation
from simulator.scenario import Scenario
from simulator.standards import Standards
from simulator.terms import Network


@dataclass(frozen=True)
class StaffEvidence:
    """What teachers and groups are planned from.

    Parameters
    ----------
    scenario, standards, district, supply, access, territory
        Settings, norms, tables, sections, journeys, and the units in which sites stand.
    operations
        The plan's years and those of the present network.
    """

    scenario: Scenario
    standards: Standards
    district: District
    supply: Supply
    access: Access
    territory: Territory
    operations: tuple[Operation, Operation]


def plan_staff(evidence: StaffEvidence) -> Staff:
    """Teachers of both networks, and education groups.

    The need is shown in any case. Where there is a table of teachers, the present network shows who is left without any
    measure, and the plan pools the teachers of each county: :func:`simulator.model.teachers_pool.run_pool`.

    Parameters
    ----------
    evidence
        What is known, and both networks operated.

    Returns
    -------
    Staff
        All tables; those of teachers are empty where no table tells them.
    """
    needs = [staff_need(operation, evidence.supply, evidence.standards) for operation in evidence.operations]
    need = pd.concat(needs, ignore_index=True)
    if evidence.district.teachers.empty:
        note = _("没有教师表：只列师资需求，不推算余缺、调配和集团编组。")
        return Staff(need=need, stages=stage_rows([], need, _counties(evidence), evidence.scenario), notes=(note,))
    stock = stock_of(evidence.district.teachers)
    grounds = [_ground(evidence, stock, own) for own in needs]
    runs = [run for ground in grounds for run in _run(ground)]
    groups, effect = form_groups(evidence.district, grounds[0])
    return Staff(
        need=need,
        principals=_principals(stock, evidence),
        groups=groups,
        effect=effect,
        notes=_notes(grounds[0]),
        **tables_of(runs, need, grounds[0].counties, evidence.scenario),
    )


def _counties(evidence: StaffEvidence) -> pd.Series[str]:
    """Site → county; empty where the district is one county."""
    units = evidence.district.units.set_index("unit_id")
    named = units["county"].fillna("").astype(str) if "county" in units else pd.Series("", index=units.index)
    found: pd.Series[str] = evidence.territory.homes.map(named).fillna("")
    return found if len(set(named)) > 1 else found.where(found == "", "")


def _ground(evidence: StaffEvidence, stock: Stock, need: pd.DataFrame) -> Ground:
    homes = evidence.territory.homes
    sections = evidence.supply.sections
    sites = pd.Index(sections.loc[sections["public"].astype(bool), "site_id"].unique())
    return Ground(
        scenario=evidence.scenario,
        standards=evidence.standards,
        supply=evidence.supply,
        stock=stock,
        need=need,
        counties=_counties(evidence),
        minutes=minutes_between(sites, homes, evidence.access, evidence.scenario.teachers),
    )


def _run(ground: Ground) -> list[CountyRun]:
    """Every county of a network."""
    network = str(ground.need["network"].iloc[0])
    counties = ground.counties.reindex(ground.supply.sections.loc[known_sections(ground), "site_id"]).unique()
    pools = {str(county): pool_of(ground, str(county)) for county in sorted(counties)}
    limits = _limits(ground, {county: pool for county, (_ids, pool) in pools.items()})
    runs = []
    for county, (ids, pool) in pools.items():
        measures = _measures(ground, Network(network), limits[county])
        told: list[YearTold] = run_pool(pool, measures)
        posts = ground.stock.sections.reindex(ids)[["posts", "posted", "unposted"]]
        runs.append(CountyRun(network, county, ids, pool, tuple(plan_years(ground)), told, posts))
    return runs


def _measures(ground: Ground, network: Network, limit: FloatArray) -> Measures:
    settings, standards = ground.scenario.teachers, ground.standards
    acting = network is Network.PLAN and settings.pool
    return Measures(
        transfers=acting,
        rotation=acting and settings.rotation,
        most_recruits=limit,
        ahead=settings.ahead_years,
        share=standards.value("balance.rotation_share"),
        key_share=standards.value("balance.rotation_key_share"),
    )


def _limits(ground: Ground, pools: dict[str, Pool]) -> dict[str, FloatArray]:
    """Most recruits of each county and year: the district's limit by the teachers that the counties need, in whole numbers."""
    years, most = len(plan_years(ground)), ground.scenario.teachers.recruits_per_year
    if most is None:
        return {county: np.full(years, np.inf) for county in pools}
    needed = np.array([pool.needed[:, 1 : years + 1].sum(axis=0) for pool in pools.values()], dtype=np.float64)
    upto = np.floor(np.cumsum(needed / np.maximum(needed.sum(axis=0), 1), axis=0) * most + 1e-9)
    shared: IntArray = np.diff(np.vstack([np.zeros(years), upto]), axis=0).astype(np.int64)
    return {county: shared[place].astype(np.float64) for place, county in enumerate(pools)}


def _principals(stock: Stock, evidence: StaffEvidence) -> pd.DataFrame:
    """Principals whose arrival is known, those longest at their school first."""
    most = round(evidence.standards.value("staff.principal_years"))
    known = stock.sections["principal_since"].dropna().astype(int)
    known = known[known.index.isin(evidence.supply.sections.index)]
    rows = pd.DataFrame({"section_id": known.index.astype(str), "since": known.to_numpy()})
    rows = rows.assign(site=rows["section_id"].str.rsplit(":", n=1).str[0]).drop_duplicates("site")
    rows = rows.assign(years=evidence.scenario.horizon.base_year - rows["since"], due_year=rows["since"] + most)
    return pd.DataFrame(rows.sort_values(["since", "section_id"], ignore_index=True)[PRINCIPAL_COLUMNS])


def _notes(ground: Ground) -> tuple[str, ...]:
    """What was assumed of teachers, in the planner's words."""
    sections, stock = ground.supply.sections, ground.stock.subjects
    public = sections[sections["public"].astype(bool) & sections["existing"].astype(bool)]
    untold = public.index.difference(pd.Index(stock["section_id"]))
    said = [
        _("退休按五年内、十年内退休人数逐年均摊，十年以后按第六至十年的速度；骨干教师退休后按原数补选。"),
        _("学科需求按规范中各学科课时比例分配；表中没有分学科的学部只算总数。"),
    ]
    if len(untold):
        said.append(_("教师表没有列出 {count} 个公办学部，这些学部只列需求。").format(count=len(untold)))
    return tuple(said)
