"""Staying close to an earlier plan: what it costs to decide otherwise than that plan did."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.model.objective import Terms, item
from simulator.model.problem import Problem
from simulator.model.variables import Term, Variables

# A decision of the earlier plan above this is taken.
_TAKEN = 0.5
_YUAN = 10_000


@item
def changes(problem: Problem, v: Variables) -> Terms:
    r"""Price of what differs from an earlier plan :math:`\bar x, \bar y, \bar z`.

    .. math:: \pi_c \sum_{u,p} \omega_{a(p)} D_{ua(p)} (1 - x_{u \bar s(u) p})
              + \pi_k \sum_p \omega_p \Big(\sum_s |y_{sp} - \bar y_{sp}| + \sum_j (1 - z_{j \bar k(j) p}) + \sum_j r_{jp}\Big)

    Children are those that `moved` counts: all of a changed catchment, or its new entrants where enrolled children keep
    their school. A site without a school in the earlier plan counts the sizes that it takes, :math:`\sum_k z_{jkp}`.
    """
    if problem.earlier is None:
        return []
    yuan = problem.prices.changed_decision_wan * _YUAN
    terms: Terms = []
    for block, phase, term in taken_places(problem, v):
        children = problem.prices.changed * children_counted(problem, v, block, phase)
        terms += [(1, children), (term, -children)]
    for (section, phase), term in v.open.items():
        if problem.sections[section].existing:
            terms += _differs(problem, term, yuan * _weight(problem, phase))
    for phase in range(len(problem.phases)):
        for site, data in enumerate(problem.sites):
            sizes = [v.size[site, k, phase] for k in range(len(data.modules))]
            terms += _sized_otherwise(problem, sizes, yuan * _weight(problem, phase))
    return terms + [(term, yuan * _weight(problem, phase)) for (_, phase), term in v.reworked.items()]


def taken_places(problem: Problem, v: Variables) -> Iterator[tuple[int, int, Term]]:
    """(block, phase, decision): where the earlier plan sends each whole block, or that it leaves it without a place."""
    for (pair, phase), term in v.assigned.items():
        block = int(problem.pair_block[pair])
        if problem.blocks[block].whole and _earlier(problem, term) > _TAKEN:
            yield block, phase, term
    for (block, phase), term in v.unserved.items():
        if problem.blocks[block].whole and _earlier(problem, term) > _TAKEN:
            yield block, phase, term


def children_counted(problem: Problem, v: Variables, block: int, phase: int, *, weighted: bool = True) -> float:
    """Children of a block for whom the catchment of a phase holds, in its first year, times the year's weight."""
    year = problem.phases[phase].years[0]
    cohorts = v.cohorts.of_block(block)
    children = problem.entered[block, v.cohorts.entering(phase), year] if cohorts else problem.children[block, year]
    return float(children * (problem.weights[year] if weighted else 1.0))


def changes_counted(problem: Problem, v: Variables) -> list[tuple[str, Terms, float]]:
    """Rows that make a campus count as reworked: rooms added or converted are not as many as in the earlier plan.

    (name, terms, right-hand side) of rows `terms ≥ right-hand side`.
    """
    rows: list[tuple[str, Terms, float]] = []
    for (site, phase), reworked in v.reworked.items():
        data = problem.sites[site]
        works: list[Term] = [v.added_rooms[site, phase]]
        works += [term for (one, _, when), term in v.converted.items() if when == phase and one in data.sections]
        for number, term in enumerate(works):
            if isinstance(term, int | float) or term.name not in (problem.earlier or {}):
                continue
            rooms = _earlier(problem, term)
            most = max(float(term.upBound), rooms)
            code = f"reworked_j{site}_w{number}_p{phase + 1}"
            rows.append((f"{code}_more", [(reworked, most), (term, -1.0)], -rooms))
            rows.append((f"{code}_fewer", [(reworked, most), (term, 1.0)], rooms))
    return rows


def _earlier(problem: Problem, term: Term) -> float:
    """Value of a decision in the earlier plan; 0 where that says nothing."""
    known = problem.earlier or {}
    return 0.0 if isinstance(term, int | float) else known.get(term.name, 0.0)


def _differs(problem: Problem, term: Term, price: float) -> Terms:
    """Price where a yes-no decision is not the earlier plan's."""
    if isinstance(term, int | float) or term.name not in (problem.earlier or {}):
        return []
    return [(1, price), (term, -price)] if _earlier(problem, term) > _TAKEN else [(term, price)]


def _sized_otherwise(problem: Problem, sizes: list[Term], price: float) -> Terms:
    """Price where a site has not the size of the earlier plan."""
    taken = [term for term in sizes if _earlier(problem, term) > _TAKEN]
    if taken:
        return [part for term in taken for part in ((1, price), (term, -price))]
    return [(term, price) for term in sizes]


def _weight(problem: Problem, phase: int) -> float:
    return float(problem.weights[list(problem.phases[phase].years)].sum())
