"""Where children of a stage with catchments sit: those of the phase's catchments, or cohort by cohort (老生老办法)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from simulator.operation.shares import Matrix, keep_columns, positive_part, row_sums, scale_rows
from simulator.operation.zones import Zones
from simulator.plan import Plan
from simulator.terms import Band

ENTRANTS = "entrants"
# Less than this share of a unit is the rounding of sums of shares, not a child without a place.
_DUST = 1e-9
Seating = dict[tuple[int, int], Matrix]
"""(grade, position of the year) → shares of the children who go by catchment, sums 1, (units, places)."""
Shares = tuple[tuple[Matrix, ...], ...]
"""By grade and year, shares of units at places, (units, places)."""


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
                now = catchment[code][phase]
                if before is None or year == 0:
                    seats[grade, year] = now
                elif before == code and phases[year - 1] == phase:
                    seats[grade, year] = seats[grade - 1, year - 1]
                else:
                    stays = keep_columns(seats[grade - 1, year - 1], zones.runs[code, phase])
                    seats[grade, year] = stays + placed(stays, now)
            before = code
    return seats


def placed(stays: Matrix, catchment: Matrix) -> Matrix:
    """Where the rest of each unit goes: to the places that have less of the unit than the catchment gives them.

    Parameters
    ----------
    stays
        Shares that keep their place, (units, places).
    catchment
        Shares of the catchment in force, sums 1, (units, places).

    Examples
    --------
    Half of a shared catchment stays at the second school, so the half that leaves the first goes to the third.

    >>> placed(Matrix([[0.0, 0.5, 0.0]]), Matrix([[0.0, 0.5, 0.5]])).toarray().tolist()
    [[0.0, 0.0, 0.5]]
    """
    left = 1.0 - row_sums(stays)
    left = np.where(left > _DUST, left, 0.0)
    room = positive_part(catchment - stays)
    total = row_sums(room)
    return scale_rows(room, left / np.where(total > 0, total, 1.0))


def cohort_shares(zones: Zones, phases: Sequence[int], grades: Mapping[Band, Sequence[int]]) -> list[Shares]:
    """Shares of the children of each band by grade and year under 老生老办法.

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
        apart = [keep_columns(share, zones.aside) for share in zones.share[code]]
        found.append(
            tuple(
                tuple(
                    scale_rows(seats[grade, year], zoned[code, phase]) + apart[phase]
                    for year, phase in enumerate(phases)
                )
                for grade in grades[band]
            )
        )
    return found


def phase_shares(zones: Zones, phases: Sequence[int], grades: Mapping[Band, Sequence[int]]) -> list[Shares]:
    """The same where all children of a year go by the catchments of its phase."""
    return [
        (tuple(zones.share[code][phase] for phase in phases),) * len(grades[band])
        for code, band in enumerate(zones.bands)
    ]
