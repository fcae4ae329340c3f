"""Journeys that the plan makes lawful: by a school bus that it provides, or by boarding."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from simulator.capacity.access import WAY_COLUMNS, Access, minutes_column, no_ways
from simulator.capacity.supply import Supply
from simulator.inputs.district import District
from simulator.language import translate as _
from simulator.standards import Standards
from simulator.terms import COMPULSORY, Band, Way


def provide_ways(access: Access, supply: Supply, district: District, standards: Standards) -> Access:
    """The same journeys, with those beyond the hard limit that a school bus or a bed would make lawful.

    A bus serves where it keeps the limit of the band (校车安全管理条例 第3条). Where it does not, children of
    grades above `travel.young_last_grade` may board on a campus with beds (国办发 2018 年 27 号). Only the
    compulsory stages have either. The protection of isolated schools (应留必留) does not count on them.

    Parameters
    ----------
    access
        Journeys and limits, as measured.
    supply
        Bands, and sites with their beds.
    district
        Its units, for their kind of area.
    standards
        `travel.young_last_grade`.

    Returns
    -------
    Access
        `ways` set; a sentence on each way that occurs.
    """
    day_only = standards.value("travel.young_last_grade")
    kinds = dict(zip(district.units["unit_id"], district.units["area_kind"].astype(str), strict=True))
    pairs = access.pairs.assign(
        area_kind=access.pairs["unit_id"].map(kinds), beds=access.pairs["site_id"].map(supply.sites["beds"])
    )
    tables = [
        rows
        for band in supply.bands
        if band.stage in COMPULSORY
        for rows in _ways_of(access, pairs, band, boarding=band.grade_from > day_only)
        if len(rows)
    ]
    ways = pd.concat(tables, ignore_index=True)[list(WAY_COLUMNS)] if tables else no_ways()
    return replace(access, ways=ways, assumptions=(*access.assumptions, *_assumptions(ways, int(day_only) + 1)))


def _ways_of(access: Access, pairs: pd.DataFrame, band: Band, *, boarding: bool) -> Iterator[pd.DataFrame]:
    """Rows of `ways` of a band, by school bus and boarding."""
    limits = {kind: access.limit_of(band, kind, "hard") for kind in pairs["area_kind"].unique()}
    own = pairs[minutes_column(band)]
    limit = pairs["area_kind"].map(limits)
    beyond = own > limit
    bus = beyond & (pairs["school_bus_min"] <= limit)
    rows = pairs[["unit_id", "site_id"]].assign(band=band.band_id)
    yield rows.assign(way=Way.SCHOOL_BUS.value, minutes=pairs["school_bus_min"])[bus]
    if boarding:
        home = np.fmin(own, pairs["transit_min"])
        beds = beyond & ~bus & (pairs["beds"] > 0) & np.isfinite(home)
        yield rows.assign(way=Way.BOARDS.value, minutes=home)[beds]


def _assumptions(ways: pd.DataFrame, boarding_from: int) -> Iterator[str]:
    if (ways["way"] == Way.SCHOOL_BUS).any():
        yield _("新划入的学校自行往返超过硬性通学限制、乘校车不超过的，由规划提供校车；现状招生范围内按现有方式往返")
    if (ways["way"] == Way.BOARDS).any():
        text = _("{grade} 年级及以上、乘校车仍超过硬性通学限制的可以寄宿；学校床位首先用于这些学生，每周往返一次")
        yield text.format(grade=boarding_from)


def ways_taken(journeys: pd.DataFrame, access: Access, today: pd.DataFrame) -> pd.DataFrame:
    """How children come to school, journey by journey.

    Parameters
    ----------
    journeys
        unit_id, band, section_id (empty = no school).
    access
        Its `ways`.
    today
        unit_id, band, section_id of the catchments of today, whose children come as they do today.

    Returns
    -------
    DataFrame
        Index as `journeys`: way, minutes (NaN where children come on their own).
    """
    key = ["band", "unit_id", "site_id"]
    keyed = journeys.assign(site_id=journeys["section_id"].astype(str).str.rsplit(":", n=1).str[0])
    found = keyed[key].merge(access.ways, on=key, how="left")
    pair = ["unit_id", "band", "section_id"]
    kept = pd.MultiIndex.from_frame(journeys[pair].astype(str)).isin(pd.MultiIndex.from_frame(today[pair].astype(str)))
    provided = found["way"].notna().to_numpy() & ~kept
    return pd.DataFrame(
        {
            "way": np.where(provided, found["way"], Way.OWN.value),
            "minutes": np.where(provided, found["minutes"], np.nan),
        },
        index=journeys.index,
    )
