"""How children move: across the district's border, and from village to town to city inside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from simulator.projection.births import AGES
from simulator.projection.demand import FloatArray
from simulator.projection.housing import newly_occupied
from simulator.scenario import PopulationSettings, ProjectionSettings, Scenario
from simulator.terms import AreaKind

_KINDS = tuple(AreaKind)
Numbers = npt.NDArray[np.floating[Any]]
"""Float64 in one run, float32 in draws."""


@dataclass(frozen=True)
class Movement:
    """迁移: what children of a unit and age do in a year, for every year of a range.

    Parameters
    ----------
    net
        Net migration across the district's border in the year that ends in a year of the range, as a share of the
        children, by the age they have then, shape (..., units, ages, years).
    kinds
        1 where a unit is of a kind of area, shape (kinds, units).
    moves
        Share of children who move inside the district, from kind (first axis) to kind.
    pull
        Where arrivals of a kind of area settle, shape (units, years); sums to 1 over the units of each kind.
    intensity
        How much children of an age move compared with `moves`, shape (ages,).
    held
        Factor that holds the children to a control total, shape (units, ages, years); 1 without one.
    """

    net: FloatArray
    kinds: FloatArray
    moves: FloatArray
    pull: FloatArray
    intensity: FloatArray
    held: FloatArray

    def moved(self, children: Numbers, ages: slice, position: int) -> FloatArray:
        r"""Children after the moves of a year; `children` has the shape (..., units, ages of the slice).

        .. math:: P'_{u,a} = \Big( P_{u,a}(1 + m_{u,a}) - P_{u,a} \sum_l f_{k(u),l,a}
            + q_u \sum_v P_{v,a} f_{k(v),k(u),a} \Big) h_{u,a}

        with net migration m, moves inside the district f, the unit's part q of its kind's arrivals, and the
        control factor h. Moves inside the district cancel in its total, age by age.
        """
        if self.plain:
            return np.asarray(children * (1 + self.net[..., :1, position]))
        moved = children * (1 + self.net[..., ages, position])
        if self.moves.any():
            moved = moved + self.arriving(children, ages, position) - self.leaving(children, ages)
        return np.asarray(moved * self.held[:, ages, position])

    def leaving(self, children: Numbers, ages: slice) -> FloatArray:
        """Children who leave their unit for another kind of area in the district."""
        return np.asarray(children * (self.kinds.T @ self.moves.sum(axis=1))[:, None] * self.intensity[ages])

    def arriving(self, children: Numbers, ages: slice, position: int) -> FloatArray:
        """The same children where they arrive."""
        by_kind = np.matmul(self.kinds, children) * self.intensity[ages]
        settled = np.matmul(self.kinds.T, np.matmul(self.moves.T, by_kind))
        return np.asarray(settled * self.pull[:, position][:, None])

    def inward(self, children: FloatArray, ages: slice, position: int) -> FloatArray:
        """Arrivals that the trend of a unit holds already: net immigration and those from inside the district."""
        coming = children * np.maximum(self.net[..., ages, position], 0)
        return coming + self.arriving(children, ages, position) if self.moves.any() else coming

    @cached_property
    def plain(self) -> bool:
        """Whether all ages of a unit move alike in all years, across the border only, and no control total holds them."""
        return not self.moves.any() and bool((self.net == self.net[..., :1, :1]).all() and (self.held == 1).all())

    def beyond(self, children: Numbers, ages: slice, position: int, plain_rate: Numbers) -> Numbers:
        """What is left of the moves for children whom a unit's plain rate moved already.

        Pupils are taken on by one rate a unit, shape (..., units); this adds ages, moves inside the district and
        control factors. The result is the same as :meth:`moved` of the children before that rate.
        """
        if self.plain:
            return children
        return self.moved(children / np.maximum(1 + plain_rate, 1e-9)[..., None], ages, position)

    def since(self, position: int) -> Movement:
        """The years from a position on."""
        return replace(self, net=self.net[..., position:], pull=self.pull[:, position:], held=self.held[..., position:])


def build_movement(
    units: pd.DataFrame, housing: pd.DataFrame, children: FloatArray, years: range, scenario: Scenario
) -> Movement:
    """The moves of a district's children, from the settings.

    Parameters
    ----------
    units
        unit_id, area_kind.
    housing
        Projects, whose newly occupied dwellings draw a part of the movers.
    children
        Children of the first year, shape (units, ages); movers go where children are.
    years
        The years, the first of which is counted.
    scenario
        `projection.migration` and the group `population`.
    """
    settings = scenario.population
    kinds = np.asarray([units["area_kind"] == kind.value for kind in _KINDS], dtype=np.float64)
    intensity = by_age(settings.moving_by_age, 1.0)
    rates = yearly_migration(units, scenario.projection)
    net = np.broadcast_to((rates[:, None] * intensity)[..., None], (len(units), AGES, len(years)))
    return Movement(
        net=net,
        kinds=kinds,
        moves=_moves(settings, kinds),
        pull=_pull(units, housing, children.sum(axis=1), kinds, years, scenario),
        intensity=intensity,
        held=np.broadcast_to(1.0, (len(units), AGES, len(years))),
    )


def yearly_migration(units: pd.DataFrame, settings: ProjectionSettings) -> FloatArray:
    """Net migration a year of each unit as a share of its children, from its kind of area."""
    rates = [settings.migration.get(AreaKind(kind), 0.0) for kind in units["area_kind"]]
    return np.asarray(rates, dtype=np.float64)


def by_age(steps: Mapping[int, float], otherwise: float) -> FloatArray:
    """A figure by age 0–17 that holds from the age named to the next one named, shape (ages,).

    >>> by_age({3: 0.5, 6: 2.0}, 1.0).tolist()[:7]
    [1.0, 1.0, 1.0, 0.5, 0.5, 0.5, 2.0]
    """
    figures = np.full(AGES, otherwise)
    for age in sorted(steps):
        figures[max(0, age) :] = steps[age]
    return figures


def _moves(settings: PopulationSettings, kinds: FloatArray) -> FloatArray:
    """Shares of movers from kind to kind; nobody moves to a kind that the district does not have."""
    moves = np.zeros((len(_KINDS), len(_KINDS)))
    for origin, targets in settings.moves.items():
        for target, share in targets.items():
            moves[_KINDS.index(origin), _KINDS.index(target)] = share
    return np.asarray(moves * (kinds.sum(axis=1) > 0)[None, :])


def _pull(
    units: pd.DataFrame,
    housing: pd.DataFrame,
    children: FloatArray,
    kinds: FloatArray,
    years: range,
    scenario: Scenario,
) -> FloatArray:
    """Each unit's part of the arrivals of its kind, by year: where children are, and where dwellings are new."""
    index = pd.Index(units["unit_id"])
    dwellings = np.zeros((len(units), len(years)))
    if len(housing):
        np.add.at(
            dwellings,
            index.get_indexer(pd.Index(housing["unit_id"])),
            newly_occupied(housing, years, scenario.projection),
        )
    settled = _parts(np.repeat(children[:, None], len(years), axis=1), kinds)
    new = _parts(dwellings, kinds)
    of_new = scenario.population.moves_to_housing * (kinds.T @ (kinds @ dwellings) > 0)
    return np.asarray(of_new * new + (1 - of_new) * settled)


def _parts(weights: FloatArray, kinds: FloatArray) -> FloatArray:
    """Weights (units, years) as parts of their kind's sum; equal parts where a kind has none."""
    total = kinds.T @ (kinds @ weights)
    count = kinds.T @ kinds.sum(axis=1)
    equal = np.repeat((1 / np.maximum(count, 1))[:, None], weights.shape[1], axis=1)
    return np.where(total > 0, weights / np.where(total > 0, total, 1.0), equal)
