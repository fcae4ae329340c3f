"""What a history lets expect at every time in it: candidates, joined by what they had shown until then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from simulator.projection.demand import FloatArray
from simulator.projection.past.cleaning import Cleaned, clean
from simulator.projection.past.cohorts import (
    Candidates,
    district_candidates,
    entry_candidates,
    late_share_of,
    school_candidates,
    source_of,
    totals,
)
from simulator.projection.past.combine import squared_errors, weights_of
from simulator.projection.past.entry import Source
from simulator.projection.past.history import Beliefs, History

FEWEST_YEARS = 2
"""Counted years without which there is no ratio."""


@dataclass(frozen=True)
class Outlook:
    """What was expected in the autumn of a year, from nothing that was not known then.

    Parameters
    ----------
    year
        The last year that was known.
    cleaned
        The history until then, mended.
    late_share, source
        What stands behind the entrants.
    candidates
        Every candidate's forecast.
    entry_weights, district_weights, school_weights
        Weights of the candidates, shape (candidates, horizons).
    entry
        District's first grade, shape (horizons,).
    district
        Pupils of the district, shape (grades, horizons).
    schools
        Pupils of each school, shape (schools, horizons); NaN for schools that are not open.
    """

    year: int
    cleaned: Cleaned
    late_share: float
    source: Source
    candidates: Candidates
    entry_weights: FloatArray
    district_weights: FloatArray
    school_weights: FloatArray
    entry: FloatArray
    district: FloatArray
    schools: FloatArray


def outlooks(
    history: History, beliefs: Beliefs, horizons: int, graduates: Mapping[int, FloatArray] | None = None
) -> tuple[Outlook, ...]:
    """The outlook of every year that was counted, the earliest first.

    Parameters
    ----------
    history
        The whole history of a stage.
    beliefs
        What is believed before the history speaks.
    horizons
        Years to look ahead.
    graduates
        Year of the outlook → last grade of the stage before by year of this history and the horizons after it.
    """
    found: list[Outlook] = []
    for place in np.flatnonzero(history.known):
        if history.known[: place + 1].sum() < FEWEST_YEARS:
            continue
        year = history.years[int(place)]
        behind = None if graduates is None else graduates.get(year)
        found.append(look_ahead(history.until(year), beliefs, horizons, found, behind))
    return tuple(found)


def look_ahead(
    history: History, beliefs: Beliefs, horizons: int, earlier: Sequence[Outlook], graduates: FloatArray | None
) -> Outlook:
    """The outlook of the last year of a history; `earlier` ones have told their candidates' worth."""
    cleaned = clean(history, beliefs)
    known = cleaned.history
    late_share = late_share_of(known, beliefs)
    source = source_of(known, horizons, late_share, graduates)
    counts, sizes = totals(known), known.pupils.sum(axis=1)

    ways = entry_candidates(known, source)
    entry_weights = _weights([past.candidates.entry for past in earlier], earlier, counts[0], known, ways)
    entry = (entry_weights * ways).sum(axis=0)
    district = district_candidates(cleaned, entry)
    sums = [past.candidates.district.sum(axis=1) for past in earlier]
    district_weights = _weights(sums, earlier, counts.sum(axis=0), known, district[:, 0])
    joined = (district_weights[:, None] * district).sum(axis=0)
    schools = school_candidates(cleaned, entry, joined.sum(axis=0))
    parts = [past.candidates.schools for past in earlier]
    school_weights = _weights(parts, earlier, sizes, known, schools[:, 0])
    return Outlook(
        year=known.years[-1],
        cleaned=cleaned,
        late_share=late_share,
        source=source,
        candidates=Candidates(ways, district, schools),
        entry_weights=entry_weights,
        district_weights=district_weights,
        school_weights=school_weights,
        entry=entry,
        district=joined,
        schools=(school_weights[:, None] * schools).sum(axis=0),
    )


def _weights(
    forecasts: Sequence[FloatArray], earlier: Sequence[Outlook], counts: FloatArray, known: History, like: FloatArray
) -> FloatArray:
    """Weights of candidates by the errors of earlier forecasts, as far as their years have come.

    `forecasts` have the shape (candidates, …, horizons), `counts` (…, years), `like` (candidates, horizons).
    """
    if not forecasts:
        return np.full(like.shape, 1.0 / len(like))
    errors = [
        squared_errors(forecast, actual_after(counts, known, past.year, like.shape[1]))
        for forecast, past in zip(forecasts, earlier, strict=True)
    ]
    by_origin = np.stack([_mean(error) for error in errors], axis=1)
    return weights_of(by_origin)


def actual_after(counts: FloatArray, history: History, year: int, horizons: int) -> FloatArray:
    """Counts of the years after `year`, NaN where they are not known, shape (…, horizons)."""
    first = year + 1 - history.years.start
    found = np.full((*counts.shape[:-1], horizons), np.nan)
    part = counts[..., first : first + horizons]
    found[..., : part.shape[-1]] = part
    return found


def _mean(errors: FloatArray) -> FloatArray:
    """Mean over schools, if there are any, of what is known, shape (candidates, horizons)."""
    if errors.ndim == 2:
        return errors
    told = ~np.isnan(errors)
    count = told.sum(axis=1)
    return np.where(count > 0, np.where(told, errors, 0.0).sum(axis=1) / np.maximum(count, 1), np.nan)
