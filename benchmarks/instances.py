"""Location problems as published: what a file says, and what is asked of it. Nothing of the planner is imported."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
NOT_PUBLISHED = float("nan")


class ReadError(Exception):
    """A file does not have the format of its family."""


@dataclass(frozen=True)
class Instance:
    """One published instance.

    Parameters
    ----------
    name
        Name of the file without its ending, after the subfolders that it lies in.
    units, schools
        Names of the units (customers) and schools (facilities), as the file gives them or counted from 1.
    demand
        Shape (units,).
    capacity, fixed_cost
        Shape (schools,).
    cost
        Cost of serving all of a unit, shape (units, schools).
    home
        Position of the unit in which a school stands, −1 where unknown, shape (schools,).
    edges
        Pairs of neighbouring units, shape (edges, 2).
    """

    name: str
    units: tuple[str, ...]
    schools: tuple[str, ...]
    demand: FloatArray
    capacity: FloatArray
    fixed_cost: FloatArray
    cost: FloatArray
    home: IntArray
    edges: IntArray = field(default_factory=lambda: np.zeros((0, 2), dtype=np.int64))


@dataclass(frozen=True)
class Task:
    """What is asked of an instance: one row of the results.

    Parameters
    ----------
    problem
        Name of the problem.
    instance
        The data.
    schools
        Number of schools that run; None = free.
    whole
        Every unit goes to one school.
    connected
        The units of a school are connected.
    holds_school
        They contain the unit of the school.
    fixed
        All schools run.
    published
        Best published value; NaN where there is none.
    """

    problem: str
    instance: Instance
    schools: int | None = None
    whole: bool = True
    connected: bool = False
    holds_school: bool = False
    fixed: bool = False
    published: float = NOT_PUBLISHED

    @property
    def name(self) -> str:
        """`<problem>-<instance>[-K]`, also the name of its solution file."""
        return "-".join([self.problem, self.instance.name, *([str(self.schools)] if self.schools else [])])


def files_of(source: Path) -> Iterator[tuple[str, Path]]:
    """(name of the instance, file) of every file under a folder in the order of their names, or of one file alone."""
    if source.is_file():
        yield source.stem, source
        return
    for path in sorted(source.rglob("*"), key=_natural):
        if path.is_file():
            yield "_".join([*path.relative_to(source).parts[:-1], path.stem]), path


def _natural(path: Path) -> list[tuple[int, int, str]]:
    """Order in which `p2` comes before `p10`."""
    digits = "".join(sign if sign.isdigit() else f" {sign} " for sign in str(path)).split()
    return [(0, int(word), "") if word.isdigit() else (1, 0, word) for word in digits]


def text_of(path: Path) -> str:
    """Text of a file, without the NULs that some are padded with; bytes that are no UTF-8 are replaced."""
    return path.read_bytes().replace(b"\0", b"").decode("utf-8-sig", errors="replace")


def lines_of(path: Path) -> list[list[str]]:
    """Words of the lines that hold any."""
    return [words for line in text_of(path).splitlines() if (words := line.split())]


def numbers_of(path: Path) -> FloatArray | None:
    """All numbers of a file in their order; None where it holds anything else."""
    try:
        return np.array([float(word) for word in text_of(path).split()])
    except ValueError:
        return None


def table_of(path: Path) -> pd.DataFrame:
    """A table of a file: separated by tabs, commas or blanks, one line of heads."""
    head = next((line for line in text_of(path).splitlines() if line.strip()), "")
    separator = "\t" if "\t" in head else "," if "," in head else r"\s+"
    return pd.read_csv(path, sep=separator, encoding="utf-8-sig", encoding_errors="replace", skip_blank_lines=True)


def optima_of(path: Path) -> dict[str, float]:
    """Optimum by instance from the `optimum.csv` (or `capopt.txt`) beside a file; empty where there is none.

    The last word of a line is the value and the first one the name; lines without a value are heads.
    """
    found: dict[str, float] = {}
    for name in ("optimum.csv", "capopt.txt"):
        listed = path.parent / name
        for words in lines_of(listed) if listed.is_file() else ():
            values = " ".join(words).replace(",", " ").split()
            try:
                found[values[0]] = float(values[-1])
            except ValueError:
                continue
    return found
