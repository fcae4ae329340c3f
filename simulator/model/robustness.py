"""稳健 or 待定: which actions of a plan stay in every plan that is nearly as good.

Two kinds of evidence. A proof: the relaxation with the action forced away costs more than the best plan and the
tolerance, so no plan without the action is that good. An example: a plan of the pool, within the tolerance, that does
without the action. Where there is neither, the action is 待定, unless enough plans of the pool all have it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from simulator.model.compile import Compiled
from simulator.model.forced import Relaxation
from simulator.model.problem import FloatArray
from simulator.model.solve import Exchange, Limits, Relaxed, solve
from simulator.model.variables import Term
from simulator.model.works import Values
from simulator.terms import Action, Robustness

Pool = Sequence[tuple[float, FloatArray]]
Forced = dict[int, tuple[float, float]]

# Actions asked about, the dearest first, and plans of the pool that make an unproven action likely to stay.
_MOST, _ENOUGH = 60, 3
# Longest seconds, or nodes, of one search with whole numbers.
_EACH, _NODES = 1.5, 50
# A decision below this is none.
_HALF = 0.5
_BUILDS = frozenset({Action.NEW_BUILD, Action.EXTENSION, Action.CONVERSION})


@dataclass(frozen=True)
class Found:
    """What the search leaves behind.

    Parameters
    ----------
    everything
        The arrays with all rows found.
    root
        The relaxation, where it was solved.
    pool
        (objective, values) of good plans, the best first; they differ in what opens, closes and grows.
    objective
        Of the plan.
    """

    everything: Compiled
    root: Relaxed | None
    pool: Pool
    objective: float


def with_robustness(
    actions: pd.DataFrame,
    values: Values,
    found: Found,
    near: float,
    seconds: float,
    stopped: Callable[[], bool] = lambda: False,
) -> pd.DataFrame:
    """The actions of a plan with the column `robustness`, a word of :class:`simulator.terms.Robustness`.

    Parameters
    ----------
    actions
        Columns of `Plan.actions`.
    values
        The plan.
    found
        What the search left behind.
    near
        Share of the objective within which another plan counts as equally good.
    seconds
        When to stop proving; inf asks every question to the end, so that a run can be repeated.
    stopped
        Asked whether to stop proving.
    """
    wanted = {
        (str(row["section_id"]), Action(row["action"])): float(row["capital_wan"])
        for row in actions.to_dict("records")
        if row["action"] != Action.KEEP
    }
    forced = {key: _otherwise(values, *key, found.everything.position) for key in wanted}
    words = {key: Robustness.FIXED for key in wanted if _is_fixed(values, *key) or not forced[key]}
    most = found.objective + near * abs(found.objective)
    asked = [key for key in sorted(wanted, key=lambda key: -wanted[key]) if key not in words]
    close = [plan for objective, plan in found.pool if objective <= most]
    for key in asked:
        if any(_is_there(plan, forced[key]) for plan in close):
            words[key] = Robustness.UNDECIDED
    left = [key for key in asked if key not in words][:_MOST]
    proven = _proven([forced[key] for key in left], found, most, seconds, stopped)
    for key, sure in zip(left, proven, strict=True):
        words[key] = Robustness.ROBUST if sure else Robustness.LIKELY if len(close) >= _ENOUGH else Robustness.UNDECIDED
    told = [
        words.get((str(section), Action(action)), Robustness.UNDECIDED).value if action != Action.KEEP else ""
        for section, action in zip(actions["section_id"], actions["action"], strict=True)
    ]
    return actions.assign(robustness=told)


def _proven(
    questions: Sequence[Forced], found: Found, most: float, seconds: float, stopped: Callable[[], bool]
) -> list[bool]:
    """Whether each way of deciding otherwise is known to cost more than `most`."""
    answers = [False] * len(questions)
    if not questions or seconds <= 0:
        return answers
    began = time.perf_counter()
    relaxation = Relaxation(found.everything, found.root, seconds)
    for code, forced in enumerate(questions):
        left = seconds - (time.perf_counter() - began)
        if not relaxation.solved or left <= 0 or stopped():
            break
        answers[code] = relaxation.least(forced, most, left) >= most
    for code, forced in enumerate(questions):
        left = seconds - (time.perf_counter() - began)
        if not answers[code] and left > 0 and found.everything.whole.any() and not stopped():
            answers[code] = _solved_above(found.everything, forced, most, left)
    return answers


def _solved_above(compiled: Compiled, forced: Forced, most: float, seconds: float) -> bool:
    """Whether a short search with whole numbers shows that deciding otherwise costs more than `most`."""
    lower, upper = compiled.lower.copy(), compiled.upper.copy()
    for column, (least, greatest) in forced.items():
        lower[column], upper[column] = least, greatest
    above = False

    def bounded(bound: float) -> None:
        nonlocal above
        above |= bound >= most

    limits = Limits(min(seconds, _EACH), 0.0, _NODES if np.isinf(seconds) else None, 1)
    solved = solve(replace(compiled, lower=lower, upper=upper), limits, None, Exchange(bounded=bounded), lambda: above)
    return above or solved.status == "infeasible" or solved.bound >= most


def _is_there(plan: FloatArray, forced: Forced) -> bool:
    """Whether a plan decides otherwise."""
    return all(lower - _HALF < plan[column] < upper + _HALF for column, (lower, upper) in forced.items())


def _is_fixed(values: Values, section_id: str, action: Action) -> bool:
    """Whether the planner or a committed work asks for the action."""
    problem = values.model.problem
    code = next(c for c, section in enumerate(problem.sections) if section.section_id == section_id)
    kind = {Action.NEW_BUILD: "open", Action.EXTENSION: "rooms", Action.CONVERSION: "converted"}.get(action, "closed")
    return any(
        entry.kind == kind
        and (entry.section == code or (entry.section < 0 and entry.site == problem.sections[code].site))
        for entry in problem.requirements
    )


def _otherwise(values: Values, section_id: str, action: Action, position: dict[str, int]) -> Forced:
    """Columns by which a plan does without an action in all years, with the limits that they keep then."""
    problem, v = values.model.problem, values.model.variables
    code = next(c for c, section in enumerate(problem.sections) if section.section_id == section_id)
    site = problem.sections[code].site
    terms: list[Term] = []
    if action is Action.EXTENSION:
        terms = [v.added_rooms[site, phase] for phase in range(len(problem.phases))]
    elif action is Action.CONVERSION:
        terms = [variable for (_one, other, _phase), variable in v.converted.items() if other == code]
    else:
        terms = [v.open[code, phase] for phase in range(len(problem.phases))]
    value = 0.0 if action in _BUILDS else 1.0
    return {position[term.name]: (value, value) for term in terms if not isinstance(term, int | float)}
