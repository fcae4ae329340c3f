"""Who asks for a seat of each section, and how many seats it has: of the entry grade, and of all its grades."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from simulator.capacity.supply import Supply
from simulator.indicators.network import MeasuredNetwork
from simulator.indicators.seats import admission_seats
from simulator.operation import Operation
from simulator.projection.demand import Demand
from simulator.terms import Stage, band_of

ENTRY, WHOLE_STAGE = "entry", "stage"
"""Measures: new entrants against the admission plan, all grades against the standard seats."""
ADMISSION_PLAN, ROOMS, STANDARD = "admission_plan", "rooms", "standard"
"""Where seats come from."""
_KEY = ["year", "section_id"]
_COLUMNS = ["year", "section_id", "site_id", "stage", "measure", "children", "seats", "short", "spare", "basis"]


def asked_of_sections(
    measured: MeasuredNetwork, operation: Operation, supply: Supply, admission_plan: pd.DataFrame
) -> pd.DataFrame:
    """Pupils and seats of every running section, one row a measure and year.

    Seats of the entry grade are those of the admission plan where it has a row, else the rooms that leavers free and
    that are added (:func:`simulator.indicators.seats.admission_seats`).

    Returns
    -------
    pandas.DataFrame
        year, section_id, site_id, stage, measure, children, seats, short, spare, basis.
    """
    run = measured.sections.join(supply.sections[["site_id", "grade_from"]], on="section_id")
    formed = operation.classes.join(supply.sections["grade_from"], on="section_id")
    entrants = formed[formed["grade"] == formed["grade_from"]].groupby(_KEY)["pupils"].sum()
    planned = _planned_seats(admission_plan).reindex(run.index)
    rooms = admission_seats(measured, operation)
    entry = run.assign(
        measure=ENTRY,
        children=entrants.reindex(run.index).fillna(0.0).astype(float),
        seats=planned.fillna(rooms),
        basis=np.where(planned.notna(), ADMISSION_PLAN, ROOMS),
    )
    whole = run.assign(
        measure=WHOLE_STAGE, children=run["pupils"].astype(float), seats=run["seats_standard"], basis=STANDARD
    )
    rows = pd.concat([entry, whole]).reset_index()
    more = rows["children"] - rows["seats"]
    return rows.assign(short=more.clip(lower=0.0), spare=(-more).clip(lower=0.0))[_COLUMNS]


def without_a_seat(operation: Operation, demand: Demand) -> pd.DataFrame:
    """Children whom the network sends nowhere, where they live, one row a measure and year.

    Of a band without a place for some of a unit's children, the entry grade has its own share.

    Returns
    -------
    pandas.DataFrame
        year, unit_id, stage, measure, children, short.
    """
    rows = operation.pupils[(operation.pupils["section_id"] == "") & (operation.pupils["children"] > 0)]
    bands = {band: band_of(band) for band in rows["band"].unique()}
    rows = rows.assign(stage=rows["band"].map({band: found.stage.value for band, found in bands.items()}))
    shares = pd.Series(0.0, index=rows.index)
    unit = pd.Index(demand.units).get_indexer(pd.Index(rows["unit_id"]))
    year = pd.Index(demand.years).get_indexer(pd.Index(rows["year"]))
    for band, found in bands.items():
        own = (rows["band"] == band).to_numpy()
        shares[own] = _entry_shares(demand, found.stage, found.grades)[unit[own], year[own]]
    measures = ((ENTRY, rows["children"] * shares), (WHOLE_STAGE, rows["children"]))
    parts = [
        pd.DataFrame(
            {**rows[["year", "unit_id", "stage"]], "measure": measure, "children": children, "short": children}
        )
        for measure, children in measures
    ]
    return pd.concat(parts, ignore_index=True)


def _entry_shares(demand: Demand, stage: Stage, grades: range) -> npt.NDArray[np.float64]:
    """Share of the entry grade in the children of the grades, shape (units, years); 0 where there are none."""
    first = min(grade for known, grade in demand.cells if known is stage)
    everybody = demand.of(stage, grades)
    if first not in grades:
        return np.zeros_like(everybody)
    return demand.of(stage, range(first, first + 1)) / np.where(everybody > 0, everybody, 1.0)


def _planned_seats(admission_plan: pd.DataFrame) -> pd.Series[float]:
    """Seats of the admission plan by year and section."""
    sections = admission_plan["school_id"].astype(str) + ":" + admission_plan["stage"].astype(str)
    rows = pd.DataFrame(
        {"year": admission_plan["year"], "section_id": sections, "seats": admission_plan["seats"].astype(float)}
    )
    return rows.astype({"year": "int64"}).groupby(_KEY)["seats"].sum()
