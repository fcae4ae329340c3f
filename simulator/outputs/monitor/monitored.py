"""What a monitoring found, as tables."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from simulator.indicators.figures import Indicators
from simulator.language import translate as _
from simulator.operation import Operation
from simulator.outputs.stored import StoredResult
from simulator.outputs.titles import stamped, unstamped
from simulator.terms import Network


@dataclass(frozen=True)
class Measured:
    """Figures of a network: those of its rows that bear the name `network`."""

    network: Network
    indicators: Indicators
    variation: pd.DataFrame
    operation: Operation
    findings: pd.DataFrame


@dataclass(frozen=True)
class Monitored:
    """A plan held against a later year.

    Parameters
    ----------
    stored, data, year
        The plan, the data, the year that they describe.
    invented
        Whether the district is invented.
    names
        Site id → name.
    works
        As :func:`simulator.outputs.monitor.works.promised_works`.
    by_year
        As :func:`simulator.outputs.monitor.works.works_by_year`.
    progress
        As :func:`simulator.outputs.monitor.progress.progress_table`.
    ledger
        As :func:`simulator.outputs.monitor.ledger.ledger`.
    comparison
        As :func:`simulator.updating.compared.forecast_against_actual`.
    """

    stored: StoredResult
    data: Path
    year: int
    invented: bool
    names: dict[str, str]
    works: pd.DataFrame
    by_year: pd.DataFrame
    progress: pd.DataFrame
    ledger: pd.DataFrame
    comparison: pd.DataFrame

    @property
    def title(self) -> str:
        """Title of every file, stamped where the district is invented."""
        district = unstamped(self.stored.district[1] or self.stored.district[0])
        words = _("{district}布局规划实施监测（{year}年）").format(district=district, year=self.year)
        return stamped(words, invented=self.invented)

    @property
    def base_year(self) -> int:
        """Base year of the plan."""
        return self.stored.scenario.horizon.base_year

    @property
    def target_year(self) -> int:
        """Target year of the plan."""
        return self.stored.scenario.horizon.target_year
