"""Capital and running cost by year."""

from __future__ import annotations

import pandas as pd

from simulator.capacity.costs import Costs
from simulator.indicators.network import MeasuredNetwork
from simulator.plan import Plan

_YUAN_A_WAN = 10_000


def money(measured: MeasuredNetwork, plan: Plan, costs: Costs, carried: pd.DataFrame) -> pd.DataFrame:
    """Capital of the plan's works and running cost of the public sections, in 万元.

    Running = class_year × classes + section_year × open sections + pupil_year × pupils, stage by stage, and school buses
    and boarding; private sections are not paid for by the district.

    Parameters
    ----------
    measured, plan, costs
        The network, its capital, unit costs.
    carried
        Its school buses and boarders, as `Indicators.transport`.

    Returns
    -------
    pandas.DataFrame
        As `Indicators.money`, one `running_<stage>_wan` a stage with costs.
    """
    run = measured.sections[measured.sections["public"]].reset_index()
    counts = run.groupby(["year", "stage"]).agg(
        classes=("classes", "sum"), pupils=("pupils", "sum"), sections=("open", "sum")
    )
    years = sorted(set(measured.sections.index.get_level_values("year")) | set(plan.capital["year"]))
    table = pd.DataFrame({"network": measured.network, "year": pd.Series(years, dtype="int64")})
    capital = plan.capital.groupby("year")["capital_wan"].sum()
    running = {}
    for stage, cost in costs.stages.items():
        if stage.value not in counts.index.get_level_values("stage"):
            continue
        of = counts.xs(stage.value, level="stage").reindex(years, fill_value=0)
        yuan = cost.class_year * of["classes"] + cost.section_year * of["sections"] + cost.pupil_year * of["pupils"]
        running[f"running_{stage}_wan"] = (yuan / _YUAN_A_WAN).to_numpy(float)
    transport = carried.groupby("year")["cost_wan"].sum().reindex(years, fill_value=0.0).to_numpy(float)
    table = table.assign(
        capital_wan=capital.reindex(years, fill_value=0.0).to_numpy(float),
        running_wan=sum(running.values(), start=transport),
        transport_wan=transport,
    )
    return table.assign(**running)
