"""Why no plan satisfies the rules: a smallest set of rules, places and figures in conflict, and the cheapest repair."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from simulator.errors import InfeasibleError
from simulator.errors import Problem as Fault
from simulator.language import translate as _
from simulator.model.compile import Compiled, compile_model
from simulator.model.connection import CONNECTED
from simulator.model.declare import Model, declare, rule_of
from simulator.model.elastic import Elastic, Yield, without_time
from simulator.model.problem import Problem
from simulator.model.repair import Given, given, places, repair, told_once, when
from simulator.rules import RULES

# Seconds for everything, for the cheapest repair, and for what one rule alone would have to give.
_SECONDS, _REPAIR, _ALONE = 45.0, 15.0, 4.0
# Conflicts told apart, and repairs told in one line.
_CONFLICTS, _FEW = 3, 6


def explain_conflict(
    model: Model, compiled: Compiled, *, infeasible: bool = True, seconds: float = _SECONDS
) -> InfeasibleError:
    """Name the rules and places that cannot hold together, what each would have to give, and the cheapest repair.

    Every row of a rule may be broken at a price; the cheapest breaking, min Σ slack ÷ scale of the row, is the repair.
    Each conflict is a smallest set of rules and places: without any one of them the others can hold.

    Parameters
    ----------
    model, compiled
        The model and its arrays.
    infeasible
        Whether the search has shown that there is no plan; else a conflict is told only where it is proven here.
    seconds
        For all of it.
    """
    problem = model.problem
    elastic = Elastic(compiled, seconds)
    cheapest = elastic.cheapest(_REPAIR)
    if infeasible and not cheapest and CONNECTED in problem.rules:
        # The search makes rows of connected catchments as it needs them: only here are all declared.
        elastic = Elastic(compile_model(declare(problem).lp), seconds)
        cheapest = elastic.cheapest(_REPAIR)
    if not cheapest:
        return InfeasibleError(_("在时限内没有找到方案，也没有发现规则冲突；请加大 --time-limit"))
    remedy = _told(problem, cheapest)
    if not (infeasible or elastic.proven):
        title = _("在时限内没有找到方案，也没有证明规则互相矛盾；请加大 --time-limit，或放宽：{remedy}")
        return InfeasibleError(title.format(remedy=remedy))
    conflicts = _conflicts(elastic)
    faults = [
        [fault for place in conflict for fault in _of_place(problem, elastic, place, conflict)]
        for conflict in conflicts
    ]
    if not any(faults):
        title = _("没有方案能同时满足这些规则。最省的办法：{remedy}")
        return InfeasibleError(title.format(remedy=remedy), _faults(problem, cheapest))
    if len(faults) == 1:
        if len(conflicts[0]) == 1:
            return InfeasibleError(_("有一项要求无法满足。最省的办法：{remedy}").format(remedy=remedy), faults[0])
        title = _("以下 {count} 项要求互相矛盾，至少一项要让步。最省的办法：{remedy}")
        return InfeasibleError(title.format(count=len(conflicts[0]), remedy=remedy), faults[0])
    title = _("没有方案能满足全部规则：有 {count} 组互相矛盾的要求，每组至少一项要让步。最省的办法：{remedy}")
    marked = [
        replace(fault, what=_("矛盾{number}：{what}").format(number=number, what=fault.what))
        for number, group in enumerate(faults, start=1)
        for fault in group
    ]
    return InfeasibleError(title.format(count=len(faults), remedy=remedy), marked)


def _conflicts(elastic: Elastic) -> list[list[str]]:
    """Conflicts that have no place in common."""
    found: list[list[str]] = []
    while len(found) < _CONFLICTS and elastic.left > 0:
        conflict = elastic.conflict([place for known in found for place in known])
        if not conflict:
            break
        found.append(conflict)
    return found


def _of_place(problem: Problem, elastic: Elastic, place: str, conflict: list[str]) -> list[Fault]:
    """What a place of a conflict would have to give, if it alone gave way."""
    alone = elastic.alone(place, conflict, min(_ALONE, max(elastic.left, 0.5)))
    if alone:
        return _faults(problem, alone)
    entry = given(rule_of(place + "_"), place, 0.0, 0.0)
    return [Fault(places(problem, entry), _(RULES[entry.rule].title), repair(problem, entry))]


def _told(problem: Problem, entries: Iterable[Yield]) -> str:
    """The repair in one line: a place once, by the most that it has to give."""
    most: dict[str, Yield] = {}
    for entry in entries:
        place = without_time(entry.row)
        if place not in most or entry.amount > most[place].amount:
            most[place] = entry
    words = list(dict.fromkeys(repair(problem, _given(problem, entry)) for entry in most.values()))
    told = told_once(words[:_FEW])
    return told if len(words) <= _FEW else _("{told}；另有 {count} 处").format(told=told, count=len(words) - _FEW)


def _given(problem: Problem, entry: Yield) -> Given:
    rule = rule_of(entry.row)
    # The sum with 0 turns the solver's −0 into 0.
    return given(rule, entry.row, entry.amount, round(_limit(problem, entry), 2) + 0.0)


def _faults(problem: Problem, entries: Iterable[Yield]) -> list[Fault]:
    """One fault a rule, place and figure; the phases or years in which it stands are named together."""
    times: dict[tuple[str, str, float, float], list[Given]] = {}
    for entry in entries:
        read = _given(problem, entry)
        key = read.rule, places(problem, read), read.limit, round(read.amount, 2)
        times.setdefault(key, []).append(read)
    return [_fault(problem, *key, found) for key, found in times.items()]


def _fault(problem: Problem, rule: str, place: str, limit: float, amount: float, found: list[Given]) -> Fault:
    title = _(RULES[rule].title)
    told = _("{title}：限值 {limit:g}，至少要放宽 {amount:.2f}").format(title=title, limit=limit, amount=amount)
    times = [time for entry in found if (time := when(problem, entry))]
    period = (
        ""
        if not times
        else times[0]
        if len(times) == 1
        else _("{first}至{last}").format(first=times[0], last=times[-1])
    )
    where = "、".join(word for word in (place, period) if word)
    return Fault(where, told, repair(problem, found[0]))


def _limit(problem: Problem, entry: Yield) -> float:
    """The limit as the planner set it: a row of closures also holds the schools of today."""
    if rule_of(entry.row) != "closures_a_year":
        return entry.limit
    place = entry.row.removeprefix("closures_a_year_")
    if place in {"most", "least"}:
        return float(getattr(problem.consolidation, place))
    return problem.most_closures(int(entry.row.rpartition("_p")[2]) - 1)
