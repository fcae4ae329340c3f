"""The documents that a scenario asks for → Word files in the result folder."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from simulator.outputs.word.blocks import Paper
from simulator.outputs.word.brief import brief_paper
from simulator.outputs.word.collect import document_context
from simulator.outputs.word.context import Context
from simulator.outputs.word.livelihood import livelihood_paper
from simulator.outputs.word.notice import notice_paper
from simulator.outputs.word.pictures import small_pictures
from simulator.outputs.word.plan_paper import plan_paper
from simulator.outputs.word.school_sheets import school_sheets_paper
from simulator.outputs.word.self_assessment import self_assessment_paper
from simulator.outputs.word.warning import warning_paper
from simulator.outputs.word.work_points import work_points_paper
from simulator.outputs.word.writer import write_paper
from simulator.outputs.workbook.sheet import Sheet
from simulator.result import Result

PAPERS: dict[str, Callable[[Context], Paper]] = {
    "plan": plan_paper,
    "brief": brief_paper,
    "notice": notice_paper,
    "work_points": work_points_paper,
    "self_assessment": self_assessment_paper,
    "warning": warning_paper,
    "school_sheets": school_sheets_paper,
    "livelihood": livelihood_paper,
}
"""Every document by the name that `outputs.documents` uses."""
PLAN, FOLDER = "plan", "documents"


def write_documents(
    result: Result, folder: Path, sheets: Sequence[Sheet] | None = None, small: Path | None = None
) -> None:
    """Write the chosen documents and the planner's own template, filled from the same figures.

    Parameters
    ----------
    result
        A finished run.
    folder
        The result folder; maps and charts that stand in it become figures. `plan.docx` stands in it, the others in
        `documents`.
    sheets
        The workbook's sheets, where they were made already.
    small
        Folder of pictures that were made small when they were drawn.

    Raises
    ------
    InputError
        The template has faults: every one of them with its place.
    """
    outputs = result.scenario.outputs
    if not outputs.documents and outputs.template is None:
        return
    with tempfile.TemporaryDirectory() as scratch:
        pictures = small_pictures((folder / "maps", folder / "charts"), small or Path(scratch))
        context = document_context(result, pictures, sheets)
        if set(outputs.documents) - {PLAN} or outputs.template is not None:
            (folder / FOLDER).mkdir()
        for name in dict.fromkeys(outputs.documents):
            place = folder if name == PLAN else folder / FOLDER
            write_paper(PAPERS[name](context), place / f"{name}.docx", context.author, context.edition)
        if outputs.template is not None:
            # Loaded only where a template is to be filled.
            from simulator.outputs.word.template_fill import fill_template

            fill_template(outputs.template, context, folder / FOLDER / outputs.template.name)
