"""How the children of a shared catchment (多校划片) are spread over its schools in the plan's tables."""

from __future__ import annotations

from simulator.model.constraints.seats import fill_of
from simulator.model.variables import seats
from simulator.model.works import Values


def shares_of(values: Values, section: int, phase: int) -> list[tuple[int, float]]:
    """Sections that admit together in a phase, each with its share of the children: in proportion to usable seats.

    The section alone outside shared catchments. So no school of a zone is fuller than another.
    """
    problem, v = values.model.problem, values.model.variables
    members = problem.zoning.members(section)
    if len(members) == 1:
        return [(section, 1.0)]
    usable = {
        member: fill_of(problem.sections[member])
        * sum(size * values.of(term) for term, size in seats(problem, v, member, phase))
        for member in members
    }
    total = sum(usable.values())
    if total <= 0:
        return [(section, 1.0)]
    return [(member, count / total) for member, count in usable.items() if count > 0]
