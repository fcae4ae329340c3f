"""The five questions of a planner, answered as frames and numbers: the source of summary and screen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from simulator.outputs.edition import is_public, shown_counts
from simulator.outputs.findings import finding_words, place_names
from simulator.outputs.schemes import scheme_figures
from simulator.outputs.titles import stage_order
from simulator.result import Result
from simulator.terms import Action, Effect, FindingStatus, Network

_JOURNEYS = ["network", "stage", "mean_min", "longest_min", "over_limit"]


@dataclass(frozen=True)
class Answers:
    """Answers of one run; numbers of people that its edition holds back are NaN.

    Parameters
    ----------
    short
        Where seats are short under the plan: stage, township, year (the worst of the plan), shortage,
        no_action (shortage without action in that year); worst first, less than half a child left out.
    short_idle
        The same without action: stage, township, year, shortage.
    works
        What is proposed: the plan's actions other than 保留, by year.
    figures, idle
        Figures of :func:`simulator.outputs.schemes.scheme_figures` of the plan and without action.
    moved
        Of the plan's re-zoning, by stage and cause: children_moved, longer, change (mean minutes).
    journeys
        Longest and over the limit in the target year by stage, both networks: network, stage, mean_min,
        longest_min, over_limit.
    failing
        New findings of the plan in words, as :func:`simulator.outputs.findings.finding_words`.
    standing
        Findings against rigid rules that the plan inherits or declares, in words as `failing`, with their status.
    counts
        Effect → number of new findings of the plan; `inherited` and `declared` beside them.
    """

    short: pd.DataFrame
    short_idle: pd.DataFrame
    works: pd.DataFrame
    figures: dict[str, float]
    idle: dict[str, float]
    moved: pd.DataFrame
    journeys: pd.DataFrame
    failing: pd.DataFrame
    standing: pd.DataFrame
    counts: dict[str, int]


def answers(result: Result) -> Answers:
    """Answer: where are seats short, what is proposed, what does it cost, who travels farther, which rules fail."""
    findings = result.audit.of(Network.PLAN)
    new = findings[findings["status"] == FindingStatus.NEW]
    counts = {effect.value: int((new["effect"] == effect).sum()) for effect in Effect}
    counts |= {
        status.value: int((findings["status"] == status).sum())
        for status in (FindingStatus.INHERITED, FindingStatus.DECLARED)
    }
    figures, idle = (
        scheme_figures(plan, result.indicators, result.audit.findings, result.supply.sections, result.scenario)
        for plan in (result.plan, result.no_action)
    )
    public = is_public(result)
    target = result.scenario.horizon.target_year
    travel = result.indicators.travel
    journeys = travel[(travel["year"] == target) & (travel["township"] == "") & (travel["children"] > 0)]
    journeys = journeys.assign(order=stage_order(journeys["stage"])).sort_values("order", kind="stable")
    names = place_names(result.supply, result.district.units)
    standing = findings[(findings["status"] != FindingStatus.NEW) & (findings["effect"] == Effect.RIGID)]
    return Answers(
        short=_as_shown(worst_shortages(result, Network.PLAN), ["shortage"], public=public),
        short_idle=_as_shown(worst_shortages(result, Network.NO_ACTION), ["shortage"], public=public),
        works=proposed(result),
        figures=figures,
        idle=idle,
        moved=_as_shown(_moved(result.indicators.moved), ["children_moved", "longer"], public=public),
        journeys=_as_shown(journeys[_JOURNEYS].reset_index(drop=True), ["over_limit"], public=public),
        failing=finding_words(new, names),
        standing=finding_words(standing, names),
        counts=counts,
    )


def proposed(result: Result) -> pd.DataFrame:
    """The plan's actions other than 保留, by year."""
    works = result.plan.actions
    return works[works["action"] != Action.KEEP].sort_values(["year", "site_id", "stage"]).reset_index(drop=True)


def _as_shown(rows: pd.DataFrame, counts: list[str], *, public: bool) -> pd.DataFrame:
    """The rows with numbers of people as the edition shows them: NaN where they are held back."""
    if not public or not len(rows):
        return rows
    return rows.assign(**{name: shown_counts(rows[name].to_numpy(np.float64)) for name in counts})


def worst_shortages(result: Result, network: Network) -> pd.DataFrame:
    """The worst year of each stage and township with a shortage: stage, township, year, shortage; worst first."""
    seats = result.indicators.seats
    rows = seats[
        (seats["network"] == network.value)
        & (seats["township"] != "")
        & seats["year"].isin(list(result.scenario.plan_years))
        & (seats["shortage"] >= 0.5)
    ]
    rows = rows.sort_values(["shortage", "year"], ascending=[False, True], kind="stable")
    columns = ["stage", "township", "year", "shortage"]
    return rows.drop_duplicates(["stage", "township"])[columns].reset_index(drop=True)


def _moved(moved: pd.DataFrame) -> pd.DataFrame:
    """Sums over the phases by stage and cause; the change is the mean over the children moved."""
    if len(moved) == 0:
        return pd.DataFrame(columns=["stage", "cause", "children_moved", "longer", "change"])
    weighted = moved.assign(spent=moved["mean_change_min"].fillna(0.0) * moved["children_moved"])
    keys = ["stage", "cause"]
    sums = weighted.groupby(keys, sort=False)[["children_moved", "longer", "spent"]].sum().reset_index()
    change = sums["spent"] / sums["children_moved"].replace(0.0, np.nan)
    found = sums.assign(change=change, order=stage_order(sums["stage"])).sort_values("order", kind="stable")
    return found.drop(columns=["spent", "order"]).reset_index(drop=True)
