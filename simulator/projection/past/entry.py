"""Pupils of the first grade: births with their cut-off, or graduates of the stage before, beside what came last."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.projection.demand import FloatArray
from simulator.projection.past.history import Beliefs, Births

# A school year begins on 1 September: of those who are of age, a third was born from September to December.
_BORN_IN_AUTUMN = 1 / 3
# Births that are not yet known go on from the last years, the latest one weighing most …
_CARRIED = np.array([3.0, 2.0, 1.0])
# … along the trend of so many years, believed as far as it stands out from its own error, and fading.
_TREND_YEARS, _FADING = 8, 0.9
_FEWEST = 4
_LATE_SHARES = np.arange(0.0, 0.46, 0.05)
# How far the share of late entry may be from what is believed (standard deviation).
_LATE_DOUBT = 0.1
# Share of last year's deviation from births × ratio that the next year still shows.
MEMORY = 0.3


def cohort_weights(late_share: float) -> FloatArray:
    r"""Share of the births of the years y − a, y − a − 1 and y − a − 2 in the entrants of year y.

    .. math:: E(y) = (1 - \lambda) [\tfrac{2}{3} B(y-a) + \tfrac{1}{3} B(y-a-1)]
        + \lambda [\tfrac{2}{3} B(y-a-1) + \tfrac{1}{3} B(y-a-2)]

    >>> cohort_weights(0.0).round(3).tolist(), cohort_weights(0.3).round(3).tolist()
    ([0.667, 0.333, 0.0], [0.467, 0.433, 0.1])
    """
    of_age = np.array([1 - _BORN_IN_AUTUMN, _BORN_IN_AUTUMN, 0.0])
    return np.asarray((1 - late_share) * of_age + late_share * np.roll(of_age, 1))


def cohorts(births: Births, years: range, age: int, late_share: float) -> FloatArray:
    """Births behind the entrants of every year, shape (years,); NaN before the first known ones."""
    reach = np.asarray(years)[:, None] - age - np.arange(3)[None, :]
    counts = births.counts
    known = np.flatnonzero(~np.isnan(counts))
    if not len(known):
        return np.full(len(years), np.nan)
    place = reach - births.years.start
    inside = (place >= 0) & (place <= known[-1])
    ahead = births_ahead(births, max(1, int(place.max()) - int(known[-1])))
    later = ahead[np.clip(place - known[-1] - 1, 0, len(ahead) - 1)]
    found = np.where(inside, counts[np.clip(place, 0, len(counts) - 1)], np.where(place < 0, np.nan, later))
    weights = cohort_weights(late_share)
    return np.asarray((np.where(weights > 0, found, 0.0) * weights).sum(axis=1))


def births_ahead(births: Births, count: int) -> FloatArray:
    r"""Births of the years after the last known one, shape (count,).

    .. math:: B(T + k) = B(T) \exp \left( \frac{s^2}{s^2 + e^2} s \sum_{j=1}^{k} \phi^j \right)

    with the slope s of the logarithm over the last years and its standard error e.
    """
    known = np.flatnonzero(~np.isnan(births.counts) & (births.counts > 0))[-_TREND_YEARS:]
    if not len(known):
        return np.full(count, float(np.nan_to_num(births.counts[-1:]).sum()))
    logs = np.log(births.counts[known])
    slope = _believed_slope(known.astype(float), logs)
    weights = _CARRIED[: len(logs)]
    rolled = logs[::-1][: len(weights)] + slope * (known[-1] - known[::-1][: len(weights)])
    return np.asarray(np.exp(rolled @ weights / weights.sum() + slope * np.cumsum(_FADING ** np.arange(1, count + 1))))


def _believed_slope(when: FloatArray, values: FloatArray) -> float:
    """Slope of a line, shrunk by how much it stands out from its error; 0 with fewer than four values."""
    if len(when) < _FEWEST:
        return 0.0
    apart = when - when.mean()
    slope = float(apart @ values / (apart @ apart))
    rest = values - values.mean() - slope * apart
    error = float(rest @ rest) / (len(when) - 2) / float(apart @ apart)
    return slope * slope**2 / (slope**2 + error) if slope else 0.0


def fit_late_share(births: Births, entrants: FloatArray, years: range, age: int, beliefs: Beliefs) -> float:
    """Share of late entry that explains the entrants of the past best, leaning towards what is believed.

    Parameters
    ----------
    births
        All that were known.
    entrants
        By year, NaN where nobody counted, shape (years,).
    years
        Of the entrants.
    age
        Age of entry at 31 August.
    beliefs
        Share believed, and the noise of a cohort.
    """
    costs = []
    for share in _LATE_SHARES:
        behind = cohorts(births, years, age, float(share))
        told = ~np.isnan(behind) & ~np.isnan(entrants) & (entrants > 0) & (behind > 0)
        if told.sum() < 3:
            return beliefs.late_share
        ratio = np.log(entrants[told] / behind[told])
        spread = np.sqrt(beliefs.variance(entrants[told])) / entrants[told]
        misfit = float((((ratio - ratio.mean()) / spread) ** 2).sum())
        costs.append(misfit + ((share - beliefs.late_share) / _LATE_DOUBT) ** 2)
    return float(_LATE_SHARES[int(np.argmin(costs))])


@dataclass(frozen=True)
class Source:
    """What stands behind the entrants of a year: births, graduates, or nothing that is known (all ones).

    Parameters
    ----------
    past
        By year of the history, NaN where it is unknown, shape (years,).
    ahead
        By year after it, shape (horizons,).
    """

    past: FloatArray
    ahead: FloatArray


def entry_ratio(source: Source, entrants: FloatArray, window: int) -> float:
    """Entrants ÷ what stands behind them, pooled over the last years of which both are known; NaN without any."""
    told = np.flatnonzero(~np.isnan(source.past) & ~np.isnan(entrants) & (np.nan_to_num(source.past) > 0))[-window:]
    return float(entrants[told].sum() / source.past[told].sum()) if len(told) else float("nan")


def follow_source(source: Source, entrants: FloatArray, window: int) -> FloatArray:
    r"""Entrants of the years to come, shape (horizons,), by ratio; the last deviation fades.

    .. math:: \hat E(o + h) = \rho A(o + h) \left( \frac{E(o)}{\rho A(o)} \right)^{\phi^h}
    """
    ratio = entry_ratio(source, entrants, window)
    if np.isnan(ratio):
        return persist(entrants, len(source.ahead))
    last, behind = entrants[-1], source.past[-1]
    told = not np.isnan(last) and not np.isnan(behind) and last > 0 and behind > 0
    deviation = np.log(last / (ratio * behind)) if told and ratio > 0 else 0.0
    fading = MEMORY ** np.arange(1, len(source.ahead) + 1)
    return np.asarray(ratio * source.ahead * np.exp(deviation * fading))


def persist(entrants: FloatArray, horizons: int, years: int = 1) -> FloatArray:
    """Mean of the last years that were counted, for every year to come, shape (horizons,)."""
    known = entrants[~np.isnan(entrants)][-years:]
    return np.full(horizons, float(known.mean()) if len(known) else 0.0)
