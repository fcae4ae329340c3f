"""Children of the page: of every unit by stage and year, and against the seats of every township."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from simulator.outputs.geopackage.view import GisView
from simulator.outputs.maps.view import MAPPED_STAGES
from simulator.outputs.tables import demand_totals
from simulator.outputs.webpage.plain import wholes
from simulator.projection.bands import DISTRICT
from simulator.terms import Network, Stage

_SEATS = ("seats_standard", "shortage", "spare")


def children(view: GisView, units: pd.Index, years: list[int]) -> dict[str, list[list[int | None]]]:
    """Stage → for each unit its children by year."""
    demand = view.result.projection.plan_demand
    columns = [demand.years.index(year) for year in years]
    order = pd.Index(demand.units).get_indexer(units)
    townships = view.units["township"].reindex(units).to_numpy()
    return {
        stage.value: wholes(view.counts(demand.of(stage)[:, columns][order], townships))
        for stage in MAPPED_STAGES
        if any(own is stage for own, _grade in demand.cells)
    }


def balance(view: GisView, places: list[str], years: list[int]) -> dict[str, Any]:
    """Seats against children where the schools stand, as the indicator of seats has them.

    Returns
    -------
    dict
        Stage → children (lists of a place, the whole district first) by year; of both networks seats_standard, shortage, spare.
    """
    table = view.result.indicators.seats
    wide = table.pivot_table(
        index=["stage", "network", "township"], columns="year", values=["children", *_SEATS], dropna=False
    )
    found: dict[str, Any] = {}
    for stage in dict.fromkeys(table["stage"]):
        own: dict[str, Any] = {}
        for network in Network:
            here = wide.loc[(stage, network.value)].reindex(places)
            number = view.counts(here["children"][years].to_numpy(np.float64))
            few = np.isnan(number)
            own.setdefault("children", wholes(number))
            own[network.value] = {
                name: wholes(np.where(few, np.nan, view.counts(here[name][years].to_numpy(np.float64))))
                for name in _SEATS
            }
        found[str(stage)] = own
    return found


def spread(view: GisView, years: list[int]) -> dict[str, dict[str, Any]]:
    """Stage → low and high children of the district by year: the middle 80 % of the draws, or the variants' range."""
    bands = view.result.projection.bands
    totals = demand_totals(view.result.projection)
    found: dict[str, dict[str, Any]] = {}
    for stage in totals["stage"].unique():
        drawn = bands.of(DISTRICT, stage=Stage(str(stage))).set_index("year").reindex(years)
        own = totals[totals["stage"] == stage]
        by_variant = own.pivot_table(index="year", columns="variant", values="children", aggfunc="sum").reindex(years)
        known = bool(drawn["p10"].notna().any())
        low, high = (drawn["p10"], drawn["p90"]) if known else (by_variant.min(axis=1), by_variant.max(axis=1))
        found[str(stage)] = {
            "drawn": int(known),
            "low": wholes(view.counts(low.to_numpy(np.float64))),
            "high": wholes(view.counts(high.to_numpy(np.float64))),
        }
    return found
