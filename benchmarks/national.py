"""China's primary entrants from births, each year from what was known the year before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.register import Bar, Report
from simulator.inputs.check_yearly import stock_residuals
from simulator.projection.late_entry import ENTRY_AGE, EntryModel, born_behind, expect_entrants, fit_late_entry

FILE = "cn_national_education.csv"
TARGETS = range(2017, 2025)
MOST_MAPE = 2.7
HORIZONS = (1, 3, 5)
# A country's children nearly all go to school; births and entrants are counted to some percent.
LEVEL_DOUBT = 0.05
# Years before it hold the clean-up of the pupil register.
_CLEAN = 2015
_REVISED, _RELEASED = "revised births", "births as released"

Counts = Mapping[int, float]


@dataclass(frozen=True)
class Basis:
    """Births on one basis, and the entrants that may be compared with them.

    Parameters
    ----------
    births
        Births by calendar year (10,000 children).
    entrants
        Entrants by school year: only those whose births are counted on this basis.
    """

    births: Counts
    entrants: Counts


def run_national(source: Path) -> Report:
    """Entrants of 2017–24, level and late share fitted on earlier years, by two counts of births.

    Parameters
    ----------
    source
        Folder of the table.
    """
    table = pd.read_csv(source / FILE, index_col="year")
    actual = _counts(table["primary_entrants_10k"])
    rows = {}
    for name, basis in bases(table).items():
        for horizon in HORIZONS:
            forecasts = forecast(basis, horizon)
            rows[f"{name}, {horizon} year{'s' * (horizon > 1)} ahead"] = _errors(forecasts, actual)
        rows[f"{name}, cut-off alone"] = _errors(_cut_off(basis, 0.0), actual)
    rows["last value, 1 year ahead"] = _errors(
        pd.DataFrame({"median": {year: actual[year - 1] for year in TARGETS}}), actual
    )
    summary = pd.DataFrame(rows).T
    return Report(
        tables={
            "National entrants 2017-24, fitted on earlier years": summary,
            "By year, revised births, 1 year ahead (10,000 children)": _by_year(bases(table)[_REVISED], actual),
            "What all years since 2018 say": _parameters(fit_late_entry(*_known(bases(table)[_REVISED]))),
            "Stock identity, share of pupils left over": _identity(table),
        },
        bars=(
            Bar(
                "national entrants, revised births, 1 year: MAPE %",
                rows[f"{_REVISED}, 1 year ahead"]["MAPE %"],
                MOST_MAPE,
            ),
        ),
    )


def bases(table: pd.DataFrame) -> dict[str, Basis]:
    """Revised births (those before 2011 were never revised, so their entrants teach nothing), and as released."""
    released = _counts(table["births_10k_official_at_release"])
    revised = _counts(table["births_10k_revised_2020census"])
    entrants = _counts(table["primary_entrants_10k"])
    same = {year: count for year, count in entrants.items() if {year - ENTRY_AGE, year - ENTRY_AGE - 1} <= set(revised)}
    clean = {year: count for year, count in entrants.items() if year >= _CLEAN}
    return {_REVISED: Basis(released | revised, same), _RELEASED: Basis(released, clean)}


def forecast(basis: Basis, horizon: int) -> pd.DataFrame:
    """median, low and high by target year, from the entrants that were known `horizon` years before.

    Births behind a target are all older than its origin up to five years ahead.
    """
    rows = {}
    for year in TARGETS:
        known = {past: count for past, count in basis.entrants.items() if past <= year - horizon}
        expected = expect_entrants(fit_late_entry(basis.births, known, LEVEL_DOUBT), basis.births, known, year)
        rows[year] = {"median": expected.median, "low": expected.low, "high": expected.high}
    return pd.DataFrame(rows).T


def _known(basis: Basis) -> tuple[Counts, Counts, float]:
    return basis.births, basis.entrants, LEVEL_DOUBT


def _cut_off(basis: Basis, late_share: float) -> pd.DataFrame:
    """Everybody born enters by the cut-off of 31 August."""
    return pd.DataFrame({"median": {year: born_behind(basis.births, year, late_share) for year in TARGETS}})


def _errors(forecasts: pd.DataFrame, actual: Counts) -> dict[str, float]:
    truth = np.array([actual[year] for year in forecasts.index])
    errors = forecasts["median"].to_numpy(float) / truth - 1
    held = np.nan
    if "low" in forecasts:
        held = float(((forecasts["low"] <= truth) & (truth <= forecasts["high"])).mean())
    return {
        "n": len(errors),
        "MAPE %": float(100 * np.abs(errors).mean()),
        "median %": float(100 * np.median(np.abs(errors))),
        "bias %": float(100 * errors.mean()),
        "in the 80 % band": held,
    }


def _by_year(basis: Basis, actual: Counts) -> pd.DataFrame:
    table = forecast(basis, 1)
    table["actual"] = [actual[year] for year in table.index]
    table["error %"] = 100 * (table["median"] / table["actual"] - 1)
    return table


def _parameters(model: EntryModel) -> pd.DataFrame:
    """Mean and 80 % band of every parameter."""
    named = {
        "share of late entry": model.late_share,
        "entrants per child born": np.exp(model.level),
        "caught up the year after": model.catch_up,
        "noise of a year": model.noise,
    }
    rows = {
        name: {
            "mean": float(draws.mean()),
            "low": float(np.quantile(draws, 0.1)),
            "high": float(np.quantile(draws, 0.9)),
        }
        for name, draws in named.items()
    }
    return pd.DataFrame(rows).T


def _identity(table: pd.DataFrame) -> pd.DataFrame:
    """What the stock identity leaves by stage and year."""
    columns = {}
    for stage in ("primary", "junior"):
        own = pd.DataFrame(
            {
                "pupils": table[f"{stage}_enrolment_10k"],
                "graduates": table[f"{stage}_graduates_10k"],
                "entrants": table[f"{stage}_entrants_10k"],
                "net_transfers": np.nan,
            }
        )
        columns[stage] = stock_residuals(own)["residual"]
    return pd.DataFrame(columns).dropna(how="all").T


def _counts(column: pd.Series[float]) -> dict[int, float]:
    return {int(str(year)): float(count) for year, count in column.dropna().items()}
