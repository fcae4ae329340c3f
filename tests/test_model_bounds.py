"""Bounds: rows that fractions of units break hold in every plan; a bound stage by stage is a bound."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.model.by_stage import apart, stages_of
from simulator.model.compile import Compiled, compile_model
from simulator.model.connection import Connection
from simulator.model.declare import Model, declare
from simulator.model.ledger import Ledger
from simulator.model.neighbourhoods import assigned_columns
from simulator.model.problem import Problem
from simulator.model.separation import torn_rows
from simulator.model.solve import Limits, Solved, solve, solve_relaxed
from tests import model_toys as toys
from tests import model_toys_enrolled as entrants
from tests import model_toys_ground as ground
from tests import model_toys_zoning as zoning

EXACT = Limits(20.0, 0.0, None, 1)
MAPPED: dict[str, Callable[[], Problem]] = {
    toy.__name__: toy for toy in (*ground.BINDING.values(), *ground.OTHERS.values(), entrants.connected_entrants)
}
STAGES: dict[str, Callable[[], Problem]] = {
    toy.__name__: toy
    for toy in (
        *(toys.shared_campus, toys.nine_year_parcel, toys.committed_conversion, toys.little_money, toys.district_pool),
        *(zoning.nine_year_school, zoning.all_at_once, toys.two_kindergartens, entrants.school_closing),
    )
}


@cache
def made(name: str) -> tuple[Model, Compiled, Solved]:
    """A toy without flows, and its proven optimum with them."""
    problem = (MAPPED | STAGES)[name]()
    model = declare(problem, compact=False)
    return model, compile_model(model.lp), solve(compile_model(declare(problem).lp), EXACT)


@pytest.mark.parametrize("name", sorted(STAGES))
def test_stages_by_themselves_come_to_no_more_than_the_whole(name):
    """With fractions their sum is the relaxation, with whole units it lies between that and the optimum."""
    model, compiled, optimum = made(name)
    relaxed = solve_relaxed(compiled)
    assert relaxed is not None
    parted = apart(compiled, stages_of(model, compiled), relaxed)
    close = pytest.approx(relaxed.objective, rel=1e-7, abs=1e-3)
    lines = [solve_relaxed(stage) for stage in parted.stages]
    assert parted.constant + sum(line.objective for line in lines if line is not None) == close
    held = zip(parted.stages, parted.columns, strict=True)
    assert parted.constant + sum(float(stage.cost @ relaxed.values[columns]) for stage, columns in held) == close
    whole = parted.constant + sum(solve(stage, EXACT).bound for stage in parted.stages)
    slack = 1e-6 * (1 + abs(optimum.objective))
    assert relaxed.objective - slack <= whole <= optimum.objective + slack
    assert sorted(np.concatenate(parted.columns).tolist()) == list(range(len(compiled.names)))


@given(st.sampled_from(sorted(MAPPED)), st.integers(0, 10_000))
@settings(max_examples=60, deadline=None)
def test_rows_that_fractions_break_hold_in_the_optimum(name, seed):
    """Shares drawn by chance: each row is broken by them and kept by the best connected plan."""
    model, compiled, optimum = made(name)
    assigned = assigned_columns(model, compiled)
    random = np.random.default_rng(seed)
    values = np.zeros(len(compiled.names))
    values[assigned] = random.random(assigned.shape) * (random.random(assigned.shape) < 0.6)
    best = np.zeros(len(compiled.names))
    names = compile_model(declare(model.problem).lp).names
    position = {column: code for code, column in enumerate(names)}
    best[assigned] = optimum.values[[[position[compiled.names[c]] for c in row] for row in assigned.tolist()]]
    for row in torn_rows(Connection(model.problem, assigned), values):
        columns, factors = list(row.columns), np.array(row.coefficients)
        assert factors @ values[columns] > row.most
        assert factors @ np.round(best[columns]) <= row.most


def test_the_upper_grades_of_a_unit_move_with_the_lower_ones():
    """A unit in two bands is one movable block, and goes only where both run; its children are those of both."""
    model = declare(toys.two_bands(), compact=False)
    compiled = compile_model(model.lp)
    problem = model.problem
    ledger = Ledger(model, compiled, assigned_columns(model, compiled))
    assert len(ledger.blocks)
    pairs = {(int(b), int(s)) for b, s in zip(problem.pair_block, problem.pair_section, strict=True)}
    for row, (lead, twin) in enumerate(zip(ledger.blocks.tolist(), ledger.twins.tolist(), strict=True)):
        assert twin >= 0
        assert problem.blocks[lead].unit == problem.blocks[twin].unit
        both = [(lead, s) in pairs and (twin, s) in pairs for s in range(ledger.sections)]
        assert (ledger.pair[row] >= 0).tolist() == both
        assert ledger.children[row].sum() == pytest.approx(problem.children[[lead, twin]].sum())
