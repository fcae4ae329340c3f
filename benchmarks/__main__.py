"""`python -m benchmarks list`, `run NAME --from FOLDER --out FOLDER`, `phases SCENARIO`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from benchmarks import FAMILIES, Report
from benchmarks.command import CommandError
from benchmarks.phases import measure_phases

SECONDS = 30.0
_MISSED, _UNUSABLE = 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; 0 where every bar is met, 1 where one is missed or nothing was solved, 2 where the input cannot be used."""
    given = _parser().parse_args(arguments)
    if given.command == "list":
        for family in FAMILIES.values():
            print(f"{family.name:<14} {family.title}")
        return 0
    if given.command == "phases":
        show("Seconds by step", measure_phases(given.scenario, given.seconds))
        return 0
    return run(given.name, given.source, given.out, given.seconds)


def run(name: str, source: Path, out: Path, seconds: float) -> int:
    """Solve a family, print its report, return the exit code."""
    family = FAMILIES.get(name)
    if family is None:
        print(f"no benchmark named {name}; known: {', '.join(FAMILIES)}", file=sys.stderr)
        return _UNUSABLE
    missing = family.missing(source)
    if missing:
        print(f"{source}: without {', '.join(missing)}", file=sys.stderr)
        return _UNUSABLE
    try:
        report = family.run(source, out, seconds)
    except CommandError as error:
        print(error, file=sys.stderr)
        return _MISSED
    show_report(report)
    return 0 if report.passed else _MISSED


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
    print(f"{title}\n{table.to_string(float_format=lambda value: f'{value:.4f}')}\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Benchmarks of the planner.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="the families that can be run")
    one = commands.add_parser("run", help="solve a family and check what was solved")
    one.add_argument("name")
    one.add_argument("--from", dest="source", type=Path, required=True, help="folder of the data")
    one.add_argument("--out", type=Path, required=True, help="folder for everything that the run writes")
    steps = commands.add_parser("phases", help="seconds of each step of a run")
    steps.add_argument("scenario", type=Path)
    for command in (one, steps):
        command.add_argument("--seconds", type=float, default=SECONDS, help="time limit of the solver")
    return parser


if __name__ == "__main__":
    sys.exit(main())
