"""Births → entrants: the arrival ratio 到学率 of every unit, leaning towards the district's where births are few."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from simulator.inputs.age_groups import AUTUMN_SHARE
from simulator.projection.attendance import StageShare
from simulator.projection.births import BirthsPath
from simulator.projection.demand import FloatArray
from simulator.projection.population import Residents
from simulator.projection.register import StageRegister, ages_of
from simulator.terms import Stage

_ENTRY_AGE = ages_of(Stage.PRIMARY).start


@dataclass(frozen=True)
class Arrivals:
    """到学率 of the base year.

    Parameters
    ----------
    births
        Births whose children were to enter in the base year, shape (units,).
    entrants
        Children of the first primary grade by unit.
    own
        entrants ÷ births; the district's where a unit has no births.
    ratio
        The same leaning towards the district's.
    district
        Of the district.
    """

    births: FloatArray
    entrants: FloatArray
    own: FloatArray
    ratio: FloatArray
    district: float


def arrival_ratios(births: FloatArray, entrants: FloatArray, credibility: float) -> Arrivals:
    r"""Arrival ratio of every unit, and of the district.

    .. math:: r_u = Z_u \frac{E_u}{B_u} + (1 - Z_u) \frac{\sum E}{\sum B}, \qquad Z_u = \frac{B_u}{B_u + k}

    >>> arrival_ratios(np.array([60.0, 0.0]), np.array([120.0, 0.0]), 60.0).ratio.tolist()
    [2.0, 2.0]
    """
    total = births.sum()
    district = float(entrants.sum() / total) if total > 0 else 1.0
    own = np.divide(entrants, births, out=np.full_like(births, district), where=births > 0)
    belief = births / (births + credibility)
    return Arrivals(births, entrants, own, belief * own + (1 - belief) * district, district)


def entering_births(births: BirthsPath, year: int, late_share: float) -> FloatArray | None:
    r"""Births whose children enter primary school in a year, by unit; none where they are before the first year known.

    .. math:: B_u(t) = (1 - \lambda) C_u(t-6) + \lambda C_u(t-7), \qquad
        C_u(c) = \tfrac{4}{12} b_u(c-1) + \tfrac{8}{12} b_u(c)

    with λ of every cohort entering a year late and the cut-off at 31 August.
    """
    late_year = year - _ENTRY_AGE - 1
    earliest = late_year - 1 if late_share > 0 else late_year
    if earliest < births.first_year:
        return None

    def cohort(born: int) -> FloatArray:
        before, now = births.in_year(born - 1), births.in_year(born)
        return AUTUMN_SHARE * before + (1 - AUTUMN_SHARE) * now

    in_time = cohort(late_year + 1)
    return (1 - late_share) * in_time + late_share * cohort(late_year) if late_share > 0 else in_time


def base_year_arrivals(
    register: StageRegister,
    births: BirthsPath,
    base_year: int,
    late_share: float,
    credibility: float,
) -> Arrivals | None:
    """Arrival ratios from the first grade of the base year; none without a register or births of its cohorts."""
    born = entering_births(births, base_year, late_share)
    entrants = register.by_cell[:, 0]
    if born is None or born.sum() <= 0 or entrants.sum() <= 0:
        return None
    return arrival_ratios(born, entrants, credibility)


def share_from_births(
    share: StageShare,
    arrivals: Arrivals,
    births: BirthsPath,
    residents: Residents,
    years: range,
    late_share: float,
) -> StageShare:
    """The attendance share by year under which entrants are births × arrival ratio, shape (units, years).

    The engine seats residents × share; with this share the product is the arrival ratio's, children of new dwellings
    apart, who come on top. A unit without residents of the age keeps its share.
    """
    by_year = np.repeat(share.unit[:, None], len(years), axis=1)
    for place, year in enumerate(years):
        born = entering_births(births, year, late_share)
        children = residents.trend[..., place]
        of_age = (1 - late_share) * children[:, _ENTRY_AGE] + late_share * children[:, _ENTRY_AGE + 1]
        if born is not None:
            told = of_age > 0
            by_year[told, place] = arrivals.ratio[told] * born[told] / of_age[told]
    return replace(share, unit=by_year)


def arrivals_frame(arrivals: Arrivals | None, units: pd.Index) -> pd.DataFrame:
    """unit_id (empty: the district), births, entrants, own, ratio: the arrival ratio as measured and as used."""
    columns = ["unit_id", "births", "entrants", "own", "ratio"]
    if arrivals is None:
        return pd.DataFrame(columns=columns)
    frame = pd.DataFrame(
        {
            "unit_id": units,
            "births": arrivals.births,
            "entrants": arrivals.entrants,
            "own": arrivals.own,
            "ratio": arrivals.ratio,
        }
    )
    of_district = ("", arrivals.births.sum(), arrivals.entrants.sum(), arrivals.district, arrivals.district)
    return pd.concat([pd.DataFrame([of_district], columns=columns), frame], ignore_index=True)
