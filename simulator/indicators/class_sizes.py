"""班额: class sizes of a stage, both tails."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simulator.indicators.network import MeasuredNetwork
from simulator.standards import Standards

# The bins of the class-size table (班额结构表) that bureaus report.
_BINS = {"below_20": 20, "to_45": 46, "46_50": 51, "51_55": 56, "56_65": 66, "from_66": np.inf}


def class_sizes_by_stage(measured: MeasuredNetwork, standards: Standards) -> pd.DataFrame:
    """Classes by size, with the share of oversized ones (大班额) and the largest class.

    A size stands in the first bin whose upper end it stays below: 45 in `to_45`, 46 in `46_50`.

    Returns
    -------
    pandas.DataFrame
        As `Indicators.class_sizes`.
    """
    sizes = measured.sizes
    edges = [-np.inf, *_BINS.values()]
    names = pd.cut(sizes["size"], edges, right=False, labels=list(_BINS))
    binned = pd.crosstab([sizes["year"], sizes["stage"]], names).reindex(columns=list(_BINS), fill_value=0)
    line = standards.value("oversized.line")
    grouped = sizes.assign(oversized=sizes["size"] >= line).groupby(["year", "stage"])
    summary = grouped.agg(
        classes=("size", "count"),
        pupils=("size", "sum"),
        mean=("size", "mean"),
        oversized_share=("oversized", "mean"),
        largest=("size", "max"),
    )
    table = summary.join(binned.rename_axis(columns=None)).reset_index().assign(network=measured.network)
    return table[["network", "year", "stage", "classes", "pupils", "mean", *_BINS, "oversized_share", "largest"]]
