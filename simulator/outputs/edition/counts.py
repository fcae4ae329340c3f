"""The one place that decides which numbers of people are too small to be published."""

from __future__ import annotations

import re
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.types import is_numeric_dtype

from simulator.language import translate as _

FEWEST_SHOWN = 5
"""Numbers of people below this, zero apart, are left out of the public edition."""

FloatArray = npt.NDArray[np.float64]

_SIDES = re.compile(r"_(plan|no_action|now|target|today|near|idle|p\d+|\d{4})$")
PEOPLE = frozenset({
    *("children", "pupils", "children_moved", "catchment_children", "expected", "register", "difference"),
    *("longer", "over_limit", "outside", "within_radius", "boarders", "bus_seats", "own_way"),
    *("short", "over_standard", "shortage", "most_short", "migrants", "births", "residents", "permanent", "registered"),
    *("entrants", "leaving", "base", "peak", "beyond", "run", "p2_5", "p10", "p25", "p50", "p75", "p90", "p97_5"),
    *("posted", "unposted", "teachers", "carers", "retired", "left", "moved", "recruited", "rotated", "eligible", "backbone", "above_degree"),
})  # fmt: skip
"""Columns that count people; the year or the network at the end of a name is left aside."""
BASES = frozenset({"children", "pupils"})
"""Columns from which others of a row are derived: where one is held back, so are those that would tell it."""
KEYS = frozenset({
    *("network", "variant", "kind", "scope", "phase", "year", "measure", "cause", "way", "flow", "level", "subject"),
    *("stage", "band", "grade", "age", "area_kind", "county", "township", "place"),
    *("unit_id", "section_id", "site_id", "to_section"),
})  # fmt: skip
"""Columns that say whom a row is about."""
_AGE = re.compile(r"age_\d+")
_SUMMED = ("unit_id", "section_id", "to_section", "grade", "age", "township", "band", "place")
_PLAIN = re.compile(r"(year|seats|classes|rooms|land|area|radius|capital|households|added|converted|x$|y$)")


def few(count: float) -> bool:
    """Whether a number of people is too small to be published.

    >>> few(0.0), few(0.4), few(4.9), few(5.0), few(float("nan"))
    (False, True, True, False, False)
    """
    return 0 < abs(count) < FEWEST_SHOWN


def people_words(count: float) -> str:
    """A number of people in a sentence; what is held back (NaN) says only that it is below five.

    >>> people_words(12.4), people_words(float("nan"))
    ('12', '不足5')
    """
    return f"{count:.0f}" if count == count else _("不足{count}").format(count=FEWEST_SHOWN)


def shown_words(count: float, *, internal: bool) -> str:
    """A number of people in a label of an edition.

    >>> shown_words(3.2, internal=True), shown_words(3.2, internal=False)
    ('3', '不足5')
    """
    return people_words(count if internal or not few(count) else float("nan"))


class FewPeople(int):
    """A number of people that is held back: more than none, and printed as below five.

    >>> f"{FewPeople()}", bool(FewPeople())
    ('不足5', True)
    """

    def __new__(cls) -> Self:
        """Two, where somebody compares: more than one, as far as grammar goes."""
        return super().__new__(cls, 2)

    def __str__(self) -> str:
        """What a reader sees."""
        return people_words(float("nan"))

    def __format__(self, _spec: str) -> str:
        """What a reader sees."""
        return str(self)


def shown_counts(counts: npt.NDArray[np.floating[Any]], groups: npt.NDArray[Any] | None = None) -> FloatArray:
    """Numbers of people as the public edition shows them: what is too small is NaN.

    Parameters
    ----------
    counts
        Numbers of people; the first axis runs over places.
    groups
        For each place the group whose total is published too. Where a single number of a group is held back, the
        smallest other one is as well, so that no total gives it away.

    Examples
    --------
    >>> shown_counts(np.array([3.0, 8.0, 6.0, 0.0]), np.array(["a", "a", "a", "a"]))
    array([nan,  8., nan,  0.])
    """
    size = np.abs(counts)
    shown = np.where((size > 0) & (size < FEWEST_SHOWN), np.nan, counts).astype(np.float64)
    if groups is None:
        return shown
    codes = pd.factorize(groups)[0]
    for column in shown.reshape(len(shown), -1).T if shown.size else ():
        column[_second(column, codes)] = np.nan
    return shown


def _second(shown: FloatArray, codes: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
    """Places of the smallest other number of every group in which a single one is held back."""
    if not np.isnan(shown).any():
        return np.empty(0, np.intp)
    missing = np.bincount(codes, weights=np.isnan(shown), minlength=codes.max(initial=-1) + 1)
    open_ = np.flatnonzero((missing[codes] == 1) & (np.nan_to_num(shown) > 0))
    order = open_[np.lexsort((open_, shown[open_]))]
    _groups, first = np.unique(codes[order], return_index=True)
    return np.asarray(order[first], np.intp)


def counts_people(column: str) -> bool:
    """Whether a column counts people.

    >>> counts_people("children_plan"), counts_people("shortage_2030"), counts_people("classes")
    (True, True, False)
    """
    return _base(column) in PEOPLE or bool(_AGE.fullmatch(column))


def _base(column: str) -> str:
    return column if column in PEOPLE else _SIDES.sub("", _SIDES.sub("", column))


def held_back(table: pd.DataFrame) -> pd.DataFrame:
    """A table as the public edition shows it: numbers of people below five are NaN, and what would tell them.

    Held back are, in this order: numbers below five; the smallest other number wherever a single one of a sum over
    places, grades or ages is held back; every figure of a row that is derived from a number held back.

    Parameters
    ----------
    table
        Any table; its columns are told by their names (:data:`PEOPLE`, :data:`KEYS`).
    """
    keys = [name for name in table.columns if name in KEYS]
    numbers = [str(name) for name in table.columns if name not in KEYS and is_numeric_dtype(table[name])]
    counted = [name for name in numbers if counts_people(name)]
    lines: list[npt.NDArray[np.intp]] | None = None
    shown, hidden = {}, np.zeros(len(table), np.bool_)
    for name in counted:
        before = table[name].to_numpy(np.float64, na_value=np.nan)
        after = shown_counts(before)
        if not _lost(before, after).any():
            continue
        lines = _lines(table, keys) if lines is None else lines
        shown[name] = _protected(before, after, lines)
        if _base(name) in BASES:
            hidden |= _lost(before, shown[name])
    if not shown:
        return table
    table = table.assign(**shown)
    return _without_derived(table, numbers, hidden) if hidden.any() else table


def _lost(before: FloatArray, after: FloatArray) -> npt.NDArray[np.bool_]:
    """What was a number and is held back."""
    return np.isnan(after) & ~np.isnan(before)


def _lines(table: pd.DataFrame, keys: list[str]) -> list[npt.NDArray[np.intp]]:
    """For every key over which sums are published somewhere: the number of each row's sum."""
    found: list[npt.NDArray[np.intp]] = []
    for name in (key for key in _SUMMED if key in keys):
        others = [table[key] for key in keys if key != name]
        codes = table.groupby(others, dropna=False, sort=False).ngroup() if others else pd.Series(0, index=table.index)
        found.append(np.asarray(codes, dtype=np.intp))
    return found


def _protected(before: FloatArray, after: FloatArray, lines: list[npt.NDArray[np.intp]]) -> FloatArray:
    """Hold back further numbers until no sum has a single one missing."""
    shown, unknown = np.where(np.isnan(before), 0.0, after), np.isnan(before)
    held = -1
    while held != (held := int(np.isnan(shown).sum())):
        for codes in lines:
            shown[_second(shown, codes)] = np.nan
    shown[unknown] = np.nan
    return shown


def _without_derived(table: pd.DataFrame, numbers: list[str], hidden: npt.NDArray[np.bool_]) -> pd.DataFrame:
    """The table without shares, means, other counts and class sizes in rows whose children are held back."""
    told = [name for name in numbers if counts_people(name) or not _PLAIN.match(name)]
    blank: dict[str, pd.Series] = {name: table[name].astype(np.float64).mask(hidden) for name in told}
    if "sizes" in table:
        blank["sizes"] = table["sizes"].mask(hidden, "")
    return table.assign(**blank)
