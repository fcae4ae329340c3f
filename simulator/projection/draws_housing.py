"""New dwellings in the draws: whether a project is built, and how many years late."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from simulator.projection.demand import FloatArray
from simulator.projection.housing import certain_dwellings, occupied_shares, yields_by_age
from simulator.projection.population import Residents
from simulator.scenario import ProjectionSettings

Float32 = npt.NDArray[np.float32]


@dataclass(frozen=True)
class HousingDraws:
    """Projects completed after the base year, whose completion is drawn.

    Parameters
    ----------
    homes
        Positions of the units with new dwellings.
    place
        Position of each project's unit among `homes`.
    children
        Children by age where a project is fully occupied, shape (projects, ages).
    certainty
        Probability that a project is built.
    newly, occupied
        Share of a project's dwellings first occupied in a year, and occupied by then, by years of delay, shape
        (delays, projects, years).
    net
        Share of the arrivals of a unit beyond those that its trend holds, shape (homes, ages).
    chances
        Probability of each delay.
    """

    homes: npt.NDArray[np.intp]
    place: npt.NDArray[np.intp]
    children: FloatArray
    certainty: FloatArray
    newly: FloatArray
    occupied: FloatArray
    net: FloatArray
    chances: FloatArray


def housing_draws(
    housing: pd.DataFrame,
    units: pd.Index,
    residents: Residents,
    years: range,
    chances: tuple[float, ...],
    settings: ProjectionSettings,
) -> HousingDraws:
    """Lay out the projects that complete after the first of the years.

    Parameters
    ----------
    housing
        The district's projects.
    units
        Ids of the units.
    residents
        Of the run that draws deviate from, over the same years.
    years
        The years of the projection, the base year first.
    chances
        Probabilities of completing in time, a year late, …
    settings
        Yields and certainties.
    """
    homes = np.flatnonzero(residents.housing.any(axis=(1, 2)))
    later = housing[housing["completion_year"].astype(int) > years[0]] if len(housing) else housing
    place = np.searchsorted(homes, units.get_indexer(pd.Index(later["unit_id"])))
    known = np.isin(units.get_indexer(pd.Index(later["unit_id"])), homes)
    later, place = later[known], place[known]
    dwellings = later["dwellings"].to_numpy(float)
    certainty = np.divide(
        certain_dwellings(later, settings), dwellings, out=np.zeros_like(dwellings), where=dwellings > 0
    )
    newly = np.zeros((len(chances), len(later), len(years)))
    for delay in range(len(chances)) if len(later) else ():
        newly[delay] = occupied_shares(later.assign(completion_year=later["completion_year"] + delay), years, settings)
    newly[..., 0] = 0.0
    children = np.zeros((0, residents.trend.shape[1]))
    if len(later):
        children = yields_by_age(later, settings) * (dwellings / 100)[:, None]
    return HousingDraws(
        homes=homes,
        place=place,
        children=children,
        certainty=certainty,
        newly=newly,
        occupied=newly.cumsum(axis=-1),
        net=_net_share(residents.arrivals[homes], place, children * certainty[:, None], newly),
        chances=np.asarray(chances),
    )


def _net_share(
    arrivals: FloatArray, place: npt.NDArray[np.intp], children: FloatArray, newly: FloatArray
) -> FloatArray:
    """Arrivals of the run ÷ what its projects bring, over all years, at most 1, shape (homes, ages)."""
    gross = np.zeros(arrivals.shape[:2])
    if len(place):
        np.add.at(gross, place, children * newly[0].sum(axis=-1)[:, None])
    return np.asarray(np.clip(arrivals.sum(axis=-1) / np.where(gross > 0, gross, 1.0), 0.0, 1.0))


def housing_deviations(
    draws: HousingDraws, residents: Residents, kept: FloatArray, count: int, generator: np.random.Generator
) -> Callable[[int], tuple[Float32, Float32]]:
    """Position of a year → children of new dwellings and this year's arrivals, shape (draws, homes, ages).

    Parameters
    ----------
    draws
        The projects.
    residents
        Of the run.
    kept
        Children of new dwellings who are there a year later, by home.
    count
        Draws.
    generator
        Source of chance.
    """
    projects = len(draws.place)
    built = (generator.random((count, projects)) < draws.certainty).astype(np.float64)
    delay = generator.choice(len(draws.chances), size=(count, projects), p=draws.chances)
    shape = (count, len(draws.homes), residents.trend.shape[1])
    carried = np.zeros(shape)

    def year(position: int) -> tuple[Float32, Float32]:
        nonlocal carried
        newly, occupied = (
            built * table[delay, np.arange(projects), position] - draws.certainty * table[0, :, position]
            for table in (draws.newly, draws.occupied)
        )
        more = np.zeros(shape)
        for project, home in enumerate(draws.place):
            more[:, home, 1:] += newly[:, [project]] * draws.children[project, 1:]
            more[:, home, 0] += occupied[:, project] * draws.children[project, 0]
        more *= draws.net
        older = np.zeros(shape)
        older[..., 1:] = carried[..., :-1] * kept[:, None]
        carried = older + more
        housing, arrivals = (values[draws.homes, :, position] for values in (residents.housing, residents.arrivals))
        return np.maximum(housing + carried, 0).astype(np.float32), np.maximum(arrivals + more, 0).astype(np.float32)

    return year
