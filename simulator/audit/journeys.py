"""Checks of journeys and service radii."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from simulator.audit.case import Case
from simulator.audit.register import Breach, check
from simulator.audit.rows import records
from simulator.capacity.access import minutes_column
from simulator.indicators.coverage import coverage, covered_children
from simulator.language import translate as _
from simulator.terms import Effect, Way, band_of


@check()
def travel_within_limit(case: Case) -> Iterator[Breach]:
    """No unit goes to a school beyond its limit: hard limits bind (today's school apart), advisory ones are listed.

    Where the plan provides a bus, the bus has to keep the limits; boarders have no daily journey.
    """
    key = ["phase", "unit_id", "band", "section_id"]
    rows = case.journeys[(case.journeys["children"] > 0) & (case.journeys["way"] != Way.BOARDS)].drop_duplicates(key)
    rows = rows.merge(case.evidence.access.pairs, on=["unit_id", "site_id"], how="left")
    kinds = case.units["area_kind"].astype(str)
    table = case.evidence.catchments.table
    today = set(zip(table["unit_id"], table["band"], table["section_id"], strict=True))
    limits: dict[tuple[str, str], tuple[float, float]] = {}
    for row in records(rows):
        unit, band, section = str(row["unit_id"]), str(row["band"]), str(row["section_id"])
        kind = kinds[unit]
        if (band, kind) not in limits:
            access, of = case.evidence.access, band_of(band)
            limits[band, kind] = (access.limit_of(of, kind, "hard"), access.limit_of(of, kind, "advisory"))
        hard, advisory = limits[band, kind]
        minutes = float(row[minutes_column(band_of(band)) if row["way"] == Way.OWN else "provided_min"])
        if not minutes > min(hard, advisory):
            continue
        rigid = minutes > hard and (unit, band, section) not in today
        yield Breach(
            *(unit, case.name(unit), case.first_year(row["phase"]), minutes, hard if rigid else min(hard, advisory)),
            _("分钟"),
            detail=f"{band} {section}",
            scope=band,
            effect=None if rigid else Effect.ADVISORY,
        )


@check()
def coverage_radius(case: Case) -> Iterator[Breach]:
    """Share of a township's children within the service radius of an open school, where some are outside it."""
    evidence = case.evidence
    starts = {phase.first_year for phase in case.phases}
    running = case.section_years.index.to_frame(index=False)
    running = running[running["year"].isin(starts)]
    table = coverage(
        covered_children(running, evidence.demand, evidence.supply, evidence.access, evidence.standards, evidence.units)
    )
    rows = table[table["township"] != ""]
    for row in records(rows):
        if np.isfinite(row["share"]) and row["children"] - row["within_radius"] >= 1:
            yield Breach(
                *(
                    str(row["township"]),
                    str(row["township"]),
                    int(row["year"]),
                    round(100 * row["share"], 1),
                    100.0,
                    "%",
                ),
                detail=f"{row['stage']} {row['radius_m']:.0f} m",
                scope=str(row["stage"]),
            )
