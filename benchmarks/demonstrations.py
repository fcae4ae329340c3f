"""The demonstration districts in given times, entrants re-zoned or everybody, and what the first costs."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.instances import ReadError
from benchmarks.register import Bar, Family, Options, Report, register
from benchmarks.results import Results
from simulator.errors import PlannerError
from simulator.run import run_scenario
from simulator.scenario import Scenario, read_scenario

PROBLEMS = ("entrants", "everybody")
HELD_TO: dict[str, tuple[tuple[float, float], ...]] = {
    "chengzhong": ((30.0, 0.02), (60.0, 0.01)),
    "dinghai": ((30.0, 0.02), (60.0, 0.01)),
    "linxian": ((120.0, 0.02),),
    "shawan": ((120.0, 0.02),),
    "taizhou": ((600.0, 0.03),),
}
"""Scenario → (seconds of the solver, most that the proven gap may be)."""
KEY = ("problem", "instance", "limit")
COLUMNS = (*KEY, "objective", "bound", "gap", "seconds", "shortage", "rigid", "share_of_bound")
"""`rigid` counts the audit's rigid findings; objective and bound in yuan a year, shortage in children × years."""
_SCENARIOS = Path(__file__).parent.parent / "scenarios"


def run_demonstrations(_source: Path, out: Path, options: Options) -> Report:
    """Solve what is asked and not yet done, and report all that was asked."""
    asked = list(_asked(options))
    if not asked:
        message = f"no demonstration is named {options.only}; known: {', '.join(HELD_TO)}"
        raise ReadError(message)
    results = Results(out / "demonstrations-results.csv", COLUMNS, KEY)
    for problem, instance, limit in asked:
        key: dict[str, object] = {"problem": problem, "instance": instance, "limit": limit}
        if options.again or not results.has(**key):
            results.write(key | _solved(problem, instance, limit))
            row = results.rows_of([key]).iloc[0]
            print(
                f"{problem}-{instance} {limit:g} s: gap {row['gap']:.2%}, {row['objective']:.6g}, "
                f"{row['rigid']:g} rigid findings",
                flush=True,
            )
    keys = [dict(zip(KEY, row, strict=True)) for row in asked]
    rows = results.rows_of(keys)
    return Report(
        {"Results": rows.set_index(list(KEY)), "What it costs to move entrants only": entrants_cost(rows)},
        tuple(_bars(rows)),
        tuple(_faults(rows)),
    )


def _asked(options: Options) -> Iterator[tuple[str, str, float]]:
    for instance, limits in HELD_TO.items():
        if fnmatchcase(instance, options.only):
            for problem in options.problems or PROBLEMS:
                for seconds in [options.seconds] if options.seconds else [limit for limit, _gap in limits]:
                    yield problem, instance, seconds


def _solved(problem: str, instance: str, limit: float) -> dict[str, object]:
    path = _SCENARIOS / f"{instance}.toml"
    try:
        result = run_scenario(_with(read_scenario(path), problem, limit), path=path)
    except PlannerError as error:
        print(f"{problem}-{instance}: {error}")
        return dict.fromkeys(COLUMNS[len(KEY) :], np.nan)
    found = result.plan.solution
    return {
        "objective": found.objective,
        "bound": found.bound,
        "gap": found.gap,
        "seconds": found.seconds,
        "shortage": found.shortage,
        "rigid": result.audit.rigid,
        "share_of_bound": found.objective / found.bound - 1,
    }


def _with(scenario: Scenario, rezoning: str, limit: float) -> Scenario:
    """A scenario with its kind of re-zoning and its time limit."""
    return scenario.model_copy(
        update={
            "candidates": scenario.candidates.model_copy(update={"rezoning": rezoning}),
            "solver": scenario.solver.model_copy(update={"time_limit_s": limit}),
        }
    )


def entrants_cost(rows: pd.DataFrame) -> pd.DataFrame:
    """What it costs to re-zone entrants only, by demonstration and time.

    Returns
    -------
    DataFrame
        By (instance, limit): objective with each kind of re-zoning; more = difference of the two, yuan a year;
        at_least and at_most = the difference that the two bounds allow.
    """
    wide = rows.pivot_table(index=["instance", "limit"], columns="problem", values=["objective", "bound"])
    if any((column, problem) not in wide for column in ("objective", "bound") for problem in PROBLEMS):
        return pd.DataFrame(columns=["entrants", "everybody", "more", "at_least", "at_most"])
    value, bound = wide["objective"], wide["bound"]
    return pd.DataFrame(
        {
            "entrants": value["entrants"],
            "everybody": value["everybody"],
            "more": value["entrants"] - value["everybody"],
            "at_least": bound["entrants"] - value["everybody"],
            "at_most": value["entrants"] - bound["everybody"],
        }
    )


def _bars(rows: pd.DataFrame) -> Iterator[Bar]:
    for problem, instance, limit, gap in rows[["problem", "instance", "limit", "gap"]].to_numpy(object):
        held = dict(HELD_TO[instance])
        if problem == "entrants" and limit in held:
            yield Bar(f"{instance}: proven gap in {limit:g} s", float(np.nan_to_num(gap, nan=np.inf)), held[limit])


def _faults(rows: pd.DataFrame) -> Iterator[str]:
    for problem, instance, limit, rigid in rows[["problem", "instance", "limit", "rigid"]].to_numpy(object):
        if np.isnan(rigid):
            yield f"{problem}-{instance} in {limit:g} s: no plan"
        elif rigid:
            yield f"{problem}-{instance} in {limit:g} s: {rigid:g} rigid findings"


register(
    Family(
        "demonstrations",
        f"the demonstration districts, whole runs: {', '.join(HELD_TO)}",
        (),
        run_demonstrations,
        PROBLEMS,
        invented=True,
    )
)
