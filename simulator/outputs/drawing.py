"""Maps drawn by processes beside this one, while it writes the rest and then helps."""

from __future__ import annotations

import gc
import multiprocessing
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from simulator.language import use_language
from simulator.outputs.maps.catalogue import MapJob
from simulator.outputs.maps.draw import draw_map
from simulator.outputs.maps.view import MapView
from simulator.processes import main_hidden
from simulator.terms import System, current_system, use_system


@contextmanager
def drawing(
    view: MapView, jobs: list[MapJob], folder: Path, small: Path, workers: int
) -> Iterator[list[Callable[[], str]]]:
    """For each job a function that waits for its map, or draws it where nobody has begun; call them last job first.

    Parameters
    ----------
    view, jobs
        What is mapped, and which maps.
    folder, small
        Folders of the maps, and of their copies for documents.
    workers
        Processes that work, this one among them.

    Yields
    ------
    list
        Functions that return the characters that no face has.
    """
    if workers <= 1 or len(jobs) <= 1:
        yield [partial(draw_map, view, job, folder, small) for job in jobs]
        return
    # A fresh interpreter a worker: a fork would copy the solver's threads in an unknown state.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(workers - 1, len(jobs)), context, _begin) as pool:
        try:
            with main_hidden():
                futures = [pool.submit(_draw_in_worker, view, job, folder, small, current_system()) for job in jobs]
            yield [partial(_drawn, future, view, job, folder, small) for future, job in zip(futures, jobs, strict=True)]
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise


def _begin() -> None:
    """Interrupts are left to the parent; what is loaded stays, so that collecting finished pages is quick."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.freeze()


def _draw_in_worker(view: MapView, job: MapJob, folder: Path, small: Path, system: System) -> str:
    use_language(view.language)
    use_system(system)
    return draw_map(view, job, folder, small)


def _drawn(future: Future[str], view: MapView, job: MapJob, folder: Path, small: Path) -> str:
    """What a worker drew; where none has begun it, or workers cannot start or died, draw it here."""
    if future.cancel():
        return draw_map(view, job, folder, small)
    try:
        return future.result()
    except BrokenProcessPool:
        return draw_map(view, job, folder, small)
