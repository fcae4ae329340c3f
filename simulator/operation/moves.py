"""Children who change school, and new entrants whose catchment changes, from one phase to the next."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from simulator.capacity.supply import Supply
from simulator.operation.cohorts import ENTRANTS, Seating, phase_positions, placed, seat_cohorts
from simulator.operation.shares import (
    FloatArray,
    Matrix,
    entries_of,
    keep_columns,
    positive_part,
    row_sums,
    scale_rows,
    values_at,
)
from simulator.operation.zones import Zones, has_catchments, stage_zones
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


def _all_moves(zones: Zones, demand: Demand, code: int, year: int, phase: int) -> Iterator[tuple[str, Matrix, Matrix]]:
    """What leaves and joins each place where all children go by the phase's catchments."""
    band = zones.bands[code]
    change = zones.own[code][phase] - zones.own[code][phase - 1]
    children = demand.of(band.stage, band.grades)[:, year]
    yield EVERYBODY, *_left_and_joined(change, children)


def _cohort_moves(
    zones: Zones, seats: Seating, demand: Demand, code: int, year: int, phase: int
) -> Iterator[tuple[str, Matrix, Matrix]]:
    """The same cohort by cohort: those of closed sections, then those who come into the band."""
    band, catchment = zones.bands[code], zones.catchment[code]
    closed = zones.runs[code, phase - 1] & ~zones.runs[code, phase]
    uprooted = received = Matrix(catchment[phase].shape)
    coming = np.zeros(len(demand.units))
    for grade in band.grades:
        if (band.stage, grade) not in demand.cells:
            continue
        children = demand.children[:, demand.cells.index((band.stage, grade)), year] * zones.zoned[code, phase]
        before = seats.get((grade - 1, year - 1))
        if before is None:
            coming += children
            continue
        goes = placed(keep_columns(before, ~closed), catchment[phase])
        uprooted = uprooted + scale_rows(keep_columns(before, closed), children)
        received = received + scale_rows(goes, children)
        if grade == band.grade_from:
            ended = ~zones.runs[code, phase - 1]
            ended[-1] = False
            coming += row_sums(keep_columns(before, ended)) * children
    yield SCHOOL, uprooted, received
    yield CATCHMENT, *_left_and_joined(catchment[phase] - catchment[phase - 1], coming)


def _left_and_joined(change: Matrix, children: FloatArray) -> tuple[Matrix, Matrix]:
    """Children whom a change of shares takes away from a place, and those whom it brings."""
    return scale_rows(positive_part(-change), children), scale_rows(positive_part(change), children)


def _rows(
    zones: Zones, demand: Demand, year: int, phase: int, band: Band, cause: str, left: Matrix, joined: Matrix
) -> pd.DataFrame:
    unit, place, _children = entries_of(left + joined)
    some = place < len(zones.places) - 1
    unit, place = unit[some], place[some]
    return pd.DataFrame(
        {
            "phase": zones.phases[phase],
            "year": demand.years[year],
            "band": band.band_id,
            "cause": cause,
            "unit_id": np.asarray(demand.units, dtype=object)[unit],
            "section_id": np.asarray(zones.places, dtype=object)[place],
            "left": values_at(left, unit, place),
            "joined": values_at(joined, unit, place),
        }
    )
