"""在岗教师: what the table of teachers tells of every section, subject by subject, and who retires when."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

COUNTS = (
    *("staff", "full_time", "posts", "posted", "unposted", "above_degree", "backbone", "pe_arts"),
    *("rotation_eligible", "retiring_5y", "retiring_10y"),
)
SPAN = 5
"""Years of one column of retirements: within five years, and within ten."""


@dataclass(frozen=True)
class Stock:
    """Teachers of the base year.

    Parameters
    ----------
    sections
        Index `section_id`, columns :data:`COUNTS` summed over subjects (NaN where unknown) and `principal_since`.
    subjects
        section_id, subject (empty: not told), full_time, retiring_5y, retiring_10y: whole numbers. They add up to the
        full-time teachers of the section; sections whose teachers are unknown are left out.
    """

    sections: pd.DataFrame
    subjects: pd.DataFrame


def stock_of(teachers: pd.DataFrame) -> Stock:
    """Read the table of teachers: the row of all subjects tells the section, else the sum of its subjects.

    Parameters
    ----------
    teachers
        Table `teachers` of a district; may be empty.
    """
    rows = teachers.assign(
        section_id=teachers["school_id"].astype(str) + ":" + teachers["stage"].astype(str),
        subject=teachers["subject"].fillna("").astype(str),
        **{name: teachers[name].astype(float) if name in teachers else np.nan for name in (*COUNTS, "principal_since")},
    )
    whole = rows["subject"] == ""
    told = rows[whole | ~rows["section_id"].isin(rows.loc[whole, "section_id"])]
    sections = told.groupby("section_id")[[*COUNTS]].sum(min_count=1)
    sections["principal_since"] = rows.groupby("section_id")["principal_since"].max()
    by_subject = rows[~whole & rows["full_time"].notna()]
    rest = rows[whole & rows["full_time"].notna() & ~rows["section_id"].isin(by_subject["section_id"])]
    parts = pd.concat([by_subject, rest], ignore_index=True)
    columns = ["full_time", "retiring_5y", "retiring_10y"]
    counted = parts[columns].fillna(0).astype(np.int64)
    counted["retiring_10y"] = counted[["retiring_5y", "retiring_10y"]].max(axis=1)
    return Stock(sections, parts[["section_id", "subject"]].assign(**counted))


def retired_by(within_5: IntArray, within_10: IntArray, held: IntArray, years: int) -> IntArray:
    r"""Teachers retired after each year, shape (places, years + 1), none at the start.

    Those of five years retire evenly in years 1–5, the others of ten years in years 6–10, later ones at the rate of
    years 6–10. Places round in turns, :math:`\lfloor c + u \rfloor` with offsets :math:`u` spread evenly over [0, 1), so
    that single retirements of many places do not fall in one year; after five and ten years the numbers are exact.

    Examples
    --------
    >>> retired_by(np.array([5, 1]), np.array([5, 1]), np.array([9, 9]), 6).tolist()
    [[0, 1, 2, 3, 4, 5, 5], [0, 0, 1, 1, 1, 1, 1]]
    """
    after = np.arange(years + 1, dtype=np.float64)
    early, late = within_5[:, None] / SPAN, (within_10 - within_5)[:, None] / SPAN
    smooth = early * np.minimum(after, SPAN) + late * np.maximum(after - SPAN, 0.0)
    golden = (np.sqrt(5) - 1) / 2
    offset = ((np.arange(len(held)) * golden) % 1.0)[:, None]
    whole = np.floor(np.round(smooth + offset, 9)).astype(np.int64)
    return np.asarray(np.minimum(whole, held[:, None]))
