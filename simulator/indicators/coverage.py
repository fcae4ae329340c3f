"""服务半径覆盖率: children within the service radius of an open school."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simulator.capacity.access import Access
from simulator.capacity.supply import Supply
from simulator.indicators.network import MeasuredNetwork, unit_table
from simulator.indicators.townships import with_whole_district
from simulator.projection.demand import Demand
from simulator.standards import Standards
from simulator.terms import AreaKind, Stage

RADIUS_STAGES = (Stage.KINDERGARTEN, Stage.PRIMARY, Stage.JUNIOR)
_KEY = ["network", "year", "stage", "township"]


def radius_m(standards: Standards, stage: Stage, area_kind: str) -> float:
    """Service radius in metres: the town's, or the country's for village units."""
    norm = "radius_m_rural" if area_kind == AreaKind.VILLAGE else "radius_m"
    return standards.value(f"{norm}.{stage}")


def covered_children(
    measured: MeasuredNetwork,
    demand: Demand,
    supply: Supply,
    access: Access,
    standards: Standards,
    units: pd.DataFrame,
) -> pd.DataFrame:
    """Children of every unit, band and year, and the km to the nearest open section that runs their grades.

    Returns
    -------
    pandas.DataFrame
        network, year, stage, band, unit_id, township, children, km (inf = none), radius_m, within (bool).
    """
    table = unit_table(units).reindex(list(demand.units))
    km = access.pairs.pivot_table(index="unit_id", columns="site_id", values="km", dropna=False).reindex(
        index=list(demand.units)
    )
    running = measured.sections.index[measured.sections["open"]].to_frame(index=False)
    site_of = supply.sections["site_id"]
    frames = []
    for band in supply.bands:
        if band.stage not in RADIUS_STAGES:
            continue
        radius = table["area_kind"].map(lambda kind, stage=band.stage: radius_m(standards, stage, kind))
        children = demand.of(band.stage, band.grades)
        covering = {section for section in supply.sections.index if supply.covers(section, band)}
        for index, year in enumerate(demand.years):
            sections = running.loc[running["year"] == year, "section_id"]
            sites = site_of[[section for section in sections if section in covering]].unique()
            nearest = km.reindex(columns=sites).min(axis=1).fillna(np.inf)
            frames.append(
                pd.DataFrame(
                    {
                        "network": measured.network,
                        "year": year,
                        "stage": band.stage.value,
                        "band": band.band_id,
                        "unit_id": list(demand.units),
                        "township": table["township"].to_numpy(),
                        "children": children[:, index],
                        "km": nearest.to_numpy(np.float64),
                        "radius_m": radius.to_numpy(np.float64),
                    }
                )
            )
    rows = pd.concat(frames, ignore_index=True)
    return rows.assign(within=rows["km"] * 1000 <= rows["radius_m"])


def coverage(covered: pd.DataFrame) -> pd.DataFrame:
    """Share of children within the service radius, by stage, township and year.

    `radius_m` is the radius that holds for most of the children of the row.

    Returns
    -------
    pandas.DataFrame
        As `Indicators.coverage`.
    """
    rows = with_whole_district(covered)
    rows = rows.assign(inside=rows["children"].where(rows["within"], 0.0))
    table = rows.groupby(_KEY, as_index=False).agg(children=("children", "sum"), within_radius=("inside", "sum"))
    by_radius = rows.groupby([*_KEY, "radius_m"])["children"].sum().reset_index()
    most = by_radius.sort_values("children", kind="stable").drop_duplicates(_KEY, keep="last")
    share = table["within_radius"] / table["children"].where(table["children"] > 0)
    return table.assign(share=share).join(most.set_index(_KEY)["radius_m"], on=_KEY)
