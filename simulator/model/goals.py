"""Ordered goals: each is minimized in turn, the ones before it held at their value plus a tolerance.

A goal is measured in its own unit, whatever the prices of the generalized cost. The arrays are made once; a goal only
replaces their cost, and adds a row for each goal that is held.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
import scipy.sparse as sp

from simulator.model.compile import Compiled
from simulator.model.declare import Model
from simulator.model.objective import ITEMS, Terms, items_of
from simulator.model.other_solvers import solve_by_name
from simulator.model.parts import Arrays, with_rows
from simulator.model.problem import FloatArray, Problem
from simulator.model.search import Search
from simulator.model.solve import Limits, Listener, Solved, relative_gap, solve
from simulator.model.variables import Variables, total
from simulator.plan import GOAL_COLUMNS

CHILDREN, CHILD_MINUTES, WAN = "children", "child_minutes", "wan"
"""Units of a goal: children, minutes of children one way, 万元; all a year, mean of the discounted years."""
OTHERS = "others"
"""What no goal names, at the prices of the generalized cost: minimized last, so that nothing in a plan is arbitrary."""

SEATS = ("shortage", "over_standard")
"""Goals that come before those which are named, unless they are named themselves."""

_UNITS = {"shortage": CHILDREN, "over_standard": CHILDREN, "moved": CHILDREN, "journeys": CHILD_MINUTES}
_PARTS = {"cost": ("running", "capital", "transport")}
_WAN = 10_000
# What is held may be passed by this much, in its unit: rounding of the solver.
SLACK = 1e-4
# The last step, in which nothing but the catchments of choice and what follows from decisions may still move.
_SETTLING = Limits(30.0, 0.0, None, 1)


@dataclass(frozen=True)
class Goal:
    """What is minimized or held: items of the objective, together, in one unit."""

    name: str
    items: tuple[str, ...]
    unit: str


@dataclass(frozen=True)
class Target:
    """A goal in the order of goals.

    Parameters
    ----------
    goal
        The goal.
    tolerance
        By what share it may be worse than its best value once it is held.
    most, bound
        How far it is held, and what no plan is below, as an earlier search of the same model had it.
    """

    goal: Goal
    tolerance: float
    most: float = float("inf")
    bound: float = -float("inf")


@dataclass(frozen=True)
class Reached:
    """What a search for one goal found: its best value, the proven bound, how far it is held from then on."""

    goal: Goal
    best: float
    bound: float
    most: float


@dataclass(frozen=True)
class Ordered:
    """The plan of ordered goals.

    Parameters
    ----------
    values
        Values of the columns; empty where there is no plan.
    reached
        Goal by goal, as far as the search came.
    status, seconds
        As of a single search; `optimal` only where every goal is.
    """

    values: FloatArray
    reached: tuple[Reached, ...]
    status: str
    seconds: float


@dataclass(frozen=True)
class Posed:
    """A declared and compiled problem, and how it is searched.

    Parameters
    ----------
    model, compiled
        The model and its arrays.
    limits
        Of all searches together.
    solver
        `highs`, or a solver that PuLP knows.
    listener, stopped
        Told of progress; asked whether to stop.
    """

    model: Model
    compiled: Compiled
    limits: Limits
    solver: str = "highs"
    listener: Listener | None = None
    stopped: Callable[[], bool] = field(default=lambda: False)


def goal_of(name: str) -> Goal:
    """The goal of a name in the scenario."""
    return Goal(name, _PARTS.get(name, (name,)), _UNITS.get(name, WAN))


def targets_of(
    names: Sequence[str],
    tolerances: Mapping[str, float],
    tolerance: float,
    problem: Problem,
    known: pd.DataFrame | None = None,
) -> list[Target]:
    """The goals in order with their tolerances; last what none of them names.

    Seats come first where the order does not name them: nobody's journey is short because he has no school.

    Parameters
    ----------
    names, tolerances, tolerance
        As the scenario has them.
    known
        `Plan.goals` of an earlier search of the same model: its bounds and limits still hold.
    """
    goals = [goal_of(name) for name in (*(seat for seat in SEATS if seat not in names), *names)]
    named = {item for goal in goals for item in goal.items}
    left = tuple(item for item in items_of(problem) if item not in named)
    goals += [Goal(OTHERS, left, WAN)] if left else []
    rows = {} if known is None else {row["goal"]: row for row in known.to_dict("records")}
    return [
        Target(
            goal,
            tolerances.get(goal.name, tolerance),
            most=float(rows[goal.name]["most"]) if goal.name in rows else np.inf,
            bound=float(rows[goal.name]["bound"]) if goal.name in rows else -np.inf,
        )
        for goal in goals
    ]


def goal_terms(problem: Problem, v: Variables, goal: Goal) -> Terms:
    """A goal as terms in the decisions, in its unit."""
    if goal.unit == WAN:
        priced, scale = problem, 1 / _WAN
    else:  # a price of 1 leaves children and minutes
        prices = replace(problem.prices, minute=1.0, shortage=1.0, over_standard=1.0, moved=1.0)
        priced, scale = replace(problem, prices=prices), 1.0
    return [(term, scale * factor) for item in goal.items for term, factor in ITEMS[item](priced, v)]


def measured(posed: Posed, goal: Goal) -> tuple[FloatArray, float]:
    """Coefficients and constant of a goal over the columns, shape (columns,)."""
    expression = total(goal_terms(posed.model.problem, posed.model.variables, goal))
    cost = np.zeros(len(posed.compiled.names))
    for variable, factor in expression.items():
        cost[posed.compiled.position[variable.name]] = factor
    return cost, float(expression.constant)


def value_of(posed: Posed, goal: Goal, values: FloatArray) -> float:
    """What a plan has of a goal."""
    cost, constant = measured(posed, goal)
    return float(cost @ values + constant)


def aimed(
    posed: Posed, minimized: Iterable[tuple[Goal, float]] | None, most: Mapping[Goal, float], constant: float = 0.0
) -> Compiled:
    """The arrays with Σ weight × goal in place of their cost (None keeps it), and a row `goal_<name>` for what is held."""
    compiled = posed.compiled
    if minimized is not None:
        parts = [(weight, *measured(posed, goal)) for goal, weight in minimized]
        cost = np.sum([weight * factors for weight, factors, _ in parts], axis=0)
        compiled = replace(compiled, cost=cost, offset=constant + sum(weight * fixed for weight, _, fixed in parts))
    if not most:
        return compiled
    held = [(goal, limit, *measured(posed, goal)) for goal, limit in most.items()]
    return with_rows(
        compiled,
        sp.csr_matrix(np.array([factors for *_, factors, _ in held])),
        np.array([limit - fixed for _, limit, _, fixed in held]),
        [f"goal_{goal.name}" for goal, *_ in held],
    )


def searched(
    posed: Posed, compiled: Compiled, limits: Limits, starts: Sequence[FloatArray], name: str, bound: float = -np.inf
) -> Solved:
    """Search aimed arrays from the best of some plans that keep their rows.

    Parameters
    ----------
    compiled
        Of :func:`aimed`.
    name
        What the listener is told: the goal.
    bound
        What no plan is below, as far as is known before.
    """
    start = best_of(compiled, starts)
    if posed.solver != "highs":
        return solve_by_name(posed.solver, _restated(posed.model, compiled), compiled, limits)
    listener = posed.listener
    told: Listener | None = None if listener is None else lambda progress: listener(replace(progress, goal=name))
    return Search(posed.model, compiled, limits, told, posed.stopped, start, bound).run()


def best_of(compiled: Compiled, plans: Sequence[FloatArray]) -> FloatArray | None:
    """The cheapest of some plans that keep the rows; None where none does."""
    arrays = Arrays(compiled)
    able = [values for values in plans if len(values) and arrays.keeps(values)]
    return min(able, key=lambda values: float(compiled.cost @ values), default=None)


def solve_ordered(posed: Posed, targets: Sequence[Target], starts: Sequence[FloatArray] = ()) -> Ordered:
    """Minimize the goals one after the other.

    The time (or the work) is shared evenly over the goals that are left, the last one counted twice; what a goal
    does not need is left to those after it.

    Parameters
    ----------
    posed
        The problem.
    targets
        Goals in order.
    starts
        Plans to start from.

    Returns
    -------
    Ordered
        The plan, and what is known of each goal.
    """
    pool = [values for values in starts if len(values)]
    most: dict[Goal, float] = {}
    reached: list[Reached] = []
    statuses: list[str] = []
    seconds, values = 0.0, np.empty(0)
    for number, target in enumerate(targets):
        share = 1 / (len(targets) - number + (number < len(targets) - 1))
        work = posed.limits.nodes and max(1, posed.limits.nodes // (len(targets) + 1))
        limits = replace(posed.limits, seconds=max(posed.limits.seconds - seconds, 0.0) * share, nodes=work)
        compiled = aimed(posed, [(target.goal, 1.0)], most)
        solved = searched(posed, compiled, limits, pool, target.goal.name, target.bound)
        seconds += solved.seconds
        statuses.append(solved.status)
        found = best_of(compiled, (*pool, np.asarray(solved.values)))
        if found is None:
            return Ordered(np.empty(0), (), solved.status, seconds)
        values = found
        pool.append(values)
        best = compiled.objective(values)
        bound = min(max(solved.bound, target.bound), best)
        most[target.goal] = min(best + abs(best) * target.tolerance + SLACK, target.most)
        reached.append(Reached(target.goal, best, bound, most[target.goal]))
        if solved.status == "interrupted":
            break
    status = next((status for status in statuses if status != "optimal"), "optimal")
    held = most | {reached[-1].goal: reached[-1].best + SLACK}
    return Ordered(settled(posed, values, held), tuple(reached), status, seconds)


def goals_table(posed: Posed, targets: Sequence[Target], ordered: Ordered) -> pd.DataFrame:
    """`Plan.goals`: what the plan has of each goal; a goal that the search did not come to has no bound."""
    found = {one.goal: one for one in ordered.reached}
    rows = []
    for target in targets:
        goal, one = target.goal, found.get(target.goal)
        value = value_of(posed, goal, ordered.values)
        bound, most = (one.bound, one.most) if one is not None else (-np.inf, np.inf)
        rows.append((goal.name, goal.unit, value, bound, max(value - bound, 0.0), target.tolerance, most))
    return pd.DataFrame(rows, columns=GOAL_COLUMNS)


def last_gap(goals: pd.DataFrame) -> float:
    """Relative gap of the last goal: the plan's."""
    return relative_gap(float(goals["value"].iloc[-1]), float(goals["bound"].iloc[-1]))


def with_running(goals: pd.DataFrame, yuan: float) -> pd.DataFrame:
    """The table of goals when classes are opened that cost so much more a year."""
    if not len(goals):
        return goals
    named = goals["goal"].isin(["cost", "running"])
    dearer = named if named.any() else goals["goal"] == OTHERS
    value = goals["value"] + dearer * yuan / _WAN
    return goals.assign(value=value, gap=goals["gap"] + dearer * yuan / _WAN)


def settled(posed: Posed, values: FloatArray, most: Mapping[Goal, float]) -> FloatArray:
    """The same plan with everything that follows from its decisions at least generalized cost.

    While a goal is minimized, what it does not count (pupils above the standard, say) may be larger than it need be.
    """
    compiled = aimed(posed, None, most)
    decided = compiled.whole == 1
    whole = np.round(values)
    held = replace(
        compiled,
        lower=np.where(decided, whole, compiled.lower),
        upper=np.where(decided, whole, compiled.upper),
    )
    solved = solve(held, _SETTLING)
    return np.asarray(solved.values) if len(solved.values) else values


def _restated(model: Model, compiled: Compiled) -> Model:
    """The declared model with the cost and the held rows of aimed arrays, for other solvers."""
    variables = {variable.name: variable for variable in model.lp.variables()}
    columns = [variables[name] for name in compiled.names]
    lp = model.lp.copy()
    used = np.flatnonzero(compiled.cost).tolist()
    lp.setObjective(total([(columns[code], float(compiled.cost[code])) for code in used], compiled.offset))
    for row in range(compiled.matrix.shape[0]):
        if compiled.row_names[row].startswith("goal_"):
            codes = compiled.matrix[[row]].tocoo()
            terms = [(columns[code], float(factor)) for code, factor in zip(codes.col, codes.data, strict=True)]
            lp.addConstraint(total(terms) <= float(compiled.row_upper[row]), compiled.row_names[row])
    return replace(model, lp=lp)
