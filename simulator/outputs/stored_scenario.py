"""scenario.toml of a result: the resolved scenario, the same wherever the project stands."""

from __future__ import annotations

from pathlib import Path

from simulator.language import translate as _
from simulator.result import Result
from simulator.scenario import SolverSettings
from simulator.scenario.dump import scenario_toml


def write_scenario(result: Result, path: Path) -> None:
    """Write every setting of the run.

    Paths stand as seen from the folder of the original scenario file; the number of worker processes,
    which changes no result, stands at its default.
    """
    scenario = result.scenario
    solver = scenario.solver.model_copy(update={"workers": SolverSettings().workers})
    text = scenario_toml(scenario.model_copy(update={"solver": solver}), result.scenario_path.resolve().parent)
    head = _("# 本次运行的全部设定；路径相对于原情景文件 {name} 所在的文件夹。").format(name=result.scenario_path.name)
    path.write_text(f"{head}\n\n{text}", encoding="utf-8", newline="\n")
