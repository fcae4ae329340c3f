"""What a planner changed in plan.gpkg or plan.xlsx, told from how the file was written; everything wrong at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import pandas as pd

from simulator.capacity.supply import Supply
from simulator.errors import InputError, Problem
from simulator.language import plural
from simulator.language import translate as _
from simulator.outputs.editable import (
    BETWEEN,
    BUILD,
    CLOSE,
    CONVERTED,
    EXTEND,
    FIGURE,
    FILE,
    FORBID,
    KEEP,
    PHASE,
    SECTION,
    SITE,
    UNIT,
    ZoneColumn,
    action_words,
    zone_columns,
)
from simulator.outputs.read_back_files import WrittenPlan, WrittenTable, read_written
from simulator.outputs.read_back_shapes import shape_notes
from simulator.terms import WHOLE_UNIT_REGIMES, Band, Regime, band_of

_SPLIT = re.compile(r"[；;、，,]")
_FEW = 8
_DATED = {CLOSE, BUILD, EXTEND}


@dataclass(frozen=True)
class ZoneEdit:
    """A unit that goes to other schools in a phase: band, phase, the sites now, the place in the file."""

    unit_id: str
    band: Band
    phase: int
    before: tuple[str, ...]
    after: tuple[str, ...]
    where: str


@dataclass(frozen=True)
class WorkEdit:
    """A section of which something else is asked: what, by which year, how many classes or rooms (0 = not said)."""

    section_id: str
    before: str
    do: str
    year: int
    amount: int
    where: str


@dataclass(frozen=True)
class Edits:
    """What a planner changed.

    Parameters
    ----------
    path
        The file.
    zones, works
        Changes of catchments and of sections.
    phases
        Phase → first and last year, as the file has them; without today.
    figures
        Figures of the plan when the file was written, as :func:`simulator.outputs.schemes.figure_titles` names them.
    notes
        What was changed but is not taken from this file, in words.
    """

    path: Path
    zones: tuple[ZoneEdit, ...]
    works: tuple[WorkEdit, ...]
    phases: dict[int, tuple[int, int]]
    figures: dict[str, float]
    notes: tuple[str, ...]


def read_edits(path: Path, supply: Supply, units: Iterable[str], district: str) -> Edits:
    """Read a file that a planner gave back and tell what was changed.

    Parameters
    ----------
    path
        plan.gpkg or plan.xlsx.
    supply
        Sites and sections of the district.
    units
        Its units.
    district
        Its name.

    Raises
    ------
    InputError
        The file is of another district, or has units without a school or twice, unknown schools, or works that
        cannot be; each with its row or feature.
    """
    written = read_written(path)
    phases = _phases(written)
    problems = list(_other_district(written, set(units), district))
    if not problems:
        reader = _Reader(written, supply, phases)
        zones, works = reader.zones(), reader.works()
        problems = reader.problems
    if problems:
        title = plural("{file} 有 {count} 处问题", len(problems)).format(file=path.name, count=len(problems))
        raise InputError(title, problems)
    figures = {str(name): float(value) for name, value in written.before(FIGURE).items()}
    notes = (*_half_moved(zones, written, supply), *shape_notes(written))
    return Edits(path, zones, works, phases, figures, notes)


def _half_moved(zones: tuple[ZoneEdit, ...], written: WrittenPlan, supply: Supply) -> Iterator[str]:
    """Units of which only the upper grades were moved, though the school of the lower ones keeps them to the end."""
    moved = {(edit.unit_id, edit.band.band_id, edit.phase): edit.after for edit in zones}
    told: dict[str, list[str]] = {}
    for edit in zones:
        for lower in (band for band in supply.bands_of(edit.band.stage) if band.grade_from < edit.band.grade_from):
            before = written.before(UNIT, ZoneColumn(lower.band_id, edit.phase, "").name).get(edit.unit_id, "")
            sites = moved.get((edit.unit_id, lower.band_id, edit.phase), site_codes(str(before)))
            stays = [site for site in sites if supply.covers(f"{site}:{edit.band.stage.value}", edit.band)]
            if stays and not set(stays) <= set(edit.after):
                told.setdefault(f"{lower.title}|{edit.band.title}", []).append(edit.unit_id)
    for bands, units in told.items():
        lower_title, title = bands.split("|")
        yield _(
            "{units}：只改了{band}，{lower}的学校办到该年级段，在校生不转学，改动基本不起作用；两段要一起改"
        ).format(units=_("、").join(dict.fromkeys(units)), band=title, lower=lower_title)


def site_codes(text: str) -> tuple[str, ...]:
    """Codes of the schools in a cell that this program wrote.

    >>> site_codes("S001 白沙小学；S004 甲中学")
    ('S001', 'S004')
    """
    return tuple(sorted(part.split(" ")[0] for part in text.split(BETWEEN) if part))


def _phases(written: WrittenPlan) -> dict[int, tuple[int, int]]:
    first, last = written.before(PHASE, "first_year"), written.before(PHASE, "last_year")
    return {int(phase): (int(first[phase]), int(last[phase])) for phase in first.index if int(phase) > 0}


def _other_district(written: WrittenPlan, units: set[str], district: str) -> Iterator[Problem]:
    theirs = str(written.before(FILE).get("district", ""))
    if theirs != district:
        what = _("文件是“{theirs}”的方案，不是“{district}”的").format(theirs=theirs, district=district)
        yield Problem(str(written.path), what)
        return
    strange = set(written.before(UNIT, "area").index) ^ units
    if strange:
        listed = _("、").join(sorted(strange)[:_FEW])
        what = _("划片单元与本区不同：{units}").format(units=listed)
        yield Problem(str(written.path), what, _("请用按现在的数据写出的方案文件修改"))


class _Reader:
    """Goes through the tables once and collects edits and problems."""

    def __init__(self, written: WrittenPlan, supply: Supply, phases: dict[int, tuple[int, int]]) -> None:
        self._written, self._supply, self._phases = written, supply, phases
        self.problems: list[Problem] = []
        names: dict[str, list[str]] = {}
        labels = written.before(SITE, "label")
        for site, name in (*supply.sites["name"].items(), *labels.items()):
            bare = str(name).removeprefix(f"{site} ")
            names.setdefault(bare, []).append(str(site))
        self._sites = set(supply.sites.index.astype(str))
        self._named = {name: sites[0] for name, sites in names.items() if len(set(sites)) == 1}

    def zones(self) -> tuple[ZoneEdit, ...]:
        """Changed schools of units."""
        table = self._written.units
        rows = self._one_each(table, "unit_id", set(self._written.before(UNIT, "area").index), _("单元"))
        stated = set(self._written.titles)
        bands = dict.fromkeys(name.rsplit("_p", 1)[0] for name in stated if "_p" in name)
        order = [band.band_id for band in self._supply.bands if band.band_id in bands]
        spans = pd.DataFrame(
            [(phase, *years) for phase, years in self._phases.items()], columns=["phase", "first_year", "last_year"]
        )
        edits: list[ZoneEdit] = []
        for column in zone_columns(spans, order):
            before = self._written.before(UNIT, column.name)
            for unit, row in rows.items():
                edits += self._zone(table, column, unit, row, str(before[unit]))
        return tuple(edits)

    def _zone(self, table: WrittenTable, column: ZoneColumn, unit: str, row: int, before: str) -> Iterator[ZoneEdit]:
        text = str(table.cells.loc[row, column.name])
        if text == before:
            return
        where = _("{place}（{unit}）").format(place=table.where(row, self._written.titles[column.name]), unit=unit)
        sites = self._schools(text, where, band_of(column.band)) if text else None
        if not text:
            self._tell(where, _("没有填学校，成了空白"), _("填一所学校；原方案为“{before}”").format(before=before))
        old = site_codes(before)
        if sites is not None and sites != old:
            yield ZoneEdit(unit, band_of(column.band), column.phase, old, sites, where)

    def _schools(self, text: str, where: str, band: Band) -> tuple[str, ...] | None:
        """Sites that a cell names; None where something is wrong with it."""
        found = [self._school(part.strip(), where, band) for part in _SPLIT.split(text) if part.strip()]
        sites = sorted({site for site in found if site})
        if None in found or not sites:
            return None
        if len(sites) > 1 and any(self._section(site, band)[1] != Regime.SHARED_CATCHMENT for site in sites):
            what = _("同时划入 {count} 所学校：“{text}”").format(count=len(sites), text=text)
            self._tell(where, what, _("一个单元只能划入一所学校（多校划片除外）"))
            return None
        return tuple(sites)

    def _school(self, text: str, where: str, band: Band) -> str | None:
        code = text.split(" ")[0]
        site = code if code in self._sites else self._named.get(text)
        if site is None:
            near = get_close_matches(text, [*self._named, *self._sites], n=1, cutoff=0.5)
            remedy = (
                _("是不是“{near}”？").format(near=near[0])
                if near
                else _("写学校编号，如 {code}").format(code=min(self._sites))
            )
            self._tell(where, _("没有“{text}”这所学校（或名称不止一所）").format(text=text), remedy)
            return None
        if not self._section(site, band)[0]:
            what = _("“{text}”不按招生范围招收{band}").format(text=text, band=band.title)
            self._tell(where, what, _("换一所学校"))
            return None
        return site

    def _section(self, site: str, band: Band) -> tuple[str, str]:
        """The section of a site that takes whole units of a band, and its regime; empty where there is none."""
        section = f"{site}:{band.stage.value}"
        frame = self._supply.sections
        if section not in frame.index or not self._supply.covers(section, band):
            return "", ""
        regime = str(frame.loc[section, "regime"])
        return (section, regime) if regime in WHOLE_UNIT_REGIMES else ("", regime)

    def works(self) -> tuple[WorkEdit, ...]:
        """Changed demands on sections."""
        table = self._written.works
        befores = [self._written.before(SECTION, name) for name in ("do", "do_year", "do_amount")]
        rows = self._one_each(table, "section_id", set(befores[0].index), _("学部"))
        words = {word: key for key, word in action_words().items()} | {key: key for key in action_words()}
        edits: list[WorkEdit] = []
        for section, row in rows.items():
            cells = [str(table.cells.loc[row, name]) for name in ("do", "do_year", "do_amount")]
            before = [str(values[section]) for values in befores]
            do = words.get(cells[0], "")
            if [do, *cells[1:]] == before:
                continue
            where = _("{place}（{section}）").format(place=table.where(row), section=section)
            edit = self._work(section, before[0], do, cells, where)
            if edit is not None:
                edits.append(edit)
        return tuple(edits)

    def _work(self, section: str, before: str, do: str, cells: list[str], where: str) -> WorkEdit | None:
        """A changed demand; None, and told, where it cannot be."""
        told = len(self.problems)
        if not do:
            known = _("、").join(word for key, word in action_words().items() if key != CONVERTED)
            self._tell(where, _("不认识举措“{text}”").format(text=cells[0]), _("可写：{words}").format(words=known))
            return None
        existing = bool(self._supply.sections.loc[section, "existing"])
        fits = {KEEP: existing, CLOSE: existing, EXTEND: existing, BUILD: not existing, FORBID: True}
        if do == CONVERTED:
            self._tell(where, _("学段转换不能在这里指定"), _("请填 projects 表，或改为其他举措"))
        elif not fits[do]:
            kind = _("现有学部") if existing else _("教育用地上的学部")
            self._tell(where, _("{kind}不能“{word}”").format(kind=kind, word=action_words()[do]))
        year = self._whole(cells[1], where, "do_year") if do in _DATED else 0
        amount = self._whole(cells[2], where, "do_amount") if do in {BUILD, EXTEND} and cells[2] else 0
        years = [year for span in self._phases.values() for year in span]
        if do in _DATED and year and not min(years) <= year <= max(years):
            what = _("{year} 年不在规划年份 {first}—{last} 之内").format(year=year, first=min(years), last=max(years))
            self._tell(where, what)
        if do == EXTEND and not amount and len(self.problems) == told:
            self._tell(
                where,
                _("改扩建没有写教室数"),
                _("在“{column}”中填教室数").format(column=self._written.titles["do_amount"]),
            )
        return WorkEdit(section, before, do, year, amount, where) if len(self.problems) == told else None

    def _whole(self, text: str, where: str, column: str) -> int:
        if text.isdecimal() and int(text) > 0:
            return int(text)
        title = self._written.titles[column]
        self._tell(where, _("“{column}”应为整数，现为“{text}”").format(column=title, text=text))
        return 0

    def _one_each(self, table: WrittenTable, key: str, known: set[str], kind: str) -> dict[str, int]:
        """Id → its row; rows without or with an unknown id, ids twice and ids that are gone are told."""
        rows: dict[str, list[int]] = {}
        for row, text in table.cells[key].items():
            rows.setdefault(str(text), []).append(int(str(row)))
        for text, places in rows.items():
            if text not in known:
                what = _("没有编号为“{text}”的{kind}").format(text=text, kind=kind)
                self._tell(
                    table.where(places[0], self._written.titles[key]),
                    what,
                    _("请删去新增的行；新单元、新用地填在数据表中"),
                )
            elif len(places) > 1:
                what = _("{kind} {text} 出现 {count} 次，重复划入").format(kind=kind, text=text, count=len(places))
                others = _("与 {places} 重复，只保留一个").format(
                    places=_("、").join(table.where(row) for row in places[1:])
                )
                self._tell(table.where(places[0]), what, others)
        gone = sorted(known - rows.keys())
        if gone:
            listed = _("、").join(gone[:_FEW]) + (_("等") if len(gone) > _FEW else "")
            what = _("缺少 {count} 个{kind}：{names}").format(count=len(gone), kind=kind, names=listed)
            self._tell(table.place, what, _("请不要删除行或要素"))
        return {text: places[0] for text, places in rows.items() if text in known}

    def _tell(self, where: str, what: str, remedy: str = "") -> None:
        self.problems.append(Problem(where, what, remedy))
