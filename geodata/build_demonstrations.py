"""Builds the demonstration districts again, file for file: `python -m geodata.build_demonstrations [NAME …]`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from geodata.demonstrations import DEMONSTRATIONS, Demonstration
from simulator.inputs.synthetic import Tables, invent_city, invent_district, write_district

HERE = Path(__file__).parent


def build(folder: Path, names: Sequence[str] = ()) -> None:
    """Write the districts of some names, or all, under a folder."""
    for make in DEMONSTRATIONS:
        demonstration = make()
        if not names or demonstration.folder in names:
            write_district(tables_of(demonstration), folder / demonstration.folder, demonstration.card)


def tables_of(demonstration: Demonstration) -> Tables:
    """The tables of a demonstration: one county, or all those of a city."""
    single = len(demonstration.specs) == 1
    tables = invent_district(demonstration.spec) if single else invent_city(demonstration.specs)
    return {**tables, **demonstration.said}


if __name__ == "__main__":
    build(HERE, sys.argv[1:])
