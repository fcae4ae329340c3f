"""The class list of the new year, where it is not given: last year's classes a grade on."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from simulator.operation.rounding import round_to_total
from simulator.prepared import Prepared

_KEY = ["school_id", "stage", "grade"]


def rolled_classes(prepared: Prepared, enrolment: pd.DataFrame, given: pd.DataFrame) -> pd.DataFrame:
    """Classes of the new year: as given, the other sections' worked out.

    A class moves up a grade with the others of its grade; the pupils of the grade are split over its classes as they
    were, in whole pupils. A grade without classes of the year before (the first, or all of a new section) has as many
    standard classes as it needs.

    Parameters
    ----------
    prepared
        The district of the base year.
    enrolment
        school_id, stage, grade, pupils of the new year.
    given
        The class list of the new year, maybe empty.

    Returns
    -------
    DataFrame
        school_id, stage, grade, class_no, pupils; empty where the district keeps no class list and none is given.
    """
    before = prepared.district.classes
    columns = [*_KEY, "class_no", "pupils"]
    if not len(before) and not len(given):
        return pd.DataFrame(columns=columns)
    sizes = dict(prepared.supply.sections["class_size"])
    stated = set(zip(given["school_id"], given["stage"], strict=True))
    grades = before[_KEY].drop_duplicates().itertuples(index=False)
    grouped = before.groupby(_KEY)
    kept = {
        (str(school), str(stage), int(grade)): grouped.get_group((school, stage, grade))
        for school, stage, grade in grades
    }
    rows: list[tuple[str, str, int, str, int]] = []
    for school, stage, grade, pupils in enrolment[[*_KEY, "pupils"]].itertuples(index=False):
        if (school, stage) not in stated and pupils > 0:
            split = _split(kept, sizes, (str(school), str(stage), int(grade)), int(pupils))
            rows += [(str(school), str(stage), int(grade), number, count) for number, count in split]
    worked_out = pd.DataFrame(rows, columns=columns)
    return pd.concat([given[columns], worked_out], ignore_index=True) if len(given) else worked_out


def _split(
    kept: Mapping[tuple[str, str, int], pd.DataFrame],
    sizes: Mapping[str, float],
    where: tuple[str, str, int],
    pupils: int,
) -> list[tuple[str, int]]:
    """(class number, pupils) of a grade: over the classes of the grade below a year ago, else over new ones."""
    school, stage, grade = where
    earlier = kept.get((school, stage, grade - 1))
    if earlier is None or not len(earlier):
        count = max(1, int(np.ceil(pupils / sizes[f"{school}:{stage}"])))
        numbers, weights = [str(number) for number in range(1, count + 1)], np.ones(count)
    else:
        numbers = [str(number) for number in earlier["class_no"]]
        weights = np.maximum(earlier["pupils"].to_numpy(np.float64), 1.0)
    exact = pupils * weights / weights.sum()
    return list(zip(numbers, (int(count) for count in round_to_total(exact)), strict=True))
