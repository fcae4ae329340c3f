"""The names of a year's changes, told from two years of one run that follow each other."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from simulator.projection.attendance import Transfer
from simulator.projection.demand import FloatArray
from simulator.projection.flows import Flow, Step, add_flows, at_entry, moving_up
from simulator.projection.progression import (
    FOLLOW_RESIDENTS,
    Rates,
    Year,
    at,
    entry_age,
    growth_of,
    newcomers,
)
from simulator.projection.register import ages_of
from simulator.terms import Stage

_FLOAT = np.dtype(np.float64)


def account(rates: Rates, before: FloatArray, after: FloatArray, year: Year) -> Step:
    """Every change from one year to the next by name: after = before + Σ flows.

    Parameters
    ----------
    rates
        How children went on.
    before, after
        Demand of the two years, shape (units, cells).
    year
        What drove the second.
    """
    flows: dict[Flow, FloatArray] = {}
    for stage, columns in rates.columns.items():
        named = _following if stage in FOLLOW_RESIDENTS else _promoted
        for flow, change in named(rates, stage, before, after[:, columns], year).items():
            flows.setdefault(flow, np.zeros_like(before))[:, columns] = change
    return Step(after, flows)


def _promoted(rates: Rates, stage: Stage, before: FloatArray, after: FloatArray, year: Year) -> dict[Flow, FloatArray]:
    """A stage whose pupils move up grade by grade."""
    now = before[:, rates.columns[stage]]
    housed = np.zeros_like(now)
    housed[year.homes] = newcomers(rates, stage, year)
    if stage in rates.transfers:
        transfer = rates.transfers[stage]
        entry = _transferred(transfer, before[:, rates.columns[transfer.feeder]][:, -1], year)
        if not rates.movement.plain:
            plain, ages = sum(entry.values(), np.zeros(len(now))), slice(entry_age(stage), entry_age(stage) + 1)
            moved = rates.movement.beyond(plain[:, None], ages, year.position, year.migration)[:, 0]
            entry[Flow.MIGRATION] = entry[Flow.MIGRATION] + moved - plain
    else:
        entry = _entered(rates, stage, year)
    entering = sum(entry.values(), np.zeros(len(now)))
    redirected = rates.study.changes(stage, entering, year.position)
    placed = {flow: at_entry(now, change) for flow, change in add_flows([entry, redirected]).items()}
    climbing = moving_up(now, rates.keep[stage], rates.migration)
    if not rates.movement.plain:
        climbing[Flow.MIGRATION] = climbing[Flow.MIGRATION] + _moved_beyond(rates, stage, climbing, year)
    return add_flows([climbing, placed, {Flow.HOUSING: housed}])


def _moved_beyond(rates: Rates, stage: Stage, climbing: Mapping[Flow, FloatArray], year: Year) -> FloatArray:
    """What moves beyond one rate a unit do to the pupils of the grades after the first."""
    plain = climbing[Flow.PROMOTED_IN] + climbing[Flow.LOSS] + climbing[Flow.MIGRATION]
    above = slice(ages_of(stage).start + 1, ages_of(stage).stop)
    change = np.zeros_like(plain)
    change[:, 1:] = rates.movement.beyond(plain[:, 1:], above, year.position, year.migration) - plain[:, 1:]
    return change


def _entered(rates: Rates, stage: Stage, year: Year) -> dict[Flow, FloatArray]:
    """Names of the entrants, without this year's arrivals in new dwellings (they have a name of their own)."""
    share, first = rates.shares[stage], entry_age(stage)
    attending = year.trend * at(share.unit, year.position, _FLOAT)[:, None]
    attending[year.homes] += share.of_newcomers * (year.housing - year.arrivals)
    arriving = np.zeros_like(attending)
    arriving[year.homes] = share.of_newcomers * year.arrivals
    of_age, a_year_older = attending[:, first], attending[:, first + 1]
    at_once = (1 - year.late) * arriving[:, first] + year.late_before * arriving[:, first + 1]
    return {
        Flow.ENTRANTS: of_age * (1 - share.outside),
        Flow.OUTSIDE: of_age * share.outside,
        Flow.LATE_ENTRY: year.late_before * a_year_older - year.late * of_age,
        Flow.HOUSING: at_once,
    }


def _transferred(transfer: Transfer, graduates: FloatArray, year: Year) -> dict[Flow, FloatArray]:
    """Names of the entrants from the stage before."""
    entering_here = graduates * at(transfer.unit, year.position, _FLOAT)
    return {
        Flow.TRANSFERS: graduates * transfer.ratio,
        Flow.RETURN: entering_here - graduates * transfer.ratio,
        Flow.MIGRATION: entering_here * year.migration,
    }


def _following(rates: Rates, stage: Stage, before: FloatArray, after: FloatArray, year: Year) -> dict[Flow, FloatArray]:
    """A stage whose children are residents × share: kindergarten and special schools."""
    share, now = rates.shares[stage], before[:, rates.columns[stage]]
    grown, was = (growth_of(rates, stage, place) for place in (year.position, year.position - 1))
    at_old_share = after * (was / grown if grown else 1.0)
    new_dwellings = np.zeros_like(now)
    new_dwellings[year.homes] = year.arrivals[:, ages_of(stage)] * (share.of_newcomers * share.profile * was)
    survival = np.full(now.shape[1] - 1, rates.settings.survival)
    moved = moving_up(now, survival, rates.migration)
    others = at_old_share - new_dwellings
    others[:, 1:] -= now[:, :-1] * survival * (1 + rates.migration)[:, None]
    coming = at_entry(now, others[:, 0])
    return moved | {
        Flow.ENROLMENT: after - at_old_share,
        Flow.HOUSING: new_dwellings,
        Flow.ENTRANTS: coming * (1 - share.outside),
        Flow.OUTSIDE: coming * share.outside,
        Flow.JOINING: others - coming,
    }
