"""Why no plan satisfies the rules: the smallest change that would, told by rule and place with figures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp

from simulator.errors import InfeasibleError
from simulator.errors import Problem as Fault
from simulator.language import translate as _
from simulator.model.compile import Compiled
from simulator.model.declare import Model, rule_of
from simulator.model.problem import FloatArray, Problem
from simulator.model.solve import Limits, solve
from simulator.rules import RULES

# Rows that only tie decisions together are never what a planner can give way on.
_BOOKKEEPING = frozenset(
    {
        "",
        "every_child_has_a_place",
        "bands_together",
        "stages_share_rooms",
        "closed_stays_closed",
        "built_stays_built",
    }
)
# Below this a breach is rounding of the solver.
_ROUNDING = 1e-5
# Seconds for the search of the smallest change; any change found explains the conflict.
_SECONDS = 20.0


@dataclass(frozen=True)
class Yield:
    """A row that would have to give way, and by how much."""

    row: str
    amount: float
    limit: float


def explain_conflict(model: Model, compiled: Compiled) -> InfeasibleError:
    """Name the rules and places that cannot hold together, with the least that would have to give way.

    Every row of a rule may be broken at a price; the cheapest breaking is the explanation:
    min Σ slack ÷ scale of the row. What stands against it is found by holding those rows: the cheapest breaking
    of the others is named as the alternative.
    """
    first = list(_least_change(compiled, frozenset()))
    faults = _faults(model.problem, first)
    if first:
        instead = _faults(model.problem, _least_change(compiled, frozenset(entry.row for entry in first)))
        faults += [replace(fault, what=_("或者：{what}").format(what=fault.what)) for fault in instead]
    if not faults:
        return InfeasibleError(_("在时限内没有找到方案，也没有发现规则冲突；请加大 --time-limit"))
    return InfeasibleError(_("没有方案能同时满足这些规则；至少要让步以下各项："), faults)


def _least_change(compiled: Compiled, held: frozenset[str]) -> Iterator[Yield]:
    """Rows that give way in the cheapest breaking; a place gives way once, in all its phases."""
    rows = [
        code for code, name in enumerate(compiled.row_names) if rule_of(name) not in _BOOKKEEPING and name not in held
    ]
    names = [_without_time(compiled.row_names[code]) for code in rows]
    places = {name: code for code, name in enumerate(dict.fromkeys(names))}
    of_row = [places[name] for name in names]
    size, count = len(compiled.names), len(places)
    price = np.zeros(count)
    np.maximum.at(price, of_row, 1 / _scale(compiled)[rows])
    slack = sp.csr_matrix((np.ones(len(rows)), (rows, of_row)), shape=(len(compiled.row_names), count))
    elastic = replace(
        compiled,
        names=(
            *compiled.names,
            *(f"above_{code}" for code in range(count)),
            *(f"below_{code}" for code in range(count)),
        ),
        cost=np.concatenate([np.zeros(size), price, price]),
        lower=np.concatenate([compiled.lower, np.zeros(2 * count)]),
        upper=np.concatenate([compiled.upper, np.full(2 * count, np.inf)]),
        whole=np.concatenate([compiled.whole, np.zeros(2 * count, dtype=np.int64)]),
        matrix=sp.hstack([compiled.matrix, -slack, slack]).tocsr(),
        offset=0.0,
    )
    solved = solve(elastic, Limits(_SECONDS, 0.01, None, 1))
    if not len(solved.values):
        return
    activity = compiled.matrix @ solved.values[:size]
    for code in rows:
        over, under = activity[code] - compiled.row_upper[code], compiled.row_lower[code] - activity[code]
        if max(over, under) > _ROUNDING:
            limit = compiled.row_upper[code] if over > under else compiled.row_lower[code]
            yield Yield(compiled.row_names[code], float(max(over, under)), float(limit))


def _without_time(row: str) -> str:
    """A row's name without its phase or year, where it names a place too.

    >>> _without_time("protected_stays_open_s3_p2"), _without_time("closures_a_year_p2")
    ('protected_stays_open_s3', 'closures_a_year_p2')
    """
    return re.sub(r"(_[usjdc]\d+)_[pt]\d+$", r"\1", row)


def _scale(compiled: Compiled) -> FloatArray:
    """Size of a row's figures: its limit or its largest coefficient, at least 1."""
    limits = np.where(np.isfinite(compiled.row_upper), compiled.row_upper, compiled.row_lower)
    largest = np.zeros(len(compiled.row_names))
    lines = np.repeat(np.arange(len(largest)), np.diff(compiled.matrix.indptr))
    np.maximum.at(largest, lines, np.abs(compiled.matrix.data))
    return np.maximum(1.0, np.maximum(np.abs(limits), largest))


def _faults(problem: Problem, entries: Iterable[Yield]) -> list[Fault]:
    """One fault a rule, place and figure; the phases or years in which it stands are named together."""
    times: dict[tuple[str, str, float, float], list[str]] = {}
    for entry in entries:
        rule = rule_of(entry.row)
        limit = _limit(problem, entry)
        codes = re.findall(r"(?:^|_)([usjptdc])(\d+)", entry.row.removeprefix(rule + "_"))
        place = "、".join(_place(problem, letter, int(code)) for letter, code in codes if letter not in "pt")
        time = "、".join(_time(problem, letter, int(code)) for letter, code in codes if letter in "pt")
        # The sum with 0 turns the solver's −0 into 0.
        key = rule, place, round(limit, 2) + 0.0, round(entry.amount, 2)
        times.setdefault(key, []).append(time)
    return [_fault(*key, [time for time in told if time]) for key, told in times.items()]


def _limit(problem: Problem, entry: Yield) -> float:
    """The limit as the planner set it: a row of closures also holds the schools of today."""
    if rule_of(entry.row) != "closures_a_year":
        return entry.limit
    return problem.closures_per_year * problem.gap_between(int(entry.row.rpartition("_p")[2]) - 1)


def _fault(rule: str, place: str, limit: float, amount: float, times: list[str]) -> Fault:
    title = _(RULES[rule].title)
    told = _("{title}：限值 {limit:g}，至少要放宽 {amount:.2f}").format(title=title, limit=limit, amount=amount)
    when = times[0] if len(times) == 1 else _("{first}至{last}").format(first=times[0], last=times[-1]) if times else ""
    where = "、".join(word for word in (place, when) if word)
    remedy = _("放宽这一要求，或在 [rules] off 中关闭 {rule}，或改变相关决定").format(rule=rule)
    return Fault(where, told, remedy)


def _place(problem: Problem, letter: str, code: int) -> str:
    """Name behind a position code of a row."""
    match letter:
        case "u":
            return problem.units[code]
        case "s":
            return problem.sections[code].name
        case "j":
            return problem.sites[code].name
        case "d":
            return problem.requirements[code].source
        case _:
            return sorted(problem.centres)[code]


def _time(problem: Problem, letter: str, code: int) -> str:
    """Phase or year behind a position code of a row."""
    if letter == "t":
        return _("{year}年").format(year=problem.years[code])
    return _("第{number}期").format(number=code) if code else _("首期之前")
