"""Where units go and what that costs: catchments that can be changed, and put back, unit by unit."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse as sp

from simulator.model.connection import Connection
from simulator.model.ledger import DEAR, FORBIDDEN, NOWHERE, Ledger, Mask, Network, homes
from simulator.model.members import Members
from simulator.model.problem import FloatArray, IntArray
from simulator.terms import Stage

# A move counts from this share of the cost of the plan on.
_GAIN = 1e-8

_STAGES = list(Stage)


class Placing:
    """A plan of catchments and its cost.

    Parameters
    ----------
    ledger, connection
        Facts of the problem.
    at
        What runs.
    path
        Section of each movable block in each phase, `NOWHERE` where it has none, shape (blocks, phases).
    static
        Pupils of all others, shape (sections, years).
    shares
        Share of its block that each pair has in each phase in the plan at hand: where blocks go that do not move, shape
        (pairs, phases).
    """

    def __init__(
        self,
        ledger: Ledger,
        connection: Connection,
        at: Network,
        path: IntArray,
        static: FloatArray,
        shares: FloatArray | None = None,
    ) -> None:
        self.ledger, self.at, self.path = ledger, at, path.copy()
        self._phases = range(ledger.phases)
        problem = ledger.problem
        self._asked = connection.asked
        units = len(problem.units)
        ones = np.ones(2 * len(problem.edges))
        both = np.concatenate([problem.edges, problem.edges[:, ::-1]]) if len(problem.edges) else np.zeros((0, 2), int)
        self._beside = sp.csr_matrix((ones, (both[:, 0], both[:, 1])), shape=(units, units))
        self._stage = np.array([_STAGES.index(s.stage) for s in problem.sections])
        stages = np.array([_STAGES.index(problem.blocks[b].stage) for b in ledger.blocks])
        self._block_stage = stages
        self._row_of = {
            (unit, stage): row
            for row, (units, stage) in enumerate(zip(ledger.units.tolist(), stages.tolist(), strict=True))
            for unit in units
        }
        movable: Mask = np.asarray((self.path >= 0).all(axis=1))
        self._movable = movable
        self._locked = self._locks()
        self._static = static
        self.pupils = static.copy()
        rows = np.flatnonzero(movable)
        self._sit(rows, self.path[rows], 1.0)
        sections, phases = np.indices((ledger.sections, ledger.phases)).reshape(2, -1)
        self._cells = ledger.seats_cost(sections, phases, self._by_phase(self.pupils, sections, phases), at).reshape(
            ledger.sections, ledger.phases
        )
        self.members = Members(ledger, connection.ground, self.path, shares)
        self._moves = [(first, last) for first in self._phases for last in self._phases if first <= last]
        self._i, self._s = np.nonzero(ledger.pair >= 0)
        self.may = ledger.able(at)
        self._able = self.may[self._i, self._s] & movable[self._i][:, None]
        self._roots = self._rooted()
        self._neighbours = self._beside_blocks()
        self._within: Mask | None = None

    @property
    def cost(self) -> float:
        """Cost of the plan, up to what units that do not move cost."""
        rows = np.flatnonzero(self._movable)
        return float(self._own(rows, self.path[rows])[0].sum() + self._cells.sum())

    def _by_phase(self, pupils: FloatArray, sections: IntArray, phases: IntArray) -> FloatArray:
        return np.asarray(pupils[sections[:, None], self.ledger.years[phases]])

    def _locks(self) -> Mask:
        """Blocks that hold the school of their own unit."""
        problem, ledger = self.ledger.problem, self.ledger
        locked = ledger.held.copy()
        if "catchment_holds_school" not in problem.rules or not len(problem.home):
            return locked
        there = homes(problem)
        for section, home in enumerate(problem.home.tolist()):
            away = len(problem.away) and problem.away[section]
            if home < 0 or away:
                continue
            for row in ledger.rows_in([home]).tolist():
                if self._block_stage[row] == self._stage[section]:
                    locked[row] |= np.isin(self.path[row], list(there.get(section, {section}))) & self.at.open[section]
        return locked

    def _sits(self, rows: IntArray, path: IntArray) -> tuple[IntArray, Mask]:
        """Section of each cohort in each phase, shape (n, cohorts, phases), and whether the path breaks a rule."""
        ledger, at, count = self.ledger, self.at, len(rows)
        found = np.full((count, ledger.phases + 1, ledger.phases), NOWHERE, dtype=np.int64)
        broken = np.zeros(count, dtype=bool)
        for cohort in range(ledger.phases + 1):
            here = ledger.today[rows] if cohort == 0 else path[:, cohort - 1]
            for phase in range(max(cohort - 1, 0), ledger.phases):
                shut = (here >= 0) & ~at.open[here, phase]
                if shut.any():
                    there = path[:, phase]
                    alive = ledger.alive[rows, cohort, phase]
                    broken |= shut & ~at.older[there, phase] & alive
                    here = np.where(shut, there, here)
                found[:, cohort, phase] = here
        before = np.concatenate([ledger.today[rows][:, None], path[:, :-1]], axis=1)
        shut = (before >= 0) & ~at.open[before, np.arange(ledger.phases)]
        if shut.any():
            broken |= (shut & ~at.older[path, np.arange(ledger.phases)]).any(axis=1)
        return found, broken

    def _own(self, rows: IntArray, path: IntArray) -> tuple[FloatArray, IntArray]:
        """Journeys and moves of blocks on some paths, and where their cohorts sit."""
        ledger = self.ledger
        sits, broken = self._sits(rows, path)
        cost = ledger.journeys(rows, sits)
        before = np.concatenate([ledger.today[rows][:, None], path[:, :-1]], axis=1)
        cost += (ledger.moving[rows] * ((before != path) & (before >= 0))).sum(axis=1)
        today = np.where(ledger.today[rows][:, None] >= 0, ledger.today[rows][:, None], sits[:, :1, 0])
        earlier = np.concatenate([np.repeat(today[:, :, None], sits.shape[1], axis=1), sits[:, :, :-1]], axis=2)
        for cohort in range(1, ledger.phases + 1):
            earlier[:, cohort, :cohort] = sits[:, cohort, :cohort]
        cost += (ledger.leaving[rows] * ((earlier != sits) & (earlier >= 0))).sum(axis=(1, 2))
        return cost + np.where(broken, FORBIDDEN, 0.0), sits

    def _sit(self, rows: IntArray, path: IntArray, sign: float) -> None:
        """Add the children of blocks to the pupils of the schools where they sit, or take them away."""
        ledger = self.ledger
        sits = self._sits(rows, path)[0][:, :, ledger.phase_of]
        known = sits >= 0
        years = np.broadcast_to(np.arange(sits.shape[2]), sits.shape)
        np.add.at(self.pupils, (sits[known], years[known]), sign * ledger.children[rows][known])

    def deltas(self, codes: IntArray, rows: IntArray, path: IntArray) -> FloatArray:
        """What compound moves cost more than the plan.

        Parameters
        ----------
        codes
            Number of the compound move that a change belongs to, ascending from 0, shape (n,).
        rows, path
            Block and its new path, shapes (n,), (n, phases).
        """
        ledger = self.ledger
        after, sits = self._own(rows, path)
        before, sat = self._own(rows, self.path[rows])
        count = int(codes[-1]) + 1 if len(codes) else 0
        total = np.bincount(codes, after - before, count)
        n, q, p = np.nonzero((sits != sat) & ledger.alive[rows])
        children = ledger.children[rows[n][:, None], q[:, None], ledger.years[p]]
        out, new = sat[n, q, p], sits[n, q, p]
        left, come = out >= 0, new >= 0
        keys = np.concatenate(
            [
                (codes[n[left]] * ledger.sections + out[left]) * ledger.phases + p[left],
                (codes[n[come]] * ledger.sections + new[come]) * ledger.phases + p[come],
            ]
        )
        if not len(keys):
            return np.asarray(total, dtype=float)
        change = np.concatenate([-children[left], children[come]])
        order = np.argsort(keys, kind="stable")
        keys, change = keys[order], change[order]
        first = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))
        change = np.add.reduceat(change, first, axis=0)
        phase = keys[first] % ledger.phases
        section = keys[first] // ledger.phases % ledger.sections
        code = keys[first] // (ledger.phases * ledger.sections)
        cost = ledger.seats_cost(section, phase, self._by_phase(self.pupils, section, phase) + change, self.at)
        return np.asarray(total + np.bincount(code, cost - self._cells[section, phase], count), dtype=float)

    def _beside_blocks(self) -> IntArray:
        """Neighbouring blocks of the same stage, filled up with −1, shape (blocks, most)."""
        ledger = self.ledger
        at = self._row_of
        lists = [
            sorted(
                {at[other, stage] for unit in units for other in self._beside[unit].indices if (other, stage) in at}
                - {row}
            )
            for row, (units, stage) in enumerate(zip(ledger.units.tolist(), self._block_stage.tolist(), strict=True))
        ]
        most = max((len(one) for one in lists), default=0)
        return np.array([[*one, *[-1] * (most - len(one))] for one in lists], dtype=np.int64).reshape(len(lists), most)

    def _touch(self) -> Mask:
        """Whether the catchments of two schools touch, shape (sections, sections)."""
        found = np.zeros((self.ledger.sections, self.ledger.sections), dtype=bool)
        rows, column = np.nonzero((self._neighbours >= 0) & self._movable[:, None])
        for phase in self._phases:
            one, two = self.path[rows, phase], self.path[self._neighbours[rows, column], phase]
            found[one[two >= 0], two[two >= 0]] = True
        return found | found.T

    def touching(self, schools: set[int], rings: int) -> set[int]:
        """Schools with those whose catchments touch theirs, ring by ring."""
        found = np.isin(np.arange(self.ledger.sections), sorted(schools))
        for _ring in range(rings):
            found |= found @ self._touch()
        return set(np.flatnonzero(found).tolist())

    def kept(self) -> tuple[Any, ...]:
        """The plan as it stands, for `restore`."""
        members = self.members.copied()
        held = (self.may, self._able, self._locked)
        return (self.at, self.path.copy(), self.pupils.copy(), self._cells.copy(), members, *held)

    def restore(self, kept: tuple[Any, ...]) -> None:
        """Go back to a plan."""
        self.at, self.path, self.pupils, self._cells, self.members, self.may, self._able, self._locked = kept

    def _network(self, at: Network) -> None:
        """Take another network."""
        ledger = self.ledger
        self.at = at
        self.may = ledger.able(at)
        self._able = self.may[self._i, self._s] & self._movable[self._i][:, None]
        sections, phases = np.indices((ledger.sections, ledger.phases)).reshape(2, -1)
        # where cohorts sit depends on what runs
        self.pupils = self._static.copy()
        rows = np.flatnonzero(self._movable)
        self._sit(rows, self.path[rows], 1.0)
        cells = ledger.seats_cost(sections, phases, self._by_phase(self.pupils, sections, phases), at)
        self._cells = cells.reshape(ledger.sections, ledger.phases)
        self._locked = self._locks()

    @property
    def connected(self) -> bool:
        """Whether all catchments are connected."""
        return all(self.members.connected(section) for section in range(self.ledger.sections))

    @property
    def apart(self) -> IntArray:
        """Blocks that lie apart from their catchment in some phase."""
        return self.members.apart(self.path)

    @property
    def broken(self) -> Mask:
        """Blocks of the stages in which one lies apart, or a school lacks seats that it must have."""
        short = np.flatnonzero((self._cells >= DEAR).any(axis=1))
        stages = np.concatenate([self._block_stage[self.apart], self._stage[short]])
        return np.isin(self._block_stage, stages)

    def _connected(self, rows: IntArray, path: IntArray) -> bool:
        """Whether no more units lie apart from their catchment after a compound move than before."""
        return not self._asked or self.members.hold(rows, self.path[rows], path)

    def apply(self, rows: IntArray, path: IntArray) -> None:
        """Move blocks to their new paths."""
        ledger = self.ledger
        self._sit(rows, self.path[rows], -1.0)
        self.members.move(rows, self.path[rows], path)
        old_path = self.path[rows].copy()
        self.path[rows] = path
        self._sit(rows, path, 1.0)
        sections = np.unique(np.concatenate([old_path.ravel(), path.ravel(), ledger.today[rows]]))
        sections = sections[sections >= 0]
        grid = np.repeat(sections, ledger.phases)
        phases = np.tile(np.arange(ledger.phases), len(sections))
        cost = ledger.seats_cost(grid, phases, self._by_phase(self.pupils, grid, phases), self.at)
        self._cells[grid, phases] = cost

    @property
    def _least(self) -> float:
        return float(_GAIN * abs(self._cells.sum()))

    def pressure(self) -> FloatArray:
        """Children beyond the seats in reach of the pupils of a school and of those beside it, shape (sections,)."""
        ledger = self.ledger
        seats = ledger.a_class[:, None] * self.at.rooms
        beyond = np.zeros(ledger.sections)
        for phase in self._phases:
            pupils = self.pupils[:, ledger.years[phase]]
            beyond += (np.maximum(pupils - seats[:, phase, None], 0) * ledger.weights[phase]).sum(axis=1)
        touch = self._touch().astype(float)
        return beyond + touch @ beyond + touch @ (touch @ beyond) / 4

    def _rooted(self) -> Mask:
        """Whether the block of a pair lies in the unit of the section, or beside it, shape (pairs,)."""
        problem = self.ledger.problem
        found = np.zeros(len(self._i), dtype=bool)
        for section, home in enumerate(problem.home.tolist()):
            if home >= 0:
                near = np.append(self._beside[home].indices, home)
                found |= (self._s == section) & np.isin(self.ledger.units[self._i], near).any(axis=1)
        return found
