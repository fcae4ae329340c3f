"""Every candidate forecast that can be made at one time: by cohorts for the district and for each school."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

from simulator.projection.demand import FloatArray
from simulator.projection.past.cleaning import Cleaned
from simulator.projection.past.entry import Source, cohorts, fit_late_share, follow_source, persist
from simulator.projection.past.history import Beliefs, History
from simulator.projection.past.ratios import Window, district_ratios, school_ratios

EVER = 99
WINDOWS = (Window(5), Window(EVER, 0.8))
"""Steps that tell the ratios, and years that tell a school's share of the district's entrants."""
ENTRY_WINDOWS = (3, 5, 8)
"""Years that tell entrants ÷ births."""
# The mean of the last three years as a forecast, which gives way to births × ratio as years go by.
_LEVEL_YEARS, _LEVEL_FADES = 3, 0.8
CREDIBILITIES = (30.0, 300.0)
"""Pupils of the district that stand beside a school's own."""


@dataclass(frozen=True)
class Candidates:
    """Forecasts of one time for the years after it.

    Parameters
    ----------
    entry
        District's first grade, shape (entry candidates, horizons).
    district
        Pupils of the district, shape (candidates, grades, horizons).
    schools
        Pupils of each school, all grades, shape (candidates, schools, horizons); NaN for schools that are not open.
    """

    entry: FloatArray
    district: FloatArray
    schools: FloatArray


def roll(start: FloatArray, ratios: FloatArray, entrants: FloatArray) -> FloatArray:
    r"""Pupils moved up year by year.

    .. math:: N_{g+1}(t+1) = \rho_g N_g(t), \qquad N_1(t) = E(t)

    Parameters
    ----------
    start
        Pupils of the last year, shape (…, grades).
    ratios
        Shape (…, grades − 1).
    entrants
        Shape (…, horizons).

    Returns
    -------
    FloatArray
        Shape (…, grades, horizons).
    """
    years = []
    now = start
    for horizon in range(entrants.shape[-1]):
        now = np.concatenate([entrants[..., horizon, None], now[..., :-1] * ratios], axis=-1)
        years.append(now)
    return np.stack(years, axis=-1)


def totals(history: History) -> FloatArray:
    """Pupils of the district by grade and year, NaN in years that nobody counted, shape (grades, years)."""
    return np.where(history.known, np.nansum(history.pupils, axis=0), np.nan)


def source_of(history: History, horizons: int, late_share: float, graduates: FloatArray | None) -> Source:
    """What stands behind the entrants; `graduates` is the last grade of the stage before by year, forecast included.

    Parameters
    ----------
    history
        As known at its last year.
    horizons
        Years to come.
    late_share
        Share of late entry.
    graduates
        Shape (years + horizons,), or None where births tell the entry.
    """
    count = len(history.years)
    if graduates is not None:
        behind = np.concatenate([[np.nan], graduates[:-1]])
    elif len(history.births.counts):
        span = range(history.years.start, history.years.stop + horizons)
        behind = cohorts(history.births, span, history.entry_age, late_share)
    else:
        behind = np.ones(count + horizons)
    return Source(behind[:count], behind[count:])


def late_share_of(history: History, beliefs: Beliefs) -> float:
    """Share of late entry, fitted where births tell the entry."""
    if history.feeder or not len(history.births.counts):
        return beliefs.late_share
    return fit_late_share(history.births, totals(history)[0], history.years, history.entry_age, beliefs)


def entry_candidates(history: History, source: Source) -> FloatArray:
    """Entrants of the district by every way to tell them, shape (candidates, horizons)."""
    entrants = totals(history)[0]
    ways = [follow_source(source, entrants, window) for window in ENTRY_WINDOWS]
    level = persist(entrants, len(source.ahead), _LEVEL_YEARS)
    stays = _LEVEL_FADES ** np.arange(len(source.ahead))
    return np.stack([*ways, stays * level + (1 - stays) * ways[-1]])


def district_candidates(cleaned: Cleaned, entrants: FloatArray) -> FloatArray:
    """Pupils of the district by every window, shape (windows, grades, horizons)."""
    ratios = np.stack([district_ratios(cleaned, window) for window in WINDOWS])
    start = np.broadcast_to(_last(totals(cleaned.history)), (len(WINDOWS), len(cleaned.history.grades)))
    return roll(start, ratios, np.broadcast_to(entrants, (len(WINDOWS), len(entrants))))


def school_candidates(cleaned: Cleaned, entrants: FloatArray, district: FloatArray) -> FloatArray:
    """Pupils of every school, all grades, shape (candidates, schools, horizons).

    Parameters
    ----------
    cleaned
        As known at its last year.
    entrants
        The district's first grade, shape (horizons,).
    district
        The district's pupils, all grades, shape (horizons,).
    """
    history = cleaned.history
    start = np.where(history.is_open[:, -1][:, None], history.pupils[:, :, -1], np.nan)
    ways = []
    for window, credibility, memory in product(WINDOWS, CREDIBILITIES, WINDOWS):
        own = entry_shares(history, memory)[:, None] * entrants
        ways.append(roll(start, school_ratios(cleaned, window, credibility), own).sum(axis=1))
    size = start.sum(axis=1)
    held = size / max(float(np.nansum(size)), 1.0)
    return np.stack([*ways, held[:, None] * district])


def entry_shares(history: History, window: Window) -> FloatArray:
    """Share of the district's entrants in every open school, summing to 1, shape (schools,)."""
    entrants = np.where(history.is_open, history.pupils[:, 0, :], np.nan)
    everybody = np.nansum(entrants, axis=0)
    told = ~np.isnan(entrants) & (everybody > 0)
    weights = window.weights(len(history.years)) * told
    share = np.divide(np.nan_to_num(entrants), everybody, out=np.zeros_like(entrants), where=told)
    mean = (share * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1e-12)
    mean = np.where(history.is_open[:, -1], mean, 0.0)
    return np.asarray(mean / max(float(mean.sum()), 1e-12))


def _last(pupils: FloatArray) -> FloatArray:
    """The counts of the last year."""
    return np.asarray(np.nan_to_num(pupils[..., -1]))
