"""The generalized cost: yuan a year, mean of the discounted years, item by item."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from simulator.model.money import capital_terms
from simulator.model.problem import BOARDS, SCHOOL_BUS, FloatArray, Problem
from simulator.model.variables import Term, Variables, classes_run

Terms = list[tuple[Term, float]]
Item = Callable[[Problem, Variables], Terms]
ITEMS: dict[str, Item] = {}


def item(function: Item) -> Item:
    """Register an item of the objective under its own name."""
    ITEMS[function.__name__] = function
    return function


@item
def shortage(problem: Problem, v: Variables) -> Terms:
    r"""Price of children without a seat: :math:`\pi \sum_t \omega_t (\sum_s h_{st} + \sum_u D_{ut} w_{up})`."""
    price = problem.prices.shortage
    if np.isinf(price):  # nobody may be without a seat
        return []
    terms: Terms = [(term, price * problem.weights[year]) for (_, year), term in v.short.items()]
    terms += [(term, price * problem.weights[year]) for (_, year), term in v.pool_short.items()]
    for phase, data in enumerate(problem.phases):
        least = problem.prices.empty * float(problem.weights[list(data.years)].sum())
        terms += [
            (term, price * max(count, least))
            for block in range(len(problem.blocks))
            for term, count in without_place(problem, v, block, phase, problem.weights)
        ]
    return terms


def without_place(problem: Problem, v: Variables, block: int, phase: int, weights: FloatArray) -> Terms:
    """Decisions that leave children of a block without a section in a phase, and Σ weight × children of each.

    Parameters
    ----------
    problem, v, block, phase
        Of whom, and when.
    weights
        Weight of a year, shape (years,).
    """
    years = list(problem.phases[phase].years)
    if not v.cohorts.of_block(block):
        return [(v.unserved[block, phase], float(problem.children[block, years] @ weights[years]))]
    terms: Terms = [(v.unserved[block, phase], 0.0)]
    for cohort in v.cohorts.present(block, phase):
        count = float(problem.entered[block, cohort, years] @ weights[years])
        source = v.cohorts.source(cohort)
        if (block, cohort, phase) in v.waiting:
            terms.append((v.waiting[block, cohort, phase], count))
        elif source is not None:  # those of today have a place for certain
            terms.append((v.unserved[block, source], count))
    return terms


@item
def over_standard(problem: Problem, v: Variables) -> Terms:
    r"""Price of pupils above the standard class: :math:`\pi_o \sum_{s,t} \omega_t o_{st}`."""
    price = problem.prices.over_standard
    both = [*v.over_standard.items(), *v.pool_over.items()]
    return [(term, price * problem.weights[year]) for (_, year), term in both]


@item
def moved(problem: Problem, v: Variables) -> Terms:
    r"""Price of children whose school changes, once: :math:`\pi_m \sum_{u,p} \omega_{a(p)} D_{ua(p)} m_{up}`.

    Where enrolled children keep their school, those of a changed catchment are its new entrants, and the children of
    a school that closes are counted with it: :math:`\pi_m \sum_{u,q,p} \omega_{a(p)} D_{uqa(p)} \ell_{uqp}`.
    """
    price = problem.prices.moved
    terms: Terms = []
    for (block, phase), term in v.moved.items():
        year = problem.phases[phase].years[0]
        cohorts = v.cohorts.of_block(block)
        children = problem.entered[block, v.cohorts.entering(phase), year] if cohorts else problem.children[block, year]
        terms.append((term, price * float(problem.weights[year] * children)))
    for (block, cohort, phase), term in v.leaving.items():
        year = problem.phases[phase].years[0]
        terms.append((term, price * float(problem.weights[year] * problem.entered[block, cohort, year])))
    return terms


@item
def journeys(problem: Problem, v: Variables) -> Terms:
    r"""Value of the time of the journeys: :math:`\pi_d \sum_{u,s,p} \sum_{t \in p} \omega_t D_{ut} d_{us} x_{usp}`."""
    terms: Terms = []
    for phase, data in enumerate(problem.phases):
        least = problem.prices.empty * float(problem.weights[list(data.years)].sum())
        children = problem.phase_children(data)
        minute = problem.minutes * problem.prices.minute
        for pair, block in enumerate(problem.pair_block.tolist()):
            for term, count in _travelling(v, pair, block, phase, float(children[block]), least):
                terms.append((term, count * float(minute[pair])))
    return terms


def _travelling(v: Variables, pair: int, block: int, phase: int, children: float, least: float) -> Terms:
    """Decisions that send children of a block to the section of a pair, and how many each, weighted by year."""
    if not v.cohorts.of_block(block):
        return [(v.assigned[pair, phase], max(children, least))]
    terms: Terms = [
        (v.attends[pair, cohort, phase], count)
        for cohort in v.cohorts.present(block, phase)
        if (count := v.cohorts.weighted(block, cohort, phase)) > 0
    ]
    entering = v.cohorts.weighted(block, v.cohorts.entering(phase), phase)
    return terms if entering > least else [*terms, (v.assigned[pair, phase], least)]


@item
def transport(problem: Problem, v: Variables) -> Terms:
    r"""School buses and boarding: :math:`\sum_{u,s,p} \sum_{t \in p} \omega_t \pi_{us} D_{ut} x_{usp}` by the pair's way."""
    prices = {SCHOOL_BUS: problem.prices.bus_seat, BOARDS: problem.prices.boarder}
    terms: Terms = []
    for phase, data in enumerate(problem.phases):
        children = problem.phase_children(data)
        for pair in np.flatnonzero(problem.mode).tolist():
            block, price = int(problem.pair_block[pair]), prices[int(problem.mode[pair])]
            for term, count in _travelling(v, pair, block, phase, float(children[block]), 0.0):
                terms.append((term, count * price))
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


def items_of(problem: Problem) -> list[str]:
    """Items that count in a problem: changes from an earlier plan only where there is one."""
    return [name for name in ITEMS if name != "changes" or problem.earlier is not None]


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
