"""Invented registers: pupils and classes of every school and grade, equal to their control totals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from simulator.inputs.synthetic.apportion import FloatArray, IntArray, apportion, apportion_within
from simulator.inputs.synthetic.invention import POINTS, Invention, Roll
from simulator.inputs.synthetic.siting import Site
from simulator.terms import STAGE_GRADES, Stage

# Classes of the younger kindergarten grades are smaller than those of the oldest by this many.
_FEWER = {-2: 10, -1: 5}
_SMALLEST_POINT_GRADE, _LARGEST_POINT_GRADE = 4, 24
_SMALLEST_FILL, _FULL_GRADES = 0.5, 3
_CROWD_SPREAD, _NEW_QUARTER_CROWD = 0.05, 1.1


@dataclass(frozen=True)
class Register:
    """Pupils and classes of one stage.

    Parameters
    ----------
    stage
        The stage.
    sites
        Numbers of its schools in the list of sites.
    grades
        Grades, the second axis.
    pupils, classes
        Shape (schools, grades); zero where a point ends early.
    """

    stage: Stage
    sites: tuple[int, ...]
    grades: tuple[int, ...]
    pupils: IntArray
    classes: IntArray


def grades_of(site: Site, stage: Stage) -> range:
    """Grades that a school runs in a stage."""
    first, last = STAGE_GRADES[stage]
    return range(first, (site.group.grade_to or last) + 1)


def members_of(roll: Roll, sites: tuple[Site, ...]) -> list[int]:
    """Numbers of the schools that a roll covers."""
    return [
        number
        for number, site in enumerate(sites)
        if roll.stage in site.stages and site.kind_of(roll.stage) in roll.kinds and site.group.serves is roll.serves
    ]


def fill_register(
    spec: Invention,
    roll: Roll,
    sites: tuple[Site, ...],
    expected: FloatArray,
    in_new_quarter: FloatArray,
    rng: np.random.Generator,
) -> Register:
    """Turn the children expected at each school of a roll into pupils and classes.

    Parameters
    ----------
    spec, roll, sites, rng
        The invention so far.
    expected
        Children expected by school of the roll and grade; only proportions count.
    in_new_quarter
        Share of each school's children who live in the new quarter: classes are fuller there.

    Returns
    -------
    Register
        Grades sum to the roll's pupils in the proportions of the residents' ages; classes and oversized
        classes are those of the roll.
    """
    numbers = members_of(roll, sites)
    first, last = STAGE_GRADES[roll.stage]
    grades = tuple(range(first, last + 1))
    point = np.array([sites[number].group.kind in POINTS for number in numbers])
    totals = apportion(roll.pupils, np.array([float(spec.ages[grade + 5]) for grade in grades]))
    wishes = np.maximum(expected * totals / expected.sum(axis=0), 0.5)

    pupils = np.zeros(wishes.shape, dtype=np.int64)
    runs = np.array([[grade in grades_of(sites[number], roll.stage) for grade in grades] for number in numbers])
    small = np.clip(np.rint(wishes), _SMALLEST_POINT_GRADE, _LARGEST_POINT_GRADE).astype(np.int64)
    pupils[point] = np.where(runs[point], small[point], 0)
    classes = (pupils > 0).astype(np.int64)
    crowd = rng.uniform(1 - _CROWD_SPREAD, 1 + _CROWD_SPREAD, len(numbers)) * _NEW_QUARTER_CROWD**in_new_quarter
    rest, left = totals - pupils.sum(axis=0), roll.classes - int(classes.sum())
    pupils[~point], classes[~point] = _fill_whole_schools(
        roll, grades, rest, left, wishes[~point], crowd[~point], in_new_quarter[~point]
    )
    return Register(roll.stage, tuple(numbers), grades, pupils, classes)


def class_rows(register: Register, sites: tuple[Site, ...]) -> list[dict[str, object]]:
    """Rows of `classes`: pupils of a grade split evenly over its classes."""
    rows: list[dict[str, object]] = []
    for row, number in enumerate(register.sites):
        for column, grade in enumerate(register.grades):
            count, pupils = int(register.classes[row, column]), int(register.pupils[row, column])
            rows += [
                {
                    "school_id": sites[number].school_id,
                    "stage": register.stage.value,
                    "grade": grade,
                    "class_no": str(place + 1),
                    "pupils": pupils // count + (place < pupils % count),
                }
                for place in range(count)
            ]
    return rows


def history_rows(
    spec: Invention, register: Register, sites: tuple[Site, ...], rng: np.random.Generator
) -> list[dict[str, object]]:
    """Rows of `enrolment`: the base year, and earlier years by walking each cohort back a grade a year.

    A cohort that is now in grade g was in grade g − 1 a year ago, a little smaller or larger; the highest
    grade of an earlier year, which has left by now, follows the residents' ages.
    """
    rows: list[dict[str, object]] = []
    for row, number in enumerate(register.sites):
        runs = [
            place for place, grade in enumerate(register.grades) if grade in grades_of(sites[number], register.stage)
        ]
        current = register.pupils[row, runs].astype(np.float64)
        last_age = register.grades[runs[-1]] + 5
        for back in range(spec.history_years + 1):
            if back:
                older = spec.ages[min(last_age + back, 17)] / spec.ages[min(last_age + back - 1, 17)]
                earlier = np.append(current[1:], current[-1] * min(older, 1.05))
                # Cohort noise of a grade step: n·Var(ratio) near 0.45 in registers seen, here within classes' reach.
                noise = rng.normal(0.0, np.sqrt(0.3 / np.maximum(earlier, 4)))
                current = np.maximum(earlier * (1 + np.clip(noise, -0.12, 0.12)), 1.0)
            rows += [
                {
                    "school_id": sites[number].school_id,
                    "stage": register.stage.value,
                    "grade": register.grades[place],
                    "year": spec.base_year - back,
                    "pupils": int(np.rint(value)),
                }
                for place, value in zip(runs, current, strict=True)
            ]
    return rows


def classes_table(registers: list[Register], sites: tuple[Site, ...]) -> pd.DataFrame:
    """The table `classes`."""
    return pd.DataFrame([row for register in registers for row in class_rows(register, sites)])


def _fill_whole_schools(
    roll: Roll,
    grades: tuple[int, ...],
    totals: IntArray,
    classes: int,
    wishes: FloatArray,
    crowd: FloatArray,
    in_new_quarter: FloatArray,
) -> tuple[IntArray, IntArray]:
    """Pupils and classes, shape (schools, grades), of the schools of a roll that are no points.

    Classes go where children are wished; pupils then stay within what the classes hold, above it only
    in the oversized ones.
    """
    caps = np.array([roll.largest - _FEWER.get(grade, 0) for grade in grades], dtype=np.float64)
    count = _share_classes(classes, totals, caps, wishes / crowd[:, None])
    over = _oversized_cells(roll, count, wishes / count * (1 + in_new_quarter[:, None]))
    sparse = np.minimum(_SMALLEST_FILL * caps * count, 0.8 * wishes)
    low = np.where(count > 1, np.floor(sparse), 1).astype(np.int64)
    low = np.where(over, roll.oversized_sizes[0] * count, low)
    high = np.where(over, roll.oversized_sizes[1] * count, (caps * count).astype(np.int64))
    columns = [
        apportion_within(int(total), wishes[:, column], low[:, column], high[:, column])
        for column, total in enumerate(totals)
    ]
    return np.column_stack(columns), count


def _share_classes(classes: int, pupils: IntArray, caps: FloatArray, wishes: FloatArray) -> IntArray:
    """Classes by school and grade: every grade gets enough for its pupils, every school at least one a grade."""
    schools = len(wishes)
    fewest = np.maximum(np.ceil(pupils / caps), schools).astype(np.int64)
    by_grade = apportion_within(classes, pupils / caps, fewest, np.full(len(caps), classes))
    ones, most = np.ones(schools, dtype=np.int64), np.full(schools, classes)
    columns = [apportion_within(int(total), wishes[:, column], ones, most) for column, total in enumerate(by_grade)]
    return np.column_stack(columns)


def _oversized_cells(roll: Roll, classes: IntArray, pressure: FloatArray) -> np.ndarray:
    """The fullest school × grade cells whose classes number exactly the oversized ones."""
    chosen = np.zeros(classes.size, dtype=bool)
    if not roll.oversized:
        return chosen.reshape(classes.shape)
    ways: dict[int, list[int]] = {0: []}
    # Three grades a school first, so that a school is full in its younger grades before it is full in all.
    late = np.argsort(np.argsort(-pressure, axis=1, kind="stable"), axis=1) >= _FULL_GRADES
    for cell in np.lexsort((-pressure.reshape(-1), late.reshape(-1))):
        size = int(classes.reshape(-1)[cell])
        for total, cells in sorted(ways.items(), reverse=True):
            if total + size <= roll.oversized and total + size not in ways:
                ways[total + size] = [*cells, int(cell)]
        if roll.oversized in ways:
            chosen[ways[roll.oversized]] = True
            return chosen.reshape(classes.shape)
    message = f"no grades hold exactly {roll.oversized} classes together"
    raise ValueError(message)
