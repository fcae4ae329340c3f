"""A stored result audited again, from its tables alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from simulator.audit import Audit, Evidence, audit_networks
from simulator.indicators import measure
from simulator.operation import Operation, operate
from simulator.outputs.manifest import Changes, changes_since, read_manifest
from simulator.outputs.read_back import Edits, read_edits
from simulator.outputs.read_back_plan import Prices, edited_plan
from simulator.outputs.read_back_totals import total_figures
from simulator.outputs.stored import StoredResult
from simulator.plan import Plan
from simulator.terms import use_system


def audit_stored(stored: StoredResult) -> Audit:
    """Operate both networks of a stored result anew and audit them.

    Parameters
    ----------
    stored
        A result read back, whose plan may have been edited by hand.

    Returns
    -------
    Audit
        What the audit finds now; of an unchanged result, what it found when the result was written.
    """
    use_system(stored.scenario.district.system)
    evidence = Evidence(
        scenario=stored.scenario,
        standards=stored.standards,
        supply=stored.supply,
        access=stored.access,
        demand=stored.demand,
        catchments=stored.catchments,
        territory=stored.territory,
        plan=stored.plan,
        no_action=stored.no_action,
        operation=_operated(stored, stored.plan),
        no_action_operation=_operated(stored, stored.no_action),
        units=stored.units,
        admission_plan=stored.admission_plan,
        facts=stored.board_facts,
        opinions=stored.opinions,
        procedure=stored.procedure,
    )
    return audit_networks(evidence)


def read_plan_edits(stored: StoredResult, file: Path) -> Edits:
    """What a planner changed in plan.gpkg or plan.xlsx, as it concerns a stored result (:func:`read_edits`)."""
    use_system(stored.scenario.district.system)
    return read_edits(file, stored.supply, stored.units["unit_id"].astype(str), stored.district[0])


def with_edits(stored: StoredResult, edits: Edits) -> StoredResult:
    """The stored result with a planner's changes in its plan, operated and measured anew.

    Parameters
    ----------
    stored
        A result read back.
    edits
        Changes of :func:`read_plan_edits`.
    """
    prices = Prices(stored.supply, stored.costs, stored.scenario)
    plan = edited_plan(stored.plan, edits.zones, edits.works, prices)
    operation = _operated(stored, plan)
    measured = measure(
        plan,
        stored.no_action,
        operation,
        stored.no_action_operation,
        stored.demand,
        stored.supply,
        stored.access,
        stored.costs,
        stored.standards,
        stored.scenario,
        stored.units,
    )
    return replace(stored, plan=plan, operation=operation, indicators=measured)


def stored_totals(stored: StoredResult, audit: Audit) -> dict[str, float]:
    """Totals of a stored plan with the findings of an audit."""
    return total_figures(stored.plan, stored.indicators, audit.findings, stored.supply.sections, stored.scenario)


def stored_changes(folder: Path) -> Changes | None:
    """Which files of a result were changed since it was written; None where its manifest cannot be read."""
    manifest = read_manifest(folder)
    return None if manifest is None else changes_since(folder, manifest)


def _operated(stored: StoredResult, plan: Plan) -> Operation:
    return operate(plan, stored.demand, stored.supply, stored.access, stored.classes)
