"""Everything that is written: tables, workbook, maps, charts, summary, manifest.

The public names are loaded when first asked for, so that reading a result back needs no drawing libraries.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulator.outputs.compare import compare_results
    from simulator.outputs.earlier import earlier_result, why_other_model
    from simulator.outputs.forecast import forecast_by_stage, forecast_peaks, write_forecast
    from simulator.outputs.placing import check_target
    from simulator.outputs.reaudit import audit_stored, stored_changes
    from simulator.outputs.schemes import figure_titles
    from simulator.outputs.screen import screen_lines
    from simulator.outputs.stored import StoredResult, read_result
    from simulator.outputs.word.template_check import check_template, refuse_faulty_template
    from simulator.outputs.write import write_result

__all__ = [
    "StoredResult",
    "audit_stored",
    "check_target",
    "check_template",
    "compare_results",
    "earlier_result",
    "figure_titles",
    "forecast_by_stage",
    "forecast_peaks",
    "read_result",
    "refuse_faulty_template",
    "screen_lines",
    "stored_changes",
    "why_other_model",
    "write_forecast",
    "write_result",
]

_HOME = {
    "StoredResult": "stored",
    "audit_stored": "reaudit",
    "check_target": "placing",
    "check_template": "word.template_check",
    "compare_results": "compare",
    "earlier_result": "earlier",
    "figure_titles": "schemes",
    "forecast_by_stage": "forecast",
    "forecast_peaks": "forecast",
    "read_result": "stored",
    "refuse_faulty_template": "word.template_check",
    "screen_lines": "screen",
    "stored_changes": "reaudit",
    "why_other_model": "earlier",
    "write_forecast": "forecast",
    "write_result": "write",
}
"""Public name → module that defines it."""


def __getattr__(name: str) -> object:
    """Load a public name from its module."""
    if name not in _HOME:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
