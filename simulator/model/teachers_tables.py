"""The years of the counties' pools as the tables of :class:`simulator.indicators.staffing_figures.Staff`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from simulator.indicators.staffing_figures import (
    MOVE_COLUMNS,
    RECRUIT_COLUMNS,
    ROTATION_COLUMNS,
    SECTION_COLUMNS,
    STAGE_COLUMNS,
    SUBJECT_COLUMNS,
)
from simulator.model.teachers_build import STAGES, SUBJECTS
from simulator.model.teachers_state import Pool, YearTold
from simulator.scenario import Scenario
from simulator.terms import Network, TransferReason

_KEY = ["network", "county", "ours", "year", "stage"]
_POSTS = ["posts", "posted", "unposted"]
_KNOWN = [*_POSTS, "teachers", "retired", "left", "moved", "recruited", "short", "spare", "rotated"]


@dataclass(frozen=True)
class CountyRun:
    """A county's pool over the years: its sections in the order of the arrays, and what happened in each year."""

    network: str
    county: str
    sections: pd.Index
    pool: Pool
    years: tuple[int, ...]
    told: list[YearTold]
    posts: pd.DataFrame
    """posts, posted and unposted of the sections, NaN where unknown."""


def tables_of(
    runs: list[CountyRun], need: pd.DataFrame, counties: pd.Series[str], scenario: Scenario
) -> dict[str, Any]:
    """Tables by the fields of `Staff`; measures are those of the plan."""
    acted = [run for run in runs if run.network == Network.PLAN]
    return {
        "stages": stage_rows(runs, need, counties, scenario),
        "subjects": _frame([row for run in runs for row in _subjects(run)], SUBJECT_COLUMNS),
        "sections": _frame([row for run in acted for row in _sections(run)], SECTION_COLUMNS),
        "moves": _frame([row for run in acted for row in _moves(run)], MOVE_COLUMNS),
        "recruits": _frame([row for run in acted for row in _recruits(run)], RECRUIT_COLUMNS),
        "rotation": _frame([row for run in acted for row in _rotation(run)], ROTATION_COLUMNS),
    }


def stage_rows(runs: list[CountyRun], need: pd.DataFrame, counties: pd.Series[str], scenario: Scenario) -> pd.DataFrame:
    """Public sections by county, stage and year: what is needed, and what there is where it is known.

    Parameters
    ----------
    runs
        Pools of the counties; empty without a table of teachers.
    need
        `Staff.need`.
    counties
        Site → county.
    scenario
        For the years.
    """
    horizon = scenario.horizon
    rows = need[need["public"].astype(bool) & need["year"].between(horizon.base_year, horizon.target_year)]
    site = rows["section_id"].str.rsplit(":", n=1).str[0]
    rows = rows.assign(county=site.map(counties).fillna(""), ours=rows["decided_here"].astype(bool))
    summed = rows.groupby(_KEY, as_index=False)[["pupils", "classes", "posts", "teachers"]].sum()
    summed = summed.rename(columns={"posts": "posts_needed", "teachers": "teachers_needed"})
    known = _frame([row for run in runs for row in _stage_years(run)], [*_KEY, *_KNOWN])
    if known.empty:
        return pd.DataFrame(summed.reindex(columns=STAGE_COLUMNS))
    both = summed.merge(known, on=_KEY, how="outer")
    asked = ["pupils", "classes", "posts_needed", "teachers_needed"]
    both[asked] = both[asked].fillna(0).astype(int)
    return pd.DataFrame(both.reindex(columns=STAGE_COLUMNS))


def _stage_years(run: CountyRun) -> list[dict[str, Any]]:
    """Sums of the sections of a stage, ours and others: the base year as it stands, then every plan year."""
    rows = []
    for ours in (True, False):
        for number, stage in enumerate(STAGES):
            own = (run.pool.stage == number) & (run.pool.ours == ours)
            if own.any():
                key = {"network": run.network, "county": run.county, "ours": ours, "stage": stage.value}
                rows += [key | row for row in _sums(run, own, number)]
    return rows


def _sums(run: CountyRun, own: np.ndarray, stage: int) -> list[dict[str, Any]]:
    """What some sections of a stage have, year by year."""
    held, posts = run.pool.held[own].sum(axis=1), run.posts[own].sum(min_count=1)
    first = {"year": run.years[0] - 1, "teachers": int(held.sum()), **posts}
    rows = [first | _apart(run.pool.needed[own, 0] - held)]
    for year, told in zip(run.years, run.told, strict=True):
        ways = [move for move in told.moves if own[move[0]] and move[3] is not TransferReason.ROTATION]
        exchanged = told.rotation.get(stage) if (own & run.pool.pooled).any() else None
        row = {
            "year": year,
            "posts": posts["posts"],
            "teachers": int(told.held[own].sum()),
            "retired": int(told.retired[own].sum()),
            "left": int(told.left[own].sum()),
            "moved": sum(move[4] for move in ways),
            "recruited": int(told.recruited[own].sum()),
            "rotated": exchanged[1] if exchanged else 0,
        }
        rows.append(row | _apart(run.pool.needed[own, year - run.years[0] + 1] - told.held[own].sum(axis=1)))
    return rows


def _apart(lacks: np.ndarray) -> dict[str, int]:
    """Sections with too few and with too many, never netted."""
    return {"short": int(lacks.clip(min=0).sum()), "spare": int((-lacks).clip(min=0).sum())}


def _subjects(run: CountyRun) -> list[dict[str, Any]]:
    """Pooled sections by stage and subject; the need is what lessons ask for, rounded over the county."""
    rows = []
    for year, told in zip(run.years, run.told, strict=True):
        place = year - run.years[0] + 1
        for number, stage in enumerate(STAGES):
            own = run.pool.pooled & (run.pool.stage == number)
            if not own.any():
                continue
            needed = np.rint((run.pool.needed[own, place, None] * run.pool.shares[own]).sum(axis=0)).astype(int)
            held, recruited = told.held[own].sum(axis=0), told.recruited[own].sum(axis=0)
            short, spare = told.short[own].sum(axis=0), told.spare[own].sum(axis=0)
            rows += [
                {
                    "network": run.network,
                    "county": run.county,
                    "year": year,
                    "stage": stage.value,
                    "subject": subject,
                    "needed": int(needed[place]),
                    "teachers": int(held[place]),
                    "recruited": int(recruited[place]),
                    "short": int(short[place]),
                    "spare": int(spare[place]),
                }
                for place, subject in enumerate(SUBJECTS)
                if needed[place] or held[place]
            ]
    return rows


def _sections(run: CountyRun) -> list[dict[str, Any]]:
    rows = []
    for place, (year, told) in enumerate(zip(run.years, run.told, strict=True), start=1):
        held = told.held.sum(axis=1)
        shown = np.flatnonzero(run.pool.pooled & ((held > 0) | (run.pool.needed[:, place] > 0)))
        rows += [
            {
                "year": year,
                "section_id": run.sections[section],
                "needed": int(run.pool.needed[section, place]),
                "teachers": int(held[section]),
                "short": int(told.short[section].sum()),
                "spare": int(told.spare[section].sum()),
                "above_degree": round(float(told.above_degree[section]), 2),
                "backbone": round(float(told.backbone[section])),
                "pe_arts": round(float(told.pe_arts[section])),
            }
            for section in shown.tolist()
        ]
    return rows


def _moves(run: CountyRun) -> list[dict[str, Any]]:
    rows = []
    for year, told in zip(run.years, run.told, strict=True):
        rows += [
            {
                "county": run.county,
                "year": year,
                "from_section": run.sections[start],
                "to_section": run.sections[to],
                "subject": SUBJECTS[subject] if subject >= 0 else "",
                "reason": reason.value,
                "teachers": teachers,
                "backbone": backbone,
                "minutes": round(float(run.pool.reach[start, to]), 1),
            }
            for start, to, subject, reason, teachers, backbone in told.moves
        ]
    return rows


def _recruits(run: CountyRun) -> list[dict[str, Any]]:
    rows = []
    for year, told in zip(run.years, run.told, strict=True):
        for number, stage in enumerate(STAGES):
            counts = told.recruited[run.pool.stage == number].sum(axis=0)
            rows += [
                {
                    "county": run.county,
                    "year": year,
                    "stage": stage.value,
                    "subject": SUBJECTS[subject],
                    "teachers": int(counts[subject]),
                }
                for subject in np.flatnonzero(counts)
            ]
    return rows


def _rotation(run: CountyRun) -> list[dict[str, Any]]:
    rows = []
    for year, told in zip(run.years, run.told, strict=True):
        for number, (exchange, rotated, backbone, weaker) in told.rotation.items():
            eligible = int(exchange.eligible.sum())
            rows.append(
                {
                    "county": run.county,
                    "year": year,
                    "stage": STAGES[number].value,
                    "eligible": eligible,
                    "target": exchange.target,
                    "rotated": rotated,
                    "share": rotated / eligible if eligible else np.nan,
                    "backbone": backbone,
                    "backbone_share": backbone / rotated if rotated else np.nan,
                    "to_weaker": weaker,
                }
            )
    return rows


def _frame(rows: list[dict[str, Any]], columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=columns)
