"""Why this school and not that one: the problem solved again with one decision forced the other way."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from simulator.errors import InfeasibleError
from simulator.errors import Problem as Fault
from simulator.language import translate as _
from simulator.model.beside import YUAN, Change, Figures, changes_between, figures_of
from simulator.model.compile import Compiled, compile_model
from simulator.model.conflict import explain_conflict
from simulator.model.declare import Model, declare
from simulator.model.forced import Relaxation
from simulator.model.from_plan import completed, stated_values
from simulator.model.otherwise import Otherwise, other_ways
from simulator.model.parts import Mask
from simulator.model.problem import FloatArray, Problem, Requirement
from simulator.model.search import Search
from simulator.model.solve import Limits, Listener
from simulator.model.variables import Term, Variables
from simulator.model.works import Values
from simulator.plan import Plan
from simulator.scenario import SolverSettings

# Share of a question's time for its first answer, around the place alone.
_AROUND = 0.3
# A unit belongs to the school that serves more than this share of it.
_MOSTLY = 0.5


@dataclass(frozen=True)
class Explanation:
    """One decision of the plan beside its opposite.

    Parameters
    ----------
    place, name
        Id and name of the place.
    now, instead
        What the plan does, and what was tried.
    outcome
        `compared`, `impossible` (the rules forbid it), or `unknown` (nothing was found in time).
    before, after
        Figures of the plan and of the best plan found with the opposite.
    least_wan
        万元 a year that the opposite costs more at least, proven; NaN where nothing is known.
    changes
        Other decisions that change.
    reasons
        Rules that forbid it.
    note
        What the reader has to know besides; empty where nothing.
    """

    place: str
    name: str
    now: str
    instead: str
    outcome: str
    before: Figures
    after: Figures | None = None
    least_wan: float = float("nan")
    changes: tuple[Change, ...] = ()
    reasons: tuple[Fault, ...] = ()
    note: str = ""


def explain(
    problem: Problem,
    plan: Plan,
    place: tuple[str, str],
    settings: SolverSettings,
    *,
    listener: Listener | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> tuple[Explanation, ...]:
    """Force each decision at a place the other way, starting from a plan, and tell what changes.

    Parameters
    ----------
    problem
        The problem that the plan solves.
    plan
        The plan; it may have been edited by hand.
    place
        Id and name, as :func:`simulator.model.otherwise.find_place` gives them.
    settings
        Limits; the time limit is for all questions together.
    listener, stopped
        Told of progress; asked whether to stop.

    Raises
    ------
    InfeasibleError
        The plan itself keeps the rules no longer.
    """
    began = time.perf_counter()
    asked = _Asked(problem, plan, place, settings, listener, stopped)
    ways = asked.ways()
    found = []
    for number, way in enumerate(ways):
        left = settings.time_limit_s - (time.perf_counter() - began)
        found.append(asked.answer(way, max(left, 1.0) / (len(ways) - number)))
    return tuple(found)


class _Asked:
    """A plan and a place about which questions are asked."""

    def __init__(
        self,
        problem: Problem,
        plan: Plan,
        place: tuple[str, str],
        settings: SolverSettings,
        listener: Listener | None,
        stopped: Callable[[], bool],
    ) -> None:
        self._place, self._settings = place, settings
        self._listener, self._stopped = listener, stopped
        sections = tuple(
            replace(s, can_close=True) if problem.sites[s.site].site_id == place[0] and s.existing and s.ours else s
            for s in problem.sections
        )
        self._kept = frozenset(code for code, s in enumerate(problem.sections) if not s.can_close)
        # Rows of the planner's other decisions stay as they are where their rule is off.
        held = problem.requirements if "planner_decides" in problem.rules else _of_works(problem)
        self._problem = replace(
            problem, sections=sections, requirements=held, rules=problem.rules | {"planner_decides"}
        )
        self._model, self._compiled = _declared(self._problem)
        self._stated = stated_values(self._model, self._compiled, plan)
        base = completed(self._model, self._compiled, self._stated, self._limits(settings.time_limit_s))
        if base is None:
            raise InfeasibleError(_("成果中的方案已不满足模型的规则，无法作为比较的起点；请重新求解"))
        self._base = base

    def ways(self) -> list[Otherwise]:
        """The decisions at the place, the other way."""
        values = _values(self._model, self._compiled, self._base)
        return other_ways(values, self._place[0], self._kept)

    def answer(self, way: Otherwise, seconds: float) -> Explanation:
        """What comes of one of them."""
        before = figures_of(_values(self._model, self._compiled, self._base))
        told = Explanation(*self._place, way.now, way.instead, "impossible", before, note=way.note)
        if way.refused:
            return replace(told, reasons=way.refused)
        began = time.perf_counter()
        phase = self._lawful_from(way)
        since = way.since(len(self._problem.phases) - 1 if phase is None else phase)
        forced = replace(self._problem, requirements=(*self._problem.requirements, *since))
        model, compiled = _declared(forced)
        if phase is None:
            return replace(told, reasons=_reasons(model, compiled, way))
        limits = self._limits(seconds - (time.perf_counter() - began))
        around = replace(limits, seconds=limits.seconds * _AROUND)
        start = completed(model, compiled, self._renamed(compiled), around, self._around(model, compiled, way))
        solved = Search(model, compiled, limits, self._listener, self._stopped, start=start).run()
        if solved.status == "infeasible":
            return replace(told, reasons=_reasons(model, compiled, way))
        if not len(solved.values):
            return replace(told, outcome="unknown")
        after = _values(model, compiled, solved.values)
        base = _values(self._model, self._compiled, self._base)
        return replace(
            told,
            outcome="compared",
            after=figures_of(after),
            least_wan=float((solved.bound + self._problem.unavoidable) / YUAN - before.objective_wan),
            changes=tuple(changes_between(base, after, way)),
        )

    def _lawful_from(self, way: Otherwise) -> int | None:
        """First phase from which the relaxation allows it; None where no phase does."""
        relaxation = Relaxation(self._compiled)
        v, position = self._model.variables, self._compiled.position
        for phase in range(len(self._problem.phases)):
            limits: dict[int, tuple[float, float]] = {}
            for entry in way.since(phase):
                for term, value in _held(self._problem, v, entry):
                    if not isinstance(term, int | float):
                        limits[position[term.name]] = (value, value)
            if relaxation.least(limits) < np.inf:
                return phase
        return None

    def _renamed(self, compiled: Compiled) -> FloatArray:
        """What the plan decides, by the columns of another model."""
        stated = dict(zip(self._compiled.names, self._stated.tolist(), strict=True))
        return np.array([stated.get(name, np.nan) for name in compiled.names])

    def _around(self, model: Model, compiled: Compiled, way: Otherwise) -> Mask:
        """Columns that are free for the first answer: the sections, and the units that go, or could go, there."""
        problem, v = model.problem, model.variables
        near = np.zeros(len(problem.blocks), dtype=bool)
        inside = np.isin(problem.pair_section, list(way.sections))
        used = np.zeros(len(problem.pair_block), dtype=bool)
        for (pair, _phase), variable in v.assigned.items():
            used[pair] |= self._base[self._compiled.position[variable.name]] > _MOSTLY
        near[problem.pair_block[inside & (used | (way.block < 0))]] = True
        sites = {problem.sections[section].site for section in way.sections}
        terms: list[Term] = [term for (block, _p), term in v.unserved.items() if near[block]]
        terms += [term for (pair, _p), term in v.assigned.items() if near[problem.pair_block[pair]]]
        terms += [term for (section, _p), term in v.open.items() if problem.sections[section].site in sites]
        terms += list(v.added_rooms.values())
        terms += [term for (site, _k, _p), term in v.size.items() if site in sites]
        terms += list(v.converted.values())
        free = np.zeros(len(compiled.names), dtype=bool)
        free[[compiled.position[term.name] for term in terms if not isinstance(term, int | float)]] = True
        return free

    def _limits(self, seconds: float) -> Limits:
        return Limits(max(seconds, 1.0), self._settings.gap, self._settings.work_limit, self._settings.seed)


def _reasons(model: Model, compiled: Compiled, way: Otherwise) -> tuple[Fault, ...]:
    """What stands against it: the rules of the conflict, without the trial itself."""
    error = explain_conflict(model, compiled)
    trial = {entry.source for entry in way.requirements}
    against = tuple(fault for fault in error.problems if not any(source in fault.where for source in trial))
    return against or error.problems or (Fault("", error.title),)


def _declared(problem: Problem) -> tuple[Model, Compiled]:
    model = declare(problem, compact=False)
    return model, compile_model(model.lp)


def _of_works(problem: Problem) -> tuple[Requirement, ...]:
    return tuple(entry for entry in problem.requirements if entry.rule == "committed_happens")


def _values(model: Model, compiled: Compiled, values: FloatArray) -> Values:
    return Values(model, dict(zip(compiled.names, values.tolist(), strict=True)))


def _held(problem: Problem, v: Variables, entry: Requirement) -> Iterator[tuple[Term, float]]:
    """Decisions that a requirement settles, with the value that they take."""
    for phase in range(entry.phase, len(problem.phases)):
        if entry.kind == "apart":
            for pair in problem.pairs_of_section(entry.section).tolist():
                block = problem.blocks[int(problem.pair_block[pair])]
                if block.unit == entry.unit and block.whole:
                    yield v.assigned[pair, phase], 0.0
        elif entry.kind == "forbidden":
            yield v.open[entry.section, phase], float(problem.sections[entry.section].existing)
            yield v.added_rooms[entry.site, phase], 0.0
        else:
            yield v.open[entry.section, phase], float(entry.kind == "open")
