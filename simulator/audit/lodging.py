"""Checks of boarding."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.audit.case import Case
from simulator.audit.register import Breach, check
from simulator.audit.rows import records
from simulator.language import translate as _
from simulator.terms import Way, band_of

# Half a child: whole pupils are rounded from fractions.
_TOLERANCE = 0.5


@check()
def boarding_within_beds(case: Case) -> Iterator[Breach]:
    """Children who can come only by boarding are no more than the beds of the campus, and none of the youngest grades."""
    rows = case.journeys[(case.journeys["way"] == Way.BOARDS) & (case.journeys["children"] > 0)]
    youngest = case.norm("travel.young_last_grade")
    beds = case.evidence.supply.sites["beds"]
    boarders = rows.groupby(["site_id", "year"], as_index=False)["children"].sum()
    for row in records(boarders):
        site, count = str(row["site_id"]), float(row["children"])
        if count > float(beds[site]) + _TOLERANCE:
            yield Breach(site, case.name(site), int(row["year"]), count, float(beds[site]), _("人"), scope="beds")
    for row in records(rows.drop_duplicates(["phase", "unit_id", "band", "section_id"])):
        first = band_of(str(row["band"])).grade_from
        if first <= youngest:
            unit = str(row["unit_id"])
            yield Breach(
                *(unit, case.name(unit), case.first_year(row["phase"]), float(first), youngest + 1, _("年级")),
                detail=f"{row['band']} {row['section_id']}",
                scope=str(row["band"]),
            )
