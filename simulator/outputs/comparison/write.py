"""A comparison → its folder: workbook, Word section, page, pictures, manifest."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from simulator.language import translate as _
from simulator.outputs.comparison.comparison import Comparison
from simulator.outputs.comparison.page import page_text
from simulator.outputs.comparison.paper import comparison_paper
from simulator.outputs.comparison.pictures import FOLDER, draw_all
from simulator.outputs.comparison.sheets import comparison_sheets
from simulator.outputs.manifest import NAME, sha256, sign_folder
from simulator.outputs.placing import placed
from simulator.outputs.word.writer import write_paper
from simulator.outputs.workbook.book import tidied, write_book
from simulator.outputs.workbook.colours import colour_lines
from simulator.outputs.workbook.sheet import Cover

STEM = "comparison"


def write_comparison(
    comparison: Comparison, folder: Path, *, force: bool = False, report: Callable[[str], None] = lambda _step: None
) -> Path:
    """Write a comparison: comparison.xlsx, comparison.docx, comparison.html, the pictures as PNG, manifest.json.

    Parameters
    ----------
    comparison
        Plans side by side.
    folder
        Where; an older comparison there is replaced at the very end.
    force
        Replace a folder in which files were changed since it was written.
    report
        Told of each step.

    Returns
    -------
    Path
        The folder, made absolute.

    Raises
    ------
    InputError
        The folder is none of this program's, was changed, or cannot be written.
    """
    folder = folder.absolute()
    sheets = [tidied(sheet) for sheet in comparison_sheets(comparison)]
    outputs = comparison.first.scenario.outputs
    edition = _("内部资料，未经审核不得公开")
    with placed(folder, force=force) as fresh, tempfile.TemporaryDirectory() as scratch:
        (fresh / FOLDER).mkdir()
        pictures = draw_all(comparison, fresh / FOLDER, report)
        report(_("工作簿"))
        lines = colour_lines(comparison.first.standards)
        cover = Cover(comparison.title, outputs.author, comparison.is_invented, internal=True, lines=lines)
        write_book(cover, sheets, fresh / f"{STEM}.xlsx")
        report(_("网页"))
        text = page_text(comparison, sheets, pictures, Path(scratch))
        (fresh / f"{STEM}.html").write_text(text, encoding="utf-8", newline="\n")
        report(_("文件"))
        small = [(drawing, Path(scratch) / path.name) for drawing, path in pictures]
        write_paper(comparison_paper(comparison, sheets, small), fresh / f"{STEM}.docx", outputs.author, edition)
        inputs = {f"{side.stored.folder.name}/{NAME}": sha256(side.stored.folder / NAME) for side in comparison.plans}
        sign_folder(fresh, comparison.title, inputs)
    return folder
