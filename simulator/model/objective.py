"""The generalized cost: yuan a year, mean of the discounted years, item by item."""

from __future__ import annotations

from collections.abc import Callable

from simulator.model.money import capital_terms
from simulator.model.problem import Problem
from simulator.model.variables import Term, Variables, classes_run

Terms = list[tuple[Term, float]]
Item = Callable[[Problem, Variables], Terms]
ITEMS: dict[str, Item] = {}
# Children counted into a journey, and at least these without a place, so that an empty unit goes to its nearest school.
_EMPTY_UNIT = 0.01


def item(function: Item) -> Item:
    """Register an item of the objective under its own name."""
    ITEMS[function.__name__] = function
    return function


@item
def shortage(problem: Problem, v: Variables) -> Terms:
    r"""Price of children without a seat: :math:`\pi \sum_t \omega_t (\sum_s h_{st} + \sum_u D_{ut} w_{up})`."""
    price = problem.prices.shortage
    terms: Terms = [(term, price * problem.weights[year]) for (_, year), term in v.short.items()]
    terms += [(term, price * problem.weights[year]) for (_, year), term in v.pool_short.items()]
    for phase, data in enumerate(problem.phases):
        children = problem.phase_children(data)
        least = _EMPTY_UNIT * float(problem.weights[list(data.years)].sum())
        terms += [
            (v.unserved[block, phase], price * max(float(children[block]), least))
            for block in range(len(problem.blocks))
        ]
    return terms


@item
def over_standard(problem: Problem, v: Variables) -> Terms:
    r"""Price of pupils above the standard class: :math:`\pi_o \sum_{s,t} \omega_t o_{st}`."""
    price = problem.prices.over_standard
    both = [*v.over_standard.items(), *v.pool_over.items()]
    return [(term, price * problem.weights[year]) for (_, year), term in both]


@item
def moved(problem: Problem, v: Variables) -> Terms:
    r"""Price of children whose catchment changes, once: :math:`\pi_m \sum_{u,p} \omega_{a(p)} D_{ua(p)} m_{up}`."""
    price = problem.prices.moved
    return [
        (
            term,
            price
            * float(problem.weights[problem.phases[phase].years[0]])
            * float(problem.children[block, problem.phases[phase].years[0]]),
        )
        for (block, phase), term in v.moved.items()
    ]


@item
def journeys(problem: Problem, v: Variables) -> Terms:
    r"""Value of the time of the journeys: :math:`\pi_d \sum_{u,s,p} \sum_{t \in p} \omega_t D_{ut} d_{us} x_{usp}`."""
    terms: Terms = []
    for phase, data in enumerate(problem.phases):
        children = problem.phase_children(data) + _EMPTY_UNIT * problem.weights[list(data.years)].sum()
        cost = children[problem.pair_block] * problem.minutes * problem.prices.minute
        terms += [(v.assigned[pair, phase], float(value)) for pair, value in enumerate(cost)]
    return terms


@item
def running(problem: Problem, v: Variables) -> Terms:
    r"""Cost of running sections and classes: :math:`\sum_{s,p} \omega_p (F_s y_{sp} + c_s n_{sp})`."""
    terms: Terms = []
    for phase, data in enumerate(problem.phases):
        weight = float(problem.weights[list(data.years)].sum())
        for code, section in enumerate(problem.sections):
            terms.append((v.open[code, phase], weight * section.section_year))
            terms += classes_run(problem, v, code, phase, weight * section.class_year)
    return terms


@item
def capital(problem: Problem, v: Variables) -> Terms:
    r"""Annuity of capital from the opening year on: :math:`\alpha \sum_p \Omega_{\ge a(p)} C_p`."""
    yuan = 10_000 * problem.prices.annuity
    return [
        (term, yuan * problem.weight_from(data) * wan)
        for phase, data in enumerate(problem.phases)
        for _, terms in capital_terms(problem, v, phase)
        for term, wan in terms
    ]


def moves_counted(problem: Problem, v: Variables) -> list[tuple[str, Terms, float]]:
    """Rows that make `moved` count: share of a block that leaves a section (≥ the decision's fall).

    (name, terms, right-hand side) of rows `terms ≥ right-hand side`.
    """
    rows: list[tuple[str, Terms, float]] = []
    for phase in range(len(problem.phases)):
        for pair, block in enumerate(problem.pair_block.tolist()):
            if (block, phase) not in v.moved:
                continue
            codes = f"moved_n{pair}_p{phase + 1}"
            terms: Terms = [(v.moved[block, phase], 1.0)]
            if phase:
                terms += [(v.assigned[pair, phase - 1], -1.0), (v.assigned[pair, phase], 1.0)]
                rows.append((codes, terms, 0.0))
            elif problem.today[pair]:
                terms.append((v.assigned[pair, 0], 1.0))
                rows.append((codes, terms, float(problem.today[pair])))
    return rows
