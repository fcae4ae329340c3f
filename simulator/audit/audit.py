"""Both networks audited: every rule in force, every breach with its effect and where it comes from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields

import pandas as pd

from simulator.audit import (
    balance,
    children,
    classes,
    consolidation,
    decided,
    ground,
    journeys,
    limits,
    lodging,
    money,
    rooms,
    rural,
    tables,
    territory,
    timing,
    zoning,
)
from simulator.audit.case import Case
from simulator.audit.evidence import Evidence
from simulator.audit.finding import Audit, Finding
from simulator.audit.register import CHECKS, Breach
from simulator.rules import RULES, active
from simulator.terms import Effect, FindingStatus, Network

CHECK_MODULES = (
    balance,
    children,
    classes,
    consolidation,
    decided,
    ground,
    journeys,
    limits,
    lodging,
    money,
    rooms,
    rural,
    tables,
    territory,
    timing,
    zoning,
)
"""Modules whose import registers the checks."""

# A place is no worse than before within rounding.
_SAME = 1e-6


def audit_networks(evidence: Evidence) -> Audit:
    """Check every rule in force on the plan and on the present network, from tables alone.

    A finding is `inherited` where the same place fails the same rule at least as much in the base year, or in
    the same year of the present network without action; `declared` where the plan itself states it as shortage;
    else `new`.

    Parameters
    ----------
    evidence
        Both networks and what they are held against.

    Returns
    -------
    Audit
        Findings in the order of rules, networks, years and places.
    """
    rules = [name for name in RULES if name in active(evidence.scenario.rules.off, evidence.scenario.rules.on)]
    checked = [name for name in rules if name in CHECKS]
    present = Case(evidence, Network.NO_ACTION, evidence.no_action, evidence.no_action_operation)
    planned = Case(evidence, Network.PLAN, evidence.plan, evidence.operation)
    findings: list[Finding] = []
    for name in checked:
        registered = CHECKS[name]
        before = [] if registered.plan_only else list(registered.function(present))
        worst = _worst(before if registered.inherits else [], evidence.demand.years[0])
        findings += _findings(name, Network.PLAN, registered.function(planned), worst)
        findings += _findings(name, Network.NO_ACTION, before, worst)
    columns = [field.name for field in fields(Finding)]
    rows = [[getattr(finding, column) for column in columns] for finding in findings]
    return Audit(pd.DataFrame(rows, columns=columns), tuple(checked))


_Worst = dict[tuple[str, str, int | None], float]


def _worst(breaches: Iterable[Breach], base_year: int) -> _Worst:
    """Largest excess by place, scope and year of the present network; year None stands for the base year."""
    worst: _Worst = {}
    for breach in breaches:
        for year in (breach.year, None) if breach.year == base_year else (breach.year,):
            key = (breach.place_id, breach.scope, year)
            worst[key] = max(worst.get(key, 0.0), breach.excess)
    return worst


def _findings(name: str, network: Network, breaches: Iterable[Breach], worst: _Worst) -> list[Finding]:
    rule = RULES[name]
    found = []
    for breach in breaches:
        effect = breach.effect or rule.effect
        unsure = rule.certainty in {"C", "D"}
        found.append(
            Finding(
                rule=name,
                network=network,
                place_id=breach.place_id,
                place=breach.place,
                year=int(breach.year),
                figure=float(breach.figure),
                norm=float(breach.norm),
                unit=breach.unit,
                effect=Effect.ADVISORY if unsure else effect,
                status=_status(breach, worst),
                detail=breach.detail,
            )
        )
    return sorted(found, key=lambda finding: (finding.year, finding.place_id, finding.detail))


def _status(breach: Breach, worst: _Worst) -> FindingStatus:
    as_before = max(
        worst.get((breach.place_id, breach.scope, None), -1.0),
        worst.get((breach.place_id, breach.scope, breach.year), -1.0),
    )
    if as_before >= breach.excess - _SAME:
        return FindingStatus.INHERITED
    return FindingStatus.DECLARED if breach.declared else FindingStatus.NEW
