"""School-network planning: project, optimize, operate, audit and write a layout plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simulator.run import run_scenario
    from simulator.scenario import read_scenario

__all__ = ["__version__", "read_scenario", "run_scenario"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:  # noqa: ANN401  the two functions load their libraries when asked for
    if name == "read_scenario":
        from simulator.scenario import read_scenario

        return read_scenario
    if name == "run_scenario":
        from simulator.run import run_scenario

        return run_scenario
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)
