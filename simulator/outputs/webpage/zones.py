"""Catchments of the page: for every unit a number of its school's catchment, instead of polygons."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from simulator.indicators.coverage import RADIUS_STAGES, covered_children
from simulator.outputs.geopackage.view import GisView
from simulator.outputs.geopackage.zones import mapped_bands
from simulator.outputs.maps.shapes import dissolve, neighbour_numbers
from simulator.outputs.webpage.plain import Once, tenths
from simulator.plan import Plan
from simulator.terms import WHOLE_UNIT_REGIMES, Band, Regime, Stage

_SEVERAL = "；"
_MOST_CHOICES = 3


def layers(view: GisView, shapes: pd.Series, sections: pd.Index) -> list[dict[str, Any]]:
    """A layer a band with catchments, bands of a stage joined that have the same catchments throughout.

    Parameters
    ----------
    view
        The run.
    shapes
        Index unit_id, in the order of the page: polygons, to tell which catchments touch.
    sections
        Ids of the sections in the order of the page.

    Returns
    -------
    list of dict
        stage, band, title; zones (numbers of their sections), colours (of zones, unlike where they touch); units: lists of
        a zone a unit (-1 = none), minutes: beside each list the minutes to its school; plan and no_action: for each
        phase the list that holds.
    """
    minutes = _minutes(view)
    return [_layer(view, band, shapes, sections, minutes) for band in mapped_bands(view)]


def _layer(view: GisView, band: Band, shapes: pd.Series, sections: pd.Index, minutes: pd.DataFrame) -> dict[str, Any]:
    named = _named_band(view, band)
    zoned = {
        plan.network: _zoned(view, plan, named, shapes.index) for plan in (view.result.plan, view.result.no_action)
    }
    distinct = {tuple(own): own for lists in zoned.values() for own in lists}
    zones = sorted({zone for own in distinct for zone in own if zone})
    colours = neighbour_numbers(*(dissolve(shapes, own) for own in distinct.values()))
    numbers = {zone: number for number, zone in enumerate(zones)} | {"": -1}
    places = {section: number for number, section in enumerate(sections)}
    lists = Once()
    chosen = {
        network: [lists.of([numbers[zone] for zone in own]) for own in phases] for network, phases in zoned.items()
    }
    return {
        "stage": band.stage.value,
        "band": named,
        "title": band.title,
        "zones": [[places[section] for section in zone.split(_SEVERAL)] for zone in zones],
        "colours": [colours[zone] for zone in zones],
        "units": lists.kept,
        "minutes": [_zone_minutes(minutes, named, own, zones, shapes.index) for own in lists.kept],
        **chosen,
    }


def _named_band(view: GisView, band: Band) -> str:
    """The highest band of those joined: it names the school, a teaching point ends earlier."""
    return next(one.band_id for one in view.result.supply.bands_of(band.stage) if one.grade_to == band.grade_to)


def _zoned(view: GisView, plan: Plan, band: str, units: pd.Index) -> list[pd.Series]:
    """For each phase: unit_id → sections of its catchment, joined by `；`; empty where it has none."""
    rows = plan.catchments
    rows = rows[(rows["band"] == band) & (rows["section_id"] != "")]
    regimes = rows["section_id"].map(view.result.supply.sections["regime"])
    rows = rows[regimes.isin(WHOLE_UNIT_REGIMES)].sort_values("section_id", kind="stable")
    joined = rows.pivot_table(index="unit_id", columns="phase", values="section_id", aggfunc=_SEVERAL.join)
    table = joined.reindex(index=units, columns=[phase for phase, *_span in view.phases]).fillna("")
    return [table[phase] for phase in table]


def _minutes(view: GisView) -> pd.DataFrame:
    """Index (band, unit_id, section_id): children and the minutes that they spend, over both networks and all years."""
    rows = pd.concat([view.result.operation.pupils, view.result.no_action_operation.pupils], ignore_index=True)
    rows = rows[(rows["children"] > 0) & np.isfinite(rows["minutes"])]
    rows = rows.assign(spent=rows["children"] * rows["minutes"])
    sums: pd.DataFrame = rows.groupby(["band", "unit_id", "section_id"])[["children", "spent"]].sum()
    return sums


def _zone_minutes(
    minutes: pd.DataFrame, band: str, own: list[int], zones: list[str], units: pd.Index
) -> list[float | None]:
    """Minutes from every unit to the schools of its zone; nothing where no child ever goes there."""
    pairs = [
        (place, unit, section)
        for place, (unit, zone) in enumerate(zip(units, own, strict=True))
        if zone >= 0
        for section in zones[zone].split(_SEVERAL)
    ]
    rows = pd.DataFrame(pairs, columns=["place", "unit_id", "section_id"]).assign(band=band)
    sums = rows.join(minutes, on=["band", "unit_id", "section_id"]).groupby("place")[["children", "spent"]].sum()
    mean = (sums["spent"] / sums["children"].where(sums["children"] > 0)).reindex(range(len(units)))
    return tenths(mean.to_numpy(np.float64))


def choices(view: GisView, units: pd.Index, sections: pd.Index) -> list[dict[str, Any]]:
    """Where children of stages without catchments go: for every unit up to three sections and their percent.

    Returns
    -------
    list of dict
        stage; units: lists of a flat list a unit (section, percent, section, percent …); plan and no_action: for each
        phase the list that holds.
    """
    regimes = view.result.supply.sections["regime"]
    stages = {band.band_id: band.stage for band in view.result.supply.bands}
    rows = {}
    for plan in (view.result.plan, view.result.no_action):
        own = plan.catchments
        own = own[(own["share"] > 0) & (own["section_id"].map(regimes) == Regime.CHOICE)]
        rows[plan.network] = own.assign(stage=own["band"].map(stages))
    return [
        _choice(view, stage, rows, units, sections)
        for stage in dict.fromkeys(stages.values())
        if any((own["stage"] == stage).any() for own in rows.values())
    ]


def _choice(
    view: GisView, stage: Stage, rows: dict[str, pd.DataFrame], units: pd.Index, sections: pd.Index
) -> dict[str, Any]:
    places = {section: number for number, section in enumerate(sections)}
    lists = Once()
    chosen = {}
    for network, own in rows.items():
        by_phase = dict(list(own[own["stage"] == stage].groupby("phase")))
        empty = own.iloc[:0]
        chosen[network] = [
            lists.of(_chosen(by_phase.get(phase, empty), units, places)) for phase, *_span in view.phases
        ]
    return {"stage": stage.value, "units": lists.kept, **chosen}


def _chosen(rows: pd.DataFrame, units: pd.Index, places: dict[object, int]) -> list[list[int]]:
    sums: pd.DataFrame = rows.groupby(["unit_id", "section_id"])[["share"]].sum().reset_index()
    shares = sums.sort_values(["share", "section_id"], ascending=[False, True], kind="stable")
    own: dict[object, list[int]] = {unit: [] for unit in units}
    for unit, section, share in shares.itertuples(index=False):
        if len(own[unit]) < 2 * _MOST_CHOICES:
            own[unit] += [places[section], round(100 * share)]
    return list(own.values())


def covered_units(view: GisView, units: pd.Index) -> list[dict[str, Any]]:
    """Units whose way to the nearest open school, along the network, is within the service radius.

    Returns
    -------
    list of dict
        stage; units: texts of a digit a unit (1 = all its grades are within); plan and no_action: for each phase the
        text that holds in its last year.
    """
    plans = (view.result.plan, view.result.no_action)
    within = {plan.network: _within(view, plan) for plan in plans}
    lasts = [last for _phase, _first, last in view.phases]
    found = []
    for stage in RADIUS_STAGES:
        texts = Once()
        chosen = {
            network: [texts.of(_digits(rows, (stage.value, last), units)) for last in lasts]
            for network, rows in within.items()
        }
        found.append({"stage": stage.value, "units": texts.kept, **chosen})
    return found


def _within(view: GisView, plan: Plan) -> pd.DataFrame:
    """Index (stage, last year of a phase), a column a unit: whether all grades of the unit are within the radius."""
    result = view.result
    running = plan.sections[plan.sections["open"].astype(bool)]
    years = {phase: last for phase, _first, last in view.phases}
    rows = covered_children(
        running.assign(year=running["phase"].map(years))[["year", "section_id"]],
        result.projection.plan_demand,
        result.supply,
        result.access,
        result.standards,
        pd.DataFrame(result.district.units.drop(columns="geometry")),
    )
    return rows.pivot_table(index=["stage", "year"], columns="unit_id", values="within", aggfunc="min")


def _digits(within: pd.DataFrame, row: tuple[str, int], units: pd.Index) -> str:
    if row not in within.index:
        return "0" * len(units)
    inside = within.reindex(columns=units).loc[[row]].fillna(value=False).to_numpy(bool)[0]
    return "".join("1" if one else "0" for one in inside)
