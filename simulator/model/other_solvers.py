"""Other solvers by name through PuLP: the declared model, without search."""

from __future__ import annotations

import time

import numpy as np
import pulp

from simulator.errors import InputError
from simulator.errors import Problem as Fault
from simulator.language import translate as _
from simulator.model.compile import Compiled
from simulator.model.declare import Model
from simulator.model.solve import Limits, Solved, load

_SOLVERS = {
    "CBC": "PULP_CBC_CMD",
    "SCIP": "SCIP_PY",
    "GUROBI": "GUROBI",
    "COPT": "COPT",
    "CPLEX": "CPLEX_PY",
    "MOSEK": "MOSEK",
}


def solve_by_name(name: str, model: Model, compiled: Compiled, limits: Limits) -> Solved:
    """Solve the declared model with a solver that PuLP knows.

    PuLP does not hand a solver's bound on, so the bound is that of the relaxation without integrality.

    Raises
    ------
    InputError
        The solver is not known or not installed.
    """
    known = _SOLVERS.get(name.upper(), name)
    available = pulp.listSolvers(onlyAvailable=True)
    if known not in available:
        raise InputError(
            _("求解器 {name} 不可用").format(name=name),
            [Fault("solver.name", _("本机可用的有：{names}").format(names="、".join(["highs", *available])))],
        )
    began = time.perf_counter()
    solver = pulp.getSolver(known, msg=False, timeLimit=limits.seconds)
    model.lp.solve(solver)
    given = {variable.name: variable.varValue or 0.0 for variable in model.lp.variables()}
    values = np.array([given.get(name, 0.0) for name in compiled.names])
    found = model.lp.status in (pulp.LpStatusOptimal, pulp.LpStatusNotSolved) and model.lp.sol_status in (
        pulp.LpSolutionOptimal,
        pulp.LpSolutionIntegerFeasible,
    )
    proven = model.lp.sol_status == pulp.LpSolutionOptimal
    objective = compiled.objective(values) if found else float("inf")
    return Solved(
        status="optimal" if found and proven else "time_limit" if found else "infeasible",
        values=values if found else np.empty(0),
        objective=objective,
        bound=relaxation_bound(compiled),
        seconds=time.perf_counter() - began,
    )


def relaxation_bound(compiled: Compiled) -> float:
    """Bound of the model without integrality."""
    highs = load(compiled, relax=True)
    highs.run()
    return float(highs.getInfo().objective_function_value)
