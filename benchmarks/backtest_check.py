"""The check of a backtest from the published file alone; nothing of the planner is imported."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

_SCHOOL, _YEAR, _PUPILS = ("school", "school_id"), ("year_fall", "year"), ("students", "pupils")
_FEW, _ROUNDING = 3, 0.5


def wrong_actuals(enrolment: Path, forecasts: pd.DataFrame) -> list[str]:
    """Counts that a backtest calls actual and that are not the sums of the file, and origins not before their years."""
    by_school: dict[tuple[str, int], float] = defaultdict(float)
    by_year: dict[int, float] = defaultdict(float)
    with enrolment.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        school, year, pupils = (_first(names, reader.fieldnames or []) for names in (_SCHOOL, _YEAR, _PUPILS))
        if not (school and year and pupils):
            return []
        for row in reader:
            by_school[row[school], int(row[year])] += float(row[pupils])
            by_year[int(row[year])] += float(row[pupils])
    faults = []
    if len(set(forecasts["stage"])) == 1:
        whole = forecasts[forecasts["part"] == "all"].drop_duplicates(["level", "school_id", "year"])
        for level, school_id, when, actual in zip(
            whole["level"], whole["school_id"], whole["year"].astype(int), whole["actual"], strict=True
        ):
            counted = by_school[school_id, when] if level == "school" else by_year[when]
            if abs(counted - actual) > _ROUNDING:
                faults.append(f"{level} {school_id} {when}: {actual:g} is not the count of the file, {counted:g}")
    late = forecasts[forecasts["origin"] + forecasts["horizon"] != forecasts["year"]]
    return [*faults[:_FEW], *([f"{len(late)} forecasts of another year than they say"] if len(late) else [])]


def _first(names: tuple[str, ...], present: Sequence[str]) -> str:
    """The first of some headers that a file has."""
    return next((name for name in names if name in present), "")
