"""The one place that decides which numbers of people are too small to be published."""

from __future__ import annotations

import re
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from simulator.language import translate as _

FEWEST_SHOWN = 5
"""Numbers of people below this, zero apart, are left out of the public edition."""

FloatArray = npt.NDArray[np.float64]

_SIDES = re.compile(r"_(plan|no_action|now|target|today|near|idle|p\d+|\d{4})$")
PEOPLE = frozenset({
    *("children", "pupils", "children_moved", "catchment_children", "expected", "register", "difference"),
    *("longer", "over_limit", "away", "outside", "within_radius", "boarders", "bus_seats", "own_way"),
    *("short", "over_standard", "shortage", "most_short", "migrants", "births", "residents", "permanent", "registered"),
    *("covered", "entrants", "leaving", "base", "peak", "beyond", "run", "p2_5", "p10", "p25", "p50", "p75", "p90", "p97_5"),
    *("posted", "unposted", "surplus", "teachers", "carers", "retired", "left", "moved", "recruited", "rotated", "to_weaker", "eligible", "backbone", "above_degree"),
})  # fmt: skip
"""Columns that count people; the year or the network at the end of a name is left aside."""
KEYS = frozenset({
    *("network", "variant", "kind", "scope", "phase", "year", "measure", "cause", "way", "flow", "level", "subject"),
    *("stage", "band", "grade", "age", "area_kind", "county", "township", "place"),
    *("unit_id", "section_id", "site_id", "to_section"),
})  # fmt: skip
"""Columns that say whom a row is about."""
_AGE = re.compile(r"age_\d+")


def few(count: float) -> bool:
    """Whether a number of people is too small to be published.

    >>> few(0.0), few(0.4), few(4.9), few(5.0), few(float("nan"))
    (False, True, True, False, False)
    """
    return 0 < abs(count) < FEWEST_SHOWN


def few_of(counts: pd.Series[float]) -> pd.Series[bool]:
    """Which of several numbers of people are too small to be published."""
    return (counts != 0) & (counts.abs() < FEWEST_SHOWN)


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
        column[second_hidden(column, codes)] = np.nan
    return shown


def second_hidden(shown: FloatArray, codes: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
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
    return base_column(column) in PEOPLE or bool(_AGE.fullmatch(column))


def base_column(column: str) -> str:
    """The column without the year or the network at the end of its name."""
    return column if column in PEOPLE else _SIDES.sub("", _SIDES.sub("", column))
