"""The projection, top to bottom: year 0 from the register, then year by year to the end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np
import pandas as pd

from simulator.inputs.district import District
from simulator.projection.assumptions import say_assumptions
from simulator.projection.attendance import (
    attendance_frame,
    cells_of,
    difference_frame,
    fit_shares,
    fit_transfers,
    kindergarten_growth,
)
from simulator.projection.demand import Demand, FloatArray, Projection
from simulator.projection.demand_table import planner_demand, replace_step, stages_given
from simulator.projection.first_step import first_step_frame
from simulator.projection.flows import Step, flow_frame
from simulator.projection.housing import gross_arrivals
from simulator.projection.population import (
    Births,
    Residents,
    count_residents,
    gather_births,
    roll_forward,
    yearly_migration,
)
from simulator.projection.progression import Rates, advance
from simulator.projection.register import StageRegister, attribute_register, read_register, total_register
from simulator.scenario import ProjectionSettings, Scenario
from simulator.terms import Band, Stage

Variant = Literal["low", "medium", "high"]
VARIANTS: tuple[Variant, ...] = ("low", "medium", "high")


def project(
    district: District,
    scenario: Scenario,
    sections: pd.DataFrame,
    bands: tuple[Band, ...],
    catchments: pd.DataFrame,
) -> Projection:
    """Children of every unit by age, and the seats they ask for by stage and grade, year by year.

    Parameters
    ----------
    district
        The district's tables.
    scenario
        Horizon and projection settings.
    sections
        `Supply.sections`: index section_id; stage, grade_from, grade_to, existing, pupils are used.
    bands
        `Supply.bands`: the stages that the network plans for.
    catchments
        `Catchments.table` of today: unit_id, band, section_id, share.

    Returns
    -------
    Projection
        Population and demand of the variants low, medium and high with their flows. In the base year the demand
        of a stage and grade is its register, exactly.
    """
    units = pd.Index(district.units["unit_id"])
    years = scenario.projection_years
    residents = project_residents(district, scenario)
    today = residents["medium"].all_children[..., 0]
    stages = planned_stages(sections, bands, district.demand)
    register = read_register(district.classes, district.enrolment, sections, years[0])
    registers = attribute_register(register, district.origins, sections, catchments, units, today, stages)
    rates = fit_rates(registers, today, district, scenario)
    start, given = year_zero(registers, district.demand, units, cells_of(stages), years)
    steps: dict[str, tuple[Step, ...]] = {
        variant: walk(rates, start, residents[variant], given) for variant in VARIANTS
    }
    return Projection(
        population={variant: residents[variant].all_children for variant in VARIANTS},
        demand={variant: _as_demand(units, stages, years, start, steps[variant]) for variant in VARIANTS},
        planned=scenario.projection.variant,
        attendance=attendance_frame(rates.shares),
        differences=difference_frame(registers, rates.shares, today),
        flows=flow_frame(steps, years, rates.columns),
        first_step=first_step_frame(registers, steps[scenario.projection.variant][0], rates.columns),
        assumptions=say_assumptions(district, scenario, registers, rates, start),
    )


def planned_stages(sections: pd.DataFrame, bands: tuple[Band, ...], demand: pd.DataFrame) -> tuple[Stage, ...]:
    """Stages with a section, existing or possible, or with a demand of the planner's own."""
    known = {band.stage for band in bands} | {Stage(stage) for stage in sections["stage"]}
    return tuple(stage for stage in Stage if stage in known | set(stages_given(demand)))


def population_year(district: District, base_year: int) -> int:
    """Year that the population table describes, at the latest the base year."""
    declared = [source.as_of for source in district.sources if source.table == "population"]
    return min([base_year, *declared])


def project_residents(district: District, scenario: Scenario) -> dict[str, Residents]:
    """By variant the resident children from the base year on.

    An older population table is rolled forward to the base year along the medium variant, so that all
    variants share year 0.
    """
    settings, horizon = scenario.projection, scenario.horizon
    as_of = population_year(district, horizon.base_year)
    units = pd.Index(district.units["unit_id"])
    counted = count_residents(district.population, units)
    migration = yearly_migration(district.units, settings)
    births = gather_births(district.births, units, counted, as_of, settings, migration)
    births = births.extended(horizon.base_year, settings.births_trend["medium"])
    until = range(as_of, horizon.projection_to + 1)
    return {
        variant: _roll(district, counted, births, until, settings.births_trend[variant], settings).since(
            horizon.base_year - as_of
        )
        for variant in VARIANTS
    }


def _roll(
    district: District,
    counted: FloatArray,
    births: Births,
    years: range,
    trend: float,
    settings: ProjectionSettings,
) -> Residents:
    """Resident children of one variant from the year of the population table on."""
    units = pd.Index(district.units["unit_id"])
    gross = gross_arrivals(district.housing, units, years, trend, settings)
    return roll_forward(counted, years, births, gross, trend, settings)


def fit_rates(
    registers: Mapping[Stage, StageRegister], today: FloatArray, district: District, scenario: Scenario
) -> Rates:
    """Shares, transfers and growth, fitted in year 0."""
    settings, horizon = scenario.projection, scenario.horizon
    shares = fit_shares(registers, today, settings)
    growth = np.ones(len(scenario.projection_years))
    if Stage.KINDERGARTEN in shares:
        growth = kindergarten_growth(
            shares[Stage.KINDERGARTEN],
            scenario.projection_years,
            horizon.base_year,
            horizon.target_year,
            settings,
        )
    return Rates(
        columns=_columns(registers),
        shares=shares,
        transfers=fit_transfers(shares, settings),
        growth=growth,
        migration=yearly_migration(district.units, settings),
        settings=settings,
    )


def _columns(registers: Mapping[Stage, StageRegister]) -> dict[Stage, slice]:
    """By stage its columns among the cells."""
    columns: dict[Stage, slice] = {}
    start = 0
    for stage, register in registers.items():
        count = register.pupils.shape[1]
        columns[stage] = slice(start, start + count)
        start += count
    return columns


def year_zero(
    registers: Mapping[Stage, StageRegister],
    table: pd.DataFrame,
    units: pd.Index,
    cells: tuple[tuple[Stage, int], ...],
    years: range,
) -> tuple[FloatArray, FloatArray]:
    """Demand of the base year (units, cells), and the planner's own of all years (NaN where there is none)."""
    register = total_register(registers, len(units))
    given = planner_demand(table, units, cells, years, register)
    return np.where(np.isnan(given[..., 0]), register, given[..., 0]), given


def walk(rates: Rates, start: FloatArray, residents: Residents, given: FloatArray) -> tuple[Step, ...]:
    """The steps from year 0 to the last year of one variant."""
    steps: list[Step] = []
    last_year = start
    for position in range(1, given.shape[2]):
        step = advance(rates, last_year, residents, position)
        if not np.isnan(given[..., position]).all():
            step = replace_step(step, given[..., position], last_year)
        steps.append(step)
        last_year = step.children
    return tuple(steps)


def _as_demand(
    units: pd.Index, stages: tuple[Stage, ...], years: range, start: FloatArray, steps: tuple[Step, ...]
) -> Demand:
    """Year 0 and the steps after it, side by side."""
    children = np.stack([start, *(step.children for step in steps)], axis=2)
    return Demand(tuple(units), cells_of(stages), tuple(years), children)
