"""Plan × demand → each year's pupils and classes of every section, grade by grade."""

from simulator.operation.following import ways_of_flows
from simulator.operation.moves import CATCHMENT, EVERYBODY, SCHOOL, moves
from simulator.operation.operate import classes_wanted, operate, overfull_sections
from simulator.operation.places import BandPlaces, band_places, children_by_section
from simulator.operation.result import Operation
from simulator.operation.sizes import class_sizes

__all__ = [
    "CATCHMENT",
    "EVERYBODY",
    "SCHOOL",
    "BandPlaces",
    "Operation",
    "band_places",
    "children_by_section",
    "class_sizes",
    "classes_wanted",
    "moves",
    "operate",
    "overfull_sections",
    "ways_of_flows",
]
