"""Checks of land, buildings and sizes of schools against the norms of their kind of area, and of the years looked at."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from simulator.audit.case import Case
from simulator.audit.register import Breach, check
from simulator.audit.rows import records
from simulator.language import translate as _
from simulator.terms import COMPULSORY, Stage

_SLACK = 0.995
"""Areas are surveyed, not counted: half a percent below the norm is the norm."""


@check()
def new_build_classes(case: Case) -> Iterator[Breach]:
    """A new school has no more classes than its kind may: 12 in kindergartens, 36, nine-year schools 45, senior 60."""
    rows = case.sections[~case.sections["existing"].astype(bool) & case.sections["open"]]
    campus = rows.reset_index().groupby(["phase", "site_id"])
    for (phase, site), own in campus:
        if int(str(phase)) == 0:
            continue
        stages = dict(zip(own["stage"].astype(str), own["classes"].astype(int), strict=True))
        kinds = {"nine_year": sum(stages[name] for name in COMPULSORY)} if set(COMPULSORY) <= set(stages) else {}
        kinds |= {name: count for name, count in stages.items() if not (kinds and name in set(COMPULSORY))}
        for kind, count in kinds.items():
            figure = case.evidence.standards.figures.get(f"class_count_max.{kind}")
            if figure is not None and count > figure.value:
                place = (str(site), case.name(str(site)), case.first_year(int(str(phase))))
                yield Breach(*place, float(count), figure.value, _("班"), scope=kind)


def _campuses(case: Case) -> pd.DataFrame:
    """Campuses that exist, by phase: seats and classes by stage of what runs there, land and building area."""
    rows = case.sections[case.sections["open"]].reset_index()
    rows = rows[rows["existing"].astype(bool) & rows["phase"].isin([phase.number for phase in case.phases])]
    sites = case.evidence.supply.sites[["area_kind", "land_area_m2"]]
    built = case.evidence.facts.facilities.set_index("site_id")["building_area_m2"].astype(float)
    return rows.join(sites, on="site_id").assign(building_m2=lambda table: table["site_id"].map(built))


@check()
def land_per_seat(case: Case) -> Iterator[Breach]:
    """A campus has the land that its seats ask for, by the norm of its kind of area (city, town, village)."""
    rows = _campuses(case)
    norms = case.evidence.standards
    needed = [
        seats * (norms.value_in("land_per_seat", stage, area) or 0.0)
        for seats, stage, area in rows[["seats", "stage", "area_kind"]].itertuples(index=False)
    ]
    table = rows.assign(needed=needed).groupby(["phase", "site_id"]).agg(
        needed=("needed", "sum"), seats=("seats", "sum"), land=("land_area_m2", "first")
    )  # fmt: skip
    short = table[(table["land"] < _SLACK * table["needed"]) & (table["seats"] > 0)]
    for row in records(short):
        place = (row["site_id"], case.name(row["site_id"]), case.first_year(row["phase"]))
        yield Breach(
            *place, round(row["land"] / row["seats"], 1), round(row["needed"] / row["seats"], 1), _("平方米/生")
        )


@check()
def building_per_seat(case: Case) -> Iterator[Breach]:
    """A campus has the building area that its seats ask for: by number of classes, urban or rural edition."""
    rows = _campuses(case)
    for (phase, site), own in rows[rows["building_m2"].notna()].groupby(["phase", "site_id"]):
        stages = set(own["stage"].astype(str))
        kind = next((name for name in _building_kinds(stages)), None)
        seats, classes = float(own["seats"].sum()), int(own["classes"].sum())
        norm = None if kind is None else _building_norm(case, kind, classes, str(own["area_kind"].iloc[0]))
        if norm is None or seats <= 0:
            continue
        figure = float(own["building_m2"].iloc[0]) / seats
        if figure < _SLACK * norm:
            place = (str(site), case.name(str(site)), case.first_year(int(str(phase))))
            yield Breach(*place, round(figure, 1), norm, _("平方米/生"), scope=kind or "")


def _building_kinds(stages: set[str]) -> Iterator[str]:
    """The row of the building norms that a campus with these stages falls under; mixed campuses have none."""
    if stages == {*COMPULSORY}:
        yield "nine_year"
    elif stages == {Stage.JUNIOR.value, Stage.SENIOR.value}:
        yield "complete_secondary"
    elif len(stages) == 1:
        yield next(iter(stages))


def _building_norm(case: Case, kind: str, classes: int, area_kind: str) -> float | None:
    """Square metres a seat of the largest standard size that the campus reaches, else of the smallest one."""
    norms = case.evidence.standards
    if kind == Stage.KINDERGARTEN:
        return norms.value("area.kindergarten_building")
    found: dict[int, float] = {}
    for figure_id in norms.figures:
        head, _dot, name = figure_id.partition(".")
        own, _line, size = name.rpartition("_")
        if head == "building_per_seat" and own == kind:
            found[int(size)] = norms.value_in("building_per_seat", name, area_kind) or 0.0
    if not found:
        return None
    return found[max((size for size in found if size <= classes), default=min(found))]


@check(plan_only=True)
def horizon_reaches(case: Case) -> Iterator[Breach]:
    """The projection reaches 15 years ahead, so that a seat built now shows its use then."""
    horizon = case.evidence.scenario.horizon
    years, least = horizon.projection_to - horizon.base_year, case.norm("horizon.years")
    if years < least:
        yield Breach("", _("全区"), horizon.projection_to, years, least, _("年"))
