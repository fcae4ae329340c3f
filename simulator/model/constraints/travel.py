"""Rules about the journey to school."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.model.constraints.register import Row, constraint
from simulator.model.problem import Problem
from simulator.model.variables import Variables, total


@constraint
def travel_within_limit(problem: Problem, v: Variables) -> Iterator[Row]:
    r"""No unit is newly assigned to a school beyond the hard limit of its journey.

    .. math:: x_{ubsp} = 0 \quad \text{where } d_{us} > \bar d_b \text{ and } s \text{ is not today's school}
    """
    for pair, lawful in enumerate(problem.lawful.tolist()):
        if not lawful:
            for phase in range(len(problem.phases)):
                yield _codes(problem, pair, phase), total([(v.assigned[pair, phase], 1.0)]) <= 0


@constraint
def closure_travel(problem: Problem, v: Variables) -> Iterator[Row]:
    r"""No unit of a school that may close goes to another beyond the limit of its journey and farther than today.

    .. math:: x_{ubsp} = 0 \quad \text{where } d_{us} > \max(\bar d_b, d_{u,\text{today}}), \qquad
              x_{ubsp} \le y_{s'q} \quad q \ge p, \text{ where both } s, s' \text{ serve } u \text{ today}, d_{us'} < d_{us}
    """
    for pair in sorted(problem.consolidation.too_far):
        for phase in range(len(problem.phases)):
            yield _codes(problem, pair, phase), total([(v.assigned[pair, phase], 1.0)]) <= 0
    phases = range(len(problem.phases))
    for pair, nearer in problem.consolidation.too_far_then:
        for phase, later in ((p, q) for p in phases for q in phases if q >= p):
            runs = total([(v.assigned[pair, phase], 1.0), (v.open[nearer, later], -1.0)]) <= 0
            yield f"{_codes(problem, pair, phase)}_s{nearer}_p{later + 1}", runs


def _codes(problem: Problem, pair: int, phase: int) -> str:
    block = problem.blocks[int(problem.pair_block[pair])]
    return f"u{block.unit}_s{problem.pair_section[pair]}_b{block.bands[0].grade_from + 2}_p{phase + 1}"
