"""The command `backtest`: its options, what it reads, and its screen."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from rich import box
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from simulator.errors import InputError, Problem
from simulator.inputs.read import read_district
from simulator.inputs.read_past import PastTables, read_past
from simulator.language import Language
from simulator.language import translate as _
from simulator.outputs.backtest import Trial, few_notes, notes, shown_errors, verdicts, write_backtest
from simulator.outputs.titles import stamped
from simulator.projection.calibration import beliefs_of, enrolment_until
from simulator.projection.past.backtest import FEWEST_YEARS, Heads, Origins, run_backtest
from simulator.projection.past.bands import LEVELS
from simulator.projection.past.history import Beliefs, read_histories
from simulator.projection.past.words import level_words, method_words, stage_title
from simulator.scenario import ProjectionSettings, Scenario, read_scenario
from simulator.scenario.uncertainty import UncertaintySettings
from simulator.terminal.options import with_overrides, wrong_command_line
from simulator.terminal.progress import Teller
from simulator.terminal.screens import records
from simulator.terms import use_system

_YEARS = re.compile(r"(\d{4})(?:\s*[-–—]\s*(\d{4}))?")


@dataclass(frozen=True)
class Wish:
    """What the command line asks for.

    Parameters
    ----------
    source, births, population
        Files.
    dropped
        Years to leave out.
    origins
        Years to look back from.
    until
        Last year to use.
    """

    source: Path
    births: Path | None
    population: Path | None
    dropped: tuple[int, ...]
    origins: Origins
    until: int | None


def wish_of(source: Path, births: Path | None, population: Path | None, years: tuple[str, str, str]) -> Wish:
    """The wish of a command line; `years` are the texts of --drop, --origins and --until.

    Raises
    ------
    InputError
        A text that is no year or range of years; all of them at once.
    """
    problems: list[Problem] = []
    read: dict[str, list[int]] = {}
    for option, text in zip(("--drop", "--origins", "--until"), years, strict=True):
        try:
            read[option] = years_of(text)
        except ValueError as error:
            remedy = _("如 2020，或 2003-2018，几项用逗号隔开")
            problems.append(Problem(option, _("“{value}”不是年份").format(value=error), remedy))
    if problems:
        raise wrong_command_line(problems)
    origins, until = read["--origins"], read["--until"]
    bounds = Origins(min(origins), max(origins)) if origins else Origins()
    return Wish(source, births, population, tuple(read["--drop"]), bounds, max(until) if until else None)


def years_of(text: str) -> list[int]:
    """Years of a list of years and ranges.

    >>> years_of("2010-2012, 2020"), years_of("")
    ([2010, 2011, 2012, 2020], [])
    """
    years: list[int] = []
    for part in re.split(r"[,，、\s]+", text.strip()):
        found = _YEARS.fullmatch(part)
        if part and not found:
            raise ValueError(part)
        if found:
            years += range(int(found[1]), int(found[2] or found[1]) + 1)
    return years


def trial_of(wish: Wish, language: Language | None, teller: Teller) -> Trial:
    """Read what is to be tested and look back from every past year.

    Raises
    ------
    InputError
        Files that cannot be read, or a history that is too short.
    """
    teller.step(_("读取"))
    title, past, beliefs = _read(wish, language)
    teller.step(_("历史回测"))
    histories = read_histories(past.enrolment, past.births, wish.dropped, wish.until)
    _refuse_short(histories, wish.source)
    heads = Heads(_by_year(past.heads, "residents"), _by_year(past.heads, "dwellings"))
    backtest = run_backtest(histories, beliefs, wish.origins, heads)
    if backtest.forecasts.empty:
        what = _("没有一个学年可以从它起预测：起点须有 {years} 年历史，其后还有数据").format(years=FEWEST_YEARS)
        raise InputError(_("无法回测"), [Problem(str(wish.source), what, _("补充历年在校生，或放宽 --origins"))])
    return Trial(title, backtest, past.files)


def _read(wish: Wish, language: Language | None) -> tuple[str, PastTables, Beliefs]:
    """Title, tables and beliefs of a scenario, a district or a bare table."""
    if wish.source.suffix.lower() != ".toml":
        past = read_past(wish.source, wish.births, wish.population)
        stated = UncertaintySettings()
        late = ProjectionSettings().late_entry_share
        return past.name, past, Beliefs(late, stated.cohort_noise, stated.cohort_floor)
    scenario = with_overrides(read_scenario(wish.source), {}, language)
    return _read_scenario(wish, scenario)


def _read_scenario(wish: Wish, scenario: Scenario) -> tuple[str, PastTables, Beliefs]:
    """The history of a scenario's district, its base year from the register."""
    use_system(scenario.district.system)
    district = read_district(scenario.district.folder)
    enrolment = enrolment_until(district, scenario.horizon.base_year)
    if enrolment.empty:
        what = _("没有“在校生”表，不能回测")
        raise InputError(_("无法回测"), [Problem(str(scenario.district.folder), what, _("加上 enrolment.csv"))])
    extra = [file for file in (wish.births, wish.population) if file is not None]
    given = read_past(scenario.district.folder, wish.births, wish.population) if extra else None
    files = [source.path for source in district.sources if source.table in {"enrolment", "births", "classes"}]
    past = PastTables(
        name=district.name,
        enrolment=enrolment,
        births=given.births if given is not None and wish.births is not None else district.births,
        heads=given.heads if given is not None else pd.DataFrame(columns=["year", "residents", "dwellings"]),
        files=tuple(dict.fromkeys([*files, *extra])),
    )
    return stamped(district.title, invented=district.invented), past, beliefs_of(scenario)


def _refuse_short(histories: Sequence[object], source: Path) -> None:
    """Refuse a table without a single year."""
    if not histories:
        what = _("没有可用的学年")
        raise InputError(_("无法回测"), [Problem(str(source), what, _("检查 --drop 和 --until"))])


def _by_year(heads: pd.DataFrame, column: str) -> dict[int, float]:
    """Year → figure, where it is known."""
    known = heads.dropna(subset=[column])
    return dict(zip(known["year"].astype(int), known[column].astype(float), strict=True))


def written(trial: Trial, folder: Path, teller: Teller, *, force: bool) -> str:
    """Write charts and tables."""
    teller.step(_("出图"))
    return str(write_backtest(trial, folder, force=force))


def backtest_screen(trial: Trial, folder: str | None) -> Sequence[RenderableType]:
    """Errors of every stage and level beside the rivals, coverage of the bands, what stands out."""
    tables = trial.tables
    errors, coverage = tables["backtest_errors"], tables["backtest_coverage"]
    parts: list[RenderableType] = [
        Text(_("{title}：历史回测").format(title=trial.title), style="bold"),
        _("平均绝对误差（%），每次预测只用当时已知的数据"),
    ]
    for stage in dict.fromkeys(errors["stage"]):
        for level, part, words in (
            ("district", "all", level_words()["district"]),
            ("district", "entry", _("全县区起始年级")),
            ("school", "all", level_words()["school"]),
        ):
            shown = shown_errors(errors, str(stage), level, part)
            if len(shown):
                parts.append(_error_table(f"{stage_title(str(stage))}　{words}", shown))
        parts.append(_coverage_table(stage_title(str(stage)), coverage[coverage["stage"] == stage]))
    parts += verdicts(errors)
    told = few_notes(trial.backtest)
    parts += [Text(_("历史数据中需要留意的地方"), style="bold"), *(f"  {line}" for line in told)] if told else []
    if folder:
        parts.append(_("图和表已写入 {folder}").format(folder=folder))
    return parts


def _error_table(title: str, shown: pd.DataFrame) -> Table:
    """A row a method, a column a horizon."""
    table = _table(title, _("方法"), *(_("{years} 年").format(years=horizon) for horizon in shown.columns))
    for method, row in shown.iterrows():
        table.add_row(method_words()[str(method)], *("—" if pd.isna(value) else f"{value:.2f}" for value in row))
    return table


def _coverage_table(title: str, coverage: pd.DataFrame) -> Table:
    """A row a level and class of size: how often each band held, horizons 1–5 together."""
    words = _("{stage}　区间覆盖率（提前 1—5 年合计，%）").format(stage=title)
    sizes = {"": "", "small": _("（不足 200 人）"), "medium": _("（200—499 人）"), "large": _("（500 人以上）")}
    table = _table(words, _("范围"), _("预测次数"), *(_("{percent}% 区间").format(percent=level) for level in LEVELS))
    for row in coverage[coverage["horizon"] == 0].to_dict("records"):
        name = level_words()[str(row["level"])] + sizes[str(row["size"])]
        table.add_row(name, str(row["n"]), *(f"{row[f'cover_{level}']:.1f}" for level in LEVELS))
    return table


def _table(title: str, first: str, *others: str) -> Table:
    table = Table(title=title, title_style="bold", title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(first, no_wrap=True)
    for other in others:
        table.add_column(other, justify="right", overflow="fold")
    return table


def backtest_object(trial: Trial, folder: str | None) -> dict[str, Any]:
    """The same for a program, every horizon in full."""
    tables = trial.tables
    return {
        "title": trial.title,
        "errors": records(tables["backtest_errors"]),
        "coverage": records(tables["backtest_coverage"]),
        "best": verdicts(tables["backtest_errors"]),
        "notes": list(notes(trial.backtest)),
        "result": folder,
    }
