"""Norm files → Standards: every figure with its unit, basis, effect, source and certainty."""

from simulator.standards.figure import Figure, Standards
from simulator.standards.read import norm_path, own_figure_faults, read_standards, standards_folder
from simulator.standards.sources import SourceRow, sources_table

__all__ = [
    "Figure",
    "SourceRow",
    "Standards",
    "norm_path",
    "own_figure_faults",
    "read_standards",
    "sources_table",
    "standards_folder",
]
