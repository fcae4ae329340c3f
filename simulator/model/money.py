"""Capital of works, as terms in the decisions: the budget rule and the objective share them."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.model.problem import Problem
from simulator.model.variables import Term, Variables

Terms = list[tuple[Term, float]]


def capital_terms(problem: Problem, v: Variables, phase: int) -> Iterator[tuple[int, Terms]]:
    """(lead years, [(decision, 万元)]) of the works that open at the start of a phase.

    A decision is cumulative, so the works of a phase are its value less the phase before. What a committed work
    costs beyond (or below) its rooms at the unit price comes with the number 1 in place of a decision.
    """
    built: Terms = []
    extended: Terms = []
    for code, site in enumerate(problem.sites):
        for k, module in enumerate(site.modules):
            built.append((v.size[code, k, phase], module.capital_wan))
            if phase:
                built.append((v.size[code, k, phase - 1], -module.capital_wan))
        extended.append((v.added_rooms[code, phase], site.room_capital_wan))
        if phase:
            extended.append((v.added_rooms[code, phase - 1], -site.room_capital_wan))
        extended.append((1, committed_extra(problem, code, phase)))
    room = problem.prices.conversion_room_wan
    for (one, other, when), variable in v.converted.items():
        if when == phase:
            extended.append((variable, room))
            if phase:
                extended.append((v.converted[one, other, phase - 1], -room))
    yield problem.lead_new, [term for term in built if term[1]]
    yield problem.lead_extension, [term for term in extended if term[0] != 0 and term[1]]


def committed_extra(problem: Problem, site: int, phase: int) -> float:
    """万元 by which the committed works of a site cost more than their rooms at the unit price, opening in a phase."""
    if "committed_happens" not in problem.rules:
        return 0.0
    return problem.sites[site].extra_wan.get(phase, 0.0)
