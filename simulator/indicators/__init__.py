"""The figures that every output quotes."""

from simulator.indicators.figures import Indicators
from simulator.indicators.measure import measure

__all__ = ["Indicators", "measure"]
