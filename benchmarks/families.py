"""The published location families: what each reads, how long a row may take, and what it is held to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.instances import Task
from benchmarks.kong_files import read_cflsap, read_sap60
from benchmarks.location_files import read_cflp, read_cpmp, read_sscflp
from benchmarks.location_run import LocationFamily
from benchmarks.register import Bar, Family, Options, register

# Published optima are rounded to this share of themselves.
_EXACT = 1e-6
# Values below the best known by less than this are its rounding (gya is printed as whole numbers).
_BELOW = {"zya": 0.005, "gya": 0.5}
_LARGE_UNITS = 1_000
_SECONDS = {"SSCFLP": 300.0, "CFLSAP": 300.0, "SSCKFLP": 60.0, "CKFLSAP": 120.0}


def _sap_seconds(task: Task) -> float:
    return 120.0 if len(task.instance.units) > _LARGE_UNITS else 60.0


def _faulty(rows: pd.DataFrame, *, connected: bool = False) -> Bar:
    """Rows without a feasible (and connected) solution."""
    good = rows["feasible"].astype(bool)
    if connected:
        good &= rows["connected"].astype(str) == "True"
    return Bar(f"{_name(rows)}: rows not feasible{' and connected' * connected}", float((~good).sum()), 0)


def _ratios(rows: pd.DataFrame, mean: float, largest: float) -> tuple[Bar, ...]:
    known = rows["ratio"].dropna().to_numpy(float)
    if not len(known):
        return ()
    return (
        Bar(f"{_name(rows)}: mean ratio", float(known.mean()), mean),
        Bar(f"{_name(rows)}: largest ratio", float(known.max()), largest),
    )


def _longest(rows: pd.DataFrame, seconds: float) -> Bar:
    return Bar(f"{_name(rows)}: seconds of a row", float(rows["seconds"].max()), seconds)


def _name(rows: pd.DataFrame) -> str:
    return str(rows["problem"].iloc[0])


def exact_bars(rows: pd.DataFrame) -> tuple[Bar, ...]:
    """The optimum of every row in 60 s."""
    return (_faulty(rows), *_ratios(rows, _EXACT, _EXACT), _longest(rows, 60.0))


def sap60_bars(rows: pd.DataFrame) -> tuple[Bar, ...]:
    """Connected rows: mean at most 0.10 %, none above 0.4 % over the published value; 60 s, 120 s for the large ones."""
    bars: list[Bar] = []
    for problem, own in rows.groupby("problem", sort=False):
        connected = problem == "contiguous"
        bars.append(_faulty(own, connected=connected))
        bars += _ratios(own, 0.001, 0.004) if connected else _ratios(own, _EXACT, 0.001)
        large = own["instance"].str.startswith("gy2")
        for some, seconds in ((own[~large], 60.0), (own[large], 120.0)):
            bars += [_longest(some, seconds)] if len(some) else []
    return tuple(bars)


def cflsap_bars(rows: pd.DataFrame) -> tuple[Bar, ...]:
    """Every problem against its published values."""
    bars: list[Bar] = []
    for problem, own in rows.groupby("problem", sort=False):
        connected = "LSAP" in str(problem)
        bars.append(_faulty(own, connected=connected))
        if problem == "SSCFLP":
            bars += _ratios(own, 0.0003, 0.001)
        elif problem == "CFLSAP":
            bars += _records(own)
        else:
            largest = 0.002 if connected else 0.001
            bars += _ratios(own, largest, largest)
        bars.append(_longest(own, _SECONDS[str(problem)]))
    return tuple(bars)


def _records(rows: pd.DataFrame) -> tuple[Bar, ...]:
    """At or below the best known on nine rows of ten, and below it by more than its rounding on four."""
    known = rows[rows["published"].notna()]
    if known.empty:
        return ()
    rounding = known["instance"].str[:3].map(_BELOW).fillna(max(_BELOW.values()))
    over = known["objective"] - known["published"]
    valid = known["feasible"].astype(bool) & (known["connected"].astype(str) == "True")
    return (
        Bar("CFLSAP: rows above the best known", float((~valid | (over > rounding)).sum()), len(known) // 10),
        Bar("CFLSAP: rows not below it", float((~valid | (over >= -rounding)).sum()), np.floor(0.6 * len(known))),
    )


Reader = Callable[[Path], Iterator[Task]]


def _register(family: LocationFamily, title: str, problems: tuple[str, ...]) -> None:
    register(Family(family.name, title, (), family.run, problems))


def _plain(reader: Reader) -> Callable[[Path, Options], Iterator[Task]]:
    return lambda source, _options: reader(source)


_register(
    LocationFamily(
        "kong_cflsap",
        lambda source, options: read_cflsap(source, options.schools),
        lambda task: _SECONDS[task.problem],
        cflsap_bars,
    ),
    "school location with catchments, Kong 2021: 324 and 1,276 real units",
    tuple(_SECONDS),
)
_register(
    LocationFamily("kong_sap60", _plain(read_sap60), _sap_seconds, sap60_bars),
    "assignment to fixed schools, connected or not, Kong 2021: 297, 324 and 1,276 real units",
    ("contiguous", "noncontiguous"),
)
_register(
    LocationFamily("orlib_cflp", _plain(read_cflp), lambda _task: 60.0, exact_bars),
    "capacitated facility location, customers may be split, OR-Library",
    ("CFLP",),
)
_register(
    LocationFamily("sscflp", _plain(read_sscflp), lambda _task: 60.0, exact_bars),
    "single-source capacitated facility location, Holmberg; Diaz and Fernandez",
    ("SSCFLP",),
)
_register(
    LocationFamily("cpmp", _plain(read_cpmp), lambda _task: 60.0, exact_bars),
    "capacitated p-median, OR-Library pmedcap; Lorena SJC",
    ("CPMP",),
)
