"""Where children of a stage with catchments sit: those of the phase's catchments, or cohort by cohort (老生老办法)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from simulator.operation.zones import FloatArray, Zones
from simulator.plan import Plan
from simulator.terms import Band

ENTRANTS = "entrants"
# Less than this share of a unit is the rounding of sums of shares, not a child without a place.
_DUST = 1e-9
Seating = dict[tuple[int, int], FloatArray]
"""(grade, position of the year) → shares of the children who go by catchment, sums 1, shape (units, places)."""


def phase_positions(plan: Plan, zones: Zones, years: Sequence[int]) -> list[int]:
    """Position, among the phases of the zones, of the phase of each year."""
    return [zones.phases.index(plan.phase_of(year)) for year in years]


def seat_cohorts(zones: Zones, phases: Sequence[int]) -> Seating:
    """Follow every cohort of a stage from the base year, or from the year in which it enters.

    In the base year children sit where the catchments of phase 0 say, later those of the first grade where
    the catchments of their year say. From one year to the next a cohort stays where it is while that
    section runs its grade; those whose section does not, because it has closed or ends below their grade, and those
    without a place go to the catchment then in force, once, when the phase or the band changes.

    Parameters
    ----------
    zones
        Catchments of the stage.
    phases
        Position of the phase of each year, consecutive years.

    Returns
    -------
    Seating
        Every grade of the stage in every year.
    """
    catchment = zones.catchment
    seats: Seating = {}
    before = None
    for code, band in enumerate(zones.bands):
        for grade in band.grades:
            for year, phase in enumerate(phases):
                now = catchment[code, phase]
                if before is None or year == 0:
                    seats[grade, year] = now
                elif before == code and phases[year - 1] == phase:
                    seats[grade, year] = seats[grade - 1, year - 1]
                else:
                    stays = np.where(zones.runs[code, phase], seats[grade - 1, year - 1], 0.0)
                    seats[grade, year] = stays + placed(stays, now)
            before = code
    return seats


def placed(stays: FloatArray, catchment: FloatArray) -> FloatArray:
    """Where the rest of each unit goes: to the places that have less of the unit than the catchment gives them.

    Parameters
    ----------
    stays
        Shares that keep their place, shape (units, places).
    catchment
        Shares of the catchment in force, sums 1, shape (units, places).

    Examples
    --------
    Half of a shared catchment stays at the second school, so the half that leaves the first goes to the third.

    >>> placed(np.array([[0.0, 0.5, 0.0]]), np.array([[0.0, 0.5, 0.5]])).tolist()
    [[0.0, 0.0, 0.5]]
    """
    left = 1.0 - stays.sum(axis=1)
    left = np.where(left > _DUST, left, 0.0)
    room = np.maximum(catchment - stays, 0.0)
    total = room.sum(axis=1)
    return room * (left / np.where(total > 0, total, 1.0))[:, None]


def cohort_shares(zones: Zones, phases: Sequence[int], grades: Mapping[Band, Sequence[int]]) -> list[FloatArray]:
    """Shares of the children of each band by grade under 老生老办法, each of shape (units, places, grades, years).

    Sections without a catchment take theirs first, in every phase as the plan states it.

    Parameters
    ----------
    zones, phases
        As :func:`seat_cohorts` takes them.
    grades
        Grades that are asked for, by band.
    """
    seats, zoned = seat_cohorts(zones, phases), zones.zoned
    found = []
    for code, band in enumerate(zones.bands):
        apart = np.where(zones.aside, zones.share[code], 0.0)
        shares = np.zeros((*apart.shape[1:], len(grades[band]), len(phases)))
        for column, grade in enumerate(grades[band]):
            for year, phase in enumerate(phases):
                shares[:, :, column, year] = seats[grade, year] * zoned[code, phase][:, None] + apart[phase]
        found.append(shares)
    return found


def phase_shares(zones: Zones, phases: Sequence[int], grades: Mapping[Band, Sequence[int]]) -> list[FloatArray]:
    """The same where all children of a year go by the catchments of its phase."""
    found = []
    for code, band in enumerate(zones.bands):
        shares = np.moveaxis(zones.share[code][list(phases)], 0, -1)[:, :, None, :]
        found.append(np.broadcast_to(shares, (*shares.shape[:2], len(grades[band]), len(phases))))
    return found
