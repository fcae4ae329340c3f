"""One year on: promoted pupils, entrants, and children of the stages that follow residents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from simulator.projection.attendance import StageShare, Transfer
from simulator.projection.demand import FloatArray
from simulator.projection.flows import Flow, Step, add_flows, at_entry, moving_up
from simulator.projection.population import AGES, Residents
from simulator.projection.register import ages_of
from simulator.scenario import ProjectionSettings
from simulator.terms import AGE_OF_GRADE, COMPULSORY, STAGE_GRADES, Stage

# Children of these stages are residents × share every year; the others are promoted grade by grade.
_FOLLOW_RESIDENTS = (Stage.KINDERGARTEN, Stage.SPECIAL)


@dataclass(frozen=True)
class Rates:
    """Everything that year 0 and the scenario say about the years to come.

    Parameters
    ----------
    columns
        stage → its columns among the cells.
    shares, transfers
        Fitted in year 0.
    growth
        Factor on the kindergarten share by year.
    migration
        Net migration a year by unit.
    settings
        The scenario's projection settings.
    """

    columns: Mapping[Stage, slice]
    shares: Mapping[Stage, StageShare]
    transfers: Mapping[Stage, Transfer]
    growth: FloatArray
    migration: FloatArray
    settings: ProjectionSettings


def advance(rates: Rates, last_year: FloatArray, residents: Residents, position: int) -> Step:
    """The demand of a year, shape (units, cells), from last year's and the residents of `position`."""
    children = np.zeros_like(last_year)
    flows: dict[Flow, FloatArray] = {}
    for stage, columns in rates.columns.items():
        if stage in _FOLLOW_RESIDENTS:
            step = _follow_residents(rates, stage, last_year[:, columns], residents, position)
        else:
            step = _promote_stage(rates, stage, last_year, residents, position)
        children[:, columns] = step.children
        for flow, change in step.flows.items():
            flows.setdefault(flow, np.zeros_like(last_year))[:, columns] = change
    return Step(children, flows)


def promote(now: FloatArray, retention: float, migration: FloatArray) -> FloatArray:
    r"""Pupils of the grades after the first, a year later.

    .. math:: N_{u,g+1}(t+1) = N_{u,g}(t) \cdot \rho \cdot (1 + m_u)
    """
    return now[:, :-1] * retention * (1 + migration)[:, None]


def entering(children: FloatArray, first_age: int, late_share: float) -> FloatArray:
    r"""Children who enter the first grade, some of them a year late; `children` has the shape (units, ages).

    .. math:: E_u(t) = (1 - \lambda) P_{u,6}(t) + \lambda P_{u,7}(t)
    """
    return np.asarray((1 - late_share) * children[:, first_age] + late_share * children[:, first_age + 1])


def newcomers_by_grade(arrivals: FloatArray, stage: Stage, late_share: float) -> FloatArray:
    """Arrivals of a year in new dwellings by grade, shape (units, grades): some are a year behind their age."""
    ages = ages_of(stage)
    padded = np.zeros((len(arrivals), AGES + 1))
    padded[:, :AGES] = arrivals
    return np.asarray((1 - late_share) * padded[:, ages] + late_share * padded[:, ages.start + 1 : ages.stop + 1])


def _promote_stage(rates: Rates, stage: Stage, last_year: FloatArray, residents: Residents, position: int) -> Step:
    """A stage whose pupils move up grade by grade."""
    settings, share = rates.settings, rates.shares[stage]
    now = last_year[:, rates.columns[stage]]
    retention = settings.retention if stage in COMPULSORY else settings.senior_retention
    arrivals = residents.arrivals[..., position]
    newcomers = share.of_newcomers * newcomers_by_grade(arrivals, stage, settings.late_entry_share)
    if stage in rates.transfers:
        transfer = rates.transfers[stage]
        graduates = last_year[:, rates.columns[transfer.feeder]][:, -1]
        entrants = graduates * transfer.unit * (1 + rates.migration)
        entry = _transfer_flows(transfer, graduates, rates.migration)
        newcomers_at_entry = newcomers[:, 0]
    else:
        entrants = _entrants(share, settings, stage, residents, position)
        entry = _entry_flows(share, settings, stage, residents, position)
        newcomers_at_entry = np.zeros(len(now))  # already among the residents who enter
    children = newcomers.copy()
    children[:, 0] = entrants + newcomers_at_entry
    children[:, 1:] += promote(now, retention, rates.migration)
    placed = {flow: at_entry(now, change) for flow, change in entry.items()}
    flows = add_flows([moving_up(now, retention, rates.migration), placed, {Flow.HOUSING: newcomers}])
    return Step(children, flows)


def _entrants(
    share: StageShare, settings: ProjectionSettings, stage: Stage, residents: Residents, position: int
) -> FloatArray:
    """Entrants of a stage that no other stage of the district feeds, by unit."""
    first, late = _entry_age(stage), settings.late_entry_share
    settled = entering(residents.trend[..., position], first, late)
    housed = entering(residents.housing[..., position], first, late)
    return share.unit * settled + share.of_newcomers * housed


def _entry_flows(
    share: StageShare, settings: ProjectionSettings, stage: Stage, residents: Residents, position: int
) -> dict[Flow, FloatArray]:
    """Names of the entrants, without this year's arrivals in new dwellings (they have a name of their own)."""
    settled = residents.trend[..., position]
    housed = residents.housing[..., position] - residents.arrivals[..., position]
    attending = share.unit[:, None] * settled + share.of_newcomers * housed
    first = _entry_age(stage)
    of_age, a_year_older = attending[:, first], attending[:, first + 1]
    return {
        Flow.ENTRANTS: of_age * (1 - share.outside),
        Flow.OUTSIDE: of_age * share.outside,
        Flow.LATE_ENTRY: settings.late_entry_share * (a_year_older - of_age),
    }


def _transfer_flows(transfer: Transfer, graduates: FloatArray, migration: FloatArray) -> dict[Flow, FloatArray]:
    """Names of the entrants from the stage before."""
    entering_here = graduates * transfer.unit
    return {
        Flow.TRANSFERS: graduates * transfer.ratio,
        Flow.RETURN: entering_here - graduates * transfer.ratio,
        Flow.MIGRATION: entering_here * migration,
    }


def _entry_age(stage: Stage) -> int:
    """Age at 31 August of the first grade of a stage."""
    return STAGE_GRADES[stage][0] + AGE_OF_GRADE


def attending_residents(share: StageShare, growth: float, residents: FloatArray, housed: FloatArray) -> FloatArray:
    r"""Children of a stage that follows residents; arrays have the shape (units, grades).

    .. math:: N_{u,g}(t) = P_{u,g+5}(t) \cdot S_u \cdot \pi_g \cdot k(t)
    """
    shares = np.outer(share.unit, share.profile) * growth
    return np.asarray(residents * shares + housed * share.of_newcomers * share.profile * growth)


def _follow_residents(rates: Rates, stage: Stage, now: FloatArray, residents: Residents, position: int) -> Step:
    """A stage whose children are residents × share: kindergarten and special schools."""
    share, ages = rates.shares[stage], ages_of(stage)
    growing = stage is Stage.KINDERGARTEN
    before, after = rates.growth[position - 1 : position + 1] if growing else np.ones(2)
    settled, housed = residents.trend[:, ages, position], residents.housing[:, ages, position]
    children = attending_residents(share, after, settled, housed)
    at_old_share = attending_residents(share, before, settled, housed)
    newcomers = residents.arrivals[:, ages, position]
    new_dwellings = attending_residents(share, before, np.zeros_like(newcomers), newcomers)
    moved = moving_up(now, rates.settings.survival, rates.migration)
    others = at_old_share - new_dwellings
    others[:, 1:] -= promote(now, rates.settings.survival, rates.migration)
    entrants = at_entry(now, others[:, 0])
    flows = moved | {
        Flow.ENROLMENT: children - at_old_share,
        Flow.HOUSING: new_dwellings,
        Flow.ENTRANTS: entrants * (1 - share.outside),
        Flow.OUTSIDE: entrants * share.outside,
        Flow.JOINING: others - entrants,
    }
    return Step(children, flows)
