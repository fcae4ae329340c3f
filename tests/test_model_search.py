"""The search: rows as they are needed, parts of the model, bounds wherever it stops, the same plan again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.model import search
from simulator.model.compile import Compiled, compile_model
from simulator.model.connection import Connection
from simulator.model.constraints import CONSTRAINTS
from simulator.model.declare import Model, declare
from simulator.model.incumbent import Incumbent
from simulator.model.neighbourhoods import Neighbourhoods
from simulator.model.parts import Arrays, Row
from simulator.model.problem import FloatArray, Problem
from simulator.model.search import Search
from simulator.model.solve import Limits, Solved, solve
from tests import model_toys as toys
from tests import model_toys_enrolled as entrants
from tests import model_toys_ground as ground

EXACT = Limits(30.0, 0.0, None, 1)
TOYS: dict[str, Callable[[], Problem]] = {toy.__name__: toy for toy in {**toys.BINDING, **toys.OTHERS}.values()}
MAPPED = [toy.__name__ for toy in (*ground.BINDING.values(), *ground.OTHERS.values(), entrants.connected_entrants)]
STOPPED = [
    *("new_school_on_a_ring", "away_from_home", "point_and_schools", "school_closing", "connected_entrants"),
    *("rise_and_dip", "little_money", "nearest_by_the_map", "two_bands", "shared_campus"),
]
WHOLE, STEPS = 10_000, 0
"""Whole-number decisions up to which a model is handed to the solver whole: all toys, or none."""
QUICK = settings(max_examples=25, deadline=None)


def close(value: float) -> object:
    return pytest.approx(value, rel=1e-6, abs=1e-4)


@cache
def lazily(name: str) -> tuple[Model, Compiled]:
    """A toy declared without flows, as the search takes it."""
    model = declare(TOYS[name](), compact=False)
    return model, compile_model(model.lp)


@cache
def optimum(name: str) -> Solved:
    """The proven optimum with flows, which is that of all plans one by one."""
    return solve(compile_model(declare(TOYS[name]()).lp), EXACT)


def searched(name: str, limits: Limits, small: int) -> Solved:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "_SMALL", small)
        return Search(*lazily(name), limits).run()


def columns(name: str) -> np.ndarray:
    model, compiled = lazily(name)
    return Neighbourhoods(model, compiled, 1).assigned


def allowed(compiled: Compiled, values: FloatArray) -> bool:
    """Whether values keep the bounds and rows of arrays."""
    activity = compiled.matrix @ values
    return bool(
        (activity >= compiled.row_lower - 1e-6).all()
        and (activity <= compiled.row_upper + 1e-6).all()
        and (values >= compiled.lower - 1e-6).all()
        and (values <= compiled.upper + 1e-6).all()
    )


@pytest.mark.parametrize(
    ("name", "small"),
    [*((name, WHOLE) for name in MAPPED), *((name, STEPS) for name in {**dict.fromkeys(MAPPED), **entrants.TOYS})],
)
def test_rows_made_as_needed_lead_to_the_optimum_of_all_plans(name, small):
    """Handed to the solver whole or searched in steps: the objective and the bound are the optimum, the plan connected."""
    found = searched(name, EXACT, small)
    assert found.objective == close(optimum(name).objective)
    assert found.bound == close(optimum(name).objective)
    model, compiled = lazily(name)
    assert allowed(compiled, found.values)
    assert not Connection(model.problem, columns(name)).violated(found.values)


@pytest.mark.parametrize("small", [WHOLE, STEPS])
@pytest.mark.parametrize("name", STOPPED)
def test_the_bound_holds_wherever_a_search_is_stopped(name, small):
    """After 1 and 6 nodes: bound ≤ cost of the best of all plans ≤ cost of the plan found."""
    best = optimum(name).objective
    slack = 1e-4 + 1e-6 * abs(best)
    for nodes in (1, 6):
        found = searched(name, replace(EXACT, nodes=nodes), small)
        assert found.bound <= best + slack, nodes
        assert best <= found.objective + slack, nodes
        assert found.bound <= found.objective + slack, nodes


@pytest.mark.parametrize("name", ["new_school_on_a_ring", "point_and_schools", "rise_and_dip", "connected_entrants"])
@pytest.mark.parametrize("seed", [1, 2])
def test_the_same_work_limit_and_seed_give_the_same_plan(name, seed):
    """Twice in steps: the same values of all decisions, to the last digit."""
    one, other = (searched(name, Limits(30.0, 0.0, 5, seed), STEPS) for _ in range(2))
    assert len(one.values)
    assert np.array_equal(one.values, other.values)
    assert (one.objective, one.bound) == (other.objective, other.bound)


@pytest.mark.parametrize("name", ["two_on_a_line", "away_from_home", "two_in_a_unit", "connected_entrants"])
def test_a_plan_with_stray_units_is_refused(name):
    """The cheapest plan without the rule is offered in vain, one with it is kept; the rows found cut only the former."""
    model, compiled = lazily(name)
    stray, kept = solve(compiled, EXACT).values, searched(name, EXACT, WHOLE).values
    arrays, connection = Arrays(compiled), Connection(model.problem, columns(name))
    best = Incumbent(arrays, connection, EXACT)
    assert arrays.keeps(stray)
    assert not best.offer(stray)
    assert best.values is None
    assert best.pool == ()
    assert best.offer(kept)
    assert not best.offer(stray)  # cheaper still
    assert best.objective == close(optimum(name).objective)
    rows = connection.violated(stray)
    assert rows
    most = np.array([row.most for row in rows])
    assert (arrays.matrix_of(rows) @ kept <= most + 1e-6).all()
    assert (arrays.matrix_of(rows) @ stray > most + 0.5).all()


def test_a_plan_that_breaks_a_row_or_is_no_better_is_refused():
    """An assignment to a closed school is no plan; the same plan twice is no improvement."""
    model, compiled = lazily("last_school")
    values = solve(compiled, EXACT).values
    best = Incumbent(Arrays(compiled), Connection(model.problem, columns("last_school")), EXACT)
    broken = values.copy()
    broken[compiled.position["open_s1_p1"]] = 0
    assert not best.offer(broken)
    assert best.offer(values)
    assert not best.offer(values)
    best.raise_bound(best.objective + 5.0)
    assert best.bound == best.objective


@cache
def plans(name: str) -> list[FloatArray]:
    """Some connected plans of a toy: the pool of a search, and the optimum."""
    found = Search(*lazily(name), EXACT)
    best = found.run().values
    return [best, *(values for _, values in found.pool)]


@given(st.sampled_from(["new_school_on_a_ring", "point_and_schools", "rise_and_dip", "shared_campus"]), st.data())
@QUICK
def test_a_part_of_the_model_says_what_the_whole_says(name, data):
    """Random plan, free columns and values: cost of the part and whether it is allowed are those of the whole."""
    _, compiled = lazily(name)
    base = data.draw(st.sampled_from(plans(name)))
    draw = np.random.default_rng(data.draw(st.integers(0, 10_000)))
    free = draw.random(len(base)) < data.draw(st.sampled_from([0.1, 0.5, 1.0]))
    arrays, count = Arrays(compiled), len(base)
    keeps = [just_kept(base, draw.choice(count, 3, replace=False)) for _ in range(4)]
    assert arrays.add(keeps[:2]) == len(set(keeps[:2]))
    assert arrays.add(keeps[:1]) == 0
    part = arrays.part(base, free, (arrays.matrix_of(keeps[2:]), np.array([row.most for row in keeps[2:]])))
    whole = arrays.everything()
    extra = arrays.matrix_of(keeps[2:])
    assert allowed(part.compiled, base[part.free])
    for _try in range(8):
        values = base[free].copy()
        changed = draw.random(len(values)) < 2 / (1 + len(values))
        values[changed] += draw.choice([-1.0, 1.0, 0.5], int(changed.sum()))
        full = part.whole(values)
        assert np.array_equal(full[~free], base[~free])
        cost = part.compiled.cost @ values + part.compiled.offset
        assert cost == pytest.approx(compiled.cost @ full + compiled.offset, rel=1e-9, abs=1e-6)
        kept = allowed(whole, full) and bool((extra @ full <= [row.most + 1e-6 for row in keeps[2:]]).all())
        assert allowed(part.compiled, values) == kept


def just_kept(values: FloatArray, found: np.ndarray) -> Row:
    """A row of three columns that a plan just keeps."""
    return Row(tuple(found.tolist()), (1.0, -1.0, 1.0), float(values[found] @ [1.0, -1.0, 1.0]))


@pytest.mark.parametrize("name", ["new_school_on_a_ring", "short_and_long"])
def test_freeing_everything_is_the_whole_and_freeing_nothing_is_the_plan(name):
    """The optimum of the part with all columns free is the optimum; with none there is only the plan."""
    _, compiled = lazily(name)
    arrays, base = Arrays(compiled), plans(name)[-1]
    everything = arrays.part(base, np.ones(len(base), dtype=bool))
    assert solve(everything.compiled, EXACT).objective == close(solve(compiled, EXACT).objective)
    nothing = arrays.part(base, np.zeros(len(base), dtype=bool))
    assert nothing.compiled.offset == close(float(compiled.cost @ base + compiled.offset))
    assert np.array_equal(nothing.whole(np.empty(0)), base)


@pytest.mark.parametrize("rule", sorted(CONSTRAINTS))
def test_any_rule_may_be_switched_off(rule):
    """The search in steps knows every decision, also where the rule that it stands in is off."""
    problem = toys.BINDING[rule]()
    free = replace(problem, rules=problem.rules - {rule})
    model = declare(free, compact=False)
    compiled = compile_model(model.lp)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "_SMALL", STEPS)
        found = Search(model, compiled, replace(EXACT, nodes=3)).run()
    best = solve(compile_model(declare(free).lp), EXACT).objective
    assert found.bound <= best + 1e-4 + 1e-6 * abs(best)
    assert best <= found.objective + 1e-4 + 1e-6 * abs(best)
