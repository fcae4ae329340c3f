"""Real enrolment by school and grade: what the planner would have forecast in every past year, beside naive rivals."""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

import pandas as pd

from benchmarks.backtest_check import wrong_actuals
from benchmarks.instances import ReadError
from benchmarks.register import Bar, Family, Options, Report, register
from benchmarks.studies import find_studies
from simulator.errors import InputError
from simulator.inputs.read_past import PastTables, read_past
from simulator.projection.past.backtest import OWN, Backtest, Origins, run_backtest
from simulator.projection.past.bands import LEVELS
from simulator.projection.past.history import Beliefs, read_histories
from simulator.projection.past.scores import coverage_table, error_table
from simulator.scenario import ProjectionSettings
from simulator.scenario.uncertainty import UncertaintySettings

_HORIZONS = (1, 3, 5, 10)
_DISTRICT = {1: 1.0, 3: 1.6, 5: 2.4, 10: 2.2}
_SCHOOL = {1: 4.25, 3: 6.8, 5: 7.6, 10: 10.2}
_FIRST_GRADE = 3.3
_COVERAGE = {"district": 8.0, "school": 4.0}
"""Largest mean absolute errors in percent, and how far (in points) the 80 % and 95 % bands may miss their share."""


@dataclass(frozen=True)
class Series:
    """A district with its history.

    Parameters
    ----------
    name
        What `--only` is matched with.
    enrolment, births
        Files; births may be missing.
    dropped
        Years that were not counted as the others.
    until
        Last year to use.
    origins
        Years to look back from.
    held
        Whether the published bars hold for it.
    """

    name: str
    enrolment: Path
    births: Path | None
    dropped: tuple[int, ...] = ()
    until: int | None = None
    origins: Origins = field(default_factory=Origins)
    held: bool = False


_KNOWN = {
    # Virtual pupils are missing in the count of 2020; later years are after the break.
    "us_ecasd": ("eau_claire", (2020,), 2019, Origins(2003, 2018)),
}


def find_series(folder: Path) -> list[Series]:
    """Every `…enrolment.csv` of a folder, with the `…_births.csv` whose name begins alike."""
    births = {file.name.removesuffix("births.csv").strip("_"): file for file in sorted(folder.glob("*births.csv"))}
    found = []
    for file in sorted(folder.glob("*enrolment.csv")):
        prefix = max((name for name in births if file.name.startswith(name)), key=len, default=None)
        own = births[prefix] if prefix is not None else None
        if prefix in _KNOWN:
            name, dropped, until, origins = _KNOWN[str(prefix)]
            found.append(Series(name, file, own, dropped, until, origins, held=True))
        else:
            found.append(Series(prefix or file.stem, file, own))
    return found


def run_series(series: Series) -> tuple[PastTables, Backtest]:
    """The backtest of one district, with the scenario's default beliefs."""
    try:
        past = read_past(series.enrolment, series.births)
    except InputError as error:
        raise ReadError(str(error)) from error
    stated = UncertaintySettings()
    beliefs = Beliefs(ProjectionSettings().late_entry_share, stated.cohort_noise, stated.cohort_floor)
    histories = read_histories(past.enrolment, past.births, series.dropped, series.until)
    return past, run_backtest(histories, beliefs, series.origins)


def run_family(source: Path, out: Path, options: Options) -> Report:
    """Look back from every past year of every district, one row a level and horizon."""
    chosen = [series for series in find_series(source) if fnmatch(series.name, options.only)]
    studies = find_studies(source, options.only)
    if not (chosen or studies):
        message = f"{source}: no file …enrolment.csv of a district, and no study, named {options.only}"
        raise ReadError(message)
    out.mkdir(parents=True, exist_ok=True)
    tables: dict[str, pd.DataFrame] = {}
    bars: list[Bar] = []
    faults: list[str] = []
    for series in chosen:
        _past, backtest = run_series(series)
        errors, coverage = error_table(backtest), coverage_table(backtest)
        for name, table in (("errors", errors), ("coverage", coverage), ("forecasts", backtest.forecasts)):
            table.to_csv(out / f"{series.name}_{name}.csv", index=False, lineterminator="\n")
        tables[f"{series.name}: mean absolute error in percent"] = errors_by_level(errors)
        tables[f"{series.name}: share of outcomes within the bands in percent (horizon 0: 1–5 together)"] = (
            coverage[coverage["size"] == ""].drop(columns="size").set_index(["stage", "level", "horizon"])
        )
        faults += [f"{series.name}: {fault}" for fault in wrong_actuals(series.enrolment, backtest.forecasts)]
        if series.held:
            bars += held_bars(series.name, errors, coverage)
    for report in (study.run(source) for study in studies):
        tables |= report.tables
        bars += report.bars
        faults += report.faults
    return Report(tables, tuple(bars), tuple(faults))


def errors_by_level(errors: pd.DataFrame) -> pd.DataFrame:
    """A row a level, part and horizon; a column a method, with the number of forecasts."""
    rows = errors[(errors["size"] == "") & errors["horizon"].isin(_HORIZONS)]
    keys = ["stage", "level", "part", "horizon"]
    wide = rows.pivot_table(index=keys, columns="method", values="mape", sort=False)
    own = rows[rows["method"] == OWN].set_index(keys)
    return wide.assign(median=own["median"], bias=own["bias"], n=own["n"])


def held_bars(name: str, errors: pd.DataFrame, coverage: pd.DataFrame) -> list[Bar]:
    """Errors of the district, its schools and its first grade; coverage of the bands."""
    rows = errors[errors["size"] == ""].set_index(["level", "part", "horizon", "method"])["mape"]
    bars = [
        Bar(f"{name}: {level}, {horizon} years ahead, error in percent", float(rows[level, "all", horizon, OWN]), limit)
        for level, limits in (("district", _DISTRICT), ("school", _SCHOOL))
        for horizon, limit in limits.items()
    ]
    bars += [
        Bar(
            f"{name}: school, {horizon} years ahead, error ÷ that of the last value",
            float(rows["school", "all", horizon, OWN] / rows["school", "all", horizon, "last_value"]),
            1.0,
        )
        for horizon in sorted({int(horizon) for _level, _part, horizon, _method in rows.index})
    ]
    bars.append(
        Bar(
            f"{name}: first grade, 1 year ahead, error in percent",
            float(rows["district", "entry", 1, OWN]),
            _FIRST_GRADE,
        )
    )
    pooled = (
        coverage[(coverage["size"] == "") & (coverage["horizon"] == 0)]
        .set_index("level")
        .astype({f"cover_{percent}": float for percent in LEVELS})
    )
    bars += [
        Bar(
            f"{name}: {level}, {percent} % band, points off",
            abs(float(pooled[f"cover_{percent}"][level]) - percent),
            limit,
        )
        for level, limit in _COVERAGE.items()
        for percent in LEVELS[1:]
    ]
    return bars


register(Family("backtest", "forecasts of past years by school and grade, beside naive rivals", (), run_family))
