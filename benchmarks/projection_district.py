"""An invented district in the arrays of the projection's engine, and the same in the words of the plain loop."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from benchmarks.projection_loop import Plain
from simulator.projection.attendance import StageShare, Transfer
from simulator.projection.demand import FloatArray
from simulator.projection.draws import Around
from simulator.projection.draws_housing import housing_draws
from simulator.projection.movement import Movement
from simulator.projection.population import Residents, Survival, roll_forward
from simulator.projection.progression import Rates
from simulator.projection.project import run_years
from simulator.projection.quantiles import Places
from simulator.projection.study import Study
from simulator.projection.uncertainty import Ensemble
from simulator.scenario import ProjectionSettings, UncertaintySettings
from simulator.terms import STAGE_GRADES, AreaKind, Stage

STAGES = (Stage.KINDERGARTEN, Stage.PRIMARY, Stage.JUNIOR, Stage.SENIOR)
AGES, SURVIVAL, INFANTS, LATE = 18, 0.9997, 0.995, 0.22
_SECTIONS, _UNITS_OF_TOWNSHIP = 60, 50


@dataclass(frozen=True)
class Invented:
    """The district.

    Parameters
    ----------
    residents, births, start
        Children by unit and age, births by unit and calendar year from the one before the base year on, children by unit and
        cell of the base year.
    rates
        How children go on.
    years
        The years, the base year first.
    """

    residents: FloatArray
    births: FloatArray
    start: FloatArray
    rates: Rates
    years: range

    def people(self) -> Residents:
        """Resident children of all years."""
        survival = Survival(INFANTS, np.full(AGES, SURVIVAL))
        return roll_forward(self.residents, self.births, self.arrivals, self.rates.movement, survival)

    def run(self) -> FloatArray:
        """Children of all years by unit and cell, shape (years, units, cells): residents first, then the demand."""
        return run_years(self.rates, self.people(), self.start, self.given)

    @cached_property
    def arrivals(self) -> FloatArray:
        """Nobody arrives in new dwellings."""
        return np.zeros((len(self.residents), AGES, len(self.years)))

    @cached_property
    def given(self) -> FloatArray:
        """No demand of a planner's own."""
        return np.full((*self.start.shape, len(self.years)), np.nan)

    def plain(self) -> Plain:
        """The same for the plain loop."""
        rates, keep = self.rates, [self.rates.keep[stage] for stage in STAGES[1:]]
        return Plain(
            residents=self.residents,
            births=self.births,
            pupils=self.start,
            migration=rates.migration,
            shares=np.stack([rates.shares[stage].unit for stage in STAGES[:2]]),
            transfers=np.stack([rates.transfers[stage].unit for stage in STAGES[2:]]),
            infant_survival=INFANTS,
            survival=SURVIVAL,
            profile=rates.shares[Stage.KINDERGARTEN].profile,
            growth=rates.growth,
            late_share=LATE,
            keep=(keep[0], keep[1], keep[2]),
        )


def invent(units: int, years: range, seed: int = 1) -> Invented:
    """An invented district of so many units."""
    rng = np.random.default_rng(seed)
    columns, first = {}, 0
    for stage in STAGES:
        grades = STAGE_GRADES[stage][1] - STAGE_GRADES[stage][0] + 1
        columns[stage] = slice(first, first + grades)
        first += grades
    shares = {
        stage: StageShare(stage, 1.0, 1.0, 0.9, rng.uniform(0.7, 1.3, units), _profile(stage), 0.0, fitted=True)
        for stage in STAGES
    }
    migration = rng.normal(0, 0.01, units)
    transfers = {
        Stage.JUNIOR: Transfer(Stage.PRIMARY, 0.99, rng.uniform(0.9, 1.1, units)),
        Stage.SENIOR: Transfer(Stage.JUNIOR, 0.62, rng.uniform(0.5, 0.7, units)),
    }
    rates = Rates(
        columns=columns,
        shares=shares,
        transfers=transfers,
        keep={stage: rng.uniform(0.97, 1.02, places.stop - places.start - 1) for stage, places in columns.items()},
        growth=np.linspace(1, 1.05, len(years)),
        migration=migration,
        movement=_moving(migration, len(years)),
        study=Study({}, np.zeros(units), {}),
        late_share=LATE,
        settings=ProjectionSettings(),
    )
    residents = rng.uniform(0, 60, (units, AGES))
    births = residents[:, :1] * 0.97 ** np.arange(len(years) + 1)
    return Invented(residents, births, rng.uniform(0, 50, (units, first)), rates, years)


def _profile(stage: Stage) -> FloatArray:
    grades = STAGE_GRADES[stage][1] - STAGE_GRADES[stage][0] + 1
    return np.array([0.9, 1.0, 1.1]) if stage is Stage.KINDERGARTEN else np.ones(grades)


def _moving(migration: FloatArray, years: int) -> Movement:
    """Moves across the border only, alike at every age."""
    units, kinds = len(migration), len(AreaKind)
    return Movement(
        net=np.broadcast_to(migration[:, None, None], (units, AGES, years)),
        kinds=np.zeros((kinds, units)),
        moves=np.zeros((kinds, kinds)),
        pull=np.zeros((units, years)),
        intensity=np.ones(AGES),
        held=np.broadcast_to(1.0, (units, AGES, years)),
    )


def futures(district: Invented, draws: int, seed: int = 1) -> tuple[Ensemble, Places]:
    """Futures of the district, and the places that bands are asked for: each unit goes to two schools of a stage."""
    people, settings = district.people(), UncertaintySettings()
    units, years = len(district.start), district.years
    rng = np.random.default_rng(seed)
    ids = tuple(f"u{number}" for number in range(units))
    no_housing = pd.DataFrame(columns=["unit_id", "dwellings", "completion_year", "status", "certainty"])
    around = Around(
        rates=district.rates,
        residents=people,
        start=district.start,
        given=district.given,
        kinds=tuple(rng.choice(list(AreaKind), units)),
        known_births=0,
        housing=housing_draws(no_housing, pd.Index(ids), people, years, settings.housing_delay, ProjectionSettings()),
        settings=settings,
        noise=settings.cohort_noise,
        floor=settings.cohort_floor,
        study_sd=0.0,
    )
    ensemble = Ensemble(around, np.moveaxis(district.run(), 0, 2), np.ones(len(years)), draws, seed)
    nearest = rng.integers(0, _SECTIONS, units)
    far = (np.arange(_SECTIONS)[:, None] - nearest[None, :]) % _SECTIONS
    shares = {
        stage: np.repeat(np.where(far < 2, 0.5, 0.0)[..., None], places.stop - places.start, axis=2)
        for stage, places in district.rates.columns.items()
    }
    return ensemble, Places(
        units=ids,
        townships=tuple(f"t{number // _UNITS_OF_TOWNSHIP}" for number in range(units)),
        columns=district.rates.columns,
        sections={stage: [f"s{number}:{stage}" for number in range(_SECTIONS)] for stage in STAGES},
        destinations=shares,
        years=tuple(years),
    )
