"""A stored result as the maps take it: shapes of its units, schools and decisions."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from simulator.errors import InputError
from simulator.language import current_language
from simulator.language import translate as _
from simulator.outputs import stamp
from simulator.outputs.comparison.comparison import Comparison
from simulator.outputs.comparison.sides import Side
from simulator.outputs.maps.shapes import unit_polygons
from simulator.outputs.maps.view import MapView, crs_name
from simulator.outputs.read_back_files import read_written
from simulator.outputs.stored import StoredResult
from simulator.outputs.titles import stamped, unstamped
from simulator.terms import Network

PICTURE_DPI = 200
"""Dots per inch of every picture of a comparison: they go into documents and a page, not on a wall."""


def unit_shapes(stored: StoredResult) -> np.ndarray:
    """Shapes of the units in the order of `stored.units`: those of plan.gpkg, else their points."""
    wanted = stored.units["unit_id"].astype(str)
    try:
        layer = read_written(stored.folder / "plan.gpkg").units
    except InputError:
        layer = None
    if layer is not None and layer.shapes is not None:
        shapes = pd.Series(layer.shapes.to_numpy(), index=layer.cells["unit_id"].astype(str))
        if set(shapes.index) == set(wanted) and not shapes.isna().any():
            return np.asarray(shapes.loc[list(wanted)], dtype=object)
    return np.asarray(shapely.points(stored.units[["x", "y"]].to_numpy(np.float64)), dtype=object)


def map_views(comparison: Comparison) -> dict[str, MapView]:
    """Key of each plan → its view, all on the shapes of the first."""
    units, crs = comparison.first.units, comparison.first.facts["crs"]
    columns = [name for name in ("unit_id", "name", "township", "county", "area_kind") if name in units]
    shapes = gpd.GeoDataFrame(units[columns], geometry=unit_shapes(comparison.first), crs=crs)
    cells, are_points = unit_polygons(shapes)
    frame = shapes.set_geometry(cells).set_crs(crs).set_index("unit_id")
    frame["area_km2"] = frame.area / 1e6
    sites = _all_sites(comparison)
    return {side.key: _view(comparison, side, frame, sites, are_points=are_points) for side in comparison.plans}


def _all_sites(comparison: Comparison) -> pd.DataFrame:
    """Sites of all plans, so that the extent is the same; named as the comparison names them."""
    tables = [side.stored.supply.sites for side in comparison.plans]
    sites = pd.concat(tables)
    sites = sites[~sites.index.duplicated()]
    return sites.assign(name=[comparison.names[str(site)] for site in sites.index])


def _view(
    comparison: Comparison, side: Side, units: gpd.GeoDataFrame, sites: pd.DataFrame, *, are_points: bool
) -> MapView:
    stored, horizon = side.stored, side.stored.scenario.horizon
    year = comparison.year or horizon.target_year
    nothing = pd.DataFrame()
    both = (stored.plan, stored.no_action)
    title = unstamped(stored.district[1] or stored.district[0])
    return MapView(
        title=stamped(title, invented=comparison.is_invented),
        footer=_footer(comparison),
        notes=_notes(comparison, are_points=are_points),
        language=current_language(),
        dpi=PICTURE_DPI,
        internal=True,
        crs=stored.facts["crs"],
        years={"base": horizon.base_year, "near": year, "target": year},
        tightest={},
        units=units,
        residents=nothing,
        sites=sites,
        sections=stored.supply.sections,
        phases=stored.plan.phases,
        plan_sections=pd.concat([plan.sections.assign(network=plan.network) for plan in both], ignore_index=True),
        catchments=pd.concat([plan.catchments.assign(network=plan.network) for plan in both], ignore_index=True),
        actions=stored.plan.actions[stored.plan.actions["year"] <= year],
        schools=stored.indicators.schools,
        moves=nothing,
        ferries=(),
    )


def _footer(comparison: Comparison) -> str:
    parts = [
        _("坐标系：{crs}").format(crs=crs_name(comparison.first.facts["crs"])),
        _("编制单位：{author}").format(author=comparison.first.scenario.outputs.author or _("（未填写）")),
        _("制图日期：{date}").format(date=stamp.created().date().isoformat()),
    ]
    return "　".join(parts)


def _notes(comparison: Comparison, *, are_points: bool) -> tuple[str, ...]:
    notes = [_("地理与校名为虚构，总量采用公开数据，仅供演示")] if comparison.is_invented else []
    if are_points:
        notes.append(_("划片单元为点，边界按最近点示意"))
    return tuple(notes)


def zoned(view: MapView, stage: str, year: int) -> pd.Series:
    """unit_id → the section that most children of a stage are zoned to, over all units; empty where unserved."""
    found: pd.Series = view.catchments_in(Network.PLAN, stage, year).reindex(view.units.index).fillna("")
    return found
