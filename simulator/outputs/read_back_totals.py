"""Totals of a plan before and after a planner's changes, from the figures that every output quotes."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from simulator.indicators.figures import Indicators
from simulator.language import translate as _
from simulator.outputs.schemes import figure_titles, scheme_figures
from simulator.plan import Plan
from simulator.scenario import Scenario


def total_titles() -> dict[str, tuple[str, str]]:
    """Figure → title and unit."""
    return {
        "children_target": (_("远期在校学生"), _("人")),
        "seats_target": (_("远期标准学位"), _("个")),
        **figure_titles(),
    }


def total_figures(
    plan: Plan, indicators: Indicators, findings: pd.DataFrame, sections: pd.DataFrame, scenario: Scenario
) -> dict[str, float]:
    """Children and seats of the target year, then :func:`simulator.outputs.schemes.scheme_figures`."""
    seats = indicators.seats
    rows = seats[
        (seats["network"] == plan.network) & (seats["township"] == "") & (seats["year"] == scenario.horizon.target_year)
    ]
    return {
        "children_target": float(rows["children"].sum()),
        "seats_target": float(rows["seats_standard"].sum()),
        **scheme_figures(plan, indicators, findings, sections, scenario),
    }


def before_after(before: Mapping[str, float], after: Mapping[str, float]) -> pd.DataFrame:
    """figure, title, unit, before, after, change: every total that both have, in the order of the comparison."""
    rows = [
        (name, title, unit, before[name], after[name], after[name] - before[name])
        for name, (title, unit) in total_titles().items()
        if name in before and name in after
    ]
    return pd.DataFrame(rows, columns=["figure", "title", "unit", "before", "after", "change"])
