"""Bands of the demand: what the draws leave behind."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from simulator.terms import Stage

QUANTILES = {"p2_5": 0.025, "p10": 0.1, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p90": 0.9, "p97_5": 0.975}
"""Column → quantile."""
UNIT, SECTION, TOWNSHIP, DISTRICT = "unit", "section", "township", "district"
COLUMNS = ["level", "place", "stage", "year", "run", "mean", *QUANTILES]


@dataclass(frozen=True)
class Bands:
    """Bands of the demand; none where nothing was drawn.

    Parameters
    ----------
    table
        level (`unit`, `section` under today's catchments, `township`, `district`), place (its id; empty for the
        district), stage, year, run (the medium variant), mean (of the draws), and the quantiles p2_5, p10, p25, p50,
        p75, p90, p97_5.
    draws, seed
        How many futures were drawn, and from which seed.
    """

    table: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=COLUMNS))
    draws: int = 0
    seed: int = 0

    def of(self, level: str, place: str = "", stage: Stage | None = None) -> pd.DataFrame:
        """The bands of one place (of one of its stages), by stage and year."""
        rows = self.table[(self.table["level"] == level) & (self.table["place"] == place)]
        return rows if stage is None else rows[rows["stage"] == stage.value]


NO_BANDS = Bands()
"""Where nothing was drawn."""
