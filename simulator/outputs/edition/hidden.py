"""Everything of a run that names a place which is not to be named, left out."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection
from typing import Any, TypeVar

import numpy as np
import pandas as pd

_IDS = ("site_id", "section_id", "parcel_id", "place_id", "school_id", "from_section", "to_section")
_PART = TypeVar("_PART")


def without_places(part: _PART, places: frozenset[str]) -> _PART:
    """A part of a run without the rows of some places, whichever table they stand in.

    Parameters
    ----------
    part
        A dataclass of tables, a table, or a collection of them; what holds no table stays as it is.
    places
        Ids of campuses, sections and plots.
    """
    kept: _PART = _without(part, places)
    return kept


def _without(part: Any, places: frozenset[str]) -> Any:  # noqa: ANN401  any part of a run
    if isinstance(part, pd.DataFrame):
        return _rows_without(part, places)
    if dataclasses.is_dataclass(part) and not isinstance(part, type):
        fields = {field.name: getattr(part, field.name) for field in dataclasses.fields(part) if field.init}
        changed = {name: _without(value, places) for name, value in fields.items()}
        changed = {name: value for name, value in changed.items() if value is not fields[name]}
        return dataclasses.replace(part, **changed) if changed else part
    return part


def _rows_without(table: pd.DataFrame, places: frozenset[str]) -> pd.DataFrame:
    gone = np.zeros(len(table), np.bool_)
    for name in (one for one in _IDS if one in table.columns):
        gone |= table[name].isin(places).to_numpy(np.bool_)
    if table.index.name in _IDS:
        gone |= table.index.isin(places)
    return table[~gone] if gone.any() else table


def without_words(sentences: tuple[str, ...], words: Collection[str]) -> tuple[str, ...]:
    """Sentences in which none of the words stands.

    >>> without_words(("东地块未定。", "西校两班。"), {"东地块"})
    ('西校两班。',)
    """
    return tuple(sentence for sentence in sentences if not any(word in sentence for word in words))
