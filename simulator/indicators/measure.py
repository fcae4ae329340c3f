"""All indicators of a run."""

from __future__ import annotations

import pandas as pd

from simulator.capacity.access import Access
from simulator.capacity.costs import Costs
from simulator.capacity.supply import Supply
from simulator.indicators.class_sizes import class_sizes_by_stage
from simulator.indicators.coverage import coverage, covered_children
from simulator.indicators.figures import Indicators
from simulator.indicators.money import money
from simulator.indicators.moved import moved
from simulator.indicators.network import lay_out
from simulator.indicators.schools import schools
from simulator.indicators.seats import seats
from simulator.indicators.transport import transport
from simulator.indicators.travel import travel
from simulator.operation import Operation
from simulator.plan import Plan
from simulator.projection.demand import Demand
from simulator.scenario.settings import Scenario
from simulator.standards import Standards


def measure(
    plan: Plan,
    no_action: Plan,
    operation: Operation,
    no_action_operation: Operation,
    demand: Demand,
    supply: Supply,
    access: Access,
    costs: Costs,
    standards: Standards,
    scenario: Scenario,
    units: pd.DataFrame,
) -> Indicators:
    """Figures of both networks, side by side.

    Parameters
    ----------
    plan, operation, no_action, no_action_operation
        The two networks and their years.
    demand, supply, access, costs, standards, scenario
        What they are measured with.
    units
        unit_id (column or index), township, area_kind.

    Returns
    -------
    Indicators
        The plan's rows first.
    """
    frames: dict[str, list[pd.DataFrame]] = {
        name: [] for name in ("seats", "class_sizes", "coverage", "travel", "money", "schools", "transport")
    }
    for network, years in ((plan, operation), (no_action, no_action_operation)):
        measured = lay_out(network, years, demand, supply, standards, scenario, units)
        running = measured.sections.index[measured.sections["open"]].to_frame(index=False)
        covered = coverage(covered_children(running, demand, supply, access, standards, units))
        frames["seats"].append(seats(measured, years))
        frames["class_sizes"].append(class_sizes_by_stage(measured, standards))
        frames["coverage"].append(covered.assign(network=network.network)[["network", *covered.columns]])
        frames["travel"].append(travel(measured, access))
        carried = transport(measured, supply, costs)
        frames["transport"].append(carried)
        frames["money"].append(money(measured, network, costs, carried))
        frames["schools"].append(schools(measured))
    joined = {name: pd.concat(pair, ignore_index=True) for name, pair in frames.items()}
    return Indicators(**joined, moved=moved(plan, demand, supply, access))
