"""A run of a location family: every row posed, solved, written, read back and checked, beside its rivals."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.check import SOLUTION_COLUMNS, Verdict, check, read_solution
from benchmarks.instances import ReadError, Task
from benchmarks.location import pose
from benchmarks.register import Bar, Options, Report
from benchmarks.results import KEY, RESULT_COLUMNS, Results
from benchmarks.solving import Answer, has_spopt, solve_cbc, solve_highs, solve_planner, solve_spopt
from benchmarks.workers import at_once
from simulator.model.solve import relative_gap

# Shares below this are rounding of a solver.
_ROUNDING = 6


@dataclass(frozen=True)
class LocationFamily:
    """A family of published location problems.

    Parameters
    ----------
    name
        Its name, the beginning of its results file.
    read
        (folder, options) → tasks.
    seconds
        Seconds that a task may take.
    bars
        Rows of the results → what they are held to.
    """

    name: str
    read: Callable[[Path, Options], Iterator[Task]]
    seconds: Callable[[Task], float]
    bars: Callable[[pd.DataFrame], tuple[Bar, ...]]

    def run(self, source: Path, out: Path, options: Options) -> Report:
        """Solve what is asked and not yet done, and report all that was asked."""
        tasks = self.tasks(source, options)
        results = Results(out / f"{self.name}-results.csv")
        rivals = Results(out / f"{self.name}-rivals.csv", (*RESULT_COLUMNS, "solver"), (*KEY, "solver"))
        if options.rivals and not has_spopt():
            print("spopt is not installed: its capacitated p-median is left out")
        # A limit of the solver a little below what the row may take: declaring and writing count too.
        seconds = {task.name: options.seconds or 0.95 * self.seconds(task) for task in tasks}
        fresh = [task for task in tasks if options.again or not results.has(**key_of(task))]
        jobs = [(task, seconds[task.name], out / f"{task.name}.csv") for task in fresh]
        for row in at_once(_solved, jobs, options.workers):
            results.write(row)
            print(_line(results.rows_of([row])), flush=True)
        for task in tasks if options.rivals else ():
            _run_rivals(task, seconds[task.name], out, rivals, again=options.again)
        rows = results.rows_of([key_of(task) for task in tasks])
        verdicts = self.check(tasks, out)
        tables = {"Results": rows.drop(columns="columns").set_index(list(KEY)), "Ratio by problem": _summary(rows)}
        if options.rivals:
            asked = [key_of(task) | {"solver": name} for task in tasks for name in ("HiGHS", "CBC", "spopt")]
            tables["Rivals"] = rivals.rows_of(asked).drop(columns="columns").set_index([*KEY, "solver"])
        faults = [f"{name}: {fault}" for name, verdict in verdicts.items() for fault in verdict.faults]
        return Report(tables, self.bars(rows), tuple(faults))

    def tasks(self, source: Path, options: Options) -> list[Task]:
        """What is asked.

        Raises
        ------
        ReadError
            Nothing of what is asked is there.
        """
        found = [
            task
            for task in self.read(source, options)
            if (not options.problems or task.problem in options.problems)
            and fnmatchcase(task.instance.name, options.only)
            and (not options.schools or task.schools in (None, *options.schools))
        ]
        if not found:
            message = f"{source}: no instance of {self.name} that is asked for"
            raise ReadError(message)
        return found

    def check(self, tasks: list[Task], out: Path) -> dict[str, Verdict]:
        """Check the solution files of tasks; a missing one is a fault."""
        return {task.name: _checked(task, out / f"{task.name}.csv") for task in tasks}


def key_of(task: Task) -> dict[str, object]:
    """Problem, instance and K of a row."""
    return {
        "problem": task.problem,
        "instance": task.instance.name,
        "K": pd.NA if task.schools is None else task.schools,
    }


def _solved(task: Task, seconds: float, path: Path) -> dict[str, object]:
    """Solve a task, and make its row of the results."""
    return _row(solve_planner(pose(task), seconds), task, path)


def _checked(task: Task, path: Path) -> Verdict:
    if not path.is_file():
        return Verdict(float("nan"), feasible=False, connected=None, faults=("no solution",))
    return check(read_solution(path), task)


def _run_rivals(task: Task, seconds: float, out: Path, rivals: Results, *, again: bool) -> None:
    solvers: dict[str, Callable[[], Answer | None]] = {
        "HiGHS": lambda: solve_highs(pose(task), seconds),
        "CBC": lambda: solve_cbc(pose(task), seconds),
        "spopt": lambda: solve_spopt(task, seconds),
    }
    for name, solve in solvers.items():
        key = key_of(task) | {"solver": name}
        if not again and rivals.has(**key):
            continue
        answer = solve()
        if answer is not None:
            rivals.write(_row(answer, task, out / f"{task.name}-{name}.csv") | {"solver": name})
            print(f"  {name}: {_line(rivals.rows_of([key]))}", flush=True)


def _row(answer: Answer, task: Task, path: Path) -> dict[str, object]:
    """Write a solution, check what was written, and make its row of the results."""
    path.unlink(missing_ok=True)
    if answer.found:
        write_solution(answer, task, path)
    verdict = _checked(task, path)
    objective = verdict.objective
    return key_of(task) | {
        "objective": objective,
        "bound": answer.bound if np.isfinite(answer.bound) else np.nan,
        "gap": relative_gap(objective, answer.bound) if answer.found and np.isfinite(answer.bound) else np.nan,
        "seconds": answer.seconds,
        "feasible": verdict.feasible,
        "connected": verdict.connected,
        "columns": answer.columns,
        "published": task.published,
        "ratio": objective / task.published - 1,
    }


def write_solution(answer: Answer, task: Task, path: Path) -> None:
    """Write unit, school, share of every unit and school that have to do with each other."""
    instance = task.instance
    shares = answer.shares.reshape(instance.cost.shape)
    shares = np.where(abs(shares - np.round(shares)) < 10.0**-_ROUNDING, np.round(shares), shares)
    units, schools = np.nonzero(shares)
    table = pd.DataFrame(
        {
            "unit": np.array(instance.units)[units],
            "school": np.array(instance.schools)[schools],
            "share": shares[units, schools],
        },
        columns=list(SOLUTION_COLUMNS),
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    table.to_csv(path, index=False, float_format="%.12g", lineterminator="\n")


def _line(rows: pd.DataFrame) -> str:
    row = rows.iloc[0]
    name = "-".join(str(row[part]) for part in KEY if not pd.isna(row[part]))
    checked = "feasible" if row["feasible"] else "NOT FEASIBLE"
    return (
        f"{name}: {row['objective']:.6g}, gap {row['gap']:.3%}, {row['seconds']:.1f} s, {checked}, "
        f"{row['ratio']:+.4%} of the published value"
    )


def _summary(rows: pd.DataFrame) -> pd.DataFrame:
    """Mean and largest ratio, feasible rows and longest time of every problem."""
    feasible = rows.assign(ratio=rows["ratio"].where(rows["feasible"].astype(bool)))
    by_problem = feasible.groupby("problem", sort=False)
    return by_problem.agg(
        rows=("instance", "size"),
        feasible=("feasible", "sum"),
        mean_ratio=("ratio", "mean"),
        max_ratio=("ratio", "max"),
        mean_gap=("gap", "mean"),
        max_seconds=("seconds", "max"),
    )
