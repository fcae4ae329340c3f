"""New schools that the land allows: sections on parcels and empty campuses, and the standard sizes they may take."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import product

import numpy as np
import pandas as pd

from simulator.capacity.sections import class_sizes, places_to_build, regime_of
from simulator.inputs.district import District
from simulator.scenario import Scenario
from simulator.standards import Standards
from simulator.terms import STAGE_GRADES, Conflict, Delivery, Nature, SectionKind, Serves, Stage

MODULE_COLUMNS = ("site_id", "module", "stage", "classes", "capital_wan")
NINE_YEAR = (Stage.PRIMARY, Stage.JUNIOR)

_KIND = {
    Stage.KINDERGARTEN: SectionKind.KINDERGARTEN,
    Stage.PRIMARY: SectionKind.COMPLETE_PRIMARY,
    Stage.JUNIOR: SectionKind.JUNIOR_SCHOOL,
    Stage.SENIOR: SectionKind.SENIOR_SCHOOL,
    Stage.VOCATIONAL: SectionKind.VOCATIONAL_SCHOOL,
    Stage.SPECIAL: SectionKind.SPECIAL_SCHOOL,
}


def stages_named(cell: str | Iterable[str]) -> tuple[Stage, ...]:
    """Stages in a cell of the parcels table, lowest first.

    >>> [stage.value for stage in stages_named("junior,primary")]
    ['primary', 'junior']
    """
    words = re.split(r"[^a-z]+", cell) if isinstance(cell, str) else list(cell)
    return tuple(stage for stage in Stage if stage in words)


def grades_run(stages: Iterable[Stage]) -> dict[Stage, int]:
    """Stage → grades of a whole section of it."""
    return {stage: STAGE_GRADES[stage][1] - STAGE_GRADES[stage][0] + 1 for stage in stages}


def grades_of(sections: pd.DataFrame) -> dict[Stage, int]:
    """Stage → number of grades that the sections of one campus run."""
    counts = sections["grade_to"] - sections["grade_from"] + 1
    return {Stage(stage): int(count) for stage, count in zip(sections["stage"], counts, strict=True)}


def split_classes(classes: int, grades: Mapping[Stage, int]) -> dict[Stage, int]:
    """Classes of a campus shared by its stages as by their grades, the rest to the lowest stage.

    >>> split_classes(45, grades_run(NINE_YEAR))
    {<Stage.PRIMARY: 'primary'>: 30, <Stage.JUNIOR: 'junior'>: 15}
    """
    total = sum(grades.values())
    shares = {stage: classes * count // total for stage, count in grades.items()}
    lowest = next(iter(grades))
    return shares | {lowest: shares[lowest] + classes - sum(shares.values())}


def module_label(classes: Mapping[Stage, int]) -> str:
    """Name of a size: its classes by stage, lowest first, such as `24` or `12+6`."""
    return "+".join(str(classes[stage]) for stage in sorted(classes, key=list(Stage).index))


def standard_sizes(stages: tuple[Stage, ...], standards: Standards) -> tuple[dict[Stage, int], ...]:
    """Standard sizes of a new school of these stages; primary with junior is a nine-year school of its own sizes."""
    parts: list[list[dict[Stage, int]]] = []
    if set(NINE_YEAR) <= set(stages):
        parts.append([split_classes(size, grades_run(NINE_YEAR)) for size in standards.modules.get("nine_year", ())])
        stages = tuple(stage for stage in stages if stage not in NINE_YEAR)
    parts += [[{stage: size} for size in standards.modules.get(stage, ())] for stage in stages]
    return tuple({stage: n for part in chosen for stage, n in part.items()} for chosen in product(*parts))


def land_needed(classes: Mapping[Stage, int], standards: Standards, *, core: bool) -> float:
    r"""Land of a new school in m², inf for a stage without a land norm.

    .. math:: \sum_b n_b \cdot size_b \cdot land_b

    with the land norm of the urban core where the township is one and the norm has it.
    """
    needed = 0.0
    for stage, count in classes.items():
        names = (f"land_per_seat_core.{stage}",) if core else ()
        norm = next((name for name in (*names, f"land_per_seat.{stage}") if name in standards.figures), None)
        if norm is None:
            return float("inf")
        needed += count * class_sizes(standards, stage, STAGE_GRADES[stage][1])[0] * standards.value(norm)
    return needed


def capital_of(classes: Mapping[Stage, int], delivery: str, standards: Standards) -> float:
    """万元 of a new school: seats × capital a seat; nothing for one built by others and handed over."""
    if delivery == Delivery.HANDOVER:
        return 0.0
    return sum(
        count
        * class_sizes(standards, stage, STAGE_GRADES[stage][1])[0]
        * standards.value(f"cost.seat_capital_wan.{stage}")
        for stage, count in classes.items()
    )


def module_rows(site_id: str, sizes: Iterable[tuple[Mapping[Stage, int], float]]) -> list[dict[str, object]]:
    """Rows of `Supply.modules` of one site from (classes by stage, 万元)."""
    return [
        {
            "site_id": site_id,
            "module": module_label(classes),
            "stage": stage.value,
            "classes": count,
            "capital_wan": capital,
        }
        for classes, capital in sizes
        for stage, count in classes.items()
    ]


def buildable(district: District, scenario: Scenario) -> dict[str, tuple[Stage, ...]]:
    """Parcel → stages that may be built on it: where the scenario builds, or the planner decided to, and no conflict stands."""
    if district.parcels.empty:
        return {}
    decided = places_to_build(scenario)
    return {
        str(parcel.parcel_id): stages_named(parcel.stages)
        for parcel in district.parcels.itertuples()
        if (scenario.candidates.build or parcel.parcel_id in decided)
        and getattr(parcel, "conflict", Conflict.NONE) not in (Conflict.FARMLAND, Conflict.RED_LINE)
    }


def sizes_on_land(
    sites: pd.DataFrame, site_id: str, stages: tuple[Stage, ...], standards: Standards, core: set[str]
) -> list[tuple[dict[Stage, int], float]]:
    """Standard sizes that the land of a site can hold, with their capital."""
    area = float(sites["land_area_m2"][site_id])
    core_land = sites["township"][site_id] in core
    delivery = str(sites["delivery"][site_id])
    return [
        (classes, capital_of(classes, delivery, standards))
        for classes in standard_sizes(stages, standards)
        if np.isnan(area) or land_needed(classes, standards, core=core_land) <= area
    ]


def sizes_of_rooms(
    rooms: int, grades: Mapping[Stage, int], standards: Standards
) -> list[tuple[dict[Stage, int], float]]:
    """The one size of a disused campus: a class in each of its rooms, fitted out at the price of a converted room."""
    return [(split_classes(rooms, grades), rooms * standards.value("cost.conversion_room_wan"))]


def new_sections(
    site_id: str,
    name: str,
    stages: tuple[Stage, ...],
    regimes: Mapping[str, str],
    fill: float,
    standards: Standards,
) -> list[dict[str, object]]:
    """Candidate sections of a new public school, rows of `Supply.sections`."""
    kinds = _KIND | (dict.fromkeys(NINE_YEAR, SectionKind.NINE_YEAR) if set(NINE_YEAR) <= set(stages) else {})
    rows: list[dict[str, object]] = []
    for stage in stages:
        first, last = STAGE_GRADES[stage]
        size, largest = class_sizes(standards, stage, last)
        rows.append(
            {
                "section_id": f"{site_id}:{stage}",
                "site_id": site_id,
                "name": name,
                "stage": stage.value,
                "grade_from": first,
                "grade_to": last,
                "kind": kinds[stage].value,
                "regime": regimes.get(stage) or regime_of(stage, "", True),
                "nature": Nature.EDUCATION_BUREAU.value,
                "public": True,
                "decided_here": True,
                "protected": False,
                "serves": Serves.ALL.value,
                "existing": False,
                "classes": 0,
                "pupils": 0,
                "rooms": 0,
                "class_size": size,
                "class_size_max": largest,
                "fill": fill,
                "seats_fixed": np.nan,
                "seats_for_district": np.nan,
                "can_close": False,
                "candidate": True,
            }
        )
    return rows


def usual_regimes(sections: pd.DataFrame) -> dict[str, str]:
    """Stage → regime of most public sections of today, which new ones follow."""
    public = sections[sections["public"] & sections["existing"]]
    return {
        str(stage): str(regimes.mode().iloc[0]) for stage, regimes in public.groupby("stage")["regime"] if len(regimes)
    }
