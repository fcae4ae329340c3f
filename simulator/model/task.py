"""What is asked of a search beyond its problem: goals in order, plans to start from, what is known already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import highspy
import pandas as pd

from simulator.model.from_plan import completed, stated_values
from simulator.model.goals import Posed
from simulator.model.problem import FloatArray
from simulator.plan import Plan

# Share of the time, and closeness, within which classes and works are found again for a plan to start from.
_SHARE, _CLOSE = 0.15, 1e-6


@dataclass(frozen=True)
class Task:
    """What is asked of a search.

    Parameters
    ----------
    goals, tolerance, tolerances
        Goals in order, and how far each may give way to those after it; without goals one generalized cost.
    starts
        Plans to start from.
    near
        The plan that the problem is to stay close to (:func:`simulator.model.near.close_to`).
    bound
        Yuan a year that no plan of this very model is below.
    known
        `Plan.goals` of an earlier search of this very model.
    stands
        Where a relaxation of a model with the same columns and rows stands.
    """

    goals: tuple[str, ...] = ()
    tolerance: float = 0.0
    tolerances: Mapping[str, float] = field(default_factory=dict)
    starts: tuple[Plan, ...] = ()
    near: Plan | None = None
    bound: float = -float("inf")
    known: pd.DataFrame | None = None
    stands: highspy.HighsBasis | None = None


def values_of_plan(posed: Posed, plan: Plan) -> FloatArray | None:
    """Values of the columns of a plan that is there as tables; None where the problem does not allow it."""
    stated = stated_values(posed.model, posed.compiled, plan)
    limits = replace(posed.limits, seconds=posed.limits.seconds * _SHARE, gap=_CLOSE)
    return completed(posed.model, posed.compiled, stated, limits)
