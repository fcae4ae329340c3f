"""Checks of limits that a planner asks for: how many schools, how many children moved."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from simulator.audit.case import Case
from simulator.audit.children import TOLERANCE
from simulator.audit.register import Breach, check
from simulator.audit.shared import one_for_all
from simulator.language import translate as _
from simulator.operation import CATCHMENT
from simulator.terms import STAGE_GRADES, WHOLE_UNIT_REGIMES, band_of, label


@check(plan_only=True)
def school_count(case: Case) -> Iterator[Breach]:
    """As many public sections of a stage run in every phase as the planner asks for."""
    for stage, (least, most) in case.evidence.scenario.candidates.schools.items():
        rows = case.sections[(case.sections["stage"] == stage) & case.sections["public"].astype(bool)]
        for phase in case.phases:
            count = int(rows["open"][rows.index.get_level_values("phase") == phase.number].sum())
            norm = min(max(count, least), most)
            if count != norm:
                yield Breach(stage.value, label(stage), phase.first_year, count, norm, _("所"))


@check(plan_only=True)
def children_moved_limit(case: Case) -> Iterator[Breach]:
    """At the start of a phase at most a share of the children who go by catchment change school.

    Those who change are children whose school closes, and new entrants whose catchment has changed.
    """
    limit = case.evidence.scenario.zoning.moved_share
    for phase in case.phases if limit is not None else ():
        moved, total = _moved(case, phase.number), _by_catchment(case, phase.years[0])
        if limit is not None and moved > limit * total + TOLERANCE:
            figures = (round(100 * moved / total, 2), 100 * limit)
            yield Breach("", _("全区"), phase.first_year, *figures, "%")


def _moved(case: Case, phase: int) -> float:
    """Children who leave a school for another one; from school to school of a shared catchment nobody moves."""
    rows = case.moves[case.moves["phase"] == phase]
    first = [band_of(band).grade_from == STAGE_GRADES[band_of(band).stage][0] for band in rows["band"]]
    # Who comes out of a school that ends below has to go to another one in any case.
    rows = rows[(rows["cause"] != CATCHMENT) | pd.Series(first, index=rows.index, dtype=bool)]
    rows = rows.assign(section_id=rows["section_id"].replace(one_for_all(case)))
    sums = rows.groupby(["unit_id", "band", "cause", "section_id"])[["left", "joined"]].sum()
    return float((sums["left"] - sums["joined"]).clip(lower=0).sum())


def _by_catchment(case: Case, year: int) -> float:
    """Children of a year who go to school by catchment, or have no place."""
    rows = case.flows[case.flows["year"] == year]
    regimes = case.evidence.supply.sections["regime"].reindex(rows["section_id"]).to_numpy()
    zoned = {
        band.band_id
        for band in case.evidence.supply.bands
        for section in case.evidence.supply.sections.index
        if case.evidence.supply.covers(section, band)
        and case.evidence.supply.sections["regime"][section] in WHOLE_UNIT_REGIMES
    }
    by_catchment = pd.Series(regimes, index=rows.index).isin(WHOLE_UNIT_REGIMES) | (rows["section_id"] == "")
    return float(rows["children"][by_catchment & rows["band"].isin(zoned)].sum())
