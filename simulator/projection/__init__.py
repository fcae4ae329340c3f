"""Children by unit, age, grade and year, and the seats they will ask for."""

from simulator.projection.demand import Demand, FloatArray, Projection
from simulator.projection.project import project

__all__ = ["Demand", "FloatArray", "Projection", "project"]
