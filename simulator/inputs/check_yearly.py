"""Whether a table of yearly figures adds up: stocks and flows, births and entrants, one stage and the next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from simulator.errors import Problem
from simulator.inputs.age_groups import AUTUMN_SHARE
from simulator.inputs.contracts_all import CONTRACTS
from simulator.inputs.district import District
from simulator.language import translate as _
from simulator.terms import AGE_OF_GRADE, STAGE_GRADES, Stage, label

# Years that say how well a year can close, and how far from them counts as far (modified z-score, Iglewicz and
# Hoaglin 1993).
_RECENT, _FAR = 8, 3.5
_NORMAL = 1.4826
# Fewer years than this say nothing of each other.
_FEWEST = 4
# The least that counts: rounded figures and late returns. The most without years to compare: families move.
_LEAST_STOCK, _LEAST_TRANSFER, _LEAST_BIRTHS = 0.0015, 0.0075, 0.15
_ALONE_STOCK = 0.03
# Years on end that do not close to the same side: the register was cleaned, not one figure spoiled.
_RUN = 3
# Table and register of the same year may differ by late entries.
_REGISTER = 0.005
_TRANSFERRING = (Stage.PRIMARY, Stage.JUNIOR)
_ENTRY_AGE = STAGE_GRADES[Stage.PRIMARY][0] + AGE_OF_GRADE


@dataclass(frozen=True)
class Far:
    """Years of a series that are far from the usual.

    Parameters
    ----------
    series
        By year: a residual or ratio.
    usual
        Middle of the recent years.
    away
        By year the distance from the middle of the other recent years.
    years
        Years whose distance is beyond what the other recent years show.
    """

    series: pd.Series[float]
    usual: float
    away: dict[int, float]
    years: tuple[int, ...]


def far_years(series: pd.Series[float], least: float, alone: float = np.inf) -> Far:
    """The years far from the other recent ones, by their median absolute deviation.

    Parameters
    ----------
    series
        By year, NaN where unknown.
    least
        Distances up to this are never far.
    alone
        Distance from 0 that is far where too few years are known to compare.

    Examples
    --------
    >>> far_years(pd.Series({2018: 0.0, 2019: 0.001, 2020: 0.0, 2021: 0.05, 2022: 0.001}), 0.002).years
    (2021,)
    """
    known = {int(str(year)): float(value) for year, value in series.dropna().items()}
    recent = [year for year in known if year > max(known) - _RECENT]
    away, far = {}, []
    for year, value in known.items():
        others = np.array([known[other] for other in recent if other != year])
        if len(others) + 1 < _FEWEST:
            away[year], tolerance = value, alone
        else:
            away[year] = value - float(np.median(others))
            tolerance = max(least, _FAR * _NORMAL * float(np.median(np.abs(others - np.median(others)))))
        if abs(away[year]) > tolerance:
            far.append(year)
    usual = float(np.median([known[year] for year in recent])) if len(recent) >= _FEWEST else 0.0
    return Far(series, usual, away, tuple(far))


def stock_residuals(stage: pd.DataFrame) -> pd.DataFrame:
    r"""What the stock identity of a stage leaves, by year: `expected` pupils, `pupils`, and their relative difference.

    .. math:: r(t) = \frac{E(t) - [E(t-1) - G(t) + N(t) + M(t)]}{E(t-1)}

    with pupils E, graduates G and entrants N of the year, and net transfers M (0 where not told).

    Parameters
    ----------
    stage
        Index year; pupils, graduates, entrants, net_transfers of one stage; NaN where unknown.
    """
    every = stage.reindex(range(int(stage.index.min()), int(stage.index.max()) + 1))
    before = every["pupils"].shift()
    expected = before - every["graduates"] + every["entrants"] + every["net_transfers"].fillna(0.0)
    residual = (every["pupils"] - expected) / before.where(before > 0)
    return pd.DataFrame({"before": before, "expected": expected, "pupils": every["pupils"], "residual": residual})


def stocks_and_flows(district: District, _base_year: int) -> Iterator[Problem]:
    """Years whose pupils are not those of the year before, less graduates, plus entrants."""
    odd_transfers = set(far_years(_transfer_ratios(district), _LEAST_TRANSFER).years)
    for stage, rows in _by_stage(district).items():
        table = stock_residuals(rows)
        far = far_years(table["residual"], _LEAST_STOCK, _ALONE_STOCK)
        told: set[int] = set()
        for run in _runs(far):
            told |= set(run)
            what = _("在校生与上年在校生减毕业加招生连年不符：{shares}（近年通常 {usual:+.2%}）")
            yield _of_run(district, stage, far, run, what, "{:+.2%}")
        for year in far.years:
            if year not in told:
                pair = year + 1 if _mirrored(far, year) else None
                told |= {year, *([pair] if pair else [])}
                odd = stage in _TRANSFERRING and year in odd_transfers
                yield _of_year(district, stage, table, far, year, _suspects(stage, year, pair, odd=odd))


def _runs(far: Far) -> list[list[int]]:
    """Years on end that are far to the same side."""
    runs: list[list[int]] = []
    for year in far.years:
        last = runs[-1] if runs else []
        if last and last[-1] == year - 1 and (far.away[year] > 0) == (far.away[last[-1]] > 0):
            last.append(year)
        else:
            runs.append([year])
    return [run for run in runs if len(run) >= _RUN]


def _mirrored(far: Far, year: int) -> bool:
    """Whether the next year takes back what this one shows: the pupils between them are wrong."""
    away = far.away
    if year + 1 not in far.years:
        return False
    both = abs(away[year] + away[year + 1])
    return bool(both < min(abs(away[year]), abs(away[year + 1])) / 2)


def _suspects(stage: Stage, year: int, pair: int | None, *, odd: bool) -> str:
    """Which figures to look at first."""
    if pair:
        return _("次年差额方向相反、大小相当：先核对 {year} 年在校生").format(year=year)
    if odd:
        figure = _("毕业生") if stage is Stage.PRIMARY else _("招生")
        return _("同年小升初比例也异常：先核对 {year} 年{stage}{figure}").format(
            year=year, stage=label(stage), figure=figure
        )
    return _("核对 {year} 年招生、毕业和 {before} 年在校生").format(year=year, before=year - 1)


def _of_year(district: District, stage: Stage, table: pd.DataFrame, far: Far, year: int, remedy: str) -> Problem:
    """One year that does not close."""
    row = table.loc[year]
    what = _(
        "{year} 年在校生 {pupils:.0f} 人；{before} 年在校生减毕业加招生为 {expected:.0f} 人，相差 {share:+.2%}（近年通常 {usual:+.2%}）"
    ).format(
        year=year,
        before=year - 1,
        pupils=row["pupils"],
        expected=row["expected"],
        share=row["residual"],
        usual=far.usual,
    )
    return Problem(_place(district, f"{label(stage)} {year}"), what, remedy)


def _of_run(district: District, stage: Stage, far: Far, run: list[int], what: str, figure: str) -> Problem:
    """Years on end that are far to the same side."""
    shares = _("、").join(
        _("{year} 年 {share}").format(year=year, share=figure.format(far.series[year])) for year in run
    )
    remedy = _("像是学籍清理或口径变化：校准升级率时不用这些年份；其中差额突出的年份先核对")
    place = _place(district, f"{label(stage)} {run[0]}—{run[-1]}")
    return Problem(place, what.format(shares=shares, usual=far.usual), remedy)


def transfers_between_stages(district: District, _base_year: int) -> Iterator[Problem]:
    """Years whose junior entrants are an unusual share of the primary graduates."""
    far = far_years(_transfer_ratios(district), _LEAST_TRANSFER)
    told: set[int] = set()
    for run in _runs(far):
        told |= set(run)
        what = _("初中招生与小学毕业之比连年异常：{shares}（近年通常 {usual:.2%}）")
        yield _of_run(district, Stage.JUNIOR, far, run, what, "{:.2%}")
    for year in far.years:
        if year not in told:
            yield _of_transfer(district, far, year)


def _of_transfer(district: District, far: Far, year: int) -> Problem:
    """One year with an unusual share."""
    primary, junior = (_by_stage(district)[stage] for stage in _TRANSFERRING)
    what = _(
        "{year} 年小学毕业 {graduates:.0f} 人，初中招生 {entrants:.0f} 人，比例 {ratio:.2%}（近年通常 {usual:.2%}）"
    ).format(
        year=year,
        graduates=primary["graduates"][year],
        entrants=junior["entrants"][year],
        ratio=far.series[year],
        usual=far.usual,
    )
    return Problem(_place(district, f"{label(Stage.JUNIOR)} {year}"), what, _("核对小学毕业和初中招生"))


def entrants_and_births(district: District, _base_year: int) -> Iterator[Problem]:
    """Years whose primary entrants are an unusual share of the births behind them."""
    entrants = _by_stage(district).get(Stage.PRIMARY, pd.DataFrame(columns=["entrants"]))["entrants"].dropna()
    births = _births_by_year(district.births)
    of_age = births.rename(index=lambda year: year + _ENTRY_AGE)
    older = births.rename(index=lambda year: year + _ENTRY_AGE + 1)
    behind = (1 - AUTUMN_SHARE) * of_age + AUTUMN_SHARE * older
    ratios = (entrants / behind.where(behind > 0)).dropna()
    far = far_years(ratios.astype(float), _LEAST_BIRTHS)
    for year in far.years:
        what = _(
            "{year} 年小学招生 {entrants:.0f} 人，对应出生人口 {births:.0f} 人，比例 {ratio:.2f}（近年通常 {usual:.2f}）"
        ).format(year=year, entrants=entrants[year], births=behind[year], ratio=ratios[year], usual=far.usual)
        place = _place(district, f"{label(Stage.PRIMARY)} {year}")
        yield Problem(place, what, _("核对招生和出生人口；推迟入学会在相邻两年之间移动"))


def yearly_and_register(district: District, _base_year: int) -> Iterator[Problem]:
    """Years whose pupils differ from the enrolment table's."""
    register = district.enrolment.groupby(["stage", "year"])["pupils"].sum()
    for stage, rows in _by_stage(district).items():
        for year, pupils in rows["pupils"].dropna().items():
            counted = register.get((stage.value, year))
            if counted is not None and abs(pupils - counted) > _REGISTER * max(pupils, counted):
                what = _("{year} 年在校生 {pupils:.0f} 人，在校生表合计 {counted:.0f} 人").format(
                    year=year, pupils=pupils, counted=counted
                )
                remedy = _("以在校生表为准；核对是否漏了学校")
                yield Problem(_place(district, f"{label(stage)} {year}"), what, remedy)


def _by_stage(district: District) -> dict[Stage, pd.DataFrame]:
    """Stage → its rows by year."""
    table = district.yearly
    return {
        stage: table[table["stage"] == stage.value].set_index("year").sort_index()
        for stage in Stage
        if (table["stage"] == stage.value).any()
    }


def _births_by_year(table: pd.DataFrame) -> pd.Series[float]:
    """Births of the district by year: the sum of its units, or its total where a year has no units."""
    of_units = table[table["unit_id"] != ""].groupby("year")["births"].sum()
    totals = table[table["unit_id"] == ""].groupby("year")["births"].sum()
    return of_units.combine_first(totals)


def _transfer_ratios(district: District) -> pd.Series[float]:
    """Junior entrants ÷ primary graduates of the same summer, by year."""
    stages = _by_stage(district)
    if Stage.PRIMARY not in stages or Stage.JUNIOR not in stages:
        return pd.Series(dtype=float)
    graduates = stages[Stage.PRIMARY]["graduates"]
    ratios = stages[Stage.JUNIOR]["entrants"] / graduates.where(graduates > 0)
    return ratios.replace([np.inf, -np.inf], np.nan).astype(float).dropna()


def _place(district: District, row: str) -> str:
    """Table, file and row to print."""
    file = next((source.path.name for source in district.sources if source.table == "yearly"), "")
    title = CONTRACTS["yearly"].chinese
    return " ".join(part for part in (_(title), file, row) if part)


YEARLY_CHECKS = (stocks_and_flows, transfers_between_stages, entrants_and_births, yearly_and_register)
"""The checks of the yearly table, in the order in which their findings are told."""
