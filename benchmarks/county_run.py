"""A run of the invented county: several sizes, five seeds each, the gap as it fell, everything checked anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.check import Verdict
from benchmarks.county import county
from benchmarks.county_attend import ZONE_COLUMNS, CountyPlan
from benchmarks.county_check import check_county
from benchmarks.instances import ReadError
from benchmarks.register import Bar, Family, Options, Report, register
from benchmarks.results import KEY, RESULT_COLUMNS, Results
from benchmarks.solving import Answer, memory_gib, solve_highs, solve_planner
from benchmarks.workers import at_once
from simulator.model.problem import Problem
from simulator.model.solve import relative_gap

PROBLEMS = ("everybody", "entrants")
MARKS = (30, 60, 120, 300)
"""Seconds at which the gap is noted."""
COUNTY_COLUMNS = (*RESULT_COLUMNS, *(f"gap_{mark}" for mark in MARKS), "declared", "memory_gib")
SEEDS = range(1, 6)
_GAP = 1e-4
_DECISIONS = ("open_", "classes_", "size_", "added_rooms_", "converted_")
_ROUNDING = 6


@dataclass(frozen=True)
class Size:
    """A size of the county.

    Parameters
    ----------
    units, schools, stages, phases
        As :func:`benchmarks.county.county` takes them.
    seconds
        Seconds of a row.
    bar_at, bar
        Seconds at which the proven gap is held to a limit, and the limit.
    """

    units: int
    schools: int
    stages: int
    phases: int
    seconds: float
    bar_at: float
    bar: float


SIZES = {
    "county60": Size(60, 20, 1, 2, 20.0, 20.0, 0.01),
    "county500": Size(500, 70, 1, 4, 300.0, 120.0, 0.015),
    "county1000": Size(1000, 120, 3, 5, 600.0, 600.0, 0.03),
}
# Most memory, and share of the time for declaring and compiling.
_MOST_GIB, _DECLARED = 6.0, 0.1


def make(problem: str, instance: str) -> Problem:
    """The county of an instance such as `county500-seed1`, with its rezoning."""
    size, _, seed = instance.partition("-seed")
    data = SIZES[size]
    return county(data.units, data.schools, data.stages, data.phases, int(seed), problem)


def run_county(_source: Path, out: Path, options: Options) -> Report:
    """Solve what is asked and not yet done, and report all that was asked."""
    asked = [
        (problem, instance)
        for size in SIZES
        for problem in options.problems or PROBLEMS
        for instance in (f"{size}-seed{seed}" for seed in SEEDS)
        if fnmatchcase(instance, options.only)
    ]
    if not asked:
        message = f"no county is named {options.only}; sizes: {', '.join(SIZES)}; instances: county500-seed1 …"
        raise ReadError(message)
    results = Results(out / "county-results.csv", COUNTY_COLUMNS)
    rivals = Results(out / "county-rivals.csv", (*COUNTY_COLUMNS, "solver"), (*KEY, "solver"))
    fresh = [one for one in asked if options.again or not results.has(**_key(*one))]
    jobs = [(solve_planner, *one, _seconds(one[1], options), out, "") for one in fresh]
    for row in at_once(_solved, jobs, options.workers):
        results.write(row)
        print(_line(results.rows_of([row])), flush=True)
    against = [one for one in asked if options.again or not rivals.has(**_key(*one), solver="HiGHS")]
    jobs = [(solve_highs, *one, _seconds(one[1], options), out, "-HiGHS") for one in against if options.rivals]
    for row in at_once(_solved, jobs, options.workers):
        rivals.write(row | {"solver": "HiGHS"})
        print("  HiGHS:", _line(rivals.rows_of([row | {"solver": "HiGHS"}])), flush=True)
    keys = [_key(problem, instance) for problem, instance in asked]
    rows = results.rows_of(keys)
    tables = {"Results": _shown(rows, ["problem", "instance"])}
    if options.rivals:
        tables["Rivals"] = _shown(
            rivals.rows_of([key | {"solver": "HiGHS"} for key in keys]), ["problem", "instance", "solver"]
        )
    return Report(tables, bars_of(rows), _faults(rows))


def _seconds(instance: str, options: Options) -> float:
    """Seconds of a row."""
    return options.seconds or SIZES[instance.partition("-")[0]].seconds


def _key(problem: str, instance: str) -> dict[str, object]:
    return {"problem": problem, "instance": instance, "K": pd.NA}


def _solved(
    solve: Callable[[Problem, float, float], Answer],
    problem: str,
    instance: str,
    seconds: float,
    out: Path,
    ending: str,
) -> dict[str, object]:
    """Solve, write the plan, read it back, check it, and make its row of the results."""
    data = make(problem, instance)
    answer = solve(data, seconds, _GAP)
    stem = out / f"{problem}-{instance}{ending}"
    verdict = Verdict(float("nan"), feasible=False, connected=None, faults=("no plan",))
    if answer.found:
        write_plan(data, answer, stem)
        verdict = check_county(read_plan(data, stem))
        for fault in verdict.faults:
            print(f"{stem.name}: {fault}")
    stopped = relative_gap(answer.objective, answer.bound) > _GAP
    return _key(problem, instance) | {
        "objective": verdict.objective,
        "bound": answer.bound,
        "gap": relative_gap(verdict.objective, answer.bound) if answer.found else np.nan,
        "seconds": answer.seconds,
        "feasible": verdict.feasible,
        "connected": verdict.connected,
        "columns": answer.columns,
        "published": np.nan,
        "ratio": np.nan,
        **{f"gap_{mark}": np.nan if stopped and mark > seconds else answer.gap_at(mark) for mark in MARKS},
        "declared": answer.declared / answer.seconds,
        "memory_gib": memory_gib(),
    }


def write_plan(problem: Problem, answer: Answer, stem: Path) -> None:
    """Write the catchments of every phase, and beside them all other decisions that are not zero."""
    shares = np.where(
        abs(answer.shares - np.round(answer.shares)) < 10.0**-_ROUNDING, np.round(answer.shares), answer.shares
    )
    pairs, phases = np.nonzero(shares)
    blocks = [problem.blocks[code] for code in problem.pair_block[pairs]]
    zones = pd.DataFrame(
        {
            "unit": [problem.units[block.unit] for block in blocks],
            "school": [problem.sections[code].section_id for code in problem.pair_section[pairs]],
            "share": shares[pairs, phases],
            "stage": [block.stage.value for block in blocks],
            "phase": phases + 1,
        },
        columns=["unit", "school", "share", "stage", "phase"],
    )
    decisions = {
        name: round(value, _ROUNDING)
        for name, value in answer.decisions.items()
        if name.startswith(_DECISIONS) and round(value, _ROUNDING)
    }
    stem.parent.mkdir(parents=True, exist_ok=True)
    zones.to_csv(f"{stem}.csv", index=False, float_format="%.9g", lineterminator="\n")
    pd.Series(decisions, name="value", dtype=float).rename_axis("decision").to_csv(
        f"{stem}-decisions.csv", float_format="%.9g", lineterminator="\n"
    )


def read_plan(problem: Problem, stem: Path) -> CountyPlan:
    """A plan as it was written."""
    decisions = pd.read_csv(f"{stem}-decisions.csv", index_col="decision")["value"]
    named = {str(name): float(value) for name, value in decisions.items()}
    return CountyPlan(problem, pd.read_csv(f"{stem}.csv")[list(ZONE_COLUMNS)], named)


def bars_of(rows: pd.DataFrame) -> tuple[Bar, ...]:
    """The worst seed of every size and problem."""
    bars: list[Bar] = []
    for (size, problem), own in rows.groupby([rows["instance"].str.partition("-")[0], "problem"], sort=False):
        data = SIZES[str(size)]
        at = f"gap_{data.bar_at:g}" if data.bar_at in MARKS else "gap"
        worst = own[at].where(own["feasible"].astype(bool), np.inf).fillna(np.inf).max()
        bars.append(Bar(f"{size} {problem}: worst proven gap in {data.bar_at:g} s", float(worst), data.bar))
        bars.append(Bar(f"{size} {problem}: share of declaring and compiling", float(own["declared"].max()), _DECLARED))
        bars.append(Bar(f"{size} {problem}: memory GiB", float(own["memory_gib"].max()), _MOST_GIB))
    return tuple(bars)


def _faults(rows: pd.DataFrame) -> tuple[str, ...]:
    bad = rows[~rows["feasible"].astype(bool)]
    return tuple(
        f"{problem}-{instance}: not feasible" for problem, instance in zip(bad["problem"], bad["instance"], strict=True)
    )


def _shown(rows: pd.DataFrame, index: list[str]) -> pd.DataFrame:
    return rows.drop(columns=["K", "published", "ratio"]).set_index(index)


def _line(rows: pd.DataFrame) -> str:
    row = rows.iloc[0]
    gaps = ", ".join(f"{mark} s {row[f'gap_{mark}']:.2%}" for mark in MARKS)
    checked = "feasible" if row["feasible"] else "NOT FEASIBLE"
    name = f"{row['problem']}-{row['instance']}"
    return f"{name}: {row['objective']:.6g}, gap {row['gap']:.2%} ({gaps}), {row['seconds']:.1f} s, {checked}"


register(
    Family(
        "county",
        f"invented counties, several phases, all rules: {', '.join(SIZES)}, seeds {SEEDS[0]}-{SEEDS[-1]}",
        (),
        run_county,
        PROBLEMS,
        invented=True,
    )
)
