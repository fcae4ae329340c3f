"""From the tables to resident children of every variant: counted, born, surviving, moving, held to totals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import get_args

import numpy as np
import pandas as pd

from simulator.inputs.district import District
from simulator.projection.births import AGES, Births, BirthsOutlook, BirthsPath, gather_births
from simulator.projection.control import Control, fit_to_totals, read_control, spread_over_years
from simulator.projection.demand import FloatArray
from simulator.projection.fertility import count_women, expected_births, fertility_path, women_by_year
from simulator.projection.housing import gross_arrivals
from simulator.projection.migrants import migrant_share, moved_with_migrants, registered_children
from simulator.projection.movement import Movement, build_movement, yearly_migration
from simulator.projection.population import Residents, Survival, count_residents, roll_forward
from simulator.scenario import Scenario
from simulator.scenario.horizon import Variant

VARIANTS: tuple[Variant, ...] = get_args(Variant)
_ROUNDS = 20
_CLOSE = 1e-9


@dataclass(frozen=True)
class People:
    """The people of a district: resident children of every variant, and what moved them.

    Parameters
    ----------
    variants
        variant → resident children from the base year on.
    movement
        Moves of the same years.
    births
        Births of the medium variant by calendar year.
    migrants
        Share of 随迁 among the children of a unit and age, shape (units, ages, years).
    registered
        variant → 户籍 children by age, shape (ages, years); none where no table tells them.
    """

    variants: Mapping[Variant, Residents]
    movement: Movement
    births: BirthsPath
    migrants: FloatArray
    registered: Mapping[Variant, FloatArray | None]


def population_year(district: District, base_year: int) -> int:
    """Year that the population table describes, at the latest the base year."""
    declared = [source.as_of for source in district.sources if source.table == "population"]
    return min([base_year, *declared])


def project_people(district: District, scenario: Scenario) -> People:
    """Resident children of every variant from the base year on.

    An older population table is rolled forward to the base year along the medium variant, so that all variants share
    year 0. Control totals are met in the medium variant; the others keep their distance from it.
    """
    horizon = scenario.horizon
    as_of = population_year(district, horizon.base_year)
    years = range(as_of, horizon.projection_to + 1)
    units = pd.Index(district.units["unit_id"])
    controls = read_control(district.control, tuple(district.units.get("township", [""] * len(units))), years)
    counted = count_residents(district.population, units)
    counted = next((fit_to_totals(counted, control) for control in controls if control.year == as_of), counted)
    survival = survival_of(scenario)
    plain = yearly_migration(district.units, scenario.projection)
    births = gather_births(district.births, units, counted, as_of, survival.births, plain)
    outlooks = births_outlooks(district, scenario, births, counted, years)
    births = births.extended(horizon.base_year, outlooks["medium"])
    share = migrant_share(district.population, units, counted, len(years), scenario.population.migrant_trend)
    movement = build_movement(district.units, district.housing, counted, years, scenario)
    movement = moved_with_migrants(movement, share, scenario.population.migrant_trend)

    def roll(variant: Variant, moving: Movement) -> Residents:
        outlook = outlooks[variant]
        gross = gross_arrivals(district.housing, units, years, outlook, scenario.projection)
        return roll_forward(counted, births.path(years, outlook), gross, moving, survival)

    later = [control for control in controls if control.year > as_of]
    movement = hold(movement, later, years, lambda moving: roll("medium", moving).all_children)
    offset = horizon.base_year - as_of
    return People(
        variants={variant: roll(variant, movement).since(offset) for variant in VARIANTS},
        movement=movement.since(offset),
        births=BirthsPath(births, outlooks["medium"]),
        migrants=share[..., offset:],
        registered={
            variant: registered_children(
                district.population, units, births.path(years, outlooks[variant]).sum(axis=0), survival, years, offset
            )
            for variant in VARIANTS
        },
    )


def survival_of(scenario: Scenario) -> Survival:
    """Survival by age: the one rate of the scenario, replaced at the ages it names."""
    ages = np.full(AGES, scenario.projection.survival)
    for age, share in scenario.population.survival_by_age.items():
        if 0 <= age < AGES:
            ages[age] = share
    return Survival(scenario.projection.infant_survival, ages)


def births_outlooks(
    district: District, scenario: Scenario, births: Births, children: FloatArray, years: range
) -> dict[Variant, BirthsOutlook]:
    """How births go on in each variant: along the district's women where their ages are known, else along a trend."""
    settings, horizon = scenario.population, scenario.horizon
    women = count_women(district.residents, children.sum(axis=0), settings.girls_share)
    expected: dict[int, float] = {}
    last = births.last_year
    if women is not None:
        weights = children.sum(axis=1)
        rates = yearly_migration(district.units, scenario.projection)
        moving = float(rates @ weights / weights.sum()) if weights.sum() > 0 else 0.0
        growth = np.full(len(women), scenario.projection.survival * (1 + moving))
        known = {births.first_year + place: float(row.sum()) for place, row in enumerate(births.known)}
        expected = expected_births(
            women_by_year(women, years[0], known, max(years[-1], last), growth, settings.girls_share),
            settings.fertility_rates,
        )
    if expected.get(last, 0.0) <= 0:
        expected = {}
    outlooks: dict[Variant, BirthsOutlook] = {}
    for variant in VARIANTS:
        path: dict[int, float] = {}
        if expected:
            rates_by_year = fertility_path(
                float(births.known[-1].sum()), expected[last], settings.fertility[variant],
                range(last, years[-1] + 1), horizon.base_year, horizon.target_year,
            )  # fmt: skip
            path = {year: rate * expected[year] for year, rate in rates_by_year.items()}
        outlooks[variant] = BirthsOutlook(scenario.projection.births_trend[variant], path, settings.births_factor)
    return outlooks


def hold(
    movement: Movement, controls: list[Control], years: range, children: Callable[[Movement], FloatArray]
) -> Movement:
    """The moves under which the children meet every control total, one after the other.

    Parameters
    ----------
    movement
        Without control.
    controls
        Totals of years after the first, in their order.
    years
        The years.
    children
        Moves → resident children, shape (units, ages, years).
    """
    since = 0
    for control in controls:
        position = control.year - years[0]
        for _round in range(_ROUNDS):
            now = children(movement)[..., position]
            wanted = fit_to_totals(now, control)
            factor = np.divide(wanted, now, out=np.ones_like(now), where=now > 0)
            if np.abs(factor - 1).max(initial=0.0) < _CLOSE:
                break
            held = movement.held * spread_over_years(factor, since, position, len(years))
            movement = replace(movement, held=held)
        since = position
    return movement
