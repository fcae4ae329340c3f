"""Grades, the stages that they belong to, and the bands that a stage is planned in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from simulator.language import translate
from simulator.terms.labels import KINDERGARTEN_GRADES, label
from simulator.terms.vocabulary import Regime, Stage

# A grade is the age at 31 August less five, so kindergarten is −2, −1, 0 and senior school 10–12.
AGE_OF_GRADE = 5


def grade_label(grade: int) -> str:
    """The word of a grade in the output language.

    >>> grade_label(-2), grade_label(7)
    ('小班', '7年级')
    """
    if grade in KINDERGARTEN_GRADES:
        return translate(KINDERGARTEN_GRADES[grade])
    return translate("{grade}年级").format(grade=grade)


def grade_spellings() -> dict[str, int]:
    """Every accepted spelling of a grade → its number (托班 is not planned for)."""
    return {word: grade for grade, word in KINDERGARTEN_GRADES.items()} | {str(grade): grade for grade in range(-2, 13)}


class System(StrEnum):
    """学制: years of primary and of junior school."""

    SIX_THREE = "6-3"
    FIVE_FOUR = "5-4"


def _grades(last_primary: int) -> dict[Stage, tuple[int, int]]:
    """First and last grade of every stage where primary school ends with a grade."""
    return {
        Stage.KINDERGARTEN: (-2, 0),
        Stage.PRIMARY: (1, last_primary),
        Stage.JUNIOR: (last_primary + 1, 9),
        Stage.SENIOR: (10, 12),
        Stage.VOCATIONAL: (10, 12),
        Stage.SPECIAL: (1, 9),
    }


_GRADES = {System.SIX_THREE: _grades(6), System.FIVE_FOUR: _grades(5)}


class StageGrades(Mapping[Stage, tuple[int, int]]):
    """First and last grade of every stage, both included, in the system of schooling in use.

    Ages follow from grades, so nothing but the grade at which primary school ends differs between the systems.
    """

    def __init__(self) -> None:
        self.system = System.SIX_THREE

    def __getitem__(self, stage: Stage) -> tuple[int, int]:
        """First and last grade of a stage."""
        return _GRADES[self.system][stage]

    def __iter__(self) -> Iterator[Stage]:
        """The stages from kindergarten up."""
        return iter(Stage)

    def __len__(self) -> int:
        """How many stages there are."""
        return len(Stage)


STAGE_GRADES = StageGrades()
"""First and last grade of a stage, both included."""


def use_system(system: System) -> None:
    """Take the stages of a system of schooling from here on, in all threads of this process."""
    STAGE_GRADES.system = system


def current_system() -> System:
    """The system of schooling in use."""
    return STAGE_GRADES.system


COMPULSORY = (Stage.PRIMARY, Stage.JUNIOR)
WHOLE_UNIT_REGIMES = (Regime.CATCHMENT, Regime.SHARED_CATCHMENT, Regime.FEEDER)


@dataclass(frozen=True, order=True)
class Band:
    """年级段: grades of one stage that every section either runs entirely or not at all."""

    stage: Stage
    grade_from: int
    grade_to: int

    @property
    def band_id(self) -> str:
        """`primary` for a whole stage, `primary_1_3` for a part of it."""
        if (self.grade_from, self.grade_to) == STAGE_GRADES[self.stage]:
            return self.stage.value
        return f"{self.stage.value}_{self.grade_from}_{self.grade_to}"

    @property
    def grades(self) -> range:
        """The grades of the band."""
        return range(self.grade_from, self.grade_to + 1)

    @property
    def title(self) -> str:
        """The word of the band in the output language."""
        if self.band_id == self.stage.value:
            return label(self.stage)
        return translate("{stage}{first}—{last}年级").format(
            stage=label(self.stage), first=self.grade_from, last=self.grade_to
        )


def band_of(band_id: str) -> Band:
    """The band that an id names.

    >>> band_of("primary_1_3")
    Band(stage=<Stage.PRIMARY: 'primary'>, grade_from=1, grade_to=3)
    >>> band_of("junior").grades
    range(7, 10)
    """
    if band_id in set(Stage):
        stage = Stage(band_id)
        return Band(stage, *STAGE_GRADES[stage])
    stage_word, first, last = band_id.rsplit("_", 2)
    return Band(Stage(stage_word), int(first), int(last))
