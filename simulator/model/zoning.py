"""What zoning rules need to know beyond pairs and seats: groups, zones, feeders, entrants, limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
NO_LIMIT = float("inf")


@dataclass(frozen=True)
class Zoning:
    """Facts and limits of the zoning rules, by the positions of the problem; empty where a rule does not apply.

    Parameters
    ----------
    together
        Groups of units that belong together.
    zones
        Sections of a shared catchment (多校划片), first the one that stands for the zone: only it has pairs.
    feeders
        Sections that take whole catchments of schools below (对口).
    town
        Units in city and town, whose children the nearest share counts.
    entrants
        Children of the pair's unit in the entry grade of its section, shape (pairs, years).
    straight_km
        Straight distance of a pair, shape (pairs,).
    intake
        (section, year) → most entrants, tolerance included.
    nearest_share
        Least share of entrants in town zoned to the nearest running school; None = not asked.
    moved_share
        Most children whose catchment changes at the start of a phase, as a share of all; None = not asked.
    oversized_line, extreme_line
        Pupils from which a class is oversized (大班额), and extremely so (超大班额); inf = no limit.
    oversized_share
        Most oversized classes, as a share of a stage's.
    """

    together: tuple[tuple[int, ...], ...] = ()
    zones: tuple[tuple[int, ...], ...] = ()
    feeders: frozenset[int] = frozenset()
    town: frozenset[int] = frozenset()
    entrants: FloatArray = field(default_factory=lambda: np.zeros((0, 0)))
    straight_km: FloatArray = field(default_factory=lambda: np.zeros(0))
    intake: Mapping[tuple[int, int], float] = field(default_factory=dict)
    nearest_share: float | None = None
    moved_share: float | None = None
    oversized_line: float = NO_LIMIT
    extreme_line: float = NO_LIMIT
    oversized_share: float = 1.0

    def members(self, section: int) -> tuple[int, ...]:
        """Sections that admit together with the one that stands for them; the section alone outside zones."""
        return self._members.get(section, (section,))

    def stands_for(self, section: int) -> int:
        """The section that has the pairs: of a member of a zone, the one that stands for the zone."""
        return self._leads.get(section, section)

    @cached_property
    def shared(self) -> frozenset[int]:
        """Every section of a shared catchment."""
        return frozenset(self._leads)

    @cached_property
    def _members(self) -> dict[int, tuple[int, ...]]:
        return {zone[0]: zone for zone in self.zones}

    @cached_property
    def _leads(self) -> dict[int, int]:
        return {section: zone[0] for zone in self.zones for section in zone}
