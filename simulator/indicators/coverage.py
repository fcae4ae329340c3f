"""服务半径覆盖率: children within the service radius of an open school."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from simulator.capacity.access import Access
from simulator.capacity.supply import Supply
from simulator.indicators.network import unit_table
from simulator.indicators.townships import with_whole_district
from simulator.projection.demand import Demand
from simulator.standards import Standards
from simulator.terms import AreaKind, Band, Stage

RADIUS_STAGES = (Stage.KINDERGARTEN, Stage.PRIMARY, Stage.JUNIOR)
_KEY = ["year", "stage", "township"]


def radius_m(standards: Standards, stage: Stage, area_kind: str) -> float:
    """Service radius in metres: the town's, or the country's for village units."""
    norm = "radius_m_rural" if area_kind == AreaKind.VILLAGE else "radius_m"
    return standards.value(f"{norm}.{stage}")


def covered_children(
    running: pd.DataFrame,
    demand: Demand,
    supply: Supply,
    access: Access,
    standards: Standards,
    units: pd.DataFrame,
) -> pd.DataFrame:
    """Children of every unit and band, and the km to the nearest open section that runs their grades.

    Parameters
    ----------
    running
        year, section_id of the open sections, in the years to be measured.
    demand, supply, access, standards, units
        What they are measured with.

    Returns
    -------
    pandas.DataFrame
        year, stage, band, unit_id, township, children, km (inf = none), radius_m, within (bool).
    """
    km = access.pairs.pivot_table(index="unit_id", columns="site_id", values="km", dropna=False)
    homes = unit_table(units).reindex(list(demand.units))
    frames = [
        _covered_band(band, running, demand, supply, km.reindex(index=list(demand.units)), standards, homes)
        for band in supply.bands
        if band.stage in RADIUS_STAGES
    ]
    rows = pd.concat([frame for band_frames in frames for frame in band_frames], ignore_index=True)
    return rows.assign(within=rows["km"] * 1000 <= rows["radius_m"])


def _covered_band(
    band: Band,
    running: pd.DataFrame,
    demand: Demand,
    supply: Supply,
    km: pd.DataFrame,
    standards: Standards,
    homes: pd.DataFrame,
) -> list[pd.DataFrame]:
    """One frame a year."""
    radius = homes["area_kind"].map(lambda kind: radius_m(standards, band.stage, kind)).to_numpy(np.float64)
    children = demand.of(band.stage, band.grades)
    covering = [section for section in supply.sections.index if supply.covers(section, band)]
    site_of = supply.sections.loc[covering, "site_id"]
    frames = []
    measured: dict[frozenset[str], npt.NDArray[np.float64]] = {}
    for year, sections in running[running["section_id"].isin(covering)].groupby("year")["section_id"]:
        sites = site_of[list(sections)].unique()
        # The years of a phase have the same schools.
        nearest = measured.get(frozenset(sites))
        if nearest is None:
            nearest = km.reindex(columns=sites).min(axis=1).fillna(np.inf).to_numpy(np.float64)
            measured[frozenset(sites)] = nearest
        columns = {
            "year": year,
            "stage": band.stage.value,
            "band": band.band_id,
            "unit_id": list(demand.units),
            "township": homes["township"].to_numpy(),
            "children": children[:, demand.years.index(int(str(year)))],
            "km": nearest,
            "radius_m": radius,
        }
        frames.append(pd.DataFrame(columns))
    return frames


def coverage(covered: pd.DataFrame) -> pd.DataFrame:
    """Share of children within the service radius, by stage, township and year.

    `radius_m` is the radius that holds for most of the children of the row.

    Returns
    -------
    pandas.DataFrame
        As `Indicators.coverage`, without `network`.
    """
    rows = with_whole_district(covered)
    rows = rows.assign(inside=rows["children"].where(rows["within"], 0.0))
    table = rows.groupby(_KEY, as_index=False).agg(children=("children", "sum"), within_radius=("inside", "sum"))
    by_radius = rows.groupby([*_KEY, "radius_m"])["children"].sum().reset_index()
    most = by_radius.sort_values("children", kind="stable").drop_duplicates(_KEY, keep="last")
    share = table["within_radius"] / table["children"].where(table["children"] > 0)
    return table.assign(share=share).join(most.set_index(_KEY)["radius_m"], on=_KEY)
