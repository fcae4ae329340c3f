"""学位预警: every stage of every place year by year, with sign, number and colour."""

from __future__ import annotations

import pandas as pd

from simulator.indicators.asking import ENTRY
from simulator.indicators.warnings import KEY
from simulator.language import translate as _
from simulator.outputs.titles import section_names, stage_names, stage_order
from simulator.outputs.warnings import cell_words, measure_words, sign_legend
from simulator.outputs.workbook.sheet import Colour, Column, Format, Sheet, numbers, texts
from simulator.result import Result
from simulator.terms import AlertScope, Network, label

# Before T10, after the sheets that belong to T9.
_PLACE = 9.7


def warning_sheets(result: Result) -> list[Sheet]:
    """The sheet of warnings, where they were worked out."""
    return [_warnings(result)] if len(result.alerts.warnings) else []


def _warnings(result: Result) -> Sheet:
    table = result.alerts.warnings
    shown = [
        cell_words(str(level), float(short), float(spare))
        for level, short, spare in table[["level", "short", "spare"]].itertuples(index=False)
    ]
    years = sorted({int(year) for year in table["year"]})
    wide = table.assign(shown=shown).pivot_table(index=KEY, columns="year", values="shown", aggfunc="first")
    wide = wide.reindex(columns=years).astype(object).fillna("").rename(columns={year: f"y{year}" for year in years})
    rows = result.alerts.peaks.merge(wide.reset_index(), on=KEY)
    rows = _named(rows, result)
    columns = (
        *texts(("scope_name", _("范围")), ("place_name", _("对象")), ("stage_name", _("学段"))),
        *texts(("measure_name", _("口径")), ("network_name", _("方案"))),
        *numbers(Format.WHOLE, ("base", _("基准年\n人数"))),
        *numbers(Format.YEAR, ("peak_year", _("峰值年"))),
        *numbers(Format.WHOLE, ("peak", _("峰值"))),
        *numbers(Format.YEAR, ("short_year", _("首次\n不足")), ("short_until", _("不足\n至"))),
        *numbers(Format.YEAR, ("notice_year", _("预警\n年份")), ("empty_year", _("首次\n富余"))),
        *(Column(f"y{year}", str(year), Format.TEXT, Colour.ALERT) for year in years),
    )
    note = sign_legend(round(result.standards.value("alert.lead_years")))
    return Sheet(_("学位预警"), _("学位预警表"), _("单位：人、个"), columns, rows, note, place=_PLACE)


def _named(rows: pd.DataFrame, result: Result) -> pd.DataFrame:
    """The rows in words: wide places first, both networks of a series below each other."""
    schools = section_names(result)
    scopes = [scope.value for scope in AlertScope]
    is_school = rows["scope"] == AlertScope.SCHOOL
    named = rows["place"].map(schools).where(is_school, rows["place"])
    words = rows.assign(
        scope_name=[label(AlertScope(scope)) for scope in rows["scope"]],
        place_name=named.where(rows["scope"] != AlertScope.DISTRICT, _("全区")),
        stage_name=rows["stage"].map(stage_names()),
        measure_name=[measure_words(str(measure)) for measure in rows["measure"]],
        network_name=[label(Network(network)) for network in rows["network"]],
        scope_order=rows["scope"].map(scopes.index),
        order=stage_order(rows["stage"]),
        measure_order=rows["measure"] != ENTRY,
        network_order=rows["network"] != Network.PLAN,
    )
    by = ["scope_order", "order", "place", "measure_order", "network_order"]
    return words.sort_values(by, kind="stable", ignore_index=True)
