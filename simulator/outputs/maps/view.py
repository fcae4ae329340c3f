"""What the maps show: a small picklable extract of a run, so that worker processes need nothing else."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import CRS

from simulator.language import Language
from simulator.language import translate as _
from simulator.outputs import stamp
from simulator.outputs.edition import FEWEST_SHOWN, is_public
from simulator.outputs.maps.shapes import Bounds, dense_core, unit_polygons
from simulator.outputs.moves import resettled
from simulator.outputs.offices import author_name
from simulator.outputs.titles import rezoning_words, site_names, stamped_title
from simulator.result import Result
from simulator.terms import Network, Regime, Stage

_AGES = {Stage.KINDERGARTEN: range(3, 6), Stage.PRIMARY: range(6, 12), Stage.JUNIOR: range(12, 15)}
_NATIONAL_CRS = re.compile(r"CGCS2000 / 3-degree Gauss-Kruger CM (\d+)E")
# Less than half a child is rounding.
_LEAST_SHORTAGE = 0.5
MAPPED_STAGES = tuple(_AGES)
SHARED_JOINT = "；"
"""Stands between the sections of a shared catchment."""


@dataclass(frozen=True)
class MapView:
    """Geometry, network and words of a run as the maps need them.

    Parameters
    ----------
    title, footer, notes
        Title of the scenario (stamped where the district is invented); line of facts under every map;
        lines that qualify what is seen.
    language, dpi, internal, map_number
        Language of the words, resolution, whether this is the internal edition, number of the map's approval (审图号).
    crs
        Projected CRS, metres.
    years
        base, near (last year of the phase five years on), target.
    tightest
        Stage → the year of the plan in which most seats are short without action.
    units
        Index unit_id: name, township, county, area_kind, geometry (polygons), area_km2.
    residents
        unit_id, stage, year (base or target), children: residents of the ages of a stage.
    sites, sections
        As in Supply; sites with the county that they lie in.
    phases, plan_sections, catchments, actions
        As in Plan; sections and catchments carry a network column.
    schools
        network, year, section_id, pupils, seats_standard.
    moves
        Pupils of sections that close and where they go: see :func:`simulator.outputs.moves.resettled`.
    ferries
        Lines of ferries.
    window
        What the page shows where that is not the whole district: west, south, east, north.
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
    window: Bounds | None = None
    map_number: str = ""

    @cached_property
    def bounds(self) -> Bounds:
        """Extent of units and sites, or of the part that is shown: west, south, east, north."""
        if self.window is not None:
            return self.window
        west, south, east, north = self.units.total_bounds
        return (
            min(west, float(self.sites["x"].min())),
            min(south, float(self.sites["y"].min())),
            max(east, float(self.sites["x"].max())),
            max(north, float(self.sites["y"].max())),
        )

    @cached_property
    def core(self) -> Bounds | None:
        """The part where schools above kindergarten stand close together; None where the page shows them well enough."""
        if self.window is not None:
            return None
        named = self.sections.loc[self.sections["stage"] != Stage.KINDERGARTEN, "site_id"]
        places = self.sites.loc[self.sites.index.isin(named), ["x", "y"]].to_numpy(dtype=float)
        return dense_core(places, self.bounds)

    @property
    def counties(self) -> list[str]:
        """Counties of the district, in the order of its units."""
        return [str(county) for county in self.units["county"].drop_duplicates()]

    @property
    def several(self) -> bool:
        """Whether the page shows several counties whole: it names the counties; a county's own sheet names the schools."""
        return self.window is None and len(self.counties) > 1

    def of_county(self, county: str) -> MapView:
        """The view of one county: its units, its schools, what happens at them."""
        units = self.units[self.units["county"] == county]
        sites = self.sites[self.sites["county"] == county]
        sections = self.sections[self.sections["site_id"].isin(sites.index)]

        def of_units(rows: pd.DataFrame) -> pd.DataFrame:
            return rows[rows["unit_id"].isin(units.index)]

        def of_sections(rows: pd.DataFrame) -> pd.DataFrame:
            return rows[rows["section_id"].isin(sections.index)]

        return replace(
            self,
            title=self.title + county,
            units=units,
            residents=of_units(self.residents),
            sites=sites,
            sections=sections,
            plan_sections=of_sections(self.plan_sections),
            catchments=of_units(self.catchments),
            actions=of_sections(self.actions),
            schools=of_sections(self.schools),
            moves=of_sections(self.moves),
        )

    def around(self, x: float, y: float, reach_m: float) -> MapView:
        """The view of what lies within a distance of a point."""
        return replace(self, window=(x - reach_m, y - reach_m, x + reach_m, y + reach_m))

    def phase_of(self, year: int) -> int:
        """Number of the phase of a year."""
        return int(self.phases.loc[self.phases["first_year"] <= year, "phase"].max())

    def bands_of(self, stage: str) -> list[str]:
        """Bands of a stage that have catchments."""
        bands = self.catchments["band"].drop_duplicates()
        return [band for band in bands if band == stage or band.startswith(f"{stage}_")]

    def catchments_in(self, network: str, stage: str, year: int) -> pd.Series:
        """unit_id → the section that most of its children of a stage are zoned to; empty where unserved.

        A shared catchment (多校划片) names all its sections, joined by ；.
        """
        rows = self.catchments
        rows = rows[
            (rows["network"] == network)
            & (rows["phase"] == self.phase_of(year))
            & rows["band"].isin(self.bands_of(stage))
        ]
        # The highest band names the school: a teaching point ends earlier than the school it belongs to.
        rows = rows.sort_values(["unit_id", "band", "share", "section_id"], ascending=[True, False, False, True])
        zoned: pd.Series = rows.drop_duplicates("unit_id").set_index("unit_id")["section_id"]
        shared = self.sections.index[self.sections["regime"] == Regime.SHARED_CATCHMENT]
        members = rows[rows["section_id"].isin(shared)].sort_values("section_id").groupby(["unit_id", "band"])
        for (unit, _band), sections in members["section_id"]:
            if zoned[str(unit)] in set(sections):
                zoned[str(unit)] = SHARED_JOINT.join(sections.drop_duplicates())
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
    cells, are_points = unit_polygons(district.units)
    units = gpd.GeoDataFrame(
        district.units[["unit_id", "name", "township", "county", "area_kind"]].reset_index(drop=True),
        geometry=cells,
        crs=district.crs,
    ).set_index("unit_id")
    units["area_km2"] = units.area / 1e6
    return MapView(
        title=stamped_title(result, district.title),
        footer=_footer(result),
        notes=_notes(result, are_points=are_points),
        language=scenario.outputs.language,
        dpi=scenario.outputs.dpi,
        internal=scenario.outputs.edition == "internal",
        map_number=scenario.outputs.map_number,
        crs=district.crs,
        years=_years(result),
        tightest=_tightest_years(result),
        units=units,
        residents=_residents(result),
        sites=result.supply.sites.assign(
            name=site_names(result),
            county=result.territory.homes.map(units["county"]).reindex(result.supply.sites.index),
        ),
        sections=result.supply.sections,
        phases=result.plan.phases,
        plan_sections=_both(result, "sections"),
        catchments=_both(result, "catchments"),
        actions=result.plan.actions,
        schools=result.indicators.schools,
        moves=_shown_moves(result),
        ferries=_ferries(result),
    )


def _shown_moves(result: Result) -> pd.DataFrame:
    """The moves of pupils; the public edition draws no flow of a few."""
    moves = resettled(result)
    return moves[moves["children"] >= FEWEST_SHOWN].reset_index(drop=True) if is_public(result) else moves


def _ferries(result: Result) -> tuple[object, ...]:
    travel = result.district.travel
    return tuple(travel.geometry[travel["kind"] == "ferry"]) if len(travel) else ()


def _both(result: Result, name: str) -> pd.DataFrame:
    sides: list[pd.DataFrame] = [
        getattr(plan, name).assign(network=plan.network) for plan in (result.plan, result.no_action)
    ]
    return pd.concat(sides, ignore_index=True)


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
        _("编制单位：{author}").format(author=author_name(result)),
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
