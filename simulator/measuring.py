"""A network that is decided → everything that is known of it: operated, measured, staffed, evaluated and audited."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import pandas as pd

from simulator import audit, capacity, indicators, operation, planning
from simulator.language import translate as _
from simulator.plan import Plan
from simulator.prepared import Prepared, Watcher
from simulator.result import Result


@dataclass(frozen=True)
class Decided:
    """A plan, the network without any action, the plan's years, and a trade-off where one was asked for."""

    plan: Plan
    no_action: Plan
    operation: operation.Operation
    frontier: pd.DataFrame | None = None


def measure_decided(prepared: Prepared, decided: Decided, watcher: Watcher, seconds: dict[str, float]) -> Result:
    """Operate the network without action, measure, staff, evaluate and audit both.

    Parameters
    ----------
    prepared
        What the plan was decided from.
    decided
        The plan and what it is compared with.
    watcher
        Told of progress.
    seconds
        Step → wall seconds so far; the steps done here are added.
    """
    no_action, run = decided.no_action, decided.operation
    plan = replace(decided.plan, capital=capacity.by_source(decided.plan.capital, prepared.district))
    with timed(_("运行与指标"), watcher, seconds):
        present = planning.operated(prepared, no_action)
        units = prepared.district.units
        measured = indicators.measure(
            plan,
            no_action,
            run,
            present,
            prepared.projection.plan_demand,
            prepared.supply,
            prepared.access,
            prepared.costs,
            prepared.standards,
            prepared.scenario,
            units,
        )
        warned = planning.alerts(prepared, [(plan, run), (no_action, present)])
        risk = indicators.measure_risk(
            prepared.projection, (plan, no_action), prepared.supply, prepared.standards, prepared.scenario
        )
        reach = planning.reach(prepared, plan)
    with timed(_("师资"), watcher, seconds):
        staff = planning.staff(prepared, run, present)
    with timed(_("督导评估与校核"), watcher, seconds):
        facts = planning.facts(prepared, staff)
        board = planning.board(prepared, facts, [(plan, run), (no_action, present)])
        money = planning.finance(prepared, facts, [(plan, run), (no_action, present)], staff, measured.moved)
        audited = audit.audit_networks(_evidence(prepared, plan, no_action, run, present, facts))
    return Result(
        scenario=prepared.scenario,
        scenario_path=prepared.scenario_path,
        standards=prepared.standards,
        district=prepared.district,
        supply=prepared.supply,
        access=prepared.access,
        costs=prepared.costs,
        catchments=prepared.catchments,
        territory=prepared.territory,
        projection=prepared.projection,
        plan=plan,
        no_action=no_action,
        operation=run,
        no_action_operation=present,
        indicators=measured,
        audit=audited,
        seconds=seconds,
        alerts=warned,
        risk=risk,
        frontier=decided.frontier,
        facts=facts,
        board=board,
        staff=staff,
        finance=money,
        closures=_closures(prepared, decided, present),
        class_vectors=indicators.class_vectors(
            indicators.Operated(plan, run, no_action, present),
            prepared.supply,
            prepared.standards,
            prepared.scenario.plan_years,
        ),
        reach=reach,
    )


def _evidence(
    prepared: Prepared,
    plan: Plan,
    no_action: Plan,
    run: operation.Operation,
    present: operation.Operation,
    facts: indicators.BoardFacts,
) -> audit.Evidence:
    return audit.Evidence(
        scenario=prepared.scenario,
        standards=prepared.standards,
        supply=prepared.supply,
        access=prepared.access,
        demand=prepared.projection.plan_demand,
        catchments=prepared.catchments,
        territory=prepared.territory,
        plan=plan,
        no_action=no_action,
        operation=run,
        no_action_operation=present,
        units=pd.DataFrame(prepared.district.units.drop(columns="geometry")),
        admission_plan=prepared.district.admission_plan,
        facts=facts,
        opinions=prepared.district.opinions,
        procedure=prepared.district.procedure,
    )


def _closures(prepared: Prepared, decided: Decided, present: operation.Operation) -> indicators.Closures:
    return indicators.examine_closures(
        indicators.ClosingEvidence(
            plan=decided.plan,
            operation=decided.operation,
            no_action_operation=present,
            supply=prepared.supply,
            access=prepared.access,
            standards=prepared.standards,
            scenario=prepared.scenario,
            units=pd.DataFrame(prepared.district.units.drop(columns="geometry")),
            opinions=prepared.district.opinions,
            procedure=prepared.district.procedure,
        )
    )


@contextmanager
def timed(name: str, watcher: Watcher, seconds: dict[str, float]) -> Iterator[None]:
    """Tell of a step as it begins, and note how long it took."""
    watcher.step(name)
    began = time.perf_counter()
    yield
    seconds[name] = time.perf_counter() - began
