"""Where the children of each unit go: shares of units in sections, year by year."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from simulator.capacity.supply import Supply
from simulator.plan import Plan
from simulator.projection.demand import Demand
from simulator.terms import Band

FloatArray = npt.NDArray[np.float64]
UNSERVED = ""


@dataclass(frozen=True)
class BandPlaces:
    """Where the children of one band go.

    Parameters
    ----------
    band
        The band.
    places
        Section ids, the last one empty: unserved.
    shares
        Shape (units, places, years); the shares of a unit sum to 1 in a consistent plan.
    grades
        The grades of the band that the demand knows.
    children
        Shape (units, grades, years).
    """

    band: Band
    places: tuple[str, ...]
    shares: FloatArray
    grades: tuple[int, ...]
    children: FloatArray

    @property
    def pupils(self) -> FloatArray:
        """Children (fractions) by place, grade and year: Σ over units of share × children."""
        return np.asarray(np.einsum("usy,ugy->sgy", self.shares, self.children, optimize=True))


def band_places(plan: Plan, demand: Demand, supply: Supply, register: pd.DataFrame) -> tuple[BandPlaces, ...]:
    """Where the children of every band go, in every year of the demand.

    A band with rows in the plan's catchments follows them; any other band is a pool, shared out over its
    open sections in proportion to their seats, then to what their largest classes hold beyond (in the base
    year as the register has it). Children beyond that are unserved.

    Parameters
    ----------
    plan, demand, supply
        The network, the children, the sections.
    register
        section_id, grade, pupils of the base year.
    """
    zoned = set(plan.catchments["band"])
    found = []
    for band in supply.bands:
        grades, children = _children(band, demand)
        if band.band_id in zoned:
            places, shares = _catchment_shares(band, plan, demand)
        else:
            places, shares = _pool_shares(band, plan, demand, supply, register, children)
        found.append(BandPlaces(band, places, shares, grades, children))
    return tuple(found)


def _children(band: Band, demand: Demand) -> tuple[tuple[int, ...], FloatArray]:
    """Grades of a band that the demand knows, and their children."""
    cells = {cell: index for index, cell in enumerate(demand.cells)}
    grades = tuple(grade for grade in band.grades if (band.stage, grade) in cells)
    return grades, demand.children[:, [cells[band.stage, grade] for grade in grades], :]


def _catchment_shares(band: Band, plan: Plan, demand: Demand) -> tuple[tuple[str, ...], FloatArray]:
    """Shares as the catchments of each year's phase have them; what they leave out of a unit is unserved."""
    rows = plan.catchments[plan.catchments["band"] == band.band_id]
    places = (*sorted(set(rows["section_id"]) - {UNSERVED}), UNSERVED)
    unit_at = rows["unit_id"].map({unit: index for index, unit in enumerate(demand.units)})
    place_at = rows["section_id"].map({place: index for index, place in enumerate(places)})
    shares = np.zeros((len(demand.units), len(places), len(demand.years)))
    phases = np.array([plan.phase_of(year) for year in demand.years])
    for phase in np.unique(phases):
        known = (rows["phase"] == phase) & unit_at.notna()
        one = np.zeros(shares.shape[:2])
        np.add.at(one, (unit_at[known].astype(int), place_at[known].astype(int)), rows.loc[known, "share"])
        one[:, -1] = np.maximum(0.0, 1.0 - one[:, :-1].sum(axis=1))
        shares[:, :, phases == phase] = one[:, :, np.newaxis]
    return places, shares


def _pool_shares(
    band: Band,
    plan: Plan,
    demand: Demand,
    supply: Supply,
    register: pd.DataFrame,
    children: FloatArray,
) -> tuple[tuple[str, ...], FloatArray]:
    """The same shares for every unit: children that a section of the pool takes ÷ all of them."""
    sections = tuple(section for section in supply.sections.index if supply.covers(section, band))
    total = children.sum(axis=(0, 1))
    shares = np.zeros((len(demand.units), len(sections) + 1, len(demand.years)))
    for index, year in enumerate(demand.years):
        if index == 0 and len(register):
            counted = register.groupby("section_id")["pupils"].sum().reindex(sections, fill_value=0)
            taken = counted.to_numpy(dtype=np.float64)
        else:
            taken = _fill(*_pool_seats(plan, supply, plan.phase_of(year), sections), float(total[index]))
        whole = max(float(taken.sum()), float(total[index]), 1.0)
        shares[:, :-1, index] = taken / whole
        shares[:, -1, index] = 1.0 - taken.sum() / whole
    return (*sections, UNSERVED), shares


def _pool_seats(plan: Plan, supply: Supply, phase: int, sections: tuple[str, ...]) -> tuple[FloatArray, FloatArray]:
    """Seats, and seats at the largest class size, that open sections offer the district's children."""
    rows = plan.sections[(plan.sections["phase"] == phase) & plan.sections["open"]].set_index("section_id")
    rows = rows.reindex(sections)
    known = supply.sections.loc[list(sections)]
    held = known["seats_for_district"].fillna(np.inf)
    seats = rows["seats"].fillna(0.0).clip(upper=held)
    largest = (rows["classes"].fillna(0) * known["class_size_max"]).where(known["seats_fixed"].isna(), seats)
    offered = seats.to_numpy(np.float64)
    return offered, np.maximum(largest.clip(upper=held).to_numpy(np.float64), offered)


def _fill(seats: FloatArray, largest: FloatArray, children: float) -> FloatArray:
    """Children of a pool by section: in proportion to seats, then to what larger classes still hold."""
    if children <= seats.sum():
        return seats * (children / seats.sum()) if seats.sum() else seats
    room = largest - seats
    beyond = min(children - float(seats.sum()), float(room.sum()))
    return seats + room * (beyond / room.sum() if room.sum() else 0.0)
