"""Why this school and not that one: the problem solved again with one decision forced the other way."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from simulator.errors import InfeasibleError
from simulator.errors import Problem as Fault
from simulator.language import translate as _
from simulator.model.actions import actions_table
from simulator.model.compile import Compiled, compile_model
from simulator.model.conflict import explain_conflict
from simulator.model.declare import Model, declare
from simulator.model.extract import shortage_of
from simulator.model.forced import Relaxation
from simulator.model.from_plan import completed, stated_values
from simulator.model.objective import ITEMS
from simulator.model.otherwise import Otherwise, other_ways
from simulator.model.parts import Mask
from simulator.model.problem import FloatArray, Problem, Requirement
from simulator.model.search import Search
from simulator.model.solve import Limits, Listener
from simulator.model.variables import Term, Variables
from simulator.model.works import Values
from simulator.plan import Plan
from simulator.scenario import SolverSettings
from simulator.terms import Action, label

_YUAN = 10_000.0
_SIZED = frozenset({Action.NEW_BUILD, Action.EXTENSION, Action.CONVERSION})
_MONEY = ("running", "capital", "transport")
# Share of a question's time for its first answer, around the place alone.
_AROUND = 0.3
# A unit belongs to the school that serves more than this share of it.
_MOSTLY = 0.5


@dataclass(frozen=True)
class Figures:
    """What a plan comes to.

    Parameters
    ----------
    shortage, over_standard
        Children without a seat and pupils above the standard class, children × years.
    cost_wan
        Running cost, annuity of the capital, school buses and boarding, 万元 a year.
    mean_minutes, total_minutes
        Journeys of those who go by catchment or choice, one way: minutes a child; thousand child-minutes a day.
    moved
        Children whose catchment or school changes, over all phases.
    objective_wan
        Generalized cost, 万元 a year.
    """

    shortage: float
    over_standard: float
    cost_wan: float
    mean_minutes: float
    total_minutes: float
    moved: float
    objective_wan: float


@dataclass(frozen=True)
class Change:
    """Another decision that goes with the forced one."""

    place: str
    before: str
    after: str


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
        return other_ways(_values(self._model, self._compiled, self._base), self._place[0])

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
            least_wan=float((solved.bound + self._problem.unavoidable) / _YUAN - before.objective_wan),
            changes=tuple(_changes(base, after, way)),
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


def figures_of(values: Values) -> Figures:
    """What a plan comes to."""
    problem, v = values.model.problem, values.model.variables
    single = replace(problem.prices, minute=1.0, moved=1.0)
    # Each item counts in its own unit when its price is 1: child-minutes, children.
    travelling = replace(problem, prices=single, minutes=np.ones_like(problem.minutes))
    counted = replace(problem, prices=single, weights=np.ones_like(problem.weights))
    children = _sum(values, "journeys", travelling)
    minutes = _sum(values, "journeys", replace(problem, prices=single))
    money = sum(_sum(values, name, problem) for name in _MONEY) + problem.constant
    return Figures(
        shortage=float(shortage_of(values)),
        over_standard=float(sum(values.of(term) for term in (*v.over_standard.values(), *v.pool_over.values()))),
        cost_wan=money / _YUAN,
        mean_minutes=minutes / children if children > 0 else 0.0,
        total_minutes=minutes / 1000,
        moved=_sum(values, "moved", counted),
        objective_wan=(sum(_sum(values, name, problem) for name in ITEMS) + problem.constant) / _YUAN,
    )


def _sum(values: Values, item: str, problem: Problem) -> float:
    return float(sum(factor * values.of(term) for term, factor in ITEMS[item](problem, values.model.variables)))


def _changes(before: Values, after: Values, way: Otherwise) -> Iterator[Change]:
    """Other sections where something else is done, and units that go elsewhere in the end."""
    problem = before.model.problem
    one, two = _done(before), _done(after)
    for code, section in enumerate(problem.sections):
        own = section.section_id
        if code not in way.sections and one[own] != two[own]:
            yield Change(_named(problem, code), one[own] or _("保留"), two[own] or _("保留"))
    schools, others = _schools(before), _schools(after)
    if way.block >= 0:
        unit = problem.units[problem.blocks[way.block].unit]
        yield Change(unit, _name(problem, schools.get(way.block)), _name(problem, others.get(way.block)))
    blocks = (schools.keys() | others.keys()) - {way.block}
    moved = {problem.blocks[block].unit for block in blocks if schools.get(block) != others.get(block)}
    if moved:
        told = _("远期 {count} 个划片单元改划").format(count=len(moved))
        yield Change(_("招生范围"), "", told)


def _named(problem: Problem, code: int) -> str:
    """Name of a section, with its stage where its campus has several."""
    section = problem.sections[code]
    if len(problem.sites[section.site].sections) == 1:
        return section.name
    return _("{school}（{stage}）").format(school=section.name, stage=label(section.stage))


def _done(values: Values) -> dict[str, str]:
    """Section → what is done there, in words."""
    words: dict[str, str] = {section.section_id: "" for section in values.model.problem.sections}
    for row in actions_table(values).to_dict("records"):
        action = Action(row["action"])
        if action is Action.KEEP:
            continue
        classes = _("{classes}班").format(classes=row["classes"]) if action in _SIZED else ""
        told = _("{year}年{action}").format(year=row["year"], action=label(action)) + classes
        words[row["section_id"]] = "；".join(word for word in (words[row["section_id"]], told) if word)
    return words


def _schools(values: Values) -> dict[int, int]:
    """Whole block → its section in the last phase."""
    problem, v = values.model.problem, values.model.variables
    last = len(problem.phases) - 1
    return {
        int(problem.pair_block[pair]): int(problem.pair_section[pair])
        for (pair, phase), variable in v.assigned.items()
        if phase == last and problem.blocks[int(problem.pair_block[pair])].whole and values.whole(variable)
    }


def _name(problem: Problem, section: int | None) -> str:
    return _("没有学位") if section is None else problem.sections[section].name
