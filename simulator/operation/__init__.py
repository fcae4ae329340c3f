"""Plan × demand → each year's pupils and classes of every section, grade by grade."""

from simulator.operation.operate import classes_wanted, operate, overfull_sections
from simulator.operation.result import Operation
from simulator.operation.sizes import class_sizes

__all__ = ["Operation", "class_sizes", "classes_wanted", "operate", "overfull_sections"]
