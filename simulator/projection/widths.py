"""How far draws must stand from the run so that the whole district's band is as wide as the backtest asks."""

from __future__ import annotations

import numpy as np

from simulator.projection.calibration import Calibration
from simulator.projection.demand import FloatArray
from simulator.projection.past.bands import spread
from simulator.projection.past.history import Beliefs
from simulator.projection.quantiles import Places, StageTotals, at_quantile
from simulator.projection.uncertainty import Ensemble
from simulator.terms import Stage

# Horizons that a history tells. Later years keep a factor above 1; one below 1 goes back to 1 in as many years, as births
# that are not known yet are no part of what the history was tested on.
_TOLD = 5
# A factor beyond these says more about a short history than about the future.
_LEAST, _MOST = 0.5, 2.5
# Quantiles 10 and 90 of a normal distribution stand this many standard deviations apart.
_APART = 2.563


def calibrated_scale(totals: StageTotals, ensemble: Ensemble, places: Places, calibration: Calibration) -> FloatArray:
    r"""Factor on the distance of draws from the run, by year, shape (years,); 1 without a history.

    .. math:: s_h = \frac{\gamma_h \sigma_h(N)}{\hat\sigma_h}

    with the spread σ that the noise law gives to the children of a stage h years ahead, the factor by which past errors
    were wider or narrower, and the spread of the draws; the mean over the stages with a history.
    """
    stages = [stage for stage in places.columns if stage in calibration.fitted]
    scale = np.ones(len(places.years))
    if not stages:
        return scale
    told = min(_TOLD, len(scale) - 1)
    factors = np.mean([_of_stage(stage, totals, ensemble, places, calibration, told) for stage in stages], axis=0)
    scale[1 : told + 1] = np.clip(factors, _LEAST, _MOST)
    later = np.arange(1, len(scale) - told)
    back = np.minimum(later / _TOLD, 1.0) if scale[told] < 1 else np.zeros(len(later))
    scale[told + 1 :] = scale[told] + back * (1 - scale[told])
    return scale


def _of_stage(
    stage: Stage, totals: StageTotals, ensemble: Ensemble, places: Places, calibration: Calibration, told: int
) -> FloatArray:
    """The factor of one stage by horizon 1 … told."""
    columns = places.columns[stage]
    run = ensemble.children[:, columns].sum(axis=(0, 1))[1 : told + 1]
    drawn = np.sort(totals.units[1 : told + 1, list(places.columns).index(stage)].sum(axis=1), axis=-1)
    high, low = (np.log(np.maximum(at_quantile(drawn, share), 1.0)) for share in (0.9, 0.1))
    ahead = np.arange(1.0, told + 1)
    beliefs = Beliefs(calibration.late_share, calibration.noise, calibration.floor)
    wanted = calibration.band_scale[:told] * spread(run, ahead, columns.stop - columns.start, told, beliefs)
    return np.where(high > low, wanted * _APART / np.where(high > low, high - low, 1.0), 1.0)
