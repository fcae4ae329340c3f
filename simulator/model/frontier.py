r"""The trade-off of two goals: the least of the one for every limit of the other.

Augmented ε-constraint method (Mavrotas 2009): minimize :math:`B + \delta (A - A_{\min})` subject to
:math:`A \le \varepsilon`; the small δ leaves no plan on the curve that another one beats in A alone. All points are
searched on the same arrays, each from the best plan found before it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from simulator.errors import InputError
from simulator.errors import Problem as Fault
from simulator.language import translate as _
from simulator.model.actions import actions_table
from simulator.model.compile import compile_model
from simulator.model.declare import declare
from simulator.model.goals import SEATS, SLACK, Goal, Posed, aimed, best_of, goal_of, searched, settled, value_of
from simulator.model.problem import FloatArray, Problem
from simulator.model.solve import Limits, Listener
from simulator.model.task import values_of_plan
from simulator.model.works import Values
from simulator.plan import Plan
from simulator.scenario import SolverSettings
from simulator.terms import Action

# What the first goal weighs beside the second, as a share of the exchange rate between the two ends.
_BESIDE = 1e-3
_SHOWN = (*SEATS, "moved", "journeys", "cost")
_CLOSING = frozenset({Action.CONSOLIDATION.value, Action.STOP_SECTION.value})
# A plan must be worse by more than this share of the curve to be dominated.
_ROUNDING = 1e-6
FRONTIER_COLUMNS = ["point", "kind", "first", "second", "first_value", "second_value", "first_most", "second_bound",
                    "dominated", *_SHOWN, "opened", "closed"]  # fmt: skip


@dataclass(frozen=True)
class Point:
    """A plan on the curve: its limit of the first goal, and the bound of the second under that limit."""

    kind: str
    values: FloatArray
    most: float
    bound: float


def frontier(posed: Posed, plan: FloatArray, names: tuple[str, str], tolerance: float, points: int) -> pd.DataFrame:
    """Draw the trade-off of two goals.

    Parameters
    ----------
    posed
        The problem; its limits are those of all points together.
    plan
        Values of the plan that was found: it starts the search, and is shown beside the curve.
    names
        The two goals: the first is limited, the second minimized.
    tolerance
        By what share shortage and pupils above the standard may be worse than in the plan.
    points
        Plans on the curve, its two ends among them.

    Returns
    -------
    DataFrame
        `FRONTIER_COLUMNS`, by the first goal: kind (`plan`, `end`, `between`), both values, the limit of the first
        and the bound of the second under it (NaN for the plan), whether another point is as good in both and better
        in one, values of the usual goals, site ids opened and closed (`;` between them).
    """
    curve = _Curve(posed, plan, goal_of(names[0]), goal_of(names[1]), tolerance, points)
    return _table(curve, [Point("plan", plan, np.nan, np.nan), *curve.points()])


def draw_frontier(
    problem: Problem,
    plan: Plan,
    settings: SolverSettings,
    names: tuple[str, str],
    points: int,
    *,
    tolerance: float = 0.0,
    listener: Listener | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> pd.DataFrame:
    """Draw the trade-off of two goals around a plan of the problem, within the limits of the settings.

    Parameters
    ----------
    problem, plan
        The problem, and its plan.
    settings
        Solver and limits, of all points together.
    names, points, tolerance
        As for :func:`frontier`.
    listener, stopped
        Told of progress; asked whether to stop.
    """
    began = time.perf_counter()
    model = declare(problem, compact=settings.name != "highs")
    compiled = compile_model(model.lp)
    left = max(settings.time_limit_s - (time.perf_counter() - began), settings.time_limit_s / 2)
    limits = Limits(left, settings.gap, settings.work_limit, settings.seed)
    posed = Posed(model, compiled, limits, settings.name, listener, stopped)
    values = values_of_plan(posed, plan)
    if values is None:
        raise InputError(_("无法画出权衡曲线"), [Fault("", _("方案的各表不能还原为模型的解"), _("请报告这个问题"))])
    return frontier(posed, values, names, tolerance, points)


class _Curve:
    """The search for the points of one curve."""

    def __init__(
        self, posed: Posed, plan: FloatArray, first: Goal, second: Goal, tolerance: float, points: int
    ) -> None:
        self.posed, self.first, self.second = posed, first, second
        self._count = points
        self._pool = [plan]
        traded = {*first.items, *second.items}
        # Seats come first: they are held as in the plan that the curve starts from.
        held = [goal_of(name) for name in SEATS if name not in traded]
        values = {goal: value_of(posed, goal, plan) for goal in held}
        self._held = {goal: value + abs(value) * tolerance + SLACK for goal, value in values.items()}
        # Two searches for each end, one for each point between.
        searches = points + 2
        work = posed.limits.nodes and max(1, posed.limits.nodes // searches)
        self._limits = replace(posed.limits, seconds=posed.limits.seconds / searches, nodes=work)

    def points(self) -> Iterator[Point]:
        """The ends, then what lies between them; fewer where the search is stopped."""
        least_first = self._end(self.first, self.second)
        least_second = self._end(self.second, self.first)
        if least_first is None or least_second is None:
            return
        start, end = (value_of(self.posed, self.first, point.values) for point in (least_first, least_second))
        yield replace(least_first, most=start)
        yield replace(least_second, most=end)
        rise = value_of(self.posed, self.second, least_first.values) - value_of(
            self.posed, self.second, least_second.values
        )
        if end - start <= SLACK or rise <= SLACK:
            return  # one plan is best in both
        weight = _BESIDE * rise / (end - start)
        for most in np.linspace(start, end, self._count)[1:-1].tolist():
            found = self._point(most, start, weight)
            if found is not None:
                yield found

    def _end(self, first: Goal, then: Goal) -> Point | None:
        """The plan that is best in one goal and, of those, in the other; the bound is that of the second goal."""
        compiled = aimed(self.posed, [(first, 1.0)], self._held)
        best, bound = self._searched(first, [(first, 1.0)], self._held)
        if best is None:
            return None
        most = self._held | {first: compiled.objective(best) + SLACK}
        found, then_bound = self._searched(then, [(then, 1.0)], most)
        return Point("end", best if found is None else found, np.nan, bound if first == self.second else then_bound)

    def _point(self, most: float, least: float, weight: float) -> Point | None:
        minimized = [(self.second, 1.0), (self.first, weight)]
        held = self._held | {self.first: most}
        values, bound = self._searched(self.second, minimized, held, -weight * least)
        return None if values is None else Point("between", values, most, bound - weight * (most - least))

    def _searched(
        self, goal: Goal, minimized: list[tuple[Goal, float]], most: dict[Goal, float], constant: float = 0.0
    ) -> tuple[FloatArray | None, float]:
        """The best plan of one search, with nothing in it larger than it need be, and the bound."""
        if self.posed.stopped():
            return None, -np.inf
        compiled = aimed(self.posed, minimized, most, constant)
        solved = searched(self.posed, compiled, self._limits, self._pool, goal.name)
        best = best_of(compiled, (*self._pool, np.asarray(solved.values)))
        if best is None:
            return None, solved.bound
        both = {one: value_of(self.posed, one, best) + SLACK for one in (self.first, self.second)}
        tight = settled(self.posed, best, {**most, **both})
        self._pool.append(tight)
        return tight, solved.bound


def _table(curve: _Curve, found: list[Point]) -> pd.DataFrame:
    rows = [
        {
            "kind": point.kind,
            "first": curve.first.name,
            "second": curve.second.name,
            "first_value": value_of(curve.posed, curve.first, point.values),
            "second_value": value_of(curve.posed, curve.second, point.values),
            "first_most": point.most,
            "second_bound": point.bound,
            **{name: value_of(curve.posed, goal_of(name), point.values) for name in _SHOWN},
            **_decided(curve.posed, point.values),
        }
        for point in found
    ]
    table = pd.DataFrame(_distinct(rows)).sort_values(["first_value", "second_value"], kind="stable", ignore_index=True)
    table["second_bound"] = np.minimum(table["second_bound"], table["second_value"])
    table["dominated"] = _dominated(table[["first_value", "second_value"]].to_numpy(float))
    table["point"] = np.arange(1, len(table) + 1)
    return table[FRONTIER_COLUMNS]


def _distinct(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    """Points of the curve that differ in a goal; the plan stands beside them in any case."""
    kept: list[dict[str, object]] = []
    for row in rows:
        both = np.array([row["first_value"], row["second_value"]], dtype=float)
        least = _least(both)
        known = [np.array([one["first_value"], one["second_value"]]) for one in kept if one["kind"] != "plan"]
        if row["kind"] == "plan" or not any((np.abs(both - one) <= least).all() for one in known):
            kept.append(row)
    return kept


def _least(values: FloatArray) -> FloatArray:
    """Differences of goals that are more than rounding."""
    return np.maximum(_ROUNDING * np.abs(values), 10 * SLACK)


def _dominated(points: FloatArray) -> list[bool]:
    """Whether another point is at least as good in both goals, and better in one by more than rounding.

    >>> _dominated(np.array([[1.0, 5.0], [2.0, 5.0], [2.0, 3.0]]))
    [False, True, False]
    """
    return [
        bool(((points <= point + _least(point)).all(axis=1) & (points < point - _least(point)).any(axis=1)).any())
        for point in points
    ]


def _decided(posed: Posed, values: FloatArray) -> dict[str, str]:
    """Sites that open and close in a plan."""
    by_name = dict(zip(posed.compiled.names, values.tolist(), strict=True))
    actions = actions_table(Values(posed.model, by_name))
    opened = actions[actions["action"] == Action.NEW_BUILD.value]["site_id"]
    closed = actions[actions["action"].isin(_CLOSING)]["site_id"]
    return {"opened": ";".join(dict.fromkeys(opened)), "closed": ";".join(dict.fromkeys(closed))}
