"""Ready descriptions: a small district for tests, larger ones for benchmarks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from simulator.inputs.synthetic.apportion import apportion
from simulator.inputs.synthetic.invention import ANYWHERE, POINTS, Invention, Plot, Roll, SchoolGroup, Work
from simulator.terms import STAGE_GRADES, AreaKind, Nature, SectionKind, Stage

_PRIMARIES = (SectionKind.COMPLETE_PRIMARY, SectionKind.TEACHING_POINT, SectionKind.NINE_YEAR)
_JUNIORS = (SectionKind.NINE_YEAR, SectionKind.JUNIOR_SCHOOL)


def small_district(seed: int = 1, units: int = 16) -> Invention:
    """A town with its villages for quick tests: 12–20 units, seven schools of five kinds.

    Parameters
    ----------
    seed
        Seed.
    units
        Number of units.
    """
    ages = tuple(round(units * 9 * (1 - 0.012 * abs(age - 4))) for age in range(18))
    spec = Invention(
        seed=seed,
        name="小样区",
        base_year=2025,
        units=units,
        townships=("样心街道", "样北镇"),
        streets=1,
        ages=ages,
        schools=(
            SchoolGroup(SectionKind.NINE_YEAR, 1),
            SchoolGroup(SectionKind.COMPLETE_PRIMARY, 1),
            SchoolGroup(SectionKind.TEACHING_POINT, 1, where=(AreaKind.VILLAGE,), grade_to=3),
            SchoolGroup(SectionKind.JUNIOR_SCHOOL, 1),
            SchoolGroup(SectionKind.KINDERGARTEN, 2),
            SchoolGroup(SectionKind.SENIOR_SCHOOL, 1, decided_here=False),
        ),
        rolls=(),
        city_share=0.5,
        town_share=0.2,
        extent_km=(7.0, 5.0),
        births={year: round(ages[0] * (1 + 0.03 * (2025 - year))) for year in range(2020, 2026)},
        new_quarter_units=2,
        plots=(Plot((Stage.PRIMARY, Stage.JUNIOR), 32_000, 2026),),
        housing_projects=2,
    )
    return replace(spec, rolls=_rolls(spec))


def benchmark_district(units: int, schools: int, seed: int = 1) -> Invention:
    """A county of any size for benchmarks, with schools of every stage in natural proportions.

    Parameters
    ----------
    units
        Number of units, at least 40.
    schools
        Number of primary and junior schools together, points not counted.
    seed
        Seed.
    """
    streets, towns = max(units // 60, 1), max(units // 45, 1)
    ages = tuple(round(units * 22 * (1 - 0.012 * abs(age - 6))) for age in range(18))
    spec = Invention(
        seed=seed,
        name="基准县",
        base_year=2025,
        units=units,
        townships=tuple(f"样{number + 1}街道" for number in range(streets))
        + tuple(f"样{number + 1}镇" for number in range(towns)),
        streets=streets,
        ages=ages,
        schools=_county_schools(schools),
        rolls=(),
        city_share=0.45,
        town_share=0.2,
        extent_km=(0.9 * units**0.5, 0.75 * units**0.5),
        births={year: round(ages[0] * (1 + 0.03 * (2025 - year))) for year in range(2020, 2026)},
        new_quarter_units=max(units // 16, 1),
        plots=tuple(
            Plot((Stage.PRIMARY, Stage.JUNIOR) if number % 2 else (Stage.PRIMARY,), 38_000, 2026 + number % 4)
            for number in range(max(schools // 10, 1))
        ),
        works=(Work(Stage.PRIMARY, "extension", 6, 270, 2027, 1900, "committed"),),
        housing_projects=max(units // 25, 1),
    )
    return replace(spec, rolls=_rolls(spec))


def _county_schools(schools: int) -> tuple[SchoolGroup, ...]:
    """Schools of every stage in natural proportions."""
    junior, nine = max(schools // 4, 1), max(schools // 12, 1)
    private = max(schools // 2, 1)
    return (
        SchoolGroup(SectionKind.NINE_YEAR, nine, where=ANYWHERE),
        SchoolGroup(SectionKind.COMPLETE_PRIMARY, max(schools - junior - nine, 1), where=ANYWHERE),
        SchoolGroup(SectionKind.TEACHING_POINT, max(schools // 10, 1), where=(AreaKind.VILLAGE,), grade_to=3),
        SchoolGroup(SectionKind.JUNIOR_SCHOOL, junior, where=ANYWHERE),
        SchoolGroup(SectionKind.KINDERGARTEN, schools, where=ANYWHERE),
        SchoolGroup(SectionKind.KINDERGARTEN, private, nature=Nature.INCLUSIVE_PRIVATE, decided_here=False),
        SchoolGroup(SectionKind.SENIOR_SCHOOL, max(schools // 20, 1), decided_here=False),
    )


def _rolls(spec: Invention) -> tuple[Roll, ...]:
    """Registers near the ages of the residents, in classes of ordinary size."""
    primary, junior = spec.residents(range(1, 7)), spec.residents(range(7, 10))
    kindergarten = round(0.93 * spec.residents(range(-2, 1)))
    senior = round(0.6 * spec.residents(range(10, 13)))
    plan = (
        (Stage.KINDERGARTEN, (SectionKind.KINDERGARTEN,), kindergarten, 23),
        (Stage.PRIMARY, _PRIMARIES, primary, 42),
        (Stage.JUNIOR, _JUNIORS, junior, 45),
        (Stage.SENIOR, (SectionKind.SENIOR_SCHOOL,), senior, 48),
    )
    return tuple(
        Roll(stage, kinds, pupils, _classes(spec, stage, kinds, pupils, size), largest=35 if size < 30 else 55)
        for stage, kinds, pupils, size in plan
    )


def _classes(spec: Invention, stage: Stage, kinds: tuple[SectionKind, ...], pupils: int, size: int) -> int:
    """Classes of a size for every grade, at least one a school, and one a grade of each point."""
    points = sum(3 * group.count for group in spec.schools if group.kind in kinds and group.kind in POINTS)
    schools = sum(group.count for group in spec.schools if group.kind in kinds and group.kind not in POINTS)
    first, last = STAGE_GRADES[stage]
    by_grade = apportion(pupils, np.array([float(age) for age in spec.ages[first + 5 : last + 6]]))
    return points + sum(max(-(-int(grade) // size), schools) for grade in by_grade)
