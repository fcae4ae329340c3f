"""Invented people: control totals by age shared out over units, with young families in the new quarter."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from simulator.inputs.synthetic.apportion import FloatArray, IntArray, apportion
from simulator.inputs.synthetic.invention import Invention
from simulator.terms import AreaKind

_DENSITY = {AreaKind.CITY: 1.0, AreaKind.TOWN: 0.55, AreaKind.VILLAGE: 0.14}
# Children under 6 against those over 11: more in new quarters, fewer in villages.
_TILT = {AreaKind.CITY: 0.0, AreaKind.TOWN: -0.04, AreaKind.VILLAGE: -0.18}
_NEW_QUARTER_TILT, _NEW_QUARTER_DENSITY = 0.22, 1.35
_ISLAND_DENSITY = 0.45


def settle(
    spec: Invention,
    kinds: tuple[AreaKind, ...],
    island: npt.NDArray[np.bool_],
    new_quarter: IntArray,
    rng: np.random.Generator,
) -> IntArray:
    """Resident children by unit and age 0–17; the sum over units of an age is its control total.

    Parameters
    ----------
    spec, kinds, rng
        The invention so far.
    island
        Whether each unit lies on an island, where fewer people live.
    new_quarter
        Units of the new quarter.

    Returns
    -------
    IntArray
        Shape (units, 18).
    """
    density = np.array([_DENSITY[kind] for kind in kinds]) * rng.lognormal(0.0, 0.38, len(kinds))
    tilt = np.array([_TILT[kind] for kind in kinds]) + rng.normal(0.0, 0.05, len(kinds))
    density[island] *= _ISLAND_DENSITY
    density[new_quarter] *= _NEW_QUARTER_DENSITY
    tilt[new_quarter] += _NEW_QUARTER_TILT
    youth = (8.5 - np.arange(18)) / 8.5
    weights = density[:, None] * np.exp(tilt[:, None] * youth[None, :])
    return np.column_stack([apportion(total, weights[:, age]) for age, total in enumerate(spec.ages)])


def population_table(
    spec: Invention, unit_ids: list[str], residents: IntArray, new_quarter: IntArray, rng: np.random.Generator
) -> pd.DataFrame:
    """The table `population`: residents, of them registered here, of them migrant."""
    share = np.full(len(unit_ids), spec.migrant_share) * rng.uniform(0.6, 1.4, len(unit_ids))
    share[new_quarter] *= 1.5
    migrant = np.floor(residents * share.clip(0, 0.9)[:, None] + 0.5).astype(np.int64)
    count = len(unit_ids)
    return pd.DataFrame(
        {
            "unit_id": np.repeat(unit_ids, 18),
            "age": np.tile(np.arange(18), count),
            "residents": residents.reshape(-1),
            "registered": (residents - migrant).reshape(-1),
            "migrant": migrant.reshape(-1),
        }
    )


def households(spec: Invention, residents: IntArray) -> IntArray:
    """Households by unit, in proportion to children; without a total, one for every child of a grade of six."""
    total = spec.households or int(residents.sum() * 2)
    return apportion(total, residents.sum(axis=1).astype(np.float64))


def weights_of(residents: IntArray, grades: range) -> FloatArray:
    """Resident children of the ages of some grades, by unit."""
    ages = [grade + 5 for grade in grades]
    return np.asarray(residents[:, ages].sum(axis=1), dtype=np.float64)
