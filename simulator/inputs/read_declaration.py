"""`district.toml`, or the sheet 说明 of a workbook: name, CRS, source and the year of every table."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from simulator.errors import Problem
from simulator.inputs.contracts_all import CONTRACTS, contract_named
from simulator.inputs.contracts_declaration import DECLARATION_KEYS
from simulator.inputs.read_files import UnreadableError, decode, read_bytes
from simulator.inputs.read_values import parse_flag, parse_number
from simulator.language import translate as _

_TOML_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)")
_YEARS = range(1950, 2101)


@dataclass(frozen=True)
class Declaration:
    """What a district says about itself.

    Parameters
    ----------
    name, title
        Short name, and the title printed on outputs.
    invented
        Whether the geography is invented: outputs then bear the mark of a demonstration.
    crs
        CRS of x and y and of layers that state none; empty if not declared.
    licence, source
        Licence and source of the data.
    as_of
        Year that the tables describe, by table; the year of the others is `as_of[""]`.
    """

    name: str
    title: str
    invented: bool
    crs: str
    licence: str
    source: str
    as_of: Mapping[str, int]

    def year_of(self, table: str) -> int:
        """The year that a table describes."""
        return self.as_of.get(table, self.as_of.get("", 0))


def read_declaration_file(path: Path) -> tuple[Declaration, list[Problem]]:
    """The declaration of a folder."""
    if not path.exists():
        what = _("缺少文件：须有 name、crs、as_of 等说明")
        return declare({}, path.name)[0], [Problem(path.name, what, _("参照 `new` 生成的模板新建"))]
    try:
        values = tomllib.loads(decode(read_bytes(path), path.name))
    except UnreadableError as error:
        return declare({}, path.name)[0], [error.problem]
    except tomllib.TOMLDecodeError as error:
        found = _TOML_PLACE.search(str(error))
        line, column = found.groups() if found else ("?", "?")
        what = _("第{line}行第{column}格起不是有效的 TOML").format(line=line, column=column)
        return declare({}, path.name)[0], [Problem(path.name, what, _("文字须加英文引号，每行一个“键 = 值”"))]
    return declare(values, path.name)


def read_declaration_sheet(grid: Sequence[Sequence[str]], place: str) -> tuple[Declaration, list[Problem]]:
    """The declaration of a workbook: keys in the first column, values in the second.

    Rows whose first cell is not a key, such as titles and notes, are passed over.
    """
    values: dict[str, object] = {}
    years: dict[str, object] = {}
    for row in grid:
        key, value = ([*row, "", ""])[:2]
        name, dot, table = key.strip().partition(".")
        known = _key_named(name)
        if known is None or not value.strip():
            continue
        if known == "as_of":
            years[table if dot else "default"] = _whole_or_text(value)
        elif known == "invented":
            answer = parse_flag(value)
            values[known] = value if answer is None else answer
        else:
            values[known] = value.strip()
    return declare(values | ({"as_of": years} if years else {}), place)


def _whole_or_text(value: str) -> object:
    number = parse_number(value.strip().removesuffix("年"))
    return int(number) if number is not None and number.is_integer() else value


def _key_named(word: str) -> str | None:
    """The key under its English or Chinese name."""
    wanted = word.strip().lower()
    return next((key for key, chinese in DECLARATION_KEYS.items() if wanted in {key, chinese}), None)


def declare(values: Mapping[str, object], place: str) -> tuple[Declaration, list[Problem]]:
    """A declaration from plain values, with everything that is wrong with them.

    Examples
    --------
    >>> declare({"name": "甲区", "as_of": 2025}, "district.toml")[0].year_of("units")
    2025
    """
    problems: list[Problem] = []
    known: dict[str, object] = {}
    for key, value in values.items():
        name = _key_named(key)
        if name is None:
            near = get_close_matches(key, DECLARATION_KEYS, 1)
            guess = _("是否想写 {near}？").format(near=near[0]) if near else _("删去它")
            problems.append(Problem(place, _("不认识的键 {key}").format(key=key), guess))
        elif name == "invented" and not isinstance(value, bool):
            what = _("invented = {value}：须为 true 或 false").format(value=value)
            problems.append(Problem(place, what))
        elif name not in {"invented", "as_of"} and not isinstance(value, str):
            what = _("{key} = {value}：须为加引号的文字").format(key=key, value=value)
            problems.append(Problem(place, what))
        else:
            known[name] = value
    if values and not known.get("name"):
        problems.append(Problem(place, _("缺少 name（名称）"), _('例如 name = "甲区"')))
    as_of, wrong_years = _years(known.get("as_of"), place)
    text = {key: str(known.get(key, "")) for key in ("name", "title", "crs", "licence", "source")}
    declaration = Declaration(
        name=text["name"],
        title=text["title"] or text["name"],
        invented=bool(known.get("invented", False)),
        crs=text["crs"],
        licence=text["licence"],
        source=text["source"],
        as_of=as_of,
    )
    return declaration, problems + (wrong_years if values else [])


def _years(value: object, place: str) -> tuple[dict[str, int], list[Problem]]:
    """Year by table, from one year for all or a year a table with an optional default."""
    if value is None:
        what = _("缺少 as_of（数据年份）")
        return {}, [Problem(place, what, _("例如 as_of = 2025；各表不同时见表格说明"))]
    entries = value if isinstance(value, Mapping) else {"default": value}
    years: dict[str, int] = {}
    problems = []
    for table, year in entries.items():
        contract = contract_named(str(table))
        if contract is None and table not in {"default", "默认"}:
            near = get_close_matches(str(table), CONTRACTS, 1)
            guess = _("是否想写 {near}？").format(near=near[0]) if near else ""
            problems.append(Problem(place, _("as_of.{table}：没有这张表").format(table=table), guess))
        elif not isinstance(year, int) or isinstance(year, bool) or year not in _YEARS:
            what = _("as_of.{table} = {year}：须为 {first} 至 {last} 的年份").format(
                table=table, year=year, first=_YEARS[0], last=_YEARS[-1]
            )
            problems.append(Problem(place, what))
        else:
            years[contract.name if contract else ""] = year
    if "" not in years and not problems and set(years) != set(CONTRACTS):
        what = _("as_of 没有 default（未单列的表的数据年份）")
        problems.append(Problem(place, what, _("例如 [as_of] 下写 default = 2025")))
    return years, problems
