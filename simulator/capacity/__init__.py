"""What the network can offer: seats, journeys, costs, and today's catchments."""

from __future__ import annotations

from simulator.capacity.access import Access, minutes_column
from simulator.capacity.costs import Costs, StageCosts
from simulator.capacity.journeys import measure_access
from simulator.capacity.prices import build_costs
from simulator.capacity.protection import protect_isolated
from simulator.capacity.seats import build_supply
from simulator.capacity.supply import Catchments, Supply
from simulator.capacity.today import present_catchments

__all__ = [
    "Access",
    "Catchments",
    "Costs",
    "StageCosts",
    "Supply",
    "build_costs",
    "build_supply",
    "measure_access",
    "minutes_column",
    "present_catchments",
    "protect_isolated",
]
