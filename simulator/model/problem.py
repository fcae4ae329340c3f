"""The optimization problem as plain data: what a planner's rules become before any solver is named.

It is general on purpose. A public location benchmark is the case of one band, one phase, fixed seats.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from simulator.model.consolidation import Consolidation
from simulator.model.network import Block, Module, Phase, Requirement, Section, Site
from simulator.model.zoning import Zoning
from simulator.terms import Stage

__all__ = [
    "BOARDS",
    "SCHOOL_BUS",
    "Block",
    "FloatArray",
    "IntArray",
    "Module",
    "Phase",
    "Prices",
    "Problem",
    "Requirement",
    "Section",
    "Site",
]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

OWN_WAY, SCHOOL_BUS, BOARDS = range(3)
"""How the children of a pair come to school: codes of `Problem.mode`."""


@dataclass(frozen=True)
class Prices:
    """Prices of the generalized cost, in yuan (capital in 万元 × `annuity`).

    A `shortage` of inf allows none: neither shortage nor pupils above the standard.
    """

    minute: float
    """Yuan a year of a minute of a child's journey one way."""
    shortage: float
    over_standard: float
    moved: float
    annuity: float
    conversion_room_wan: float
    empty: float = 0.01
    """Children counted into the journey of a unit without any, so that it goes to a near school."""
    bus_seat: float = 0.0
    boarder: float = 0.0
    """Yuan a year of a child whom the plan brings by school bus, or who boards."""
    changed: float = 0.0
    """Yuan of a child whose catchment is not that of an earlier plan, once."""
    changed_decision_wan: float = 0.0
    """万元 a year of an opening, closure or size that is not that of an earlier plan."""


@dataclass(frozen=True)
class Problem:
    """Everything the optimizer may know.

    Parameters
    ----------
    units, years, phases, sections, sites, blocks
        The sets; positions in these tuples are the codes of the LP names.
    children
        Children of a block in a year, shape (blocks, years).
    pools
        Stage → children of the district by year, for stages under 全区统筹.
    pair_block, pair_section
        Pairs (block, section) that may be assigned, shape (pairs,).
    minutes
        Journey of a pair, one way, shape (pairs,).
    today
        Share of the block that the section serves today, shape (pairs,).
    lawful
        Within the hard travel limit, also by school bus or boarding, or today's, shape (pairs,).
    weights
        Weight of a year: discounted, sum 1, shape (years,).
    lead_new, lead_extension, overlap_years, closures_per_year
        Timing, years.
    base_year
        Year of phase 0.
    budget_wan
        万元 by phase, first the years before phase 1; None = no limit.
    requirements
        What is already decided.
    centres
        Townships that must keep a public kindergarten → positions of sections that count.
    least_use
        Share of a new school's seats to be used in the last year of a phase.
    unavoidable
        Yuan a year that no decision can change.
    constant
        The part of `unavoidable` that stands outside the declared objective (cost of every child wherever taught …).
    aside
        Band → section without a catchment → the share that it takes of every unit.
    prices
        Prices.
    rules
        Names of the rules in force.
    rezoning
        `entrants` (老生老办法) or `everybody`.
    entered
        Children of a block in a year by cohort (:func:`simulator.model.cohorts.cohort_codes`), shape (blocks,
        cohorts, years); zero for blocks that may choose. Without it everybody is re-zoned.
    edges
        Pairs of neighbouring units, shape (edges, 2).
    home
        Unit in which a section stands, −1 where unknown, shape (sections,).
    detached
        Pairs exempt from connection: detached today, or a unit without neighbours, shape (pairs,).
    away
        Sections exempt from holding their own unit: not in their catchment today, shape (sections,).
    mode
        How the children of a pair come to school: `OWN_WAY`, `SCHOOL_BUS` or `BOARDS`, shape (pairs,); empty where all
        come on their own.
    school_count
        Stage → least and most public sections that run in every phase.
    zoning
        What the zoning rules need to know.
    consolidation
        What the rules of closures need to know.
    earlier
        Name of a column → its value in an earlier plan that this one is to stay close to; None where there is none.
    """

    units: tuple[str, ...]
    years: tuple[int, ...]
    phases: tuple[Phase, ...]
    sections: tuple[Section, ...]
    sites: tuple[Site, ...]
    blocks: tuple[Block, ...]
    children: FloatArray
    pools: dict[Stage, FloatArray]
    pair_block: IntArray
    pair_section: IntArray
    minutes: FloatArray
    today: FloatArray
    lawful: npt.NDArray[np.bool_]
    weights: FloatArray
    lead_new: int
    lead_extension: int
    overlap_years: int
    closures_per_year: float
    base_year: int
    budget_wan: tuple[float, ...] | None
    requirements: tuple[Requirement, ...]
    centres: dict[str, tuple[int, ...]]
    least_use: float
    unavoidable: float
    constant: float
    aside: dict[str, dict[str, float]]
    prices: Prices
    rules: frozenset[str]
    rezoning: str = "everybody"
    entered: FloatArray = field(default_factory=lambda: np.zeros((0, 0, 0)))
    edges: IntArray = field(default_factory=lambda: np.zeros((0, 2), dtype=np.int64))
    home: IntArray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    detached: npt.NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=bool))
    away: npt.NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=bool))
    mode: IntArray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    school_count: Mapping[Stage, tuple[int, int]] = field(default_factory=dict)
    zoning: Zoning = field(default_factory=Zoning)
    consolidation: Consolidation = field(default_factory=Consolidation)
    earlier: Mapping[str, float] | None = None

    def with_fill(self, fill: Mapping[str, float]) -> Problem:
        """The same problem with another fill of the sections named by id."""
        sections = tuple(replace(s, fill=fill.get(s.section_id, s.fill)) for s in self.sections)
        return replace(self, sections=sections)

    def pairs_of_section(self, section: int) -> IntArray:
        """Positions of the pairs of a section."""
        return self._by_section[section]

    def pairs_of_block(self, block: int) -> IntArray:
        """Positions of the pairs of a block."""
        return self._by_block[block]

    @cached_property
    def whole_pairs(self) -> npt.NDArray[np.bool_]:
        """Whether the block of a pair goes to one school, shape (pairs,)."""
        return np.array([block.whole for block in self.blocks], dtype=bool)[self.pair_block]

    def most_children(self, section: int, phase: int) -> float:
        """Children × years of a phase who could go to a section at most."""
        return float(self._reach[section, phase])

    @cached_property
    def _by_section(self) -> tuple[IntArray, ...]:
        return tuple(np.flatnonzero(self.pair_section == code) for code in range(len(self.sections)))

    @cached_property
    def _by_block(self) -> tuple[IntArray, ...]:
        return tuple(np.flatnonzero(self.pair_block == code) for code in range(len(self.blocks)))

    @cached_property
    def _reach(self) -> FloatArray:
        """Children × years in reach of a section in a phase, shape (sections, phases)."""
        by_phase = np.stack([self.children[:, list(phase.years)].sum(axis=1) for phase in self.phases], axis=1)
        return np.array([by_phase[self.pair_block[pairs]].sum(axis=0) for pairs in self._by_section])

    def phase_children(self, phase: Phase) -> FloatArray:
        """Weighted children of every block in a phase, Σ weight × children, shape (blocks,)."""
        years = list(phase.years)
        return np.asarray(self.children[:, years] @ self.weights[years])

    def weight_from(self, phase: Phase) -> float:
        """Weight of all years from the start of a phase on: what an annuity that starts there costs."""
        return float(self.weights[phase.years[0] :].sum())

    def most_closures(self, phase: int) -> float:
        """Most closures at the start of a phase."""
        quota = self.consolidation.quota
        return quota[phase] if quota else self.closures_per_year * self.gap_between(phase)

    def gap_between(self, phase: int) -> int:
        """Years between the start of a phase and the start of the one before (phase −1 is the base year)."""
        before = self.base_year if phase == 0 else self.phases[phase - 1].first_year
        return self.phases[phase].first_year - before
