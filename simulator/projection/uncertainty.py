"""Many futures, a chunk at a time: nobody keeps all of them."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from simulator.projection.demand import FloatArray
from simulator.projection.draws import Around, Float32, drawn_course, started
from simulator.projection.progression import walk

# Children of a chunk by unit and cell: few enough to stay near the processor, enough to keep it busy.
_CHUNK = 250_000
Take = Callable[[slice, int, Float32], None]
"""(draws, position of the year, children of the shape (draws, units, cells)): what is done with a chunk's year."""


@dataclass(frozen=True)
class Ensemble:
    """Futures around a run: the same seed draws the same ones, whatever the number of workers.

    Parameters
    ----------
    around
        The run, and how far draws deviate from it.
    children
        Demand of the run, shape (units, cells, years).
    scale
        Factor on the distance of draws from the run by year, from the backtest, shape (years,).
    draws
        Number of futures.
    seed
        Seed of all of them.
    """

    around: Around
    children: FloatArray
    scale: FloatArray
    draws: int
    seed: int

    def each(self, take: Take, workers: int | None = None) -> None:
        """Hand every year after the base year of every chunk of draws to `take`, on several threads.

        Parameters
        ----------
        take
            Called from the threads; the array is its own, to read or to change.
        workers
            Threads; as many as processors where not given.
        """
        chunks = self._chunks()
        seeds = np.random.SeedSequence(self.seed).spawn(len(chunks))
        with ThreadPoolExecutor(workers or os.cpu_count() or 1) as pool:
            for done in pool.map(lambda chunk, seed: self._draw(chunk, seed, take), chunks, seeds):
                del done

    def _chunks(self) -> list[slice]:
        """Consecutive draws, the same chunks for every number of workers."""
        size = max(1, _CHUNK // max(1, self.children[..., 0].size))
        ends = [*range(0, self.draws, size), self.draws]
        return [slice(first, last) for first, last in pairwise(ends) if last > first]

    def _draw(self, chunk: slice, seed: np.random.SeedSequence, take: Take) -> None:
        count = chunk.stop - chunk.start
        generator = np.random.Generator(np.random.SFC64(seed))
        course = drawn_course(self.around, count, generator)
        years = walk(self.around.rates, started(self.around, count), self.around.given, course)
        for position, children in enumerate(years, start=1):
            take(chunk, position, self._scaled(children, position))

    def _scaled(self, children: npt.NDArray[np.floating], position: int) -> Float32:
        """Draws as far from the run as the backtest asks for.

        The mean stays; a small cell may fall below 0 where the factor is above 1, so whoever sums cells up bounds the sums.
        """
        scale = np.float32(self.scale[position])
        if scale == 1:
            return children.copy(order="K")
        run = np.ascontiguousarray(self.children[..., position].T, np.float32).T
        return np.asarray(run + scale * (children - run))
