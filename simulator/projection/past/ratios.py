"""Grade progression ratios: pooled over years, schools leaning towards their district."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simulator.projection.demand import FloatArray
from simulator.projection.past.cleaning import NORMAL, Cleaned, steps_of_district
from simulator.projection.past.history import Beliefs

# Cohorts of fewer pupils tell little of the noise; the belief stands for so many measured ones.
_LEAST_COHORT, _BELIEVED_COHORTS = 10.0, 200


@dataclass(frozen=True)
class Window:
    """How much of the past tells the ratios.

    Parameters
    ----------
    years
        Steps from year to year that count, the latest first.
    decay
        Weight of a step relative to the one after it.
    """

    years: int
    decay: float = 1.0

    def weights(self, steps: int) -> FloatArray:
        """Weight of every step, the last one 1, shape (steps,)."""
        age = np.arange(steps)[::-1]
        return np.where(age < self.years, self.decay**age, 0.0)


def district_ratios(cleaned: Cleaned, window: Window) -> FloatArray:
    r"""Pupils of a grade ÷ pupils of the grade below a year earlier in the whole district, shape (grades − 1,).

    .. math:: \rho_g = \frac{\sum_t w_t N_{g+1}(t+1)}{\sum_t w_t N_g(t)}

    1 where no step tells it.
    """
    before, after = steps_of_district(cleaned.history)
    weights = window.weights(before.shape[1]) * cleaned.usable
    below, above = before @ weights, after @ weights
    return np.asarray(np.divide(above, below, out=np.ones_like(below), where=below > 0))


def school_ratios(cleaned: Cleaned, window: Window, credibility: float) -> FloatArray:
    r"""The same by school, leaning towards the district's, shape (schools, grades − 1).

    All grades of a school share a factor, which says whether families come or leave; it counts as if `credibility`
    more pupils had followed the district.

    .. math:: \rho_{sg} = \rho_g \cdot \frac{\sum_{g,t} w_t N_{s,g+1}(t+1) + k}{\sum_{g,t} w_t \rho_g N_{sg}(t) + k}
    """
    history = cleaned.history
    district = district_ratios(cleaned, window)
    both = (history.is_open[:, :-1] & history.is_open[:, 1:])[:, None, :]
    weights = window.weights(len(history.years) - 1) * cleaned.usable
    below = np.where(both, history.pupils[:, :-1, :-1], 0.0) @ weights
    above = np.where(both, history.pupils[:, 1:, 1:], 0.0) @ weights
    factor = (above.sum(axis=1) + credibility) / (below @ district + credibility)
    return np.asarray(district * factor[:, None])


def measured_noise(all_cleaned: Sequence[Cleaned], beliefs: Beliefs) -> float:
    r"""Noise of a cohort, pupils × variance of its ratio, leaning towards what is believed.

    .. math:: \nu = n \cdot \mathrm{Var}(\rho), \quad \text{robustly from } (N_{s,g+1}(t+1) - \rho_g N_{sg}(t)) / \sqrt{\rho_g N_{sg}(t)}
    """
    scores = [np.zeros(0)]
    for cleaned in all_cleaned:
        history = cleaned.history
        expected = history.pupils[:, :-1, :-1] * district_ratios(cleaned, Window(len(history.years)))[:, None]
        told = (expected > _LEAST_COHORT) & ~np.isnan(history.pupils[:, 1:, 1:]) & cleaned.usable
        scores.append((history.pupils[:, 1:, 1:][told] - expected[told]) / np.sqrt(expected[told]))
    joined = np.concatenate(scores)
    if not len(joined):
        return beliefs.noise
    measured = (NORMAL * float(np.median(np.abs(joined)))) ** 2
    return float((len(joined) * measured + _BELIEVED_COHORTS * beliefs.noise) / (len(joined) + _BELIEVED_COHORTS))
