"""Invented districts: seeded geography, people, schools and registers for examples, tests and benchmarks."""

from simulator.inputs.synthetic.ages import single_ages
from simulator.inputs.synthetic.apportion import apportion, apportion_within
from simulator.inputs.synthetic.city import invent_city
from simulator.inputs.synthetic.district import Tables, invent_district
from simulator.inputs.synthetic.invention import Faculty, Invention, Plot, Roll, SchoolGroup, Work
from simulator.inputs.synthetic.names import NameBook
from simulator.inputs.synthetic.presets import benchmark_district, small_district
from simulator.inputs.synthetic.write import DistrictCard, write_district

__all__ = [
    "DistrictCard",
    "Faculty",
    "Invention",
    "NameBook",
    "Plot",
    "Roll",
    "SchoolGroup",
    "Tables",
    "Work",
    "apportion",
    "apportion_within",
    "benchmark_district",
    "invent_city",
    "invent_district",
    "single_ages",
    "small_district",
    "write_district",
]
