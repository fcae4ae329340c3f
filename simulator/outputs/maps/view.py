"""What the maps show: a small picklable extract of a run, so that worker processes need nothing else."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from simulator.language import Language
from simulator.language import translate as _
from simulator.outputs import stamp
from simulator.outputs.moves import resettled
from simulator.outputs.titles import rezoning_words, site_names, stamped_title
from simulator.result import Result
from simulator.terms import Network, Stage

_AGES = {Stage.KINDERGARTEN: range(3, 6), Stage.PRIMARY: range(6, 12), Stage.JUNIOR: range(12, 15)}
_NATIONAL_CRS = re.compile(r"CGCS2000 / 3-degree Gauss-Kruger CM (\d+)E")
# Less than half a child is rounding.
_LEAST_SHORTAGE = 0.5
_MOST_VERTICES = 60_000
# A page with fewer sites than this is never crowded.
_MOST_SPARSE, _CORE_SHARE = 20, 0.4
MAPPED_STAGES = tuple(_AGES)
Bounds = tuple[float, float, float, float]
"""West, south, east, north."""


@dataclass(frozen=True)
class MapView:
    """Geometry, network and words of a run as the maps need them.

    Parameters
    ----------
    title, footer, notes
        Title of the scenario (stamped where the district is invented); line of facts under every map;
        lines that qualify what is seen.
    language, dpi, internal
        Language of the words, resolution, whether this is the internal edition.
    crs
        Projected CRS, metres.
    years
        base, near (last year of the phase five years on), target.
    tightest
        Stage → the year of the plan in which most seats are short without action.
    units
        Index unit_id: name, township, geometry (polygons), area_km2.
    residents
        unit_id, stage, year (base or target), children: residents of the ages of a stage.
    sites, sections
        As in Supply.
    phases, plan_sections, catchments, actions
        As in Plan; sections and catchments carry a network column.
    schools
        network, year, section_id, pupils, seats_standard.
    moves
        Pupils of sections that close and where they go: see :func:`simulator.outputs.moves.resettled`.
    ferries
        Lines of ferries.
    """

    title: str
    footer: str
    notes: tuple[str, ...]
    language: Language
    dpi: int
    internal: bool
    crs: str
    years: dict[str, int]
    tightest: dict[str, int]
    units: gpd.GeoDataFrame
    residents: pd.DataFrame
    sites: pd.DataFrame
    sections: pd.DataFrame
    phases: pd.DataFrame
    plan_sections: pd.DataFrame
    catchments: pd.DataFrame
    actions: pd.DataFrame
    schools: pd.DataFrame
    moves: pd.DataFrame
    ferries: tuple[object, ...]

    @cached_property
    def bounds(self) -> Bounds:
        """Extent of units and sites: west, south, east, north."""
        west, south, east, north = self.units.total_bounds
        return (
            min(west, float(self.sites["x"].min())),
            min(south, float(self.sites["y"].min())),
            max(east, float(self.sites["x"].max())),
            max(north, float(self.sites["y"].max())),
        )

    @cached_property
    def core(self) -> Bounds | None:
        """The part where most schools stand close together; None where the page shows them well enough.

        Half the sites nearest to their common middle, with a margin; worth a panel of its own where it
        spans less than two fifths of the district.
        """
        places = self.sites[["x", "y"]].to_numpy(dtype=float)
        middle = np.median(places, axis=0)
        near = np.argsort(np.abs(places - middle).max(axis=1), kind="stable")[: max(len(places) // 2, 1)]
        low, high = places[near].min(axis=0), places[near].max(axis=0)
        west, south, east, north = self.bounds
        whole, span = max(east - west, north - south), float((high - low).max())
        if len(places) < _MOST_SPARSE or not 0 < span < _CORE_SHARE * whole:
            return None
        margin = 0.18 * span
        return (*(low - margin).tolist(), *(high + margin).tolist())

    def phase_of(self, year: int) -> int:
        """Number of the phase of a year."""
        return int(self.phases.loc[self.phases["first_year"] <= year, "phase"].max())

    def bands_of(self, stage: str) -> list[str]:
        """Bands of a stage that have catchments."""
        bands = self.catchments["band"].drop_duplicates()
        return [band for band in bands if band == stage or band.startswith(f"{stage}_")]

    def catchments_in(self, network: str, stage: str, year: int) -> pd.Series:
        """unit_id → the section that most of its children of a stage are zoned to; empty where unserved."""
        rows = self.catchments
        rows = rows[
            (rows["network"] == network)
            & (rows["phase"] == self.phase_of(year))
            & rows["band"].isin(self.bands_of(stage))
        ]
        # The highest band names the school: a teaching point ends earlier than the school it belongs to.
        rows = rows.sort_values(["unit_id", "band", "share", "section_id"], ascending=[True, False, False, True])
        zoned: pd.Series = rows.drop_duplicates("unit_id").set_index("unit_id")["section_id"]
        return zoned

    def open_sections(self, network: str, year: int) -> pd.Index:
        """Sections that run in a year."""
        rows = self.plan_sections
        runs = (rows["network"] == network) & (rows["phase"] == self.phase_of(year)) & rows["open"].astype(bool)
        running: pd.Index = pd.Index(rows.loc[runs, "section_id"])
        return running


def map_view(result: Result) -> MapView:
    """Take from a run what the maps show.

    Parameters
    ----------
    result
        A finished run.

    Returns
    -------
    MapView
        Units as polygons: points become Voronoi cells, and the notes say so.
    """
    scenario, district = result.scenario, result.district
    cells, are_points = _polygons(district.units)
    units = gpd.GeoDataFrame(
        district.units[["unit_id", "name", "township"]].reset_index(drop=True), geometry=cells, crs=district.crs
    ).set_index("unit_id")
    units["area_km2"] = units.area / 1e6
    return MapView(
        title=stamped_title(result, district.title),
        footer=_footer(result),
        notes=_notes(result, are_points=are_points),
        language=scenario.outputs.language,
        dpi=scenario.outputs.dpi,
        internal=scenario.outputs.edition == "internal",
        crs=district.crs,
        years=_years(result),
        tightest=_tightest_years(result),
        units=units,
        residents=_residents(result),
        sites=result.supply.sites.assign(name=site_names(result)),
        sections=result.supply.sections,
        phases=result.plan.phases,
        plan_sections=_both(result, "sections"),
        catchments=_both(result, "catchments"),
        actions=result.plan.actions,
        schools=result.indicators.schools,
        moves=resettled(result),
        ferries=_ferries(result),
    )


def _ferries(result: Result) -> tuple[object, ...]:
    travel = result.district.travel
    return tuple(travel.geometry[travel["kind"] == "ferry"]) if len(travel) else ()


def _both(result: Result, name: str) -> pd.DataFrame:
    sides: list[pd.DataFrame] = [
        getattr(plan, name).assign(network=plan.network) for plan in (result.plan, result.no_action)
    ]
    return pd.concat(sides, ignore_index=True)


def _polygons(units: gpd.GeoDataFrame) -> tuple[np.ndarray, bool]:
    """Unit polygons, thinned where there are more vertices than a page can show; points get Voronoi cells."""
    shapes = units.geometry.to_numpy()
    if not all(shape.geom_type in {"Polygon", "MultiPolygon"} for shape in shapes):
        return _voronoi(shapely.point_on_surface(shapes)), True
    if shapely.get_num_coordinates(shapes).sum() > _MOST_VERTICES:
        west, south, east, north = units.total_bounds
        shapes = shapely.coverage_simplify(shapes, max(east - west, north - south) / 4000)
    return shapes, False


def _voronoi(points: np.ndarray) -> np.ndarray:
    """A cell for each point, within reach of the outermost points."""
    hull = shapely.convex_hull(shapely.multipoints(points))
    span = max(hull.bounds[2] - hull.bounds[0], hull.bounds[3] - hull.bounds[1], 1000.0)
    frame = hull.buffer(span * 0.04)
    distinct = shapely.multipoints(np.unique(shapely.get_coordinates(points), axis=0))
    cells = shapely.get_parts(shapely.voronoi_polygons(distinct, extend_to=frame))
    tree = shapely.STRtree(cells)
    own = tree.nearest(points)
    return np.asarray(shapely.intersection(cells[own], frame))


def _years(result: Result) -> dict[str, int]:
    horizon = result.scenario.horizon
    near = min(horizon.base_year + 5, horizon.target_year)
    return {"base": horizon.base_year, "near": near, "target": horizon.target_year}


def _tightest_years(result: Result) -> dict[str, int]:
    """Stage → year of most shortage without action; where nothing is short, of most children."""
    horizon = result.scenario.horizon
    seats = result.indicators.seats
    idle = seats[
        (seats["network"] == Network.NO_ACTION)
        & (seats["township"] == "")
        & seats["year"].between(horizon.base_year + 1, horizon.target_year)
    ]
    found = {}
    for stage, rows in idle.groupby("stage"):
        column = "shortage" if rows["shortage"].max() >= _LEAST_SHORTAGE else "children"
        found[str(stage)] = int(rows["year"].iloc[int(rows[column].to_numpy().argmax())])
    return found


def _residents(result: Result) -> pd.DataFrame:
    projection, horizon = result.projection, result.scenario.horizon
    population = np.asarray(projection.population[projection.planned])
    demand = projection.plan_demand
    parts = []
    for stage, ages in _AGES.items():
        for year in (horizon.base_year, horizon.target_year):
            children = population[:, list(ages), demand.years.index(year)].sum(axis=1)
            parts.append(
                pd.DataFrame({"unit_id": demand.units, "stage": stage.value, "year": year, "children": children})
            )
    return pd.concat(parts, ignore_index=True)


def crs_name(crs: str) -> str:
    """Name and code of a CRS, as it stands under a map."""
    known = CRS.from_user_input(crs)
    code = known.to_epsg()
    national = _NATIONAL_CRS.fullmatch(known.name)
    if national and code:
        return _("CGCS2000 3度带高斯—克吕格投影，中央经线{degrees}°E（EPSG:{code}）").format(
            degrees=national.group(1), code=code
        )
    return f"{known.name} (EPSG:{code})" if code else known.name


def _footer(result: Result) -> str:
    scenario = result.scenario
    years = {source.table: source.as_of for source in result.district.sources}
    as_of = years.get("classes", years.get("schools", scenario.horizon.base_year))
    parts = [
        _("坐标系：{crs}").format(crs=crs_name(result.district.crs)),
        _("数据截止：{year}年").format(year=as_of),
        _("编制单位：{author}").format(author=scenario.outputs.author or _("（未填写）")),
        _("制图日期：{date}").format(date=stamp.created().date().isoformat()),
    ]
    return "　".join(parts)


def _notes(result: Result, *, are_points: bool) -> tuple[str, ...]:
    notes = []
    if result.district.invented:
        notes.append(_("地理与校名为虚构，总量采用公开数据，仅供演示"))
    notes.append(rezoning_words(result.plan))
    if result.access.basis == "straight_line":
        notes.append(_("通学距离按直线距离乘绕行系数推算"))
    else:
        notes.append(_("通学距离按道路与轮渡网络计算"))
    if are_points:
        notes.append(_("划片单元为点，边界按最近点示意"))
    return tuple(notes)
