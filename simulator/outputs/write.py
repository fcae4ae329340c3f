"""A run → its result folder, whole or not at all."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from simulator.language import translate as _
from simulator.language import use_language
from simulator.outputs.charts import draw_charts
from simulator.outputs.frontier_chart import draw_frontier_chart
from simulator.outputs.geopackage import write_geopackage
from simulator.outputs.handover import write_handover
from simulator.outputs.manifest import write_manifest
from simulator.outputs.maps.draw import MapJob, draw_map, map_jobs
from simulator.outputs.maps.view import MapView, map_view
from simulator.outputs.placing import placed
from simulator.outputs.rival_chart import draw_rival_chart
from simulator.outputs.stored_scenario import write_scenario
from simulator.outputs.summary import write_summary
from simulator.outputs.tables import result_tables, write_tables
from simulator.outputs.wave_chart import draw_wave_chart
from simulator.outputs.webpage import write_webpage
from simulator.outputs.word import write_documents
from simulator.outputs.workbook import write_workbook
from simulator.processes import main_hidden
from simulator.result import Result
from simulator.terms import System, current_system, use_system

Report = Callable[[str, int, int], None]
"""Told of progress: name of the step, steps done, steps in all."""


def write_result(
    result: Result,
    folder: Path,
    *,
    force: bool = False,
    workers: int = 1,
    report: Report = lambda _step, _done, _total: None,
) -> Path:
    """Write everything that a planner gets: tables, workbook, maps, charts, summary, manifest.

    Parameters
    ----------
    result
        A finished run.
    folder
        The result folder; an older result there is replaced at the very end.
    force
        Replace a result in which files were changed since its manifest.
    workers
        Processes that draw maps; the files are the same whatever their number.
    report
        Told of progress.

    Returns
    -------
    Path
        The folder, made absolute.

    Raises
    ------
    InputError
        The folder is no result of this program, was changed since its manifest, or cannot be written.
    """
    folder = Path(folder).absolute()
    with placed(folder, force=force) as fresh:
        for name in ("tables", "maps", "charts"):
            (fresh / name).mkdir()
        view = map_view(result)
        jobs = map_jobs(view, result.scenario.outputs.maps)
        told = _Steps(report, len(jobs) + 8)
        with _drawing(view, jobs, fresh / "maps", workers) as maps:
            told(_("数据表"))
            write_tables(result_tables(result), fresh / "tables")
            write_scenario(result, fresh / "scenario.toml")
            told(_("工作簿"))
            write_workbook(result, fresh / "plan.xlsx")
            told(_("图层"))
            write_geopackage(result, view, fresh / "plan.gpkg")
            if result.scenario.outputs.handover:
                write_handover(result, view, fresh / "handover")
            told(_("图表"))
            missing = draw_charts(result, fresh / "charts") + draw_frontier_chart(result, fresh / "charts")
            missing += draw_wave_chart(result, fresh / "charts") + draw_rival_chart(result, fresh / "charts")
            for job, drawn in zip(jobs, maps, strict=True):
                told(_("地图 {name}").format(name=job.stem))
                missing += drawn()
        told(_("文件"))
        write_documents(result, fresh)
        told(_("网页"))
        if result.scenario.outputs.webpage:
            write_webpage(result, view, fresh / "report.html")
        told(_("摘要"))
        write_summary(result, fresh / "summary.md")
        told(_("清单"))
        write_manifest(result, fresh, "".join(sorted(set(missing))))
    return folder


class _Steps:
    """Counts the steps that were begun."""

    def __init__(self, report: Report, total: int) -> None:
        self._report, self._total, self._begun = report, total, 0

    def __call__(self, step: str) -> None:
        self._report(step, self._begun, self._total)
        self._begun += 1


@contextmanager
def _drawing(view: MapView, jobs: list[MapJob], folder: Path, workers: int) -> Iterator[list[Callable[[], str]]]:
    """For each job a function that waits for its map; with one worker the function draws it."""
    if workers <= 1 or len(jobs) <= 1:
        yield [partial(draw_map, view, job, folder) for job in jobs]
        return
    # A fresh interpreter a worker: a fork would copy the solver's threads in an unknown state.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(workers, len(jobs)), context, _leave_interrupts_to_the_parent) as pool:
        try:
            with main_hidden():
                futures = [pool.submit(_draw_in_worker, view, job, folder, current_system()) for job in jobs]
            yield [partial(_drawn, future, view, job, folder) for future, job in zip(futures, jobs, strict=True)]
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise


def _leave_interrupts_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _draw_in_worker(view: MapView, job: MapJob, folder: Path, system: System) -> str:
    use_language(view.language)
    use_system(system)
    return draw_map(view, job, folder)


def _drawn(future: Future[str], view: MapView, job: MapJob, folder: Path) -> str:
    """What a worker drew; where workers cannot start or died, draw it here."""
    try:
        return future.result()
    except BrokenProcessPool:
        return draw_map(view, job, folder)
