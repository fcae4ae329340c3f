"""Rows of a frame, one dict each."""

from __future__ import annotations

from typing import Any

import pandas as pd


def records(table: pd.DataFrame | pd.Series[Any]) -> list[dict[str, Any]]:
    """Rows with the index among the columns; the values of a series stand under `value`.

    >>> records(pd.Series([3], index=pd.Index(["K1"], name="site_id")))
    [{'site_id': 'K1', 'value': 3}]
    """
    frame = table.rename("value").to_frame() if isinstance(table, pd.Series) else table
    return [{str(key): value for key, value in row.items()} for row in frame.reset_index().to_dict("records")]
