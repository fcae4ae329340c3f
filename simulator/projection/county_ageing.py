"""Children of a census ten years on: cohort change of counties, told by the growth of their population."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
import numpy.typing as npt
import pandas as pd

from simulator.projection.demand import FloatArray

FEATURES = ("level", "growth", "usual_growth", "older_children", "infants", "size", "youth")
"""What a county's bureau knows; each a logarithm, see :func:`features_of`."""
BAND = 0.9
"""Probability with which a band holds the true figure."""
YEARS = 10
"""Years between two censuses."""

# Growth beyond this (in logarithms over ten years) is a new district or a changed border more than families moving in.
_USUAL_GROWTH = 0.5
# Residuals smaller than this are alike: logarithms need no zero.
_SMALLEST = 0.005
_FOLDS = 5
_STEPS, _NEAR = 500, 1e-6


@dataclass(frozen=True)
class Carried:
    """Children some years on: what is expected, and the band that holds them with probability `BAND`."""

    expected: float
    low: float
    high: float


@dataclass(frozen=True)
class AgeingModel:
    """How counties' children of 0–4 became those of 10–14.

    Parameters
    ----------
    weights
        By feature, shape (features,).
    spread
        log(size that 90 % of errors stay within) by constant, growth above usual, growth below it, log population, shape (4,).
    usual
        Growth of the county in the middle.
    low, high
        Quantiles of error ÷ its size that leave 5 % on either side.
    size
        log(population) of the county in which the average person lives.
    """

    weights: FloatArray
    spread: FloatArray
    usual: float
    low: float
    high: float
    size: float

    def log_ratio(self, features: FloatArray) -> FloatArray:
        """log(children ten years later ÷ children of the census), shape (counties,); `features` may be differences."""
        return np.asarray(features @ self.weights)

    def size_of_error(self, features: FloatArray) -> FloatArray:
        """Size of the error of the logarithm that most stay within, shape (counties,)."""
        return np.asarray(np.exp(_spread_terms(features, self.usual) @ self.spread))


def features_of(census: pd.DataFrame) -> FloatArray:
    """What is known of each county, shape (counties, features).

    Parameters
    ----------
    census
        population, age0, age1_4, age5_9, age15_19 of the census, and population_later of its tenth year after.
    """
    young = census["age0"] + census["age1_4"]
    growth = np.log(census["population_later"] / census["population"])
    columns = {
        "level": np.ones(len(census)),
        "growth": growth,
        "usual_growth": growth.clip(-_USUAL_GROWTH, _USUAL_GROWTH),
        "older_children": np.log(census["age5_9"] / young),
        "infants": np.log(4 * census["age0"] / census["age1_4"]),
        "size": np.log(census["population"]),
        "youth": np.log(census["age15_19"] / census["population"]),
    }
    return np.column_stack([columns[name] for name in FEATURES]).astype(float)


def fit_ageing(census: pd.DataFrame, later: pd.Series[float], groups: npt.NDArray[np.object_]) -> AgeingModel:
    """Fit cohort change of counties, with a band that holds for provinces not seen.

    Parameters
    ----------
    census
        As in :func:`features_of`, a row a county.
    later
        Children aged 10–14 ten years later.
    groups
        Province of each county: errors that set the band are those of provinces left out.
    """
    features = features_of(census)
    truth = np.log(later.to_numpy(float) / (census["age0"] + census["age1_4"]).to_numpy(float))
    weights = least_absolute(features, truth)
    errors = _errors_outside(features, truth, groups)
    usual = float(np.median(features[:, FEATURES.index("growth")]))
    terms = _spread_terms(features, usual)
    spread = least_absolute(terms, np.log(np.abs(errors) + _SMALLEST), BAND)
    low, high = np.quantile(errors / np.exp(terms @ spread), [(1 - BAND) / 2, (1 + BAND) / 2])
    size = float(np.average(np.log(census["population"]), weights=census["population"]))
    return AgeingModel(weights, spread, usual, float(low), float(high), size)


def expect_children(model: AgeingModel, census: pd.DataFrame) -> pd.DataFrame:
    """expected, low and high: children aged 10–14 ten years after the census, by county."""
    features = features_of(census)
    middle, size = model.log_ratio(features), model.size_of_error(features)
    young = (census["age0"] + census["age1_4"]).to_numpy(float)
    columns = {"expected": middle, "low": middle + model.low * size, "high": middle + model.high * size}
    return pd.DataFrame({name: young * np.exp(values) for name, values in columns.items()}, index=census.index)


def age_groups_forward(
    model: AgeingModel, county: Mapping[str, float], years: int, country: Mapping[str, float]
) -> dict[tuple[int, int], Carried]:
    r"""Children of a county's census carried some years on, by age group of the census: (0, 4) and (5, 9).

    .. math:: \log\frac{N_{a+h}(t+h)}{N_a(t)} = \frac{h}{10}\,\beta \cdot (f_{county} - f_{country})

    The country's own cohorts keep their number (since 2020 its censuses lack few infants, and few children die), so a
    county differs from 1 as its features differ from the country's; growth counts as growth of ten years at the same
    pace. The band of ten years narrows with the square root of time. Of the ages 5–9 no census pair tells more than of
    0–4: they take the same factor.

    Parameters
    ----------
    model
        Fitted on two censuses.
    county
        population, population_later, age0, age1_4, age5_9, age15_19: the latest census, and the total population
        `years` later.
    years
        1 … 10.
    country
        The same figures of the whole country (of any size: only its ratios count), with its own growth.
    """
    there, whole = (_at_pace(figures, years) for figures in (county, country))
    features, centre = features_of(there), features_of(whole)
    centre[:, FEATURES.index("size")] = model.size
    share = years / YEARS
    middle = float(model.log_ratio(features - centre)[0]) * share
    size = float(model.size_of_error(features)[0]) * share**0.5
    # Figures that no county has would overflow; e to the fifth is far beyond any.
    factors = [float(np.exp(np.clip(middle + quantile * size, -5, 5))) for quantile in (0.0, model.low, model.high)]
    groups = {(0, 4): county["age0"] + county["age1_4"], (5, 9): county["age5_9"]}
    return {ages: Carried(*(children * factor for factor in factors)) for ages, children in groups.items()}


def published_model() -> tuple[AgeingModel, dict[str, float]]:
    """The model fitted on the censuses of 2010 and 2020, and the figures of the country in 2020 with its yearly growth.

    They stand with their source in `county_ageing.toml`; `python -m benchmarks run backtest --only counties` fits anew.
    """
    data = tomllib.loads(files("simulator.projection").joinpath("county_ageing.toml").read_text(encoding="utf-8"))
    fitted = data["model"]
    model = AgeingModel(
        weights=np.array([fitted["weights"][name] for name in FEATURES]),
        spread=np.array(fitted["spread"]),
        usual=fitted["usual"],
        low=fitted["low"],
        high=fitted["high"],
        size=fitted["size"],
    )
    return model, data["country"]


def _at_pace(figures: Mapping[str, float], years: int) -> pd.DataFrame:
    """One row, with the population that the same pace would bring in ten years."""
    pace = (figures["population_later"] / figures["population"]) ** (YEARS / years)
    return pd.DataFrame([{**figures, "population_later": figures["population"] * pace}])


def least_absolute(terms: FloatArray, truth: FloatArray, quantile: float = 0.5) -> FloatArray:
    """Weights with the least sum of absolute errors: a few odd counties must not bend all others.

    Least squares again and again, each error weighed by its inverse size (iteratively reweighted). With another
    `quantile` errors to either side cost unlike, so that this share of the truth lies below (quantile regression).
    """
    weights = np.linalg.lstsq(terms, truth, rcond=None)[0]
    for _step in range(_STEPS):
        error = truth - terms @ weights
        weighed = terms.T * (np.where(error > 0, quantile, 1 - quantile) / np.maximum(np.abs(error), _NEAR))
        before, weights = weights, np.linalg.lstsq(weighed @ terms, weighed @ truth, rcond=None)[0]
        if np.abs(weights - before).max() < _NEAR:
            break
    return np.asarray(weights)


def _spread_terms(features: FloatArray, usual: float) -> FloatArray:
    """What the size of an error depends on: how unusual the growth is, and how small the county."""
    distance = features[:, FEATURES.index("growth")] - usual
    size = features[:, FEATURES.index("size")]
    return np.column_stack([np.ones(len(features)), np.maximum(distance, 0.0), np.maximum(-distance, 0.0), size])


def _errors_outside(features: FloatArray, truth: FloatArray, groups: npt.NDArray[np.object_]) -> FloatArray:
    """Errors of provinces that the fit has not seen, shape (counties,)."""
    fold_of = {group: number % _FOLDS for number, group in enumerate(sorted(set(groups)))}
    folds = np.array([fold_of[group] for group in groups])
    errors = np.zeros(len(truth))
    for fold in range(min(_FOLDS, len(fold_of))):
        inside = folds == fold
        fit = least_absolute(features[~inside], truth[~inside]) if (~inside).any() else np.zeros(features.shape[1])
        errors[inside] = truth[inside] - features[inside] @ fit
    return errors
