"""Journeys from units to sites, and the limits they are held to."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from simulator.terms import Band


@dataclass(frozen=True)
class Access:
    """Journeys.

    Parameters
    ----------
    pairs
        unit_id, site_id, straight_km, km (along the network, or straight × detour), walk_min, transit_min (NaN = none),
        ferry (bool), crosses_barrier (bool), minutes_young, mode_young (grades ≤ 6: barriers respected), minutes_older,
        mode_older (grades ≥ 7). Modes are `walk`, `bus`, `ferry`; minutes are one way; inf = no way.
        Every unit × every site.
    limits
        stage, grade_from, grade_to, area_kind, minutes, effect (`hard` or `advisory`): the scenario's limits, one row an area kind.
    basis
        `network` or `straight_line`: printed by every output.
    assumptions
        What was assumed, in the planner's words.
    """

    pairs: pd.DataFrame
    limits: pd.DataFrame
    basis: str
    assumptions: tuple[str, ...]

    def limit_of(self, band: Band, area_kind: str, effect: str) -> float:
        """Strictest limit in minutes with that effect for a band in a kind of area; inf where there is none."""
        limits = self.limits
        rows = limits[
            (limits["stage"] == band.stage)
            & (limits["area_kind"] == area_kind)
            & (limits["effect"] == effect)
            & (limits["grade_from"] <= band.grade_to)
            & (limits["grade_to"] >= band.grade_from)
        ]
        return float(rows["minutes"].min()) if len(rows) else float("inf")


def minutes_column(band: Band) -> str:
    """Column of `pairs` with the minutes of a band: grades up to 6 respect barriers."""
    return "minutes_young" if band.grade_to <= 6 else "minutes_older"
