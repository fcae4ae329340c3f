"""经费、占比与举措: the figures about money, shares and levers of one run, as frames."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from simulator.indicators.board.side import Side
from simulator.indicators.capital_heads import CAPITAL_COLUMNS, capital_heads
from simulator.indicators.closings import CLOSING_COLUMNS, closing_savings
from simulator.indicators.levers import LEVER_COLUMNS, lever_rows
from simulator.indicators.running import FALL_COLUMNS, RUNNING_COLUMNS, running_cost, section_running, spending_falls
from simulator.indicators.shares import SHARE_COLUMNS, TARGET_COLUMNS, own_targets, shares
from simulator.indicators.staffing_figures import Staff

OPENING_COLUMNS = ["site_id", "year", "running_wan"]


def _empty(columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame(columns=columns)


@dataclass(frozen=True)
class Finance:
    """经费、占比与举措.

    Parameters
    ----------
    running
        :data:`simulator.indicators.running.RUNNING_COLUMNS`: running cost of both networks.
    falls
        :data:`simulator.indicators.running.FALL_COLUMNS`: where funds or staff cost a pupil would fall.
    closings
        :data:`simulator.indicators.closings.CLOSING_COLUMNS`: what closings save on paper and in truth.
    openings
        site_id, year, running_wan: what a new school costs to run in the year in which it opens.
    shares
        :data:`simulator.indicators.shares.SHARE_COLUMNS`: shares of children and seats since the base year.
    targets
        :data:`simulator.indicators.shares.TARGET_COLUMNS`: the plan's own targets.
    levers
        :data:`simulator.indicators.levers.LEVER_COLUMNS`: what the plan does under each lever.
    heads
        :data:`simulator.indicators.capital_heads.CAPITAL_COLUMNS`: capital of the plan under four heads.
    """

    running: pd.DataFrame = field(default_factory=lambda: _empty(RUNNING_COLUMNS))
    falls: pd.DataFrame = field(default_factory=lambda: _empty(FALL_COLUMNS))
    closings: pd.DataFrame = field(default_factory=lambda: _empty(CLOSING_COLUMNS))
    openings: pd.DataFrame = field(default_factory=lambda: _empty(OPENING_COLUMNS))
    shares: pd.DataFrame = field(default_factory=lambda: _empty(SHARE_COLUMNS))
    targets: pd.DataFrame = field(default_factory=lambda: _empty(TARGET_COLUMNS))
    levers: pd.DataFrame = field(default_factory=lambda: _empty(LEVER_COLUMNS))
    heads: pd.DataFrame = field(default_factory=lambda: _empty(CAPITAL_COLUMNS))


NO_FINANCE = Finance()
"""Where nobody asked."""


def finance(plan: Side, present: Side, staff: Staff, moved: pd.DataFrame, admission_plan: pd.DataFrame) -> Finance:
    """Money, shares and levers of the plan beside the present network.

    Parameters
    ----------
    plan, present
        Both networks as the evaluation board looks at them.
    staff
        Teachers; those beyond need stay in the pool and are paid.
    moved
        `Indicators.moved`.
    admission_plan
        The district's admission plan.
    """
    running = pd.concat([running_cost(side, staff.stages) for side in (plan, present)], ignore_index=True)
    told = pd.concat([shares(side) for side in (plan, present)], ignore_index=True)
    return Finance(
        running=running,
        falls=spending_falls(running),
        closings=closing_savings(plan, present),
        openings=_openings(plan),
        shares=told,
        targets=own_targets(told, plan.scenario.targets),
        levers=lever_rows(plan, moved, admission_plan),
        heads=capital_heads(plan),
    )


def _openings(plan: Side) -> pd.DataFrame:
    """Running cost of every place that does not run today, in its first year."""
    rows = section_running(plan)
    existing = plan.supply.sites["existing"].astype(bool)
    rows = rows[~rows["site_id"].map(existing).astype(bool)]
    heads = [name for name in rows.columns if name.endswith("_wan")]
    yearly = (
        rows.assign(running_wan=rows[heads].sum(axis=1)).groupby(["site_id", "year"])["running_wan"].sum().reset_index()
    )
    return yearly.sort_values("year").groupby("site_id", as_index=False).first()[OPENING_COLUMNS]
