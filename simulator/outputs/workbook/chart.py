"""Native charts of the workbook, drawn by Excel from the cells of their sheet."""

from __future__ import annotations

from typing import Any

from simulator.outputs.workbook.sheet import FIRST_ROW, Chart, Line, Sheet

_GRID = {"visible": True, "line": {"color": "#DDDDDD"}}
_SIZE = {"width": 760, "height": 380}
# The note of a sheet stands in the first row below its table.
_ROWS_BELOW = 3


def insert_chart(book: Any, page: Any, sheet: Sheet, chart: Chart) -> None:  # noqa: ANN401  xlsxwriter has no types
    """Put the chart of a sheet below its table, so that both are printed on one page."""
    names = [column.name for column in sheet.columns]
    first, end = FIRST_ROW, FIRST_ROW + len(sheet.rows) - 1
    places = [names.index(name) for name in chart.categories]
    drawn = book.add_chart({"type": chart.kind})
    for line in chart.lines:
        place = names.index(line.column)
        drawn.add_series(
            {
                "name": [sheet.name, FIRST_ROW - 1, place],
                "categories": [sheet.name, first, min(places), end, max(places)],
                "values": [sheet.name, first, place, end, place],
                **_look(chart, line),
            }
        )
    drawn.set_title({"name": sheet.title, "name_font": {"size": 12}})
    drawn.set_y_axis({"name": chart.unit, "min": 0, "major_gridlines": _GRID})
    drawn.set_legend({"position": "bottom"})
    drawn.set_size(_SIZE)
    page.insert_chart(end + _ROWS_BELOW, 0, drawn)


def _look(chart: Chart, line: Line) -> dict[str, object]:
    """Lines are told apart by their dashes, columns by pattern, so that a grey print shows them too."""
    if chart.kind == "line":
        dash = {"dash_type": "dash"} if line.dashed else {}
        return {"line": {"color": line.colour, "width": 2.25, **dash}}
    if line.dashed:
        return {"pattern": {"pattern": "wide_upward_diagonal", "fg_color": line.colour, "bg_color": "#FFFFFF"}}
    return {"fill": {"color": line.colour}}
