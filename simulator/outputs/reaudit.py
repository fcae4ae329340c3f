"""A stored result audited again, from its tables alone."""

from __future__ import annotations

from pathlib import Path

from simulator.audit import Audit, Evidence, audit_networks
from simulator.operation import Operation, operate
from simulator.outputs.manifest import Changes, changes_since, read_manifest
from simulator.outputs.stored import StoredResult
from simulator.plan import Plan


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
    )
    return audit_networks(evidence)


def stored_changes(folder: Path) -> Changes | None:
    """Which files of a result were changed since it was written; None where its manifest cannot be read."""
    manifest = read_manifest(folder)
    return None if manifest is None else changes_since(folder, manifest)


def _operated(stored: StoredResult, plan: Plan) -> Operation:
    return operate(plan, stored.demand, stored.supply, stored.access, stored.classes)
