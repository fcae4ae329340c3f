"""A city of several counties: each county is a problem of its own, its plans are one plan of the city."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import fields, replace

import pandas as pd

from simulator import model, operation, planning
from simulator.errors import InfeasibleError, InputError, Problem
from simulator.inputs.counties import counties_of, county_district
from simulator.language import translate as _
from simulator.plan import Plan, Solution
from simulator.prepared import Prepared, Request, Watcher, grounds
from simulator.projection.demand import Demand, Projection
from simulator.scenario import ConsolidationSettings, Scenario

# Times as many seconds for a county that found no plan in its own.
_MORE = 4.0
_ORDER = ("optimal", "time_limit", "work_limit", "interrupted")


def decide(
    prepared: Prepared, watcher: Watcher, request: Request
) -> tuple[Plan, Plan, operation.Operation, model.Problem | None]:
    """The plan of a district, county by county where it has several and the scenario does not say otherwise.

    The lawful catchment of a compulsory school ends at the county line, so that nothing is lost but the exchange of
    money between counties. Each has its share of the city's budget, closures and time; shares follow the children of
    the planning years.

    Returns
    -------
    tuple
        The plan, the network without any action, the plan's operation, the problem that was solved (None where
        there were several).

    Raises
    ------
    InputError
        What is asked for counts over the whole city and cannot be shared out.
    """
    if not prepared.supply.county_of:
        return planning.decide(prepared, watcher, request)
    _refuse_what_counts_over_all(prepared.scenario, request)
    began = time.perf_counter()
    limit = prepared.scenario.solver.time_limit_s
    plans: dict[str, Plan] = {}
    present: dict[str, Plan] = {}
    left, shares = 1.0, _shares(prepared)
    # The smallest first: what they leave of their time is the larger ones', which need it more.
    for county, share in sorted(shares.items(), key=lambda of: of[1]):
        watcher.step(_("优化 {county}").format(county=county))
        time_left = max(limit - (time.perf_counter() - began), 0.1 * limit)
        part = _county(prepared, county, share)
        plans[county], present[county] = _decided(part, time_left * share / left, limit, watcher, request)
        left -= share
    whole = _together([plans[county] for county in shares], time.perf_counter() - began)
    return whole, _together([present[county] for county in shares], 0.0), planning.operated(prepared, whole), None


def present(prepared: Prepared) -> tuple[Plan, operation.Operation]:
    """The present network without any action, and its years, county by county where :func:`decide` goes by county."""
    if not prepared.supply.county_of:
        return planning.present(prepared)
    parts = [planning.present(_county(prepared, county, share))[0] for county, share in _shares(prepared).items()]
    network = _together(parts, 0.0)
    return network, planning.operated(prepared, network)


def _decided(part: Prepared, seconds: float, most: float, watcher: Watcher, request: Request) -> tuple[Plan, Plan]:
    """The plan of a county and its network without any action.

    One that has no plan when its share of the time is over, though nothing speaks against one, tries again with more,
    at last with the whole time of the city: one county without a plan leaves the city without any.
    """
    solver = part.scenario.solver.model_copy(update={"time_limit_s": max(seconds, 1.0)})
    timed = replace(part, scenario=part.scenario.model_copy(update={"solver": solver}))
    try:
        plan, no_action, _run, _problem = planning.decide(timed, watcher, _request(request, timed))
    except InfeasibleError as error:
        if error.problems or seconds >= most:
            title = _("{name}：{fault}").format(name=part.district.name, fault=error.title)
            raise InfeasibleError(title, error.problems) from error
        return _decided(part, min(_MORE * seconds, most), most, watcher, request)
    return plan, no_action


def _shares(prepared: Prepared) -> dict[str, float]:
    """County → its share of the children who ask for a seat in the planning years."""
    units = prepared.district.units.set_index("unit_id")["county"].fillna("")
    children = pd.Series(
        prepared.projection.plan_demand.children.sum(axis=(1, 2)), index=prepared.projection.plan_demand.units
    )
    sums = children.groupby(units.reindex(children.index)).sum()
    return {county: float(sums[county] / sums.sum()) for county in counties_of(prepared.district)}


def _county(prepared: Prepared, county: str, share: float) -> Prepared:
    """What is known of one county."""
    district = county_district(prepared.district, county)
    places = {*district.units["unit_id"], *district.schools["school_id"], *district.parcels["parcel_id"]}
    scenario = prepared.scenario
    budget = scenario.budget.capital_wan
    scenario = scenario.model_copy(
        update={
            "decisions": tuple(row for row in scenario.decisions if row.place.partition(":")[0] in places),
            "budget": scenario.budget.model_copy(
                update={"capital_wan": None if budget is None else tuple(share * money for money in budget)}
            ),
            "timing": scenario.timing.model_copy(
                update={"closures_per_year": share * scenario.timing.closures_per_year}
            ),
            "consolidation": _consolidation(scenario, share),
        }
    )
    return replace(
        prepared,
        scenario=scenario,
        district=district,
        projection=_of_units(prepared.projection, tuple(district.units["unit_id"])),
        **grounds(scenario, prepared.standards, district),
    )


def _consolidation(scenario: Scenario, share: float) -> ConsolidationSettings:
    """The quota of single years by its share; whole numbers of closures in all are not shared out."""
    settings = scenario.consolidation
    quota = {year: share * most for year, most in settings.closures_by_year.items()}
    return settings.model_copy(update={"closures_by_year": quota})


def _of_units(projection: Projection, units: tuple[str, ...]) -> Projection:
    """The demand of some units; all else of the projection stays the whole's."""
    places = [projection.plan_demand.units.index(unit) for unit in units]

    def cut(demand: Demand) -> Demand:
        return replace(demand, units=units, children=demand.children[places])

    return replace(
        projection,
        demand={variant: cut(demand) for variant, demand in projection.demand.items()},
        at_quantile=None if projection.at_quantile is None else cut(projection.at_quantile),
    )


def _request(request: Request, part: Prepared) -> Request:
    """The earlier plans that a county starts from or stays close to."""
    sections, units = set(part.supply.sections.index), set(part.district.units["unit_id"])

    def cut(plan: Plan) -> Plan:
        return replace(
            plan,
            sections=plan.sections[plan.sections["section_id"].isin(sections)],
            catchments=plan.catchments[plan.catchments["unit_id"].isin(units)],
            actions=plan.actions[plan.actions["section_id"].isin(sections)],
        )

    return replace(
        request,
        starts=tuple(cut(plan) for plan in request.starts),
        near=None if request.near is None else cut(request.near),
        bound=Request().bound,
        known=None,
    )


def _together(plans: list[Plan], seconds: float) -> Plan:
    """The plans of counties as one: rows below each other, sums of what is counted over all."""
    frames = {
        field.name: pd.concat([getattr(plan, field.name) for plan in plans], ignore_index=True)
        for field in fields(Plan)
        if isinstance(getattr(plans[0], field.name), pd.DataFrame) and field.name != "phases"
    }
    frames["shortage"] = _summed(frames["shortage"], ["year", "section_id"])
    frames["objective"] = _summed(frames["objective"], ["item"])
    frames["goals"] = _summed(frames["goals"], ["goal", "unit", "tolerance"])[list(plans[0].goals.columns)]
    notes = dict.fromkeys(note for plan in plans for note in plan.notes)
    return replace(
        plans[0], **frames, solution=solution_of([plan.solution for plan in plans], seconds), notes=tuple(notes)
    )


def _summed(table: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    return table if table.empty else table.groupby(key, as_index=False, sort=False).sum()


def solution_of(parts: list[Solution], seconds: float) -> Solution:
    """Sums of the counties, the gap of the sums, and the state of the county that was solved least far."""
    objective, bound, unavoidable = (
        sum(getattr(part, name) for part in parts) for name in ("objective", "bound", "unavoidable")
    )
    room = objective - unavoidable
    return Solution(
        status=max(
            (part.status for part in parts), key=lambda status: _ORDER.index(status) if status in _ORDER else -1
        ),
        objective=objective,
        bound=bound,
        unavoidable=unavoidable,
        gap=max(objective - bound, 0.0) / room if room > 0 else 0.0,
        seconds=seconds,
        shortage=sum(part.shortage for part in parts),
        solver=parts[0].solver,
        rounds=max(part.rounds for part in parts),
    )


def _refuse_what_counts_over_all(scenario: Scenario, request: Request) -> None:
    """Rules and requests that no county can hold by itself."""
    whole: dict[str, Callable[[], bool]] = {
        "candidates.schools": lambda: bool(scenario.candidates.schools),
        "consolidation.closures_total": lambda: scenario.consolidation.closures_total is not None,
        "consolidation.closures_least": lambda: scenario.consolidation.closures_least is not None,
        "--frontier": lambda: request.frontier is not None,
    }
    problems = [
        Problem(
            name,
            _("要按全市合计，而各县（市、区）分别求解"),
            _("去掉这一项，或在 [candidates] 写 within_county = false 整体求解"),
        )
        for name, asked in whole.items()
        if asked()
    ]
    if problems:
        raise InputError(_("分县求解时不能用的要求"), problems)
