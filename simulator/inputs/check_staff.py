"""Whether the table of teachers adds up: subjects against the row of all subjects, parts against the whole."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from simulator.errors import Problem
from simulator.inputs.contracts_all import CONTRACTS
from simulator.inputs.district import District
from simulator.language import translate as _
from simulator.terms import Stage, label

_PARTS = ("above_degree", "backbone", "pe_arts", "rotation_eligible", "retiring_5y", "retiring_10y")


def subjects_against_whole(district: District, _base_year: int) -> Iterator[Problem]:
    """Full-time teachers of the subjects and of the row of all subjects, by section."""
    teachers = district.teachers
    if teachers.empty:
        return
    told = teachers[teachers["full_time"].notna()]
    whole = told["subject"].fillna("") == ""
    section = ["school_id", "stage"]
    sums = told[~whole].groupby(section)["full_time"].sum()
    both = pd.DataFrame({"whole": told[whole].set_index(section)["full_time"], "subjects": sums}).dropna()
    apart = both[both["whole"] != both["subjects"]].reset_index()
    for school, stage, total, by_subject in apart.itertuples(index=False, name=None):
        what = _("专任教师合计 {whole:.0f} 人，各学科之和 {subjects:.0f} 人").format(whole=total, subjects=by_subject)
        yield Problem(_place(district, school, stage), what, _("余缺按各学科推算，优质均衡按合计"))


def parts_against_full_time(district: District, _base_year: int) -> Iterator[Problem]:
    """Teachers of a kind that are more than the full-time teachers of their row."""
    teachers = district.teachers
    for name in _PARTS if len(teachers) else ():
        more = teachers[
            teachers[name].notna() & teachers["full_time"].notna() & (teachers[name] > teachers["full_time"])
        ]
        for school, stage, count, all_of in more[["school_id", "stage", name, "full_time"]].itertuples(index=False):
            what = _("{part} {count:.0f} 人，多于专任教师 {all:.0f} 人").format(
                part=CONTRACTS["teachers"].column(name).chinese, count=count, all=all_of
            )
            yield Problem(_place(district, school, stage), what, _("核对人数"))


def _place(district: District, school: object, stage: object) -> str:
    """Table, file, school and stage to print."""
    file = next((source.path.name for source in district.sources if source.table == "teachers"), "")
    names = dict(zip(district.schools["school_id"], district.schools["name"], strict=True))
    named = f"{names.get(school, school)}（{school}） {label(Stage(str(stage)))}"
    title = CONTRACTS["teachers"].chinese
    return " ".join(part for part in (_(title), file, named) if part)


STAFF_CHECKS = (subjects_against_whole, parts_against_full_time)
"""Checks of the table of teachers."""
