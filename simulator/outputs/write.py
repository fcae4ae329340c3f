"""A run → its result folder, whole or not at all."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from simulator.language import translate as _
from simulator.outputs.charts import draw_charts
from simulator.outputs.drawing import drawing
from simulator.outputs.edition.publish import published
from simulator.outputs.edition.tables import edition_tables
from simulator.outputs.frontier_chart import draw_frontier_chart
from simulator.outputs.geopackage import write_geopackage
from simulator.outputs.handover import write_handover
from simulator.outputs.manifest import write_manifest
from simulator.outputs.maps import map_jobs, map_view, undrawn_words
from simulator.outputs.placing import placed
from simulator.outputs.rival_chart import draw_rival_chart
from simulator.outputs.stored_scenario import write_scenario
from simulator.outputs.summary import write_summary
from simulator.outputs.tables import result_tables, write_tables
from simulator.outputs.wave_chart import draw_wave_chart
from simulator.outputs.webpage import write_webpage
from simulator.outputs.word import write_documents
from simulator.outputs.workbook import write_workbook
from simulator.result import Result

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
    folder, result = Path(folder).absolute(), published(result)
    with placed(folder, force=force) as fresh, tempfile.TemporaryDirectory() as scratch:
        small = Path(scratch)
        for name in ("tables", "maps", "charts"):
            (fresh / name).mkdir()
        view = map_view(result)
        jobs, undrawn = map_jobs(result, view)
        told = _Steps(report, len(jobs) + 8)
        with drawing(view, jobs, fresh / "maps", small, workers) as maps:
            told(_("数据表"))
            write_tables(edition_tables(result, result_tables(result)), fresh / "tables")
            write_scenario(result, fresh / "scenario.toml")
            told(_("工作簿"))
            sheets = write_workbook(result, fresh / "plan.xlsx")
            told(_("图层"))
            write_geopackage(result, view, fresh / "plan.gpkg")
            if result.scenario.outputs.handover:
                write_handover(result, view, fresh / "handover")
            told(_("图表"))
            missing = draw_charts(result, fresh / "charts") + draw_frontier_chart(result, fresh / "charts")
            missing += draw_wave_chart(result, fresh / "charts") + draw_rival_chart(result, fresh / "charts")
            told(_("网页"))
            if result.scenario.outputs.webpage:
                write_webpage(result, view, fresh / "report.html")
            told(_("摘要"))
            write_summary(result, fresh / "summary.md", undrawn_words(undrawn))
            for job, drawn in reversed(list(zip(jobs, maps, strict=True))):
                told(_("地图 {name}").format(name=job.stem))
                missing += drawn()
        told(_("文件"))
        write_documents(result, fresh, sheets, small)
        told(_("清单"))
        write_manifest(result, fresh, "".join(sorted(set(missing))), undrawn_words(undrawn))
    return folder


class _Steps:
    """Counts the steps that were begun."""

    def __init__(self, report: Report, total: int) -> None:
        self._report, self._total, self._begun = report, total, 0

    def __call__(self, step: str) -> None:
        self._report(step, self._begun, self._total)
        self._begun += 1
