"""Enrolment, births and population of past years, from a district or from one bare table of any office."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from simulator.errors import InputError, Problem
from simulator.inputs.contracts import Contract, amount, code, count, word, words_of, year
from simulator.inputs.contracts_all import contract_named
from simulator.inputs.contracts_check import check_cells
from simulator.inputs.contracts_declaration import WORKBOOK_FILE
from simulator.inputs.contracts_people import GRADE
from simulator.inputs.read_files import Grid, UnreadableError, read_csv_grid, read_workbook
from simulator.inputs.read_raw import HEADER_SEARCH_ROWS, RawTable, Source, match_header, table_from_grid
from simulator.inputs.read_sources import WORKBOOK_SUFFIXES
from simulator.inputs.read_values import convert, empty_frame, plain
from simulator.language import plural
from simulator.language import translate as _
from simulator.terms import Stage

ENROLMENT = Contract(
    "enrolment",
    "在校生",
    "一所学校（一个学段）一个年级一学年的在校生",
    (
        code("school_id", "学校编号"),
        word("stage", "学段", words_of(Stage), empty="各年级合为一段"),
        GRADE,
        year("year", "学年"),
        count("pupils", "在校生", "人", required=True),
    ),
    key=("school_id", "stage", "grade", "year"),
    required=True,
)
BIRTHS = Contract(
    "births",
    "出生人口",
    "全县区或一个单元一年的出生人口",
    (
        code("unit_id", "单元编号", required=False, empty="全县区合计"),
        year("year", "年份"),
        amount("births", "出生人口", "人", required=True),
    ),
    key=("unit_id", "year"),
    required=True,
)
HEADS = Contract(
    "heads",
    "历年人口",
    "全县区一年的常住人口和户数",
    (
        year("year", "年份"),
        amount("residents", "常住人口", "人", empty="未知"),
        amount("dwellings", "户数", "户", empty="未知"),
    ),
    key=("year",),
    required=True,
)
_ALIASES = {
    "school_id": ("school", "学校", "学校名称", "学校代码", "学校标识码", "school_name"),
    "pupils": ("students", "学生数", "学生人数", "人数", "在校生数", "在校学生数", "enrolment", "enrollment"),
    "year": ("year_fall", "fall", "学年度", "年度", "年份", "学年", "school_year"),
    "births": ("出生数", "出生人数", "出生", "birth"),
    "residents": ("population", "人口", "总人口"),
    "dwellings": ("households", "住宅户数", "住房套数"),
}
"""Column → further headers that offices use."""
_GRADES = {"k": "0", "kg": "0", "kindergarten": "0", "pk": "-1"}
_SCHOOL_YEAR = re.compile(r"(\d{4})\s*[-–—/~至]\s*\d{2,4}(学年)?|(\d{4})学年")


@dataclass(frozen=True)
class PastTables:
    """What is known of past years.

    Parameters
    ----------
    name
        Of the file or folder.
    enrolment, births, heads
        Tables with the columns of :data:`ENROLMENT`, :data:`BIRTHS`, :data:`HEADS`; the last two may be empty.
        `enrolment` has no column `stage` where the table does not tell stages apart.
    files
        The files that were read.
    """

    name: str
    enrolment: pd.DataFrame
    births: pd.DataFrame
    heads: pd.DataFrame
    files: tuple[Path, ...]


def read_past(path: Path, births: Path | None = None, heads: Path | None = None) -> PastTables:
    """Read enrolment of past years, with births and population where they are given.

    Parameters
    ----------
    path
        A district (folder or workbook), or a CSV file or workbook with one table of enrolment.
    births
        File of births; without it the table `births` of the district is taken, if it is there.
    heads
        File of population and dwellings by year.

    Raises
    ------
    InputError
        Anything is wrong with any of the tables; the error holds every problem found.
    """
    problems: list[Problem] = []
    found: dict[str, RawTable] = {}
    for contract, file in ((ENROLMENT, path), (BIRTHS, births), (HEADS, heads)):
        if file is None:
            continue
        try:
            raw, wrong = _table(contract, _grids(Path(file)), Path(file))
        except UnreadableError as error:
            raw, wrong = None, [error.problem]
        problems += wrong
        if raw is not None:
            found[contract.name] = raw
            problems += [*check_cells(raw), *_half_staged(raw)]
    if births is None and path.exists() and not problems:
        raw, wrong = _own_births(Path(path))
        problems += wrong
        found |= {"births": raw} if raw is not None else {}
    if problems:
        raise InputError(
            plural("{path}：有 {count} 处问题", len(problems)).format(path=path, count=len(problems)), problems
        )
    tables = {
        contract.name: convert(contract, found[contract.name].cells)
        if contract.name in found
        else empty_frame(contract)
        for contract in (ENROLMENT, BIRTHS, HEADS)
    }
    enrolment = tables["enrolment"]
    files = tuple(dict.fromkeys(raw.source.path for raw in found.values()))
    staged = enrolment if (enrolment["stage"] != "").any() else enrolment.drop(columns="stage")
    return PastTables(path.stem, staged, tables["births"], tables["heads"], files)


def _grids(path: Path) -> list[tuple[str, Source, Grid]]:
    """Name, place and rows of every table of a file or folder."""
    if path.is_dir():
        files = [path / WORKBOOK_FILE] if (path / WORKBOOK_FILE).exists() else []
        return [grid for file in (*files, *sorted(path.glob("*.csv"))) for grid in _grids(file)]
    if path.suffix.lower() in WORKBOOK_SUFFIXES:
        place = _("{file} 工作表“{sheet}”")
        return [
            (name, Source(path, place.format(file=path.name, sheet=name)), grid)
            for name, grid in read_workbook(path).items()
        ]
    if path.suffix.lower() != ".csv":
        what = _("不是 CSV 文件、Excel 工作簿或文件夹") if path.exists() else _("没有这个文件或文件夹")
        raise UnreadableError(Problem(str(path), what, _("写明在校生表的位置")))
    return [(path.stem, Source(path, path.name), read_csv_grid(path))]


def _table(
    contract: Contract, grids: Sequence[tuple[str, Source, Grid]], path: Path
) -> tuple[RawTable | None, list[Problem]]:
    """The table of a contract: the one of that name, else the first one where the file is no district."""
    named = [grid for grid in grids if _is_named(contract, grid[0])]
    chosen = named or ([] if path.is_dir() else list(grids[:1]))
    if not chosen:
        what = _("没有“{table}”表").format(table=_(contract.chinese))
        return None, [Problem(str(path), what, _("加上 {name}.csv").format(name=contract.name))]
    _name, source, grid = chosen[0]
    raw, problems = table_from_grid(contract, source, _usual_headers(contract, grid))
    return (replace(raw, cells=_usual_cells(raw.cells)) if raw is not None else None), problems


def _is_named(contract: Contract, name: str) -> bool:
    """Whether a sheet or file bears the name of a table."""
    known = contract_named(name)
    return known.name == contract.name if known else name.strip().lower() in {contract.name, contract.chinese}


def _own_births(path: Path) -> tuple[RawTable | None, list[Problem]]:
    """The births of a district, if it has some."""
    named = [grid for grid in _grids(path) if _is_named(BIRTHS, grid[0]) and len(grid[2]) > 1]
    if not named or (path.is_file() and len(_grids(path)) == 1):
        return None, []
    raw, problems = _table(BIRTHS, named, path)
    return raw, problems if raw is None else [*problems, *check_cells(raw)]


def _usual_headers(contract: Contract, grid: Grid) -> Grid:
    """The rows with headers that offices use replaced by the contract's own."""
    return [list(_renamed(contract, row)) if place < HEADER_SEARCH_ROWS else row for place, row in enumerate(grid)]


def _renamed(contract: Contract, row: Sequence[str]) -> Iterator[str]:
    """A header row; a column that is already there under its own name takes no other."""
    taken = {column.name for text in row if text and (column := match_header(contract, text)[0])}
    wanted: Mapping[str, str] = {
        alias: name for name in contract.names if name not in taken for alias in _ALIASES.get(name, ())
    }
    for text in row:
        name = wanted.get(re.sub(r"\s+", "_", plain(text).lower()), "")
        yield name if name and name not in taken else text
        taken |= {name} if name else set()


def _usual_cells(cells: pd.DataFrame) -> pd.DataFrame:
    """Cells with other spellings of grades and school years replaced."""
    changed = cells.copy()
    if "grade" in changed:
        changed["grade"] = [_GRADES.get(text.strip().lower(), text) for text in changed["grade"]]
    if "year" in changed:
        changed["year"] = [_first_year(text) for text in changed["year"]]
    return changed


def _first_year(text: str) -> str:
    """The year in which a school year starts.

    >>> _first_year("2025—2026学年"), _first_year("2025-26"), _first_year("2025")
    ('2025', '2025', '2025')
    """
    found = _SCHOOL_YEAR.fullmatch(plain(text))
    return (found[1] or found[3]) if found else text


def _half_staged(raw: RawTable) -> list[Problem]:
    """A table that names the stage of some rows only."""
    if "stage" not in raw.cells:
        return []
    empty = raw.cells.index[raw.cells["stage"] == ""]
    if len(empty) in {0, len(raw.cells)}:
        return []
    what = plural("有 {count} 行没有填学段，其余行填了", len(empty)).format(count=len(empty))
    return [Problem(raw.where(int(empty[0]), "stage"), what, _("每行都填，或整列留空"))]
