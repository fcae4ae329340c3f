"""Enrolment, classes and births of the year after the base year: read, and held against the district."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from simulator.errors import InputError, Problem
from simulator.inputs.contracts_all import CONTRACTS, contract_named
from simulator.inputs.contracts_check import check_cells
from simulator.inputs.district import District
from simulator.inputs.editing import is_workbook
from simulator.inputs.read_files import UnreadableError, read_csv_grid, read_workbook
from simulator.inputs.read_raw import RawTable, Source, table_from_grid
from simulator.inputs.read_report import broken_rows, row_problems
from simulator.inputs.read_values import convert, empty_frame
from simulator.language import translate as _
from simulator.terms import Stage, grade_label, label

Section = tuple[str, str]
"""School and stage."""
Grades = Mapping[Section, tuple[int, int]]
"""Section → first and last grade."""


@dataclass(frozen=True)
class NewFiles:
    """The files of a new year; classes may be missing."""

    enrolment: Path
    births: Path
    classes: Path | None = None


@dataclass(frozen=True)
class NextYear:
    """The tables of a new year, checked, with the columns of their contracts; `classes` is empty where not given."""

    year: int
    enrolment: pd.DataFrame
    classes: pd.DataFrame
    births: pd.DataFrame


def read_next_year(
    files: NewFiles, district: District, year: int, running: Grades, may_open: Grades, may_close: Collection[Section]
) -> NextYear:
    """Read the tables of a new year.

    Parameters
    ----------
    files
        CSV files, or workbooks with a sheet of that name (or a single sheet).
    district
        The district as it stands.
    year
        The new base year.
    running
        Sections that teach in the base year.
    may_open
        Sections that may have opened since; on a parcel the school bears the id of the parcel.
    may_close
        Sections that may have closed since, and then have no rows.

    Raises
    ------
    InputError
        Anything is wrong with any of the files; the error holds every problem found.
    """
    known = {**may_open, **running}
    enrolled, enrolment, problems = _read(files.enrolment, "enrolment")
    born, births, faults = _read(files.births, "births")
    problems += faults
    classes = empty_frame(CONTRACTS["classes"])
    if enrolled is not None:
        problems += _wrong_years(enrolled, enrolment, year)
        problems += _unknown_sections(enrolled, enrolment, known)
        problems += list(_missing(enrolled, enrolment, running, known, may_close))
    if born is not None:
        problems += [*_wrong_births(born, births, district, year), *_missing_births(born, births, district, year)]
    if files.classes is not None:
        listed, classes, faults = _read(files.classes, "classes")
        problems += faults
        if listed is not None:
            problems += _unknown_sections(listed, classes, known)
            problems += list(_differing_sums(listed, classes, enrolment)) if enrolled is not None else []
    if problems:
        raise InputError(_("新一年的数据有 {count} 处问题").format(count=len(problems)), problems)
    return NextYear(year, enrolment, classes, births)


def _read(path: Path, name: str) -> tuple[RawTable | None, pd.DataFrame, list[Problem]]:
    """One table of one file, with its faults; None where it cannot be read."""
    contract = CONTRACTS[name]
    empty = empty_frame(contract)
    try:
        if is_workbook(path):
            sheets = read_workbook(path)
            wanted = [sheet for sheet in sheets if contract_named(sheet) is contract] or list(sheets)
            if len(wanted) != 1:
                what = _("没有工作表“{table}”").format(table=_(contract.chinese))
                return None, empty, [Problem(path.name, what, _("给出这张工作表，或只留一张工作表"))]
            place = _("{file} 工作表“{sheet}”").format(file=path.name, sheet=wanted[0])
            source, grid = Source(path, place), sheets[wanted[0]]
        else:
            source, grid = Source(path, path.name), read_csv_grid(path)
    except UnreadableError as error:
        return None, empty, [error.problem]
    raw, problems = table_from_grid(contract, source, grid)
    if raw is None:
        return None, empty, problems
    if not len(raw.cells):
        return None, empty, [*problems, Problem(source.place, _("没有数据行"), _("在表头下填写数据"))]
    problems += check_cells(raw)
    return raw, convert(contract, raw.cells), problems


def _wrong_years(raw: RawTable, enrolment: pd.DataFrame, year: int) -> list[Problem]:
    """Rows of another school year than the one after the base year."""
    years = enrolment["year"]
    wrong = years.notna() & (years != year)
    return row_problems(
        raw,
        broken_rows(raw, wrong),
        ("year",),
        lambda row: _("学年是 {found}，应为 {year}").format(found=int(years[row]), year=year),
        _("只放基准年下一学年的数据；隔了几年的，一年一年地更新"),
    )


def _unknown_sections(raw: RawTable, rows: pd.DataFrame, known: Grades) -> list[Problem]:
    """Schools, stages and grades that the district does not have."""
    schools = {school for school, _stage in known}
    cells = {
        int(row): (str(school), str(stage), grade)
        for row, school, stage, grade in rows[["school_id", "stage", "grade"]].itertuples(name=None)
    }
    strange = [row for row, (school, _s, _g) in cells.items() if school and school not in schools]
    other = [
        row
        for row, (school, stage, _g) in cells.items()
        if school in schools and stage and (school, stage) not in known
    ]
    outside = [
        row
        for row, (school, stage, grade) in cells.items()
        if (school, stage) in known and not known[school, stage][0] <= grade <= known[school, stage][1]
    ]
    return [
        *row_problems(
            raw,
            strange,
            ("school_id",),
            lambda row: _("没有学校“{school}”，也没有到期启用的工程").format(school=cells[row][0]),
            _("改正编号；新学校先登记到“学校”“学部”或“建设项目”表"),
        ),
        *row_problems(
            raw,
            other,
            ("stage",),
            lambda row: _("“{school}”没有{stage}学部").format(school=cells[row][0], stage=_stage(cells[row][1])),
            _("改正学段，或先登记到“学部”或“建设项目”表"),
        ),
        *row_problems(
            raw,
            outside,
            ("grade",),
            lambda row: _("“{school}”的{stage}不办{grade}").format(
                school=cells[row][0], stage=_stage(cells[row][1]), grade=grade_label(int(cells[row][2]))
            ),
            _("改正年级，或“学部”表中的起止年级"),
        ),
    ]


def _missing(
    raw: RawTable, enrolment: pd.DataFrame, running: Grades, known: Grades, may_close: Collection[Section]
) -> Iterator[Problem]:
    """Running sections without a row, and grades without one."""
    listed: dict[Section, set[int]] = {}
    for school, stage, grade in enrolment[["school_id", "stage", "grade"]].dropna().itertuples(index=False):
        listed.setdefault((str(school), str(stage)), set()).add(int(grade))
    for section in running:
        if section not in listed and section not in may_close:
            what = _("缺少“{school}”的{stage}").format(school=section[0], stage=_stage(section[1]))
            yield Problem(raw.source.place, what, _("补上各年级人数；停办的先在“建设项目”表登记撤并，或写 0 人"))
    for section, grades in listed.items():
        first, last = known.get(section, (0, -1))
        absent = [grade for grade in range(first, last + 1) if grade not in grades]
        if absent:
            what = _("“{school}”的{stage}缺少{grades}").format(
                school=section[0], stage=_stage(section[1]), grades=_("、").join(map(grade_label, absent))
            )
            yield Problem(raw.source.place, what, _("补上这些年级，没有学生的写 0"))


def _wrong_births(raw: RawTable, births: pd.DataFrame, district: District, year: int) -> list[Problem]:
    """Births of unknown units, and of years that have not come."""
    units = set(district.units["unit_id"])
    ids, years = births["unit_id"], births["year"]
    last = max(year, _last_births(district) + 1)
    return [
        *row_problems(
            raw,
            broken_rows(raw, (ids != "") & ~ids.isin(units)),
            ("unit_id",),
            lambda row: _("没有单元“{unit}”").format(unit=ids[row]),
            _("改正编号；全县区合计的空着"),
        ),
        *row_problems(
            raw,
            broken_rows(raw, years.notna() & (years > last)),
            ("year",),
            lambda row: _("{year} 年还没有出生数据").format(year=int(years[row])),
            _("最晚写到 {last} 年").format(last=last),
        ),
    ]


def _missing_births(raw: RawTable, births: pd.DataFrame, district: District, year: int) -> list[Problem]:
    """Years between the births known before and the year before the new base year."""
    given = {int(found) for found in births["year"].dropna()}
    known = set(district.births["year"].astype(int))
    first = max(known, default=year - 2) + 1
    missing = [wanted for wanted in range(first, max([year - 1, *given]) + 1) if wanted not in given | known]
    if not missing:
        return []
    what = _("缺少 {years} 年的出生人口").format(years=_("、").join(map(str, missing)))
    return [Problem(raw.source.place, what, _("补到 {last} 年，中间不要隔年").format(last=max(missing)))]


def _last_births(district: District) -> int:
    return int(district.births["year"].max()) if len(district.births) else 0


def _differing_sums(raw: RawTable, classes: pd.DataFrame, enrolment: pd.DataFrame) -> Iterator[Problem]:
    """Grades of which classes and enrolment do not hold the same pupils."""
    key = ["school_id", "stage", "grade"]
    sums = {name: rows.groupby(key)["pupils"].sum() for name, rows in (("list", classes), ("told", enrolment))}
    both = pd.DataFrame(sums).fillna(0.0).reset_index()
    # Where no class of a section is listed, its classes are worked out.
    listed = {(school, stage) for school, stage, _grade in sums["list"].index}
    for school, stage, grade, in_list, told in both[[*key, "list", "told"]].itertuples(index=False):
        if (school, stage) in listed and in_list != told:
            what = _("“{school}”{stage}{grade}：各班合计 {classes} 人，在校生表 {told} 人").format(
                school=school,
                stage=_stage(str(stage)),
                grade=grade_label(int(grade)),
                classes=f"{in_list:.0f}",
                told=f"{told:.0f}",
            )
            yield Problem(raw.source.place, what, _("两表应一致"))


def _stage(stage: str) -> str:
    return label(Stage(stage))
