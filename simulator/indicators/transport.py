"""校车与寄宿: children whom the plan brings by school bus and who board, by school and year."""

from __future__ import annotations

import pandas as pd

from simulator.capacity.costs import Costs
from simulator.capacity.supply import Supply
from simulator.indicators.network import MeasuredNetwork
from simulator.terms import Way

_YUAN_A_WAN = 10_000
_KEY = ["network", "year", "section_id"]


def transport(measured: MeasuredNetwork, supply: Supply, costs: Costs) -> pd.DataFrame:
    """School bus seats and boarders of every section that has some, with the beds of its campus and their cost.

    Returns
    -------
    pandas.DataFrame
        As `Indicators.transport`.
    """
    rows = measured.flows.assign(network=measured.network)
    counts = {
        name: rows[rows["way"] == way].groupby(_KEY)["children"].sum()
        for name, way in (("bus_seats", Way.SCHOOL_BUS.value), ("boarders", Way.BOARDS.value))
    }
    table = pd.DataFrame(counts).fillna(0.0).astype(float).reset_index()
    yuan = table["bus_seats"] * costs.bus_pupil_year + table["boarders"] * costs.boarder_year
    beds = table["section_id"].astype(str).str.rsplit(":", n=1).str[0].map(supply.sites["beds"])
    table = table.assign(beds=beds.fillna(0.0).astype(float), cost_wan=yuan / _YUAN_A_WAN)
    return table[[*_KEY, "bus_seats", "boarders", "beds", "cost_wan"]].sort_values(_KEY, ignore_index=True)
