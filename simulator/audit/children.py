"""Checks of children and their seats."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pandas as pd

from simulator.audit.case import Case
from simulator.audit.register import Breach, check
from simulator.audit.rows import records
from simulator.audit.shared import zones_in_force
from simulator.indicators.network import seats_of_plan
from simulator.language import translate as _
from simulator.terms import WHOLE_UNIT_REGIMES, Band

# Half a child: whole pupils are rounded from fractions.
TOLERANCE = 0.5
# The zoned part of a unit goes as one; schools outside the zoning (随迁, 民办) take small shares of every unit.
ZONED = 0.5
# Fewer children than this are the rounding of shares.
SOMEBODY = 1e-6


@check()
def every_child_has_a_place(case: Case) -> Iterator[Breach]:
    """Every unit with children has a section of their stage; where the plan says there is none, it is declared.

    A pool fails where its open sections, at their largest class size, hold fewer than its children.
    """
    for band in case.evidence.supply.bands:
        if band.band_id in case.zoned:
            yield from _units_without_place(case, band)
        else:
            yield from _pool_without_place(case, band)


def _units_without_place(case: Case, band: Band) -> Iterator[Breach]:
    left = case.flows[(case.flows["band"] == band.band_id) & (case.flows["section_id"] == "")]
    most = left.groupby(["phase", "unit_id", "year"])["children"].sum().groupby(["phase", "unit_id"]).max()
    rows = case.zones[case.zones["band"] == band.band_id]
    stated = set(zip(rows["phase"], rows["unit_id"], strict=True))
    for row in records(most[most > SOMEBODY]):
        phase, unit = row["phase"], str(row["unit_id"])
        yield Breach(
            *(unit, case.name(unit), case.first_year(phase), float(row["value"]), 0.0, _("人")),
            detail=band.band_id,
            scope=band.band_id,
            declared=(phase, unit) in stated,
        )


def _pool_without_place(case: Case, band: Band) -> Iterator[Breach]:
    demand = case.evidence.demand
    children = demand.of(band.stage, band.grades).sum(axis=0)
    for year in case.years:
        asked = float(children[demand.years.index(year)])
        largest = case.pool_seats.get((band.stage.value, year), (0.0, 0.0))[1]
        if year == demand.years[0] or asked <= largest + TOLERANCE:
            continue
        declared = asked - largest <= case.stated_for(year, band.band_id)[1] + TOLERANCE
        yield Breach(band.band_id, band.title, year, asked, largest, _("人"), declared=declared)


@check()
def bands_together(case: Case) -> Iterator[Breach]:
    """A unit's lower grades go where its upper grades go, unless to a section that runs only lower grades."""
    supply = case.evidence.supply
    key = ["phase", "unit_id", "section_id"]
    for stage in dict.fromkeys(band.stage for band in supply.bands):
        bands = [band for band in supply.bands_of(stage) if band.band_id in case.zoned]
        for lower, upper in pairwise(bands):
            complete = {section for section in supply.sections.index if supply.covers(section, upper)}
            shares = case.zones.groupby(["band", *key])["share"].sum()
            low, high = (shares[shares.index.get_level_values("band") == band.band_id].droplevel("band")
                         for band in (lower, upper))  # fmt: skip
            apart = low - high.reindex(low.index).fillna(0.0)
            for row in records(apart[apart > ZONED]):
                phase, unit, section = row["phase"], row["unit_id"], row["section_id"]
                more = row["value"]
                if section in complete:
                    yield Breach(
                        *(unit, case.name(unit), case.first_year(phase), float(more), 0.0, _("比例")),
                        detail=f"{lower.band_id} {section}",
                        scope=lower.band_id,
                    )


@check()
def pupils_within_seats(case: Case) -> Iterator[Breach]:
    """Pupils of a section never exceed seats × fill plus what the plan states above the standard class size.

    What the plan states as short beyond that is declared; over_standard is at most classes × (largest − standard size).
    """
    rows = case.section_years
    together = {section for zone in zones_in_force(case) for section in zone}  # their seats are one pool
    rows = rows[~rows["stage"].isin({band.stage.value for band in case.pools})]
    rows = rows[~rows.index.get_level_values("section_id").isin(together)]
    fixed = rows["seats_fixed"].notna()
    seats = rows["seats_fixed"].where(fixed, rows["classes"] * rows["class_size"] * rows["fill"])
    room = (rows["classes"] * (rows["class_size_max"] - rows["class_size"])).where(~fixed, 0.0)
    allowed = (seats + rows["over_standard"]).clip(upper=rows["seats_for_district"].fillna(np.inf))
    frame = rows.assign(allowed=allowed, room=room)
    for row in records(frame[frame["pupils"] > allowed + TOLERANCE]):
        year, section = row["year"], row["section_id"]
        declared = row["pupils"] <= row["allowed"] + row["short"] + TOLERANCE
        figures = (float(row["pupils"]), float(row["allowed"]))
        yield Breach(section, case.name(section), year, *figures, _("人"), declared=bool(declared))
    for row in records(frame[frame["over_standard"] > room + TOLERANCE]):
        year, section = row["year"], row["section_id"]
        figures = (float(row["over_standard"]), float(row["room"]))
        yield Breach(section, case.name(section), year, *figures, _("人"), scope="over_standard")
    for band in case.pools:
        yield from _pool_within_seats(case, band)


def _pool_within_seats(case: Case, band: Band) -> Iterator[Breach]:
    demand = case.evidence.demand
    children = demand.of(band.stage, band.grades).sum(axis=0)
    for year in case.years:
        asked = float(children[demand.years.index(year)])
        over, short = case.stated_for(year, band.band_id)
        allowed = case.pool_seats.get((band.stage.value, year), (0.0, 0.0))[0] + over
        if asked > allowed + TOLERANCE:
            declared = asked <= allowed + short + TOLERANCE
            yield Breach(band.band_id, band.title, year, asked, allowed, _("人"), declared=declared)


def catchment_years(case: Case) -> pd.DataFrame:
    """`Case.section_years` of sections with catchments."""
    rows = case.section_years
    return rows[rows["regime"].isin(WHOLE_UNIT_REGIMES)]


@check()
def seats_before_children(case: Case) -> Iterator[Breach]:
    """学位等人: in every year the largest lawful classes of a catchment's school hold the children of the catchment."""
    rows = catchment_years(case)
    largest = (rows["classes"] * rows["class_size_max"]).where(rows["seats_fixed"].isna(), rows["seats_fixed"])
    frame = rows.assign(seats_upper=largest)
    for row in records(frame[frame["pupils"] > largest + TOLERANCE]):
        year, section = row["year"], row["section_id"]
        declared = row["pupils"] <= row["seats_upper"] + row["short"] + TOLERANCE
        figures = (float(row["pupils"]), float(row["seats_upper"]))
        yield Breach(section, case.name(section), year, *figures, _("人"), declared=bool(declared))


@check()
def alert_level(case: Case) -> Iterator[Breach]:
    """学位预警: pupils ÷ standard seats of a catchment's school, red and yellow above, surplus below.

    The detail is the level: `red`, `yellow`, `surplus` or `deep_surplus`.
    """
    evidence = case.evidence
    counted = seats_of_plan(case.plan, evidence.supply, evidence.standards, evidence.scenario)
    seats = counted.set_index(["phase", "section_id"])["seats_standard"]
    levels = {level: case.norm(f"alert.{level}") for level in ("red", "yellow", "surplus", "deep_surplus")}
    for row in records(catchment_years(case)):
        year, section = row["year"], row["section_id"]
        offered = float(seats[row["phase"], section])
        if not offered:
            continue
        use = float(row["pupils"]) / offered
        level = next((level for level in ("red", "yellow") if use >= levels[level]), "")
        level = level or next((level for level in ("deep_surplus", "surplus") if use < levels[level]), "")
        if level:
            figures = (round(100 * use, 1), 100 * levels[level])
            yield Breach(section, case.name(section), year, *figures, "%", detail=level, scope=level)
