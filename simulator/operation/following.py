"""随并率 in operation: children of a closed school who go to school in a town instead of following."""

from __future__ import annotations

from typing import cast

import numpy as np
import pandas as pd

from simulator.capacity.access import Access
from simulator.capacity.supply import Supply
from simulator.capacity.ways import ways_taken
from simulator.operation.cohorts import Shares
from simulator.operation.shares import BoolArray, Matrix, keep_columns, matrix_of, row_sums, scale_rows, widen
from simulator.operation.zones import UNSERVED, Zones
from simulator.plan import Plan
from simulator.terms import Band, Way


def settled_share(plan: Plan, supply: Supply) -> pd.DataFrame:
    """Who has gone to a town, phase by phase: rows of `Supply.following` whose school of today does not run.

    Returns
    -------
    pandas.DataFrame
        phase and the columns of `Supply.following`.
    """
    rows = supply.following
    if rows.empty:
        return rows.assign(phase=pd.Series(dtype=int))
    running = plan.sections[plan.sections["open"].astype(bool)]
    runs = pd.MultiIndex.from_frame(running[["phase", "section_id"]])
    every = plan.phases[["phase"]].merge(rows, how="cross")
    closed = ~pd.MultiIndex.from_frame(every[["phase", "section_id"]]).isin(runs)
    return every[closed & (every["phase"] > 0)]


def with_settlers(
    zones: Zones, band: Band, shares: Shares, settled: pd.DataFrame, units: tuple[str, ...], phases: list[int]
) -> tuple[tuple[str, ...], Shares]:
    """Places and shares of a band with those who go to school in a town.

    They leave every place of the unit's catchment in proportion; schools without a catchment keep their share.

    Parameters
    ----------
    zones, shares
        The stage, and shares of the band without 随并率.
    settled
        As :func:`settled_share`.
    units, phases
        The units, and the number of the phase of each year.
    """
    rows = settled[settled["band"] == band.band_id]
    if rows.empty:
        return zones.places, shares
    added = [town for town in dict.fromkeys(rows["to_section"]) if town not in zones.places]
    places = (*zones.places[:-1], *added, UNSERVED)
    aside = np.insert(zones.aside, [len(zones.aside) - 1] * len(added), values=False)
    unit = pd.Index(units).get_indexer(pd.Index(rows["unit_id"]))
    town = pd.Index(places).get_indexer(pd.Index(rows["to_section"]))
    share, of_phase = rows["share"].to_numpy(np.float64), rows["phase"].to_numpy()

    def gone(phase: int) -> Matrix:
        now = np.flatnonzero((of_phase == phase) & (unit >= 0))
        return matrix_of(unit[now], town[now], share[now], (len(units), len(places)))

    leaving = {phase: gone(phase) for phase in set(phases)}
    return places, tuple(
        tuple(
            _without(widen(found, len(added)), aside, leaving[phase])
            for found, phase in zip(years, phases, strict=True)
        )
        for years in shares
    )


def _without(found: Matrix, aside: BoolArray, gone: Matrix) -> Matrix:
    """Shares of one grade and year in which some have gone to a town."""
    zoned = keep_columns(found, ~aside)
    total = row_sums(zoned)
    leaving = np.minimum(row_sums(gone), total)
    staying = scale_rows(zoned, 1 - leaving / np.where(total > 0, total, 1.0))
    return cast("Matrix", keep_columns(found, aside) + staying + gone)


def ways_of_flows(flows: pd.DataFrame, today: pd.DataFrame, plan: Plan, supply: Supply, access: Access) -> pd.DataFrame:
    """How children come to school, flow by flow: on their own, by bus, boarding, or settled in a town.

    Parameters
    ----------
    flows
        year, unit_id, band, section_id (empty = no school).
    today
        unit_id, band, section_id of the catchments of today, whose children come as they do today.
    plan, supply, access
        Its catchments; who does not follow; ways that a plan provides.

    Returns
    -------
    pandas.DataFrame
        As :func:`simulator.capacity.ways.ways_taken`.
    """
    taken = ways_taken(flows, access, today)
    settled = settled_share(plan, supply).drop_duplicates(["phase", "unit_id", "band", "to_section"])
    if settled.empty:
        return taken
    phase = flows["year"].map({year: plan.phase_of(year) for year in flows["year"].unique()})
    key = ["phase", "unit_id", "band", "section_id"]
    keyed = flows.assign(phase=phase)[key]
    towns = settled.drop(columns="section_id").rename(columns={"to_section": "section_id", "minutes": "settled"})
    minutes = keyed.merge(towns[[*key, "settled"]], on=key, how="left")["settled"].to_numpy(float)
    zoned = pd.MultiIndex.from_frame(keyed).isin(pd.MultiIndex.from_frame(plan.catchments[key]))
    moved = ~np.isnan(minutes) & ~zoned
    return pd.DataFrame(
        {
            "way": np.where(moved, Way.SETTLED.value, taken["way"]),
            "minutes": np.where(moved, minutes, taken["minutes"]),
        },
        index=flows.index,
    )
