"""The stored tables and the sheets of the public edition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from simulator.language import translate as _
from simulator.outputs.edition.counts import shown_counts
from simulator.outputs.edition.suppress import held_back
from simulator.outputs.edition.words import is_public

if TYPE_CHECKING:
    from simulator.outputs.workbook.sheet import Sheet
    from simulator.result import Result

_FIGURE, _NORMS = "figure", frozenset({"norm", "value"})
PUBLISHED = (
    *("units", "sources", "standards", "standards_replaced", "standard_modules", "rules_checked"),
    *("population", "projection", "demand", "sites", "sections", "bands", "limits", "catchments_today"),
    *("plan_sections", "plan_catchments", "plan_actions", "plan_capital", "plan_phases"),
    *("operation_pupils", "operation_classes"),
    *("indicators_seats", "indicators_class_sizes", "indicators_coverage", "indicators_travel", "indicators_moved"),
    *("indicators_money", "indicators_schools", "indicators_transport"),
    *("board", "board_verdicts", "class_tails", "classes_needed", "facts"),
)
"""Tables that the public edition has; a table that is not named here stays in the house."""


def edition_tables(result: Result, tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The stored tables that an edition has: all of them, or those for the public with small numbers held back."""
    if not is_public(result):
        return tables
    towns = towns_of(result)
    return {name: held_back(tables[name], towns) for name in PUBLISHED if name in tables}


def towns_of(result: Result) -> dict[str, str]:
    """Unit or section → its township: tables by township are published beside those by unit and by school."""
    units, sections = result.district.units, result.supply.sections
    towns = sections["site_id"].map(result.supply.sites["township"]).astype(str)
    own = dict(zip(units["unit_id"].astype(str), units["township"].astype(str), strict=True))
    return own | dict(zip(sections.index.astype(str), towns, strict=True))


def published_sheet(sheet: Sheet, towns: Mapping[str, str]) -> Sheet:
    """A sheet with small numbers of people held back, and a note where there were any."""
    rows = _figures_held_back(sheet, held_back(sheet.rows, towns))
    if rows is sheet.rows:
        return sheet
    return replace(sheet, rows=rows, note=sheet.note + held_back_words())


def _figures_held_back(sheet: Sheet, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows without small figures of any kind whose unit is a person."""
    if "unit" not in rows:
        return rows
    of_people = rows["unit"].astype(str).str.startswith(_("人")).to_numpy(np.bool_)
    shown = {}
    for column in sheet.columns:
        if column.format == _FIGURE and column.name not in _NORMS:
            cells = pd.to_numeric(rows[column.name], errors="coerce").to_numpy(np.float64)
            kept = np.where(of_people, shown_counts(cells), cells)
            if np.isnan(kept).sum() > np.isnan(cells).sum():
                shown[column.name] = kept
    return rows.assign(**shown) if shown else rows


def held_back_words() -> str:
    """What an empty cell means in the public edition."""
    return _("不足5人的数字，以及据以可推算出它们的数字，不公布，留空。")
