"""How a command begins: the scenario read and projected under the values of the command line."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from simulator.language import Language
from simulator.language import translate as _
from simulator.terminal.options import with_overrides
from simulator.terminal.progress import Teller

if TYPE_CHECKING:
    from simulator.prepared import Prepared


def prepare(path: Path, solver: Mapping[str, object], language: Language | None, teller: Teller) -> Prepared:
    """Read and project a scenario under the values of the command line."""
    teller.step(_("加载程序"))
    from simulator import run
    from simulator.prepared import Watcher
    from simulator.scenario import read_scenario

    scenario = with_overrides(read_scenario(path), solver, language)
    if scenario.outputs.template is not None:
        from simulator import outputs

        # A broken template is told before any time is spent.
        outputs.refuse_faulty_template(scenario.outputs.template)
    return run.prepare(scenario, Watcher(teller.step), path)


def check_target(folder: Path, teller: Teller, *, force: bool) -> None:
    """Refuse a target that must not be replaced, before any time is spent."""
    teller.step(_("检查成果位置"))
    from simulator import outputs

    outputs.check_target(folder, force=force)
