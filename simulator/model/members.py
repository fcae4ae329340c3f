"""Which units belong to which catchment while they move, and whether catchments stay connected."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from simulator.model.catchment import Catchment
from simulator.model.connection import Ground
from simulator.model.ledger import Ledger
from simulator.model.problem import FloatArray, IntArray

# A unit belongs to the school that serves more than this share of it.
_MOSTLY = 0.5


class Members:
    """Units of every catchment in every phase.

    Parameters
    ----------
    ledger, ground
        Facts of the problem, its catchments.
    path
        Section of each movable block in each phase, negative where it has none, shape (blocks, phases).
    shares
        Share of its block that each pair has in each phase in the plan at hand: where blocks go that do not move, shape
        (pairs, phases); nobody else goes anywhere without it.
    """

    def __init__(self, ledger: Ledger, ground: Ground, path: IntArray, shares: FloatArray | None) -> None:
        self._ledger, self._phases = ledger, range(ledger.phases)
        self._of_pair: dict[int, list[Catchment]] = {}
        self._of_section: dict[int, list[Catchment]] = {}
        for catchment in ground.catchments:
            self._of_section.setdefault(catchment.section, []).append(catchment)
            for pair in catchment.pairs.values():
                self._of_pair.setdefault(pair, []).append(catchment)
        rows = np.flatnonzero((path >= 0).all(axis=1))
        self._units = self._those_who_stay(rows, shares)
        for row in rows.tolist():
            for phase in self._phases:
                for catchment in self._places(row, int(path[row, phase])):
                    self._units[id(catchment), phase].update(ledger.units[row].tolist())

    def copied(self) -> Members:
        """The same members, to go back to."""
        found = object.__new__(Members)
        found.__dict__.update(self.__dict__)
        found._units = {key: set(units) for key, units in self._units.items()}
        return found

    def _those_who_stay(self, rows: IntArray, shares: FloatArray | None) -> dict[tuple[int, int], set[int]]:
        """(catchment, phase) → units of the blocks that do not move."""
        ledger, found = self._ledger, {}
        moving = set(np.concatenate([ledger.pair[rows].ravel(), ledger.twin_pair[rows].ravel()]).tolist())
        for catchment in (one for listed in self._of_section.values() for one in listed):
            for phase in self._phases:
                found[id(catchment), phase] = {
                    unit
                    for unit, pair in (catchment.pairs.items() if shares is not None else ())
                    if pair not in moving and shares is not None and shares[pair, phase] > _MOSTLY
                }
        return found

    def _places(self, row: int, section: int) -> list[Catchment]:
        """Catchments to which a block, and its twin, belong at a section; none where they need not be connected."""
        found: dict[int, Catchment] = {}
        for pair in (int(self._ledger.pair[row, section]), int(self._ledger.twin_pair[row, section])):
            found |= {id(one): one for one in self._of_pair.get(pair, ())}
        return list(found.values())

    def has(self, unit: int, catchment: Catchment, phase: int) -> bool:
        """Whether a unit belongs to a catchment in a phase."""
        return unit in self._units[id(catchment), phase]

    def move(self, rows: IntArray, old: IntArray, new: IntArray) -> None:
        """Blocks go from old paths to new ones, shapes (n,), (n, phases), (n, phases)."""
        for row, left, come in zip(rows.tolist(), old.tolist(), new.tolist(), strict=True):
            units = self._ledger.units[row].tolist()
            for phase in self._phases:
                if left[phase] == come[phase]:
                    continue
                for catchment in self._places(row, left[phase]):
                    self._units[id(catchment), phase].difference_update(units)
                for catchment in self._places(row, come[phase]):
                    self._units[id(catchment), phase].update(units)

    def hold(self, rows: IntArray, old: IntArray, new: IntArray) -> bool:
        """Whether no more units lie apart from their catchment after a move of blocks than before."""
        for phase in self._phases:
            change: dict[int, tuple[Catchment, tuple[set[int], set[int]]]] = {}
            for row, left, come in zip(rows.tolist(), old[:, phase].tolist(), new[:, phase].tolist(), strict=True):
                if left == come:
                    continue
                for section, number in ((left, 0), (come, 1)):
                    for found in self._places(row, section):
                        units = change.setdefault(id(found), (found, (set(), set())))[1][number]
                        units.update(self._ledger.units[row].tolist())
            for key, (catchment, (out, joined)) in change.items():
                before = self._units[key, phase]
                apart = _apart(catchment, (before - out) | joined)
                if apart and apart > _apart(catchment, before):
                    return False
        return True

    def connected(self, section: int) -> bool:
        """Whether the catchments of a section are connected."""
        return all(
            not one.stray(self._units[id(one), phase])
            for one in self._of_section.get(section, ())
            for phase in self._phases
        )

    def strays(self) -> Iterator[tuple[int, Catchment, int]]:
        """Units that lie apart from their catchment in a phase."""
        for catchment in (one for listed in self._of_section.values() for one in listed):
            for phase in self._phases:
                for piece in catchment.stray(self._units[id(catchment), phase]):
                    for unit in sorted(piece):
                        yield unit, catchment, phase

    def apart(self, path: IntArray) -> IntArray:
        """Blocks on some paths that lie apart from their catchment in some phase."""
        found: set[int] = set()
        for unit, catchment, phase in self.strays():
            rows = self._ledger.rows_in([unit])
            found.update(rows[path[rows, phase] == catchment.section].tolist())
        return np.array(sorted(found), dtype=np.int64)


def _apart(catchment: Catchment, members: set[int]) -> int:
    """Units that lie apart from the main piece of a catchment."""
    return sum(len(piece) for piece in catchment.stray(members))
