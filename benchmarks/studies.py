"""Backtests of children that no school has counted yet: the country's entrants, the counties' ages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from benchmarks import counties, national
from benchmarks.register import Report


@dataclass(frozen=True)
class Study:
    """One set of public figures with its bars.

    Parameters
    ----------
    needs
        Files that the folder of `--from` must hold.
    run
        Folder → report.
    """

    needs: tuple[str, ...]
    run: Callable[[Path], Report]


STUDIES: dict[str, Study] = {
    "national": Study((national.FILE,), national.run_national),
    "counties": Study((counties.FILE_2010, counties.FILE_2020, counties.GRADE_1), counties.run_counties),
}
"""Name for `--only` → study."""


def find_studies(folder: Path, only: str) -> list[Study]:
    """The studies with a name like `only` whose files a folder holds."""
    return [
        study
        for name, study in STUDIES.items()
        if fnmatch(name, only) and all((folder / file).is_file() for file in study.needs)
    ]
