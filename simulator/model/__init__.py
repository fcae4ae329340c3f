"""The mixed-integer program: problem, variables, constraints, objective, solving."""

from simulator.model.assemble import Evidence, assemble
from simulator.model.optimize import Optimized, optimize
from simulator.model.present import present_choices
from simulator.model.problem import Problem

__all__ = ["Evidence", "Optimized", "Problem", "assemble", "optimize", "present_choices"]
