"""Tables as the public edition shows them: small numbers of people held back, and every number that would tell them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.types import is_numeric_dtype

from simulator.outputs.edition.counts import (
    KEYS,
    FloatArray,
    base_column,
    counts_people,
    few_of,
    second_hidden,
    shown_counts,
)

NO_TOWNS: Mapping[str, str] = MappingProxyType({})
# Columns from which others of a row are derived: where one is held back, so are those that would tell it.
_BASES = frozenset({"children", "pupils", "bus_seats", "boarders"})
# How many children sit in a class: as small a number as any other, though no sum runs over it.
_SIZES = frozenset({"mean", "largest", "mean_class", "largest_class"})
_SUMMED = ("unit_id", "section_id", "to_section", "grade", "age", "township", "band", "place")
_PLACED = frozenset({"unit_id", "section_id", "to_section"})
_PLAIN = re.compile(r"(year|seats|classes|rooms|land|area|radius|capital|households|added|converted|x$|y$)")
_ROWS = tuple(
    re.compile(columns)
    for columns in (
        r"residents|age_\d+",
        r"recruited|teachers_\d{4}",
        r"registered|migrants|residents|away",
        r"residents|register|beyond",
        r"expected|register|difference",
    )
)
"""Columns of a row of which one is the sum or the difference of the others."""


def held_back(table: pd.DataFrame, towns: Mapping[str, str] = NO_TOWNS) -> pd.DataFrame:
    """A table as the public edition shows it: numbers of people below five are NaN, and what would tell them.

    Held back are, in this order: numbers below five; the smallest other number wherever a single one of a sum is held
    back, whether the sum runs over places, grades or ages of a column or over columns of a row; every figure of a row
    that is derived from a number held back.

    Parameters
    ----------
    table
        Any table; its columns are told by their names (:data:`simulator.outputs.edition.counts.PEOPLE`,
        :data:`simulator.outputs.edition.counts.KEYS`).
    towns
        Unit or section → township, where totals of townships are published too.
    """
    keys = [name for name in table.columns if name in KEYS]
    numbers = [str(name) for name in table.columns if name not in KEYS and is_numeric_dtype(table[name])]
    before = {name: table[name].to_numpy(np.float64, na_value=np.nan) for name in numbers if counts_people(name)}
    shown = {name: shown_counts(counts) for name, counts in before.items()}
    table = _without_small_classes(table, numbers)
    if not any(_lost(before[name], shown[name]).any() for name in shown):
        return table
    _protect(before, shown, _lines(table, keys, towns))
    changed = {name: counts for name, counts in shown.items() if _lost(before[name], counts).any()}
    hidden = np.zeros(len(table), np.bool_)
    for name, counts in changed.items():
        if base_column(name) in _BASES:
            hidden |= _lost(before[name], counts)
    table = table.assign(**changed)
    return _without_derived(table, numbers, hidden) if hidden.any() else table


def _without_small_classes(table: pd.DataFrame, numbers: list[str]) -> pd.DataFrame:
    sizes = {name: table[name].astype(np.float64) for name in numbers if base_column(name) in _SIZES}
    small = {name: size.mask(few_of(size)) for name, size in sizes.items() if few_of(size).any()}
    return table.assign(**small) if small else table


def _lost(before: FloatArray, after: FloatArray) -> npt.NDArray[np.bool_]:
    """What was a number and is held back."""
    return np.isnan(after) & ~np.isnan(before)


def _lines(table: pd.DataFrame, keys: list[str], towns: Mapping[str, str]) -> list[npt.NDArray[np.intp]]:
    """For every key over which sums are published somewhere: the number of each row's sum."""
    found: list[npt.NDArray[np.intp]] = []
    for name in (key for key in _SUMMED if key in keys):
        others = [table[key] for key in keys if key != name]
        found.append(_groups(table, others))
        if towns and name in _PLACED:
            town = table[name].astype(str).map(towns).fillna("").rename("town")
            found.append(_groups(table, [*others, town]))
    return found


def _groups(table: pd.DataFrame, keys: list[pd.Series]) -> npt.NDArray[np.intp]:
    codes = table.groupby(keys, dropna=False, sort=False).ngroup() if keys else pd.Series(0, index=table.index)
    return np.asarray(codes, dtype=np.intp)


def _protect(before: dict[str, FloatArray], shown: dict[str, FloatArray], lines: list[npt.NDArray[np.intp]]) -> None:
    """Hold back further numbers of all columns until no sum, down or across, has a single one missing."""
    across = [[name for name in shown if columns.fullmatch(name)] for columns in _ROWS]
    across = [names for names in across if len(names) > 2]
    held = -1
    while held != (held := sum(int(np.isnan(counts).sum()) for counts in shown.values())):
        for name in shown:
            if _lost(before[name], shown[name]).any():
                shown[name] = _protected(before[name], shown[name], lines)
        for names in across:
            _protect_rows(before, shown, names)
        if not across:
            return


def _protected(before: FloatArray, after: FloatArray, lines: list[npt.NDArray[np.intp]]) -> FloatArray:
    """Hold back further numbers of a column until no sum has a single one missing."""
    shown, unknown = np.where(np.isnan(before), 0.0, after), np.isnan(before)
    held = -1
    while held != (held := int(np.isnan(shown).sum())):
        for codes in lines:
            shown[second_hidden(shown, codes)] = np.nan
    shown[unknown] = np.nan
    return shown


def _protect_rows(before: dict[str, FloatArray], shown: dict[str, FloatArray], names: list[str]) -> None:
    """Hold back the smallest other number of every row in which a single one of the columns is."""
    counts = np.column_stack([shown[name] for name in names])
    lost = np.column_stack([_lost(before[name], shown[name]) for name in names])
    others = np.where((counts != 0) & ~np.isnan(counts), np.abs(counts), np.inf)
    rows = np.flatnonzero((lost.sum(axis=1) == 1) & np.isfinite(others).any(axis=1))
    for row, column in zip(rows, others[rows].argmin(axis=1), strict=True):
        shown[names[column]][row] = np.nan


def _without_derived(table: pd.DataFrame, numbers: list[str], hidden: npt.NDArray[np.bool_]) -> pd.DataFrame:
    """The table without shares, means, other counts and class sizes in rows whose children are held back."""
    told = [name for name in numbers if counts_people(name) or not _PLAIN.match(name)]
    blank: dict[str, pd.Series] = {name: table[name].astype(np.float64).mask(hidden) for name in told}
    if "sizes" in table:
        blank["sizes"] = table["sizes"].mask(hidden, "")
    return table.assign(**blank)
