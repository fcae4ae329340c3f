"""Journeys from every unit to every site: along the travel layer, or straight lines where there is none."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from simulator.capacity.access import Access
from simulator.capacity.barriers import Barriers, BoolArray, cut_barriers, lawful_km
from simulator.capacity.network import Journeys, network_journeys, network_km
from simulator.capacity.places import FloatArray, entered, home_units, unit_points
from simulator.capacity.supply import Supply
from simulator.inputs.district import District
from simulator.language import plural
from simulator.language import translate as _
from simulator.scenario import AccessSettings
from simulator.terms import STAGE_GRADES, Stage, Terrain

YOUNG_FROM = STAGE_GRADES[Stage.PRIMARY][0]


def measure_access(district: District, supply: Supply, settings: AccessSettings) -> Access:
    """How long children travel from each unit to each site, and the limits they are held to.

    Journeys start at the unit's x, y where entered, else at a point inside its shape. With a travel
    layer they follow it; without one they are straight lines × the mean detour factor of the terrain
    at both ends. Up to grade 6 walks avoid barriers, in straight lines by way of the best crossings.
    The bus counts for a column if its youngest grade (1, or 7) may take it alone.

    Parameters
    ----------
    district
        units, and travel, barriers, crossings where there are any.
    supply
        Its sites.
    settings
        Speeds, waits, detours, limits.

    Returns
    -------
    Access
        `pairs` of every unit with every site, units first; `ways` still empty (:func:`simulator.capacity.provide_ways`).
    """
    units, sites = unit_points(district.units), supply.sites[["x", "y"]].to_numpy(np.float64)
    detour = _detours(district, units, sites, settings)
    barriers = cut_barriers(district.barriers, district.crossings)
    network = len(district.travel) > 0
    journeys = (
        network_journeys(district.travel, units, sites, detour, barriers, settings)
        if network
        else straight_journeys(units, sites, detour, barriers, settings)
    )
    return Access(
        pairs=_pairs(district, supply, units, sites, journeys, settings),
        limits=expand_limits(settings),
        basis="network" if network else "straight_line",
        assumptions=_assumptions(district, barriers, journeys, settings),
    )


def straight_journeys(
    units: FloatArray,
    sites: FloatArray,
    detour: tuple[FloatArray, FloatArray],
    barriers: Barriers,
    settings: AccessSettings,
) -> Journeys:
    """Journeys in straight lines: kilometres × the mean detour of both ends, at walking or bus speed."""
    factor = (detour[0][:, None] + detour[1][None, :]) / 2
    km = _straight_km(units, sites) * factor
    lawful, crosses = lawful_km(barriers, units, sites)
    none = np.zeros(km.shape, dtype=np.bool_)
    return Journeys(
        km=km,
        walk=km / settings.walking_kmh * 60,
        walk_young=lawful * factor / settings.walking_kmh * 60,
        transit=km / settings.bus_kmh * 60 + settings.bus_wait_min,
        school_bus=km / settings.school_bus_kmh * 60 + settings.school_bus_wait_min,
        walk_ferry=none,
        walk_young_ferry=none,
        transit_ferry=none,
        crosses=crosses,
    )


def measure_km(district: District, places: FloatArray, settings: AccessSettings) -> FloatArray:
    """Kilometers from each unit to some points, as :func:`measure_access` has them to sites.

    Parameters
    ----------
    district
        units, and travel, barriers, crossings where there are any.
    places
        Points in metres, shape (places, 2).
    settings
        Detours.

    Returns
    -------
    ndarray
        Shape (units, places); inf where there is no way.
    """
    units = unit_points(district.units)
    detour = _detours(district, units, places, settings)
    if not len(district.travel):
        return _straight_km(units, places) * (detour[0][:, None] + detour[1][None, :]) / 2
    barriers = cut_barriers(district.barriers, district.crossings)
    return network_km(district.travel, units, places, detour, barriers)


def _straight_km(units: FloatArray, places: FloatArray) -> FloatArray:
    gap = units[:, None, :] - places[None, :, :]
    return np.asarray(np.hypot(gap[..., 0], gap[..., 1]) / 1000, dtype=np.float64)


def expand_limits(settings: AccessSettings) -> pd.DataFrame:
    """The scenario's limits, one row an area kind; columns as in :class:`Access`."""
    return pd.DataFrame(
        [
            (
                limit.stage.value,
                limit.grade_from,
                limit.grade_to,
                kind.value,
                float(limit.minutes),
                limit.effect,
            )
            for limit in settings.limits
            for kind in limit.area_kinds
        ],
        columns=["stage", "grade_from", "grade_to", "area_kind", "minutes", "effect"],
    )


def _detours(
    district: District, units: FloatArray, sites: FloatArray, settings: AccessSettings
) -> tuple[FloatArray, FloatArray]:
    """Detour factors of the units and, by the unit it lies in, of each site."""
    terrain = entered(district.units, "terrain", Terrain.PLAIN.value)
    of_units = np.array([settings.detour[word] for word in terrain], dtype=np.float64)
    return of_units, of_units[home_units(district.units, sites)]


def _best(
    walk: FloatArray, walk_ferry: BoolArray, transit: FloatArray, transit_ferry: BoolArray, *, bus: bool
) -> tuple[FloatArray, npt.NDArray[np.str_]]:
    """Minutes and mode of the quickest journey; a journey with a ferry in it counts as one by ferry."""
    riding = bus & (transit < walk)
    minutes = np.where(riding, transit, walk)
    ferry = np.where(riding, transit_ferry, walk_ferry)
    mode = np.select([~np.isfinite(minutes), ferry, riding], ["", "ferry", "bus"], "walk")
    return minutes, mode


def _pairs(
    district: District,
    supply: Supply,
    units: FloatArray,
    sites: FloatArray,
    journeys: Journeys,
    settings: AccessSettings,
) -> pd.DataFrame:
    factor = settings.bad_season_factor
    walk, young_walk, transit = (minutes * factor for minutes in (journeys.walk, journeys.walk_young, journeys.transit))
    young, mode_young = _best(
        young_walk,
        journeys.walk_young_ferry,
        transit,
        journeys.transit_ferry,
        bus=settings.bus_from_grade <= YOUNG_FROM,
    )
    older, mode_older = _best(
        walk,
        journeys.walk_ferry,
        transit,
        journeys.transit_ferry,
        bus=settings.bus_from_grade <= STAGE_GRADES[Stage.JUNIOR][0],
    )
    matrices = {
        "straight_km": _straight_km(units, sites),
        "km": journeys.km,
        "walk_min": walk,
        "transit_min": np.where(np.isfinite(transit), transit, np.nan),
        "school_bus_min": _school_bus(journeys, settings),
        "ferry": mode_older == "ferry",
        "crosses_barrier": journeys.crosses,
        "minutes_young": young,
        "mode_young": mode_young,
        "minutes_older": older,
        "mode_older": mode_older,
    }
    unit_ids, site_ids = district.units["unit_id"].to_numpy(), supply.sites.index.to_numpy()
    return pd.DataFrame(
        {
            "unit_id": np.repeat(unit_ids, len(site_ids)),
            "site_id": np.tile(site_ids, len(unit_ids)),
            **{column: matrix.reshape(-1) for column, matrix in matrices.items()},
        }
    )


def _school_bus(journeys: Journeys, settings: AccessSettings) -> FloatArray:
    """Minutes by school bus, NaN where the plan may not provide one or the ride is too long."""
    minutes = journeys.school_bus * settings.bad_season_factor
    lawful = settings.school_bus & (minutes <= settings.school_bus_longest_min)
    return np.where(lawful, minutes, np.nan)


def _assumptions(
    district: District, barriers: Barriers, journeys: Journeys, settings: AccessSettings
) -> tuple[str, ...]:
    """What the journeys rest on, in the planner's words."""
    if len(district.travel):
        first = _(
            "通学时间沿交通图层计算：步行 {walking} 公里/小时；道路上公交 {bus} 公里/小时，候车 {wait} 分钟；"
            "到图层的一段按直线 × 绕行系数步行"
        )
    else:
        first = _(
            "没有交通图层，通学距离 = 直线距离 × 地形绕行系数：步行 {walking} 公里/小时；"
            "公交 {bus} 公里/小时，候车 {wait} 分钟"
        )
    sentences = [first.format(walking=settings.walking_kmh, bus=settings.bus_kmh, wait=settings.bus_wait_min)]
    suspended = _suspended(district)
    if suspended:
        sentences.append(_("停航停运天数不计入通学时间：{lines}").format(lines=suspended))
    if len(barriers.pieces) and not barriers.binding:
        sentences.append(_("有阻隔而没有通道数据：穿越阻隔只作标注，不限制步行"))
    if settings.bus_from_grade > YOUNG_FROM:
        sentences.append(
            _("{grade} 年级起可独自乘公交：六年级及以下的通学时间只计步行和轮渡").format(grade=settings.bus_from_grade)
        )
    if settings.bad_season_factor != 1:
        sentences.append(_("全部通学时间乘以不利季节系数 {factor}").format(factor=settings.bad_season_factor))
    stranded = int((~np.isfinite(np.minimum(journeys.walk, journeys.transit)).any(axis=1)).sum())
    if stranded:
        sentences.append(plural("{count} 个单元沿交通图层到不了任何学校", stranded).format(count=stranded))
    if journeys.unjoined:
        sentences.append(
            plural("轮渡线有 {count} 个端点没有与其他线路相接，请核对图层", journeys.unjoined).format(
                count=journeys.unjoined
            )
        )
    return tuple(sentences)


def _suspended(district: District) -> str:
    """Lines with days of suspended service: `name 20 天/年`, joined."""
    if not len(district.travel):
        return ""
    days = pd.to_numeric(entered(district.travel, "suspended_days", 0.0))
    names = entered(district.travel, "name", "").astype(str)
    kinds = {"road": _("道路"), "path": _("步行道"), "bus": _("公交"), "ferry": _("轮渡")}
    return _("、").join(
        _("{line} {days:g} 天/年").format(line=name or kinds[kind], days=count)
        for name, kind, count in zip(names, district.travel["kind"], days, strict=True)
        if count > 0
    )
