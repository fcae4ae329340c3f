"""Births → entrants: how many of those born enter school, how many a year late, and who was still waiting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from simulator.projection.demand import FloatArray
from simulator.projection.past.entry import cohort_weights
from simulator.terms import AGE_OF_GRADE, STAGE_GRADES, Stage

ENTRY_AGE = STAGE_GRADES[Stage.PRIMARY][0] + AGE_OF_GRADE
"""Age at 31 August at which children enter primary school."""

# What is possible before a year is seen, all alike: the share of late entry, the share of those whom a year lacked
# that the next one brings (negative where births are miscounted, which the next year shows again, as its entrants
# share half of their births with this one), and the noise of a year.
_LATE_SHARES = np.linspace(0.0, 0.5, 26)
_CATCH_UPS = np.linspace(-0.5, 1.0, 16)
_NOISES = np.array([0.01, 0.02, 0.03, 0.05, 0.08])
# The level is believed to be 1 within three times its doubt.
_LEVELS = np.linspace(-3.0, 3.0, 61)
# Student's t: tails heavier than normal, as cohorts have them.
_FREEDOM = 4.0
_DRAWS = 20_000


@dataclass(frozen=True)
class EntryModel:
    """What past entrants say of late entry: equally likely draws of every parameter, shape (draws,).

    Parameters
    ----------
    years
        Years whose entrants were used.
    late_share
        Share of the children of entry age who enter a year later.
    level
        log(children who enter ÷ children born).
    catch_up
        Share of the children whom a year lacked that the next year brings; negative: it lacks them too.
    noise
        Scale of what remains of a year, as a share of its entrants.
    """

    years: tuple[int, ...]
    late_share: FloatArray
    level: FloatArray
    catch_up: FloatArray
    noise: FloatArray


@dataclass(frozen=True)
class Expected:
    """Entrants of a year: median, and the band that holds them with probability 80 %."""

    median: float
    low: float
    high: float


def born_behind(births: Mapping[int, float], year: int, late_share: float) -> float:
    """Births behind the entrants of a year, by the cut-off of 31 August; NaN where a year is not known.

    >>> round(born_behind({2018: 90.0, 2017: 120.0}, 2024, 0.0), 6)
    100.0
    """
    weights = cohort_weights(late_share)
    known = [births.get(year - ENTRY_AGE - back, np.nan) if share > 0 else 0.0 for back, share in enumerate(weights)]
    return float(np.dot(weights, known))


def fit_late_entry(
    births: Mapping[int, float], entrants: Mapping[int, float], level_doubt: float, seed: int = 0
) -> EntryModel:
    r"""Late entry, level and catching up that past entrants support.

    .. math:: \log E(t) = \log B_\lambda(t) + \ell - \kappa\,[\log E(t-1) - \log B_\lambda(t-1) - \ell] + \varepsilon(t)

    where B are the births behind a year by the cut-off of 31 August and the share λ of late entry. Children are
    neither lost nor made by entering at another time, so what a year lacks the next one brings: κ. Every λ in
    0 … 0.5 and κ in −0.5 … 1 is believed alike; the level is believed to be 1 (each child born goes to school) within
    `level_doubt`. Bayes' rule on a grid, errors with the tails of Student's t.

    Parameters
    ----------
    births, entrants
        By calendar year and school year; of entrants only the years to learn from: known at the time, and with births
        counted on one basis.
    level_doubt
        Standard deviation of log(level) before the years speak: small for a country, about 0.5 for a county.
    seed
        Of the draws from what is likely afterwards.
    """
    used = tuple(year for year in sorted(entrants) if not np.isnan(born_behind(births, year, 0.5)))
    levels = _LEVELS * level_doubt
    axes = np.meshgrid(_LATE_SHARES, levels, _CATCH_UPS, _NOISES, indexing="ij")
    likely = -0.5 * (axes[1] / level_doubt) ** 2
    apart = {
        year: np.log([entrants[year] / born_behind(births, year, share) for share in _LATE_SHARES])[:, None, None, None]
        for year in used
    }
    for year in used:
        deviation = apart[year] - axes[1]
        if year - 1 in apart:
            deviation = deviation + axes[2] * (apart[year - 1] - axes[1])
        likely = likely - np.log(axes[3]) - (_FREEDOM + 1) / 2 * np.log1p((deviation / axes[3]) ** 2 / _FREEDOM)
    weights = np.exp(likely - likely.max()).ravel()
    chosen = np.random.default_rng(seed).choice(len(weights), _DRAWS, p=weights / weights.sum())
    late, level, catch_up, noise = (axis.ravel()[chosen] for axis in axes)
    return EntryModel(used, late, level, catch_up, noise)


def expect_entrants(
    model: EntryModel, births: Mapping[int, float], entrants: Mapping[int, float], year: int, seed: int = 0
) -> Expected:
    """Entrants of a year from the births behind it; those of the year before, where known, tell who still waits.

    Parameters
    ----------
    model
        What the past said.
    births, entrants
        By calendar year and school year, as known at the time.
    year
        The school year asked for.
    """
    middle = _log_born(births, year, model.late_share) + model.level
    if year - 1 in entrants:
        last = np.log(entrants[year - 1]) - _log_born(births, year - 1, model.late_share) - model.level
        middle = middle - model.catch_up * np.where(np.isnan(last), 0.0, last)
    chance = np.random.default_rng(seed + 1).standard_t(_FREEDOM, len(middle))
    low, high = np.exp(np.quantile(middle + model.noise * chance, [0.1, 0.9]))
    return Expected(float(np.exp(middle.mean())), float(low), float(high))


def _log_born(births: Mapping[int, float], year: int, late_shares: FloatArray) -> FloatArray:
    """Log of the births behind a year for many shares of late entry; births older than known count as the oldest."""
    behind = [births.get(year - ENTRY_AGE - back, np.nan) for back in range(3)]
    if np.isnan(behind[2]):
        behind[2] = behind[1]
    of_age, late = (cohort_weights(share) @ np.asarray(behind) for share in (0.0, 1.0))
    return np.asarray(np.log((1 - late_shares) * of_age + late_shares * late))
