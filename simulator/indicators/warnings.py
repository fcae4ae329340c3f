"""学位预警: how full each stage of each place is, year by year, and when seats fall short or turn empty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from simulator.capacity.supply import Supply
from simulator.capacity.territory import Territory
from simulator.indicators.asking import ADMISSION_PLAN, asked_of_sections, without_a_seat
from simulator.indicators.network import lay_out
from simulator.operation import Operation
from simulator.plan import Plan
from simulator.projection.demand import Demand
from simulator.scenario.settings import Scenario
from simulator.standards import Standards
from simulator.terms import WHOLE_UNIT_REGIMES, AlertLevel, AlertScope

KEY = ["network", "scope", "place", "stage", "measure"]
"""Columns that name a series of years."""
WARNING_COLUMNS = [*KEY, "year", "children", "seats", "ratio", "short", "spare", "level", "basis"]
PEAK_COLUMNS = [
    *KEY,
    *("base", "peak_year", "peak", "peak_seats", "last_year", "last"),
    *("short_year", "short_until", "notice_year", "most_short_year", "most_short", "empty_year"),
]
# Less than this many children is rounding.
_NOBODY = 0.5
_SUMS = ["children", "seats", "short", "spare"]


@dataclass(frozen=True)
class Alerts:
    """Warnings of both networks, or of the present one alone.

    Parameters
    ----------
    warnings
        network, scope (`district`, `area`, `township`, `school`), place (name of the 片区 or 乡镇街道, section_id; empty for
        the district), stage, measure (`entry`: new entrants against the admission plan; `stage`: all grades against the
        standard seats), year, children, seats, ratio (children ÷ seats, NaN without seats), short and spare (sums over
        the sections, never netted; short also counts children without a section), level (:class:`simulator.terms.AlertLevel`),
        basis (of the seats: `admission_plan`, `rooms` or `standard`; `admission_plan` where part of them is).
    peaks
        One row a series: network, scope, place, stage, measure, base (children of the base year), peak_year, peak,
        peak_seats, last_year, last, short_year and short_until (first and last year at the red level), notice_year (the years of early warning
        before it), most_short_year, most_short, empty_year (first year at a surplus level); NaN where it never comes.
    """

    warnings: pd.DataFrame
    peaks: pd.DataFrame


NO_ALERTS = Alerts(pd.DataFrame(columns=WARNING_COLUMNS), pd.DataFrame(columns=PEAK_COLUMNS))
"""Where nothing was measured."""


def alerts(
    networks: Sequence[tuple[Plan, Operation]],
    demand: Demand,
    supply: Supply,
    territory: Territory,
    standards: Standards,
    scenario: Scenario,
    units: pd.DataFrame,
    admission_plan: pd.DataFrame,
) -> Alerts:
    """Warnings and peaks of one network or of two side by side.

    Seats are those that the rooms of a section hold at the standard class size, whether or not a class is opened in each:
    a room that the plan leaves empty is an empty room. Children are counted where they go to school, as the catchments and flows of the network send them; those without a
    section where they live. So a township that teaches its neighbour's children is measured with them.

    Parameters
    ----------
    networks
        A network and its years.
    demand, supply, territory, standards, scenario
        Children, sections, the units in which schools stand, thresholds (`alert.…`), settings of seats.
    units
        unit_id, township, area_kind, area.
    admission_plan
        school_id, stage, year, seats; it stands in place of the rooms freed and added where it has a row.

    Returns
    -------
    Alerts
        Rows of every series and year that have children or seats.
    """
    places = units.set_index("unit_id")[["township", "area"]].astype(str)
    sites = supply.sites["township"].astype(str).rename("township").to_frame()
    homes = territory.homes.reindex(sites.index).map(places["area"])
    sites = sites.assign(area=homes.fillna(sites["township"]))
    named = bool((places["area"] != places["township"]).any())
    tables = []
    for network, operation in networks:
        measured = lay_out(_by_rooms(network, supply), operation, demand, supply, standards, scenario, units)
        taught = asked_of_sections(measured, operation, supply, admission_plan).join(sites, on="site_id")
        without = without_a_seat(operation, demand).join(places, on="unit_id")
        rows = pd.concat([taught, without], ignore_index=True).fillna(dict.fromkeys(_SUMS, 0.0))
        tables.append(_scoped(rows, supply, areas=named).assign(network=network.network))
    table = pd.concat(tables, ignore_index=True)
    table = table[(table["children"] >= _NOBODY) | (table["seats"] > 0)]
    ratio = table["children"] / table["seats"].where(table["seats"] > 0)
    table = table.assign(ratio=ratio)
    table = table.assign(level=levels(table, standards))[WARNING_COLUMNS]
    table = table.sort_values([*KEY, "year"], kind="stable", ignore_index=True)
    return Alerts(table, peaks(table, round(standards.value("alert.lead_years"))))


def levels(table: pd.DataFrame, standards: Standards) -> pd.Series[str]:
    """Alert level of each row of children, seats and ratio.

    Red from `alert.red` of the seats, yellow from `alert.yellow`; surplus below `alert.surplus`, deep surplus below
    `alert.deep_surplus`. Children without any seat are red; a place with neither has no level.
    """
    red, yellow, surplus, deep = (
        standards.value(f"alert.{name}") for name in ("red", "yellow", "surplus", "deep_surplus")
    )
    ratio = table["ratio"].to_numpy(np.float64)
    asked = table["children"].to_numpy(np.float64) >= _NOBODY
    found = np.select(
        [np.isnan(ratio) & asked, np.isnan(ratio), ratio >= red, ratio >= yellow, ratio < deep, ratio < surplus],
        [
            AlertLevel.RED,
            AlertLevel.NONE,
            AlertLevel.RED,
            AlertLevel.YELLOW,
            AlertLevel.DEEP_SURPLUS,
            AlertLevel.SURPLUS,
        ],
        default=AlertLevel.NONE,
    )
    return pd.Series([str(level) for level in found], index=table.index, dtype="str")


def peaks(table: pd.DataFrame, lead_years: int) -> pd.DataFrame:
    """The highest, first and last year of every series, and when it falls short or turns empty.

    Parameters
    ----------
    table
        Rows of `Alerts.warnings`.
    lead_years
        Years by which a warning precedes the shortage (提前两年预警).
    """
    ordered = table.sort_values("year", kind="stable")
    grouped = ordered.groupby(KEY, sort=False)
    first, last = grouped.first(), grouped.last()
    top = ordered.loc[grouped["children"].idxmax()].set_index(KEY)
    worst = ordered.loc[grouped["short"].idxmax()].set_index(KEY)
    worst = worst[worst["short"] >= _NOBODY]
    short = ordered[ordered["level"] == AlertLevel.RED].groupby(KEY)["year"].agg(["min", "max"]).astype(float)
    empty = ordered[ordered["level"].isin([AlertLevel.SURPLUS, AlertLevel.DEEP_SURPLUS])].groupby(KEY)["year"].min()
    found = pd.DataFrame(
        {
            "base": first["children"],
            "peak_year": top["year"],
            "peak": top["children"],
            "peak_seats": top["seats"],
            "last_year": last["year"],
            "last": last["children"],
            "short_year": short["min"],
            "short_until": short["max"],
            "notice_year": short["min"] - lead_years,
            "most_short_year": worst["year"].astype(float),
            "most_short": worst["short"],
            "empty_year": empty.astype(float),
        },
        index=first.index,
    )
    return found.reset_index()[PEAK_COLUMNS]


def _by_rooms(plan: Plan, supply: Supply) -> Plan:
    """The network with a class in every room."""
    rows = plan.sections
    known = supply.sections.reindex(rows["section_id"])
    size, fixed = (known[name].to_numpy(np.float64) for name in ("class_size", "seats_fixed"))
    held = np.where(np.isnan(fixed), rows["rooms"].to_numpy(np.float64) * size, rows["seats"].to_numpy(np.float64))
    return replace(plan, sections=rows.assign(classes=rows["rooms"], seats=held))


def _scoped(rows: pd.DataFrame, supply: Supply, *, areas: bool) -> pd.DataFrame:
    """The rows summed by district, area, township, and those of catchment schools by themselves."""
    zoned = supply.sections.index[supply.sections["regime"].isin(WHOLE_UNIT_REGIMES)]
    scopes = {
        AlertScope.DISTRICT: rows.assign(place=""),
        AlertScope.TOWNSHIP: rows.assign(place=rows["township"]),
        AlertScope.SCHOOL: rows[rows["section_id"].isin(zoned)].assign(place=rows["section_id"]),
    }
    if areas:
        scopes[AlertScope.AREA] = rows.assign(place=rows["area"])
    key = ["place", "stage", "measure", "year"]
    summed = []
    for scope, own in scopes.items():
        grouped = own.groupby(key)
        sums = grouped[_SUMS].sum()
        planned = (own["basis"] == ADMISSION_PLAN).groupby([own[name] for name in key]).any()
        basis = grouped["basis"].first().where(~planned, ADMISSION_PLAN).fillna("")
        summed.append(sums.assign(basis=basis, scope=scope.value).reset_index())
    return pd.concat(summed, ignore_index=True)
