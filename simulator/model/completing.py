"""Plans as catchments of movable units, and back: completed by the solver, everything else at its best."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from simulator.model.designs import Designs
from simulator.model.incumbent import Incumbent
from simulator.model.lane import Lane, Shared
from simulator.model.ledger import NOWHERE, Ledger, Mask
from simulator.model.local import Local
from simulator.model.problem import FloatArray, IntArray
from simulator.model.solve import solve

# A decision is taken above this value.
_MOSTLY = 0.5
# Share of the time, and gap, for everything around the catchments.
_COMPLETED, _COMPLETED_GAP = 0.05, 0.0005


class Completing(Lane):
    """Reads and completes plans whose units move; parameters as of :class:`Lane`."""

    def __init__(self, shared: Shared, incumbent: Incumbent) -> None:
        super().__init__(shared, incumbent)
        self._refused = 0

    @cached_property
    def _ledger(self) -> Ledger:
        return Ledger(self._model, self._arrays.compiled, self._around.assigned)

    @cached_property
    def _zoned(self) -> Mask:
        """Columns of the stages whose units move."""
        problem = self._model.problem
        stages = dict.fromkeys(problem.blocks[code].stage for code in self._ledger.blocks.tolist())
        found = np.zeros(len(self._arrays.compiled.names), dtype=bool)
        for stage in stages:
            found |= self._around.stage_columns(stage)
        return found

    def _designs(self, values: FloatArray) -> Designs:
        ledger = self._ledger
        rows = (self._path(values) >= 0).all(axis=1) | (values[self._around.assigned] == 0).all()
        rows[[row for row, _section in ledger.parted]] = False
        moving = np.concatenate([ledger.blocks[rows], ledger.twins[rows]])
        return Designs(self._model, self._arrays.compiled, values, moving, self._around.assigned)

    def _local(self, designs: Designs, values: FloatArray, path: IntArray) -> Local:
        shares, ledger = values[self._around.assigned], self._ledger
        at = designs.network(values)
        # Who does not move and sat where nothing runs any more goes where the solver says.
        static = np.where(at.open[:, ledger.phase_of], self._static(values, path), 0.0)
        return Local(self._ledger, self._connection, at, path, static, shares)

    def _path(self, values: FloatArray, least: float = _MOSTLY) -> IntArray:
        """Section of each movable block in each phase of a plan: the one that has most of it, more than a share.

        Twins that go apart have none.
        """
        ledger = self._ledger
        shares = np.where((ledger.pair >= 0)[:, :, None], values[ledger.assigned[ledger.pair]], 0.0)
        twins = np.where((ledger.twin_pair >= 0)[:, :, None], values[ledger.assigned[ledger.twin_pair]], 0.0)
        shares = np.where((ledger.twins >= 0)[:, None, None], np.minimum(shares, twins), shares)
        return np.where(shares.max(axis=1) > least, shares.argmax(axis=1), NOWHERE)

    def _static(self, values: FloatArray, path: IntArray) -> FloatArray:
        """Pupils of those who do not move by block, shape (sections, years)."""
        problem, ledger = self._model.problem, self._ledger
        found = np.zeros((len(problem.sections), len(problem.years)))
        rows = (path >= 0).all(axis=1)
        moving = np.isin(np.arange(len(problem.blocks)), np.concatenate([ledger.blocks[rows], ledger.twins[rows]]))
        for phase, data in enumerate(problem.phases):
            years = list(data.years)
            for block in np.flatnonzero(~moving).tolist():
                for pair in problem.pairs_of_block(block).tolist():
                    found[problem.pair_section[pair], years] += self._pupils_of(values, pair, phase)[years]
        return found

    def _pupils_of(self, values: FloatArray, pair: int, phase: int) -> FloatArray:
        """Pupils of a pair by year in a plan, those of a phase being meant."""
        problem, v = self._model.problem, self._model.variables
        block = int(problem.pair_block[pair])
        if not v.cohorts.of_block(block):
            return np.asarray(values[self._around.assigned[pair, phase]] * problem.children[block])
        position, found = self._arrays.compiled.position, np.zeros(len(problem.years))
        planned = self._incumbent.values is not None
        for cohort in v.cohorts.present(block, phase):
            term, source = v.attends[pair, cohort, phase], v.cohorts.source(cohort)
            if isinstance(term, int | float):
                share = float(term)
            elif planned:
                share = float(values[position[term.name]])
            else:  # before there is a plan: as if no school closed
                share = float(problem.today[pair] if source is None else values[self._around.assigned[pair, source]])
            if share:
                found += share * problem.entered[block, cohort]
        return found

    def _complete(self, local: Local, values: FloatArray) -> bool:
        """Offer the plan with the catchments of a search and everything else at its best; whether it keeps all rules."""
        best, ledger = self._incumbent, self._ledger
        base, structure = values.copy(), self._arrays.compiled.structure
        rows = np.flatnonzero((local.path >= 0).all(axis=1))
        base[ledger.columns_from(rows)] = 0.0
        for phase in range(ledger.phases):
            base[ledger.columns_of(rows, local.path[rows, phase], phase)] = 1.0
        moving = ledger.columns_from(np.setdiff1d(rows, local.apart))
        free = np.ones(len(base), dtype=bool)
        free[self._shared.columns["open"]] = False
        if best.values is not None and (best.values[structure] == base[structure]).all():
            free &= self._zoned  # children who choose stay as in the best plan
            base[~self._zoned] = best.values[~self._zoned]
        tied = np.zeros_like(free)
        tied[self._around.assigned[self._model.problem.whole_pairs].ravel()] = True
        tied[moving] = False
        free[moving] = False
        allowed = False
        # Works, and units that do not move, as they are decided leave little to solve; others where these do not do.
        for held in (structure | tied, structure, tied) if best.values is not None else (structure, ~free):
            solved = self._completed(base, free & ~held, local, growing=bool((free & tied & ~held).any()))
            if solved is not None:
                allowed = self._arrays.keeps(solved) and self._connection.holds(solved)
                best.offer(solved)
            if allowed or best.over:
                break
        self._refused = 0 if allowed else self._refused + local.connected
        return allowed

    def _completed(self, base: FloatArray, free: Mask, local: Local, *, growing: bool) -> FloatArray | None:
        """The best values of some columns; of units among them, with catchments that grow and shrink around the plan."""
        sections = range(len(self._model.problem.sections)) if growing else ()
        rows = self._arrays.as_rows(self._connection.growing_rows(base, sections))
        part = self._arrays.part(base, free, rows)
        solved = solve(part.compiled, self.limits(_COMPLETED, _COMPLETED_GAP), None, None, self._incumbent.stopped)
        return self._arrays.compiled.rounded(part.whole(solved.values)) if len(solved.values) else None
