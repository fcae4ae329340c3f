"""Cohorts: who keeps the school that they entered (老生老办法), and where they go when it closes.

The children of a whole-unit block form cohorts by the phase in which they entered the stage (0 = before phase 1).
A cohort sits at its school while that runs; when it has closed, at the school of the catchment then in force.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import numpy as np

from simulator.model.problem import FloatArray, Problem

# Children below this are no cohort, only rounding.
NOBODY = 1e-9
# A unit whose share at schools that stay for certain is at least this needs no other place for its cohorts.
_ALL = 1 - 1e-6


def cohort_codes(phases: int) -> tuple[tuple[int, int], ...]:
    """(phase of entering the stage, phase of coming into the band) of every cohort, 0 = before phase 1.

    >>> cohort_codes(1)
    ((0, 0), (0, 1), (1, 1))
    """
    return tuple((entered, came) for entered in range(phases + 1) for came in range(entered, phases + 1))


class Cohorts:
    """Which cohorts of a problem live when, and which of them have decisions of their own.

    A cohort is known by its position in :func:`cohort_codes`.

    Parameters
    ----------
    problem
        The problem; without `entered` there are no cohorts.
    """

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self.codes = cohort_codes(len(problem.phases))
        self._position = {code: number for number, code in enumerate(self.codes)}

    @property
    def any(self) -> bool:
        """Whether enrolled children keep their school."""
        return self._problem.rezoning == "entrants" and self._problem.entered.size > 0

    def of_block(self, block: int) -> bool:
        """Whether the children of a block form cohorts."""
        return self.any and self._problem.blocks[block].whole

    def entering(self, phase: int) -> int:
        """The cohort that enters the stage, and the band, in a phase (0-based)."""
        return self._position[phase + 1, phase + 1]

    def present(self, block: int, phase: int) -> list[int]:
        """Cohorts with children in a block in a phase."""
        return np.flatnonzero(self._by_phase[block, :, phase] > NOBODY).tolist()

    def weighted(self, block: int, cohort: int, phase: int) -> float:
        """Children of a cohort in a phase, weighted by the years' weights."""
        return float(self._weighted[block, cohort, phase])

    def living(self, block: int, cohort: int) -> range:
        """Phases (0-based) in which a cohort has children in the block, without a hole."""
        found = np.flatnonzero(self._by_phase[block, cohort] > NOBODY)
        return range(int(found[0]), int(found[-1]) + 1) if len(found) else range(0)

    def below(self, block: int) -> int | None:
        """The block of the same unit and stage that holds the grades just below, where bands are apart."""
        data = self._problem.blocks[block]
        return self._ending.get((data.unit, data.stage, data.bands[0].grade_from - 1))

    def below_cohort(self, cohort: int) -> int:
        """The same children while they are in the grades below."""
        entered, _ = self.codes[cohort]
        return self._position[entered, entered]

    def source(self, cohort: int) -> int | None:
        """Phase (0-based) whose catchment places a cohort that nothing has moved; None for those of today."""
        _, came = self.codes[cohort]
        return came - 1 if came else None

    @cached_property
    def settled(self) -> frozenset[int]:
        """Blocks whose cohorts can only stay: no school in reach may close, and today's are all in reach."""
        problem = self._problem
        closable = np.array([section.existing and section.can_close for section in problem.sections], dtype=bool)
        stays = np.array([section.existing and not section.can_close for section in problem.sections], dtype=bool)
        count = len(problem.blocks)
        shaky = np.bincount(problem.pair_block, weights=closable[problem.pair_section], minlength=count)
        kept = np.bincount(problem.pair_block, weights=problem.today * stays[problem.pair_section], minlength=count)
        return frozenset(
            code for code in range(count) if not shaky[code] and kept[code] >= _ALL and self.below(code) is None
        )

    def free(self) -> Iterator[tuple[int, int, int, int | None]]:
        """(block, cohort, phase, phase before) of cohorts whose place is a decision of its own.

        The phase before is −1 for today (phase 0) and None where the cohort comes into the block only now.
        """
        for block in range(len(self._problem.blocks)):
            if not self.of_block(block) or block in self.settled:
                continue
            for cohort, (_, came) in enumerate(self.codes):
                living = self.living(block, cohort)
                for phase in living:
                    if phase == came - 1 and self.below(block) is None:
                        continue  # new entrants sit where the catchment says
                    if phase > living.start:
                        yield block, cohort, phase, phase - 1
                    else:
                        yield block, cohort, phase, None if came else -1

    @cached_property
    def _ending(self) -> dict[tuple[int, str, int], int]:
        return {
            (block.unit, block.stage, block.bands[-1].grade_to): code
            for code, block in enumerate(self._problem.blocks)
            if block.whole
        }

    @cached_property
    def _by_phase(self) -> FloatArray:
        entered = self._problem.entered
        return np.stack([entered[:, :, list(phase.years)].sum(axis=2) for phase in self._problem.phases], axis=2)

    @cached_property
    def _weighted(self) -> FloatArray:
        problem = self._problem
        return np.stack(
            [problem.entered[:, :, list(phase.years)] @ problem.weights[list(phase.years)] for phase in problem.phases],
            axis=2,
        )
