"""户籍、常住、随迁: registered, resident and migrant children kept apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from simulator.projection.births import AGES
from simulator.projection.demand import FloatArray
from simulator.projection.movement import Movement
from simulator.projection.population import Survival, count_residents, newborns
from simulator.projection.register import ages_of
from simulator.scenario.horizon import Variant
from simulator.terms import Stage

RESIDENT, REGISTERED, MIGRANT, MIGRANT_PUBLIC = "resident", "registered", "migrant", "migrant_public"


def migrant_share(
    population: pd.DataFrame, units: pd.Index, residents: FloatArray, years: int, trend: float
) -> FloatArray:
    r"""Share of 随迁 among the children of a unit and age, shape (units, ages, years).

    A cohort keeps its share but for the trend g of the group, :math:`s' = s(1+g) / (1 + g s)`; newborns take the share
    of age 0, which goes the same way.
    """
    known = population["migrant"].notna().any() if "migrant" in population else False
    share = np.zeros((*residents.shape, years))
    if not known:
        return share
    counted = count_residents(population, units, "migrant")
    told = count_residents(population, units)
    share[..., 0] = np.clip(np.divide(counted, told, out=np.zeros_like(counted), where=told > 0), 0.0, 1.0)
    for position in range(1, years):
        before = share[..., position - 1]
        older = np.concatenate([before[:, :1], before[:, :-1]], axis=1)
        share[..., position] = older * (1 + trend) / (1 + trend * older)
    return share


def moved_with_migrants(movement: Movement, share: FloatArray, trend: float) -> Movement:
    """The moves of all children where those of migrant workers change by a trend of their own.

    The children whom the trend adds come from outside the district: net migration grows by trend × share.
    """
    if trend == 0 or not share.any():
        return movement
    before = np.zeros_like(share)
    before[:, 1:, 1:] = share[:, :-1, :-1]
    return replace(movement, net=movement.net + trend * before)


def attendance_mix(share: FloatArray, stage: Stage, residents: FloatArray, relative: float) -> FloatArray:
    """Attendance of a unit's children of a stage by year relative to the base year's, shape (units, years).

    `relative` is what the attendance of 随迁 is of the others'; `residents` and `share` have the shape
    (units, ages, years).
    """
    ages = ages_of(stage)
    children = residents[:, ages].sum(axis=1)
    migrants = (residents * share)[:, ages].sum(axis=1)
    part = np.divide(migrants, children, out=np.zeros_like(children), where=children > 0)
    mix = 1 + (relative - 1) * part
    return np.asarray(np.divide(mix, mix[:, :1], out=np.ones_like(mix), where=mix[:, :1] > 0))


def registered_children(
    population: pd.DataFrame, units: pd.Index, births: FloatArray, survival: Survival, years: range, offset: int
) -> FloatArray | None:
    """户籍 children of the district by age and year, shape (ages, years); none where no cell tells them.

    They are born, survive and stay: leaving the district does not end a registration. Of the births of a year the
    share that age 0 shows today is registered here.

    Parameters
    ----------
    population
        With the column `registered`.
    units
        Ids of the units.
    births
        Of the district, from the calendar year before the first of `years` on, shape (years + 1,).
    survival
        By age.
    years
        From the year of the population table on.
    offset
        Years of these before the base year, which are left out.
    """
    if "registered" not in population or population["registered"].notna().sum() == 0:
        return None
    registered = count_residents(population, units, "registered").sum(axis=0)
    residents = count_residents(population, units).sum(axis=0)
    share = registered[0] / residents[0] if residents[0] > 0 else 1.0
    found = np.zeros((AGES, len(years)))
    found[:, 0] = registered
    for position in range(1, len(years)):
        found[1:, position] = found[:-1, position - 1] * survival.ages[:-1]
        found[0, position] = share * newborns(births[position], births[position + 1], survival.births)
    return found[:, offset:]


def groups_frame(
    residents: Mapping[Variant, FloatArray],
    migrants: FloatArray,
    registered: Mapping[Variant, FloatArray | None],
    stages: tuple[Stage, ...],
    years: range,
    public: float,
) -> pd.DataFrame:
    """variant, stage, year, group, children: the children of a stage's ages who live, are registered, or came along.

    Parameters
    ----------
    residents
        variant → resident children, shape (units, ages, years).
    migrants
        Share of 随迁 among them.
    registered
        variant → registered children, shape (ages, years), or none where unknown.
    stages, years
        What to report.
    public
        Share of 随迁 in public schools.
    """
    rows = []
    for variant, children in residents.items():
        of_migrants = children * migrants
        on_register = registered[variant]
        for stage in stages:
            ages = ages_of(stage)
            groups = {RESIDENT: children[:, ages].sum(axis=(0, 1))}
            if on_register is not None:
                groups[REGISTERED] = on_register[ages].sum(axis=0)
            if migrants.any():
                groups[MIGRANT] = of_migrants[:, ages].sum(axis=(0, 1))
                groups[MIGRANT_PUBLIC] = groups[MIGRANT] * public
            rows += [
                (variant, stage.value, year, group, float(count))
                for group, counts in groups.items()
                for year, count in zip(years, counts, strict=True)
            ]
    return pd.DataFrame(rows, columns=["variant", "stage", "year", "group", "children"])
