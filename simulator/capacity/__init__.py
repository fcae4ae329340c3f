"""What the network can offer: seats, journeys, costs, territory, and today's catchments."""

from __future__ import annotations

from simulator.capacity.access import Access, minutes_column
from simulator.capacity.costs import Costs, StageCosts
from simulator.capacity.decisions import impossible_decisions
from simulator.capacity.journeys import measure_access
from simulator.capacity.prices import build_costs
from simulator.capacity.protection import protect_isolated
from simulator.capacity.seats import build_supply
from simulator.capacity.supply import Catchments, Supply
from simulator.capacity.territory import Territory, build_territory
from simulator.capacity.today import present_catchments
from simulator.capacity.ways import provide_ways, ways_taken
from simulator.capacity.zones import shared_zones

__all__ = [
    "Access",
    "Catchments",
    "Costs",
    "StageCosts",
    "Supply",
    "Territory",
    "build_costs",
    "build_supply",
    "build_territory",
    "impossible_decisions",
    "measure_access",
    "minutes_column",
    "present_catchments",
    "protect_isolated",
    "provide_ways",
    "shared_zones",
    "ways_taken",
]
