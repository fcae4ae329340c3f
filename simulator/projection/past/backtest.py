"""Rolling origins: what would have been forecast in every past year, beside naive rivals, and what came."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from simulator.projection.demand import FloatArray
from simulator.projection.past.bands import LEVELS, Errors, gather, limits, scales, spread
from simulator.projection.past.cleaning import Event
from simulator.projection.past.cohorts import totals
from simulator.projection.past.history import Beliefs, History
from simulator.projection.past.outlook import Outlook, actual_after, outlooks
from simulator.projection.past.rivals import last_value, linear_trend, per_head, plain_cohorts

OWN = "cohorts"
RIVALS = ("plain_cohorts", "last_value", "trend", "per_thousand", "per_dwelling")
METHODS = (OWN, *RIVALS)
FEWEST_YEARS = 3
"""Counted years that an origin must know."""
_LIMITS = tuple(f"{side}_{level}" for level in LEVELS for side in ("low", "high"))
COLUMNS = (
    "stage", "level", "school_id", "part", "origin", "horizon", "year", "method", "base", "forecast", "actual", *_LIMITS,
)  # fmt: skip


@dataclass(frozen=True)
class Origins:
    """Which years are looked back from.

    Parameters
    ----------
    first, last
        Bounds, both included; None = as far as the history goes.
    horizons
        Years ahead.
    """

    first: int | None = None
    last: int | None = None
    horizons: int = 10

    def holds(self, year: int) -> bool:
        """Whether a year is an origin."""
        return (self.first is None or year >= self.first) and (self.last is None or year <= self.last)


@dataclass(frozen=True)
class Heads:
    """What 千人指标法 and 户均法 multiply, by year; a year that is not listed is unknown.

    Parameters
    ----------
    residents, dwellings
        Year → whole population, occupied dwellings.
    """

    residents: Mapping[int, float]
    dwellings: Mapping[int, float]


@dataclass(frozen=True)
class Backtest:
    """What every method said in the past and what came.

    Parameters
    ----------
    forecasts
        One row a forecast: stage, level (`district`, `school`), school_id, part (`all` grades, `entry`), origin,
        horizon, year, method, base (pupils at the origin), forecast, actual, and the limits of the bands
        low_50 … high_95 (NaN for rivals and for the entry).
    events
        Name of the stage → what stands out in its history.
    """

    forecasts: pd.DataFrame
    events: dict[str, tuple[Event, ...]]


NO_HEADS = Heads({}, {})


def run_backtest(
    histories: Sequence[History], beliefs: Beliefs, origins: Origins = Origins(), heads: Heads = NO_HEADS
) -> Backtest:
    """Forecast from every past year with nothing but what was known then, and compare.

    Parameters
    ----------
    histories
        Of every stage; a stage that another one feeds follows that one's forecast.
    beliefs
        What is believed before the history speaks.
    origins
        Years to look back from.
    heads
        Population and dwellings by year, where they are known.
    """
    known = look_back(histories, beliefs, origins.horizons)
    frames = [
        frame for history in histories for frame in _stage_frames(history, known[history.name], beliefs, origins, heads)
    ]
    forecasts = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=list(COLUMNS))
    events = {history.name: known[history.name][-1].cleaned.events for history in histories if known[history.name]}
    return Backtest(forecasts, events)


def look_back(histories: Sequence[History], beliefs: Beliefs, horizons: int) -> dict[str, tuple[Outlook, ...]]:
    """Every outlook of every stage, stages in the order in which they feed one another."""
    found: dict[str, tuple[Outlook, ...]] = {}
    for history in histories:
        graduates = _graduates(history, found[history.feeder]) if history.feeder in found else None
        found[history.name] = outlooks(history, beliefs, horizons, graduates)
    return found


def _graduates(history: History, feeder: Sequence[Outlook]) -> dict[int, FloatArray]:
    """Year of an outlook → last grade of the feeding stage, by year of this history and the horizons after it."""
    graduates = {}
    for outlook in feeder:
        known = outlook.cleaned.history
        ahead = outlook.district[-1]
        values = np.concatenate([totals(known)[-1], ahead])
        by_year = dict(zip(range(known.years.start, known.years.stop + len(ahead)), values, strict=True))
        span = range(history.years.start, outlook.year + 1 + len(ahead))
        graduates[outlook.year] = np.array([by_year.get(year, np.nan) for year in span])
    return graduates


def _stage_frames(
    history: History, known: Sequence[Outlook], beliefs: Beliefs, origins: Origins, heads: Heads
) -> Iterator[pd.DataFrame]:
    """The forecasts of one stage, a frame for every origin, level and method."""
    sizes = history.pupils.sum(axis=1)
    counts = totals(history)
    ahead = np.arange(1.0, origins.horizons + 1)
    widths = {level: _widths(level, history, known, beliefs, ahead) for level in ("district", "school")}
    for number, outlook in enumerate(known):
        if number + 2 < FEWEST_YEARS or not origins.holds(outlook.year):
            continue
        rivals = rival_forecasts(history.until(outlook.year), origins.horizons, heads)
        for level, part, own, actual in (
            ("district", "all", outlook.district.sum(axis=0)[None], counts.sum(axis=0)[None]),
            ("district", "entry", outlook.entry[None], counts[:1]),
            ("school", "all", outlook.schools, sizes),
        ):
            came = actual_after(actual, history, outlook.year, origins.horizons)
            base = actual[:, outlook.year - history.years.start]
            for method, forecast in ((OWN, own), *rivals[level, part].items()):
                wide = widths[level][number] if method == OWN and part == "all" else None
                yield _frame(history, level, part, outlook.year, method, base, forecast, came, wide)


def _widths(
    level: str, history: History, known: Sequence[Outlook], beliefs: Beliefs, ahead: FloatArray
) -> list[FloatArray]:
    """Spread of every outlook's forecasts, calibrated on the errors that were known at its time."""
    errors = calibrated_errors(level, history, known, beliefs, ahead)
    return [
        _spread(_of_level(level, outlook, history)[0], number, history, beliefs, ahead)
        * scales(errors, outlook.year, ahead)
        for number, outlook in enumerate(known)
    ]


def calibrated_errors(
    level: str, history: History, known: Sequence[Outlook], beliefs: Beliefs, ahead: FloatArray
) -> Errors:
    """Standardized errors of every outlook at a level, `district` or `school`; `ahead` counts horizons from 1."""
    parts = []
    for number, outlook in enumerate(known):
        forecast, counts = _of_level(level, outlook, history)
        came = actual_after(counts, history, outlook.year, len(ahead))
        parts.append((outlook.year, forecast, came, _spread(forecast, number, history, beliefs, ahead)))
    return gather(parts)


def _spread(forecast: FloatArray, number: int, history: History, beliefs: Beliefs, ahead: FloatArray) -> FloatArray:
    """Spread of the outlook of that number before any error is known."""
    return spread(np.nan_to_num(forecast), ahead, len(history.grades), number + 1, beliefs)


def _of_level(level: str, outlook: Outlook, history: History) -> tuple[FloatArray, FloatArray]:
    """Forecasts (places, horizons) and counts (places, years) of a level."""
    if level == "district":
        return outlook.district.sum(axis=0)[None], totals(history).sum(axis=0)[None]
    return outlook.schools, history.pupils.sum(axis=1)


def rival_forecasts(
    history: History, horizons: int, heads: Heads = NO_HEADS
) -> dict[tuple[str, str], dict[str, FloatArray]]:
    """(level, part) → method → forecasts of the years after a history, shape (places, horizons)."""
    counts = totals(history)
    everybody, entrants = counts.sum(axis=0)[None], counts[:1]
    sizes = history.pupils.sum(axis=1)
    district, schools = plain_cohorts(history, horizons)
    found: dict[tuple[str, str], dict[str, FloatArray]] = {
        ("district", "all"): {"plain_cohorts": district.sum(axis=0)[None]},
        ("district", "entry"): {"plain_cohorts": district[:1]},
        ("school", "all"): {"plain_cohorts": schools},
    }
    for place, series in zip(found, (everybody, entrants, sizes), strict=True):
        found[place] |= {"last_value": last_value(series, horizons), "trend": linear_trend(series, horizons)}
    for method, by_year in (("per_thousand", heads.residents), ("per_dwelling", heads.dwellings)):
        known = np.array([by_year.get(year, np.nan) for year in history.years])
        if not np.isnan(known).all():
            found["district", "all"][method] = per_head(everybody[0], known, horizons)[None]
    return found


def _frame(
    history: History,
    level: str,
    part: str,
    origin: int,
    method: str,
    base: FloatArray,
    forecast: FloatArray,
    actual: FloatArray,
    wide: FloatArray | None,
) -> pd.DataFrame:
    """Rows of one method at one origin: places that were open then and in the year forecast."""
    told = ~np.isnan(forecast) & (np.nan_to_num(actual) > 0)
    place, ahead = np.nonzero(told)
    names = np.array(history.schools if level == "school" else ("",), dtype=object)
    rows = pd.DataFrame(
        {
            "stage": history.name,
            "level": level,
            "school_id": names[place],
            "part": part,
            "origin": origin,
            "horizon": ahead + 1,
            "year": origin + ahead + 1,
            "method": method,
            "base": base[place],
            "forecast": forecast[told],
            "actual": actual[told],
        }
    )
    low, high = (
        limits(forecast[told], wide[told]) if wide is not None else (np.full((len(rows), len(LEVELS)), np.nan),) * 2
    )
    for number, percent in enumerate(LEVELS):
        rows[f"low_{percent}"], rows[f"high_{percent}"] = low[:, number], high[:, number]
    return rows[list(COLUMNS)]
