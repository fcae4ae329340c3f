"""The projection by itself: children by stage and year, peaks, and its tables as files."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import pandas as pd

from simulator.indicators import Alerts
from simulator.language import translate as _
from simulator.outputs.manifest import Sources, input_hashes, sign_folder
from simulator.outputs.placing import placed
from simulator.outputs.tables import alert_tables, projection_tables, rival_table, write_tables
from simulator.outputs.titles import stage_order, stamped, variant_names
from simulator.projection.demand import Projection


class Projected(Sources, Protocol):
    """A scenario with its projection, optimized or not."""

    @property
    def projection(self) -> Projection:
        """The projection."""


def forecast_by_stage(projection: Projection) -> pd.DataFrame:
    """Children who ask for a seat in the district.

    Returns
    -------
    DataFrame
        stage, year, low, medium, high; stages from kindergarten up.
    """
    totals = projection_tables(projection)["projection"]
    wide = totals.pivot_table(index=["stage", "year"], columns="variant", values="children", aggfunc="sum")
    rows = wide.reset_index()[["stage", "year", *variant_names()]]
    rows = rows.assign(order=stage_order(rows["stage"])).sort_values(["order", "year"], kind="stable")
    return rows.drop(columns="order").reset_index(drop=True)


def forecast_peaks(projection: Projection) -> pd.DataFrame:
    """The first, the highest and the last year of every stage and variant.

    Returns
    -------
    DataFrame
        stage, variant, base (children of the base year), peak_year, peak, last_year, last.
    """
    keys = ["stage", "variant"]
    long = forecast_by_stage(projection).melt(["stage", "year"], var_name="variant", value_name="children")
    first, last = long["year"].min(), long["year"].max()
    highest = long.loc[long.groupby(keys, sort=False)["children"].idxmax()]
    parts = (
        long[long["year"] == first].rename(columns={"children": "base"}).drop(columns="year"),
        highest.rename(columns={"year": "peak_year", "children": "peak"}),
        long[long["year"] == last].rename(columns={"year": "last_year", "children": "last"}),
    )
    frame = parts[0].merge(parts[1], on=keys).merge(parts[2], on=keys)
    frame = frame.assign(order=stage_order(frame["stage"])).sort_values("order", kind="stable")
    columns = [*keys, "base", "peak_year", "peak", "last_year", "last"]
    return pd.DataFrame(frame[columns]).reset_index(drop=True)


def write_forecast(projected: Projected, alerts: Alerts, folder: Path, *, force: bool = False) -> Path:
    """Write the tables of a projection, whole or not at all, with a manifest.

    Parameters
    ----------
    projected
        A scenario with its projection.
    alerts
        Warnings and peaks of the present network.
    folder
        The folder; what stands there is replaced as by :func:`simulator.outputs.write_result`.
    force
        Replace a folder in which files were changed since its manifest.

    Returns
    -------
    Path
        The folder, made absolute.

    Raises
    ------
    InputError
        The folder holds something else, was changed since its manifest, or cannot be written.
    """
    folder = Path(folder).absolute()
    with placed(folder, force=force) as fresh:
        (fresh / "tables").mkdir()
        write_tables(projection_tables(projected.projection), fresh / "tables")
        assumptions = pd.DataFrame({"assumption": list(projected.projection.assumptions)}, dtype=str)
        write_tables(
            {**alert_tables(alerts), "rivals": rival_table(projected), "assumptions": assumptions}, fresh / "tables"
        )
        title = _("{title}：学龄人口预测").format(
            title=stamped(projected.scenario.title, invented=projected.district.invented)
        )
        inputs = input_hashes(projected)
        sign_folder(fresh, title, inputs)
    return folder
