"""A small invented county with teachers, prepared once for the tests of teachers and groups."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path

from simulator import planning
from simulator.indicators import Staff
from simulator.inputs.synthetic import DistrictCard, Faculty, invent_district, small_district, write_district
from simulator.operation import Operation
from simulator.prepared import Prepared
from simulator.run import prepare

SCENARIO = """\
title = "小样区〔演示〕"
[district]
folder = "small"
[horizon]
base_year = 2025
target_year = 2035
[uncertainty]
draws = 0
[teachers]
recruits_per_year = 3
leaving = { village = 0.05 }
"""


@cache
def county() -> tuple[Prepared, Operation]:
    """What a run prepares, and the present network's years."""
    spec = replace(small_district(3), faculty=Faculty(unposted=4, groups=("第一教育集团",), group_members=1))
    card = DistrictCard("小样区", "小样区〔演示〕", spec.crs, "虚构", {"default": 2025})
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_district(invent_district(spec), folder / "small", card)
        path = folder / "small.toml"
        path.write_text(SCENARIO, encoding="utf-8")
        prepared = prepare(path)
    return prepared, planning.present(prepared)[1]


@cache
def staff() -> Staff:
    """Its teachers; the plan is the present network, so that only teachers move."""
    prepared, present = county()
    return planning.staff(prepared, replace(present, network="plan"), present)
