"""The tables `schools`, `sections` and `catchments` of an invented district."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simulator.inputs.synthetic.apportion import IntArray
from simulator.inputs.synthetic.invention import POINTS, Invention
from simulator.inputs.synthetic.names import NameBook
from simulator.inputs.synthetic.registers import Register, grades_of
from simulator.inputs.synthetic.schooling import Zones
from simulator.inputs.synthetic.siting import Site
from simulator.inputs.synthetic.territory import Territory
from simulator.terms import COMPULSORY, Regime, SectionKind, Serves, Stage

_SUFFIX = {
    SectionKind.KINDERGARTEN: "幼儿园",
    SectionKind.VISITING_POINT: "巡回走教点",
    SectionKind.COMPLETE_PRIMARY: "小学",
    SectionKind.TEACHING_POINT: "教学点",
    SectionKind.NINE_YEAR: "学校",
    SectionKind.JUNIOR_SCHOOL: "初级中学",
    SectionKind.COMPLETE_SECONDARY: "中学",
    SectionKind.SENIOR_SCHOOL: "高级中学",
    SectionKind.VOCATIONAL_SCHOOL: "职业学校",
    SectionKind.SPECIAL_SCHOOL: "特殊教育学校",
}
_REGIME = {Stage.KINDERGARTEN: Regime.CHOICE, Stage.PRIMARY: Regime.CATCHMENT, Stage.JUNIOR: Regime.CATCHMENT}
# Pupils a room, and m² a pupil of teaching rooms, sports grounds and site, as invented campuses are laid out.
_ROOM = {Stage.KINDERGARTEN: 30, Stage.PRIMARY: 45, Stage.SPECIAL: 12, Stage.VOCATIONAL: 40}
_TEACHING = {Stage.KINDERGARTEN: 8.5, Stage.PRIMARY: 4.6, Stage.JUNIOR: 5.9}
_SPORTS = {Stage.KINDERGARTEN: 4.2, Stage.PRIMARY: 7.6, Stage.JUNIOR: 10.3}
_SITE = {Stage.KINDERGARTEN: 13.0, Stage.PRIMARY: 15.0, Stage.JUNIOR: 19.0}
_CROWDED_CLASS, _EXTENSIBLE = 0.93, 0.48


def schools_table(
    spec: Invention,
    sites: tuple[Site, ...],
    registers: tuple[Register, ...],
    territory: Territory,
    parents: dict[str, str],
    names: NameBook,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """The table `schools`; crowded schools have no room to spare, emptying ones have, a third can be extended."""
    rows = []
    for number, site in enumerate(sites):
        group = site.group
        classes, pupils, crowded = _load(number, registers)
        total = sum(classes.values())
        rooms = total if crowded or group.kind in POINTS else total + int(rng.integers(0, max(total // 6, 1) + 1))
        extensible = group.kind not in POINTS and bool(rng.random() < _EXTENSIBLE)
        most = rooms + int(rng.choice([6, 6, 9, 12])) if extensible and total >= 6 else rooms
        area = _areas(classes, most, rng)
        boarders = int(0.35 * sum(pupils.values())) if group.boarding else 0
        rows.append(
            {
                "school_id": site.school_id,
                "school_code": f"9{spec.seed % 1000:03d}{number + 1:06d}",
                "name": names.word() + _SUFFIX[group.kind],
                "parent": parents.get(site.school_id, ""),
                "township": spec.townships[territory.townships[site.unit]],
                "x": site.x,
                "y": site.y,
                "affiliation": group.affiliation.value,
                "nature": group.nature.value,
                "decided_here": group.decided_here,
                "status": "operating",
                "opening_year": int(rng.integers(1958, spec.base_year - 6)),
                "rooms": rooms,
                "max_rooms": most,
                **area,
                "beds": boarders,
                "canteen_seats": int(1.15 * sum(pupils.values())) if boarders else pd.NA,
                "equipment_yuan": int(sum(pupils.values()) * rng.uniform(1700, 4200)),
                "networked_rooms": int(np.ceil(rooms * rng.uniform(0.7, 1.0))),
                "protected": group.protected,
            }
        )
    return pd.DataFrame(rows)


def sections_table(sites: tuple[Site, ...], registers: tuple[Register, ...]) -> pd.DataFrame:
    """The table `sections`; seats are stated only where the bureau does not decide: pupils plus a small reserve."""
    rows = []
    for number, site in enumerate(sites):
        classes, pupils, _ = _load(number, registers)
        for stage in site.stages:
            grades = grades_of(site, stage)
            foreign = not site.group.decided_here and stage in COMPULSORY
            seats = classes[stage] * _ROOM.get(stage, 50)
            migrant = site.group.serves is Serves.MIGRANT
            rows.append(
                {
                    "school_id": site.school_id,
                    "stage": stage.value,
                    "grade_from": grades[0],
                    "grade_to": grades[-1],
                    "kind": site.kind_of(stage).value,
                    "regime": (Regime.CHOICE if migrant else _REGIME.get(stage, Regime.POOL)).value,
                    "combined": False,
                    "lodging": "boarding" if site.group.boarding and stage is not Stage.KINDERGARTEN else "day",
                    "serves": site.group.serves.value,
                    "seats": seats if foreign else pd.NA,
                    "seats_for_district": max(pupils[stage], round(0.985 * seats)) if foreign else pd.NA,
                }
            )
    return pd.DataFrame(rows).astype({"seats": "Int64", "seats_for_district": "Int64"})


def catchments_table(zones: tuple[Zones, ...], sites: tuple[Site, ...], territory: Territory) -> pd.DataFrame:
    """The table `catchments`; units of a point that ends early have a second row, the school of the upper grades."""
    rows = []
    for zone in zones:
        for unit, place in enumerate(zone.school):
            for school in dict.fromkeys((int(place), int(zone.partner[place]))):
                rows.append(  # noqa: PERF401 - two nested tests read better as a loop
                    {
                        "unit_id": territory.unit_ids[unit],
                        "stage": zone.stage.value,
                        "school_id": sites[zone.sites[school]].school_id,
                    }
                )
    return pd.DataFrame(rows, columns=["unit_id", "stage", "school_id"])


def _load(number: int, registers: tuple[Register, ...]) -> tuple[dict[Stage, int], dict[Stage, int], bool]:
    """Classes and pupils of a school by stage, and whether its classes are full on average."""
    classes: dict[Stage, int] = {}
    pupils: dict[Stage, int] = {}
    full = False
    for register in registers:
        if number in register.sites:
            row = register.sites.index(number)
            classes[register.stage] = int(register.classes[row].sum())
            pupils[register.stage] = int(register.pupils[row].sum())
            standard = _ROOM.get(register.stage, 50)
            full = full or pupils[register.stage] > standard * classes[register.stage] / _CROWDED_CLASS
    return classes, pupils, full


def _areas(classes: dict[Stage, int], most_rooms: int, rng: np.random.Generator) -> dict[str, int]:
    """Areas that fit all rooms the campus may have; at one campus in ten the sports ground is the tighter limit."""
    total = sum(classes.values())
    seats = {stage: _ROOM.get(stage, 50) * count * most_rooms / total for stage, count in classes.items()}
    tight = 0.86 if rng.random() < 0.1 else 1.0

    def square_metres(norm: dict[Stage, float], ample: float) -> int:
        return int(round(sum(norm.get(stage, 8.0) * count for stage, count in seats.items()) * ample, -1))

    return {
        "site_area_m2": square_metres(_SITE, float(rng.uniform(1.0, 1.5))),
        "teaching_area_m2": square_metres(_TEACHING, float(rng.uniform(1.02, 1.4))),
        "sports_area_m2": square_metres(_SPORTS, tight * float(rng.uniform(1.02, 1.3))),
    }


def pupils_by_school(
    registers: tuple[Register, ...], stage: Stage, sites: tuple[Site, ...]
) -> dict[str, tuple[int, int]]:
    """Pupils and classes of a stage by school id."""
    found = {}
    for register in registers:
        if register.stage is stage:
            sums: list[tuple[int, IntArray, IntArray]] = list(
                zip(register.sites, register.pupils, register.classes, strict=True)
            )
            for number, pupils, classes in sums:
                found[sites[number].school_id] = (int(pupils.sum()), int(classes.sum()))
    return found
