"""A monitoring → its folder: workbook, Word section, manifest."""

from __future__ import annotations

from pathlib import Path

from simulator.language import translate as _
from simulator.outputs.comparison.paper import grid_of
from simulator.outputs.manifest import NAME, sha256, sign_folder
from simulator.outputs.monitor.monitored import Monitored
from simulator.outputs.monitor.sentences import monitor_sections
from simulator.outputs.monitor.sheets import monitor_sheets
from simulator.outputs.placing import placed
from simulator.outputs.word.blocks import Block, Heading, Kind, Paper, Text
from simulator.outputs.word.writer import write_paper
from simulator.outputs.workbook.book import tidied, write_book
from simulator.outputs.workbook.colours import colour_lines
from simulator.outputs.workbook.sheet import Cover, Sheet

STEM = "monitor"
_FEW, _MOST_ROWS = 12, 60


def write_monitor(found: Monitored, folder: Path, *, force: bool = False) -> Path:
    """Write a monitoring: monitor.xlsx, monitor.docx, manifest.json.

    Parameters
    ----------
    found
        A plan held against a later year.
    folder
        Where; an older monitoring there is replaced at the very end.
    force
        Replace a folder in which files were changed since it was written.

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
    sheets = [tidied(sheet) for sheet in monitor_sheets(found)]
    outputs = found.stored.scenario.outputs
    lines = colour_lines(found.stored.standards)
    with placed(folder, force=force) as fresh:
        cover = Cover(found.title, outputs.author, found.invented, internal=True, lines=lines)
        write_book(cover, sheets, fresh / f"{STEM}.xlsx")
        edition = _("内部资料，未经审核不得公开")
        write_paper(monitor_paper(found, sheets), fresh / f"{STEM}.docx", outputs.author, edition)
        inputs = {f"{found.stored.folder.name}/{NAME}": sha256(found.stored.folder / NAME)}
        sign_folder(fresh, found.title, inputs | _data_hashes(found.data))
    return folder


def _data_hashes(data: Path) -> dict[str, str]:
    """Hash of every file of the later year's district."""
    files = [data] if data.is_file() else sorted(path for path in data.iterdir() if path.is_file())
    return {f"{data.name}/{path.name}": sha256(path) for path in files}


def monitor_paper(found: Monitored, sheets: list[Sheet]) -> Paper:
    """The section on carrying the plan out: each question with its sentences and tables."""
    tables = {
        _("项目完成情况"): (_("项目完成情况"),),
        _("学位承诺与落实"): (_("学位落实"),),
        _("问题销号"): (_("销号台账"),),
        _("指标滑坡与中期评估"): (_("中期评估"),),
        _("预测与实际"): (_("预测与实际"),),
    }
    by_name = {sheet.name: sheet for sheet in sheets}
    blocks: list[Block] = [Text(found.title, Kind.TITLE)]
    for title, lines in monitor_sections(found, _FEW):
        blocks.append(Heading(title, 2))
        blocks += [Text(line.removeprefix("- ")) for line in lines]
        blocks += [
            grid_of(by_name[name], f"sheet_{list(by_name).index(name)}", _MOST_ROWS, f"{STEM}.xlsx")
            for name in tables[title]
            if name in by_name
        ]
    return Paper(STEM, found.title, tuple(blocks), is_official=False)
