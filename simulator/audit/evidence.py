"""What the audit may look at: tables and settings, never the model."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from simulator.capacity.access import Access
from simulator.capacity.supply import Catchments, Supply
from simulator.capacity.territory import Territory
from simulator.indicators.board import BoardFacts
from simulator.operation import Operation
from simulator.plan import Plan
from simulator.projection.demand import Demand
from simulator.scenario.settings import Scenario
from simulator.standards import Standards


@dataclass(frozen=True)
class Evidence:
    """Both networks, and what they are held against.

    Parameters
    ----------
    scenario, standards
        Settings and norm figures in force.
    supply, access, demand, catchments
        Seats, journeys, children and today's catchments.
    territory
        Neighbouring units, the units of the schools, what is exempt from connection.
    plan, operation
        The plan and its years.
    no_action, no_action_operation
        The present network without any action, and its years.
    units
        unit_id (column or index), name, township, area_kind; group of units that belong together, where there is one.
    admission_plan
        school_id, stage, year, seats.
    facts
        Facilities, teachers, declared items, children of kindergarten age.
    opinions, procedure
        What people said of closing a school, and the steps taken; as the district states them.
    """

    scenario: Scenario
    standards: Standards
    supply: Supply
    access: Access
    demand: Demand
    catchments: Catchments
    territory: Territory
    plan: Plan
    no_action: Plan
    operation: Operation
    no_action_operation: Operation
    units: pd.DataFrame
    admission_plan: pd.DataFrame
    facts: BoardFacts = field(default_factory=BoardFacts)
    opinions: pd.DataFrame = field(default_factory=pd.DataFrame)
    procedure: pd.DataFrame = field(default_factory=pd.DataFrame)
