"""通学时间: journeys of the children who have a school."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simulator.capacity.access import Access
from simulator.indicators.network import MeasuredNetwork
from simulator.indicators.townships import with_whole_district
from simulator.terms import Way, band_of

_KEY = ["network", "year", "stage", "township"]


def travel(measured: MeasuredNetwork, access: Access) -> pd.DataFrame:
    """Mean, 90th percentile and longest journey, and the children beyond a limit, where they live.

    Means, percentile and longest count the children who can get there at all every day, not boarders; `over_limit` counts
    children beyond the strictest limit of their grades and area, hard or advisory, and those without any way.

    Returns
    -------
    pandas.DataFrame
        As `Indicators.travel`.
    """
    rows = measured.flows[measured.flows["section_id"] != ""].assign(network=measured.network)
    rows = with_whole_district(rows.assign(limit=strictest_limits(rows, access)))
    boards = rows["way"] == Way.BOARDS
    finite = np.isfinite(rows["minutes"]) & ~boards
    beyond = ~boards & ~(rows["minutes"] <= rows["limit"])
    rows = rows.assign(
        reached=rows["children"].where(finite, 0.0),
        over_limit=rows["children"].where(beyond, 0.0),
        child_minutes=(rows["children"] * rows["minutes"]).where(finite, 0.0),
        child_km=(rows["children"] * rows["km"]).where(finite, 0.0),
        finite_minutes=rows["minutes"].where(finite),
    )
    sums = ["children", "over_limit", "reached", "child_minutes", "child_km"]
    table = rows.groupby(_KEY)[sums].sum().join(rows.groupby(_KEY)["finite_minutes"].max().rename("longest_min"))
    reached = table["reached"].where(table["reached"] > 0)
    table = table.assign(
        mean_min=table["child_minutes"] / reached,
        mean_km=table["child_km"] / reached,
        p90_min=weighted_percentile(rows[finite], 0.9),
    )
    return table.reset_index()[[*_KEY, "children", "mean_min", "p90_min", "longest_min", "mean_km", "over_limit"]]


def strictest_limits(rows: pd.DataFrame, access: Access) -> pd.Series[float]:
    """Strictest limit in minutes, hard or advisory, of each row's band and area_kind."""
    pair = ["band", "area_kind"]
    kinds = rows[pair].drop_duplicates()
    limits = [
        min(access.limit_of(band_of(band), kind, effect) for effect in ("hard", "advisory"))
        for band, kind in kinds.itertuples(index=False)
    ]
    found = rows[pair].merge(kinds.assign(limit=np.array(limits, dtype=float)), on=pair, how="left")
    return pd.Series(found["limit"].to_numpy(), index=rows.index)


def weighted_percentile(rows: pd.DataFrame, share: float) -> pd.Series[float]:
    """Minutes within which at least `share` of the children of each group arrive."""
    ordered = rows.sort_values([*_KEY, "minutes"], kind="stable")
    grouped = ordered.groupby(_KEY)["children"]
    # The dust of summed fractions must not push the percentile to the next journey.
    arrived = ordered[grouped.cumsum() >= share * grouped.transform("sum") - 1e-9]
    return arrived.groupby(_KEY)["minutes"].first()
