"""Connected catchments: which plans have stray units, and the separator rows that forbid them.

A catchment is connected in the adjacency of units. Rows for all cuts cannot be listed, so only those are made that a
plan at hand violates: for a stray unit `a` and every set S of units that parts it from the section's own unit,
x_a ≤ Σ_S x (Oehrlein & Haunert 2017; Validi, Buchanan & Lykhovyd 2022).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from simulator.model.catchment import Catchment
from simulator.model.parts import Row
from simulator.model.problem import FloatArray, IntArray, Problem
from simulator.terms import Band, Stage

CONNECTED = "catchment_connected"
# Stray units of one piece that get a row each: the first ones by their number.
_ROWS_A_PIECE = 12


@dataclass(frozen=True)
class Cut:
    """Σ coefficient × assigned ≤ most, of one section in one phase: holds in every connected plan.

    Parameters
    ----------
    pairs, coefficients
        What stands on the left.
    most
        The right-hand side.
    """

    pairs: tuple[int, ...]
    coefficients: tuple[float, ...]
    most: float


class Ground:
    """The catchments of a problem that have to be connected.

    Parameters
    ----------
    problem
        The problem; there are no catchments where the rule is off.
    always
        List them nevertheless.
    """

    def __init__(self, problem: Problem, *, always: bool = False) -> None:
        asked = always or CONNECTED in problem.rules
        self.catchments: tuple[Catchment, ...] = tuple(_catchments(problem)) if asked else ()
        self._of_section: dict[int, list[int]] = {}
        for code, catchment in enumerate(self.catchments):
            self._of_section.setdefault(catchment.section, []).append(code)

    def stray_cuts(self, shares: FloatArray, sections: Iterable[int] | None = None) -> list[Cut]:
        """Rows that a plan violates; none where every catchment is connected.

        Parameters
        ----------
        shares
            Share of its block that each pair has in one phase, shape (pairs,).
        sections
            Sections to look at; all by default.
        """
        wanted = self._of_section if sections is None else sections
        return [
            cut
            for section in wanted
            for code in self._of_section.get(section, ())
            for cut in self._cuts(self.catchments[code], shares)
        ]

    def is_connected(self, shares: FloatArray) -> bool:
        """Whether every catchment of a phase is connected."""
        return not any(catchment.stray_of(shares) for catchment in self.catchments)

    def _cuts(self, catchment: Catchment, shares: FloatArray) -> Iterator[Cut]:
        members = catchment.members(shares)
        for piece in catchment.stray(members):
            root = catchment.root
            if root < 0:
                yield from _apart(catchment, members, piece)
                continue
            border = sorted(catchment.separator(piece, root) - {root})
            for unit in sorted(piece - catchment.exempt)[:_ROWS_A_PIECE]:
                pairs = (catchment.pairs[unit], *(catchment.pairs[other] for other in border))
                yield Cut(pairs, (1.0, *(-1.0 for _ in border)), 0.0)

    def near_cuts(self) -> Iterator[Cut]:
        """Rows that hold in every plan: a unit away from the school needs a neighbour in the same catchment."""
        for catchment in self.catchments:
            for unit in catchment.pairs if catchment.root >= 0 else ():
                near = catchment.neighbours.get(unit, ())
                if unit not in catchment.exempt and unit != catchment.root and catchment.root not in near:
                    yield _one_of(catchment, unit, near)

    def growing_cuts(self, shares: FloatArray, sections: Iterable[int]) -> Iterator[Cut]:
        """Rows that keep catchments connected while they grow and shrink around a plan, which keeps them too.

        A unit needs a neighbour that is fewer steps away from the school through the plan's own catchment, and beyond
        it from that catchment (after Zoltners & Sinha 1983, who count from the school alone).
        """
        for section in sections:
            for code in self._of_section.get(section, ()):
                catchment = self.catchments[code]
                levels = catchment.levels(catchment.members(shares))
                for unit in catchment.pairs:
                    near = catchment.neighbours.get(unit, ())
                    here = levels.get(unit, 0)
                    inward = [other for other in near if levels.get(other, here) < here]
                    if unit in catchment.exempt or catchment.root in (unit, *inward) or levels.get(unit) == 0:
                        continue
                    yield _one_of(catchment, unit, inward)


def _one_of(catchment: Catchment, unit: int, near: Sequence[int]) -> Cut:
    """A unit is assigned only with one of some others."""
    return Cut((catchment.pairs[unit], *(catchment.pairs[other] for other in near)), (1.0, *(-1.0 for _ in near)), 0.0)


def _apart(catchment: Catchment, members: set[int], piece: set[int]) -> Iterator[Cut]:
    """Rows of two units in different pieces of a catchment without a root: x_a + x_b − Σ_S x ≤ 1."""
    main = members - piece - catchment.exempt
    strays = sorted(piece - catchment.exempt)
    if not main or not strays:
        return
    other = min(main)
    border = sorted(catchment.separator(piece, other))
    for unit in strays[:_ROWS_A_PIECE]:
        codes = (unit, other, *border)
        yield Cut(tuple(catchment.pairs[code] for code in codes), (1.0, 1.0, *(-1.0 for _ in border)), 1.0)


def neighbours_of(problem: Problem) -> list[list[int]]:
    """Neighbouring units of every unit."""
    found: list[set[int]] = [set() for _ in problem.units]
    for one, other in problem.edges.tolist():
        found[one].add(other)
        found[other].add(one)
    return [sorted(units) for units in found]


def _catchments(problem: Problem) -> Iterator[Catchment]:
    near = neighbours_of(problem)
    seen: set[tuple[int, tuple[int, ...]]] = set()
    for section, own in enumerate(problem.sections):
        pairs = problem.pairs_of_section(section)
        pairs = pairs[problem.whole_pairs[pairs]]
        for grade in sorted({band.grade_from for pair in pairs.tolist() for band in _bands(problem, pair)}):
            units = {
                problem.blocks[int(problem.pair_block[pair])].unit: pair
                for pair in pairs.tolist()
                if any(band.grade_from == grade for band in _bands(problem, pair))
            }
            key = (section, tuple(units.values()))
            if key not in seen and own.stage is not Stage.SPECIAL:
                seen.add(key)
                yield _catchment(problem, section, units, near)


def _bands(problem: Problem, pair: int) -> tuple[Band, ...]:
    return problem.blocks[int(problem.pair_block[pair])].bands


def _catchment(problem: Problem, section: int, units: dict[int, int], near: list[list[int]]) -> Catchment:
    home = int(problem.home[section]) if len(problem.home) else -1
    away = bool(problem.away[section]) if len(problem.away) else False
    root = -1 if away else home
    known = units.keys() | ({root} if root >= 0 else set())
    exempt = {
        unit for unit, pair in units.items() if (len(problem.detached) and problem.detached[pair]) or not near[unit]
    }
    return Catchment(
        section=section,
        pairs=units,
        root=root,
        neighbours={unit: tuple(other for other in near[unit] if other in known) for unit in known},
        exempt=frozenset(exempt),
    )


def sharing(problem: Problem) -> dict[int, tuple[int, ...]]:
    """Section → other sections of its stage in the same unit, or in units that belong together with it."""
    together = problem.zoning.together if "units_together" in problem.rules else ()
    place = {unit: min(group) for group in together for unit in group}
    groups: dict[tuple[int, str], list[int]] = {}
    for section, home in enumerate(problem.home.tolist()):
        if home >= 0:
            groups.setdefault((place.get(home, home), problem.sections[section].stage), []).append(section)
    return {
        section: tuple(other for other in group if other != section) for group in groups.values() for section in group
    }


class Connection:
    """Connected catchments in the columns of a compiled model, phase by phase.

    Parameters
    ----------
    problem
        The problem.
    assigned
        Columns of the assignments, shape (pairs, phases).
    """

    def __init__(self, problem: Problem, assigned: IntArray) -> None:
        self.ground = Ground(problem)
        self._assigned = assigned
        self.phases = assigned.shape[1]

    @property
    def asked(self) -> bool:
        """Whether any catchment has to be connected."""
        return bool(self.ground.catchments)

    @cached_property
    def near_rows(self) -> list[Row]:
        """Rows that hold in every plan, in every phase: a unit needs a neighbour in the same catchment."""
        return self.rows(self.ground.near_cuts())

    def holds(self, values: FloatArray) -> bool:
        """Whether every catchment of a plan is connected."""
        return all(self.ground.is_connected(values[self._assigned[:, phase]]) for phase in range(self.phases))

    def violated(self, values: FloatArray, sections: Iterable[int] | None = None) -> list[Row]:
        """Rows that a plan breaks, each in every phase: what it breaks in one it would break in the next."""
        asked = None if sections is None else list(sections)
        cuts = {
            cut: None
            for phase in range(self.phases)
            for cut in self.ground.stray_cuts(values[self._assigned[:, phase]], asked)
        }
        return self.rows(cuts)

    def rows(self, cuts: Iterable[Cut]) -> list[Row]:
        """Cuts as rows, in every phase."""
        return [self._row(cut, phase) for cut in cuts for phase in range(self.phases)]

    def rows_in(self, cuts: Iterable[Cut], phase: int) -> list[Row]:
        """Cuts as rows in one phase."""
        return [self._row(cut, phase) for cut in cuts]

    def shares(self, values: FloatArray, phase: int) -> FloatArray:
        """Share of its block that each pair has in a phase, shape (pairs,)."""
        return np.asarray(values[self._assigned[:, phase]])

    def growing_rows(self, values: FloatArray, sections: Iterable[int]) -> list[Row]:
        """Rows that keep the catchments of some sections connected around a plan, in every phase."""
        asked = list(sections)
        return [
            self._row(cut, phase)
            for phase in range(self.phases)
            for cut in self.ground.growing_cuts(values[self._assigned[:, phase]], asked)
        ]

    def _row(self, cut: Cut, phase: int) -> Row:
        columns = tuple(int(column) for column in self._assigned[list(cut.pairs), phase])
        return Row(columns, cut.coefficients, cut.most)
