"""Everything that one run produced: what the outputs write and what the audit reads back."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from simulator.audit import Audit
from simulator.capacity.access import Access
from simulator.capacity.costs import Costs
from simulator.capacity.supply import Catchments, Supply
from simulator.capacity.territory import Territory
from simulator.indicators import (
    NO_ALERTS,
    NO_BOARD,
    NO_CLOSURES,
    NO_FINANCE,
    NO_REACH,
    NO_STAFF,
    Alerts,
    Board,
    BoardFacts,
    ClassVectors,
    Closures,
    Finance,
    Indicators,
    Reach,
    Staff,
    no_risk,
)
from simulator.inputs.district import District
from simulator.operation import Operation
from simulator.plan import Plan
from simulator.projection.demand import Projection
from simulator.scenario import Scenario
from simulator.standards import Standards


@dataclass(frozen=True)
class Result:
    """A finished run; `no_action` is the present network without any action, operated and audited beside the plan."""

    scenario: Scenario
    scenario_path: Path
    standards: Standards
    district: District
    supply: Supply
    access: Access
    costs: Costs
    catchments: Catchments
    territory: Territory
    projection: Projection
    plan: Plan
    no_action: Plan
    operation: Operation
    no_action_operation: Operation
    indicators: Indicators
    audit: Audit
    seconds: dict[str, float]
    """Step → wall seconds."""
    alerts: Alerts = NO_ALERTS
    """Warnings and peaks of both networks."""
    risk: pd.DataFrame = field(default_factory=no_risk)
    """Probabilities of shortage and surplus over the draws (:func:`simulator.indicators.risk.measure_risk`)."""
    frontier: pd.DataFrame | None = None
    """The trade-off of two goals, where it was asked for (:func:`simulator.model.frontier.frontier`)."""
    facts: BoardFacts = field(default_factory=BoardFacts)
    """What the evaluation board knows of the district beside seats and children."""
    board: Board = NO_BOARD
    """督导评估 of both networks, item by item and year by year."""
    class_vectors: ClassVectors = field(default_factory=ClassVectors)
    """Class sizes as vectors, and when the oversized ones end."""
    staff: Staff = NO_STAFF
    """Teachers needed and there, their transfers, recruitment and rotation, education groups."""
    finance: Finance = NO_FINANCE
    """Running cost by head, shares against the plan's own targets, what is done under each lever."""
    closures: Closures = NO_CLOSURES
    """Every closure examined: vetoes, journeys, procedure; schools that stay; the programme by year."""
    reach: Reach = NO_REACH
    """The cheapest further kindergartens that bring every rural child within the radius."""
