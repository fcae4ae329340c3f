"""What a run starts from: a scenario with everything that is known before a decision, and what is asked of it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypedDict

import pandas as pd

from simulator import capacity, model, projection
from simulator.inputs import District
from simulator.model.solve import Progress
from simulator.plan import Plan
from simulator.scenario import Scenario
from simulator.standards import Standards


@dataclass(frozen=True)
class Watcher:
    """How a run tells of itself and is stopped.

    Parameters
    ----------
    step
        Told the name of each step as it starts.
    progress
        Told of the solver's best plan and bound.
    stopped
        Asked whether to stop; the best plan so far is kept.
    sized
        Told how large the model is, before it is solved.
    """

    step: Callable[[str], None] = lambda _name: None
    progress: Callable[[Progress], None] | None = None
    stopped: Callable[[], bool] = lambda: False
    sized: Callable[[model.Size], None] = lambda _size: None


@dataclass(frozen=True)
class Request:
    """What is asked of a run beside its scenario.

    Parameters
    ----------
    starts
        Earlier plans to start from.
    bound, known
        Yuan a year that no plan is below, and `Plan.goals`, of an earlier run of the very same model.
    near
        An earlier plan from which changes have a price.
    frontier, points
        Two goals whose trade-off is drawn, and plans on its curve.
    """

    starts: tuple[Plan, ...] = ()
    bound: float = -math.inf
    known: pd.DataFrame | None = None
    near: Plan | None = None
    frontier: tuple[str, str] | None = None
    points: int = 5


@dataclass(frozen=True)
class Prepared:
    """A scenario with everything that is known before a decision is taken."""

    scenario: Scenario
    scenario_path: Path
    standards: Standards
    district: District
    supply: capacity.Supply
    access: capacity.Access
    costs: capacity.Costs
    catchments: capacity.Catchments
    territory: capacity.Territory
    projection: projection.Projection
    seconds: dict[str, float] = field(default_factory=dict)


class Grounds(TypedDict):
    """Where children can be taught, and how they get there: the fields of :class:`Prepared` of the same names."""

    supply: capacity.Supply
    access: capacity.Access
    costs: capacity.Costs
    catchments: capacity.Catchments
    territory: capacity.Territory


def grounds(scenario: Scenario, standards: Standards, district: District) -> Grounds:
    """Seats, journeys, unit costs, present catchments and adjacency of a district."""
    supply = capacity.build_supply(district, scenario, standards)
    access = capacity.measure_access(district, supply, scenario.access)
    access = capacity.provide_ways(access, supply, district, standards)
    supply = capacity.protect_isolated(supply, access, standards)
    supply = capacity.keep_vetoed(capacity.close_where_asked(supply, scenario), district.opinions, scenario, standards)
    catchments = capacity.present_catchments(district, supply, access)
    supply = capacity.with_following(supply, access, catchments, district.arrangements, scenario)
    territory = capacity.build_territory(district, supply, catchments)
    return Grounds(
        supply=capacity.with_counties(supply, territory.homes, district.units, scenario),
        access=access,
        costs=capacity.build_costs(standards, scenario.objective.discount_rate),
        catchments=catchments,
        territory=territory,
    )
