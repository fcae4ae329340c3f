"""Bands: the noise law of cohorts, widened or narrowed by the errors that were known at the time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simulator.projection.demand import FloatArray
from simulator.projection.past.history import Beliefs

LEVELS = (50, 80, 95)
"""Percent of the outcomes that a band is to cover."""
# Quantiles of Student's t with 10 degrees of freedom ÷ its mean absolute value: errors have heavier tails than normal.
_QUANTILES = np.array([0.809, 1.587, 2.577])
# Mean absolute value of a standard normal, which the noise law lets expect, as if so many errors had shown it.
_MEAN_ABSOLUTE, _BELIEF = 0.798, 3.0
# An error of a neighbouring horizon counts e^−0.5 as much, one a year older 0.85 as much.
_HORIZON_KERNEL, _MEMORY = 0.5, 0.85
_STEPS_ENOUGH = 8


@dataclass(frozen=True)
class Errors:
    """Standardized absolute errors of the forecasts of one level.

    Parameters
    ----------
    origin, horizon
        Of every error.
    score
        Absolute logarithm of actual ÷ forecast, in spreads.
    weight
        1 ÷ number of schools of that origin and horizon, so that every forecast counts once.
    """

    origin: FloatArray
    horizon: FloatArray
    score: FloatArray
    weight: FloatArray


def spread(pupils: FloatArray, horizons: FloatArray, grades: int, steps: int, beliefs: Beliefs) -> FloatArray:
    r"""Standard deviation of the logarithm of a forecast before any error is known.

    .. math:: \sigma_h^2 = \frac{\nu h}{n} + \frac{\phi^2}{G} \left( h + \frac{h^2}{m} \right)

    with the cohort noise nu, the least noise phi of a grade, G grades, and m steps that told the ratios (their error
    adds up year by year).

    Parameters
    ----------
    pupils
        Forecast, shape (…, horizons).
    horizons
        Years ahead, shape (horizons,).
    grades
        Grades summed up.
    steps
        Steps from year to year that were known.
    beliefs
        Noise and floor.
    """
    told = min(max(steps, 1), _STEPS_ENOUGH)
    noise = beliefs.noise * horizons / np.maximum(pupils, 1.0)
    return np.asarray(np.sqrt(noise + beliefs.floor**2 / grades * (horizons + horizons**2 / told)))


def scales(errors: Errors, year: int, horizons: FloatArray) -> FloatArray:
    """Factor on the spread by horizon, from errors whose years had come by `year`, shape (horizons,)."""
    known = errors.origin + errors.horizon <= year
    near = np.exp(-_HORIZON_KERNEL * np.abs(errors.horizon[known][None, :] - horizons[:, None]))
    age = year - errors.origin[known] - errors.horizon[known]
    weights = near * errors.weight[known] * _MEMORY**age
    total = weights.sum(axis=1) + _BELIEF
    return np.asarray((weights @ errors.score[known] + _BELIEF * _MEAN_ABSOLUTE) / total / _MEAN_ABSOLUTE)


def limits(forecast: FloatArray, spreads: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Lower and upper limits of the bands of :data:`LEVELS`, each of shape (…, levels)."""
    reach = np.exp(spreads[..., None] * _MEAN_ABSOLUTE * _QUANTILES)
    return forecast[..., None] / reach, forecast[..., None] * reach


def gather(parts: Sequence[tuple[int, FloatArray, FloatArray, FloatArray]]) -> Errors:
    """Errors of many forecasts: (origin, forecast, actual, spread), arrays of the shape (places, horizons)."""
    origin, horizon, score, weight = [], [], [], []
    for year, forecast, actual, wide in parts:
        told = ~np.isnan(forecast) & ~np.isnan(actual) & (np.nan_to_num(forecast) > 0) & (np.nan_to_num(actual) > 0)
        _place, ahead = np.nonzero(told)
        origin.append(np.full(len(ahead), float(year)))
        horizon.append(ahead + 1.0)
        score.append(np.abs(np.log(actual[told] / forecast[told])) / wide[told])
        weight.append(1.0 / told.sum(axis=0)[ahead])
    empty = [np.zeros(0)]
    return Errors(*(np.concatenate(part or empty) for part in (origin, horizon, score, weight)))
