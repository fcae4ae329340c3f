"""comparison.docx: the section on alternatives of a plan draft."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from simulator.language import translate as _
from simulator.outputs.comparison.comparison import Comparison
from simulator.outputs.comparison.pictures import DOTS, MAP, STREAM, Drawing
from simulator.outputs.comparison.sentences import affected_sentences, best_sentences, decision_sentences
from simulator.outputs.comparison.sheets import shortened
from simulator.outputs.word.blocks import Block, Grid, Heading, Kind, Paper, Picture, Text, texts
from simulator.outputs.word.collect_tables import sheet_fields
from simulator.outputs.workbook.sheet import Sheet

_MOST_ROWS, _MOST_COLUMNS = 40, 8
_WORKBOOK = "comparison.xlsx"


def comparison_paper(
    comparison: Comparison, sheets: Sequence[Sheet], pictures: Sequence[tuple[Drawing, Path]]
) -> Paper:
    """The section: which plans, what can be compared, figures, decisions, children, maps."""
    by_name = {sheet.name: sheet for sheet in sheets}
    blocks = (
        Text(comparison.title, Kind.TITLE),
        *_part(_("参加比选的方案"), (), by_name, (_("方案说明"),)),
        *_part(_("可比性"), comparison.notes, by_name, ()),
        *_part(_("主要指标"), best_sentences(comparison), by_name, (_("T18 情景比选"),)),
        *_pictures(pictures, DOTS),
        *_part(
            _("举措和招生范围的差别"),
            decision_sentences(comparison),
            by_name,
            (_("举措数"), _("举措差异"), _("招生范围差异")),
        ),
        *_pictures(pictures, MAP),
        *_part(_("受影响的学生"), affected_sentences(comparison), by_name, (_("影响学生"), _("影响学生分乡镇"))),
        *_pictures(pictures, STREAM),
    )
    return Paper("comparison", comparison.title, blocks, is_official=False)


def _part(title: str, sentences: Sequence[str], sheets: Mapping[str, Sheet], names: Sequence[str]) -> Iterator[Block]:
    """A heading with its sentences and tables; nothing where there is neither."""
    there = [sheets[name] for name in names if name in sheets]
    if not sentences and not there:
        return
    yield Heading(title, 2)
    yield from texts(*sentences)
    for sheet in there:
        yield grid_of(sheet, f"sheet_{list(sheets).index(sheet.name)}", _MOST_ROWS, _WORKBOOK)


def grid_of(sheet: Sheet, key: str, most: int, where: str) -> Grid:
    """A sheet as a table on paper: wide ones on landscape pages, long ones cut with a word on where the rest is."""
    fields = sheet_fields(sheet.name, shortened(sheet, most, where))
    return Grid(
        key=key,
        title=sheet.title,
        unit=sheet.unit,
        columns=fields.columns,
        rows=fields.rows,
        numeric=fields.numeric,
        note=fields.note,
        is_wide=len(fields.columns) > _MOST_COLUMNS,
    )


def _pictures(pictures: Sequence[tuple[Drawing, Path]], kind: str) -> Iterator[Block]:
    for drawing, path in pictures:
        if drawing.kind == kind:
            yield Picture(drawing.stem, drawing.caption, path, 148.0)
