"""`python -m benchmarks list`, `run NAME --from FOLDER --out FOLDER`, `phases SCENARIO`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from benchmarks import FAMILIES, Family, Options, Report
from benchmarks.command import CommandError
from benchmarks.instances import ReadError
from benchmarks.phases import measure_phases

_MISSED, _UNUSABLE = 1, 2
_PHASES_SECONDS = 30.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; 0 where every bar is met, 1 where one is missed or nothing was solved, 2 where the input cannot be used."""
    given = _parser().parse_args(arguments)
    if given.command == "list":
        for family in FAMILIES.values():
            print(f"{family.name:<14} {family.title}{_problems(family)}")
        return 0
    if given.command == "phases":
        show("Seconds by step", measure_phases(given.scenario, given.seconds))
        return 0
    options = Options(
        seconds=given.seconds,
        problems=tuple(given.problem),
        only=given.only,
        schools=tuple(given.schools),
        workers=given.workers,
        again=given.again,
        rivals=given.rivals,
    )
    return run(given.name, given.source, given.out, options)


def run(name: str, source: Path | None, out: Path, options: Options) -> int:
    """Solve a family, print its report, return the exit code."""
    family = FAMILIES.get(name)
    if family is None:
        print(f"no benchmark named {name}; known: {', '.join(FAMILIES)}", file=sys.stderr)
        return _UNUSABLE
    fault = _refused(family, source, options)
    if fault:
        print(fault, file=sys.stderr)
        return _UNUSABLE
    try:
        report = family.run(source or Path(), out, options)
    except ReadError as error:
        print(error, file=sys.stderr)
        return _UNUSABLE
    except CommandError as error:
        print(error, file=sys.stderr)
        return _MISSED
    show_report(report)
    return 0 if report.passed else _MISSED


def _refused(family: Family, source: Path | None, options: Options) -> str:
    """Why a family cannot be run like this; empty where it can."""
    unknown = [problem for problem in options.problems if problem not in family.problems]
    if unknown:
        return f"{family.name} has no problem {', '.join(unknown)}{_problems(family)}"
    if family.invented:
        return ""
    if source is None or not source.exists():
        return f"{family.name} needs --from FOLDER" if source is None else f"{source}: not there"
    missing = family.missing(source)
    return f"{source}: without {', '.join(missing)}" if missing else ""


def _problems(family: Family) -> str:
    return f" ({', '.join(family.problems)})" if family.problems else ""


def show_report(report: Report) -> None:
    """Print tables, bars and faults."""
    for title, table in report.tables.items():
        show(title, table)
    for bar in report.bars:
        print(f"{'met   ' if bar.met else 'MISSED'} {bar.name}: {bar.value:.5g} (at most {bar.limit:g})")
    for fault in report.faults:
        print(f"FAULT  {fault}")


def show(title: str, table: pd.DataFrame) -> None:
    """Print a table under its title."""
    print(f"{title}\n{table.to_string(float_format=_figure)}\n")


def _figure(value: float) -> str:
    """Large values by their digits, small ones by four places behind the point."""
    return f"{value:.2f}" if abs(value) >= 100 else f"{value:.5f}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Benchmarks of the planner.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="the families that can be run, and their problems")
    one = commands.add_parser("run", help="solve a family and check what was solved")
    one.add_argument("name")
    one.add_argument(
        "--from", dest="source", type=Path, help="folder of the data, or one file; an invented family has none"
    )
    one.add_argument(
        "--out", type=Path, default=Path("results/benchmarks"), help="folder for everything that the run writes"
    )
    one.add_argument("--problem", action="append", default=[], help="a problem of the family; may be given again")
    one.add_argument("--only", default="*", help="pattern of names of instances, e.g. 'zya*'")
    one.add_argument(
        "--schools", type=int, nargs="+", default=[], help="numbers of schools, where a problem fixes them"
    )
    one.add_argument("--seconds", type=float, help="seconds of solving a row; without it what the family is held to")
    one.add_argument("--workers", type=int, default=1, help="rows solved at once; one alone has all cores")
    one.add_argument("--again", action="store_true", help="solve finished rows again")
    one.add_argument("--rivals", action="store_true", help="let other solvers solve the same rows in the same time")
    steps = commands.add_parser("phases", help="seconds of each step of a run")
    steps.add_argument("scenario", type=Path)
    steps.add_argument("--seconds", type=float, default=_PHASES_SECONDS, help="time limit of the solver")
    return parser


if __name__ == "__main__":
    sys.exit(main())
