"""Santa Rosa: real blocks, pupils and schools through the main command, and what the plan is worth."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from benchmarks.command import optimize
from benchmarks.register import Bar, Family, Options, Report, register
from benchmarks.santa_rosa_check import (
    Instance,
    against_published,
    by_school,
    compared,
    faults_of,
    least_mean_km,
    read_instance,
    read_plan,
)
from benchmarks.santa_rosa_district import BLOCKS, SCHOOLS, SHAPES, write_santa_rosa

MOST_MEAN_KM = 1.045
MOST_GAP = 0.005
SECONDS = 30.0


def run_santa_rosa(source: Path, out: Path, options: Options) -> Report:
    """Build the district, run the main command on it, and check the plan from the published files.

    Parameters
    ----------
    source
        Folder of the published files.
    out
        Folder for the district, the scenario and the result.
    options
        What is asked; only its seconds matter here.
    """
    scenario = write_santa_rosa(source, out)
    manifest = optimize(scenario, out / "result", options.seconds or SECONDS)
    return judge(read_plan(out / "result"), manifest, read_instance(source))


def judge(plan: pd.DataFrame, manifest: dict[str, Any], instance: Instance) -> Report:
    """The report of a plan.

    Parameters
    ----------
    plan
        block, school, share.
    manifest
        Of the result: `solver` and `wall_s` are used.
    instance
        The published problem.
    """
    faults = faults_of(plan, instance)
    if faults:
        return Report({}, (), faults)
    chosen = plan.set_index("block")["school"]
    zones = compared(chosen, instance)
    published, differences = against_published(zones)
    mean = zones["plan"]["mean straight km"]
    return Report(
        tables={
            "Zones": pd.DataFrame(zones),
            "Schools": by_school(chosen, instance),
            "Published figures": published,
            "Proof and time": _proof(mean, least_mean_km(instance), manifest),
        },
        bars=(
            Bar("mean straight km", mean, MOST_MEAN_KM),
            Bar("proven gap", float(manifest["solver"]["gap"]), MOST_GAP),
        ),
        faults=differences,
    )


def _proof(mean: float, least: float, manifest: dict[str, Any]) -> pd.DataFrame:
    solver, audit = manifest["solver"], manifest["audit"]
    rows = {
        "gap proven by the run": solver["gap"],
        "least mean km, blocks split (check)": least,
        "gap to it (check)": (mean - least) / mean,
        "solver seconds": solver["seconds"],
        "whole command seconds": manifest["wall_s"],
        "children without a seat": solver["shortage"],
        "rigid findings of the audit": audit["rigid"],
    }
    return pd.DataFrame({"value": rows}, dtype=float)


register(
    Family(
        name="santa_rosa",
        title="Santa Rosa City Schools 2025-26: 967 Census blocks, 7 schools, loads at most 1.1 x official",
        needs=(BLOCKS, SHAPES, SCHOOLS),
        run=run_santa_rosa,
    )
)
