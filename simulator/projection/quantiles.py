"""Bands: quantiles over the draws by unit, section, township and district, stage and year."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from simulator.projection.bands import DISTRICT, QUANTILES, SECTION, TOWNSHIP, UNIT, Bands
from simulator.projection.demand import FloatArray
from simulator.projection.draws import Float32
from simulator.projection.uncertainty import Ensemble
from simulator.terms import Stage


@dataclass(frozen=True)
class Places:
    """Where bands are asked for.

    Parameters
    ----------
    units
        Ids of the units.
    townships
        Township of each unit.
    columns
        stage → its columns among the cells.
    sections
        stage → ids of its sections.
    destinations
        stage → share of the children of a unit and grade in each section today, shape (sections, units, grades).
    years
        The years, the base year first.
    """

    units: tuple[str, ...]
    townships: tuple[str, ...]
    columns: Mapping[Stage, slice]
    sections: Mapping[Stage, Sequence[str]]
    destinations: Mapping[Stage, npt.NDArray[np.float64]]
    years: tuple[int, ...]


@dataclass(frozen=True)
class StageTotals:
    """Children of each stage in every draw.

    Parameters
    ----------
    units
        By unit, shape (years, stages, units, draws).
    sections
        stage → by section, shape (years, sections, draws).
    """

    units: Float32
    sections: Mapping[Stage, Float32]


def stage_totals(ensemble: Ensemble, places: Places, workers: int | None = None) -> StageTotals:
    """Draw all futures and keep only what bands are asked for; the base year is the same in each of them.

    Memory: 4 bytes × years × draws × (stages × units + sections).
    """
    stages, years = list(places.columns), len(places.years)
    by_unit = np.empty((years, len(stages), len(places.units), ensemble.draws), np.float32)
    by_section = {stage: np.empty((years, len(places.sections[stage]), ensemble.draws), np.float32) for stage in stages}
    into = {stage: sending(spread) for stage, spread in places.destinations.items()}

    def take(draws: slice, position: int, children: Float32) -> None:
        for row, (stage, columns) in enumerate(places.columns.items()):
            own = children[..., columns]
            by_unit[position, row, :, draws] = np.maximum(own.sum(axis=-1).T, 0)
            by_section[stage][position, :, draws] = np.maximum(into[stage] @ in_memory(own), 0)

    ensemble.each(take, workers)
    for row, (stage, columns) in enumerate(places.columns.items()):
        own = ensemble.children[:, columns, 0].astype(np.float32)
        by_unit[0, row] = own.sum(axis=-1)[:, None]
        by_section[stage][0] = into[stage] @ own.T.reshape(-1, 1)
    return StageTotals(by_unit, by_section)


def rescale(totals: StageTotals, ensemble: Ensemble, places: Places) -> None:
    """Take totals of draws to the distance from the run that the ensemble asks for, in place."""
    for row, (stage, columns) in enumerate(places.columns.items()):
        run = ensemble.children[:, columns].sum(axis=1).T
        sections = np.einsum("sug,ugy->ys", places.destinations[stage], ensemble.children[:, columns])
        for drawn, told in ((totals.units[:, row], run), (totals.sections[stage], sections)):
            for position in np.flatnonzero(ensemble.scale != 1):
                middle = told[position].astype(np.float32)[:, None]
                drawn[position] = np.maximum(middle + ensemble.scale[position] * (drawn[position] - middle), 0)


def sending(shares: FloatArray) -> sparse.csr_array:
    """Shares of units and grades by place, shape (places, units, grades), as a matrix (places, grades × units).

    Sparse, as a unit's children go to few places; and a product that starts no threads of its own.
    """
    places, units, grades = shares.shape
    return sparse.csr_array(shares.swapaxes(1, 2).reshape(places, grades * units).astype(np.float32))


def in_memory(children: Float32) -> Float32:
    """Children of draws, shape (draws, units, grades), as (grades × units, draws)."""
    return np.ascontiguousarray(children.swapaxes(1, 2).reshape(len(children), -1).T)


def bands_of(totals: StageTotals, ensemble: Ensemble, places: Places, workers: int | None = None) -> Bands:
    """Quantiles of every place, stage and year; the totals are sorted in place and useless afterwards."""
    names, member = _townships(places)
    run = np.stack([ensemble.children[:, columns].sum(axis=1) for columns in places.columns.values()])
    levels = (
        (DISTRICT, ("",), totals.units.sum(axis=2, keepdims=True), run.sum(axis=1, keepdims=True)),
        (TOWNSHIP, names, np.matmul(member, totals.units), np.matmul(member, run)),
        (UNIT, places.units, totals.units, run),
    )
    wanted = [
        (level, ids, stage, drawn[:, row], told[row])
        for level, ids, drawn, told in levels
        for row, stage in enumerate(places.columns)
    ]
    for stage, columns in places.columns.items():
        told = np.einsum("sug,ugy->sy", places.destinations[stage], ensemble.children[:, columns])
        wanted.append((SECTION, tuple(places.sections[stage]), stage, totals.sections[stage], told))
    with ThreadPoolExecutor(workers or os.cpu_count()) as pool:
        parts = list(pool.map(lambda one: _frame(one[0], one[1], one[2], one[3], one[4], places.years), wanted))
    return Bands(pd.concat(parts, ignore_index=True), ensemble.draws, ensemble.seed)


def _townships(places: Places) -> tuple[tuple[str, ...], Float32]:
    """Names of the townships, and 1 where a unit belongs to one, shape (townships, units)."""
    names = tuple(dict.fromkeys(places.townships))
    return names, np.asarray([[one == name for one in places.townships] for name in names], dtype=np.float32)


def _frame(
    level: str, ids: tuple[str, ...], stage: Stage, drawn: Float32, run: FloatArray, years: tuple[int, ...]
) -> pd.DataFrame:
    """Bands of one level and stage; `drawn` has the shape (years, places, draws), `run` (places, years)."""
    mean = drawn.mean(axis=-1, dtype=np.float64)
    drawn.sort(axis=-1)
    table = {
        "level": level,
        "place": np.repeat(np.asarray(ids, dtype=object), len(years)),
        "stage": stage.value,
        "year": np.tile(years, len(ids)),
        "run": run.reshape(-1),
        "mean": mean.T.reshape(-1),
    }
    for name, share in QUANTILES.items():
        table[name] = at_quantile(drawn, share).T.reshape(-1)
    return pd.DataFrame(table)


def at_quantile(ordered: Float32, share: float) -> FloatArray:
    """A quantile of values sorted along the last axis, between two of them where it falls between."""
    place = share * (ordered.shape[-1] - 1)
    lower = int(place)
    upper = min(lower + 1, ordered.shape[-1] - 1)
    low, high = ordered[..., lower].astype(np.float64), ordered[..., upper].astype(np.float64)
    return np.asarray(low + (place - lower) * (high - low))


def plan_at_quantile(ensemble: Ensemble, totals: StageTotals, places: Places, share: float) -> FloatArray:
    r"""The run scaled so that each township's children of a stage stand at a quantile, shape (units, cells, years).

    .. math:: N'_{u,g}(t) = N_{u,g}(t) rac{Q_{w(u),s}(t)}{\sum_{v \in w(u)} N_{v,s}(t)}

    The units and grades of a township keep their shares of it, so that demand stays consistent from unit to district;
    the district then stands above its own quantile for shares over one half, as townships do not all peak together.
    The base year is left as it is.
    """
    _names, member = _townships(places)
    ordered = np.sort(np.matmul(member, totals.units), axis=-1)
    wanted = at_quantile(ordered, share)
    planned = ensemble.children.copy()
    for row, columns in enumerate(places.columns.values()):
        told = member @ ensemble.children[:, columns].sum(axis=1)
        factor = np.where(told > 0, wanted[:, row].T / np.where(told > 0, told, 1.0), 1.0)
        factor[:, 0] = 1.0
        planned[:, columns] *= (member.T @ factor)[:, None, :]
    return planned
