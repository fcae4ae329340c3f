"""Several rows at once, each in a process of its own."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any, TypeVar

Made = TypeVar("Made")


def at_once(make: Callable[..., Made], jobs: Sequence[tuple[Any, ...]], workers: int) -> Iterator[Made]:
    """What `make` gives for each job, in the order of the jobs.

    Parameters
    ----------
    make
        A function of a module.
    jobs
        Its arguments, one tuple a job.
    workers
        Jobs at a time. One alone runs in this process.
    """
    if workers <= 1 or len(jobs) <= 1:
        yield from (make(*job) for job in jobs)
        return
    with ProcessPoolExecutor(min(workers, len(jobs)), multiprocessing.get_context("spawn")) as pool:
        yield from pool.map(make, *zip(*jobs, strict=True))
