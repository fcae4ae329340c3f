"""Seconds of each step of a run, measured on the run itself.

The steps are the public functions that the story calls. While a run is measured they are replaced by timed ones,
so nothing of the story is repeated here.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import pandas as pd

STEPS = (
    ("read scenario and norms", "simulator.run", "read_scenario"),
    ("read scenario and norms", "simulator.run", "read_standards"),
    ("read district", "simulator.run", "read_district"),
    ("seats", "simulator.capacity", "build_supply"),
    ("seats", "simulator.capacity", "protect_isolated"),
    ("journeys", "simulator.capacity", "measure_access"),
    ("present catchments", "simulator.capacity", "present_catchments"),
    ("project", "simulator.projection", "project"),
    ("assemble", "simulator.model", "assemble"),
    ("declare", "simulator.model.optimize", "declare"),
    ("compile", "simulator.model.optimize", "compile_model"),
    ("solve", "simulator.model.optimize:Search", "run"),
    ("extract", "simulator.model.optimize", "extract_plan"),
    ("operate", "simulator.operation", "operate"),
    ("indicators", "simulator.indicators", "measure"),
    ("audit", "simulator.audit", "audit_networks"),
    ("write", "simulator.outputs", "write_result"),
)
"""(step, module or module:class, function); steps of one name are added up. None calls another."""
REST, ALL = "everything else", "all"


def measure_phases(scenario: Path, seconds: float, result: Path | None = None) -> pd.DataFrame:
    """Run a scenario from reading to writing and time its steps.

    Parameters
    ----------
    scenario
        The scenario file.
    seconds
        Time limit of the solver.
    result
        Folder that becomes the result; without one it is written and thrown away.

    Returns
    -------
    DataFrame
        Index step, in the order of the story; columns calls, seconds, share (of all seconds).
    """
    with ExitStack() as stack:
        if result is None:
            result = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "result"
        spent = {step: (0, 0.0) for step, _, _ in STEPS}
        for step, home, name in STEPS:
            stack.enter_context(_timed(step, _owner(home), name, spent))
        began = time.perf_counter()
        _run(scenario, seconds, result)
        total = time.perf_counter() - began
    rest = total - sum(took for _, took in spent.values())
    rows = spent | {REST: (1, rest), ALL: (1, total)}
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["calls", "seconds"])
    return table.assign(share=table["seconds"] / total)


def _run(scenario: Path, seconds: float, result: Path) -> None:
    story, outputs = import_module("simulator.run"), import_module("simulator.outputs")
    settings = story.read_scenario(scenario)
    limited = settings.solver.model_copy(update={"time_limit_s": seconds})
    settings = settings.model_copy(update={"solver": limited})
    outputs.write_result(story.run_scenario(settings), result, force=True, workers=settings.solver.workers)


def _owner(home: str) -> Any:  # noqa: ANN401  # a module or a class
    module, _, name = home.partition(":")
    owner = import_module(module)
    return getattr(owner, name) if name else owner


@contextmanager
def _timed(step: str, owner: Any, name: str, spent: dict[str, tuple[int, float]]) -> Iterator[None]:  # noqa: ANN401
    """Replace a function by one that adds its calls and seconds to a step, until the block ends."""
    plain: Callable[..., object] = getattr(owner, name)

    def timed(*arguments: object, **named: object) -> object:
        began = time.perf_counter()
        try:
            return plain(*arguments, **named)
        finally:
            calls, seconds = spent[step]
            spent[step] = calls + 1, seconds + time.perf_counter() - began

    setattr(owner, name, timed)
    try:
        yield
    finally:
        setattr(owner, name, plain)
