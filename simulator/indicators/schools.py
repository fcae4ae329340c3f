"""Every section in every year: pupils, classes, seats."""

from __future__ import annotations

import pandas as pd

from simulator.indicators.network import MeasuredNetwork


def schools(measured: MeasuredNetwork) -> pd.DataFrame:
    """Pupils, classes, standard seats and class sizes of every section that runs.

    Returns
    -------
    pandas.DataFrame
        As `Indicators.schools`; utilization is pupils ÷ standard seats.
    """
    run = measured.sections.reset_index()
    return run.assign(
        network=measured.network,
        utilization=run["pupils"] / run["seats_standard"].where(run["seats_standard"] > 0),
        mean_class=run["pupils"] / run["classes"].where(run["classes"] > 0),
    )[
        [
            *("network", "year", "section_id", "pupils", "classes"),
            *("seats_standard", "utilization", "largest_class", "mean_class"),
        ]
    ]
