"""Everything that is written: tables, workbook, maps, charts, summary, manifest."""

from simulator.outputs.compare import compare_results
from simulator.outputs.placing import check_target
from simulator.outputs.schemes import figure_titles
from simulator.outputs.screen import screen_lines
from simulator.outputs.stored import StoredResult, read_result
from simulator.outputs.write import write_result

__all__ = [
    "StoredResult",
    "check_target",
    "compare_results",
    "figure_titles",
    "read_result",
    "screen_lines",
    "write_result",
]
