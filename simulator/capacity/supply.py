"""What the network can offer, as plain frames that the model, the operation and the audit share."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from simulator.terms import Band, Stage

FOLLOWING_COLUMNS = ("unit_id", "band", "section_id", "to_section", "share", "minutes")
"""Columns of `Supply.following`, in order."""


def everybody_follows() -> pd.DataFrame:
    """`Supply.following` where all children of a closed school go to the receiving one."""
    numbers = ("share", "minutes")
    return pd.DataFrame({name: pd.Series(dtype=float if name in numbers else str) for name in FOLLOWING_COLUMNS})


COUNTY_COLUMNS = ("place_id", "county")
"""Columns of `Supply.counties`, in order."""


def one_county() -> pd.DataFrame:
    """`Supply.counties` of a district that is planned as one."""
    return pd.DataFrame({name: pd.Series(dtype=str) for name in COUNTY_COLUMNS})


@dataclass(frozen=True)
class Supply:
    """Sites, sections and what may be built.

    Parameters
    ----------
    sites
        Index `site_id` (school_id or parcel_id). name, kind (`campus` or `parcel`), township, area_kind, x, y,
        existing (bool: operates in the base year), decided_here (bool), protected (bool), rooms (int, classrooms now), max_rooms (int),
        teaching_area_m2, sports_area_m2 (NaN = not limiting), canteen_seats (NaN), land_area_m2 (NaN),
        supply_year (int, base year for campuses), conflict, delivery, beds (0 = nobody boards).
    sections
        Index `section_id` = `site_id:stage`. site_id, name, stage, grade_from, grade_to, kind, regime, nature,
        public (bool), decided_here (bool), protected (bool), serves, existing (bool), classes (int, base year), pupils (int, base year),
        rooms (int, classrooms of the section now), class_size, class_size_max (pupils), fill, seats_fixed (NaN = classes × class size),
        seats_for_district (NaN = all), can_close (bool), can_extend (bool), candidate (bool: on a parcel or to be added).
    modules
        New builds: site_id, module (label), stage, classes, capital_wan (of the whole module, repeated on its stages).
    committed
        Committed works: project_id, site_id, stage, kind (`new_build`, `extension`, `conversion`, `consolidation`), classes, year, capital_wan.
    bands
        The grade bands, in order of stage and grade.
    assumptions
        What was assumed, in the planner's words.
    following
        Who would not follow if a school closed (随并率): unit_id, band, section_id (of today), to_section (in a town), share (of the
        unit's children of the band), minutes (from where they would live).
    counties
        The county of every unit and site where each county plans by itself, and admits its own children to the stages
        without catchments: place_id (unit_id or site_id), county. Empty where the district is planned as one.
    """

    sites: pd.DataFrame
    sections: pd.DataFrame
    modules: pd.DataFrame
    committed: pd.DataFrame
    bands: tuple[Band, ...]
    assumptions: tuple[str, ...]
    following: pd.DataFrame = field(default_factory=everybody_follows)
    counties: pd.DataFrame = field(default_factory=one_county)

    @cached_property
    def county_of(self) -> dict[str, str]:
        """Unit or site → the county that plans by itself."""
        return dict(zip(self.counties["place_id"], self.counties["county"], strict=True))

    def bands_of(self, stage: Stage) -> tuple[Band, ...]:
        """The bands of a stage, lowest first."""
        return tuple(band for band in self.bands if band.stage is stage)

    def covers(self, section_id: str, band: Band) -> bool:
        """Whether a section runs all grades of a band."""
        stage, first, last = self._spans[section_id]
        return bool(stage == band.stage and first <= band.grade_from and band.grade_to <= last)

    @cached_property
    def _spans(self) -> dict[str, tuple[str, int, int]]:
        """Stage, first and last grade of every section."""
        rows = self.sections[["stage", "grade_from", "grade_to"]]
        return dict(zip(rows.index, rows.itertuples(index=False, name=None), strict=True))


@dataclass(frozen=True)
class Catchments:
    """招生范围 of today (phase 0).

    Parameters
    ----------
    table
        unit_id, band (id), section_id, share, derived (bool: 推定). A unit's shares sum to 1: 1 for its school, or by seats of
        the schools of a shared catchment, less the share of schools without a catchment (private, migrant), the same for every unit.
        Only bands of whole-unit regimes.
    assumptions
        How it was derived, in the planner's words.
    """

    table: pd.DataFrame
    assumptions: tuple[str, ...]
