"""plan.docx: cover, contents, 规划文本, 说明书, 附表."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from simulator.language import translate as _
from simulator.outputs.word.blocks import Block, Contents, Heading, Kind, Listing, NewPage, Paper, Text
from simulator.outputs.word.context import Context
from simulator.outputs.word.grids import sheet_grid, task_grid
from simulator.outputs.word.plan_notes import plan_notes
from simulator.outputs.word.plan_text import plan_articles
from simulator.terms import Network, Stage

_ANNEX = ("T1", "T10", "T11", "T12", "T13", "T15", "T17", "T19", "T23", "T24")
"""Tables of the workbook that a plan draft hands in on paper; the others are long and stay there."""
_CODES = {
    "section_id",
    "unit_id",
    "site_id",
    "regime_name",
    "grades",
    "decided",
    "kept",
    "module",
    "parcel_id",
    "reason",
}
_PARTS = {f"running_{stage}_wan_{network}" for stage in Stage for network in Network}
_LEFT_OUT = frozenset(_CODES | _PARTS)
"""Columns of codes, flags and parts of sums that paper does without."""
_COVER_LINES = 7


def plan_paper(context: Context) -> Paper:
    """The plan draft."""
    blocks = (
        *_cover(context),
        NewPage(),
        Contents(_("目录"), Listing.HEADINGS),
        Contents(_("表目录"), Listing.TABLES),
        *((Contents(_("图目录"), Listing.FIGURES),) if context.pictures else ()),
        Heading(_("规划文本"), 1, new_page=True),
        *plan_articles(context),
        Heading(_("说明书"), 1, new_page=True),
        *plan_notes(context),
        Heading(_("附表"), 1, new_page=True, is_wide=True),
        Text(_("附表与 plan.xlsx 同一来源；篇幅较长的各表只印前一部分，全表见 plan.xlsx。"), is_wide=True),
        *_annex(context),
    )
    return Paper("plan", context.title, blocks, is_official=False)


def _cover(context: Context) -> Iterator[Block]:
    yield from (Text("", Kind.CENTRED) for _line in range(_COVER_LINES))
    yield Text(context.title, Kind.TITLE)
    yield Text(_("（{first}—{last}年）").format(first=context.first_year, last=context.target_year), Kind.SUBTITLE)
    yield Text(_("规划文本　说明书　附表"), Kind.SUBTITLE)
    yield from (Text("", Kind.CENTRED) for _line in range(_COVER_LINES))
    yield Text(context.author, Kind.CENTRED)
    yield Text(context.date, Kind.CENTRED)
    if context.edition:
        yield Text(_("〔{words}〕").format(words=context.edition), Kind.CENTRED)
    if context.demo:
        yield Text(_("〔演示：{words}〕").format(words=context.qualifications[0]), Kind.CENTRED)


def _annex(context: Context) -> Iterator[Block]:
    for number in _ANNEX:
        key = f"annex_{number}"
        # Measures are sentences that stand whole, not cells cut to fit.
        grid = task_grid(context, key) if number == "T19" else sheet_grid(context, number, _LEFT_OUT)
        if grid is not None:
            yield replace(grid, key=key, is_wide=True)
