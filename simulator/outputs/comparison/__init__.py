"""`compare --out`: plans side by side as a workbook, a Word section, maps, charts and one page."""

from simulator.outputs.comparison.comparison import Comparison, lay_side_by_side
from simulator.outputs.comparison.write import write_comparison

__all__ = ["Comparison", "lay_side_by_side", "write_comparison"]
