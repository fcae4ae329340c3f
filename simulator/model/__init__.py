"""The mixed-integer program: problem, variables, constraints, objective, solving."""

from simulator.model.assemble import Evidence, assemble
from simulator.model.extract import open_classes
from simulator.model.frontier import draw_frontier
from simulator.model.near import close_to
from simulator.model.optimize import Answer, draft, optimize, solve_problem
from simulator.model.present import present_choices
from simulator.model.problem import Problem
from simulator.model.reach import ReachEvidence, complete_reach
from simulator.model.size import Size, size_of
from simulator.model.task import Task
from simulator.model.teachers import StaffEvidence, plan_staff

__all__ = [
    "Answer",
    "Evidence",
    "Problem",
    "ReachEvidence",
    "Size",
    "StaffEvidence",
    "Task",
    "assemble",
    "close_to",
    "complete_reach",
    "draft",
    "draw_frontier",
    "open_classes",
    "optimize",
    "plan_staff",
    "present_choices",
    "size_of",
    "solve_problem",
]
