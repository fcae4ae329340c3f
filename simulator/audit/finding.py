"""A finding of the audit, and the audit's whole result."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from simulator.terms import Effect, FindingStatus, Network


@dataclass(frozen=True)
class Finding:
    """校核问题: a rule, a place, a year, a figure against a norm; the outputs word it.

    Parameters
    ----------
    rule
        Name in the register.
    network
        The network it is about.
    place_id, place
        Section, site, unit or township, by id and by name.
    year
        Year, or the first year of the phase.
    figure, norm
        The two numbers that disagree, in `unit`.
    effect
        Effect of the rule, lowered to advisory where certainty is C or D.
    status
        `new`, `inherited` (in the present state, not made worse) or `declared` (in the plan's own shortage).
    detail
        Further words for the place (unit → school, grade …), data only.
    """

    rule: str
    network: Network
    place_id: str
    place: str
    year: int
    figure: float
    norm: float
    unit: str
    effect: Effect
    status: FindingStatus
    detail: str = ""


@dataclass(frozen=True)
class Audit:
    """独立校核 of both networks: one row a finding, columns as the fields of :class:`Finding`."""

    findings: pd.DataFrame
    rules_checked: tuple[str, ...]

    def of(self, network: Network) -> pd.DataFrame:
        """Findings of one network."""
        return self.findings[self.findings["network"] == network]

    @property
    def rigid(self) -> int:
        """Findings that fail the plan: rigid, of the plan, neither inherited nor declared."""
        found = self.of(Network.PLAN)
        return int(((found["effect"] == Effect.RIGID) & (found["status"] == FindingStatus.NEW)).sum())
