"""Checks that the plan's tables agree with one another and with how the plan was operated."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from simulator.audit.case import Case
from simulator.audit.children import TOLERANCE
from simulator.audit.register import Breach, check
from simulator.audit.rows import records
from simulator.language import translate as _

_SHARE_TOLERANCE = 1e-3


@check(inherits=False)
def plan_is_consistent(case: Case) -> Iterator[Breach]:
    """Tables of a plan, also one edited by hand, name what exists and agree with one another."""
    yield from _unknown(case)
    yield from _shares(case)
    yield from _closed_but_used(case)
    yield from _seats(case)


def _unknown(case: Case) -> Iterator[Breach]:
    """Units and sections that the district has not."""
    sections, units = set(case.evidence.supply.sections.index), set(case.evidence.demand.units)
    rows = case.plan.catchments
    named = [
        *((unit, "unit") for unit in rows["unit_id"].unique() if unit not in units),
        *((section, "catchments") for section in rows["section_id"].unique() if section not in sections | {""}),
        *((section, "sections") for section in case.plan.sections["section_id"].unique() if section not in sections),
    ]
    for place, table in named:
        yield Breach(str(place), str(place), case.years[0], 1, 0, _("处"), detail=table, scope=table)
    repeated = case.plan.sections[case.plan.sections.duplicated(["phase", "section_id"])]
    for phase, section in repeated[["phase", "section_id"]].itertuples(index=False):
        place = (str(section), case.name(str(section)), case.first_year(int(phase)))
        yield Breach(*place, 2, 1, _("行"), detail="sections", scope="repeated")


def _shares(case: Case) -> Iterator[Breach]:
    """Shares of a unit sum to 1 and go to sections that run its grades."""
    rows = case.plan.catchments
    sums = rows.groupby(["phase", "unit_id", "band"])["share"].sum()
    wrong = sums[(sums - 1).abs() > _SHARE_TOLERANCE]
    for row in records(wrong):
        phase, unit, band = row["phase"], row["unit_id"], row["band"]
        share = row["value"]
        place = (unit, case.name(unit), case.first_year(phase))
        yield Breach(*place, round(float(share), 4), 1.0, _("比例"), detail=band, scope=band)
    negative = rows[rows["share"] < 0]
    for phase, unit, band, share in negative[["phase", "unit_id", "band", "share"]].itertuples(index=False):
        place = (unit, case.name(unit), case.first_year(phase))
        yield Breach(*place, float(share), 0.0, _("比例"), detail=band, scope=f"negative {band}")
    supply = case.evidence.supply
    bands = {band.band_id: band for band in supply.bands}
    for section, band in rows[["section_id", "band"]].drop_duplicates().itertuples(index=False):
        known = section in supply.sections.index and band in bands
        if known and not supply.covers(section, bands[band]):
            yield Breach(section, case.name(section), case.years[0], 1, 0, _("处"), detail=band, scope=f"grades {band}")


def _closed_but_used(case: Case) -> Iterator[Breach]:
    """A section that does not run has no children and no classes."""
    flows = case.flows[case.flows["section_id"] != ""]
    children = flows.groupby(["phase", "section_id", "year"])["children"].sum().groupby(["phase", "section_id"]).max()
    known = case.evidence.supply.sections.index
    for row in records(children):
        phase, section = row["phase"], row["section_id"]
        count = row["value"]
        if section in known and count > 1e-6 and not case.is_open(phase, section):
            place = (section, case.name(section), case.first_year(phase))
            yield Breach(*place, float(count), 0.0, _("人"), scope="closed")
    idle = case.sections[~case.sections["open"] & (case.sections["classes"] > 0)]
    for row in records(idle):
        phase, section = row["phase"], row["section_id"]
        place = (section, case.name(section), case.first_year(phase))
        yield Breach(*place, float(row["classes"]), 0.0, _("班"), scope="idle classes")


def _seats(case: Case) -> Iterator[Breach]:
    """Seats are classes × standard class size, or the fixed number."""
    rows = case.sections[case.sections["open"]]
    seats = (rows["classes"] * rows["class_size"]).where(rows["seats_fixed"].isna(), rows["seats_fixed"])
    wrong = rows.assign(right=seats)[rows["seats"] > seats + TOLERANCE]
    for row in records(wrong):
        phase, section = row["phase"], row["section_id"]
        place = (section, case.name(section), case.first_year(phase))
        yield Breach(*place, float(row["seats"]), float(row["right"]), _("个"), scope="seats")


@check(inherits=False)
def operation_matches_plan(case: Case) -> Iterator[Breach]:
    """Pupils as operated are those that the plan seats but for rounding, sit in classes, and in no more than the plan has."""
    base = case.evidence.demand.years[0]
    classes = case.operation.classes
    classes = classes[classes["year"].isin(case.years) & (classes["year"] != base)]
    key = ["year", "section_id"]
    operated = classes.groupby(key)[["pupils", "classes"]].sum()
    flows = case.flows[(case.flows["section_id"] != "") & (case.flows["year"] != base)]
    both = operated.join(flows.groupby(key)["children"].sum(), how="outer").fillna(0.0)
    seated = case.sizes.groupby(key)["size"].sum().reindex(both.index).fillna(0)
    sections = case.evidence.supply.sections.reindex(both.index.get_level_values("section_id"))
    grades = (sections["grade_to"] - sections["grade_from"] + 1).fillna(1).to_numpy()
    zoned = ~sections["stage"].isin({band.stage.value for band in case.pools}).to_numpy()
    apart = both[zoned & ((both["pupils"] - both["children"]).abs().to_numpy() > grades)]
    for row in records(apart):
        year, section = row["year"], row["section_id"]
        figures = (float(row["pupils"]), round(float(row["children"]), 1))
        yield Breach(section, case.name(section), year, *figures, _("人"), scope="pupils")
    running = both.index.isin(case.section_years.index)
    for row in records(both.assign(seated=seated)[running & (seated != both["pupils"])]):
        year, section = row["year"], row["section_id"]
        figures = (float(row["seated"]), float(row["pupils"]))
        yield Breach(section, case.name(section), year, *figures, _("人"), scope="sizes")
    yield from _more_classes_than_planned(case, both["classes"])


def _more_classes_than_planned(case: Case, run: pd.Series[float]) -> Iterator[Breach]:
    rows = case.section_years
    free = rows["seats_fixed"].notna() & (rows["classes"] == 0)
    planned = rows["classes"].where(~free)
    more = run.reindex(rows.index).fillna(0) > planned
    for year, section in rows.index[more]:
        figures = (float(run[year, section]), float(planned[year, section]))
        yield Breach(section, case.name(section), year, *figures, _("班"), scope="classes")
