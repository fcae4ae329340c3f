"""One year on: promoted pupils, entrants, and children of the stages that follow residents.

Arrays may have leading axes: one run has none, a chunk of draws has one. There is no other engine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from simulator.projection.attendance import StageShare, Transfer
from simulator.projection.demand import FloatArray
from simulator.projection.movement import Movement
from simulator.projection.population import AGES, Residents
from simulator.projection.register import ages_of
from simulator.projection.study import Study
from simulator.scenario import ProjectionSettings
from simulator.terms import AGE_OF_GRADE, STAGE_GRADES, Stage

# Children of these stages are residents × share every year; the others are promoted grade by grade.
FOLLOW_RESIDENTS = (Stage.KINDERGARTEN, Stage.SPECIAL)
Numbers = npt.NDArray[np.floating[Any]]
"""Float64 in one run, float32 in draws."""


@dataclass(frozen=True)
class Rates:
    """Everything that year 0, the history and the scenario say about the years to come.

    Parameters
    ----------
    columns
        stage → its columns among the cells.
    shares, transfers
        Fitted in year 0.
    keep
        stage → pupils who are in the next grade a year later, before migration, shape (grades − 1,).
    growth
        Factor on the kindergarten share by year.
    migration
        Net migration a year by unit.
    movement
        The moves that go beyond one rate a unit: by age, inside the district, held to control totals.
    study
        How the places where children study change.
    late_share
        Share of children who enter a year late.
    settings
        The scenario's projection settings.
    """

    columns: Mapping[Stage, slice]
    shares: Mapping[Stage, StageShare]
    transfers: Mapping[Stage, Transfer]
    keep: Mapping[Stage, FloatArray]
    growth: FloatArray
    migration: FloatArray
    movement: Movement
    study: Study
    late_share: float
    settings: ProjectionSettings


@dataclass(frozen=True)
class Year:
    """What drives a year; every array may have leading axes, which broadcast.

    Parameters
    ----------
    position
        Position of the year, the base year's being 0.
    trend
        Resident children of the year, shape (..., units, ages), without those of new dwellings.
    homes
        Positions of the units with new dwellings.
    housing, arrivals
        Children of new dwellings, and this year's arrivals among them, shape (..., homes, ages).
    migration
        Net migration by unit, shape (..., units).
    late_before, late
        Share who enter late, of those of entry age a year ago and now; a number, or shape (..., 1).
    """

    position: int
    trend: Numbers
    homes: npt.NDArray[np.intp]
    housing: Numbers
    arrivals: Numbers
    migration: Numbers
    late_before: Any
    late: Any


@dataclass(frozen=True)
class Course:
    """A course of years: what drives each of them, and what shakes the children once they are seated in it.

    Parameters
    ----------
    year
        Position → what drives the year; asked for in order.
    shaken
        (children, position) → the same children with noise; the only course without noise returns them as they are.
    """

    year: Callable[[int], Year]
    shaken: Callable[[Numbers, int], Numbers]


def walk(rates: Rates, start: Numbers, given: FloatArray, course: Course) -> Iterator[Numbers]:
    """The demand of every year after the base year, shape (..., units, cells).

    Parameters
    ----------
    rates
        How children go on.
    start
        Demand of the base year, shape (..., units, cells).
    given
        The planner's own demand, NaN where there is none, shape (units, cells, years).
    course
        What drives the years.
    """
    children = start
    is_given = np.asarray((~np.isnan(given[:1])).any(axis=(0, 1)))  # a stage is given for all units, or for none
    for position in range(1, given.shape[2]):
        children = course.shaken(advance(rates, children, course.year(position)), position)
        if is_given[position]:
            own = given[..., position]
            children = np.where(np.isnan(own), children, own.astype(children.dtype))
        yield children


def advance(rates: Rates, before: Numbers, year: Year) -> Numbers:
    """The demand of a year, shape (..., units, cells), from that of the year before."""
    children = np.empty_like(before)
    moved = (1 + year.migration)[..., None]
    for stage, columns in rates.columns.items():
        after = children[..., columns]
        if stage in FOLLOW_RESIDENTS:
            after[...] = attending(rates, stage, year)
            continue
        np.multiply(before[..., columns][..., :-1], rates.keep[stage].astype(before.dtype), out=after[..., 1:])
        after[..., 1:] *= moved
        if not rates.movement.plain:
            above = slice(ages_of(stage).start + 1, ages_of(stage).stop)
            after[..., 1:] = rates.movement.beyond(after[..., 1:], above, year.position, rates.migration)
        after[..., 0] = entrants(rates, stage, before, year)
        if len(year.homes):
            after[..., year.homes, :] += newcomers(rates, stage, year)
    return children


def at(values: FloatArray, position: int, like: np.dtype[Any]) -> Numbers:
    """Values by unit of a year: constant (units,), or by year (units, years)."""
    return (values if values.ndim == 1 else values[:, position]).astype(like)


def entrants(rates: Rates, stage: Stage, before: Numbers, year: Year) -> Numbers:
    r"""Children of the first grade of a stage by unit, those of new dwellings that arrive this year apart.

    From the stage before, where the district has one: :math:`N_{u,6}(t-1) \, \tau_u (1 + m_u)`; else from residents:
    :math:`S_u E_u(t)`, see :func:`entering`.
    """
    if stage in rates.transfers:
        transfer = rates.transfers[stage]
        graduates = before[..., rates.columns[transfer.feeder]][..., -1]
        found: Numbers = graduates * at(transfer.unit, year.position, before.dtype) * (1 + year.migration)
        if not rates.movement.plain:
            ages = slice(entry_age(stage), entry_age(stage) + 1)
            found = rates.movement.beyond(found[..., None], ages, year.position, rates.migration)[..., 0]
        return np.asarray(rates.study.redirected(stage, found, year.position))
    share, first = rates.shares[stage], entry_age(stage)
    found = entering(year.trend, first, year) * at(share.unit, year.position, before.dtype)
    if len(year.homes):
        found[..., year.homes] += share.of_newcomers * entering(year.housing, first, year)
    return np.asarray(rates.study.redirected(stage, found, year.position))


def entering(children: Numbers, first_age: int, year: Year) -> Numbers:
    r"""Children who enter a first grade, some of them a year late; `children` has the shape (..., units, ages).

    .. math:: E_u(t) = (1 - \lambda_t) P_{u,6}(t) + \lambda_{t-1} P_{u,7}(t)

    Everybody enters once, whatever the share does from year to year.
    """
    return np.asarray((1 - year.late) * children[..., first_age] + year.late_before * children[..., first_age + 1])


def newcomers(rates: Rates, stage: Stage, year: Year) -> Numbers:
    """Arrivals in new dwellings by grade, shape (..., homes, grades): some are a year behind their age.

    Those of entry age are among the residents who enter, unless the stage takes its entrants from another.
    """
    found = rates.shares[stage].of_newcomers * by_grade(year.arrivals, stage, rates.late_share)
    if stage not in rates.transfers:
        found[..., 0] = 0.0
    return found


def by_grade(arrivals: Numbers, stage: Stage, late_share: float) -> Numbers:
    """Children of the ages of a stage by grade, shape (..., units, grades), a share of them a year behind."""
    ages = ages_of(stage)
    padded = np.zeros((*arrivals.shape[:-1], AGES + 1), arrivals.dtype)
    padded[..., : arrivals.shape[-1]] = arrivals
    behind = padded[..., ages.start + 1 : ages.stop + 1]
    return np.asarray((1 - late_share) * padded[..., ages] + late_share * behind)


def attending(rates: Rates, stage: Stage, year: Year) -> Numbers:
    r"""Children of a stage that follows residents, shape (..., units, grades).

    .. math:: N_{u,g}(t) = P_{u,g+5}(t) \cdot S_u \cdot \pi_g \cdot k(t)
    """
    share, ages, like = rates.shares[stage], ages_of(stage), year.trend.dtype
    profile = (share.profile * growth_of(rates, stage, year.position)).astype(like)
    found: Numbers = year.trend[..., ages] * (at(share.unit, year.position, like)[:, None] * profile)
    if len(year.homes):
        found[..., year.homes, :] += year.housing[..., ages] * (share.of_newcomers * profile)
    if stage in rates.study.trend:
        found = rates.study.redirected(stage, found.swapaxes(-1, -2), year.position).swapaxes(-1, -2)
    return np.asarray(found)


def growth_of(rates: Rates, stage: Stage, position: int) -> float:
    """Factor on the share of a stage that follows residents: only kindergarten's grows."""
    return float(rates.growth[position]) if stage is Stage.KINDERGARTEN else 1.0


def entry_age(stage: Stage) -> int:
    """Age at 31 August of the first grade of a stage."""
    return STAGE_GRADES[stage][0] + AGE_OF_GRADE


def steady_course(rates: Rates, residents: Residents) -> Course:
    """The one course without noise: residents as projected, rates as fitted."""
    homes = np.flatnonzero(residents.housing.any(axis=(1, 2)))

    def year(position: int) -> Year:
        return Year(
            position=position,
            trend=residents.trend[..., position],
            homes=homes,
            housing=residents.housing[homes, :, position],
            arrivals=residents.arrivals[homes, :, position],
            migration=rates.migration,
            late_before=rates.late_share,
            late=rates.late_share,
        )

    return Course(year, lambda children, _position: children)
