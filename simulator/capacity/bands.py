"""Grade bands: grades of a stage that every section runs either entirely or not at all."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from simulator.terms import STAGE_GRADES, Band, Stage


def split_stage(stage: Stage, runs: Iterable[tuple[int, int]]) -> tuple[Band, ...]:
    """Bands of a stage whose sections run the given grades.

    A stage is cut after every grade at which a section ends early and before every grade at which one
    starts late; cuts outside the stage are ignored.

    >>> [band.band_id for band in split_stage(Stage.PRIMARY, [(1, 6), (1, 3)])]
    ['primary_1_3', 'primary_4_6']
    >>> [band.band_id for band in split_stage(Stage.PRIMARY, [(1, 6)])]
    ['primary']
    """
    first, last = STAGE_GRADES[stage]
    ends = {last}
    for grade_from, grade_to in runs:
        ends |= {end for end in (grade_from - 1, grade_to) if first <= end < last}
    starts = [first, *(end + 1 for end in sorted(ends)[:-1])]
    return tuple(Band(stage, start, end) for start, end in zip(starts, sorted(ends), strict=True))


def split_bands(sections: pd.DataFrame) -> tuple[Band, ...]:
    """Bands of all stages that have a section, in order of stage and grade."""
    return tuple(
        band
        for stage in Stage
        for runs in [sections.loc[sections["stage"] == stage, ["grade_from", "grade_to"]]]
        if len(runs)
        for band in split_stage(stage, runs.astype(int).itertuples(index=False, name=None))
    )
