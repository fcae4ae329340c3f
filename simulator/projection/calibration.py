"""What a district's own history says about its progression, entry and the width of bands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd

from simulator.inputs.district import District
from simulator.language import translate as _
from simulator.projection.demand import FloatArray
from simulator.projection.past.backtest import (
    FEWEST_YEARS,
    OWN,
    calibrated_errors,
    look_back,
    rival_forecasts,
)
from simulator.projection.past.bands import scales
from simulator.projection.past.cohorts import CREDIBILITIES, ENTRY_WINDOWS, WINDOWS, totals
from simulator.projection.past.entry import entry_ratio
from simulator.projection.past.history import Beliefs, History, read_histories
from simulator.projection.past.outlook import Outlook, actual_after
from simulator.projection.past.ratios import district_ratios, measured_noise, school_ratios
from simulator.projection.past.words import method_words
from simulator.scenario import ProjectionSettings, Scenario
from simulator.terms import COMPULSORY, STAGE_GRADES, Stage, label

_JUDGED = 5
"""Horizons on which methods are judged."""


@dataclass(frozen=True)
class Calibration:
    """Ratios of the years to come, fitted on the history, and how wide their bands must be.

    Parameters
    ----------
    retention
        stage → pupils of a grade ÷ pupils of the grade below a year earlier, shape (grades − 1,); net of everything
        that happened on the way, migration included, where the stage is in `fitted`.
    schools
        stage → ids of the schools that tell their own ratios, in the order of the first axis of `school_retention`.
    school_retention
        stage → the same by school, leaning towards the district's, shape (schools, grades − 1).
    entry_ratio
        stage → pupils of its first grade ÷ births of their cohort (÷ graduates of the stage before, where one
        feeds it); a stage without a history, or without births, is absent.
    late_share
        Share of children who enter primary school a year late.
    noise, floor
        Variance of the ratio of a cohort of n pupils: noise ÷ n + floor².
    band_scale
        Factor on the width that the noise law gives to the whole district, by horizon 1 … H, shape (H,).
    school_band_scale
        The same for single schools.
    fitted
        Stages whose ratios come from the history; the others have the scenario's.
    method
        The method that did best on the history; empty where none could be tested.
    sentences
        What was chosen and why, in the planner's words.
    """

    retention: dict[Stage, FloatArray]
    schools: dict[Stage, tuple[str, ...]]
    school_retention: dict[Stage, FloatArray]
    entry_ratio: dict[Stage, float]
    late_share: float
    noise: float
    floor: float
    band_scale: FloatArray
    school_band_scale: FloatArray
    fitted: frozenset[Stage]
    method: str
    sentences: tuple[str, ...]


def beliefs_of(scenario: Scenario) -> Beliefs:
    """What the scenario believes before the history speaks."""
    uncertainty = scenario.uncertainty
    return Beliefs(scenario.projection.late_entry_share, uncertainty.cohort_noise, uncertainty.cohort_floor)


def calibrate(district: District, scenario: Scenario) -> Calibration:
    """Fit the ratios of every stage on the district's own enrolment up to the base year.

    Parameters
    ----------
    district
        Tables `enrolment`, `births` and `classes` are used.
    scenario
        Base year, and the figures of stages whose history is shorter than three years.
    """
    base, settings, beliefs = scenario.horizon.base_year, scenario.projection, beliefs_of(scenario)
    horizons = scenario.horizon.projection_to - base
    histories = read_histories(enrolment_until(district, base), district.births, until=base)
    known = look_back(histories, beliefs, horizons)
    told = {
        Stage(history.name): (history, known[history.name])
        for history in histories
        if history.known.sum() >= FEWEST_YEARS and known[history.name]
    }
    retention = {stage: _stated(stage, settings) for stage in Stage}
    school_retention, schools, ratios = {}, {}, {}
    for stage, (history, outlooks) in told.items():
        last = outlooks[-1]
        retention[stage] = _placed(retention[stage], stage, history, _district_ratios(last))
        is_open = last.cleaned.history.is_open[:, -1]
        schools[stage] = tuple(name for name, runs in zip(history.schools, is_open, strict=True) if runs)
        own = _school_ratios(last)[is_open]
        school_retention[stage] = np.stack([_placed(retention[stage], stage, history, row) for row in own])
        if history.feeder or len(history.births.counts):
            ratios[stage] = _entry_ratio(last)
    scale = {level: _band_scale(level, told, beliefs, horizons) for level in ("district", "school")}
    method, reasons = _judge(told)
    return Calibration(
        retention=retention,
        schools=schools,
        school_retention=school_retention,
        entry_ratio={stage: ratio for stage, ratio in ratios.items() if np.isfinite(ratio)},
        late_share=told[Stage.PRIMARY][1][-1].late_share if Stage.PRIMARY in told else settings.late_entry_share,
        noise=measured_noise([outlooks[-1].cleaned for _history, outlooks in told.values()], beliefs),
        floor=beliefs.floor,
        band_scale=scale["district"],
        school_band_scale=scale["school"],
        fitted=frozenset(told),
        method=method,
        sentences=(*_missing(told), *reasons, *_events(told)),
    )


def enrolment_until(district: District, base_year: int) -> pd.DataFrame:
    """The enrolment table; its base year from the classes of schools that do not list it."""
    enrolment, classes = district.enrolment, district.classes
    if classes.empty or enrolment.empty:
        return enrolment
    listed = set(enrolment.loc[enrolment["year"] == base_year, "school_id"])
    keys = ["school_id", "stage", "grade"]
    sums = classes[~classes["school_id"].isin(listed)].groupby(keys, as_index=False)["pupils"].sum()
    joined: pd.DataFrame = pd.concat([enrolment, sums.assign(year=base_year)], ignore_index=True)
    return joined


def _stated(stage: Stage, settings: ProjectionSettings) -> FloatArray:
    """The scenario's ratio for every grade of a stage."""
    first, last = STAGE_GRADES[stage]
    return np.full(last - first, settings.retention if stage in COMPULSORY else settings.senior_retention)


def _placed(stated: FloatArray, stage: Stage, history: History, ratios: FloatArray) -> FloatArray:
    """Ratios of the grades that a history has, at their places among all steps of the stage."""
    placed = stated.copy()
    for grade, ratio in zip(history.grades, ratios, strict=False):
        place = grade - STAGE_GRADES[stage][0]
        if 0 <= place < len(placed):
            placed[place] = ratio
    return placed


def _district_ratios(last: Outlook) -> FloatArray:
    """Ratios of every window, joined by what each had shown."""
    ratios = np.stack([district_ratios(last.cleaned, window) for window in WINDOWS])
    return np.asarray(last.district_weights.mean(axis=1) @ ratios)


def _school_ratios(last: Outlook) -> FloatArray:
    """The same by school, shape (schools, grades − 1)."""
    ways = [
        school_ratios(last.cleaned, window, belief)
        for window, belief, _share in product(WINDOWS, CREDIBILITIES, WINDOWS)
    ]
    weights = last.school_weights[: len(ways)].mean(axis=1)
    return np.asarray(np.tensordot(weights / weights.sum(), np.stack(ways), axes=1))


def _entry_ratio(last: Outlook) -> float:
    """Entrants ÷ what stands behind them, by every window, joined."""
    entrants = totals(last.cleaned.history)[0]
    ratios = np.array([entry_ratio(last.source, entrants, window) for window in ENTRY_WINDOWS])
    weights = last.entry_weights[: len(ratios)].mean(axis=1)
    return float(weights @ ratios / weights.sum())


Told = Mapping[Stage, tuple[History, Sequence[Outlook]]]


def _band_scale(level: str, told: Told, beliefs: Beliefs, horizons: int) -> FloatArray:
    """Factor on the noise law's width, from all stages together."""
    ahead = np.arange(1.0, horizons + 1)
    if not told:
        return np.ones(horizons)
    year = max(outlooks[-1].year for _history, outlooks in told.values())
    parts = [
        scales(calibrated_errors(level, history, outlooks, beliefs, ahead), year, ahead)
        for history, outlooks in told.values()
    ]
    return np.asarray(np.mean(parts, axis=0))


def _judge(told: Told) -> tuple[str, list[str]]:
    """The method with the smallest past error of the district, and the sentences that say so."""
    words = method_words()
    sums: dict[str, float] = {}
    sentences = []
    for stage, (history, outlooks) in told.items():
        errors = _past_errors(history, outlooks)
        if not errors:
            continue
        best = min(errors, key=lambda name: errors[name])
        for name, error in errors.items():
            sums[name] = sums.get(name, 0.0) + error
        sentences.append(
            _("{stage}升级比按本地历史拟合；回测平均误差：{errors}，最小的是{best}").format(
                stage=label(stage),
                errors=_("，").join(f"{words[name]} {error:.1%}" for name, error in errors.items()),
                best=words[best],
            )
            + (_("（推算仍逐年级进行，以保留年级结构）") if best != OWN else "")
        )
    return (min(sums, key=lambda name: sums[name]) if sums else ""), sentences


def _past_errors(history: History, outlooks: Sequence[Outlook]) -> dict[str, float]:
    """Method → mean absolute relative error of the district over the past forecasts, horizons alike."""
    counts = totals(history).sum(axis=0)
    found: dict[str, list[FloatArray]] = {}
    for outlook in outlooks[FEWEST_YEARS - 2 :]:
        actual = actual_after(counts, history, outlook.year, _JUDGED)
        rivals = rival_forecasts(history.until(outlook.year), _JUDGED)["district", "all"]
        for name, forecast in ((OWN, outlook.district.sum(axis=0)[None, :_JUDGED]), *rivals.items()):
            short = actual[: forecast.shape[1]]
            error = np.abs(forecast[0] / np.where(short > 0, short, np.nan) - 1)
            found.setdefault(name, []).append(np.pad(error, (0, _JUDGED - len(error)), constant_values=np.nan))
    by_method = {name: np.stack(errors) for name, errors in found.items()}
    told = {name: ~np.isnan(errors) for name, errors in by_method.items()}
    return {
        name: float(np.mean([errors[told[name][:, h], h].mean() for h in range(_JUDGED) if told[name][:, h].any()]))
        for name, errors in by_method.items()
        if told[name].any()
    }


def _missing(told: Told) -> list[str]:
    """That the history is too short to tell ratios."""
    if told:
        return []
    return [
        _("在校生历史不足 {years} 年，升级比、入学比用情景设定值，区间用公开数据测得的波动").format(years=FEWEST_YEARS)
    ]


def _events(told: Told) -> list[str]:
    """Counts that stand out and were set right."""
    return [
        event.sentence(label(stage))
        for stage, (_history, outlooks) in told.items()
        for event in outlooks[-1].cleaned.events
        if event.kind in {"incomplete", "year"}
    ]
