"""Figures as documents hold and print them: whole children, fractions, 万元; nothing where there is no figure."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import SkipValidation

from simulator.outputs.edition import FewPeople, few
from simulator.outputs.findings import number

NOTHING = "—"
People = Annotated[int, SkipValidation]
"""A number of people as :func:`people` gives it; checked as it is, so that one held back stays so."""


def whole(value: Any) -> int:  # noqa: ANN401  a cell of a frame
    """A count; a missing one is none.

    >>> whole(2.6), whole(float("nan")), whole(None)
    (3, 0, 0)
    """
    return round(float(value)) if _is_there(value) else 0


def people(value: Any, *, public: bool = False) -> int:  # noqa: ANN401  a cell of a frame
    """A number of people, which the public edition holds back below five; what is held back already (NaN) stays so.

    >>> str(people(2.6)), str(people(2.6, public=True)), str(people(float("nan"))), people(0.0, public=True), people(None)
    ('3', '不足5', '不足5', 0, 0)
    """
    if value is not None and (value != value or (public and few(value))):
        return FewPeople()
    return whole(value)


def together(counts: Iterable[int]) -> int:
    """The sum of numbers of people; those that are held back do not add to it.

    >>> together([3, 4]), str(together([people(2.0, public=True), 0])), together([people(2.0, public=True), 9])
    (7, '不足5', 9)
    """
    numbers = list(counts)
    known = sum(number for number in numbers if not isinstance(number, FewPeople))
    return known or next((number for number in numbers if isinstance(number, FewPeople)), 0)


def share(value: Any) -> float | None:  # noqa: ANN401  a cell of a frame
    """A figure that may be missing.

    >>> share(0.25), share(float("nan"))
    (0.25, None)
    """
    return float(value) if _is_there(value) else None


def _is_there(value: Any) -> bool:  # noqa: ANN401  a cell of a frame
    return value is not None and math.isfinite(float(value))


def percent(value: float | None) -> str:
    """A share as percent with one decimal.

    >>> percent(0.1234), percent(None)
    ('12.3%', '—')
    """
    return NOTHING if value is None else f"{value:.1%}"


def tenth(value: float | None) -> str:
    """A figure with one decimal.

    >>> tenth(3.14), tenth(None)
    ('3.1', '—')
    """
    return NOTHING if value is None else f"{value:.1f}"


def figure(value: float | None, unit: str = "", share_unit: str = "") -> str:
    """A figure of any kind without needless digits; one whose unit is a share, as percent.

    >>> figure(4864.6667), figure(0.8154, "比例", "比例"), figure(None)
    ('4865', '81.5%', '—')
    """
    if value is None:
        return NOTHING
    if share_unit and unit == share_unit:
        return percent(value)
    return f"{value:.0f}" if abs(value) >= 1000 else number(round(value, 3))
