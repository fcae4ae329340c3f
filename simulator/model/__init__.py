"""The mixed-integer program: problem, variables, constraints, objective, solving."""

from simulator.model.assemble import Evidence, assemble
from simulator.model.extract import open_classes
from simulator.model.optimize import draft, optimize
from simulator.model.present import present_choices
from simulator.model.problem import Problem

__all__ = ["Evidence", "Problem", "assemble", "draft", "open_classes", "optimize", "present_choices"]
