"""Grades, the stages that they belong to, and the bands that a stage is planned in."""

from __future__ import annotations

from dataclasses import dataclass

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


STAGE_GRADES: dict[Stage, tuple[int, int]] = {
    Stage.KINDERGARTEN: (-2, 0),
    Stage.PRIMARY: (1, 6),
    Stage.JUNIOR: (7, 9),
    Stage.SENIOR: (10, 12),
    Stage.VOCATIONAL: (10, 12),
    Stage.SPECIAL: (1, 9),
}
"""First and last grade of a stage in the 6·3 system, both included."""

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
