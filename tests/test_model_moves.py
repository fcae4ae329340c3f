"""Moves of units: what they cost is what the model says; and the first-order bound is a bound."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.county import county
from simulator.model.compile import Compiled, compile_model
from simulator.model.connection import Connection
from simulator.model.declare import Model, declare
from simulator.model.designs import Designs
from simulator.model.first_order import Descent, Relaxation, bound_of, relaxation_of
from simulator.model.ledger import Ledger
from simulator.model.local import Local
from simulator.model.moves import Moves
from simulator.model.neighbourhoods import assigned_columns
from simulator.model.parts import Arrays
from simulator.model.search import Search
from simulator.model.solve import Limits, solve, solve_relaxed
from tests import model_toys as toys
from tests import model_toys_enrolled as entrants

EXACT = Limits(20.0, 1e-7, None, 1)
REZONING = ("everybody", "entrants")
TOYS = {toy.__name__: toy for toy in (*toys.BINDING.values(), *toys.OTHERS.values(), entrants.connected_entrants)}


@cache
def district(rezoning: str) -> tuple[Model, Compiled]:
    model = declare(county(40, 12, 1, 2, 1, rezoning), compact=False)
    return model, compile_model(model.lp)


def today(rezoning: str) -> tuple[Local, Designs, Connection]:
    """Today's catchments and schools, nothing built, nothing closed."""
    model, compiled = district(rezoning)
    assigned = assigned_columns(model, compiled)
    connection, ledger = Connection(model.problem, assigned), Ledger(model, compiled, assigned)
    values = np.zeros(len(compiled.names))
    for (section, _), term in model.variables.open.items():
        if not isinstance(term, int):
            values[compiled.position[term.name]] = model.problem.sections[section].existing
    designs = Designs(model, compiled, values, ledger.blocks, assigned)
    path = np.repeat(ledger.today[:, None], ledger.phases, axis=1)
    static = np.zeros((ledger.sections, len(model.problem.years)))
    return Local(ledger, connection, designs.network(values), path, static), designs, connection


def priced(rezoning: str, local: Local) -> float:
    """What the solver says that a plan costs whose catchments and schools are held."""
    model, compiled = district(rezoning)
    assigned = assigned_columns(model, compiled)
    base = np.zeros(len(compiled.names))
    for (section, phase), term in model.variables.open.items():
        if not isinstance(term, int):
            base[compiled.position[term.name]] = local.at.open[section, phase]
    rows = np.arange(len(local.path))
    for phase in range(local.ledger.phases):
        base[assigned[local.ledger.pair[rows, local.path[:, phase]], phase]] = 1.0
    free = ~compiled.structure
    free[assigned.ravel()] = False
    solved = solve(Arrays(compiled).part(base, free).compiled, EXACT)
    assert len(solved.values)
    return solved.objective


@pytest.mark.parametrize("rezoning", REZONING)
def test_moves_cost_what_the_model_says(rezoning):
    """Before and after units have moved: the difference is that of the completed plans, to a ten-thousandth."""
    local, _, _ = today(rezoning)
    before, cost = priced(rezoning, local), local.cost
    local.descend(lambda: False)
    after = priced(rezoning, local)
    assert local.cost < cost
    assert after - before == pytest.approx(local.cost - cost, rel=1e-4)


@pytest.mark.parametrize("rezoning", REZONING)
def test_the_cost_of_a_move_is_that_of_the_plan_after_it(rezoning):
    """Of 40 single moves and 20 pairs: what is foretold is the cost of the same plan made anew."""
    local, _, _ = today(rezoning)
    rows, path, _, _ = local.singles()
    random = np.random.default_rng(1)
    picked = random.choice(len(rows), 40, replace=False)
    foretold = local.deltas(np.arange(40), rows[picked], path[picked])
    kept, cost = local.kept(), local.cost
    for number, code in enumerate(picked.tolist()):
        local.apply(rows[[code]], path[[code]])
        assert local.cost - cost == pytest.approx(foretold[number], rel=1e-9, abs=1e-3)
        local.restore(kept)
        kept = local.kept()
    pairs = [both for both in picked.reshape(-1, 2).tolist() if rows[both[0]] != rows[both[1]]]
    together = np.array(pairs).ravel()
    foretold = local.deltas(np.repeat(np.arange(len(pairs)), 2), rows[together], path[together])
    for number, both in enumerate(pairs):
        local.apply(rows[both], path[both])
        assert local.cost - cost == pytest.approx(foretold[number], rel=1e-9, abs=1e-3)
        local.restore(kept)
        kept = local.kept()


@pytest.mark.parametrize("rezoning", REZONING)
def test_catchments_stay_connected_and_hold_their_school(rezoning):
    """After moves, shakes, and a new school: every catchment is connected, and no unit of a school has left it."""
    local, designs, _ = today(rezoning)
    model, compiled = district(rezoning)
    random = np.random.default_rng(2)
    local.descend(lambda: False)
    for _shake in range(5):
        cost = local.cost
        better = local.shake(lambda: False, 3, 2, 1e3, random)
        assert local.cost < cost if better else local.cost == pytest.approx(cost)
    values = np.zeros(len(compiled.names))
    for (section, _), term in model.variables.open.items():
        if not isinstance(term, int):
            values[compiled.position[term.name]] = model.problem.sections[section].existing
    for change in list(designs.changes(values))[:20]:
        after = designs.changed(values, change)
        worth = designs.cost(after) - designs.cost(values)
        if local.rebuilt(designs.network(after), change.sections, worth, lambda: False):
            values = after
    assert local.connected
    for section, home in enumerate(model.problem.home.tolist()):
        row = int(local.ledger.rows_in([home])[0])
        held = local.at.open[section]
        assert (local.path[row][held] == section).all() or not model.problem.sections[section].existing


@pytest.mark.parametrize("rezoning", REZONING)
def test_a_plan_of_moves_keeps_every_rule(rezoning):
    """From today, without a solver but for the last step: a plan that the arrays and the connection allow."""
    model, compiled = district(rezoning)
    search = Search(model, compiled, Limits(20.0, 1e-3, 50, 1))
    moves: Moves = search._improver.moves  # a search of its own would take the better of several
    moves.from_today()
    values = search._incumbent.values
    assert values is not None
    assert Arrays(compiled).keeps(values)
    assert Connection(model.problem, assigned_columns(model, compiled)).holds(values)


@cache
def relaxation(name: str) -> tuple[Relaxation, float]:
    """All rows of a toy, and its optimum with fractions."""
    compiled = compile_model(declare(TOYS[name](), compact=False).lp)
    relaxed = solve_relaxed(compiled)
    assert relaxed is not None
    return relaxation_of(compiled, np.arange(len(compiled.row_names))), relaxed.objective


@pytest.mark.parametrize(
    "name", ["two_on_a_line", "connected_entrants", "rise_and_dip", "school_closing", "district_pool"]
)
def test_the_first_order_bound_is_below_the_relaxation_and_comes_near_it(name):
    """After 100, 500 and 3,000 steps: never above the optimum with fractions, at last within a twentieth of it."""
    problem, best = relaxation(name)
    descent = Descent(problem, np.zeros(len(problem.cost)))
    found = -np.inf
    for steps in (100, 400, 2_500):
        descent.run(steps)
        found = max(found, descent.bound())
        assert found <= best + 1e-6 * (1 + abs(best))
    assert found >= best - 0.05 * abs(best) - 1.0


@given(st.sampled_from(sorted(TOYS)), st.integers(0, 10_000), st.floats(0.01, 1e4))
@settings(max_examples=40, deadline=None)
def test_any_prices_give_a_bound(name, seed, size):
    """Prices of rows drawn by chance: the bound is never above the optimum with fractions."""
    problem, best = relaxation(name)
    prices = size * np.random.default_rng(seed).standard_normal(len(problem.low))
    assert bound_of(problem, prices) <= best + 1e-6 * (1 + abs(best))
