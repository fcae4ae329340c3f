"""Sums by township, with the whole district beside them."""

from __future__ import annotations

import pandas as pd

from simulator.indicators.network import WHOLE_DISTRICT


def with_whole_district(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows, and each of them again under township "" (the whole district), ready to be grouped."""
    return pd.concat([rows, rows.assign(township=WHOLE_DISTRICT)], ignore_index=True)
