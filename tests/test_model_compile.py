"""The compiled arrays say what PuLP says, and other solvers agree."""

from __future__ import annotations

import numpy as np
import pulp
import pytest

from simulator.errors import InputError
from simulator.model.compile import compile_model
from simulator.model.declare import declare
from simulator.model.other_solvers import relaxation_bound, solve_by_name
from simulator.model.solve import Limits, solve, solve_relaxed
from simulator.model.variables import total
from tests import model_toys as toys

TOYS = {**toys.BINDING, **toys.OTHERS}
LIMITS = Limits(30.0, 0.0, None, 1)


@pytest.mark.parametrize("name", sorted(TOYS))
def test_arrays_evaluate_as_pulp_does_on_random_points(name):
    """Objective, every row and every bound: the same numbers at five random points."""
    lp = declare(TOYS[name]()).lp
    compiled = compile_model(lp)
    variables = {variable.name: variable for variable in lp.variables()}
    draw = np.random.default_rng(7)
    for _point in range(5):
        x = draw.uniform(-3, 8, len(compiled.names))
        for value, column in zip(x.tolist(), compiled.names, strict=True):
            variables[column].varValue = value
        assert compiled.cost @ x + compiled.offset == pytest.approx(pulp.value(lp.objective), rel=1e-9)
        for value, row, low, high in zip(
            compiled.matrix @ x, compiled.row_names, compiled.row_lower, compiled.row_upper, strict=True
        ):
            constraint = lp.constraints[row]
            slack = constraint.value()  # left side less right side
            assert value + constraint.constant == pytest.approx(slack, abs=1e-9)
            held = {
                pulp.LpConstraintLE: slack <= 0,
                pulp.LpConstraintGE: slack >= 0,
                pulp.LpConstraintEQ: slack == 0,
            }[constraint.sense]
            assert (low <= value <= high) == held or abs(slack) < 1e-9


def test_bounds_and_whole_numbers_are_those_of_the_decisions():
    """Binary decisions lie in 0..1 and are whole, amounts start at 0, rooms stop at the campus's most."""
    compiled = compile_model(declare(toys.rise_and_dip()).lp)
    expected = {
        "assigned_u0_s0_b3_p1": (0, 1, 1),
        "size_j1_k0_p2": (0, 1, 1),
        "added_rooms_j0_p1": (0, 1, 1),  # 2 rooms at most, 1 there
        "classes_s1_p1": (0, 2, 1),  # the largest size of the parcel
        "short_s0_t0": (0, np.inf, 0),
        "unserved_u0_pb3_p1": (0, 1, 0),
    }
    found = {
        name: (compiled.lower[code], compiled.upper[code], compiled.whole[code])
        for name, code in compiled.position.items()
        if name in expected
    }
    assert found == expected


def test_a_sum_adds_up_terms_of_one_decision_and_numbers():
    """2x + 3 − x + 2·1 = x + 5: PuLP alone would keep only the last term of a decision."""
    x = pulp.LpVariable("x")
    expression = total([(x, 2.0), (x, -1.0), (1, 2.0)], 3.0)
    assert dict(expression.items()) == {x: 1.0}
    assert expression.constant == 5.0


@pytest.mark.parametrize("name", ["replaced_school", "shared_campus", "committed_works", "district_pool", "decided"])
def test_cbc_agrees_with_highs(name):
    """Through PuLP, CBC finds the objective that HiGHS proves optimal, and its bound holds."""
    model = declare(getattr(toys, name)())
    compiled = compile_model(model.lp)
    proven = solve(compiled, LIMITS)
    other = solve_by_name("CBC", model, compiled, LIMITS)
    assert other.status == "optimal"
    assert other.objective == pytest.approx(proven.objective, rel=1e-7)
    assert other.bound <= proven.objective + 1e-6


def test_an_unknown_solver_is_refused_with_those_that_are_there():
    """The message names the setting and what may be written."""
    model = declare(toys.far_school())
    with pytest.raises(InputError) as refused:
        solve_by_name("GUESS", model, compile_model(model.lp), LIMITS)
    assert [fault.where for fault in refused.value.problems] == ["solver.name"]
    assert "GUESS" in str(refused.value)
    assert "highs" in refused.value.problems[0].what


def test_the_relaxation_bounds_the_plan():
    """Without whole numbers the cost is no higher, and its values give that cost."""
    compiled = compile_model(declare(toys.crowded()).lp)
    relaxed = solve_relaxed(compiled)
    assert compiled.cost @ relaxed.values + compiled.offset == pytest.approx(relaxation_bound(compiled))
    assert relaxed.objective == pytest.approx(relaxation_bound(compiled))
    assert relaxation_bound(compiled) <= solve(compiled, LIMITS).objective + 1e-6


def test_a_stopped_solver_says_so_and_an_infeasible_model_too():
    """Ctrl-C ends the search with what there is; contradicting rows are reported as infeasible."""
    compiled = compile_model(declare(toys.little_money()).lp)
    assert solve(compiled, LIMITS, stopped=lambda: True).status in {"interrupted", "optimal"}
    lp = declare(toys.far_school()).lp
    lp.addConstraint(lp.variables()[0] >= 2, "impossible")
    none = solve(compile_model(lp), LIMITS)
    assert (none.status, len(none.values)) == ("infeasible", 0)
