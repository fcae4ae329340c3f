"""Why no plan satisfies the rules: the smallest change that would, told by rule and place with figures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp

from simulator.errors import InfeasibleError
from simulator.errors import Problem as Fault
from simulator.language import translate as _
from simulator.model.compile import Compiled
from simulator.model.declare import Model, rule_of
from simulator.model.problem import Problem
from simulator.model.solve import Limits, solve
from simulator.rules import RULES

# Rows that only tie decisions together are never what a planner can give way on.
_BOOKKEEPING = frozenset({"", "every_child_has_a_place", "bands_together", "closed_stays_closed", "built_stays_built"})
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
    min Σ slack ÷ scale of the row.
    """
    faults = [_fault(model.problem, entry) for entry in _least_change(compiled)]
    if not faults:
        return InfeasibleError(_("在时限内没有找到方案，也没有发现规则冲突；请加大 --time-limit"))
    return InfeasibleError(_("没有方案能同时满足这些规则；至少要让步以下各项："), faults)


def _least_change(compiled: Compiled) -> Iterator[Yield]:
    rows = [code for code, name in enumerate(compiled.row_names) if rule_of(name) not in _BOOKKEEPING]
    size, count = len(compiled.names), len(rows)
    scale = np.maximum(1.0, np.abs(np.where(np.isfinite(compiled.row_upper), compiled.row_upper, compiled.row_lower)))
    slack = sp.csr_matrix((np.ones(count), (rows, np.arange(count))), shape=(len(compiled.row_names), count))
    elastic = replace(
        compiled,
        names=(*compiled.names, *(f"above_{code}" for code in rows), *(f"below_{code}" for code in rows)),
        cost=np.concatenate([np.zeros(size), *[1 / scale[rows]] * 2]),
        lower=np.concatenate([compiled.lower, np.zeros(2 * count)]),
        upper=np.concatenate([compiled.upper, np.full(2 * count, np.inf)]),
        whole=np.concatenate([compiled.whole, np.zeros(2 * count, dtype=np.int64)]),
        matrix=sp.hstack([compiled.matrix, -slack, slack]).tocsr(),
        offset=0.0,
    )
    solved = solve(elastic, Limits(_SECONDS, 0.01, None, 1))
    if not len(solved.values):
        return
    above, below = solved.values[size : size + count], solved.values[size + count :]
    for code, over, under in zip(rows, above.tolist(), below.tolist(), strict=True):
        if over + under > 1e-5:  # below this it is rounding of the solver
            limit = compiled.row_upper[code] if over > under else compiled.row_lower[code]
            yield Yield(compiled.row_names[code], max(over, under), float(limit))


def _fault(problem: Problem, entry: Yield) -> Fault:
    rule = rule_of(entry.row)
    place = "、".join(_places(problem, entry.row.removeprefix(rule + "_")))
    what = _("{title}：限值 {limit:g}，至少要放宽 {amount:.2f}").format(
        title=_(RULES[rule].title), limit=entry.limit, amount=entry.amount
    )
    remedy = _("放宽该限值，或在 [rules] off 中关闭 {rule}，或改变相关决定").format(rule=rule)
    return Fault(place, what, remedy)


def _places(problem: Problem, codes: str) -> Iterator[str]:
    """Names behind the position codes of a row."""
    for letter, number in re.findall(r"(?:^|_)([usjptdc])(\d+)", codes):
        code = int(number)
        if letter == "u":
            yield problem.units[code]
        elif letter == "s":
            yield problem.sections[code].name
        elif letter == "j":
            yield problem.sites[code].name
        elif letter == "p":
            yield _("第{number}期").format(number=code) if code else _("首期之前")
        elif letter == "t":
            yield _("{year}年").format(year=problem.years[code])
        elif letter == "d":
            yield problem.requirements[code].source
        else:
            yield sorted(problem.centres)[code]
