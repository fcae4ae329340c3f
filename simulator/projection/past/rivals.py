"""What an office would do without this program, to be tested beside it."""

from __future__ import annotations

import numpy as np

from simulator.projection.demand import FloatArray
from simulator.projection.past.cohorts import roll, totals
from simulator.projection.past.entry import persist
from simulator.projection.past.history import Births, History

_TREND_YEARS = 5
_PLAIN_YEARS = 5


def last_value(counts: FloatArray, horizons: int) -> FloatArray:
    """The last count for ever; counts (…, years) → (…, horizons)."""
    return np.repeat(counts[..., -1:], horizons, axis=-1)


def linear_trend(counts: FloatArray, horizons: int) -> FloatArray:
    """The line through the last five counts, not below zero; counts (…, years) → (…, horizons).

    >>> linear_trend(np.array([[10.0, 20.0, 30.0]]), 2).round(6).tolist()
    [[40.0, 50.0]]
    """
    recent = counts[..., -_TREND_YEARS:]
    told = ~np.isnan(recent)
    when = np.arange(recent.shape[-1]) - (recent.shape[-1] - 1.0)
    count = np.maximum(told.sum(axis=-1, keepdims=True), 1)
    middle = np.where(told, when, 0.0).sum(axis=-1, keepdims=True) / count
    mean = np.nansum(recent, axis=-1, keepdims=True) / count
    apart = np.where(told, when - middle, 0.0)
    spread = (apart**2).sum(axis=-1, keepdims=True)
    moved = np.nansum(apart * np.nan_to_num(recent), axis=-1, keepdims=True)
    slope = np.divide(moved, spread, out=np.zeros_like(moved), where=spread > 0)
    ahead = np.arange(1, horizons + 1)
    line = np.maximum(mean + slope * (ahead - middle), 0.0)
    return np.where(told[..., -1:], line, np.nan)


def per_head(counts: FloatArray, heads: FloatArray, horizons: int) -> FloatArray:
    """千人指标法 and 户均法: pupils per resident or dwelling of the last year × their number on its recent line.

    Parameters
    ----------
    counts
        Pupils, shape (years,).
    heads
        Residents or dwellings of the same years, NaN where unknown.
    horizons
        Years to come.
    """
    known = np.flatnonzero(~np.isnan(heads) & ~np.isnan(counts))
    if not len(known):
        return np.full(horizons, np.nan)
    last = int(known[-1])
    line = linear_trend(heads[None, : last + 1], horizons + len(heads) - 1 - last)[0]
    return np.asarray((counts[last] / heads[last] * line)[-horizons:])


def plain_cohorts(history: History, horizons: int) -> tuple[FloatArray, FloatArray]:
    """Pooled ratios of five years and births of one year × their recent ratio, nothing shrunk or combined.

    Returns
    -------
    tuple
        District (grades, horizons), schools (schools, horizons).
    """
    district = _plain(totals(history)[None], history, horizons)[0]
    schools = _plain(history.pupils, history, horizons)
    return district, np.where(history.is_open[:, -1][:, None], schools.sum(axis=1), np.nan)


def _plain(pupils: FloatArray, history: History, horizons: int) -> FloatArray:
    """Plain cohorts of any number of places, shape (places, grades, horizons)."""
    before, after = pupils[:, :-1, :-1][..., -_PLAIN_YEARS:], pupils[:, 1:, 1:][..., -_PLAIN_YEARS:]
    both = ~np.isnan(before) & ~np.isnan(after)
    below, above = (np.where(both, part, 0.0).sum(axis=2) for part in (before, after))
    ratios = np.divide(above, below, out=np.ones_like(below), where=below > 0)
    entrants = np.stack([_plain_entry(first, history, horizons) for first in pupils[:, 0, :]])
    return roll(np.nan_to_num(pupils[:, :, -1]), ratios, entrants)


def _plain_entry(entrants: FloatArray, history: History, horizons: int) -> FloatArray:
    """Births of one year × the ratio of the last five years, else the last count."""
    span = range(history.years.start, history.years.stop + horizons)
    behind = _births_of_one_year(history.births, span, history.entry_age)
    past = behind[: len(entrants)]
    told = np.flatnonzero(~np.isnan(past) & ~np.isnan(entrants))[-_PLAIN_YEARS:]
    if history.feeder or not len(told) or past[told].sum() <= 0:
        return persist(entrants, horizons)
    return np.asarray(behind[len(entrants) :] * entrants[told].sum() / past[told].sum())


def _births_of_one_year(births: Births, years: range, age: int) -> FloatArray:
    """Births `age` years before; the last known ones for those to come."""
    known = np.flatnonzero(~np.isnan(births.counts))
    if not len(known):
        return np.full(len(years), np.nan)
    place = np.asarray(years) - age - births.years.start
    found = births.counts[np.clip(place, 0, known[-1])]
    return np.where(place < 0, np.nan, found)
