"""Checks of journeys in the country: distances, barriers, boarding of the upper grades, buses that are missing."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from simulator.audit.case import Case
from simulator.audit.register import Breach, check
from simulator.audit.rows import records
from simulator.capacity.access import minutes_column
from simulator.language import translate as _
from simulator.terms import AreaKind, Band, Stage, Way, band_of

_SOMEBODY = 0.5


def _norm_km(case: Case, band: Band) -> float | None:
    """Longest way of a village child of a band, in km; None where no norm has one."""
    if band.stage is Stage.PRIMARY:
        last, first = band.grade_to, band.grade_from
        young = round(case.norm("travel.young_last_grade"))
        name = "lower_primary" if last <= young else "upper_primary" if first > young else "primary"
    else:
        name = band.stage.value
    figure = case.evidence.standards.figures.get(f"radius_m_rural.{name}")
    return None if figure is None else figure.value / 1000


@check()
def rural_distance(case: Case) -> Iterator[Breach]:
    """Day pupils of the country live within the distance of their grades from the school they go to.

    1.5 km for the lower grades of primary school, 5 km for its upper ones, 3 km for kindergartens. The figure is the share
    who do.
    """
    rows = case.travellers
    rows = rows[(rows["area_kind"] == AreaKind.VILLAGE) & (rows["way"] == Way.OWN)]
    for band_id, own in rows.groupby("band"):
        norm = _norm_km(case, band_of(str(band_id)))
        if norm is None:
            continue
        near = own["children"].where(own["km"] <= norm, 0.0)
        sums = pd.DataFrame({"near": near, "children": own["children"], "year": own["year"]}).groupby("year").sum()
        for row in records(sums[sums["children"] - sums["near"] >= _SOMEBODY]):
            share = round(100 * row["near"] / row["children"], 1)
            detail = f"{band_id} {1000 * norm:.0f} m"
            yield Breach(str(band_id), band_of(str(band_id)).title, row["year"], share, 100.0, "%", detail=detail)


@check()
def barrier_crossed(case: Case) -> Iterator[Breach]:
    """No child of grades 1–6 walks over a railway, a road or a river where there is no listed crossing.

    Without any listed crossing in the tables this is a note: the crossings may be missing from the tables only.
    """
    rows = case.travellers
    primary = rows["band"].map({band: band_of(band).stage is Stage.PRIMARY for band in rows["band"].unique()})
    rows = rows[primary.astype(bool) & (rows["way"] == Way.OWN) & (rows["mode_young"] == "walk")]
    rows = rows[rows["crosses_barrier"].astype(bool)]
    sums = rows.groupby(["year", "section_id"])["children"].sum()
    for row in records(sums[sums >= _SOMEBODY]):
        section = str(row["section_id"])
        yield Breach(section, case.name(section), row["year"], round(row["value"], 1), 0.0, _("人"))


@check()
def upper_primary_boarding(case: Case) -> Iterator[Breach]:
    """In the country the upper grades of primary school mainly go home every day."""
    rows = case.travellers
    young = case.norm("travel.young_last_grade")
    bands = {band: band_of(band) for band in rows["band"].unique()}
    upper = [name for name, band in bands.items() if band.stage is Stage.PRIMARY and band.grade_from > young]
    rows = rows[rows["band"].isin(upper) & (rows["area_kind"] == AreaKind.VILLAGE)]
    boards = rows["children"].where(rows["way"] == Way.BOARDS, 0.0)
    sums = pd.DataFrame({"boards": boards, "children": rows["children"], "year": rows["year"]}).groupby("year").sum()
    most = 100 * case.norm("travel.boarding_share_upper_primary")
    for row in records(100 * sums["boards"] / sums["children"]):
        if row["value"] > most:
            yield Breach("primary", _("乡村小学高年级"), row["year"], round(row["value"], 1), most, "%")


@check()
def bus_needed(case: Case) -> Iterator[Breach]:
    """校车: grades 1–9 of the country beyond their limit have public transport, a school bus or a bed.

    The figure is the number of children who would need a bus seat, by school and year.
    """
    rows = case.travellers
    rows = rows[(rows["area_kind"] == AreaKind.VILLAGE) & (rows["way"] == Way.OWN) & rows["transit_min"].isna()]
    access = case.evidence.access
    beyond = []
    for band_id, own in rows.groupby("band"):
        band = band_of(str(band_id))
        if band.stage not in (Stage.PRIMARY, Stage.JUNIOR):
            continue
        limit = min(access.limit_of(band, AreaKind.VILLAGE, effect) for effect in ("hard", "advisory"))
        beyond.append(own[~(own[minutes_column(band)] <= limit)])
    if not beyond:
        return
    sums = pd.concat(beyond).groupby(["year", "section_id"])["children"].sum()
    for row in records(sums[sums >= _SOMEBODY]):
        section = str(row["section_id"])
        yield Breach(section, case.name(section), row["year"], round(row["value"], 1), 0.0, _("人"))
