"""Children who change school, and new entrants whose catchment changes, from one phase to the next."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from simulator.capacity.supply import Supply
from simulator.operation.cohorts import ENTRANTS, Seating, phase_positions, placed, seat_cohorts
from simulator.operation.zones import FloatArray, Zones, has_catchments, stage_zones
from simulator.plan import Plan
from simulator.projection.demand import Demand
from simulator.terms import Band

SCHOOL, CATCHMENT, EVERYBODY = "school", "catchment", "everybody"
_COLUMNS = ["phase", "year", "band", "cause", "unit_id", "section_id", "left", "joined"]


def moves(plan: Plan, demand: Demand, supply: Supply) -> pd.DataFrame:
    """Who leaves which section, and who joins which, in the first year of every phase, by unit.

    Under `entrants` (老生老办法) two causes are told apart: `school`, children whose section stops running while
    they are in it, and `catchment`, new entrants of the first grade who go to another section than they would have gone to in
    the phase before; so do children who have to leave a section that ends below their grade. Where all are
    re-zoned the cause is `everybody`. Nobody leaves a place that was none.

    Returns
    -------
    pandas.DataFrame
        phase, year, band, cause, unit_id, section_id, left, joined (children); only rows with children.
    """
    frames = [pd.DataFrame(columns=_COLUMNS)]
    for stage in dict.fromkeys(band.stage for band in supply.bands if has_catchments(supply, band.stage)):
        zones = stage_zones(plan, supply, demand.units, stage)
        positions = phase_positions(plan, zones, demand.years)
        seats = seat_cohorts(zones, positions) if plan.rezoning == ENTRANTS else None
        for year in range(1, len(demand.years)):
            if positions[year] == positions[year - 1]:
                continue
            for code, band in enumerate(zones.bands):
                found = (
                    _all_moves(zones, demand, code, year, positions[year])
                    if seats is None
                    else _cohort_moves(zones, seats, demand, code, year, positions[year])
                )
                frames += [_rows(zones, demand, year, positions[year], band, *one) for one in found]
    filled = [frame for frame in frames if len(frame)] or frames[:1]
    return pd.concat(filled, ignore_index=True)


def _all_moves(
    zones: Zones, demand: Demand, code: int, year: int, phase: int
) -> Iterator[tuple[str, FloatArray, FloatArray]]:
    """What leaves and joins each place where all children go by the phase's catchments."""
    band = zones.bands[code]
    change = np.where(zones.aside, 0.0, zones.share[code, phase] - zones.share[code, phase - 1])
    children = demand.of(band.stage, band.grades)[:, year][:, None]
    yield EVERYBODY, np.maximum(-change, 0.0) * children, np.maximum(change, 0.0) * children


def _cohort_moves(
    zones: Zones, seats: Seating, demand: Demand, code: int, year: int, phase: int
) -> Iterator[tuple[str, FloatArray, FloatArray]]:
    """The same cohort by cohort: those of closed sections, then those who come into the band."""
    band, catchment = zones.bands[code], zones.catchment[code]
    closed = zones.runs[code, phase - 1] & ~zones.runs[code, phase]
    change = catchment[phase] - catchment[phase - 1]
    uprooted, received = np.zeros(change.shape), np.zeros(change.shape)
    coming = np.zeros(len(demand.units))
    for grade in band.grades:
        if (band.stage, grade) not in demand.cells:
            continue
        children = demand.children[:, demand.cells.index((band.stage, grade)), year] * zones.zoned[code, phase]
        before = seats.get((grade - 1, year - 1))
        if before is None:
            coming += children
            continue
        leaving = np.where(closed, before, 0.0)
        goes = placed(np.where(closed, 0.0, before), catchment[phase])
        uprooted += leaving * children[:, None]
        received += goes * children[:, None]
        if grade == band.grade_from:
            elsewhere = np.where(zones.runs[code, phase - 1], 0.0, before)[:, :-1]
            coming += elsewhere.sum(axis=1) * children
    yield SCHOOL, uprooted, received
    yield CATCHMENT, np.maximum(-change, 0.0) * coming[:, None], np.maximum(change, 0.0) * coming[:, None]


def _rows(
    zones: Zones, demand: Demand, year: int, phase: int, band: Band, cause: str, left: FloatArray, joined: FloatArray
) -> pd.DataFrame:
    unit, place = np.nonzero((left[:, :-1] > 0) | (joined[:, :-1] > 0))
    return pd.DataFrame(
        {
            "phase": zones.phases[phase],
            "year": demand.years[year],
            "band": band.band_id,
            "cause": cause,
            "unit_id": np.asarray(demand.units, dtype=object)[unit],
            "section_id": np.asarray(zones.places, dtype=object)[place],
            "left": left[unit, place],
            "joined": joined[unit, place],
        }
    )
