"""The register of benchmark families: what can be run, what it needs, and what a run reports."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd


@dataclass(frozen=True)
class Bar:
    """A figure that a run is held to.

    Parameters
    ----------
    name
        What is measured, with its unit.
    value, limit
        The figure of the run, and the most that it may be.
    """

    name: str
    value: float
    limit: float

    @property
    def met(self) -> bool:
        """Whether the figure stays within its limit."""
        return self.value <= self.limit


@dataclass(frozen=True)
class Report:
    """What a run shows: tables to print, one after the other, and the bars.

    Parameters
    ----------
    tables
        Title → table; the index of a table holds the names of its rows.
    bars
        Figures with their limits.
    faults
        Whatever makes the solution invalid, one sentence each; empty for a valid one.
    """

    tables: dict[str, pd.DataFrame]
    bars: tuple[Bar, ...]
    faults: tuple[str, ...] = field(default=())

    @property
    def passed(self) -> bool:
        """Whether the solution is valid and every bar is met."""
        return not self.faults and all(bar.met for bar in self.bars)


@dataclass(frozen=True)
class Options:
    """What a run is asked for.

    Parameters
    ----------
    seconds
        Seconds of solving a row; None = what its family is held to.
    problems
        Problems of the family to run; empty = all.
    only
        Pattern of the names of instances, as of files: `zya*`.
    schools
        Numbers of schools, for problems that ask for one; empty = the published ones.
    workers
        Rows solved at once, each in a process of its own.
    again
        Run finished rows again.
    rivals
        Let other solvers solve the same rows in the same time.
    """

    seconds: float | None = None
    problems: tuple[str, ...] = ()
    only: str = "*"
    schools: tuple[int, ...] = ()
    workers: int = 1
    again: bool = False
    rivals: bool = False


Runner = Callable[[Path, Path, Options], Report]
"""(folder of the data, folder for the output, what is asked) → report."""


@dataclass(frozen=True)
class Family:
    """A family of benchmark problems.

    Parameters
    ----------
    name
        What `run` is given.
    title
        One line for `list`.
    needs
        Files that the folder of `--from` must hold.
    run
        Solves the family and checks what it solved.
    problems
        Names of its problems, where it has several.
    invented
        Whether it makes its data itself, so that there is no `--from`.
    """

    name: str
    title: str
    needs: tuple[str, ...]
    run: Runner
    problems: tuple[str, ...] = ()
    invented: bool = False

    def missing(self, source: Path) -> tuple[str, ...]:
        """Files that a folder lacks."""
        return tuple(name for name in self.needs if not (source / name).is_file())


FAMILIES: dict[str, Family] = {}


def register(family: Family) -> Family:
    """Add a family; two families of one name are refused."""
    if family.name in FAMILIES:
        message = f"benchmark family {family.name} is registered twice"
        raise ValueError(message)
    FAMILIES[family.name] = family
    return family
