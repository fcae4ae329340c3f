"""The projection, top to bottom: year 0 from the register, then year by year to the end."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from simulator.inputs.district import District
from simulator.projection.accounts import account
from simulator.projection.against_growth import say_against_growth
from simulator.projection.assumptions import say_assumptions
from simulator.projection.attendance import (
    attendance_frame,
    cells_of,
    difference_frame,
    fit_shares,
    fit_transfers,
)
from simulator.projection.calibrated import calibrated_transfers, kept_by_unit
from simulator.projection.calibration import Calibration, calibrate
from simulator.projection.demand import Demand, FloatArray, Projection
from simulator.projection.demand_table import planner_demand, replace_step, stages_given
from simulator.projection.first_step import first_step_frame
from simulator.projection.flows import Step, flow_frame
from simulator.projection.movement import yearly_migration
from simulator.projection.participation import kindergarten_growth, shares_by_year, transfers_by_year
from simulator.projection.planned import Medium, draw_bands
from simulator.projection.population import Residents
from simulator.projection.progression import Rates, steady_course, walk
from simulator.projection.records import tell_records
from simulator.projection.register import StageRegister, attribute_register, read_register, total_register
from simulator.projection.residents import VARIANTS, People, population_year, project_people
from simulator.projection.study import build_study
from simulator.scenario import Scenario
from simulator.terms import Band, Stage


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
    people = project_people(district, scenario)
    residents = people.variants
    today = residents["medium"].all_children[..., 0]
    stages = planned_stages(sections, bands, district.demand)
    register = read_register(district.classes, district.enrolment, sections, years[0])
    registers = attribute_register(register, district.origins, sections, catchments, units, today, stages)
    calibration = calibrate(district, scenario)
    rates = fit_rates(registers, people, calibration, district, scenario)
    start, given = year_zero(registers, district.demand, units, cells_of(stages), years)
    runs = {variant: run_years(rates, residents[variant], start, given) for variant in VARIANTS}
    steps: dict[str, tuple[Step, ...]] = {
        variant: named_steps(rates, residents[variant], runs[variant], given) for variant in VARIANTS
    }
    demand: dict[str, Demand] = {variant: _as_demand(units, stages, years, runs[variant]) for variant in VARIANTS}
    medium = Medium(rates, residents["medium"], demand["medium"], given, registers)
    drawn = draw_bands(medium, district, scenario, calibration)
    return Projection(
        population={variant: residents[variant].all_children for variant in VARIANTS},
        demand=demand,
        planned=scenario.projection.variant,
        attendance=attendance_frame(rates.shares),
        differences=difference_frame(registers, rates.shares, today),
        flows=flow_frame(steps, years, rates.columns),
        first_step=first_step_frame(registers, steps[scenario.projection.variant][0], rates.columns),
        records=tell_records(people, registers, rates.shares, district, sections, rates.late_share, scenario),
        assumptions=(
            *say_assumptions(district, scenario, registers, rates, start),
            *say_against_growth(district, population_year(district, years[0]), years[0], today),
            *calibration.sentences,
            *drawn.assumptions,
        ),
        bands=drawn.bands,
        ensemble=drawn.ensemble,
        at_quantile=drawn.at_quantile,
    )


def planned_stages(sections: pd.DataFrame, bands: tuple[Band, ...], demand: pd.DataFrame) -> tuple[Stage, ...]:
    """Stages with a section, existing or possible, or with a demand of the planner's own."""
    known = {band.stage for band in bands} | {Stage(stage) for stage in sections["stage"]}
    return tuple(stage for stage in Stage if stage in known | set(stages_given(demand)))


def fit_rates(
    registers: Mapping[Stage, StageRegister],
    people: People,
    calibration: Calibration,
    district: District,
    scenario: Scenario,
) -> Rates:
    """Shares, transfers and growth, fitted in year 0, and how they change after it."""
    settings, migration = scenario.projection, yearly_migration(district.units, scenario.projection)
    shares = fit_shares(registers, people.variants["medium"].all_children[..., 0], settings)
    growth = np.ones(len(scenario.projection_years))
    if Stage.KINDERGARTEN in shares:
        growth = kindergarten_growth(shares[Stage.KINDERGARTEN], scenario)
    transfers = calibrated_transfers(fit_transfers(shares, settings), registers, calibration, migration)
    return Rates(
        columns=_columns(registers),
        shares=shares_by_year(shares, people, registers, calibration.late_share, scenario),
        transfers=transfers_by_year(transfers, shares, scenario),
        keep={stage: kept_by_unit(stage, register, calibration, migration) for stage, register in registers.items()},
        growth=growth,
        migration=migration,
        movement=people.movement,
        study=build_study(registers, district.units["area_kind"].to_numpy(object), scenario.study),
        late_share=calibration.late_share,
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


def run_years(rates: Rates, residents: Residents, start: FloatArray, given: FloatArray) -> FloatArray:
    """Demand of every year of one run, shape (years, units, cells)."""
    run = np.empty((given.shape[2], *start.T.shape))  # grade after grade in memory, as the engine goes
    run[0] = start.T
    for position, children in enumerate(walk(rates, run[0].T, given, steady_course(rates, residents)), start=1):
        run[position] = children.T
    return run.swapaxes(1, 2)


def named_steps(rates: Rates, residents: Residents, run: FloatArray, given: FloatArray) -> tuple[Step, ...]:
    """Every change of a run by name, year by year."""
    course = steady_course(rates, residents)
    steps: list[Step] = []
    for position in range(1, len(run)):
        step = account(rates, run[position - 1], run[position], course.year(position))
        if not np.isnan(given[..., position]).all():
            step = replace_step(step, given[..., position], run[position - 1])
        steps.append(step)
    return tuple(steps)


def _as_demand(units: pd.Index, stages: tuple[Stage, ...], years: range, run: FloatArray) -> Demand:
    """A run as the demand that is handed on, the years as the last axis."""
    return Demand(tuple(units), cells_of(stages), tuple(years), np.ascontiguousarray(np.moveaxis(run, 0, 2)))
