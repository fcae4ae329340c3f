"""What a planner may change in plan.gpkg or plan.xlsx, and how it stood when the file was written.

A school is written `S001 白沙小学`: the code counts, the name is for the reader. A shared catchment lists its members
with `；` between them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from simulator.language import translate as _
from simulator.outputs.manifest import PROGRAM
from simulator.outputs.moves import CLOSING
from simulator.outputs.read_back_totals import total_figures
from simulator.outputs.titles import site_names
from simulator.result import Result
from simulator.terms import WHOLE_UNIT_REGIMES, Action, band_of

BETWEEN = "；"
KEEP, CLOSE, BUILD, EXTEND, FORBID = "keep", "close", "build", "extend", "forbid"
"""What may be asked of a section: the words of a scenario's decisions."""
CONVERTED = "converted"
"""Stands in a file where the plan converts rooms; nobody can ask for it there."""
BASELINE_COLUMNS = ["part", "item", "field", "value"]
# Parts of the baseline: facts of the file, titles of columns, phases, units, sections, sites, figures of the plan.
FILE, COLUMN, PHASE, UNIT, SECTION, SITE, FIGURE = "file", "column", "phase", "unit", "section", "site", "figure"
BASELINE = "school_planner"
"""Table or sheet that holds the baseline."""


@dataclass(frozen=True)
class ZoneColumn:
    """A column that names the school of every unit, for one band in one phase."""

    band: str
    phase: int
    title: str

    @property
    def name(self) -> str:
        """Name of the column in a file: `primary_1_3_p2`."""
        return f"{self.band}_p{self.phase}"


@dataclass(frozen=True)
class Editable:
    """The tables that a planner may change.

    Parameters
    ----------
    columns
        One a band with catchments and phase of the plan.
    zones
        Index unit_id; a column of schools a `columns`, empty where unserved.
    works
        Index section_id: stage, action (what is asked of the section), year (NaN without one), amount (classes of a new
        school, classrooms of an extension; NaN without one).
    schools
        Band → schools that may take a unit.
    sites
        Index site_id: label, x, y.
    """

    columns: tuple[ZoneColumn, ...]
    zones: pd.DataFrame
    works: pd.DataFrame
    schools: dict[str, tuple[str, ...]]
    sites: pd.DataFrame


def action_words() -> dict[str, str]:
    """What may be asked of a section → its word in the output language."""
    return {
        KEEP: _("保留"),
        CLOSE: _("撤并"),
        BUILD: _("新建"),
        EXTEND: _("改扩建"),
        FORBID: _("不变动"),
        CONVERTED: _("学段转换"),
    }


def work_columns() -> dict[str, str]:
    """Columns that a planner may change of a section → their titles."""
    return {"do": _("举措（可改）"), "do_year": _("生效年份（可改）"), "do_amount": _("班数、教室数（可改）")}


def zone_columns(phases: pd.DataFrame, bands: list[str]) -> tuple[ZoneColumn, ...]:
    """The columns of schools, band by band, phase by phase; today is not the plan's to change."""
    rows = phases[phases["phase"] > 0].sort_values("phase")
    spans = list(rows[["phase", "first_year", "last_year"]].itertuples(index=False, name=None))
    return tuple(
        ZoneColumn(
            band, int(phase), _("{band} {first}—{last}年").format(band=band_of(band).title, first=first, last=last)
        )
        for band in bands
        for phase, first, last in spans
    )


def editable(result: Result) -> Editable:
    """Take from a run what a planner may change.

    Parameters
    ----------
    result
        A finished run.
    """
    supply, plan = result.supply, result.plan
    bands = [band.band_id for band in supply.bands if band.band_id in set(result.catchments.table["band"])]
    columns = zone_columns(plan.phases, bands)
    names = site_names(result)
    labels = pd.Series([f"{site} {name}" for site, name in names.items()], index=names.index, dtype=str)
    sections = supply.sections
    whole = sections[sections["regime"].isin(WHOLE_UNIT_REGIMES)]
    rows = plan.catchments[plan.catchments["section_id"].isin(whole.index)].sort_values("section_id", kind="stable")
    rows = rows.assign(school=rows["section_id"].map(sections["site_id"]).map(labels))
    written = rows.groupby(["unit_id", "band", "phase"])["school"].agg(BETWEEN.join)
    units = pd.Index(result.district.units["unit_id"].astype(str), name="unit_id")
    zones = {
        column.name: [str(written.get((unit, column.band, column.phase), "")) for unit in units] for column in columns
    }
    schools = {
        band: tuple(
            str(labels[site])
            for section, site in whole["site_id"].items()
            if supply.covers(str(section), band_of(band))
        )
        for band in bands
    }
    return Editable(
        columns=columns,
        zones=pd.DataFrame(zones, index=units),
        works=_works(result),
        schools=schools,
        sites=supply.sites[["x", "y"]].assign(label=labels),
    )


def _works(result: Result) -> pd.DataFrame:
    """What the plan does at each section, as one decision with its year and amount."""
    sections, actions = result.supply.sections, result.plan.actions
    rows: list[tuple[str, str, float, float]] = []
    for section, existing in sections["existing"].astype(bool).items():
        own = actions[(actions["section_id"] == section) & (actions["action"] != Action.KEEP)].sort_values("year")
        rows.append((str(section), *_decision(own, existing=existing)))
    works = pd.DataFrame(rows, columns=["section_id", "action", "year", "amount"]).set_index("section_id")
    return works.join(sections["stage"])


def _decision(own: pd.DataFrame, *, existing: bool) -> tuple[str, float, float]:
    """The gravest of the actions of one section: action, year, amount."""
    ranks = (
        ([action.value for action in CLOSING], CLOSE),
        ([Action.NEW_BUILD.value], BUILD),
        ([Action.EXTENSION.value], EXTEND),
        ([Action.CONVERSION.value], CONVERTED),
    )
    for actions, word in ranks:
        rows = own[own["action"].isin(actions)]
        if len(rows):
            amount = float(rows["classes"].sum()) if word in {BUILD, EXTEND} else np.nan
            return word, float(rows["year"].iloc[0]), amount
    return KEEP if existing else FORBID, np.nan, np.nan


def key_columns() -> dict[str, str]:
    """Columns that name a row → their titles."""
    return {"unit_id": _("单元编号"), "section_id": _("学部编号")}


def zone_title(column: ZoneColumn) -> str:
    """Title of a column of schools in a file."""
    return _("{column} 学校（可改）").format(column=column.title)


def baseline(result: Result, tables: Editable, units: str, works: str) -> pd.DataFrame:
    """How everything stood when the file was written, one value a row, so that edits can be told from the plan.

    Parameters
    ----------
    result
        The run.
    tables
        What may be changed of it.
    units, works
        Layer or sheet in which units and sections stand.

    Returns
    -------
    DataFrame
        part, item, field, value: all text.
    """
    plan = result.plan
    rows: list[tuple[str, str, str, str]] = [
        (FILE, "program", "", PROGRAM),
        (FILE, "district", "", result.district.name),
        (FILE, "crs", "", result.district.crs),
        (FILE, "units", "", units),
        (FILE, "works", "", works),
    ]
    titles = key_columns() | work_columns() | {column.name: zone_title(column) for column in tables.columns}
    rows += [(COLUMN, name, "", title) for name, title in titles.items()]
    for phase, first, last in plan.phases[["phase", "first_year", "last_year"]].itertuples(index=False):
        rows += [(PHASE, str(phase), "first_year", str(first)), (PHASE, str(phase), "last_year", str(last))]
    shapes = result.district.units.geometry
    measured = zip(tables.zones.index, shapes.area, shapes.centroid.x, shapes.centroid.y, strict=True)
    for unit, size, x, y in measured:
        rows += [(UNIT, unit, "area", f"{size:.1f}"), (UNIT, unit, "x", f"{x:.1f}"), (UNIT, unit, "y", f"{y:.1f}")]
    for name in tables.zones:
        rows += [(UNIT, str(unit), str(name), str(school)) for unit, school in tables.zones[name].items()]
    for section, row in tables.works.iterrows():
        rows += [
            (SECTION, str(section), "do", str(row["action"])),
            (SECTION, str(section), "do_year", plain_number(row["year"])),
            (SECTION, str(section), "do_amount", plain_number(row["amount"])),
        ]
    for site, row in tables.sites.iterrows():
        values = (("label", str(row["label"])), ("x", f"{row['x']:.1f}"), ("y", f"{row['y']:.1f}"))
        rows += [(SITE, str(site), field, value) for field, value in values]
    figures = total_figures(plan, result.indicators, result.audit.findings, result.supply.sections, result.scenario)
    rows += [(FIGURE, name, "", repr(float(value))) for name, value in figures.items()]
    return pd.DataFrame(rows, columns=BASELINE_COLUMNS, dtype=str)


def plain_number(value: float) -> str:
    """A whole number as text, empty where there is none.

    >>> plain_number(24.0), plain_number(float("nan"))
    ('24', '')
    """
    return "" if value != value else f"{value:.0f}"
