"""Catchments of a stage as matrices: what each phase assigns, what goes without a catchment, which sections run."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import cast

import numpy as np
import pandas as pd

from simulator.capacity.supply import Supply
from simulator.operation.shares import (
    BoolArray,
    FloatArray,
    Matrix,
    keep_columns,
    matrix_of,
    row_sums,
    to_whole,
)
from simulator.plan import Plan
from simulator.terms import WHOLE_UNIT_REGIMES, Band, Stage

UNSERVED = ""
Laid = tuple[tuple[Matrix, ...], ...]
"""A matrix (units, places) for every band and phase."""


@dataclass(frozen=True)
class Zones:
    """Catchments of one stage, phase by phase.

    Parameters
    ----------
    bands
        Bands of the stage, lowest first.
    phases
        Numbers of the phases, phase 0 first.
    places
        Sections of the stage, the last place empty: unserved.
    share
        By band and phase, share of a unit at a place, as the plan states it, (units, places); what the plan leaves
        out of a unit is unserved.
    aside
        Whether a place takes its share of every unit without a catchment, shape (places,).
    runs
        Whether a place with a catchment runs the band in a phase, shape (bands, phases, places).
    """

    bands: tuple[Band, ...]
    phases: tuple[int, ...]
    places: tuple[str, ...]
    share: Laid
    aside: BoolArray
    runs: BoolArray

    @cached_property
    def own(self) -> Laid:
        """By band and phase, the shares that go by catchment."""
        return tuple(tuple(keep_columns(share, ~self.aside) for share in phases) for phases in self.share)

    @cached_property
    def zoned(self) -> FloatArray:
        """Share of a unit that goes by catchment, shape (bands, phases, units)."""
        return np.array([[row_sums(own) for own in phases] for phases in self.own])

    @cached_property
    def catchment(self) -> Laid:
        """By band and phase, shares of the children who go by catchment, sums 1; without any, all are unserved."""
        return tuple(tuple(_whole(own) for own in phases) for phases in self.own)


def _whole(own: Matrix) -> Matrix:
    """Rows with sum 1; a row without entries is all in the last column."""
    nothing = np.flatnonzero(row_sums(own) <= 0)
    last = np.full(len(nothing), own.shape[1] - 1)
    unserved = matrix_of(nothing, last, np.ones(len(nothing)), own.shape)
    return cast("Matrix", to_whole(own) + unserved)


def has_catchments(supply: Supply, stage: Stage) -> bool:
    """Whether units of a stage go to school whole."""
    regimes = supply.sections.loc[supply.sections["stage"] == stage.value, "regime"]
    return bool(regimes.isin(WHOLE_UNIT_REGIMES).any())


def stage_zones(plan: Plan, supply: Supply, units: tuple[str, ...], stage: Stage) -> Zones:
    """Lay out the catchments of a stage.

    Parameters
    ----------
    plan
        Its tables `catchments`, `sections` (which run) and `phases` are all that counts.
    supply
        Bands, and the regime and grades of the sections.
    units
        The units, in the order of the demand.
    """
    bands = supply.bands_of(stage)
    rows = plan.catchments[plan.catchments["band"].isin([band.band_id for band in bands])]
    phases = tuple(int(phase) for phase in sorted(plan.phases["phase"]))
    places = (*sorted(set(rows["section_id"]) - {UNSERVED}), UNSERVED)
    band, phase, unit, place = (
        pd.Index(names).get_indexer(pd.Index(rows[column]))
        for column, names in (
            ("band", [band.band_id for band in bands]),
            ("phase", phases),
            ("unit_id", units),
            ("section_id", places[:-1]),
        )
    )
    shares, known = rows["share"].to_numpy(np.float64), (unit >= 0) & (place >= 0)

    def laid(code: int, number: int) -> Matrix:
        own = np.flatnonzero(known & (band == code) & (phase == number))
        return _with_unserved(matrix_of(unit[own], place[own], shares[own], (len(units), len(places))))

    share = tuple(tuple(laid(code, number) for number in range(len(phases))) for code in range(len(bands)))
    regimes = supply.sections["regime"].reindex(pd.Index(places))
    aside = (regimes.notna() & ~regimes.isin(WHOLE_UNIT_REGIMES)).to_numpy()
    return Zones(bands, phases, places, share, aside, _running(plan, supply, bands, phases, places) & ~aside)


def _with_unserved(served: Matrix) -> Matrix:
    """The rest of every unit in the last column."""
    left = np.maximum(0.0, 1.0 - row_sums(served))
    some = np.flatnonzero(left)
    rest = matrix_of(some, np.full(len(some), served.shape[1] - 1), left[some], served.shape)
    return cast("Matrix", served + rest)


def _running(
    plan: Plan, supply: Supply, bands: tuple[Band, ...], phases: tuple[int, ...], places: tuple[str, ...]
) -> BoolArray:
    """Whether a place is open in a phase and runs all grades of a band, shape (bands, phases, places)."""
    rows = plan.sections[plan.sections["open"].astype(bool)]
    open_in = set(zip(rows["phase"], rows["section_id"], strict=True))
    covers = np.zeros((len(bands), len(places)), dtype=bool)
    running = np.zeros((len(phases), len(places)), dtype=bool)
    for column, place in enumerate(places):
        running[:, column] = [(phase, place) in open_in for phase in phases]
        if place in supply.sections.index:
            covers[:, column] = [supply.covers(place, band) for band in bands]
    return covers[:, None, :] & running[None, :, :]
