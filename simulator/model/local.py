"""Moves and swaps of whole units between neighbouring schools, on the cost of the plan, without a solver."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from simulator.model.ledger import FORBIDDEN, NOWHERE, Mask, Network
from simulator.model.placing import Placing
from simulator.model.problem import FloatArray, IntArray

# Of the moves between two schools in the same phases so many are tried in pairs.
_PAIRED = 6
# A network is worked out with pairs of moves where single ones bring it within this share of the plan's cost.
_PROMISING = 0.004
# Rings of schools that take in the units of a smaller or closed one.
_RINGS = 2
# Rounds in which units are brought to a school of their neighbours.
_JOINED = 8


class Local(Placing):
    """A plan that is improved by moving units; parameters as of :class:`Placing`."""

    def _near(self, codes: IntArray) -> Mask:
        """Whether the block of a pair touches the catchment of its section, shape (pairs, phases)."""
        beside = self._neighbours[self._i[codes]]
        there = np.where(beside[:, :, None] >= 0, self.path[beside], NOWHERE)
        return np.asarray(self._roots[codes][:, None] | (there == self._s[codes][:, None, None]).any(axis=1))

    def singles(self, dirty: Mask | None = None) -> tuple[IntArray, IntArray, IntArray, IntArray]:
        """Moves of one block to a neighbouring school in some phases: block, new path, target, window.

        Parameters
        ----------
        dirty
            Only moves to or from these schools, shape (sections,); all by default.
        """
        inside = np.ones(len(self._i), dtype=bool)
        if self._within is not None:
            inside = self._within[self._s] & np.asarray(self._within[self.path].any(axis=1))[self._i]
        if dirty is not None:
            inside &= dirty[self._s] | np.asarray(dirty[self.path].any(axis=1))[self._i]
        codes = np.flatnonzero(inside)
        able = (
            self._able[codes] & ~self._locked[self._i[codes]] & (self.path[self._i[codes]] != self._s[codes][:, None])
        )
        if self._asked:
            able = able & self._near(codes)
        found = []
        for number, (first, last) in enumerate(self._moves):
            here = codes[np.flatnonzero(able[:, first : last + 1].all(axis=1))]
            rows, target = self._i[here], self._s[here]
            path = self.path[rows].copy()
            path[:, first : last + 1] = target[:, None]
            found.append((rows, path, target, np.full(len(rows), number)))
        rows, path, target, window = (np.concatenate(parts) for parts in zip(*found, strict=True))
        return rows, path, target, window

    def descend(self, over: Callable[[], bool], *, paired: bool = True) -> None:
        """Move single units, then pairs of them, until nothing helps or it is over."""
        every = np.ones(self.ledger.sections, dtype=bool)
        dirty, unpaired = every, every.copy()
        while not over():
            moves = self.singles(dirty)
            gains = self.deltas(np.arange(len(moves[0])), moves[0], moves[1])
            order = np.flatnonzero(gains < -self._least)
            order = order[np.argsort(gains[order], kind="stable")]
            touched = self._take((moves[0][[code]], moves[1][[code]]) for code in order.tolist())
            if not touched and paired:
                touched = self._pairs_step(unpaired)
                unpaired = np.zeros_like(every)
            if not touched:
                return
            dirty = np.isin(np.arange(self.ledger.sections), sorted(touched))
            unpaired |= dirty

    def shake(self, over: Callable[[], bool], size: int, kicks: int, heat: float, random: np.random.Generator) -> bool:
        """Disturb a few schools near one another and mend them; kept where the plan is better for it."""
        touch = self._touch()
        running = np.flatnonzero(self.at.open.any(axis=1) & np.isin(np.arange(self.ledger.sections), self._s))
        here = np.zeros(self.ledger.sections, dtype=bool)
        here[random.choice(running)] = True
        while here.sum() < size:
            ring = np.flatnonzero((here @ touch) & ~here)
            if not len(ring):
                break
            here[random.choice(ring)] = True
        kept, cost = self.kept(), self.cost
        self._within = here
        for _kick in range(kicks):
            rows, path, _, _ = self.singles()
            if not len(rows):
                break
            gains = self.deltas(np.arange(len(rows)), rows, path)
            noisy = gains - heat * random.exponential(size=len(gains))
            for code in np.argsort(noisy)[:5].tolist():
                if gains[code] < FORBIDDEN / 2 and self._connected(rows[[code]], path[[code]]):
                    self.apply(rows[[code]], path[[code]])
                    break
        self.descend(over)
        self._within = None
        better = self.cost < cost - self._least
        if not better:
            self.restore(kept)
        return better

    def rebuilt(
        self, at: Network, sections: tuple[int, ...], worth: float, over: Callable[[], bool], *, paired: bool = True
    ) -> bool:
        """Take another network and mend the catchments around its change; kept where that is cheaper.

        Parameters
        ----------
        at
            The other network.
        sections
            Where it differs.
        worth
            What the change of the network itself costs more.
        over
            Whether to stop.
        paired
            Whether pairs of units are moved too.
        """
        kept, cost = self.kept(), self.cost
        near = self._about(sections)
        self.rebuild(at, sections)
        # What seats no longer hold has a longer way to go than what new ones draw.
        rings = 1 if (at.rooms >= kept[0].rooms).all() else _RINGS
        self._within = np.isin(np.arange(self.ledger.sections), sorted(self.touching(near, rings)))
        self.descend(over, paired=False)
        if paired and self.cost + worth < cost + _PROMISING * abs(cost):
            self.descend(over)
        self._within = None
        better = self.cost + worth < cost - self._least
        if better:
            better = all(self.members.connected(s) for s in self.touching(near, rings))
        if not better:
            self.restore(kept)
        return better

    def _about(self, sections: tuple[int, ...]) -> set[int]:
        """Some sections, and those that serve their own units and the units beside these."""
        rows = self.ledger.rows_in(self.ledger.problem.home[list(sections)].tolist())
        beside = self._neighbours[rows]
        rows = np.concatenate([rows, beside[beside >= 0]])
        return {*sections, *self.path[rows].ravel().tolist()} - {NOWHERE}

    def rebuild(self, at: Network, sections: tuple[int, ...]) -> None:
        """Take another network that differs in some sections: a school that opens takes its own unit."""
        ledger, problem = self.ledger, self.ledger.problem
        self._network(at)
        for section in sections:
            for row in ledger.rows_in([int(problem.home[section])]).tolist():
                if self._block_stage[row] != self._stage[section] or not self._movable[row]:
                    continue
                self.apply(np.array([row]), self._at_home(row, section)[None])
        self._locked = self._locks()

    def _at_home(self, row: int, section: int) -> IntArray:
        """Path of the unit in which a section stands: there while it runs, else with a neighbour."""
        ledger = self.ledger
        path: IntArray = self.path[row].copy()
        beside = [other for other in self._neighbours[row].tolist() if other >= 0]
        for phase in self._phases:
            if self.at.open[section, phase]:
                able = self.may[row, section, phase] and not self._locked[row, phase]
                path[phase] = section if able else path[phase]
            elif path[phase] == section and not ledger.problem.sections[section].existing:
                others = [int(self.path[other, phase]) for other in beside]
                others = [one for one in others if one not in (section, NOWHERE) and self.may[row, one, phase]]
                path[phase] = others[0] if others else section
        return path

    def join(self) -> None:
        """Send units that lie apart from their catchment to a school of their neighbours, round by round."""
        for _round in range(_JOINED):
            apart = list(self.members.strays())
            if not apart:
                return
            for unit, catchment, phase in apart:
                row = self._row_of.get((unit, int(self._stage[catchment.section])), -1)
                if row >= 0 and self._movable[row] and self.members.has(unit, catchment, phase):
                    self._sent_beside(row, phase)

    def _sent_beside(self, row: int, phase: int) -> None:
        """Send a block to the cheapest school of its neighbours in one phase."""
        beside = self._neighbours[row]
        schools = np.unique(self.path[beside[beside >= 0], phase])
        schools = schools[(schools >= 0) & (schools != self.path[row, phase])]
        schools = schools[self.may[row, schools, phase]]
        if not len(schools) or self._locked[row, phase]:
            return
        path = np.repeat(self.path[row][None], len(schools), axis=0)
        path[:, phase] = schools
        gains = self.deltas(np.arange(len(schools)), np.full(len(schools), row), path)
        self.apply(np.array([row]), path[[int(gains.argmin())]])

    def descend_within(self, schools: set[int], over: Callable[[], bool]) -> None:
        """Move single units between some schools until nothing helps."""
        self._within = np.isin(np.arange(self.ledger.sections), sorted(schools))
        self.descend(over, paired=False)
        self._within = None

    def _pairs_step(self, dirty: Mask) -> set[int]:
        moves = self.singles(dirty)
        gains = self.deltas(np.arange(len(moves[0])), moves[0], moves[1])
        one, two = self.paired(moves, gains)
        rows, path, _, _ = moves
        both = np.stack([one, two], axis=1).ravel()
        found = self.deltas(np.repeat(np.arange(len(one)), 2), rows[both], path[both])
        order = np.flatnonzero(found < -self._least)
        order = order[np.argsort(found[order], kind="stable")]
        return self._take((rows[[one[c], two[c]]], path[[one[c], two[c]]]) for c in order.tolist())

    def paired(
        self, moves: tuple[IntArray, IntArray, IntArray, IntArray], gains: FloatArray
    ) -> tuple[IntArray, IntArray]:
        """Pairs of moves in the same phases of which the second leaves the school that the first goes to."""
        rows, _, target, window = moves
        source = np.array(
            [self.path[row, self._moves[w][0]] for row, w in zip(rows.tolist(), window.tolist(), strict=True)]
        )
        keys = (source * self.ledger.sections + target) * len(self._moves) + window
        order = np.lexsort((gains, keys))
        keys = keys[order]
        start = np.concatenate([[True], keys[1:] != keys[:-1]])
        rank = np.arange(len(keys)) - np.flatnonzero(start)[np.cumsum(start) - 1]
        best = order[rank < _PAIRED]
        best = best[gains[best] < FORBIDDEN / 2]
        into: dict[tuple[int, int], list[int]] = {}
        for code in best.tolist():
            into.setdefault((int(source[code]), int(window[code])), []).append(code)
        one: list[int] = []
        two: list[int] = []
        for code in best.tolist():
            for other in into.get((int(target[code]), int(window[code])), ()):
                if rows[other] != rows[code] and (code < other or target[other] != source[code]):
                    one.append(code)
                    two.append(other)
        return np.array(one, dtype=np.int64), np.array(two, dtype=np.int64)

    def _take(self, moves: Iterator[tuple[IntArray, IntArray]]) -> set[int]:
        """Take moves, the best first, that have no school in common with one taken before; the schools touched."""
        touched: set[int] = set()
        for rows, path in moves:
            schools = {*path.ravel().tolist(), *self.path[rows].ravel().tolist()}
            if touched & schools or not self._connected(rows, path):
                continue
            touched |= schools
            self.apply(rows, path)
        return touched
