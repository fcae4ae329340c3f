"""Sheets → plan.xlsx: styled, frozen, filtered, set up for print, never a formula from data."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xlsxwriter

from simulator.language import translate as _
from simulator.outputs import stamp
from simulator.outputs.edition import edition_line, is_public
from simulator.outputs.edition.tables import published_sheet, towns_of
from simulator.outputs.offices import author_name
from simulator.outputs.titles import headline, stamped, stamped_title
from simulator.outputs.widths import text_width
from simulator.outputs.workbook.annex import annex_sheets
from simulator.outputs.workbook.balance import balance_sheets
from simulator.outputs.workbook.capital import capital_sheets
from simulator.outputs.workbook.chart import insert_chart
from simulator.outputs.workbook.colours import PALETTE, colour, colour_lines
from simulator.outputs.workbook.consolidation import consolidation_sheets
from simulator.outputs.workbook.demand import demand_sheets
from simulator.outputs.workbook.editing import editing_sheets
from simulator.outputs.workbook.evaluation import evaluation_sheets
from simulator.outputs.workbook.finance import finance_sheets
from simulator.outputs.workbook.fitting import (
    column_width,
    figure_format,
    lines_of,
    set_heights,
    text_height,
    text_of,
)
from simulator.outputs.workbook.gaps import gap_sheets
from simulator.outputs.workbook.land import land_sheets
from simulator.outputs.workbook.money import money_sheets
from simulator.outputs.workbook.network import network_sheets
from simulator.outputs.workbook.present import present_sheets
from simulator.outputs.workbook.reach import reach_sheets
from simulator.outputs.workbook.sheet import Column, Cover, Format, Sheet
from simulator.outputs.workbook.staff import staff_sheets
from simulator.outputs.workbook.tasks import task_sheets
from simulator.outputs.workbook.warnings import warning_sheets
from simulator.result import Result

_HEADER_ROW = 2
_NUMBER_FORMATS = {
    Format.TEXT: "@",
    Format.WHOLE: "0",
    Format.YEAR: "0",
    Format.TENTH: "0.0",
    Format.HUNDREDTH: "0.00",
    Format.SHARE: "0.0%",
    Format.FIGURE: "0.000",
}
_EDITED = "edited"
"""Style of cells that a planner may change."""
_A4, _A3, _WIDEST_A4 = 9, 8, 150.0
# Width of a letter of a title in letters of a cell.
_TITLE_SIZE = 1.6
_FONT, _HEAD_FONT = "仿宋", "黑体"


def plan_sheets(result: Result) -> list[Sheet]:
    """Every sheet of the workbook, in the order of the table list of a plan draft."""
    sheets = [
        *present_sheets(result),
        *demand_sheets(result),
        *balance_sheets(result),
        *evaluation_sheets(result),
        *gap_sheets(result),
        *reach_sheets(result),
        *warning_sheets(result),
        *network_sheets(result),
        *money_sheets(result),
        *finance_sheets(result),
        *capital_sheets(result),
        *staff_sheets(result),
        *land_sheets(result),
        *task_sheets(result),
        *consolidation_sheets(result),
        *editing_sheets(result),
        *annex_sheets(result),
    ]
    if is_public(result):
        towns = towns_of(result)
        sheets = [published_sheet(sheet, towns) for sheet in sheets if len(sheet.rows) or not _of_schools(sheet)]
    return [tidied(sheet) for sheet in sorted(sheets, key=_place)]


def _of_schools(sheet: Sheet) -> bool:
    """Whether each row is about a school: without rows, the edition does not tell of single schools."""
    return sheet.columns[0].name == "school"


def _place(sheet: Sheet) -> float:
    """Numbered tables by number, the charts behind the table that they draw, the annex last."""
    number = re.match(r"T(\d+) ", sheet.name)
    if number:
        return float(number.group(1))
    return sheet.place


def tidied(sheet: Sheet) -> Sheet:
    """The sheet without text columns in which nothing stands; columns to be filled in by hand stay."""
    if len(sheet.rows) == 0:
        return sheet
    by_hand = _("（待填）")
    kept = tuple(
        column
        for column in sheet.columns
        if column.format is not Format.TEXT
        or by_hand in column.title
        or column.is_editable
        or any(text_of(cell) for cell in sheet.rows[column.name])
    )
    return replace(sheet, columns=kept)


def write_workbook(result: Result, path: Path) -> list[Sheet]:
    """Write plan.xlsx; returns its sheets, those of :func:`plan_sheets`."""
    sheets = plan_sheets(result)
    write_sheets(result, sheets, path)
    return sheets


def write_sheets(result: Result, sheets: list[Sheet], path: Path) -> None:
    """Write sheets of a run as a workbook: see :func:`write_book`."""
    outputs = result.scenario.outputs
    cover = Cover(
        title=stamped_title(result, result.scenario.title),
        author=author_name(result),
        invented=result.district.invented,
        internal=outputs.edition == "internal",
        lines=colour_lines(result.standards),
        map_number=outputs.map_number,
    )
    write_book(cover, sheets, path)


def write_book(cover: Cover, sheets: list[Sheet], path: Path) -> None:
    """Write sheets as a workbook with a page of contents.

    Parameters
    ----------
    cover
        Title, author, stamp and edition.
    sheets
        In order.
    path
        The file; its date is that of :func:`simulator.outputs.stamp.created`.
    """
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties(
            {
                "title": cover.title,
                "author": cover.author,
                "created": stamp.created().replace(tzinfo=None),
            }
        )
        styles = _styles(book)
        _contents(book, sheets, cover.title, styles)
        for sheet in sheets:
            _write_sheet(book, sheet, cover, styles)


def _styles(book: Any) -> dict[str, Any]:  # noqa: ANN401  xlsxwriter has no types
    def style(**values: object) -> Any:  # noqa: ANN401  xlsxwriter has no types
        return book.add_format({"font_name": _FONT, "font_size": 10.5, "valign": "vcenter", **values})

    box = {"border": 1, "border_color": "#BFBFBF"}
    found = {
        "title": style(font_name=_HEAD_FONT, font_size=16, align="center"),
        "unit": style(align="right", font_color="#444444"),
        "head": style(font_name=_HEAD_FONT, bold=True, bg_color="#E4ECF4", align="center", text_wrap=True, **box),
        "note": style(text_wrap=True, font_color="#444444", valign="top"),
        "link": style(font_color="#0563C1", underline=1),
        **{name: book.add_format(look) for name, look in PALETTE.items()},
    }
    for kind, number in _NUMBER_FORMATS.items():
        align = "left" if kind is Format.TEXT else "center" if kind is Format.YEAR else "right"
        indent = 1 if kind is Format.TEXT else 0
        found[kind.value] = style(num_format=number, align=align, indent=indent, text_wrap=kind is Format.TEXT, **box)
    found[_EDITED] = style(num_format="General", align="left", indent=1, bg_color="#FFF8DC", **box)
    return found


def _contents(book: Any, sheets: list[Sheet], title: str, styles: dict[str, Any]) -> None:  # noqa: ANN401  xlsxwriter has no types
    page = book.add_worksheet(_("目录"))
    page.set_column(0, 0, 34)
    page.set_column(1, 1, 64)
    page.merge_range(0, 0, 0, 1, "", styles["title"])
    page.write_string(0, 0, title, styles["title"])
    page.write_string(2, 0, _("工作表"), styles["head"])
    page.write_string(2, 1, _("表名"), styles["head"])
    for row, sheet in enumerate((sheet for sheet in sheets if not sheet.hidden), start=3):
        page.write_url(row, 0, f"internal:'{sheet.name}'!A1", styles["link"], sheet.name)
        page.write_string(row, 1, sheet.title, styles["text"])
    page.set_landscape()
    page.set_paper(_A4)
    page.fit_to_pages(1, 0)


def _write_sheet(
    book: Any,  # noqa: ANN401  xlsxwriter has no types
    sheet: Sheet,
    cover: Cover,
    styles: dict[str, Any],
) -> None:
    page = book.add_worksheet(sheet.name)
    if sheet.hidden:
        page.hide()
    last = max(len(sheet.columns) - 1, 1)
    page.merge_range(0, 0, 0, last, "", styles["title"])
    page.write_string(0, 0, stamped(sheet.title, invented=cover.invented), styles["title"])
    page.write_string(1, last, sheet.unit, styles["unit"])
    page.set_row(0, 28)
    units = sheet.rows["unit"].tolist() if "unit" in sheet.rows else []
    widths = []
    # Headers of what is read again stay as they are.
    is_read = sheet.hidden or any(column.is_editable for column in sheet.columns)
    for number, column in enumerate(sheet.columns):
        page.write_string(_HEADER_ROW, number, column.title if is_read else headline(column.title), styles["head"])
        cells = sheet.rows[column.name].tolist()
        _write_cells(page, number, column, cells, units, styles)
        widths.append(column_width(column, cells))
        colour(page, number, column, len(cells), styles, cover.lines)
        if column.choices and cells:
            offered = {"validate": "list", "source": column.choices, "error_type": "warning"}
            page.data_validation(_HEADER_ROW + 1, number, _HEADER_ROW + len(cells), number, offered)
    # The title stands over the table; a narrow table's last column is as wide as the title still needs.
    widths[-1] += max(0.0, _TITLE_SIZE * text_width(stamped(sheet.title, invented=cover.invented)) - sum(widths))
    for number, width in enumerate(widths):
        page.set_column(number, number, width)
    set_heights(page, sheet, widths, _HEADER_ROW)
    end = _HEADER_ROW + len(sheet.rows)
    if sheet.note:
        page.merge_range(end + 1, 0, end + 1, last, "", styles["note"])
        page.write_string(end + 1, 0, sheet.note, styles["note"])
        page.set_row(end + 1, text_height(lines_of(sheet.note, sum(widths))))
    _print_setup(page, sheet, end, cover, wide=sum(widths) > _WIDEST_A4)
    if sheet.chart and len(sheet.rows):
        insert_chart(book, page, sheet, sheet.chart)


def _write_cells(
    page: Any,  # noqa: ANN401  xlsxwriter has no types
    number: int,
    column: Column,
    cells: list[Any],
    units: list[str],
    styles: dict[str, Any],
) -> None:
    """Write a column; a FIGURE gets the digits that it needs, a share as percent."""
    style, share = styles[_EDITED if column.is_editable else column.format.value], _("比例")
    for row, cell in enumerate(cells, start=_HEADER_ROW + 1):
        if column.format is Format.FIGURE:
            unit = units[row - _HEADER_ROW - 1] if units else ""
            style = styles[figure_format(cell, is_share=unit == share).value]
        if cell is None or cell is pd.NaT or (isinstance(cell, float) and not np.isfinite(cell)):
            page.write_blank(row, number, None, style)
        elif column.format is not Format.TEXT and isinstance(cell, str):
            page.write_string(row, number, cell, styles[Format.TEXT.value])
        elif column.format is Format.TEXT:
            # Always as text: a name that starts with = + - @ must not become a formula.
            page.write_string(row, number, str(cell), style)
        else:
            page.write_number(row, number, float(cell), style)


def _print_setup(page: Any, sheet: Sheet, end: int, cover: Cover, *, wide: bool) -> None:  # noqa: ANN401  xlsxwriter has no types
    """Landscape, one page wide, headers on every page; a wide table on A3, so that it can be read."""
    page.freeze_panes(_HEADER_ROW + 1, min(2, len(sheet.columns) - 1))
    if len(sheet.rows):
        page.autofilter(_HEADER_ROW, 0, end, len(sheet.columns) - 1)
    page.set_landscape()
    page.set_paper(_A3 if wide else _A4)
    # A chart stands whole under its table, on the same page.
    page.fit_to_pages(1, 1 if sheet.chart else 0)
    page.repeat_rows(_HEADER_ROW)
    page.set_margins(left=0.6, right=0.6, top=0.7, bottom=0.7)
    edition = edition_line(cover.map_number, internal=cover.internal)
    page.set_footer(_("&L{edition}&C第 &P 页 共 &N 页&R{author}").format(
        edition=edition, author=cover.author.replace("&", "&&")
    ))  # fmt: skip
