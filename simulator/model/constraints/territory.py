"""Rules about townships and the ground that a catchment covers."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.model.constraints.register import Row, constraint
from simulator.model.problem import Problem
from simulator.model.variables import Variables, total


@constraint
def township_centre(problem: Problem, v: Variables) -> Iterator[Row]:
    r"""A township that has a public kindergarten keeps at least one; one that can have it by the last phase gets it.

    .. math:: \sum_{s \in \text{township}} y_{sp} \ge 1 \quad \forall \text{township}, p
    """
    for code, (_, sections) in enumerate(sorted(problem.centres.items())):
        if any(problem.sections[s].existing and not problem.sections[s].can_close for s in sections):
            continue
        today = any(problem.sections[s].existing for s in sections)
        # Where none runs today, the earliest that the law can ask for is the last phase.
        phases = range(len(problem.phases)) if today else range(len(problem.phases) - 1, len(problem.phases))
        if not today and not any(_in_time(problem, section) for section in sections):
            continue
        for phase in phases:
            yield f"c{code}_p{phase + 1}", total([(v.open[s, phase], 1.0) for s in sections]) >= 1


def _in_time(problem: Problem, section: int) -> bool:
    """Whether a new kindergarten can open by the last phase."""
    ready = max(problem.sites[problem.sections[section].site].ready_year, problem.base_year) + problem.lead_new
    return ready <= problem.phases[-1].first_year
