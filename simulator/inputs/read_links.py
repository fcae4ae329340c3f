"""Checks across tables: ids that must stand elsewhere, parents, and classes of sections that exist."""

from __future__ import annotations

from difflib import get_close_matches

import pandas as pd

from simulator.errors import Problem
from simulator.inputs.age_groups import overlapping_ages
from simulator.inputs.contracts import Column
from simulator.inputs.contracts_all import CONTRACTS
from simulator.inputs.read_raw import RawTable
from simulator.inputs.read_report import broken_rows, row_problems
from simulator.inputs.read_values import SEPARATORS
from simulator.language import translate as _
from simulator.terms import Stage, grade_label, label

_NEAR = 0.5


def check_links(raws: dict[str, RawTable], frames: dict[str, pd.DataFrame]) -> list[Problem]:
    """Everything that is wrong between tables."""
    problems: list[Problem] = []
    for name, raw in raws.items():
        for column in raw.contract.cells:
            if column.refers and column.name in raw.headers:
                problems += _unknown_ids(raw, column, frames[name][column.name], frames)
    for name, keys in (("population", ["unit_id"]), ("residents", ["unit_id", "sex"])):
        if name in raws:
            problems += overlapping_ages(raws[name], frames[name], keys)
    if "control" in raws and "units" in frames:
        problems += _unknown_townships(raws["control"], frames["control"], frames["units"])
    if "schools" in raws:
        problems += _parents(raws["schools"], frames["schools"])
    if "sections" in raws and "classes" in raws:
        problems += _classes(raws["classes"], frames["classes"], frames["sections"])
    return problems


def _unknown_ids(raw: RawTable, column: Column, ids: pd.Series[str], frames: dict[str, pd.DataFrame]) -> list[Problem]:
    """Ids that stand in none of the tables they refer to; silent where such a table could not be read."""
    if any(CONTRACTS[table].required and table not in frames for table in column.refers):
        return []
    known = {value for table in column.refers if table in frames for value in frames[table].iloc[:, 0]}
    unknown = (ids != "") & ~ids.isin(known)
    if column.name == "parent":
        unknown &= ~ids.map(lambda written: _names_several(written, known)).astype(bool)
    tables = _("、").join(_(CONTRACTS[table].chinese) for table in column.refers)
    ordered = sorted(known)

    def remedy(row: int) -> str:
        near = get_close_matches(ids[row], ordered, 1, _NEAR)
        if near:
            return _("是否想写“{near}”？").format(near=near[0])
        return _("在“{table}”表中加上它，或改正编号").format(table=tables)

    return row_problems(
        raw,
        broken_rows(raw, unknown),
        (column.name,),
        lambda row: _("“{value}”不在“{table}”表中").format(value=ids[row], table=tables),
        remedy,
    )


def _unknown_townships(raw: RawTable, control: pd.DataFrame, units: pd.DataFrame) -> list[Problem]:
    """Control totals of townships that no unit lies in."""
    known = set(units["township"])
    unknown = (control["township"] != "") & ~control["township"].isin(known)
    return row_problems(
        raw,
        broken_rows(raw, unknown),
        ("township",),
        lambda row: _("没有单元属于“{value}”").format(value=control["township"][row]),
        _("按“单元”表中的乡镇街道名称填写，或空着表示全县区"),
    )


def _names_several(written: str, known: set[str]) -> bool:
    """Whether a cell lists more than one known id."""
    parts = [part for part in SEPARATORS.split(written) if part]
    return len(parts) > 1 and set(parts) <= known and written not in known


def _parents(raw: RawTable, schools: pd.DataFrame) -> list[Problem]:
    """Schools with several parents, in one cell or in several rows, and chains of parents that close."""
    numbers = [int(row) for row in schools.index]
    ids = dict(zip(numbers, schools["school_id"], strict=True))
    above = dict(zip(numbers, schools["parent"], strict=True))
    several: dict[str, list[str]] = {}
    for row, school in ids.items():
        named = several.setdefault(school, [])
        if above[row] and above[row] not in named:
            named.append(above[row])
    circles = _circles({ids[row]: above[row] for row in ids})
    known = set(ids.values())
    listed = [row for row in ids if _names_several(above[row], known)]
    repeated = schools["school_id"].duplicated()
    doubled = [row for row in ids if repeated[row] and len(several[ids[row]]) > 1]
    remedy = _("只写直接的主校一个编号")
    return [
        *row_problems(
            raw,
            listed,
            ("parent",),
            lambda row: _("有几个上级学校：{parents}").format(parents=above[row]),
            remedy,
        ),
        *row_problems(
            raw,
            doubled,
            ("parent",),
            lambda row: _("“{school}”有几个上级学校：{parents}").format(
                school=ids[row], parents=_("、").join(several[ids[row]])
            ),
            remedy,
        ),
        *row_problems(
            raw,
            [row for row in ids if ids[row] in circles],
            ("parent",),
            lambda row: _("上级学校成环：{chain}").format(chain=" → ".join(circles[ids[row]])),
            remedy,
        ),
    ]


def _circles(parents: dict[str, str]) -> dict[str, tuple[str, ...]]:
    """School → chain of parents that leads back to it, for chains of two or more."""
    circles = {}
    for school in parents:
        chain = [school]
        while (above := parents.get(chain[-1], "")) and above not in chain:
            chain.append(above)
        if above == school and len(chain) > 1:
            circles[school] = (*chain, school)
    return circles


def _classes(raw: RawTable, classes: pd.DataFrame, sections: pd.DataFrame) -> list[Problem]:
    """Classes of a section that is not listed, or in a grade that it does not run."""
    runs = {
        (school, stage): (first, last)
        for school, stage, first, last in sections[["school_id", "stage", "grade_from", "grade_to"]].itertuples(
            index=False, name=None
        )
    }
    rows = {
        int(row): (str(school), str(stage), float(grade))
        for row, school, stage, grade in classes[["school_id", "stage", "grade"]].itertuples(name=None)
    }
    with_sections = {school for school, _stage in runs}
    homeless = [
        row
        for row, (school, stage, _grade) in rows.items()
        if stage and school in with_sections and (school, stage) not in runs
    ]
    problems = row_problems(
        raw,
        homeless,
        ("school_id", "stage"),
        lambda row: _("“{school}”没有{stage}学部").format(school=rows[row][0], stage=label(Stage(rows[row][1]))),
        _("在“学部”表中加上它，或改正学段"),
    )
    return problems + _grades_not_run(raw, rows, runs)


def _grades_not_run(
    raw: RawTable,
    rows: dict[int, tuple[str, str, float]],
    runs: dict[tuple[str, str], tuple[float, float]],
) -> list[Problem]:
    """Classes in a grade outside the first and last grade of their section."""
    outside = [
        row
        for row, (school, stage, grade) in rows.items()
        if (school, stage) in runs and (grade < runs[school, stage][0] or grade > runs[school, stage][1])
    ]

    def what(row: int) -> str:
        school, stage, grade = rows[row]
        first, last = runs[school, stage]
        return _("“{school}”的{stage}只办{first}至{last}，没有{grade}").format(
            school=school,
            stage=label(Stage(stage)),
            first=grade_label(int(first)),
            last=grade_label(int(last)),
            grade=grade_label(int(grade)),
        )

    return row_problems(raw, outside, ("grade",), what, _("改正年级，或“学部”表中的起止年级"))
