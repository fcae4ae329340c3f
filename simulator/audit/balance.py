"""Checks of 优质均衡 and 普及普惠: resource indicators, difference coefficients, special rooms, shares."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from simulator.audit.case import Case
from simulator.audit.register import Breach, check
from simulator.audit.rows import records
from simulator.indicators.board import FAILS
from simulator.indicators.board.county import migrant_places as placed_migrants
from simulator.indicators.board.county import special_rooms
from simulator.indicators.board.preschool import PRESCHOOL_FIGURES
from simulator.indicators.board.schools import resource_norms
from simulator.indicators.board.variation import measured_coefficients
from simulator.language import translate as _
from simulator.rules.board import BOARD, RESOURCES
from simulator.terms import COMPULSORY, Stage, label

_PRESCHOOL = (
    *("preschool_gross", "preschool_inclusive", "preschool_public", "preschool_teachers"),
    *("preschool_building", "preschool_activity", "preschool_outdoor"),
)
_ROUNDING = 1e-9


def _audited(case: Case, rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["year"].isin(case.years)]


@check()
def resource_indicators(case: Case) -> Iterator[Breach]:
    """Every school reaches six of the seven resource indicators, and of the others at least 85 % of the norm.

    The figure is the number of indicators that are reached (unknown ones are taken for reached), or the lowest
    indicator in percent of its norm where six are; the detail names the indicators that are not.
    """
    needed, floor = case.norm("balance.items_needed"), 100 * case.norm("balance.other_item_floor")
    names = [resource.item_id for resource in RESOURCES]
    norms = resource_norms(case.evidence.standards)
    rows = _audited(case, case.side.schools)
    for row in records(rows[rows["state"] == FAILS].drop(columns="network").set_index(["year", "section_id"])):
        low = [name for name in names if row[name] < norms.loc[name, row["stage"]] - _ROUNDING]
        best = float(row["reached"] + row["unknown"])
        few = best < needed
        figures = (best, needed) if few else (round(100 * float(row["lowest"]), 1), floor)
        place = (row["section_id"], case.name(row["section_id"]), row["year"])
        unit, scope = (_("项"), "items") if few else ("%", "floor")
        yield Breach(*place, *figures, unit, detail=" ".join(low), scope=scope)


@check()
def difference_coefficient(case: Case) -> Iterator[Breach]:
    """校际差异系数 of each resource indicator is at most 0.50 (primary) and 0.45 (junior)."""
    weighted = case.evidence.scenario.balance.weighting == "enrolment"
    rows = _audited(case, case.side.schools)
    for row in measured_coefficients(rows, case.evidence.standards, weighted=weighted):
        if row["coefficient"] > row["limit"] + _ROUNDING:
            stage, county = Stage(row["stage"]), str(row["county"])
            place = (county or stage.value, county or label(stage), int(row["year"]))
            figures = (round(float(row["coefficient"]), 3), float(row["limit"]), _("系数"))
            yield Breach(*place, *figures, detail=f"{stage} {row['item']}", scope=f"{stage} {row['item']}")


@check()
def music_art_rooms(case: Case) -> Iterator[Breach]:
    """A campus has a music and an art room of lawful size for every 12 classes or part of them."""
    rows = _audited(case, special_rooms(case.side))
    for row in records(rows[rows["lacking"]].set_index(["year", "site_id"])):
        for kind in ("music", "art"):
            if row[kind] < row["needed"]:
                place = (row["site_id"], case.name(row["site_id"]), row["year"])
                yield Breach(*place, float(row[kind]), float(row["needed"]), _("间"), detail=kind, scope=kind)


@check()
def preschool_inclusion(case: Case) -> Iterator[Breach]:
    """学前教育普及普惠: enrolment, inclusive and public shares, children a teacher, areas a child."""
    side = case.side
    for name in _PRESCHOOL:
        item = BOARD[name]
        norm = case.norm(item.norm)
        found = PRESCHOOL_FIGURES[name](side)["figure"]
        found = found[found.index.get_level_values("year").isin(case.years)]
        misses = found < norm - _ROUNDING if item.at_least else found > norm + _ROUNDING
        percent = 100.0 if item.unit == "比例" else 1.0
        unit = "%" if item.unit == "比例" else _(item.unit)
        for row in records(found[misses].rename("figure").to_frame()):
            county = str(row["county"])
            place = (county or Stage.KINDERGARTEN.value, county or label(Stage.KINDERGARTEN), row["year"])
            yield Breach(*place, round(percent * row["figure"], 1), percent * norm, unit, detail=name, scope=name)


@check()
def private_share(case: Case) -> Iterator[Breach]:
    """Private schools hold at most 15 % of a county's compulsory pupils."""
    rows = _audited(case, case.side.sections)
    rows = rows[rows["stage"].isin(COMPULSORY)]
    rows = rows.assign(private=rows["pupils"].where(~rows["public"].astype(bool), 0))
    sums = rows.groupby(["county", "year"])[["pupils", "private"]].sum()
    most = 100 * case.norm("private_share.county")
    for row in records(100 * sums["private"] / sums["pupils"]):
        if row["value"] > most + _ROUNDING:
            county = str(row["county"])
            yield Breach(county, county or _("全区"), row["year"], round(row["value"], 1), most, "%")


@check()
def migrant_places(case: Case) -> Iterator[Breach]:
    """Of the children of migrant workers at least 85 % sit in public schools or in seats that the government buys.

    Checked in the first audited year, on the register of the base year.
    """
    shares = placed_migrants(case.side)["figure"].groupby("county").first()
    least = 100 * case.norm("balance.migrant_places")
    for row in records(100 * shares[np.isfinite(shares.to_numpy(dtype=float))]):
        if row["value"] < least - _ROUNDING:
            county = str(row["county"])
            yield Breach(county, county or _("全区"), case.years[0], round(row["value"], 1), least, "%")
