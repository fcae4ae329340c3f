"""Candidates joined by what each has shown so far: the better its past forecasts, the more it says."""

from __future__ import annotations

import numpy as np

from simulator.projection.demand import FloatArray

# Past forecasts that speak for treating all candidates alike: few errors must not decide much.
_ALIKE = 3.0


def weights_of(errors: FloatArray) -> FloatArray:
    r"""Weights of candidates by horizon, summing to 1 over candidates, shape (candidates, horizons).

    .. math:: w_m \propto \frac{n + n_0}{n \cdot MSE_m + n_0 \cdot \overline{MSE}}

    (inverse mean squared errors, Bates and Granger 1969, leaning towards equal weights). A horizon without any past
    error takes the weights of the longest one with some.

    Parameters
    ----------
    errors
        Squared relative errors that were known, NaN for the others, shape (candidates, origins, horizons).
    """
    told = ~np.isnan(errors)
    count = told.sum(axis=1).astype(float)
    mean = np.where(told, errors, 0.0).sum(axis=1) / np.maximum(count, 1.0)
    known = np.flatnonzero(count.min(axis=0) > 0)
    if not len(known):
        return np.full(mean.shape, 1.0 / len(mean))
    place = known[np.maximum(np.searchsorted(known, np.arange(mean.shape[1]), side="right") - 1, 0)]
    mean, count = mean[:, place], count[:, place]
    level = mean.mean(axis=0, keepdims=True)
    leaning = (count * mean + _ALIKE * level) / (count + _ALIKE)
    weights = 1.0 / np.maximum(leaning, 1e-12)
    return np.asarray(weights / weights.sum(axis=0, keepdims=True))


def squared_errors(forecasts: FloatArray, actual: FloatArray) -> FloatArray:
    """Squared relative errors, NaN where either is unknown or nothing was there."""
    told = np.nan_to_num(actual) > 0
    ratio = np.divide(forecasts, actual, out=np.full(np.broadcast(forecasts, actual).shape, np.nan), where=told)
    return np.asarray((ratio - 1) ** 2)
