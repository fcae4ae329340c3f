"""How fast the projection is: one run beside a plain loop, and a thousand futures with noise of their own in every cell."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from benchmarks.projection_district import futures, invent
from benchmarks.projection_loop import loop
from benchmarks.register import Bar, Family, Options, Report, register
from simulator.projection.quantiles import bands_of, stage_totals

UNITS, YEARS, DRAWS = 1000, range(2025, 2046), 1000
ONE_RUN_S, DRAWS_S, MEMORY_GIB, TIMES_FASTER = 0.1, 6.0, 4.0, 100.0
_REPEATS = 30
_GIB_OF_KIB = 1024**2


def run_speed(_source: Path, out: Path, _options: Options) -> Report:
    """Time the engine on an invented district of 1,000 units; the times are written to `out` too.

    Parameters
    ----------
    out
        Folder for the table.
    options
        Of no matter here: all cores draw.
    """
    district = invent(UNITS, YEARS)
    one = min(_seconds(district.run) for _time in range(_REPEATS))
    told = district.plain()
    plain = min(_seconds(lambda: loop(told)) for _time in range(3))
    cores = os.cpu_count() or 1
    ensemble, places = futures(district, DRAWS)
    engine = _seconds(lambda: ensemble.each(lambda _draws, _position, _children: None, cores))
    began = time.perf_counter()
    totals = stage_totals(ensemble, places, cores)
    bands_of(totals, ensemble, places, cores)
    whole = time.perf_counter() - began
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _GIB_OF_KIB
    table = pd.DataFrame(
        {
            "value": {
                "one run, seconds": one,
                "the same as a plain loop, seconds": plain,
                f"{DRAWS} draws alone, seconds": engine,
                f"{DRAWS} draws with their bands, seconds": whole,
                "most memory, GiB": memory,
                "cores": float(cores),
            }
        }
    )
    out.mkdir(parents=True, exist_ok=True)
    table.to_csv(out / "projection_speed.csv")
    return Report(
        tables={f"{UNITS} units, {district.start.shape[1]} grades, {len(YEARS) - 1} years": table},
        bars=(
            Bar("one run, seconds", one, ONE_RUN_S),
            Bar("plain loop to engine: 100 runs of the engine ÷ one loop", TIMES_FASTER * one / plain, 1.0),
            Bar(f"{DRAWS} draws with their bands, seconds", whole, DRAWS_S),
            Bar("most memory, GiB", memory, MEMORY_GIB),
        ),
    )


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


register(
    Family(
        name="projection_speed",
        title="One run and 1,000 draws of an invented district of 1,000 units over 20 years",
        needs=(),
        run=run_speed,
        invented=True,
    )
)
