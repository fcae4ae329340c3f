"""What the network can offer: seats, journeys, costs, territory, and today's catchments."""

from __future__ import annotations

from simulator.capacity.access import Access, minutes_column
from simulator.capacity.costs import Costs, StageCosts
from simulator.capacity.counties import with_counties
from simulator.capacity.decisions import impossible_decisions
from simulator.capacity.following import with_following
from simulator.capacity.journeys import measure_access, measure_km
from simulator.capacity.levers import by_source, impossible_levers
from simulator.capacity.prices import build_costs
from simulator.capacity.protection import protect_isolated
from simulator.capacity.seats import build_supply
from simulator.capacity.supply import Catchments, Supply
from simulator.capacity.territory import Territory, build_territory
from simulator.capacity.today import present_catchments
from simulator.capacity.vetoes import (
    close_where_asked,
    entered_vetoes,
    keep_vetoed,
    vetoed_closures,
    vetoed_sections,
)
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
    "by_source",
    "close_where_asked",
    "entered_vetoes",
    "impossible_decisions",
    "impossible_levers",
    "keep_vetoed",
    "measure_access",
    "measure_km",
    "minutes_column",
    "present_catchments",
    "protect_isolated",
    "provide_ways",
    "shared_zones",
    "vetoed_closures",
    "vetoed_sections",
    "ways_taken",
    "with_counties",
    "with_following",
]
