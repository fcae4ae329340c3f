"""The chapter about closings: who closes, where pupils go, what the procedure still asks for, what becomes of buildings."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.language import plural
from simulator.language import translate as _
from simulator.outputs.word.blocks import Block, Grid, Kind, Text, see, texts
from simulator.outputs.word.context import Context
from simulator.outputs.word.context_plan import Sheet
from simulator.outputs.word.grids import closure_grid, grid_of
from simulator.outputs.word.picture_blocks import pictures
from simulator.outputs.word.sentences import closure_sentence

_CODES = frozenset({"section_id", "unit_id"})


def closing_blocks(context: Context) -> Iterator[Block]:
    """Closings with their tables and maps; nothing where no school closes or stays because of a veto."""
    procedure, conditions, opinions = (_sheet(context, column) for column in ("outcome", "beds_short", "adopted"))
    if not context.closures and procedure is None:
        return
    yield from texts(*(closure_sentence(closure) for closure in context.closures), kind=Kind.ITEM)
    yield from _said(closure_grid(context), _("撤并学校及学生去向见{table}。"))
    yield from pictures(context, "moves")
    told = (
        (_("各校的理由、意见、否决情形、程序和校舍用途见{table}。"), _grid(context, procedure)),
        (_("通学、食宿和接收学校的条件见{table}。"), _grid(context, conditions)),
        (_("意见及采纳情况见{table}。"), _grid(context, opinions)),
    )
    found = [(words, grid) for words, grid in told if grid is not None]
    sentences = [] if procedure is None else list(_procedure_words(procedure))
    sentences += [words.format(table=see(grid.key)) for words, grid in found]
    yield from texts("".join(sentences))
    # Wide tables stand together, so that the page turns once.
    yield from sorted((grid for _words, grid in found), key=lambda grid: grid.is_wide)


def _sheet(context: Context, column: str) -> Sheet | None:
    """The sheet of T22 that has a column; which of them there are depends on the run."""
    own = (sheet for number, sheet in context.tables.items() if number.split("_")[0] == "T22")
    return next((sheet for sheet in own if column in sheet.names), None)


def _grid(context: Context, sheet: Sheet | None) -> Grid | None:
    return None if sheet is None else grid_of(context, sheet, _CODES)


def _said(grid: Grid | None, words: str) -> Iterator[Block]:
    if grid is not None:
        yield Text(words.format(table=see(grid.key)))
        yield grid


def _procedure_words(sheet: Sheet) -> Iterator[str]:
    """How many procedures are not finished, and how many schools stay because of what people said."""
    outcomes = [row[sheet.names.index("outcome")] for row in sheet.rows]
    closing, vetoed, kept = (
        outcomes.count(words) for words in (_("撤并"), _("保留（有否决意见）"), _("保留（应留必留）"))
    )
    waiting = sum(bool(row[sheet.names.index("missing")]) for row in sheet.rows) if "missing" in sheet.names else 0
    if waiting:
        yield plural("{count} 个学部的撤并程序尚未走完，走完前不得撤并。", waiting).format(count=waiting)
    elif closing:
        yield _("撤并程序均已走完。")
    if vetoed:
        yield plural("因否决意见保留 {count} 个学部。", vetoed).format(count=vetoed)
    if kept:
        yield plural("列为应留必留的有 {count} 个学部。", kept).format(count=kept)
