"""Where the children of each unit go: shares of units in sections, grade by grade and year by year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from simulator.capacity.supply import Supply
from simulator.operation.cohorts import ENTRANTS, Shares, cohort_shares, phase_positions, phase_shares
from simulator.operation.following import settled_share, with_settlers
from simulator.operation.shares import FloatArray, IntArray, Matrix, entries_of, matrix_of, scale_rows
from simulator.operation.zones import UNSERVED, has_catchments, stage_zones
from simulator.plan import Plan
from simulator.projection.demand import Demand
from simulator.terms import Band

# Fewer children than this are the rounding of sums of shares.
_DUST = 1e-9


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
        By grade and year, (units, places); the shares of a unit sum to 1 in a consistent plan.
    grades
        The grades of the band that the demand knows.
    children
        Shape (units, grades, years).
    """

    band: Band
    places: tuple[str, ...]
    shares: Shares
    grades: tuple[int, ...]
    children: FloatArray

    @property
    def pupils(self) -> FloatArray:
        """Children (fractions) by place, grade and year: Σ over units of share × children."""
        found = np.zeros((len(self.places), *self.children.shape[1:]))
        for grade, years in enumerate(self.shares):
            for year, shares in enumerate(years):
                found[:, grade, year] = shares.T @ self.children[:, grade, year]
        return found

    def children_at(self, year: int) -> tuple[IntArray, IntArray, FloatArray]:
        """Units, places and the children of the one at the other, all grades together, in one year."""
        by_grade = (scale_rows(years[year], self.children[:, grade, year]) for grade, years in enumerate(self.shares))
        parts = [entries_of(matrix) for matrix in by_grade]
        unit, place, children = (np.concatenate([part[axis] for part in parts]) for axis in range(3))
        unit, place, children = entries_of(matrix_of(unit, place, children, (len(self.children), len(self.places))))
        some = children > _DUST
        return unit[some], place[some], children[some]


def band_places(plan: Plan, demand: Demand, supply: Supply, register: pd.DataFrame) -> tuple[BandPlaces, ...]:
    """Where the children of every band go, in every year of the demand.

    A band with rows in the plan's catchments follows them, :func:`zoned_places`; any other band is a pool,
    shared out over its open sections in proportion to their seats, then to what their largest classes hold beyond (in the
    base year as the register has it). Children beyond that are unserved. Each county that plans by itself is a pool of its own.

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
        for number, year in enumerate(demand.years):
            unit, place, children = found.children_at(number)
            frames.append(
                pd.DataFrame(
                    {
                        "year": np.full(len(unit), year, dtype=np.int64),
                        "unit_id": np.asarray(demand.units, dtype=object)[unit],
                        "band": found.band.band_id,
                        "section_id": np.asarray(found.places, dtype=object)[place],
                        "children": children,
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
    sections = tuple(section for section in supply.sections.index if supply.covers(section, band))
    counted = register.groupby("section_id")["pupils"].sum().reindex(sections, fill_value=0).to_numpy(np.float64)
    phases = [plan.phase_of(year) for year in demand.years]
    seats = {phase: _pool_seats(plan, supply, phase, sections) for phase in set(phases)}
    pools = _pools(demand.units, sections, supply)
    total = children.sum(axis=1)

    def shares(index: int, phase: int) -> Matrix:
        held = [own[1] for own in pools]
        asked = [float(total[units, index].sum()) for units, _sections in pools]
        if index == 0 and len(register):
            taken = [counted[own] for own in held]
        else:
            taken = [
                _fill(seats[phase][0][own], seats[phase][1][own], most) for own, most in zip(held, asked, strict=True)
            ]
        return _alike(pools, taken, asked, (len(demand.units), len(sections) + 1))

    years = tuple(shares(index, phase) for index, phase in enumerate(phases))
    return BandPlaces(band, (*sections, UNSERVED), (years,) * len(grades), grades, children)


def _pools(units: tuple[str, ...], sections: tuple[str, ...], supply: Supply) -> list[tuple[IntArray, IntArray]]:
    """Units and sections of each pool: of every county that plans by itself, else of the whole district."""
    county, site = supply.county_of, supply.sections["site_id"]
    of_unit = np.array([county.get(unit, "") for unit in units], dtype=object)
    of_section = np.array([county.get(site[section], "") for section in sections], dtype=object)
    return [(np.flatnonzero(of_unit == name), np.flatnonzero(of_section == name)) for name in dict.fromkeys(of_unit)]


def _alike(
    pools: Sequence[tuple[IntArray, IntArray]],
    taken: Sequence[FloatArray],
    asked: Sequence[float],
    shape: tuple[int, int],
) -> Matrix:
    """Shares that are the same for every unit of a pool: children that a section takes ÷ all of the pool's."""
    entries = []
    for (units, sections), seated, children in zip(pools, taken, asked, strict=True):
        whole = max(float(seated.sum()), children, 1.0)
        share = np.append(seated / whole, 1.0 - seated.sum() / whole)
        places = np.append(sections, shape[1] - 1)
        entries.append((np.repeat(units, len(places)), np.tile(places, len(units)), np.tile(share, len(units))))
    unit, place, value = (np.concatenate([entry[axis] for entry in entries]) for axis in range(3))
    return matrix_of(unit, place, value, shape)


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
