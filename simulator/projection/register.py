"""Year 0: the register by section and grade, and the units its pupils live in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from simulator.projection.demand import FloatArray
from simulator.terms import AGE_OF_GRADE, STAGE_GRADES, Stage, band_of

# Children are split in parts of 2⁻³⁰, so that sums over units give the register to the last bit in any order.
_PARTS = 2.0**30
_COLUMNS = {"section_id": "str", "stage": "str", "grade": "int64", "pupils": "float64"}


@dataclass(frozen=True)
class StageRegister:
    """The register of one stage in the base year.

    Parameters
    ----------
    stage
        The stage.
    sections
        Sections of the stage that operate, in the order of the first axis.
    runs
        Whether a section runs a grade, shape (sections, grades).
    pupils
        Register, shape (sections, grades).
    by_unit
        The same by unit, shape (sections, units, grades); its sum over units is `pupils`, exactly.
    zoned
        Share of a unit that is zoned to the section today, shape (sections, units, grades).
    listed
        Pupils of the origins table, shape (sections, units, grades).
    """

    stage: Stage
    sections: tuple[str, ...]
    runs: FloatArray
    pupils: FloatArray
    by_unit: FloatArray
    zoned: FloatArray
    listed: FloatArray

    @property
    def by_cell(self) -> FloatArray:
        """Register by unit and grade, shape (units, grades)."""
        return np.asarray(self.by_unit.sum(axis=0))

    @property
    def outside_share(self) -> float:
        """Share of the register that the origins table shows to live outside the district."""
        told = self.listed.sum(axis=1)
        outside = np.where(told > 0, np.maximum(0.0, self.pupils - told), 0.0).sum()
        return float(outside / self.pupils.sum()) if self.pupils.sum() > 0 else 0.0


def grades_of(stage: Stage) -> range:
    """The grades of a stage."""
    first, last = STAGE_GRADES[stage]
    return range(first, last + 1)


def ages_of(stage: Stage) -> slice:
    """Ages at 31 August of the grades of a stage."""
    first, last = STAGE_GRADES[stage]
    return slice(first + AGE_OF_GRADE, last + AGE_OF_GRADE + 1)


def read_register(
    classes: pd.DataFrame, enrolment: pd.DataFrame, sections: pd.DataFrame, base_year: int
) -> pd.DataFrame:
    """Register of every operating section: section_id, stage, grade, pupils.

    Classes win; a section without classes takes its enrolment of the base year, and one without
    either its pupils spread evenly over its grades.
    """
    operating = sections[sections["existing"].astype(bool)]
    found = [_with_sections(classes, operating.index)]
    for rows in (
        _with_sections(enrolment[enrolment["year"] == base_year] if len(enrolment) else enrolment, operating.index),
        _spread(operating),
    ):
        known = set(pd.concat(found)["section_id"])
        found.append(rows[~rows["section_id"].isin(known)])
    sums = pd.concat(found).groupby(["section_id", "stage", "grade"])["pupils"].sum()
    return sums.reset_index()


def _with_sections(rows: pd.DataFrame, known: pd.Index) -> pd.DataFrame:
    """Rows of school, stage and grade under their section ids; rows of other sections are left out."""
    if rows.empty:
        return pd.DataFrame(columns=list(_COLUMNS)).astype(_COLUMNS)
    named = pd.DataFrame(
        {
            "section_id": rows["school_id"].astype(str) + ":" + rows["stage"].astype(str),
            "stage": rows["stage"].astype(str),
            "grade": rows["grade"].astype(int),
            "pupils": rows["pupils"].astype(float),
        }
    )
    found: pd.DataFrame = named[named["section_id"].isin(known)].astype(_COLUMNS)
    return found


def _spread(sections: pd.DataFrame) -> pd.DataFrame:
    """Pupils of sections spread over their grades, the first grades taking what does not divide."""
    rows = [
        (section, str(stage), grade, float(pupils // count + (place < pupils % count)))
        for section, stage, first, count, pupils in zip(
            sections.index,
            sections["stage"],
            sections["grade_from"].astype(int),
            (sections["grade_to"] - sections["grade_from"] + 1).astype(int),
            sections["pupils"].astype(int),
            strict=True,
        )
        for place, grade in enumerate(range(first, first + count))
        if pupils > 0
    ]
    return pd.DataFrame(rows, columns=list(_COLUMNS)).astype(_COLUMNS)


def attribute_register(
    register: pd.DataFrame,
    origins: pd.DataFrame,
    sections: pd.DataFrame,
    catchments: pd.DataFrame,
    units: pd.Index,
    residents: FloatArray,
    stages: tuple[Stage, ...],
) -> dict[Stage, StageRegister]:
    """The register of every stage by unit.

    The pupils of a section and grade live where the origins table says (scaled to the register; pupils it does
    not tell of live outside the district and are carried by the same units), else in the catchment in proportion
    to the children of the grade's age, else in the whole district in that proportion.
    """
    operating = sections[sections["existing"].astype(bool)]
    told = _with_sections(origins, operating.index)
    told = told.assign(unit_id=origins["unit_id"].reindex(told.index).astype("str") if len(told) else "")
    return {
        stage: _attribute_stage(
            stage,
            operating[operating["stage"] == stage],
            register[register["stage"] == stage],
            told[told["stage"] == stage],
            catchments,
            units,
            residents,
        )
        for stage in stages
    }


def _attribute_stage(
    stage: Stage,
    sections: pd.DataFrame,
    register: pd.DataFrame,
    origins: pd.DataFrame,
    catchments: pd.DataFrame,
    units: pd.Index,
    residents: FloatArray,
) -> StageRegister:
    """The register of one stage by unit."""
    grades = grades_of(stage)
    pupils = _by_unit_and_grade(register.assign(unit_id=""), sections.index, pd.Index([""]), grades)[:, 0]
    listed = _by_unit_and_grade(origins, sections.index, units, grades)
    zoned = _zoned_shares(stage, sections.index, catchments, units)
    weights = living_weights(listed, zoned, residents[:, ages_of(stage)])
    return StageRegister(
        stage=stage,
        sections=tuple(sections.index),
        runs=_grades_run(sections, pupils, grades),
        pupils=pupils,
        by_unit=split_exactly(pupils, weights),
        zoned=zoned,
        listed=listed,
    )


def _by_unit_and_grade(rows: pd.DataFrame, sections: pd.Index, units: pd.Index, grades: range) -> FloatArray:
    """Pupils of a table by section, unit and grade; rows of other grades are left out."""
    pupils = np.zeros((len(sections), len(units), len(grades)))
    inside = rows[rows["grade"].isin(grades)]
    places = (
        sections.get_indexer(pd.Index(inside["section_id"])),
        units.get_indexer(pd.Index(inside["unit_id"])),
        inside["grade"].to_numpy(int) - grades[0],
    )
    np.add.at(pupils, places, inside["pupils"].to_numpy(float))
    return pupils


def _grades_run(sections: pd.DataFrame, pupils: FloatArray, grades: range) -> FloatArray:
    """1 where a section runs a grade or has pupils in it, shape (sections, grades)."""
    numbers = np.asarray(grades)
    first, last = (sections[column].to_numpy(int)[:, None] for column in ("grade_from", "grade_to"))
    return np.asarray(((first <= numbers) & (numbers <= last)) | (pupils > 0), dtype=np.float64)


def living_weights(listed: FloatArray, zoned: FloatArray, children: FloatArray) -> FloatArray:
    """Where the pupils of a section and grade live, as weights over units, shape (sections, units, grades).

    The first that is known: origins of the grade, of the section; children of the grade's age in the catchment,
    of the stage's ages there, its units alike; children of the age in the district, of the stage, units alike.
    """
    here = children[None]
    everybody = children.sum(axis=1)[None, :, None]
    candidates = (
        listed,
        listed.sum(axis=2, keepdims=True),
        zoned * here,
        zoned * everybody,
        zoned,
        here,
        everybody,
        np.ones((1, 1, 1)),
    )
    return first_usable(*(np.broadcast_to(weights, listed.shape) for weights in candidates))


def _zoned_shares(stage: Stage, sections: pd.Index, catchments: pd.DataFrame, units: pd.Index) -> FloatArray:
    """Share of a unit zoned to a section, by grade, shape (sections, units, grades)."""
    grades = grades_of(stage)
    zoned = np.zeros((len(sections), len(units), len(grades)))
    if catchments.empty:
        return zoned
    here = catchments[catchments["section_id"].isin(sections)]
    for band_id, rows in here.groupby("band"):
        band = band_of(str(band_id))
        section_places = sections.get_indexer(pd.Index(rows["section_id"]))
        unit_places = units.get_indexer(pd.Index(rows["unit_id"]))
        columns = slice(band.grade_from - grades[0], band.grade_to - grades[0] + 1)
        zoned[section_places, unit_places, columns] = rows["share"].to_numpy(float)[:, None]
    return zoned


def first_usable(*weights: FloatArray) -> FloatArray:
    """For every section and grade the first weights over units that are not all zero."""
    chosen = weights[-1]
    for candidate in reversed(weights[:-1]):
        chosen = np.where(candidate.sum(axis=1, keepdims=True) > 0, candidate, chosen)
    return chosen


def split_exactly(totals: FloatArray, weights: FloatArray) -> FloatArray:
    """Totals (sections, grades) split over units by weights (sections, units, grades), summing exactly.

    >>> parts = split_exactly(np.array([[10.0]]), np.array([[[1.0], [1.0], [1.0]]]))
    >>> float(parts.sum()), parts.round(3).ravel().tolist()
    (10.0, [3.333, 3.333, 3.333])
    """
    sums = weights.sum(axis=1, keepdims=True)
    shares = weights / np.where(sums > 0, sums, 1.0)
    parts = np.floor(totals[:, None, :] * shares * _PARTS) / _PARTS
    if weights.shape[1]:
        largest = shares.argmax(axis=1)[:, None, :]
        rest = totals[:, None, :] - parts.sum(axis=1, keepdims=True)
        np.put_along_axis(parts, largest, np.take_along_axis(parts, largest, axis=1) + rest, axis=1)
    return np.asarray(parts)


def total_register(registers: Mapping[Stage, StageRegister], units: int) -> FloatArray:
    """Register by unit and cell, the stages side by side, shape (units, cells)."""
    return np.concatenate([np.zeros((units, 0)), *(stage.by_cell for stage in registers.values())], axis=1)
