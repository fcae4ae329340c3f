"""Where the children of each unit go: shares of units in sections, grade by grade and year by year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from simulator.capacity.supply import Supply
from simulator.operation.cohorts import ENTRANTS, cohort_shares, phase_positions, phase_shares
from simulator.operation.following import settled_share, with_settlers
from simulator.operation.zones import UNSERVED, FloatArray, has_catchments, stage_zones
from simulator.plan import Plan
from simulator.projection.demand import Demand
from simulator.terms import Band


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
        Shape (units, places, grades, years); the shares of a unit sum to 1 in a consistent plan.
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
        return np.asarray(np.einsum("usgy,ugy->sgy", self.shares, self.children, optimize=True))


def band_places(plan: Plan, demand: Demand, supply: Supply, register: pd.DataFrame) -> tuple[BandPlaces, ...]:
    """Where the children of every band go, in every year of the demand.

    A band with rows in the plan's catchments follows them, :func:`zoned_places`; any other band is a pool,
    shared out over its open sections in proportion to their seats, then to what their largest classes hold beyond (in the
    base year as the register has it). Children beyond that are unserved.

    Parameters
    ----------
    plan, demand, supply
        The network, the children, the sections.
    register
        section_id, grade, pupils of the base year.
    """
    zoned = {found.band: found for found in zoned_places(plan, demand, supply)}
    return tuple(
        zoned[band] if band in zoned else _pool_places(band, plan, demand, supply, register) for band in supply.bands
    )


def zoned_places(plan: Plan, demand: Demand, supply: Supply) -> tuple[BandPlaces, ...]:
    """Where the children of every band with catchments go, worked out from the plan's tables alone.

    Under `entrants` (老生老办法) children of stages with catchments are followed cohort by cohort
    (:mod:`simulator.operation.cohorts`); under `everybody`, and where they may choose, all go by the catchments
    of the year's phase.
    """
    listed = set(plan.catchments["band"])
    settled = settled_share(plan, supply)
    phases = [plan.phase_of(year) for year in demand.years]
    found = []
    for stage in dict.fromkeys(band.stage for band in supply.bands if band.band_id in listed):
        zones = stage_zones(plan, supply, demand.units, stage)
        cells = {band: _children(band, demand) for band in zones.bands}
        grades = {band: known for band, (known, _) in cells.items()}
        follow = plan.rezoning == ENTRANTS and has_catchments(supply, stage)
        shares = (cohort_shares if follow else phase_shares)(zones, phase_positions(plan, zones, demand.years), grades)
        found += [
            BandPlaces(band, *with_settlers(zones, band, own, settled, demand.units, phases), *cells[band])
            for band, own in zip(zones.bands, shares, strict=True)
            if band.band_id in listed
        ]
    return tuple(found)


def children_by_section(plan: Plan, demand: Demand, supply: Supply) -> pd.DataFrame:
    """Children of every unit in the sections of the bands with catchments, replayed from the plan's tables alone.

    Returns
    -------
    pandas.DataFrame
        year, phase, unit_id, band, section_id (empty = unserved), children (> 0).
    """
    flows = flows_of(zoned_places(plan, demand, supply), demand)
    phases = {year: plan.phase_of(year) for year in demand.years}
    return flows.assign(phase=flows["year"].map(phases).astype("int64"))


_FLOWS = ["year", "unit_id", "band", "section_id", "children"]


def flows_of(places: Sequence[BandPlaces], demand: Demand) -> pd.DataFrame:
    """Children of a unit by band, section and year: year, unit_id, band, section_id, children (> 0)."""
    frames = [pd.DataFrame(columns=_FLOWS)] if not places else []
    for found in places:
        children = np.einsum("usgy,ugy->usy", found.shares, found.children, optimize=True)
        unit, place, year = np.nonzero(children > 0)
        frames.append(
            pd.DataFrame(
                {
                    "year": np.asarray(demand.years, dtype=np.int64)[year],
                    "unit_id": np.asarray(demand.units, dtype=object)[unit],
                    "band": found.band.band_id,
                    "section_id": np.asarray(found.places, dtype=object)[place],
                    "children": children[unit, place, year],
                }
            )
        )
    return pd.concat(frames, ignore_index=True).sort_values(["year", "unit_id", "band", "section_id"])


def _children(band: Band, demand: Demand) -> tuple[tuple[int, ...], FloatArray]:
    """Grades of a band that the demand knows, and their children."""
    cells = {cell: index for index, cell in enumerate(demand.cells)}
    grades = tuple(grade for grade in band.grades if (band.stage, grade) in cells)
    return grades, demand.children[:, [cells[band.stage, grade] for grade in grades], :]


def _pool_places(band: Band, plan: Plan, demand: Demand, supply: Supply, register: pd.DataFrame) -> BandPlaces:
    grades, children = _children(band, demand)
    places, shares = _pool_shares(band, plan, demand, supply, register, children)
    apart = np.broadcast_to(shares[:, :, None, :], (*shares.shape[:2], len(grades), len(demand.years)))
    return BandPlaces(band, places, apart, grades, children)


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
    phases = [plan.phase_of(year) for year in demand.years]
    seats = {phase: _pool_seats(plan, supply, phase, sections) for phase in set(phases)}
    for index, phase in enumerate(phases):
        if index == 0 and len(register):
            counted = register.groupby("section_id")["pupils"].sum().reindex(sections, fill_value=0)
            taken = counted.to_numpy(dtype=np.float64)
        else:
            taken = _fill(*seats[phase], float(total[index]))
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
