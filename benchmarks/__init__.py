"""Benchmarks: public and invented problems solved by the planner itself, checked apart from it."""

from benchmarks import santa_rosa as _santa_rosa
from benchmarks.register import FAMILIES, Bar, Family, Report, register

__all__ = ["FAMILIES", "Bar", "Family", "Report", "register"]

# Importing a family registers it.
_ = _santa_rosa
