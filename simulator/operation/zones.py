"""Catchments of a stage as arrays: what each phase assigns, what goes without a catchment, which sections run."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from simulator.capacity.supply import Supply
from simulator.plan import Plan
from simulator.terms import WHOLE_UNIT_REGIMES, Band, Stage

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
UNSERVED = ""


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
        Share of a unit at a place, as the plan states it, shape (bands, phases, units, places); what the plan leaves
        out of a unit is unserved.
    aside
        Whether a place takes its share of every unit without a catchment, shape (places,).
    runs
        Whether a place with a catchment runs the band in a phase, shape (bands, phases, places).
    """

    bands: tuple[Band, ...]
    phases: tuple[int, ...]
    places: tuple[str, ...]
    share: FloatArray
    aside: BoolArray
    runs: BoolArray

    @cached_property
    def zoned(self) -> FloatArray:
        """Share of a unit that goes by catchment, shape (bands, phases, units)."""
        return np.asarray(self.share[:, :, :, ~self.aside].sum(axis=3))

    @cached_property
    def catchment(self) -> FloatArray:
        """Shares of the children who go by catchment, sums 1, shape (bands, phases, units, places)."""
        own = np.where(self.aside, 0.0, self.share)
        total = own.sum(axis=3, keepdims=True)
        found = own / np.where(total > 0, total, 1.0)
        found[..., -1] += total[..., 0] <= 0
        return found


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
    codes = [
        pd.Index(names).get_indexer(pd.Index(rows[column]))
        for column, names in (
            ("band", [band.band_id for band in bands]),
            ("phase", phases),
            ("unit_id", units),
            ("section_id", places),
        )
    ]
    share = np.zeros((len(bands), len(phases), len(units), len(places)))
    known = np.all([code >= 0 for code in codes], axis=0)
    np.add.at(share, tuple(code[known] for code in codes), rows["share"].to_numpy(np.float64)[known])
    share[..., -1] = np.maximum(0.0, 1.0 - share[..., :-1].sum(axis=-1))
    regimes = supply.sections["regime"].reindex(pd.Index(places))
    aside = (regimes.notna() & ~regimes.isin(WHOLE_UNIT_REGIMES)).to_numpy()
    return Zones(bands, phases, places, share, aside, _running(plan, supply, bands, phases, places) & ~aside)


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
