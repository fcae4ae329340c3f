"""The register of checks: one function a rule, under the rule's name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from simulator.audit.case import Case
from simulator.terms import Effect


@dataclass(frozen=True)
class Breach:
    """A place that fails a rule; :mod:`simulator.audit.audit` makes it a finding.

    Parameters
    ----------
    place_id, place, year, figure, norm, unit, detail
        As in :class:`simulator.audit.finding.Finding`.
    scope
        What of the place it is about (a band, a stage), so that like is compared with like in the present state.
    effect
        Effect where it is not the rule's own.
    declared
        Whether the plan's own tables state it as shortage.
    """

    place_id: str
    place: str
    year: int
    figure: float
    norm: float
    unit: str
    detail: str = ""
    scope: str = ""
    effect: Effect | None = None
    declared: bool = False

    @property
    def excess(self) -> float:
        """How far the figure is from its norm."""
        return abs(self.figure - self.norm)


Check = Callable[[Case], Iterator[Breach]]


@dataclass(frozen=True)
class RegisteredCheck:
    """A check.

    Parameters
    ----------
    function
        Yields what fails, of one network.
    plan_only
        About the plan alone: what was decided, which no present network can meet.
    inherits
        Whether the present state may excuse a breach; never so for tables that contradict one another.
    """

    function: Check
    plan_only: bool
    inherits: bool


CHECKS: dict[str, RegisteredCheck] = {}


def check(*, plan_only: bool = False, inherits: bool = True) -> Callable[[Check], Check]:
    """Register a check under its function's name, which is its rule's; two of one name are refused."""

    def add(function: Check) -> Check:
        name = function.__name__
        if name in CHECKS:
            message = f"check {name} is registered twice"
            raise ValueError(message)
        CHECKS[name] = RegisteredCheck(function, plan_only, inherits)
        return function

    return add
