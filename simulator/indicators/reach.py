"""就近补点: the figures of how rural children come within the radius of a kindergarten, as frames."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

PLACE_COLUMNS = [
    *("order", "place_id", "kind", "name", "township", "x", "y", "units", "unit_ids", "children", "classes", "seats"),
    *("capital_wan", "running_wan", "yuan_each", "covered", "share"),
]
TOTAL_COLUMNS = [
    *("year", "radius_m", "children", "within", "share", "beyond", "places", "classes", "capital_wan", "running_wan"),
    "gap",
]
CAMPUS, VILLAGE = "campus", "village"
"""Where a kindergarten opens: in free rooms of a campus that stands, or newly built in a village."""


def _empty(columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame(columns=columns)


@dataclass(frozen=True)
class Reach:
    """就近补点: the cheapest further kindergartens that bring every rural child within the radius.

    Parameters
    ----------
    places
        :data:`PLACE_COLUMNS`, cheapest a child first: where, how many units and children of them come within reach only by it,
        classes, seats, 万元 to build and a year to run (posts and classes; pupils bring their own funds), yuan a year a child
        (with capital spread over its life), and rural children within the radius with it and all before
        (`covered`), and their share.
    total
        :data:`TOTAL_COLUMNS`, one row: rural children of the target year within the radius in the plan and beyond it, the
        sum of the places, and the gap of the choice (0 = proven cheapest).
    """

    places: pd.DataFrame = field(default_factory=lambda: _empty(PLACE_COLUMNS))
    total: pd.DataFrame = field(default_factory=lambda: _empty(TOTAL_COLUMNS))


NO_REACH = Reach()
"""Where there are no rural children, or no radius is set for them."""
