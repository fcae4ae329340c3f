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
    if frame.empty:
        return []
    flat = frame.reset_index()
    names = [str(name) for name in flat.columns]
    return [dict(zip(names, row, strict=True)) for row in zip(*(flat[name].tolist() for name in flat), strict=True)]
