"""Figures of stages and townships, of the indicators alone."""

from __future__ import annotations

from typing import Any

import pandas as pd

from simulator.outputs.edition import is_public
from simulator.outputs.figures import people, share, whole
from simulator.outputs.tables import demand_totals
from simulator.outputs.titles import stage_order
from simulator.outputs.word.context_stages import Stage as StageFields
from simulator.outputs.word.context_stages import StageYear, Township, TownshipStage
from simulator.result import Result
from simulator.terms import COMPULSORY, Network, Stage, label

_SIDES = (Network.PLAN, Network.NO_ACTION)


def near_year(result: Result) -> int:
    """The end of the near term, as the table of targets has it."""
    horizon = result.scenario.horizon
    return min(horizon.base_year + 5, horizon.target_year)


def stage_fields(result: Result) -> tuple[StageFields, ...]:
    """Every stage that has sections."""
    sections = result.supply.sections
    totals = demand_totals(result.projection).groupby(["variant", "stage", "year"])["children"].sum()
    present = [stage for stage in Stage if (sections["stage"] == stage).any()]
    return tuple(_stage(result, stage, totals) for stage in present)


def _stage(result: Result, stage: Stage, totals: pd.Series) -> StageFields:
    horizon, public = result.scenario.horizon, is_public(result)
    years = _years(result, stage, totals)
    by_year = {row.year: row for row in years}
    planned = [row for row in years if row.year in result.scenario.plan_years]
    sections = result.supply.sections
    own = sections[(sections["stage"] == stage) & sections["existing"].astype(bool)]
    pupils, classes = whole(own["pupils"].sum()), whole(own["classes"].sum())
    plan, idle = (_travel(result, stage, network) for network in _SIDES)
    figures = result.standards.figures
    return StageFields(
        code=stage.value,
        name=label(stage),
        is_compulsory=stage in COMPULSORY,
        schools=len(own),
        classes=classes,
        pupils=pupils,
        mean_class=pupils / classes if classes else None,
        class_size=_norm(figures, f"class_size.{stage.value}"),
        class_size_max=_norm(figures, f"class_size_max.{stage.value}"),
        radius_m=_norm(figures, f"radius_m.{stage.value}"),
        coverage=_coverage(result, stage, horizon.base_year),
        coverage_target=_coverage(result, stage, horizon.target_year),
        mean_minutes=share(plan.get("mean_min")),
        longest_minutes=share(plan.get("longest_min")),
        over_limit=people(plan.get("over_limit"), public=public),
        over_limit_idle=people(idle.get("over_limit"), public=public),
        base=by_year[horizon.base_year],
        near=by_year[near_year(result)],
        target=by_year[horizon.target_year],
        peak=max(planned, key=lambda row: row.demand),
        worst=max(planned, key=lambda row: row.shortage),
        worst_idle=max(planned, key=lambda row: row.shortage_idle),
        years=years,
    )


def _norm(figures: Any, figure_id: str) -> float | None:  # noqa: ANN401  a mapping of figures
    return float(figures[figure_id].value) if figure_id in figures else None


def _years(result: Result, stage: Stage, totals: pd.Series) -> tuple[StageYear, ...]:
    horizon, indicators, public = result.scenario.horizon, result.indicators, is_public(result)
    seats = indicators.seats[(indicators.seats["stage"] == stage) & (indicators.seats["township"] == "")]
    plan, idle = (seats[seats["network"] == network].set_index("year") for network in _SIDES)
    sizes = indicators.class_sizes[indicators.class_sizes["stage"] == stage]
    sizes = sizes[sizes["network"] == Network.PLAN].set_index("year")
    variants = list(result.projection.demand)
    rows = []
    for year in range(horizon.base_year, horizon.target_year + 1):
        children = [float(totals.get((variant, stage.value, year), 0.0)) for variant in variants]
        formed = sizes.loc[year].to_dict() if year in sizes.index else {}
        own = plan.loc[year].to_dict() if year in plan.index else {}
        other = idle.loc[year].to_dict() if year in idle.index else {}
        rows.append(
            StageYear(
                year=year,
                demand=people(own.get("children"), public=public),
                low=people(min(children), public=public),
                high=people(max(children), public=public),
                seats=whole(own.get("seats_standard")),
                seats_idle=whole(other.get("seats_standard")),
                shortage=people(own.get("shortage"), public=public),
                shortage_idle=people(other.get("shortage"), public=public),
                spare=whole(own.get("spare")),
                utilization=share(own.get("utilization")),
                classes=whole(formed.get("classes")),
                mean_class=share(formed.get("mean")),
                largest_class=whole(formed.get("largest")),
                oversized_share=share(formed.get("oversized_share")),
            )
        )
    return tuple(rows)


def _travel(result: Result, stage: Stage, network: Network) -> dict[str, Any]:
    travel = result.indicators.travel
    own = travel[
        (travel["network"] == network)
        & (travel["stage"] == stage)
        & (travel["township"] == "")
        & (travel["year"] == result.scenario.horizon.target_year)
    ]
    return dict(own.iloc[0]) if len(own) else {}


def _coverage(result: Result, stage: Stage, year: int) -> float | None:
    rows = result.indicators.coverage
    own = rows[
        (rows["network"] == Network.PLAN) & (rows["stage"] == stage) & (rows["township"] == "") & (rows["year"] == year)
    ]
    return share(own["share"].iloc[0]) if len(own) else None


def township_fields(result: Result) -> tuple[Township, ...]:
    """Every township with its stages that have children or seats."""
    horizon, planned, public = result.scenario.horizon, list(result.scenario.plan_years), is_public(result)
    seats = result.indicators.seats
    seats = seats[seats["township"] != ""]
    worst = seats[seats["year"].isin(planned)].groupby(["network", "township", "stage"])["shortage"].max()
    keys = ["township", "stage", "year"]
    plan = seats[seats["network"] == Network.PLAN].set_index(keys)[["children", "seats_standard"]].sort_index()
    places = plan.reset_index()[["township", "stage"]].drop_duplicates()
    places = places.assign(order=stage_order(places["stage"])).sort_values(["township", "order"])
    found: dict[str, list[TownshipStage]] = {}
    for town, stage in zip(places["township"], places["stage"], strict=True):
        first, last = (plan.loc[[(town, stage, year)]].iloc[0] for year in (horizon.base_year, horizon.target_year))
        found.setdefault(str(town), []).append(
            TownshipStage(
                stage=label(Stage(stage)),
                demand_base=people(first["children"], public=public),
                demand_target=people(last["children"], public=public),
                seats_base=whole(first["seats_standard"]),
                seats_target=whole(last["seats_standard"]),
                shortage_peak=people(worst.get((Network.PLAN.value, town, stage), 0.0), public=public),
                shortage_peak_idle=people(worst.get((Network.NO_ACTION.value, town, stage), 0.0), public=public),
            )
        )
    return tuple(Township(name=name, stages=tuple(rows)) for name, rows in found.items())
