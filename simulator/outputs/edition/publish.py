"""A run → what its edition may show: the one step through which every output of the public edition goes."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

import numpy as np
import pandas as pd

from simulator import measuring, planning
from simulator.audit.finding import Audit
from simulator.inputs import District
from simulator.outputs.edition.approved import approved_part, approved_sites
from simulator.outputs.edition.counts import few_of
from simulator.outputs.edition.hidden import without_places, without_words
from simulator.outputs.edition.words import is_public
from simulator.plan import Plan
from simulator.prepared import Prepared, Watcher
from simulator.result import Result
from simulator.scenario import Scenario
from simulator.terms import Action

_PROPOSED = "planned"
_ABOUT = ("place_id", "place", "section_id", "site_id", "school_id", "from_section", "to_section")
_PART = TypeVar("_PART")


def published(result: Result) -> Result:
    """The run as its edition may show it; of the internal edition the run itself.

    Parameters
    ----------
    result
        A finished run.

    Returns
    -------
    Result
        Of the public edition: the approved part of the plan, operated, measured and audited anew where the plan has
        works that are not approved, so that no figure tells of them; without plots that stay candidates, without
        findings, warnings and verdicts on single schools, without opinions. Small numbers are still in its tables: the
        writers hold them back (:mod:`simulator.outputs.edition.counts`).
    """
    if not is_public(result):
        return result
    result = _of_approved_works(result)
    places, words = _unnamed(result)
    result = without_places(result, places)
    schools = frozenset(result.supply.sections.index) | frozenset(result.supply.sites.index)
    return replace(
        result,
        scenario=_scenario_without(result, places),
        district=_district_without(result.district, words),
        supply=replace(result.supply, assumptions=without_words(result.supply.assumptions, words)),
        access=replace(result.access, assumptions=without_words(result.access.assumptions, words)),
        projection=replace(result.projection, assumptions=without_words(result.projection.assumptions, words)),
        plan=_plan_without_reasons(result.plan, words),
        audit=Audit(_of_no_school(result.audit.findings, schools), result.audit.rules_checked),
        alerts=replace(
            result.alerts,
            warnings=_of_no_school(result.alerts.warnings, schools),
            peaks=_of_no_school(result.alerts.peaks, schools),
        ),
        risk=_of_no_school(result.risk, schools),
        board=replace(result.board, schools=result.board.schools.iloc[:0]),
        class_vectors=_without_schools(result.class_vectors, schools),
        staff=_without_schools(result.staff, schools),
        indicators=replace(result.indicators, money=_without_fares(result, result.indicators.money, "transport_wan")),
        finance=replace(
            result.finance,
            running=_without_fares(result, result.finance.running, "buses_wan"),
            closings=result.finance.closings.iloc[:0],
        ),
        closures=replace(result.closures, kept=result.closures.kept.iloc[:0]),
        frontier=None,
    )


def _without_fares(result: Result, money: pd.DataFrame, column: str) -> pd.DataFrame:
    """Money without what buses cost in years with few riders: the cost of a seat is known, so that it tells how many."""
    carried = result.indicators.transport
    riders = carried.groupby(["network", "year"])[["bus_seats", "boarders"]].sum()
    hidden = riders.index[(few_of(riders["bus_seats"]) | few_of(riders["boarders"])).to_numpy(np.bool_)]
    if not len(hidden) or not len(money):
        return money
    shown = ~pd.MultiIndex.from_frame(money[["network", "year"]]).isin(hidden)
    return money.assign(**{column: money[column].where(shown)})


def _of_approved_works(result: Result) -> Result:
    """The run with the approved works only, measured anew where there are others."""
    sites, actions = approved_sites(result), result.plan.actions
    acted = actions.loc[actions["action"] != Action.KEEP, "site_id"]
    if acted.isin(sites).all():
        return result
    zoned = {decision.place for decision in result.scenario.decisions if decision.about_unit}
    prepared = _prepared(result)
    plan = approved_part(result.plan, result.no_action, sites, result.supply.sections, zoned)
    decided = measuring.Decided(plan, result.no_action, planning.operated(prepared, plan))
    return measuring.measure_decided(prepared, decided, Watcher(), dict(result.seconds))


def _prepared(result: Result) -> Prepared:
    return Prepared(
        scenario=result.scenario,
        scenario_path=result.scenario_path,
        standards=result.standards,
        district=result.district,
        supply=result.supply,
        access=result.access,
        costs=result.costs,
        catchments=result.catchments,
        territory=result.territory,
        projection=result.projection,
    )


def _unnamed(result: Result) -> tuple[frozenset[str], frozenset[str]]:
    """Ids of the plots and sections that stay candidates, and the words by which a sentence could name them."""
    sites, sections, plan = result.supply.sites, result.supply.sections, result.plan.sections
    running = set(plan.loc[plan["open"].astype(bool), "section_id"])
    parts = sections[~sections["existing"].astype(bool) & ~sections.index.isin(running)]
    kept = set(sections.loc[~sections.index.isin(parts.index), "site_id"])
    plots = sites[(sites["kind"] == "parcel") & ~sites.index.isin(kept)]
    parcels = result.district.parcels
    more = parcels[~parcels["parcel_id"].isin(kept)]
    ids = frozenset(map(str, [*parts.index, *plots.index, *more["parcel_id"]]))
    return ids, frozenset(map(str, [*plots.index, *plots["name"], *more["parcel_id"], *more["name"]]))


def _district_without(district: District, words: frozenset[str]) -> District:
    projects = district.projects
    if len(projects):
        projects = projects[projects["status"] != _PROPOSED]
    return replace(
        district,
        projects=projects,
        opinions=district.opinions.iloc[:0],
        assumptions=without_words(district.assumptions, words),
    )


def _plan_without_reasons(plan: Plan, words: frozenset[str]) -> Plan:
    """Reasons and how sure a work is are for the house; they quote numbers of children."""
    actions = plan.actions.assign(reason="", robustness="") if len(plan.actions) else plan.actions
    return replace(plan, actions=actions, notes=without_words(plan.notes, words))


def _scenario_without(result: Result, places: frozenset[str]) -> Scenario:
    """The scenario without decisions about places that are not named."""
    scenario = result.scenario
    kept = tuple(one for one in scenario.decisions if one.place not in places and (one.school or "") not in places)
    return scenario if len(kept) == len(scenario.decisions) else scenario.model_copy(update={"decisions": kept})


def _without_schools(part: _PART, schools: frozenset[str]) -> _PART:
    """Tables of oversized classes or of teachers without what they say of single schools and persons."""
    tables = {name: value for name, value in vars(part).items() if isinstance(value, pd.DataFrame)}
    return replace(part, **{name: _of_no_school(table, schools) for name, table in tables.items()})  # type: ignore[type-var]  # a frozen dataclass of tables


def _of_no_school(rows: pd.DataFrame, schools: frozenset[str]) -> pd.DataFrame:
    """Rows about districts, townships and units, and naming no school."""
    if not len(rows):
        return rows
    single = np.zeros(len(rows), np.bool_)
    for name in (one for one in _ABOUT if one in rows):
        single |= rows[name].astype(str).isin(schools).to_numpy(np.bool_)
    if "detail" in rows:
        single |= np.array([not schools.isdisjoint(str(words).split()) for words in rows["detail"]])
    return rows[~single].reset_index(drop=True)
