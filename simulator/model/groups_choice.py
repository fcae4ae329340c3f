"""Which weak school joins which strong one: a small mixed-integer program, solved with a proven gap."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pulp

from simulator.model.compile import compile_model
from simulator.model.solve import Limits, solve
from simulator.model.teachers_arcs import FloatArray, IntArray

_ALONE = 10.0
# Nodes, not seconds: equal inputs give equal groups.
_NODES = 20
# With more pairs than this, only the nearest leads of a weak school are looked at: 1–4 % dearer, ten times as fast.
_MANY, _NEAREST = 150, 4


@dataclass(frozen=True)
class Choice:
    """Weak and strong schools of a county.

    Parameters
    ----------
    minutes
        One way from weak school to lead, inf where it cannot lead it, (weak, leads).
    weak_pupils, lead_pupils
        Pupils.
    weak_ratios, lead_ratios
        Teacher indicators against their norms, (schools, indicators).
    number
        Groups; as many as there are leads where there are fewer.
    most
        Most schools of a group, its lead included.
    gap
        Gap at which the search stops.
    """

    minutes: FloatArray
    weak_pupils: FloatArray
    lead_pupils: FloatArray
    weak_ratios: FloatArray
    lead_ratios: FloatArray
    number: int
    most: int
    gap: float

    @property
    def groups(self) -> int:
        """Groups that can be formed."""
        return min(self.number, len(self.lead_pupils))

    @property
    def usual_pupils(self) -> float:
        """Pupils of a group of ordinary size."""
        return float(self.weak_pupils.sum() / self.groups + self.lead_pupils.mean())

    @property
    def usual_ratios(self) -> FloatArray:
        """Indicators of weak schools and leads together, (indicators,)."""
        pupils = np.concatenate([self.weak_pupils, self.lead_pupils])
        ratios = np.concatenate([self.weak_ratios, self.lead_ratios])
        return np.asarray((pupils[:, None] * ratios).sum(axis=0) / pupils.sum())


def choose_groups(choice: Choice) -> IntArray:
    r"""The lead of every weak school, −1 where none is in reach or has room.

    With :math:`x_{wl}` weak school w joins lead l, :math:`y_l` l leads, pupils :math:`P`, indicators :math:`z_c`:

    .. math:: \min\; \frac{1}{W} \sum \frac{t_{wl}}{t_{max}} x_{wl}
              + \frac{1}{G \bar P} \sum_l |P_l - \bar P y_l|
              + \frac{1}{C \bar Z} \sum_{l,c} |Z_{lc} - \bar z_c P_l| + 10 \sum_w u_w

    subject to :math:`\sum_l x_{wl} + u_w = 1`, :math:`\sum_w x_{wl} \le (m - 1) y_l`, :math:`y_l \le \sum_w x_{wl}` and
    :math:`\sum y_l \le G`: short ways, groups alike in size, groups alike in teachers, in equal weights. In large counties
    each weak school is offered to its four nearest leads.

    Parameters
    ----------
    choice
        The schools.

    Returns
    -------
    IntArray
        Place of the lead of each weak school.
    """
    lp, joins = _declared(choice if choice.minutes.size <= _MANY else _nearest(choice))
    compiled = compile_model(lp)
    values = solve(compiled, Limits(seconds=np.inf, gap=choice.gap, nodes=_NODES, seed=1)).values
    lead = np.full(len(choice.weak_pupils), -1, dtype=np.int64)
    for (weak, strong), variable in joins.items():
        if values[compiled.position[variable.name]] > 0.5:
            lead[weak] = strong
    return lead


def _nearest(choice: Choice) -> Choice:
    """The same with the nearest leads of each weak school only."""
    rank = np.argsort(np.argsort(choice.minutes, axis=1, kind="stable"), axis=1, kind="stable")
    return replace(choice, minutes=np.where(rank < _NEAREST, choice.minutes, np.inf))


def group_cost(choice: Choice, lead: IntArray) -> float:
    """The objective of :func:`choose_groups` at some leads."""
    cost = _ALONE * float((lead < 0).sum())
    weights = _weights(choice)
    for strong in sorted({int(one) for one in lead if one >= 0}):
        own = lead == strong
        pupils = float(choice.weak_pupils[own].sum() + choice.lead_pupils[strong])
        held = (
            choice.weak_pupils[own] @ choice.weak_ratios[own] + choice.lead_pupils[strong] * choice.lead_ratios[strong]
        )
        cost += weights[0] * float(choice.minutes[own, strong].sum())
        cost += weights[1] * abs(pupils - choice.usual_pupils)
        cost += weights[2] * float(np.abs(held - choice.usual_ratios * pupils).sum())
    return cost


def _weights(choice: Choice) -> tuple[float, float, float]:
    """Weights of a minute, of a pupil and of a pupil's indicator, so that the three parts count alike."""
    reachable = choice.minutes[np.isfinite(choice.minutes)]
    longest = max(float(reachable.max(initial=0.0)), 1.0)
    size = max(choice.usual_pupils * choice.groups, 1.0)
    indicators = max(float(choice.usual_ratios.sum()) * size, 1e-9)
    return 1 / (longest * len(choice.weak_pupils)), 1 / size, 1 / indicators


def _declared(choice: Choice) -> tuple[pulp.LpProblem, dict[tuple[int, int], pulp.LpVariable]]:
    lp = pulp.LpProblem("education_groups", pulp.LpMinimize)
    weak, strong = choice.minutes.shape
    joins = {
        (int(one), int(other)): pulp.LpVariable(f"joins_{one}_{other}", cat=pulp.LpBinary)
        for one, other in np.argwhere(np.isfinite(choice.minutes))
    }
    leads = [pulp.LpVariable(f"leads_{other}", cat=pulp.LpBinary) for other in range(strong)]
    alone = [pulp.LpVariable(f"alone_{one}", 0, 1) for one in range(weak)]
    minute, pupil, indicator = _weights(choice)
    terms = [minute * choice.minutes[pair] * variable for pair, variable in joins.items()]
    terms += [_ALONE * variable for variable in alone]
    for other in range(strong):
        own = [(one, variable) for (one, head), variable in joins.items() if head == other]
        size = pulp.lpSum(choice.weak_pupils[one] * variable for one, variable in own)
        terms.append(
            pupil * _apart(lp, size + (choice.lead_pupils[other] - choice.usual_pupils) * leads[other], f"size_{other}")
        )
        for number, usual in enumerate(choice.usual_ratios):
            held = pulp.lpSum(
                choice.weak_pupils[one] * (choice.weak_ratios[one, number] - usual) * variable for one, variable in own
            )
            held += choice.lead_pupils[other] * (choice.lead_ratios[other, number] - usual) * leads[other]
            terms.append(indicator * _apart(lp, held, f"indicator_{number}_{other}"))
        members = pulp.lpSum(variable for _one, variable in own)
        lp.addConstraint(members <= (choice.most - 1) * leads[other], f"most_{other}")
        lp.addConstraint(members >= leads[other], f"some_{other}")
        for one, variable in own:
            lp.addConstraint(variable <= leads[other], f"led_{one}_{other}")
    for one in range(weak):
        mine = [variable for (school, _head), variable in joins.items() if school == one]
        lp.addConstraint(pulp.lpSum(mine) + alone[one] == 1, f"one_lead_{one}")
    lp.addConstraint(pulp.lpSum(leads) <= choice.groups, "number")
    lp.setObjective(pulp.lpSum(terms))
    return lp, joins


def _apart(lp: pulp.LpProblem, term: pulp.LpAffineExpression, name: str) -> pulp.LpVariable:
    """A column not below the term or its negative."""
    apart = pulp.LpVariable(f"apart_{name}", 0)
    lp.addConstraint(term <= apart, f"above_{name}")
    lp.addConstraint(-term <= apart, f"below_{name}")
    return apart
