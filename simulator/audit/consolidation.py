"""Checks of closures: vetoes entered and vetoes met, children's journeys, the steps of the procedure."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.audit.case import Case
from simulator.audit.register import Breach, check
from simulator.audit.rows import records
from simulator.capacity.vetoes import entered_vetoes
from simulator.indicators.consolidation import beyond_limit, closed_sections
from simulator.language import translate as _


@check(plan_only=True)
def closure_vetoed(case: Case) -> Iterator[Breach]:
    """A school against whose closing a veto is entered stays open; read from the opinions, not from what the model protects."""
    vetoes = entered_vetoes(case.evidence.opinions, case.evidence.standards)
    for section, year in closed_sections(case.closing):
        site, _colon, stage = section.rpartition(":")
        own = vetoes[(vetoes["school_id"] == site) & vetoes["stage"].isin(["", stage])]
        for veto in dict.fromkeys(own["veto"]):
            yield Breach(section, case.name(section), year, 0, 1, _("所"), detail=veto, scope=veto)


@check(plan_only=True)
def closure_travel(case: Case) -> Iterator[Breach]:
    """No child of a closed school has a daily way beyond the limit that is longer than before; of each school the longest."""
    journeys = case.closures.journeys
    if journeys.empty:
        return
    far = journeys[beyond_limit(journeys, case.closing)].sort_values("minutes_after", ascending=False, kind="stable")
    for row in records(far.drop_duplicates(["section_id", "unit_id", "band"])):
        unit, section = str(row["unit_id"]), str(row["section_id"])
        yield Breach(
            *(unit, case.name(unit), int(row["year"]), float(row["minutes_after"]), float(row["limit"]), _("分钟")),
            detail=f"{row['band']} {section} {row['to_section']}",
            scope=f"{row['band']} {section}",
        )


@check(plan_only=True)
def closure_receivers(case: Case) -> Iterator[Breach]:
    """Receiving schools have beds and meals for all, are not too large and get no oversized class."""
    line = case.norm("oversized.line")
    for row in records(case.closures.closures):
        section, year, met = str(row["section_id"]), int(row["year"]), str(row["vetoes"]).split()
        name = case.name(section)
        for veto in ("lodging", "meals"):
            if veto in met:
                lacking = float(row["beds_short" if veto == "lodging" else "meals_short"])
                yield Breach(section, name, year, round(lacking, 1), 0.0, _("人"), detail=veto, scope=veto)
        if "oversized" in met:
            crowded = float(row["receiver_class"]) >= line
            figure, norm = ("receiver_class", line - 1) if crowded else ("receiver_pupils", float(row["receiver_most"]))
            detail = f"oversized {row['receiver']}"
            yield Breach(section, name, year, float(row[figure]), norm, _("人"), detail=detail, scope="oversized")


@check(plan_only=True)
def closure_procedure(case: Case) -> Iterator[Breach]:
    """Every step of the procedure is recorded for a school that closes; figure and norm are numbers of steps."""
    for row in records(case.closures.closures):
        done, missing = (str(row[name]).split() for name in ("steps_done", "steps_missing"))
        if missing:
            section = str(row["section_id"])
            place = (section, case.name(section), int(row["year"]))
            yield Breach(*place, len(done), len(done) + len(missing), _("步"), detail=" ".join(missing))
