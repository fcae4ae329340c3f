"""Journeys from units to sites, and the limits they are held to."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from simulator.terms import Band

WAY_COLUMNS = ("band", "unit_id", "site_id", "way", "minutes")
"""Columns of `Access.ways`, in order."""


def no_ways() -> pd.DataFrame:
    """`Access.ways` where every child comes on its own."""
    return pd.DataFrame({name: pd.Series(dtype=float if name == "minutes" else str) for name in WAY_COLUMNS})


@dataclass(frozen=True)
class Access:
    """Journeys.

    Parameters
    ----------
    pairs
        unit_id, site_id, straight_km, km (along the network, or straight × detour), walk_min, transit_min (NaN = none),
        school_bus_min (NaN = none),
        ferry (bool), crosses_barrier (bool), minutes_young, mode_young (grades ≤ 6: barriers respected), minutes_older,
        mode_older (grades ≥ 7). Modes are `walk`, `bus`, `ferry`; minutes are one way; inf = no way.
        Every unit × every site.
    limits
        stage, grade_from, grade_to, area_kind, minutes, effect (`hard` or `advisory`): the scenario's limits, one row an area kind.
    basis
        `network` or `straight_line`: printed by every output.
    assumptions
        What was assumed, in the planner's words.
    ways
        band, unit_id, site_id, way (`school_bus` or `boards`), minutes one way: journeys beyond the hard limit that a bus or a
        bed of the plan makes lawful. Children of a catchment of today come as they do today, whatever this says.
    """

    pairs: pd.DataFrame
    limits: pd.DataFrame
    basis: str
    assumptions: tuple[str, ...]
    ways: pd.DataFrame = field(default_factory=no_ways)

    def limit_of(self, band: Band, area_kind: str, effect: str) -> float:
        """Strictest limit in minutes with that effect for a band in a kind of area; inf where there is none."""
        known = self._limits.get((str(band.stage), area_kind, effect), ())
        held = [minutes for first, last, minutes in known if first <= band.grade_to and last >= band.grade_from]
        return min(held, default=float("inf"))

    @cached_property
    def _limits(self) -> dict[tuple[str, str, str], list[tuple[int, int, float]]]:
        """First grade, last grade and minutes of every limit, by stage, kind of area and effect."""
        found: dict[tuple[str, str, str], list[tuple[int, int, float]]] = {}
        columns = ["stage", "area_kind", "effect", "grade_from", "grade_to", "minutes"]
        for stage, area_kind, effect, first, last, minutes in self.limits[columns].itertuples(index=False):
            found.setdefault((str(stage), str(area_kind), str(effect)), []).append((first, last, float(minutes)))
        return found


def minutes_column(band: Band) -> str:
    """Column of `pairs` with the minutes of a band: grades up to 6 respect barriers."""
    return "minutes_young" if band.grade_to <= 6 else "minutes_older"
